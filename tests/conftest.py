"""Rules of other severities and levels than the built-in ones have, for tests of what is around them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lambdalint import engine
from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.rule import INFO, PEDANTIC, REGULAR, WARNING, Rule, RuleContext, rule


@rule("LL991", severity=WARNING, level=REGULAR, options={"words": ("a",), "limit": 3, "strict": False})
def every_function(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Any function."""
    yield finding(function, f"{function.name} is a function, {context.integer('limit')} {context.today}")


@rule("LL992", severity=INFO, level=PEDANTIC)
def every_function_quietly(function: Function) -> Iterator[Finding]:
    """Any function, for the fussy."""
    yield finding(function, f"{function.name} is a function, if one asks")


@rule("LL993", severity=WARNING, level=REGULAR)
def fails_on_some(function: Function) -> Iterator[Finding]:
    """A rule with a bug."""
    if "Bad" in function.name:
        raise IndexError("no such thing")
    yield finding(function, f"{function.name} is fine")


def declared(*checks: object) -> tuple[Rule, ...]:
    return tuple(check.__rule__ for check in checks)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps runs apart."""
    monkeypatch.setenv("LAMBDALINT_NO_CACHE", "1")


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves LL001 and LL501 alone, so that what is tested does not depend on what other rules find."""
    _have(monkeypatch)


@pytest.fixture
def more_rules(few_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds two rules: LL991, a warning, and LL992, an info of the pedantic level, on every function."""
    _have(monkeypatch, *declared(every_function, every_function_quietly))


@pytest.fixture
def broken_rule(few_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds LL991, and LL993, which fails on functions that are called bad."""
    _have(monkeypatch, *declared(every_function, fails_on_some))


def _have(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    known = [rule for rule in engine.all_rules(()) if rule.code in ("LL001", "LL501")]
    monkeypatch.setattr(engine, "all_rules", lambda plugins: (*known, *rules))
