"""YAML and JSON documents as located nodes.

YAML goes through PyYAML's C parser with a resolver that does nothing; the few scalar types are told here. Short
intrinsic tags (``!Ref x``) become their long form (``{Ref: x}``). JSON is read by ``json_document.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as SequenceOf
from functools import cache
from typing import Any

from lambdalint.regex import regex
from lambdalint.source import Data, Problem, Source, Span

MAX_DEPTH = 200
MAX_NODES = 2_000_000
MAX_DIGITS = 400
"""Numbers of more digits are left as they are written: Python refuses to read those of thousands."""
_SUSPICIOUS_BRACKETS = 400
_SUSPICIOUS_INDENT = regex(r"^[ \-?:]{400}", re.MULTILINE)


class Scalar(Data, frozen=True, tag="scalar"):
    """A string, number, boolean or null. ``raw`` is its text; ``block`` is the indicator of a block scalar."""

    value: str | int | float | bool | None
    raw: str
    span: Span
    block: str = ""


class Sequence(Data, frozen=True, tag="sequence"):
    """A list of nodes."""

    items: SequenceOf[Node]
    span: Span


class Pair(Data, frozen=True):
    """A key of a mapping with its node."""

    key: str
    key_span: Span
    value: Node


class Mapping(Data, frozen=True, tag="mapping"):
    """A mapping in the order of the document; of duplicate keys, the last one counts."""

    pairs: SequenceOf[Pair]
    span: Span

    def pair(self, key: str) -> Pair | None:
        """The pair of a key, or None."""
        for pair in reversed(self.pairs):
            if pair.key == key:
                return pair
        return None

    def get(self, key: str) -> Node | None:
        """The node under a key, or None."""
        for pair in reversed(self.pairs):
            if pair.key == key:
                return pair.value
        return None


Node = Scalar | Sequence | Mapping


class Unread:
    """Pairs or items that are made when something asks for them. ``raw`` is what the JSON parser gave of them."""

    __slots__ = ("is_made", "raw")

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.is_made = False


class Document(Data, frozen=True):
    """What one file holds: the roots of its documents, and what is wrong with it.

    With ``fatal`` nothing beyond the problem could be read.
    """

    roots: tuple[Node, ...]
    problems: tuple[Problem, ...] = ()
    fatal: bool = False


def get(node: Node | None, *keys: str) -> Node | None:
    """The node under a path of keys, or None."""
    for key in keys:
        if not isinstance(node, Mapping):
            return None
        node = node.get(key)
    return node


def scalar_text(node: Node | None) -> str:
    """The text of a scalar, or the empty string."""
    return node.raw if isinstance(node, Scalar) and node.value is not None else ""


def items(node: Node | None) -> SequenceOf[Node]:
    """The items of a sequence; a lone scalar or mapping counts as a sequence of one."""
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def read(source: Source) -> Document:
    """The document in a source: JSON where it begins with a brace or bracket and parses as such, else YAML.

    Where neither will do, the problem is that of the parser which came further.
    """
    if source.text.lstrip()[:1] not in ("{", "[") and not source.path.endswith(".json"):
        return read_yaml(source)
    from lambdalint.templates.json_document import read_json  # only where there is JSON

    document = read_json(source)
    if not document.fatal or source.path.endswith(".json"):
        return document
    other = read_yaml(source)
    return document if other.fatal and other.problems[0].span.before(document.problems[0].span) else other


def locate(source: Source, pointer: str) -> Span:
    """The place of a JSON pointer in the text of its source; with ``#`` before it, of the key that it ends with.

    The whole text is the answer where the pointer leads nowhere.
    """
    from lambdalint.templates import json_document  # only where there is JSON

    return json_document.locate(source, pointer)


# --- YAML -------------------------------------------------------------------------------------------------------

_LONG_NAMES = {"Ref": "Ref", "Condition": "Condition"}
_INTEGER = regex(r"[-+]?(0|[1-9][0-9_]*)\Z")
_FLOAT = regex(r"[-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+]?[0-9]+)?\Z|[-+]?\.[0-9]+\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar by YAML 1.1, as far as CloudFormation takes it."""
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] in "0123456789+-.":
        if _INTEGER.match(text) and len(text) < MAX_DIGITS:
            return int(text.replace("_", ""))
        if _FLOAT.match(text):
            return float(text.replace("_", ""))
    return text


_ELSEWHERE_BREAKS = {0: "\ufffd", 0x85: " ", 0x2028: " ", 0x2029: " "}
"""YAML 1.1 counts lines at these, editors do not: as they fold to a space in text, they may as well be one."""
_TYPED = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))
_LAST_ALIAS = regex(r"\*[^\s,\[\]{}]+(?=\s*(?:\s#.*)?\Z)")

TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


class _Refused(Exception):
    """A document that is well-formed, but too much for its reader."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def read_yaml(source: Source) -> Document:
    """The YAML documents of a source. Never raises."""
    import yaml

    text = source.text.translate(_ELSEWHERE_BREAKS)
    composer = _Composer(source)
    loader_class = _loader_class()
    try:
        if text.count("[") + text.count("{") > _SUSPICIOUS_BRACKETS or _SUSPICIOUS_INDENT.search(text):
            _check_depth(text)
        loader = loader_class(text)
        roots: list[Node] = []
        try:
            while loader.check_node():
                root = loader.get_node()
                roots.append(composer.convert(root))
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        begin = error.context_mark
        first = point(source, begin.line + 1, begin.column + 1) if begin and begin.line + 1 < line else None
        problem = Problem(_complaint(error, source, line, column, first), point(source, line, column), first)
        return Document(tuple(composer.finished), (problem,), fatal=True)
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        if not isinstance(position, int):
            position = 0
        elif loader_class.__mro__[1].__module__ == "yaml._yaml":  # libyaml counts bytes
            position = len(text.encode()[:position].decode("utf-8", "ignore"))
        line, column = source.position(position)
        reason = str(getattr(error, "reason", "") or error).partition("\n")[0]
        return Document((), (Problem(reason, point(source, line, column)),), fatal=True)
    except _Refused as refused:
        return hopeless(source, refused.reason, refused.line, refused.column)
    except RecursionError:
        return hopeless(source, TOO_DEEP)
    except UnicodeError as error:
        return hopeless(source, f"not text: {error}")
    return Document(tuple(roots), tuple(composer.problems))


def _complaint(error: Any, source: Source, line: int, column: int, first: Span | None) -> str:
    """What the parser says, with what it was doing, and where that began."""
    said = [str(part) for part in (error.problem, error.context) if part]
    if first is not None:
        said.append(f"that begins on line {first.line}")
    text = source.lines[line - 1][column - 1 : column] if line <= len(source.lines) else ""
    if text == "\t":
        said.append("(YAML does not allow tabs in indentation)")
    return " ".join(said) or "not valid YAML"


def hopeless(source: Source, reason: str, line: int = 1, column: int = 1) -> Document:
    """What is told of a source that can't be read at all."""
    return Document((), (Problem(reason, point(source, line, column)),), fatal=True)


@cache
def _loader_class() -> Any:
    from yaml.resolver import BaseResolver

    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML without libyaml: slower, the same nodes
        from yaml.composer import Composer
        from yaml.parser import Parser
        from yaml.reader import Reader
        from yaml.scanner import Scanner

        class PureLoader(Reader, Scanner, Parser, Composer, BaseResolver):
            def __init__(self, stream: str) -> None:
                Reader.__init__(self, stream)
                Scanner.__init__(self)
                Parser.__init__(self)
                Composer.__init__(self)
                BaseResolver.__init__(self)

            def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
                return None

            def dispose(self) -> None:
                pass

        return PureLoader

    class Loader(CParser, BaseResolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)

        def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
            return None

        def descend_resolver(self, current_node: Any, current_index: Any) -> None:
            pass

        def ascend_resolver(self) -> None:
            pass

        def dispose(self) -> None:
            pass

    return Loader


