"""Code that a template gives inline, with the places of its lines in the template."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, structs

from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Resource
from lambdalint.templates.document import Mapping, Node, Scalar, Sequence, get, locate

Placer = Callable[[int, int, int, int], Span]


class InlineCode(Struct, frozen=True):
    """The text, how its positions map to the template, and whether ``Fn::Sub`` fills it in."""

    text: str
    place: Placer
    substituted: bool


def inline_code(resource: Resource, source: Source | None) -> InlineCode | None:
    """The inline code of a function, or None if it is not written out in the template."""
    node = get(resource.properties_node, "InlineCode") or get(resource.properties_node, "Code", "ZipFile")
    return _read(node, source, False)


def _read(node: Node | None, source: Source | None, substituted: bool) -> InlineCode | None:
    if isinstance(node, Scalar):
        if not isinstance(node.value, str):
            return None
        return InlineCode(node.value, _scalar_placer(node, source), substituted)
    if isinstance(node, Mapping) and len(node.pairs) == 1:
        pair = node.pairs[0]
        if pair.key == "Fn::Sub":
            inner = pair.value
            if isinstance(inner, Sequence) and inner.items:
                inner = inner.items[0]
            return _read(inner, source, True)
        if pair.key == "Fn::Join":
            return _joined(pair.value, source)
    return None


def _joined(node: Node, source: Source | None) -> InlineCode | None:
    """``Fn::Join`` of lines, as old templates write code."""
    if not isinstance(node, Sequence) or len(node.items) != 2:
        return None
    delimiter, parts = node.items
    if not isinstance(delimiter, Scalar) or not isinstance(parts, Sequence):
        return None
    pieces: list[str] = []
    spans: list[Span] = []
    for part in parts.items:
        if isinstance(part, Scalar):
            pieces.append(part.raw)
        elif isinstance(part, Mapping) and len(part.pairs) == 1 and isinstance(part.pairs[0].value, Scalar):
            pieces.append("${" + part.pairs[0].value.raw + "}" if part.pairs[0].key == "Ref" else "${}")
        else:
            return None
        spans.append(_located(part.span, source))
    text = delimiter.raw.join(pieces)
    by_line: list[Span] = []
    for index, piece in enumerate(pieces):
        whole = piece + (delimiter.raw if index < len(pieces) - 1 else "")
        by_line.extend([spans[index]] * whole.count("\n"))
    by_line.append(spans[-1] if spans else node.span)

    def place(line: int, column: int, end_line: int, end_column: int) -> Span:
        first = by_line[min(line, len(by_line)) - 1]
        last = by_line[min(end_line, len(by_line)) - 1]
        return Span(first.path, first.line, first.column, last.end_line, last.end_column, first.pointer)

    return InlineCode(text, place, True)


def _located(span: Span, source: Source | None) -> Span:
    """The place in the text; the pointer stays, so that it can be told what of the template it is."""
    if span.line or source is None:
        return span
    return structs.replace(locate(source, span.pointer), pointer=span.pointer)


def _scalar_placer(node: Scalar, source: Source | None) -> Placer:
    span = _located(node.span, source)
    indent = _indent(node, source) if node.block == "|" else -1
    if indent >= 0:
        first = span.line + _header_lines(node, source)

        def exact(line: int, column: int, end_line: int, end_column: int) -> Span:
            return Span(span.path, first + line, column + indent, first + end_line, end_column + indent)

        return exact

    def whole(line: int, column: int, end_line: int, end_column: int) -> Span:
        return span

    return whole


def _header_lines(node: Scalar, source: Source | None) -> int:
    """How many lines beyond its first the header of a block scalar takes; mostly none."""
    if source is None:
        return 0
    for extra in range(3):
        index = node.span.line - 1 + extra
        if index < len(source.lines) and source.lines[index].rstrip().rstrip("+-0123456789").endswith("|"):
            return extra
        if index < len(source.lines) and "|" in source.lines[index].partition(" #")[0]:
            return extra
    return 0


def _indent(node: Scalar, source: Source | None) -> int:
    """The columns that a literal block is indented by, or -1 if that can't be told."""
    if source is None:
        return -1
    start = node.span.line + _header_lines(node, source)
    for text in source.lines[start : node.span.end_line]:
        if text.strip():
            written = len(text) - len(text.lstrip(" "))
            first = next((line for line in node.raw.split("\n") if line.strip()), "")
            return written - (len(first) - len(first.lstrip(" ")))
    return -1
