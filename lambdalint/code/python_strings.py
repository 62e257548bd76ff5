"""Formatted strings of any Python version, told apart without a parser.

Since Python 3.12 (PEP 701) the expressions in an f-string may hold quotes, backslashes, comments and line ends. Parsers
of earlier versions refuse such files, so that their complaint about one says nothing about the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.regex import regex

_STRING = regex(r"""(?<![\w])([A-Za-z]{0,3})(\"\"\"|'''|"|')""")
_INTERESTING = regex(r"""["'#]""")
_PREFIXES = frozenset(("", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"))
_OPENING, _CLOSING = "([{", ")]}"
_ESCAPED = regex(r"\\(.)", re.DOTALL)
_OTHER_QUOTES = str.maketrans("\"'", "'\"")
_SELF_DOCUMENTING = regex(r"(?<![=!<>])=\s*(![rsa]\s*)?\Z")


class Replacement(Struct, frozen=True):
    """The expression of a replacement field, between two offsets, in an f-string of some quotes."""

    start: int
    end: int
    quote: str


class _Malformed(Exception):
    """A string that does not end as it should, in any version."""


class _String(Struct, frozen=True):
    """A string between two offsets; the fields are those of f-strings, those within other fields included."""

    start: int
    end: int
    prefix: str
    quote: str
    fields: tuple[Replacement, ...]


def blank_formatted(text: str) -> str | None:
    """Python source with its f-strings and t-strings blank, every line and mostly every column as before.

    None where a string does not end: such source is wrong for all versions.
    """
    pieces: list[str] = []
    position = 0
    try:
        for string in _strings(text):
            pieces.append(text[position : string.start])
            whole = text[string.start : string.end]
            pieces.append(_blank(whole, string.quote) if _is_formatted(string.prefix) else whole)
            position = string.end
    except (_Malformed, RecursionError):
        return None
    return "".join((*pieces, text[position:]))


def newer_field(text: str) -> int | None:
    """Where the first replacement field stands that only Python 3.12 and later read (PEP 701); None without one."""
    try:
        return next(
            (field.start for string in _strings(text) for field in string.fields if _is_newer(text, field)), None
        )
    except (_Malformed, RecursionError):
        return None


def self_documenting_field(text: str) -> int | None:
    """Where the first replacement field stands that shows its own expression: ``f"{total=}"``; None without one."""
    try:
        for string in _strings(text):
            for field in string.fields:
                if _SELF_DOCUMENTING.search(text[field.start : field.end]):
                    return field.start
    except (_Malformed, RecursionError):
        pass
    return None


def with_older_fields(text: str) -> str | None:
    """Python source whose replacement fields are written as versions before 3.12 want them, every column as before.

    Quotes become the other ones, and what a backslash begins is blank: constants within such fields may change, but
    nothing else does. None where no field needs it, or where a string does not end. Whether versions before 3.12 read
    the outcome is left to them.
    """
    changed = text
    try:
        for string in _strings(text):
            for field in string.fields:
                if _is_newer(text, field):
                    other = field.quote.translate(_OTHER_QUOTES)
                    within = changed[field.start : field.end].replace(field.quote, other)
                    within = _ESCAPED.sub(lambda match: "  " if match.group(1) != "\n" else " \n", within)
                    changed = changed[: field.start] + within + changed[field.end :]
    except (_Malformed, RecursionError):
        return None
    return changed if changed != text else None


def _strings(text: str) -> Iterator[_String]:
    position = 0
    while True:
        match = _INTERESTING.search(text, position)
        if match is None:
            return
        if match.group() == "#":
            position = _line_end(text, match.start())
            continue
        begin, prefix, quote = _opening(text, match.start())
        fields: list[Replacement] = []
        end = _string_end(text, match.start() + len(quote), prefix, quote, fields)
        yield _String(max(begin, position), end, prefix, quote, tuple(fields))
        position = end


def _is_newer(text: str, field: Replacement) -> bool:
    expression = text[field.start : field.end]
    return field.quote in expression or "\\" in expression or (len(field.quote) == 1 and "\n" in expression)


def _blank(string: str, quote: str) -> str:
    if "\n" in string:
        return '"""' + "\n".join(" " * len(line) for line in string.split("\n")) + '"""'
    return " " * (len(string) - 2) + '""' if len(quote) == 1 else " " * (len(string) - 6) + '""""""'


def _is_formatted(prefix: str) -> bool:
    return "f" in prefix or "t" in prefix


def _opening(text: str, quote_at: int) -> tuple[int, str, str]:
    """Where a string begins whose first quote is at a position, its prefix and its quotes."""
    begin = quote_at
    while begin > 0 and quote_at - begin < 3 and text[begin - 1].isalpha():
        begin -= 1
    match = _STRING.match(text, begin)
    if match is None or match.start(2) != quote_at:
        quote = text[quote_at : quote_at + 3]
        return quote_at, "", quote if quote in ('"""', "'''") else text[quote_at]
    prefix = match.group(1).lower()
    return (begin, prefix, match.group(2)) if prefix in _PREFIXES else (quote_at, "", match.group(2))


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _string_end(text: str, position: int, prefix: str, quote: str, fields: list[Replacement]) -> int:
    """The position after a string's last quote; ``position`` is after its first one."""
    while position < len(text):
        if text.startswith(quote, position):
            return position + len(quote)
        character = text[position]
        if character == "\n" and len(quote) == 1:
            break
        if character == "\\":
            position += _escape(text, position, prefix)
        elif _is_formatted(prefix) and character in "{}":
            if text[position : position + 2] == character * 2:
                position += 2
            elif character == "{":
                position = _field_end(text, position + 1, quote, fields)
            else:
                break
        else:
            position += 1
    raise _Malformed


def _escape(text: str, position: int, prefix: str) -> int:
    """The length of what a backslash begins."""
    if _is_formatted(prefix):
        if text.startswith("N{", position + 1) and "r" not in prefix:
            end = text.find("}", position)
            return end + 1 - position if end > 0 else 2
        if text[position + 1 : position + 2] in ("{", "}"):
            return 1
    return 2


def _field_end(text: str, position: int, quote: str, fields: list[Replacement]) -> int:
    """The position after the brace that closes a replacement field; ``position`` is after the opening one."""
    start = position
    open_brackets: list[str] = []
    while position < len(text):
        character = text[position]
        if character in "\"'":
            _, prefix, inner = _opening(text, position)
            position = _string_end(text, position + len(inner), prefix, inner, fields)
            continue
        if character == "#":
            position = _line_end(text, position)
            continue
        if not open_brackets and character == "}":
            fields.append(Replacement(start, position, quote))
            return position + 1
        if not open_brackets and character == ":":
            fields.append(Replacement(start, position, quote))
            return _specification_end(text, position + 1, quote, fields)
        if character in _OPENING:
            open_brackets.append(_CLOSING[_OPENING.index(character)])
        elif character in _CLOSING and (not open_brackets or open_brackets.pop() != character):
            break
        position += 1
    raise _Malformed


def _specification_end(text: str, position: int, quote: str, fields: list[Replacement]) -> int:
    """The position after the brace that closes a field, from within its format specification."""
    while position < len(text):
        if text[position] == "}":
            return position + 1
        if text.startswith(quote, position) or (text[position] == "\n" and len(quote) == 1):
            break
        position = _field_end(text, position + 1, quote, fields) if text[position] == "{" else position + 1
    raise _Malformed
