"""``--format json``: the findings as data. Version 1; keys are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lambdalint.finding import Finding, Fix
from lambdalint.rule import DOCUMENTATION


def json_report(findings: Sequence[Finding], summary: dict[str, int]) -> str:
    """The report as JSON text."""
    content = {"version": 1, "diagnostics": [diagnostic(item) for item in findings], "summary": summary}
    return json.dumps(content, indent=2, ensure_ascii=False)


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
        "url": f"{DOCUMENTATION}/{item.name}/",
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
