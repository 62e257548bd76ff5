"""Which calls wait without end, and what may bound them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.timeouts import patient_clients, seconds, unbounded_calls
from tests.project.test_link import project

TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          {}
    """


def places(tmp_path: Path, head: str, body: str, timeout: str = "Timeout: 20") -> list[int]:
    """The lines of what is to be bounded, counted after the imports; 0 and less are the head's."""
    code = f"{head}\n\n\ndef handler(event, context):\n"
    made = project(
        tmp_path,
        {
            "template.yaml": TEMPLATE.format(timeout),
            "app.py": code + "".join(f"    {line}\n" for line in body.splitlines()),
        },
    )
    found = [item.span.line for handler in made.handlers for item in unbounded_calls(handler)]
    return [line - code.count("\n") for line in found]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("import requests", "requests.get(event['url'])"),
        ("from requests import post as send", "send(event['url'], json={})"),
        ("import requests", "requests.request('GET', event['url'])"),
        ("import requests", "requests.get('https://a.example.org', timeout=None)"),
        ("import urllib.request", "urllib.request.urlopen(event['url'], None)"),
        ("from urllib import request", "request.urlopen('https://a.example.org')"),
        ("import httpx", "httpx.post('https://a.example.org', timeout=None)"),
        ("import requests", "requests.get(event['url'], **{'headers': {}})"),
    ],
)
def test_unbounded(tmp_path: Path, head: str, body: str) -> None:
    assert places(tmp_path, head, body) == [1]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("import requests", "requests.get(event['url'], timeout=3)"),
        ("import requests", "requests.get(event['url'], timeout=event['wait'])"),
        ("import requests", "requests.get(event['url'], **event['options'])"),
        ("import requests", "requests.get(*event['arguments'])"),
        ("import requests", "requests.get(event['url'], **{'timeout': 3})"),
        ("import requests", "requests.get('http://localhost:2773/secret')"),
        ("import requests", "requests.get('http://169.254.170.2/v2/metadata')"),
        ("import requests\nrequests.get = event", "requests.get(event['url'])"),
        ("import os, requests", "requests.get('http://' + os.environ['AWS_LAMBDA_RUNTIME_API'] + '/next')"),
        ("import urllib.request", "urllib.request.urlopen(event['url'], None, 3)"),
        ("import urllib.request", "urllib.request.urlopen('file:///var/task/orders.json')"),
        ("import urllib3", "urllib3.request('GET', event['url'])"),
        ("import httpx", "httpx.get(event['url'])"),
        ("import requests, signal", "signal.alarm(3)\nrequests.get(event['url'])"),
        ("import requests\nfrom func_timeout import func_set_timeout", "requests.get(event['url'])"),
        ("import socket, urllib.request", "socket.setdefaulttimeout(3)\nurllib.request.urlopen(event['url'])"),
        ("import other", "other.get(event['url'])"),
    ],
)
def test_bounded(tmp_path: Path, head: str, body: str) -> None:
    assert places(tmp_path, head, body) == []


@pytest.mark.parametrize(
    ("maker", "call", "expected"),
    [
        ("urllib3.PoolManager()", "request('GET', event['url'])", True),
        ("urllib3.PoolManager(10)", "request('GET', event['url'])", True),
        ("urllib3.PoolManager(timeout=3)", "request('GET', event['url'])", False),
        ("urllib3.PoolManager()", "request('GET', event['url'], timeout=3)", False),
        ("urllib3.PoolManager(**options)", "request('GET', event['url'])", False),
        ("urllib3.HTTPSConnectionPool('a.example.org')", "request('GET', '/')", True),
        ("urllib3.HTTPSConnectionPool('a.example.org', 443, 3)", "request('GET', '/')", False),
        ("http.client.HTTPSConnection('a.example.org')", "request('GET', '/')", True),
        ("http.client.HTTPConnection('127.0.0.1', 8080)", "request('GET', '/')", False),
        ("http.client.HTTPSConnection('a.example.org', timeout=3)", "request('GET', '/')", False),
        ("httpx.Client()", "get(event['url'])", False),
        ("httpx.Client(timeout=None)", "get(event['url'])", True),
        ("requests.Session()", "post(event['url'])", True),
        ("requests.Session()", "request('GET', event['url'])", True),
        ("requests.Session()", "request('GET', event['url'], None, None, None, None, None, None, 3)", False),
        ("made()", "get(event['url'])", False),
    ],
)
def test_clients(tmp_path: Path, maker: str, call: str, expected: bool) -> None:
    head = f"import http.client, httpx, requests, urllib3\nfrom other import made, options\nclient = {maker}"
    assert bool(places(tmp_path, head, f"client.{call}")) is expected


