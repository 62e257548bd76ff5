"""Shows what runs found: the report, and what could not be read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lambdalint.files import from_here, from_top
from lambdalint.output import terminal

if TYPE_CHECKING:
    from lambdalint.finding import Finding
    from lambdalint.output.outcome import Outcome, Trouble
    from lambdalint.report import Report
    from lambdalint.rule import Rule
    from lambdalint.source import Source

_MAX_WARNINGS = 20


def merged(reports: Iterable[Report]) -> list[Finding]:
    """The findings of all projects, with paths relative to the working directory, sorted, each once."""
    found: dict[tuple[str, int, int, str, str], Finding] = {}
    for report in reports:
        for item in report.findings:
            item = _moved(item, report.root)
            key = (item.span.path, item.span.line, item.span.column, item.code, item.message)
            found.setdefault(key, item)
    return [found[key] for key in sorted(found)]


def _moved(item: Finding, root: str) -> Finding:
    """A finding with paths relative to the working directory instead of its project's root."""
    from lambdalint.finding import Edit, Fix, Related, change
    from lambdalint.source import Span

    def moved(span: Span) -> Span:
        path = from_here(os.path.join(root, span.path))
        return Span(path, span.line, span.column, span.end_line, span.end_column)

    related = tuple(Related(moved(part.span), part.label) for part in item.related)
    fix = item.fix
    if fix is not None:
        fix = Fix(fix.description, tuple(Edit(moved(edit.span), edit.text) for edit in fix.edits), fix.safe)
    return change(item, span=moved(item.span), related=related, fix=fix)


def print_report(
    findings: list[Finding],
    reports: Sequence[Report],
    options: argparse.Namespace,
    is_whole: bool,
    plugins: tuple[str, ...],
) -> bool:
    """Writes the report; gives whether that went well."""
    from lambdalint.output.formats import FORMATS, render
    from lambdalint.output.outcome import Outcome
    from lambdalint.output.text import severities, summary

    chosen = FORMATS[options.format]
    if not reports and not chosen.is_data:
        return True
    outcome = Outcome(
        findings,
        silenced=_silenced(reports),
        hidden=sum(report.hidden for report in reports),
        checked=sum(report.checked for report in reports),
        statistics=options.statistics,
        troubles=_troubles(reports),
        is_whole=is_whole,
        source=lambda path: _source(path, reports),
        rules=lambda: _every_rule(plugins),
        from_top=from_top([report.root for report in reports]),
        style=terminal.style(options.color if not options.output_file else "never"),
        columns=terminal.columns(),
    )
    last = summary(severities(findings), outcome.suppressed, outcome.hidden)
    lines: Iterable[str]
    if options.statistics and options.format != "json":
        from lambdalint.output.text import statistics

        lines = (f"{count:>5}  {code}  {name}" for count, code, name in statistics(findings))
    else:
        lines = render(options.format, outcome)
    is_well = True
    if options.output_file:
        from lambdalint.output.files import replace

        try:
            replace(options.output_file, lines)
        except (OSError, ValueError) as error:  # a null byte is none of the first
            reason = getattr(error, "strerror", None) or error
            terminal.say(f"error: {options.output_file}: cannot be written: {reason}")
            is_well = False
    else:
        terminal.write(lines)
    if options.format == "github":
        is_well = _add_job_summary(outcome) and is_well
    if options.format == "full" and not options.statistics and not options.output_file:
        terminal.write([last] if not options.quiet else [])
    elif not chosen.is_data or options.output_file:
        is_seen = bool(findings) or terminal.is_terminal(sys.stdout)
        terminal.say(last, not options.quiet and is_seen, "")
    return is_well


def _add_job_summary(outcome: Outcome) -> bool:
    from lambdalint.output.job_summary import VARIABLE, add

    path = os.environ.get(VARIABLE)
    try:
        if path:
            add(path, outcome)
    except OSError as error:
        terminal.say(f"error: {path}: cannot be written: {error.strerror or error}")
        return False
    return True


def _every_rule(plugins: tuple[str, ...]) -> Sequence[Rule]:
    from lambdalint.engine import all_rules

    return all_rules(plugins)


def _silenced(reports: Sequence[Report]) -> list[tuple[Finding, str]]:
    return [(_moved(item, report.root), reason) for report in reports for item, reason in report.silenced]


def _troubles(reports: Sequence[Report]) -> list[Trouble]:
    """What could not be read and what failed, for formats that tell of it."""
    from lambdalint.finding import Severity
    from lambdalint.output.outcome import Trouble

    found = []
    for report in reports:
        for path, reason in report.unreadable:
            found.append(
                Trouble(from_here(os.path.join(report.root, path)), f"cannot be read: {reason}", Severity.ERROR)
            )
        for path, note in report.notes:
            found.append(Trouble(from_here(os.path.join(report.root, path)), note, Severity.WARNING))
        for crash in report.crashes:
            found.append(Trouble("", f"{crash.part} failed on {crash.subject} ({crash.error})", Severity.ERROR))
    return found


def print_troubles(report: Report, options: argparse.Namespace) -> bool:
    """Says what could not be read and which rules failed; gives whether there was nothing of that kind."""
    warnings = [f"warning: {from_here(os.path.join(report.root, path))}: {note}" for path, note in report.notes]
    shown = len(warnings) if options.verbose else _MAX_WARNINGS
    if len(warnings) > shown:
        warnings[shown:] = [f"warning: {len(warnings) - shown} more files were passed over; --verbose lists them"]
    for warning in warnings:
        terminal.say(warning, not options.quiet)
    for path, reason in report.passed_over:
        terminal.say(f"note: {from_here(os.path.join(report.root, path))}: {reason}", options.verbose)
    for slow in report.slow:
        of = f" on {from_here(os.path.join(report.root, slow.path))}" if slow.path else ""
        terminal.say(f"note: {slow.part} took {slow.seconds:.1f} s{of}", options.verbose)
    for path, reason in report.unreadable:
        terminal.say(f"error: {from_here(os.path.join(report.root, path))}: cannot be read: {reason}")
    for crash in report.crashes:
        times = f" and {crash.times - 1} more" if crash.times > 1 else ""
        terminal.say(f"error: {crash.part} failed on {crash.subject}{times} ({crash.error})")
        terminal.say(
            "  This is a bug, not a fault of your project: please report it with the trace that --verbose shows."
        )
        terminal.say(crash.trace, options.verbose)
    return not report.unreadable and not report.crashes


def _source(path: str, reports: Sequence[Report]) -> Source | None:
    """The source of a path as it is shown."""
    whole = os.path.normpath(os.path.join(os.path.realpath(os.getcwd()), path))
    for report in reports:
        relative = os.path.relpath(whole, report.root).replace(os.sep, "/")
        if not relative.startswith("../"):
            return report.sources.get(relative)
    return None
