"""Every format: what it looks like, and that it is valid whatever findings say.

``LAMBDALINT_UPDATE_SNAPSHOTS=1 pytest tests/output`` writes the snapshots anew.
"""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from lambdalint import cli
from lambdalint.engine import all_rules
from lambdalint.files import from_top
from lambdalint.finding import Confidence, Edit, Finding, Fix, Level, Related, Severity, change
from lambdalint.output.files import replace
from lambdalint.output.formats import COUNTABLE, FORMATS, render
from lambdalint.output.job_summary import table
from lambdalint.output.outcome import Outcome, Trouble
from lambdalint.source import Source, Span
from tests.output.schemas import hold
from tests.support import write

SNAPSHOTS = Path(__file__).parent / "snapshots"
SOURCES = {
    "src/app.js": 'exports.handler = async (event, context, callback) => {\n  return "done";\n};\n',
    "template.yaml": "Resources:\n  Orders:\n    Properties:\n      Runtime: nodejs24.x\n      Timeout: 60\n",
}
CALLBACK = Finding(
    "Orders takes a callback, which nodejs24.x no longer gives: return the result",
    Span("src/app.js", 1, 43, 1, 51),
    (Related(Span("template.yaml", 4, 16, 4, 26), "nodejs24.x is set here"),),
    "Orders",
    "Orders",
    Fix("Take the parameter away", (Edit(Span("src/app.js", 1, 41, 1, 51), ""),), safe=True),
    Severity.ERROR,
    Confidence.CERTAIN,
    Level.REGULAR,
    "LL105",
    "callback-handler",
)
TIMEOUT = Finding(
    "Orders may run 60 s, but its REST API waits 29 s",
    Span("template.yaml", 5, 16, 5, 18),
    function="Orders",
    resource="Orders",
    severity=Severity.WARNING,
    confidence=Confidence.LIKELY,
    level=Level.REGULAR,
    code="LL306",
    name="timeout-exceeds-trigger",
)
NOTE = Finding(
    "Orders has no MemorySize",
    Span("template.yaml", 2, 3, 2, 9),
    function="Orders",
    resource="Orders",
    severity=Severity.INFO,
    confidence=Confidence.POSSIBLE,
    level=Level.PEDANTIC,
    code="LL305",
    name="default-memory",
)


def outcome(findings: Sequence[Finding], **more: Any) -> Outcome:
    return Outcome(
        findings,
        source=lambda path: Source(path, SOURCES[path]) if path in SOURCES else None,
        rules=lambda: all_rules(()),
        **more,
    )


def text_of(name: str, findings: Sequence[Finding], **more: Any) -> str:
    return "".join(f"{line}\n" for line in render(name, outcome(findings, **more)))


