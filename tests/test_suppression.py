"""Comments and metadata that silence findings where they stand."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from lambdalint.finding import Finding
from lambdalint.project.codebase import Codebase
from lambdalint.project.model import Project
from lambdalint.project.tree import Tree
from lambdalint.source import Source, Span
from lambdalint.suppression import Suppressions
from tests.support import lines, report, write


def covered(text: str, line: int, path: str = "app.py", code: str = "LL201") -> bool:
    """Whether a finding on a line of some text is suppressed."""
    suppressions = Suppressions(
        lambda _: Source(path, dedent(text)), Project(Tree("."), Codebase((), lambda _: None), [])
    )
    return suppressions.covers(Finding("x", Span(path, line, 1, line, 2), code=code, name="hardcoded-arn"))


@pytest.mark.parametrize(
    "comment",
    [
        "# lambdalint: ignore[LL201]",
        "# lambdalint: ignore[LL201] the account never changes",
        "# lambdalint: ignore[hardcoded-arn]",
        "# lambdalint: ignore[LL100, LL201]",
        "# lambdalint: ignore[LL100 ll201]",
        "# lambdalint: ignore [LL201]",
        "#lambdalint:ignore[LL201]",
        "# Lambdalint: Ignore[LL201]",
        "# lambdalint: ignore",
        "# lambdalint: ignore all of it",
        "# lambdalint: ignore[ALL]",
        "# lambdalint: ignore[LL100] one # lambdalint: ignore[LL201] two",
        "# type: ignore  # lambdalint: ignore[LL201]",
        "# noqa: LL201",
        "# NOQA:LL201",
        "# noqa: E501,LL201",
        "# noqa: E501, LL201 too long",
        "# noqa: E501 LL201",
    ],
)
def test_on_the_line(comment: str) -> None:
    assert covered(f"a\nb = 1  {comment}\nc", 2)
    assert covered(f"a\nb: 1  {comment}\nc", 2, "template.yaml")
    assert not covered(f"a\nb = 1  {comment}\nc", 1)
    assert not covered(f"a\nb = 1  {comment}\nc", 3)


@pytest.mark.parametrize(
    "comment",
    [
        "# lambdalint: ignore[LL202]",
        "# lambdalint: ignore[LL2]",
        "# lambdalint: ignore[]",
        "# lambdalint: ignore[LL201",
        "# lambdalint: ignored[LL201]",
        "# lambdalint ignore[LL201]",
        "lambdalint: ignore[LL201]",
        "# noqa",
        "# noqa: E501",
        "# noqa: LL2011",
        "# LL201",
    ],
)
def test_that_is_none(comment: str) -> None:
    assert not covered(f"b = 1  {comment}", 1)


def test_above() -> None:
    assert covered("# lambdalint: ignore[LL201] reason\nb = 1", 2)
    assert covered("    # lambdalint: ignore[LL201]\n    # more\n    #\n    b = 1", 4)
    assert not covered("# lambdalint: ignore[LL201]\n\nb = 1", 3)
    assert not covered("a = 1  # lambdalint: ignore[LL201]\nb = 1", 2)
    assert not covered("# lambdalint: ignore[LL201]\na = 1\nb = 1", 3)
    assert not covered("# noqa: LL201\nb = 1", 2)


def test_in_javascript() -> None:
    for name in ("app.js", "app.ts", "app.mjs", "Handler.java"):
        assert covered("const b = 1; // lambdalint: ignore[LL201] why", 1, name)
        assert covered("// lambdalint: ignore[LL201]\nconst b = 1;", 2, name)
        assert covered("/* lambdalint: ignore[LL201] */\nconst b = 1;", 2, name)
        assert covered("/*\n * lambdalint: ignore[LL201]\n */\nconst b = 1;", 4, name)
        assert not covered("// lambdalint: ignore[LL201]\n*p = 1;\nconst b = 1;", 3, name)


def test_lines_end_as_they_will() -> None:
    assert covered("a\r\nb  # lambdalint: ignore[LL201]\r\n", 2)
    assert covered("a\r\n# lambdalint: ignore[LL201]\r\nb\r\n", 3)
    assert covered("a\rb  # lambdalint: ignore[LL201]\r", 2)


def test_places_beyond_the_text() -> None:
    assert not covered("# lambdalint: ignore[LL201]", 7)
    assert not covered("", 1)
    nothing = Suppressions(lambda _: None, Project(Tree("."), Codebase((), lambda _: None), []))
    assert not nothing.covers(Finding("x", Span("x", 1, 1, 1, 2), code="LL201"))


LAYERS = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {metadata}
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            {above}
            return (
      Layers:
        - !Ref A
        - !Ref B
        - !Ref C
        - !Ref D
        - !Ref E
        # {comment}
        - !Ref F
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Layers: [!Ref A, !Ref B, !Ref C, !Ref D, !Ref E, !Ref F]
"""
OTHER = "template.yaml:23:56: LL501"


