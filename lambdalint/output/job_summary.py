"""What ``--format github`` adds to the page of a job: a table in Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from lambdalint.finding import Severity
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line, quoted, severities, summary
from lambdalint.regex import regex
from lambdalint.site import page_of

VARIABLE = "GITHUB_STEP_SUMMARY"
_MAX_ROWS = 1_000
"""GitHub refuses a summary of more than 1 MiB."""
_MARKUP = regex(r"[\\`*_\[\]|~#]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def add(path: str, outcome: Outcome, environment: Mapping[str, str] = os.environ) -> None:
    """Adds the table to the file of the job's page. Raises OSError."""
    with open(path, "a", encoding="utf-8", errors="replace") as file:
        file.write("".join(f"{line}\n" for line in table(outcome, environment)))


def table(outcome: Outcome, environment: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table."""
    findings = sorted(outcome.findings, key=lambda item: (item.severity or Severity.WARNING).rank)
    yield "### lambdalint"
    yield ""
    yield f"{summary(severities(findings), outcome.suppressed, outcome.hidden)}."
    yield ""
    if not findings:
        return
    yield "| severity | rule | place | message |"
    yield "|---|---|---|---|"
    for item in findings[:_MAX_ROWS]:
        path = outcome.from_top(item.span.path)
        place = f"{_plain(path)}:{item.span.line}"
        link = _link(path, item.span.line, environment)
        place = f"[{place}]({link})" if link else place
        severity = (item.severity or Severity.WARNING).value
        yield f"| {severity} | [{item.code}]({page_of(item.name)}) | {place} | {_plain(item.message)} |"
    if len(findings) > _MAX_ROWS:
        yield f"\n… and {len(findings) - _MAX_ROWS:,} more."
    yield ""


def _link(path: str, line: int, environment: Mapping[str, str]) -> str:
    """The line on GitHub; empty where the run does not say which repository and commit it is about."""
    known = [environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")]
    if not all(known) or os.path.isabs(path):
        return ""
    server, repository, commit = known
    return f"{server}/{repository}/blob/{commit}/{quoted(path)}#L{line}"


def _plain(text: str) -> str:
    text = _MARKUP.sub(r"\\\g<0>", one_line(text))
    return re.sub("[&<>]", lambda match: _ENTITIES[match.group()], text)
