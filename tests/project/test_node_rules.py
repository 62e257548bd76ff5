"""Callbacks, imports of the SDK and module systems in handlers for Node.js, beyond the examples of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.finding import Level, Severity
from tests.support import findings, report, write


def project(folder: Path, code: str, runtime: str = "nodejs24.x", name: str = "app.js", **files: str) -> Path:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {{Runtime: {runtime}, Handler: app.handler, CodeUri: src/}}
        """
    others = {path.replace("__", "/").replace("_json", ".json"): text for path, text in files.items()}
    return write(folder, {"template.yaml": template, f"src/{name}": code + "\n", **others})


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("exports.handler = (e, c, cb) => cb(null, e);", [26]),
        ("exports.handler = async function (e, { awsRequestId }, cb) {};", [56]),
        ("module.exports = { handler(e, c, cb) {} };", [34]),
        ("const handler = (e, c, cb) => 1; module.exports.handler = handler;", [24]),
        ("exports.handler = (e, c, cb = () => {}) => 1;", []),
        ("exports.handler = (e, c, ...rest) => 1;", []),
        ("exports.handler = (e, c = {}, cb) => 1;", []),
        ("exports.handler = function (e) { return arguments[2]; };", []),
        ("exports.handler = require('@sentry/serverless').wrapHandler((e, c, cb) => 1);", []),
        ("class Orders { handle(e, c, cb) {} }\nconst o = new Orders();\nexports.handler = o.handle.bind(o);", [29]),
        ("const f = (options, e, c) => 1;\nexports.handler = f.bind(null, {});", []),
        ("exports.handler = (e, c) => { setTimeout(() => c.done(null, 1), 5); };", [48]),
        ("const end = (ctx) => ctx.succeed(1);\nexports.handler = (e, c) => end(c);", [22]),
        ("exports.handler = (e, c) => { e.done(); };", []),
    ],
)
def test_what_counts_as_callback(code: str, columns: list[int], tmp_path: Path) -> None:
    found = findings(project(tmp_path, code), "LL105")
    assert [item.span.column for item in found] == columns
    assert all(item.severity is Severity.ERROR for item in found)


@pytest.mark.parametrize(
    ("code", "is_removable"),
    [
        ("exports.handler = async (e, c, cb) => e;", True),
        ("exports.handler = async (e, c, cb) => { setTimeout(() => cb(null, e)); };", False),
        ("exports.handler = async function (e, c, cb) { return arguments[2]; };", False),
        ("exports.handler = async (e, c, cb) => other(`${cb}`);", False),
        ("exports.handler = async (e, c, cb, extra) => e;", False),
        ("exports.handler = async (e, c, { x }) => e;", False),
    ],
)
def test_what_can_be_removed(code: str, is_removable: bool, tmp_path: Path) -> None:
    (item,) = findings(project(tmp_path, code), "LL105")
    assert (item.fix is not None) is is_removable
    if item.fix is not None:
        (edit,) = item.fix.edits
        line = code.splitlines()[edit.span.line - 1]
        assert line[: edit.span.column - 1] + edit.text + line[edit.span.end_column - 1 :] == code.replace(", cb", "")


def test_earlier_runtimes_are_pedantic(tmp_path: Path) -> None:
    folder = project(tmp_path, "exports.handler = (e, c, cb) => cb(null, e);", "nodejs22.x")
    (item,) = report(folder, "LL105", level=Level.PEDANTIC).findings
    assert (item.severity, item.level) == (Severity.WARNING, Level.PEDANTIC)
    assert "it will stop at its start from nodejs24.x on" in item.message


@pytest.mark.parametrize(
    ("code", "name", "count"),
    [
        ('const { S3 } = require("aws-sdk"); exports.handler = () => new S3();', "app.js", 1),
        ('exports.handler = async () => { const { S3 } = await import("aws-sdk"); return S3; };', "app.js", 1),
        ('import S3 from "aws-sdk/clients/s3"; export const handler = () => new S3();', "app.mjs", 1),
        ('import type { S3 } from "aws-sdk"; export const handler = () => 1;', "app.ts", 0),
        ('import { S3 } from "aws-sdk"; export const handler = (s3: S3) => 1;', "app.ts", 0),
        ('import { S3 } from "aws-sdk"; export const handler = () => new S3();', "app.ts", 1),
        ('const x = require("aws-sdk-client-mock"); exports.handler = () => x;', "app.js", 0),
        ('if (process.env.OLD) require("aws-sdk"); exports.handler = () => 1;', "app.js", 0),
        ('const f = () => require("aws-sdk"); exports.handler = () => 1; exports.other = f;', "app.js", 0),
    ],
)
def test_loads_of_the_sdk(code: str, name: str, count: int, tmp_path: Path) -> None:
    assert len(findings(project(tmp_path, code, name=name), "LL109")) == count


def test_the_sdk_is_there_on_older_runtimes(tmp_path: Path) -> None:
    code = 'const { S3 } = require("aws-sdk"); exports.handler = () => new S3();'
    assert findings(project(tmp_path, code, "nodejs16.x"), "LL109") == []


MODULE = '{"type": "module"}'


@pytest.mark.parametrize(
    ("code", "name", "manifest", "syntax"),
    [
        ('import fs from "fs"; export const handler = () => fs;', "app.js", "{}", "`import`"),
        ("export const handler = () => 1;", "app.js", "{}", "`export`"),
        ("export const handler = () => 1;", "app.js", MODULE, ""),
        ("exports.handler = () => 1;", "app.js", MODULE, "`exports`"),
        ("module.exports = { handler: () => 1 };", "app.js", MODULE, "`module.exports`"),
        ('const fs = require("fs"); export const handler = () => fs;', "app.js", MODULE, "`require`"),
        ('export const handler = () => import("./a.mjs");', "app.mjs", "{}", ""),
        ('exports.handler = () => import("./a.mjs");', "app.js", "{}", ""),
        ('let a; try { a = require("a"); } catch {} export const handler = () => a;', "app.mjs", "{}", ""),
        ('const f = () => require("a"); export const handler = () => 1; export { f };', "app.mjs", "{}", ""),
        ("var __commonJS = (f) => f; exports.handler = () => 1;", "app.js", MODULE, ""),
        ("export const handler = () => 1;", "app.ts", "{}", ""),
    ],
)
def test_syntax_and_system(code: str, name: str, manifest: str, syntax: str, tmp_path: Path) -> None:
    found = findings(project(tmp_path, code, name=name, src__package_json=manifest), "LL110")
    assert [syntax in item.message for item in found] == ([True] if syntax else [])


def test_newer_runtimes_may_detect_modules(tmp_path: Path) -> None:
    code = "export const handler = () => 1;"
    assert findings(project(tmp_path, code, "nodejs26.x", src__package_json="{}"), "LL110") == []


def test_a_manifest_that_is_not_shipped_is_shown(tmp_path: Path) -> None:
    folder = project(tmp_path, "export const handler = () => 1;", package_json=MODULE)
    (item,) = findings(folder, "LL110")
    assert [place.span.path for place in item.related][:1] == ["package.json"]
