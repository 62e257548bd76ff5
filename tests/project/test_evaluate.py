"""Handlers followed through the modules of a project: values, SDK calls, reads of the environment, phases."""

from __future__ import annotations

import pytest

from tests.project.following import calls, follow, given, operations, show


def _value(body: str, expression: str, before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    head = f"import os, json, urllib.parse\n{before}\n"
    found = given(follow(f"{head}def handler(event, context):\n{lines}    print({expression})\n"))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("x = 'a'\nx = 'b'", "x", "'b'"),
        ("x = 'a'\nif event:\n    x = 'b'", "x", "('a' or 'b')"),
        ("if event:\n    x = 'a'\nelse:\n    x = 'b'", "x", "('a' or 'b')"),
        ("try:\n    x = 'a'\nexcept Exception:\n    x = 'b'", "x", "('a' or 'b')"),
        ("x = None\nx = 'a'", "x", "'a'"),
        ("x: str = 'a'", "x", "'a'"),
        ("a = b = 'x'", "a", "'x'"),
        ("a, (b, c) = 'x', ('y', 'z')", "c", "'z'"),
        ("x = ('p', 'q')\na, b = x", "b", "'q'"),
        ("a, *b = 'x', 'y', 'z'", "b", "?"),
        ("", "(x := 'a')", "'a'"),
        ("if (x := event['k']):\n    pass", "x", "event.k"),
        ("", "'a' if event else 'b'", "('a' or 'b')"),
        ("", "event.get('k') or 'd'", "('d' or event.k)"),
        ("", "None or 'x'", "'x'"),
        ("x = 'a'\ndef inner():\n    return x\nx = 'b'", "inner()", "'b'"),
        ("x = 'a'\ndef inner():\n    nonlocal x\n    x = 'b'\ninner()", "x", "('a' or 'b')"),
        ("token = ''\nfor page in event:\n    print2(token)\n    token = 'next'", "token", "('' or 'next')"),
        ("match event:\n    case {'k': v}:\n        x = v\n    case _:\n        x = 'b'", "x", "('b' or ?)"),
    ],
)
def test_assignments(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


def test_what_an_earlier_round_of_a_loop_may_have_assigned() -> None:
    run = follow(
        """
        def handler(event, context):
            token, count = None, 0
            for page in event:
                last = ''
                print(token)
                print(last)
                token = 'next'
                last = 'b'
        """
    )
    assert given(run) == ["'next'", "''"]


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("x = 'a'", "f'{x}-{event[\"k\"]}'", "<a-{event.k}>"),
        ("x = 'a'\nx += 'b'", "x", "'ab'"),
        ("k = event['key']", "'out/' + k", "<out/{event.key}>"),
        ("", "os.path.join('a', 'b')", "'a/b'"),
        ("", "os.path.join('/tmp', event['k'])", "</tmp/{event.k}>"),
        ("from pathlib import Path\nx = Path('/tmp') / 'a'", "x", "'/tmp/a'"),
        ("", "'{}-{}'.format('a', event['k'])", "<a-{event.k}>"),
        ("", "'{0}-{0}'.format('a')", "'a-a'"),
        ("", "'{x}'.format(x='a')", "'a'"),
        ("", "'%s-%s' % ('a', event['k'])", "<a-{event.k}>"),
        ("", "'%(x)s' % {'x': 'a'}", "'a'"),
        ("", "'-'.join(['a', 'b'])", "'a-b'"),
        ("", "'-'.join(x for x in ['a', 'b'])", "'a-b'"),
        ("", "'a,b'.split(',')", "['a', 'b']"),
        ("", "'  A '.strip().lower()", "'a'"),
        ("", "'x' + str(1)", "'x1'"),
        ("", "f'{True}{None}'", "'TrueNone'"),
        # What a format makes of a value is not worked out.
        ("", "f'{3:05d}'", "<{?}>"),
        ("", "f'{\"a\"!r}'", "<{?}>"),
        ("", "'%05d' % 3", "<{?}>"),
        ("", "'{:>5}'.format('a')", "<{?}>"),
        ("", "'%s' % event['k']", "<{event.k}>"),
    ],
)
def test_strings(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("", "60 * 15", "900"),
        ("", "1 + 2", "3"),
        ("x = 1\nx += 1", "x", "?"),
        ("x, y = 1, 2", "x + y", "?"),
        ("", "['a'] + ['b']", "['a', 'b']"),
        ("x = ['b']", "['a', *x]", "['a', 'b']"),
        ("", "['a', *event]", "['a', event.*, ...]"),
        ("", "sorted(['b', 'a'])", "['b', 'a', ...]"),
        ("", "sorted(['b', 'a'])[0]", "('a' or 'b')"),
        ("", "list({'k': 'v'})[0]", "'k'"),
        ("l = ['a', 'b']", "l[-1]", "'b'"),
        ("l = ['a', 'b']", "l[event['i']]", "('a' or 'b')"),
        ("l = []\nif event:\n    l.append('a')\nl.append('b')", "l[0]", "('a' or 'b')"),
        ("l = [1]\nfor r in event['Records']:\n    l.append(r['body'])", "l", "[1, event.Records.*.body, ...]"),
        ("d = {'a': 'b'}", "d.get('c', 'e')", "'e'"),
        ("d = {'a': 'b'}", "d[event['k']]", "'b'"),
        ("d = {'a': 'b'}", "d.get(event['k'])", "('b' or None)"),
        ("d = {'a': 'b'}", "d.get(event['k'], 'c')", "('b' or 'c')"),
        ("d = {'a': 1}\ne = {**d, 'b': 2}", "e", "{a: 1, b: 2}"),
        ("d = dict(a=1) | {'b': 2}\nd |= {'c': 3}", "d", "{a: 1, b: 2, c: 3}"),
        ("for k in {'a': 'b'}:\n    pass", "k", "'a'"),
        ("for k, v in {'a': 'b'}.items():\n    pass", "[k, v]", "['a', 'b']"),
        ("for a, b in [('x', 'y'), ('z', 'w')]:\n    pass", "b", "('w' or 'y')"),
    ],
)
def test_numbers_lists_and_maps(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("d = {}\nd['a'] = 'b'", "{a: 'b'}"),
        ("d = {}\nd.update(a='b')\nd.update({'c': 1})", "{a: 'b', c: 1}"),
        ("d = {}\nif event:\n    d['a'] = 'b'", "{a: ('b' or ?)}"),
        ("d = {'a': 1}\nif event:\n    d['a'] = 2", "{a: (1 or 2)}"),
        ("d = {'x': {}}\nd['x']['a'] = 'b'", "{x: {a: 'b'}}"),
        ("d = {}\nd.setdefault('a', []).append('b')", "{a: ['b', ...]}"),
        ("d = {'a': 1, 'b': 2}\ndel d['a']", "{b: 2}"),
        ("d = {'a': 1, 'b': 2}\nd.pop('a')", "{b: 2}"),
        ("d = {'a': 1}\nd.setdefault('a', 2)\nd.setdefault('b', 3)", "{a: 1, b: 3}"),
        ("d = {'a': 1}\nd.clear()", "{a: (1 or ?), ...}"),
        ("d = {}\nd[event['k']] = 1", "{...}"),
        ("d = {}\nd['a'] = 1\nd = {}\nd['b'] = 2", "{b: 2}"),
        ("d = {}\ndef fill(x):\n    x['a'] = 1\nfill(d)", "{...}"),
        ("d = {}\ndef look(x):\n    return x['a']\nlook(d)", "{}"),
        ("d = {}\ndef fill():\n    d['a'] = 'b'\nfill()", "{a: ('b' or ?)}"),
        ("if event:\n    d = {}\n    d['a'] = 1\nelse:\n    d = {}", "({a: 1} or {})"),
    ],
)
def test_maps_that_are_changed_in_place(body: str, shown: str) -> None:
    assert _value(body, "d") == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("", "[y for y in ['a', 'b']]", "['a', 'b']"),
        ("", "[y for y in ['a', 'b'] if y]", "['a', 'b', ...]"),
        ("", "{k: 'c' for k in ['a', 'b']}", "{a: 'c', b: 'c'}"),
        ("", "{k: v for k, v in {'a': 'b'}.items()}", "{a: 'b'}"),
        ("x = [r['s3'] for r in event['Records']]\nfor y in x:\n    pass", "y['b']", "event.Records.*.s3.b"),
        ("x = 'a'\ny = [x for x in event]", "x", "'a'"),
        ("def g():\n    yield 'a'\nfor x in g():\n    pass", "x", "'a'"),
        ("def g():\n    yield from ['a', 'b']", "next(g())", "('a' or 'b')"),
    ],
)
def test_comprehensions_and_generators(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("body", "expression", "shown"),
    [
        ("", "json.loads(event['Records'][0]['body'])['k']", "event.Records.*.body.@json.k"),
        ("for r in event['Records']:\n    x = json.loads(r['body'])", "x['d']['k']", "event.Records.*.body.@json.d.k"),
        ("b = json.loads(event.get('body') or '{}')", "b.get('k')", "(None or event.body.@json.k)"),
        ("", "json.loads('{\"a\": [1]}')['a'][0]", "1"),
        ("", "urllib.parse.unquote_plus(event['k'], encoding='utf-8')", "event.k.@unquote_plus"),
        ("", "event['a'].lower()", "event.a.@lower"),
        ("for i, r in enumerate(event.get('Records', [])):\n    pass", "r['body']", "event.Records.*.body"),
        ("", "context.function_name", "context.function_name"),
    ],
)
def test_event_and_context(body: str, expression: str, shown: str) -> None:
    assert _value(body, expression) == shown


