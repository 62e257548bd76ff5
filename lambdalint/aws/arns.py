"""Amazon Resource Names and account ids within texts: which of them belong to one account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.regex import regex

_ARN = regex(r"\barn:(aws[a-z-]{0,12}):([a-z0-9-]{1,40}):([^:\s\"'/]{0,40}):([^:\s\"'/]{0,40}):([^\s\"'<>|\\]{0,512})")
_ACCOUNT = regex(r"[0-9]{12}")
_MASKED = regex(r"[0-9]*[xX#?]{3,}[0-9]*|<[^>]{1,38}>")
_PIECE = regex(r":([0-9]{12})[:/]")
_CONSOLE = regex(
    r"https://(?:[a-z0-9.-]{0,40}\.)?(?:console\.aws\.amazon|console\.amazonaws)\.com/[^\s\"'<>]{0,300}?(?<![0-9])([0-9]{12})(?![0-9])"
)
_IN_HOST = regex(r"(?<![0-9a-z.])([0-9]{12})\.(?:signin\.aws\.amazon\.com|dkr\.ecr\.)")
MAX_TEXT = 20_000
ACCOUNT_LENGTH = 12


class Arn(Struct, frozen=True):
    """The parts of an ARN. ``resource`` is all that follows the account."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def has_account(self) -> bool:
        """Whether it names a thing of one account, or leaves a mark where somebody has to write one by hand.

        Layers and applications of the Serverless Application Repository are mostly offered to all by their makers.
        """
        if self.service == "serverlessrepo" or (self.service == "lambda" and self.resource.startswith("layer:")):
            return False
        return is_account(self.account) or self.is_masked

    @property
    def is_masked(self) -> bool:
        """Whether the account is a mark in a text that has to be edited: ``<account-id>``, ``XXXXXXXXXXXX``."""
        return _MASKED.fullmatch(self.account) is not None

    @property
    def bucket(self) -> str:
        """The bucket that an ARN of S3 names; empty for wildcards, access points and buckets of AWS's own."""
        if self.service != "s3" or self.region or self.account:
            return ""
        name = self.resource.partition("/")[0]
        is_own = re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}", name) and not name.startswith(("aws-", "amazon"))
        return name if is_own else ""


def arns(text: str) -> Iterator[Arn]:
    """The ARNs in a text, in order."""
    if "arn:" in text:
        for match in _ARN.finditer(text, 0, MAX_TEXT):
            yield Arn(*match.groups())


def account_in_url(text: str) -> str:
    """The account id in a URL of the console, a sign-in page or an image registry; empty where there is none."""
    if "://" not in text and ".dkr.ecr." not in text:
        return ""
    match = _CONSOLE.search(text, 0, MAX_TEXT) or _IN_HOST.search(text, 0, MAX_TEXT)
    return match.group(1) if match is not None else ""


def account_in_piece(text: str) -> str:
    """The account id that a piece of an ARN begins with, whose front is made at run time, or nothing."""
    match = _PIECE.match(text)
    return match.group(1) if match is not None and is_account(match.group(1)) else ""


def is_account(text: str) -> bool:
    """Whether a text has the form of an account id; the one that local emulators use does not count."""
    return len(text) == ACCOUNT_LENGTH and _ACCOUNT.fullmatch(text) is not None and text != "000000000000"