def test_client_is_told_later(tmp_path: Path) -> None:
    head = "import http.client"
    body = "connection = http.client.HTTPSConnection('a.example.org')\nconnection.timeout = 3\n"
    assert places(tmp_path, head, body + "connection.request('GET', '/')") == []


@pytest.mark.parametrize(("timeout", "expected"), [("Timeout: 20", True), ("Timeout: 300", False)])
def test_library_with_a_long_timeout(tmp_path: Path, timeout: str, expected: bool) -> None:
    head = "import asyncio, aiohttp\nasync def main(url):\n    async with aiohttp.ClientSession() as session:\n"
    head += "        return await session.get(url)\n"
    assert bool(places(tmp_path, head, "asyncio.run(main(event['url']))", timeout)) is expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("Timeout: 20", [20]),
        ("MemorySize: 128", [3]),
        ("Timeout: !Ref Unknown", []),
        ("Timeout: !If [Live, 20, 60]", [20, 60]),
        ("Timeout: !If [Live, 20, !Ref Unknown]", []),
    ],
)
def test_seconds(tmp_path: Path, setting: str, expected: list[float]) -> None:
    made = project(tmp_path, {"template.yaml": TEMPLATE.format(setting), "app.py": "def handler(event, context): ..."})
    assert list(seconds(made.functions[0])) == expected


@pytest.mark.parametrize(
    ("arguments", "setting", "expected"),
    [
        ("", "Timeout: 20", True),
        ("", "Timeout: 60", False),
        ("", "Timeout: !Ref Unknown", False),
        ("", "Timeout: 20\n          Environment: {Variables: {AWS_DEFAULTS_MODE: in-region}}", False),
        (", config=Config(region_name='eu-west-1')", "Timeout: 20", True),
        (", config=Config(read_timeout=3)", "Timeout: 20", False),
        (", config=Config(**options)", "Timeout: 20", False),
        (", config=options", "Timeout: 20", False),
        (", **options", "Timeout: 20", False),
    ],
)
def test_sdk_clients(tmp_path: Path, arguments: str, setting: str, expected: bool) -> None:
    code = f"""
    import boto3
    from botocore.config import Config
    from other import options

    client = boto3.client("sqs"{arguments})


    def handler(event, context):
        client.purge_queue(QueueUrl=event["queue"])
        client.purge_queue(QueueUrl=event["other"])
    """
    made = project(tmp_path, {"template.yaml": TEMPLATE.format(setting), "app.py": code})
    found = [item for handler in made.handlers for item in patient_clients(handler)]
    assert [item.span.line for item in found] == ([6] if expected else [])


def javascript(tmp_path: Path, head: str, body: str) -> list[int]:
    """The lines of what is to be bounded in JavaScript, counted after the head."""
    code = f"{head}\nexports.handler = async (event) => {{\n"
    made = project(
        tmp_path,
        {
            "template.yaml": TEMPLATE.format("Timeout: 20").replace("python3.13", "nodejs22.x"),
            "app.js": f"{code}{body}\n}};\n",
        },
    )
    found = [item.span.line for handler in made.handlers for item in unbounded_calls(handler)]
    return [line - code.count("\n") for line in found]