@pytest.mark.parametrize("name", FORMATS)
def test_snapshot(name: str) -> None:
    troubles = [Trouble("bad.yaml", "cannot be read: Permission denied", Severity.ERROR)]
    made = text_of(
        name,
        [CALLBACK, NOTE, TIMEOUT],
        silenced=[(TIMEOUT, "a slow API")],
        hidden=4,
        checked=2,
        troubles=troubles,
        is_whole=False,
    )
    hold(name, made)
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("LAMBDALINT_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    if name == "sarif":  # the texts of rules are not what is tested
        made, expected = (_without_help(text) for text in (made, path.read_text(encoding="utf-8")))
        assert made == expected
    else:
        assert made == path.read_text(encoding="utf-8")


def _without_help(text: str) -> Any:
    content = json.loads(text)
    for rule in content["runs"][0]["tool"]["driver"]["rules"]:
        for key in ("help", "fullDescription", "shortDescription"):
            assert rule.pop(key)
    content["runs"][0]["tool"]["driver"].pop("version")
    content["runs"][0]["tool"]["driver"].pop("semanticVersion")
    return content


ODD = [
    "a\nb\r\nc",
    "\"quotes\" 'and' `ticks` \\ back",
    "]]> <b>&amp;</b> | pipes | [x](y)",
    "%0A %25 :: ,::error::",
    "\x00\x01\x1b[31mred\x1b[0m \u202e",
    "\U0001f600 漢字 é\udce9",
    "x" * 5_000,
    "",
]
PATHS = [
    "a b/c.py",
    "100%/x:y.py",
    "back\\slash.py",
    "caf\udce9.py",
    "<x>&'\".yaml",
    "../outside.py",
    "é漢\U0001f600.js",
]


@pytest.mark.parametrize("name", FORMATS)
def test_odd_content(name: str) -> None:
    findings = [
        Finding(
            message,
            Span(path, 3, 1, 3, 5),
            (Related(Span(path, 1, 1, 1, 1), message),),
            message,
            message,
            Fix(message, (Edit(Span(path, 1, 1, 1, 1), message),)),
            Severity.WARNING,
            Confidence.LIKELY,
            Level.REGULAR,
            "LL201",
            "hardcoded-arn",
        )
        for message in ODD
        for path in PATHS
    ]
    made = text_of(name, findings, from_top=from_top([]))
    data = made.encode("utf-8", "backslashreplace")
    if name in ("json", "gitlab", "rdjson", "sarif"):
        json.loads(data)
    elif name == "json-lines":
        assert len([json.loads(line) for line in made.splitlines()]) == len(findings)
    elif name == "junit":
        assert len(ElementTree.fromstring(made).findall(".//failure")) == len(findings)
    elif name in ("concise", "github", "azure", "pylint"):
        assert len(made.splitlines()) == len(findings)
    hold(name, made)
    assert "\x1b" not in made and "\x00" not in made


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(name: str) -> None:
    made = text_of(name, [])
    hold(name, made)
    if name in ("json", "gitlab", "rdjson", "sarif"):
        json.loads(made)
    elif name == "junit":
        ElementTree.fromstring(made)
    else:
        assert made == ""


def test_sarif() -> None:
    content = json.loads(text_of("sarif", [CALLBACK, CALLBACK, TIMEOUT]))
    (run,) = content["runs"]
    first, second, third = run["results"]
    assert [item["level"] for item in run["results"]] == ["error", "error", "warning"]
    assert first["partialFingerprints"] != second["partialFingerprints"]
    moved = Finding(
        **{name: getattr(TIMEOUT, name) for name in TIMEOUT.__struct_fields__ if name != "span"},
        span=Span("template.yaml", 50, 1, 50, 2),
    )
    again = json.loads(text_of("sarif", [moved]))["runs"][0]["results"][0]
    assert again["partialFingerprints"] == third["partialFingerprints"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"LL105", "LL306"}
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 4
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["startColumn"] == 41


def test_gitlab_fingerprints_have_no_lines() -> None:
    first, second = json.loads(text_of("gitlab", [CALLBACK, TIMEOUT]))
    assert first["fingerprint"] != second["fingerprint"]
    assert (first["severity"], second["severity"]) == ("major", "minor")


ESCAPED = {"%25": "%", "%AZP25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%3B": ";", "%5D": "]"}


def unescaped(text: str) -> str:
    return re.sub("%(?:AZP)?[0-9A-F]{2}", lambda match: ESCAPED[match.group()], text)


@pytest.mark.parametrize("path", ["a,b.py", "a:b::c.py", "a;b].py", "100%2C.py", "a b.py"])
def test_commands_can_be_read_back(path: str) -> None:
    message = "50% of a,b:c ]; ::error:: ##vso[task.complete]"
    item = change(TIMEOUT, span=Span(path, 3, 4, 3, 9), message=message)
    (line,) = render("github", outcome([item]))
    match = re.fullmatch(r"::warning ([^:]*)::(.*)", line)
    assert match is not None
    properties = dict(part.split("=", 1) for part in match.group(1).split(","))
    assert {key: unescaped(value) for key, value in properties.items()} == {
        "file": path,
        "line": "3",
        "col": "4",
        "endLine": "3",
        "endColumn": "9",
        "title": "LL306 timeout-exceeds-trigger",
    }
    assert unescaped(match.group(2)) == message
    (line,) = render("azure", outcome([item]))
    match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*);\](.*)", line)
    assert match is not None
    properties = dict(part.split("=", 1) for part in match.group(1).split(";"))
    assert unescaped(properties["sourcepath"]) == path
    assert unescaped(match.group(2)) == message


def test_rdjson_counts_bytes_and_joins_edits() -> None:
    text = "x = '\U0001f600漢', old(1, old(2))\n"
    edits = (Edit(Span("a.py", 1, 11, 1, 14), "new"), Edit(Span("a.py", 1, 18, 1, 21), "new"))
    item = Finding("m", Span("a.py", 1, 11, 1, 14), fix=Fix("Rename", edits), code="LL999", name="n")
    made = Outcome([item], source=lambda path: Source(path, text) if path == "a.py" else None)
    (found,) = json.loads("".join(render("rdjson", made)))["diagnostics"]
    assert found["location"]["range"] == {"start": {"line": 1, "column": 16}, "end": {"line": 1, "column": 19}}
    (suggestion,) = found["suggestions"]
    assert suggestion["text"] == "new(1, new"
    start, end = (suggestion["range"][key]["column"] - 1 for key in ("start", "end"))
    assert text.encode()[start:end].decode() == "old(1, old"
    elsewhere = change(item, fix=Fix("Rename", (*edits, Edit(Span("b.py", 1, 1, 1, 2), ""))))
    (found,) = json.loads("".join(render("rdjson", structs.replace(made, findings=[elsewhere]))))["diagnostics"]
    assert "suggestions" not in found


