"""Text edits for fixes. The text itself is asked only for what facts do not tell: commas, comments, lines."""

from __future__ import annotations

import re

from msgspec import Struct

from lambdalint.code.facts import MODULE, Expression, Member
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Resource


def wrapped(span: Span, before: str, after: str) -> tuple[Edit, ...]:
    """Puts something before and behind what stands at a place."""
    start = Span(span.path, span.line, span.column, span.line, span.column)
    end = Span(span.path, span.end_line, span.end_column, span.end_line, span.end_column)
    return (Edit(start, before), Edit(end, after))


def property_before(resource: Resource, names: tuple[str, ...], text: str) -> tuple[Edit, ...]:
    """Puts a line into the properties of a resource, before the first of some that stand in lines of their own."""
    found = [item.key_span for name in names if (item := resource.get(name)) is not None]
    own = [at for at in found if at.line and resource.body.contains(at)]
    lines = {at.line for at in own}
    if len(own) < 2 or len(lines) < 2 or len({at.column for at in own}) > 1 or own[0].column == 1:
        return ()
    at = min(own)
    return (Edit(Span(at.path, at.line, at.column, at.line, at.column), f"{text}\n{' ' * (at.column - 1)}"),)


def python_name(module: ModuleIndex, package: str, symbol: str) -> tuple[str, tuple[Edit, ...]] | None:
    """How a Python module calls what a package offers, with the edits that import it if nothing has done so yet."""
    for imported in module.facts.imports:
        if imported.function == MODULE and not imported.guarded and imported.module == package and imported.name:
            if imported.symbol == symbol:
                return imported.name, ()
            if not imported.symbol:
                own = imported.name != package.partition(".")[0]
                return f"{imported.name if own else package}.{symbol}", ()
    if symbol in module.definition(MODULE).locals or "#" in module.path:
        return None
    for imported in module.facts.imports:
        at = module.at(imported.span)
        is_plain = imported.function == MODULE and not imported.symbol and not imported.guarded
        if is_plain and at.column == len("import ") + 1:
            start = Span(at.path, at.line, 1, at.line, 1)
            return symbol, (Edit(start, f"from {package} import {symbol}\n"),)
    return None


def stands_alone(module: ModuleIndex, span: Span) -> bool:
    """Whether what a value came from is an expression in the code, not a name that destructuring binds."""
    return all(
        _is_written_out(binding.value) for binding in module.facts.bindings if module.at(binding.value.span) == span
    )


def _is_written_out(expression: Expression) -> bool:
    if isinstance(expression, Member):
        at, base = expression.span, expression.base.span
        return (at.line, at.column) == (base.line, base.column)
    return True


def text_at(source: Source, span: Span) -> str:
    """The text at a place."""
    return source.text[source.offset(span.line, span.column) : source.offset(span.end_line, span.end_column)]


def comment_mark(path: str) -> str:
    """What begins a comment in a file, up to the end of a line."""
    if path.endswith(".json"):
        return "\0"
    return "//" if path.endswith((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")) else "#"


def without_item(source: Source, span: Span) -> Edit | None:
    """The edit that takes an item of a bracketed list or map away, with its comma; None where that isn't plain.

    An item that stands in lines of its own goes with these lines.
    """
    text, mark = source.text, comment_mark(source.path)
    start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
    line_start = source.offset(span.line, 1)
    is_first = not text[line_start:start].strip()
    behind = _past_space(text, end)
    if text[behind : behind + 1] == ",":
        rest = re.compile(r"[ \t]*(?:" + re.escape(mark) + r"[^\r\n]*)?(?:\r\n?|\n)").match(text, behind + 1)
        if is_first and rest is not None:
            return _cut(source, line_start, rest.end())
        space = re.compile(r"[ \t]*").match(text, behind + 1)
        after = space.end() if space is not None else behind + 1
        if text[after : after + 1] in ("\r", "\n"):
            return _cut(source, len(text[:start].rstrip(" \t")), behind + 1)
        return _cut(source, start, after)
    if text[behind : behind + 1] not in (")", "]", "}"):
        return None
    before = len(text[:start].rstrip())
    if text[before - 1 : before] == ",":
        return _cut(source, before - 1, end)
    return _cut(source, before, behind) if text[before - 1 : before] in ("(", "[", "{") else None


def _past_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _cut(source: Source, start: int, end: int) -> Edit:
    return Edit(source.span(start, end), "")


class Brackets(Struct, frozen=True):
    """What stands in brackets, as facts tell it: all of it, and the first and last item, where there are items."""

    span: Span
    first: Span | None = None
    last: Span | None = None


def with_item(source: Source, around: Brackets, item: str) -> Edit | None:
    """The edit that adds a last item within the brackets that a place ends with, in a line of its own if others are."""
    text = source.text
    closing = source.offset(around.span.end_line, around.span.end_column) - 1
    bracket = text[closing : closing + 1]
    if bracket not in (")", "}"):
        return None
    if around.last is None:
        opening = len(text[:closing].rstrip()) - 1
        if text[opening : opening + 1] != {")": "(", "}": "{"}[bracket]:
            return None
        return Edit(source.span(opening + 1, closing), f" {item} " if bracket == "}" else item)
    end = source.offset(around.last.end_line, around.last.end_column)
    between = text[end:closing]
    if between.strip() not in ("", ","):
        return None
    comma = between.find(",")
    if "\n" not in between and "\r" not in between:
        place = source.span(end, end + comma + 1)
        return Edit(place, f", {item}")
    line = source.lines[around.last.line - 1]
    indent = line[: len(line) - len(line.lstrip())]
    at = end + comma + 1 if comma >= 0 else end
    return Edit(source.span(at, at), f"\n{indent}{item}," if comma >= 0 else f",\n{indent}{item}")
