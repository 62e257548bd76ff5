"""Which calls of JavaScript code give a promise that is still at work, and which of them nobody waits for.

A promise is looked after if it is awaited, given back, stored, handed on (``Promise.all``), or thrown away in so many
words (``void``). What can't be followed gives none: unknown functions, emitters, streams. An async function that awaits
nothing has done its work when it returns.
"""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws import promises, sdk
from lambdalint.aws.promises import canonical
from lambdalint.code.facts import Call, Closure, Member, Name, Result, dotted
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Activation, CallRecord, Interpreter
from lambdalint.project.model import Handler
from lambdalint.project.things import (
    ClassThing,
    Client,
    External,
    FunctionThing,
    Instance,
    Native,
    Operation,
    Thing,
    alternatives,
)
from lambdalint.values import Event, ListOf

ANONYMOUS = "async () => …"
"""What a function without name is called."""

MAX_DEPTH = 8


def promise(call: Call, activation: Activation, run: Interpreter, depth: int = 0) -> str:
    """What a call does that gives a promise which is still at work, in words for a message; nothing where it doesn't.

    A chain (``fetch(…).then(…)``) counts as the call that it begins with.
    """
    callee = call.callee
    if depth > MAX_DEPTH:
        return ""
    if isinstance(callee, Member) and callee.name in promises.CHAINED:
        base = callee.base
        if isinstance(base, Result):
            return promise(activation.module.facts.calls[base.call], activation, run, depth + 1)
        return ""
    if isinstance(callee, Member) and callee.name == promises.OF_REQUEST and isinstance(callee.base, Result):
        operation = _operation(activation.module.facts.calls[callee.base.call], activation, run)
        return _name(operation) if operation is not None else ""
    names = [_of_thing(thing, call, activation, run, depth) for thing in run.callees(call, activation)]
    return names[0] if names and all(names) else ""


def _operation(call: Call, activation: Activation, run: Interpreter) -> Operation | None:
    """The SDK operation that a call certainly calls."""
    things = run.callees(call, activation)
    thing = things[0] if len(things) == 1 else None
    return thing if isinstance(thing, Operation) else None


def _name(operation: Operation) -> str:
    known = sdk.service(operation.service)
    return f"{known.identifier if known is not None else operation.service}.{operation.name}"


def unsent_request(record: CallRecord) -> str:
    """What a call asks version 2 of the SDK for that is not sent, or whose answer goes to a callback."""
    call, run, operation = record.site.call, record.interpreter, record.operation
    if operation is None or sdk_version(operation.client, run) != "2" or len(call.arguments) > 1:
        return ""
    return _name(operation) if not _has_callback(call, record.site.activation, run) else ""


def called_back(record: CallRecord) -> str:
    """What a call asks the SDK for whose answer goes to a callback that nothing waits for."""
    call, run, operation = record.site.call, record.interpreter, record.operation
    if operation is None or not sdk_version(operation.client, run) or any(item.spread for item in call.arguments):
        return ""
    given = [thing for item in call.arguments for thing in alternatives(record.thing(item.value))]
    callbacks = [thing for thing in given if isinstance(thing, FunctionThing)]
    if not callbacks or any(_tells_others(callback) for callback in callbacks):
        return ""
    return _name(operation)


def _tells_others(callback: FunctionThing) -> bool:
    """Whether a callback calls a variable that another function sets, such as what resolves a promise."""
    module = callback.module
    inside = {callback.index}
    for index, definition in enumerate(module.facts.definitions):
        if definition.parent in inside:
            inside.add(index)
    names = {
        item.id
        for call in module.facts.calls
        if call.function in inside
        for item in (call.callee, *(argument.value for argument in call.arguments))
        if isinstance(item, Name)
    }
    return any(item.name in names and item.function != item.owner for item in module.facts.bindings)


def sdk_version(client: Client, run: Interpreter) -> str:
    """The version of the SDK for JavaScript that a client is of; empty where it is not known."""
    if client.site is None:
        return ""
    paths = [
        thing.path
        for thing in alternatives(run.evaluate(client.site.call.callee, client.site.activation))
        if isinstance(thing, External)
    ]
    if paths and all(path.startswith(promises.VERSION_3) for path in paths):
        return "3"
    return "2" if paths and all(path.startswith(promises.VERSION_2) for path in paths) else ""


