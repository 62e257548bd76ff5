"""Environment variables that hold another attribute of a resource than the SDK call which uses them wants."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws.identifiers import RETURNED, WANTED
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.model import Function, Handler, Variable
from lambdalint.values import Env, Ref

_SERVICES = frozenset(service for service, _ in WANTED)


class WrongAttribute(Struct, frozen=True):
    """A variable that holds ``given`` (``ARN``, ``name`` …) where a call wants ``wanted``.

    ``resource`` is the logical id that it refers to, ``attribute`` what to ask it for (empty: ``Ref``), ``instead`` how
    to write that: ``!Ref Queue``. ``is_wanted_elsewhere``: another call of the handler wants what the variable holds.
    """

    variable: Variable
    function: Function
    call: CallRecord
    parameter: str
    resource: str
    given: str
    wanted: str
    instead: str
    attribute: str = ""
    is_wanted_elsewhere: bool = False


def wrong_attributes(handler: Handler) -> Iterator[WrongAttribute]:
    """The variables of a handler's functions that hold another attribute than a call of it wants, each once."""
    seen: set[object] = set()
    for record in handler.operations:
        operation = record.operation
        if operation is None or operation.service not in _SERVICES:
            continue
        for entry in record.arguments.entries:
            wanted = WANTED.get((operation.service, entry.key))
            if wanted is None or not isinstance(entry.value, Env):
                continue
            for function in handler.functions:
                variable = function.environment.get(entry.value.name)
                if variable is None or (function.name, variable.span) in seen:
                    continue
                found = _compared(variable, function, record, entry.key, wanted)
                if found is not None:
                    others = [form for name, form in _uses(handler) if name == variable.name]
                    found = replace(found, is_wanted_elsewhere=found.given in others)
                    seen.add((function.name, variable.span))
                    yield found


def _uses(handler: Handler) -> Iterator[tuple[str, str]]:
    """The variables that are given to calls as they are, each with what the call wants."""
    for record in handler.operations:
        if record.operation is not None and record.operation.service in _SERVICES:
            for entry in record.arguments.entries:
                wanted = WANTED.get((record.operation.service, entry.key))
                if wanted is not None and isinstance(entry.value, Env):
                    yield entry.value.name, wanted[1]


def _compared(
    variable: Variable, function: Function, record: CallRecord, parameter: str, wanted: tuple[str, str, frozenset[str]]
) -> WrongAttribute | None:
    value = function.project.linker.join(variable.value)
    if not isinstance(value, Ref):
        return None
    template = function.project.template(value.template)
    resource = template.resources.get(value.name) if template is not None else None
    forms = RETURNED.get(resource.type, {}) if resource is not None else {}
    given = forms.get(value.attribute)
    kind, form, refused = wanted
    if given is None or resource is None:
        return None
    is_same_kind = form in forms.values() and forms == RETURNED[kind]
    if not is_same_kind or given not in refused:
        return None
    attribute = next(name for name, made in forms.items() if made == form)
    instead = f"!GetAtt {value.name}.{attribute}" if attribute else f"!Ref {value.name}"
    return WrongAttribute(variable, function, record, parameter, value.name, given, form, instead, attribute)
