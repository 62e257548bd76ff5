"""A rule pack is another package, and works like the built-in one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from lambdalint import cli
from lambdalint.engine import all_rules
from lambdalint.rule import load_pack
from tests.support import write

ROOT = Path(__file__).parents[1]
PACK = ROOT / "docs" / "examples" / "rule-pack"
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: s3://artifacts/orders.zip
"""
SETTINGS = 'plugins = ["my_rules"]\nextend-select = ["MY"]\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project whose settings name the pack of the guide."""
    monkeypatch.syspath_prepend(str(PACK))
    monkeypatch.chdir(write(tmp_path, {"template.yaml": TEMPLATE, "lambdalint.toml": SETTINGS}))
    yield tmp_path
    all_rules.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "my_rules"]:
        del sys.modules[name]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(arguments)
    return status, capsys.readouterr().out


def test_its_rules_are_found(project: Path) -> None:
    assert [(rule.code, rule.name) for rule in load_pack("my_rules")] == [("MY101", "service-name-not-set")]


def test_settings_name_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys)
    assert status == 1
    assert out.startswith("template.yaml:3:3: MY101 Orders does not set `POWERTOOLS_SERVICE_NAME`, ")
    assert run(capsys, "--isolated")[0] == 0


def test_options_and_comments(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"lambdalint.toml": SETTINGS + '[rules.service-name-not-set]\nvariable = "SERVICE"\n'})
    assert "does not set `SERVICE`" in run(capsys)[1]
    write(project, {"template.yaml": TEMPLATE.replace("Orders:", "Orders:  # lambdalint: ignore[MY101] no logs")})
    assert run(capsys) == (0, "")


def test_its_rules_are_explained(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "rule", "MY101", "--format", "markdown")[1].startswith("# MY101 service-name-not-set\n")
    assert "MY101" in run(capsys, "rules")[1]
    write(project, {"lambdalint.toml": "level = 7\n"})
    assert run(capsys, "rule", "LL101")[0] == 0


def test_its_own_tests_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PACK)]
    path = os.pathsep.join((str(ROOT), str(ROOT / "rules")))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_guide_shows_it() -> None:
    guide = (ROOT / "docs" / "rule-packs.md").read_text(encoding="utf-8")
    for name in ("pyproject.toml", "my_rules/service_name_not_set.py", "tests/test_rules.py"):
        assert f'title="{name}"\n{(PACK / name).read_text(encoding="utf-8")}```' in guide


def test_a_rule_is_asked_only_where_a_template_has_what_it_needs(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [replace(rule, needs=("Tracing", "CodeUri")) for rule in load_pack("my_rules")]
    monkeypatch.setattr("lambdalint.engine.load_pack", lambda package: found if package == "my_rules" else [])
    assert "MY101" in run(capsys)[1]
    all_rules.cache_clear()
    found = [replace(rule, needs=("Tracing", "SnapStart")) for rule in found]
    assert run(capsys) == (0, "")
    write(project, {"functions/template.json": '{"Resources": {"A": {"Type": "AWS::X::Y", "Tracing": 1}}}'})
    assert run(capsys) == (0, "")  # of another part
    write(project, {"template.yaml": TEMPLATE + "      Tracing: Active\n"})
    assert "MY101" in run(capsys)[1]
