"""What a file or folder was like when it was looked at, so that it can be told whether it has changed.

Times are compared first; where one differs, names and contents are. A file that may have been changed without another
time, since it was looked at just after it was written, is not relied on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import msgspec

FRESH = 50_000_000
"""Nanoseconds: what was changed so shortly before a run may change again without another time."""
LARGE = 10_000_000
"""Bytes of a file above which its time of change stands for its content."""


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A file or folder as a run saw it: time of change in nanoseconds, size, whether it may be executed by its owner,
    and a digest of content or names.
    """

    changed: int
    size: int
    is_executable: bool
    digest: bytes


class Stamps:
    """The stamps of a project's files and folders, each path looked at once.

    Paths are relative to the root, with slashes, or absolute. ``begun`` is the time, in nanoseconds, before which a
    file must have been changed last to be relied on; nothing is told of files that are ``unsaved``.
    """

    def __init__(self, root: str, begun: int, unsaved: Iterable[str] = ()) -> None:
        self._root = root
        self._begun = begun
        self._unsaved = frozenset(unsaved)
        self._known: dict[tuple[str, bool], Stamp] = {}

    def of_files(self, paths: Iterable[str]) -> dict[str, Stamp] | None:
        """The stamps of some files; None where one can't be relied on."""
        return self._all(paths, False)

    def of_folders(self, paths: Iterable[str]) -> dict[str, Stamp] | None:
        """The stamps of some folders; None where one can't be relied on."""
        return self._all(paths, True)

    def _all(self, paths: Iterable[str], is_folder: bool) -> dict[str, Stamp] | None:
        found: dict[str, Stamp] = {}
        for path in paths:
            if path in self._unsaved:
                return None
            key = (path, is_folder)
            if key not in self._known:
                self._known[key] = _stamp(self._absolute(path), _names if is_folder else _content)
            found[path] = self._known[key]
            if self._begun - FRESH < found[path].changed:
                return None
        return found

    def has_file(self, path: str, stamp: Stamp) -> bool:
        """Whether a file is as a stamp says."""
        return self._has(path, stamp, False)

    def has_folder(self, path: str, stamp: Stamp) -> bool:
        """Whether a folder is as a stamp says."""
        return self._has(path, stamp, True)

    def _has(self, path: str, stamp: Stamp, is_folder: bool) -> bool:
        if path in self._unsaved:
            return False
        key = (path, is_folder)
        if key not in self._known:
            digest = _names if is_folder else _content
            whole = self._absolute(path)
            self._known[key] = stamp if _is_same(whole, stamp, digest) else _stamp(whole, digest)
        known = self._known[key]
        is_there, was_there = known.changed >= 0, stamp.changed >= 0
        same = (known.digest, known.is_executable) == (stamp.digest, stamp.is_executable)
        return is_there == was_there and same

    def _absolute(self, path: str) -> str:
        if os.path.isabs(path):
            return path
        return os.path.join(self._root, *path.split("/")) if path else self._root


def _is_same(path: str, stamp: Stamp, digest: Callable[[str], bytes]) -> bool:
    """Whether a path is as a stamp says; ``digest`` makes the digest of what is there."""
    if stamp.changed < 0:
        return not (os.path.isdir(path) if digest is _names else os.path.isfile(path))
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    if _may_execute(status) != stamp.is_executable or (digest is _content and status.st_size != stamp.size):
        return False
    if status.st_mtime_ns == stamp.changed:
        return True
    try:
        return digest(path) == stamp.digest
    except OSError:
        return False


def _stamp(path: str, digest: Callable[[str], bytes]) -> Stamp:
    """What is there at a path now; with a negative time where nothing is."""
    try:
        status = os.stat(path)
        made = digest(path)
    except (OSError, ValueError):
        return Stamp(-1, 0, False, b"")
    return Stamp(status.st_mtime_ns, status.st_size, _may_execute(status), made)


def _may_execute(status: os.stat_result) -> bool:
    return bool(status.st_mode & 0o100)


def _names(path: str) -> bytes:
    import hashlib

    with os.scandir(path) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries)
    return hashlib.sha256(repr(found).encode("utf-8", "surrogateescape")).digest()


def _content(path: str) -> bytes:
    import hashlib

    digest = hashlib.sha256()
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        if status.st_size > LARGE:
            return repr((status.st_mtime_ns, status.st_size)).encode()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.digest()
