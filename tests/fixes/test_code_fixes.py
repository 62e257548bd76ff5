"""What fixes make of code: before and after, with comments and layout as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.source import Source
from tests.support import fixes, repaired, write


def check(folder: Path, code: str, name: str, before: str, after: str, **files: str) -> None:
    """The fix makes one text of the other, with each kind of line end; none of these fixes is safe."""
    for kind, newline in (("lf", "\n"), ("crlf", "\r\n")):
        root = write(folder / kind, {**files, name: before.replace("\n", newline).encode()})
        text, is_safe = repaired(root, code, name)
        assert text == after.replace("\n", newline)
        assert not is_safe


def offers_nothing(folder: Path, code: str, name: str, text: str, count: int = 1) -> None:
    """There is a finding, and no fix for it."""
    assert fixes(write(folder, {name: text.encode()}), code) == [None] * count


# --- LL202: a Region ---------------------------------------------------------------------------------------------

PYTHON = """\
import boto3

client = {}


def handler(event, context):
    return client.list_buckets()
"""
JAVASCRIPT = """\
const {{ S3Client, ListBucketsCommand }} = require("@aws-sdk/client-s3");
const s3 = new S3Client({});
exports.handler = async () => s3.send(new ListBucketsCommand({{}}));
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('boto3.client("s3", region_name="eu-west-1")', 'boto3.client("s3")'),
        ("boto3.client('s3', 'eu-west-1')", "boto3.client('s3')"),
        ('boto3.client("s3", region_name = "eu-west-1", verify=False)', 'boto3.client("s3", verify=False)'),
        ('boto3.client(region_name="eu-west-1", service_name="s3")', 'boto3.client(service_name="s3")'),
        ('boto3.client("s3", region_name="eu-west-1",)', 'boto3.client("s3", )'),
        (
            'boto3.client(\n    "s3",  # buckets\n    region_name="eu-west-1",  # ours\n    verify=False,\n)',
            'boto3.client(\n    "s3",  # buckets\n    verify=False,\n)',
        ),
        (
            'boto3.client(\n    "s3",\n    region_name="eu-west-1"\n)',
            'boto3.client(\n    "s3"\n)',
        ),
        ('boto3.client("s3", region_name="eu-west-1",\n    verify=False)', 'boto3.client("s3",\n    verify=False)'),
        ('boto3.Session(region_name="eu-west-1").client("s3")', 'boto3.Session().client("s3")'),
    ],
)
def test_region_in_python(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL202", "app.py", PYTHON.format(before), PYTHON.format(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{ region: "eu-west-1" }', "{}"),
        ("{ region: 'eu-west-1', maxAttempts: 3 }", "{ maxAttempts: 3 }"),
        ('{ maxAttempts: 3, "region": "eu-west-1" }', "{ maxAttempts: 3 }"),
        (
            '{\n  // buckets\n  region: "eu-west-1", // ours\n  maxAttempts: 3,\n}',
            "{\n  // buckets\n  maxAttempts: 3,\n}",
        ),
        ('{\n  maxAttempts: 3,\n  region: "eu-west-1",\n}', "{\n  maxAttempts: 3,\n}"),
    ],
)
def test_region_in_javascript(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL202", "app.js", JAVASCRIPT.format(before), JAVASCRIPT.format(after))


def test_region_in_inline_code(tmp_path: Path) -> None:
    template = """\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code:
        ZipFile: |
          import boto3
          s3 = boto3.client({})
          def handler(event, context):
              return s3.list_buckets()
"""
    before, after = (template.format(arguments) for arguments in ('"s3", region_name="eu-west-1"', '"s3"'))
    check(tmp_path, "LL202", "template.yaml", before, after)


@pytest.mark.parametrize(
    "made",
    [
        'boto3.client("s3", endpoint_url="https://s3.eu-west-1.amazonaws.com")',
        'boto3.client("s3", "eu-west-1", None)',
        'boto3.client("s3", region_name=("eu-west-1"))',
        'boto3.client("s3", region_name="eu-" "west-1")',
    ],
)
def test_no_fix_of_a_region(tmp_path: Path, made: str) -> None:
    offers_nothing(tmp_path, "LL202", "app.py", PYTHON.format(made))


def test_no_fix_of_a_region_that_is_a_constant(tmp_path: Path) -> None:
    text = PYTHON.replace("client = {}", 'REGION = "eu-west-1"\nclient = boto3.client("s3", REGION)')
    offers_nothing(tmp_path, "LL202", "app.py", text)


# --- LL820: a timeout ----------------------------------------------------------------------------------------------

CALLS = """\
import requests
import urllib3


def handler(event, context):
    return {}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("requests.get(event['url'])", "requests.get(event['url'], timeout=10)"),
        ("requests.get(event['url'],)", "requests.get(event['url'], timeout=10)"),
        ("requests.get(event['url'], timeout=None)", "requests.get(event['url'], timeout=10)"),
        (
            "requests.post(\n        event['url'],  # theirs\n        json={},\n    )",
            "requests.post(\n        event['url'],  # theirs\n        json={},\n        timeout=10,\n    )",
        ),
        (
            "requests.post(\n        event['url'],\n        json={}\n    )",
            "requests.post(\n        event['url'],\n        json={},\n        timeout=10\n    )",
        ),
        ("requests.Session().get(event['url'])", "requests.Session().get(event['url'], timeout=10)"),
        (
            "urllib3.PoolManager().request('GET', event['url'])",
            "urllib3.PoolManager(timeout=10).request('GET', event['url'])",
        ),
    ],
)
def test_timeout_in_python(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL820", "app.py", CALLS.replace("{}", before), CALLS.replace("{}", after))


def test_timeout_is_shorter_than_the_function_s(tmp_path: Path) -> None:
    template = """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: ., Timeout: 6}
    """
    before, after = (CALLS.replace("{}", f"requests.get(event['url']{more})") for more in ("", ", timeout=3"))
    check(tmp_path, "LL820", "app.py", before, after, **{"template.yaml": template})


def test_no_fix_of_a_call_that_ends_in_a_comment(tmp_path: Path) -> None:
    call = "requests.get(\n        event['url']  # theirs\n    )"
    offers_nothing(tmp_path, "LL820", "app.py", CALLS.replace("{}", call))


AXIOS = """\
const axios = require("axios");
exports.handler = async (event) => {
  const { data } = await CALL;
  return data;
};
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("axios.get(event.url)", "axios.get(event.url, { timeout: 10000 })"),
        (
            "axios.get(event.url, { headers: event.headers })",
            "axios.get(event.url, { headers: event.headers, timeout: 10000 })",
        ),
        ("axios.post(event.url, event.body)", "axios.post(event.url, event.body, { timeout: 10000 })"),
        (
            "axios.get(event.url, {\n    headers: event.headers,\n  })",
            "axios.get(event.url, {\n    headers: event.headers,\n    timeout: 10000,\n  })",
        ),
        ("axios.get(event.url, {})", "axios.get(event.url, { timeout: 10000 })"),
        ("axios({ url: event.url })", "axios({ url: event.url, timeout: 10000 })"),
    ],
)
def test_timeout_in_javascript(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL820", "app.js", AXIOS.replace("CALL", before), AXIOS.replace("CALL", after))


FETCH = """\
const fetch = require("node-fetch");
exports.handler = async (event) => {
  const answer = await CALL;
  return answer.json();
};
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fetch(event.url)", "fetch(event.url, { signal: AbortSignal.timeout(10000) })"),
        (
            'fetch(event.url, { method: "POST" })',
            'fetch(event.url, { method: "POST", signal: AbortSignal.timeout(10000) })',
        ),
    ],
)
def test_signal_of_fetch(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL820", "app.js", FETCH.replace("CALL", before), FETCH.replace("CALL", after))


# --- LL411: a client -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '''\
"""Buckets."""
import os
from typing import (
    Any,
    Mapping,
)

import boto3

STAGE = os.environ["STAGE"]


def handler(event, context):
    """Lists buckets."""
    s3 = boto3.client("s3", region_name=None)  # buckets
    return s3.list_buckets()
''',
            '''\
"""Buckets."""
import os
from typing import (
    Any,
    Mapping,
)

import boto3

s3 = boto3.client("s3", region_name=None)  # buckets

STAGE = os.environ["STAGE"]


def handler(event, context):
    """Lists buckets."""
    return s3.list_buckets()
''',
        ),
        (
            """\
import boto3
from typing import (  # names
    Any,
)


def handler(event, context):
    table = boto3.resource(
        "dynamodb",
    ).Table("orders")

    return table.get_item(Key=event["key"])
""",
            """\
import boto3
from typing import (  # names
    Any,
)

table = boto3.resource(
    "dynamodb",
).Table("orders")


def handler(event, context):
    return table.get_item(Key=event["key"])
""",
        ),
        (
            """\
import boto3

sns = boto3.client("sns")


def handler(event, context):
    s3 = boto3.client("s3")
    sqs = boto3.client("sqs")
    return s3.list_buckets(), sqs.list_queues(), sns.list_topics()
""",
            """\
import boto3

sqs = boto3.client("sqs")
s3 = boto3.client("s3")
sns = boto3.client("sns")


def handler(event, context):
    return s3.list_buckets(), sqs.list_queues(), sns.list_topics()
""",
        ),
    ],
)
def test_client_in_python(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL411", "app.py", before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """\
const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");

exports.handler = async () => {
  const s3 = new S3Client({
    maxAttempts: 3,
  });

  return s3.send(new ListBucketsCommand({}));
};
""",
            """\
const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");

const s3 = new S3Client({
  maxAttempts: 3,
});

exports.handler = async () => {
  return s3.send(new ListBucketsCommand({}));
};
""",
        ),
        (
            """\
import {
  S3Client,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";

export const handler = async () => {
  const s3 = new S3Client({}); // buckets
  return s3.send(new ListBucketsCommand({}));
};
""",
            """\
import {
  S3Client,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";

const s3 = new S3Client({}); // buckets

export const handler = async () => {
  return s3.send(new ListBucketsCommand({}));
};
""",
        ),
    ],
)
def test_client_in_javascript(tmp_path: Path, before: str, after: str) -> None:
    check(tmp_path, "LL411", "app.mjs" if before.startswith("import") else "app.js", before, after)


@pytest.mark.parametrize(
    "text",
    [
        'import boto3\n\n\ndef handler(event, context):\n    return boto3.client("s3").list_buckets()\n',
        'import boto3\n\n\ndef handler(event, context):\n    import os\n    s3 = boto3.client("s3", '
        'region_name=os.environ["R"])\n    return s3.list_buckets()\n',
        'def handler(event, context):\n    import boto3\n    s3 = boto3.client("s3")\n    return s3.list_buckets()\n',
        'import boto3\n\n\ndef handler(event, context):\n    s3 = boto3.client("s3"); x = 1\n'
        "    return s3.list_buckets()\n",
        'import boto3\n\n\ndef handler(event, context):\n    s3 = boto3.client("s3")\n    s3 = s3 or x\n'
        "    return s3.list_buckets()\n",
        'import boto3\n\ns3 = "bucket"\n\n\ndef handler(event, context):\n    s3 = boto3.client("s3")\n'
        "    return s3.list_buckets()\n",
        'import boto3\n\n\ndef handler(event, context):\n    a = b = boto3.client("s3")\n    return b.list_buckets()\n',
        'import boto3\n\n\ndef handler(event, context):\n    with open("/tmp/x") as file:\n'
        '        s3 = boto3.client("s3")\n        return s3.put_object(Body=file)\n',
    ],
)
def test_no_fix_of_a_client(tmp_path: Path, text: str) -> None:
    offers_nothing(tmp_path, "LL411", "app.py", text)


def test_no_fix_of_a_client_that_is_configured(tmp_path: Path) -> None:
    configured = (
        "AWS.config.update({ maxRetries: 1 });\n",
        "AWS.config.maxRetries = 1;\n",
    )
    for number, line in enumerate(configured):
        text = (
            f'const AWS = require("aws-sdk");\n{line}\nexports.handler = async () => {{\n'
            "  const s3 = new AWS.S3();\n  return s3.listBuckets().promise();\n};\n"
        )
        offers_nothing(tmp_path / str(number), "LL411", "app.js", text)


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n    "])
def test_a_client_at_the_end_of_its_file(tmp_path: Path, end: str) -> None:
    text = f'import boto3\n\n\ndef handler(event, context):\n    print(event)\n    s3 = boto3.client("s3"){end}'
    write(tmp_path, {"app.py": text})
    source = Source("app.py", text)
    for fix in fixes(tmp_path, "LL411"):
        assert fix is not None
        for edit in fix.edits:
            assert edit.span.end_line <= len(source.lines)
            assert edit.span.end_column <= len(source.lines[edit.span.end_line - 1]) + 1
    done = repaired(tmp_path, "LL411", "app.py")[0]
    assert done.rstrip() == (
        'import boto3\n\ns3 = boto3.client("s3")\n\n\ndef handler(event, context):\n    print(event)'
    )
