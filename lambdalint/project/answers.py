"""What a handler gives back, as values, one for each way out of it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws.responses import ALWAYS_IN_API_EVENTS, API_FIELDS
from lambdalint.code.facts import (
    Array,
    Choice,
    Const,
    Expression,
    Item,
    Member,
    Name,
    Object,
    Other,
    Result,
    Return,
    dotted,
    walk,
)
from lambdalint.project import names as uses
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.endings import ending
from lambdalint.project.evaluate import INVOKE, Activation, Interpreter
from lambdalint.project.model import Handler
from lambdalint.project.receivers import receivers
from lambdalint.project.things import FunctionThing, alternatives, is_value
from lambdalint.source import Span
from lambdalint.values import Context, Event, ListOf, Literal, MapOf, Unknown, Value

MAX_DEPTH = 6

_READS_ONLY = frozenset(
    ("get", "keys", "values", "items", "copy", "hasOwnProperty", "toString", "update", "append", "push")
)
_LOGS = frozenset(
    ("print", "len", "str", "repr", "json.dumps", "JSON.stringify", "Object.keys", "Object.values", "Object.entries")
)
_LOGGERS = ("console", "log", "logger", "logging", "LOG", "LOGGER", "Logger")


class Answer(Struct, frozen=True):
    """What is given back on one way.

    ``span`` is the statement of the handler that gives it. ``is_certain``: the value is known as it is written, nothing
    can have changed it. ``object`` is the map as written, in ``activation``. ``is_foreign``: this way is only taken for
    events that are none of an API's.
    """

    value: Value
    span: Span
    is_certain: bool
    activation: Activation
    object: Object | None = None
    is_foreign: bool = False

    @property
    def module(self) -> ModuleIndex:
        """The module of the function that makes it."""
        return self.activation.module

    def is_put_in_directly(self, key: str, run: Interpreter) -> bool:
        """Whether what stands under a key is put in as it was made, not taken out of something else."""
        written = [field.value for field in self.object.fields if _is_key(field.key, key)] if self.object else []
        return bool(written) and _is_direct(written[-1], self.activation, run, 0)


class Answers(Struct, frozen=True):
    """All that a handler gives back. ``open_end`` is where it may end without giving anything, if it may."""

    answers: tuple[Answer, ...]
    open_end: Span | None


class Given(Struct, frozen=True):
    """An expression whose value Lambda gets, in the activation that gives it. ``is_handed``: to a callback."""

    expression: Expression
    activation: Activation
    span: Span
    is_handed: bool = False


def given_back(handler: Handler) -> tuple[Given, ...]:
    """The expressions that Lambda gets the values of; nothing where something that isn't known may stand between."""
    activation = _outermost(handler)
    if activation is None:
        return ()
    module = activation.module
    returns = module.returns.get(activation.index, [])
    found = [Given(item.value, activation, module.at(item.span)) for item in returns if item.value is not None]
    if handler.language == "javascript":
        found.extend(_Reader(handler.run).handed_over(activation)[0])
    return tuple(found)


def answers(handler: Handler) -> Answers | None:
    """What Lambda gets from a handler; None where something that isn't known may stand between."""
    activation = _outermost(handler)
    if activation is None:
        return None
    reader = _Reader(handler.run)
    found = list(reader.returned(activation, 0))
    end = ending(activation.module, activation.index)
    called_back, is_used = reader.called_back(activation) if handler.language == "javascript" else ([], False)
    is_async = activation.module.definition(activation.index).is_async
    returns = handler.language == "python" or (is_async and not is_used)
    return Answers((*found, *called_back), end.span if end.is_open and returns else None)


def _outermost(handler: Handler) -> Activation | None:
    """The activation of the function that Lambda calls, if what that gives is what Lambda gets."""
    received = receivers(handler) if not handler.streams else ()
    outer = received[0] if received and received[0].is_result else None
    if outer is None or outer.function.definition.is_generator:
        return None
    if handler.language == "python" and outer.function.definition.is_async:
        return None
    return handler.run.enter(outer.function, [Event(), Context()], {}, None, INVOKE)