@pytest.mark.parametrize(
    ("definition", "call", "shown"),
    [
        ("def f(p='q'): return p", "f()", "'q'"),
        ("def f(p='q'): return p", "f('r')", "'r'"),
        ("def f(p='q'): return p", "f(**event)", "?"),
        ("def f(p='q'): return p", "f(*event)", "?"),
        ("def f(p, q): return q", "f(*('1', '2'))", "'2'"),
        ("def f(a, /, b, *, c): return c + b + a", "f('1', '2', c='3')", "'321'"),
        ("def f(*a, **k): return a[0]", "f('r')", "'r'"),
        ("def f(*a, **k): return k['z']", "f('r', z='s')", "'s'"),
        ("def f(*a, **k): return k.get('y', 'd')", "f(z='s')", "'d'"),
        ("def f(): return 'a', 'b'", "f()[1]", "'b'"),
        ("def f(x):\n    if x:\n        return 'a'\n    return 'b'", "f(event)", "('a' or 'b')"),
        ("def f(n): return f(n)", "f('a')", "?"),
        ("f = lambda a: a + 'x'", "f('y')", "'yx'"),
        ("from functools import partial\ndef g(a, b='c'): return a + b\nf = partial(g, b='d')", "f('a')", "'ad'"),
        ("class A:\n    x = 'a'\n    def f(self): return self.x\nclass B(A):\n    x = 'b'", "B().f()", "'b'"),
        ("class A:\n    @property\n    def f(self): return 'p'", "A().f", "'p'"),
        ("class A:\n    x = 'a'\n    def f(self): return type(self).x + self.__class__.x", "A().f()", "'aa'"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    a: str\n    b: str = 'd'", "A('x').a", "'x'"),
        (
            "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: str\n    b: str = 'd'",
            "A('x', 'y').b",
            "'y'",
        ),
        (
            "from dataclasses import dataclass, field\n@dataclass\nclass A:\n"
            "    a: str = field(default_factory=lambda: 'x')",
            "A().a",
            "'x'",
        ),
        ("from typing import NamedTuple\nclass A(NamedTuple):\n    a: str\n    b: str", "A('x', 'y').b", "'y'"),
        # A base class from outside may fill attributes from anywhere.
        ("from pydantic_settings import BaseSettings\nclass A(BaseSettings):\n    a: str = 'x'", "A().a", "?"),
        ("from pydantic import BaseModel\nclass A(BaseModel):\n    a: str = 'x'", "A().a", "'x'"),
    ],
)
def test_functions_and_classes(definition: str, call: str, shown: str) -> None:
    assert _value("", call, definition) == shown


@pytest.mark.parametrize(
    ("before", "expression", "shown", "kinds"),
    [
        ("import os", "os.environ['A']", "$A", ["required"]),
        ("import os", "os.environ.get('A')", "$A|None", ["optional"]),
        ("import os", "os.environ.get('A', 'x')", "$A|'x'", ["default"]),
        ("import os", "os.getenv('A')", "$A|None", ["optional"]),
        ("import os", "os.getenv(key='A', default='x')", "$A|'x'", ["default"]),
        ("import os", "os.environ.get('A') or 'x'", "$A|'x'", ["optional"]),
        ("import os", "os.environ.get('A', '') or 'x'", "$A|'x'", ["default"]),
        ("import os", "os.environ.pop('A')", "$A", ["required"]),
        ("import os", "os.environ.setdefault('A', 'x')", "$A|'x'", ["default"]),
        ("import os", "'A' in os.environ", "?", ["test"]),
        ("import os", "os.environ['A'] if 'A' in os.environ else 'x'", "($A or 'x')", ["test", "required"]),
        ("import os", "os.environ['A'] + '/x'", "<{$A}/x>", ["required"]),
        ("import os", "int(os.environ['A'])", "?", ["required"]),
        ("import os", "os.environ[f'{event}_X']", "?", ["required"]),
        ("import os as o", "o.environ['A']", "$A", ["required"]),
        ("from os import environ", "environ['A']", "$A", ["required"]),
        ("from os import environ as env", "env.get('A', 'x')", "$A|'x'", ["default"]),
        ("from os import getenv as g", "g('A')", "$A|None", ["optional"]),
        ("import os\nenv = os.environ", "env['A']", "$A", ["required"]),
        ("import os\nget = os.environ.get", "get('A')", "$A|None", []),
        ("import os", "dict(os.environ)['A']", "$A", []),
        ("import os\ndef env(name): return os.environ[name]", "env('A')", "$A", ["required"]),
        ("import os\ndef env(name, d=None): return os.getenv(name, d)", "env('A', 'x')", "$A|'x'", ["default"]),
        ("import os\ntry:\n    A = os.environ['A']\nexcept KeyError:\n    A = 'x'", "A", "($A or 'x')", ["required"]),
        ("import os\nclass C:\n    a = os.environ['A']", "C.a", "$A", ["required"]),
        ("import os\nclass C:\n    def __init__(self): self.a = os.environ['A']\nc = C()", "c.a", "$A", ["required"]),
        ("import os\ndef f(a=os.environ['A']): return a", "f()", "$A", ["required"]),
        ("import os\nE = {n: os.environ[n] for n in ('A', 'B')}", "E['A']", "$A", ["required"]),
        ("from decouple import config", "config('A')", "?", []),
        ("from environs import Env\nenv = Env()", "env.str('A')", "?", []),
    ],
)
def test_reads_of_the_environment(before: str, expression: str, shown: str, kinds: list[str]) -> None:
    run = follow(f"{before}\ndef handler(event, context):\n    print({expression})\n")
    assert given(run) == [shown]
    assert [read.read.kind for read in run.reads] == kinds


def test_names_of_variables_that_are_read_in_a_loop() -> None:
    run = follow("import os\nMISSING = [n for n in ('A', 'B') if n not in os.environ]\ndef handler(e, c): pass")
    assert [show(read.name) for read in run.reads] == ["('A' or 'B')"]


PUT = "s3.PutObject(Bucket='b')"


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("client = boto3.client('s3')", "client.put_object(Bucket='b')"),
        ("client = boto3.client(service_name='s3')", "client.put_object(Bucket='b')"),
        ("NAME = 's3'\nclient = boto3.client(NAME)", "client.put_object(Bucket='b')"),
        ("import boto3 as b\nclient = b.client('s3')", "client.put_object(Bucket='b')"),
        ("from boto3 import client as make\nclient = make('s3')", "client.put_object(Bucket='b')"),
        ("client = boto3.session.Session().client('s3')", "client.put_object(Bucket='b')"),
        ("client = boto3.Session(region_name='eu-west-1').client('s3')", "client.put_object(Bucket='b')"),
        ("client = boto3.resource('s3').meta.client", "client.put_object(Bucket='b')"),
        ("s3, sqs = boto3.client('s3'), boto3.client('sqs')", "s3.put_object(Bucket='b')"),
        ("def pair(): return boto3.client('s3'), boto3.client('sqs')\ns3, sqs = pair()", "s3.put_object(Bucket='b')"),
        ("CLIENTS = {'s3': boto3.client('s3'), 'sqs': boto3.client('sqs')}", "CLIENTS['s3'].put_object(Bucket='b')"),
        ("CLIENTS = {n: boto3.client(n) for n in ('s3', 'sqs')}", "CLIENTS['s3'].put_object(Bucket='b')"),
        ("CLIENTS = dict(s3=boto3.client('s3'))", "CLIENTS.get('s3').put_object(Bucket='b')"),
        (
            "CLIENTS = {}\ndef get(n):\n    if n not in CLIENTS:\n        CLIENTS[n] = boto3.client(n)\n"
            "    return CLIENTS[n]",
            "get('s3').put_object(Bucket='b')",
        ),
        (
            "_c = None\ndef get():\n    global _c\n    if _c is None:\n        _c = boto3.client('s3')\n    return _c",
            "get().put_object(Bucket='b')",
        ),
        ("c = None", "global c\nif not c:\n    c = boto3.client('s3')\nc.put_object(Bucket='b')"),
        ("@lru_cache(maxsize=None)\ndef get(n): return boto3.client(n)", "get('s3').put_object(Bucket='b')"),
        ("@lru_cache\ndef get(n='s3'): return boto3.client(n)", "get().put_object(Bucket='b')"),
        (
            "class A:\n    client = boto3.client('s3')\n"
            "    def go(self):\n        type(self).client.put_object(Bucket='b')",
            "A().go()",
        ),
        (
            "class A:\n    def __init__(self, c=None): self.c = c or boto3.client('s3')\n"
            "    def go(self): self.c.put_object(Bucket='b')",
            "A().go()",
        ),
        (
            "class A:\n    _c = None\n    @property\n    def c(self):\n        if self._c is None:\n"
            "            self._c = boto3.client('s3')\n        return self._c",
            "A().c.put_object(Bucket='b')",
        ),
        (
            "@dataclass\nclass A:\n    c: object\n    b: str = 'b'",
            "a = A(boto3.client('s3'))\na.c.put_object(Bucket=a.b)",
        ),
        ("def put(c, bucket): c.put_object(Bucket=bucket)", "put(c=boto3.client('s3'), bucket='b')"),
        ("from mypy_boto3_s3 import S3Client\ndef put(c: S3Client): c.put_object(Bucket='b')", "put(make())"),
        ("from mypy_boto3_s3.client import S3Client\ndef put(c: 'S3Client'): c.put_object(Bucket='b')", "put(make())"),
        ("from types_boto3_s3 import S3Client\ndef put(c: S3Client | None): c.put_object(Bucket='b')", "put(make())"),
        (
            "@contextmanager\ndef opened():\n    yield boto3.client('s3')",
            "with opened() as c:\n    c.put_object(Bucket='b')",
        ),
        ("", "with closing(boto3.client('s3')) as c:\n    c.put_object(Bucket='b')"),
        ("put = partial(boto3.client('s3').put_object, Bucket='b')", "put()"),
        ("def put(**given): boto3.client('s3').put_object(**given)", "put(Bucket='b')"),
        ("def put(*a, **k): return boto3.client('s3').put_object(*a, **k)", "put(Bucket='b')"),
        ("", "put = boto3.client('s3').put_object\nput(Bucket='b')"),
        ("", "getattr(boto3.client('s3'), 'put_object')(Bucket='b')"),
        ("TABLE = {'x': lambda e: boto3.client('s3').put_object(Bucket='b')}", "TABLE[event['k']](event)"),
        ("", "boto3.resource('s3').Bucket('b').put_object()"),
    ],
)
def test_clients_however_they_are_kept(before: str, body: str) -> None:
    imports = (
        "import boto3, boto3.session\nfrom functools import lru_cache, partial\nfrom dataclasses import dataclass\n"
        "from contextlib import closing, contextmanager\n"
    )
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    run = follow(f"{imports}{before}\ndef handler(event, context):\n{lines}")
    certain = [record for record in operations(run) if "possible" not in record]
    assert certain == [PUT]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "t = boto3.resource('dynamodb').Table('T')\nt.put_item(Item={})",
            ["dynamodb.PutItem(TableName='T', Item={})"],
        ),
        (
            "with boto3.resource('dynamodb').Table(name='T').batch_writer() as b:\n    b.put_item(Item={})",
            ["dynamodb.BatchWriteItem(TableName='T', Item={})"],
        ),
        ("boto3.resource('s3').Object('b', 'k').get()", ["s3.GetObject(Bucket='b', Key='k')"]),
        (
            "boto3.resource('s3').Bucket('b').upload_file('f', 'k')",
            ["s3.PutObject(Bucket='b', Filename='f', Key='k')"],
        ),
        ("boto3.client('s3').upload_file('f', 'b', 'k')", ["s3.PutObject(Filename='f', Bucket='b', Key='k')"]),
        (
            "for o in boto3.resource('s3').Bucket('b').objects.filter(Prefix='x'):\n    pass",
            ["s3.ListObjects(Bucket='b', Prefix='x')"],
        ),
        (
            "for p in boto3.client('s3').get_paginator('list_objects_v2').paginate(Bucket='b'):\n    pass",
            ["s3.ListObjectsV2(Bucket='b')"],
        ),
        (
            "boto3.resource('sqs').Queue('u').send_message(MessageBody='m')",
            ["sqs.SendMessage(QueueUrl='u', MessageBody='m')"],
        ),
        (
            "k = {'Bucket': 'b'}\nif event:\n    k['Key'] = 'k'\nboto3.client('s3').get_object(**k)",
            ["s3.GetObject(Bucket='b', Key=('k' or ?))"],
        ),
        ("boto3.client('s3').get_object(**event)", ["s3.GetObject(...)"]),
    ],
)
def test_operations_with_their_arguments(body: str, expected: list[str]) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    assert operations(follow(f"import boto3\ndef handler(event, context):\n{lines}")) == expected


