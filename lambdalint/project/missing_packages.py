"""Packages that a handler imports and that nothing brings: neither the function, nor its layers, nor the runtime."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.node import BUILTIN, FIRST_WITHOUT_SDK_V2, INLINE_MODULES
from lambdalint.aws.python_packages import INLINE
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.model import Function, Handler
from lambdalint.project.module_systems import Loaded
from lambdalint.project.node_packages import ABSENT, DEVELOPMENT, WRITTEN_PLAINLY
from lambdalint.project.node_runtimes import loads_as_usual, node_runtimes
from lambdalint.project.python_packages import ABSENT as NOT_SHIPPED
from lambdalint.project.python_packages import is_in_runtime
from lambdalint.regex import regex
from lambdalint.source import Span

_PACKAGE = regex(r"(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*\Z")
_OF_RUNTIME = ("@aws-sdk/", "@smithy/", "@aws/durable-execution-sdk")
_TYPES_ONLY = frozenset(("aws-lambda",))
"""Packages that hold types alone, though their name is that of a package that does not exist or is another."""


class Missing(Struct, frozen=True):
    """An import that nothing provides. ``package`` is its name, ``for_development``: it is installed for that alone.

    ``manifest`` is where it belongs, where there is such a file.
    """

    loaded: Loaded
    package: str
    function: Function
    for_development: bool
    manifest: Span | None


def missing_packages(handler: Handler) -> Iterator[Missing]:
    """The packages that a function of a handler lacks, each once."""
    seen: set[str] = set()
    for loaded in handler.certain_imports:
        package = _package(handler, loaded)
        if not package or package in seen:
            continue
        for function in handler.functions:
            found = (_python if handler.language == "python" else _node)(handler, function, loaded, package)
            if found is not None:
                seen.add(package)
                yield found
                break


def _package(handler: Handler, loaded: Loaded) -> str:
    """The name of the package that an import takes something from; empty where it may be the project's own."""
    name, module = loaded.imported.module, loaded.module
    codebase = handler.project.codebase
    if handler.language == "python":
        top = name.partition(".")[0]
        if loaded.imported.level or not top or is_in_runtime(top) or codebase.has_python_module(top):
            return ""
        if top in INLINE and not _is_inline(loaded):
            return ""  # LL114 tells of it
        return top
    if not name or name.startswith((".", "/", "#", "~", "node:")) or ":" in name:
        return ""
    steps = name.split("/")
    package = "/".join(steps[:2]) if name.startswith("@") else steps[0]
    if not _PACKAGE.match(package) or package in BUILTIN or package in _TYPES_ONLY:
        return ""
    if codebase.resolve_javascript(module, name, handler.roots) is not None:
        return ""
    if package in INLINE_MODULES and package != "aws-sdk" and not _is_inline(loaded):
        return ""  # LL114 tells of it
    return package


def _python(handler: Handler, function: Function, loaded: Loaded, package: str) -> Missing | None:
    if "python" not in function.languages or len(function.languages) != 1:
        return None
    packages = function.project.python_packages
    if packages.shipping(function, loaded.module.facts.file, package) != NOT_SHIPPED:
        return None
    nearest = packages.nearest(function)
    return Missing(loaded, package, function, False, nearest.span if nearest is not None else None)


def _node(handler: Handler, function: Function, loaded: Loaded, package: str) -> Missing | None:
    if not loads_as_usual(function) or function.languages != {"nodejs"} or not function.is_whole:
        return None
    versions = [item.version for item in node_runtimes(function) if item.is_set]
    if not versions or package == "aws-sdk":
        return None
    if package.startswith(_OF_RUNTIME) and max(versions) >= FIRST_WITHOUT_SDK_V2:
        return None
    packages = function.project.node_packages
    if function.code.kind == "inline":
        if package in INLINE_MODULES:
            return None
    elif packages.is_built(function) or _is_typed(loaded.module):
        return None
    path = loaded.module.facts.file
    state = packages.shipping(function, path, package, of_sdk=False)
    if state not in (ABSENT, DEVELOPMENT):
        return None
    manifest = next(packages.around(posixpath.dirname(path)), None) if function.code.kind != "inline" else None
    return Missing(loaded, package, function, state == DEVELOPMENT, manifest.span if manifest is not None else None)


def _is_inline(loaded: Loaded) -> bool:
    return loaded.module.path != loaded.module.facts.file


def _is_typed(module: ModuleIndex) -> bool:
    """Whether a compiler makes the module's code, so that what it loads in the end may be something else."""
    return not module.facts.file.endswith(WRITTEN_PLAINLY)
