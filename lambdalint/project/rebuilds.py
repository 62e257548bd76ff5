"""Connections, sessions, models and secrets that a handler makes or fetches anew on every invocation.

As in :mod:`lambdalint.project.reuse`, silence is the answer wherever that can't be known; what is more, a password that
is read from a secret may be kept as long as the connection that it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from lambdalint.aws import keeping
from lambdalint.aws.keeping import Kept
from lambdalint.aws.promises import canonical
from lambdalint.code.facts import Call, Expression, Member, Name, dotted
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, CallRecord
from lambdalint.project.model import Handler
from lambdalint.project.reuse import Sameness, callers, serves_custom_resource, shown_best, within
from lambdalint.project.schedules import runs_only_every
from lambdalint.project.things import CallSite, as_value
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import Literal, Text, prefix

_KINDS: Mapping[str, Mapping[str, Kept]] = {"python": keeping.PYTHON, "javascript": keeping.JAVASCRIPT}
_RARE = regex(
    r"(?<![a-z])(migrat(e|es|ion|ions|or)|seed(er|s)?|bootstrap|rotat(e|or|ion)|"
    r"set_?up|install(er)?|(init|create|drop|load)_?-?(db|database|schema|tables?)|(db|database)_?-?(init|setup))(?![a-z])"
)
"""What names functions that run but once in a while, if they are not called through an event source."""


class Again(Struct, frozen=True):
    """Something that is made or fetched on every invocation.

    ``kind`` is a word of :mod:`lambdalint.aws.keeping`, ``name`` is what to call it. ``fetches`` are the calls that
    read the secrets which it is made with. ``is_certain``: it is known to be worth keeping.
    """

    kind: str
    name: str
    record: CallRecord
    callers: tuple[CallSite, ...]
    fetches: tuple[CallSite, ...]
    is_certain: bool

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.record.span

    @property
    def within(self) -> str:
        """The function or class that makes the call, where that is not the handler itself."""
        return within(self.record)


def made_again(handler: Handler) -> tuple[Again, ...]:
    """What a handler makes or fetches on every invocation although it could keep it, each place once."""
    places: dict[Span, list[tuple[CallRecord, Kept | None]]] = {}
    for record in handler.calls:
        if record.phase == INVOKE:
            kept = _kept(record, handler.language)
            if kept is not None or _is_fetch(record):
                places.setdefault(record.span, []).append((record, kept))
    if not places or serves_custom_resource(handler) or _runs_seldom(handler):
        return ()
    found: list[Again] = []
    for pairs in places.values():
        again = _again(handler, [record for record, _ in pairs], pairs[0][1])
        if again is not None:
            found.append(again)
    used = {site.span for item in found for site in item.fetches if item.kind != keeping.SECRET}
    return tuple(item for item in found if item.kind != keeping.SECRET or item.span not in used)


def _kept(record: CallRecord, language: str) -> Kept | None:
    path = canonical(record.callee)
    kept = _KINDS.get(language, {}).get(path)
    start, last = keeping.PRETRAINED
    if kept is None and language == "python" and path.startswith(start) and path.rpartition(".")[2] == last:
        kept = Kept(keeping.MODEL, "model", 1)
    if kept is None or record.operation is not None or len(record.site.call.arguments) < kept.needs:
        return None
    return None if kept.new and not record.site.call.new else kept


def _is_fetch(record: CallRecord) -> bool:
    operation = record.operation
    return operation is not None and (operation.service, operation.name) in keeping.FETCHES


def _runs_seldom(handler: Handler) -> bool:
    """Whether an execution environment will be gone before a handler is called again, or that is likely."""
    functions = handler.functions
    if functions and all(runs_only_every(function, keeping.IDLE_MINUTES) for function in functions):
        return True
    if any(function.event_sources for function in functions):
        return False
    names = [handler.path, handler.name, *(function.name for function in functions)]
    return any(_RARE.search(_words(name)) for name in names)


def _words(name: str) -> str:
    """A name in lower case, with ``_`` between the words that capitals begin."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _again(handler: Handler, records: list[CallRecord], kept: Kept | None) -> Again | None:
    sameness = Sameness(records[0].interpreter, follows_fetches=True)

    def is_same(record: CallRecord) -> bool:
        if record.operation is not None:
            return not record.operation.client.is_async and sameness.of_request(record.operation, record.site)
        return not record.has_spread and sameness.of_arguments(record.site)

    shown = shown_best(records, is_same)
    if shown is None:
        return None
    if kept is None:
        return _fetch(handler, shown)
    if kept.kind == keeping.SESSION and _is_personal(shown, sameness):
        return None
    if kept.kind == keeping.MODEL and _is_temporary(shown):
        return None
    fetches = tuple({site.span: site for site in sameness.fetches}.values())
    is_certain = kept.kind != keeping.SESSION or _asks_same_host(shown, sameness)
    return Again(kept.kind, kept.name, shown, callers(shown), fetches, is_certain)


