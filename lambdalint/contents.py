"""The contents of a project's files: each is read once a run, unless it is large."""

from __future__ import annotations

import os
from collections.abc import Mapping

MAX_KEPT = 250_000
"""Bytes of a file that is kept; handlers and templates have a few thousand."""
MAX_ALL = 48_000_000
"""Bytes that are kept of all files."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Without waiting where it is a pipe after all."""


class Contents:
    """The files below a root; ``overlay`` gives some of them another content than they have on disk."""

    def __init__(self, root: str, overlay: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.overlay = overlay or {}
        self._kept: dict[str, bytes] = {}
        self._room = MAX_ALL

    def has(self, path: str) -> bool:
        """Whether there is a file at a path."""
        return self._known(path) is not None or os.path.isfile(os.path.join(self.root, *path.split("/")))

    def whole(self, path: str, limit: int) -> bytes | None:
        """All of a file; None where it is larger than ``limit``. Raises OSError or ValueError, as opening does."""
        known = self._known(path)
        if known is None:
            handle = self._open(path)
            try:
                size = os.fstat(handle).st_size
                if size > limit:
                    return None
                known = _read(handle, size + 1, limit + 1)
            finally:
                os.close(handle)
            self._keep(path, known)
        return known if len(known) <= limit else None

    def beginning(self, path: str, limit: int) -> bytes:
        """The first bytes of a file, at most ``limit``. Raises OSError or ValueError, as opening does."""
        known = self._known(path)
        if known is None:
            handle = self._open(path)
            try:
                size = os.fstat(handle).st_size
                known = _read(handle, min(size + 1, limit), limit)
            finally:
                os.close(handle)
            if size == len(known):
                self._keep(path, known)
        return known[:limit]

    def _known(self, path: str) -> bytes | None:
        return self.overlay[path] if path in self.overlay else self._kept.get(path)

    def _open(self, path: str) -> int:
        return os.open(os.path.join(self.root, *path.split("/")), _FLAGS)

    def _keep(self, path: str, data: bytes) -> None:
        if len(data) <= min(MAX_KEPT, self._room):
            self._room -= len(data)
            self._kept[path] = data


def _read(handle: int, expected: int, limit: int) -> bytes:
    """Reads to the end of a file, of which some bytes are expected at once, or to a limit."""
    data = os.read(handle, expected)
    if len(data) < expected:
        return data
    parts = [data]
    left = limit - len(data)
    while left > 0 and (data := os.read(handle, min(left, 1 << 20))):
        parts.append(data)
        left -= len(data)
    return b"".join(parts)
