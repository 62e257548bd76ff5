"""What a handler builds anew on every invocation, and what only looks as if it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.reuse import rebuilt
from tests.project.test_link import project

HEAD = "import os\nimport boto3\nfrom botocore.config import Config\n"
HANDLER = "def lambda_handler(event, context):\n"


def lines(tmp_path: Path, code: str) -> list[int]:
    """The lines of what is built on every invocation, counted after the imports."""
    made = project(tmp_path, {"app.py": HEAD + code})
    found = {item.span.line for handler in made.handlers for item in rebuilt(handler)}
    return sorted(line - HEAD.count("\n") for line in found)


@pytest.mark.parametrize(
    "arguments",
    [
        "'s3'",
        "'s3', os.environ['TARGET_REGION']",
        "'s3', region_name=os.environ.get('TARGET_REGION', 'eu-west-1')",
        "'s3', config=Config(retries={'max_attempts': int(os.environ['TRIES'])})",
        "'s3', endpoint_url=f\"https://{os.environ['HOST']}\"",
        "'s3', region_name='eu-west-1' if os.environ.get('STAGE') == 'live' else 'eu-north-1'",
    ],
)
def test_same_each_time(tmp_path: Path, arguments: str) -> None:
    """Literals, the environment and what is made of them do not change between invocations."""
    assert lines(tmp_path, f"{HANDLER}    return boto3.client({arguments}).list_buckets()\n") == [2]


@pytest.mark.parametrize(
    "arguments",
    [
        "event['service']",
        "'s3', event['region']",
        "'s3', region_name=event.get('region', 'eu-west-1')",
        "'s3', region_name='eu-west-1' if event['old'] else 'eu-north-1'",
        "'s3', config=Config(user_agent_extra=event['id'])",
        "'s3', config=settings()",
        "'s3', endpoint_url=f\"https://{event['host']}\"",
        "'s3', 'eu-west-1', None, True, None, None, event['key'], event['secret']",
        "'s3', **event['options']",
        "'s3', region_name=context.invoked_function_arn.split(':')[3]",
    ],
)
def test_differs(tmp_path: Path, arguments: str) -> None:
    """What comes from the event, or can't be followed, may differ."""
    assert lines(tmp_path, f"{HANDLER}    return boto3.client({arguments})\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "    region = 'eu-west-1'\n    if event['x']:\n        region = 'eu-north-1'\n    boto3.client('s3', region)\n",
        "    for region in ('eu-west-1', 'eu-north-1'):\n        boto3.client('s3', region_name=region)\n",
        "    boto3.setup_default_session(region_name=event['region'])\n    boto3.client('s3')\n",
        "    boto3.Session(event['key'], event['secret']).client('s3')\n",
        "    boto3.Session().client('s3', region_name=event['region'])\n",
        "    import aioboto3\n    aioboto3.Session().client('s3')\n",
        "    if event['wrong']:\n        boto3.client('sns').publish(Message='x')\n        raise ValueError\n",
        "    try:\n        print(event)\n    except ValueError:\n        boto3.client('sns').publish(Message='x')\n",
    ],
)
def test_silent(tmp_path: Path, body: str) -> None:
    """Changing variables, loops, default sessions, event loops and errors."""
    assert lines(tmp_path, HANDLER + body) == []


