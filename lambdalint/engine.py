"""Runs: sources to readers to project to rules to findings. It knows no single rule."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from time import perf_counter
from typing import NamedTuple

from lambdalint import discovery
from lambdalint.clock import Clock
from lambdalint.code.facts import Module, unreadable
from lambdalint.finding import Edit, Finding, Fix, Related, change
from lambdalint.project.build import build
from lambdalint.project.codebase import Codebase
from lambdalint.project.model import EventSource, Function, Handler, Layer, Project, SourceProblem, Suppression
from lambdalint.project.tree import Tree
from lambdalint.report import Crash, Read, Report
from lambdalint.rule import Rule, RuleContext, load_pack
from lambdalint.scopes import Nested, Scopes
from lambdalint.settings import FILE, SHARED_FILE, Settings, SettingsError
from lambdalint.source import Problem, Source, Span, Undecodable, decode
from lambdalint.suppression import Suppressions, judged, meant
from lambdalint.synthesis import Placed, Synthesis
from lambdalint.templates.cloudformation import Resource, Template, templates_in
from lambdalint.templates.document import locate, read

MAX_CODE_BYTES = 2_000_000
"""Nobody writes a larger module; it is not read."""
MAX_MANIFEST_BYTES = 200_000
MAX_RESOURCES = 5_000
"""CloudFormation takes 500; a template with more than this is not read."""
MAX_FINDINGS = 1_000
"""Findings of one rule about one thing; the others say nothing more and are left out."""
MAX_RULE_SECONDS = 60.0
"""After this time a rule is asked about nothing more."""
MAX_OTHERS = 5
_OLD_RUNTIMES = ("python2.7", "python3.6")
_PYTHON_2_COMPLAINTS = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)
Progress = Callable[[str, int, int], None]
"""Is told what is going on, how many of it are done, and of how many (0: that is not known)."""
_TOO_NEW = "not read: nested too deeply, or newer than the Python that runs lambdalint ({}.{})"


def crash(part: str, subject: str) -> Crash:
    """The crash that is being handled."""
    import traceback

    error = sys.exc_info()[1]
    return Crash(part, subject, f"{type(error).__name__}: {error}", traceback.format_exc())


class Sources:
    """Reads the files of a project, and keeps what later output needs of them."""

    def __init__(self, root: str, overlay: Mapping[str, bytes] | None = None, progress: Progress | None = None) -> None:
        self.root = root
        self.overlay = overlay or {}
        self.opened: set[str] = set()
        self._progress = progress
        self.unreadable: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}
        self._texts: dict[str, Source | None] = {}

    def data(self, path: str, limit: int = MAX_CODE_BYTES) -> bytes | None:
        """The bytes of a file; None where it can't be read, which is noted, or is larger than ``limit``."""
        self.opened.add(path)
        if self._progress is not None:
            self._progress("files", len(self.opened), 0)
        laid_over = self.overlay.get(path)
        if laid_over is not None:
            return laid_over if len(laid_over) <= limit else None
        try:
            with open(os.path.join(self.root, *path.split("/")), "rb", opener=_open_regular) as file:
                return file.read() if os.fstat(file.fileno()).st_size <= limit else None
        except (OSError, ValueError) as error:
            self.unreadable[path] = getattr(error, "strerror", None) or str(error)
            return None

    def get(self, path: str) -> Source | None:
        """A source by its path, for output; None where there is none."""
        if path not in self._texts:
            is_there = path in self.overlay or os.path.isfile(os.path.join(self.root, *path.split("/")))
            data = self.data(path) if is_there else None
            self._texts[path] = Source(path, _decode_somehow(data, path)) if data is not None else None
        return self._texts[path]

    def keep(self, source: Source) -> None:
        """Keeps a source that has been read."""
        self._texts[source.path] = source