@pytest.mark.parametrize(
    ("metadata", "above", "comment", "expected"),
    [
        ("{}", "pass", "", ["template.yaml:11:20: LL001", "template.yaml:19:11: LL501", OTHER]),
        ("{}", "pass", "lambdalint: ignore[LL501] sure", ["template.yaml:11:20: LL001", OTHER]),
        ("{}", "# lambdalint: ignore[LL001] sure", "", ["template.yaml:19:11: LL501", OTHER]),
        ("{lambdalint: {ignore: [LL501]}}", "pass", "", ["template.yaml:11:20: LL001", OTHER]),
        ("{lambdalint: {ignore: [too-many-layers]}}", "pass", "", ["template.yaml:11:20: LL001", OTHER]),
        ("{lambdalint: {ignore: [LL001, LL501]}}", "pass", "", [OTHER]),
        ("{lambdalint: {ignore: 'LL001, LL501'}}", "pass", "", [OTHER]),
        ("{lambdalint: {ignore: {LL001: later, LL501: sure}}}", "pass", "", [OTHER]),
        ("{lambdalint: {ignore: [{LL001: later}, LL501]}}", "pass", "", [OTHER]),
        ("{lambdalint: {ignore: [ALL]}}", "pass", "", [OTHER]),
        (
            "{lambdalint: {ignore: [LL502]}}",
            "pass",
            "",
            ["template.yaml:11:20: LL001", "template.yaml:19:11: LL501", OTHER],
        ),
        ("{lambdalint: [LL501]}", "pass", "", ["template.yaml:11:20: LL001", "template.yaml:19:11: LL501", OTHER]),
        ("lambdalint", "pass", "", ["template.yaml:11:20: LL001", "template.yaml:19:11: LL501", OTHER]),
    ],
)
def test_in_a_template(tmp_path: Path, metadata: str, above: str, comment: str, expected: list[str]) -> None:
    write(tmp_path, {"template.yaml": LAYERS.format(metadata=metadata, above=above, comment=comment)})
    assert lines(tmp_path, "LL001", "LL501") == expected


@pytest.mark.parametrize("indent", [None, 2])
def test_in_json(tmp_path: Path, indent: int | None) -> None:
    orders = {
        "Type": "AWS::Lambda::Function",
        "Metadata": {"lambdalint": {"ignore": ["LL501"]}},
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Code": {"ZipFile": "def handler(:"},
            "Layers": [f"arn:aws:lambda:eu-west-1:123456789012:layer:l{number}:1" for number in range(6)],
        },
    }
    other = {**orders, "Metadata": {}}
    write(tmp_path, {"template.json": json.dumps({"Resources": {"Orders": orders, "Other": other}}, indent=indent)})
    result = report(tmp_path, "LL001", "LL501")
    assert sorted((item.code, item.resource) for item in result.findings) == [
        ("LL001", "Orders"),
        ("LL001", "Other"),
        ("LL501", "Other"),
    ]
    assert result.suppressed == 1


def test_in_the_handler_s_file(tmp_path: Path) -> None:
    properties = "{Runtime: python3.13, Handler: app.f, CodeUri: .}"
    template = f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {properties}\n"
    write(tmp_path, {"template.yaml": template, "app.py": "# lambdalint: ignore[LL001] work in progress\ndef f(:\n"})
    result = report(tmp_path, "LL001", "LL501")
    assert (len(result.findings), result.suppressed) == (0, 1)
