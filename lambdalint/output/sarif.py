"""``--format sarif``: SARIF 2.1.0, as code scanning on GitHub and others read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/sarif-v2.1.0-errata01.html and
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lambdalint import __version__
from lambdalint.finding import Confidence, Finding, Fix, Severity
from lambdalint.output.fingerprints import fingerprints
from lambdalint.output.outcome import Outcome, Trouble
from lambdalint.output.text import one_line, paired, quoted
from lambdalint.rule import Rule
from lambdalint.site import SITE, page_of
from lambdalint.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "lambdalint/v1"
_BASE = "%SRCROOT%"
_MAX_DESCRIPTION = 1_000
_HELP = ("Why", "Fix", "When this is wrong")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Confidence.CERTAIN: "very-high", Confidence.LIKELY: "high", Confidence.POSSIBLE: "medium"}


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report, in ASCII, so that it is valid in whatever encoding it is printed."""
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}, indent=2)


def _run(outcome: Outcome) -> dict[str, Any]:
    known = {rule.code: rule for rule in outcome.rules()} if outcome.findings else {}
    found = {item.code: item for item in reversed(outcome.findings)}
    codes = sorted(found)
    indices = {code: index for index, code in enumerate(codes)}
    return {
        "tool": {
            "driver": {
                "name": "lambdalint",
                "informationUri": SITE,
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(known[code]) if code in known else _unknown_rule(found[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": outcome.is_whole,
                "toolExecutionNotifications": [_notification(item, outcome) for item in outcome.troubles],
            }
        ],
        "results": [
            _result(item, indices[item.code], fingerprint, outcome) for item, fingerprint in fingerprints(outcome)
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    sections = rule.sections
    why = " ".join(sections.get("Why", rule.title).split("\n\n")[0].split())
    text = "\n\n".join((f"{rule.title}.", *(f"{name}\n{sections[name]}" for name in _HELP if name in sections)))
    markdown = "\n\n".join(f"## {heading}\n\n{body}" for heading, body in sections.items())
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": why if len(why) <= _MAX_DESCRIPTION else f"{why[:_MAX_DESCRIPTION]}…"},
        "help": {"text": f"{text}\n\n{rule.url}", "markdown": f"{markdown}\n\n[{rule.code} {rule.name}]({rule.url})"},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["aws-lambda", rule.family],
            "precision": _PRECISIONS[rule.confidence],
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }


def _unknown_rule(item: Finding) -> dict[str, Any]:
    """The rule of a finding whose documentation is not at hand."""
    text = {"text": item.name.replace("-", " ")}
    return {
        "id": item.code,
        "name": item.name,
        "shortDescription": text,
        "fullDescription": text,
        "help": {"text": page_of(item.name)},
        "helpUri": page_of(item.name),
    }


def _result(item: Finding, index: int, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": _LEVELS[item.severity or Severity.WARNING],
        "message": {"text": _message(item)},
        "locations": [_location(item.span, outcome)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if item.related:
        found["relatedLocations"] = [
            {"id": number, **_location(part.span, outcome), "message": {"text": one_line(part.label)}}
            for number, part in enumerate(item.related, 1)
        ]
    if item.fix is not None and item.fix.edits:
        found["fixes"] = [_fix(item.fix, outcome)]
    stated = {"confidence": item.confidence, "function": item.function, "resource": item.resource}
    properties = {name: paired(value) for name, value in stated.items() if value}
    if properties:
        found["properties"] = properties
    return found


def _message(item: Finding) -> str:
    """The message with links to the related places: GitHub shows only those that are linked to."""
    text = one_line(item.message)
    if not item.related:
        return text
    text = text.replace("](", "]\\(")
    links = (f"[{_link_text(part.label, number)}]({number})" for number, part in enumerate(item.related, 1))
    return f"{text} ({'; '.join(links)})"


def _link_text(label: str, number: int) -> str:
    text = one_line(label).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return text or f"place {number}"


def _location(span: Span, outcome: Outcome) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span.path, outcome), "region": _region(span)}}


def _artifact(path: str, outcome: Outcome) -> dict[str, str]:
    path = outcome.from_top(path)
    if os.path.isabs(path):
        return {"uri": Path(path).as_uri()}
    return {"uri": quoted(path), "uriBaseId": _BASE}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(fix: Fix, outcome: Outcome) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": paired(edit.text)}}
        changes.setdefault(edit.span.path, []).append(replacement)
    return {
        "description": {"text": one_line(fix.description)},
        "artifactChanges": [
            {"artifactLocation": _artifact(path, outcome), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _notification(item: Trouble, outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"level": _LEVELS[item.severity], "message": {"text": one_line(item.message)}}
    if item.path:
        found["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(item.path, outcome)}}]
    return found
