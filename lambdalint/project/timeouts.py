"""Calls that a handler may wait for longer than it may run: HTTP calls without timeout, SDK clients with long ones.

A call counts only where everything that could bound it is known: its own arguments, the client or session that it is
made through, what sets a default for all, and what ends calls from outside. Anything else is silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, partial

from msgspec import Struct

from lambdalint.aws import timeouts
from lambdalint.aws.custom_resources import RESPONSE_URL
from lambdalint.aws.endpoints import is_local
from lambdalint.aws.promises import canonical
from lambdalint.aws.quotas import DEFAULT_TIMEOUT
from lambdalint.aws.timeouts import Waiting
from lambdalint.code.facts import Expression, Member, dotted
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, CallRecord, Interpreter
from lambdalint.project.model import Function, Handler
from lambdalint.project.promises import sdk_version
from lambdalint.project.reuse import serves_custom_resource
from lambdalint.project.things import CallSite, Client, External, FunctionThing, Thing, alternatives, as_value
from lambdalint.source import Span
from lambdalint.values import (
    Env,
    Event,
    Literal,
    MapOf,
    Parameter,
    Text,
    Value,
    literals,
    number,
    options,
    prefix,
    text,
)

SET, UNSET, OFF, UNKNOWN = "set", "unset", "off", "unknown"

MAX_DEPTH = 6

CALLS: Mapping[str, Mapping[str, Waiting]] = {
    "python": timeouts.PYTHON_CALLS,
    "javascript": timeouts.JAVASCRIPT_CALLS,
}
CLIENTS: Mapping[str, Mapping[str, Waiting]] = {
    "python": timeouts.PYTHON_CLIENTS,
    "javascript": timeouts.JAVASCRIPT_CLIENTS,
}
_LIMITS = {"python": timeouts.LIMITS, "javascript": timeouts.JAVASCRIPT_LIMITS}
_LINK_LOCAL = ("http://169.254.", "http://fd00:")
_NO_NETWORK = ("file:", "data:")


class Unbounded(Struct, frozen=True):
    """A call that waits without end, or for ``default`` seconds, and where it is to be told how long.

    ``off``: it has a timeout of its own, which is switched off.
    """

    record: CallRecord
    waiting: Waiting
    span: Span
    off: bool

    @property
    def default(self) -> float:
        """How many seconds it waits; 0 without end."""
        return timeouts.FOREVER if self.off else self.waiting.default


class Patient(Struct, frozen=True):
    """An SDK client that may wait longer than a function that uses it may run.

    ``sdk`` is what it is of: ``boto3``, or the version of the SDK for JavaScript.
    """

    client: Client
    span: Span
    record: CallRecord
    function: Function
    seconds: float
    sdk: str


def seconds(function: Function) -> tuple[float, ...]:
    """The timeouts that a function may have; nothing where one isn't known."""
    setting = function.timeout
    if setting is None:
        return (float(DEFAULT_TIMEOUT),) if function.is_whole else ()
    known = [number(item) for option in options(setting.value) for item in (*literals(option), *_unknown(option))]
    return tuple(item for item in known if item is not None) if None not in known else ()


def is_certain(function: Function) -> bool:
    """Whether no parameter decides on a function's timeout."""
    setting = function.timeout
    return setting is None or not any(isinstance(option, Parameter) for option in options(setting.value))


def _unknown(option: Value) -> tuple[Value, ...]:
    return () if next(literals(option), None) is not None else (option,)


def unbounded_calls(handler: Handler) -> tuple[Unbounded, ...]:
    """The HTTP calls of a handler that nothing bounds, each place once."""
    calls = CALLS.get(handler.language, {})
    known = {callee: waiting for callee in handler.callees if (waiting := calls.get(canonical(callee))) is not None}
    if not known:
        return ()
    judge = _Judge(handler)
    places: dict[Span, list[Unbounded | None]] = {}
    for record in handler.calls:
        waiting = known.get(record.callee)
        if waiting is not None:
            places.setdefault(record.span, []).append(judge.unbounded(record, waiting))
    found: dict[Span, Unbounded] = {}
    for judged in places.values():
        endless = [item for item in judged if item is not None]
        if endless and len(endless) == len(judged):
            found.setdefault(endless[0].span, endless[0])
    return tuple(found.values())


def is_limited(handler: Handler, waiting: Waiting) -> bool:
    """Whether something in a handler's code may end calls from outside, or sets a default for all."""
    return _Judge(handler).is_limited(waiting)