def _decode_somehow(data: bytes, path: str) -> str:
    """Text to show; what can't be decoded is replaced."""
    try:
        if path.endswith(".py"):
            from lambdalint.code.python import decode_python

            return decode_python(data)
        return decode(data)
    except Undecodable:
        return data.decode("utf-8", "replace")


def _open_regular(path: str, flags: int) -> int:
    """Opens a file without waiting where it is a pipe after all."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class Reading:
    """One project while it is read."""

    def __init__(
        self,
        root: str,
        settings: Settings,
        named: Sequence[str] = (),
        overlay: Mapping[str, bytes] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self.sources = Sources(root, overlay, progress)
        self.files = discovery.discover(root, settings.excluded, named)
        self.sources.unreadable.update(self.files.unreadable)
        self.sources.notes.update(self.files.irregular)
        if not self.files.is_complete:
            self.sources.notes["."] = f"has more than {discovery.MAX_FILES:,} files; the rest is not read"
        self.tree = Tree(root, self.files.is_left_out, overlay)
        self.synthesis = Synthesis(self.tree, self.files, self.sources.data, self.sources.get)
        self.problems: list[SourceProblem] = []
        self.templates: list[Template] = []
        self.crashes: list[Crash] = []
        self.clock = Clock()

    def read_templates(self) -> None:
        """Reads the files that are templates, and those that CDK has synthesised."""
        for path in self.files.templates:
            self.templates.extend(self._read_safely(path))
        for folder in self.files.assemblies:
            try:
                self.templates.extend(self.synthesis.read(folder, self._read_safely))
            except Exception:
                self.crashes.append(crash("the reader of CDK assemblies", folder))
        self.sources.notes.update(self.synthesis.notes)

    def _read_safely(self, path: str) -> list[Template]:
        try:
            return self.clock.timed("the reader of templates", self._read_template)(path)
        except Exception:
            self.crashes.append(crash("the reader of templates", path))
            return []

    def _read_template(self, path: str) -> list[Template]:
        data = self.sources.data(path, discovery.MAX_TEMPLATE_BYTES)
        if data is None:
            self._note_large(path, discovery.MAX_TEMPLATE_BYTES)
            return []
        if not discovery.may_be_template(data):
            return []
        try:
            source = Source(path, decode(data))
        except Undecodable as error:
            line, column = error.position(data)
            self._note_broken(path, data, (Problem(error.reason, Span(path, line, column, line, column)),))
            return []
        document = read(source)
        found = templates_in(document)
        if document.fatal:
            self.sources.keep(source)
            self._note_broken(path, data, document.problems[:1])
        elif any(len(template.resources) > MAX_RESOURCES for template in found):
            self.sources.notes[path] = f"has more than {MAX_RESOURCES:,} resources; not read"
            return []
        elif found:
            self.sources.keep(source)
            if not discovery.is_text_template(data, path):
                self.problems.extend(SourceProblem(problem, "key") for problem in document.problems)
        return found

    def _note_broken(self, path: str, data: bytes, problems: tuple[Problem, ...]) -> None:
        if discovery.is_surely_template(data) and not discovery.is_text_template(data, path):
            self.problems.extend(SourceProblem(problem, "template") for problem in problems)

    def _note_large(self, path: str, limit: int) -> None:
        """Notes a file that is too large, if its beginning is a template's."""
        if path in self.sources.unreadable:
            return
        with open(os.path.join(self.root, *path.split("/")), "rb") as file:
            if discovery.may_be_template(file.read(200_000)):
                self.sources.notes[path] = f"larger than {limit // 1_000_000} MB; not read"

    def load_module(self, path: str) -> Module | None:
        """Reads a code file."""
        if not path.endswith(".py"):
            return self._load_javascript(path)
        from lambdalint.code.python import decode_python, read_python, unreadable_python

        data = self.sources.data(path)
        if data is None:
            if path not in self.sources.unreadable:
                self.sources.notes[path] = f"larger than {MAX_CODE_BYTES // 1_000_000} MB; not read"
            return None
        try:
            return read_python(Source(path, decode_python(data)))
        except Undecodable as error:
            return unreadable_python(path, data, error)
        except Exception:
            self.crashes.append(crash("the reader of Python", path))
            return None

    def _load_javascript(self, path: str) -> Module | None:
        from lambdalint.code.javascript import is_minified, read_javascript

        data = self.sources.data(path, self.settings.max_code_size)
        if data is None:
            if path not in self.sources.unreadable:
                self.sources.passed_over[path] = f"larger than {self.settings.max_code_size:,} bytes; not read"
            return None
        try:
            text = decode(data)
            if is_minified(text):
                self.sources.passed_over[path] = "minified; not read"
                return None
            return read_javascript(Source(path, text))
        except Undecodable as error:
            line, column = error.position(data)
            problem = Problem(error.reason, Span("", line, column, line, column))
            return unreadable(path, "javascript", problem)
        except Exception:
            self.crashes.append(crash("the reader of JavaScript", path))
            return None

    def _manifest(self, path: str) -> str:
        """A file that says how modules find each other."""
        return self.tree.text(path, MAX_MANIFEST_BYTES)

    def inline_module(self, function: Function) -> Module | None:
        """Reads code that a template gives inline."""
        from lambdalint.templates.inline import inline_code

        code = inline_code(function.resource, self.sources.get(function.template.path))
        languages = function.languages
        if code is None or len(languages) != 1 or not languages <= {"python", "nodejs"}:
            return None
        path = f"{function.template.path}#{function.name}"
        source = Source(path, code.text)
        try:
            if languages == {"python"}:
                from lambdalint.code.python import read_python

                module = read_python(source, place=code.place, substituted=code.substituted)
            else:
                from lambdalint.code.javascript import is_minified, read_javascript

                if is_minified(code.text):
                    self.sources.passed_over[function.template.path] = f"code of {function.name} is minified; not read"
                    return None
                module = read_javascript(source, place=code.place, substituted=code.substituted)
        except Exception:
            self.crashes.append(crash(f"the reader of {'Python' if languages == {'python'} else 'JavaScript'}", path))
            return None
        self._note_unreadable(module, function)
        return module

    def unnamed_candidates(self) -> list[str]:
        """Code files that may hold a handler which no template names."""
        found = []
        known = frozenset(self.files.code)
        for path in self.files.code:
            if discovery.is_test(path) or discovery.is_output(path) or discovery.is_compiled(path, known):
                continue
            limit = MAX_CODE_BYTES if path.endswith(".py") else self.settings.max_code_size
            data = self.sources.data(path, limit)
            if data is not None and discovery.may_hold_handler(data, path):
                found.append(path)
        return found

    def project(self) -> Project:
        """The linked project."""
        self.read_templates()
        load = self.clock.timed("the reader of code", self.load_module)
        codebase = Codebase(self.files.code, load, self._manifest)
        unnamed = self.unnamed_candidates()
        synthesis = self.synthesis
        project = build(
            self.tree,
            codebase,
            self.templates,
            self.inline_module,
            unnamed,
            synthesis.assemblies,
            synthesis.originals,
            self.sources.get,
        )
        self.sources.notes.update(synthesis.stale_notes())
        for function in project.functions:
            if function.resolution.status == "unreadable":
                module = codebase.get(function.resolution.path)
                if module is not None:
                    self._note_unreadable(module.facts, function)
        named = {function.resolution.path for function in project.functions}
        for path in unnamed:
            module = codebase.get(path)
            if path not in named and module is not None:
                self._note_unreadable(module.facts, None)
        project.problems.extend(self.problems)
        return project

    def _note_unreadable(self, module: Module, function: Function | None) -> None:
        """Notes a handler's module that can't be parsed. ``function`` is None where only its code tells a handler."""
        problem = module.problem
        if problem is None:
            if not module.blocks and module.language == "javascript":
                self.sources.notes[module.file] = "not read: nested too deeply"
            elif not module.blocks and module.path == module.file:
                self.sources.notes[module.file] = _TOO_NEW.format(*sys.version_info[:2])
            return
        runtimes = function.runtimes if function is not None else ()
        if any(str(item.value) in _OLD_RUNTIMES for item in runtimes):
            return
        if function is None and problem.message.startswith(_PYTHON_2_COMPLAINTS):
            return
        source = self.sources.get(module.file)
        if source is not None and discovery.is_placeholder(source.lines[module.at(problem.span).line - 1]):
            return
        complete = Problem(problem.message, module.at(problem.span))
        known = next((item for item in self.problems if item.problem == complete), None)
        if known is not None:
            self.problems.remove(known)
        names = (*(known.functions if known else ()), *((function.name,) if function else ()))
        self.problems.append(SourceProblem(complete, "handler", names))


