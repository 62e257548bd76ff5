"""Formatted strings of any Python version, told apart without a parser.

Since Python 3.12 (PEP 701) the expressions in an f-string may hold quotes, backslashes, comments and line ends. Parsers
of earlier versions refuse such files, so that their complaint about one says nothing about the file.
"""

from __future__ import annotations

import re

_STRING = re.compile(r"""(?<![\w])([A-Za-z]{0,3})(\"\"\"|'''|"|')""")
_INTERESTING = re.compile(r"""["'#]""")
_OPENING, _CLOSING = "([{", ")]}"


class _Malformed(Exception):
    """A string that does not end as it should, in any version."""


def blank_formatted(text: str) -> str | None:
    """Python source with its f-strings and t-strings blank, every line and mostly every column as before.

    None where a string does not end: such source is wrong for all versions.
    """
    pieces: list[str] = []
    position = 0
    try:
        while True:
            match = _INTERESTING.search(text, position)
            if match is None:
                pieces.append(text[position:])
                return "".join(pieces)
            if match.group() == "#":
                end = _line_end(text, match.start())
                pieces.append(text[position:end])
            else:
                begin, prefix, quote = _opening(text, match.start())
                begin = max(begin, position)
                end = _string_end(text, match.start() + len(quote), prefix, quote)
                pieces.append(text[position:begin])
                pieces.append(_blank(text[begin:end], quote) if _is_formatted(prefix) else text[begin:end])
            position = end
    except (_Malformed, RecursionError):
        return None


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
    return begin, match.group(1).lower(), match.group(2)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _string_end(text: str, position: int, prefix: str, quote: str) -> int:
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
                position = _field_end(text, position + 1, quote)
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


def _field_end(text: str, position: int, quote: str) -> int:
    """The position after the brace that closes a replacement field; ``position`` is after the opening one."""
    open_brackets: list[str] = []
    while position < len(text):
        character = text[position]
        if character in "\"'":
            _, prefix, inner = _opening(text, position)
            position = _string_end(text, position + len(inner), prefix, inner)
            continue
        if character == "#":
            position = _line_end(text, position)
            continue
        if not open_brackets and character == "}":
            return position + 1
        if not open_brackets and character == ":":
            return _specification_end(text, position + 1, quote)
        if character in _OPENING:
            open_brackets.append(_CLOSING[_OPENING.index(character)])
        elif character in _CLOSING and (not open_brackets or open_brackets.pop() != character):
            break
        position += 1
    raise _Malformed


def _specification_end(text: str, position: int, quote: str) -> int:
    """The position after the brace that closes a field, from within its format specification."""
    while position < len(text):
        if text[position] == "}":
            return position + 1
        if text.startswith(quote, position) or (text[position] == "\n" and len(quote) == 1):
            break
        position = _field_end(text, position + 1, quote) if text[position] == "{" else position + 1
    raise _Malformed
