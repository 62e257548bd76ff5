"""Results of earlier runs: used while nothing has changed, thrown away otherwise."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path

import pytest

from lambdalint import cli, engine
from lambdalint.report import Report
from tests.support import write

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
"""
MODULE = 'ARN = "arn:aws:sns:eu-west-1:123456789012:orders"\n\n\ndef handler(event, context):\n    return ARN\n'


class Project:
    """A project whose runs are counted."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.capsys = capsys
        self.checks = 0
        check = engine.check

        def counted(*arguments: object) -> Report:
            self.checks += 1
            return check(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(engine, "check", counted)

    def run(self, *arguments: str) -> tuple[int, str, int]:
        """Exit status, output, and how often something was checked."""
        before = self.checks
        status = cli.main(["--quiet", *arguments])
        return status, self.capsys.readouterr().out, self.checks - before

    @property
    def cache(self) -> list[Path]:
        return sorted((self.folder / "cache").glob("*.lambdalint"))


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    write(tmp_path / "project", {"template.yaml": TEMPLATE, "src/app.py": MODULE})
    (tmp_path / "project/.git").mkdir()
    age(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.delenv("LAMBDALINT_NO_CACHE")
    monkeypatch.setenv("LAMBDALINT_CACHE_DIR", str(tmp_path / "cache"))
    return Project(tmp_path, capsys, monkeypatch)


def age(folder: Path) -> None:
    """Makes files look as if they had been there for a while."""
    then = time.time() - 100
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (then, then))


def test_nothing_changed(project: Project) -> None:
    first = project.run()
    again = project.run()
    assert first[:2] == again[:2] and first[1].startswith("src/app.py:1:7: LL201")
    assert (first[2], again[2]) == (1, 0)


def test_formats_and_failing_are_no_part_of_it(project: Project) -> None:
    whole = project.run("--format", "json")
    assert project.run("--format", "json") == (*whole[:2], 0)
    assert "LL201" in project.run("--format", "full")[1]
    assert project.run("--exit-zero")[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"src/app.py": MODULE.replace("orders", "other1")},
        {"template.yaml": TEMPLATE + "      Timeout: 5\n"},
        {"src/more.py": ""},
        {"lambdalint.toml": 'ignore = ["LL201"]\n'},
        {".gitignore": "src\n"},
        {"src/.gitignore": "app.py\n"},
        {"src/requirements.txt": "requests\n"},
    ],
)
def test_something_changed(project: Project, change: dict[str, str]) -> None:
    project.run()
    write(project.folder / "project", change)
    fresh = cli.main(["--quiet", "--no-cache"]), project.capsys.readouterr().out
    status, out, checks = project.run()
    assert checks == 1 and (status, out) == fresh


def test_what_nested_settings_extend(project: Project) -> None:
    files = {"shared.toml": 'level = "regular"\n', "src/lambdalint.toml": 'extend = "../shared.toml"\n'}
    write(project.folder / "project", files)
    age(project.folder / "project")
    assert "LL201" in project.run()[1]
    assert project.run()[2] == 0
    write(project.folder / "project", {"shared.toml": 'ignore = ["LL201"]\n'})
    assert "LL201" not in project.run()[1]


def test_a_file_that_went(project: Project) -> None:
    project.run()
    (project.folder / "project/src/app.py").unlink()
    _, out, checks = project.run()
    assert (out, checks) == ("", 1)


def test_other_times_but_the_same_content(project: Project) -> None:
    project.run()
    age(project.folder / "project")
    assert project.run()[2] == 0


def test_same_time_and_size_as_a_fresh_file_is_not_trusted(project: Project) -> None:
    path = project.folder / "project/src/app.py"
    path.write_text(MODULE)
    then = path.stat().st_mtime_ns
    assert "LL201" in project.run()[1]
    path.write_text(MODULE.replace("arn:aws:", "xyz:aws:"))
    os.utime(path, ns=(then, then))
    assert "LL201" not in project.run()[1]


@pytest.mark.parametrize(
    "options", [("--select", "LL101"), ("--level", "auditor"), ("--today", "2031-01-01"), ("src",)]
)
def test_other_options(project: Project, options: tuple[str, ...]) -> None:
    project.run()
    assert project.run(*options)[2] == 1
    assert project.run(*options)[2] == 0
    assert project.run()[2] == 0


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"nonsense", b"\x9c" * 1000, pickle.dumps(print)])
def test_a_damaged_entry_is_replaced(project: Project, damage: bytes) -> None:
    first = project.run()
    for entry in project.cache:
        entry.write_bytes(damage)
    assert project.run() == first
    assert project.run()[2] == 0


def test_one_entry_is_not_another(project: Project) -> None:
    project.run()
    project.run("--select", "LL101")
    outputs = project.run()[1], project.run("--select", "LL101")[1]
    assert outputs[0] != outputs[1]
    contents = [entry.read_bytes() for entry in project.cache]
    for entry, other in zip(project.cache, (*contents[1:], contents[0])):
        entry.write_bytes(other)
    assert (project.run()[1], project.run("--select", "LL101")[1]) == outputs


def test_no_cache_and_clean(project: Project) -> None:
    project.run("--no-cache")
    assert not project.cache
    project.run()
    (project.folder / "cache/mine.txt").write_text("kept")
    assert len(project.cache) == 2
    assert cli.main(["clean"]) == 0
    assert not project.cache and (project.folder / "cache/mine.txt").exists()


def test_a_folder_that_can_not_be_made(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.folder / "file").write_text("")
    first = project.run("--cache-dir", str(project.folder / "file/cache"))
    assert first[0] == 1 and first[2] == 1


def test_old_entries_make_room(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambdalint.cache_folder.MAX_ENTRIES", 2)
    for day in range(1, 6):
        project.run("--today", f"2030-01-0{day}")
    assert len(project.cache) == 2


def test_failures_are_not_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project.folder / "project", {"bad.yaml": b"\xff"})
    os.chmod(project.folder / "project/bad.yaml", 0o644)
    age(project.folder / "project")
    first = project.run()
    assert project.run()[:2] == first[:2]


def test_what_may_be_executed(project: Project) -> None:
    project.run()
    (project.folder / "project/src/app.py").chmod(0o755)
    assert project.run()[2] == 1


class TestSetting:
    @pytest.fixture(autouse=True)
    def home(self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.delenv("LAMBDALINT_CACHE_DIR")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
        return tmp_path / "home/lambdalint"

    def configured(self, tmp_path: Path, files: dict[str, str]) -> Path:
        write(tmp_path / "project", files)
        age(tmp_path / "project")
        return tmp_path / "project"

    def test_a_folder_of_the_project(self, project: Project, tmp_path: Path, home: Path) -> None:
        place = self.configured(tmp_path, {"lambdalint.toml": 'cache-dir = "./.kept/results"\n'}) / ".kept/results"
        first = project.run()
        assert first[2] == 1 and list(place.glob("*.lambdalint")) and (place / "CACHEDIR.TAG").exists()
        assert not home.exists()
        age(tmp_path / "project")
        assert project.run() == (*first[:2], 1)  # that the folder was made has changed the project
        assert project.run() == (*first[:2], 0)
        assert project.run("src/app.py")[2] == 1
        assert project.run("src/app.py")[2] == 0
        assert project.run("--isolated")[2] == 1 and home.is_dir()
        assert project.run("--cache-dir", str(tmp_path / "cache"))[2] == 1 and project.cache
        assert cli.main(["clean"]) == 0
        assert not list(place.glob("*.lambdalint")) and project.cache

    def test_in_pyproject(self, project: Project, tmp_path: Path) -> None:
        folder = self.configured(tmp_path, {"pyproject.toml": '[tool.lambdalint]\ncache-dir = "cache"\n'})
        project.run()
        assert list((folder / "cache").glob("*.lambdalint"))

    @pytest.mark.parametrize("value", ["../cache", "/tmp/cache", "a/../../b", "C:/cache", "~/../x", "", ".", "\\\\a"])
    def test_never_outside(self, value: str, project: Project, tmp_path: Path) -> None:
        self.configured(tmp_path, {"lambdalint.toml": f"cache-dir = {value!r}\n"})
        before = sorted(tmp_path.rglob("*"))
        assert project.run()[0] == 2
        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.skipif(os.name == "nt", reason="links need rights")
    def test_not_through_a_link(self, project: Project, tmp_path: Path, home: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "project/link").symlink_to(tmp_path / "elsewhere")
        self.configured(tmp_path, {"lambdalint.toml": 'cache-dir = "link/cache"\n'})
        assert project.run()[0] == 1
        assert not list((tmp_path / "elsewhere").iterdir()) and home.is_dir()

    def test_not_by_a_file_that_is_extended(self, project: Project, tmp_path: Path, home: Path) -> None:
        files = {"base.toml": 'cache-dir = "cache"\n', "lambdalint.toml": 'extend = "base.toml"\n'}
        folder = self.configured(tmp_path, files)
        assert project.run()[0] == 1
        assert not (folder / "cache").exists() and home.is_dir()
        assert cli.main(["--show-settings", "."]) == 0
        assert "cache-dir is not set" in project.capsys.readouterr().out

    def test_within_the_code(self, project: Project, tmp_path: Path) -> None:
        files = {"template.yaml": TEMPLATE.replace("CodeUri: src", "CodeUri: ."), "app.py": MODULE}
        self.configured(tmp_path, {**files, "lambdalint.toml": 'cache-dir = "kept"\nlevel = "auditor"\n'})
        first = project.run()
        age(tmp_path / "project")
        assert project.run() == (*first[:2], 1)
        assert project.run() == (*first[:2], 0)
        assert project.run() == (*first[:2], 0)
