"""Patterns in the words of gitignore.

pathspec knows all of them, but is slow to import, and slow to compile a hundred patterns most of which are names. Where
there is nothing but names and plain wildcards, they are matched here, with the same outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from lambdalint.regex import regex

_SEGMENT = r"(?!\*?(?:/|\Z))(?:[^/*?\[\]\\!]|\*(?!\*)|\?|\[[A-Za-z0-9]+\])+"
_PLAIN = regex(rf"(!?)(/?)((?!#){_SEGMENT}(?:/{_SEGMENT})*)(/?)\Z")
_WILDCARD = regex(r"(\*|\?|\[\w+\])")
_GROUP = regex(r"\(\?P<\w+>")
_MEANT = {"*": ".*", "?": "."}


class Patterns(Protocol):
    """Some patterns, of which the last that matches counts."""

    def tells(self, path: str) -> bool | None:
        """Whether a path is meant; a folder's ends with a slash. None where no pattern says anything of it."""


def patterns(lines: Iterable[str]) -> Patterns | None:
    """The patterns of some lines. None where there are none, or where they are not understood."""
    given = [line for line in lines if line.strip() and not line.startswith("#")]
    if not given:
        return None
    names = [_name(line) for line in given]
    plain = [item for item in names if item is not None]
    if len(plain) == len(given):
        return _Names(plain)
    try:
        return _Others(given)
    except ValueError:
        return None


class _Name(Struct, frozen=True):
    """A pattern of names: what it says, whether it is bound to the top, and whether it means folders alone."""

    meant: bool
    is_bound: bool
    is_folder: bool
    parts: tuple[str | re.Pattern[str], ...]

    def rank(self, names: list[str]) -> int:
        """2 where it means the path itself, 1 where it means a folder that the path is in, else 0."""
        last = len(names) - 1
        if not self.is_bound:
            part = self.parts[0]
            if not self.is_folder and _is(part, names[last]):
                return 2
            return 1 if any(_is(part, name) for name in names[:last]) else 0
        count = len(self.parts)
        if count > len(names) or (count > last and self.is_folder):
            return 0
        if not all(_is(part, name) for part, name in zip(self.parts, names)):
            return 0
        return 2 if count > last else 1


def _is(part: str | re.Pattern[str], name: str) -> bool:
    return part == name if isinstance(part, str) else part.fullmatch(name) is not None


def _name(line: str) -> _Name | None:
    match = _PLAIN.match(line.rstrip())
    if match is None:
        return None
    no, top, path, folder = match.groups()
    parts = tuple(_part(text) for text in path.split("/"))
    return _Name(not no, bool(top) or len(parts) > 1, bool(folder), parts)


def _part(text: str) -> str | re.Pattern[str]:
    pieces = _WILDCARD.split(text)
    if len(pieces) == 1:
        return text
    meant = (_MEANT.get(piece, piece) if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile("".join(meant), re.DOTALL)


class _Names:
    """Patterns of names. One that means a path itself counts more than those that mean a folder above it."""

    def __init__(self, given: Sequence[_Name]) -> None:
        self._last_first = tuple(reversed(given))

    def tells(self, path: str) -> bool | None:
        names = path.split("/")
        found: bool | None = None
        for pattern in self._last_first:
            rank = pattern.rank(names)
            if rank == 2:
                return pattern.meant
            if rank and found is None:
                found = pattern.meant
        return found


MANY = 50
"""Paths after which it pays to ask first whether any pattern at all matches."""


class _Others:
    """Patterns of all kinds."""

    def __init__(self, given: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(given)
        self._asked = 0
        self._any: re.Pattern[str] | None = None

    def tells(self, path: str) -> bool | None:
        self._asked += 1
        if self._asked == MANY:
            self._any = self._together()
        if self._any is not None and self._any.search(path) is None:
            return None
        return self._spec.check_file(path).include

    def _together(self) -> re.Pattern[str] | None:
        """One expression that matches what any pattern does; None where they can't be put together."""
        found = [item.regex.pattern for item in self._spec.patterns if item.regex is not None]
        try:
            return re.compile("|".join(f"(?:{_GROUP.sub('(', text)})" for text in found))
        except re.error:
            return None
