"""The command line. Exit status: 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

from lambdalint.arguments import command_parser, default_format, parser, run_options, stated
from lambdalint.files import from_here, from_top
from lambdalint.output import terminal

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lambdalint.adopting import Work
    from lambdalint.baseline import Key
    from lambdalint.cache import Cached
    from lambdalint.finding import Finding, Severity
    from lambdalint.output.outcome import Outcome, Trouble
    from lambdalint.output.progress import Progress
    from lambdalint.project_settings import Found
    from lambdalint.report import Report
    from lambdalint.rule import Rule
    from lambdalint.scopes import Nested
    from lambdalint.settings import Settings
    from lambdalint.source import Source

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
_MAX_WARNINGS = 20
_MAX_STALE = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs lambdalint; gives the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    reasons: tuple[str, ...] = ()
    try:
        terminal.prepare()
        if words and words[0] in _COMMANDS:
            return _COMMANDS[words[0]](words[1:])
        return _lint(run_options(words))
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:  # argparse, after --help, --version or wrong usage
        status = stop.code if isinstance(stop.code, int) else FAILED
    except _CannotRun as failure:
        reasons = failure.messages
        for message in reasons:
            terminal.say(f"error: {message}")
        status = FAILED
    except Exception as error:
        reasons = (f"lambdalint failed ({type(error).__name__}: {error})",)
        terminal.say(f"error: {reasons[0]}; please report this bug with the trace below")
        import traceback

        terminal.say(traceback.format_exc())
        status = FAILED
    if status == FAILED:
        _print_failure(words, reasons)
    return status


class _CannotRun(Exception):
    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


# --- lint ---------------------------------------------------------------------------------------------------------


def _lint(options: argparse.Namespace) -> int:
    paths = options.paths or ["."]
    if paths[0] in _COMMANDS:
        raise _CannotRun(f"`{paths[0]}` is a command and comes first; for a path, write ./{paths[0]}")
    _check_usage(options, paths)
    if options.show_settings:
        return _show_settings(options)
    overlays: dict[str, dict[str, bytes]] = {}
    roots = _roots(paths, options, overlays)
    is_whole = roots.pop("", None) is None
    place = _cache_folder(options)
    keys = {root: _key(root, shown, options) for root, shown in roots.items()} if place else {}
    cached = _cached(place, keys)
    if cached is not None:
        return _finish(
            [item.report for item in cached],
            {item.report.root: item.fail_on for item in cached},
            paths,
            options,
            is_whole,
        )
    from lambdalint.adopting import Work

    works: list[Work] = []
    for root, shown in roots.items():
        settings = _settings(root, options)
        terminal.say(f"project {root}", options.verbose)
        works.append(Work(root, shown, settings, settings.today or date.today(), _nested(root, options)))
    if options.show_files:
        return _show_files(works)
    if options.add_ignore is not None:
        return _add_ignores(works, options)
    failures = 0
    if options.fix or options.fix_only or options.diff:
        changed, failures = _fix(works, options)
        if options.diff or options.fix_only:
            return FAILED if failures or not is_whole else FINDINGS if options.diff and changed else CLEAN
    begun = _now()
    with _watched(options) as progress:
        reports = [work.check(overlays.get(work.root, {}), progress) for work in works]
    for work, report in zip(works, reports):
        if place and work.root in keys:
            _store(place, keys[work.root], report, work, options, begun)
    limits = {work.root: work.settings.fail_on for work in works}
    plugins = tuple(dict.fromkeys(name for work in works for name in work.settings.plugins))
    return _finish(reports, limits, paths, options, is_whole and not failures, plugins)


def _finish(
    reports: Sequence[Report],
    limits: Mapping[str, Severity],
    paths: Sequence[str],
    options: argparse.Namespace,
    is_whole: bool,
    plugins: tuple[str, ...] = (),
) -> int:
    """Shows what was found; gives the exit status."""
    is_complete = is_whole
    for report in reports:
        is_whole &= _print_troubles(report, options)
    if is_whole and sum(len(report.barren) for report in reports) == len(paths):
        terminal.say(f"warning: no template and no code to check in {', '.join(paths)}", not options.quiet)
    findings = _merged(reports)
    if options.baseline:
        known, findings = _against_baseline(findings, paths, options)
        if options.write_baseline:
            return CLEAN if is_complete and is_whole else FAILED
        terminal.say(f"{known} known from {options.baseline}", bool(known) and not options.quiet)
    if not _print_report(findings, reports, options, is_whole, plugins) or not is_whole:
        return FAILED
    failing = any(_fails(item, limits) for item in findings)
    return FINDINGS if failing and not options.exit_zero else CLEAN


# --- the cache ----------------------------------------------------------------------------------------------------


def _watched(options: argparse.Namespace) -> AbstractContextManager[Progress | None]:
    """Shows how far a run has come, where somebody looks on."""
    if options.quiet or not terminal.is_terminal(sys.stderr) or terminal.is_dumb():
        return nullcontext()
    from lambdalint.output.progress import Progress

    return Progress()


def _cache_folder(options: argparse.Namespace) -> str | None:
    """Where results of earlier runs are, unless this run changes something or wants to be told what goes on."""
    changes = options.fix or options.fix_only or options.diff or options.add_ignore is not None
    if options.no_cache or options.verbose or changes or options.show_files or options.stdin_filename:
        return None
    from lambdalint.cache import OFF_VARIABLE, folder

    return None if os.environ.get(OFF_VARIABLE) else folder(options.cache_dir)


def _key(root: str, shown: Sequence[str], options: argparse.Namespace) -> str:
    from lambdalint.cache import key_of

    told = [
        (name, getattr(options, name))
        for name in ("select", "extend_select", "ignore", "level", "fail_on", "config", "isolated", "no_ignores")
    ]
    day = options.today or date.today()
    return key_of(root, shown, (told, day, os.environ.get("LAMBDALINT_FAIL_ON"), os.getcwd() if options.config else ""))


def _cached(place: str | None, keys: Mapping[str, str]) -> list[Cached] | None:
    """The results of earlier runs, if all are there."""
    if place is None or not keys:
        return None
    from lambdalint.cache import lookup

    found = []
    for root, key in keys.items():
        item = lookup(place, key, root)
        if item is None:
            return None
        found.append(item)
    return found


def _store(place: str, key: str, report: Report, work: Work, options: argparse.Namespace, begun: int) -> None:
    from lambdalint.cache import store

    found = _found_settings(work.root, options)
    if work.settings.plugins or found.warnings:
        return
    further = {*found.files, *(os.path.join(work.root, name) for name in ("lambdalint.toml", "pyproject.toml"))}
    above = work.root
    for name in report.read.folders:
        further.add(os.path.join(work.root, *name.split("/"), ".gitignore"))
    while above != os.path.dirname(above) and not os.path.exists(os.path.join(above, ".git")):
        above = os.path.dirname(above)
        further.add(os.path.join(above, ".gitignore"))
    store(place, key, report, further, work.settings.fail_on, (), begun)


def _now() -> int:
    from lambdalint.cache import now

    return now()


def _check_usage(options: argparse.Namespace, paths: Sequence[str]) -> None:
    if "-" in paths and (len(paths) > 1 or not options.stdin_filename):
        raise _CannotRun("- is standard input: give it alone, with --stdin-filename FILE")
    if options.stdin_filename and "-" not in paths:
        raise _CannotRun("--stdin-filename goes with the path -")
    if "-" in paths and (options.fix or options.fix_only or options.diff or options.add_ignore is not None):
        raise _CannotRun("standard input can't be changed: --fix, --diff and --add-ignore need files")
    if (options.write_baseline or options.prune_baseline) and not options.baseline:
        raise _CannotRun("--write-baseline and --prune-baseline need --baseline FILE")
    if options.write_baseline and options.prune_baseline:
        raise _CannotRun("--write-baseline writes the whole baseline anew: --prune-baseline goes without it")


def _roots(
    paths: Sequence[str], options: argparse.Namespace, overlays: dict[str, dict[str, bytes]]
) -> dict[str, list[str]]:
    """What is shown of each project, by its root; what can't be used is said, and stands under no root."""
    from lambdalint.discovery import find_root

    if list(paths) == ["-"]:
        name = options.stdin_filename
        folder = os.path.dirname(os.path.abspath(name))
        if not os.path.isdir(folder):
            raise _CannotRun(f"--stdin-filename: there is no folder {os.path.dirname(name)}")
        root = find_root(name if os.path.exists(name) else folder)
        whole = os.path.join(os.path.realpath(folder), os.path.basename(name))
        overlays[root] = {os.path.relpath(whole, root).replace(os.sep, "/"): sys.stdin.buffer.read()}
        return {root: [whole]}
    roots: dict[str, list[str]] = {}
    for path in paths:
        wrong = _unusable(path)
        if wrong:
            terminal.say(f"error: {path}: {wrong}")
            roots.setdefault("", []).append(path)
        else:
            roots.setdefault(find_root(path), []).append(os.path.realpath(path))
    return roots


