"""The command line: what outsiders rely on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lambdalint import cli, engine, reading
from tests.support import write

pytestmark = pytest.mark.usefixtures("few_rules")

FUNCTION = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
"""
TWICE = FUNCTION + "      Timeout: 3\n      Timeout: 4\n"
MODULE = "def handler(event, context):\n    return 1\n"
CODE_LINE = re.compile(r"[^:]+:[1-9]\d*:[1-9]\d*: LL\d{3} \S.*\Z")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean project in the working directory."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path, {"template.yaml": FUNCTION, "src/app.py": MODULE})
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    status = cli.main(arguments)
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


class TestExitStatus:
    def test_clean(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(capsys) == (0, [], [])

    def test_findings(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"template.yaml": TWICE})
        assert run(capsys)[0] == 1
        assert run(capsys, "--exit-zero")[0] == 0

    @pytest.mark.usefixtures("more_rules")
    def test_fail_on(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(capsys)[0] == 1
        assert run(capsys, "--fail-on", "warning")[0] == 1
        assert run(capsys, "--fail-on", "error")[0] == 0
        assert run(capsys, "--select", "LL992")[0] == 1
        assert run(capsys, "--select", "LL992", "--fail-on", "warning")[0] == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--nonsense",),
            ("--level", "strict"),
            ("--format", "xml"),
            ("--today", "tomorrow"),
            ("--select", "LX501"),
            ("--select", ","),
            ("nowhere",),
            ("src/app.py", "nowhere.yaml"),
            ("a\0b",),
            ("rule",),
            ("rule", "no-such-rule"),
            ("rules", "LL501"),
            ("--level", "regular", "rules"),
        ],
    )
    def test_could_not_run(self, project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
        status, out, err = run(capsys, *arguments)
        assert (status, out) == (2, [])
        assert err[-1].startswith("lambdalint: error: ")

    def test_missing_path_does_not_hide_the_others(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"template.yaml": TWICE})
        status, out, err = run(capsys, "nowhere", ".")
        assert status == 2
        assert len(out) == 1
        assert "lambdalint: error: nowhere: no such file or folder" in err

    @pytest.mark.usefixtures("broken_rule")
    def test_rule_that_fails(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(
            project,
            {
                "template.yaml": FUNCTION.replace("Orders", "BadOne")
                + FUNCTION.replace("Resources:\n", "")
                + FUNCTION.replace("Resources:\n", "").replace("Orders", "BadTwo")
            },
        )
        status, out, err = run(capsys)
        assert status == 2
        assert [line.partition(" ")[2] for line in out if "LL993" in line] == ["LL993 Orders is fine"]
        assert len([line for line in out if "LL991" in line]) == 3
        assert err[0] == (
            "lambdalint: error: rule LL993 fails-on-some failed on <Function BadOne> in template.yaml and 1 more "
            "(IndexError: no such thing)"
        )
        assert "report" in err[1] and "--verbose" in err[1]
        assert not any("Traceback" in line for line in err)
        assert any("Traceback" in line for line in run(capsys, "--verbose")[2])

    def test_reader_that_fails(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(project, {"a.yaml": FUNCTION, "template.yaml": TWICE})
        really = reading.read

        def read(source):  # type: ignore[no-untyped-def]
            if source.path == "a.yaml":
                raise KeyError("x")
            return really(source)

        monkeypatch.setattr(reading, "read", read)
        status, out, err = run(capsys)
        assert status == 2
        assert len(out) == 1
        assert err[0] == "lambdalint: error: the reader of templates failed on a.yaml (KeyError: 'x')"

    @pytest.mark.parametrize("form", ["concise", "json"])
    def test_lambdalint_that_fails(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        monkeypatch.setattr(reading, "build", lambda *_: 1 / 0)
        status, out, err = run(capsys, "--format", form)
        assert status == 2
        assert "ZeroDivisionError" in err[0]
        assert json.loads("\n".join(out))["diagnostics"] == [] if form == "json" else out == []

    @pytest.mark.parametrize("form", ["concise", "json"])
    def test_outermost_failure(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        monkeypatch.setattr(engine, "check", lambda *_: 1 / 0)
        status, out, err = run(capsys, "--format", form)
        assert status == 2
        assert "ZeroDivisionError" in err[0] and "report" in err[0]
        assert json.loads("\n".join(out))["diagnostics"] == [] if form == "json" else out == []

    def test_interrupt(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(engine, "check", interrupt)
        assert run(capsys) == (130, [], [])


class TestConcise:
    def test_only_findings_on_standard_output(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"template.yaml": TWICE, "src/app.py": "def handler(:"})
        _, out, err = run(capsys)
        assert all(CODE_LINE.match(line) for line in out)
        assert [line.partition(" ")[0] for line in out] == ["src/app.py:1:13:", "template.yaml:9:7:"]
        assert err == ["Found 2 findings (2 errors, 0 warnings, 0 notes); 0 suppressed, 0 hidden by level"]
        assert run(capsys, "--quiet")[2] == []

    def test_paths_are_relative_to_the_working_directory(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(project, {"template.yaml": TWICE, "other/x.txt": ""})
        monkeypatch.chdir(project / "other")
        assert run(capsys, "..")[1][0].startswith("../template.yaml:9:7: LL001 ")
        assert run(capsys, str(project))[1][0].startswith("../template.yaml:9:7: LL001 ")

    @pytest.mark.usefixtures("more_rules")
    def test_summary_counts_what_is_not_shown(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"template.yaml": TWICE.replace("Timeout: 4", "Timeout: 4  # lambdalint: ignore[LL001] x")})
        _, _, err = run(capsys)
        assert err == ["Found 1 finding (0 errors, 1 warning, 0 notes); 1 suppressed, 1 hidden by level"]

    def test_paths_that_are_no_text(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = os.fsencode(project) + b"/caf\xe9"
        try:
            os.mkdir(folder)
        except OSError:
            pytest.skip("the file system wants text")
        with open(folder + b"/template.yaml", "w") as file:
            file.write(TWICE)
        for form in ("concise", "full", "json"):
            status, out, _ = run(capsys, "--format", form)
            assert status == 1
            assert "LL001" in "\n".join(out)
            "\n".join(out).encode("utf-8")


class TestStatistics:
    @pytest.mark.usefixtures("more_rules")
    def test_counts_are_sorted(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        other = TWICE.replace("Resources:\n", "").replace("Orders", "Other")
        write(project, {"template.yaml": TWICE + other})
        _, out, _ = run(capsys, "--statistics", "--level", "pedantic", "--ignore", "LL501")
        assert out == [
            "    2  LL001  syntax-error",
            "    2  LL991  every-function",
            "    2  LL992  every-function-quietly",
        ]
        write(project, {"template.yaml": TWICE + other.replace("      Timeout: 4\n", "")})
        assert [line.split()[:2] for line in run(capsys, "--statistics")[1]] == [["2", "LL991"], ["1", "LL001"]]
        _, out, _ = run(capsys, "--statistics", "--format", "json")
        assert json.loads("\n".join(out))["statistics"] == [
            {"code": "LL991", "name": "every-function", "count": 2},
            {"code": "LL001", "name": "syntax-error", "count": 1},
        ]


class TestSelection:
    def codes(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
        status, out, err = run(capsys, *arguments)
        assert status < 2, err
        return [line.split()[1] for line in out]

    @pytest.mark.usefixtures("more_rules")
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ((), ["LL991"]),
            (("--level", "pedantic"), ["LL991", "LL992"]),
            (("--select", "LL992"), ["LL992"]),
            (("--select", "ll992"), ["LL992"]),
            (("--select", "every-function-quietly"), ["LL992"]),
            (("--select", "LL501,LL992", "--select", "LL991"), ["LL991", "LL992"]),
            (("--select", "LL9"), ["LL991", "LL992"]),
            (("--select", "ALL"), ["LL991", "LL992"]),
            (("--select", "ALL", "--ignore", "LL991"), ["LL992"]),
            (("--select", "LL992", "--ignore", "LL9"), ["LL992"]),
            (("--select", "LL9", "--ignore", "LL9"), []),
            (("--extend-select", "LL992"), ["LL991", "LL992"]),
            (("--ignore", "every-function"), []),
            (("--ignore", "ALL"), []),
            (("--select", "LL210"), []),
            (("--select", "LL2,LL777"), []),
        ],
    )
    def test_what_runs(
        self, project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], expected: list[str]
    ) -> None:
        assert self.codes(capsys, *arguments) == expected

    @pytest.mark.parametrize(
        ("name", "near"),
        [("LL5011", "LL501"), ("too_many_layers", "too-many-layers"), ("all", "ALL")],
    )
    def test_unknown_selectors_are_errors(
        self, project: Path, capsys: pytest.CaptureFixture[str], name: str, near: str
    ) -> None:
        for option in ("--select", "--ignore", "--extend-select"):
            status, _, err = run(capsys, option, name)
            assert status == 2
            assert f"{option}: unknown rule or selector `{name}`; did you mean `{near}`?" in err[-1]

    def test_unknown_names_are_warnings(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        status, _, err = run(capsys, "--select", "too-many-layer")
        assert status == 0
        assert err == ["lambdalint: warning: --select: unknown rule `too-many-layer`; did you mean `too-many-layers`?"]
        assert run(capsys, "--select", "handler-not-there")[0] == 0

    def test_codes_that_select_nothing_are_warned_of(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        status, _, err = run(capsys, "--select", "LL999")
        assert status == 0
        assert err[0].startswith("lambdalint: warning: --select: no rule `LL999`")
        assert not any("LL999" in line for line in run(capsys, "--ignore", "LL999")[2])

    @pytest.mark.usefixtures("more_rules")
    def test_today(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "2030-01-02" in run(capsys, "--today", "2030-01-02")[1][0]


class TestArguments:
    """Arguments choose whose findings are shown; the project around them is read."""

    def shown(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
        _, out, _ = run(capsys, *arguments)
        return [line.split(":")[0] for line in out]

    def test_only_what_is_under_an_argument(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"template.yaml": TWICE, "src/app.py": "def handler(:", "src/two.yaml": TWICE})
        assert self.shown(capsys) == ["src/app.py", "src/two.yaml", "template.yaml"]
        assert self.shown(capsys, "src") == ["src/app.py", "src/two.yaml"]
        assert self.shown(capsys, "src", "src/app.py", "src") == ["src/app.py", "src/two.yaml"]
        assert self.shown(capsys, "src/two.yaml") == ["src/two.yaml"]
        _, out, _ = run(capsys, "src/app.py")
        assert len(out) == 1 and "Orders cannot start" in out[0]  # judged with its template

    def test_without_git_the_template_is_found_all_the_same(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / ".git").rmdir()
        write(project, {"src/app.py": "def handler(:"})
        assert "Orders cannot start" in run(capsys, "src/app.py")[1][0]
        assert "Orders cannot start" in run(capsys, "src")[1][0]

    def test_a_template_of_any_name(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"stack.cfn": TWICE})
        assert self.shown(capsys) == []
        assert self.shown(capsys, "stack.cfn") == ["stack.cfn"]

    def test_several_projects(self, tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for name in ("one", "two"):
            write(project, {f"{name}/lambdalint.toml": "", f"{name}/template.yaml": TWICE})
        write(project, {"two/lambdalint.toml": "ignore = ['LL001']"})
        assert self.shown(capsys, "one", "two") == ["one/template.yaml"]
        assert self.shown(capsys, "one", ".") == ["one/template.yaml"]  # by its own settings

    def test_nothing_to_check(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"docs/readme.md": "", "values.yaml": "a: 1"})
        assert run(capsys, "docs") == (0, [], ["lambdalint: warning: no template and no code to check in docs"])
        assert run(capsys, "docs", "src") == (0, [], [])
        assert run(capsys, "docs", "--quiet") == (0, [], [])

    def test_a_folder_that_is_named_like_a_command(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"rule/template.yaml": TWICE})
        assert self.shown(capsys, "./rule") == ["rule/template.yaml"]
        assert self.shown(capsys, "src", "rule") == ["rule/template.yaml"]
        status, out, err = run(capsys, "--quiet", "rule")
        assert (status, out) == (2, [])
        assert "./rule" in err[0]


class TestJson:
    def test_is_valid_whatever_happens(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"pyproject.toml": "[tool.lambdalint]\nlevel = 'high'\n"})
        cases = [(), ("nowhere",), ("--nonsense",), ("--select", "LX"), ("--today", "x"), ("--level", "x")]
        for arguments in cases:
            status, out, err = run(capsys, *arguments, "--format", "json")
            assert status == 2
            report = json.loads("\n".join(out))
            assert report["version"] == 1
            assert report["diagnostics"] == []
            assert report["summary"]["findings"] == 0
            assert err
        assert json.loads("\n".join(run(capsys, "--format=json", "nowhere")[1]))

    def test_of_commands(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert json.loads("\n".join(run(capsys, "rule", "LL501", "--format", "json")[1]))["name"] == "too-many-layers"
        assert json.loads("\n".join(run(capsys, "rule", "LL", "--format", "json")[1])) is None
        codes = [item["code"] for item in json.loads("\n".join(run(capsys, "rules", "--format", "json")[1]))]
        assert codes == sorted(codes) and "LL501" in codes


class TestCommands:
    @pytest.mark.parametrize("name", ["LL501", "ll501", "too-many-layers"])
    def test_rule(self, project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
        status, out, err = run(capsys, "rule", name)
        assert (status, err) == (0, [])
        assert out[0] == "LL501 too-many-layers (error, level regular)"
        assert "Why" in out and "When this is wrong" in out

    @pytest.mark.parametrize(
        ("name", "near"), [("LL510", "LL501"), ("too-many-layer", "too-many-layers"), ("toomanylayers", "too-many")]
    )
    def test_unknown_rule(self, project: Path, capsys: pytest.CaptureFixture[str], name: str, near: str) -> None:
        status, out, err = run(capsys, "rule", name)
        assert (status, out) == (2, [])
        assert f"did you mean `{near}" in err[0]

    def test_rules(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        _, out, _ = run(capsys, "rules")
        line = next(line for line in out if line.startswith("LL501"))
        assert line.split()[:4] == ["LL501", "too-many-layers", "regular", "error"]
        assert line.endswith("Function with more than five layers")

    def test_help_and_version(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, _ = run(capsys, "--help")
        assert status == 0
        assert "exit status:" in out
        assert run(capsys, "--version")[1][0].startswith("lambdalint 0")
        assert run(capsys, "rule", "--help")[0] == 0


class TestColour:
    def coloured(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> bool:
        return "\x1b[" in "\n".join(run(capsys, *arguments)[1])

    def test_when(self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        write(project, {"template.yaml": TWICE})
        assert not self.coloured(capsys)
        assert self.coloured(capsys, "--color", "always")
        assert self.coloured(capsys, "--color", "always", "--format", "full")
        assert self.coloured(capsys, "rule", "LL501", "--color", "always")
        assert not self.coloured(capsys, "--color", "always", "--format", "json")
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert self.coloured(capsys)
        assert not self.coloured(capsys, "--color", "never")
        monkeypatch.setenv("NO_COLOR", "1")
        assert not self.coloured(capsys)
        assert self.coloured(capsys, "--color", "always")

    def test_on_terminals(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(project, {"template.yaml": TWICE})
        monkeypatch.setattr("lambdalint.output.terminal.is_terminal", lambda stream: True)
        monkeypatch.setenv("TERM", "xterm")
        assert self.coloured(capsys)
        monkeypatch.setenv("TERM", "dumb")
        assert not self.coloured(capsys)
        write(project, {"template.yaml": FUNCTION})
        assert run(capsys)[2] == ["No findings; 0 suppressed, 0 hidden by level"]


class TestProcess:
    """The real thing."""

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "lambdalint", *arguments]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def test_run(self, project: Path) -> None:
        write(project, {"template.yaml": TWICE})
        result = subprocess.run(
            self.command("--select", "LL001"), capture_output=True, text=True, env=self.environment(), timeout=60
        )
        assert result.returncode == 1
        assert CODE_LINE.match(result.stdout.strip())
        assert result.stderr.startswith("Found 1 finding ")

    @pytest.mark.skipif(os.name == "nt", reason="pipes differ")
    def test_closed_pipe(self, project: Path) -> None:
        many = "".join(f"      K{number}: 1\n      K{number}: 1\n" for number in range(5_000))
        write(project, {"template.yaml": FUNCTION + many})
        process = subprocess.Popen(
            self.command("--select", "LL001"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(60) == 1
        process.stderr.close()
        assert [line for line in errors.splitlines() if not line.startswith("Found ")] == []

    def test_ends_without_what_it_does_not_need(self, project: Path) -> None:
        write(project, {"template.yaml": FUNCTION, "typing_extensions.py": "raise SystemExit('imported')\n"})
        script = (
            "import atexit, sys; sys.path.insert(0, '.'); print('before', end=' '); atexit.register(print, 'after');"
            "from lambdalint.cli import run; sys.argv[1:] = ['--version']; run()"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=self.environment(), cwd=project
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("before lambdalint ")
        assert "after" not in done.stdout

    def test_extensions_of_typing_can_be_imported_afterwards(self, project: Path) -> None:
        write(project, {"typing_extensions.py": "print('imported')\n"})
        script = "import sys; sys.path.insert(0, '.'); from lambdalint.cli import run; import typing_extensions"
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=self.environment(), cwd=project
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "imported\n", "")

    @pytest.mark.skipif(os.name == "nt", reason="signals differ")
    def test_interrupt(self, project: Path) -> None:
        script = (
            "import sys, time; from lambdalint import cli, engine;"
            "engine.check = lambda *_: (print('ready', flush=True), time.sleep(60)); sys.exit(cli.main([]))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (130, "", "")
