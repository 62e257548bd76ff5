"""``--format json-lines``: each finding as data on a line of its own, with the keys of ``--format json``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lambdalint.output.json_report import diagnostic
from lambdalint.output.outcome import Outcome


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    for item in outcome.findings:
        yield json.dumps(diagnostic(item))
