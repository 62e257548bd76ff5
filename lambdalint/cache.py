"""Results of earlier runs, kept while nothing that they rest on has changed.

An entry holds what a run found, and the folders and files that the run looked at: the names in each folder, size, time
and content of each file. Times are compared first; where one differs, names and contents are. Entries are plain data
(MessagePack, read into declared types), so that a damaged or forged one can do no more than be thrown away, and they
live in the user's own cache folder, not in the project, which could bring a forged one along. Two runs may share the
folder: entries are written whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec

import msgspec

from lambdalint import __version__, files
from lambdalint.finding import Finding, Severity
from lambdalint.report import Report
from lambdalint.source import Source, Undecodable, decode

FOLDER_VARIABLE = "LAMBDALINT_CACHE_DIR"
OFF_VARIABLE = "LAMBDALINT_NO_CACHE"
SUFFIX = ".lambdalint"
MAX_ENTRIES = 200
MAX_FILES = 200_000
_FRESH = 50_000_000
"""Nanoseconds: what was changed so shortly before a run may change again without another time."""


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A file or folder as a run saw it: time of change in nanoseconds, size, and a digest of content or names."""

    changed: int
    size: int
    digest: bytes


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What a run found, and what that rests on (absolute paths)."""

    key: str
    folders: dict[str, Stamp]
    files: dict[str, Stamp]
    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, str], ...]
    hidden: int
    notes: tuple[tuple[str, str], ...]
    passed_over: tuple[tuple[str, str], ...]
    barren: tuple[str, ...]
    checked: int
    limits: dict[str, Severity]


class Cached(msgspec.Struct, frozen=True):
    """The report of an earlier run, and which severity gives exit status 1, by folder."""

    report: Report
    limits: dict[str, Severity]


class Disk:
    """The files of a project as they are."""

    def __init__(self, root: str) -> None:
        self.root = root

    def get(self, path: str) -> Source | None:
        """A source by its path below the root; None where there is none."""
        try:
            with open(os.path.join(self.root, *path.split("/")), "rb") as file:
                data = file.read()
        except (OSError, ValueError):
            return None
        try:
            return Source(path, decode(data))
        except Undecodable:
            return Source(path, data.decode("utf-8", "replace"))


def folder(given: str | None) -> str | None:
    """Where entries are kept: as given, as the environment says, or in the user's cache folder; None for nowhere."""
    chosen = given or os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if not base:
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if home not in ("", "~", "/") else None
    return os.path.join(base, "lambdalint") if base else None


def key_of(root: str, shown: Sequence[str], told: object) -> str:
    """What makes two runs the same: the project, what of it is shown, what was told, and what judges."""
    parts = (__version__, sys.version_info[:3], _code(), os.path.realpath(root), tuple(shown), told)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _code() -> tuple[tuple[int, int], ...]:
    """Sizes and times of what judges, so that another version of it judges anew: the packages and cfn-lint's dates."""
    found = []
    for name in ("lambdalint", "lambdalint_rules", "cfnlint"):
        spec = find_spec(name)
        for base in spec.submodule_search_locations or () if spec is not None else ():
            if name == "cfnlint":
                base = os.path.join(base, "data", "AdditionalSpecs")
            for place, _, names in os.walk(base):
                for file in names:
                    if not file.endswith(".pyc"):
                        status = os.stat(os.path.join(place, file))
                        found.append((status.st_mtime_ns, status.st_size))
    return (max(found, default=(0, 0)), (len(found), sum(size for _, size in found)))


def lookup(place: str, key: str, root: str) -> Cached | None:
    """What an earlier run found, if all that it rests on is as it was."""
    path = os.path.join(place, key + SUFFIX)
    try:
        with open(path, "rb") as file:
            entry = msgspec.msgpack.decode(file.read(), type=Entry)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        return None
    if entry.key != key:
        return None
    if not all(_is_same(path, stamp, _names) for path, stamp in entry.folders.items()):
        return None
    if not all(_is_same(path, stamp, _content) for path, stamp in entry.files.items()):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    report = Report(
        root,
        entry.findings,
        entry.silenced,
        entry.hidden,
        (),
        (),
        entry.notes,
        entry.passed_over,
        entry.barren,
        Disk(root),
        entry.checked,
    )
    return Cached(report, entry.limits)


def store(
    place: str, key: str, report: Report, further: Iterable[str], limits: dict[str, Severity], begun: int
) -> None:
    """Keeps what a run found that began at a time (nanoseconds). What can't be kept is not."""
    if report.crashes or report.unreadable or len(report.read.files) > MAX_FILES:
        return
    try:
        folders = {path: _stamp(path, _names) for path in _absolute(report.root, report.read.folders)}
        content = {path: _stamp(path, _content) for path in {*_absolute(report.root, report.read.files), *further}}
        if any(begun - _FRESH < stamp.changed for stamp in (*folders.values(), *content.values())):
            return
        entry = Entry(
            key,
            folders,
            content,
            report.findings,
            report.silenced,
            report.hidden,
            report.notes,
            report.passed_over,
            report.barren,
            report.checked,
            limits,
        )
        os.makedirs(place, exist_ok=True)
        _describe(place)
        files.write(os.path.join(place, key + SUFFIX), msgspec.msgpack.encode(entry))
        _make_room(place)
    except (OSError, ValueError):
        return


def clean(place: str) -> int:
    """Takes away all entries; gives how many there were. Other files in the folder stay."""
    count = 0
    for path in _entries(place):
        os.unlink(path)
        count += 1
    return count


def _entries(place: str) -> Iterator[str]:
    if os.path.isdir(place):
        yield from (os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith(SUFFIX))


def _make_room(place: str) -> None:
    entries = list(_entries(place))
    if len(entries) > MAX_ENTRIES:
        entries.sort(key=os.path.getmtime)
        for path in entries[: len(entries) - MAX_ENTRIES]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _describe(place: str) -> None:
    tag = os.path.join(place, "CACHEDIR.TAG")
    if not os.path.exists(tag):
        files.write(tag, b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by lambdalint; it may be deleted.\n")


def _absolute(root: str, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield os.path.join(root, *path.split("/")) if path else root


def _is_same(path: str, stamp: Stamp, digest: object) -> bool:
    if stamp.changed < 0:
        return not (os.path.isdir(path) if digest is _names else os.path.isfile(path))
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    if status.st_mtime_ns == stamp.changed and (digest is _names or status.st_size == stamp.size):
        return True
    if digest is _content and status.st_size != stamp.size:
        return False
    try:
        return (_names(path) if digest is _names else _content(path)) == stamp.digest
    except OSError:
        return False


def _stamp(path: str, digest: object) -> Stamp:
    """What is there at a path now; with a negative time where nothing is."""
    try:
        status = os.stat(path)
        made = _names(path) if digest is _names else _content(path)
    except (OSError, ValueError):
        return Stamp(-1, 0, b"")
    return Stamp(status.st_mtime_ns, status.st_size, made)


def _names(path: str) -> bytes:
    with os.scandir(path) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries)
    return hashlib.sha256(repr(found).encode("utf-8", "surrogateescape")).digest()


def _content(path: str) -> bytes:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.digest()