def test_asynchronous_clients() -> None:
    run = follow(
        """
        import aioboto3, asyncio
        from aiobotocore.session import get_session
        from contextlib import AsyncExitStack

        async def main(bucket):
            session = aioboto3.Session()
            async with session.client("s3") as s3:
                await s3.put_object(Bucket=bucket)
            async with session.resource("dynamodb") as database:
                table = await database.Table("T")
                async with table.batch_writer() as batch:
                    await batch.put_item(Item={})
            async with AsyncExitStack() as stack:
                queue = await stack.enter_async_context(get_session().create_client("sqs"))
                await queue.send_message(QueueUrl="u")

        def handler(event, context):
            asyncio.run(main("b"))
        """
    )
    assert operations(run) == [
        PUT,
        "dynamodb.BatchWriteItem(TableName='T', Item={})",
        "sqs.SendMessage(QueueUrl='u')",
    ]


def test_what_runs_at_import_and_what_in_an_invocation() -> None:
    run = follow(
        """
        import functools

        module()
        class A:
            in_class()
            def method(self):
                in_method()
        def with_default(x=default()):
            pass
        def decorator(f):
            decorating()
            @functools.wraps(f)
            def wrapper(event, context):
                around()
                return f(event, context)
            return wrapper
        def called_at_import():
            inside()
        called_at_import()
        if __name__ == "__main__":
            script()
        @decorator
        def handler(event, context):
            invocation()
            A().method()
        """
    )
    known = ["module", "in_class", "default", "decorating", "inside", "script", "around", "invocation", "in_method"]
    found = [call for call in calls(run) if call.rpartition(" ")[2] in known]
    assert sorted(found) == sorted(
        ["init: module", "init: in_class", "init: default", "init: decorating", "init: inside"]
        + ["invocation", "in_method", "around"]
    )


