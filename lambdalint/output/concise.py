"""The default format: one line a finding, ``path:line:column: CODE message``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lambdalint.finding import Finding, Severity
from lambdalint.output.text import SEVERITY_COLOURS, Style, one_line, printable


def concise(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """The lines of a report."""
    for item in findings:
        path = style(printable(item.span.path), "bold")
        code = style(item.code, SEVERITY_COLOURS[item.severity or Severity.WARNING])
        yield f"{path}:{item.span.line}:{item.span.column}: {code} {one_line(item.message)}"
