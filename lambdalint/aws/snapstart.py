"""Lambda SnapStart: where it works, and what does not survive a snapshot.

From the Lambda Developer Guide, pages snapstart, snapstart-uniqueness, snapstart-best-practices,
snapstart-runtime-hooks and snapstart-activate (editions of August to October 2026).
"""

from __future__ import annotations

from collections.abc import Mapping

from lambdalint.aws.runtimes import runtime

ON = "PublishedVersions"
"""The value of ``ApplyOn`` that switches it on; ``None`` switches it off."""

SINCE: Mapping[str, tuple[int, ...]] = {"java": (11,), "python": (3, 12), "dotnet": (8,)}
"""The managed runtimes that have it: families, with the first version."""

RUNTIMES = "Java 11, Python 3.12 or .NET 8, or later"
"""The same in words."""

DISPUTED = frozenset(("java8.al2023",))
"""Runtimes of which cfn-lint 1.58 believes that they have it, against the Developer Guide and CDK 2.276."""

MAX_STORAGE = 512
"""Megabytes of ephemeral storage that a snapshot may have."""


def has_snapstart(name: str) -> bool | None:
    """Whether a runtime has SnapStart; None for identifiers that are not known, and for customers' own runtimes."""
    known = runtime(name)
    if known is None or known.kind in ("custom", "image"):
        return None
    since = SINCE.get(known.family)
    return since is not None and known.version >= since
