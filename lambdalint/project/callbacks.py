"""Handlers in JavaScript that answer through a callback or the context."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.node import CALLBACK_POSITION, ENDING_METHODS
from lambdalint.code.facts import Member, Parameter, walk
from lambdalint.finding import Edit
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.model import Handler
from lambdalint.project.names import is_used, nested
from lambdalint.project.things import FunctionThing, alternatives
from lambdalint.source import Span
from lambdalint.values import Context


class Callback(Struct, frozen=True):
    """A handler's third parameter, of which the runtime takes the handler for one with a callback.

    ``removal`` takes it out, where nothing uses it.
    """

    name: str
    span: Span
    removal: Edit | None


def callback(handler: Handler) -> Callback | None:
    """The callback of the function that Lambda calls, if that function is known for certain and takes one."""
    target = handler.named[0] if len(handler.named) == 1 else None
    if handler.language != "javascript" or not isinstance(target, FunctionThing) or target.is_partial:
        return None
    definition = target.definition
    counted: list[Parameter] = []
    for parameter in definition.parameters:
        if parameter.kind != "positional" or parameter.default is not None:
            break
        counted.append(parameter)
    if definition.kind == "class" or len(counted) <= CALLBACK_POSITION:
        return None
    module, found = target.module, counted[CALLBACK_POSITION]
    before = counted[CALLBACK_POSITION - 1]
    inside = nested(module, target.index)
    removal: Edit | None = None
    is_last = len(definition.parameters) == CALLBACK_POSITION + 1
    unused = not is_used(module, found.name, inside) and not is_used(module, "arguments", inside)
    if is_last and unused and not found.name.startswith("\0") and "#" not in module.path:
        start, end = before.span, found.span
        gap = Span("", start.end_line, start.end_column, end.end_line, end.end_column)
        removal = Edit(module.at(gap), "")
    return Callback(_shown(found), module.at(found.span), removal)


def endings(handler: Handler) -> Iterator[CallRecord]:
    """The calls of ``context.done``, ``context.succeed`` and ``context.fail`` that a handler reaches, each once."""
    seen: set[Span] = set()
    for record in handler.calls:
        callee = record.site.call.callee
        if not isinstance(callee, Member) or callee.name not in ENDING_METHODS or record.span in seen:
            continue
        if any(_is_ending(thing) for thing in alternatives(record.thing(callee))) and not _is_asked_for(record):
            seen.add(record.span)
            yield record


def _is_ending(thing: object) -> bool:
    return isinstance(thing, Context) and thing.attribute in ENDING_METHODS


def _is_asked_for(record: CallRecord) -> bool:
    """Whether a condition around a call asks if the context has such a method at all."""
    for block in record.blocks:
        for part in walk(block.test):
            if isinstance(part, Member) and part.name in ENDING_METHODS:
                return True
    return False


def _shown(parameter: Parameter) -> str:
    return "its third parameter" if parameter.name.startswith("\0") else f"`{parameter.name}`"
