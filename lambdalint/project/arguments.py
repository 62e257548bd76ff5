"""Which arguments of a call name resources."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws import sdk
from lambdalint.project.evaluate import CallRecord
from lambdalint.values import ListOf, Literal, MapOf, Value, options


class Named(Struct, frozen=True):
    """A resource that a call names. ``what`` is the word for its kind, ``argument`` the argument's name."""

    what: str
    argument: str
    value: Value


def named_resources(record: CallRecord) -> Iterator[Named]:
    """The resources that a call names: of an SDK operation, or of a library that is known."""
    if record.operation is not None:
        paths = sdk.RESOURCE_ARGUMENTS.get(record.operation.service)
        about = sdk.RESOURCE_OPERATIONS.get(record.operation.service, "")
        if paths and record.operation.name and about in record.operation.name:
            arguments = record.arguments
            names = {entry.key for entry in arguments.entries}
            for path, what in paths.items():
                for value in values_at(arguments, path) if path[0] in names or path[0] in "*?" else ():
                    yield Named(what, ".".join(step for step in path if step not in "*?"), value)
        return
    known = sdk.LIBRARY_ARGUMENTS.get(record.callee)
    if known is not None:
        position, name, what = known
        given = record.keyword(name) or record.positional(position)
        if given is not None:
            yield Named(what, name, given)


def values_at(value: Value | None, path: tuple[str, ...]) -> Iterator[Value]:
    """The values under a path into arguments. ``*``: every item of a list, ``?``: every key of a map.

    A value that may be one of several is given as it is where the path ends, and followed into each before.
    """
    if not path:
        if value is not None:
            yield value
        return
    step, rest = path[0], path[1:]
    for option in options(value):
        if step == "*":
            for item in option.items if isinstance(option, ListOf) else ():
                yield from values_at(item, rest)
        elif isinstance(option, MapOf):
            if step == "?":
                for entry in option.entries:
                    yield from values_at(Literal(entry.key, entry.key_span), rest)
            else:
                yield from values_at(option.get(step), rest)
