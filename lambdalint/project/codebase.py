"""All code of a project, and how one module finds another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws.javascript_sdk import is_known_package
from lambdalint.code.facts import (
    MODULE,
    Binding,
    Block,
    Call,
    Const,
    Definition,
    Expression,
    Import,
    Item,
    Member,
    Module,
    Name,
    Object,
    Raise,
    Read,
    Result,
    Return,
    String,
    dotted,
    has_parts,
    walk,
)
from lambdalint.project.javascript_paths import Specifiers
from lambdalint.source import Span

_JAVASCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx")
_COMPILED_FROM = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_CHANGING = {
    "append": "append",
    "add": "append",
    "push": "append",
    "extend": "extend",
    "update": "update",
    "pop": "pop",
    "setdefault": "default",
    "unshift": "append",
    **dict.fromkeys(("clear", "insert", "remove", "discard", "sort", "reverse", "popitem", "shift", "splice"), "other"),
}
_LATER = ("pop", "default")

Told = TypeVar("Told")


class Change(Struct, frozen=True):
    """A change of a list or map in place.

    ``kind``: ``item``, ``append``, ``extend``, ``update``, ``keyword``, ``pop``, ``default`` (where a key is not there
    yet) or ``other``. ``path`` are the keys that lead to what is changed; ``function`` and ``block`` tell where it is.
    ``passed``: the call that it is handed to, where that may change it.
    """

    kind: str
    value: Expression
    key: Expression | None
    span: Span
    function: int
    block: int
    path: tuple[Expression, ...] = ()
    passed: Call | None = None


class ModuleIndex:
    """Facts of one module, ordered for look-ups."""

    def __init__(self, facts: Module) -> None:
        self.facts = facts
        self.path = facts.path
        self.file = facts.file
        self.folder = posixpath.dirname(facts.file)
        self.bindings: dict[tuple[int, str], list[Binding]] = {}
        self.members: dict[str, list[Binding]] = {}
        self.items: list[Binding] = []
        self.scoped: dict[tuple[int, int], list[Binding]] = {}
        for binding in facts.bindings:
            if binding.owner >= 0:
                self.bindings.setdefault((binding.owner, binding.name), []).append(binding)
            elif binding.name:
                self.members.setdefault(binding.name, []).append(binding)
            else:
                self.items.append(binding)
            if binding.scoped:
                self.scoped.setdefault((binding.span.line, binding.span.column), []).append(binding)
        self.calls: dict[int, list[int]] = {}
        for index, call in enumerate(facts.calls):
            self.calls.setdefault(call.function, []).append(index)
        self.reads: dict[int, list[Read]] = {}
        for read in facts.reads:
            self.reads.setdefault(read.function, []).append(read)
        self.returns: dict[int, list[Return]] = {}
        for item in facts.returns:
            self.returns.setdefault(item.function, []).append(item)
        self.raises: dict[int, list[Raise]] = {}
        for raised in facts.raises:
            self.raises.setdefault(raised.function, []).append(raised)
        self.imports: dict[tuple[int, str], Import] = {}
        self.imports_in: dict[int, list[Import]] = {}
        for imported in facts.imports:
            self.imports_in.setdefault(imported.function, []).append(imported)
            if imported.name:
                self.imports.setdefault((imported.function, imported.name), imported)
        self.children: dict[int, list[int]] = {}
        self._named: dict[tuple[int, str], int] = {}
        self.classes: dict[int, list[int]] = {}
        self.decorated: dict[int, list[int]] = {}
        """The classes, and the functions with decorators, by the definition that they stand in."""
        for index, definition in enumerate(facts.definitions):
            if index:
                self.children.setdefault(definition.parent, []).append(index)
                self._named[definition.parent, definition.name] = index
                if definition.kind == "class":
                    self.classes.setdefault(definition.parent, []).append(index)
                elif definition.decorators and definition.kind == "function":
                    self.decorated.setdefault(definition.parent, []).append(index)
        self.changes: dict[tuple[int, str], list[Change]] = {}
        self._note_changes()
        self.yields: dict[int, list[Return]] = {}
        for given in facts.yields:
            self.yields.setdefault(given.function, []).append(given)
        self.stars = [imported for imported in facts.imports if imported.symbol == "*"]
        self.uses: dict[tuple[int, str, int], Any] = {}
        """What may bind a variable where it is used, once it is asked."""
        self.mentioned: dict[int, tuple[tuple[int, ...], tuple[str, ...]]] = {}
        """By function, what it uses as values: functions without name, and the names of others, once it is asked."""
        self._strings: tuple[String, ...] | None = None
        self._maps: tuple[Object, ...] | None = None
        self._within: dict[tuple[str, ...], frozenset[int]] = {}
        self._told: dict[Callable[[ModuleIndex], Any], Any] = {}
        self._bindings_in: dict[int, list[Binding]] | None = None
        self.function_blocks: dict[int, list[tuple[int, Block]]] = {}
        for index, block in enumerate(facts.blocks):
            self.function_blocks.setdefault(block.function, []).append((index, block))
        self.script = self._blocks_in("main", "typing")
        """The blocks that run only when the file is run as a script, or only for type checkers."""

    def __repr__(self) -> str:
        return f"<Module {self.path}>"

    def _note_changes(self) -> None:
        """Notes what changes each variable's list or map, under the definition that the variable belongs to."""
        for binding in self.items:
            if binding.key is not None:
                self._note(
                    binding.base,
                    Change("item", binding.value, binding.key, binding.span, binding.function, binding.block),
                )
        for name, bindings in self.members.items():
            for binding in bindings:
                written = Const(name, binding.span)
                place = (binding.span, binding.function, binding.block)
                self._note(binding.base, Change("item", binding.value, written, *place))
        for call in self.facts.calls:
            callee, place = call.callee, (call.span, call.function, call.block)
            if isinstance(callee, Member):
                self._note_method(callee, call)
                target = call.positional(0) if callee.name == "assign" and dotted(callee) == "Object.assign" else None
                if target is not None:
                    for argument in call.arguments[1:]:
                        self._note(target, Change("update", argument.value, None, *place))
                    continue
            for argument in call.arguments:
                if type(argument.value) is Name and not argument.spread:
                    self._note(argument.value, Change("passed", argument.value, None, *place, (), call))

    def _note_method(self, callee: Member, call: Call) -> None:
        """Notes what a call of a method changes, if it is one that does."""
        place = (call.span, call.function, call.block)
        if callee.name == "set":
            key, value = call.positional(0), call.positional(1)
            if key is not None and value is not None:
                self._note(callee.base, Change("item", value, key, *place))
        kind = _CHANGING.get(callee.name)
        if kind is None:
            return
        if kind in _LATER:
            first, second = call.positional(0), call.positional(1)
            self._note(callee.base, Change(kind, second or Const(None, call.span), first, *place))
        elif kind == "other":
            self._note(callee.base, Change(kind, Const(None, call.span), None, *place))
        else:
            for argument in call.arguments:
                key = Const(argument.name, call.span) if argument.name else None
                self._note(callee.base, Change("keyword" if argument.name else kind, argument.value, key, *place))

    def _note(self, base: Expression | None, change: Change) -> None:
        path: list[Expression] = []
        while isinstance(base, (Item, Member)) or (isinstance(base, Result) and base.call < len(self.facts.calls)):
            if isinstance(base, (Item, Member)):
                path.append(base.key if isinstance(base, Item) else Const(base.name, base.span))
                base = base.base
                continue
            call = self.facts.calls[base.call]
            key = call.positional(0)
            if not isinstance(call.callee, Member) or call.callee.name not in ("setdefault", "get") or key is None:
                return
            path.append(key)
            base = call.callee.base
        if isinstance(base, Name):
            owner = self.owner(base.id, change.function)
            change = replace(change, path=tuple(reversed(path))) if path else change
            self.changes.setdefault((owner, base.id), []).append(change)

    def owner(self, name: str, function: int) -> int:
        """The definition that a variable belongs to where a function uses it."""
        index = function
        while index > 0:
            definition = self.facts.definitions[index]
            if name in definition.locals and (index == function or definition.kind != "class"):
                return index
            index = definition.parent
        return MODULE

    @cached_property
    def asking_for_receiver(self) -> frozenset[int]:
        """The functions that ask for ``this``, themselves or in arrow functions within them (JavaScript)."""
        facts = self.facts
        asked = [(call.function, call.callee) for call in facts.calls]
        asked.extend((call.function, item.value) for call in facts.calls for item in call.arguments)
        asked.extend((item.function, item.value) for item in facts.bindings)
        asked.extend((item.function, item.base) for item in facts.bindings if item.base is not None)
        asked.extend((item.function, item.value) for item in facts.returns if item.value is not None)
        asked.extend((block.function, block.test) for block in facts.blocks if block.test is not None)
        found: set[int] = set()
        for function, expression in asked:
            if any(isinstance(part, Name) and part.id == "this" for part in walk(expression)):
                while function not in found:
                    found.add(function)
                    if not facts.definitions[function].is_arrow:
                        break
                    function = facts.definitions[function].parent
        return frozenset(found)

    @property
    def strings(self) -> tuple[String, ...]:
        """The string literals without those that only run as a script."""
        if self._strings is None:  # no cached property: it would double what the attributes of each module take
            given = self.facts.strings
            if self.script:
                kept = tuple(item for item in given if item.block not in self.script)
                given = given if len(kept) == len(given) else kept
            self._strings = given
        return self._strings

    @property
    def bindings_in(self) -> dict[int, list[Binding]]:
        """The assignments by the function that they stand in."""
        if self._bindings_in is None:
            self._bindings_in = {}
            for binding in self.facts.bindings:
                self._bindings_in.setdefault(binding.function, []).append(binding)
        return self._bindings_in

    def told(self, ask: Callable[[ModuleIndex], Told]) -> Told:
        """What a function tells of this module. It is asked once: many handlers share a module."""
        known: Told | None = self._told.get(ask)
        if known is not None:
            return known
        found = self._told[ask] = ask(self)
        return found

    @property
    def maps(self) -> tuple[Object, ...]:
        """The maps as written in what is assigned."""
        if self._maps is None:
            values = (binding.value for binding in self.facts.bindings if has_parts(binding.value))
            self._maps = tuple(part for value in values for part in walk(value) if isinstance(part, Object))
        return self._maps

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of attributes that calls, their arguments, bindings, conditions and returns mention."""
        facts = self.facts
        asked: list[Expression | None] = [call.callee for call in facts.calls]
        asked.extend(argument.value for call in facts.calls for argument in call.arguments)
        asked.extend(binding.value for binding in facts.bindings)
        asked.extend(block.test for block in facts.blocks)
        asked.extend(item.value for item in facts.returns)
        return frozenset(part.name for expression in asked for part in walk(expression) if isinstance(part, Member))

    def definition(self, index: int) -> Definition:
        """The definition of an index."""
        return self.facts.definitions[index]

    def at(self, span: Span) -> Span:
        """The complete span of something in this module."""
        return Span(self.file, span.line, span.column, span.end_line, span.end_column, span.pointer)

    def child(self, parent: int, name: str) -> int | None:
        """The last function or class of a name directly within a definition."""
        return self._named.get((parent, name))

    def top(self, name: str) -> int | None:
        """The function or class of a name at module level."""
        return self.child(MODULE, name)

    def blocks(self, index: int) -> Iterable[Block]:
        """A block and those around it, innermost first, up to the function's own."""
        blocks = self.facts.blocks
        function = blocks[index].function if 0 <= index < len(blocks) else -1
        while 0 <= index < len(blocks) and blocks[index].function == function:
            yield blocks[index]
            index = blocks[index].parent

    def in_block(self, index: int, *kinds: str) -> bool:
        """Whether a block stands in one of some kinds, within its function."""
        found = self._within.get(kinds)
        if found is None:
            found = self._within[kinds] = self._blocks_in(*kinds)
        return index in found

    def _blocks_in(self, *kinds: str) -> frozenset[int]:
        """The blocks that are, or stand in, one of some kinds."""
        if not any(block.kind in kinds for block in self.facts.blocks):
            return frozenset()
        numbers = range(len(self.facts.blocks))
        return frozenset(item for item in numbers if any(block.kind in kinds for block in self.blocks(item)))

    def catchers(self, index: int) -> Iterator[tuple[int, Block]]:
        """The ``except`` blocks of a ``try``: they follow it, up to the next one. Places need not tell any order."""
        own = self.facts.blocks[index]
        for number, block in self.function_blocks.get(own.function, []):
            if number <= index or block.parent != own.parent:
                continue
            if block.kind == "except":
                yield number, block
            elif block.kind not in ("else", "finally"):
                return

    def is_script(self, call: Call | Binding | Read) -> bool:
        """Whether something runs only when the file is run as a script, or only for type checkers."""
        return call.block in self.script


