"""Which templates of a project have something to do with each other, so that the others can be judged apart.

In a monorepo most services know nothing of each other. What ties templates together: that one is nested in the other,
exports and imports, code folders that overlap, one CDK app, and names of resources, of which one template declares or
mentions what the other, or its code, mentions as well. Ties are found generously: too many cost time, while without one
a finding that needs both templates would be missing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as SequenceOf
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.project.assemblies import Synthesised
from lambdalint.project.codebase import Codebase
from lambdalint.project.flow import KIND_OF_TYPE
from lambdalint.project.link import NAME_PROPERTIES, Linker
from lambdalint.project.model import FUNCTION_TYPES, Project
from lambdalint.project.tree import Tree
from lambdalint.project.versions import ALIAS, VERSION
from lambdalint.regex import regex
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.templates.document import Mapping, Node, Scalar, Sequence, Unread, get
from lambdalint.templates.intrinsics import IMPORT, export_name
from lambdalint.values import Literal, Ref, literals, options

MAX_WORD = 200

_NAMES = {kind: name for kind, name in NAME_PROPERTIES.items() if kind in KIND_OF_TYPE}
_NAME_KEYS = frozenset((*_NAMES.values(), "EventBusName", "StreamName", "Bucket")) - {"Name"}
_ARN = regex(r"arn:[^:]*:(?:s3|sqs|sns|dynamodb|kinesis|firehose|events|states|logs|lambda:.*:function):")
_PATTERNS = frozenset(("EventPattern", "Pattern"))
_WORD = regex(r"[\w.-]{3,}")
_SEPARATORS = regex(r"[:/]")
_CODE = frozenset(("folder", "file", "missing"))


class Ties(Struct, frozen=True, array_like=True):
    """What may tie some templates, read from one file or from one CDK assembly, to others.

    ``templates`` are their paths, ``folders`` those of functions' code, ``layers`` those of layers, ``apps`` those of
    CDK apps, ``nested`` the templates of their stacks; ``functions`` counts. Exports and imports have the assembly that
    they are within. ``names`` are words that stand for resources, or for kinds of events. ``publishes``: there are
    versions or aliases of functions that can't be told.
    """

    templates: tuple[str, ...]
    folders: frozenset[str]
    layers: frozenset[str]
    apps: frozenset[str]
    nested: frozenset[str]
    exports: frozenset[tuple[str | None, str]]
    imports: frozenset[tuple[str | None, str]]
    names: frozenset[str]
    functions: int
    publishes: bool


def ties_of(
    tree: Tree, templates: list[Template], assemblies: Iterable[Synthesised], is_alone: bool = False
) -> tuple[Ties, frozenset[str]]:
    """What may tie some templates to others of a project, and all texts that they hold.

    Where there are no others (``is_alone``), texts, names and imports are left out.
    """
    project = Project(tree, Codebase(()), templates, assemblies)
    linker = project.linker = Linker(project)
    texts: set[str] = set()
    names: set[str] = set()
    imports: set[tuple[str | None, str]] = set()
    for template in () if is_alone else templates:
        names.update(_declared(template))
        for node in _look_into(template.root, texts, names):
            value = template.value(node)
            if isinstance(value, Ref):
                imports.add((template.assembly, value.name))
    for text in texts:
        if _ARN.match(text):
            names.update(_words(text))
    functions = [linker.code_of(function.resource) for function in project.functions]
    layers = [linker.code_of(layer.resource) for layer in project.layers]
    found = Ties(
        templates=tuple(template.path for template in templates),
        folders=frozenset(code.path for code in functions if code.kind in _CODE),
        layers=frozenset(code.path for code in layers if code.kind in _CODE),
        apps=frozenset(item.app for item in project.assemblies.values()),
        nested=frozenset(linker.nested()),
        exports=frozenset(
            (template.assembly, export_name(name))
            for template in templates
            for _, _, name in template.outputs()
            if name is not None
        ),
        imports=frozenset(imports),
        names=frozenset(names),
        functions=len(functions),
        publishes=any(
            _is_of_unknown_function(resource) for template in templates for resource in template.of_type(VERSION, ALIAS)
        ),
    )
    project.let_go(with_templates=False)
    return found, frozenset(texts)


def mentioned(texts: Iterable[str], words: frozenset[str]) -> frozenset[str]:
    """Which of some words there are in texts."""
    return words.intersection(_WORD.findall("\n".join(texts))) if words else words


def _declared(template: Template) -> Iterator[str]:
    """The words that tell resources by their physical names."""
    for resource in template.resources.values():
        name = _NAMES.get(resource.type)
        for option in options(resource.value(name)) if name is not None else ():
            if isinstance(option, Literal):
                yield from _words(str(option.value))


class CodeFile(Struct, frozen=True):
    """A code file of a project: which of the words that were asked for it has, and whether it may hold a handler."""

    path: str
    may_hold_handler: bool
    words: frozenset[str]


class Grouping(Struct, frozen=True):
    """Which templates belong together: ``groups`` of indexes; ``unnamed`` are the files that may hold a handler which
    no template names, for each group; ``rest`` are those that belong to none. ``shared`` are the code files that more
    than one group may load.
    """

    groups: tuple[tuple[int, ...], ...]
    unnamed: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]
    shared: frozenset[str] = frozenset()


def grouped(
    ties: SequenceOf[Ties],
    mentions: Callable[[int, frozenset[str]], Iterable[str]],
    scan: Callable[[frozenset[str]], Iterable[CodeFile]],
    code: Iterable[str],
) -> Grouping:
    """Puts together what is tied.

    ``mentions`` tells which of some words the templates of an index have, ``scan`` looks into all code files for some
    words, ``code`` are their paths.
    """
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
        for index in range(len(ties)):
            union.join(index, *(names[word] for word in mentions(index, frozenset(names))))
        for path in code:
            if not owner.of(path):
                loose.setdefault(_stem(path), []).append(path)
    files = list(scan(frozenset((*names, *loose)) if names and union.count > 1 else frozenset()))
    if names and union.count > 1:
        _join_by_code(union, files, owner, names, loose)
    shared = frozenset(path for path in code if owner.nearest(path) is None)
    return replace(_grouping(union, files, owner), shared=shared)


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
    """Whose code files are. Files of one folder have the same owners, but those that are code folders by themselves."""

    def __init__(self, ties: SequenceOf[Ties], folders: dict[str, int]) -> None:
        self._folders = folders
        self._apps = {app: index for index, item in enumerate(ties) for app in item.apps}
        self._layers: dict[str, list[int]] = {}
        for index, item in enumerate(ties):
            for folder in item.layers:
                self._layers.setdefault(folder, []).append(index)
        self._nearest: dict[str, int | None] = {}

    def nearest(self, path: str) -> int | None:
        """The templates whose code folder, or else whose app, a file is in; those that overlap are one group."""
        if path in self._folders:
            return self._folders[path]
        folder = posixpath.dirname(path)
        if folder not in self._nearest:
            owners = (known[above] for known in (self._folders, self._apps) for above in _above(path) if above in known)
            self._nearest[folder] = next(owners, None)
        return self._nearest[folder]

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
        path = path.rpartition("/")[0]
        yield path


def _stem(path: str) -> str:
    """The word that code imports a module by."""
    name = posixpath.basename(path).partition(".")[0]
    return name if name not in ("__init__", "index") else posixpath.basename(posixpath.dirname(path))


def _look_into(root: Node, texts: set[str], names: set[str]) -> list[Mapping]:
    """Notes the texts of a document, and words by which resources or events are named; gives the imports."""
    imports: list[Mapping] = []
    pending: list[Node] = [root]
    seen: set[int] = set()
    for node in pending:
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                texts.add(node.value)
        elif id(node) not in seen:  # an alias leads to the same node again
            seen.add(id(node))
            inner = node.items if isinstance(node, Sequence) else node.pairs
            if isinstance(inner, Unread) and not inner.is_made:
                imports.extend(_look_into_unread(inner.raw, texts, names))
            elif isinstance(node, Sequence):
                pending.extend(node.items)
            else:
                for pair in node.pairs:
                    pending.append(pair.value)
                    if pair.key in _NAME_KEYS and isinstance(pair.value, Scalar):
                        names.update(_words(str(pair.value.value)))
                    elif pair.key in _PATTERNS:
                        names.update(_of_pattern(pair.value))
                    elif pair.key == IMPORT:
                        imports.append(node)
    return imports


def _look_into_unread(raw: Any, texts: set[str], names: set[str]) -> list[Mapping]:
    """As :func:`_look_into`, of what has no nodes so far, and need not have any."""
    from lambdalint.templates.json_document import Members, node_of  # only where there is JSON

    imports: list[Mapping] = []
    pending = [raw]
    for item in pending:
        if type(item) is list:
            texts.update([value for value in item if type(value) is str])
            pending.extend([value for value in item if type(value) is not str])
            continue
        for key, value in item.items() if type(item) is dict else item if type(item) is Members else ():
            if type(value) is str:
                texts.add(value)
            else:
                pending.append(value)
            if key in _NAME_KEYS and not isinstance(value, (dict, list)):
                names.update(_words(str(value)))
            elif key in _PATTERNS:
                names.update(_of_pattern(node_of(value)))
            elif key == IMPORT:
                imports.append(cast(Mapping, node_of(item)))
    return imports


def _of_pattern(pattern: Node) -> Iterator[str]:
    """The words that tell which events a pattern lets pass, but those of AWS itself."""
    sources = _scalars(get(pattern, "source"))
    for text in sources or _scalars(get(pattern, "detail-type")):
        if not text.startswith("aws."):
            yield from sorted(_WORD.findall(text), key=len)[-1:]


def _scalars(node: Node | None) -> set[str]:
    found: set[str] = set()
    if node is not None:
        _look_into(node, found, set())
    return found


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
