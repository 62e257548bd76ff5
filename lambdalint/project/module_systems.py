"""Node.js modules that a handler loads: what they import, and syntax of the other module system in them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.node import LAST_WITHOUT_DETECTION
from lambdalint.code.facts import MODULE, Block, Export, Import, Other, walk
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.model import Function, Handler
from lambdalint.project.names import is_used
from lambdalint.project.node_packages import COMMONJS, ES, Manifest
from lambdalint.project.node_runtimes import loads_as_usual, node_runtimes
from lambdalint.source import Span

_TYPED = (".ts", ".tsx", ".mts", ".cts")
_BUNDLED = frozenset(("__commonJS", "__require", "__esm", "__toESM", "__toCommonJS", "__webpack_require__"))
"""Names that bundlers define for the module system of their own."""

_CONDITIONAL = ("then", "else", "case", "try", "except", "with", "loop", "main", "typing")


class Loaded(Struct, frozen=True):
    """An import of a package that a handler certainly loads."""

    module: ModuleIndex
    imported: Import

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.module.at(self.imported.span)


class Mismatch(Struct, frozen=True):
    """Syntax of one module system in a file that Node.js takes for one of the other.

    ``syntax`` is what stands at ``span``; ``system`` is what the file is taken for, because of ``manifest`` if there is
    one. ``left_out`` is a manifest outside of the function's code that says otherwise, but is not shipped.
    """

    span: Span
    syntax: str
    system: str
    module: ModuleIndex
    manifest: Manifest | None
    left_out: Manifest | None


def imports_of(handler: Handler, package: str) -> Iterator[Loaded]:
    """The imports of a package, or of its parts, that a handler loads whatever happens, and that nothing catches."""
    if handler.language != "javascript":
        return
    for loaded in handler.certain_imports:
        if loaded.imported.module == package or loaded.imported.module.startswith(f"{package}/"):
            yield loaded


def certain_imports(handler: Handler) -> Iterator[Loaded]:
    """What a handler imports whatever happens, and that nothing catches; in any language."""
    for module in _own(handler):
        for imported in module.facts.imports:
            if not imported.guarded and _is_loaded(handler, module, imported):
                yield Loaded(module, imported)


def mismatches(handler: Handler, function: Function) -> Iterator[Mismatch]:
    """The modules of a handler that Node.js can't load as part of a function: one place for each."""
    versions = [item.version for item in node_runtimes(function) if item.is_set]
    if handler.language != "javascript" or not versions or not loads_as_usual(function):
        return
    packages = function.project.node_packages
    for module in _own(handler):
        system, manifest = packages.system(function, module.path)
        if not system or not _BUNDLED.isdisjoint(module.definition(MODULE).locals):
            continue
        if system == COMMONJS and max(versions) > LAST_WITHOUT_DETECTION:
            continue
        found = _es_syntax(module) if system == COMMONJS else _commonjs_syntax(handler, module)
        if found is not None:
            if packages.is_built(function):
                return
            left_out = _left_out(function, module) if system == COMMONJS and manifest is None else None
            yield Mismatch(module.at(found[0]), found[1], system, module, manifest, left_out)


def _own(handler: Handler) -> Iterator[ModuleIndex]:
    """The project's modules that a handler loads, those of packages left out."""
    for module in handler.modules:
        if "node_modules" not in module.path.split("/") and module.facts.problem is None:
            yield module


def _is_loaded(handler: Handler, module: ModuleIndex, imported: Import) -> bool:
    if imported.type_only or not _is_reached(handler, module, imported.function):
        return False
    if imported.name and imported.system == "es" and module.path.endswith(_TYPED):
        if not is_used(module, imported.name):
            return False  # TypeScript leaves it out
    return not is_conditional(module, imported)


def _is_reached(handler: Handler, module: ModuleIndex, function: int) -> bool:
    if function == MODULE:
        return True
    return any(
        activation.module is module and activation.index == function and not activation.possible
        for activation in handler.run.activations
    )


def is_conditional(module: ModuleIndex, item: Import | Export) -> bool:
    """Whether something only happens under a condition, or where a failure is caught."""
    blocks = module.told(_conditional_blocks).get(item.function)
    return blocks is not None and any(
        (block.span.line, block.span.column) <= (item.span.line, item.span.column)
        and (item.span.end_line, item.span.end_column) <= (block.span.end_line, block.span.end_column)
        for block in blocks
    )


def _conditional_blocks(module: ModuleIndex) -> dict[int, list[Block]]:
    """The blocks of each function that don't run whatever happens."""
    found: dict[int, list[Block]] = {}
    for block in module.facts.blocks:
        if block.kind in _CONDITIONAL:
            found.setdefault(block.function, []).append(block)
    return found


def _es_syntax(module: ModuleIndex) -> tuple[Span, str] | None:
    """The first static import or export."""
    found = [(item.span, "import") for item in module.facts.imports if item.system == "es" and not item.type_only]
    found.extend((item.span, "export") for item in module.facts.exports if item.system == "es")
    return min(found, default=None)


def _commonjs_syntax(handler: Handler, module: ModuleIndex) -> tuple[Span, str] | None:
    """The first ``require`` or ``exports`` that is Node.js' own and is certainly reached."""
    found: list[tuple[Span, str]] = []
    systems = {*(item.system for item in module.facts.imports), *(item.system for item in module.facts.exports)}
    if "commonjs" not in systems:
        return None
    if not _is_bound(module, "require") and not _asks_for(module, "require"):
        found.extend(
            (item.span, "require")
            for item in module.facts.imports
            if item.system == "commonjs" and not item.guarded and _is_loaded(handler, module, item)
        )
    if not any(_is_bound(module, name) or _asks_for(module, name) for name in ("exports", "module")):
        found.extend(
            (item.span, "exports" if item.name else "module.exports")
            for item in module.facts.exports
            if item.system == "commonjs" and item.function == MODULE and not is_conditional(module, item)
        )
    return min(found, default=None)


def _is_bound(module: ModuleIndex, name: str) -> bool:
    """Whether a module has a variable or parameter of a name anywhere."""
    return any(name in definition.locals for definition in module.facts.definitions) or any(
        parameter.name == name for definition in module.facts.definitions for parameter in definition.parameters
    )


def _asks_for(module: ModuleIndex, name: str) -> bool:
    """Whether a module asks if there is a variable of a name: ``typeof require``."""
    for block in module.facts.blocks:
        for part in walk(block.test):
            if isinstance(part, Other) and part.kind == "typeof":
                if any(getattr(inner, "id", "") == name for inner in part.parts):
                    return True
    return False


def _left_out(function: Function, module: ModuleIndex) -> Manifest | None:
    packages = function.project.node_packages
    home = packages.home(function, module.path)
    if not home:
        return None
    above = home.rpartition("/")[0]
    manifest = next(packages.around(above), None)
    return manifest if manifest is not None and manifest.system == ES else None
