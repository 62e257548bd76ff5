"""What other machinery runs: the GitHub Action, GitLab's job, the problem matchers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from lambdalint.cli import main
from tests.support import write

ROOT = Path(__file__).parents[1]
EXAMPLE = "docs/examples/orders"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


class TestAction:
    ACTION = read("action.yml")

    def test_inputs(self) -> None:
        assert self.ACTION["runs"]["using"] == "composite"
        assert set(self.ACTION["inputs"]) >= {"paths", "args", "version", "format"}
        assert self.ACTION["inputs"]["format"]["default"] == "github"
        assert all(step.get("shell") == "bash" for step in self.ACTION["runs"]["steps"] if "run" in step)

    def test_guide_names_its_inputs(self) -> None:
        guide = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
        rows = dict(re.findall(r"^\| `([\w-]+)` \| (?:`(.+)`)? ?\|", guide, re.MULTILINE))
        inputs = {name: item["default"] for name, item in self.ACTION["inputs"].items()}
        assert {name: rows.get(name) for name in inputs} == inputs

    def test_scripts_take_inputs_from_the_environment_alone(self) -> None:
        for step in self.ACTION["runs"]["steps"]:
            assert "${{" not in step.get("run", "")

    @pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
    @pytest.mark.parametrize(
        ("args", "paths", "status", "lines"),
        [
            ("", EXAMPLE, 1, 9),
            ("--select LL1\n--exit-zero", EXAMPLE, 0, 1),
            ("", f"{EXAMPLE}/src/create_order\n{EXAMPLE}/src/make_receipts", 1, 5),
            ("--select LL101 --fail-on $(touch${IFS}x)", EXAMPLE, 2, 0),
            ("", "", 1, 9),
        ],
    )
    def test_runs(self, tmp_path: Path, args: str, paths: str, status: int, lines: int) -> None:
        command = tmp_path / "lambdalint"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lambdalint "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "rules"))),
            "COMMAND": str(command),
            "FORMAT": "concise",
            "ARGS": args,
            "PATHS": paths,
        }
        script = self.ACTION["runs"]["steps"][-1]["run"]
        folder = ROOT if paths else ROOT / EXAMPLE
        shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True)
        assert (done.returncode, len(done.stdout.splitlines())) == (status, lines), done.stderr
        assert not (folder / "x").exists()


def test_gitlab() -> None:
    job = read("ci/gitlab.yml")["lambdalint"]
    report = job["artifacts"]["reports"]["codequality"]
    assert job["artifacts"]["when"] == "always"
    install, with_report, with_log = job["script"]
    assert install.startswith("pip install ")
    assert f"--format gitlab --output-file {report} " in with_report and "--exit-zero" in with_report
    assert "--exit-zero" not in with_log


def matchers() -> list[dict[str, Any]]:
    """The patterns of the matcher for GitHub and of the task for VS Code."""
    content = json.loads((ROOT / "ci" / "problem-matcher.json").read_text(encoding="utf-8"))
    guide = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    shown = re.search(r"^```json\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert shown is not None
    task = json.loads(shown.group(1))["tasks"][0]
    return [content["problemMatcher"][0]["pattern"][0], task["problemMatcher"]["pattern"]]


@pytest.mark.parametrize("pattern", matchers(), ids=["github", "vscode"])
def test_matchers_read_what_is_printed(
    pattern: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([EXAMPLE, "--format", "json"]) == 1
    expected = [
        tuple(str(item[key]) for key in ("path", "line", "column", "code", "message"))
        for item in json.loads(capsys.readouterr().out)["diagnostics"]
    ]
    main([EXAMPLE])
    keys = ("file", "line", "column", "code", "message")
    found = [re.search(pattern["regexp"], line) for line in capsys.readouterr().out.splitlines()]
    assert [tuple(match[pattern[key]] for key in keys) for match in found if match] == expected
    assert len(expected) == len(found)


@pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")
def test_vim_reads_what_is_printed(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    settings = re.findall(r"^set (?:makeprg|errorformat)=.*$", guide, re.MULTILINE)
    assert len(settings) == 2
    message = "src/app.py:11:46: LL208 Orders reads `A`: set it\n"
    write(tmp_path, {"out.txt": message, "src/app.py": "", "vimrc": settings[1] + "\n"})
    script = "caddfile out.txt | let f = getqflist()[0] | call writefile([f.lnum, f.col, f.text], 'found.txt') | qa!"
    subprocess.run(["vim", "-es", "-u", "vimrc", "-c", script], cwd=tmp_path, timeout=30, stdin=subprocess.DEVNULL)
    assert (tmp_path / "found.txt").read_text().splitlines() == ["11", "46", "LL208 Orders reads `A`: set it"]