def test_rules_that_are_not_known_are_explained_all_the_same() -> None:
    made = "".join(render("sarif", Outcome([TIMEOUT])))
    hold("sarif", made)
    (rule,) = json.loads(made)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"].endswith("/timeout-exceeds-trigger/")


def test_job_summary() -> None:
    known = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc"}
    lines = list(table(outcome([CALLBACK, TIMEOUT]), known))
    assert lines[0] == "### lambdalint"
    assert any("https://github.com/o/r/blob/abc/src/app.js#L1" in line for line in lines)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    arn = 'ARN = "arn:aws:sns:eu-west-1:123456789012:orders"\n\n\ndef handler(event, context):\n    return ARN\n'
    write(tmp_path, {"jobs/job.py": arn})
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "jobs")
    return tmp_path


def test_paths_from_the_top_of_the_repository(project: Path) -> None:
    root = os.path.realpath(project)
    assert from_top([f"{root}/jobs"])("job.py") == "jobs/job.py"
    assert from_top([])("../x.py") == "x.py"
    assert from_top([])("../../x.py") == f"{os.path.dirname(root)}/x.py"
    (project / "other/.git").mkdir(parents=True)
    assert from_top([f"{root}/other"])("../other/x.py") == "x.py"
    assert from_top([f"{root}/other", root])("../other/x.py") == "other/x.py"


def test_output_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--format", "sarif", "--output-file", "out.sarif"]) == 1
    out = capsys.readouterr().out
    assert out == ""
    (result,) = json.loads((project / "jobs/out.sarif").read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "jobs/job.py"
    capsys.readouterr()
    for wrong in ("none/out.xml", ".", "a\0b"):
        assert cli.main(["--format", "junit", "--output-file", wrong]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"lambdalint: error: {wrong}: cannot be written: ")
        assert "report this bug" not in err
    assert cli.main(["--format", "json", "--output-file", "out.json", "--select", "LX1"]) == 2
    assert capsys.readouterr().out == ""
    assert not (project / "jobs/out.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions differ")
def test_output_file_is_replaced_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = project / "report.txt"
    target.write_text("old")
    target.chmod(0o640)
    link = project / "link.txt"
    link.symlink_to(target)
    replace(str(link), ["new", "é\udce9"])
    assert link.is_symlink()
    assert target.read_bytes() == "new\né\\udce9\n".encode()
    assert target.stat().st_mode & 0o777 == 0o640

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        replace(str(target), ["newer"])
    assert target.read_text().startswith("new\n")
    assert sorted(path.name for path in project.iterdir()) == [".git", "jobs", "link.txt", "report.txt"]


@pytest.mark.skipif(os.name == "nt", reason="devices differ")
def test_output_file_may_be_a_device() -> None:
    replace("/dev/null", ["x"])
    assert not os.path.isfile("/dev/null")


def test_statistics_go_with_some_formats(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in FORMATS:
        assert cli.main(["--format", name, "--statistics"]) == (1 if name in COUNTABLE else 2)


def test_formats_by_variables(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "summary.md"))
    monkeypatch.setenv("LAMBDALINT_FORMAT", "github")
    assert cli.main([]) == 1
    assert capsys.readouterr().out.startswith("::warning file=jobs/job.py,line=1,col=7,")
    assert "LL201" in (project / "summary.md").read_text()
    monkeypatch.setenv("LAMBDALINT_FORMAT", "paper")
    assert cli.main([]) == 2


@pytest.mark.parametrize("name", [name for name, item in FORMATS.items() if item.is_data])
def test_valid_where_nothing_could_be_run(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert cli.main(["--format", name, "--select", "LX1"]) == 2
    made = capsys.readouterr().out
    hold(name, made)
    if name == "sarif":
        (invocation,) = json.loads(made)["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is False
        assert "LX1" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    monkeypatch.setenv("LAMBDALINT_FORMAT", name)
    assert cli.main(["--nonsense"]) == 2
    hold(name, capsys.readouterr().out)
