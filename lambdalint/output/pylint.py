"""``--format pylint``: ``path:line: [CODE] message``, for what reads Pylint's output."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line, printable


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    for item in outcome.findings:
        yield f"{printable(item.span.path)}:{item.span.line}: [{item.code}] {one_line(item.message)}"
