"""What runs change: files by fixes and comments, and baselines."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint import engine, files
from lambdalint.engine import means_the_same, parses
from lambdalint.finding import Finding
from lambdalint.reading import Progress
from lambdalint.report import Report
from lambdalint.scopes import Nested
from lambdalint.settings import Settings

if TYPE_CHECKING:
    from lambdalint.fixes import Repaired
    from lambdalint.memory import Remember


class Work(Struct, frozen=True):
    """A project, and what of it is shown."""

    root: str
    shown: Sequence[str]
    settings: Settings
    today: date
    nested: Nested | None = None
    remember: Remember | None = None

    def check(self, overlay: Mapping[str, bytes], progress: Progress | None = None) -> Report:
        """Checks it with other contents of some files."""
        settings = (self.settings, self.today)
        return engine.check(self.root, self.shown, *settings, overlay, progress, self.nested, self.remember)

    def read(self, path: str) -> bytes | None:
        """The content of one of its files."""
        try:
            with open(os.path.join(self.root, *path.split("/")), "rb") as file:
                return file.read()
        except OSError:
            return None


def fixed(work: Work, unsafe: bool) -> Repaired:
    """What the fixes of a project's findings make of its files; nothing is written."""
    from lambdalint.fixes import repair

    def is_no_worse(path: str, data: bytes) -> bool:
        return parses(path, data, work.read(path) or b"")

    return repair(lambda overlay: work.check(overlay).findings, work.read, is_no_worse, unsafe)


def ignored(work: Work, reason: str) -> Repaired:
    """What comments behind all lines with findings make of a project's files; nothing is written."""
    from lambdalint.fixes import repair
    from lambdalint.ignoring import silenced

    def findings(overlay: Mapping[str, bytes]) -> Sequence[Finding]:
        report = work.check(overlay)
        return silenced(report.findings, report.sources.get, reason)

    def keeps_its_meaning(path: str, data: bytes) -> bool:
        before = work.read(path)
        return before is not None and parses(path, data) and means_the_same(path, before, data)

    return repair(findings, work.read, keeps_its_meaning)


def differences(work: Work, repaired: Repaired, shown: Callable[[str], str]) -> list[str]:
    """The lines of a diff of all changes; ``shown`` tells how paths are shown."""
    from lambdalint.fixes import difference

    lines: list[str] = []
    for path, after in sorted(repaired.contents.items()):
        before = work.read(path) or b""
        lines.extend(difference(shown(os.path.join(work.root, *path.split("/"))), before, after))
    return lines


def written(work: Work, repaired: Repaired) -> list[str]:
    """Writes all changes; gives what could not be written, with the reason."""
    failures = []
    for path, data in sorted(repaired.contents.items()):
        whole = os.path.join(work.root, *path.split("/"))
        try:
            files.write(whole, data)
        except OSError as error:
            failures.append(f"{whole}: cannot be written: {error.strerror or error}")
    return failures


def by_rule(findings: Sequence[Finding]) -> str:
    """How often each rule's fix was applied: ``2 LL612, 1 LL105``."""
    counts = Counter(item.code for item in findings)
    return ", ".join(f"{count} {code}" for code, count in sorted(counts.items()))
