"""Filters let pass what they let pass in AWS."""

from __future__ import annotations

import pytest

from lambdalint.project.patterns import Match, is_event_key, key_passes, kind_passes, value_passes
from lambdalint.values import Entry, Event, ListOf, Literal, MapOf, Text, Unknown, Value

KEY = Event(("Records", "*", "s3", "object", "key"))
DECODED = Event((*KEY.path, "@unquote_plus"))


@pytest.mark.parametrize(
    ("key", "prefix", "suffix", "expected"),
    [
        (Literal("in/a.csv"), "in/", ".csv", Match.YES),
        (Literal("out/a.csv"), "in/", ".csv", Match.NO),
        (Literal("in/a.txt"), "in/", ".csv", Match.NO),
        (KEY, "in/", ".csv", Match.YES),
        (DECODED, "in/", "", Match.YES),
        (Text((Literal("out/"), KEY)), "in/", "", Match.NO),
        (Text((Literal("out/"), KEY)), "", ".csv", Match.YES),
        (Text((Literal("in/"), KEY)), "in/", "", Match.YES),
        (Text((KEY, Literal(".json"))), "", ".csv", Match.NO),
        (Text((Literal("i"), Unknown())), "in/", "", Match.MAYBE),
        (Text((Unknown(), Literal("v"))), "", ".csv", Match.MAYBE),
        (Unknown(), "in/", "", Match.MAYBE),
        (Unknown(), "", "", Match.YES),
        (None, "in/", "", Match.MAYBE),
    ],
)
def test_keys(key: Value | None, prefix: str, suffix: str, expected: Match) -> None:
    assert key_passes(key, prefix, suffix) is expected


@pytest.mark.parametrize(
    ("event", "wanted", "expected"),
    [
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:*", Match.YES),
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:Put", Match.YES),
        ("s3:ObjectCreated:Copy", "s3:ObjectCreated:Put", Match.NO),
        ("s3:ObjectRemoved:Delete", "s3:ObjectCreated:*", Match.NO),
        ("", "s3:ObjectCreated:*", Match.MAYBE),
    ],
)
def test_kinds(event: str, wanted: str, expected: Match) -> None:
    assert kind_passes(event, wanted) is expected


def pattern(*alternatives: Value) -> Value:
    return ListOf(alternatives)


def operator(name: str, operand: str) -> Value:
    return MapOf((Entry(name, Literal(operand)),))


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        (pattern(Literal("shop"), Literal("bank")), Literal("bank"), Match.YES),
        (pattern(Literal("shop")), Literal("bank"), Match.NO),
        (pattern(Literal("shop")), Unknown(), Match.MAYBE),
        (pattern(Literal("shop")), None, Match.MAYBE),
        (pattern(Literal("shop.a")), Text((Literal("bank."), Unknown())), Match.NO),
        (pattern(operator("prefix", "sh")), Literal("shop"), Match.YES),
        (pattern(operator("suffix", "op")), Literal("shop"), Match.YES),
        (pattern(operator("prefix", "ba")), Literal("shop"), Match.NO),
        (pattern(operator("anything-but", "shop")), Literal("shop"), Match.NO),
        (pattern(operator("anything-but", "shop")), Literal("bank"), Match.YES),
        (pattern(operator("wildcard", "s*p")), Literal("shop"), Match.YES),
        (pattern(operator("cidr", "10.0.0.0/8")), Literal("shop"), Match.MAYBE),
        (None, Literal("shop"), Match.MAYBE),
    ],
)
def test_event_patterns(wanted: Value | None, given: Value | None, expected: Match) -> None:
    assert value_passes(wanted, given) is expected


def test_a_changed_key_is_not_the_events_own() -> None:
    assert is_event_key(KEY) and is_event_key(DECODED)
    assert not is_event_key(Event((*KEY.path, "@lower")))
    assert not is_event_key(Event(("detail", "name")))