def _fails(item: Finding, limits: Mapping[str, Severity]) -> bool:
    """Whether a finding is as severe as the settings of its project want for exit status 1."""
    whole = os.path.normpath(os.path.join(os.path.realpath(os.getcwd()), item.span.path))
    holding = [root for root in limits if whole == root or whole.startswith(root.rstrip(os.sep) + os.sep)]
    root = max(holding, key=len, default=next(iter(limits)))
    return item.severity is not None and item.severity.rank <= limits[root].rank


# --- changes ------------------------------------------------------------------------------------------------------


def _fix(works: Sequence[Work], options: argparse.Namespace) -> tuple[int, int]:
    """Applies fixes, or shows what they would change; gives how many there are, and how many writes failed."""
    from lambdalint.adopting import by_rule, differences, fixed, written

    cured: list[Finding] = []
    failures: list[str] = []
    for work in works:
        repaired = fixed(work, options.unsafe_fixes)
        cured.extend(repaired.cured)
        for item in repaired.refused:
            place = f"{from_here(os.path.join(work.root, item.span.path))}:{item.span.line}"
            terminal.say(
                f"note: {place}: the fix of {item.code} was taken back, since it did not cure it", options.verbose
            )
        if options.diff:
            terminal.write(differences(work, repaired, from_here))
        else:
            failures.extend(written(work, repaired))
    for failure in failures:
        terminal.say(f"error: {failure}")
    would = "Would fix" if options.diff else "Fixed"
    what = f"{len(cured)} finding{'' if len(cured) == 1 else 's'}"
    if cured:
        terminal.say(f"{would} {what} ({by_rule(cured)})", not options.quiet, "")
    elif options.diff or options.fix_only:
        terminal.say("Nothing to fix", not options.quiet, "")
    return len(cured), len(failures)