@pytest.mark.parametrize(
    "code",
    [
        "c = None\ndef get():\n    global c\n    if c is None:\n        c = boto3.client('s3')\n    return c\n",
        "c = None\ndef get():\n    global c\n    if c:\n        return c\n    c = boto3.client('s3')\n    return c\n",
        "c = None\ndef get():\n    global c\n    c = c or boto3.client('s3')\n    return c\n",
        "c = None\ndef get():\n    global c\n    c = c if c else boto3.client('s3')\n    return c\n",
        "c = {}\ndef get():\n    if 's3' not in c:\n        c['s3'] = boto3.client('s3')\n    return c['s3']\n",
        "c = {}\ndef get():\n    try:\n        return c['s3']\n    except KeyError:\n        pass\n"
        "    c['s3'] = boto3.client('s3')\n    return c['s3']\n",
        "c = {}\ndef get():\n    found = c.get('s3')\n    if not found:\n        found = c['s3'] = boto3.client('s3')\n"
        "    return found\n",
        "def get():\n    if not hasattr(get, 'c'):\n        get.c = boto3.client('s3')\n    return get.c\n",
        "import functools\n@functools.cache\ndef get():\n    return boto3.client('s3')\n",
        "from cachetools import cached\n@cached({})\ndef get():\n    return boto3.client('s3')\n",
        "import functools\ndef make():\n    return boto3.client('s3')\n@functools.cache\n"
        "def get():\n    return make()\n",
        "class C:\n    c = None\n    def client(self):\n        if self.c is None:\n"
        "            self.c = boto3.client('s3')\n"
        "        return self.c\nkept = C()\ndef get():\n    return kept.client()\n",
        "class C:\n    c = None\n    def url(self):\n        if self.c:\n            return self.c\n"
        "        s3 = boto3.client('s3')\n        self.c = s3.list_buckets()\n        return self.c\n"
        "kept = C()\ndef get():\n    return kept.url()\n",
        "class C:\n    def __init__(self):\n        self.c = boto3.client('s3')\nkept = C()\n"
        "def get():\n    return kept.c\n",
        "class One(type):\n    pass\nclass C(metaclass=One):\n    def __init__(self):\n"
        "        self.c = boto3.client('s3')\n"
        "def get():\n    return C().c\n",
        "class C:\n    def __new__(cls):\n        return kept\n    def __init__(self):\n"
        "        self.c = boto3.client('s3')\n"
        "def get():\n    return C().c\n",
        "def make(c=None):\n    if c is None:\n        c = boto3.client('s3')\n    return c\n"
        "kept = boto3.client('s3')\n"
        "def get():\n    return make(kept)\n",
        "def make(c=boto3.client('s3')):\n    return c\ndef get():\n    return make()\n",
        "def make():\n    return boto3.client('s3')\nkept = make()\ndef get():\n    return kept\n",
        "ready = False\ndef get():\n    global ready\n    if not ready:\n        boto3.client('s3').list_buckets()\n"
        "        ready = True\n",
    ],
)
def test_kept(tmp_path: Path, code: str) -> None:
    """Caches, lazy singletons, instances that live long, and clients that are handed in."""
    assert lines(tmp_path, f"{code}{HANDLER}    return get()\n") == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("c = None\ndef get():\n    global c\n    c = boto3.client('s3')\n    return c\n", [4]),
        ("c = boto3.client('s3')\ndef get():\n    c = boto3.client('s3')\n    return c\n", [3]),
        ("class C:\n    def __init__(self):\n        self.c = boto3.client('s3')\ndef get():\n    return C().c\n", [3]),
        ("def get(c=None):\n    if c is None:\n        c = boto3.client('s3')\n    return c\n", [3]),
        ("def get():\n    s = boto3.Session()\n    return s.client('s3'), s.client('sqs')\n", [2]),
        ("s = boto3.Session()\ndef get():\n    return s.client('s3')\n", [3]),
        ("def make(name):\n    return boto3.client(name)\ndef get():\n    return make('s3'), make('sqs')\n", [2]),
        ("def get():\n    return boto3.client('s3'), boto3.resource('s3')\nget()\n", [2]),
        ("from tenacity import retry\n@retry\ndef get():\n    return boto3.client('s3')\n", [4]),
    ],
)
def test_built_in_a_function(tmp_path: Path, code: str, expected: list[int]) -> None:
    """What a function builds that the handler calls."""
    assert lines(tmp_path, f"{code}{HANDLER}    return get()\n") == expected


BATCH = """\
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from concurrent.futures import ThreadPoolExecutor
processor = BatchProcessor(event_type=EventType.SQS)
def save(record):
    boto3.client('s3').list_buckets()
def lambda_handler(event, context):
"""