def _check_depth(text: str) -> None:
    """Raises _Refused before the recursive composer would meet a depth that it can't survive."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CLoader", yaml.Loader)):
        kind = event.__class__.__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                raise _Refused(TOO_DEEP, *((mark.line + 1, mark.column + 1) if mark else (1, 1)))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


def point(source: Source, line: int, column: int) -> Span:
    """A line and column, or what of the source is nearest to it."""
    line = min(max(line, 1), len(source.lines))
    column = min(max(column, 1), len(source.lines[line - 1]) + 1)
    return Span(source.path, line, column, line, column)


class _Composer:
    """Turns PyYAML's nodes into ours; anchors are shared, never copied."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.finished: list[Node] = []
        self._path = source.path
        self._count = len(source.lines)
        self._shared: dict[int, tuple[Any, Node, int]] = {}
        self._open: set[int] = set()

    def convert(self, root: Any) -> Node:
        node, size = self._node(root, 0)
        if size > MAX_NODES:
            raise _Refused(f"aliases expand to more than {MAX_NODES:,} nodes")
        self.finished.append(node)
        return node

    def _node(self, node: Any, depth: int) -> tuple[Node, int]:
        known = self._shared.get(id(node))
        if known is not None:
            return known[1], known[2]
        if depth > MAX_DEPTH or id(node) in self._open:
            reason = TOO_DEEP if depth > MAX_DEPTH else "an alias refers to what it stands in"
            raise _Refused(reason, node.start_mark.line + 1, node.start_mark.column + 1)
        kind = node.id
        tag = node.tag
        if kind == "scalar":
            made: Node = self._scalar(node)
            size = 1
        else:
            self._open.add(id(node))
            made, size = self._sequence(node, depth) if kind == "sequence" else self._mapping(node, depth)
            self._open.discard(id(node))
        if tag is not None and tag[0] == "!" and len(tag) > 1:
            made = self._intrinsic(tag[1:], made)
        self._shared[id(node)] = (node, made, size)
        return made, size

    def _placed(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """A place; the parser counts a line more than there is where the last one has no end and is a comment."""
        if end_line > self._count:
            end_line, end_column = self._count, len(self.source.lines[-1]) + 1
            line, column = min((line, column), (end_line, end_column))
        return Span(self._path, line, column, end_line, end_column)

    def _scalar(self, node: Any) -> Scalar:
        start, end = node.start_mark, node.end_mark
        style = node.style
        value = node.value
        end_line, end_column = end.line + 1, end.column + 1
        if style in ("|", ">"):
            lines = self.source.lines
            end_line = min(end.line + (1 if end.column else 0), len(lines))
            while end_line > start.line + 1 and not lines[end_line - 1].strip():
                end_line -= 1
            end_column = len(lines[end_line - 1]) + 1
        span = self._placed(start.line + 1, start.column + 1, end_line, end_column)
        tag = node.tag
        if tag not in _TYPED and (style or tag is not None):
            return Scalar(value, value, span, style if style in ("|", ">") else "")
        return Scalar(plain_scalar(value), value, span)

    def _sequence(self, node: Any, depth: int) -> tuple[Node, int]:
        children: list[Node] = []
        size = 1
        last: Span | None = None
        for child in node.value:
            is_alias = id(child) in self._shared
            made, count = self._node(child, depth + 1)
            children.append(made)
            size += count
            last = None if is_alias else made.span
        return Sequence(tuple(children), self._span(node, last)), size

    def _mapping(self, node: Any, depth: int) -> tuple[Node, int]:
        pairs: list[Pair] = []
        merged: list[Pair] = []
        seen: dict[str, Span] = {}
        size = 1
        last: Span | None = None
        for key_node, value_node in node.value:
            is_alias = id(value_node) in self._shared
            value, count = self._node(value_node, depth + 1)
            size += count
            last = None if is_alias else value.span
            if key_node.id != "scalar":
                continue
            start, end = key_node.start_mark, key_node.end_mark
            key = key_node.value
            key_span = self._placed(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            if key == "<<" and not key_node.style:
                for part in items(value):
                    if isinstance(part, Mapping):
                        merged.extend(part.pairs)
                continue
            if key in seen:
                self.problems.append(Problem(f"duplicate key {key!r}", key_span, seen[key]))
            seen.setdefault(key, key_span)
            pairs.append(Pair(key, key_span, value))
        for pair in merged:
            if pair.key not in seen:
                seen[pair.key] = pair.key_span
                pairs.append(pair)
        return Mapping(tuple(pairs), self._span(node, last)), size

    def _span(self, node: Any, last: Span | None) -> Span:
        """The place of a collection. ``last`` is its last value's place, or None if that is an alias."""
        start, end = node.start_mark, node.end_mark
        line, column = start.line + 1, start.column + 1
        if line > self._count or node.flow_style:
            return self._placed(line, column, end.line + 1, end.column + 1)
        if last is not None:
            return Span(self.source.path, line, column, last.end_line, last.end_column)
        for end_line in range(min(end.line + 1, len(self.source.lines)), line, -1):
            text = self.source.lines[end_line - 1][: end.column if end_line == end.line + 1 else None]
            alias = _LAST_ALIAS.search(text)
            if alias is not None and not text.lstrip().startswith("#"):
                return Span(self.source.path, line, column, end_line, alias.end() + 1)
        alias = _LAST_ALIAS.search(self.source.lines[line - 1])
        return Span(self.source.path, line, column, line, alias.end() + 1 if alias is not None else column)

    def _intrinsic(self, name: str, node: Node) -> Node:
        if name == "GetAtt" and isinstance(node, Scalar):
            resource, _, attribute = node.raw.partition(".")
            parts = tuple(Scalar(part, part, node.span) for part in (resource, attribute))
            node = Sequence(parts, node.span)
        key = _LONG_NAMES.get(name, f"Fn::{name}")
        if isinstance(node, Scalar):
            node = Scalar(node.raw, node.raw, node.span, node.block)
        return Mapping((Pair(key, node.span, node),), node.span)
