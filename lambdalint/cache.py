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
from collections.abc import Iterable, Sequence
from importlib.util import find_spec

import msgspec

from lambdalint import __version__, cache_folder
from lambdalint.finding import Finding, Severity
from lambdalint.report import Report
from lambdalint.source import Source, Undecodable, decode
from lambdalint.stamps import Stamp, Stamps

MAX_FILES = 200_000


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What a run found, and what that rests on: paths below the root, or absolute."""

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
    path = os.path.join(place, key + cache_folder.SUFFIX)
    try:
        with open(path, "rb") as file:
            entry = msgspec.msgpack.decode(file.read(), type=Entry)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        return None
    if entry.key != key:
        return None
    stamps = Stamps(root, 0)
    if not all(stamps.has_folder(path, stamp) for path, stamp in entry.folders.items()):
        return None
    if not all(stamps.has_file(path, stamp) for path, stamp in entry.files.items()):
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
    place: str, key: str, report: Report, further: Iterable[str], limits: dict[str, Severity], stamps: Stamps
) -> None:
    """Keeps what a run found. What can't be kept is not."""
    if report.crashes or report.unreadable or len(report.read.files) > MAX_FILES:
        return
    folders = stamps.of_folders(report.read.folders)
    content = stamps.of_files({*report.read.files, *further})
    if folders is not None and content is not None:
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
        cache_folder.write(place, key, msgspec.msgpack.encode(entry))
