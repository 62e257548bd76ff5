"""The documentation's site."""

from __future__ import annotations

SITE = "https://lambdalint.dev"


def page_of(name: str) -> str:
    """The address of a rule's page."""
    return f"{SITE}/rules/{name}/"