def _nothing(path: str) -> Module | None:
    """No module, whatever the path."""
    del path
    return None


class CodePaths:
    """The paths of code files, and what is told of them by folder and name."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths: set[str] = set()
        self.folders: set[str] = set()
        for path in paths:
            self.paths.add(path)
            folder = posixpath.dirname(path)
            while folder not in self.folders:
                self.folders.add(folder)
                if not folder:
                    break
                folder = posixpath.dirname(folder)

    @cached_property
    def by_folder(self) -> dict[str, list[str]]:
        """The paths in each folder, sorted."""
        found: dict[str, list[str]] = {}
        for item in sorted(self.paths):
            found.setdefault(posixpath.dirname(item), []).append(item)
        return found

    @cached_property
    def folders_by_name(self) -> dict[str, list[str]]:
        """The folders of each name, sorted."""
        found: dict[str, list[str]] = {}
        for folder in sorted(self.folders):
            found.setdefault(posixpath.basename(folder), []).append(folder)
        return found

    @cached_property
    def python_names(self) -> frozenset[str]:
        """The names of Python modules, and of folders, which may be packages."""
        found = {posixpath.basename(path)[:-3] for path in self.paths if path.endswith(".py")}
        found.update(posixpath.basename(folder) for folder in self.folders)
        return frozenset(found)


class Codebase:
    """The modules of a project by path. ``load`` reads one on demand and gives None for what can't be had.

    ``read`` gives the text of another file, such as ``package.json``, or nothing.
    """

    def __init__(
        self,
        paths: Iterable[str] | CodePaths,
        load: Callable[[str], Module | None] = _nothing,
        read: Callable[[str], str | None] | None = None,
    ) -> None:
        self._known = paths if isinstance(paths, CodePaths) else CodePaths(paths)
        self._load = load
        self._read = read
        self._modules: dict[str, ModuleIndex | None] = {}
        self._specifiers: Specifiers | None = None
        self._resolved: dict[tuple[str, str, tuple[str, ...]], str | None] = {}
        self._targets: dict[tuple[object, ...], tuple[ModuleIndex | None, ModuleIndex | None]] = {}

    @property
    def paths(self) -> set[str]:
        """The paths of all modules that are files."""
        return self._known.paths

    def extend(self, paths: Iterable[str]) -> None:
        """Adds the paths of further modules."""
        added = [path for path in paths if path not in self.paths]
        if added:
            self._resolved.clear()
            self._targets.clear()
            self._specifiers = None
            self._known = CodePaths((*self.paths, *added))

    def add(self, module: Module) -> ModuleIndex:
        """Adds a module that is no file of its own: code given inline."""
        index = ModuleIndex(module)
        self._modules[module.path] = index
        return index

    def get(self, path: str) -> ModuleIndex | None:
        """The module at a path, or None."""
        if path not in self._modules:
            facts = self._load(path) if path in self.paths else None
            self._modules[path] = ModuleIndex(facts) if facts is not None else None
        return self._modules[path]

    def loaded(self) -> Iterable[ModuleIndex]:
        """The modules that have been asked for so far."""
        return [module for module in self._modules.values() if module is not None]

    def python_module(self, name: str, roots: Iterable[str]) -> str | None:
        """The path of a Python module or package below one of the roots."""
        relative = name.replace(".", "/")
        if not self.has_python_module(relative.rpartition("/")[2]):
            return None
        for root in roots:
            base = f"{root}/{relative}" if root else relative
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if path in self.paths:
                    return path
        return None

    def beside(self, path: str) -> list[str]:
        """The modules in the folder of a path, sorted."""
        return self._known.by_folder.get(posixpath.dirname(path), [])

    def has_python_module(self, name: str) -> bool:
        """Whether anywhere in the project there is a Python module, package or folder of a name."""
        return name in self._known.python_names

    def is_python_namespace(self, name: str, roots: Iterable[str]) -> bool:
        """Whether a dotted name is a folder of modules without ``__init__.py``."""
        relative = name.replace(".", "/")
        if not self.has_python_module(relative.rpartition("/")[2]):
            return False
        return any((posixpath.join(root, relative) if root else relative) in self._known.folders for root in roots)

    def python_targets(
        self, module: ModuleIndex, imported: Import, roots: tuple[str, ...]
    ) -> tuple[ModuleIndex | None, ModuleIndex | None]:
        """The modules that a Python import names: the one in front, and the one that is taken out of a package."""
        key = (module.folder, imported.module, imported.symbol, imported.level, roots)
        known = self._targets.get(key)
        if known is None:
            path = self.resolve_python(module, imported, roots)
            inner = self.resolve_python_submodule(module, imported, roots)
            known = (self.get(path) if path is not None else None, self.get(inner) if inner is not None else None)
            self._targets[key] = known
        return known

    def resolve_python(self, module: ModuleIndex, imported: Import, roots: tuple[str, ...]) -> str | None:
        """The path of the module that a Python import names, or None if it is none of the project's."""
        folder = module.folder
        if imported.level:
            for _ in range(imported.level - 1):
                folder = posixpath.dirname(folder)
            name = imported.module
            if not name:
                path = posixpath.join(folder, "__init__.py") if folder else "__init__.py"
                return path if path in self.paths else None
            return self.python_module(name, (folder,))
        return self.python_module(imported.module, (*roots, folder) if folder not in roots else roots)

    def resolve_javascript(self, module: ModuleIndex, specifier: str, roots: tuple[str, ...]) -> str | None:
        """The path of the module that a JavaScript specifier names, or None if it is none of the project's.

        TypeScript's sources stand for what they are compiled to. Layers' modules are below ``/opt``.
        """
        if module.path != module.facts.file:
            return None  # code given inline is alone
        key = (posixpath.dirname(module.path), specifier, roots)
        if key not in self._resolved:
            self._resolved[key] = self._resolve_javascript(*key)
        return self._resolved[key]

    def _resolve_javascript(self, folder: str, specifier: str, roots: tuple[str, ...]) -> str | None:
        starts: Iterable[str]
        if specifier.startswith("/opt/"):
            within = specifier.removeprefix("/opt/").removeprefix("nodejs/")
            starts = [posixpath.join(root, within) for root in roots]
        elif specifier.startswith((".", "/")):
            starts = [posixpath.normpath(posixpath.join(folder, specifier))]
        elif self._read is not None and not is_known_package(specifier):
            if self._specifiers is None:
                self._specifiers = Specifiers(self._known.folders_by_name, self._read)
            starts = self._specifiers.starts(folder, specifier)
        else:
            return None
        for start in starts:
            if start.startswith("../"):
                continue
            start = "" if start == "." else start
            found = self.javascript_module(start)
            if found is not None:
                return found
        return None

    def javascript_module(self, start: str) -> str | None:
        """The path of a JavaScript module by its path as code writes it: with or without suffix, or its folder."""
        if start in self.paths and start.endswith(_JAVASCRIPT_SUFFIXES):
            return start
        stem, dot, suffix = start.rpartition(".")
        for other in _COMPILED_FROM.get(dot + suffix, ()):
            if f"{stem}{other}" in self.paths:
                return f"{stem}{other}"
        for ending in _JAVASCRIPT_SUFFIXES:
            if start and f"{start}{ending}" in self.paths:
                return f"{start}{ending}"
        for ending in _JAVASCRIPT_SUFFIXES:
            index = f"{start}/index{ending}" if start else f"index{ending}"
            if index in self.paths:
                return index
        return None

    def resolve_python_submodule(self, module: ModuleIndex, imported: Import, roots: tuple[str, ...]) -> str | None:
        """The path of the module that ``from package import module`` names."""
        if not imported.symbol or imported.symbol == "*":
            return None
        name = f"{imported.module}.{imported.symbol}" if imported.module else imported.symbol
        folder = module.folder
        if imported.level:
            for _ in range(imported.level - 1):
                folder = posixpath.dirname(folder)
            return self.python_module(name, (folder,))
        return self.python_module(name, (*roots, folder) if folder not in roots else roots)
