"""Bombs, traps and loops: time and memory stay bounded, and what is not read is said in one line."""

from __future__ import annotations

import os
import re
import signal
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from lambdalint import cli, clock, discovery, engine, judging, reading, watch
from lambdalint.finding import Finding, Level, finding
from lambdalint.project import archive
from lambdalint.project.model import Function
from lambdalint.project.tree import MAX_PATH, Tree
from lambdalint.rule import REGULAR, WARNING, rule
from lambdalint.source import Source
from lambdalint.templates.document import Document
from tests.conftest import declared
from tests.support import report, write

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
"""
HANDLER = "def handler(event, context):\n    return 1\n"
CODE = {"src/app.py": HANDLER}


def errors(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """What a run says on standard error, but for the summary."""
    monkeypatch.chdir(folder)
    assert cli.main([*words]) in (0, 1)
    return [
        line.removeprefix("lambdalint: ")
        for line in capsys.readouterr().err.splitlines()
        if line.startswith("lambdalint: ")
    ]


def alias_bomb(wide: int, deep: int) -> str:
    levels = (f"A{n}: &a{n} [{', '.join([f'*a{n - 1}'] * wide)}]\n" for n in range(1, deep + 1))
    return "A0: &a0 {Ref: Orders}\n" + "".join(levels)


def test_aliases_that_stay_below_the_limit(tmp_path: Path) -> None:
    """A million values behind each setting."""
    settings = (
        "      Layers: *a5\n      Policies: *a5\n      Environment: {Variables: {A: *a5}}\n"
        "      Events: {E: {Type: S3, Properties: {Bucket: *a5, Events: *a5}}}\n"
    )
    write(tmp_path, {"template.yaml": alias_bomb(10, 5) + TEMPLATE + settings, **CODE})
    report(tmp_path)


def test_a_line_of_fifty_megabytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE, "src/app.py": b"x = '" + b"x" * 50_000_000 + b"'"})
    (tmp_path / "other.yaml").write_bytes(TEMPLATE.encode() + b"      Description: " + b"x" * 50_000_000)
    assert errors(tmp_path, capsys, monkeypatch) == [
        "warning: other.yaml: larger than 5 MB; not read",
        "warning: src/app.py: larger than 2 MB; not read",
    ]


def test_a_line_that_is_just_short_enough(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "template.yaml": TEMPLATE + "      Description: " + "x" * 4_900_000,
            "src/app.py": HANDLER + "x = '" + "a" * 1_900_000 + "'\n",
            "src/data.py": "x = {" + "1: [1, -2], " * 100_000 + "}\n",
        },
    )
    report(tmp_path)


def test_ten_thousand_ifs(tmp_path: Path) -> None:
    variables = "".join(f"          V{n}: !If [C{n % 50}, a, !If [D, b, !Ref 'AWS::NoValue']]\n" for n in range(5_000))
    write(tmp_path, {"template.yaml": f"{TEMPLATE}      Environment:\n        Variables:\n{variables}", **CODE})
    deep = '{"Fn::If":["C",' * 95 + '"x"' + ',"y"]}' * 95
    text = '{"Resources":{"F":{"Type":"AWS::Lambda::Function","Properties":{"Handler":%s}}}}'
    write(tmp_path, {"deep.json": text % deep})
    found = report(tmp_path).findings
    assert not [item for item in found if item.code == "LL001"]


def test_conditions_that_name_each_other(tmp_path: Path) -> None:
    doubling = "".join(f"  C{n}: !And [!Condition C{n + 1}, !Not [!Condition C{n + 1}]]\n" for n in range(60))
    text = f"{TEMPLATE}      Timeout: !If [C0, 3, 4]\nConditions:\n{doubling}  C60: !Not [!Condition C0]\n"
    write(tmp_path, {"template.yaml": text, **CODE})
    report(tmp_path)


def test_many_resources(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    queues = "".join(f"  Q{number}: {{Type: AWS::SQS::Queue}}\n" for number in range(20_000))
    write(tmp_path, {"template.yaml": TEMPLATE + queues, **CODE})
    assert (
        errors(tmp_path, capsys, monkeypatch)[0] == "warning: template.yaml: has more than 20,000 resources; not read"
    )


def test_many_functions_with_one_handler(tmp_path: Path) -> None:
    of = "Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src}"
    functions = "".join(f"  F{number}: {{{of}}}\n" for number in range(1_500))
    write(tmp_path, {"template.yaml": f"Resources:\n{functions}", **CODE})
    report(tmp_path, level=Level.AUDITOR)


def test_many_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MAX_FILES", 3)
    write(tmp_path, {f"{number}.txt": "" for number in range(9)})
    assert errors(tmp_path, capsys, monkeypatch)[0] == "warning: .: has more than 3 files; the rest is not read"


@rule("LL994", severity=WARNING, level=REGULAR)
def talks_for_ever(function: Function) -> Iterator[Finding]:
    """A rule that finds more than anybody reads."""
    while True:
        yield finding(function, f"{function.name} is a function")


@rule("LL995", severity=WARNING, level=REGULAR)
def takes_its_time(function: Function) -> Iterator[Finding]:
    """A slow rule."""
    time.sleep(0.03)
    yield finding(function, f"{function.name} is a function")


def test_a_rule_that_finds_too_much(
    tmp_path: Path, few_rules: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = declared(talks_for_ever)
    monkeypatch.setattr(engine, "all_rules", lambda plugins: rules)
    write(tmp_path, {"template.yaml": TEMPLATE, **CODE})
    assert errors(tmp_path, capsys, monkeypatch) == [
        "warning: template.yaml: more than 1,000 findings of LL994; the rest is left out"
    ]


def test_a_rule_that_takes_too_long(
    tmp_path: Path, few_rules: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = declared(takes_its_time)
    monkeypatch.setattr(engine, "all_rules", lambda plugins: rules)
    monkeypatch.setattr(judging, "MAX_RULE_SECONDS", 0.01)
    monkeypatch.setattr(clock, "SLOW_SECONDS", 0.02)
    more = TEMPLATE.partition("Resources:\n")[2].replace("Orders", "More")
    write(tmp_path, {"template.yaml": TEMPLATE + more, **CODE})
    said = errors(tmp_path, capsys, monkeypatch, "--verbose")
    assert "warning: .: LL995 took more than 0 s; it was not asked about everything" in said
    assert [line for line in said if line.startswith("note: rule LL995 takes-its-time took 0.")]


@rule("LL996", severity=WARNING, level=REGULAR)
def never_comes_back(function: Function) -> Iterator[Finding]:
    """A rule that hangs."""
    yield finding(function, f"{function.name} is a function")
    while function.name:
        pass


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "INTERVAL", 0.02)
    monkeypatch.setattr(judging, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(reading, "MAX_FILE_SECONDS", 0.05)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
class TestWhatHangs:
    def test_a_rule(
        self,
        tmp_path: Path,
        few_rules: None,
        impatient: None,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        rules = declared(never_comes_back)
        monkeypatch.setattr(engine, "all_rules", lambda plugins: rules)
        more = TEMPLATE.partition("Resources:\n")[2].replace("Orders", "More")
        write(tmp_path, {"template.yaml": TEMPLATE + more, **CODE})
        monkeypatch.chdir(tmp_path)
        assert cli.main([]) == 1
        out, err = capsys.readouterr()
        assert "LL996 Orders is a function" in out and "More" not in out
        assert "LL996 took more than 0 s; it was not asked about everything" in err

    def test_a_reader(
        self,
        tmp_path: Path,
        impatient: None,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def hang(source: Source) -> Document:
            while source.text:
                re.match("(a|a)*b", "a" * 20)  # a regular expression is interrupted too
            return Document((), ())

        really = reading.read
        monkeypatch.setattr(reading, "read", lambda source: (hang if source.path == "b.yaml" else really)(source))
        write(tmp_path, {"template.yaml": TEMPLATE, "b.yaml": TEMPLATE, **CODE})
        assert errors(tmp_path, capsys, monkeypatch) == ["warning: b.yaml: took more than 0 s; not read"]

    def test_others_get_their_alarms_back(self, tmp_path: Path) -> None:
        before = signal.getsignal(signal.SIGALRM)
        report(write(tmp_path, {"template.yaml": TEMPLATE, **CODE}))
        assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_slow_files_are_named(
    tmp_path: Path, few_rules: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "SLOW_SECONDS", 0.0)
    monkeypatch.setattr(clock, "COUNTED_SECONDS", 0.0)
    write(tmp_path, {"template.yaml": TEMPLATE, **CODE})
    said = errors(tmp_path, capsys, monkeypatch, "--verbose")
    assert any(line.startswith("note: the reader of templates took ") and "template.yaml" in line for line in said)
    assert any(line.startswith("note: the reader of code took ") and line.endswith("src/app.py") for line in said)
    assert not [line for line in errors(tmp_path, capsys, monkeypatch) if "took" in line]


TRAPS = {
    "app.py": "def handler(" + "a" * 100_000 + "\n" + "def x(event, " + " " * 100_000,
    "f-string.py": HANDLER + "x = f'" + "{{" * 200_000 + "'\n",
    "empty.py": "\n" * 1_000_000,
    "b.py": "def x(" + "event" * 20_000 + "\n",
    "c.js": "exports.a = function(" + "event" * 20_000,
    "d.js": "export {" * 60_000,
    "e.js": ("export const " + "x" * 190 + " ") * 4_000,
    "f.js": "export const " + "h" * 200_000,
    "g.yaml": "Resources:\n" + " " * 1_000_000 + "\nType: " + "A" * 1_000_000,
    "h.yaml": "Resources:\nType: AWS::X\n" + "\"'" * 1_000_000,
    "i.yaml": TEMPLATE + "      Description: '" + "{{" * 1_000_000 + "'\n",
    "j.py": HANDLER + "# lambdalint:" + " " * 500_000 + "\n# noqa: " + "A1, " * 50_000 + "\n",
    "requirements.txt": "a" * 100_000 + "\n" + "-" * 100_000 + "\n" + "x[" * 50_000,
    "package.json": "[" * 5_000,
    "tsconfig.json": '{"a":' * 5_000,
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_for_regular_expressions(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE, **CODE, f"src/{name}": TRAPS[name].encode()})
    report(tmp_path)


def test_patterns_that_match_for_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    traps = ["*a" * 40 + "b", "**/" * 30 + "b", "?*" * 100 + "z"]
    write(tmp_path, {"template.yaml": TEMPLATE, **CODE, ".gitignore": "\n".join([*traps, "ignored"])})
    write(tmp_path, {f"{'a' * 200}.yaml": TEMPLATE, "ignored/template.yaml": "Resources: ["})
    assert [item.span.path for item in report(tmp_path, "LL001").findings] == []
    write(tmp_path, {"lambdalint.toml": f'exclude = ["{traps[0]}"]\n[per-file-ignores]\n"{traps[0]}" = ["LL001"]\n'})
    monkeypatch.chdir(tmp_path)
    assert cli.main([]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and all("at most 4 asterisks" in line for line in said)


def test_settings_that_are_too_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"lambdalint.toml": "select = [" + "'LL001'," * 200_000 + "]\n"})
    monkeypatch.chdir(tmp_path)
    assert cli.main([]) == 2
    assert capsys.readouterr().err == "lambdalint: error: lambdalint.toml: larger than 1,000,000 characters\n"


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", kind) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return data.getvalue()


ZIPPED = TEMPLATE.replace("CodeUri: src", "CodeUri: code.zip")


def test_an_archive_that_expands(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"template.yaml": ZIPPED, "code.zip": zipped({"app.py": b"", "lib.so": b"\x7fELF" + b"\0" * 300_000_000})},
    )
    assert len(report(tmp_path, "LL502").findings) == 1


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_packed_in_another_way(kind: int, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": ZIPPED, "code.zip": zipped({"app.py": b"", "lib.so": b"\0" * 9_000}, kind)})
    report(tmp_path)


def test_an_archive_with_many_entries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": ZIPPED, "code.zip": zipped({f"f{n}": b"" for n in range(70_000)}, 0)})
    assert archive.entries_of(str(tmp_path / "code.zip")) is None
    assert errors(tmp_path, capsys, monkeypatch)[0] == "warning: code.zip: lists more than 8 MB of names; not read"


def test_archives_that_lead_out_or_break_off(tmp_path: Path) -> None:
    odd = zipped({"../../etc/passwd": b"\x7fELF", "/x.py": b"", "a/../../b.py": b"", "x\ny.so": b"", "a" * 5_000: b""})
    for data in (odd, odd[:-10], odd[20:], b"PK\x05\x06" + b"\xff" * 18, b"PK\x06\x07" + b"\0" * 16 + odd[-22:]):
        write(tmp_path, {"template.yaml": ZIPPED, "code.zip": data})
        report(tmp_path)


def test_long_paths(tmp_path: Path) -> None:
    paths = ("a/" * 30_000, "a" * 30_000, "../" * 5_000 + "etc", "/etc", "a\\0b")
    functions = "".join(
        f'  F{number}:\n    Type: AWS::Serverless::Function\n    Properties: {{CodeUri: "{path}", Handler: "{path}.x", '
        "Runtime: python3.13}\n"
        for number, path in enumerate(paths)
    )
    write(tmp_path, {"template.yaml": TEMPLATE + functions, **CODE})
    report(tmp_path)
    assert not Tree(str(tmp_path)).exists("a/" * MAX_PATH)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_lead_nowhere_outside(tmp_path: Path) -> None:
    """Whatever names a path, a link out of the project is as good as nothing."""
    outside = write(
        tmp_path / "outside",
        {"app.py": "import nothing_like_that\n" + HANDLER, "template.yaml": "Resources: [", "requirements.txt": "x"},
    )
    names = ("src", "layer", "cdk.out", "nested", "docker")
    text = TEMPLATE + (
        "  Layer:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer}\n"
        "  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: nested/template.yaml}\n"
        "  Image:\n    Type: AWS::Serverless::Function\n    Metadata: {DockerContext: docker, Dockerfile: Dockerfile}\n"
        "    Properties: {PackageType: Image}\n"
    )
    inside = write(tmp_path / "inside", {"template.yaml": text, "loop/x.txt": ""})
    for name in names:
        os.symlink(outside, inside / name)
    os.symlink("..", inside / "loop" / "up")
    os.symlink("self", inside / "self")
    result = report(inside)
    assert not [item for item in result.findings if item.span.path != "template.yaml"]
    assert not [path for path in result.read.files if "app.py" in path or "requirements" in path]