def check(
    root: str,
    shown: Sequence[str],
    settings: Settings,
    today: date,
    overlay: Mapping[str, bytes] | None = None,
    progress: Progress | None = None,
    nested: Nested | None = None,
) -> Report:
    """Checks the project under a root. Findings outside of ``shown`` (absolute paths) are left out.

    ``overlay`` gives files, by their paths below the root, another content than they have on disk; ``nested`` the
    settings of folders that have their own, it may raise :class:`~lambdalint.settings.SettingsError`.
    """
    collecting = gc.isenabled()
    gc.disable()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 5_000))
    try:
        return _check(root, shown, settings, today, overlay, progress, nested)
    finally:
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
) -> Report:
    relative = [os.path.relpath(path, root).replace(os.sep, "/") for path in shown]
    reading = Reading(root, settings, relative, overlay, progress)
    sources = reading.sources
    scopes = Scopes(settings, nested, reading.files.settings)
    found: list[Merged] = []
    kept: list[Finding] = []
    silenced: list[tuple[Finding, str]] = []
    levelled: list[Merged] = []
    seen: set[str] = set()
    checked = 0
    crashes = reading.crashes
    try:
        project = reading.project()
        rules = scopes.active(all_rules(settings.plugins))
        relative.extend(_behind_assemblies(project, relative))
        judge = partial(_judge, project, scopes=scopes, today=today, reading=reading, progress=progress)
        first = [rule for rule in rules if rule.subject != Suppression.__name__]
        moved = [reading.synthesis.move(item) for item in judge(first)]
        suppressions = Suppressions(sources.get, project, not settings.ignores)
        found = _once_a_place(moved, suppressions)
        if len(first) < len(rules):
            files = [template.path for template in project.templates]
            files.extend(module.facts.file for module in project.codebase.loaded())
            entries = suppressions.entries(path for path in files if _is_shown(path, relative))
            every = all_rules(settings.plugins)
            others = [
                rule for rule in meant(entries, every) if rule not in rules and rule.subject != Suppression.__name__
            ]
            _once_a_place([reading.synthesis.move(item) for item in judge(others)], suppressions)
            project.suppressions = [judged(entry, every) for entry in entries]
            suppressions.by_name = True
            last = [rule for rule in rules if rule.subject == Suppression.__name__]
            found += _once_a_place([reading.synthesis.move(item) for item in judge(last)], suppressions)
        found = [item for item in found if any(_is_shown(path, relative) for path in item.paths)]
        by_code = {rule.code: rule for rule in rules}
        found = [
            item._replace(finding=scopes.at(item.finding.span.path).judged(item.finding))
            for item in found
            if scopes.wants(item.finding, by_code[item.finding.code])
        ]
        levelled = [
            item
            for item in found
            if scopes.at(item.finding.span.path).shows(item.finding, by_code[item.finding.code].level)
        ]
        kept = [_located(item.finding, sources) for item in levelled if item.silenced is None]
        silenced = [(_located(item.finding, sources), item.silenced) for item in levelled if item.silenced is not None]
        sources.notes.update(project.tree.notes)
        sources.notes.update(reading.synthesis.missing_notes(lambda path: _is_shown(path, relative)))
        seen.update(template.path for template in project.templates)
        seen.update(problem.span.path for problem in project.problems)
        seen.update(project.codebase.paths)
        checked = len(project.templates) + sum(1 for _ in project.codebase.loaded())
        for name in relative:
            if not any(_is_shown(item, [name]) for item in seen) and project.tree.is_ignored(name):
                sources.notes.setdefault(name, "left out, since git ignores it or the settings exclude it")
    except SettingsError:
        raise
    except Exception:
        crashes.append(crash("lambdalint", root))
    return Report(
        root=root,
        findings=tuple(sorted(kept, key=_order)),
        silenced=tuple(sorted(silenced, key=lambda item: _order(item[0]))),
        hidden=len(found) - len(levelled),
        crashes=tuple(crashes),
        unreadable=tuple(item for item in sorted(sources.unreadable.items()) if _is_shown(item[0], relative)),
        notes=tuple(item for item in sorted(sources.notes.items()) if _is_shown(item[0], relative)),
        passed_over=tuple(item for item in sorted(sources.passed_over.items()) if _is_shown(item[0], relative)),
        barren=tuple(path for path, name in zip(shown, relative) if not any(_is_shown(item, [name]) for item in seen)),
        sources=sources,
        checked=checked,
        read=Read(
            frozenset((*reading.files.folders, *reading.tree.listed)),
            frozenset((*sources.opened, *reading.tree.opened, *_settings_files(reading.files.settings))),
        ),
        slow=reading.clock.slow,
    )


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