def _add_ignores(works: Sequence[Work], options: argparse.Namespace) -> int:
    from lambdalint.adopting import differences, ignored, written

    failures: list[str] = []
    count = 0
    for work in works:
        repaired = ignored(work, options.add_ignore)
        count += len(repaired.cured)
        if options.diff:
            terminal.write(differences(work, repaired, from_here))
        else:
            failures.extend(written(work, repaired))
            left = work.check({}).findings
            for item in left:
                place = f"{from_here(os.path.join(work.root, item.span.path))}:{item.span.line}"
                terminal.say(f"note: {place}: {item.code} can't be silenced by a comment there", not options.quiet)
    for failure in failures:
        terminal.say(f"error: {failure}")
    terminal.say(f"{'Would silence' if options.diff else 'Silenced'} {count} findings", not options.quiet, "")
    return FAILED if failures else CLEAN


def _against_baseline(
    findings: list[Finding], paths: Sequence[str], options: argparse.Namespace
) -> tuple[int, list[Finding]]:
    """How many findings a baseline knows, and the others. Writes the baseline where that is asked for."""
    from collections import Counter

    from lambdalint import baseline, files

    path = options.baseline
    folder = os.path.dirname(os.path.abspath(path))
    is_new = options.write_baseline and not os.path.exists(path)
    try:
        counts = Counter[baseline.Key]() if is_new else baseline.read(path)
    except baseline.BaselineError as error:
        raise _CannotRun(str(error)) from error
    compared = baseline.compare(findings, counts, folder, paths)
    rewritten = None
    if options.write_baseline:
        rewritten = counts - Counter(dict(compared.stale)) + baseline.counted(compared.new, folder)
    elif options.prune_baseline:
        rewritten = counts - Counter(dict(compared.stale))
    if rewritten is not None:
        try:
            files.write(path, baseline.text_of(rewritten).encode("utf-8"))
        except OSError as error:
            raise _CannotRun(f"{path}: cannot be written: {error.strerror or error}") from error
    if options.write_baseline:
        terminal.say(f"{path} knows {sum(rewritten.values()) if rewritten else 0} findings", not options.quiet, "")
    elif compared.stale:
        _say_stale(compared.stale, options)
    return compared.known, compared.new


