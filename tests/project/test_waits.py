"""How long code says that it waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.waits import waits
from tests.project.test_link import project

TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties: {{Runtime: {}, Handler: app.handler, CodeUri: .}}
    """


def told(tmp_path: Path, runtime: str, name: str, code: str) -> list[tuple[str, float]]:
    made = project(tmp_path, {"template.yaml": TEMPLATE.format(runtime), name: code})
    return [(item.kind, item.seconds) for handler in made.handlers for item in waits(handler)]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("import time", "time.sleep(40)", [("sleep", 40)]),
        ("from time import sleep", "sleep(0.5)", [("sleep", 0.5)]),
        ("import time\nWAIT = 7", "time.sleep(WAIT)", [("sleep", 7)]),
        ("import time", "time.sleep(event['wait'])", []),
        ("import time", "time.sleep(10 if event else 20)", []),
        ("import time, signal", "signal.alarm(5); time.sleep(40)", []),
        ("import requests", "requests.get('https://a.example.org', timeout=9)", [("request", 9)]),
        ("import requests", "requests.get('https://a.example.org', timeout=(2, 9))", [("request", 9)]),
        ("import requests", "requests.get('https://a.example.org', timeout=(2, event['t']))", []),
        ("import requests", "requests.get('https://a.example.org', timeout=None)", []),
        ("import requests", "requests.get('https://a.example.org', **event, timeout=9)", []),
        ("import urllib.request", "urllib.request.urlopen('https://a.example.org', None, 9)", [("request", 9)]),
        ("import urllib3\nhttp = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=9))",
         "http.request('GET', 'https://a.example.org')", [("request", 9)]),
        ("import urllib3\nhttp = urllib3.PoolManager(timeout=9)",
         "http.request('GET', 'https://a.example.org', timeout=2)", [("request", 2)]),
        ("import httpx", "httpx.get('https://a.example.org', timeout=httpx.Timeout(9))", [("request", 9)]),
        ("import boto3\nfrom botocore.config import Config\ns3 = boto3.client('s3', config=Config(read_timeout=9))",
         "s3.list_buckets()", [("client", 9)]),
        ("import boto3\nfrom botocore.config import Config\n"
         "s3 = boto3.client('s3', config=Config(read_timeout=9, retries={'max_attempts': 2, 'mode': 'standard'}))",
         "s3.list_buckets()", [("client", 27)]),
        ("import boto3\nfrom botocore.config import Config\ns3 = boto3.client('s3', config=Config(connect_timeout=9))",
         "s3.list_buckets()", []),
        ("import boto3\ns3 = boto3.client('s3')", "s3.list_buckets()", []),
    ],
)  # fmt: skip
def test_python(head: str, body: str, expected: list[tuple[str, float]], tmp_path: Path) -> None:
    code = f"{head}\n\n\ndef handler(event, context):\n    {body}\n"
    assert told(tmp_path, "python3.13", "app.py", code) == expected


SLEEP = "const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (SLEEP, "await sleep(4000);", [("sleep", 4)]),
        (SLEEP, "return sleep(4000);", [("sleep", 4)]),
        (SLEEP, "sleep(4000);", []),
        (SLEEP, "await Promise.race([sleep(4000), event.done]);", []),
        (SLEEP, "await sleep(event.ms);", []),
        ("", "await new Promise((r) => setTimeout(() => r(1), 4000));", [("sleep", 4)]),
        ("", "await new Promise((r, reject) => setTimeout(() => reject(new Error('late')), 4000));", []),
        ("", "setTimeout(() => console.log('late'), 4000);", []),
        ("import { setTimeout } from 'timers/promises';", "await setTimeout(4000);", [("sleep", 4)]),
        ("import axios from 'axios';", "await axios.get('https://a.example.org', { timeout: 4000 });",
         [("request", 4)]),
        ("import axios from 'axios';", "await axios.get('https://a.example.org', { timeout: event.ms });", []),
        ("import axios from 'axios';",
         "await axios.get('https://a.example.org', { timeout: 4000, signal: event.signal });", []),
        ("import axios from 'axios';\nconst api = axios.create({ timeout: 4000 });", "await api.get('/today');",
         [("request", 4)]),
        ("import got from 'got';", "await got('https://a.example.org', { timeout: { request: 4000 } });",
         [("request", 4)]),
        ("", "await fetch('https://a.example.org', { signal: AbortSignal.timeout(4000) });", [("request", 4)]),
        ("import { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3({ requestHandler: { requestTimeout: 4000 }});",
         "await s3.listBuckets({});", [("client", 4)]),
        ("import AWS from 'aws-sdk';\nconst s3 = new AWS.S3({ httpOptions: { timeout: 4000 }, maxRetries: 2 });",
         "await s3.listBuckets().promise();", [("client", 12)]),
    ],
)  # fmt: skip
def test_javascript(head: str, body: str, expected: list[tuple[str, float]], tmp_path: Path) -> None:
    code = f"{head}\nexport const handler = async (event) => {{\n  {body}\n}};\n"
    assert told(tmp_path, "nodejs22.x", "app.mjs", code) == expected
