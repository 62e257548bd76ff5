"""What tests share: small projects in temporary folders, and what lambdalint says of them."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

from lambdalint.adopting import Work, fixed
from lambdalint.engine import check, parses
from lambdalint.finding import Edit, Finding, Fix, Level
from lambdalint.fixes import edited
from lambdalint.report import Report
from lambdalint.settings import Settings

TODAY = date(2026, 11, 22)
FIXTURES = Path(__file__).parent / "fixtures"
MORE = re.compile(r"\((\d[\d,]*) more bytes\)$", re.MULTILINE)
"""Stands for so many bytes, at the end of a line, in examples and fixtures."""
BINARY = re.compile(r"\((ELF|Mach-O|PE)(?: (x86_64|aarch64|arm64))?\)")
"""Stands for a binary file: alone in a file, or at the end of a line in the listing of an archive."""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder. The text of a ``.zip`` is a listing, see :func:`archive`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif path.suffix == ".zip":
            path.write_bytes(archive(content))
        elif BINARY.fullmatch(content.strip()):
            path.write_bytes(binary(content.strip()))
        else:
            path.write_text(MORE.sub(_more, dedent(content)), encoding="utf-8")
    return folder


def _more(match: re.Match[str]) -> str:
    return "x" * int(match.group(1).replace(",", ""))


def binary(stand_in: str) -> bytes:
    """The header of a library for the machine that a stand-in names, such as ``(ELF aarch64)``."""
    match = BINARY.fullmatch(stand_in)
    assert match is not None
    kind, machine = match.groups()
    if kind == "ELF":
        number = {"x86_64": 62, "aarch64": 183}[machine]
        return b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HH", 3, number).ljust(48, b"\0")
    if kind == "Mach-O":
        number = {"x86_64": 0x01000007, "arm64": 0x0100000C}.get(machine, 0)
        return (b"\xcf\xfa\xed\xfe" + struct.pack("<L", number)).ljust(64, b"\0")
    return b"MZ".ljust(64, b"\0")


def archive(listing: str) -> bytes:
    """A small zip archive whose directory claims files as a listing has them: lines of ``path 1000 bytes``.

    What follows in parentheses says what it begins with, see :func:`binary`.
    """
    data = BytesIO()
    with ZipFile(data, "w") as made:
        for line in listing.splitlines():
            if line.strip():
                listed, _, stand_in = line.strip().partition(" (")
                name, _, size = listed.removesuffix(" bytes").rpartition(" ")
                made.writestr(name or size, binary(f"({stand_in}") if stand_in else b"")
                if name:
                    made.getinfo(name).file_size = int(size)
    return data.getvalue()


def prepared(fixture: Path, folder: Path) -> Path:
    """A fixture project, copied if something large has a stand-in there.

    ``orders.zip.txt`` stands for the archive that it lists, a line's end ``(1,000 more bytes)`` for so many, and a file
    with only ``(ELF aarch64)`` for such a binary.
    """
    files = [path for path in fixture.rglob("*") if path.suffix in (".txt", ".yaml", ".so", ".node")]
    listings = [path for path in files if path.name.endswith(".zip.txt")]
    shortened = [path for path in files if MORE.search(path.read_text(encoding="utf-8"))]
    binaries = [path for path in files if BINARY.fullmatch(path.read_text(encoding="utf-8").strip())]
    if not listings and not shortened and not binaries:
        return fixture
    shutil.copytree(fixture, folder, dirs_exist_ok=True)
    for path in [*listings, *shortened, *binaries]:
        name = path.relative_to(fixture).as_posix()
        if path in listings:
            (folder / name).unlink()
        write(folder, {name.removesuffix(".txt"): path.read_text(encoding="utf-8")})
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


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text after some edits."""
    edits = list(edits)
    made = edited(text.encode(), edits[0].span.path if edits else "", edits)
    assert made is not None
    return made.decode()


def repaired(folder: Path, code: str, name: str, level: Level = Level.AUDITOR) -> tuple[str, bool]:
    """A file of a project after the fixes of a rule's findings, and whether all of these are safe.

    The findings that have a fix must be gone then, and the file must be readable.
    """
    settings = Settings(select=(code,), level=level)
    root = str(folder.resolve())
    offered = [item for item in check(root, [root], settings, TODAY).findings if item.fix is not None]
    assert offered, f"no fix of {code}"
    assert all(item.code == code for item in offered)
    done = fixed(Work(root, [root], settings, TODAY), unsafe=True)
    assert not done.refused, [item.message for item in done.refused]
    assert parses(name, done.contents[name])
    return done.contents[name].decode(), all(item.fix.safe for item in offered if item.fix is not None)


def fixes(folder: Path, code: str, level: Level = Level.AUDITOR) -> list[Fix | None]:
    """The fixes that a rule's findings carry, None for those without."""
    return [item.fix for item in report(folder, code, level=level).findings]
