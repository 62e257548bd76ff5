"""What LL301, LL302 and LL308 say, beyond the contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lambdalint.engine import check
from lambdalint.finding import Finding, Level, Severity
from lambdalint.settings import Settings
from tests.support import findings, report, write

FUNCTION = """
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          Role: arn:aws:iam::123456789012:role/orders
          Code: {{S3Bucket: artifacts, S3Key: code.zip}}
    """


def on(day: date, folder: Path) -> list[Finding]:
    return list(check(str(folder), [str(folder)], Settings(select=("LL301",)), day).findings)


@pytest.mark.parametrize(
    ("day", "severity", "says"),
    [
        (date(2027, 12, 31), None, ""),
        (date(2028, 5, 2), None, ""),
        (date(2028, 5, 4), Severity.INFO, "to be deprecated on 2028-10-31, in 180 days: AWS will refuse to create"),
        (date(2028, 10, 31), Severity.WARNING, "AWS will refuse to create functions with it from 2028-11-30 and to up"),
        (date(2028, 11, 30), Severity.ERROR, "AWS has refused to create functions with it since 2028-11-30 and will"),
        (date(2029, 1, 10), Severity.ERROR, "since 2028-11-30 and to update them since 2029-01-10; use python3.14"),
    ],
)
def test_three_dates(day: date, severity: Severity | None, says: str, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": FUNCTION.format(runtime="python3.12")})
    found = on(day, tmp_path)
    assert [item.severity for item in found] == ([severity] if severity else [])
    assert all(says in item.message and item.message.startswith("Orders runs on python3.12") for item in found)


def test_what_is_only_allowed_is_pedantic(tmp_path: Path) -> None:
    template = "Parameters: {R: {Type: String, Default: python3.14, AllowedValues: [python3.14, python3.7]}}\n"
    (tmp_path / "template.yaml").write_text(
        template + "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref R}}}\n"
    )
    (item,) = findings(tmp_path, "LL301")
    assert (item.severity, item.level) == (Severity.INFO, Level.PEDANTIC)
    assert item.message.startswith("F can be given python3.7 through R, deprecated on 2023-12-04")


def test_globals_are_reported_once_with_the_functions_counted(tmp_path: Path) -> None:
    template = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: python3.9}}\nResources:\n"
    for name in ("A", "B", "C"):
        template += f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.handler}}}}\n"
    (tmp_path / "template.yaml").write_text(template)
    (item,) = findings(tmp_path, "LL301")
    assert item.span.line == 2 and item.message.endswith("(and 2 more functions)")
    assert [(part.span.line, part.label) for part in item.related] == [(4, "A uses it")]


@pytest.mark.parametrize(
    ("written", "replaced"),
    [("python3.9", "python3.14"), ("'python3.9'", "'python3.14'"), ("go1.x", None), ("dotnet6", None)],
)
def test_fix(written: str, replaced: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": FUNCTION.format(runtime=written)})
    (item,) = findings(tmp_path, "LL301")
    if replaced is None:
        assert item.fix is None
        return
    assert item.fix is not None and not item.fix.safe
    (edit,) = item.fix.edits
    line = (tmp_path / "template.yaml").read_text().splitlines()[edit.span.line - 1]
    assert line[edit.span.column - 1 : edit.span.end_column - 1] == written
    assert edit.text == replaced


def test_fix_in_json_is_located(tmp_path: Path) -> None:
    text = '{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.9"}}}}'
    (tmp_path / "template.json").write_text(text)
    (item,) = findings(tmp_path, "LL301")
    assert item.fix is not None
    (edit,) = item.fix.edits
    assert text[edit.span.column - 1 : edit.span.end_column - 1] == '"python3.9"' and edit.text == '"python3.14"'


def test_misspelt_name_of_an_old_runtime(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": FUNCTION.format(runtime="Node.js 18.x")})
    (item,) = findings(tmp_path, "LL302")
    assert item.message.endswith('"Node.js 18.x", which Lambda doesn\'t have: use nodejs18.x, or better nodejs24.x')


def test_numbers_are_named_with_their_range(tmp_path: Path) -> None:
    template = (
        FUNCTION.format(runtime="python3.13").rstrip() + "\n          Timeout: 3600\n          MemorySize: 128 MB\n"
    )
    write(tmp_path, {"template.yaml": template})
    timeout, memory = (item.message for item in findings(tmp_path, "LL308"))
    assert timeout.startswith("Timeout of Orders is 3600; Lambda allows 1 to 900 s: longer work fits")
    assert memory == 'MemorySize of Orders is "128 MB"; Lambda allows only whole numbers, 128 to 10,240 MB'


def test_odd_numbers_do_no_harm(tmp_path: Path) -> None:
    values = ("NaN", "Infinity", "1e999", "9" * 400, "null", "true", "[]", "{}", '""', '"${x}"', '"1${x}"')
    for value in values:
        start = '{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": '
        (tmp_path / "template.json").write_text(f"{start}{value}}}}}}}}}")
        report(tmp_path, "LL308")


def test_where_a_value_from_elsewhere_is_used(tmp_path: Path) -> None:
    text = """{"Parameters": {"R": {"Type": "String", "Default": "python3.9"}},
    "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
      "Runtime": {"Ref": "R"}}}}}"""
    (tmp_path / "template.json").write_text(text)
    (item,) = findings(tmp_path, "LL301")
    assert item.span.line == 1
    assert [(part.span.line, part.label) for part in item.related] == [(3, "F uses it")]
