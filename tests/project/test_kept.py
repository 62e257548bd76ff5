"""What init code keeps for invocations, and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.kept import has_restore_hook, kept_values
from lambdalint.project.model import Handler
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""


def handler(folder: Path, code: str, **modules: str) -> Handler:
    files = {"template.yaml": TEMPLATE, "src/app.py": code}
    files.update({f"src/{name}.py": text for name, text in modules.items()})
    return Reading(str(write(folder, files)), Settings()).project().handlers[0]


def app(init: str, use: str = "x") -> str:
    imports = "import json, random, time, uuid\nimport boto3\nfrom datetime import datetime\n"
    return f"{imports}{init}\n\ndef handler(event, context):\n    return {use}\n"


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ("x = uuid.uuid4()", ["unique"]),
        ("x = uuid.uuid4().hex[:8]", ["unique"]),
        ("x = f'{uuid.uuid4()}-a'", ["unique"]),
        ("x = {'a': [str(uuid.uuid4())]}", ["unique"]),
        ("y = uuid.uuid4()\nx = str(y)", ["unique"]),
        ("x = 1 if random.random() > 0.5 else 2", []),
        ("x = uuid.uuid4() is None", []),
        ("def f(y):\n    return y\nx = f(uuid.uuid4())", ["unique"]),
        ("def f(y):\n    return 1\nx = f(uuid.uuid4())", []),
        ("def f(y):\n    yield y\nx = f(uuid.uuid4())", []),
        ("def f():\n    return f()\nx = f()", []),
        ("x = y\ny = x", []),
        ("class C:\n    def __init__(self, y):\n        self.y = y\nx = C(uuid.uuid4())", ["unique"]),
        ("x = []\nx.append(uuid.uuid4())", ["unique"]),
        ("x = datetime.now().isoformat()", ["time"]),
        ("x = time.strftime('%Y', time.gmtime(0))", []),
        ("x = time.time() - time.time()", []),
        ("x = random.Random()", ["generator"]),
        ("x = random.Random('orders')", []),
        ("x = random.SystemRandom()", []),
        ("x = boto3.client('ssm')", []),
        ("x = boto3.client('ssm').get_parameter(Name='n')", ["fetched"]),
        ("for x in boto3.client('ssm').get_parameters(Names=['n'])['Parameters']:\n    pass", ["fetched"]),
        ("x = boto3.client('sts').get_caller_identity()", []),
        ("x = boto3.client('sts').assume_role(RoleArn='r', RoleSessionName='s')", ["credentials"]),
        ("boto3.client('ssm').get_parameter(Name='n')\nx = 1", []),
    ],
)
def test_origins(tmp_path: Path, init: str, expected: list[str]) -> None:
    assert [item.origin.kind for item in kept_values(handler(tmp_path, app(init)))] == expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [("time.time() - x", ["measure"]), ("print(x)", ["log"]), ("{'at': x}", ["plain"]), ("len(str(x))", ["plain"])],
)
def test_uses(tmp_path: Path, use: str, expected: list[str]) -> None:
    kept = kept_values(handler(tmp_path, app("x = time.time()", use)))
    assert [item.how for item in kept[0].uses] == expected


def test_across_modules(tmp_path: Path) -> None:
    code = "from settings import x\nimport settings\n\ndef handler(event, context):\n    return x, settings.y\n"
    settings = "import uuid\nx = uuid.uuid4()\ny = uuid.uuid4()\n"
    kept = kept_values(handler(tmp_path, code, settings=settings))
    assert [(item.name, item.span.path, len(item.uses)) for item in kept] == [
        ("x", "src/settings.py", 1),
        ("y", "src/settings.py", 1),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from snapshot_restore_py import register_after_restore\n", True),
        ("import snapshot_restore_py\n", True),
        ("from snapshot_restore_py import register_before_snapshot\n", False),
        ("", False),
    ],
)
def test_restore_hook(tmp_path: Path, code: str, expected: bool) -> None:
    assert has_restore_hook(handler(tmp_path, app("import hooks\nx = 1"), hooks=code)) is expected
