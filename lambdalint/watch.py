"""Ends what takes too long: a timer looks once a second whether the time that a file or a rule may take is over.

It interrupts Python code, regular expressions included. Where there is no such timer (Windows, other threads than the
main one), nothing is ended; sizes and counts are bounded all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import perf_counter
from types import TracebackType

INTERVAL = 1.0
"""Seconds between two looks."""

_deadline = inf


class TooLong(BaseException):
    """The time is over. It is no ``Exception``, so that who handles those does not take it for one."""


class Within:
    """Raises :class:`TooLong` in what runs under it when that has taken some seconds."""

    __slots__ = ("_before", "_seconds")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._before = inf

    def __enter__(self) -> None:
        global _deadline
        self._before = _deadline
        _deadline = perf_counter() + self._seconds

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _deadline
        _deadline = self._before


def start() -> Callable[[], None]:
    """Starts the timer; gives what stops it. A process that is forked has to start its own."""
    import signal

    if not hasattr(signal, "setitimer"):
        return _nothing
    try:
        before = signal.signal(signal.SIGALRM, _look)
    except ValueError:  # not the main thread
        return _nothing
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    return stop


def _nothing() -> None:
    pass


def _look(number: int, frame: object) -> None:
    global _deadline
    del number, frame
    if perf_counter() > _deadline:
        _deadline = inf
        raise TooLong