def network_call(handler: Handler) -> CallRecord | None:
    """The first call over the network that a handler makes whenever it runs: of the SDK, or of an HTTP library."""
    known = CALLS.get(handler.language, {})
    for record in handler.calls:
        if record.phase != INVOKE or record.possible:
            continue
        if (record.operation is not None and record.operation.name) or canonical(record.callee) in known:
            return record
    return None


def _imported(module: ModuleIndex) -> frozenset[str]:
    """What a module imports, each with a dot behind it."""
    return frozenset(f"{imported.module}." for imported in module.facts.imports if imported.module)


class _Judge:
    """Judges the calls of one handler."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.calls = CALLS.get(handler.language, {})
        self.clients = CLIENTS.get(handler.language, {})
        self.limits = _LIMITS.get(handler.language, ())
        self.callees = {canonical(callee) for callee in handler.callees}

    @cached_property
    def answers_deployment(self) -> bool:
        """Whether the handler only serves deployments."""
        return serves_custom_resource(self.handler)

    def unbounded(self, record: CallRecord, waiting: Waiting) -> Unbounded | None:
        """What makes a call wait for too long, or None where something may bound it."""
        if self.is_limited(waiting) or self._is_replaced(record) or self._is_ended(waiting):
            return None
        if self._stays_inside(record.site, waiting, record.interpreter):
            return None
        own = setting(record.site, waiting, record.interpreter)
        if own == OFF:
            return Unbounded(record, waiting, record.span, True)
        if own != UNSET:
            return None
        start, called, _ = canonical(record.callee).partition("()")
        start += called
        if self._is_assigned("timeout"):
            return None
        if not called:
            return Unbounded(record, waiting, record.span, False) if self._counts(waiting) else None
        made = made_by(record, start)
        if made is None or self._is_mounted(start):
            return None
        client = self.clients.get(start.removesuffix("()"))
        if client is None:
            return Unbounded(record, waiting, record.span, False) if self._counts(waiting) else None
        if self._stays_inside(made, client, record.interpreter):
            return None
        given = setting(made, client, record.interpreter)
        if given == OFF:
            return Unbounded(record, client, made.span, True)
        return Unbounded(record, client, made.span, False) if given == UNSET and self._counts(client) else None

    def _counts(self, waiting: Waiting) -> bool:
        """Whether what a call waits for by itself is longer than a function of the handler may run."""
        if not waiting.default:
            return True
        known = [seconds(function) for function in self.handler.functions]
        return any(item and max(item) < waiting.default for item in known)

    def is_limited(self, waiting: Waiting) -> bool:
        """Whether something may end calls from outside, or sets a default for all."""
        if waiting.socket and timeouts.SOCKET_DEFAULT in self.callees:
            return True
        if any(name in timeouts.DEFAULTS and name.startswith(waiting.library) for name in self.callees):
            return True
        limits = (*self.limits, *(timeouts.AWAITED_LIMITS if waiting.awaited else ()))
        return any(name.startswith(limits) for name in self.callees) or any(
            name.startswith(limits) for module in self.handler.modules for name in module.told(_imported)
        )

    def _is_assigned(self, name: str) -> bool:
        """Whether the code sets an attribute of a name."""
        return any(module.members.get(name) for module in self.handler.modules)

    def _is_replaced(self, record: CallRecord) -> bool:
        """Whether the code puts something of its own in the place of a function of a library, or of a session."""
        callee = record.site.call.callee
        if not isinstance(callee, Member):
            return False
        names = (callee.name, "request", "send")
        bindings = [item for module in self.handler.modules for name in names for item in module.members.get(name, ())]
        base = dotted(callee.base)
        return any(item.base is not None and dotted(item.base) in (base, "") for item in bindings)

    def _is_ended(self, waiting: Waiting) -> bool:
        """Whether something may end a request of Node.js's own."""
        if waiting.library not in timeouts.EMITTING:
            return False
        for record in self.handler.calls:
            callee = record.site.call.callee
            if isinstance(callee, Member) and callee.name in timeouts.ENDS:
                return True
            if isinstance(callee, Member) and callee.name in ("on", "once"):
                if text(record.positional(0)) == timeouts.TIMEOUT_EVENT:
                    return True
        return False

    def _is_mounted(self, start: str) -> bool:
        """Whether an adapter is mounted to a session that may bound its calls."""
        for record in self.handler.calls:
            if record.callee == f"{start}.mount":
                expression = record.site.call.positional(1) or record.site.call.keyword("adapter")
                adapters = alternatives(record.thing(expression)) if expression is not None else ()
                for adapter in adapters:
                    if not isinstance(adapter, External) or adapter.path not in timeouts.PLAIN_ADAPTERS:
                        return True
        return False

    def _stays_inside(self, site: CallSite, waiting: Waiting, run: Interpreter) -> bool:
        """Whether a call leads to the execution environment itself, or answers CloudFormation."""
        if waiting.url < 0:
            return False
        address = site.call.positional(waiting.url) or site.call.keyword("url") or site.call.keyword("host")
        if address is None:
            return any(argument.spread for argument in site.call.arguments)
        given = [
            part
            for thing in alternatives(run.evaluate(address, site.activation))
            for part in (_addresses(thing) if isinstance(thing, MapOf) else (thing,))
        ]
        things = [part for thing in given for part in _origins(thing, run, MAX_DEPTH)]
        if any(isinstance(thing, Event) and RESPONSE_URL in thing.path for thing in things):
            return True
        values = [as_value(thing) for thing in things]
        if self.answers_deployment and not any(prefix(value).strip("htps:/") for value in values):
            return True
        return any(self._is_inside(value) for value in values)

    def _is_inside(self, value: Value) -> bool:
        for parts in (value, *(function.substitute(value) for function in self.handler.functions)):
            for option in options(parts):
                start = prefix(option)
                if start.startswith((*_NO_NETWORK, *_LINK_LOCAL)) or (start and is_local(start)):
                    return True
        pieces = value.parts if isinstance(value, Text) else options(value)
        return any(isinstance(item, Env) and item.name in timeouts.LOCAL_VARIABLES for item in pieces)


