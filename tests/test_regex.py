from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import lambdalint_rules
import pytest

import lambdalint
from lambdalint.regex import regex


def test_is_compiled_when_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("text")


def test_does_what_a_pattern_does() -> None:
    plain, late = re.compile("B(.)", re.IGNORECASE), regex("B(.)", re.IGNORECASE)
    for _ in range(2):
        for method in ("match", "fullmatch", "search"):
            for text in ("bc", "abc", "a"):
                expected, found = getattr(plain, method)(text), getattr(late, method)(text)
                assert (found and found.groups()) == (expected and expected.groups())
        assert late.findall("abcbd") == plain.findall("abcbd")
        assert [match.span() for match in late.finditer("abcbd")] == [(1, 3), (3, 5)]
        assert late.sub("-", "abcbd") == "a--"
        assert late.split("abc") == plain.split("abc")
        assert (late.pattern, late.flags, late.groups) == (plain.pattern, plain.flags, plain.groups)


def test_bytes() -> None:
    assert regex(rb"\d+").findall(b"1 22") == [b"1", b"22"]


def _names() -> Iterator[str]:
    for package in (lambdalint, lambdalint_rules):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                yield module.name


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if type(value) is type(regex("")):
        yield value  # type: ignore[misc]
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _patterns(item)


def test_all_can_be_compiled() -> None:
    patterns = [item for name in _names() for value in vars(import_module(name)).values() for item in _patterns(value)]
    assert len({pattern.pattern for pattern in patterns}) > 100
