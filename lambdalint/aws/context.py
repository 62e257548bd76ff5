"""The context object that a handler is called with: what it has, by language.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html and nodejs-context.html (2026-08), and the
runtime clients themselves: ``lambda_context.py`` of awslambdaric 4.2.2 and ``index.mjs`` of aws-lambda-ric 4.0.2, read
in November 2026. Both keep a few names beside the documented ones (``log``, ``w3c``, ``xRayTraceId``).
"""

from __future__ import annotations

from collections.abc import Mapping

from lambdalint.spelling import close_matches

METHODS: Mapping[str, frozenset[str]] = {
    "python": frozenset(("get_remaining_time_in_millis", "log", "w3c")),
    "javascript": frozenset(("getRemainingTimeInMillis", "done", "fail", "succeed")),
}
"""Its methods. Those of Node.js that end an invocation are there up to nodejs22.x."""

_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "python": frozenset(
        (
            "aws_request_id",
            "client_context",
            "function_name",
            "function_version",
            "identity",
            "invoked_function_arn",
            "log_group_name",
            "log_stream_name",
            "memory_limit_in_mb",
            "tenant_id",
        )
    ),
    "javascript": frozenset(
        (
            "awsRequestId",
            "callbackWaitsForEmptyEventLoop",
            "clientContext",
            "functionName",
            "functionVersion",
            "identity",
            "invokedFunctionArn",
            "logGroupName",
            "logStreamName",
            "memoryLimitInMB",
            "tenantId",
            "xRayTraceId",
        )
    ),
}

NAMES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "python": {
        "": _ATTRIBUTES["python"] | METHODS["python"],
        "identity": frozenset(("cognito_identity_id", "cognito_identity_pool_id")),
        "client_context": frozenset(("client", "custom", "env")),
        "client_context.client": frozenset(
            ("app_package_name", "app_title", "app_version_code", "app_version_name", "installation_id")
        ),
    },
    "javascript": {"": _ATTRIBUTES["javascript"] | METHODS["javascript"]},
}
"""What it has, and what its parts have, by the attribute that holds the part; parts that aren't here may have
anything."""

TYPES = frozenset(("Any", "Context", "LambdaContext", "object"))
"""Names of types that a context which nothing has changed is annotated with."""

_OTHER_WORDS: Mapping[str, str] = {
    "arn": "invokedfunctionarn",
    "functionarn": "invokedfunctionarn",
    "memorylimit": "memorylimitinmb",
    "memorysize": "memorylimitinmb",
    "remainingtime": "getremainingtimeinmillis",
    "getremainingtime": "getremainingtimeinmillis",
    "remainingtimeinmillis": "getremainingtimeinmillis",
    "logstream": "logstreamname",
    "loggroup": "loggroupname",
    "version": "functionversion",
    "invocationid": "awsrequestid",
    "requestid": "awsrequestid",
}
"""What some call it otherwise, in small letters alone."""

_LIKENESS = 0.85


def right_name(name: str, language: str, part: str = "") -> str:
    """The name that was meant by one which the context, or a part of it, does not have; nothing if that isn't clear."""
    known = {_plain(item): item for item in NAMES[language].get(part, ())}
    plain = _plain(name)
    same = known.get(plain) or (known.get(_OTHER_WORDS.get(plain, "")) if not part else None)
    if same is not None:
        return same
    close = close_matches(plain, sorted(known), 1, _LIKENESS)
    return known[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