def _judge(
    project: Project,
    rules: Sequence[Rule],
    scopes: Scopes,
    today: date,
    reading: Reading,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """What the rules find. One that fails on something goes on with the next thing, up to some time."""
    notes = reading.sources.notes
    for number, rule in enumerate(rules):
        if progress is not None:
            progress("rules", number, len(rules))
        failed: Crash | None = None
        for subject in subjects(project, rule):
            begun = perf_counter()
            try:
                arguments = (subject, _context(rule, scopes, subject, today)) if rule.wants_context else (subject,)
                for count, item in enumerate(rule.check(*arguments)):
                    if count == MAX_FINDINGS:
                        notes[item.span.path] = f"more than {count:,} findings of {rule.code}; the rest is left out"
                        break
                    yield _complete(item, rule, subject)
            except Exception:
                failed = (
                    failed._replace(times=failed.times + 1)
                    if failed is not None
                    else crash(f"rule {rule.code} {rule.name}", _describe(subject))
                )
            if reading.clock.add(f"rule {rule.code} {rule.name}", "", begun) > MAX_RULE_SECONDS:
                notes["."] = f"{rule.code} took more than {MAX_RULE_SECONDS:.0f} s; it was not asked about everything"
                break
        if failed is not None:
            reading.crashes.append(failed)


def _context(rule: Rule, scopes: Scopes, subject: object, today: date) -> RuleContext:
    span = getattr(subject, "span", None)
    settings = scopes.at(span.path) if isinstance(span, Span) else scopes.root
    return RuleContext(today, {**rule.options, **settings.rule_options.get(rule.name, {})})


def _describe(subject: object) -> str:
    span = getattr(subject, "span", None)
    place = f" in {span.path}" if isinstance(span, Span) else ""
    return f"{subject!r}{place}"


@lru_cache(maxsize=8)
def all_rules(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of the built-in pack and of others, by code."""
    found: dict[str, Rule] = {}
    for package in ("lambdalint_rules", *plugins):
        for rule in load_pack(package):
            found[rule.code] = rule
    return tuple(found[code] for code in sorted(found))


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
        return [source for source in project.event_sources if not source.function.is_cdk_own]
    if kind == "Layer":
        return [layer for layer in project.layers if not project.is_cdk_own(layer.resource)]
    if kind == "Template":
        return project.templates
    if kind == "Resource":
        return [
            resource
            for template in project.templates
            for resource in template.resources.values()
            if (not rule.types or resource.type in rule.types) and not project.is_cdk_own(resource)
        ]
    if kind == "SourceProblem":
        return project.problems
    if kind == "Suppression":
        return project.suppressions
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
    elif isinstance(subject, SourceProblem) and subject.functions:
        function, resource = subject.functions[0], subject.functions[0]
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


class Merged(NamedTuple):
    """What is reported at one place: the finding, the places it comes from, and why its owner has silenced it.

    ``silenced`` is None where nobody has, and empty where no reason is given.
    """

    finding: Finding
    paths: tuple[str, ...]
    silenced: str | None


def _once_a_place(found: list[Placed], suppressions: Suppressions) -> list[Merged]:
    """One finding of a rule at a place; the functions that share it are counted in the message.

    Findings that CDK constructs brought to one place from several ones stay apart unless they say the same of different
    functions, as where functions are made in a loop.
    """
    groups: dict[tuple[str, Span, str | None], list[_Alike]] = {}
    for item in found:
        entry = suppressions.find(item.finding, item.origin, item.callers)
        key = (item.finding.code, item.finding.span, entry.reason if entry is not None else None)
        alike = groups.setdefault(key, [])
        group = next((group for group in alike if group.takes(item)), None)
        if group is None:
            group = _Alike()
            alike.append(group)
        group.add(item)
    return [group.merged(key[2]) for key, alike in groups.items() for group in alike]


class _Alike:
    """Findings that become one."""

    def __init__(self) -> None:
        self.items: list[Placed] = []
        self._known: set[object] = set()
        self._functions: set[tuple[str, str]] = set()

    def takes(self, item: Placed) -> bool:
        """Whether a finding of the same rule at the same place belongs to them."""
        if item.origin in self._known or item.finding.message in self._known:
            return True
        return _function_of(item) not in self._functions and item.alike in self._known

    def add(self, item: Placed) -> None:
        """Adds a finding."""
        self.items.append(item)
        self._known.update((item.origin, item.finding.message, item.alike))
        self._functions.add(_function_of(item))

    def merged(self, silenced: str | None) -> Merged:
        """The one finding that they become."""
        first = self.items[0].finding
        others = {_function_of(item) for item in self.items if item.finding.function} - {_function_of(self.items[0])}
        if others and any(item.finding.message != first.message for item in self.items):
            moved = [item for item in self.items[1:] if item.origin != item.finding.span][:MAX_OTHERS]
            further = (Related((*item.callers, item.origin)[0], f"also {item.display}") for item in moved)
            message = f"{first.message} (and {len(others)} more function{'s' if len(others) > 1 else ''})"
            first = change(first, message=message, related=(*first.related, *further))
        paths = dict.fromkeys((first.span.path, *(item.origin.path for item in self.items)))
        return Merged(first, tuple(paths), silenced)


def _function_of(item: Placed) -> tuple[str, str]:
    return (item.origin.path, item.finding.function)


def _behind_assemblies(project: Project, shown: Sequence[str]) -> Iterator[str]:
    """The code of the functions of those assemblies that a run is asked to show; it is outside of them."""
    for folder, item in project.assemblies.items():
        if not any(item.holds(path) for path in shown):
            continue
        for handler in project.handlers:
            if any(function.template.assembly == folder for function in handler.functions):
                yield from (module.facts.file for module in handler.modules)


def _is_shown(path: str, shown: Sequence[str]) -> bool:
    return any(item == "." or path == item or path.startswith(item + "/") for item in shown)


def _order(item: Finding) -> tuple[str, int, int, str, str]:
    return (item.span.path, item.span.line, item.span.column, item.code, item.message)
