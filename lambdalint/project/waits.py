"""How long code waits because it says so: sleeps, and the timeouts that calls and SDK clients are given.

Only what is written in numbers counts, and only where the handler comes by while it runs. What something else may end
sooner is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lambdalint.aws import sdk, timeouts
from lambdalint.aws.promises import canonical
from lambdalint.aws.timeouts import Waiting
from lambdalint.code.facts import Expression, Object, Result
from lambdalint.project.evaluate import INVOKE, CallRecord, Interpreter
from lambdalint.project.model import Handler
from lambdalint.project.promises import sdk_version
from lambdalint.project.things import (
    CallSite,
    Client,
    External,
    FunctionThing,
    Held,
    Thing,
    alternatives,
)
from lambdalint.project.timeouts import CALLS, CLIENTS, is_limited, made_by
from lambdalint.source import Span
from lambdalint.values import ListOf, Literal, MapOf, number

SLEEP, REQUEST, CLIENT = "sleep", "request", "client"

_SLEEPS: Mapping[str, Mapping[str, Waiting]] = {
    "python": timeouts.PYTHON_SLEEPS,
    "javascript": timeouts.JAVASCRIPT_SLEEPS,
}
_TIMER = Waiting("timers", "", names=(), position=1, awaited=True)


class Amount(Struct, frozen=True):
    """So many seconds, where they are written."""

    seconds: float
    span: Span


class Wait(Struct, frozen=True):
    """Something that may last so long, by what the code says.

    ``kind``: ``sleep``, ``request`` (a call of an HTTP library) or ``client`` (of an SDK). ``name`` is what is called,
    or the client's service. ``attempts``: the client tries so often.
    """

    kind: str
    name: str
    amount: Amount
    record: CallRecord
    attempts: int = 1

    @property
    def span(self) -> Span:
        """Where the time is written."""
        return self.amount.span

    @property
    def seconds(self) -> float:
        """How long it may last in all."""
        return self.amount.seconds * self.attempts


def waits(handler: Handler) -> tuple[Wait, ...]:
    """What a handler certainly comes by that may last for a time that is known, each call once."""
    found: dict[tuple[Span, Span], Wait] = {}
    named = {callee for callee in handler.callees if _is_known(canonical(callee), handler.language)}
    for record in handler.calls:
        is_asked = record.operation is not None or record.callee in named
        if is_asked and not record.possible and record.phase == INVOKE:
            for item in (_sleep(record, handler), _request(record, handler), _client(record, handler)):
                if item is not None:
                    found.setdefault((item.span, record.span), item)
    return tuple(found.values())


def _is_known(path: str, language: str) -> bool:
    """Whether something that is called sleeps, or is of an HTTP library."""
    return path == timeouts.TIMER or path in _SLEEPS.get(language, ()) or path in CALLS.get(language, ())


# --- sleeps -------------------------------------------------------------------------------------------------------


def _sleep(record: CallRecord, handler: Handler) -> Wait | None:
    path = canonical(record.callee)
    is_timer = path == timeouts.TIMER and handler.language == "javascript"
    waiting = _TIMER if is_timer else _SLEEPS.get(handler.language, {}).get(path)
    if waiting is None or is_limited(handler, waiting):
        return None
    if is_timer and not (_resolves(record, handler) and _is_timer_awaited(record.site)):
        return None
    if waiting.awaited and not is_timer and not _is_awaited(record.site):
        return None
    if waiting.awaited and any(item.callee.endswith(timeouts.BACKGROUND) for item in handler.calls):
        return None
    given = _argument(record.site, waiting, record.interpreter)
    amount = _amount(given, handler)
    return Wait(SLEEP, path, amount, record) if amount is not None else None


def _resolves(record: CallRecord, handler: Handler) -> bool:
    """Whether a timer ends a promise: it is given its ``resolve``, or a function that calls it."""
    given = record.site.call.positional(0)
    thing = record.thing(given) if given is not None else None
    if isinstance(thing, External):
        return thing.path == timeouts.RESOLVES
    if not isinstance(thing, FunctionThing):
        return False
    return any(
        item.callee == timeouts.RESOLVES
        and item.site.activation.caller is not None
        and item.site.activation.caller.span == record.span
        for item in handler.calls
    )


def _is_timer_awaited(site: CallSite) -> bool:
    """Whether somebody waits for the promise in whose function a timer is set."""
    made = site.activation.caller
    return made is not None and made.call.new and _is_awaited(made)


def _is_awaited(site: CallSite) -> bool:
    """Whether what a call gives is waited for, here or where it is given back to."""
    if site.call.awaited:
        return True
    module, activation = site.module, site.activation
    for item in module.facts.returns:
        if item.function == activation.index and isinstance(item.value, Result):
            if module.facts.calls[item.value.call] is site.call:
                return activation.caller is None or _is_awaited(activation.caller)
    return False


# --- requests -----------------------------------------------------------------------------------------------------


def _request(record: CallRecord, handler: Handler) -> Wait | None:
    path = canonical(record.callee)
    waiting = CALLS.get(handler.language, {}).get(path)
    if waiting is None or is_limited(handler, waiting):
        return None
    given = _told(record.site, waiting, record.interpreter)
    if given is None:
        start, called, _ = path.partition("()")
        client = CLIENTS.get(handler.language, {}).get(start) if called else None
        made = made_by(record, start + called) if client is not None else None
        given = _told(made, client, record.interpreter) if made is not None and client is not None else None
    amount = _amount(given, handler) if given is not None else None
    return Wait(REQUEST, path, amount, record) if amount is not None else None


def _told(site: CallSite, waiting: Waiting, run: Interpreter) -> Thing | None:
    """What tells a call, or what makes a client, how long to wait; None where nothing does, or it isn't known what."""
    if any(argument.spread for argument in site.call.arguments):
        return None
    if waiting.options < 0:
        return _argument(site, waiting, run)
    given = [item.value for item in site.call.arguments[waiting.options : waiting.options + 2]]
    for expression in given:
        fields = _fields(expression, site, run)
        names = [name for name in waiting.names if name in fields]
        if len(names) == 1:
            return _milliseconds(fields[names[0]], names[0], waiting.library, site, run)
    return None


