"""Changes that a run makes: fixes, comments that silence, baselines."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambdalint.arguments import CLEAN, FAILED, CannotRun
from lambdalint.files import from_here
from lambdalint.output import terminal

if TYPE_CHECKING:
    from lambdalint.adopting import Work
    from lambdalint.baseline import Key
    from lambdalint.finding import Finding

_MAX_STALE = 10


def fix(works: Sequence[Work], options: argparse.Namespace) -> tuple[int, int]:
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


def add_ignores(works: Sequence[Work], options: argparse.Namespace) -> int:
    """Puts comments behind the lines with findings; gives the exit status."""
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


def against_baseline(
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
        raise CannotRun(str(error)) from error
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
            raise CannotRun(f"{path}: cannot be written: {error.strerror or error}") from error
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
