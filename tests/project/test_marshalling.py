"""What a runtime can't write as JSON, told from what only looks like it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from lambdalint.aws import marshalling
from lambdalint.project.marshalling import unwritten
from tests.project.test_link import project

HEAD = """\
import datetime, json, uuid
from datetime import datetime as moment
from dataclasses import dataclass
from pydantic import BaseModel
import boto3
import other
@dataclass
class Order:
    id: str
class Model(BaseModel):
    id: str
class Named:
    def _asdict(self):
        return {}
class Failed(Exception):
    pass
class Like(other.Base):
    pass
def gives(value):
    return value
def numbers():
    yield 1
def changes(value):
    value["x"] = 1
"""


def kinds(folder: Path, body: str) -> list[str]:
    code = HEAD + "def lambda_handler(event, context):\n" + indent(dedent(body).strip("\n"), "    ") + "\n"
    made = project(folder, {"app.py": code})
    return [item.what.kind for handler in made.handlers for item in unwritten(handler)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return {1, 2}", ["a set"]),
        ("return {'a': [{'b': frozenset()}]}", ["a set"]),
        ("return (x for x in event)", ["a generator"]),
        ("return numbers()", ["a generator"]),
        ("return [Order(x) for x in event]", [marshalling.OTHER.kind]),
        ("return {x: moment.now() for x in event}", ["a datetime"]),
        ("return Model(id='1')", [marshalling.OTHER.kind]),
        ("return gives(uuid.uuid4())", ["a UUID"]),
        ("return {'day': moment.utcnow().date()}", ["a date"]),
        ("return moment.now().replace(hour=1)", ["a datetime"]),
        ("x = {}\nx['at'] = datetime.date.today()\nreturn x", ["a date"]),
        ("x = set()\nx.add(1)\nreturn x", ["a set"]),
        ("return dict(at=moment.now())", ["a datetime"]),
        ("x = {'a': 1}\nreturn x.keys()", ["a view of a dict"]),
        ("return 1 if event else set()", ["a set"]),
        ("try:\n    pass\nexcept Failed as e:\n    return {'e': e}", ["an exception"]),
        ("return lambda: 1", ["a function"]),
        ("return boto3.client('s3')", [marshalling.SDK_OBJECT.kind]),
    ],
)
def test_unwritten(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert kinds(tmp_path, body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "return [1, 'a', None, 1.5, True, (1, 2)]",
        "return b'plain'",
        "return Named()",
        "return Like()",
        "return str(uuid.uuid4())",
        "return uuid.uuid4().hex",
        "return len({1, 2})",
        "return json.dumps({'at': moment.now()}, default=str)",
        "x = moment.now()\nif event:\n    x = x.isoformat()\nreturn x",
        "x = {'at': moment.now()}\nx['at'] = 1\nreturn x",
        "x = {'at': moment.now()}\nx[event['key']] = 1\nreturn x",
        "x = {'at': moment.now()}\nx.pop('at')\nreturn x",
        "x = {'at': moment.now()}\nx.update(at=1)\nreturn x",
        "x = {'at': moment.now()}\nchanges(x)\nreturn x",
        "x = {'at': moment.now()}\nother.changes(x)\nreturn x",
        "x = {}\nif event:\n    x['at'] = moment.now()\nreturn x",
        "x = {}\nx['at'] = moment.now()\nx['at'] = str(x['at'])\nreturn x",
        "return {'at': moment.now(), **event}",
        "return {'at': moment.now(), 'at': 1}",
        "return moment.now() - moment.now()",
        "return event.values",
        "try:\n    pass\nexcept Failed as e:\n    return {'e': str(e), 'args': e.args}",
        "return boto3.client('s3').download_file('a', 'b', 'c')",
        "return boto3.client('ec2').describe_instances()",
        "return boto3.resource('s3').create_bucket(Bucket='b').name",
    ],
)
def test_written(tmp_path: Path, body: str) -> None:
    assert kinds(tmp_path, body) == []


@pytest.mark.parametrize(
    ("call", "is_certain"),
    [
        ("client('stepfunctions').start_execution(stateMachineArn='a')", True),
        ("client('lambda').invoke(FunctionName='f')", True),
        ("client('s3').get_object(Bucket='b', Key='k')", True),
        ("client('secretsmanager').get_secret_value(SecretId='s')", True),
        ("client('s3').get_object(Bucket='b', Key='k')['ETag']", False),
        ("client('dynamodb').get_item(TableName='t', Key={})", False),
    ],
)
def test_answers_of_services(tmp_path: Path, call: str, is_certain: bool) -> None:
    assert len(kinds(tmp_path, f"return boto3.{call}")) == is_certain


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return BigInt(1);", ["a BigInt"]),
        ("return { n: BigInt(event.n) };", ["a BigInt"]),
        ("return axios.get(event.url);", [marshalling.RESPONSE.kind]),
        ("const { data } = await axios.get(event.url);\nreturn data;", []),
        ("return { answer: axios.get(event.url) };", []),
        ("return new Map([[1, 2]]);", []),
        ("BigInt.prototype.toJSON = String;\nreturn BigInt(1);", []),
        ("axios.interceptors.response.use((response) => response.data);\nreturn axios.get(event.url);", []),
    ],
)
def test_javascript(tmp_path: Path, body: str, expected: list[str]) -> None:
    code = f'const axios = require("axios");\nexports.lambdaHandler = async (event) => {{\n{body}\n}};\n'
    made = project(tmp_path, {"app.js": code})
    assert [item.what.kind for handler in made.handlers for item in unwritten(handler)] == expected
