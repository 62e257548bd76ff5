"""What handlers give back, where they may end without giving anything, and what their callers want."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from lambdalint.code.python import read_python
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.endings import ending
from lambdalint.source import Source
from tests.support import findings, write


def ends(body: str) -> tuple[bool | None, int]:
    code = "def handler(event):\n" + indent(dedent(body).strip("\n"), "    ") + "\n"
    module = ModuleIndex(read_python(Source("app.py", code)))
    found = ending(module, 1)
    return found.is_open, found.span.line - 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return 1", (False, 1)),
        ("x = 1", (True, 1)),
        ("if event:\n    return 1\nelse:\n    raise ValueError", (False, 1)),
        ("if event:\n    return 1\nelif event.x:\n    return 2", (True, 3)),
        ("try:\n    return 1\nexcept KeyError:\n    print(1)", (True, 4)),
        ("try:\n    x = 1\nexcept KeyError:\n    raise\nelse:\n    return x", (False, 1)),
        ("try:\n    x = 1\nfinally:\n    return 1", (False, 1)),
        ("with open('x') as file:\n    return 1", (False, 1)),
        ("while True:\n    pass", (None, 1)),
        ("for x in event:\n    return x", (None, 1)),
        ("for x in event:\n    print(x)", (True, 1)),
        ("import sys\nsys.exit(1)", (False, 2)),
        ("match event:\n    case 1:\n        return 1", (None, 1)),
    ],
)
def test_endings(body: str, expected: tuple[bool | None, int]) -> None:
    assert ends(body) == expected


GET = "Get: {Type: Api, Properties: {Path: /, Method: get}}"
DAILY = "Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}"


def api(events: str = GET) -> str:
    return f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.13
              Handler: app.handler
              Events: {{{events}}}
        """


def judged(folder: Path, body: str, template: str = "") -> list[str]:
    code = "import json\nfrom lib import *\ndef handler(event, context):\n" + indent(dedent(body).strip("\n"), "    ")
    write(folder, {"template.yaml": template or api(), "app.py": code + "\n"})
    return [f"{item.span.line - 3}:{item.message.partition(',')[0]}" for item in findings(folder, "LL611")]


BARE = "F returns a map without `statusCode` to the REST API"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return {'ok': True}", [f"1:{BARE}"]),
        ("x = {'ok': True}\nreturn x", [f"1:{BARE}"]),
        ("x = {'ok': True}\nx['statusCode'] = 200\nreturn x", []),
        ("x = {'ok': True}\nprepare(x)\nreturn x", []),
        ("x = {'ok': True}\ny = x\ny['statusCode'] = 200\nreturn x", []),
        ("x = {'ok': True}\nx.setdefault('statusCode', 200)\nreturn x", []),
        ("x = {}\nx = build()\nreturn x", []),
        ("return {**event, 'ok': True}", []),
        ("return build()", []),
        ("return {'ok': True} if event['path'] else build()", [f"1:{BARE}"]),
        ("if 'Records' in event:\n    return {'ok': True}\nreturn build()", []),
        ("if event.get('httpMethod'):\n    return build()\nreturn {'ok': True}", []),
        ("if event['httpMethod'] == 'GET':\n    return {'ok': True}\nreturn build()", [f"2:{BARE}"]),
        ("return 'ok'", ["1:F returns a string to the REST API"]),
        ("return {'ok': True}, 200", ["1:F returns a list to the REST API"]),
        ("raise ValueError", []),
        ("return {'statusCode': 200, 'body': json.dumps({})}", []),
        ("return {'statusCode': 200, 'body': None}", []),
        ("return {'statusCode': 200, 'body': {}}", ["1:F gives the REST API a map as `body`"]),
    ],
)
def test_answers_to_a_rest_api(body: str, expected: list[str], tmp_path: Path) -> None:
    assert judged(tmp_path, body) == expected


@pytest.mark.parametrize(
    "events",
    [
        "Get: {Type: HttpApi, Properties: {Path: /, Method: get}}",
        "Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !ImportValue api}}",
        f"{GET}, {DAILY}",
        DAILY,
    ],
)
def test_who_takes_a_bare_map_or_may(events: str, tmp_path: Path) -> None:
    assert judged(tmp_path, "return {'ok': True}", api(events)) == []


def test_body_is_judged_beside_sources_that_want_no_answer(tmp_path: Path) -> None:
    events = (
        "Get: {Type: Api, Properties: {Path: /, Method: get}}, S: {Type: Schedule, Properties: {Schedule: rate(1 day)}}"
    )
    found = judged(tmp_path, "return {'statusCode': 200, 'body': []}", api(events))
    assert found == ["1:F gives the REST API a list as `body`"]


def test_fix_serialises_what_is_written(tmp_path: Path) -> None:
    judged(tmp_path, "return {'statusCode': 200, 'body': {'a': 1}}")
    (item,) = findings(tmp_path, "LL611")
    assert item.fix is not None and item.fix.safe
    assert [(edit.span.column, edit.text) for edit in item.fix.edits] == [(40, "json.dumps("), (48, ")")]
