"""Which promises an async handler of Node.js does not wait for, and what only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.background import CALLBACK, IDLE_ITERATION, ITERATION, PROMISE, UNSENT, unawaited
from tests.project.test_link import project

HEAD = """\
const AWS = require("aws-sdk");
const axios = require("axios");
const fs = require("node:fs");
const { Client } = require("pg");
const { S3, S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const { unknown } = require("another-library");

const s3 = new S3Client({});
const whole = new S3({});
const old = new AWS.S3();
const database = new Client();
const put = () => s3.send(new PutObjectCommand({ Bucket: "b", Key: "k" }));
const wait = async () => { await put(); };
const idle = async () => { console.log("idle"); };
const both = async () => { await wait(); };
const hollow = async () => { await idle(); };
function given() { return wait(); }
class Store {
  constructor() { this.client = s3; }
  async save() { await this.client.send(new PutObjectCommand({})); }
  twice() { this.save(); return this.save(); }
}
const store = new Store();

"""


def kinds(tmp_path: Path, body: str, head: str = "exports.handler = async (event, context) => {\n") -> list[str]:
    made = project(tmp_path, {"app.js": f"{HEAD}{head}{body}\n}};\n"})
    return [item.kind for handler in made.handlers for item in unawaited(handler)]


@pytest.mark.parametrize(
    "call",
    [
        "s3.send(new PutObjectCommand({}));",
        "whole.putObject({});",
        "old.putObject({}).promise();",
        "put();",
        "wait();",
        "both();",
        "given();",
        "store.save();",
        "fetch(event.url);",
        "fetch(event.url).then((answer) => answer.text()).catch(console.error);",
        "axios.post(event.url, event);",
        "axios.create({}).get(event.url);",
        "fs.promises.writeFile('/tmp/a', '');",
        "database.query('select 1');",
        "Promise.all([put(), put()]);",
        "new Promise((resolve) => setTimeout(resolve, 10));",
        "(async () => { await put(); })();",
        "if (event.save) { put(); }",
        "try { put(); } catch (error) { console.error(error); }",
        "event.orders.forEach((order) => { put(); });",
        "await wait().then(() => { put(); });",
    ],
)
def test_dropped(tmp_path: Path, call: str) -> None:
    assert kinds(tmp_path, call) == [PROMISE]


@pytest.mark.parametrize(
    "call",
    [
        "await put();",
        "return put();",
        "const saving = put(); await saving;",
        "const saving = put(); saving.then(console.log); await saving;",
        "void put();",
        "idle();",
        "hollow();",
        "unknown.save();",
        "missing();",
        "await Promise.all(event.orders.map(async () => { await put(); }));",
        "await Promise.all(event.orders.map(() => put()));",
        "const pending = []; pending.push(put()); await Promise.all(pending);",
        "for (const order of event.orders) { await put(); }",
        "event.stream.on('data', async () => { await put(); });",
        "event.stream.on('data', () => { put(); });",
        "unknown.each(event.orders, () => { put(); });",
        "await new Promise((resolve, reject) => { put().then(resolve, reject); });",
        "await new Promise((resolve) => { old.putObject({}, () => resolve()); });",
        "let done; const all = new Promise((r) => { done = r; }); old.putObject({}, () => done()); await all;",
        "old.putObject({}).promise().then(console.log) && 1;",
        "fs.writeFile('/tmp/a', '', () => {});",
        "database.query('select 1', () => {});",
        "old.putObject({}).on('success', () => {}).send();",
    ],
)
def test_looked_after(tmp_path: Path, call: str) -> None:
    assert kinds(tmp_path, call) == []


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("event.orders.forEach(async (order) => { await put(); });", ITERATION),
        ("await event.orders.forEach(async (order) => { await put(); });", ITERATION),
        ("event.orders.forEach(wait);", ITERATION),
        ("event.orders.map(async (order) => put());", ITERATION),
        ("event.orders.forEach(async (order) => { console.log(order); });", IDLE_ITERATION),
        ("old.putObject({}, (error) => console.log(error));", CALLBACK),
        ("s3.send(new PutObjectCommand({}), () => {});", CALLBACK),
        ("old.putObject({});", UNSENT),
    ],
)
def test_other_ways(tmp_path: Path, call: str, kind: str) -> None:
    assert kinds(tmp_path, call) == [kind]


def test_in_a_method(tmp_path: Path) -> None:
    """What a method gives back is its caller's; what it drops is nobody's."""
    assert kinds(tmp_path, "await store.twice();") == [PROMISE]


@pytest.mark.parametrize(
    "head",
    [
        "exports.handler = (event, context, callback) => {\n",
        "exports.handler = function (event, context) {\n",
        "const begun = put();\nwait();\nexports.other = async (event) => {\n",
    ],
)
def test_handlers_that_do_not_end_with_their_promise(tmp_path: Path, head: str) -> None:
    assert kinds(tmp_path, "put();", head) == []


def test_streaming(tmp_path: Path) -> None:
    code = f"{HEAD}exports.handler = awslambda.streamifyResponse(async (event, stream) => {{ put(); }});\n"
    made = project(tmp_path, {"app.js": code})
    assert [item for handler in made.handlers for item in unawaited(handler)] == []
