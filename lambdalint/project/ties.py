"""Which templates of a project have something to do with each other, so that the others can be judged apart.

In a monorepo most services know nothing of each other. What ties templates together: that one is nested in the other,
exports and imports, code folders that overlap, one CDK app, and names of resources, of which one template declares or
mentions what the other, or its code, mentions as well. Ties are found generously: too many cost time, while without one
a finding that needs both templates would be missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from lambdalint.project.assemblies import Synthesised
from lambdalint.project.codebase import Codebase
from lambdalint.project.link import NAME_PROPERTIES, Linker
from lambdalint.project.model import FUNCTION_TYPES, Project
from lambdalint.project.tree import Tree
from lambdalint.project.versions import ALIAS, VERSION
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.templates.document import Mapping, Node, Scalar, Sequence
from lambdalint.templates.intrinsics import IMPORT, export_name
from lambdalint.values import Literal, Ref, literals, options

MAX_WORD = 200

_NAME_KEYS = frozenset((*NAME_PROPERTIES.values(), "EventBusName", "StreamName", "Bucket")) - {"Name"}
_PATTERNS = frozenset(("EventPattern", "Pattern"))
_WORD = re.compile(r"[\w.-]{3,}")
_SEPARATORS = re.compile(r"[:/]")
_CODE = frozenset(("folder", "file", "missing"))


class Ties:
    """What may tie some templates, read from one file or from one CDK assembly, to others.

    ``templates`` are their paths, ``folders`` those of functions' code, ``layers`` those of layers, ``apps`` those of
    CDK apps; ``functions`` counts. ``publishes``: versions or aliases of functions that can't be told. ``names`` are
    words that stand for resources, whoever declares them.
    """

    def __init__(self, project: Project) -> None:
        linker = Linker(project)
        self._templates = project.templates
        self.templates = tuple(template.path for template in project.templates)
        self.functions = len(project.functions)
        codes = [linker.code_of(function.resource) for function in project.functions]
        self.folders = frozenset(code.path for code in codes if code.kind in _CODE)
        codes = [linker.code_of(layer.resource) for layer in project.layers]
        self.layers = frozenset(code.path for code in codes if code.kind in _CODE)
        self.apps = frozenset(item.app for item in project.assemblies.values())
        self.nested = frozenset(linker.nested())
        self.publishes = any(
            _is_of_unknown_function(resource)
            for template in project.templates
            for resource in template.of_type(VERSION, ALIAS)
        )
        self.exports = frozenset(
            (template.assembly, export_name(name))
            for template in project.templates
            for _, _, name in template.outputs()
            if name is not None
        )

    @cached_property
    def imports(self) -> frozenset[tuple[str | None, str]]:
        """The names of exports that the templates import, with the assembly that they are within."""
        found: set[tuple[str | None, str]] = set()
        for template in self._templates:
            for node in self._content.imports:
                value = template.value(node) if node.span.path == template.path else None
                if isinstance(value, Ref):
                    found.add((template.assembly, value.name))
        return frozenset(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that stand for resources, or for kinds of events, in these templates."""
        found = set(self._content.names)
        for template in self._templates:
            for resource in template.resources.values():
                name = NAME_PROPERTIES.get(resource.type)
                for option in options(resource.value(name)) if name is not None else ():
                    if isinstance(option, Literal):
                        found.update(_words(str(option.value)))
        return frozenset(found)

    def mentions(self, words: frozenset[str]) -> Iterator[str]:
        """Which of some words the templates have, wherever it is."""
        for text in self._content.texts:
            yield from words.intersection(_WORD.findall(text))

    @cached_property
    def _content(self) -> _Content:
        """What the documents hold, looked at once."""
        imports: list[Mapping] = []
        names: set[str] = set()
        texts: set[str] = set()
        for template in self._templates:
            for node in _nodes(template.root):
                if isinstance(node, Scalar):
                    if isinstance(node.value, str):
                        texts.add(node.value)
                elif isinstance(node, Mapping):
                    names.update(_named_in(node))
                    if node.get(IMPORT) is not None:
                        imports.append(node)
        for text in texts:
            if text.startswith("arn:"):
                names.update(_words(text))
        return _Content(imports, names, texts)


