"""What Lambda's Node.js runtimes do with a function's modules.

Sources, read in November 2026: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (SDK, module options),
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html (callbacks),
https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (arity, loading of modules),
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1420 (inline code is ``index.js``).
"""

from __future__ import annotations

from lambdalint.regex import regex

FIRST_WITHOUT_SDK_V2 = 18
"""From this version on the runtime brings version 3 of the SDK for JavaScript only."""

FIRST_WITHOUT_CALLBACKS = 24
"""From this version on a handler with three parameters stops the function at its start; ``context.done`` is gone."""

LAST_WITHOUT_DETECTION = 24
"""Up to this version Lambda switches off that Node.js tells ES modules by their syntax."""

CALLBACK_POSITION = 2
"""The handler's parameter that is the callback."""

ENDING_METHODS = frozenset(("done", "succeed", "fail"))
"""Methods of the context that end an invocation as callbacks do."""

CHANGES_LOADING = regex(
    r"detect-module|require-module|default-type|strip-types|transform-types|--(experimental-)?loader\b|--import\b|--require\b"
    r"|(?<!\S)-r\b"
)
"""What in ``NODE_OPTIONS`` changes how modules are loaded."""

_VERSION = regex(r"nodejs(\d+)(?:\.x|\.\d+)?\Z")


def node_version(runtime: str) -> int | None:
    """The version of Node.js that a runtime is, or None if it is no such runtime."""
    match = _VERSION.match(runtime)
    return int(match.group(1)) if match else None


BUILTIN = frozenset(
    (
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string_decoder",
        "sys",
        "timers",
        "tls",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker_threads",
        "zlib",
    )
)
"""Node.js' own modules, by their first part (https://nodejs.org/api/); others of its own begin with ``node:``."""

INLINE_MODULES = frozenset(("cfn-response",))
"""Modules that code given inline in a template may load as well."""
