"""The command line. Exit status: 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lambdalint.arguments import command_parser, parser, wants_json
from lambdalint.output import terminal

if TYPE_CHECKING:
    from lambdalint.engine import Report
    from lambdalint.finding import Finding
    from lambdalint.rule import Rule
    from lambdalint.settings import Settings
    from lambdalint.source import Source

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
_MAX_WARNINGS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs lambdalint; gives the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        terminal.prepare()
        if words and words[0] in _COMMANDS:
            return _COMMANDS[words[0]](words[1:])
        return _lint(parser().parse_args(words))
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:  # argparse, after --help, --version or wrong usage
        status = stop.code if isinstance(stop.code, int) else FAILED
    except _CannotRun as failure:
        for message in failure.messages:
            terminal.say(f"error: {message}")
        status = FAILED
    except Exception as error:
        terminal.say(
            f"error: lambdalint failed ({type(error).__name__}: {error}); please report this bug with the trace below"
        )
        import traceback

        terminal.say(traceback.format_exc())
        status = FAILED
    if status == FAILED and wants_json(words):
        _print_json_failure(words)
    return status


class _CannotRun(Exception):
    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


# --- lint ---------------------------------------------------------------------------------------------------------


def _lint(options: argparse.Namespace) -> int:
    from lambdalint.discovery import find_root
    from lambdalint.engine import check

    paths = options.paths or ["."]
    if paths[0] in _COMMANDS:
        raise _CannotRun(f"`{paths[0]}` is a command and comes first; for a path, write ./{paths[0]}")
    is_whole = True
    roots: dict[str, list[str]] = {}
    for path in paths:
        wrong = _unusable(path)
        if wrong:
            terminal.say(f"error: {path}: {wrong}")
            is_whole = False
        else:
            roots.setdefault(find_root(path), []).append(os.path.realpath(path))
    settings = {root: _settings(root, options) for root in roots}
    reports = []
    for root, shown in roots.items():
        terminal.say(f"project {root}", options.verbose)
        reports.append(check(root, shown, settings[root], settings[root].today or date.today()))
    for report in reports:
        is_whole &= _print_troubles(report, options)
    if is_whole and sum(len(report.barren) for report in reports) == len(paths):
        terminal.say(f"warning: no template and no code to check in {', '.join(paths)}", not options.quiet)
    _print_report(_merged(reports), reports, options)
    if not is_whole:
        return FAILED
    failing = any(
        item.severity is not None and item.severity.rank <= settings[report.root].fail_on.rank
        for report in reports
        for item in report.findings
    )
    return FINDINGS if failing and not options.exit_zero else CLEAN


def _unusable(path: str) -> str:
    try:
        if not os.path.exists(path):
            return "no such file or folder"
        if not os.path.isfile(path) and not os.path.isdir(path):
            return "neither a file nor a folder"
    except ValueError:  # a null byte
        return "no such file or folder"
    return ""


def _settings(root: str, options: argparse.Namespace) -> Settings:
    """The settings of a project: those of the command line before those of its file."""
    from msgspec.structs import replace

    from lambdalint.engine import all_rules
    from lambdalint.finding import Level, Severity
    from lambdalint.settings import Settings, SettingsError, find_file, load

    rules = all_rules(())
    settings = Settings()
    path = None if options.isolated else find_file(root)
    if path is not None:
        shown = _from_here(path)
        try:
            settings, warnings = load(path, shown, all_rules)
        except SettingsError as error:
            raise _CannotRun(*error.problems) from error
        for warning in warnings:
            terminal.say(f"warning: {warning}", not options.quiet)
        terminal.say(f"settings {shown}", options.verbose)
    select, extend_select, ignore = (
        _selectors(getattr(options, name), name, rules, options.quiet) for name in ("select", "extend_select", "ignore")
    )
    if select:
        settings = replace(settings, select=(), extend_select=(), ignore=())
    kept = tuple(item for item in settings.ignore if item not in extend_select)
    return replace(
        settings,
        select=select or settings.select,
        extend_select=settings.extend_select + extend_select,
        ignore=kept + ignore,
        level=Level(options.level) if options.level else settings.level,
        fail_on=Severity(options.fail_on) if options.fail_on else settings.fail_on,
        today=options.today or settings.today,
    )


def _selectors(values: Sequence[str] | None, name: str, rules: Sequence[Rule], quiet: bool) -> tuple[str, ...]:
    from lambdalint.settings import check_selector, nearest_rule

    found = tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())
    if values and not found:
        raise _CannotRun(f"--{name.replace('_', '-')}: no rule is named")
    for item in found:
        wrong = check_selector(item, rules)
        if wrong is not None and wrong.is_error:
            raise _CannotRun(f"--{name.replace('_', '-')}: {wrong.message}")
        if wrong is not None:
            terminal.say(f"warning: --{name.replace('_', '-')}: {wrong.message}", not quiet)
        elif name != "ignore" and _is_code_of_none(item, rules):
            terminal.say(f"warning: --{name.replace('_', '-')}: no rule `{item}`{nearest_rule(item, rules)}", not quiet)
    return found


def _is_code_of_none(selector: str, rules: Sequence[Rule]) -> bool:
    """Whether a selector is a whole code that no rule of this version has, so that it selects nothing."""
    return selector[-3:].isdigit() and not any(rule.code.startswith(selector.upper()) for rule in rules)


def _merged(reports: Iterable[Report]) -> list[Finding]:
    """The findings of all projects, with paths relative to the working directory, sorted, each once."""
    from lambdalint.finding import Related, change
    from lambdalint.source import Span

    found: dict[tuple[str, int, int, str, str], Finding] = {}
    for report in reports:

        def moved(span: Span, root: str = report.root) -> Span:
            path = _from_here(os.path.join(root, span.path))
            return Span(path, span.line, span.column, span.end_line, span.end_column)

        for item in report.findings:
            related = tuple(Related(moved(part.span), part.label) for part in item.related)
            item = change(item, span=moved(item.span), related=related)
            key = (item.span.path, item.span.line, item.span.column, item.code, item.message)
            found.setdefault(key, item)
    return [found[key] for key in sorted(found)]


def _from_here(path: str) -> str:
    """A path relative to the working directory, with slashes."""
    try:
        return os.path.relpath(path, os.path.realpath(os.getcwd())).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


# --- output -------------------------------------------------------------------------------------------------------


def _print_report(findings: list[Finding], reports: Sequence[Report], options: argparse.Namespace) -> None:
    from lambdalint.output.text import severities, statistics, summary

    counts = severities(findings)
    suppressed = sum(report.suppressed for report in reports)
    hidden = sum(report.hidden for report in reports)
    if options.format == "json":
        from lambdalint.output.json_report import json_report

        checked = sum(report.checked for report in reports)
        by_rule = statistics(findings) if options.statistics else None
        terminal.write([json_report(findings, suppressed, hidden, checked, by_rule)])
        return
    if not reports:
        return
    style = terminal.style(options.color)
    last = summary(counts, suppressed, hidden)
    if options.statistics:
        terminal.write(f"{count:>5}  {code}  {name}" for count, code, name in statistics(findings))
    elif options.format == "full":
        from lambdalint.output.full import full

        terminal.write(full(findings, lambda path: _source(path, reports), style, terminal.columns()))
        terminal.write([last] if not options.quiet else [])
        return
    else:
        from lambdalint.output.concise import concise

        terminal.write(concise(findings, style))
    terminal.say(last, not options.quiet and (bool(findings) or terminal.is_terminal(sys.stdout)), "")


def _print_json_failure(words: Sequence[str]) -> None:
    """What stands on standard output where nothing could be run: valid JSON all the same."""
    from lambdalint.output.json_report import json_report

    if words and words[0] == "rule":
        terminal.write(["null"])
    elif words and words[0] == "rules":
        terminal.write(["[]"])
    else:
        terminal.write([json_report([])])


def _print_troubles(report: Report, options: argparse.Namespace) -> bool:
    """Says what could not be read and which rules failed; gives whether there was nothing of that kind."""
    warnings = [f"warning: {_from_here(os.path.join(report.root, path))}: {note}" for path, note in report.notes]
    shown = len(warnings) if options.verbose else _MAX_WARNINGS
    if len(warnings) > shown:
        warnings[shown:] = [f"warning: {len(warnings) - shown} more files were passed over; --verbose lists them"]
    for warning in warnings:
        terminal.say(warning, not options.quiet)
    for path, reason in report.passed_over:
        terminal.say(f"note: {_from_here(os.path.join(report.root, path))}: {reason}", options.verbose)
    for path, reason in report.unreadable:
        terminal.say(f"error: {_from_here(os.path.join(report.root, path))}: cannot be read: {reason}")
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


# --- other commands -----------------------------------------------------------------------------------------------


def _rule(words: Sequence[str]) -> int:
    from lambdalint.engine import all_rules
    from lambdalint.settings import nearest_rule

    accepted = command_parser("rule", "Explains a rule.")
    accepted.add_argument("rule", metavar="CODE|NAME")
    options = accepted.parse_args(words)
    rules = all_rules(())
    for rule in rules:
        if options.rule.upper() == rule.code or options.rule.lower() == rule.name:
            break
    else:
        raise _CannotRun(f"there is no rule `{options.rule}`{nearest_rule(options.rule, rules)}")
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rule_data

        terminal.write([json.dumps(rule_data(rule), indent=2)])
    else:
        from lambdalint.output.rule_page import rule_page

        terminal.write(rule_page(rule, terminal.style(options.color)))
    return CLEAN


def _rules(words: Sequence[str]) -> int:
    from lambdalint.engine import all_rules

    options = command_parser("rules", "Lists all rules.").parse_args(words)
    rules = all_rules(())
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rules_data

        terminal.write([json.dumps(rules_data(rules), indent=2)])
    else:
        from lambdalint.output.rule_page import rule_list

        terminal.write(rule_list(rules, terminal.style(options.color)))
    return CLEAN


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"rule": _rule, "rules": _rules}


if __name__ == "__main__":
    sys.exit(main())
