"""A finding: what a rule says about one place."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from msgspec import structs

from lambdalint.source import NOWHERE, Data, Span


class Severity(str, Enum):
    """How bad it is. *error*: fails to deploy or to run, loses data, loops."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return ("error", "warning", "info").index(self.value)


class Confidence(str, Enum):
    """How sure the rule is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Level(str, Enum):
    """From which level on a rule or finding is shown; *regular* is on by default."""

    REGULAR = "regular"
    PEDANTIC = "pedantic"
    AUDITOR = "auditor"

    @property
    def rank(self) -> int:
        """0 for the level that is always on."""
        return ("regular", "pedantic", "auditor").index(self.value)


class Edit(Data, frozen=True):
    """One text edit: what stands at ``span`` becomes ``text``."""

    span: Span
    text: str


class Fix(Data, frozen=True):
    """Text edits that cure a finding. *Safe* ones keep behaviour, the others may change it."""

    description: str
    edits: tuple[Edit, ...]
    safe: bool = False


class Related(Data, frozen=True):
    """The other end of a finding: a place with a few words on what is there."""

    span: Span
    label: str


class Finding(Data, frozen=True):
    """One violation of a rule. The engine fills in what the rule leaves empty: code, name, levels, function."""

    message: str
    span: Span
    related: tuple[Related, ...] = ()
    function: str = ""
    resource: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    level: Level | None = None
    code: str = ""
    name: str = ""


class HasSpan(Protocol):
    """Anything that knows its place."""

    @property
    def span(self) -> Span:
        """Its place."""


Place = Span | HasSpan


def place(at: Place) -> Span:
    """The span of a thing, or the span itself."""
    return at if isinstance(at, Span) else at.span


def related(at: Place, label: str) -> Related:
    """A related place, with the words that label it."""
    return Related(place(at), label)


def finding(
    at: Place,
    message: str,
    *,
    related: list[Related] | tuple[Related, ...] = (),
    function: str = "",
    resource: str = "",
    fix: Fix | None = None,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    level: Level | None = None,
) -> Finding:
    """A finding at a place.

    Left out, ``severity``, ``confidence`` and ``level`` are the rule's own, and ``function`` and ``resource``
    those of the thing that the rule was asked about. Findings of one rule at one place become one.
    """
    return Finding(
        message,
        place(at),
        tuple(item for item in related if item.span != NOWHERE),
        function,
        resource,
        fix,
        severity,
        confidence,
        level,
    )


def change(item: Finding, **fields: object) -> Finding:
    """A copy of a finding with other fields."""
    return structs.replace(item, **fields)
