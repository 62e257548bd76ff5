"""Fixes: text edits that findings carry, applied so that files stay what they are otherwise.

Nothing is written here. Edits are made on the bytes of files, in rounds, until no fix is left that may be applied. A
fix that overlaps another waits for the next round. A fix after which its file can't be read, or after which its finding
is still there, is taken back and not tried again.
"""

from __future__ import annotations

import codecs
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from lambdalint.finding import Edit, Finding
from lambdalint.source import Source, Undecodable, decode

MAX_ROUNDS = 20

Contents = Mapping[str, bytes]
Check = Callable[[Contents], Sequence[Finding]]
"""Gives the findings of a project in which some files have other contents."""

Read = Callable[[str], bytes | None]
Parses = Callable[[str, bytes], bool]


class Repaired(Struct, frozen=True):
    """What fixing comes to: the new contents of files, the findings that are cured, those whose fix was taken back."""

    contents: dict[str, bytes]
    cured: list[Finding]
    refused: list[Finding]


_Key = tuple[str, str, str, str, str]


def _key(item: Finding) -> _Key:
    return (item.code, item.span.path, item.message, item.function, item.resource)


def repair(check: Check, read: Read, parses: Parses, unsafe: bool = False) -> Repaired:
    """Applies the safe fixes of a project's findings, and the others as well if ``unsafe``."""
    contents: dict[str, bytes] = {}
    cured: list[Finding] = []
    refused: dict[_Key, Finding] = {}
    findings = check(contents)
    for _ in range(MAX_ROUNDS):
        batch = _batch([item for item in findings if _may_be_fixed(item, unsafe) and _key(item) not in refused])
        if not batch:
            break
        changed, broken = _applied(batch, contents, read, parses)
        refused.update((_key(item), item) for item in broken)
        kept = [item for item in batch if item not in broken]
        if not kept:
            continue
        after = check({**contents, **changed})
        before = Counter(_key(item) for item in findings)
        now = Counter(_key(item) for item in after)
        stuck = [item for item in kept if now[_key(item)] >= before[_key(item)]]
        if stuck:
            refused.update((_key(item), item) for item in stuck)
            continue
        contents.update(changed)
        cured.extend(kept)
        findings = after
    return Repaired(contents, cured, list(refused.values()))


def _may_be_fixed(item: Finding, unsafe: bool) -> bool:
    return item.fix is not None and bool(item.fix.edits) and (item.fix.safe or unsafe)


def _batch(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose fixes do not overlap; equal edits of several, such as an import that both need, count once."""
    taken: list[Edit] = []
    found = []
    for item in findings:
        edits = item.fix.edits if item.fix is not None else ()
        if not any(_overlap(edit, other) for edit in edits for other in taken if edit != other):
            taken.extend(edits)
            found.append(item)
    return found


def _overlap(first: Edit, second: Edit) -> bool:
    if first.span.path != second.span.path:
        return False
    start, end = _range(first)
    other_start, other_end = _range(second)
    if start == end and other_start == other_end:
        return start == other_start
    return (start < other_end and other_start < end) or start == other_start


def _range(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)


def _applied(
    batch: Sequence[Finding], contents: Contents, read: Read, parses: Parses
) -> tuple[dict[str, bytes], list[Finding]]:
    """The contents of files after some fixes, and the findings whose fixes would break a file."""
    broken: list[Finding] = []
    while True:
        kept = [item for item in batch if item not in broken]
        changed = {}
        bad: str | None = None
        for path in dict.fromkeys(edit.span.path for item in kept for edit in _edits(item)):
            data = contents[path] if path in contents else read(path)
            made = edited(data, path, [edit for item in kept for edit in _edits(item)]) if data is not None else None
            if made is None or not parses(path, made):
                bad = path
                break
            changed[path] = made
        if bad is None:
            return changed, broken
        there = [item for item in kept if any(edit.span.path == bad for edit in _edits(item))]
        alone = [item for item in there if not _works(item, contents, read, parses)]
        broken.extend(alone or there)


def _works(item: Finding, contents: Contents, read: Read, parses: Parses) -> bool:
    for path in {edit.span.path for edit in _edits(item)}:
        data = contents[path] if path in contents else read(path)
        made = edited(data, path, _edits(item)) if data is not None else None
        if made is None or not parses(path, made):
            return False
    return True


def _edits(item: Finding) -> tuple[Edit, ...]:
    return item.fix.edits if item.fix is not None else ()


def edited(data: bytes, path: str, edits: Iterable[Edit]) -> bytes | None:
    """The content of a file after those of some edits that are its own; None where it is no plain text.

    Line ends are those of the file. Edits must not overlap; equal ones count once.
    """
    try:
        text = decode(data)
    except Undecodable:
        return None
    mark = data[: len(data) - len(text.encode("utf-8"))]
    if mark not in (b"", codecs.BOM_UTF8) or mark + text.encode("utf-8") != data:
        return None  # not UTF-8
    source = Source(path, text)
    own = sorted({edit for edit in edits if edit.span.path == path}, key=_range)
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    parts = []
    at = 0
    for edit in own:
        start, end = _offsets(source, edit)
        if start < at:
            return None
        parts.append(text[at:start])
        parts.append(edit.text.replace("\r\n", "\n").replace("\n", newline))
        at = end
    parts.append(text[at:])
    return mark + "".join(parts).encode("utf-8")


def _offsets(source: Source, edit: Edit) -> tuple[int, int]:
    span = edit.span
    return source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)


def difference(path: str, before: bytes, after: bytes) -> list[str]:
    """The lines of a unified diff of one file."""
    old, new = (data.decode("utf-8", "replace").splitlines(keepends=True) for data in (before, after))
    found = []
    for line in difflib.unified_diff(old, new, path, path):
        found.append(line.rstrip("\r\n"))
        if not line.endswith(("\n", "\r")):
            found.append("\\ No newline at end of file")
    return found
