"""The default format: one line a finding, ``path:line:column: CODE message``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lambdalint.finding import Finding


def concise(findings: Iterable[Finding]) -> Iterator[str]:
    """The lines of a report."""
    for item in findings:
        message = " ".join(item.message.split())
        yield f"{item.span.path}:{item.span.line}:{item.span.column}: {item.code} {message}"