SAVE = "import boto3\ns3 = boto3.client('s3')\ndef save(bucket):\n    s3.put_object(Bucket=bucket)\n"


@pytest.mark.parametrize(
    ("imports", "call", "files"),
    [
        ("from lib import save", "save", {"lib.py": SAVE}),
        ("from lib import save as keep", "keep", {"lib.py": SAVE}),
        ("import lib", "lib.save", {"lib.py": SAVE}),
        ("import lib as l", "l.save", {"lib.py": SAVE}),
        ("from lib import *", "save", {"lib.py": SAVE}),
        ("from lib import store", "store.save", {"lib/__init__.py": "", "lib/store.py": SAVE}),
        ("import lib.store", "lib.store.save", {"lib/__init__.py": "", "lib/store.py": SAVE}),
        ("from lib import save", "save", {"lib/__init__.py": "from .store import save", "lib/store.py": SAVE}),
        ("from lib import *", "save", {"lib/__init__.py": "from .store import *", "lib/store.py": SAVE}),
        ("import lib.store", "lib.store.save", {"lib/store.py": SAVE}),
        ("import lib.deep.store", "lib.deep.store.save", {"lib/deep/store.py": SAVE}),
        ("import lib.deep as d", "d.store.save", {"lib/deep/store.py": SAVE}),
        ("from lib import deep", "deep.store.save", {"lib/deep/store.py": SAVE}),
        ("from shared.x import save", "save", {"layer/python/shared/x.py": SAVE}),
        ("try:\n    from lib import save\nexcept ImportError:\n    from .lib import save", "save", {"lib.py": SAVE}),
        ("import importlib\nlib = importlib.import_module('lib')", "lib.save", {"lib.py": SAVE}),
        ("import a", "a.go", {"a.py": "from b import *\ndef go(x): save(x)", "b.py": f"from a import *\n{SAVE}"}),
    ],
)
def test_imports_within_the_project(imports: str, call: str, files: dict[str, str]) -> None:
    code = f"{imports}\ndef handler(event, context):\n    {call}('b')\n"
    assert operations(follow({"app.py": code, **files}, roots=("", "layer/python"))) == [PUT]


