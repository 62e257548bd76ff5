"""JSON documents as located nodes.

JSON goes through the standard library. Its places stay symbolic (a JSON pointer) until something is reported there:
:func:`locate` finds them in the text. Nodes are made when something asks for them: for most of what ``cdk synth``
writes nothing ever does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Sequence as SequenceOf
from json.decoder import py_scanstring, scanstring  # type: ignore[attr-defined]
from typing import Any, TypeVar, overload

from lambdalint.regex import regex
from lambdalint.source import Problem, Source, Span
from lambdalint.templates.document import (
    MAX_DEPTH,
    MAX_DIGITS,
    TOO_DEEP,
    Document,
    Mapping,
    Node,
    Pair,
    Scalar,
    Sequence,
    Unread,
    hopeless,
    point,
)

_ESCAPE = regex(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
_LONE = regex("[\\ud800-\\udfff]")
Made = TypeVar("Made", Pair, Node)


class Members(list):  # type: ignore[type-arg]
    """The members of an object that has a key twice; those of others are a plain ``dict``."""


_COLLECTIONS = frozenset((dict, list, Members))


def _without_lone_surrogates(text: str) -> str:
    """JSON in which each string can be written as UTF-8: half a character becomes the replacement character."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda match: "\\ufffd" if match.group("lone") else match.group(), text)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < MAX_DIGITS else digits


def read_json(source: Source) -> Document:
    """The JSON document of a source. Never raises."""
    try:
        data = json.loads(
            _without_lone_surrogates(source.text), object_pairs_hook=_object, parse_int=_integer, parse_constant=str
        )
        has_twice = _has_twice(data, MAX_DEPTH)
    except json.JSONDecodeError as error:
        problem = Problem(error.msg, point(source, *source.position(min(error.pos, len(source.text)))))
        return Document((), (problem,), fatal=True)
    except RecursionError:
        return hopeless(source, TOO_DEEP, *_first_too_deep(source))
    except ValueError as error:
        return hopeless(source, str(error))
    maker = _Maker(source.path)
    root = maker.node(data, "")
    if has_twice:
        _make_all(root)
    return Document((root,), tuple(maker.problems))


def node_of(item: object) -> Node:
    """The node of what the parser gives, without its place."""
    return _Maker("").node(item, "")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Members:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Members(pairs)


def _has_twice(item: Any, levels: int) -> bool:
    """Whether some object has a key twice. Raises RecursionError where there are more levels than may be."""
    kind = type(item)
    if kind not in _COLLECTIONS:
        return False
    if levels < 0:
        raise RecursionError
    found = kind is Members
    for value in item.values() if kind is dict else item if kind is list else dict(item).values():
        if type(value) in _COLLECTIONS and _has_twice(value, levels - 1):
            found = True
    return found


def _make_all(root: Node) -> None:
    pending = [root]
    for node in pending:
        if isinstance(node, Mapping):
            pending.extend(pair.value for pair in node.pairs)
        elif isinstance(node, Sequence):
            pending.extend(node.items)


