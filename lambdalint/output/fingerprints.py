"""What makes a finding the same one in the next run, wherever its lines have gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from lambdalint.finding import Finding
from lambdalint.output.outcome import Outcome


def fingerprints(outcome: Outcome) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint: of its rule, file, function and resource, and how many alike came before."""
    return _numbered(outcome.findings, outcome)


def _numbered(findings: Iterable[Finding], outcome: Outcome) -> Iterator[tuple[Finding, str]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for item in findings:
        anchor = (item.code, outcome.from_top(item.span.path), item.function, item.resource)
        text = "\0".join((*anchor, str(seen[anchor])))
        seen[anchor] += 1
        yield item, sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