class _Reader:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def returned(self, activation: Activation, depth: int) -> Iterator[Answer]:
        """The answers of a function's return statements."""
        module = activation.module
        multipurpose = self._serves_others(activation)
        for item in module.returns.get(activation.index, []):
            foreign = multipurpose or self._is_foreign(item, activation)
            at = module.at(item.span)
            if item.value is None:
                yield Answer(Literal(None, at), at, True, activation, None, foreign)
                continue
            for answer in self._values(item.value, activation, at, depth):
                yield replace(answer, is_foreign=foreign or answer.is_foreign)

    def _values(self, expression: Expression, activation: Activation, at: Span, depth: int) -> Iterator[Answer]:
        if isinstance(expression, Choice):
            for option in expression.options:
                yield from self._values(option, activation, at, depth)
            return
        if isinstance(expression, Result) and depth < MAX_DEPTH:
            entered = self._entered(expression, activation)
            if entered is not None:
                for answer in self.returned(entered, depth + 1):
                    yield replace(answer, span=at)
                if ending(entered.module, entered.index).is_open is not False:
                    yield Answer(Unknown(at), at, False, activation)
                return
        value = self.run.value(expression, activation)
        if isinstance(expression, (Object, Array, Const)):
            certain = not (isinstance(value, (MapOf, ListOf)) and value.open)
            yield Answer(value, at, certain, activation, expression if isinstance(expression, Object) else None)
            return
        if isinstance(expression, Name):
            yield from self._variable(expression, value, activation, at)
            return
        yield Answer(value, at, isinstance(value, Literal), activation)

    def _variable(self, name: Name, value: Value, activation: Activation, at: Span) -> Iterator[Answer]:
        module = activation.module
        bindings = module.bindings.get((activation.index, name.id), [])
        if len(bindings) == 1 and isinstance(bindings[0].value, Result):
            shown = MapOf((), at)
            for answer in self._values(bindings[0].value, activation, at, MAX_DEPTH - 1):
                yield replace(answer, is_certain=answer.is_certain and not self._escapes(name.id, shown, module))
            return
        options = [option for option in alternatives(value) if is_value(option)]
        known = all(isinstance(option, (MapOf, ListOf, Literal, Event)) for option in options)
        for option in options:
            certain = known and not (isinstance(option, (MapOf, ListOf)) and option.open)
            if isinstance(option, (MapOf, ListOf)):
                certain = certain and not self._escapes(name.id, option, module)
            written = _object_at(module, option.span) if isinstance(option, MapOf) else None
            certain = certain and (written is not None or not isinstance(option, MapOf))
            yield Answer(option, at, certain, activation, written)

    def _entered(self, expression: Result, activation: Activation) -> Activation | None:
        """The function of the project that a call runs, if it is known and what it gives is what it returns."""
        call = activation.module.facts.calls[expression.call]
        things = alternatives(self.run.evaluate(call.callee, activation))
        target = things[0] if len(things) == 1 else None
        if not isinstance(target, FunctionThing) or target.definition.decorators or target.definition.is_generator:
            return None
        if target.definition.is_async and target.module.facts.language == "python" and not call.awaited:
            return None
        return self.run.call_function(target, call, activation)

    def _escapes(self, name: str, value: MapOf | ListOf, module: ModuleIndex) -> bool:
        """Whether something else than what is seen here may change what a variable holds."""
        for call in module.facts.calls:
            callee = call.callee
            if isinstance(callee, Member) and isinstance(callee.base, Name) and callee.base.id == name:
                if callee.name not in _READS_ONLY:
                    return True
            elif not _only_reads(callee):
                for argument in call.arguments:
                    if _is_or_holds(argument.value, name):
                        return True
        for binding in module.facts.bindings:
            is_base = isinstance(binding.base, Name) and binding.base.id == name
            if is_base and binding.name and isinstance(value, MapOf) and value.entry(binding.name) is None:
                return True
            if binding.name == name and binding.augmented:
                return True
            if not is_base and binding.name != name and _is_or_holds(binding.value, name):
                return True
        return False

    # --- answers given by a callback -----------------------------------------------------------------------------

    def called_back(self, activation: Activation) -> tuple[list[Answer], bool]:
        """What a JavaScript handler hands to its callback or the context, and whether it uses one of them at all."""
        given, is_used = self.handed_over(activation)
        found: list[Answer] = []
        for item in given:
            found.extend(self._values(item.expression, item.activation, item.span, 0))
        return found, is_used

    def handed_over(self, activation: Activation) -> tuple[list[Given], bool]:
        """As :meth:`called_back`, as expressions."""
        module, parameters = activation.module, activation.module.definition(activation.index).parameters
        names = [item.name for item in parameters if item.kind == "positional"]
        callback = names[2] if len(names) > 2 else ""
        inside = uses.nested(module, activation.index)
        found: list[Given] = []
        is_used = bool(callback) and uses.is_used(module, callback, inside)
        for index in inside:
            at = activation if index == activation.index else self._activation(module, index)
            for number in module.calls.get(index, []):
                call = module.facts.calls[number]
                callee = call.callee
                result: Expression | None = None
                if callback and isinstance(callee, Name) and callee.id == callback:
                    result = call.positional(1) if _is_nothing(call.positional(0)) else None
                elif at is not None and isinstance(callee, Member) and callee.name in ("succeed", "done"):
                    if isinstance(self.run.evaluate(callee.base, at), Context):
                        is_used = True
                        done = callee.name == "done"
                        result = call.positional(1 if done and _is_nothing(call.positional(0)) else 0)
                        result = None if done and not _is_nothing(call.positional(0)) else result
                if result is not None and at is not None:
                    found.append(Given(result, at, module.at(call.span), True))
        return found, is_used

    def _activation(self, module: ModuleIndex, index: int) -> Activation | None:
        for activation in self.run.activations:
            if activation.module is module and activation.index == index:
                return activation
        return None

    # --- events of other kinds -----------------------------------------------------------------------------------

    def _is_foreign(self, item: Return, activation: Activation) -> bool:
        """Whether the conditions around a return ask for what no event of an API holds."""
        for block in activation.module.blocks(item.block):
            if block.test is not None and block.kind in ("then", "else", "case"):
                if any(step not in API_FIELDS for step in self._asked(block.test, activation)):
                    return True
        return False

    def _serves_others(self, activation: Activation) -> bool:
        """Whether a function asks if its event is one of an API's at all."""
        for _, block in activation.module.function_blocks.get(activation.index, []):
            if block.test is None or block.kind not in ("then", "else"):
                continue
            for part in _alone(block.test):
                thing = self.run.evaluate(part, activation)
                if isinstance(thing, Event) and len(thing.path) == 1 and thing.path[0] in ALWAYS_IN_API_EVENTS:
                    return True
            if any(self._looked_for(block.test, activation)):
                return True
        return False

    def _asked(self, test: Expression, activation: Activation) -> Iterator[str]:
        """The fields of the event that a condition asks about."""
        for part in walk(test):
            if isinstance(part, (Name, Member, Item, Result)):
                for thing in alternatives(self.run.evaluate(part, activation)):
                    if isinstance(thing, Event) and thing.path:
                        yield thing.path[0]
        yield from self._looked_for(test, activation)

    def _looked_for(self, test: Expression, activation: Activation) -> Iterator[str]:
        """The names that a condition looks for in the event as a whole."""
        for part in walk(test):
            if isinstance(part, Other) and part.kind == "compare":
                things = [self.run.evaluate(item, activation) for item in part.parts if not isinstance(item, Const)]
                if any(isinstance(thing, Event) and not thing.path for thing in things):
                    yield from (str(item.value) for item in part.parts if isinstance(item, Const))


