"""Whether a filter lets something through: prefixes and suffixes of S3 keys, event patterns of EventBridge."""

from __future__ import annotations

import re
from enum import IntEnum

from lambdalint.values import Event, ListOf, Literal, MapOf, Text, Value, candidates, options, prefix, suffix, text


class Match(IntEnum):
    """How sure it is that something passes; the least of several is their sum."""

    NO = 0
    MAYBE = 1
    YES = 2


KEY_STEPS = frozenset(("key", "object_key", "objectKey"))


def is_event_key(value: Value | None) -> bool:
    """Whether a value is the key of the object that the event is about, decoded or not."""
    if not isinstance(value, Event):
        return False
    steps = [step for step in value.path if not step.startswith("@")]
    changed = [
        step for step in value.path if step.startswith("@") and step not in ("@json", "@unquote_plus", "@unquote")
    ]
    return bool(steps) and steps[-1] in KEY_STEPS and not changed


def key_passes(key: Value | None, wanted_prefix: str, wanted_suffix: str) -> Match:
    """Whether an object key passes a notification's filter. The triggering object's own key has passed it already."""
    if not wanted_prefix and not wanted_suffix:
        return Match.YES
    found = Match.NO
    possibilities = list(candidates(key))
    if not possibilities:
        return Match.MAYBE
    for option in possibilities:
        found = max(found, min(_starts(option, wanted_prefix), _ends(option, wanted_suffix)))
    return found


def _starts(key: Value, wanted: str) -> Match:
    if not wanted or is_event_key(key):
        return Match.YES
    if isinstance(key, Text) and is_event_key(key.parts[0]):
        return Match.YES
    known = prefix(key)
    if isinstance(key, Literal):
        return Match.YES if str(key.value).startswith(wanted) else Match.NO
    if known.startswith(wanted):
        return Match.YES
    return Match.MAYBE if wanted.startswith(known) else Match.NO


def _ends(key: Value, wanted: str) -> Match:
    if not wanted or is_event_key(key):
        return Match.YES
    if isinstance(key, Text) and is_event_key(key.parts[-1]):
        return Match.YES
    known = suffix(key)
    if isinstance(key, Literal):
        return Match.YES if str(key.value).endswith(wanted) else Match.NO
    if known.endswith(wanted):
        return Match.YES
    return Match.MAYBE if wanted.endswith(known) else Match.NO


def kind_passes(event: str, wanted: str) -> Match:
    """Whether an S3 event (``s3:ObjectCreated:Put``) is one of those that a notification asks for."""
    if not event or not wanted:
        return Match.MAYBE
    for kind in event.split("|"):
        if re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), kind):
            return Match.YES
    return Match.NO


def value_passes(pattern: Value | None, given: Value | None) -> Match:
    """Whether a value passes one field of an event pattern: a list of alternatives."""
    found = Match.NO
    alternatives = list(_alternatives(pattern))
    if not alternatives:
        return Match.MAYBE
    for alternative in alternatives:
        for option in candidates(given) if given is not None else [None]:
            found = max(found, _alternative(alternative, option))
    return found


def _alternatives(pattern: Value | None) -> list[Value]:
    found: list[Value] = []
    for option in options(pattern):
        if isinstance(option, ListOf):
            for item in option.items:
                found.extend(candidates(item))
        else:
            found.append(option)
    return found


def _alternative(pattern: Value, given: Value | None) -> Match:
    if isinstance(pattern, Literal):
        if isinstance(given, Literal):
            return Match.YES if str(given.value) == str(pattern.value) else Match.NO
        if isinstance(given, Text) and not (
            str(pattern.value).startswith(prefix(given)) and str(pattern.value).endswith(suffix(given))
        ):
            return Match.NO
        return Match.MAYBE
    if isinstance(pattern, MapOf) and len(pattern.entries) == 1:
        operator, operand = pattern.entries[0].key, text(pattern.entries[0].value)
        if operand is None:
            return Match.MAYBE
        if operator == "prefix":
            return Match.MAYBE if given is None else _starts(given, operand)
        if operator == "suffix":
            return Match.MAYBE if given is None else _ends(given, operand)
        if operator == "anything-but" and isinstance(given, Literal):
            return Match.NO if str(given.value) == operand else Match.YES
        if operator == "wildcard" and isinstance(given, Literal):
            expression = re.escape(operand).replace(r"\*", ".*")
            return Match.YES if re.fullmatch(expression, str(given.value)) else Match.NO
    return Match.MAYBE
