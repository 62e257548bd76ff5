"""Runs: sources to readers to project to rules to findings. It knows no single rule."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lambdalint import discovery
from lambdalint.code.facts import Module
from lambdalint.finding import Edit, Finding, Fix, Related, change
from lambdalint.project.build import build
from lambdalint.project.codebase import Codebase
from lambdalint.project.model import EventSource, Function, Handler, Layer, Project, SourceProblem
from lambdalint.project.tree import Tree
from lambdalint.rule import Rule, RuleContext, load_pack
from lambdalint.settings import Settings
from lambdalint.source import Problem, Source, Span, Undecodable, decode
from lambdalint.suppression import Suppressions
from lambdalint.templates.cloudformation import Resource, Template, templates_in
from lambdalint.templates.document import locate, read

MAX_CODE_BYTES = 5_000_000


class RuleCrash(NamedTuple):
    """A rule that failed: its name, what it was asked about, and what happened."""

    rule: str
    subject: str
    trace: str


class Report(NamedTuple):
    """What a run found in one project."""

    root: str
    findings: tuple[Finding, ...]
    suppressed: int
    hidden: int
    crashes: tuple[RuleCrash, ...]
    notes: tuple[str, ...]
    sources: Sources
    checked: int


class Sources:
    """Reads each file once, and keeps what later output needs of it."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.notes: list[str] = []
        self._texts: dict[str, Source | None] = {}

    def data(self, path: str) -> bytes | None:
        """The bytes of a file; None, with a note, where it can't be read."""
        try:
            with open(os.path.join(self.root, *path.split("/")), "rb") as file:
                return file.read()
        except OSError as error:
            self.notes.append(f"{path}: cannot be read: {error.strerror or error}")
            return None

    def get(self, path: str) -> Source | None:
        """A source by its path, for output; None where there is none."""
        if path not in self._texts:
            data = self.data(path)
            try:
                self._texts[path] = Source(path, decode(data)) if data is not None else None
            except Undecodable:
                self._texts[path] = None
        return self._texts[path]

    def keep(self, source: Source) -> None:
        """Keeps a source that has been read."""
        self._texts[source.path] = source


class Reading:
    """One project while it is read."""

    def __init__(self, root: str, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.sources = Sources(root)
        self.files = discovery.discover(root, settings.excluded)
        self.problems: list[SourceProblem] = []
        self.templates: list[Template] = []

    def read_templates(self) -> None:
        """Reads the files that are templates."""
        for path in self.files.templates:
            size = os.path.getsize(os.path.join(self.root, *path.split("/"))) if path else 0
            if size > discovery.MAX_TEMPLATE_BYTES:
                continue
            data = self.sources.data(path)
            if data is None or not discovery.may_be_template(data):
                continue
            self._read_template(path, data)

    def _read_template(self, path: str, data: bytes) -> None:
        try:
            source = Source(path, decode(data))
        except Undecodable as error:
            before = data[: error.offset]
            line = before.count(b"\n") + 1
            column = error.offset - (before.rfind(b"\n") + 1) + 1
            problem = Problem(error.reason, Span(path, line, column, line, column))
            self.problems.append(SourceProblem(problem, "template"))
            return
        document = read(source)
        filled_in = discovery.is_text_template(data, path)
        if document.fatal and filled_in:
            return
        found = templates_in(document)
        if document.fatal or found:
            self.sources.keep(source)
        if document.fatal:
            self.problems.extend(SourceProblem(problem, "template") for problem in document.problems[:1])
        elif found:
            self.problems.extend(SourceProblem(problem, "template") for problem in document.problems)
        self.templates.extend(found)

    def load_module(self, path: str) -> Module | None:
        """Reads a code file."""
        data = self.sources.data(path)
        if data is None or len(data) > MAX_CODE_BYTES:
            return None
        try:
            source = Source(path, decode(data))
        except Undecodable:
            return None
        from lambdalint.code.python import read_python

        return read_python(source)

    def inline_module(self, function: Function) -> Module | None:
        """Reads code that a template gives inline."""
        from lambdalint.templates.inline import inline_code

        code = inline_code(function.resource, self.sources.get(function.template.path))
        languages = function.languages
        if code is None or languages != {"python"}:
            return None
        from lambdalint.code.python import read_python

        path = f"{function.template.path}#{function.name}"
        return read_python(Source(path, code.text), place=code.place, substituted=code.substituted)

    def unnamed_candidates(self) -> list[str]:
        """Code files that may hold a handler which no template names."""
        found = []
        for path in self.files.code:
            if discovery.is_test(path):
                continue
            data = self.sources.data(path)
            if data is not None and len(data) <= MAX_CODE_BYTES and discovery.may_hold_handler(data):
                found.append(path)
        return found

    def project(self) -> Project:
        """The linked project."""
        self.read_templates()
        codebase = Codebase(self.files.code, self.load_module)
        tree = Tree(self.root, self.files.is_left_out)
        project = build(tree, codebase, self.templates, self.inline_module, self.unnamed_candidates())
        project.problems.extend(self.problems)
        for function in project.functions:
            self._note_unreadable(project, function)
        return project

    def _note_unreadable(self, project: Project, function: Function) -> None:
        if function.resolution.status != "unreadable":
            return
        module = project.codebase.get(function.resolution.path)
        problem = module.facts.problem if module is not None else None
        if module is None or problem is None:
            return
        if any(str(item.value) == "python2.7" for item in function.runtimes):
            return
        complete = Problem(problem.message, module.at(problem.span))
        item = SourceProblem(complete, "handler")
        if item not in project.problems:
            project.problems.append(item)


def check(root: str, shown: Sequence[str], settings: Settings, today: date) -> Report:
    """Checks the project under a root. Findings outside of ``shown`` (absolute paths) are left out."""
    collecting = gc.isenabled()
    gc.disable()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 5_000))
    try:
        return _check(root, shown, settings, today)
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _check(root: str, shown: Sequence[str], settings: Settings, today: date) -> Report:
    reading = Reading(root, settings)
    project = reading.project()
    rules = settings.active(all_rules(settings.plugins))
    found: list[Finding] = []
    crashes: list[RuleCrash] = []
    for rule in rules:
        context = RuleContext(today, {**rule.options, **settings.rule_options.get(rule.name, {})})
        for subject in subjects(project, rule):
            try:
                arguments = (subject, context) if rule.wants_context else (subject,)
                for item in rule.check(*arguments):
                    found.append(_complete(item, rule, subject))
            except Exception:
                crashes.append(RuleCrash(f"{rule.code} {rule.name}", repr(subject), traceback.format_exc()))
                break
    found = [_located(item, reading.sources) for item in found]
    found = _once_a_place(found)
    relative = [os.path.relpath(path, root).replace(os.sep, "/") for path in shown]
    found = [item for item in found if _is_shown(item.span.path, relative)]
    levels = {rule.code: rule.level for rule in rules}
    levelled = [item for item in found if settings.shows(item, levels[item.code])]
    suppressions = Suppressions(reading.sources.get, project)
    kept = [item for item in levelled if not suppressions.covers(item)]
    return Report(
        root,
        tuple(sorted(kept, key=_order)),
        len(levelled) - len(kept),
        len(found) - len(levelled),
        tuple(crashes),
        tuple(reading.sources.notes),
        reading.sources,
        len(project.templates) + sum(1 for _ in project.codebase.loaded()),
    )


