"""``--format github``: workflow commands of GitHub Actions, which become annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.finding import Finding, Severity
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line
from lambdalint.regex import regex

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_DATA = regex(r"[%\r\n]")
_IN_PROPERTIES = regex(r"[%\r\n:,]")


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report, errors first: GitHub shows the first ten annotations of a step."""
    for item in sorted(outcome.findings, key=lambda item: (item.severity or Severity.WARNING).rank):
        yield _command(item, outcome)


def _command(item: Finding, outcome: Outcome) -> str:
    span = item.span
    properties = {
        "file": outcome.from_top(span.path),
        "line": str(span.line),
        "col": str(span.column),
        "endLine": str(span.end_line),
        "endColumn": str(span.end_column),
        "title": f"{item.code} {item.name}".strip(),
    }
    others = (
        f"{one_line(part.label)}: {outcome.from_top(part.span.path)}:{part.span.line}:{part.span.column}"
        for part in item.related
    )
    message = "\n".join((one_line(item.message), *others))
    stated = ",".join(f"{name}={_IN_PROPERTIES.sub(_escaped, value)}" for name, value in properties.items())
    return f"::{_COMMANDS[item.severity or Severity.WARNING]} {stated}::{_IN_DATA.sub(_escaped, message)}"


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"
