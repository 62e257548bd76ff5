"""Which environment variables code counts on, and which are not set."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from lambdalint.project.environment_reads import renamed, unset
from lambdalint.project.mentions import Mentions, unread
from lambdalint.project.model import Project
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write


def project(folder: Path, code: str, variables: str = "{}", name: str = "app.py", more: str = "") -> Project:
    runtime = "python3.13" if name.endswith(".py") else "nodejs22.x"
    template = dedent(f"""\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: {runtime}
              Handler: app.handler
              CodeUri: src/
              Environment: {{Variables: {variables}}}
        """) + dedent(more)
    write(folder, {"template.yaml": template, f"src/{name}": code})
    return Reading(str(folder.resolve()), Settings()).project()


def missing(folder: Path, code: str, variables: str = "{}", name: str = "app.py") -> list[str]:
    (handler,) = project(folder, code, variables, name).handlers
    return [f"{item.need.name} {item.need.reason}" for item in unset(handler)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('os.environ["A"]', ["A required"]),
        ('os.environ["AWS_REGION"], os.environ["TZ"]', []),
        ('os.environ.get("A")', []),
        ('os.environ.get("A").split(",")', ["A called"]),
        ("f\"table-{os.environ.get('A')}\"", []),
        ("print(f\"{os.environ.get('A')}\")", []),
        ('int(os.getenv("A"))', ["A passed"]),
        ("send(f\"https://{os.getenv('A')}/x\")", ["A inserted"]),
        ('boto3.client("sqs").send_message(QueueUrl=os.getenv("A"), MessageBody="")', ["A passed"]),
        ('boto3.client("sqs", region_name=os.getenv("A")).list_queues()', []),
        ('boto3.client("sqs").send_message(QueueUrl=os.getenv("A", "x"), MessageBody="")', []),
        ('boto3.client("sqs").send_message(QueueUrl=os.getenv("A") or "x", MessageBody="")', []),
        ('os.environ["A"] if os.environ.get("B") else 1', ["A required"]),
    ],
)
def test_python(body: str, expected: list[str], tmp_path: Path) -> None:
    code = f"import os\nimport boto3\nfrom elsewhere import send\n\ndef handler(event, context):\n    return {body}\n"
    assert missing(tmp_path, code) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('if os.environ.get("LOCAL"):\n        return os.environ["A"]', []),
        ('if event["x"]:\n        return os.environ["A"]', ["A required"]),
        ('try:\n        a = os.environ["A"]\n    except KeyError:\n        a = 1', []),
        ('try:\n        a = os.environ["A"]\n    except KeyError:\n        raise ValueError("A")', ["A required"]),
        ('try:\n        a = os.environ["A"]\n    except ValueError:\n        a = 1', ["A required"]),
        ('os.environ["A"] = "x"\n    return os.environ["A"]', []),
        ('os.environ.update(load())\n    return os.environ["A"]', []),
        ('a = os.getenv("A")\n    if a:\n        send(f"{a}")', []),
        ('a = os.getenv("A")\n    if not a:\n        raise ValueError\n    int(a)', []),
        ("return [os.environ[name] for name in names]", []),
    ],
)
def test_python_statements(lines: str, expected: list[str], tmp_path: Path) -> None:
    code = f"import os\nfrom elsewhere import load, names, send\n\ndef handler(event, context):\n    {lines}\n"
    assert missing(tmp_path, code) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("process.env.A", []),
        ('process.env.A.split(",")', ["A called"]),
        ('process.env.A?.split(",")', []),
        ('process.env.A === "true"', []),
        ("fetch(process.env.A)", ["A passed"]),
        ("fetch(`https://${process.env.A}`)", ["A inserted"]),
        ('fetch(process.env.A ?? "x")', []),
        ("process.env.A && fetch(process.env.A)", []),
        ("console.log(`${process.env.A}`)", []),
        ("JSON.parse(process.env.A)", ["A passed"]),
    ],
)
def test_javascript(body: str, expected: list[str], tmp_path: Path) -> None:
    assert missing(tmp_path, f"exports.handler = async (event) => {body};\n", name="app.js") == expected


def test_comparison_with_the_empty_string(tmp_path: Path) -> None:
    code = """
        const { A, B } = process.env;
        const options = {};
        if (A !== "") options.a = A;
        if (B !== "" && B !== undefined) options.b = B;
        exports.handler = async () => options;
        """
    assert missing(tmp_path, code, name="app.js") == ["A compared"]


def test_the_name_that_may_be_meant(tmp_path: Path) -> None:
    code = "import os\n\nT = os.environ.get('TABLENAME')\n\ndef handler(event, context):\n    return T\n"
    (handler,) = project(tmp_path, code, "{TABLE_NAME: orders}").handlers
    (found,) = unset(handler)
    assert found.near is not None and found.near.name == "TABLE_NAME"
    edit = renamed(found)
    assert edit is not None and edit.text == "TABLE_NAME"
    assert (edit.span.line, edit.span.column, edit.span.end_column) == (3, 21, 30)


def test_no_near_name_that_is_read_itself(tmp_path: Path) -> None:
    code = "import os\n\ndef handler(event, context):\n    return os.environ['TABLE_A'], os.environ['TABLE_B']\n"
    (handler,) = project(tmp_path, code, "{TABLE_A: orders}").handlers
    (found,) = unset(handler)
    assert found.need.name == "TABLE_B" and found.near is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def handler(event, context): ...", ["A_NAME"]),
        ("A_NAME = 1\ndef handler(event, context): ...", []),
        ("aName = 1\ndef handler(event, context): ...", []),
        ("def handler(event, context):\n    return 'a.name'", []),
        ("import os\ndef handler(event, context):\n    return dict(os.environ)", []),
        ("import os\ndef handler(event, context):\n    return os.environ['B']", ["A_NAME"]),
    ],
)
def test_what_is_mentioned(code: str, expected: list[str], tmp_path: Path) -> None:
    (item,) = project(tmp_path, code + "\n", "{A_NAME: '1'}").functions
    assert [found.variable.name for found in unread(item)] == expected


def test_too_much_to_look_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambdalint.project.mentions.MAX_BYTES", 10)
    (item,) = project(tmp_path, "def handler(event, context): ...\n", "{A_NAME: '1'}").functions
    assert Mentions(item.project).words(item) is None


def test_code_whose_places_tell_no_order(tmp_path: Path) -> None:
    body = "    try:\n        a = os.environ['A']\n    except KeyError:\n        a = 1\n    return a, os.environ['B']\n"
    code = f"import os\n\ndef handler(event, context):\n{body}"
    properties = {"Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": code}}
    content = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": properties}}}
    write(tmp_path, {"template.json": json.dumps(content)})
    (handler,) = Reading(str(tmp_path.resolve()), Settings()).project().handlers
    assert [item.need.name for item in unset(handler)] == ["B"]