def _of_thing(thing: Thing, call: Call, activation: Activation, run: Interpreter, depth: int) -> str:
    if isinstance(thing, FunctionThing):
        entered = run.call_function(thing, call, activation)
        if entered is None or not goes_on(entered, run, depth + 1):
            return ""
        return dotted(call.callee) or thing.definition.name or ANONYMOUS
    if isinstance(thing, Operation):
        is_promise = sdk_version(thing.client, run) == "3" and not _has_callback(call, activation, run)
        return _name(thing) if is_promise else ""
    if isinstance(thing, (External, Native)):
        path = canonical(thing.path)
        if path == promises.CONSTRUCTOR:
            return "new Promise" if call.new else ""
        if path in promises.PROMISES or path.startswith(promises.PROMISE_MODULES):
            return path.replace("()", "")
        if path in promises.UNLESS_CALLBACK and not _has_callback(call, activation, run):
            return path.replace("()", "")
    return ""


def _has_callback(call: Call, activation: Activation, run: Interpreter) -> bool:
    for argument in call.arguments:
        if argument.spread or isinstance(argument.value, Closure):
            return True
        if any(isinstance(thing, FunctionThing) for thing in alternatives(run.evaluate(argument.value, activation))):
            return True
    return False


def goes_on(activation: Activation, run: Interpreter, depth: int = 0) -> bool:
    """Whether what a function gives is a promise of work that goes on after the call."""
    module, index = activation.module, activation.index
    definition = module.definition(index)
    if depth > MAX_DEPTH or definition.is_generator:
        return False
    if definition.is_async and any(_waits(call, activation, run, depth) for call in _calls(module, index)):
        return True
    for item in module.returns.get(index, []):
        if isinstance(item.value, Result) and promise(module.facts.calls[item.value.call], activation, run, depth + 1):
            return True
    return False


def _calls(module: ModuleIndex, function: int) -> Iterator[Call]:
    return (module.facts.calls[index] for index in module.calls.get(function, []))


def _waits(call: Call, activation: Activation, run: Interpreter, depth: int) -> bool:
    """Whether an awaited call is one that takes time: a promise that is known, or something from outside."""
    if not call.awaited:
        return False
    things = run.callees(call, activation)
    if any(isinstance(thing, (FunctionThing, ClassThing, Instance)) for thing in things):
        return bool(promise(call, activation, run, depth + 1))
    return True


# --- where promises are dropped -------------------------------------------------------------------------------------


def ends_with_promise(handler: Handler) -> bool:
    """Whether Lambda takes a handler's promise for its end, and nothing else."""
    target = handler.target
    if target is None or not target.definition.is_async or target.definition.is_generator:
        return False
    return not any(_path(call) in promises.STREAMING for call in handler.module.facts.calls)


def _path(call: Call) -> str:
    callee = call.callee
    if isinstance(callee, Member) and isinstance(callee.base, Name):
        return f"{callee.base.id}.{callee.name}"
    return callee.id if isinstance(callee, Name) else ""


def is_in_sight(record: CallRecord) -> bool:
    """Whether a function that drops a promise certainly runs as part of what leads to it from the handler.

    Callbacks count where they are called at once, or when a promise is done; not those of emitters, of functions from
    outside, or of ``new Promise``, which may tell others that all is done.
    """
    run, activation = record.interpreter, record.site.activation
    while activation.caller is not None:
        caller = activation.caller
        things = run.callees(caller.call, caller.activation)
        if not any(isinstance(thing, (FunctionThing, ClassThing, Instance)) for thing in things):
            callee = caller.call.callee
            if not isinstance(callee, Member) or callee.name not in promises.CHAINED | promises.ITERATES:
                return False
        activation = caller.activation
    return not activation.possible


def iterates_async(record: CallRecord) -> FunctionThing | None:
    """The async function that ``forEach``, or ``map`` whose result is dropped, is given to call for each item."""
    call = record.site.call
    callee = call.callee
    if not isinstance(callee, Member) or callee.name not in ("forEach", "map") or not call.dropped:
        return None
    bases = alternatives(record.thing(callee.base))
    if call.awaited and not all(isinstance(base, (ListOf, Event)) for base in bases):
        return None
    if any(isinstance(thing, (FunctionThing, Operation)) for thing in alternatives(record.thing(callee))):
        return None
    given = call.positional(0)
    things = alternatives(record.thing(given)) if given is not None else ()
    thing = things[0] if len(things) == 1 else None
    return thing if isinstance(thing, FunctionThing) and thing.definition.is_async else None


def waits_within(function: FunctionThing, record: CallRecord) -> bool:
    """Whether an async function waits for anything, so that its work goes on after it was called."""
    run = record.interpreter
    for activation in run.activations:
        if activation.module is function.module and activation.index == function.index:
            return goes_on(activation, run) or function.definition.awaits
    return False
