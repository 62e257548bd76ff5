"""What a handler certainly loads: modules at its start, and imports there or where it runs a function."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.code.facts import MODULE, Block, Import, Member, Name, dotted, walk
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Activation
from lambdalint.project.model import LANGUAGES, Handler
from lambdalint.project.module_systems import Loaded, is_conditional

_SEARCH_PATH = frozenset(("sys.path.append", "sys.path.insert", "sys.path.extend", "site.addsitedir"))
_ADDING = frozenset(name.rpartition(".")[2] for name in _SEARCH_PATH)
_CATCHING = ("try", "except")
_VERSIONS = frozenset(("version_info", "hexversion", "version", "PY2", "PY3", "python_version_tuple"))
"""Names by which a condition asks for the version that runs."""


class Reached(Struct, frozen=True):
    """An import that fails a handler. ``function`` is whose call it fails; empty where it is at the handler's start."""

    loaded: Loaded
    function: str


def certain_modules(handler: Handler) -> tuple[ModuleIndex, ...]:
    """The modules that a handler loads at its start whatever happens, its own first."""
    found = {handler.module.path: handler.module}
    pending = [handler.module]
    language = LANGUAGES[handler.language]
    while pending:
        module = pending.pop(0)
        for imported in module.facts.imports:
            if imported.function != MODULE or imported.type_only or imported.guarded or imported.system == "dynamic":
                continue
            if is_conditional(module, imported):
                continue
            for target in language.modules(handler.run, module, imported):
                if target.path not in found and _is_found(handler, imported, target):
                    found[target.path] = target
                    pending.append(target)
    return tuple(found.values())


def _is_found(handler: Handler, imported: Import, target: ModuleIndex) -> bool:
    """Whether the runtime finds a module where it was found here: Python doesn't look beside the importing module."""
    if handler.language != "python" or imported.level:
        return True
    names = (imported.module, f"{imported.module}.{imported.symbol}")
    return any(handler.project.codebase.python_module(name, handler.roots) == target.path for name in names)


def reached_imports(handler: Handler) -> Iterator[Reached]:
    """The imports that a handler reaches and whose failure nothing catches, those at its start first."""
    modules = {module.path for module in handler.certain_modules}
    later: list[Reached] = []
    for loaded in handler.certain_imports:
        if loaded.module.path not in modules:
            continue
        if _is_at_start(loaded):
            yield Reached(loaded, "")
        elif _is_run(handler, loaded):
            later.append(Reached(loaded, loaded.module.definition(loaded.imported.function).name))
    yield from (item for item in later if item.function)


def _is_at_start(loaded: Loaded) -> bool:
    """Whether an import stands at the top of its module, or in the body of a class there."""
    function = loaded.imported.function
    while function != MODULE and loaded.module.definition(function).kind == "class":
        function = loaded.module.definition(function).parent
    return function == MODULE


def _is_run(handler: Handler, loaded: Loaded) -> bool:
    """Whether the function that an import stands in is called where nobody asks for a version or catches errors."""
    return any(
        activation.module is loaded.module
        and activation.index == loaded.imported.function
        and not activation.possible
        and not _is_caught(activation)
        for activation in handler.run.activations
    )


def _is_caught(activation: Activation | None) -> bool:
    while activation is not None and activation.caller is not None:
        site = activation.caller
        for block in site.module.blocks(site.call.block):
            if block.kind in _CATCHING or _asks_for_version(block):
                return True
        activation = site.activation
    return False


def _asks_for_version(block: Block) -> bool:
    return any(
        (isinstance(part, Member) and part.name in _VERSIONS) or (isinstance(part, Name) and part.id in _VERSIONS)
        for part in walk(block.test)
    )


def changes_search_path(handler: Handler) -> bool:
    """Whether a module of a handler changes where Python looks for modules."""
    return any(module.told(_changes_search_path) for module in handler.modules)


def _changes_search_path(module: ModuleIndex) -> bool:
    return any(
        isinstance(call.callee, Member) and call.callee.name in _ADDING and dotted(call.callee) in _SEARCH_PATH
        for call in module.facts.calls
    )
