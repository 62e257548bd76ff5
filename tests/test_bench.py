"""The projects that tools/bench measures: always the same, and read without trouble. No test depends on time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lambdalint.engine import check
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import TODAY
from tools.bench import corpus, floor

ROOT = Path(__file__).parents[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_generated_projects_are_the_same_each_time(tmp_path: Path) -> None:
    one = corpus.generated(tmp_path / "one", 30)
    two = corpus.generated(tmp_path / "two", 30)
    assert contents(one.root) == contents(two.root)
    assert one._replace(root=two.root) == two
    other = corpus.generated(tmp_path / "three", 30, seed=2)
    assert contents(other.root) != contents(one.root)


@pytest.mark.parametrize("functions", [1, 30])
def test_lambdalint_reads_all_functions(tmp_path: Path, functions: int) -> None:
    made = corpus.generated(tmp_path, functions, cdk_mb=1)
    root = str(made.root.resolve())
    project = Reading(root, Settings()).project()
    assert len(project.functions) == functions
    report = check(root, [root], Settings(), TODAY)
    assert not report.crashes and not report.unreadable and not report.notes
    assert len(project.templates) == made.template_count
    assert {item.code for item in report.findings} == {"LL208"}
    assert made.handler in {item.span.path for item in report.findings}


def test_size_of_cdk_templates(tmp_path: Path) -> None:
    made = corpus.assembly(tmp_path, 0.1)
    assert 80_000 < (made.root / made.template).stat().st_size <= 100_000
    project = Reading(str(made.root.resolve()), Settings()).project()
    assert len(project.functions) == made.functions


def test_floor_parses_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = corpus.generated(tmp_path, 30, cdk_mb=1)
    floor.main(str(made.root))
    assert '"failed": 0' in capsys.readouterr().out


def test_command_line() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "bench", "--help"], capture_output=True, text=True, check=True
    )
    assert "--functions" in done.stdout
