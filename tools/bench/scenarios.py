"""What is run over a project: lambdalint cold, warm and with one file changed, and the parse floor."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.bench.corpus import Corpus
from tools.bench.measure import Run, Times, run, summed_up

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-22"
UNIT = (sys.executable, "-c", "import argparse, ast, json, yaml")
SETTLED = 0.1
"""Seconds that files rest before a run: lambdalint keeps nothing about what changed just now."""


class Result(NamedTuple):
    """What one command took over one project, and its output the last time."""

    times: Times
    output: str


Results = dict[tuple[str, str], Result]
"""By project and scenario."""


class Lambdalint(NamedTuple):
    """The command that is measured, and whether it keeps results."""

    command: tuple[str, ...]
    environment: dict[str, str]
    has_cache: bool


class Bench:
    """Runs and keeps what they took; says what went wrong."""

    def __init__(self, tool: Lambdalint, folder: Path, say: Callable[[str], None]) -> None:
        self.tool = tool
        self.folder = folder
        self.say = say
        self.notes: list[str] = []
        self._runs: dict[tuple[str, str], list[Run]] = {}

    def results(self) -> Results:
        """All that has been measured."""
        return {key: Result(summed_up(runs), runs[-1].output) for key, runs in self._runs.items()}

    def measure(self, subject: str, scenario: str, command: Sequence[str], folder: Path, limit: float = 1800) -> Run:
        """Runs a command and keeps what it took."""
        done = run(command, folder, self.tool.environment, limit)
        self._runs.setdefault((subject, scenario), []).append(done)
        self.say(f"{subject}: {scenario}: {done.wall:.3f} s")
        return done

    def lint(self, corpus: Corpus, scenario: str, *arguments: str) -> None:
        """Runs lambdalint over a project."""
        command = (*self.tool.command, "--quiet", "--today", TODAY, *arguments)
        done = self.measure(corpus.name, scenario, command, corpus.root)
        if done.status not in (0, 1) or "Traceback" in done.errors:
            last = (done.errors.strip().splitlines() or ["(nothing on standard error)"])[-1]
            self.note(f"{corpus.name}: {scenario}: exit status {done.status}: {last}")

    def note(self, text: str) -> None:
        """Keeps what a reader of the results should know, once."""
        if text not in self.notes:
            self.notes.append(text)

    def unit(self) -> None:
        """Measures the Python process that others are compared with."""
        for _ in range(3):
            self.measure("Python", "unit", UNIT, self.folder)

    def round(self, corpus: Corpus, with_names: bool = True) -> None:
        """Measures everything once over one project."""
        self.unit()
        floor = (sys.executable, str(Path(__file__).with_name("floor.py")), str(corpus.root))
        self.measure(corpus.name, "floor", floor, self.folder)
        if not self.tool.has_cache:
            self.note("this lambdalint keeps no results: warm runs are left out")
            self.lint(corpus, "cold")
            if with_names:
                self._name_without_cache(corpus, ())
            return
        cache = self.folder / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        time.sleep(SETTLED)
        kept = ("--cache-dir", str(cache))
        self.lint(corpus, "no cache", "--no-cache")
        self.lint(corpus, "cold", *kept)
        self.lint(corpus, "warm", *kept)
        if corpus.handler and with_names:
            # Before a file changes, so that only the whole run has been kept
            self.lint(corpus, "handler, after whole run", *kept, corpus.handler)
        if corpus.handler:
            changed = corpus.root / corpus.handler
            before = changed.read_bytes()
            mark = b"\n# changed\n" if changed.suffix == ".py" else b"\n// changed\n"
            try:
                changed.write_bytes(before + mark)
                time.sleep(SETTLED)
                self.lint(corpus, "one changed", *kept)
                if with_names:
                    self.lint(corpus, "handler, changed", *kept, corpus.handler)
            finally:
                changed.write_bytes(before)
        if with_names:
            self._name_without_cache(corpus, ("--no-cache",))
            own = self.folder / "cache-of-names"
            shutil.rmtree(own, ignore_errors=True)
            time.sleep(SETTLED)
            for kind, path in (("handler", corpus.handler), ("template", corpus.template)):
                if path:
                    self.lint(corpus, f"{kind}, cold", "--cache-dir", str(own), path)
                    self.lint(corpus, f"{kind}, warm", "--cache-dir", str(own), path)

    def _name_without_cache(self, corpus: Corpus, options: tuple[str, ...]) -> None:
        for kind, path in (("handler", corpus.handler), ("template", corpus.template)):
            if path:
                self.lint(corpus, f"{kind}, no cache", *options, path)


def found(command: str | None) -> Lambdalint:
    """The lambdalint of this tree, or another command; asks it whether it keeps results."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAMBDALINT_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.update(NO_COLOR="1", PYTHONHASHSEED="0")
    if command is None:
        words: tuple[str, ...] = (sys.executable, "-c", "from lambdalint.cli import run; run()")
        environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "rules")))
    else:
        words = tuple(command.split())
    asked = run((*words, "--help"), ROOT, environment)
    if asked.status:
        raise SystemExit(f"{' '.join(words)} --help: exit status {asked.status}\n{asked.errors}")
    return Lambdalint(words, environment, "--no-cache" in asked.output and "--cache-dir" in asked.output)