@pytest.mark.parametrize(
    "call",
    [
        "axios.get(event.url)",
        "axios('https://a.example.org')",
        "axios({ url: 'https://a.example.org' })",
        "axios.post(event.url, event, { headers: {} })",
        "axios.get(event.url, { timeout: 0 })",
        "axios.request({ ...common, url: event.url })",
        "got('https://a.example.org')",
        "got.post(event.url, { json: event })",
        "fetch(event.url)",
        "fetch(event.url, { method: 'POST' })",
        "nodeFetch(event.url)",
        "request('https://a.example.org', () => {})",
        "https.get('https://a.example.org', () => {})",
        "https.request({ host: 'a.example.org' }, () => {})",
        "https.request(new URL('https://a.example.org'), { method: 'PUT' })",
    ],
)
def test_unbounded_in_javascript(tmp_path: Path, call: str) -> None:
    head = (
        "const axios = require('axios'); const got = require('got'); const https = require('node:https');"
        "const nodeFetch = require('node-fetch'); const request = require('request'); const common = { headers: {} };"
    )
    assert javascript(tmp_path, head, f"await {call};") == [1]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("const axios = require('axios');", "axios.get(event.url, { timeout: 3000 });"),
        ("const axios = require('axios');", "axios.get(event.url, { signal: AbortSignal.timeout(3000) });"),
        ("const axios = require('axios');", "axios.get(event.url, event.options);"),
        ("const axios = require('axios');", "axios.get(event.url, { ...event.options });"),
        ("const axios = require('axios');", "axios.get(...event.arguments);"),
        ("const axios = require('axios');", "axios(event.options);"),
        ("const axios = require('axios');", "axios.put(event.ResponseURL, event);"),
        ("const axios = require('axios');", "axios({ method: 'put', url: event.ResponseURL });"),
        ("const axios = require('axios');", "axios.get('http://localhost:2773/secret');"),
        ("const axios = require('axios'); axios.defaults.timeout = 3000;", "axios.get(event.url);"),
        ("const axios = require('axios'); axios.interceptors.request.use((c) => c);", "axios.get(event.url);"),
        ("const axios = require('axios');", "await Promise.race([axios.get(event.url), event.limit]);"),
        ("const api = require('axios').create({ timeout: 3000 });", "api.get('/orders');"),
        ("const api = require('axios').create(require('another-library'));", "api.get('/orders');"),
        ("const got = require('got');", "got(event.url, { timeout: { request: 3000 } });"),
        ("const got = require('got').extend({ timeout: { request: 3000 } });", "got(event.url);"),
        ("", "fetch(event.url, { signal: AbortSignal.timeout(3000) });"),
        ("", "fetch(new Request(event.url));"),
        ("const https = require('https');", "https.get(event.url, { timeout: 3000 });"),
        ("const https = require('https');", "https.get({ host: 'a', agent: event.agent });"),
        ("const https = require('https');", "const sent = https.get(event.url); sent.setTimeout(3000);"),
        ("const https = require('https');", "const sent = https.get(event.url); sent.on('timeout', () => {});"),
        ("const other = require('another-library');", "other.get(event.url);"),
    ],
)
def test_bounded_in_javascript(tmp_path: Path, head: str, body: str) -> None:
    assert javascript(tmp_path, head, body) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const { SQS } = require('@aws-sdk/client-sqs'); const sqs = new SQS({});", True),
        ("const { SQS } = require('@aws-sdk/client-sqs'); const sqs = new SQS({ requestHandler: {} });", False),
        ("const { SQS } = require('@aws-sdk/client-sqs'); const sqs = new SQS({ defaultsMode: 'auto' });", False),
        ("const { SQS } = require('@aws-sdk/client-sqs'); const sqs = new SQS(require('other'));", False),
        ("const AWS = require('aws-sdk'); const sqs = new AWS.SQS();", True),
        ("const AWS = require('aws-sdk'); const sqs = new AWS.SQS({ httpOptions: { timeout: 3000 } });", False),
        ("const AWS = require('aws-sdk'); AWS.config.update({}); const sqs = new AWS.SQS();", False),
        ("const AWS = require('aws-sdk'); AWS.config.httpOptions = {}; const sqs = new AWS.SQS();", False),
    ],
)
def test_sdk_clients_in_javascript(tmp_path: Path, code: str, expected: bool) -> None:
    handler = "exports.handler = async (event) => sqs.purgeQueue({ QueueUrl: event.queue });"
    template = TEMPLATE.format("Timeout: 20").replace("python3.13", "nodejs22.x")
    made = project(tmp_path, {"template.yaml": template, "app.js": f"{code}\n{handler}\n"})
    assert bool([item for one in made.handlers for item in patient_clients(one)]) is expected
