"""How alike words are. ``difflib`` is imported when there is something to compare, which few runs have."""

from __future__ import annotations

from collections.abc import Sequence


def close_matches(word: str, known: Sequence[str], count: int, least: float) -> list[str]:
    """The known words that come near a word, nearest first."""
    from difflib import get_close_matches

    return get_close_matches(word, known, count, least)


def likeness(first: str, second: str) -> float:
    """How alike two words are: 1 for the same."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, first, second).ratio()
