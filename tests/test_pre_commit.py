"""The hooks, run by the real pre-commit in a temporary repository.

pre-commit would install lambdalint from the network; the hooks run the one that is tested instead. All else (what they
run on, what they are given, how) is theirs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import write

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handle
      CodeUri: src/
  Prices:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: prices.handler
      CodeUri: src/
"""
HANDLER = 'import os\n\n\ndef handler(event, context):\n    return os.environ["TABLE_NAME"]\n'

pytestmark = [
    pytest.mark.skipif(find_spec("pre_commit") is None, reason="pre-commit is not installed: pip install -e '.[test]'"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "rules"))))
    hooks = [{**hook, "language": "system", "entry": _here(hook["entry"])} for hook in HOOKS]
    for hook in hooks:
        hook.pop("minimum_pre_commit_version", None)
    folder = write(
        tmp_path / "repository",
        {
            "template.yaml": TEMPLATE,
            "src/app.py": "def handler(event, context):\n    return 1\n",
            "src/prices.py": HANDLER,
            "README.md": "# Orders\n",
            ".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}),
        },
    )
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return folder


def _here(entry: str) -> str:
    command, *options = entry.split()
    assert command == "lambdalint"
    return " ".join((f'"{sys.executable}" -m lambdalint', *options))


def run(repository: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(command).returncode == 0
    assert [hook["id"] for hook in HOOKS] == ["lambdalint", "lambdalint-files"]
    assert all(hook["language"] == "python" for hook in HOOKS)


def test_whole_project_whatever_changes(repository: Path) -> None:
    status, output = run(repository, "lambdalint", "--files", "src/app.py")
    assert status == 1
    assert "template.yaml:7:16: LL101 Orders" in output
    assert "src/prices.py:5:12: LL208 Prices" in output
    assert output.count("LL101") == 1


def test_changed_files_in_the_light_of_their_project(repository: Path) -> None:
    status, output = run(repository, "lambdalint-files", "--files", "src/prices.py", "README.md")
    assert status == 1
    assert "src/prices.py:5:12: LL208 Prices" in output
    assert "LL101" not in output
    status, output = run(repository, "lambdalint-files", "--files", "src/app.py")
    assert (status, "Passed" in output) == (0, True)


@pytest.mark.parametrize("hook", ["lambdalint", "lambdalint-files"])
def test_nothing_to_do(repository: Path, hook: str) -> None:
    status, output = run(repository, hook, "--files", "README.md")
    assert (status, "(no files to check)Skipped" in output) == (0, True)


@pytest.mark.parametrize(
    ("path", "is_whole", "is_file"),
    [
        ("template.yml", True, True),
        ("stacks/orders.template", True, True),
        ("stacks/orders.json", True, True),
        ("src/app.mjs", True, True),
        ("src/app.cts", True, True),
        ("src/view.tsx", True, True),
        ("src/requirements-dev.txt", True, False),
        ("lambdalint.toml", True, False),
        ("notes.txt", False, False),
        ("app.pyc", False, False),
        ("Makefile", False, False),
    ],
)
def test_what_hooks_run_on(repository: Path, path: str, is_whole: bool, is_file: bool) -> None:
    write(repository, {path: ""})
    for hook, expected in (("lambdalint", is_whole), ("lambdalint-files", is_file)):
        assert ("no files to check" not in run(repository, hook, "--files", path)[1]) == expected
