"""Settings files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lambdalint import cli, engine
from lambdalint.finding import Level, Severity
from lambdalint.settings import Settings, SettingsError, find_file, line_of, load
from tests.conftest import declared, every_function
from tests.support import write

pytestmark = pytest.mark.usefixtures("few_rules")

FUNCTION = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: s3://artifacts/orders.zip
"""


def rules():  # type: ignore[no-untyped-def]
    return (*engine.all_rules(()), *declared(every_function))


def read(folder: Path, text: str, name: str = "lambdalint.toml") -> Settings:
    write(folder, {name: text})
    settings, warnings = load(str(folder / name), name, lambda _: rules())
    assert not warnings
    return settings


def problems(folder: Path, text: str, name: str = "lambdalint.toml") -> list[str]:
    with pytest.raises(SettingsError) as error:
        read(folder, text, name)
    return list(error.value.problems)


def test_all_keys(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """\
        select = ["LL5", "syntax-error"]
        extend-select = ["LL991"]
        ignore = ["LL502"]
        level = "pedantic"
        fail-on = "warning"
        exclude = ["a/"]
        extend-exclude = ["b/", "!b/c"]
        today = 2026-11-22

        [rules.every-function]
        words = ["x", "y"]
        limit = 5
        strict = true
        """,
    )
    assert settings == Settings(
        select=("LL5", "syntax-error"),
        extend_select=("LL991",),
        ignore=("LL502",),
        level=Level.PEDANTIC,
        fail_on=Severity.WARNING,
        exclude=("a/",),
        extend_exclude=("b/", "!b/c"),
        today=date(2026, 11, 22),
        rule_options={"every-function": {"words": ("x", "y"), "limit": 5, "strict": True}},
    )
    assert settings.excluded == ("a/", "b/", "!b/c")


def test_in_pyproject(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n\n[tool.other]\nlevel = 3\n\n[tool.lambdalint]\ntoday = '2026-11-22'\n"
    assert read(tmp_path, text, "pyproject.toml") == Settings(today=date(2026, 11, 22))
    assert read(tmp_path, "[project]\nname = 'x'\n", "pyproject.toml") == Settings()


def test_empty_file_and_byte_order_mark(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Settings()
    assert read(tmp_path, "\ufefflevel = 'auditor'\n").level is Level.AUDITOR


def test_which_file(tmp_path: Path) -> None:
    assert find_file(str(tmp_path)) is None
    write(tmp_path, {"pyproject.toml": ""})
    assert find_file(str(tmp_path)) == str(tmp_path / "pyproject.toml")
    write(tmp_path, {"lambdalint.toml": ""})
    assert find_file(str(tmp_path)) == str(tmp_path / "lambdalint.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nselct = []", "lambdalint.toml:2: unknown setting `selct`; did you mean `select`?"),
        ("extend_select = []", "lambdalint.toml:1: unknown setting `extend_select`; did you mean `extend-select`?"),
        ("zzz = 1", "lambdalint.toml:1: unknown setting `zzz`; there are select, "),
        ("level = 'regular'\nfail-on = 'warn'", "lambdalint.toml:2: `fail-on` should be one of error, warning, info, "),
        ("fail-on = 'warn'", "not 'warn' (did you mean `warning`?)"),
        ("level = 3", "lambdalint.toml:1: `level` should be one of regular, pedantic, auditor, not 3"),
        ("# x\nselect = 'LL5'", "lambdalint.toml:2: `select` should be a list of strings"),
        ("select = [\n  'LL5',\n  3,\n]", "lambdalint.toml:1: `select` should be a list of strings"),
        ("ignore = ['LL5011']", "lambdalint.toml:1: unknown rule or selector `LL5011`; did you mean `LL501`?"),
        ("today = 'soon'", "lambdalint.toml:1: `today` should be a day such as 2026-11-22"),
        ("today = 2026-11-22T01:00:00", "lambdalint.toml:1: `today` should be a day"),
        ("rules = 3", "lambdalint.toml:1: `rules` should be a table of tables"),
        ("[rules]\nevery-function = 3", "lambdalint.toml:2: `rules.every-function` should be a table of options"),
        ("[rules.LL5011]", "lambdalint.toml:1: unknown rule or selector `LL5011`"),
        (
            "\n[rules.every-function]\nlimit = 3\nlimits = 3",
            "lambdalint.toml:4: unknown option `limits` of every-function; did you mean `limit`?",
        ),
        (
            "[rules.every-function]\nlimit = 'x'",
            "lambdalint.toml:2: `limit` of every-function should be a whole number",
        ),
        (
            "[rules.every-function]\nlimit = true",
            "lambdalint.toml:2: `limit` of every-function should be a whole number",
        ),
        ("[rules.every-function]\nstrict = 1", "lambdalint.toml:2: `strict` of every-function should be true or false"),
        ("[rules.every-function]\nwords = 'x'", "`words` of every-function should be a list of strings"),
        ("rules.every-function.limit = 'x'", "lambdalint.toml:1: `limit` of every-function should be a whole number"),
        ("[rules]\n'every-function' = { limit = 'x' }", "lambdalint.toml:2: `limit` of every-function"),
        ("[rules.syntax-error]\na = 1", "lambdalint.toml:2: unknown option `a` of syntax-error; it has none"),
        ("level = 'regular'\nlevel = [", "lambdalint.toml:2:"),
        ("= 3", "lambdalint.toml:1:1: not valid TOML: "),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, expected: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert expected in found[0]


def test_everything_that_is_wrong(tmp_path: Path) -> None:
    text = "[tool.lambdalint]\nlevel = 1\nx = 1\n[tool.lambdalint.rules.every-function]\nlimit = 'x'\n"
    assert [item.partition(": ")[0] for item in problems(tmp_path, text, "pyproject.toml")] == [
        "pyproject.toml:2",
        "pyproject.toml:3",
        "pyproject.toml:5",
    ]
    assert problems(tmp_path, "[tool]\nlambdalint = 3", "pyproject.toml") == [
        "pyproject.toml: `tool.lambdalint` should be a table"
    ]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "lambdalint.toml").write_bytes(b"level = '\xe9'")
    with pytest.raises(SettingsError, match="not valid UTF-8"):
        load(str(tmp_path / "lambdalint.toml"), "lambdalint.toml", lambda _: rules())


def test_rules_of_other_versions_are_warned_of(tmp_path: Path) -> None:
    write(tmp_path, {"lambdalint.toml": "ignore = ['LL777', 'some-rule']\n[rules.other-rule]\nx = 1\n[rules.LL778]\n"})
    settings, warnings = load(str(tmp_path / "lambdalint.toml"), "x.toml", lambda _: rules())
    assert settings.ignore == ("LL777", "some-rule")
    assert [item.partition(";")[0] for item in warnings] == [
        "x.toml:2: unknown rule `other-rule`",
        "x.toml:1: unknown rule `some-rule`",
    ]


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\n[t]\na = 2\n", ("t", "a"), 3),
        ("a = 1\n[t]\nb = 2\n", ("t", "a"), 2),
        ("a = 1\n", ("b",), 0),
        ('["a b".c]\n"d" = 1\n', ("a b", "c", "d"), 2),
        ("[t] # why\nx.y = 1\n", ("t", "x"), 2),
    ],
)
def test_line_of(text: str, keys: tuple[str, ...], line: int) -> None:
    assert line_of(text, keys) == line


