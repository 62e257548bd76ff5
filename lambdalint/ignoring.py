"""Comments that silence what is found, written by ``--add-ignore``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from lambdalint.finding import Edit, Finding, Fix, change
from lambdalint.regex import regex
from lambdalint.source import Source, Span

_SLASHES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_HASHES = (".py", ".yaml", ".yml", ".template")
_THERE = regex(r"lambdalint\s*:\s*ignore\s*\[([^\]]*)\]", re.IGNORECASE)


def silenced(findings: Sequence[Finding], source: Callable[[str], Source | None], reason: str) -> list[Finding]:
    """The findings, each with the edit that puts a comment behind its line, in place of a fix.

    A comment that is there already gets the code as well. No edit where a file can't hold comments.
    """
    by_line: dict[tuple[str, int], list[Finding]] = {}
    for item in findings:
        by_line.setdefault((item.span.path, item.span.line), []).append(item)
    found: list[Finding] = []
    for (path, line), items in by_line.items():
        text = source(path)
        codes = sorted({item.code for item in items})
        edit = _edit(path, line, text, codes, reason) if text is not None else None
        fix = Fix("Silence it", (edit,), safe=True) if edit is not None else None
        found.extend(change(item, fix=fix) for item in items)
    return found


def _edit(path: str, line: int, source: Source, codes: Iterable[str], reason: str) -> Edit | None:
    if not path.endswith((*_SLASHES, *_HASHES)) or not 1 <= line <= len(source.lines):
        return None
    text = source.lines[line - 1]
    if source.text.lstrip().startswith("{") and not path.endswith((*_SLASHES, ".py")):
        return None  # JSON under another name
    there = _THERE.search(text)
    if there is not None:
        names = [name for name in re.split(r"[,\s]+", there.group(1).strip()) if name]
        listed = ", ".join(dict.fromkeys((*names, *codes)))
        return Edit(Span(path, line, there.start(1) + 1, line, there.end(1) + 1), listed)
    mark = "//" if path.endswith(_SLASHES) else "#"
    why = f" {reason}" if reason else ""
    end = len(text.rstrip())
    comment = f"  {mark} lambdalint: ignore[{', '.join(codes)}]{why}"
    return Edit(Span(path, line, end + 1, line, len(text) + 1), comment)