# --- secrets and parameters -----------------------------------------------------------------------------------------


def _fetch(handler: Handler, record: CallRecord) -> Again | None:
    if any(
        item.operation and (item.operation.service, item.operation.name) in keeping.CHANGES for item in handler.calls
    ):
        return None
    operation = record.operation
    assert operation is not None
    is_secret = operation.service == "secretsmanager"
    if not is_secret:
        decrypted = record.arguments.get(keeping.DECRYPTION)
        is_secret = isinstance(decrypted, Literal) and decrypted.value is True
    is_frequent = any(True for function in handler.functions for _ in function.triggered_by(*keeping.FREQUENT))
    name = "secret" if is_secret else "parameter"
    return Again(keeping.SECRET, name, record, callers(record), (), is_secret and is_frequent)


# --- sessions and models --------------------------------------------------------------------------------------------


def _is_personal(record: CallRecord, sameness: Sameness) -> bool:
    """Whether a session is given what differs from one invocation to the next, or something can't be followed."""
    module, activation = record.site.module, record.site.activation
    names = _names_of(module, record)
    if not names:
        return True
    for binding in module.facts.bindings:
        if binding.base is not None and _is_state(binding.base, binding.name, names):
            if binding.function != activation.index or not sameness.of(binding.value, activation):
                return True
    for call in module.facts.calls:
        callee = call.callee
        if isinstance(callee, Member) and _is_state(callee.base, callee.name, names):
            if call.function != activation.index:
                return True
            if not all(sameness.of(argument.value, activation) for argument in call.arguments):
                return True
        elif _logs_in(call, names):
            return True
    return False


def _asks_same_host(record: CallRecord, sameness: Sameness) -> bool:
    """Whether a session is seen to send requests to a host that is the same in every invocation."""
    module, activation = record.site.module, record.site.activation
    names = _names_of(module, record)
    for number in module.calls.get(activation.index, []):
        call = module.facts.calls[number]
        callee = call.callee
        if not isinstance(callee, Member) or dotted(callee.base) not in names:
            continue
        position = 1 if callee.name in keeping.METHOD_FIRST else 0
        address = call.positional(position) or call.keyword("url")
        if address is not None:
            start = as_value(record.thing(address))
            start = start.parts[0] if isinstance(start, Text) else start
            if sameness.of(address, activation) or sameness.of_thing(start):
                return True
    return False


def _names_of(module: ModuleIndex, record: CallRecord) -> frozenset[str]:
    """The variables, or attributes, that a call's result is bound to."""
    at = record.site.call.span
    found = [binding.name for binding in module.facts.bindings if binding.value.span == at and binding.name]
    return frozenset(found)


def _is_state(base: Expression, name: str, names: frozenset[str]) -> bool:
    """Whether something is, or belongs to, what a session keeps for one caller."""
    path = [*dotted(base).split("."), name]
    return any(part in names for part in path[:-1]) and any(part in keeping.STATE for part in path)


def _logs_in(call: Call, names: frozenset[str]) -> bool:
    """Whether a session is handed on, so that others may change it, or is told to do what a login may be."""
    if any(isinstance(argument.value, Name) and argument.value.id in names for argument in call.arguments):
        return True
    callee = call.callee
    if not isinstance(callee, Member) or dotted(callee.base).rpartition(".")[2] not in names:
        return False
    return any("login" in str(getattr(argument.value, "value", "")).lower() for argument in call.arguments)


def _is_temporary(record: CallRecord) -> bool:
    """Whether a model is a file that invocations put where they keep files for a while."""
    return any(_starts_temporary(record, argument.value) for argument in record.site.call.arguments)


def _starts_temporary(record: CallRecord, expression: Expression) -> bool:
    thing = record.thing(expression)
    if prefix(as_value(thing)).startswith(keeping.TEMPORARY):
        return True
    site = getattr(thing, "site", None)
    if not isinstance(site, CallSite):
        return False
    given: Iterator[Expression] = (argument.value for argument in site.call.arguments)
    things = (record.interpreter.evaluate(item, site.activation) for item in given)
    return any(prefix(as_value(item)).startswith(keeping.TEMPORARY) for item in things)
