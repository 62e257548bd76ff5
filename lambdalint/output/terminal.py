"""The terminal: what is written to standard output and standard error, in which colours, how wide."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from lambdalint.output.text import Style


class Unwritable(Exception):
    """Standard output takes nothing more, as where a disk is full."""


def write(lines: Iterable[str]) -> None:
    """Prints lines to standard output. Nobody need listen. Raises Unwritable."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        if text and sys.stdout is not None:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
    except OSError as error:
        _abandon(sys.stdout)
        raise Unwritable(error.strerror or str(error)) from error


def say(message: str, wanted: bool = True, prefix: str = "lambdalint: ") -> None:
    """Prints a line to standard error."""
    try:
        if wanted and sys.stderr is not None:
            sys.stderr.write(f"{prefix}{message}\n")
            sys.stderr.flush()
    except OSError:  # nobody listens, or the disk is full: there is no place left to say so
        _abandon(sys.stderr)


def finish() -> None:
    """Lets go what others may have written and is still on its way, before the process ends without doing so."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()


def _abandon(stream: TextIO) -> None:
    """Keeps the interpreter from complaining, at its end, of a pipe that the reader has closed."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def prepare() -> None:
    """Lets standard output take any text, whatever its encoding."""
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


def insist_on_interrupts() -> None:
    """Makes an interrupt count that comes while the interpreter drops exceptions, as in a callback of an import."""
    others = sys.unraisablehook

    def hook(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            others(dropped)
            return
        import _thread
        import signal
        from threading import Timer, main_thread

        def interrupt() -> None:
            main = main_thread().ident
            if hasattr(signal, "pthread_kill") and main is not None:
                signal.pthread_kill(main, signal.SIGINT)  # ends what the thread waits for, too
            else:
                _thread.interrupt_main()

        again = Timer(0.01, interrupt)  # not at once, where it would be dropped as well
        again.daemon = True
        again.start()

    sys.unraisablehook = hook


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks on."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def columns() -> int:
    """How wide excerpts of sources may be."""
    if not is_terminal(sys.stdout):
        return 120
    from shutil import get_terminal_size

    return min(get_terminal_size((120, 24)).columns, 160)


def style(when: str) -> Style:
    """The colours of standard output: ``always``, ``never`` or, with ``auto``, on terminals."""
    return Style(when == "always" or (when == "auto" and _has_colour()), when != "never" and _has_links())


def _has_colour() -> bool:
    """Whether standard output is to be coloured, by the conventions of https://no-color.org and its like."""
    known = os.environ
    if known.get("NO_COLOR"):
        return False
    if any(known.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return known.get("CLICOLOR") != "0" and is_terminal(sys.stdout) and not is_dumb()


def is_dumb() -> bool:
    """Whether the terminal can do nothing but print."""
    return os.environ.get("TERM") == "dumb"


_LINKING_PROGRAMS = frozenset(
    ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "WarpTerminal", "rio", "mintty", "zed")
)
_LINKING_TERMINALS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour")
_LINKING_SESSIONS = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")


def _has_links() -> bool:
    """Whether standard output can show links. Terminals that are not known to do so get none."""
    known = os.environ
    forced = known.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    if known.get("NO_COLOR") or is_dumb() or not is_terminal(sys.stdout):
        return False
    if known.get("TERM_PROGRAM") in _LINKING_PROGRAMS or known.get("TERM", "").startswith(_LINKING_TERMINALS):
        return True
    version = known.get("VTE_VERSION", "")
    return any(known.get(name) for name in _LINKING_SESSIONS) or (version.isdecimal() and int(version) > 5000)
