"""Intrinsic functions, evaluated to values.

Conditions are never decided: ``Fn::If`` gives both branches, ``Fn::FindInMap`` with an unknown key every row. What
lies outside the template (pseudo parameters, imports, dynamic references) becomes a reference without template.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map

from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.templates.document import Mapping, Node, Scalar, Sequence, get
from lambdalint.values import (
    MAX_DEPTH,
    Absent,
    Entry,
    ListOf,
    Literal,
    MapOf,
    OneOf,
    Parameter,
    Ref,
    Text,
    Unknown,
    Value,
    concatenate,
    literals,
    one_of,
    options,
    written,
)

IMPORT = "Fn::ImportValue"
DYNAMIC = "resolve:"
MAX_EVALUATIONS = 400_000

_PLACEHOLDER = regex(r"\$\{([^!${}][^${}]*)\}|\$\{!([^}]*)\}")
_DYNAMIC = regex(r"\{\{(resolve:[^{}]+)\}\}")
_OPENS = regex(r"\{\{resolve:[^{}]*\Z")


def is_intrinsic(node: Node | None) -> bool:
    """Whether a node is the call of an intrinsic function."""
    if not isinstance(node, Mapping) or len(node.pairs) != 1:
        return False
    key = node.pairs[0].key
    return key == "Ref" or key.startswith("Fn::")


class Evaluator:
    """Evaluates the nodes of one template. Results are shared; nodes are identified by object."""

    def __init__(self, template: str, parameters: Map[str, Parameter], mappings: Node | None) -> None:
        self.template = template
        self.parameters = parameters
        self.mappings = mappings
        self._known: dict[int, tuple[Node, Value]] = {}
        self._budget = MAX_EVALUATIONS

    def value(self, node: Node | None, depth: int = 0) -> Value:
        """The value of a node. A missing node is :class:`Absent`."""
        if node is None:
            return Absent()
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        self._budget -= 1
        if depth > MAX_DEPTH or self._budget < 0:
            return Unknown(node.span)
        found = self._evaluate(node, depth)
        self._known[id(node)] = (node, found)
        return found

    def _evaluate(self, node: Node, depth: int) -> Value:
        if isinstance(node, Scalar):
            if isinstance(node.value, str) and "{{resolve:" in node.value:
                return _dynamic(node.value, node.span)
            return Literal(node.value, node.span)
        if isinstance(node, Sequence):
            values = [self.value(item, depth + 1) for item in node.items]
            return ListOf(tuple(value for value in values if not isinstance(value, Absent)), node.span)
        if len(node.pairs) == 1:
            pair = node.pairs[0]
            if pair.key == "Ref":
                return self._ref(pair.value, node.span)
            if pair.key.startswith("Fn::"):
                function = _FUNCTIONS.get(pair.key)
                return function(self, pair.value, node.span, depth + 1) if function else Unknown(node.span)
        entries = [
            Entry(pair.key, self.value(pair.value, depth + 1), pair.key_span)
            for pair in node.pairs
            if not pair.key.startswith("Fn::")
        ]
        return MapOf(tuple(entries), node.span, len(entries) < len(node.pairs))

    def reference(self, name: str, span: Span) -> Value:
        """What ``Ref`` gives for a name."""
        if name == "AWS::NoValue":
            return Absent(span)
        if name.startswith("AWS::"):
            return Ref(name, "", "", span)
        parameter = self.parameters.get(name)
        if parameter is not None:
            return Parameter(
                parameter.name,
                parameter.template,
                parameter.default,
                parameter.allowed,
                parameter.no_echo,
                parameter.kind,
                span,
            )
        return Ref(name, "", self.template, span)

    def _ref(self, argument: Node, span: Span) -> Value:
        if not isinstance(argument, Scalar) or not argument.raw:
            return Unknown(span)
        return self.reference(argument.raw, span)

    def _get_att(self, argument: Node, span: Span, depth: int) -> Value:
        if isinstance(argument, Scalar):
            name, _, attribute = argument.raw.partition(".")
        elif isinstance(argument, Sequence) and len(argument.items) >= 2:
            parts = [item.raw if isinstance(item, Scalar) else None for item in argument.items]
            if any(part is None for part in parts):
                return Unknown(span)
            name, attribute = str(parts[0]), ".".join(str(part) for part in parts[1:])
        else:
            return Unknown(span)
        return Ref(name, attribute, self.template, span) if name and attribute else Unknown(span)

    def _sub(self, argument: Node, span: Span, depth: int) -> Value:
        variables: dict[str, Value] = {}
        if isinstance(argument, Sequence) and argument.items:
            if len(argument.items) > 1 and isinstance(argument.items[1], Mapping):
                variables = {pair.key: self.value(pair.value, depth) for pair in argument.items[1].pairs}
            argument = argument.items[0]
        if not isinstance(argument, Scalar):
            return Unknown(span)
        return self.substitute(argument.raw, variables, span)

    def substitute(self, template: str, variables: Map[str, Value], span: Span) -> Value:
        """The value of a ``Fn::Sub`` string."""
        parts: list[Value] = []
        end = 0
        for match in _PLACEHOLDER.finditer(template):
            parts.append(_dynamic(template[end : match.start()], span))
            end = match.end()
            name, escaped = match.groups()
            if name is None:
                parts.append(Literal("${" + escaped + "}", span))
                continue
            name = name.strip()
            if name in variables:
                parts.append(variables[name])
            elif "." in name and not name.startswith("AWS::"):
                resource, _, attribute = name.partition(".")
                parts.append(Ref(resource, attribute, self.template, span))
            else:
                parts.append(self.reference(name, span))
        parts.append(_dynamic(template[end:], span))
        return _string(parts, span)

    def _join(self, argument: Node, span: Span, depth: int) -> Value:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            return Unknown(span)
        delimiter = self.value(argument.items[0], depth)
        parts = self.value(argument.items[1], depth)
        if not isinstance(parts, ListOf) or not isinstance(delimiter, Literal):
            return Text((Unknown(parts.span),), span)
        pieces: list[Value] = []
        for item in parts.items:
            if isinstance(item, Absent):
                continue
            if pieces:
                pieces.append(delimiter)
            pieces.append(item)
        return _string(pieces, span)

    def _select(self, argument: Node, span: Span, depth: int) -> Value:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            return Unknown(span)
        index = self.value(argument.items[0], depth)
        found: list[Value] = []
        for option in options(self.value(argument.items[1], depth)):
            position = index.value if isinstance(index, Literal) else None
            if isinstance(position, str) and position.isdigit():
                position = int(position)
            inside = isinstance(position, int) and isinstance(option, ListOf) and 0 <= position < len(option.items)
            found.append(option.items[position] if inside else Unknown(span))  # type: ignore[union-attr,index]
        return one_of(found, span)

    def _split(self, argument: Node, span: Span, depth: int) -> Value:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            return Unknown(span)
        delimiter = self.value(argument.items[0], depth)
        if not isinstance(delimiter, Literal) or not isinstance(delimiter.value, str) or not delimiter.value:
            return Unknown(span)
        whole = self.value(argument.items[1], depth)
        parts = whole.parts if isinstance(whole, Text) else (whole,)
        pieces: list[list[Value]] = [[]]
        for part in parts:
            if isinstance(part, Literal):
                for index, piece in enumerate(str(part.value).split(delimiter.value)):
                    if index:
                        pieces.append([])
                    pieces[-1].append(Literal(piece, part.span))
            elif isinstance(part, Ref) and part.name in ("AWS::Region", "AWS::AccountId", "AWS::Partition"):
                pieces[-1].append(part)
            else:
                return Unknown(span)
        return ListOf(tuple(_string(piece, span) for piece in pieces), span)

    def _if(self, argument: Node, span: Span, depth: int) -> Value:
        if not isinstance(argument, Sequence) or len(argument.items) != 3:
            return Unknown(span)
        branches = [self.value(item, depth) for item in argument.items[1:]]
        return one_of(branches, span)

    def _find_in_map(self, argument: Node, span: Span, depth: int) -> Value:
        if not isinstance(argument, Sequence) or len(argument.items) < 3:
            return Unknown(span)
        level: list[Node] = [self.mappings] if self.mappings is not None else []
        complete = bool(level)
        for item in argument.items[:3]:
            wanted = self.value(item, depth)
            known = [written(literal.value) for literal in literals(wanted)]
            certain = isinstance(wanted, (Literal, OneOf)) and len(known) == len(list(options(wanted)))
            below: list[Node] = []
            for node in level:
                if not isinstance(node, Mapping):
                    continue
                for pair in node.pairs:
                    if pair.key.startswith("Fn::"):
                        return Unknown(span)
                    if not certain or pair.key in known:
                        below.append(pair.value)
                complete = complete and certain and all(node.get(key) is not None for key in known)
            level = below
        found = [self.value(node, depth) for node in level]
        if len(argument.items) > 3 and not complete:
            default = get(argument.items[3], "DefaultValue")
            found.append(self.value(default, depth) if default is not None else Unknown(span))
        return one_of(found, span) if found else Unknown(span)

    def _import_value(self, argument: Node, span: Span, depth: int) -> Value:
        name = export_name(self.value(argument, depth))
        return Ref(name, IMPORT, "", span) if name else Unknown(span)

    def _base64(self, argument: Node, span: Span, depth: int) -> Value:
        return self.value(argument, depth)

    def _length(self, argument: Node, span: Span, depth: int) -> Value:
        counted = self.value(argument, depth)
        if not isinstance(counted, ListOf) or any(isinstance(item, OneOf) for item in counted.items):
            return Unknown(span)
        return Literal(len(counted.items), span)

    def _to_json(self, argument: Node, span: Span, depth: int) -> Value:
        return _string(list(_json_parts(self.value(argument, depth))), span)


def _json_parts(value: Value) -> Iterator[Value]:
    """The JSON text of a value, in parts: what is not known for certain stands for itself."""
    if isinstance(value, ListOf):
        for index, item in enumerate(value.items):
            yield Literal(", " if index else "[", value.span)
            yield from _json_parts(item)
        yield Literal("]" if value.items else "[]", value.span)
    elif isinstance(value, MapOf) and not value.open:
        for index, entry in enumerate(value.entries):
            yield Literal((", " if index else "{") + json.dumps(entry.key) + ": ", entry.key_span)
            yield from _json_parts(entry.value)
        yield Literal("}" if value.entries else "{}", value.span)
    elif isinstance(value, Literal):
        yield Literal(json.dumps(value.value), value.span)
    elif isinstance(value, (Ref, Text)):
        yield from (Literal('"', value.span), value, Literal('"', value.span))
    else:
        yield Unknown(value.span)


def export_name(name: Value) -> str:
    """An export's name as text, its references in ``${}``, so that equal names are equal texts; nothing if unknown."""
    if isinstance(name, Literal):
        return written(name.value)
    if isinstance(name, (Ref, Parameter)):
        attribute = name.attribute if isinstance(name, Ref) else ""
        return "${" + name.name + (f".{attribute}" if attribute else "") + "}"
    if isinstance(name, Text):
        parts = [export_name(part) for part in name.parts]
        return "".join(parts) if all(parts) else ""
    return ""


