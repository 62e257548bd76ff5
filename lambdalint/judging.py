"""Judges one part of a project: what has been read of it is linked, rules are asked about it, comments are heeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.finding import Finding, change
from lambdalint.project.model import (
    EventSource,
    Function,
    Handler,
    Layer,
    Project,
    SourceProblem,
    Suppression,
    Surroundings,
)
from lambdalint.reading import Progress, Reading, crash
from lambdalint.report import Crash, Read, Slow
from lambdalint.rule import Check, Rule, RuleContext
from lambdalint.scopes import Scopes
from lambdalint.source import Span
from lambdalint.suppression import Entry, Suppressions, meant
from lambdalint.synthesis import Placed
from lambdalint.templates.cloudformation import Resource
from lambdalint.watch import TooLong, Within

MAX_FINDINGS = 1_000
"""Findings of one rule about one thing; the others say nothing more and are left out."""
MAX_RULE_SECONDS = 120.0
"""After this time a rule is asked about nothing more in a part. What is worked out once counts for who asks first."""
MAX_SECONDS = 30.0
"""After this time a rule that is asked about one thing is ended, and asked about nothing more."""


class Standard(Struct, frozen=True):
    """What all parts of a project are judged by. ``every`` are all rules that there are, ``rules`` those that run."""

    every: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    scopes: Scopes
    today: date
    ignores: bool


class Judged(Struct, frozen=True, array_like=True):
    """A finding, and why its owner has silenced it: None where nobody has, empty where no reason is given."""

    placed: Placed
    silenced: str | None


class Outcome(Struct, frozen=True, array_like=True):
    """What came of a part: plain data, so that it can come from another process or an earlier run.

    ``marks`` are the comments and metadata by which findings are suppressed, ``templates`` and ``problems`` the files
    of such, ``modules`` the code files that were read. ``behind`` are the code files of the functions of an assembly,
    by its folder. ``linked`` are the callables that are handlers of functions, by module and index, ``named`` the files
    that they are named in.
    """

    judged: tuple[Judged, ...]
    marks: tuple[Entry, ...]
    notes: dict[str, str]
    passed_over: dict[str, str]
    unreadable: dict[str, str]
    crashes: tuple[Crash, ...]
    templates: tuple[str, ...]
    problems: tuple[str, ...]
    modules: tuple[str, ...]
    behind: dict[str, tuple[str, ...]]
    linked: tuple[tuple[str, int], ...]
    named: tuple[str, ...]
    slow: tuple[Slow, ...]
    read: Read


def outcome_of(
    reading: Reading,
    unnamed: Sequence[str],
    around: Surroundings,
    standard: Standard,
    progress: Progress | None = None,
) -> Outcome:
    """Judges what has been read of a part, and the handlers in ``unnamed`` files. What fails is among its crashes.

    The reading is let go, and what it has read.
    """
    judged: list[Judged] = []
    marks: list[Entry] = []
    project: Project | None = None
    try:
        project = reading.linked(list(unnamed), around)
        judged, marks = _judged(project, standard, reading, progress)
    except Exception:
        reading.crashes.append(crash("lambdalint", _name_of(reading, unnamed)))
    sources = reading.sources
    found = Outcome(
        judged=tuple(judged),
        marks=tuple(marks),
        notes={**sources.notes, **reading.tree.notes},
        passed_over=sources.passed_over,
        unreadable=sources.unreadable,
        crashes=tuple(reading.crashes),
        templates=tuple(template.path for template in reading.templates),
        problems=tuple({problem.span.path for problem in (project.problems if project is not None else ())}),
        modules=tuple(module.path for module in (project.codebase.loaded() if project is not None else ())),
        behind=_behind_assemblies(project) if project is not None else {},
        linked=tuple((item.module.path, item.index) for item in _linked(project)),
        named=tuple({function.resolution.path for item in _linked(project) for function in item.functions}),
        slow=reading.clock.counted,
        read=reading.read,
    )
    if project is not None:
        project.let_go()
    reading.let_go()
    return found


def _linked(project: Project | None) -> list[Handler]:
    return [item for item in project.handlers if item.functions] if project is not None else []


def _name_of(reading: Reading, unnamed: Sequence[str]) -> str:
    """What a part is called where it fails."""
    return next((template.path for template in reading.templates), next(iter(unnamed), reading.root))


def _judged(
    project: Project, standard: Standard, reading: Reading, progress: Progress | None
) -> tuple[list[Judged], list[Entry]]:
    first = [rule for rule in standard.rules if not is_about_suppressions(rule)]
    suppressions = Suppressions(reading.sources.get, project, not standard.ignores)

    def ask(rules: Sequence[Rule]) -> list[Judged]:
        found = []
        for item in judge(project, rules, standard, reading, progress):
            placed = reading.synthesis.move(item)
            entry = suppressions.find(placed.finding, placed.origin, placed.callers)
            found.append(Judged(placed, entry.reason if entry is not None else None))
        return found

    found = ask(first)
    if len(first) == len(standard.rules):
        return found, []
    files = [template.path for template in project.templates]
    files.extend(module.facts.file for module in project.codebase.loaded())
    entries = suppressions.entries(path for path in files if path in reading.sources.marked)
    running = {rule.code for rule in standard.rules}
    ask(
        [
            rule
            for rule in meant(entries, standard.every)
            if rule.code not in running and not is_about_suppressions(rule)
        ]
    )
    return found, entries


def is_about_suppressions(rule: Rule) -> bool:
    """Whether a rule can be asked only when all others have been."""
    return rule.subject == Suppression.__name__


def _behind_assemblies(project: Project) -> dict[str, tuple[str, ...]]:
    """The code of the functions of assemblies; it is outside of them."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in project.assemblies:
        own = (item for item in project.handlers if any(part.template.assembly == folder for part in item.functions))
        found[folder] = tuple({module.facts.file for handler in own for module in handler.modules})
    return found


