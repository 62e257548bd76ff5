"""How long parts of a run take, so that the slow ones can be named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TypeVar

from lambdalint.report import Slow

SLOW_SECONDS = 0.5
"""What takes longer, a file or a rule, is worth a word."""

COUNTED_SECONDS = 0.005
"""What takes less is not told to others that add up."""

Result = TypeVar("Result")


class Clock:
    """Adds up the seconds that files and rules take."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], float] = {}

    def add(self, part: str, path: str, begun: float) -> float:
        """Counts the time since a part of a run began; gives all of its time."""
        spent = self._seconds.get((part, path), 0.0) + perf_counter() - begun
        self._seconds[part, path] = spent
        return spent

    def timed(self, part: str, read: Callable[[str], Result]) -> Callable[[str], Result]:
        """A reader of files whose time is counted."""

        def measured(path: str) -> Result:
            begun = perf_counter()
            try:
                return read(path)
            finally:
                self.add(part, path, begun)

        return measured

    def take(self, other: Clock) -> None:
        """Adds what another one has counted."""
        self.count(other.longer_than(0.0))

    @property
    def counted(self) -> tuple[Slow, ...]:
        """What took some time at all."""
        return self.longer_than(COUNTED_SECONDS)

    def count(self, items: Iterable[Slow]) -> None:
        """Adds what was counted elsewhere."""
        for item in items:
            key = (item.part, item.path)
            self._seconds[key] = self._seconds.get(key, 0.0) + item.seconds

    @property
    def slow(self) -> tuple[Slow, ...]:
        """What took long, the slowest first."""
        return tuple(sorted(self.longer_than(SLOW_SECONDS), key=lambda item: (-item.seconds, item.part, item.path)))

    def longer_than(self, seconds: float) -> tuple[Slow, ...]:
        """What took longer than some seconds."""
        return tuple(Slow(*key, spent) for key, spent in self._seconds.items() if spent > seconds)