def _milliseconds(thing: Thing, name: str, library: str, site: CallSite, run: Interpreter) -> Thing | None:
    if name == "signal":
        made = thing.site if isinstance(thing, External) and thing.path == f"{timeouts.ABORTS}()" else None
        expression = made.call.positional(0) if made is not None else None
        return run.evaluate(expression, made.activation) if made is not None and expression is not None else None
    options = timeouts.REQUEST_TIMEOUTS.get(library, ())
    if name not in options[:1]:
        return None
    if isinstance(thing, MapOf):
        return thing.get(options[1]) if len(options) > 1 and len(thing.entries) == 1 and not thing.open else None
    return thing


def _argument(site: CallSite, waiting: Waiting, run: Interpreter) -> Thing | None:
    expression = next((found for name in waiting.names if (found := site.call.keyword(name)) is not None), None)
    if expression is None and waiting.position >= 0:
        expression = site.call.positional(waiting.position)
    return run.evaluate(expression, site.activation) if expression is not None else None


def _fields(expression: Expression, site: CallSite, run: Interpreter) -> dict[str, Thing]:
    """What is known under the keys of a map, things that are no plain values included."""
    found: dict[str, Thing] = {}
    if isinstance(expression, Object):
        for field in expression.fields:
            key = run.evaluate(field.key, site.activation) if field.key is not None else None
            if isinstance(key, Literal) and isinstance(key.value, str):
                found[key.value] = run.evaluate(field.value, site.activation)
            elif field.key is None:
                found.update(_of_map(run.evaluate(field.value, site.activation)))
        return found
    return _of_map(run.evaluate(expression, site.activation))


def _of_map(thing: Thing) -> dict[str, Thing]:
    if isinstance(thing, Held):
        return {key: item for key in thing.keys if (item := thing.get(key)) is not None}
    return {entry.key: entry.value for entry in thing.entries} if isinstance(thing, MapOf) else {}