def _addresses(given: MapOf) -> tuple[Value, ...]:
    """Where a request goes, by its options."""
    return tuple(entry.value for entry in given.entries if entry.key in timeouts.ADDRESSES)


def made_by(record: CallRecord, start: str) -> CallSite | None:
    """The call that made the client through which a call goes, where it is known for certain."""
    callee = record.site.call.callee
    base = callee.base if isinstance(callee, Member) and canonical(record.callee) != start else callee
    things = alternatives(record.thing(base))
    thing = things[0] if len(things) == 1 else None
    return thing.site if isinstance(thing, External) and canonical(thing.path) == start else None


def _origins(thing: Thing, run: Interpreter, depth: int) -> Iterator[Thing]:
    """A thing and the arguments of the calls from outside that made it."""
    yield thing
    if isinstance(thing, Text):
        yield from thing.parts
    if depth and isinstance(thing, External) and thing.site is not None:
        follow = partial(run.evaluate, activation=thing.site.activation)
        for argument in thing.site.call.arguments:
            for part in alternatives(follow(argument.value)):
                yield from _origins(part, run, depth - 1)
        callee = thing.site.call.callee
        if isinstance(callee, Member):
            for part in alternatives(follow(callee.base)):
                yield from _origins(part, run, depth - 1)


def setting(site: CallSite, waiting: Waiting, run: Interpreter) -> str:
    """Whether a call says how long to wait: ``set``, ``unset``, ``off`` (without end) or ``unknown``."""
    if waiting.options >= 0:
        return _of_options(site, waiting, run)
    found: list[str] = []
    position = 0
    for argument in site.call.arguments:
        thing = run.evaluate(argument.value, site.activation)
        if argument.spread:
            if not isinstance(thing, MapOf):
                return UNKNOWN
            found.extend(_of_value(entry.value) for entry in thing.entries if entry.key in waiting.names)
            if thing.open and not found:
                return UNKNOWN
        elif argument.name:
            if argument.name in waiting.names:
                found.append(_of_value(thing))
        else:
            if position == waiting.position:
                found.append(_of_value(thing))
            position += 1
    if not found:
        return UNSET
    return SET if SET in found else found[0]


def _of_value(thing: Thing) -> str:
    things = alternatives(thing)
    nothing = [isinstance(item, Literal) and item.value is None for item in things]
    return OFF if all(nothing) else SET


def _of_options(site: CallSite, waiting: Waiting, run: Interpreter) -> str:
    """As :func:`setting`, of a call that takes a map of options."""
    given = site.call.arguments
    if any(argument.spread for argument in given):
        return UNKNOWN
    at = waiting.options
    if given and _is_request(run.evaluate(given[0].value, site.activation)):
        return UNKNOWN
    things = [run.evaluate(argument.value, site.activation) for argument in given[at : at + 2]]
    if waiting.url == at and things:
        if _is_address(things[0], given[at].value):
            things = things[1:]
        elif not isinstance(things[0], MapOf):
            return UNKNOWN
    else:
        things = things[:1]
    found = [_of_map(thing, waiting) for thing in things if not isinstance(thing, FunctionThing)]
    return next((status for status in (SET, UNKNOWN, OFF) if status in found), UNSET)


