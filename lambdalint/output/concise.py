"""The default format: one line a finding, ``path:line:column: CODE message``."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.output.outcome import Outcome
from lambdalint.output.text import code, one_line, printable


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    style = outcome.style
    for item in outcome.findings:
        path = style(printable(item.span.path), "bold")
        yield f"{path}:{item.span.line}:{item.span.column}: {code(item, style)} {one_line(item.message)}"
