"""Syntax in a handler's modules that the versions which its functions run on can't parse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from lambdalint.aws import node_versions, python_versions
from lambdalint.aws.versions import Syntax, written
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.language_versions import LanguageVersion, language_versions
from lambdalint.project.model import Function, Handler
from lambdalint.project.node_packages import WRITTEN_PLAINLY
from lambdalint.project.node_runtimes import loads_as_usual
from lambdalint.source import Span

_TABLES: Mapping[str, tuple[str, Mapping[str, Syntax]]] = {
    "python": ("Python", python_versions.SYNTAX),
    "javascript": ("Node.js", node_versions.SYNTAX),
}
_PYTHON_3 = (3,)


class Newer(Struct, frozen=True):
    """Syntax that a function's runtime can't parse. ``runs`` is the lowest version that it may run on."""

    function: Function
    runs: LanguageVersion
    syntax: Syntax
    language: str
    span: Span

    @property
    def since(self) -> str:
        """The first version that parses it."""
        return written(self.syntax.since)


def newer_syntax(handler: Handler) -> Iterator[Newer]:
    """What stops functions of a handler at their start: each kind of syntax once a module."""
    if handler.language not in _TABLES or not handler.functions:
        return
    language, table = _TABLES[handler.language]
    if not _has_newer(handler, table):
        return
    for module in handler.certain_modules:
        for feature in module.facts.features:
            syntax = table.get(feature.name)
            function, runs = _lowest(handler, module, syntax) if syntax is not None else (None, None)
            if syntax is not None and function is not None and runs is not None:
                yield Newer(function, runs, syntax, language, module.at(feature.span))


def _has_newer(handler: Handler, table: Mapping[str, Syntax]) -> bool:
    """Whether any module of a handler has syntax that a function's runtime can't parse, loaded at its start or not."""
    names = {feature.name for module in handler.modules for feature in module.facts.features}
    needed = [table[name].since for name in names if name in table]
    known = [language_versions(function, handler.language) for function in handler.functions] if needed else []
    return any(versions and versions[-1].version < max(needed) for versions in known)


def _lowest(
    handler: Handler, module: ModuleIndex, syntax: Syntax
) -> tuple[Function, LanguageVersion] | tuple[None, None]:
    """The function on the lowest of the versions that can't parse some syntax in a module, and that version."""
    found: list[tuple[Function, LanguageVersion]] = []
    for function in handler.functions:
        versions = language_versions(function, handler.language)
        if not versions or versions[-1].version >= syntax.since or versions[0].version < _PYTHON_3:
            continue
        if _is_shipped_as_written(function, module):
            found.append((function, versions[0]))
    return min(found, key=lambda item: item[1].version, default=(None, None))


def _is_shipped_as_written(function: Function, module: ModuleIndex) -> bool:
    path = module.facts.file
    if function.has_wrapper or not function.is_whole:
        return False
    if module.facts.language == "python" or module.path != path:
        return True
    packages = function.project.node_packages
    if not path.endswith(WRITTEN_PLAINLY) or "node_modules" in path.split("/") or packages.home(function, path) is None:
        return False
    return loads_as_usual(function) and not packages.is_built(function)
