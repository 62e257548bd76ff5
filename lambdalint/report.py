"""What a run found in one project."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from lambdalint.finding import Finding
from lambdalint.source import Source


class Texts(Protocol):
    """Gives the sources of a project's files."""

    def get(self, path: str) -> Source | None:
        """A source by its path below the root; None where there is none."""


class Read(Struct, frozen=True):
    """The folders that a run listed and the files that it opened or measured, below the project's root."""

    folders: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


class Slow(Struct, frozen=True):
    """A reader with its file, or a rule (no path), that took long."""

    part: str
    path: str
    seconds: float


class Crash(Struct, frozen=True):
    """A rule or reader that failed: its name, the first thing it failed on, what happened, and how many there were."""

    part: str
    subject: str
    error: str
    trace: str
    times: int = 1


class Report(Struct, frozen=True):
    """What a run found in one project. ``silenced`` are findings that their owner suppresses, each with the reason.

    ``unreadable`` and ``notes`` are inputs that could not be read, each path with the reason; ``passed_over`` is code
    that nobody writes by hand, which is not read on purpose;
    ``barren`` are arguments under which there is neither a template nor code; ``read`` is what the run looked at,
    ``slow`` what took long.
    """

    root: str
    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, str], ...]
    hidden: int
    crashes: tuple[Crash, ...]
    unreadable: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    passed_over: tuple[tuple[str, str], ...]
    barren: tuple[str, ...]
    sources: Texts
    checked: int
    read: Read = Read()
    slow: tuple[Slow, ...] = ()

    @property
    def suppressed(self) -> int:
        """How many findings their owner has silenced."""
        return len(self.silenced)