def _amount(thing: Thing | None, handler: Handler) -> Amount | None:
    """The time that something stands for, if that is known for certain."""
    if isinstance(thing, External) and thing.site is not None and thing.path in timeouts.TIMEOUT_OBJECTS:
        return _of_object(thing.site, timeouts.TIMEOUT_OBJECTS[thing.path], handler)
    if isinstance(thing, ListOf) and not thing.open and len(thing.items) == 2:
        given = [_amount(item, handler) for item in thing.items]
        known = [item for item in given if item is not None]
        return max(known, key=lambda item: item.seconds) if len(known) == len(given) else None
    if not isinstance(thing, Literal) or isinstance(thing.value, str):
        return None
    found = number(thing)
    if found is None:
        return None
    return Amount(found / 1000 if handler.language == "javascript" else found, thing.span)


def _of_object(site: CallSite, names: tuple[str, ...], handler: Handler) -> Amount | None:
    first = site.call.positional(0)
    for expression in (first, *(site.call.keyword(name) for name in names)):
        if expression is not None:
            return _amount(handler.run.evaluate(expression, site.activation), handler)
    return None


# --- SDK clients --------------------------------------------------------------------------------------------------


def _client(record: CallRecord, handler: Handler) -> Wait | None:
    client = record.operation.client if record.operation is not None and record.operation.name else None
    if client is None or client.site is None:
        return None
    run = record.interpreter
    found = _of_boto3(client.site, handler) if handler.language == "python" else _of_javascript(client, run, handler)
    if found is None:
        return None
    amount, attempts = found
    known = sdk.service(client.service)
    return Wait(CLIENT, known.identifier if known is not None else client.service, amount, record, attempts)


def _of_boto3(site: CallSite, handler: Handler) -> tuple[Amount, int] | None:
    run = handler.run
    config = site.call.keyword("config")
    things = alternatives(run.evaluate(config, site.activation)) if config is not None else ()
    thing = things[0] if len(things) == 1 else None
    if not isinstance(thing, External) or thing.path not in timeouts.CONFIGS or thing.site is None:
        return None
    made = thing.site
    expression = made.call.keyword(timeouts.CONFIG_READ)
    if expression is None or any(argument.spread for argument in made.call.arguments):
        return None
    amount = _amount(run.evaluate(expression, made.activation), handler)
    retries = made.call.keyword(timeouts.CONFIG_RETRIES)
    fields = _fields(retries, made, run) if retries is not None else {}
    attempts = [_attempts(fields.get(name), more) for name, more in timeouts.CONFIG_ATTEMPTS.items()]
    return (amount, next((item for item in attempts if item), 1)) if amount is not None else None


def _attempts(thing: Thing | None, more: int) -> int:
    """The number of attempts that an option gives, ``more`` than it counts; 0 where it isn't known."""
    found = thing.value if isinstance(thing, Literal) else None
    return found + more if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else 0


def _of_javascript(client: Client, run: Interpreter, handler: Handler) -> tuple[Amount, int] | None:
    version, site = sdk_version(client, run), client.site
    options = site.call.positional(0) if site is not None else None
    if site is None or options is None or version not in timeouts.SDK_REQUEST_TIMEOUTS:
        return None
    (name, keys), attempts, more = timeouts.SDK_REQUEST_TIMEOUTS[version]
    fields = _fields(options, site, run)
    thing = fields.get(name)
    inner = _of_map(thing) if thing is not None else {}
    if isinstance(thing, External) and thing.site is not None and thing.path.endswith(timeouts.SDK_HANDLERS):
        expression = thing.site.call.positional(0)
        inner = _fields(expression, thing.site, run) if expression is not None else {}
    given = [amount for key in keys if (amount := _amount(inner.get(key), handler)) is not None]
    if not given:
        return None
    return min(given, key=lambda item: item.seconds), _attempts(fields.get(attempts), more) or 1
