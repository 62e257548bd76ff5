"""The values that a template's setting may have, each where it is written."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.source import Span
from lambdalint.templates.cloudformation import Resource, Setting
from lambdalint.values import Literal, Parameter, Text, Value, options

WRITTEN, DEFAULT, ALLOWED = "written", "default", "allowed"


class Choice(Struct, frozen=True):
    """One value that a setting may have.

    ``how``: ``written`` (in place, in a branch of a condition or in a row of a mapping), ``default`` (of a parameter)
    or ``allowed`` (only listed among a parameter's allowed values). ``parameter`` is the parameter's name.
    ``is_whole``: the place holds the value as it is, not only a part of it (``Fn::Sub``).
    """

    literal: Literal
    how: str = WRITTEN
    parameter: str = ""
    is_whole: bool = True

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.literal.span


def choices(value: Value | None) -> Iterator[Choice]:
    """The known values that a value may have; what is not known is left out."""
    for option in options(value):
        if isinstance(option, Literal):
            yield Choice(option)
        elif isinstance(option, Parameter):
            yield from _of_parameter(option)
        elif isinstance(option, Text):
            yield from _of_text(option)


def _of_parameter(parameter: Parameter) -> Iterator[Choice]:
    default = parameter.default
    if default is not None:
        yield Choice(default, DEFAULT, parameter.name)
    for item in parameter.allowed:
        if default is None or item.value != default.value:
            yield Choice(item, ALLOWED, parameter.name)


def _of_text(whole: Text) -> Iterator[Choice]:
    """The strings that a text with a single open part may be."""
    open_parts = [index for index, part in enumerate(whole.parts) if not isinstance(part, Literal)]
    if len(open_parts) != 1:
        return
    before = "".join(str(part.value) for part in whole.parts[: open_parts[0]] if isinstance(part, Literal))
    after = "".join(str(part.value) for part in whole.parts[open_parts[0] + 1 :] if isinstance(part, Literal))
    for choice in choices(whole.parts[open_parts[0]]):
        if isinstance(choice.literal.value, str):
            literal = Literal(f"{before}{choice.literal.value}{after}", choice.span)
            yield Choice(literal, choice.how, choice.parameter, choice.is_whole and not before and not after)


def use(choice: Choice, setting: Setting, resource: Resource) -> Span | None:
    """Where a resource uses a value that is written outside of it; None if it is written in the resource itself."""
    if stands_in(choice.span, resource):
        return None
    return setting.key_span if stands_in(setting.key_span, resource) else resource.key_span


def stands_in(span: Span, resource: Resource) -> bool:
    """Whether a place is within a resource."""
    if span.line:
        return resource.body.contains(span)
    inside = span.pointer.lstrip("#").startswith(f"{resource.node.span.pointer}/")
    return inside and span.path == resource.node.span.path
