"""What keeps the event loop of a handler with a callback alive."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.event_loop import held_open
from tests.project.test_link import project

HANDLER = "exports.handler = (event, context, callback) => { callback(null, event); };"


def names(tmp_path: Path, code: str, runtime: str = "nodejs22.x") -> list[str]:
    template = f"""
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          CodeUri: .
    """
    made = project(tmp_path, {"template.yaml": template, "app.js": code})
    return [item.name for handler in made.handlers for item in held_open(handler)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("setInterval(() => {}, 1000);", "setInterval"),
        ("const mysql = require('mysql2'); const pool = mysql.createPool({});", "mysql2.createPool"),
        ("const { Pool } = require('pg'); const pool = new Pool();", "pg.Pool"),
        ("const { Client } = require('pg'); const c = new Client(); c.connect();", "pg.Client.connect"),
        ("const mongoose = require('mongoose'); mongoose.connect(process.env.URL);", "mongoose.connect"),
        ("const { MongoClient } = require('mongodb'); const c = new MongoClient(''); c.connect();", None),
        ("const Redis = require('ioredis'); const redis = new Redis();", "ioredis"),
        ("const redis = require('redis').createClient();", "redis.createClient"),
    ],
)
def test_held_open(tmp_path: Path, code: str, name: str | None) -> None:
    assert names(tmp_path, f"{code}\n{HANDLER}") == [name or "mongodb.MongoClient.connect"]


@pytest.mark.parametrize(
    "code",
    [
        "setInterval(() => {}, 1000).unref();",
        "const timer = setInterval(() => {}, 1000); clearInterval(timer);",
        "const { Pool } = require('pg'); const pool = new Pool({ allowExitOnIdle: true });",
        "const Redis = require('ioredis'); const redis = new Redis({ lazyConnect: true });",
        "const pool = require('another-library').createPool({});",
        "const mysql = require('mysql'); const pool = () => mysql.createPool({});",
    ],
)
def test_not_held(tmp_path: Path, code: str) -> None:
    assert names(tmp_path, f"{code}\n{HANDLER}") == []


@pytest.mark.parametrize(
    "handler",
    [
        "exports.handler = async (event, context, callback) => { callback(null, event); };",
        "exports.handler = (event, context) => event;",
        "exports.handler = (event, context, unused) => Promise.resolve(event);",
        "exports.handler = (event, context, done) => { context.callbackWaitsForEmptyEventLoop = false; done(); };",
        "exports.handler = (event, context, done) => { context['callbackWaitsForEmptyEventLoop'] = false; done(); };",
        "exports.handler = (event, context, done) => { pool.end(() => done()); };",
    ],
)
def test_handlers_that_do_not_wait(tmp_path: Path, handler: str) -> None:
    code = "const mysql = require('mysql');\nconst pool = mysql.createPool({});\n"
    assert names(tmp_path, code + handler) == []


@pytest.mark.parametrize(("runtime", "expected"), [("nodejs18.x", 1), ("nodejs24.x", 0), ("!Ref Runtime", 1)])
def test_runtimes(tmp_path: Path, runtime: str, expected: int) -> None:
    """Where no function is known to run it, nothing is known of the runtime either."""
    assert len(names(tmp_path, f"setInterval(() => {{}}, 1000);\n{HANDLER}", runtime)) == expected