def _say_stale(stale: Sequence[tuple[Key, int]], options: argparse.Namespace) -> None:
    done = "taken out of" if options.prune_baseline else "there no more, but still in"
    for key, count in stale[: len(stale) if options.verbose else _MAX_STALE]:
        about = f" about {key.anchor}" if key.anchor else ""
        terminal.say(f"note: {key.path}: {count} {key.code}{about} {done} {options.baseline}", not options.quiet)
    more = len(stale) - _MAX_STALE
    if more > 0 and not options.verbose:
        terminal.say(f"note: {more} more entries {done} {options.baseline}", not options.quiet)
    hint = "; --prune-baseline takes them out"
    terminal.say(f"{len(stale)} stale entries{hint if not options.prune_baseline else ''}", not options.quiet, "")


# --- what there is ------------------------------------------------------------------------------------------------


def _show_settings(options: argparse.Namespace) -> int:
    from lambdalint.discovery import find_root
    from lambdalint.project_settings import listed

    wrong = _unusable(options.show_settings)
    if wrong:
        raise _CannotRun(f"{options.show_settings}: {wrong}")
    terminal.write(listed(_found_settings(find_root(options.show_settings), options)))
    return CLEAN


def _show_files(works: Sequence[Work]) -> int:
    from lambdalint.discovery import discover

    for work in works:
        found = discover(work.root, work.settings.excluded)
        for path in sorted({*found.templates, *found.code}):
            whole = os.path.join(work.root, *path.split("/"))
            if any(whole == item or whole.startswith(item.rstrip(os.sep) + os.sep) for item in work.shown):
                terminal.write([from_here(whole)])
    return CLEAN


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
    """The settings of a project, with what there is to say of them."""
    found = _found_settings(root, options)
    for warning in found.warnings:
        terminal.say(f"warning: {warning}", not options.quiet)
    terminal.say(f"settings {from_here(found.path)}", options.verbose and bool(found.path))
    return found.settings


def _nested(root: str, options: argparse.Namespace) -> Nested | None:
    """What gives the settings of folders that have their own, unless the command line names a file for all."""
    if options.isolated or any("=" not in item for item in options.config or ()):
        return None

    def settings_of(folder: str) -> Settings:
        from msgspec.structs import replace

        return replace(_settings(os.path.join(root, *folder.split("/")), options), folder=folder)

    return settings_of


def _found_settings(root: str, options: argparse.Namespace) -> Found:
    from lambdalint.engine import all_rules
    from lambdalint.project_settings import Chosen, settings_of
    from lambdalint.settings import SettingsError

    chosen = Chosen(
        options.select or (),
        options.extend_select or (),
        options.ignore or (),
        options.level,
        options.fail_on,
        options.today,
        options.config or (),
        options.isolated,
        options.no_ignores,
    )
    try:
        return settings_of(root, chosen, all_rules, os.environ)
    except SettingsError as error:
        raise _CannotRun(*error.problems) from error


def _merged(reports: Iterable[Report]) -> list[Finding]:
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


# --- output -------------------------------------------------------------------------------------------------------


