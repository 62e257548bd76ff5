"""JavaScript handlers followed through the modules of a project: values, both SDKs, callbacks, modules, classes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.code.javascript import read_javascript
from lambdalint.project.codebase import Codebase
from lambdalint.project.evaluate import CallRecord, Interpreter
from lambdalint.project.javascript_language import JavaScript
from lambdalint.project.things import FunctionThing
from lambdalint.source import Source, Span
from tests.project.following import calls, follow, given, operations, show
from tests.project.test_link import project


def _follow(files: Mapping[str, str] | str, path: str = "app.js", symbol: str = "handler") -> Interpreter:
    return follow(files, symbol, path)


def _value(body: str, expression: str, before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    run = _follow(f"{before}\nexports.handler = async (event, context) => {{\n{lines}    show({expression});\n}};\n")
    found = given(run, "show")
    assert len(found) == 1
    return found[0]


def _operations(body: str, before: str = "", path: str = "app.mjs") -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    head = before if "import" in before or "require" in before else f"{_SDKS}\n{before}"
    return operations(_follow(f"{head}\nexport const handler = async (event, context) => {{\n{lines}}};\n", path))


_SDKS = """
import { S3Client, S3, PutObjectCommand, GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, DynamoDBDocument, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import AWS from "aws-sdk";
const client = new S3Client({});
const s3 = new AWS.S3();
"""


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("let x = 'a'; x = 'b';", "x", "'b'"),
        ("let x = 'a';\nif (event) x = 'b';", "x", "('a' or 'b')"),
        ("let x;\nif (event) { x = 'a' } else { x = 'b' }", "x", "('a' or 'b')"),
        ("const { a, b: { c } } = event;", "c", "event.b.c"),
        ("const { a = 'd' } = event;", "a", "('d' or event.a)"),
        ("const [a, b] = ['x', 'y'];", "b", "'y'"),
        ("const { a, ...rest } = event;", "rest.b", "event.b"),
        ("", "event.k ?? 'd'", "('d' or event.k)"),
        ("", "event.k || process.env.D", "($D or event.k)"),
        ("", "process.env.A || 'd'", "$A|'d'"),
        ("", "event ? 'a' : 'b'", "('a' or 'b')"),
        ("", "event.k && 'a'", "('a' or None)"),
        ("", "event?.a?.['b']", "event.a.b"),
        ("", "context.awsRequestId", "context.awsRequestId"),
        ("const f = (x = 'd') => x;", "f()", "'d'"),
        ("function f({ a, b = 'd' }) { return a }", "f({ a: 'x' })", "'x'"),
        ("const f = (...xs) => xs[1];", "f('a', 'b')", "'b'"),
        ("const f = (...xs) => xs[0];", "f(...['a', 'b'])", "'a'"),
        ("", "hoisted()\nfunction hoisted() { return 'a' }", "'a'"),
    ],
)
def test_assignments(body: str, expression: str, shown: str) -> None:
    if "\n" in expression:
        expression, more = expression.split("\n")
        body = f"{body}\n{more}" if body else more
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("const x = 'a';", "`${x}-${event.k}`", "<a-{event.k}>"),
        ("", "'out/' + event.k", "<out/{event.k}>"),
        ("const a = 'x', b = 'y';", "a + b", "'xy'"),
        ("const a = 1, b = 2;", "a + b", "?"),
        ("let x = 'a'; x += 'b';", "x", "'ab'"),
        ("let x = 1; x += 1;", "x", "?"),
        ("", "`${1}${true}`", "'1true'"),
        ("", "`${null}`", "<{?}>"),
        ("", "'a-b'.split('-')[1]", "'b'"),
        ("", "['a', event.k].join('/')", "<a/{event.k}>"),
        ("const parts = ['a', 'b'];", "parts.join('-')", "'a-b'"),
        ("", "' A '.trim().toLowerCase()", "'a'"),
        ("", "'a'.concat('b', event.k)", "<ab{event.k}>"),
        ("", "'a.b.c'.replace('.', '-')", "'a-b.c'"),
        ("", "'a.b.c'.replaceAll('.', '-')", "'a-b-c'"),
        ("", "String(5)", "'5'"),
        ("", "String(event.k)", "event.k"),
        ("", "event.n.toString()", "event.n"),
        ("", "event.k.trim()", "event.k.@strip"),
        ("", "event.k.slice(1)", "event.k.@part"),
        ("const path = require('node:path');", "path.join('a', './b', event.k)", "<a/b/{event.k}>"),
        ("", "require('os').tmpdir() + '/x'", "'/tmp/x'"),
        ("", "context.invokedFunctionArn.split(':')[6]", "context.function_name"),
        ("", "process.env['A'].trim()", "$A"),
    ],
)
def test_strings(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("", "JSON.parse(event.body).id", "event.body.@json.id"),
        ("", 'JSON.parse(\'{"a": ["b"]}\').a[0]', "'b'"),
        ("", "JSON.parse(JSON.stringify({ a: 'b' })).a", "'b'"),
        ("", "decodeURIComponent(event.k)", "event.k.@unquote"),
        ("", "decodeURIComponent(event.k.replace(/\\+/g, ' '))", "event.k.@unquote_plus"),
        ("", "decodeURIComponent(event.k.replaceAll('+', ' '))", "event.k.@unquote_plus"),
        ("", "decodeURIComponent(event.k).replace(/\\+/g, ' ')", "event.k.@unquote_plus"),
        ("", "decodeURIComponent(event.k.replace(/-/g, ' '))", "event.k.@replace.@unquote"),
        ("", "decodeURIComponent(event.k || 'd')", "('d' or event.k.@unquote)"),
        ("", "Buffer.from(event.k, 'base64').toString()", "event.k.@base64"),
        ("", "JSON.parse(Buffer.from(event.k, 'base64').toString('utf8')).id", "event.k.@base64.@json.id"),
        ("const { unmarshall } = require('@aws-sdk/util-dynamodb');", "unmarshall(event.k)", "event.k.@unmarshall"),
        ("", "event.Records[0].s3.object.key", "event.Records.*.s3.object.key"),
        ("", "event.Records.at(0).body", "event.Records.*.body"),
        ("", "event.Records.slice(0, 2).map(r => r.body)", "[event.Records.*.body, ...]"),
        ("", "Object.values(event.map)[0].id", "event.map.*.id"),
        ("for (const { body } of event.Records) { var x = body }", "x", "event.Records.*.body"),
        ("for (const [k, v] of Object.entries({ a: 'b' })) { var x = k + v }", "x", "'ab'"),
    ],
)
def test_parts_of_the_event(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("const a = { x: 'y' };", "{ ...a, z: 1 }", "{x: 'y', z: 1}"),
        ("", "{ x: 'a', ...event }", "{x: ('a' or ?), ...}"),
        ("", "{ ...event, x: 'a' }", "{x: 'a', ...}"),
        ("", "{ x: 'a', ...(event.k && { x: 'b' }) }", "{x: ('a' or 'b')}"),
        ("", "{ x: 'a', ...(event.k ? { y: 'b' } : {}) }", "{x: 'a', y: ('b' or ?)}"),
        ("const a = { x: 'y' }; a.z = 'w'; delete a.x;", "a", "{z: 'w'}"),
        ("const a = {}; a['x'] = 'y';", "a", "{x: 'y'}"),
        ("const a = { x: 'y' }; Object.assign(a, { z: 1 });", "a", "{x: 'y', z: 1}"),
        ("", "Object.assign({}, { x: 'y' }, { z: 1 })", "{x: 'y', z: 1}"),
        ("const k = 'x';", "{ [k]: 'y' }", "{x: 'y'}"),
        ("", "{ [process.env.T]: 'y' }[process.env.T]", "'y'"),
        ("", "Object.keys({ a: 1, b: 2 })", "['a', 'b']"),
        ("", "Object.entries({ a: 1 })", "[['a', 1]]"),
        ("const a = ['x'];", "[...a, 'y']", "['x', 'y']"),
        ("", "['x'].concat(['y'], 'z')", "['x', 'y', 'z']"),
        ("const a = []; a.push('x');", "a", "['x', ...]"),
        ("const a = { b: [] }; a.b.push('x');", "a.b", "['x', ...]"),
        ("const a = { b: [] }; event.ids.map(id => { a.b.push(id) });", "a.b", "[event.ids.*, ...]"),
        ("const a = { b: {} }; a.b.c = 'x';", "a.b.c", "'x'"),
        ("const a = [];\nfor (const r of event.Records) a.push({ id: r.id });", "a[0].id", "event.Records.*.id"),
        ("const f = () => 'a'; const table = { run: f };", "table.run()", "'a'"),
        ("const table = { a: () => 'x', b: () => 'y' };", "table[event.k]()", "('x' or 'y')"),
        ("const o = { name: 'n', get() { return this.name } };", "o.get()", "'n'"),
        ("const f = function (a, b) { return a + b };", "f.bind(null, 'x')('y')", "'xy'"),
        ("const f = function (a, b) { return a + b };", "f.call(null, 'x', 'y')", "'xy'"),
        ("function* f() { yield 'a'; yield 'b' }", "[...f()][0]", "('a' or 'b')"),
        ("", "await Promise.all(['a', 'b'].map(async x => x))", "[('a' or 'b'), ...]"),
        ("const [a, b] = await Promise.all([f('x'), f('y')]);\nasync function f(v) { return v }", "b", "'y'"),
        ("", "await Promise.resolve('a').then(x => x + 'b')", "'ab'"),
        ("", "await new Promise(done => done('a'))", "?"),
    ],
)
def test_objects_and_lists(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


# --- the SDK, version 3 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "await client.send(new PutObjectCommand({ Bucket: process.env.B, Key: event.k }));",
            ["s3.PutObject(Bucket=$B, Key=event.k)"],
        ),
        (
            "const input = { Bucket: 'b' };\ninput.Key = 'k';\nconst command = new PutObjectCommand(input);\n"
            "await client.send(command);",
            ["s3.PutObject(Bucket='b', Key='k')"],
        ),
        ("await client.send(new PutObjectCommand(make(event)));", ["s3.PutObject(...)"]),
        (
            "await client.send(event.x ? new PutObjectCommand({ Bucket: 'a' })"
            " : new GetObjectCommand({ Bucket: 'b' }));",
            ["s3.PutObject(Bucket='a')", "s3.GetObject(Bucket='b')"],
        ),
        (
            "const send = c => client.send(c);\nawait send(new PutObjectCommand({ Bucket: 'a' }));",
            ["s3.PutObject(Bucket='a')"],
        ),
        ("await new S3({ region: 'eu-west-1' }).putObject({ Bucket: 'b' });", ["s3.PutObject(Bucket='b')"]),
        (
            "const doc = DynamoDBDocumentClient.from(new DynamoDBClient({}));\n"
            "await doc.send(new PutCommand({ TableName: process.env.T, Item: event }));",
            ["dynamodb.PutItem(TableName=$T, Item=event)"],
        ),
        (
            "await DynamoDBDocument.from(new DynamoDBClient({})).query({ TableName: 't' });",
            ["dynamodb.Query(TableName='t')"],
        ),
        (
            "const up = new Upload({ client, params: { Bucket: 'b', Key: event.k } });\nawait up.done();",
            ["s3.PutObject(Bucket='b', Key=event.k)"],
        ),
        (
            "for await (const page of paginateListObjectsV2({ client }, { Bucket: 'b' })) { show(page) }",
            ["s3.ListObjectsV2(Bucket='b')"],
        ),
        ("await getSignedUrl(client, new GetObjectCommand({ Bucket: 'b' }));", []),
        ("await client.send(other(event));", []),
        (
            "const params = event.x ? { Bucket: 'a', Key: 'k' } : { Bucket: 'b' };\n"
            "await client.send(new PutObjectCommand(params));",
            ["s3.PutObject(Bucket=('a' or 'b'), Key=('k' or ?))"],
        ),
    ],
)
def test_version_3(body: str, shown: list[str]) -> None:
    assert _operations(body) == shown


@pytest.mark.parametrize(
    ("package", "client", "command", "shown"),
    [
        ("client-sfn", "SFNClient", "StartExecutionCommand", "stepfunctions.StartExecution"),
        ("client-eventbridge", "EventBridgeClient", "PutEventsCommand", "events.PutEvents"),
        ("client-cloudwatch-logs", "CloudWatchLogsClient", "PutLogEventsCommand", "logs.PutLogEvents"),
        ("client-cloudwatch-events", "CloudWatchEventsClient", "PutEventsCommand", "events.PutEvents"),
        (
            "client-cognito-identity-provider",
            "CognitoIdentityProviderClient",
            "ListUsersCommand",
            "cognito-idp.ListUsers",
        ),
        ("client-secrets-manager", "SecretsManagerClient", "GetSecretValueCommand", "secretsmanager.GetSecretValue"),
        (
            "client-apigatewaymanagementapi",
            "ApiGatewayManagementApiClient",
            "PostToConnectionCommand",
            "apigatewaymanagementapi.PostToConnection",
        ),
        ("client-iot-data-plane", "IoTDataPlaneClient", "PublishCommand", "iot-data.Publish"),
        ("client-bedrock-runtime", "BedrockRuntimeClient", "InvokeModelCommand", "bedrock-runtime.InvokeModel"),
        ("client-lambda", "LambdaClient", "InvokeCommand", "lambda.Invoke"),
    ],
)
def test_services_of_packages(package: str, client: str, command: str, shown: str) -> None:
    run = _follow(
        f"""
        const {{ {client}, {command} }} = require("@aws-sdk/{package}");
        const client = new {client}({{}});
        exports.handler = async () => client.send(new {command}({{}}));
        """
    )
    assert operations(run) == [f"{shown}()"]


# --- the SDK, version 2 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("await s3.putObject({ Bucket: 'b' }).promise();", ["s3.PutObject(Bucket='b')"]),
        ("await s3.upload({ Bucket: 'b' }).promise();", ["s3.PutObject(Bucket='b')"]),
        ("s3.getSignedUrl('getObject', { Bucket: 'b' });", []),
        ("await new AWS.DynamoDB.DocumentClient().batchWrite({}).promise();", ["dynamodb.BatchWriteItem()"]),
        ("await new AWS.DynamoDB().getItem({ TableName: 't' }).promise();", ["dynamodb.GetItem(TableName='t')"]),
        ("await new AWS.StepFunctions().startExecution({}).promise();", ["stepfunctions.StartExecution()"]),
        (
            "await new AWS.CognitoIdentityServiceProvider().adminGetUser({}).promise();",
            ["cognito-idp.AdminGetUser()"],
        ),
        ("await new AWS.CloudWatchEvents().putEvents({}).promise();", ["events.PutEvents()"]),
        ("await new AWS.IotData({}).publish({}).promise();", ["iot-data.Publish()"]),
        ("await new AWS.EC2().describeInstances().promise();", ["ec2.DescribeInstances()"]),
        (
            "s3.getObject({ Bucket: 'b' }, (err, data) => { s3.putObject({ Bucket: 'c' }, () => {}) });",
            ["s3.GetObject(Bucket='b')", "s3.PutObject(Bucket='c')"],
        ),
    ],
)
def test_version_2(body: str, shown: list[str]) -> None:
    assert _operations(body) == shown


@pytest.mark.parametrize(
    ("head", "made"),
    [
        ('const AWS = require("aws-sdk");', "new AWS.S3()"),
        ('const { S3 } = require("aws-sdk");', "new S3()"),
        ('const S3 = require("aws-sdk/clients/s3");', "new S3()"),
        ('const { S3 } = require("aws-sdk/clients/all");', "new S3()"),
        ('const AWS = require("aws-xray-sdk").captureAWS(require("aws-sdk"));', "new AWS.S3()"),
        (
            'const AWSXRay = require("aws-xray-sdk-core"), AWS = AWSXRay.captureAWS(require("aws-sdk"));',
            "AWSXRay.captureAWSClient(new AWS.S3())",
        ),
        ('const aws_sdk_1 = __importDefault(require("aws-sdk"));', "new aws_sdk_1.default.S3()"),
        ('const AWS = __toESM(require("aws-sdk"));', "new AWS.S3()"),
        ('const { S3 } = require("@aws-sdk/client-s3");', "new S3({})"),
        (
            'const { S3 } = require("@aws-sdk/client-s3"); const { Tracer } = require("@aws-lambda-powertools/tracer");'
            "const tracer = new Tracer();",
            "tracer.captureAWSv3Client(new S3({}))",
        ),
    ],
)
def test_ways_to_a_client(head: str, made: str) -> None:
    run = _follow(
        f"{head}\nconst s3 = {made};\nexports.handler = async () => {{ await s3.putObject({{ Key: 'k' }}) }};"
    )
    assert operations(run) == ["s3.PutObject(Key='k')"]


@pytest.mark.parametrize(
    "head",
    [
        'import AWS from "aws-sdk"; const s3 = new AWS.S3();',
        'import * as AWS from "aws-sdk"; const s3 = new AWS.S3();',
        'import { S3 } from "aws-sdk"; const s3 = new S3();',
        'import S3 from "aws-sdk/clients/s3"; const s3 = new S3();',
        'import AWS = require("aws-sdk"); const s3: AWS.S3 = new AWS.S3();',
        'import * as all from "@aws-sdk/client-s3"; const s3 = new all.S3({});',
    ],
)
def test_imported_clients(head: str) -> None:
    source = f"{head}\nexport async function handler() {{ await s3.putObject({{ Key: 'k' }}) }}"
    assert operations(_follow(source, "app.ts")) == ["s3.PutObject(Key='k')"]


def _made(run: Interpreter) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for record in run.records:
        if record.made is not None:
            options = {name: show(value) for name, value in record.made.options.items()}
            found.append((record.phase, getattr(record.made, "service", ""), options))
    return found


def test_clients_that_are_made() -> None:
    run = _follow(
        """
        const { S3Client } = require("@aws-sdk/client-s3");
        const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
        const { DynamoDBDocumentClient } = require("@aws-sdk/lib-dynamodb");
        const AWS = require("aws-sdk");
        const s3 = new S3Client({ region: "eu-west-1" });
        exports.handler = async (event) => {
            const doc = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.E }));
            const sqs = new AWS.SQS({ ...event.options });
        };
        """
    )
    assert _made(run) == [
        ("init", "s3", {"region": "'eu-west-1'"}),
        ("invoke", "dynamodb", {"endpoint": "$E"}),
        ("invoke", "sqs", {"**": "{...}"}),
    ]


# --- callbacks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("event.Records.forEach(r => use(r.body));", ["use(event.Records.*.body)"]),
        ("await Promise.all(event.Records.map(async ({ body }) => use(body)));", ["use(event.Records.*.body)"]),
        ("event.Records.map(r => r.body).filter(Boolean).forEach(b => use(b));", ["use(event.Records.*.body)"]),
        ("event.Records.reduce((sum, r) => { use(r.body) }, 0);", ["use(event.Records.*.body)"]),
        ("['a'].forEach(function (x) { use(x) });", ["use('a')"]),
        ("unknown().items.forEach(x => use('a'));", ["use('a')"]),
        ("await load('a').then(x => use(x));\nasync function load(k) { return k }", ["use('a')"]),
        ("await fetch('u').then(r => { use('a') });", ["use('a')"]),
        ("await fetch('u').catch(e => { use('a') });", ["possible: use('a')"]),
        ("await new Promise((resolve, reject) => { use('a') });", ["use('a')"]),
        ("setTimeout(() => use('a'), 10);", ["possible: use('a')"]),
        ("require('fs').readFile('x', (e, d) => use('a'));", ["possible: use('a')"]),
        ("require('async').each(event.Records, (r, done) => use(r.body));", ["possible: use(event.Records.*.body)"]),
        ("Array.from(event.Records, r => use(r.body));", ["use(event.Records.*.body)"]),
        ("event.Records.map(work);\nfunction work(r) { use(r.body) }", ["use(event.Records.*.body)"]),
        ("const o = { work(r) { use(r.body) } };\nevent.Records.forEach(o.work);", ["use(event.Records.*.body)"]),
    ],
)
def test_callbacks(body: str, shown: list[str]) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    run = _follow(f"exports.handler = async (event) => {{\n{lines}}};\n")
    found = [
        f"{'possible: ' if record.possible else ''}use({show(record.positional(0))})"
        for record in run.records
        if record.callee == "use"
    ]
    assert found == shown


def test_what_module_code_hands_on_runs_later() -> None:
    run = _follow(
        """
        const express = require("express");
        const middy = require("@middy/core");
        const app = express();
        app.get("/orders", async (req, res) => { load("a") });
        const inner = async (event) => { load(event.id) };
        exports.handler = middy(inner).use(other());
        """
    )
    found = [(record.phase, record.possible) for record in run.records if record.callee == "load"]
    assert ("init", True) not in found
    assert ("invoke", True) in found


def test_a_handler_with_callback() -> None:
    run = _follow("exports.handler = (event, context, callback) => { callback(null, { statusCode: 200 }) };")
    assert calls(run) == ["callback"]


# --- modules ----------------------------------------------------------------------------------------------------------


def _module(other: str, use: str, name: str = "lib.js", head: str = 'const lib = require("./lib");') -> str:
    run = _follow({"app.js": f"{head}\nexports.handler = async () => {{ show({use}) }};", name: other})
    found = given(run, "show")
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("other", "use", "shown"),
    [
        ("exports.a = 'x';", "lib.a", "'x'"),
        ("module.exports.a = 'x';", "lib.a", "'x'"),
        ("module.exports = { a: 'x' };", "lib.a", "'x'"),
        ("const a = 'x'; module.exports = { a };", "lib.a", "'x'"),
        ("const api = {}; api.a = 'x'; module.exports = api;", "lib.a", "'x'"),
        ("module.exports = () => 'x';", "lib()", "'x'"),
        ("module.exports = function () { return 'x' }; module.exports.b = 'y';", "lib.b", "'y'"),
        ("module.exports = { a: () => 'x' };", "lib.a()", "'x'"),
        ("module.exports = class { get() { return 'x' } };", "new lib().get()", "'x'"),
        ("exports.a = () => exports.b(); exports.b = () => 'x';", "lib.a()", "'x'"),
        ("Object.assign(exports, { a: 'x' });", "lib.a", "'x'"),
        ("exports = module.exports = { a: 'x' };", "lib.a", "'x'"),
        (
            "if (process.env.A) { module.exports = { a: 'x' } } else { module.exports = { a: 'y' } }",
            "lib.a",
            "('x' or 'y')",
        ),
        ("module.exports = { ...require('./more') };", "lib.a", "?"),
        ("export const a = 'x';", "lib.a", "'x'"),
        ("const a = 'x'; export { a as b };", "lib.b", "'x'"),
        ("export { a }; const a = 'x';", "lib.a", "'x'"),
        ("export default 'x';", "lib.default", "'x'"),
        ("export default { a: 'x' };", "lib.default.a", "'x'"),
        ("let a = 'x'; export { a }; a = 'y';", "lib.a", "'y'"),
        ("export function a() { return b() } function b() { return 'x' }", "lib.a()", "'x'"),
        ("export * as ns from 'node:path';", "lib.ns.join('a', 'b')", "'a/b'"),
        ("exports.a = 'x';", "lib.b", "?"),
    ],
)
def test_exports(other: str, use: str, shown: str) -> None:
    assert _module(other, use) == shown


@pytest.mark.parametrize(
    ("other", "head", "use", "shown"),
    [
        ("module.exports = { a: 'x' };", 'import lib from "./lib.js";', "lib.a", "'x'"),
        ("module.exports = { a: 'x' };", 'import { a } from "./lib.js";', "a", "'x'"),
        ("module.exports = { a: 'x' };", 'import * as lib from "./lib.js";', "lib.a", "'x'"),
        ("exports.a = 'x';", 'import lib from "./lib";', "lib.a", "'x'"),
        ("export default () => 'x';", 'import lib from "./lib";', "lib()", "'x'"),
        ("export const a = 'x';", 'const { a } = await import("./lib.js");', "a", "'x'"),
        ("export const a = 'x';", 'const lib = import("./lib.js");', "(await lib).a", "'x'"),
        ("export const t = { a: 'x', b: 'y' };", 'import { t } from "./lib.js";', "t[process.env.K]", "('x' or 'y')"),
    ],
)
def test_imports(other: str, head: str, use: str, shown: str) -> None:
    assert _module(other, use, head=head) == shown


def test_reexports_in_a_circle() -> None:
    run = _follow(
        {
            "app.js": "import { a, c } from './one.js'; export const b = 'y';"
            "export const handler = async () => { show(a); show(c) };",
            "one.js": "export * from './two.js'; export { b as c } from './app.js';",
            "two.js": "export * from './one.js'; export const a = 'x';",
        }
    )
    assert given(run, "show") == ["'x'", "'y'"]


@pytest.mark.parametrize(
    ("path", "specifier", "target"),
    [
        ("src/app.js", "./lib", "src/lib.js"),
        ("src/app.js", "./lib.js", "src/lib.js"),
        ("src/app.js", "../other", "other/index.js"),
        ("src/app.js", "../other/", "other/index.js"),
        ("src/app.js", ".", "src/index.js"),
        ("src/app.js", "..", None),
        ("src/app.ts", "./typed.js", "src/typed.ts"),
        ("src/app.ts", "./typed", "src/typed.ts"),
        ("src/app.mts", "./module.mjs", "src/module.mts"),
        ("src/app.js", "/opt/nodejs/shared", "layers/nodejs/shared.js"),
        ("src/app.js", "/opt/nodejs/node_modules/x", None),
        ("src/app.js", "lib", None),
        ("src/app.js", "./missing", None),
        ("src/app.js", "../../outside", None),
        ("src/app.ts", "@lib/tables", "packages/tables/src/index.ts"),
        ("src/app.ts", "@lib/tables/names", "packages/tables/src/names.ts"),
        ("src/app.ts", "~/typed", "src/typed.ts"),
        ("src/app.ts", "exact", "src/lib.js"),
        ("src/app.ts", "other/index", "other/index.js"),
    ],
)
def test_where_specifiers_lead(path: str, specifier: str, target: str | None) -> None:
    places = [
        "src/app.js",
        "src/lib.js",
        "src/index.js",
        "src/typed.ts",
        "src/module.mts",
        "other/index.js",
        "layers/nodejs/shared.js",
        "packages/tables/src/index.ts",
        "packages/tables/src/names.ts",
    ]
    texts = {place: f"export const name = '{place}';" for place in places}
    texts["tsconfig.json"] = """{
        // where modules are
        "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["src/*"], "exact": ["./src/lib"], }, },
    }"""
    texts["packages/tables/package.json"] = '{"name": "@lib/tables", "main": "dist/index.js"}'
    if path.endswith(".js"):
        del texts["tsconfig.json"]
    texts[path] = f"import {{ name }} from '{specifier}'; export const handler = async () => {{ show(name) }};"
    run = follow(texts, path=path, roots=("layers/nodejs",))
    assert given(run, "show") == ["?" if target is None else repr(target)]


# --- classes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "expression", "shown"),
    [
        ("class A { constructor(x) { this.x = x } get() { return this.x } }", "new A('a').get()", "'a'"),
        ("class A { x = 'a'; get() { return this.x } }", "new A().get()", "'a'"),
        ("class A { x = 'a'; get = () => this.x }", "new A().get()", "'a'"),
        ("class A { #x = 'a'; get() { return this.#x } }", "new A().get()", "'a'"),
        ("class A { static x = 'a' }", "A.x", "'a'"),
        ("class A { static x = 'a'; static get() { return this.x } }", "A.get()", "'a'"),
        ("class A { get x() { return 'a' } }", "new A().x", "'a'"),
        ("class A { x = 'a'; y = this.x + 'b' }", "new A().y", "'ab'"),
        ("class A { get() { return 'a' } } class B extends A {}", "new B().get()", "'a'"),
        (
            "class A { get() { return 'a' } } class B extends A { get() { return super.get() + 'b' } }",
            "new B().get()",
            "'ab'",
        ),
        (
            "class A { constructor(x) { this.x = x } } class B extends A { constructor() { super('a') } }",
            "new B().x",
            "'a'",
        ),
        ("class A { constructor(x) { this.x = x } } class B extends A {}", "new B('a').x", "'a'"),
        ("class A { get() { return [1].map(() => this.x)[0] } x = 'a' }", "new A().get()", "'a'"),
        ("class A { get() { return 'a' } } const one = new A();", "one.get()", "'a'"),
        (
            "class A { run() { const self = this; return self.x } constructor() { this.x = 'a' } }",
            "new A().run()",
            "'a'",
        ),
        ("const A = class { x = 'a' };", "new A().x", "'a'"),
        ("function A() { this.x = 'a' }", "new A().x", "?"),
    ],
)
def test_classes(before: str, expression: str, shown: str) -> None:
    assert _value("", expression, before) == shown


def test_parameter_properties_of_typescript() -> None:
    run = _follow(
        """
        class Repository { constructor(private readonly table: string) {} name(): string { return this.table } }
        export const handler = async () => { show(new Repository("t").name()) };
        """,
        "app.ts",
    )
    assert given(run, "show") == ["'t'"]


def test_when_fields_are_made() -> None:
    run = _follow(
        """
        const { S3Client } = require("@aws-sdk/client-s3");
        const { SQSClient } = require("@aws-sdk/client-sqs");
        class Store { client = new S3Client({}); static queue = new SQSClient({}); }
        const kept = new Store();
        exports.handler = async () => { new Store() };
        """
    )
    assert sorted((phase, service) for phase, service, _ in _made(run)) == [
        ("init", "s3"),
        ("init", "sqs"),
        ("invoke", "s3"),
    ]


def test_the_client_of_a_class() -> None:
    run = _follow(
        {
            "app.ts": """
            import { Orders } from "./orders";
            const orders = new Orders();
            export const handler = async (event: { id: string }) => orders.save(event.id);
            """,
            "orders.ts": """
            import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
            import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
            export class Orders {
                private readonly client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
                constructor(private readonly table = process.env.TABLE!) {}
                async save(id: string): Promise<void> {
                    await this.client.send(new PutCommand({ TableName: this.table, Item: { id } }));
                }
            }
            """,
        },
        "app.ts",
    )
    assert operations(run) == ["dynamodb.PutItem(TableName=$TABLE, Item={id: event.id})"]


def test_lazy_singletons() -> None:
    run = _follow(
        """
        const { S3 } = require("@aws-sdk/client-s3");
        let client;
        const get = () => (client ??= new S3({}));
        exports.handler = async () => { await get().putObject({ Bucket: "b" }) };
        """
    )
    assert operations(run) == ["s3.PutObject(Bucket='b')"]


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_the_environment() -> None:
    run = _follow(
        """
        const { TABLE, STAGE: stage = "dev" } = process.env;
        const env = process.env;
        exports.handler = async () => { show(TABLE); show(stage); show(env.BUCKET); show(process.env["Q"]) };
        """
    )
    assert given(run, "show") == ["$TABLE", "$STAGE|'dev'", "$BUCKET", "$Q"]
    assert [show(read.name) for read in run.reads] == ["'TABLE'", "'STAGE'", "'BUCKET'", "'Q'"]


def test_deep_chains_end() -> None:
    chain = ".then(x => x)" * 60
    run = _follow(f"exports.handler = async (event) => {{ await fetch('u'){chain}; show('a') }};")
    assert given(run, "show") == ["'a'"]


def test_recursion_ends() -> None:
    run = _follow(
        """
        const walk = (node) => ({ name: node.name, children: node.children.map(walk) });
        exports.handler = async (event) => { show(walk(event)) };
        """
    )
    assert len(given(run, "show")) == 1


def _phases(records: list[CallRecord], name: str) -> list[str]:
    return [record.phase for record in records if record.callee == name]


def test_phases() -> None:
    run = _follow(
        """
        import { load } from "./lib.js";
        const ready = load();
        (async () => { await load() })();
        export const handler = async () => { await ready; load() };
        """.replace("./lib.js", "./lib.js")
    )
    assert _phases(run.records, "?") == ["init", "init", "invoke"]


def test_known_packages_are_not_followed_where_they_are_made(tmp_path: Path) -> None:
    """A repository of a library has examples that use it: they are judged as anybody's."""
    files = {
        "packages/logger/package.json": '{"name": "@aws-lambda-powertools/logger", "main": "src/index.ts"}',
        "packages/logger/src/index.ts": "export const write = () => fetch('https://example.com');\n",
        "packages/own/package.json": '{"name": "@shop/own", "main": "src/index.ts"}',
        "packages/own/src/index.ts": "export const send = () => fetch('https://example.com');\n",
        "examples/app.js": "import { write } from '@aws-lambda-powertools/logger';\nimport { send } from '@shop/own';\n"
        "export const handler = async (event) => { write(); await send(); };\n",
    }
    found = project(tmp_path, files)
    assert [module.path for handler in found.handlers for module in handler.modules] == [
        "examples/app.js",
        "packages/own/src/index.ts",
    ]


def test_code_whose_places_tell_no_order() -> None:
    source = """
        const { S3 } = require("@aws-sdk/client-s3"); const s3 = new S3({}); const list = []; let key = "a";
        exports.handler = async (event) => {
            list.push("x");
            await s3.putObject({ Bucket: event.b, Key: key, Tags: list });
            key = "b";
        };
    """
    here = Span("template.json", 3, 5, 3, 400)
    module = read_javascript(Source("template.json#Function", source), place=lambda *_: here)
    codebase = Codebase((), lambda _: None)
    run = Interpreter(codebase, (), JavaScript())
    run.start(codebase.add(module))
    handler = run.module_attribute(next(iter(codebase.loaded())), "handler", here)
    assert isinstance(handler, FunctionThing)
    run.invoke(handler)
    assert operations(run) == ["s3.PutObject(Bucket=event.b, Key=('a' or 'b'), Tags=['x', ...])"]
