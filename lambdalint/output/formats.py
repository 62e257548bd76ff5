"""The registry of formats. A format's module is imported only where it is asked for.

Each module has ``lines(outcome)``, which gives the lines of the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from lambdalint.output.outcome import Outcome


class Format(Struct, frozen=True):
    """A format: its module, and what it is for.

    One that ``is_data`` is for programs: the whole is valid even if nothing could be run, and no summary goes with it.
    """

    module: str
    title: str
    is_data: bool = False


FORMATS = {
    "concise": Format("concise", "a line each (default)"),
    "full": Format("full", "with the lines of the source"),
    "grouped": Format("grouped", "by file"),
    "json": Format("json_report", "one document", is_data=True),
    "json-lines": Format("json_lines", "a document each", is_data=True),
    "github": Format("github", "annotations of GitHub Actions"),
    "gitlab": Format("gitlab", "GitLab's Code Quality", is_data=True),
    "sarif": Format("sarif", "SARIF 2.1.0, as for code scanning", is_data=True),
    "junit": Format("junit", "JUnit's XML", is_data=True),
    "rdjson": Format("rdjson", "reviewdog's", is_data=True),
    "azure": Format("azure", "issues of Azure Pipelines"),
    "pylint": Format("pylint", "as Pylint prints"),
}
DEFAULT = "concise"
COUNTABLE = ("concise", "full", "grouped", "json")
"""The formats that can count per rule."""


def render(name: str, outcome: Outcome) -> Iterator[str]:
    """The lines of a report in a format."""
    lines: Callable[[Outcome], Iterator[str]] = import_module(f"lambdalint.output.{FORMATS[name].module}").lines
    return lines(outcome)