class _Content(NamedTuple):
    imports: list[Mapping]
    names: set[str]
    texts: set[str]


def ties_of(tree: Tree, templates: list[Template], assemblies: Iterable[Synthesised]) -> Ties:
    """What may tie some templates to others of a project."""
    project = Project(tree, Codebase(()), templates, assemblies)
    project.linker = Linker(project)
    return Ties(project)


class CodeFile(NamedTuple):
    """A code file of a project: which of the words that were asked for it has, and whether it may hold a handler."""

    path: str
    may_hold_handler: bool
    words: frozenset[str]


class Grouping(NamedTuple):
    """Which templates belong together: ``groups`` of indexes; ``unnamed`` are the files that may hold a handler which
    no template names, for each group; ``rest`` are those that belong to none.
    """

    groups: tuple[tuple[int, ...], ...]
    unnamed: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]


def grouped(ties: list[Ties], scan: Callable[[frozenset[str]], Iterable[CodeFile]], code: Iterable[str]) -> Grouping:
    """Puts together what is tied. ``scan`` looks into all code files for some words, ``code`` are their paths."""
    union = _Union(len(ties))
    places: dict[str, int] = {path: index for index, item in enumerate(ties) for path in item.templates}
    if len(ties) > 1:
        _join_by(union, (item.exports for item in ties), (item.imports for item in ties))
    for index, item in enumerate(ties):
        union.join(index, *(places[path] for path in item.nested if path in places))
    _join_by(union, (item.apps for item in ties))
    owners: dict[str, int] = {}
    for index, item in enumerate(ties):
        for folder in item.folders:
            union.join(index, owners.setdefault(folder, index))
    for folder, index in owners.items():
        union.join(index, *(owners[above] for above in _above(folder) if above in owners))
    names: dict[str, int] = {}
    loose: dict[str, list[str]] = {}
    owner = _Owners(ties, owners)
    if union.count > 1:
        for index, item in enumerate(ties):
            for name in item.names:
                union.join(index, names.setdefault(name, index))
        for index, item in enumerate(ties):
            union.join(index, *(names[word] for word in item.mentions(frozenset(names))))
        for path in code:
            if not owner.of(path):
                loose.setdefault(_stem(path), []).append(path)
    files = list(scan(frozenset((*names, *loose)) if names and union.count > 1 else frozenset()))
    if names and union.count > 1:
        _join_by_code(union, files, owner, names, loose)
    return _grouping(union, files, owner)


def _grouping(union: _Union, files: list[CodeFile], owner: _Owners) -> Grouping:
    groups = union.groups()
    number = {index: position for position, group in enumerate(groups) for index in group}
    unnamed: list[list[str]] = [[] for _ in groups]
    rest: list[str] = []
    for file in files:
        if file.may_hold_handler:
            index = owner.nearest(file.path)
            (unnamed[number[index]] if index is not None else rest).append(file.path)
    return Grouping(tuple(groups), tuple(map(tuple, unnamed)), tuple(rest))


def _join_by_code(
    union: _Union, files: list[CodeFile], owner: _Owners, names: dict[str, int], loose: dict[str, list[str]]
) -> None:
    """Ties templates to those whose resources their code mentions, in modules that are beside all code folders too."""
    targets: dict[str, set[int]] = {}
    users: dict[str, set[str]] = {}
    for file in files:
        own = owner.of(file.path)
        stem = _stem(file.path)
        for word in file.words:
            if word in names:
                if own:
                    union.join(names[word], *own)
                else:
                    targets.setdefault(stem, set()).add(names[word])
            if word in loose and not own:
                users.setdefault(word, set()).add(stem)
    pending = list(targets)
    while pending:  # a module that is used by modules beside all code folders passes on what it mentions
        stem = pending.pop()
        for user in users.get(stem, ()):
            if not targets[stem] <= targets.setdefault(user, set()):
                targets[user] |= targets[stem]
                pending.append(user)
    for file in files:
        own = owner.of(file.path)
        for word in file.words:
            if own and word in targets:
                union.join(*own, *targets[word])


