"""What terminals are given: colours, links, and how far a run has come."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from lambdalint import cli
from lambdalint.finding import Finding, Severity
from lambdalint.output import progress, terminal
from lambdalint.output.formats import render
from lambdalint.output.outcome import Outcome
from lambdalint.output.progress import Progress
from lambdalint.output.text import Style
from lambdalint.source import Span
from tests.support import write

FINDING = Finding("m", Span("a.py", 1, 1, 1, 2), severity=Severity.ERROR, code="LL999", name="some-rule")
LINK = "\x1b]8;;https://lambdalint.dev/rules/some-rule/\x1b\\LL999\x1b]8;;\x1b\\"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing of terminals."""
    for name in list(os.environ):
        if name.startswith(("TERM", "COLOR", "CLICOLOR", "FORCE_", "NO_COLOR", "VTE_", "WT_", "KONSOLE_", "DOMTERM")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)


def shown(when: str = "auto") -> tuple[bool, bool]:
    style = terminal.style(when)
    return style.colour, style.links


@pytest.mark.parametrize(
    ("variables", "colour"),
    [
        ({}, True),
        ({"CLICOLOR": "0"}, False),
        ({"CLICOLOR": "1"}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, True),
    ],
)
@pytest.mark.usefixtures("looked_at")
def test_colours_on_terminals(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], colour: bool) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert shown() == (colour, False)
    assert shown("always")[0] and not shown("never")[0]


@pytest.mark.parametrize(("value", "colour"), [("1", True), ("0", False), ("", False)])
@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_colours_elsewhere(monkeypatch: pytest.MonkeyPatch, name: str, value: str, colour: bool) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda _: False)
    assert shown() == (False, False)
    monkeypatch.setenv(name, value)
    assert shown() == (colour, False)


@pytest.mark.parametrize(
    ("variables", "links"),
    [
        ({}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7002"}, True),
        ({"VTE_VERSION": "4205"}, False),
        ({"VTE_VERSION": "0.50"}, False),
        ({"WT_SESSION": "x"}, True),
        ({"WT_SESSION": "x", "NO_COLOR": "1"}, False),
        ({"TERM_PROGRAM": "vscode", "TERM": "dumb"}, False),
        ({"TERM_PROGRAM": "vscode", "FORCE_HYPERLINK": "0"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
    ],
)
@pytest.mark.usefixtures("looked_at")
def test_links_on_terminals(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], links: bool) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert shown()[1] is links
    assert not shown("never")[1]


def test_links_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda _: False)
    monkeypatch.setenv("TERM_PROGRAM", "iTerm.app")
    assert not shown()[1]
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    assert shown()[1]


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
def test_codes_are_linked(name: str) -> None:
    assert LINK in "\n".join(render(name, Outcome([FINDING], style=Style(True, links=True))))
    assert "\x1b" not in "\n".join(render(name, Outcome([FINDING])))


def test_codes_in_formats_for_programs_are_not() -> None:
    for name in ("pylint", "github", "azure", "json", "json-lines", "sarif"):
        assert "\x1b]" not in "\n".join(render(name, Outcome([FINDING], style=Style(True, links=True))))


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(progress.time, "monotonic", lambda: self.now)


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress() as watch:
        clock.now += progress.DELAY / 2
        watch("files", 10)
        assert stream.getvalue() == ""
        clock.now += progress.DELAY
        watch("files", 1_234)
        watch("files", 1_235)
        assert stream.getvalue() == "\rlambdalint: files 1,234\x1b[K"
        clock.now += progress.INTERVAL
        watch("rules", 9, 72)
        assert stream.getvalue().endswith("\rlambdalint: rules 9 of 72\x1b[K")
    assert stream.getvalue().endswith("\r\x1b[K")


def test_progress_is_cleared_whatever_happens_and_leaves_short_runs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress() as watch:
        watch("files", 1)
    assert stream.getvalue() == ""
    with pytest.raises(KeyboardInterrupt), Progress() as watch:
        clock.now += progress.DELAY
        watch("files", 1)
        raise KeyboardInterrupt
    assert stream.getvalue().endswith("\r\x1b[K")
    stream.close()
    with Progress() as watch:
        clock.now += 2 * progress.DELAY
        watch("files", 1)


@pytest.mark.parametrize(
    ("arguments", "variables", "is_looked_at", "is_shown"),
    [
        ((), {}, True, True),
        ((), {}, False, False),
        (("--quiet",), {}, True, False),
        ((), {"TERM": "dumb"}, True, False),
    ],
)
def test_when_progress_is_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    variables: dict[str, str],
    is_looked_at: bool,
    is_shown: bool,
) -> None:
    write(tmp_path, {"app.py": "def handler(event, context):\n    return 1\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(terminal, "is_terminal", lambda _: is_looked_at)
    monkeypatch.setattr(progress, "DELAY", 0.0)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    cli.main(["--isolated", "--no-cache", *arguments])
    assert ("\rlambdalint: files" in capsys.readouterr().err) is is_shown