def _is_address(thing: Thing, expression: Expression) -> bool:
    """Whether an argument is the address rather than the options, which may stand in the same place."""
    if all(isinstance(item, (Literal, Text, Env)) for item in alternatives(thing)):
        return True
    if isinstance(thing, External):
        return thing.path in ("URL()", "url.URL()")
    if isinstance(thing, Event) and thing.path:
        return _names_address(thing.path[-1])
    return _names_address(dotted(expression).rpartition(".")[2])


def _is_request(thing: Thing) -> bool:
    """Whether an argument is a request with options of its own."""
    return any(isinstance(item, External) and item.path.endswith("Request()") for item in alternatives(thing))


def _names_address(name: str) -> bool:
    return name.lower().endswith(("url", "uri", "href", "endpoint"))


def _of_map(thing: Thing, waiting: Waiting) -> str:
    found: list[str] = []
    for option in alternatives(thing):
        if isinstance(option, Literal) and option.value is None:
            found.append(UNSET)
        elif not isinstance(option, MapOf):
            return UNKNOWN
        else:
            given = [entry for entry in option.entries if entry.key in waiting.names]
            if any(not isinstance(entry.value, Literal) or entry.value.value for entry in given):
                found.append(SET)
            elif any("timeout" in entry.key.lower() for entry in given):
                found.append(OFF)
            else:  # nothing in the place of an agent or a signal bounds nothing
                found.append(UNKNOWN if option.open else UNSET)
    return next((status for status in (SET, UNKNOWN, OFF) if status in found), UNSET)


def patient_clients(handler: Handler) -> tuple[Patient, ...]:
    """The SDK clients that a handler leaves at timeouts longer than a function's own, each place once."""
    if not handler.functions or _has_defaults(handler):
        return ()
    found: dict[Span, Patient] = {}
    bounded: set[Span] = set()
    for record in handler.operations:
        if record.phase != INVOKE or record.operation is None:
            continue
        client = record.operation.client
        site = client.site
        at = site.span if site is not None else None
        if site is None or at is None or at in found or at in bounded:
            continue
        sdk = _sdk(client, record.interpreter, handler.language)
        waits = timeouts.SDK_WAITS.get(sdk)
        function = next(_ending_before(handler, waits), None) if waits is not None else None
        if function is not None and _is_left_alone(client, site, record.interpreter, sdk):
            found[at] = Patient(client, at, record, *function, sdk)
        else:
            bounded.add(at)
    return tuple(found.values())


def _has_defaults(handler: Handler) -> bool:
    """Whether something may tell all clients how long to wait."""
    defaults = (*timeouts.SDK_DEFAULTS, *handler.run.language.default_session)
    if any(callee.endswith(defaults) for callee in handler.callees):
        return True
    return any(module.members.get(name) for module in handler.modules for name in timeouts.SDK_DEFAULT_OPTIONS)


def _sdk(client: Client, run: Interpreter, language: str) -> str:
    return "boto3" if language == "python" else sdk_version(client, run)


def _ending_before(handler: Handler, limit: float) -> Iterator[tuple[Function, float]]:
    for function in handler.functions:
        known = seconds(function)
        if known and (limit == timeouts.FOREVER or max(known) < limit):
            if timeouts.DEFAULTS_MODE not in function.environment:
                yield function, max(known)


def _is_left_alone(client: Client, site: CallSite, run: Interpreter, sdk: str) -> bool:
    """Whether a client is certainly not told how long to wait."""
    if "**" in client.options:
        return False
    if sdk != "boto3":
        return not any(name in client.options for name in timeouts.CLIENT_TIMEOUTS)
    config = site.call.keyword("config")
    if config is None:
        return "config" not in client.options
    things = alternatives(run.evaluate(config, site.activation))
    thing = things[0] if len(things) == 1 else None
    if not isinstance(thing, External) or thing.path not in timeouts.CONFIGS or thing.site is None:
        return False
    arguments = thing.site.call.arguments
    return not any(argument.spread or argument.name in timeouts.CONFIG_TIMEOUTS for argument in arguments)
