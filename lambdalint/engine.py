"""Runs: sources to readers to project to rules to findings. It knows no single rule."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from lambdalint import discovery, watch
from lambdalint.clock import Clock
from lambdalint.finding import Finding
from lambdalint.judging import Judged, Outcome, Standard, is_about_suppressions, judge
from lambdalint.merging import Merged, located, once_a_place
from lambdalint.parts import Part, judged_parts, parts_of
from lambdalint.project.codebase import Codebase
from lambdalint.project.model import Project
from lambdalint.reading import Progress, Reading, crash
from lambdalint.report import Crash, Read, Report
from lambdalint.rule import Rule, load_pack
from lambdalint.scopes import Nested, Scopes
from lambdalint.settings import FILE, SHARED_FILE, Settings, SettingsError
from lambdalint.source import Source, Span, Undecodable, decode
from lambdalint.suppression import METADATA, Entry, Suppressions, judged
from lambdalint.synthesis import Placed
from lambdalint.templates.document import read

if TYPE_CHECKING:
    from lambdalint.memory import Remember


def check(
    root: str,
    shown: Sequence[str],
    settings: Settings,
    today: date,
    overlay: Mapping[str, bytes] | None = None,
    progress: Progress | None = None,
    nested: Nested | None = None,
    remember: Remember | None = None,
) -> Report:
    """Checks the project under a root. Findings outside of ``shown`` (absolute paths) are left out.

    ``overlay`` gives files, by their paths below the root, another content than they have on disk; ``nested`` the
    settings of folders that have their own, it may raise :class:`~lambdalint.settings.SettingsError`. ``remember``
    tells of what earlier runs have found out.
    """
    collecting = gc.isenabled()
    gc.disable()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 5_000))
    stop = watch.start()
    try:
        return _check(root, shown, settings, today, overlay, progress, nested, remember)
    finally:
        stop()
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _check(
    root: str,
    shown: Sequence[str],
    settings: Settings,
    today: date,
    overlay: Mapping[str, bytes] | None,
    progress: Progress | None,
    nested: Nested | None,
    remember: Remember | None,
) -> Report:
    relative = [os.path.relpath(path, root).replace(os.sep, "/") for path in shown]
    whole = Reading(root, settings, relative, overlay, progress)
    scopes = Scopes(settings, nested, whole.files.settings)
    every = all_rules(settings.plugins)
    standard = Standard(every, tuple(scopes.active(every)), scopes, today, settings.ignores)
    outcomes: list[Outcome] = []
    found: list[Merged] = []
    seen = set(whole.files.code)
    try:
        memory = remember(_key(whole, standard)) if remember is not None else None
        parts = parts_of(whole, memory)
        seen.update(path for part in parts for path in part.files)
        outcomes = judged_parts(_wanted(parts, relative), standard, progress, memory)
        if memory is not None:
            memory.save(relative == ["."])
        for outcome in outcomes:
            seen.update((*outcome.templates, *outcome.problems, *outcome.modules))
            for folder, modules in outcome.behind.items():
                if any(_is_shown(path, [folder or "."]) for path in relative):
                    relative.extend(modules)
        marks = [mark for mark in _together(outcomes) if _is_shown(mark.span.path, relative)]
        parted = (item for outcome in outcomes for item in outcome.judged)
        found = once_a_place([*parted, *_of_marks(marks, whole, standard)])
        found = [item for item in found if any(_is_shown(path, relative) for path in item.paths)]
        whole.sources.notes.update(whole.synthesis.missing_notes(lambda path: _is_shown(path, relative)))
        for name in relative:
            if not any(_is_shown(item, [name]) for item in seen) and whole.tree.is_ignored(name):
                whole.sources.notes.setdefault(name, "left out, since git ignores it or the settings exclude it")
    except SettingsError:
        raise
    except Exception:
        whole.crashes.append(crash("lambdalint", root))
    return _report(whole, shown, relative, standard, outcomes, found, seen)


def _key(whole: Reading, standard: Standard) -> str:
    """What the parts of a project are judged by, beside what each of them rests on."""
    import hashlib

    files = whole.files
    digest = hashlib.sha256()
    for path in files.ignoring:
        with open(path, "rb") as file:
            digest.update(file.read())
    found = (files.code, files.programs, files.apps, files.ignoring, digest.digest(), files.is_complete)
    codes = [rule.code for rule in standard.every]
    told = (found, codes, standard.scopes.told, standard.today, standard.ignores)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _wanted(parts: Sequence[Part], shown: Sequence[str]) -> Sequence[Part]:
    """The parts that may have findings in what is shown; all, where something is shown that belongs to none.

    YAML that belongs to none is no template, and nothing is found in it.
    """
    other = (path for path in shown if not path.endswith((".yaml", ".yml")))
    if not all(any(part.may_be_in(path) for part in parts) for path in other):
        return parts
    return [part for part in parts if any(part.may_be_in(path) for path in shown)]


def _together(outcomes: Iterable[Outcome]) -> list[Entry]:
    """The comments and metadata of all parts, each once, with what it was used for in any."""
    found: dict[tuple[str, Span], Entry] = {}
    for outcome in outcomes:
        for mark in outcome.marks:
            found.setdefault((mark.kind, mark.span), mark).used |= mark.used
    return sorted(found.values(), key=lambda mark: (mark.span.path, mark.kind == METADATA, mark.span))


def _of_marks(marks: Sequence[Entry], whole: Reading, standard: Standard) -> Iterator[Judged]:
    """What rules about suppressions find, when all parts have been judged."""
    project = Project(whole.tree, Codebase(()), [])
    project.suppressions = [judged(mark, standard.every) for mark in marks]
    suppressions = Suppressions(whole.sources.get, None, not standard.ignores, marks)
    suppressions.by_name = True
    for item in judge(project, [rule for rule in standard.rules if is_about_suppressions(rule)], standard, whole):
        entry = suppressions.find(item)
        yield Judged(Placed(item, item.span), entry.reason if entry is not None else None)


def _report(
    whole: Reading,
    shown: Sequence[str],
    relative: Sequence[str],
    standard: Standard,
    outcomes: Sequence[Outcome],
    found: Sequence[Merged],
    seen: set[str],
) -> Report:
    """What is told of all that was found: what the settings ask for, of the level that they want."""
    scopes, sources, clock = standard.scopes, whole.sources, Clock()
    by_code = {rule.code: rule for rule in standard.rules}
    chosen = [item for item in found if scopes.wants(item.finding, by_code[item.finding.code])]
    levelled: list[tuple[Finding, str | None]] = []
    for item in chosen:
        settings = scopes.at(item.finding.span.path)
        finding = settings.judged(item.finding)
        if settings.shows(finding, by_code[finding.code].level):
            levelled.append((located(finding, sources), item.silenced))
    clock.take(whole.clock)
    notes, unreadable, passed_over = dict(sources.notes), dict(sources.unreadable), dict(sources.passed_over)
    for outcome in outcomes:
        notes.update(outcome.notes)
        unreadable.update(outcome.unreadable)
        passed_over.update(outcome.passed_over)
        clock.count(outcome.slow)
    read = [whole.read, *(outcome.read for outcome in outcomes)]

    def told(reasons: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple(item for item in sorted(reasons.items()) if _is_shown(item[0], relative))

    return Report(
        root=whole.root,
        findings=tuple(sorted((item for item, silenced in levelled if silenced is None), key=_order)),
        silenced=tuple(
            sorted(((item, why) for item, why in levelled if why is not None), key=lambda item: _order(item[0]))
        ),
        hidden=len(chosen) - len(levelled),
        crashes=_summed((*whole.crashes, *(item for outcome in outcomes for item in outcome.crashes))),
        unreadable=told(unreadable),
        notes=told(notes),
        passed_over=told(passed_over),
        barren=tuple(path for path, name in zip(shown, relative) if not any(_is_shown(item, [name]) for item in seen)),
        sources=sources,
        checked=len({path for outcome in outcomes for path in (*outcome.templates, *outcome.modules)}),
        read=Read(
            frozenset((*whole.files.folders, *(path for item in read for path in item.folders))),
            frozenset((*_settings_files(whole.files.settings), *(path for item in read for path in item.files))),
        ),
        slow=clock.slow,
    )


def _summed(crashes: Iterable[Crash]) -> tuple[Crash, ...]:
    """The crashes of all parts, those of one rule as one."""
    found: dict[tuple[str, str], Crash] = {}
    for item in crashes:
        key = (item.part, "" if item.part.startswith("rule ") else item.subject)
        known = found.get(key)
        found[key] = item if known is None else replace(known, times=known.times + item.times)
    return tuple(found.values())


def _is_shown(path: str, shown: Sequence[str]) -> bool:
    return any(item == "." or path == item or path.startswith(item + "/") for item in shown)


def _order(item: Finding) -> tuple[str, int, int, str, str]:
    return (item.span.path, item.span.line, item.span.column, item.code, item.message)


@lru_cache(maxsize=8)
def all_rules(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of the built-in pack and of others, by code."""
    found: dict[str, Rule] = {}
    for package in ("lambdalint_rules", *plugins):
        for rule in load_pack(package):
            found[rule.code] = rule
    return tuple(found[code] for code in sorted(found))