def _alone(test: Expression) -> Iterator[Expression]:
    """The parts of a condition that only ask if something is there."""
    if isinstance(test, Other):
        for part in test.parts if test.kind in ("not", "and", "or") else ():
            yield from _alone(part)
    elif isinstance(test, Choice):
        for option in test.options:
            yield from _alone(option)
    else:
        yield test


def _is_key(expression: Expression | None, key: str) -> bool:
    return isinstance(expression, Const) and expression.value == key


def _is_direct(expression: Expression, activation: Activation, run: Interpreter, depth: int) -> bool:
    """Whether an expression gives what is made in one place, through variables, parameters and calls."""
    if isinstance(expression, (Object, Array)):
        return True
    if isinstance(expression, Result):
        callee = run.evaluate(activation.module.facts.calls[expression.call].callee, activation)
        return isinstance(callee, FunctionThing)
    if not isinstance(expression, Name) or depth > MAX_DEPTH:
        return False
    module = activation.module
    bindings = module.bindings.get((activation.index, expression.id), [])
    if bindings:
        return all(_is_direct(binding.value, activation, run, depth + 1) for binding in bindings)
    caller = activation.caller
    names = [parameter.name for parameter in module.definition(activation.index).parameters]
    if caller is None or expression.id not in names:
        return False
    given = caller.call.positional(names.index(expression.id)) or caller.call.keyword(expression.id)
    return given is not None and _is_direct(given, caller.activation, run, depth + 1)


def _only_reads(callee: Expression) -> bool:
    name = dotted(callee)
    return name in _LOGS or name.partition(".")[0] in _LOGGERS


def _is_or_holds(expression: Expression, name: str) -> bool:
    """Whether an expression is a variable, or something that the variable's own value is put into."""
    if isinstance(expression, Name):
        return expression.id == name
    if isinstance(expression, Array):
        return any(_is_or_holds(item, name) for item in expression.items)
    if isinstance(expression, Object):
        return any(field.key is not None and _is_or_holds(field.value, name) for field in expression.fields)
    if isinstance(expression, Choice):
        return any(_is_or_holds(item, name) for item in expression.options)
    return False


def _is_nothing(expression: Expression | None) -> bool:
    return isinstance(expression, Const) and expression.value is None


def _object_at(module: ModuleIndex, span: Span) -> Object | None:
    """The map that is written at a place, where a variable is bound to it."""
    for binding in module.facts.bindings:
        if isinstance(binding.value, Object) and module.at(binding.value.span) == span:
            return binding.value
    return None


__all__ = ["Answer", "Answers", "Given", "answers", "given_back"]