def _string(parts: list[Value], span: Span) -> Value:
    if any(isinstance(part, (ListOf, MapOf, Absent)) for part in parts):
        parts = [Unknown(part.span) if isinstance(part, (ListOf, MapOf, Absent)) else part for part in parts]
    whole = concatenate(parts, span)
    return _with_dynamic_reference(whole) if isinstance(whole, Text) else whole


def _with_dynamic_reference(whole: Text) -> Value:
    """A text in which ``{{resolve:…}}``, put together of parts, stands for something outside.

    Of several, one: from the first beginning to the last end.
    """
    opening = [index for index, part in enumerate(whole.parts) if _OPENS.search(_known(part))]
    closing = [index for index, part in enumerate(whole.parts) if "}}" in _known(part)]
    if not opening or not closing or opening[0] >= closing[-1]:
        return whole
    first, last = whole.parts[opening[0]], whole.parts[closing[-1]]
    before, _, begun = _known(first).partition("{{")
    ended, _, after = _known(last).rpartition("}}")
    inner = [Literal(begun), *whole.parts[opening[0] + 1 : closing[-1]], Literal(ended)]
    name = "".join(_known(part) or f"${export_name(part).strip('${}')}" for part in inner if part != Literal(""))
    reference = Ref(name, "", "", whole.span)
    parts: list[Value] = [Literal(before, first.span), reference, Literal(after, last.span)]
    parts = [*whole.parts[: opening[0]], *parts, *whole.parts[closing[-1] + 1 :]]
    parts = [part for part in parts if not (isinstance(part, Literal) and part.value == "")]
    return parts[0] if len(parts) == 1 else Text(tuple(parts), whole.span)