def judge(
    project: Project, rules: Sequence[Rule], standard: Standard, reading: Reading, progress: Progress | None = None
) -> Iterator[Finding]:
    """What the rules find. One that fails on something goes on with the next thing, up to some time."""
    notes = reading.sources.notes
    texts = _texts(project, reading)
    known: dict[tuple[str, tuple[str, ...]], Iterable[object]] = {}
    within = Within(MAX_SECONDS)
    for number, rule in enumerate(rules):
        if progress is not None:
            progress("rules", number, len(rules))
        if rule.needs and not any(word in text for text in texts for word in rule.needs):
            continue
        about = (rule.subject, rule.types)
        if about not in known:
            known[about] = subjects(project, rule)
        failed: Crash | None = None
        check: Check | None = None
        part = f"rule {rule.code} {rule.name}"
        spent = 0.0
        for subject in known[about]:
            begun = perf_counter()
            found: list[Finding] = []
            limit = MAX_RULE_SECONDS
            try:
                with within:
                    if check is None:
                        check = rule.function
                    arguments = (subject, _context(rule, standard, subject)) if rule.wants_context else (subject,)
                    for count, item in enumerate(check(*arguments)):
                        if count == MAX_FINDINGS:
                            notes[item.span.path] = f"more than {count:,} findings of {rule.code}; the rest is left out"
                            break
                        found.append(_complete(item, rule, subject))
            except TooLong:
                limit = MAX_SECONDS
            except Exception:
                failed = (
                    replace(failed, times=failed.times + 1) if failed is not None else crash(part, _describe(subject))
                )
            spent += perf_counter() - begun
            yield from found
            if spent > limit:
                notes["."] = f"{rule.code} took more than {limit:.0f} s; it was not asked about everything"
                break
        reading.clock.count([Slow(part, "", spent)])
        if failed is not None:
            reading.crashes.append(failed)


def _texts(project: Project, reading: Reading) -> list[str]:
    """The texts of a project's templates."""
    sources = (reading.sources.get(template.path) for template in project.templates)
    return [source.text for source in sources if source is not None]


def _context(rule: Rule, standard: Standard, subject: object) -> RuleContext:
    span = getattr(subject, "span", None)
    settings = standard.scopes.at(span.path) if isinstance(span, Span) else standard.scopes.root
    return RuleContext(standard.today, {**rule.options, **settings.rule_options.get(rule.name, {})})


def _describe(subject: object) -> str:
    span = getattr(subject, "span", None)
    place = f" in {span.path}" if isinstance(span, Span) else ""
    return f"{subject!r}{place}"


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
    message = item.message
    if not message.isprintable():  # names in templates may hold anything, line ends too
        message = "".join(letter if letter.isprintable() else "\ufffd" for letter in message)
    return change(
        item,
        message=message,
        code=rule.code,
        name=rule.name,
        severity=item.severity or rule.severity,
        confidence=item.confidence or rule.confidence,
        level=item.level or rule.level,
        function=function,
        resource=resource,
    )
