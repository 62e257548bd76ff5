"""The files under a project's root: what is there and how large."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from msgspec import Struct

from lambdalint.cache_folder import TAG
from lambdalint.contents import Contents
from lambdalint.project.archive import entries_of

Found = TypeVar("Found")

MAX_PATH = 4_096
"""Characters of a path, as on Linux; a longer one leads nowhere."""
_DOTS = ("", ".", "..")


class File(Struct, frozen=True, order=True):
    """A file: its path, its size in bytes, and whether its owner may execute it."""

    path: str
    size: int
    executable: bool


class Tree:
    """Paths are relative to the root, with slashes. What leads outside the root, by links too, is not there.

    ``contents`` reads the files. What ``whole``, a tree of the same root, has listed is not listed again.
    """

    def __init__(
        self,
        root: str,
        ignored: Callable[[str], bool] | None = None,
        contents: Contents | None = None,
        whole: Tree | None = None,
    ) -> None:
        self.root: str = whole.root if whole is not None else os.path.realpath(root)
        self._ignored = ignored
        self._contents = contents if contents is not None else Contents(root)
        self._listings: dict[str, dict[str, os.DirEntry[str]]] = whole._listings if whole is not None else {}
        self.listed: set[str] = set()
        """The folders that were listed."""
        self.opened: set[str] = set()
        """The files that were read or measured."""
        self.notes: dict[str, str] = {}
        """What is there but was not read, each path with the reason."""
        self._plain: set[str] = whole._plain if whole is not None else {""}
        """Folders that are certainly there as they are written, and not led to by links out of the root."""
        self._once: dict[object, tuple[Any, frozenset[str], frozenset[str]]] = whole._once if whole is not None else {}

    def take(self, other: Tree) -> None:
        """Takes over what another one of the same root has looked at."""
        self.listed |= other.listed
        self.opened |= other.opened
        self.notes.update(other.notes)

    def normal(self, path: str) -> str | None:
        """The path without dots, or None if it leads outside."""
        path = posixpath.normpath(path.replace("\\", "/"))
        if path.startswith(("../", "/")) or path == "..":
            return None
        return "" if path == "." else path

    def join(self, folder: str, path: str) -> str | None:
        """A path relative to a folder, or None if it leads outside."""
        if path.startswith("/") or (len(path) > 1 and path[1] == ":"):
            return None
        return self.normal(posixpath.join(folder, path) if folder else path)

    def relative(self, path: str) -> str | None:
        """The path below the root of an absolute one, or None if it leads elsewhere."""
        normal = posixpath.normpath(path.replace("\\", "/"))
        root = self.root.replace(os.sep, "/").rstrip("/")
        if normal == root:
            return ""
        return normal[len(root) + 1 :] if normal.startswith(root + "/") else None

    def absolute(self, path: str) -> str:
        """The path on this machine."""
        return os.path.join(self.root, *path.split("/")) if path else self.root

    def listing(self, folder: str) -> dict[str, os.DirEntry[str]]:
        """The entries of a folder by name; empty where there is no such folder."""
        self.listed.add(folder)
        return self._entries(folder)

    def _entries(self, folder: str) -> dict[str, os.DirEntry[str]]:
        known = self._listings.get(folder)
        if known is None:
            known = self._listings[folder] = self._list(folder)
        return known

    def _list(self, folder: str) -> dict[str, os.DirEntry[str]]:
        if folder not in self._plain:
            above, _, name = folder.rpartition("/")
            if above in self._plain and name not in _DOTS:
                entry = self._entries(above).get(name)
                if entry is None:
                    return {}
                if not entry.is_symlink():
                    self._plain.add(folder)
            if folder not in self._plain and not self._inside(folder):
                return {}
        try:
            with os.scandir(self.absolute(folder)) as entries:
                return {entry.name: entry for entry in entries}
        except (OSError, ValueError):
            return {}

    def _inside(self, path: str) -> bool:
        """Whether the real place of a path is under the root."""
        try:
            real = os.path.realpath(self.absolute(path))
        except (OSError, ValueError):
            return False
        return real == self.root or real.startswith(self.root.rstrip(os.sep) + os.sep)

    def _entry(self, path: str) -> os.DirEntry[str] | None:
        """The entry of a path, letter case as written."""
        if len(path) > MAX_PATH:
            return None
        folder, _, name = path.rpartition("/")
        if folder in self._plain:
            entry = self.listing(folder).get(name)
            return None if entry is not None and entry.is_symlink() and not self._inside(path) else entry
        entry, folder, reached = None, "", ""
        for name in path.split("/"):
            folder, reached = reached, f"{reached}/{name}" if reached else name
            self._plain.add(folder)
            entry = self.listing(folder).get(name)
            if entry is None or (entry.is_symlink() and not self._inside(reached)):
                return None
        return entry

    def is_file(self, path: str) -> bool:
        """Whether there is a file at a path, letter case as written."""
        entry = self._entry(path)
        try:
            return entry is not None and entry.is_file()
        except OSError:
            return False

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at a path, letter case as written."""
        if not path:
            return True
        entry = self._entry(path)
        try:
            return entry is not None and entry.is_dir()
        except OSError:
            return False

    def is_ignored(self, path: str) -> bool:
        """Whether git or the settings leave a path out, be there something or not."""
        return self._ignored is not None and self._ignored(path)

    def is_linked(self, path: str) -> bool:
        """Whether a path is a symbolic link or leads through one, be its target there or not."""
        parts = path.split("/")
        for count, name in enumerate(parts):
            entry = self.listing("/".join(parts[:count])).get(name)
            if entry is not None and entry.is_symlink():
                return True
        return False

    def exists(self, path: str) -> bool:
        """Whether there is anything at a path, letter case as written."""
        return self.is_file(path) or self.is_folder(path)

    def in_other_case(self, path: str) -> str | None:
        """The path as it is written on disk where only letter case differs, or None."""
        found = ""
        for part in path.split("/"):
            names = self.listing(found)
            if part in names:
                name = part
            else:
                near = [name for name in names if name.lower() == part.lower()]
                if len(near) != 1:
                    return None
                name = near[0]
            found = f"{found}/{name}" if found else name
        return found if found != path else None

    def files(self, folder: str, limit: int = 200_000, enters: Callable[[str], bool] | None = None) -> list[File]:
        """All files below a folder, links not followed. Beyond ``limit`` the rest is left out.

        ``enters`` says of a folder's path whether to look into it.
        """
        found: list[File] = []
        for path, entry in self._walk(folder, limit, enters):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            self.opened.add(path)
            found.append(File(path, status.st_size, bool(status.st_mode & 0o100)))
        return sorted(found)

    def _walk(
        self, folder: str, limit: int, enters: Callable[[str], bool] | None = None
    ) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """The paths of files below a folder, in no order; of what one folder holds more than ``limit`` are given."""
        count = 0
        pending = [folder]
        while pending and count < limit:
            current = pending.pop()
            is_plain = current in self._plain
            entries = self._entries(current)
            if TAG in entries and current != folder:
                continue
            self.listed.add(current)
            for name, entry in entries.items():
                path = f"{current}/{name}" if current else name
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if is_plain:
                            self._plain.add(path)
                        if enters is None or enters(path):
                            pending.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        count += 1
                        yield path, entry
                except OSError:
                    continue

    def once(self, key: object, find: Callable[[], Found]) -> Found:
        """What is found under a key: looked for once for all parts of a project, each of which rests on it."""
        if key not in self._once:
            before = self.listed, self.opened
            self.listed, self.opened = set(), set()
            try:
                self._once[key] = (find(), frozenset(self.listed), frozenset(self.opened))
            finally:
                self.listed, self.opened = before
        found, listed, opened = self._once[key]
        self.listed |= listed
        self.opened |= opened
        return cast(Found, found)

    def stems(self, folder: str, suffixes: tuple[str, ...], limit: int) -> frozenset[str] | None:
        """The names, up to their first dot, of files with some suffixes below a folder; None if they are too many."""

        def find() -> frozenset[str] | None:
            files = [entry.name for _, entry in self._walk(folder, limit)]
            names = (name for name in files if name.endswith(suffixes))
            return None if len(files) >= limit else frozenset(name.partition(".")[0] for name in names)

        return self.once((folder, suffixes, limit), find)

    def entries(self, path: str) -> frozenset[str] | None:
        """The names in a zip archive; None where it can't be read, or is too large to be looked at in passing."""
        self.opened.add(path)
        return entries_of(self.absolute(path))

    def size(self, path: str) -> int | None:
        """The size of a file in bytes, or None if there is none."""
        if not self.is_file(path):
            return None
        self.opened.add(path)
        try:
            return os.stat(self.absolute(path)).st_size
        except OSError:
            return None

    def modified(self, path: str) -> float | None:
        """When a file or folder was last changed, in seconds; None if there is none."""
        if not self.exists(path):
            return None
        self.opened.add(path)
        try:
            return os.stat(self.absolute(path)).st_mtime
        except OSError:
            return None

    def text(self, path: str, limit: int) -> str:
        """The beginning of a text file, at most ``limit`` bytes; empty where it can't be read."""
        return self.data(path, limit).decode("utf-8", "replace")

    def data(self, path: str, limit: int) -> bytes:
        """The beginning of a file, at most ``limit`` bytes; empty where it can't be read."""
        if not self.is_file(path):
            return b""
        self.opened.add(path)
        try:
            return self._contents.beginning(path, limit)
        except OSError:
            return b""