def test_callbacks(tmp_path: Path) -> None:
    """A batch processor calls a function for each record; threads had better have clients of their own."""
    call = "    return process_partial_response(event=event, record_handler=save, processor=processor)\n"
    assert lines(tmp_path / "batch", BATCH + call) == [5]
    threads = "    with ThreadPoolExecutor() as pool:\n        pool.submit(save, event)\n"
    assert lines(tmp_path / "threads", BATCH + threads) == []


def test_custom_resource(tmp_path: Path) -> None:
    """What answers CloudFormation runs once a deployment."""
    body = "    boto3.client('s3')\n    return {'Status': 'SUCCESS', 'For': event['ResponseURL']}\n"
    assert lines(tmp_path, HANDLER + body) == []


def node(tmp_path: Path, code: str) -> list[str]:
    """What JavaScript code builds on every invocation: the lines' text."""
    head = 'const { S3Client } = require("@aws-sdk/client-s3");\nconst AWS = require("aws-sdk");\n'
    made = project(tmp_path, {"app.js": head + code})
    found = {item.span.line for handler in made.handlers for item in rebuilt(handler)}
    return [(head + code).splitlines()[line - 1].strip() for line in sorted(found)]


@pytest.mark.parametrize(
    "made",
    [
        "new S3Client({})",
        "new S3Client({ region: process.env.AWS_REGION })",
        "new S3Client({ region: process.env.TARGET_REGION ?? 'eu-west-1' })",
        "new S3Client({ maxAttempts: Number(process.env.TRIES) })",
        "new AWS.S3({ apiVersion: '2006-03-01' })",
        "new AWS.DynamoDB.DocumentClient()",
        "event.test ? undefined : new S3Client({})",
    ],
)
def test_javascript_builds(tmp_path: Path, made: str) -> None:
    code = f"exports.handler = async (event) => {{\n  const client = {made};\n  return client;\n}};\n"
    assert node(tmp_path, code) == [f"const client = {made};"]


@pytest.mark.parametrize(
    "code",
    [
        "new S3Client({ region: event.region });",
        "new S3Client({ credentials: await assume(event.account) });",
        "new S3Client({ endpoint: `https://${event.host}` });",
        "new S3Client(event.options);",
        "new S3Client({ ...event.options });",
        "if (!kept) { kept = new S3Client({}); }",
        "if (kept === undefined) { kept = new S3Client({}); }",
        "if (kept == null) kept = new S3Client({});",
        "kept = kept || new S3Client({});",
        "kept ??= new S3Client({});",
        "kept ||= new S3Client({});",
        "if (!table[event.name]) { table[event.name] = new S3Client({}); }",
        "if (!map.has('s3')) { map.set('s3', new S3Client({})); }",
        "const client = map.get('s3') ?? new S3Client({}); map.set('s3', client);",
        "State.client = State.client ?? new S3Client({});",
        "globalThis.client ??= new S3Client({});",
        "lazy();",
        "early();",
        "once();",
        "new Store(kept).list();",
        "given(kept);",
        "try { work(); } catch (error) { new S3Client({}); }",
        "event.emitter.on('data', () => new S3Client({}));",
    ],
)
def test_javascript_keeps(tmp_path: Path, code: str) -> None:
    head = """
let kept;
let first;
const table = {};
const map = new Map();
class State { static client; }
class Store { constructor(client) { this.client = client ?? new S3Client({}); } list() {} }
const memoize = require("lodash.memoize");
const once = memoize(() => new S3Client({}));
const given = (client = new S3Client({})) => client;
function lazy() { if (!kept) kept = new S3Client({}); return kept; }
function early() { if (first) return first; first = new S3Client({}); return first; }
"""
    assert node(tmp_path, f"{head}exports.handler = async (event) => {{\n  {code}\n}};\n") == []


def test_javascript_constructor_and_argument(tmp_path: Path) -> None:
    code = """
class Store {
  constructor(client) {
    this.client = client ?? new S3Client({});
  }
  list() { return this.client; }
}
const given = (client = new S3Client({})) => client;
exports.handler = async (event) => {
  new Store().list();
  given();
};
"""
    assert node(tmp_path, code) == [
        "this.client = client ?? new S3Client({});",
        "const given = (client = new S3Client({})) => client;",
    ]