class TestOnTheCommandLine:
    @pytest.fixture(autouse=True)
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more_rules: None) -> Path:
        write(tmp_path, {"template.yaml": FUNCTION, ".git/config": ""})
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
        status = cli.main(arguments)
        out, err = capsys.readouterr()
        return status, [line.split()[1] for line in out.splitlines()], err

    @pytest.mark.parametrize(
        ("text", "arguments", "expected"),
        [
            ("level = 'pedantic'", (), ["LL991", "LL992"]),
            ("level = 'pedantic'", ("--level", "regular"), ["LL991"]),
            ("level = 'pedantic'", ("--isolated",), ["LL991"]),
            ("ignore = ['LL991']", (), []),
            ("ignore = ['LL991']", ("--ignore", "LL501"), []),
            ("ignore = ['LL991']", ("--select", "LL991"), ["LL991"]),
            ("ignore = ['LL991']", ("--extend-select", "LL991"), ["LL991"]),
            ("select = ['LL992']", (), ["LL992"]),
            ("select = ['LL992']", ("--select", "LL991"), ["LL991"]),
            ("select = ['LL992']", ("--extend-select", "LL991"), ["LL991", "LL992"]),
            ("extend-exclude = ['template.yaml']", (), []),
            ("exclude = ['*.yaml']\nextend-exclude = ['!template.yaml']", (), ["LL991"]),
        ],
    )
    def test_precedence(
        self,
        project: Path,
        capsys: pytest.CaptureFixture[str],
        text: str,
        arguments: tuple[str, ...],
        expected: list[str],
    ) -> None:
        write(project, {"lambdalint.toml": text})
        status, codes, err = self.run(capsys, *arguments)
        assert status < 2, err
        assert codes == expected

    def test_fail_on_today_and_options(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(
            project,
            {
                "pyproject.toml": """
                [tool.lambdalint]
                fail-on = "error"
                today = 2031-01-01
                rules.every-function.limit = 77
                """
            },
        )
        assert cli.main([]) == 0
        assert "77 2031-01-01" in capsys.readouterr().out
        assert cli.main(["--fail-on", "info", "--today", "2032-01-01"]) == 1
        assert "77 2032-01-01" in capsys.readouterr().out

    def test_nearest_file_wins_and_sets_the_root(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(
            project,
            {
                "lambdalint.toml": "ignore = ['LL991']",
                "sub/pyproject.toml": "[tool.lambdalint]\nlevel = 'pedantic'\n",
                "sub/deep/template.yaml": FUNCTION,
                "other/pyproject.toml": "[project]\nname = 'lambdalint-user'\n",
                "other/template.yaml": FUNCTION,
            },
        )
        assert self.run(capsys, "sub/deep")[1] == ["LL991", "LL992"]
        assert self.run(capsys, "other")[1] == []

    def test_errors_end_the_run(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"lambdalint.toml": "levle = 'regular'\nselect = 3\n"})
        status, codes, err = self.run(capsys)
        assert (status, codes) == (2, [])
        assert err.splitlines() == [
            "lambdalint: error: lambdalint.toml:1: unknown setting `levle`; did you mean `level`?",
            "lambdalint: error: lambdalint.toml:2: `select` should be a list of strings",
        ]
        assert self.run(capsys, "--isolated")[0] == 1

    def test_warnings_do_not(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(project, {"lambdalint.toml": "ignore = ['every-functio']\n"})
        status, codes, err = self.run(capsys)
        assert (status, codes) == (1, ["LL991"])
        assert "warning: lambdalint.toml:1: unknown rule `every-functio`; did you mean `every-function`?" in err
