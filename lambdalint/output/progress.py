"""How far a run has come, on one line of standard error."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from types import TracebackType

DELAY = 1.0
"""Seconds before anything is shown."""
INTERVAL = 0.1


class Progress:
    """Shows how many files have been read and how many rules have run, once that takes long. Clears its line."""

    def __init__(self) -> None:
        self._next = 0.0
        self._is_shown = False

    def __enter__(self) -> Progress:
        self._next = time.monotonic() + DELAY
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown:
            self._write("\r\x1b[K")
            self._is_shown = False

    def __call__(self, what: str, done: int, total: int = 0) -> None:
        """Tells how many things of a kind are done, and of how many, if that is known."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + INTERVAL
            self._is_shown = True
            self._write(f"\rlambdalint: {what} {done:,}{f' of {total:,}' if total else ''}\x1b[K")

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # nobody is there any more
            sys.stderr.write(text)
            sys.stderr.flush()
