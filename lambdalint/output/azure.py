"""``--format azure``: logging commands of Azure Pipelines, which become issues of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.finding import Finding, Severity
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line
from lambdalint.regex import regex

_ESCAPES = {"%": "%AZP25", "\r": "%0D", "\n": "%0A", ";": "%3B", "]": "%5D"}
_IN_DATA = regex(r"[%\r\n]")
_IN_PROPERTIES = regex(r"[%\r\n;\]]")


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    for item in outcome.findings:
        yield _command(item, outcome)


def _command(item: Finding, outcome: Outcome) -> str:
    properties = {
        "type": "error" if item.severity is Severity.ERROR else "warning",  # there is nothing below a warning
        "sourcepath": outcome.from_top(item.span.path),
        "linenumber": str(item.span.line),
        "columnnumber": str(item.span.column),
        "code": item.code,
    }
    stated = "".join(f"{name}={_IN_PROPERTIES.sub(_escaped, value)};" for name, value in properties.items())
    return f"##vso[task.logissue {stated}]{_IN_DATA.sub(_escaped, one_line(item.message))}"


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES[match.group()]
