"""The terminal: what is written to standard output and standard error, in which colours, how wide."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from lambdalint.output.text import Style


def write(lines: Iterable[str]) -> None:
    """Prints lines to standard output. Nobody need listen."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        if text and sys.stdout is not None:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)


def say(message: str, wanted: bool = True, prefix: str = "lambdalint: ") -> None:
    """Prints a line to standard error."""
    try:
        if wanted and sys.stderr is not None:
            sys.stderr.write(f"{prefix}{message}\n")
            sys.stderr.flush()
    except BrokenPipeError:
        _abandon(sys.stderr)


def _abandon(stream: TextIO) -> None:
    """Keeps the interpreter from complaining, at its end, of a pipe that the reader has closed."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def prepare() -> None:
    """Lets standard output take any text, whatever its encoding."""
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks on."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def columns() -> int:
    """How wide excerpts of sources may be."""
    import shutil

    return min(shutil.get_terminal_size((120, 24)).columns, 160) if is_terminal(sys.stdout) else 120


def style(when: str) -> Style:
    """The colours of standard output: ``always``, ``never`` or, with ``auto``, on terminals."""
    if when == "auto":
        if os.environ.get("NO_COLOR"):
            return Style(False)
        if os.environ.get("FORCE_COLOR", "0") != "0":
            return Style(True)
        return Style(is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb")
    return Style(when == "always")