class _Maker:
    """Makes nodes of what the parser gives; ``problems`` are the keys that were met twice."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def node(self, item: Any, pointer: str) -> Node:
        """The node of an item at a place."""
        span = Span(self.path, 0, 0, 0, 0, pointer)
        if type(item) is str:
            return Scalar(item, item, span)
        if type(item) is list:
            return Sequence(_Items(self, item, pointer), span)
        if type(item) in _COLLECTIONS:
            return Mapping(_Pairs(self, item, pointer), span)
        raw = "" if item is None else str(item).lower() if type(item) is bool else str(item)
        return Scalar(item, raw, span)

    def pairs(self, members: dict[str, Any] | Members, pointer: str) -> tuple[Pair, ...]:
        """The pairs of an object at a place."""
        if isinstance(members, Members):
            return self._with_twice(members, pointer)
        path = self.path
        pairs: list[Pair] = []
        for key, value in members.items():
            step = _below(pointer, key)
            pairs.append(Pair(key, Span(path, 0, 0, 0, 0, "#" + step), self.node(value, step)))
        return tuple(pairs)

    def _with_twice(self, members: Members, pointer: str) -> tuple[Pair, ...]:
        last = {key: index for index, (key, _) in enumerate(members)}
        seen: dict[str, Span] = {}
        pairs: list[Pair] = []
        for index, (key, value) in enumerate(members):
            step = _below(pointer, key)
            if last[key] != index:
                step += f"{_NTH}{index}"
            key_span = Span(self.path, 0, 0, 0, 0, "#" + step)
            if key in seen:
                self.problems.append(Problem(f"duplicate key {key!r}", key_span, seen[key]))
            seen.setdefault(key, key_span)
            pairs.append(Pair(key, key_span, self.node(value, step)))
        return tuple(pairs)


def _below(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


class _Inner(Unread, SequenceOf[Made]):
    """What is in an object or a list."""

    __slots__ = ("_made", "_maker", "_pointer")

    def __init__(self, maker: _Maker, raw: Any, pointer: str) -> None:
        super().__init__(raw)
        self._maker = maker
        self._pointer = pointer
        self._made: tuple[Made, ...] = ()

    def _make(self) -> tuple[Made, ...]:
        raise NotImplementedError

    @property
    def _all(self) -> tuple[Made, ...]:
        if not self.is_made:
            self._made = self._make()
            self.is_made = True
        return self._made

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[Made]:
        return iter(self._all)

    def __reversed__(self) -> Iterator[Made]:
        return reversed(self._all)

    @overload
    def __getitem__(self, index: int) -> Made: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Made, ...]: ...

    def __getitem__(self, index: int | slice) -> Made | tuple[Made, ...]:
        return self._all[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (_Inner, tuple)) and self._all == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)


class _Pairs(_Inner[Pair]):
    __slots__ = ()

    def _make(self) -> tuple[Pair, ...]:
        return self._maker.pairs(self.raw, self._pointer)


class _Items(_Inner[Node]):
    __slots__ = ()

    def _make(self) -> tuple[Node, ...]:
        return tuple([self._maker.node(item, f"{self._pointer}/{index}") for index, item in enumerate(self.raw)])


_BRACKETS = regex(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _first_too_deep(source: Source) -> tuple[int, int]:
    """Where JSON nests deeper than is read."""
    depth = 0
    for match in _BRACKETS.finditer(source.text):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return source.position(match.start())
        elif bracket in "]}":
            depth -= 1
    return 1, 1


_NTH = "~@"
"""In a pointer, after a key that a later one of its name overrides: which member of the object it is."""
_SPACE = regex(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def locate(source: Source, pointer: str) -> Span:
    """As :func:`lambdalint.templates.document.locate`."""
    text = source.text
    wants_key = pointer.startswith("#")
    steps = [step.partition(_NTH) for step in pointer.removeprefix("#").split("/")[1:]]
    try:
        start = _skip(text, 0)
        key_place = (start, start)
        for step, _, nth in steps:
            found = None
            wanted = step.replace("~1", "/").replace("~0", "~")
            for index, (key, key_start, key_end, value_start) in enumerate(_members(text, start)):
                if key == wanted and (not nth or index == int(nth)):
                    found = (key_start, key_end, value_start)
            if found is None:
                return source.span(0, len(text))
            key_place, start = found[:2], found[2]
        if wants_key:
            return source.span(*key_place)
        return source.span(start, _end(text, start))
    except (ValueError, IndexError, RecursionError):
        return source.span(0, len(text))


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _end(text: str, position: int) -> int:
    return _DECODER.raw_decode(text, position)[1]


def _string(text: str, position: int) -> tuple[str, int]:
    value, end = (scanstring or py_scanstring)(text, position + 1, True)
    return _LONE.sub("\ufffd", value), int(end)


def _members(text: str, position: int) -> Iterator[tuple[str, int, int, int]]:
    """Key, its place, and where its value begins, for each member of the object or list at a position."""
    if text[position] == "[":
        position = _skip(text, position + 1)
        index = 0
        while text[position] != "]":
            yield str(index), position, position, position
            position = _skip(text, _end(text, position))
            if text[position] == ",":
                position = _skip(text, position + 1)
            index += 1
    elif text[position] == "{":
        position = _skip(text, position + 1)
        while text[position] != "}":
            key, key_end = _string(text, position)
            value = _skip(text, _skip(text, key_end) + 1)
            yield key, position, key_end, value
            position = _skip(text, _end(text, value))
            if text[position] == ",":
                position = _skip(text, position + 1)
