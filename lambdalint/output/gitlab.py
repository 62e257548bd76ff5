"""``--format gitlab``: a report of GitLab's Code Quality."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lambdalint.finding import Severity
from lambdalint.output.fingerprints import fingerprints
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line, paired

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report: an array, as GitLab wants it."""
    issues = [
        {
            "description": f"{item.code}: {one_line(item.message)}",
            "check_name": item.name,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[item.severity or Severity.WARNING],
            "location": {
                "path": paired(outcome.from_top(item.span.path)),
                "lines": {"begin": item.span.line, "end": item.span.end_line},
            },
        }
        for item, fingerprint in fingerprints(outcome)
    ]
    yield json.dumps(issues, indent=2)
