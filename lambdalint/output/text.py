"""What formats for people share: colour, text that is safe to print, columns, the summary line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lambdalint.finding import Finding, Severity
from lambdalint.regex import regex
from lambdalint.site import page_of

_CODES = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "1;33", "cyan": "1;36", "blue": "34", "green": "32"}
SEVERITY_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


class Style:
    """Colours and links text, or leaves it as it is."""

    def __init__(self, colour: bool = False, links: bool = False) -> None:
        self.colour = colour
        self.links = links

    def __call__(self, text: str, name: str) -> str:
        """The text in a colour or weight by name."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, address: str) -> str:
        """The text as a link (OSC 8)."""
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text


def code(item: Finding, style: Style) -> str:
    """The code of a finding in the colour of its severity, linked to the page of its rule."""
    return style(style.link(item.code, page_of(item.name)), SEVERITY_COLOURS[item.severity or Severity.WARNING])


_UNSAFE = regex("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def printable(text: str) -> str:
    """Text without what would move the cursor, change colours or reverse the writing. Tabs stay."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Text on one line, safe to print."""
    return printable(" ".join(text.split()))


_UNPAIRED = regex("[\ud800-\udfff]")


def paired(text: str) -> str:
    """Text without lone surrogates: they stand for bytes of paths that are no text, and readers of JSON refuse them."""
    return text if text.isascii() else _UNPAIRED.sub("\ufffd", text)


def quoted(path: str) -> str:
    """A relative path as a reference in a URI."""
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def width(character: str) -> int:
    """The columns that a character takes on a terminal."""
    if character < "\u0300":
        return 1
    from unicodedata import combining, east_asian_width

    if combining(character) or character in "\u200b\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def severities(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity."""
    counts = dict.fromkeys(Severity, 0)
    for item in findings:
        counts[item.severity or Severity.WARNING] += 1
    return counts


def summary(counts: Mapping[Severity, int], suppressed: int, hidden: int) -> str:
    """``Found 3 findings (1 error, 2 warnings, 0 notes); 0 suppressed, 4 hidden by level``."""
    total = sum(counts.values())
    rest = f"{suppressed} suppressed, {hidden} hidden by level"
    if not total:
        return f"No findings; {rest}"
    parts = ", ".join(_count(counts[kind], word) for kind, word in _WORDS.items())
    return f"Found {_count(total, 'finding')} ({parts}); {rest}"


_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def statistics(findings: Iterable[Finding]) -> list[tuple[int, str, str]]:
    """Count, code and name of each rule that found something, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for item in findings:
        key = (item.code, item.name)
        counts[key] = counts.get(key, 0) + 1
    return sorted(((count, code, name) for (code, name), count in counts.items()), key=lambda item: (-item[0], item[1]))
