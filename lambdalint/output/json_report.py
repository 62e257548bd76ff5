"""``--format json``: the findings as data. Version 1; keys are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lambdalint.finding import Finding, Fix
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import severities, statistics
from lambdalint.site import page_of


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report, in ASCII, so that it is valid in whatever encoding it is printed."""
    content: dict[str, Any] = {
        "version": 1,
        "diagnostics": [diagnostic(item) for item in outcome.findings],
        "summary": {
            "findings": len(outcome.findings),
            **{severity.value: count for severity, count in severities(outcome.findings).items()},
            "suppressed": outcome.suppressed,
            "hidden": outcome.hidden,
            "checked": outcome.checked,
        },
        "suppressed": [{**diagnostic(item), "reason": reason or None} for item, reason in outcome.silenced],
    }
    if outcome.statistics:
        counts = statistics(outcome.findings)
        content["statistics"] = [{"code": code, "name": name, "count": count} for count, code, name in counts]
    yield json.dumps(content, indent=2)


def diagnostic(item: Finding) -> dict[str, Any]:
    """One finding as data."""
    return {
        "code": item.code,
        "name": item.name,
        "severity": item.severity.value if item.severity else None,
        "confidence": item.confidence.value if item.confidence else None,
        "level": item.level.value if item.level else None,
        "message": item.message,
        "path": item.span.path,
        "line": item.span.line,
        "column": item.span.column,
        "end_line": item.span.end_line,
        "end_column": item.span.end_column,
        "function": item.function or None,
        "resource": item.resource or None,
        "url": page_of(item.name),
        "related": [
            {"path": part.span.path, "line": part.span.line, "column": part.span.column, "label": part.label}
            for part in item.related
        ],
        "fix": _fix(item.fix) if item.fix is not None else None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "description": fix.description,
        "safe": fix.safe,
        "edits": [
            {
                "path": edit.span.path,
                "line": edit.span.line,
                "column": edit.span.column,
                "end_line": edit.span.end_line,
                "end_column": edit.span.end_column,
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }
