"""Nothing of a project is ever run, imported or unpickled, whatever it holds."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import FIXTURES, write

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Layers:
        - !!python/object/apply:os.system ["touch MARKER"]
        - !!python/object/new:os.system ["touch MARKER"]
      Tags: !!python/name:os.system
"""


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.marker, "w")


def trapped(folder: Path, marker: Path) -> None:
    """A project in which whatever a careless tool might run writes a file."""
    code = f"open({str(marker)!r}, 'w').close()\ndef handler(event, context):\n    return 1\n"
    script = f"#!/bin/sh\ntouch '{marker}'\n"
    touch = f"touch '{marker}'"
    modules = ("conftest", "sitecustomize", "usercustomize", "setup", "app", "yaml", "msgspec", "tomllib", "json")
    modules += ("lambdalint", "lambdalint_rules", "pathspec", "tree_sitter", "cfnlint", "plugin", "noxfile", "__init__")
    files: dict[str, str | bytes] = {
        **{f"{name}.py": code for name in modules},
        "lambdalint_rules/__init__.py": code,
        "encodings/trap.py": code,
        "coded.py": f"# -*- coding: trap -*-\n{code}",
        "trap.pth": f"import os; os.system({touch!r})\n",
        "site-packages/trap.pth": f"import os; os.system({touch!r})\n",
        "template.yaml": TEMPLATE.replace("MARKER", str(marker)),
        "pyproject.toml": (
            '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n'
            '[project]\nname = "x"\n[project.scripts]\nlambdalint = "setup:main"\n'
            '[project.entry-points."lambdalint"]\nx = "plugin"\n[tool.lambdalint]\nignore = []\n'
        ),
        "x.egg-info/entry_points.txt": "[lambdalint]\nx = plugin\n[console_scripts]\nlambdalint = plugin:main\n",
        "package.json": json.dumps({"scripts": {"preinstall": touch, "prepare": touch}}),
        "cdk.json": json.dumps({"app": touch}),
        "Makefile": f"all:\n\t{touch}\nbuild-Orders:\n\t{touch}\n",
        "Dockerfile": f"FROM scratch\nRUN {touch}\n",
        "samconfig.toml": f'[default.build.parameters]\nhook = "{touch}"\n',
        ".git/config": f"[core]\n\tfsmonitor = {touch}\n\thooksPath = hooks\n[alias]\n\tstatus = !{touch}\n",
        ".git/HEAD": "ref: refs/heads/main\n",
        ".lambdalint_cache/0.lambdalint": pickle.dumps(Trap(str(marker))),
        ".lambdalint_cache/0.pickle": pickle.dumps(Trap(str(marker))),
    }
    write(folder, files)
    for hook in (
        *(f".git/hooks/{name}" for name in ("pre-commit", "post-checkout", "post-index-change")),
        "git",
        "node",
    ):
        path = folder / hook
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)


def command(folder: Path) -> list[str]:
    """The command as pip installs it: a script in a folder of its own, so that Python looks into no project."""
    write(folder, {"lambdalint-command": "import sys\nfrom lambdalint.cli import main\nsys.exit(main())\n"})
    return [sys.executable, str(folder / "lambdalint-command")]


def environment() -> dict[str, str]:
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    known.pop("LAMBDALINT_NO_CACHE", None)
    return known


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--level", "auditor", "--format", "full"),
        ("--diff", "--unsafe-fixes"),
        ("--cache-dir", ".lambdalint_cache"),
    ],
)
def test_nothing_of_a_project_is_run(words: tuple[str, ...], tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    project = tmp_path / "project"
    trapped(project, marker)
    if "--cache-dir" not in words:
        words = (*words, "--cache-dir", str(tmp_path / "cache"))
    for _ in range(2):  # the second time from the cache
        done = subprocess.run(
            [*command(tmp_path / "bin"), *words],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
    assert not marker.exists()


def test_a_forged_cache_is_only_data(tmp_path: Path) -> None:
    """Whatever the name of an entry is, it is never unpickled."""
    marker = tmp_path / "marker"
    project = write(tmp_path / "project", {"template.yaml": TEMPLATE.replace("MARKER", "x"), "app.py": ""})
    for path in (project, *project.iterdir()):
        os.utime(path, (1, 1))  # nothing is kept of what has changed just now
    run = [*command(tmp_path / "bin"), "--cache-dir", "cache"]
    subprocess.run(run, cwd=project, env=environment(), capture_output=True, timeout=60)
    entries = list((project / "cache").glob("**/*.lambdalint"))
    assert entries
    for entry in entries:
        entry.write_bytes(pickle.dumps(Trap(str(marker))))
    done = subprocess.run(run, cwd=project, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr
    assert not marker.exists()


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_interrupted_at_any_time(tmp_path: Path) -> None:
    """A run ends at once, says nothing of it, and leaves no half-written file."""
    project = tmp_path / "project"
    for name in ("hardcoded-region", "unused-suppression", "too-many-layers"):
        if (FIXTURES / name).is_dir():
            shutil.copytree(FIXTURES / name, project / name)
    write(project, {f"{number}/template.yaml": TEMPLATE.replace("MARKER", "x") for number in range(60)})
    before = sorted(path.relative_to(project) for path in project.rglob("*"))
    chance = random.Random(1)
    for words in (
        ("--fix", "--unsafe-fixes"),
        ("--output-file", "report.txt"),
        ("--cache-dir", str(tmp_path / "cache")),
    ):
        process = subprocess.Popen(
            [*command(tmp_path / "bin"), *words],
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(0.25 + chance.random() / 2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)  # a run that goes on ends here
        if process.returncode == 130:
            assert not err or err.startswith(b"Fixed ")  # it was done with the project
        assert b"Traceback" not in err or (b"lambdalint-command" in err and b"<frozen" in err)  # not yet within main
    after = sorted(path.relative_to(project) for path in project.rglob("*") if path.name != "report.txt")
    assert after == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_a_full_disk(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"template.yaml": TEMPLATE + "      Timeout: 3\n      Timeout: 4\n"})
    run = command(tmp_path / "bin")
    with open("/dev/full", "w") as full:
        done = subprocess.run(run, cwd=project, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (
        2,
        "lambdalint: error: standard output cannot be written: No space left on device\n",
    )
    with open("/dev/full", "w") as full:
        done = subprocess.run(run, cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=full, text=True)
    assert done.returncode == 1 and done.stdout
    done = subprocess.run([*run, "--output-file", "/dev/full"], cwd=project, env=environment(), stderr=subprocess.PIPE)
    assert done.returncode == 2 and b"/dev/full: cannot be written: No space left on device" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_an_interrupt_that_the_interpreter_drops(tmp_path: Path) -> None:
    """What is raised in a destructor goes nowhere; the run ends all the same."""
    script = (
        "import signal, sys, time\n"
        "from lambdalint import cli, engine\n"
        "class Dropping:\n"
        "    def __del__(self): signal.raise_signal(signal.SIGINT); [None for _ in range(1000)]\n"
        "def check(*_): Dropping(); time.sleep(30)\n"
        "engine.check = check\n"
        "sys.argv = ['lambdalint']\n"
        "cli.run()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**environment(), "LAMBDALINT_NO_CACHE": "1"},
        capture_output=True,
        timeout=20,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
