"""The command line. Exit status: 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from lambdalint import __version__
from lambdalint.discovery import find_root
from lambdalint.engine import Report, check
from lambdalint.finding import Finding, Level, Related, Severity, change
from lambdalint.settings import Settings
from lambdalint.source import Span

CLEAN, FINDINGS, FAILED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs lambdalint; gives the exit status."""
    options = _parser().parse_args(arguments)
    paths = options.paths or ["."]
    missing = [path for path in paths if not os.path.exists(path)]
    for path in missing:
        print(f"lambdalint: {path}: no such file or folder", file=sys.stderr)
    if missing:
        return FAILED
    settings = Settings(
        select=_names(options.select),
        extend_select=_names(options.extend_select),
        ignore=_names(options.ignore),
        level=Level(options.level),
    )
    today = date.fromisoformat(options.today) if options.today else date.today()
    roots: dict[str, list[str]] = {}
    for path in paths:
        roots.setdefault(find_root(path), []).append(os.path.realpath(path))
    reports = [check(root, shown, settings, today) for root, shown in roots.items()]
    findings = [_from_here(item, report.root) for report in reports for item in report.findings]
    _print(findings, reports, options.format)
    crashed = False
    for report in reports:
        for _, note in report.notes:
            print(f"lambdalint: {note}", file=sys.stderr)
        for crash in report.crashes:
            crashed = True
            print(f"lambdalint: rule {crash.part} failed on {crash.subject}", file=sys.stderr)
            if options.verbose:
                print(crash.trace, file=sys.stderr)
    if crashed:
        return FAILED
    threshold = Severity(options.fail_on)
    failing = any(item.severity is not None and item.severity.rank <= threshold.rank for item in findings)
    return FINDINGS if failing and not options.exit_zero else CLEAN


def _names(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def _print(findings: list[Finding], reports: list[Report], form: str) -> None:
    if form == "json":
        from lambdalint.output.json_report import json_report

        summary = {
            "findings": len(findings),
            "suppressed": sum(report.suppressed for report in reports),
            "hidden": sum(report.hidden for report in reports),
            "checked": sum(report.checked for report in reports),
        }
        print(json_report(findings, summary))
        return
    from lambdalint.output.concise import concise

    for line in concise(findings):
        print(line)


def _from_here(item: Finding, root: str) -> Finding:
    """The finding with paths relative to the working directory."""

    def moved(span: Span) -> Span:
        path = os.path.relpath(os.path.join(root, span.path), here).replace(os.sep, "/")
        return Span(path, span.line, span.column, span.end_line, span.end_column)

    here = os.path.realpath(os.getcwd())
    related = tuple(Related(moved(part.span), part.label) for part in item.related)
    return change(item, span=moved(item.span), related=related)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"lambdalint: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lambdalint", description="Lints AWS Lambda projects: the template and the code together.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to show findings for (default: .)")
    parser.add_argument("--version", action="version", version=f"lambdalint {__version__}")
    parser.add_argument("--format", choices=("concise", "json"), default="concise")
    parser.add_argument("--select", action="append", metavar="RULES")
    parser.add_argument("--extend-select", action="append", metavar="RULES")
    parser.add_argument("--ignore", action="append", metavar="RULES")
    parser.add_argument("--level", choices=[level.value for level in Level], default="regular")
    parser.add_argument("--fail-on", choices=[severity.value for severity in Severity], default="info")
    parser.add_argument("--exit-zero", action="store_true")
    parser.add_argument("--today", metavar="YYYY-MM-DD")
    parser.add_argument("--isolated", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