def test_functions_that_are_handed_to_something_else() -> None:
    run = follow(
        """
        import boto3, register
        from concurrent.futures import ThreadPoolExecutor
        s3 = boto3.client("s3")
        def get(key, bucket="d"):
            s3.get_object(Bucket=bucket, Key=key)
        def handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.submit(get, "k", bucket="z")
                pool.map(get, ["1", "2"])
            register.callback(get)
        """
    )
    assert operations(run) == [
        "possible: s3.GetObject(Bucket='z', Key='k')",
        "possible: s3.GetObject(Bucket='d', Key=('1' or '2'))",
        "possible: s3.GetObject(Bucket=?, Key=?)",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "def f(x): return f([x, x]) + f({'a': x})\n",
        "def f(x, **k): return f(x, **{**k, 'a': x}) or g(x, **k)\ndef g(x, **k): return f([x], **k) or g(x)\n",
        "d = {}\ndef f(x):\n    d['a'] = d\n    d[x] = f(d)\n    return d\n",
        "class A(A):\n    def __init__(self): self.a = A()\ndef f(x): return A().a.a.a\n",
        "x = [x for x in x]\nx = {x: x for x in x}\ndef f(y): return [x for x in y for y in x]\n",
        "f = f\n",
        "@f\ndef f(x): return f\n",
        "def f(x):\n" + "".join(f"    x = x + x if x else [x, {i}]\n" for i in range(200)) + "    return x\n",
        "".join(f"def f{i}(x): return f{i + 1}(x + 'a') + f{i + 1}(x + 'b')\n" for i in range(60)) + "f = f0\n",
        "d = {" + ", ".join(f"'k{i}': 'v{i}'" for i in range(20_000)) + "}\ndef f(x): return d[x]\n",
        "def f(x):\n    d = {}\n" + "".join(f"    d['k{i}'] = d\n" for i in range(300)) + "    return d\n",
    ],
    ids=range(11),
)
def test_work_is_bounded(code: str) -> None:
    follow(f"{code}\ndef handler(event, context):\n    print(f(event))\n")


def test_recursion_over_what_a_comprehension_makes_is_bounded() -> None:
    run = follow(
        """
        def plain(value):
            if isinstance(value, list):
                return [plain(item) for item in value] + [plain(value)]
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items()} | {"more": plain({"value": value})}
            return [plain({"a": value, "b": [value, value]}), value]

        def handler(event, context):
            plain([{"a": event, "b": ["x", {"c": "d"}]}, {"e": "f"}])
        """
    )
    assert len(run.activations) < 1_000