def all_rules(plugins: Iterable[str]) -> list[Rule]:
    """The rules of the built-in pack and of others, by code."""
    found: dict[str, Rule] = {}
    for package in ("lambdalint_rules", *plugins):
        for rule in load_pack(package):
            found[rule.code] = rule
    return [found[code] for code in sorted(found)]


def subjects(project: Project, rule: Rule) -> Iterable[object]:
    """The things of a project that a rule is asked about."""
    kind = rule.subject
    if kind == "Project":
        return [project]
    if kind == "Function":
        return [function for function in project.functions if not function.is_cdk_own]
    if kind == "Handler":
        return project.handlers
    if kind == "EventSource":
        return project.event_sources
    if kind == "Layer":
        return project.layers
    if kind == "Template":
        return project.templates
    if kind == "Resource":
        return [
            resource
            for template in project.templates
            for resource in template.resources.values()
            if not rule.types or resource.type in rule.types
        ]
    if kind == "SourceProblem":
        return project.problems
    raise TypeError(f"{rule.code}: a rule can't be about {kind!r}")


def _complete(item: Finding, rule: Rule, subject: object) -> Finding:
    function, resource = item.function, item.resource
    if isinstance(subject, Function):
        function, resource = function or subject.name, resource or subject.name
    elif isinstance(subject, Handler):
        name = subject.functions[0].name if subject.functions else subject.name
        function, resource = function or name, resource or (subject.functions[0].name if subject.functions else "")
    elif isinstance(subject, EventSource):
        function, resource = function or subject.function.name, resource or subject.trigger.resource
    elif isinstance(subject, Resource):
        resource = resource or subject.logical_id
    elif isinstance(subject, Layer):
        resource = resource or subject.name
    return change(
        item,
        code=rule.code,
        name=rule.name,
        severity=item.severity or rule.severity,
        confidence=item.confidence or rule.confidence,
        level=item.level or rule.level,
        function=function,
        resource=resource,
    )


def _located(item: Finding, sources: Sources) -> Finding:
    """The finding with its symbolic places looked up in the text."""
    edits = item.fix.edits if item.fix is not None else ()
    others = [*(part.span for part in item.related), *(edit.span for edit in edits)]
    if item.span.line and all(span.line for span in others):
        return item
    related = tuple(Related(_lookup(part.span, sources), part.label) for part in item.related)
    fix = item.fix
    if fix is not None:
        fix = Fix(fix.description, tuple(Edit(_lookup(edit.span, sources), edit.text) for edit in edits), fix.safe)
    return change(item, span=_lookup(item.span, sources), related=related, fix=fix)


def _lookup(span: Span, sources: Sources) -> Span:
    if span.line:
        return span
    source = sources.get(span.path)
    return locate(source, span.pointer) if source is not None else Span(span.path, 1, 1, 1, 1)


def _once_a_place(found: list[Finding]) -> list[Finding]:
    """One finding of a rule at a place; the functions that share it are counted in the message."""
    kept: dict[tuple[str, Span], list[Finding]] = {}
    for item in found:
        kept.setdefault((item.code, item.span), []).append(item)
    result: list[Finding] = []
    for group in kept.values():
        first = group[0]
        others = {item.function for item in group if item.function} - {first.function}
        if others and any(item.message != first.message for item in group):
            count = len(others)
            first = change(first, message=f"{first.message} (and {count} more function{'s' if count > 1 else ''})")
        result.append(first)
    return result


def _is_shown(path: str, shown: Sequence[str]) -> bool:
    return any(item == "." or path == item or path.startswith(item + "/") for item in shown)


def _order(item: Finding) -> tuple[str, int, int, str, str]:
    return (item.span.path, item.span.line, item.span.column, item.code, item.message)
