"""Handler strings: what each runtime makes of ``Handler``.

Sources, as of 2026-11: the Lambda API model (pattern and length); ``awslambdaric`` 4.2.2 for Python (splits at the
last dot, turns ``/`` into ``.``, refuses modules built into the interpreter); ``aws-lambda-ric`` 3.3.0 for Node.js
(splits the last path component at its first dot, refuses ``..``); the Developer Guide's pages on handlers in Java, C#
and Ruby. Custom runtimes may put anything into it.
"""

from __future__ import annotations

import re

from msgspec import Struct

MAX_LENGTH = 128

INLINE_MODULE = "index"
"""The module that code given inline becomes: ``index.py`` or ``index.js``."""

INLINE_LANGUAGES = frozenset(("python", "nodejs"))
"""The languages whose code CloudFormation takes inline."""

WRAPPER_VARIABLE = "AWS_LAMBDA_EXEC_WRAPPER"
"""The variable that names a script which starts in the runtime's place, and may read ``Handler`` as it likes."""

EXAMPLES = {
    "python": "app.lambda_handler",
    "nodejs": "index.handler",
}

PYTHON_BUILT_IN = frozenset(
    ("atexit", "builtins", "errno", "faulthandler", "gc", "itertools", "marshal", "posix", "pwd", "sys", "time")
)
"""Modules compiled into every CPython that Lambda ships; a handler's module can't have their names."""


class Fault(Struct, frozen=True):
    """What is wrong with a handler string, and what was probably meant; ``instead`` is empty where it can't be told.

    ``reason`` goes on after "the handler `x` …".
    """

    reason: str
    instead: str = ""


def is_placeholder(handler: str) -> bool:
    """Whether another tool fills a handler string in before Lambda sees it: ``{{name}}``, ``%%NAME%%``, ``<name>``."""
    return re.search(r"[{}<>%@]|\$\(", handler) is not None


def handler_fault(language: str, handler: str) -> Fault | None:
    """Why a language's runtimes, or Lambda itself, can't take a handler string; None if they can."""
    if is_placeholder(handler):
        return None
    if not handler:
        return Fault("is empty", EXAMPLES.get(language, ""))
    if re.search(r"\s", handler):
        return Fault("contains white space, which Lambda rejects", re.sub(r"\s+", "", handler))
    if len(handler) > MAX_LENGTH:
        return Fault(f"has {len(handler)} characters; Lambda allows {MAX_LENGTH}")
    check = _CHECKS.get(language)
    return check(handler) if check is not None else None


def _python(handler: str) -> Fault | None:
    suffix = re.search(r"\.py(?![A-Za-z0-9_])", handler)
    if suffix is not None:
        rest = re.sub(r"^[.:/]+|\(\)$", "", handler[suffix.end() :])
        return Fault("names a file, with its suffix `.py`", f"{handler[: suffix.start()]}.{rest}" if rest else "")
    if ":" in handler:
        return Fault("has a colon; Python expects `module.function`", re.sub(r":+", ".", handler))
    module, dot, symbol = handler.rpartition(".")
    if not dot:
        return Fault("has no dot; Python expects `module.function`")
    if symbol.endswith("()"):
        return Fault("calls the function; Python expects its name", handler[:-2])
    if "/" in symbol:
        return Fault("has no dot after its last slash; Python expects `folder/module.function`")
    parts = re.split(r"[./]", module)
    if not all(parts) or not symbol:
        known = "/".join(part for part in parts if part)
        return Fault(
            "has an empty part; Python reads every slash as a dot, and imports no module of such a name",
            f"{known}.{symbol}" if known and symbol else "",
        )
    if not symbol.isidentifier():
        return Fault(f"ends with `{symbol}`, which is no Python name")
    if module.split(".")[0] in PYTHON_BUILT_IN:
        return Fault(f"names the module `{module}`, which is built into Python: rename the file")
    return None


def _nodejs(handler: str) -> Fault | None:
    folder, slash, base = handler.rpartition("/")
    if ".." in handler:
        return Fault("contains `..`, which the Node.js runtime refuses", re.sub(r"^(\.\./)+", "", handler))
    suffix = re.search(r"\.([cm]?[jt]s|[jt]sx)(?=\.|$)", base)
    if suffix is not None:
        rest = base[suffix.end() :] or ".handler"
        return Fault(f"names a file, with its suffix `{suffix[0]}`", f"{folder}{slash}{base[: suffix.start()]}{rest}")
    if "." not in base:
        meant = re.sub(r":+", ".", handler) if ":" in base.strip(":") else ""
        return Fault("has no dot; Node.js expects `file.export`", meant)
    if base.startswith(".") or base.endswith("."):
        return Fault("has an empty part; Node.js expects `file.export`")
    if base.endswith("()"):
        return Fault("calls the function; Node.js expects its name", handler[:-2])
    return None


def _java(handler: str) -> Fault | None:
    expected = "Java expects `package.Class::method` or `package.Class`"
    name, separator, method = handler.rpartition("::")
    if separator and not (name and method):
        return Fault(f"has an empty part; {expected}")
    if re.search(r"\.(java|class)(?=:|$)", handler):
        return Fault(f"names a file; {expected}", re.sub(r"\.(java|class)(?=:|$)", "", handler))
    if "/" in handler:
        return Fault(f"has a slash; {expected}", handler.replace("/", "."))
    if handler.endswith("()"):
        return Fault(f"calls the method; {expected}", handler[:-2])
    if ":" in name or (not separator and ":" in handler) or "#" in handler:
        return Fault(f"does not separate class and method by one `::`; {expected}", re.sub(r"[:#]+", "::", handler))
    return None


def _dotnet(handler: str) -> Fault | None:
    expected = ".NET expects `Assembly::Namespace.Class::Method`, or the name of an executable assembly"
    if ":" not in handler:
        return None
    parts = handler.split("::")
    if len(parts) < 3:
        return Fault(f"has {len(parts)} of three parts; {expected}")
    if not all(parts[:3]):
        return Fault(f"has an empty part; {expected}")
    return None


def _ruby(handler: str) -> Fault | None:
    expected = "Ruby expects `file.method` or `file.Module::Class.method`"
    if re.search(r"\.rb(?=\.|:|$)", handler):
        file, _, rest = handler.partition(".rb")
        rest = rest.lstrip(".:") or "handler"
        return Fault(f"names a file, with its suffix `.rb`; {expected}", f"{file}.{rest}")
    if "." not in handler:
        return Fault(f"has no dot; {expected}")
    if handler.startswith(".") or handler.endswith("."):
        return Fault(f"has an empty part; {expected}")
    return None


_CHECKS = {"python": _python, "nodejs": _nodejs, "java": _java, "dotnet": _dotnet, "ruby": _ruby}
