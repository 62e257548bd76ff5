"""Source maps (version 3): from a place in generated JavaScript to the place that it was generated from."""

from __future__ import annotations

import json
import re
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from msgspec import Struct

from lambdalint.regex import regex

MAX_MAP_BYTES = 30_000_000
MAX_INTEGER_DIGITS = 7

_COMMENT = regex(r"^[ \t]*(?://|/\*)[#@][ \t]*sourceMappingURL=(\S+?)(?:[ \t]*\*/)?[ \t]*$", re.MULTILINE)
_DIGITS = {letter: value for value, letter in enumerate(f"{ascii_uppercase}{ascii_lowercase}{digits}+/")}


class Original(Struct, frozen=True):
    """A place that code was generated from: the source as the map names it, line and column from 1."""

    source: str
    line: int
    column: int


class SourceMap:
    """A map that has been read. ``sources`` are as written, below ``sourceRoot`` if there is one."""

    def __init__(self, content: dict[str, Any]) -> None:
        root = content.get("sourceRoot")
        start = f"{root.rstrip('/')}/" if isinstance(root, str) and root else ""
        names = content.get("sources")
        self.sources = [f"{start}{name}" if isinstance(name, str) else "" for name in _list(names)]
        mappings = content.get("mappings")
        self._mappings = mappings if isinstance(mappings, str) else ""

    @property
    def last(self) -> str:
        """The source that the last part of the code was generated from; empty where the map tells none."""
        index, found = 0, -1
        for segment in re.split("[;,]", self._mappings):
            fields = _decode(segment)
            if fields is None:
                return ""
            if len(fields) >= 4:
                index += fields[1]
                found = index
        return self.sources[found] if 0 <= found < len(self.sources) else ""

    def original(self, line: int, column: int) -> Original | None:
        """Where a place, line and column from 1, comes from."""
        source = source_line = source_column = 0
        found: Original | None = None
        for number, group in enumerate(self._mappings.split(";"), 1):
            if number > line:
                break
            generated = 0
            for segment in group.split(","):
                fields = _decode(segment)
                if fields is None:
                    return None
                if not fields:
                    continue
                generated += fields[0]
                if len(fields) >= 4:
                    source, source_line = source + fields[1], source_line + fields[2]
                    source_column += fields[3]
                if number == line and (generated < column or found is None):
                    known = len(fields) >= 4 and 0 <= source < len(self.sources) and source_line >= 0
                    if known:
                        found = Original(self.sources[source], source_line + 1, max(source_column, 0) + 1)
        return found


def mapping_url(text: str) -> str:
    """The address of the map that generated code names, or nothing."""
    from urllib.parse import unquote

    found = _COMMENT.findall(text)
    return unquote(found[-1]) if found and not found[-1].startswith("data:") else found[-1] if found else ""


def inline_map(url: str) -> bytes | None:
    """The map in a ``data:`` address, or None."""
    head, comma, body = url.partition(",")
    if not head.startswith("data:") or not comma or len(body) > MAX_MAP_BYTES * 2:
        return None
    from base64 import b64decode
    from urllib.parse import unquote_to_bytes

    try:
        return b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    except ValueError:
        return None


def read_map(data: bytes) -> SourceMap | None:
    """The map in a file, or None if it is none. Never raises."""
    if len(data) > MAX_MAP_BYTES:
        return None
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return SourceMap(content) if isinstance(content, dict) and content.get("version") == 3 else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _decode(segment: str) -> list[int] | None:
    """The numbers of a segment in base64 VLQ; None if it is damaged."""
    fields: list[int] = []
    value = shift = 0
    for letter in segment:
        digit = _DIGITS.get(letter)
        if digit is None or shift > 5 * MAX_INTEGER_DIGITS:
            return None
        value |= (digit & 31) << shift
        if digit & 32:
            shift += 5
        else:
            fields.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return fields if not shift else None