class _Owners:
    """Whose code files are."""

    def __init__(self, ties: list[Ties], folders: dict[str, int]) -> None:
        self._folders = folders
        self._apps = {app: index for index, item in enumerate(ties) for app in item.apps}
        self._layers: dict[str, list[int]] = {}
        for index, item in enumerate(ties):
            for folder in item.layers:
                self._layers.setdefault(folder, []).append(index)

    def nearest(self, path: str) -> int | None:
        """The templates whose code folder, or else whose app, a file is in; those that overlap are one group."""
        for folders in (self._folders, self._apps):
            for folder in (path, *_above(path)):
                if folder in folders:
                    return folders[folder]
        return None

    def of(self, path: str) -> list[int]:
        """The templates whose code a file may be: of functions, else of layers."""
        found = self.nearest(path)
        if found is not None:
            return [found]
        return next((self._layers[folder] for folder in _above(path) if folder in self._layers), [])


class _Union:
    """Sets of numbers that are joined."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))
        self.count = count

    def _root(self, index: int) -> int:
        while self._parents[index] != index:
            self._parents[index] = self._parents[self._parents[index]]
            index = self._parents[index]
        return index

    def join(self, *indexes: int) -> None:
        """Puts some numbers into one set, under the least of them."""
        roots = {self._root(index) for index in indexes}
        if len(roots) > 1:
            least = min(roots)
            self.count -= len(roots) - 1
            for root in roots:
                self._parents[root] = least

    def groups(self) -> list[tuple[int, ...]]:
        """The sets, by their least numbers."""
        found: dict[int, list[int]] = {}
        for index in range(len(self._parents)):
            found.setdefault(self._root(index), []).append(index)
        return [tuple(group) for group in found.values()]


def _join_by(union: _Union, *marks: Iterable[Iterable[object]]) -> None:
    """Joins all that have a mark in common."""
    first: dict[object, int] = {}
    for kind in marks:
        for index, items in enumerate(kind):
            for mark in items:
                union.join(index, first.setdefault(mark, index))


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in, innermost first, the root included."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _stem(path: str) -> str:
    """The word that code imports a module by."""
    name = posixpath.basename(path).partition(".")[0]
    return name if name not in ("__init__", "index") else posixpath.basename(posixpath.dirname(path))


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes of a document, without those that are reached twice through aliases."""
    pending: list[Node] = [root]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            pending.extend(pair.value for pair in node.pairs)
        elif isinstance(node, Sequence):
            pending.extend(node.items)


def _named_in(node: Mapping) -> Iterator[str]:
    """The words by which resources, or sources of events, are named under the keys of a map."""
    for pair in node.pairs:
        if pair.key in _NAME_KEYS and isinstance(pair.value, Scalar):
            yield from _words(str(pair.value.value))
        elif pair.key in _PATTERNS and isinstance(pair.value, Mapping):
            of_source = [item for item in _scalars(pair.value.get("source")) if not item.startswith("aws.")]
            for text in of_source or ([] if pair.value.get("source") else _scalars(pair.value.get("detail-type"))):
                yield from sorted(_WORD.findall(text), key=len)[-1:]


def _scalars(node: Node | None) -> list[str]:
    return [str(item.value) for item in _nodes(node) if isinstance(item, Scalar)] if node is not None else []


def _words(name: str) -> list[str]:
    """The word by which a name or ARN can be told: its last part."""
    last = _SEPARATORS.split(name.removesuffix("/*"))[-1]
    return [last] if len(last) <= MAX_WORD and _WORD.fullmatch(last) else []


def _is_of_unknown_function(resource: Resource) -> bool:
    value = resource.value("FunctionName")
    if value is None or isinstance(value, Literal) or list(literals(value)):
        return False
    for option in options(value):
        known = resource.template.resources.get(option.name.partition(".")[0]) if isinstance(option, Ref) else None
        if known is None or known.type not in (*FUNCTION_TYPES, VERSION, ALIAS):
            return True
    return False
