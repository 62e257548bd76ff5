"""What versions of a language have and others have not: the form of the tables for Python and Node.js."""

from __future__ import annotations

from msgspec import Struct

Version = tuple[int, ...]


class Syntax(Struct, frozen=True):
    """Syntax that versions before ``since`` can't parse.

    ``words`` names it in messages, ``instead`` says what to write for older versions, ``source`` tells of it.
    """

    since: Version
    words: str
    instead: str
    source: str


class Offer(Struct, frozen=True):
    """A module of the standard library, or a name in one, that not all versions have.

    It is there from ``since`` on and up to the version before ``until``; None: always, and still. ``instead`` is what
    to use where it isn't there.
    """

    name: str
    since: Version | None
    until: Version | None
    instead: str
    source: str

    def is_in(self, version: Version) -> bool:
        """Whether a version has it."""
        return (self.since is None or version >= self.since) and (self.until is None or version < self.until)


def written(version: Version) -> str:
    """A version as it is written: ``3.12``."""
    return ".".join(str(part) for part in version)