def _known(part: Value) -> str:
    return part.value if isinstance(part, Literal) and isinstance(part.value, str) else ""


def _dynamic(content: str, span: Span) -> Value:
    """A string in which ``{{resolve:…}}`` stands for something outside."""
    if "{{resolve:" not in content:
        return Literal(content, span)
    parts: list[Value] = []
    end = 0
    for match in _DYNAMIC.finditer(content):
        if match.start() > end:
            parts.append(Literal(content[end : match.start()], span))
        parts.append(Ref(match.group(1), "", "", span))
        end = match.end()
    if end < len(content):
        parts.append(Literal(content[end:], span))
    return parts[0] if len(parts) == 1 else Text(tuple(parts), span)


_FUNCTIONS: dict[str, Callable[[Evaluator, Node, Span, int], Value]] = {
    "Fn::GetAtt": Evaluator._get_att,
    "Fn::Sub": Evaluator._sub,
    "Fn::Join": Evaluator._join,
    "Fn::Select": Evaluator._select,
    "Fn::Split": Evaluator._split,
    "Fn::If": Evaluator._if,
    "Fn::FindInMap": Evaluator._find_in_map,
    "Fn::ImportValue": Evaluator._import_value,
    "Fn::Base64": Evaluator._base64,
    "Fn::Length": Evaluator._length,
    "Fn::ToJsonString": Evaluator._to_json,
}
