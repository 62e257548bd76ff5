"""The command line. Exit status: 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import lambdalint.quick_start  # noqa: F401  # before all that imports msgspec
from lambdalint.arguments import (
    CLEAN,
    COMMANDS,
    FAILED,
    FINDINGS,
    INTERRUPTED,
    CannotRun,
    default_format,
    run_options,
    stated,
)
from lambdalint.files import from_here
from lambdalint.output import terminal
from lambdalint.presenting import merged, print_report, print_troubles

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lambdalint.adopting import Work
    from lambdalint.cache import Cached
    from lambdalint.finding import Finding, Severity
    from lambdalint.memory import Memory, Remember
    from lambdalint.output.progress import Progress
    from lambdalint.project_settings import Found
    from lambdalint.report import Report
    from lambdalint.scopes import Nested
    from lambdalint.settings import Settings
    from lambdalint.stamps import Stamps

_THRESHOLD = 50_000
"""Objects after which Python looks for garbage: imports make more than its usual 700, and none of them goes away."""


def run() -> NoReturn:
    """The program. It ends at once: to take apart what a run has made takes longer than many a run."""
    gc.set_threshold(_THRESHOLD)
    terminal.insist_on_interrupts()
    status = main()
    terminal.finish()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs lambdalint; gives the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    reasons: tuple[str, ...] = ()
    try:
        terminal.prepare()
        if words and words[0] in COMMANDS:
            from lambdalint import commands

            return commands.COMMANDS[words[0]](words[1:])
        return _lint(run_options(words))
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:  # argparse, after --help, --version or wrong usage
        status = stop.code if isinstance(stop.code, int) else FAILED
    except terminal.Unwritable as failure:
        terminal.say(f"error: standard output cannot be written: {failure}")
        return FAILED
    except CannotRun as failure:
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


# --- lint ---------------------------------------------------------------------------------------------------------


def _lint(options: argparse.Namespace) -> int:
    paths = options.paths or ["."]
    if paths[0] in COMMANDS:
        raise CannotRun(f"`{paths[0]}` is a command and comes first; for a path, write ./{paths[0]}")
    _check_usage(options, paths)
    if options.show_settings:
        return _show_settings(options)
    begun = time.time_ns()
    overlays: dict[str, dict[str, bytes]] = {}
    roots = _roots(paths, options, overlays)
    is_whole = roots.pop("", None) is None
    places = _cache_folders(roots, options)
    keys = {root: _key(root, roots[root], options) for root in places}
    cached = _cached(places, keys) if not overlays and len(places) == len(roots) else None
    if cached is not None:
        return _finish(
            [item.report for item in cached],
            {folder: limit for item in cached for folder, limit in item.limits.items()},
            paths,
            options,
            is_whole,
        )
    from lambdalint.adopting import Work

    works: list[Work] = []
    stamps: dict[str, Stamps] = {}
    known: dict[str, dict[str, Found]] = {}
    for root, shown in roots.items():
        found = _settings(root, options)
        known[root] = {root: found}
        terminal.say(f"project {root}", options.verbose)
        nested = _nested(root, options, known[root])
        remember = None
        if root in places and _is_kept(known[root]):
            stamps[root] = _stamps(root, begun, overlays.get(root, ()))
            remember = _remembering(places[root], _key(root, (), options), stamps[root])
        works.append(Work(root, shown, found.settings, found.settings.today or date.today(), nested, remember))
    if options.show_files:
        return _show_files(works)
    if options.add_ignore is not None:
        from lambdalint.changing import add_ignores

        return add_ignores(works, options)
    failures = 0
    if options.fix or options.fix_only or options.diff:
        from lambdalint.changing import fix

        changed, failures = fix(works, options)
        if options.diff or options.fix_only:
            return FAILED if failures or not is_whole else FINDINGS if options.diff and changed else CLEAN
    with _watched(options) as progress:
        reports = [work.check(overlays.get(work.root, {}), progress) for work in works]
    for work, report in zip(works, reports):
        if work.root in stamps and _is_kept(known[work.root]):
            _store(places[work.root], keys[work.root], report, known[work.root], stamps[work.root])
    limits = {folder: found.settings.fail_on for each in known.values() for folder, found in each.items()}
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
        is_whole &= print_troubles(report, options)
    if is_whole and sum(len(report.barren) for report in reports) == len(paths):
        terminal.say(f"warning: no template and no code to check in {', '.join(paths)}", not options.quiet)
    findings = merged(reports)
    if options.baseline:
        from lambdalint.changing import against_baseline

        known, findings = against_baseline(findings, paths, options)
        if options.write_baseline:
            return CLEAN if is_complete and is_whole else FAILED
        terminal.say(f"{known} known from {options.baseline}", bool(known) and not options.quiet)
    if not print_report(findings, reports, options, is_whole, plugins) or not is_whole:
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


def _cache_folders(roots: Iterable[str], options: argparse.Namespace) -> dict[str, str]:
    """Where results of earlier runs are kept, by root.

    That is nowhere where this run changes something, or wants to be told what goes on.
    """
    changes = options.fix or options.fix_only or options.diff or options.add_ignore is not None
    if options.no_cache or options.verbose or changes or options.show_files:
        return {}
    from lambdalint.cache_folder import OFF_VARIABLE, folder, is_given, may_be_set

    if os.environ.get(OFF_VARIABLE):
        return {}
    found: dict[str, str] = {}
    asks = not (is_given(options.cache_dir) or options.isolated or options.config)
    for root in roots:
        place = None
        if asks and may_be_set(root):
            from lambdalint.settings import cache_dir_of

            place = cache_dir_of(root)
        place = place or folder(options.cache_dir)
        if place:
            found[root] = place
    return found


def _key(root: str, shown: Sequence[str], options: argparse.Namespace) -> str:
    from lambdalint.cache import key_of

    told = [
        (name, getattr(options, name))
        for name in ("select", "extend_select", "ignore", "level", "fail_on", "config", "isolated", "no_ignores")
    ]
    day = options.today or date.today()
    return key_of(root, shown, (told, day, os.environ.get("LAMBDALINT_FAIL_ON"), os.getcwd() if options.config else ""))


def _cached(places: Mapping[str, str], keys: Mapping[str, str]) -> list[Cached] | None:
    """The results of earlier runs, if all are there."""
    if not places:
        return None
    from lambdalint.cache import lookup

    found = []
    for root, key in keys.items():
        item = lookup(places[root], key, root)
        if item is None:
            return None
        found.append(item)
    return found


def _is_kept(known: Mapping[str, Found]) -> bool:
    """Whether results are kept: not where settings say more than the cache can know of."""
    return not any(found.settings.plugins or found.warnings for found in known.values())


def _stamps(root: str, begun: int, unsaved: Iterable[str]) -> Stamps:
    from lambdalint.stamps import Stamps

    return Stamps(root, begun, unsaved)


def _remembering(place: str, name: str, stamps: Stamps) -> Remember:
    """Gives what earlier runs over a project have found out."""

    def remember(key: str) -> Memory:
        from lambdalint.memory import Memory

        return Memory(place, name, key, stamps)

    return remember


def _store(place: str, key: str, report: Report, known: Mapping[str, Found], stamps: Stamps) -> None:
    """Keeps what was found with some settings."""
    from lambdalint.cache import store

    further = {path for found in known.values() for path in found.files}
    further.update(os.path.join(report.root, name) for name in ("lambdalint.toml", "pyproject.toml"))
    for name in report.read.folders:
        path = os.path.join(report.root, *name.split("/"), ".gitignore")
        if os.path.exists(path):  # that one comes to be there is told by the names in its folder
            further.add(path)
    above = report.root
    while above != os.path.dirname(above) and not os.path.exists(os.path.join(above, ".git")):
        above = os.path.dirname(above)
        further.add(os.path.join(above, ".gitignore"))
    limits = {folder: found.settings.fail_on for folder, found in known.items()}
    store(place, key, report, further, limits, stamps)


def _check_usage(options: argparse.Namespace, paths: Sequence[str]) -> None:
    if "-" in paths and (len(paths) > 1 or not options.stdin_filename):
        raise CannotRun("- is standard input: give it alone, with --stdin-filename FILE")
    if options.stdin_filename and "-" not in paths:
        raise CannotRun("--stdin-filename goes with the path -")
    if "-" in paths and (options.fix or options.fix_only or options.diff or options.add_ignore is not None):
        raise CannotRun("standard input can't be changed: --fix, --diff and --add-ignore need files")
    if (options.write_baseline or options.prune_baseline) and not options.baseline:
        raise CannotRun("--write-baseline and --prune-baseline need --baseline FILE")
    if options.write_baseline and options.prune_baseline:
        raise CannotRun("--write-baseline writes the whole baseline anew: --prune-baseline goes without it")


def _roots(
    paths: Sequence[str], options: argparse.Namespace, overlays: dict[str, dict[str, bytes]]
) -> dict[str, list[str]]:
    """What is shown of each project, by its root; what can't be used is said, and stands under no root."""
    from lambdalint.discovery import find_root

    if list(paths) == ["-"]:
        name = options.stdin_filename
        folder = os.path.dirname(os.path.abspath(name))
        if not os.path.isdir(folder):
            raise CannotRun(f"--stdin-filename: there is no folder {os.path.dirname(name)}")
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


