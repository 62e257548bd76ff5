"""``--format full``: each finding with the lines it is about, all of its places underlined."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.finding import Finding, Severity
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import SEVERITY_COLOURS, Style, one_line, printable, width
from lambdalint.site import page_of
from lambdalint.source import Source, Span

TAB = 4
_MAX_LINES = 4
"""A span of more lines is underlined on its first one only."""
_BEFORE = 30
"""Characters that are left before a place when the beginning of a long line is cut."""


class _Mark(Struct, frozen=True):
    span: Span
    label: str
    is_primary: bool


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report."""
    for item in outcome.findings:
        yield from _Excerpt(item, outcome.source, outcome.style, outcome.columns).lines()
        yield ""


class _Excerpt:
    def __init__(self, finding: Finding, source: Callable[[str], Source | None], style: Style, columns: int) -> None:
        self.finding = finding
        self.style = style
        self.severity = finding.severity or Severity.WARNING
        self.colour = SEVERITY_COLOURS[self.severity]
        marks = [_Mark(finding.span, "", True), *(_Mark(part.span, part.label, False) for part in finding.related)]
        self.by_path: dict[str, list[_Mark]] = {}
        for mark in marks:
            self.by_path.setdefault(mark.span.path, []).append(mark)
        self.texts = {path: _lines_of(source(path)) for path in self.by_path}
        last = max((mark.span.line + 1 for mark in marks if self._is_there(mark.span)), default=1)
        self.gutter = len(str(last + _MAX_LINES))
        self.columns = max(columns - self.gutter - 4, 40)

    def _is_there(self, span: Span) -> bool:
        return 1 <= span.line <= len(self.texts[span.path])

    def lines(self) -> Iterator[str]:
        style, finding = self.style, self.finding
        code = style.link(finding.code, page_of(finding.name))
        title = style(f"{self.severity.value}[{code}]", self.colour)
        yield f"{title}{style(f': {one_line(finding.message)}', 'bold')}"
        for path, marks in self.by_path.items():
            yield from self._file(path, marks)
        yield f"{style('help:', 'cyan')} lambdalint rule {finding.code}"

    def _file(self, path: str, marks: list[_Mark]) -> Iterator[str]:
        first = marks[0].span
        seen = [mark for mark in marks if self._is_there(mark.span)]
        arrow = self.style(" " * self.gutter + "-->", "blue")
        label = f": {one_line(marks[0].label)}" if marks[0].label and marks[0] not in seen else ""
        yield f"{arrow} {printable(path)}:{first.line}:{first.column}{label}"
        if not seen:
            return
        yield self._row("")
        previous = 0
        for number in self._shown(path, seen):
            if previous and number > previous + 1:
                yield self.style("...", "blue")
            previous = number
            yield from self._line(number, self.texts[path][number - 1], seen)
        yield self._row("")

    def _shown(self, path: str, marks: list[_Mark]) -> list[int]:
        """The numbers of the lines to show: those with marks, and those around the primary place."""
        found: set[int] = set()
        for mark in marks:
            found.update(_underlined(mark.span))
            if mark.is_primary:
                found.update((mark.span.line - 1, _underlined(mark.span)[-1] + 1))
        found.update({number + 1 for number in found if number + 2 in found})
        return sorted(number for number in found if 1 <= number <= len(self.texts[path]))

    def _line(self, number: int, text: str, marks: list[_Mark]) -> Iterator[str]:
        here = sorted(
            (mark for mark in marks if number in _underlined(mark.span)),
            key=lambda mark: (not mark.is_primary, mark.span.column),
        )
        cut = _cut(text, here[0].span if here else None, self.columns)
        yield self._row(f" {cut.text}".rstrip(), str(number))
        for mark in here:
            yield self._row(f" {self._underline(mark, number, text, cut)}")

    def _underline(self, mark: _Mark, number: int, text: str, cut: _Cut) -> str:
        span = mark.span
        start = span.column if number == span.line else len(text) - len(text.lstrip()) + 1
        end = span.end_column if number == span.end_line else len(text.rstrip()) + 1
        begin, stop = cut.column(start), cut.column(end)
        sign, colour = ("^", self.colour) if mark.is_primary else ("-", "blue")
        label = one_line(mark.label) if number == _underlined(span)[-1] else ""
        if span.end_line - span.line >= _MAX_LINES:
            label = f"{label} (to line {span.end_line})".strip()
        line = self.style(sign * max(stop - begin, 1), colour)
        return " " * begin + line + (f" {self.style(label, colour)}" if label else "")

    def _row(self, content: str, number: str = "") -> str:
        return f"{self.style(f'{number:>{self.gutter}} |', 'blue')}{content}"


def _lines_of(source: Source | None) -> list[str]:
    return source.lines if source is not None else []


def _underlined(span: Span) -> range:
    end = span.end_line
    if end > span.line and span.end_column <= 1:
        end -= 1
    return range(span.line, end + 1) if end - span.line < _MAX_LINES else range(span.line, span.line + 1)


class _Cut(Struct, frozen=True):
    """The part of a line that is shown: its text as printed, its first character, and the columns of all."""

    text: str
    start: int
    columns: tuple[int, ...]

    def column(self, position: int) -> int:
        """The printed column, from 0, of a character position from 1; that of the nearest one shown."""
        return self.columns[min(max(position - 1 - self.start, 0), len(self.columns) - 1)]


def _cut(text: str, span: Span | None, limit: int) -> _Cut:
    start = 0
    if len(text) > limit and span is not None and span.column + 10 > limit:
        start = min(max(span.column - 1 - _BEFORE, 0), len(text) - limit)
    piece = printable(text[start : start + limit])
    shown = ["…"] if start else []
    column = len(shown)
    columns: list[int] = []
    for character in piece:
        columns.append(column)
        step = TAB - column % TAB if character == "\t" else width(character)
        shown.append(" " * step if character == "\t" else character)
        column += step
    columns.append(column)
    if start + limit < len(text):
        shown.append("…")
    return _Cut("".join(shown), start, tuple(columns))
