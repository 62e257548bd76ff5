"""What a run has to say; every format is made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from lambdalint.finding import Finding, Severity
from lambdalint.output.text import Style
from lambdalint.rule import Rule
from lambdalint.source import Source


class Trouble(Struct, frozen=True):
    """Something that could not be read, or that failed. ``path`` is empty where it is about no file."""

    path: str
    message: str
    severity: Severity


class Outcome(Struct, frozen=True):
    """What a run found, with paths relative to the working directory.

    ``silenced`` are findings that are suppressed, each with the reason, ``hidden`` counts those that the level hides,
    ``checked`` the templates and modules read.
    ``is_whole`` is false where something could not be checked. ``from_top`` turns a path into one relative to the top
    of the repository, or into an absolute one if it is outside. ``columns`` is the width of the terminal.
    """

    findings: Sequence[Finding]
    silenced: Sequence[tuple[Finding, str]] = ()
    hidden: int = 0
    checked: int = 0
    statistics: bool = False
    troubles: Sequence[Trouble] = ()
    is_whole: bool = True
    source: Callable[[str], Source | None] = lambda _: None
    rules: Callable[[], Sequence[Rule]] = tuple
    from_top: Callable[[str], str] = str
    style: Style = Style()
    columns: int = 120

    @property
    def suppressed(self) -> int:
        """How many findings are suppressed."""
        return len(self.silenced)
