"""Parts of a project that are judged apart say together what the project as a whole says."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lambdalint import parts, workers
from lambdalint.engine import check
from lambdalint.finding import Level
from lambdalint.judging import outcome_of
from lambdalint.memory import Memory
from lambdalint.project.ties import Grouping
from lambdalint.report import Report
from lambdalint.settings import Settings
from lambdalint.stamps import Stamps
from tests.support import TODAY, write
from tools.bench import corpus

LATER = 1 << 62
FUNCTION = """\
Resources:
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.9
      Handler: app.handler
      CodeUri: src
      Layers: [!Ref Shared]
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {{ContentUri: ../shared}}
"""
MODULE = """\
import boto3
import common


def handler(event, context):
    client = boto3.client("s3")
    return client.get_object(Bucket="{name}-bucket", Key=common.KEY)
"""
COMMON = (
    'KEY = "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL201] for now\nREGION = "eu-west-1"\n'
)
NAMES = ("One", "Two", "Three")


def monorepo(folder: Path) -> str:
    files = {"shared/python/common.py": COMMON, "jobs/job.py": MODULE.format(name="job")}
    for name in NAMES:
        files[f"{name}/template.yaml"] = FUNCTION.format(name=name)
        files[f"{name}/src/app.py"] = MODULE.format(name=name)
    files["broken.yaml"] = FUNCTION.format(name="Broken").replace("[!Ref Shared]", "[")
    return str(write(folder, files).resolve())


def run(root: str, *shown: str, memory: Path | None = None, overlay: dict[str, bytes] | None = None) -> Report:
    remember = None
    if memory is not None:
        stamps = Stamps(root, LATER, overlay or ())
        remember = lambda key: Memory(str(memory), "name", key, stamps)  # noqa: E731
    paths = [os.path.join(root, item) for item in shown] or [root]
    return check(root, paths, Settings(level=Level.AUDITOR), TODAY, overlay, remember=remember)


def told(report: Report) -> object:
    assert not report.crashes
    return (report.findings, report.silenced, report.hidden, report.notes, report.checked)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes one part of all templates."""

    def grouped(ties, mentions, scan, code):  # type: ignore[no-untyped-def]
        del mentions, code
        unnamed = tuple(file.path for file in scan(frozenset()) if file.may_hold_handler)
        return Grouping((tuple(range(len(ties))),), (unnamed,), ())

    monkeypatch.setattr(parts, "grouped", grouped)


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FEW", 1)
    monkeypatch.setattr(workers, "count", lambda: 2)


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "count", lambda: 1)


