"""Kinds of files by their names: sets and ends of words, since one pattern of all of them takes long to compile."""

from __future__ import annotations

from msgspec import Struct


class Names(Struct, frozen=True):
    """Names of files, in lower case: whole ones, ends, and pairs of starts and ends."""

    whole: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    def fit(self, name: str) -> bool:
        """Whether a name, in any case, is one of them."""
        name = name.lower()
        if name in self.whole or name.endswith(self.ends):
            return True
        return any(name.startswith(starts) and name.endswith(ends) for starts, ends in self.pairs)
