"""One file's text, and places in it."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from functools import cached_property

from msgspec import Struct

from lambdalint.regex import regex


class Data(Struct, frozen=True, array_like=True, gc=False):
    """Base of all plain data: immutable, comparable, and writable to the cache as it is."""


class Span(Data, frozen=True, order=True):
    """A place in a source: lines and columns count characters from 1, the end is exclusive.

    ``path`` is relative to the project's root, with slashes. ``line`` is 0 while the place is known only by
    ``pointer`` (JSON documents, see :mod:`lambdalint.templates.document`); it is looked up when it is reported.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    pointer: str = ""

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies within this place."""
        return (
            self.path == other.path
            and (self.line, self.column) <= (other.line, other.column)
            and (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )

    def before(self, other: Span) -> bool:
        """Whether this place begins before ``other`` does."""
        return (self.line, self.column) < (other.line, other.column)

    def to(self, other: Span) -> Span:
        """The place from the beginning of this one to the end of ``other``."""
        return Span(self.path, self.line, self.column, other.end_line, other.end_column)


NOWHERE = Span("", 1, 1, 1, 1)


class Problem(Data, frozen=True):
    """Why a source, or a part of it, could not be read; ``first`` is the place that it contradicts, if any."""

    message: str
    span: Span
    first: Span | None = None


class Undecodable(Exception):
    """The bytes of a file are no text."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset

    def position(self, data: bytes) -> tuple[int, int]:
        """Line and column of the first byte that is wrong, in the text that is shown, where such are replaced."""
        lines = Source("", data[: self.offset].decode("utf-8", "replace")).lines
        return len(lines), len(lines[-1]) + 1


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """Text of ``data``: by its byte-order mark, else UTF-8. Raises :class:`Undecodable`."""
    encoding, start = "utf-8", 0
    for mark, name in _MARKS:
        if data.startswith(mark):
            encoding, start = name, len(mark)
            break
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(f"not valid {encoding.upper()}: {error.reason}", start + error.start) from error


_LINE_END = regex(r"\r\n?|\n")


class Source:
    """One file's text with its path (relative to the project's root) and line index."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends, split as editors do: at LF, CR LF and CR."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset."""
        starts = self._starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line and column."""
        starts = self._starts
        return min(starts[min(max(line, 1), len(starts)) - 1] + max(column, 1) - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """The place between two character offsets."""
        return Span(self.path, *self.position(start), *self.position(end))
