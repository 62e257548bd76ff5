"""What runs change, and what is known already: --fix, --diff, --add-ignore, --baseline, standard input."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from lambdalint import cli
from lambdalint.engine import check
from lambdalint.settings import Settings
from tests.support import TODAY, write

TEMPLATE = """\
# kept as it is
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x   # and this
      Handler: app.handler
      CodeUri: src
"""
CALLBACK = """\
// three parameters
exports.handler = async (event, context, callback) => {
  return 'done';
};
"""
ARN = 'ARN = "arn:aws:sns:eu-west-1:123456789012:orders"\n'
MODULE = f"{ARN}\n\ndef handler(event, context):\n    return ARN\n"
ALL = ("--isolated", "--select", "LL105,LL201,LL002", "--quiet")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"template.yaml": TEMPLATE, "src/app.js": CALLBACK, "jobs/job.py": MODULE})
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    status = cli.main([*ALL, *arguments])
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


def test_diff_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--diff")
    assert status == 1
    assert out[:2] == ["--- src/app.js", "+++ src/app.js"]
    assert "+exports.handler = async (event, context) => {" in out
    assert (project / "src/app.js").read_text() == CALLBACK


def test_fix_then_shows_what_is_left(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/app.js").chmod(0o640)
    status, out, _ = run(capsys, "--fix")
    assert status == 1
    assert [line.split(" ")[1] for line in out] == ["LL201"]
    assert (project / "src/app.js").read_text() == CALLBACK.replace(", callback", "")
    assert stat.S_IMODE((project / "src/app.js").stat().st_mode) == 0o640
    assert sorted(os.listdir(project / "src")) == ["app.js"]


def test_fix_only_and_crlf(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/app.js").write_bytes(CALLBACK.replace("\n", "\r\n").encode())
    assert run(capsys, "--fix-only") == (0, [], [])
    assert (project / "src/app.js").read_bytes() == CALLBACK.replace(", callback", "").replace("\n", "\r\n").encode()
    assert run(capsys, "--diff")[0] == 0


def test_a_link_stays_a_link(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/app.js").rename(project / "src/real.js")
    (project / "src/app.js").symlink_to("real.js")
    run(capsys, "--fix")
    assert (project / "src/app.js").is_symlink()


@pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="root may write everywhere")
def test_what_can_not_be_written(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    status, _, err = run(capsys, "--fix")
    assert status == 2
    assert any("app.js: cannot be written: No space left on device" in line for line in err)
    assert (project / "src/app.js").read_text() == CALLBACK
    assert sorted(os.listdir(project / "src")) == ["app.js"]


def test_unused_comments_are_taken_away(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "X = 1  # lambdalint: ignore[LL201] none\n# lambdalint: ignore[LL202]\n" + MODULE
    (project / "jobs/job.py").write_text(text)
    run(capsys, "--fix")
    assert (project / "jobs/job.py").read_text() == "X = 1\n" + MODULE


def test_add_ignore(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, _ = run(capsys, "--add-ignore=a test account")
    assert status == 0
    assert run(capsys) == (0, [], [])
    python = (project / "jobs/job.py").read_text().splitlines()[0]
    assert python == ARN.rstrip() + "  # lambdalint: ignore[LL201] a test account"
    javascript = (project / "src/app.js").read_text().splitlines()[1]
    assert javascript.endswith("{  // lambdalint: ignore[LL105] a test account")
    assert run(capsys, "--no-ignores")[0] == 1


def test_add_ignore_to_a_comment_and_not_into_a_string(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "jobs/job.py").write_text(
        ARN.rstrip() + "  # lambdalint: ignore[LL999] mine\n"
        'TEXT = """\narn:aws:sns:eu-west-1:123456789012:orders\n"""\n\n\n'
        "def handler(event, context):\n    return ARN + TEXT\n"
    )
    run(capsys, "--add-ignore")
    text = (project / "jobs/job.py").read_text()
    assert "# lambdalint: ignore[LL999, LL201] mine" in text
    assert '"""\narn:aws:sns:eu-west-1:123456789012:orders\n"""' in text


def test_baseline(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--baseline", "known.json", "--write-baseline")[:2] == (0, [])
    first = (project / "known.json").read_bytes()
    assert run(capsys, "--baseline", "known.json")[:2] == (0, [])
    (project / "jobs/job.py").write_text(
        "\n\n" + MODULE.replace("ARN\n", "ARN + 'arn:aws:sns:eu-west-1:123456789012:new'\n")
    )
    status, out, _ = run(capsys, "--baseline", "known.json")
    assert status == 1 and len(out) == 1
    run(capsys, "--fix-only")
    status, _, err = cli.main([*ALL[:-1], "--baseline", "known.json"]), *capsys.readouterr()
    assert status == 1 and "src/app.js: 1 LL105 about Orders there no more, but still in known.json" in err
    assert (project / "known.json").read_bytes() == first
    run(capsys, "--baseline", "known.json", "--prune-baseline")
    assert "LL105" not in (project / "known.json").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--baseline", "none.json"),
        ("--write-baseline",),
        ("--baseline", "a", "--write-baseline", "--prune-baseline"),
        ("-",),
        ("--stdin-filename", "x.py"),
        ("-", "--stdin-filename", "nowhere/x.py"),
        ("-", "--stdin-filename", "x.py", "--fix"),
        ("--config", "levl = 'pedantic'"),
        ("--config", "level = 'strict'"),
        ("--config", "none.toml"),
        ("--show-settings", "nowhere"),
    ],
)
def test_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    status, out, err = run(capsys, *arguments)
    assert status == 2 and out == [] and err[-1].startswith("lambdalint: error: ")


def test_standard_input(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(CALLBACK.replace(", callback", ""))
    assert run(capsys, "-", "--stdin-filename", "src/app.js") == (0, [], [])
    given("\n" + CALLBACK)
    status, out, _ = run(capsys, "-", "--stdin-filename", "src/app.js")
    assert status == 1 and out[0].startswith("src/app.js:3:")
    given(MODULE)
    status, out, _ = run(capsys, "-", "--stdin-filename", "jobs/fresh.py")
    assert status in (0, 1)


def test_settings_and_files(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        project,
        {
            "shared.toml": 'level = "pedantic"\nignore = ["LL105"]\n[rules.logic-in-handler]\n',
            "lambdalint.toml": 'extend = "shared.toml"\nfail-on = "error"\n'
            '[per-file-ignores]\n"jobs/" = ["LL201"]\n[severity]\nLL105 = "info"\n',
        },
    )
    assert cli.main(["--show-settings", "src"]) == 0
    out = capsys.readouterr().out
    assert 'level = "pedantic"' in out and 'fail-on = "error"' in out and '"LL105" = "info"' in out
    assert cli.main(["--show-files"]) == 0
    assert capsys.readouterr().out.split() == ["jobs/job.py", "src/app.js", "template.yaml"]
    assert cli.main(["--quiet", "--select", "LL105,LL201", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (found["code"], found["severity"]) == ("LL105", "info")
    monkeypatch.setenv("LAMBDALINT_FAIL_ON", "info")
    assert cli.main(["--quiet", "--select", "LL105"]) == 1
    monkeypatch.setenv("LAMBDALINT_FAIL_ON", "all")
    assert cli.main(["--quiet"]) == 2


def test_required_version(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"lambdalint.toml": '\nrequired-version = ">=99"\n'})
    assert cli.main([]) == 2
    assert "lambdalint.toml:2: lambdalint >=99 is required" in capsys.readouterr().err


def test_the_nearest_settings_hold(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arn = 'ARN = "arn:aws:sns:eu-west-1:123456789012:orders"\n\n\ndef handler(event, context):\n    return ARN\n'
    files = {f"{name}/job.py": arn for name in ("jobs", "quiet", "loud", "left/out")}
    write(
        project,
        {
            **files,
            "lambdalint.toml": 'select = ["LL201", "LL105"]\n[severity]\nLL201 = "info"\n',
            "quiet/lambdalint.toml": 'ignore = ["LL201"]\n',
            "loud/pyproject.toml": '[tool.lambdalint]\nselect = ["LL201"]\nseverity = {LL201 = "error"}\n',
            "left/lambdalint.toml": 'select = ["LL201"]\nexclude = ["out/"]\n',
        },
    )
    assert cli.main(["--quiet", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [(item["path"], item["severity"]) for item in found if item["code"] == "LL201"] == [
        ("jobs/job.py", "info"),
        ("loud/job.py", "error"),
    ]
    write(project, {"quiet/lambdalint.toml": "level = 'odd'\n"})
    assert cli.main(["--quiet"]) == 2
    assert "quiet/lambdalint.toml:1: `level` should be" in capsys.readouterr().err
    assert cli.main(["--quiet", "--isolated", "--select", "LL201"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_file_that_had_something_wrong_before_is_fixed_all_the_same(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        project,
        {"template.yaml": TEMPLATE.replace("nodejs24.x", "nodejs16.x") + "      Timeout: 3\n      Timeout: 4\n"},
    )
    assert cli.main(["--isolated", "--select", "LL301", "--quiet", "--unsafe-fixes", "--fix"]) == 0
    assert "Runtime: nodejs24.x   # and this" in (project / "template.yaml").read_text()


def test_the_nearest_settings_say_what_fails(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, {"lambdalint.toml": 'select = ["LL201"]\n', "jobs/lambdalint.toml": 'fail-on = "error"\n'})
    monkeypatch.delenv("LAMBDALINT_NO_CACHE")
    monkeypatch.setenv("LAMBDALINT_CACHE_DIR", str(project / ".cache"))
    for _ in range(2):  # the second is told by the cache
        assert cli.main(["--quiet", "jobs", "--select", "LL201"]) == 0
        assert cli.main(["--quiet", ".", "--select", "LL201"]) == 0
        assert "jobs/job.py:1:7: LL201" in capsys.readouterr().out


def test_other_contents_count_for_all_who_read_a_file(project: Path) -> None:
    variables = TEMPLATE + "      Environment: {Variables: {TABLE_NAME: orders}}\n"
    write(project, {"template.yaml": variables})
    settings, root = Settings(select=("LL209",)), str(project.resolve())
    overlay = {"src/app.js": b"exports.handler = async () => process.env.TABLE_NAME;\n"}
    assert len(check(root, [root], settings, TODAY).findings) == 1
    assert not check(root, [root], settings, TODAY, overlay).findings