class TestSameness:
    def test_as_a_whole(self, tmp_path: Path, one_process: None, request: pytest.FixtureRequest) -> None:
        roots = [monorepo(tmp_path / "a"), str(corpus.generated(tmp_path / "b", 30, cdk_mb=1).root.resolve())]
        apart = [told(run(root)) for root in roots]
        request.getfixturevalue("whole")
        assert [told(run(root)) for root in roots] == apart

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no forking here")
    def test_with_processes(self, tmp_path: Path, request: pytest.FixtureRequest) -> None:
        roots = [monorepo(tmp_path / "a"), str(corpus.generated(tmp_path / "b", 30, cdk_mb=1).root.resolve())]
        request.getfixturevalue("one_process")
        alone = [told(run(root)) for root in roots]
        request.getfixturevalue("two_processes")
        assert [told(run(root)) for root in roots] == alone

    def test_a_file_is_judged_as_in_the_whole(self, tmp_path: Path) -> None:
        for root in (monorepo(tmp_path / "a"), str(corpus.generated(tmp_path / "b", 30, cdk_mb=1).root.resolve())):
            report = run(root)
            for path in sorted({item.span.path for item in report.findings}):
                own = tuple(item for item in report.findings if item.span.path == path)
                assert run(root, path).findings == own, path

    def test_only_what_may_be_shown_is_judged(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = monorepo(tmp_path)
        write(tmp_path, {".github/ci.yml": "on: push\n", "util/x.js": "module.exports = 1;\n"})
        judged: list[str] = []

        def counted(reading, *others):  # type: ignore[no-untyped-def]
            judged.extend(template.path for template in reading.templates)
            return outcome_of(reading, *others)

        monkeypatch.setattr(parts, "outcome_of", counted)
        for shown, expected in (
            ("Two/src/app.py", ["Two"]),
            ("Two", ["Two"]),
            ("Two/template.yaml", ["Two"]),
            ("shared/python/common.py", ["One", "Three", "Two"]),
            (".github/ci.yml", []),
            ("jobs", []),
            ("util/x.js", ["One", "Three", "Two"]),
        ):
            judged.clear()
            run(root, shown)
            assert sorted(judged) == [f"{name}/template.yaml" for name in expected], shown

    def test_places_in_large_templates_are_told(self, tmp_path: Path) -> None:
        made = corpus.assembly(tmp_path, 2.2)
        root = str(made.root.resolve())
        assert (made.root / made.template).stat().st_size > 2_000_000
        places = [part for item in run(root).findings for part in item.related if part.span.path == made.template]
        assert places and all(part.span.line > 1 for part in places)


class TestMemory:
    def test_what_is_known_is_not_judged_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = monorepo(tmp_path / "project")
        judged: list[str] = []

        def counted(reading, unnamed, *others):  # type: ignore[no-untyped-def]
            judged.append(next((template.path for template in reading.templates), "") or next(iter(unnamed), ""))
            return outcome_of(reading, unnamed, *others)

        monkeypatch.setattr(parts, "outcome_of", counted)
        monkeypatch.setattr(workers, "count", lambda: 1)
        first = told(run(root, memory=tmp_path))
        assert len(judged) == 5
        judged.clear()
        assert told(run(root, memory=tmp_path)) == first and judged == []
        write(Path(root), {"Two/src/app.py": MODULE.format(name="other")})
        assert told(run(root, memory=tmp_path)) != first and judged == ["Two/template.yaml"]
        judged.clear()
        assert run(root, "Two/src/app.py", memory=tmp_path).findings and judged == []
        overlay = {"One/src/app.py": b"def handler(event, context):\n    return 1\n"}
        unsaved = run(root, "One/src/app.py", memory=tmp_path, overlay=overlay)
        assert not any(item.code == "LL301" for item in unsaved.findings)
        assert judged == ["One/template.yaml"]
        judged.clear()
        run(root, memory=tmp_path)
        assert judged == []
        write(Path(root), {"shared/python/common.py": COMMON.replace("orders", "others")})
        run(root, memory=tmp_path)
        assert sorted(judged) == ["One/template.yaml", "Three/template.yaml", "Two/template.yaml"]

    def test_after_any_edits_it_says_what_a_fresh_run_says(self, tmp_path: Path) -> None:
        root = monorepo(tmp_path / "project")
        chance = random.Random(5)
        contents = [
            MODULE.format(name="Two"),
            MODULE.format(name="new"),
            "def handler(event, context):\n    return 1\n",
            "def (:\n",
            COMMON,
            "",
        ]
        paths = [
            "One/src/app.py",
            "Two/src/app.py",
            "Two/src/common.py",
            "jobs/job.py",
            "shared/python/common.py",
            "x.py",
        ]
        templates = [FUNCTION.format(name="Any"), FUNCTION.format(name="Any").replace("src", "../One/src"), "A: [\n"]
        for _ in range(25):
            if chance.random() < 0.3:
                path = Path(root, chance.choice(["One/template.yaml", "Four/template.yaml", ".gitignore"]))
                text = chance.choice(templates) if path.suffix else chance.choice(["", "jobs\n", "One/src\n"])
            else:
                path, text = Path(root, chance.choice(paths)), chance.choice(contents)
            if path.exists() and chance.random() < 0.2:
                path.unlink()
            else:
                write(path.parent, {path.name: text})
            shown = chance.choice([(), (), ("One",), ("shared/python/common.py",)])
            shown = tuple(item for item in shown if Path(root, item).exists())
            assert told(run(root, *shown, memory=tmp_path)) == told(run(root, *shown)), path

    @pytest.mark.parametrize("damage", [b"", b"\xc1", b"nonsense", b"\x95" * 1000])
    def test_damage(self, tmp_path: Path, damage: bytes) -> None:
        root = monorepo(tmp_path / "project")
        first = told(run(root, memory=tmp_path))
        (entry,) = tmp_path.glob("*.lambdalint")
        entry.write_bytes(damage)
        assert told(run(root, memory=tmp_path)) == first
        assert entry.read_bytes() != damage


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forking here")
class TestProcesses:
    def test_one_that_ends_early(self, tmp_path: Path, two_processes: None, monkeypatch: pytest.MonkeyPatch) -> None:
        def ending(reading, *others):  # type: ignore[no-untyped-def]
            if any(template.path == "Two/template.yaml" for template in reading.templates):
                os._exit(9)
            return outcome_of(reading, *others)

        monkeypatch.setattr(parts, "outcome_of", ending)
        report = run(monorepo(tmp_path))
        (crash,) = report.crashes
        assert crash.part == "a process of lambdalint" and crash.subject.startswith("Two")
        assert {item.span.path for item in report.findings} >= {"One/src/app.py", "Three/src/app.py"}

    @pytest.mark.parametrize("possible", [0, 1])
    def test_where_no_more_can_be_started(
        self, tmp_path: Path, two_processes: None, monkeypatch: pytest.MonkeyPatch, possible: int
    ) -> None:
        root = monorepo(tmp_path)
        expected = told(run(root))
        fork, count = os.fork, 0

        def refusing() -> int:
            nonlocal count
            count += 1
            if count > possible:
                raise BlockingIOError("Resource temporarily unavailable")
            return fork()

        monkeypatch.setattr(os, "fork", refusing)
        assert told(run(root)) == expected

    def test_results_come_whole(self) -> None:
        sizes = [0, 1, 100_000, 3_000_000, 5]
        found = dict(workers.run(len(sizes), lambda task: bytes([task]) * sizes[task], 3))
        assert found == {task: bytes([task]) * size for task, size in enumerate(sizes)}

    def test_more_tasks_than_a_pipe_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workers, "MAX_TASKS", 3)
        assert dict(workers.run(10, lambda task: str(task).encode(), 2)) == {i: str(i).encode() for i in range(10)}

    def test_nobody_stays(self) -> None:
        running = workers.run(4, lambda task: os.getpid().to_bytes(4, "little") if task < 3 else _sleep(), 2)
        children = {int.from_bytes(next(running)[1], "little") for _ in range(3)}
        running.close()  # type: ignore[attr-defined]
        for child in children:
            with pytest.raises(ProcessLookupError):
                os.kill(child, 0)

    def test_nobody_stays_when_the_parent_is_killed(self, tmp_path: Path) -> None:
        script = (
            "import os, sys, time\n"
            "from lambdalint import workers\n"
            "def work(task):\n"
            "    open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
            "    time.sleep(0.1)\n"
            "    return b''\n"
            "for _ in workers.run(1000, work, 2): pass\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        parent.kill()
        parent.wait()
        for child in tmp_path.iterdir():
            while Path("/proc", child.name).exists():  # it ends before its next task, or this test never does
                time.sleep(0.01)


def _sleep() -> bytes:
    time.sleep(60)
    return b""
