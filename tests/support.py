"""What tests share: small projects in temporary folders, and what lambdalint says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

from lambdalint.engine import Report, check
from lambdalint.finding import Finding, Level
from lambdalint.settings import Settings

TODAY = date(2026, 11, 22)
FIXTURES = Path(__file__).parent / "fixtures"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content), encoding="utf-8")
    return folder


def report(folder: Path, *select: str, level: Level = Level.REGULAR, shown: Iterable[Path] = ()) -> Report:
    """Checks a folder as the project's root."""
    settings = Settings(select=select, level=level)
    paths = [str(path.resolve()) for path in shown] or [str(folder.resolve())]
    result = check(str(folder.resolve()), paths, settings, TODAY)
    assert not result.crashes, result.crashes[0].trace
    return result


def findings(folder: Path, *select: str) -> list[Finding]:
    """The findings of some rules on a folder."""
    return list(report(folder, *select).findings)


def lines(folder: Path, *select: str) -> list[str]:
    """The findings as ``path:line:column: CODE``."""
    return [f"{item.span.path}:{item.span.line}:{item.span.column}: {item.code}" for item in findings(folder, *select)]
