"""``--format rdjson``: the Reviewdog Diagnostic Format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from lambdalint.finding import Finding, Fix, Severity
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line, paired
from lambdalint.site import SITE, page_of
from lambdalint.source import Source, Span


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    worst = min((_severity(item) for item in outcome.findings), key=lambda severity: severity.rank, default=None)
    content: dict[str, Any] = {
        "source": {"name": "lambdalint", "url": SITE},
        "diagnostics": [_diagnostic(item, outcome.source) for item in outcome.findings],
    }
    if worst is not None:
        content["severity"] = worst.name
    yield json.dumps(content, indent=2)


def _severity(item: Finding) -> Severity:
    return item.severity or Severity.WARNING


def _diagnostic(item: Finding, source: Callable[[str], Source | None]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "message": one_line(item.message),
        "location": _location(item.span, source(item.span.path)),
        "severity": _severity(item).name,
        "code": {"value": item.code, "url": page_of(item.name)},
    }
    suggestion = _suggestion(item.fix, item.span.path, source(item.span.path)) if item.fix is not None else None
    if suggestion is not None:
        found["suggestions"] = [suggestion]
    if item.related:
        found["related_locations"] = [
            {"message": one_line(part.label), "location": _location(part.span, source(part.span.path))}
            for part in item.related
        ]
    return found


def _location(span: Span, source: Source | None) -> dict[str, Any]:
    return {"path": paired(span.path), "range": _range(span, source)}


def _range(span: Span, source: Source | None) -> dict[str, Any]:
    return {
        "start": _position(span.line, span.column, source),
        "end": _position(span.end_line, span.end_column, source),
    }


def _position(line: int, column: int, source: Source | None) -> dict[str, int]:
    """Columns count bytes of UTF-8 there."""
    if source is not None and 1 <= line <= len(source.lines):
        before = source.lines[line - 1][: column - 1]
        column += len(before.encode("utf-8", "surrogatepass")) - len(before)
    return {"line": line, "column": column}


def _suggestion(fix: Fix, path: str, source: Source | None) -> dict[str, Any] | None:
    """The fix as one replacement: reviewdog takes several for alternatives. None where it reaches into other files."""
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    if not edits or source is None or any(edit.span.path != path for edit in edits):
        return None
    offsets = [
        (source.offset(span.line, span.column), source.offset(span.end_line, span.end_column))
        for span in (edit.span for edit in edits)
    ]
    if any(end > start for (_, end), (start, _) in pairwise(offsets)):
        return None
    text = edits[0].text
    for (_, end), (start, _), edit in zip(offsets, offsets[1:], edits[1:]):
        text += source.text[end:start] + edit.text
    return {"range": _range(edits[0].span.to(edits[-1].span), source), "text": paired(text)}
