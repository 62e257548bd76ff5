"""What keeps Node.js's event loop alive when a handler answers through its callback.

Lambda then waits until the loop is empty, unless the context says otherwise. A connection that was opened at module
level is never done, so that every invocation lasts until the function's timeout.
"""

from __future__ import annotations

from msgspec import Struct

from lambdalint.aws import promises
from lambdalint.aws.promises import canonical
from lambdalint.code.facts import Member, Name
from lambdalint.project.evaluate import INIT, CallRecord
from lambdalint.project.model import Function, Handler
from lambdalint.project.things import External, Native, alternatives
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import Literal, MapOf

_NODE = regex(r"nodejs(\d+)\.x\Z")
CALLBACK = 2
"""The position of a handler's callback."""


class Held(Struct, frozen=True):
    """Something that keeps the event loop alive. ``seconds``: for how long once it is idle; 0: without end."""

    record: CallRecord
    name: str
    seconds: float

    @property
    def span(self) -> Span:
        """Where it is opened."""
        return self.record.span


def held_open(handler: Handler) -> tuple[Held, ...]:
    """What a handler that answers through a callback waits for although nobody asked for it."""
    if not answers_by_callback(handler) or not _has_callbacks(handler.functions) or _is_told(handler):
        return ()
    found: dict[Span, Held] = {}
    for record in handler.calls:
        if record.phase != INIT or record.possible:
            continue
        path = canonical(record.callee)
        seconds = promises.HANDLES.get(path)
        if seconds is not None and not _is_released(record, path, handler):
            found.setdefault(record.span, Held(record, path.replace("()", ""), seconds))
    return tuple(found.values())


def answers_by_callback(handler: Handler) -> bool:
    """Whether a handler is not async and calls its third parameter, or hands it on."""
    target = handler.target
    if target is None or target.definition.is_async or handler.is_wrapped:
        return False
    bound = len(target.arguments)
    parameters = [item for item in target.definition.parameters if item.kind == "positional"][bound:]
    if len(parameters) <= CALLBACK:
        return False
    name = parameters[CALLBACK].name
    module, inside = target.module, {target.index}
    for index, definition in enumerate(module.facts.definitions):
        if definition.parent in inside:
            inside.add(index)
    for call in module.facts.calls:
        if call.function in inside:
            used = [call.callee, *(argument.value for argument in call.arguments)]
            if any(isinstance(item, Name) and item.id == name for item in used):
                return True
    return False


def _has_callbacks(functions: list[Function]) -> bool:
    """Whether the runtimes of functions are known, and all know callbacks."""
    for function in functions:
        names = [_NODE.match(str(item.value)) for item in function.runtimes]
        if not names or any(name is None or int(name[1]) > promises.LAST_WITH_CALLBACKS for name in names):
            return False
    return True


def _is_told(handler: Handler) -> bool:
    """Whether the code says anywhere whether to wait for the event loop."""
    for module in handler.modules:
        facts = module.facts
        if module.members.get(promises.EMPTY_EVENT_LOOP):
            return True
        if any(item.value == promises.EMPTY_EVENT_LOOP for item in facts.strings):
            return True
        if any(item.module in promises.EMPTY_EVENT_LOOP_MIDDLEWARE for item in facts.imports):
            return True
    return False


def _is_released(record: CallRecord, path: str, handler: Handler) -> bool:
    """Whether something is not kept, is let go of, or may be."""
    for argument in record.site.call.arguments:
        value = record.thing(argument.value)
        if isinstance(value, MapOf):
            if any(entry.key in promises.NOT_KEPT_ALIVE and not _is_false(entry.value) for entry in value.entries):
                return True
    for other in handler.calls:
        method = canonical(other.callee).rpartition(".")[2]
        if method not in promises.RELEASES:
            continue
        callee = other.site.call.callee
        if not isinstance(callee, Member):
            return True
        for base in alternatives(other.thing(callee.base)):
            if not isinstance(base, (External, Native)) or canonical(base.path).startswith((path, _start(path), "?")):
                return True
    return False


def _start(path: str) -> str:
    return path.partition(".")[0]


def _is_false(value: object) -> bool:
    return isinstance(value, Literal) and not value.value
