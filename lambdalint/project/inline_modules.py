"""Modules that only code given inline has, in the imports of other code."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.node import INLINE_MODULES
from lambdalint.aws.python_packages import INLINE
from lambdalint.project.loading import Reached, changes_search_path, reached_imports
from lambdalint.project.model import Function, Handler
from lambdalint.project.node_packages import ABSENT, DEVELOPMENT, WRITTEN_PLAINLY
from lambdalint.project.node_runtimes import loads_as_usual
from lambdalint.source import Span


class Lacking(Struct, frozen=True):
    """An import that nothing provides. ``when`` is the function whose call it fails; empty: it fails at the start."""

    function: Function
    name: str
    span: Span
    when: str


def lacking_inline_modules(handler: Handler) -> Iterator[Lacking]:
    """The modules that a handler would have if its code were given inline, each once."""
    names = INLINE if handler.language == "python" else INLINE_MODULES
    seen: set[str] = set()
    for reached in reached_imports(handler) if _mentions(handler, names) else ():
        name = reached.loaded.imported.module
        if name not in names or name in seen or reached.loaded.imported.level:
            continue
        lacks = _lacks_in_python if handler.language == "python" else _lacks_in_node
        function = next((item for item in handler.functions if lacks(handler, item, reached)), None)
        if function is not None:
            seen.add(name)
            yield Lacking(function, name, reached.loaded.span, reached.function)


def _mentions(handler: Handler, names: frozenset[str]) -> bool:
    return any(item.module in names for module in handler.modules for item in module.facts.imports)


def _lacks_in_python(handler: Handler, function: Function, reached: Reached) -> bool:
    name = reached.loaded.imported.module
    if function.languages != {"python"} or function.code.kind == "inline":
        return False
    if handler.project.codebase.has_python_module(name) or changes_search_path(handler):
        return False
    return not function.project.python_packages.may_bring(function, reached.loaded.module.facts.file, name)


def _lacks_in_node(handler: Handler, function: Function, reached: Reached) -> bool:
    path, name = reached.loaded.module.facts.file, reached.loaded.imported.module
    if function.languages != {"nodejs"} or function.code.kind == "inline" or not path.endswith(WRITTEN_PLAINLY):
        return False
    if not function.is_whole or not loads_as_usual(function):
        return False
    packages = function.project.node_packages
    state = packages.shipping(function, path, name, of_sdk=False)
    return state in (ABSENT, DEVELOPMENT) and not packages.is_built(function)
