"""AWS Regions by the form of their names."""

from __future__ import annotations

from lambdalint.regex import regex

REGION = r"(?:us-gov|us-iso[bf]?|eu-isoe|eusc-de|us|eu|ap|sa|ca|me|af|il|mx|cn)-[a-z]{4,12}-[1-9]"
"""A Region's name as a regular expression. The forms are those of botocore 1.44's partitions (2026-11)."""

_WHOLE = regex(REGION)


def is_region(text: str) -> bool:
    """Whether a text is a Region's name, or has the form of one."""
    return _WHOLE.fullmatch(text) is not None