def _print_report(
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
    if options.statistics and options.format not in ("json",):
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


def _print_failure(words: Sequence[str], reasons: Sequence[str]) -> None:
    """What stands on standard output where nothing could be run: with formats for programs valid data all the same."""
    name = stated(words, "--format")
    if words and words[0] in _COMMANDS:
        if name == "json" and words[0] in ("rule", "rules"):
            terminal.write(["null" if words[0] == "rule" else "[]"])
        return
    from lambdalint.output.formats import FORMATS, render

    name = name or default_format()
    if name in FORMATS and FORMATS[name].is_data and not stated(words, "--output-file"):
        from lambdalint.finding import Severity
        from lambdalint.output.outcome import Outcome, Trouble

        troubles = [Trouble("", reason, Severity.ERROR) for reason in reasons]
        terminal.write(render(name, Outcome((), troubles=troubles, is_whole=False)))


def _print_troubles(report: Report, options: argparse.Namespace) -> bool:
    """Says what could not be read and which rules failed; gives whether there was nothing of that kind."""
    warnings = [f"warning: {from_here(os.path.join(report.root, path))}: {note}" for path, note in report.notes]
    shown = len(warnings) if options.verbose else _MAX_WARNINGS
    if len(warnings) > shown:
        warnings[shown:] = [f"warning: {len(warnings) - shown} more files were passed over; --verbose lists them"]
    for warning in warnings:
        terminal.say(warning, not options.quiet)
    for path, reason in report.passed_over:
        terminal.say(f"note: {from_here(os.path.join(report.root, path))}: {reason}", options.verbose)
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


# --- other commands -----------------------------------------------------------------------------------------------


def _rule(words: Sequence[str]) -> int:
    from lambdalint.settings import nearest_rule

    accepted = command_parser("rule", "Explains a rule.", ("text", "json", "markdown"))
    accepted.add_argument("rule", metavar="CODE|NAME")
    options = accepted.parse_args(words)
    rules = _known_rules()
    for rule in rules:
        if options.rule.upper() == rule.code or options.rule.lower() == rule.name:
            break
    else:
        raise _CannotRun(f"there is no rule `{options.rule}`{nearest_rule(options.rule, rules)}")
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rule_data

        terminal.write([json.dumps(rule_data(rule), indent=2)])
    elif options.format == "markdown":
        from lambdalint.output.rule_markdown import rule_markdown

        terminal.write(rule_markdown(rule))
    else:
        from lambdalint.output.rule_page import rule_page

        terminal.write(rule_page(rule, terminal.style(options.color)))
    return CLEAN


def _rules(words: Sequence[str]) -> int:
    options = command_parser("rules", "Lists all rules.").parse_args(words)
    rules = _known_rules()
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rules_data

        terminal.write([json.dumps(rules_data(rules), indent=2)])
    else:
        from lambdalint.output.rule_page import rule_list

        terminal.write(rule_list(rules, terminal.style(options.color)))
    return CLEAN


def _clean(words: Sequence[str]) -> int:
    from lambdalint.cache import clean, folder

    accepted = command_parser("clean", "Takes away the results of earlier runs.")
    accepted.add_argument("--cache-dir", metavar="FOLDER", help="where they are")
    place = folder(accepted.parse_args(words).cache_dir)
    try:
        count = clean(place) if place else 0
    except OSError as error:
        raise _CannotRun(f"{place}: cannot be cleaned: {error.strerror or error}") from error
    terminal.say(f"{count} results taken away from {place}", True, "")
    return CLEAN


def _known_rules() -> Sequence[Rule]:
    """The built-in rules, and those of the packs that the settings of the working directory name."""
    from lambdalint.discovery import find_root
    from lambdalint.engine import all_rules
    from lambdalint.project_settings import Chosen, settings_of
    from lambdalint.settings import SettingsError

    try:
        plugins = settings_of(find_root("."), Chosen(), all_rules, {}).settings.plugins
    except SettingsError:  # a run says what is wrong with them; rules are explained all the same
        plugins = ()
    return all_rules(plugins)


def _completions(words: Sequence[str]) -> int:
    from lambdalint.completion import SHELLS, script
    from lambdalint.engine import all_rules

    accepted = command_parser("completions", "Prints what teaches a shell the options: source it, or put it in a file.")
    accepted.add_argument("shell", choices=SHELLS)
    shell = accepted.parse_args(words).shell
    codes = [rule.code for rule in all_rules(())]
    terminal.write(script(shell, parser(), tuple(_COMMANDS), codes).splitlines())
    return CLEAN


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "rule": _rule,
    "rules": _rules,
    "completions": _completions,
    "clean": _clean,
}


if __name__ == "__main__":
    sys.exit(main())
