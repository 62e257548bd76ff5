"""Schedules that call a function for no other end than to keep it warm."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws import warming
from lambdalint.aws.promises import CONSTRUCTOR
from lambdalint.aws.schedules import SCHEDULED_EVENT
from lambdalint.code.facts import Block, Call, Choice, Const, Expression, Member, Name, Other, Result, Statement, dotted
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, Activation
from lambdalint.project.model import EventSource, Function, Handler
from lambdalint.project.receivers import receivers
from lambdalint.project.schedules import gap, input_of, payload
from lambdalint.project.things import External, FunctionThing, alternatives
from lambdalint.source import Span
from lambdalint.values import Context, Event, Literal, text

_NAMES = ("Name", "Description", "RuleName")
_LOGS = frozenset(("print", "len", "str", "repr", "json.dumps", "JSON.stringify", "bool", "dict"))
_LOGGERS = frozenset(("console", "log", "logger", "logging", "LOG", "LOGGER", "Logger"))
_ENDS = frozenset(("succeed", "done"))


class Warming(Struct, frozen=True):
    """A schedule whose events the handler only answers. ``test`` is the condition by which it knows them.

    ``says`` is what they hold, as the schedule writes it; nothing where they are the service's own.
    """

    source: EventSource
    span: Span
    test: Span
    says: str


def warmed(function: Function) -> Iterator[Warming]:
    """The schedules that only keep a function warm."""
    handler = function.handler
    if handler is None:
        return
    schedules = list(function.triggered_by("schedule"))
    target = _target(handler) if schedules else None
    if target is None:
        return
    for source in schedules:
        minutes = gap(source)
        setting = input_of(source)
        is_told = any(warming.WORDS.search(name) for name in _names(source))
        if minutes is not None and minutes > warming.OFTEN_MINUTES:
            continue
        if setting is None:
            given: object = SCHEDULED_EVENT
            is_own = source.get("Target") is None and source.get("InputPath") is None
            if not is_told or minutes is None or not is_own or source.get("InputTransformer") is not None:
                continue
        else:
            given = payload(setting.value)
            written = text(setting.value) or ""
            if minutes is None and not is_told and not warming.WORDS.search(written):
                continue
        test = _answering(target, given, handler)
        if test is not None:
            says = (text(setting.value) or "") if setting is not None else ""
            yield Warming(source, setting.span if setting is not None else source.span, test, says)


def _names(source: EventSource) -> Iterator[str]:
    yield source.name
    for key in _NAMES:
        known = text(source.value(key))
        if known is not None:
            yield known


def _target(handler: Handler) -> Activation | None:
    """The activation of the function that gets the events, if what it gives is what Lambda gets."""
    received = receivers(handler) if not handler.is_wrapped and not handler.streams else ()
    if not received or not isinstance(received[-1].function, FunctionThing):
        return None
    run = handler.run
    return run.enter(received[-1].function, run.language.handler_arguments(), {}, None, INVOKE)


def _answering(target: Activation, given: object, handler: Handler) -> Span | None:
    """The condition under which a handler does nothing but answer an event; None where there is none."""
    if not isinstance(given, dict) or not given:
        return None
    module = target.module
    blocks = module.function_blocks.get(target.index, [])
    body = next((index for index, block in blocks if block.kind == "body"), None)
    outer = {index for index, block in blocks if index == body or (block.kind == "try" and block.parent == body)}
    statements = sorted(
        (item for item in module.facts.statements if item.function == target.index and item.block in outer),
        key=lambda item: (item.span.line, item.span.column),
    )
    reader = _Reader(target, given, handler)
    for statement in statements:
        if statement.kind == "try":
            continue
        if statement.kind != "if":
            if statement.kind not in ("assign", "call") or not reader.is_idle(statement):
                return None
            continue
        index, block = _then(module, statement, blocks)
        if block is None or block.test is None:
            return None
        holds = reader.holds(block.test)
        if holds is True:
            return module.at(block.test.span) if reader.only_answers(index) else None
        if holds is None and not reader.is_idle(statement):
            return None
    return None


def _then(module: ModuleIndex, statement: Statement, blocks: list[tuple[int, Block]]) -> tuple[int, Block | None]:
    for index, block in blocks:
        if block.kind == "then" and block.parent == statement.block:
            if module.at(statement.span).contains(module.at(block.span)):
                return index, block
    return -1, None


class _Reader:
    def __init__(self, target: Activation, given: dict[str, object], handler: Handler) -> None:
        self.target = target
        self.module = target.module
        self.given = given
        self.run = handler.run
        parameters = [item.name for item in target.module.definition(target.index).parameters]
        self.callback = parameters[2] if len(parameters) > 2 and handler.language == "javascript" else ""

    # --- what is done -------------------------------------------------------------------------------------------

    def is_idle(self, statement: Statement) -> bool:
        """Whether a statement calls nothing that does any work, or only libraries that know events which keep warm."""
        calls = self.module.facts.calls[statement.first_call : statement.end_call]
        return all(self._is_idle(call) for call in calls if call.function == self.target.index)

    def _is_idle(self, call: Call) -> bool:
        name = dotted(call.callee)
        if name in _LOGS or name in warming.PAUSES or name.partition(".")[0] in _LOGGERS:
            return True
        if self.callback and name == self.callback:
            return True
        if name == CONSTRUCTOR and call.new:
            return self._only_pauses(call)
        if isinstance(call.callee, Member):
            base = self.run.evaluate(call.callee.base, self.target)
            if isinstance(base, Event) or (
                isinstance(base, Context) and call.callee.name in (*_ENDS, "getRemainingTimeInMillis")
            ):
                return True
        callees = self.run.callees(call, self.target)
        return bool(callees) and all(
            isinstance(thing, External) and thing.path in warming.LIBRARIES for thing in callees
        )

    def _only_pauses(self, promise: Call) -> bool:
        """Whether the function that a promise is made with does nothing but wait."""
        inside = [call for call in self.module.facts.calls if call is not promise and promise.span.contains(call.span)]
        return bool(inside) and all(dotted(call.callee) in warming.PAUSES for call in inside)

    def only_answers(self, block: int) -> bool:
        """Whether a block does nothing but end the function."""
        inside = [item for item in self.module.facts.statements if item.block == block]
        if not inside or any(item.kind not in ("call", "return", "assign") for item in inside):
            return False
        last = max(inside, key=lambda item: (item.span.line, item.span.column))
        return last.kind == "return" and all(self.is_idle(item) for item in inside)

    # --- what is asked ------------------------------------------------------------------------------------------

    def holds(self, test: Expression) -> bool | None:
        """Whether a condition holds for the events; None where that can't be told."""
        if isinstance(test, Other) and test.kind == "not" and len(test.parts) == 1:
            inner = self.holds(test.parts[0])
            return None if inner is None else not inner
        if isinstance(test, Other) and test.kind == "and":
            return _all([self.holds(part) for part in test.parts])
        if (isinstance(test, Other) and test.kind == "or") or (isinstance(test, Choice) and test.test is None):
            parts = test.parts if isinstance(test, Other) else test.options
            found = _all([None if known is None else not known for known in map(self.holds, parts)])
            return None if found is None else not found
        if isinstance(test, Other) and test.kind in ("compare", "is") and len(test.parts) == 2:
            return self._compared(test)
        if isinstance(test, Result) and self._is_library(test):
            return True
        known, value = self._value(test)
        return bool(value) if known else None

    def _compared(self, test: Other) -> bool | None:
        left, right = test.parts
        if test.operator in ("in", "not in"):
            key, (known, value) = self._value(left), self._value(right)
            if not key[0] or not known or not isinstance(value, (dict, list, str)) or not isinstance(key[1], str):
                return None
            return (key[1] in value) is (test.operator == "in")
        if test.operator not in ("==", "!="):
            return None
        one, other = self._value(left), self._value(right)
        if not one[0] or not other[0]:
            return None
        return (one[1] == other[1]) is (test.operator == "==")

    def _value(self, expression: Expression) -> tuple[bool, object]:
        """Whether it is known what an expression gives for the events, and what that is."""
        if isinstance(expression, Const):
            return True, expression.value
        if not isinstance(expression, (Name, Member, Result)) and not hasattr(expression, "key"):
            return False, None
        things = alternatives(self.run.evaluate(expression, self.target))
        events = [thing for thing in things if isinstance(thing, Event)]
        others = [thing for thing in things if not isinstance(thing, Event)]
        if not events and len(others) == 1 and isinstance(others[0], Literal):
            return True, others[0].value
        if len(events) != 1 or any(not isinstance(thing, Literal) or thing.value for thing in others):
            return False, None
        value: object = self.given
        for step in events[0].path:
            if step.startswith("@") or step == "*":
                return False, None
            value = value.get(step) if isinstance(value, dict) else None
        return True, value

    def _is_library(self, test: Result) -> bool:
        call = self.module.facts.calls[test.call]
        for thing in self.run.callees(call, self.target):
            key = warming.LIBRARIES.get(thing.path, "") if isinstance(thing, External) else ""
            if not key or not self.given.get(key):
                return False
        return True


def _all(known: list[bool | None]) -> bool | None:
    if False in known:
        return False
    return None if None in known else True
