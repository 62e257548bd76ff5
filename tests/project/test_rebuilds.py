"""Connections, sessions, models and secrets that are made anew, and those that are kept or differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.rebuilds import made_again
from tests.project.test_link import project, template

HEAD = """\
import json, os, pickle
import boto3, psycopg2, joblib, requests
sm = boto3.client('secretsmanager')
ssm = boto3.client('ssm')
def secret():
    return json.loads(sm.get_secret_value(SecretId=os.environ['SECRET'])['SecretString'])
"""
HANDLER = "def lambda_handler(event, context):\n"


def again(folder: Path, code: str, name: str = "app.py") -> list[str]:
    made = project(folder, {name: HEAD + code})
    found = [item for handler in made.handlers for item in made_again(handler)]
    return [f"{item.kind}{'' if item.is_certain else '?'}" for item in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("psycopg2.connect('host=a')", ["database"]),
        ("s = secret()\n    psycopg2.connect(host=os.environ['H'], password=s['password'])", ["database"]),
        ("psycopg2.connect(**secret())", ["secret?"]),
        ("psycopg2.connect(dbname=event['tenant'])", []),
        ("psycopg2.connect(password=boto3.client('rds').generate_db_auth_token('h', 1, 'u'))", []),
        ("psycopg2.connect(host=event.get('host') or 'a')", []),
        ("pickle.load(open('model.pkl', 'rb'))", ["model"]),
        ("pickle.load(open('/tmp/model.pkl', 'rb'))", []),
        ("pickle.load(event['body'])", []),
        ("joblib.load(os.environ['MODEL'])", ["model"]),
        ("s = requests.Session()\n    s.get('https://example.com')", ["session"]),
        ("s = requests.Session()\n    s.get(event['url'])", ["session?"]),
        ("s = requests.Session()\n    s.headers['token'] = event['token']\n    s.get('https://a.com')", []),
        (
            "s = requests.Session()\n    s.auth = (os.environ['U'], secret()['p'])\n    s.get('https://a.com')",
            ["session"],
        ),
        ("s = requests.Session()\n    s.post('https://a.com/login')\n    s.get('https://a.com')", []),
        ("s = requests.Session()\n    hand(s)\n    s.get('https://a.com')", []),
        ("return secret()", ["secret?"]),
        ("sm.get_secret_value(SecretId=event['id'])", []),
        ("sm.put_secret_value(SecretId='a')\n    return secret()", []),
        ("try:\n        pass\n    except KeyError:\n        psycopg2.connect('host=a')", []),
    ],
)
def test_in_the_handler(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert again(tmp_path, f"{HANDLER}    {body}\n") == expected


@pytest.mark.parametrize(
    "code",
    [
        "c = None\ndef get():\n    global c\n    if not c:\n        c = psycopg2.connect('a')\n    return c\n",
        "import functools\n@functools.lru_cache\ndef get():\n    return psycopg2.connect('a')\n",
        "c = {}\ndef get():\n    if 's' not in c:\n        c['s'] = secret()\n    return c['s']\n",
    ],
)
def test_kept(tmp_path: Path, code: str) -> None:
    assert again(tmp_path, f"{code}{HANDLER}    return get()\n") == []


def test_what_runs_seldom_by_its_name(tmp_path: Path) -> None:
    code = f"{HANDLER}    psycopg2.connect('host=a')\n"
    assert again(tmp_path / "a", code, "migrations.py") == []
    assert again(tmp_path / "b", code, "immigration_office.py") == ["database"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("Type: Schedule, Properties: {Schedule: rate(1 hour)}", []),
        ("Type: Schedule, Properties: {Schedule: rate(5 minutes)}", ["secret?"]),
        ("Type: Api, Properties: {Path: /, Method: get}", ["secret"]),
    ],
)
def test_how_often_it_is_called(tmp_path: Path, event: str, expected: list[str]) -> None:
    text = template("app.lambda_handler", "Events:", f"  E: {{{event}}}", code=None)
    made = project(tmp_path, {"template.yaml": text, "app.py": f"{HEAD}{HANDLER}    return secret()\n"})
    handler = made.functions[0].handler
    assert handler is not None
    assert [f"{item.kind}{'' if item.is_certain else '?'}" for item in made_again(handler)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("const c = new Client({ host: process.env.HOST });", ["database"]),
        ("const c = new Client({ host: event.host });", []),
        ("const c = mysql.createConnection({ host: 'a' });", ["database"]),
        ("await mongoose.connect(process.env.URI);", []),
        ("kept ??= new Client();", []),
        ("const c = new PrismaClient();", ["database"]),
    ],
)
def test_javascript(tmp_path: Path, body: str, expected: list[str]) -> None:
    head = (
        'import { Client } from "pg";\nimport mysql from "mysql2/promise";\nimport mongoose from "mongoose";\n'
        'import { PrismaClient } from "@prisma/client";\nlet kept;\n'
    )
    made = project(tmp_path, {"app.mjs": f"{head}export const handler = async (event) => {{\n{body}\n}};\n"})
    found = [item for handler in made.handlers for item in made_again(handler)]
    assert [item.kind for item in found] == expected