# --- what there is ------------------------------------------------------------------------------------------------


def _show_settings(options: argparse.Namespace) -> int:
    from lambdalint.discovery import find_root
    from lambdalint.project_settings import listed

    wrong = _unusable(options.show_settings)
    if wrong:
        raise CannotRun(f"{options.show_settings}: {wrong}")
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


def _settings(root: str, options: argparse.Namespace) -> Found:
    """The settings of a project, with what there is to say of them."""
    found = _found_settings(root, options)
    for warning in found.warnings:
        terminal.say(f"warning: {warning}", not options.quiet)
    terminal.say(f"settings {from_here(found.path)}", options.verbose and bool(found.path))
    return found


def _nested(root: str, options: argparse.Namespace, known: dict[str, Found]) -> Nested | None:
    """What gives the settings of folders that have their own, unless the command line names a file for all.

    They are noted in ``known``, by folder.
    """
    if options.isolated or any("=" not in item for item in options.config or ()):
        return None

    def settings_of(folder: str) -> Settings:
        from msgspec.structs import replace

        whole = os.path.join(root, *folder.split("/"))
        if whole not in known:
            known[whole] = _settings(whole, options)
        return replace(known[whole].settings, folder=folder)

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
        raise CannotRun(*error.problems) from error


# --- output -------------------------------------------------------------------------------------------------------


def _print_failure(words: Sequence[str], reasons: Sequence[str]) -> None:
    """What stands on standard output where nothing could be run: with formats for programs valid data all the same."""
    name = stated(words, "--format")
    if words and words[0] in COMMANDS:
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
