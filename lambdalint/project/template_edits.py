"""Text edits of templates, as small as can be: what stands around them, comments included, stays as it is.

There is no edit where the text is not what it seems to be (a tag, an anchor, an escape), and none where the place
serves other functions as well.
"""

from __future__ import annotations

import re

from lambdalint.finding import Edit
from lambdalint.project.choices import stands_in
from lambdalint.project.edits import text_at, without_item
from lambdalint.project.model import Function, Project
from lambdalint.regex import regex
from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Resource
from lambdalint.templates.document import Mapping, get, locate, plain_scalar
from lambdalint.values import Literal, options

_PLAIN = regex(r"[A-Za-z0-9_./](?:[\w./@+=~:-]*[\w./@+=~-])?")
_QUOTABLE = regex(r"[^\"'\\\x00-\x1f]*")
_SHORT_REFERENCE = regex(r"!(?:Ref|GetAtt)\s")
_LONG_REFERENCE = regex(r"([\"']?)(?:Ref|Fn::GetAtt)\1\s*:")


def located(project: Project, span: Span) -> Span | None:
    """A place with line and column, also where it is only a pointer so far; None where its text can't be had."""
    if span.line:
        return span
    source = project.source(span.path)
    return locate(source, span.pointer) if source is not None else None


def is_written_in(resource: Resource, span: Span) -> bool:
    """Whether a value is written in a resource itself, or in ``Globals``; mappings and parameters serve others too."""
    if stands_in(span, resource):
        return True
    shared = get(resource.template.root, "Globals")
    if shared is None or span.path != shared.span.path:
        return False
    return shared.span.contains(span) if span.line else span.pointer.lstrip("#").startswith("/Globals/")


def is_for_one(function: Function, path: tuple[str, ...], span: Span) -> bool:
    """Whether what stands at a place is a property of this function, and of no other one."""
    if function.template.assembly is not None or not is_written_in(function.resource, span):
        return False
    for other in function.project.functions:
        if other is not function and other.template.path == function.template.path:
            found = other.get(*path)
            if found is not None and span in (found.key_span, *(option.span for option in options(found.value))):
                return False
    return True


def rewritten(project: Project, literal: Literal, new: str) -> Edit | None:
    """The edit that writes another string in the place of a scalar, with the same quotes."""
    span = located(project, literal.span)
    source = project.source(literal.span.path)
    if span is None or source is None or not _QUOTABLE.fullmatch(new):
        return None
    old, raw = str(literal.value), text_at(source, span)
    if raw == old and _PLAIN.fullmatch(new) and plain_scalar(new) == new:
        return Edit(span, new)
    if raw in (old, f'"{old}"'):
        return Edit(span, f'"{new}"')
    return Edit(span, f"'{new}'") if raw == f"'{old}'" else None


def rewritten_property(function: Function, name: str, literal: Literal, new: str) -> Edit | None:
    """As :func:`rewritten`, of a property that is this function's alone."""
    return rewritten(function.project, literal, new) if is_for_one(function, (name,), literal.span) else None


def reference(function: Function, path: tuple[str, ...], span: Span, name: str, attribute: str) -> Edit | None:
    """The edit that makes a reference another one, in the form that it has: short, long, or JSON."""
    place = located(function.project, span)
    source = function.project.source(span.path)
    if place is None or source is None or not is_for_one(function, path, span):
        return None
    raw = text_at(source, place)
    if _SHORT_REFERENCE.match(raw):
        return Edit(place, f"!GetAtt {name}.{attribute}" if attribute else f"!Ref {name}")
    is_flow = raw.startswith("{") and raw.endswith("}")
    inner = raw[1:-1].strip() if is_flow else raw
    begins = _LONG_REFERENCE.match(inner)
    if begins is None or (not is_flow and "\n" in raw):
        return None
    quote = '"' if begins[1] else ""
    key, value = (f"{quote}Ref{quote}", f"{quote}{name}{quote}")
    if attribute:
        key = f"{quote}Fn::GetAtt{quote}"
        value = f"[{quote}{name}{quote}, {quote}{attribute}{quote}]"
    inside = f"{key}: {value}"
    if not is_flow:
        return Edit(place, inside)
    space = " " if raw[1:2].isspace() else ""
    return Edit(place, f"{{{space}{inside}{space}}}")


def without_property(function: Function, name: str) -> Edit | None:
    """The edit that takes a property of a function away, from its key to the end of its value."""
    parent = function.resource.properties_node
    if not isinstance(parent, Mapping) or len(parent.pairs) < 2:
        return None
    pairs = [pair for pair in parent.pairs if pair.key == name]
    if len(pairs) != 1 or not is_for_one(function, (name,), pairs[0].key_span):
        return None
    project = function.project
    source = project.source(parent.span.path)
    around, key, value = (located(project, span) for span in (parent.span, pairs[0].key_span, pairs[0].value.span))
    if source is None or around is None or key is None or value is None:
        return None
    if not (around.contains(key) and around.contains(value) and key.before(value)):
        return None
    if re.match(r"(?:[&!]\S*\s+)*\{", text_at(source, around)):
        return without_item(source, key.to(value))
    return _without_lines(source, key.to(value), parent)


def _without_lines(source: Source, span: Span, parent: Mapping) -> Edit | None:
    """The edit that takes whole lines of a block mapping away; None where something else stands in them."""
    before = source.lines[span.line - 1][: span.column - 1]
    after = source.lines[span.end_line - 1][span.end_column - 1 :].strip()
    others = [pair for pair in parent.pairs if (pair.key_span.line, pair.key_span.column) != (span.line, span.column)]
    taken = range(span.line, span.end_line + 1)
    if before.strip() or (after and not after.startswith("#")) or any(pair.key_span.line in taken for pair in others):
        return None
    if span.end_line == len(source.lines):
        return Edit(Span(span.path, span.line, 1, span.end_line, len(source.lines[-1]) + 1), "")
    return Edit(Span(span.path, span.line, 1, span.end_line + 1, 1), "")
