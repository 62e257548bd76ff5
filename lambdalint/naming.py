"""Kinds of files by their names: sets and ends of words, since one pattern of all of them takes long to compile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Names:
    """Names of files, in lower case: whole ones, ends, and starts with the ends that go with them."""

    def __init__(
        self,
        whole: Iterable[str] = (),
        ends: tuple[str, ...] = (),
        pairs: Mapping[tuple[str, ...], tuple[str, ...]] = {},
    ) -> None:
        self._whole = frozenset(whole)
        self._ends = ends
        self._pairs = pairs
        self._starts = tuple(start for starts in pairs for start in starts)

    def fit(self, name: str) -> bool:
        """Whether a name, in any case, is one of them."""
        name = name.lower()
        if name in self._whole or name.endswith(self._ends):
            return True
        if not name.startswith(self._starts):
            return False
        return any(name.startswith(starts) and name.endswith(ends) for starts, ends in self._pairs.items())
