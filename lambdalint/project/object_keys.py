"""Keys of objects that code takes from a bucket's notification and hands to SDK calls still URL-encoded."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.object_keys import ENCODED_KEYS, KEEPS_ENCODED, KEEPS_PLUS, NORMALIZERS, OBJECT_KEYS
from lambdalint.code.facts import Const, Expression, Item, Member, Name
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.flow import at_path
from lambdalint.project.model import Handler
from lambdalint.values import Event, Text, Value, member, options, prefix

_PRESIGNED = "boto3.client().generate_presigned_url"


class EncodedKey(Struct, frozen=True):
    """A use of an encoded key: ``key`` stands where the code takes it from the event.

    ``argument`` names what it is given as to the operation of ``record``. ``is_whole``: the argument is the key, and
    not a name that is made of it. ``keeps_plus``: it is decoded, but for ``+``.
    """

    key: Event
    record: CallRecord
    argument: str
    is_whole: bool
    keeps_plus: bool


def encoded_keys(handler: Handler) -> tuple[EncodedKey, ...]:
    """The encoded keys that a handler hands to SDK calls; none where something may have decoded the event's own."""
    found: list[EncodedKey] = []
    for record in handler.calls:
        for argument, value in _keys(record):
            found.extend(_encoded(record, argument, value))
    if found and any(_decodes_event(module) for module in handler.modules):
        return ()
    return tuple(found)


def _keys(record: CallRecord) -> Iterator[tuple[str, Value]]:
    """The values that a call takes for keys of objects, by the names of the arguments."""
    if record.operation is not None:
        for path in OBJECT_KEYS.get(record.operation.service, ()):
            for value in at_path(record.arguments, path):
                yield ".".join(step for step in path if step != "*"), value
    elif record.callee == _PRESIGNED:
        key = member(record.keyword("Params"), "Key")
        if key is not None:
            yield "Key", key


def _encoded(record: CallRecord, argument: str, value: Value) -> Iterator[EncodedKey]:
    given = list(options(value))
    if any(isinstance(option, Event) and _encoding(option) == "" for option in given):
        return  # one way decodes it: perhaps only the others know it as decoded
    for option in given:
        if prefix(option).startswith("http"):
            continue
        for part in option.parts if isinstance(option, Text) else (option,):
            if isinstance(part, Event) and (encoding := _encoding(part)):
                yield EncodedKey(part, record, argument, part is option, encoding == "plus")


def _encoding(value: Event) -> str | None:
    """How a part of the event is still encoded, ``all`` or ``plus``; empty for a decoded key, None for other parts."""
    for known in ENCODED_KEYS:
        for end in range(len(known), len(value.path) + 1):
            if value.path[end - len(known) : end] == known:
                rest = [step for step in value.path[end:] if step not in KEEPS_ENCODED]
                if not rest:
                    return "all"
                return "plus" if len(rest) == 1 and rest[0] in KEEPS_PLUS else ""
    return None


def _decodes_event(module: ModuleIndex) -> bool:
    """Whether a module may put a decoded key into the event itself, or has middleware that does."""
    if any(imported.module in NORMALIZERS for imported in module.facts.imports):
        return True
    items = [item for item in module.items if isinstance(item.key, Const) and item.key.value == "key"]
    return any(_is_object(item.base) for item in (*items, *module.members.get("key", [])))


def _is_object(base: Expression | None) -> bool:
    if isinstance(base, Item):
        return isinstance(base.key, Const) and base.key.value == "object"
    if isinstance(base, Member):
        return base.name == "object"
    return isinstance(base, Name) and base.id not in ("self", "this")