def _settings_files(folders: Iterable[str]) -> Iterator[str]:
    for folder in folders:
        yield from (f"{folder}/{name}" for name in (FILE, SHARED_FILE))


def parses(path: str, data: bytes, before: bytes = b"") -> bool:
    """Whether the content of a code file or template can be read, with no other complaint than ``before``."""
    try:
        known = _complaints(path, before)
        return all(item in known for item in _complaints(path, data))
    except Undecodable:
        return False


def _complaints(path: str, data: bytes) -> list[str]:
    """What readers have to say against the content of a file."""
    if path.endswith(".py"):
        from lambdalint.code.python import decode_python, read_python

        found = read_python(Source(path, decode_python(data))).problem
        return [found.message] if found is not None else []
    text = decode(data)
    if path.endswith(tuple(discovery.JAVASCRIPT_SUFFIXES)):
        from lambdalint.code.javascript import read_javascript

        found = read_javascript(Source(path, text)).problem
        return [found.message] if found is not None else []
    return [problem.message for problem in read(Source(path, text)).problems]


def means_the_same(path: str, before: bytes, after: bytes) -> bool:
    """Whether two contents of a file differ in comments at the ends of lines alone, as far as readers can tell."""
    try:
        if path.endswith(".py"):
            from lambdalint.code.python import decode_python, read_python

            old, new = (read_python(Source(path, decode_python(data))) for data in (before, after))
            return bool(old == new)
        first, second = Source(path, decode(before)), Source(path, decode(after))
        if path.endswith(tuple(discovery.JAVASCRIPT_SUFFIXES)):
            from lambdalint.code.javascript import read_javascript

            return bool(read_javascript(first) == read_javascript(second))
        return bool(read(first).roots == read(second).roots)
    except Undecodable:
        return False
