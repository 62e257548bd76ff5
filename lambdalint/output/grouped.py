"""``--format grouped``: the findings of each file under its path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from lambdalint.output.outcome import Outcome
from lambdalint.output.text import code, one_line, printable


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    style = outcome.style
    for path, group in groupby(outcome.findings, lambda item: item.span.path):
        found = list(group)
        places = [f"{item.span.line}:{item.span.column}" for item in found]
        longest = max(len(place) for place in places)
        yield style(printable(path), "bold")
        for item, place in zip(found, places):
            yield f"  {place:>{longest}}  {code(item, style)}  {one_line(item.message)}"
        yield ""
