"""What is promised of readers and runs, whatever they are given. Shared with ``tools/fuzz``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from msgspec import Struct

from lambdalint.adopting import Work, fixed
from lambdalint.code.javascript import read_javascript
from lambdalint.code.python import decode_python, read_python
from lambdalint.code.source_map import inline_map, mapping_url, read_map
from lambdalint.engine import all_rules, parses
from lambdalint.finding import Finding, Level
from lambdalint.fixes import edited
from lambdalint.output.formats import FORMATS, render
from lambdalint.output.outcome import Outcome
from lambdalint.settings import Settings, SettingsError, from_text
from lambdalint.source import Source, Span, Undecodable, decode
from lambdalint.suppression import Suppressions
from lambdalint.templates.cloudformation import templates_in
from lambdalint.templates.document import locate, read, read_yaml
from lambdalint.templates.json_document import read_json

DAY = date(2026, 11, 22)


def _parts(thing: object) -> Iterator[Span]:
    """All places in plain data."""
    seen: set[int] = set()
    pending = [thing]
    while pending:
        item = pending.pop()
        if isinstance(item, Span):
            yield item
        elif isinstance(item, (Struct, list, tuple, dict)) and id(item) not in seen:
            seen.add(id(item))
            if isinstance(item, Struct):
                pending.extend(getattr(item, name) for name in item.__struct_fields__)
            else:
                pending.extend(item.values() if isinstance(item, dict) else item)


def is_inside(span: Span, source: Source) -> bool:
    """Whether a place is one of a text."""
    if not span.line:
        span = locate(source, span.pointer)
    if not 1 <= span.line <= span.end_line <= len(source.lines):
        return False
    if (span.end_line, span.end_column) < (span.line, span.column):
        return False
    ends = [(span.line, span.column), (span.end_line, span.end_column)]
    return all(1 <= column <= len(source.lines[line - 1]) + 1 for line, column in ends)


def _all_inside(thing: object, source: Source) -> None:
    for span in _parts(thing):
        assert is_inside(span, source), f"{span} is not in a text of {len(source.lines)} lines"


# --- readers ----------------------------------------------------------------------------------------------------------


def template_is_read(data: bytes, path: str = "template.yaml") -> None:
    """A template is read, or its problem is named."""
    try:
        source = Source(path, decode(data))
    except Undecodable as error:
        line, column = error.position(data)
        assert line >= 1 and column >= 1
        return
    for reader in (read_yaml, read_json, read):
        document = reader(source)
        assert document.roots or document.problems or not document.fatal
        _all_inside(document, source)
        for template in templates_in(document):
            for resource in template.resources.values():
                assert is_inside(resource.span, source)


def python_is_read(data: bytes) -> None:
    """Python is read, or its problem is named."""
    try:
        source = Source("app.py", decode_python(data))
    except Undecodable as error:
        assert error.position(data) >= (1, 1)
        return
    _all_inside(read_python(source), source)


def javascript_is_read(data: bytes, path: str = "app.js") -> None:
    """JavaScript is read, or its problem is named."""
    try:
        source = Source(path, decode(data))
    except Undecodable as error:
        assert error.position(data) >= (1, 1)
        return
    _all_inside(read_javascript(source), source)


def source_map_is_read(data: bytes) -> None:
    """A source map tells places, or nothing."""
    found = read_map(data)
    if found is not None:
        assert isinstance(found.last, str)
        for line, column in ((1, 1), (1, 50), (3, 2), (10_000, 1)):
            original = found.original(line, column)
            assert original is None or (original.line >= 1 and original.column >= 1)


def map_comment_is_read(text: str) -> None:
    """The address of a source map is found, or nothing."""
    url = mapping_url(text)
    data = inline_map(url)
    if data is not None:
        source_map_is_read(data)


def settings_are_read(text: str) -> None:
    """Settings are read, or what is wrong with them is said with its place."""
    for name in ("lambdalint.toml", "pyproject.toml"):
        try:
            from_text(text, name, all_rules, Settings())
        except SettingsError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.startswith(name) and "\n" not in problem, problem


def comments_are_read(text: str, path: str) -> None:
    """Comments that suppress have places in their file, and taking them out leaves it readable."""
    source = Source(path, text)
    nothing = SimpleNamespace(template=lambda _: None)
    data = text.encode("utf-8", "surrogatepass")
    for entry in Suppressions(lambda _: source, cast(Any, nothing)).entries([path]):
        assert is_inside(entry.span, source)
        for edit in entry.edit:
            assert is_inside(edit.span, source)
        made = edited(data, path, entry.edit) if entry.edit else None
        if made is not None and path.endswith(".py") and parses(path, data):
            assert parses(path, made)


# --- runs -------------------------------------------------------------------------------------------------------------


def run_is_sound(folder: Path, with_fixes: bool = True) -> None:
    """A run over a project fails nowhere; what it finds has places; what it changes stays readable."""
    root = str(folder.resolve())
    work = Work(root, [root], Settings(level=Level.AUDITOR), DAY)
    report = work.check({})
    assert not report.crashes, report.crashes[0].trace
    for item in report.findings:
        assert item.message and "\n" not in item.message, item.message
        for span in _places(item):
            source = report.sources.get(span.path)
            assert source is not None, f"{item.code}: there is no {span.path}"
            assert is_inside(span, source), f"{item.code}: {span} is not in a text of {len(source.lines)} lines"
    outcome = Outcome(
        report.findings, report.silenced, source=report.sources.get, rules=lambda: all_rules(()), statistics=True
    )
    for name in FORMATS:
        for line in render(name, outcome):
            line.encode("utf-8", "backslashreplace")
    if with_fixes and any(item.fix is not None for item in report.findings):
        for path, made in fixed(work, unsafe=True).contents.items():
            before = work.read(path)
            assert before is not None
            assert parses(path, made) or not parses(path, before), f"{path} can't be read after its fixes:\n{made!r}"


def _places(item: Finding) -> Iterable[Span]:
    yield item.span
    yield from (related.span for related in item.related)
    yield from (edit.span for edit in (item.fix.edits if item.fix is not None else ()))
