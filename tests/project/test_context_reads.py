"""Names that the context does not have, and those that may be there all the same."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from lambdalint.aws.context import right_name
from lambdalint.project.context_reads import missing
from tests.project.test_link import project, template
from tests.support import findings, write


@pytest.mark.parametrize(
    ("name", "language", "right"),
    [
        ("awsRequestId", "python", "aws_request_id"),
        ("request_id", "python", "aws_request_id"),
        ("invoked_function_ARN", "python", "invoked_function_arn"),
        ("invoke_function_arn", "python", "invoked_function_arn"),
        ("getRemainingTimeInMillis", "python", "get_remaining_time_in_millis"),
        ("memoryLimitInMb", "javascript", "memoryLimitInMB"),
        ("requestId", "javascript", "awsRequestId"),
        ("user", "python", ""),
        ("event_id", "python", ""),
        ("get", "python", ""),
        ("log", "javascript", ""),
    ],
)
def test_right_name(name: str, language: str, right: str) -> None:
    assert right_name(name, language) == right


def read(folder: Path, body: str, named: bool = True, name: str = "handler") -> list[str]:
    code = f"def {name}(event, context):\n" + indent(dedent(body).strip("\n"), "    ") + "\n"
    files = {"app.py": code} | ({"template.yaml": template("app.handler", code=None)} if named else {})
    made = project(folder, files)
    return [f"{item.name}>{item.right}" for handler in made.handlers for item in missing(handler)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return context.requestId", ["requestId>aws_request_id"]),
        ("return context.trace", ["trace>"]),
        ("return context.identity.user", ["user>"]),
        ("return context.client_context.custom['a']", []),
        ("return context.client_context.env.a", []),
        ("ctx = context\nreturn ctx.requestId", ["requestId>aws_request_id"]),
        ("context = event\nreturn context.requestId", []),
        ("context.trace = 1\nreturn context.trace", []),
        ("setattr(context, 'trace', 1)\nreturn context.trace", []),
        ("return context.trace if hasattr(context, 'trace') else None", []),
        ("try:\n    x = context.trace\nexcept AttributeError:\n    x = 1\nreturn x", []),
        ("try:\n    x = context.trace\nexcept (KeyError, AttributeError):\n    x = 1\nreturn x", []),
        ("try:\n    x = context.trace\nexcept:\n    x = 1\nreturn x", []),
        ("try:\n    x = context.trace\nexcept KeyError:\n    x = 1\nreturn x", ["trace>"]),
        ("return context.__dict__", []),
    ],
)
def test_missing(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert read(tmp_path, body) == expected


def test_without_template_only_what_is_near(tmp_path: Path) -> None:
    assert read(tmp_path / "near", "return context.requestId", False, "lambda_handler") == ["requestId>aws_request_id"]
    assert read(tmp_path / "far", "return context.event_id", False, "lambda_handler") == []
    assert read(tmp_path / "cloud", "return context.requestId", False) == []
    assert read(tmp_path / "sdk", "import boto3\nreturn context.requestId", False) == ["requestId>aws_request_id"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return context.functionName", "return context.function_name"),
        ("return context.getRemainingTimeInMillis()", "return context.get_remaining_time_in_millis()"),
        ("return context.remaining_time()", "return context.get_remaining_time_in_millis()"),
        ("return context.remaining_time", ""),
        ("return f'{context.functionName}'", ""),
    ],
)
def test_fix(tmp_path: Path, before: str, after: str) -> None:
    code = f"def handler(event, context):\n    {before}\n"
    found = findings(write(tmp_path, {"app.py": code, "template.yaml": template("app.handler", code=None)}), "LL904")
    edits = found[0].fix.edits if found[0].fix is not None else ()
    line = code.splitlines()[1]
    for edit in edits:
        line = line[: edit.span.column - 1] + edit.text + line[edit.span.end_column - 1 :]
    assert (line.strip() if edits else "") == after


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return context.aws_request_id;", ["warning"]),
        ("return context.remainingTime();", ["error"]),
        ("const { requestId } = context;\nreturn requestId;", ["warning"]),
        ("return context.requestId ?? context.awsRequestId;", []),
        ("return context.requestId ? 1 : 2;", []),
        ("if (context.requestId) { return 1; }", []),
        ("return context.user;", []),
    ],
)
def test_javascript(tmp_path: Path, body: str, expected: list[str]) -> None:
    code = f"exports.lambdaHandler = async (event, context) => {{\n{body}\n}};\n"
    found = findings(write(tmp_path, {"app.js": code}), "LL904")
    assert [str(item.severity.value) for item in found if item.severity] == expected
