"""The arguments of the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NoReturn

from lambdalint import __version__
from lambdalint.output.formats import COUNTABLE, DEFAULT, FORMATS

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses."""
USAGE_ERROR = FAILED
COMMANDS = ("rule", "rules", "completions", "clean")
FORMAT_VARIABLE = "LAMBDALINT_FORMAT"

_DESCRIPTION = "Lints AWS Lambda projects: the template and the handler code together."
_USAGE = """\
lambdalint [OPTIONS] [PATH ...]
       lambdalint rule CODE|NAME
       lambdalint rules
       lambdalint completions bash|zsh|fish
       lambdalint clean"""
_EPILOG = """\
commands:
  rule CODE|NAME        explain a rule
  rules                 list all rules
  completions SHELL     print completion for bash, zsh or fish
  clean                 take away the results of earlier runs
A command comes first; a file or folder of that name is written ./rule.

RULES are codes (LL501), beginnings of codes (LL5), names (too-many-layers) or ALL, separated by commas. Options may
be repeated. The project around each PATH is read as well: it reaches to the nearest lambdalint.toml or pyproject.toml
with [tool.lambdalint], else to the git root. What is printed are the findings under the PATHs.

The default format prints nothing but findings to standard output, one a line: path:line:column: CODE message.
The summary goes to standard error, with --format full to standard output; formats for programs go without it.
LAMBDALINT_FORMAT gives another default format.

exit status:
  0    nothing found at or above --fail-on
  1    findings
  2    could not run, or not wholly: wrong usage or settings, unreadable input, a rule that failed
"""


class CannotRun(Exception):
    """Why a run is not possible: a line each."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"lambdalint: error: {message}\n")


class _RunParser(_Parser):
    """Asks how wide the terminal is where it shows something, and not for each argument, as argparse would."""

    def __init__(self) -> None:
        super().__init__(
            prog="lambdalint",
            usage=_USAGE,
            description=_DESCRIPTION,
            epilog=_EPILOG,
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=80),
            allow_abbrev=False,
        )

    def format_help(self) -> str:
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_help()


def stated(words: Sequence[str], option: str) -> str:
    """What an option is given as, as far as can be told before the arguments are understood; empty if it is not."""
    found = ""
    for word, following in zip(words, (*words[1:], "")):
        if word == option:
            found = following
        elif word.startswith(f"{option}="):
            found = word.partition("=")[2]
    return found


def default_format() -> str:
    """The format where none is given."""
    return os.environ.get(FORMAT_VARIABLE) or DEFAULT


def run_options(words: Sequence[str]) -> argparse.Namespace:
    """What the command line of a run asks for."""
    accepted = parser()
    options = accepted.parse_args(words)
    options.format = options.format or default_format()
    if options.format not in FORMATS:
        accepted.error(f"{FORMAT_VARIABLE}: no format {options.format!r} (choose from {', '.join(FORMATS)})")
    if options.statistics and options.format not in COUNTABLE:
        accepted.error(f"--statistics goes with --format {', '.join(COUNTABLE)}, not {options.format}")
    return options


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a day such as 2026-11-22: {text!r}") from None


def _add_color(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto: on terminals, unless NO_COLOR is set; FORCE_COLOR turns it on elsewhere",
    )


def command_parser(name: str, description: str, formats: Sequence[str] = ("text", "json")) -> argparse.ArgumentParser:
    """The arguments of a command."""
    parser = _Parser(prog=f"lambdalint {name}", description=description, allow_abbrev=False)
    parser.add_argument("--format", choices=formats, default=formats[0])
    _add_color(parser)
    return parser


def parser() -> argparse.ArgumentParser:
    """The arguments of a run."""
    parser = _RunParser()
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to show findings for (default: .)")
    parser.add_argument("--version", action="version", version=f"lambdalint {__version__}")

    rules = parser.add_argument_group("rules")
    rules.add_argument("--select", action="append", metavar="RULES", help="only these; they run whatever the level")
    rules.add_argument("--extend-select", action="append", metavar="RULES", help="these as well, whatever the level")
    rules.add_argument("--ignore", action="append", metavar="RULES", help="not these")
    rules.add_argument(
        "--level",
        choices=("regular", "pedantic", "auditor"),
        help="regular: certain or likely, and worth acting on (default); pedantic: best practice too; auditor: all",
    )
    rules.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help="the day to judge by, as for runtimes' ends")
    rules.add_argument("--isolated", action="store_true", help="ignore all settings files")
    rules.add_argument(
        "--config",
        action="append",
        metavar="FILE|KEY=VALUE",
        help="a settings file in place of the project's, or a setting as in TOML: \"level = 'pedantic'\"",
    )
    rules.add_argument("--no-ignores", action="store_true", help="show what comments and metadata suppress as well")

    known = parser.add_argument_group("old projects")
    known.add_argument("--baseline", metavar="FILE", help="leave out what this file knows")
    known.add_argument("--write-baseline", action="store_true", help="write what is found to the baseline")
    known.add_argument("--prune-baseline", action="store_true", help="take out of the baseline what is there no more")
    known.add_argument(
        "--add-ignore",
        nargs="?",
        const="",
        metavar="REASON",
        help="put a comment behind each line with a finding; give the reason as --add-ignore=REASON",
    )

    fixing = parser.add_argument_group("fixes")
    fixing.add_argument("--fix", action="store_true", help="apply the safe fixes, then show what is left")
    fixing.add_argument("--unsafe-fixes", action="store_true", help="apply those as well that may change behaviour")
    fixing.add_argument("--fix-only", action="store_true", help="apply fixes and show nothing else")
    fixing.add_argument("--diff", action="store_true", help="show what fixes would change, and change nothing")

    cache = parser.add_argument_group("cache")
    cache.add_argument("--no-cache", action="store_true", help="neither use nor keep results of earlier runs")
    cache.add_argument("--cache-dir", metavar="FOLDER", help="where they are kept (LAMBDALINT_CACHE_DIR)")

    about = parser.add_argument_group("about a run")
    about.add_argument("--show-settings", metavar="FILE", help="show the settings that hold for a file or folder")
    about.add_argument("--show-files", action="store_true", help="list the templates and code files that are read")
    about.add_argument(
        "--stdin-filename", metavar="FILE", help="with the path -: the file that standard input is the content of"
    )

    output = parser.add_argument_group("output")
    output.add_argument(
        "--format",
        choices=tuple(FORMATS),
        metavar="FORMAT",
        help="; ".join(f"{name}: {item.title}" for name, item in FORMATS.items()),
    )
    output.add_argument("--output-file", metavar="FILE", help="write the report there, not to standard output")
    output.add_argument("--statistics", action="store_true", help="count per rule instead of listing")
    _add_color(output)
    output.add_argument(
        "-q", "--quiet", action="store_true", help="no summary and no warnings, only findings and errors"
    )
    output.add_argument("-v", "--verbose", action="store_true", help="say more of what goes on, on standard error")

    status = parser.add_argument_group("what fails")
    status.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        help="the lowest severity that gives exit status 1 (default: info)",
    )
    status.add_argument("--exit-zero", action="store_true", help="give 0 instead of 1")
    return parser
