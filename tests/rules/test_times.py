"""What LL304 to LL313 and LL409 say, beyond the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.finding import Confidence, Finding, Level
from tests.support import findings, write

FUNCTION = """
    Transform: AWS::Serverless-2016-10-31
    Parameters: {{Seconds: {{Type: Number, Default: 60}}}}
    Globals: {{Function: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/, Timeout: 45}}}}
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          {properties}
          Events: {{E: {{Type: Api, Properties: {{Path: /orders, Method: post}}}}}}
      {more}
    """


def of(folder: Path, code: str, properties: str, more: str = "") -> list[Finding]:
    write(folder, {"template.yaml": FUNCTION.format(properties=properties, more=more)})
    return findings(folder, code)


@pytest.mark.parametrize(
    ("timeout", "level", "confidence"),
    [
        ("60", Level.REGULAR, Confidence.CERTAIN),
        ("30", Level.PEDANTIC, Confidence.CERTAIN),
        ("!Ref Seconds", Level.REGULAR, Confidence.LIKELY),
    ],
)
def test_how_much_longer(timeout: str, level: Level, confidence: Confidence, tmp_path: Path) -> None:
    (item,) = of(tmp_path, "LL306", f"Timeout: {timeout}")
    assert (item.level, item.confidence) == (level, confidence)


def test_what_comes_after_the_caller_has_gone(tmp_path: Path) -> None:
    (item,) = of(tmp_path, "LL306", "Timeout: !Ref Seconds")
    assert item.message == (
        "Orders may run 60 s, but its REST API waits 29 s: then the client sees a 504, while the function runs on and "
        "bills up to 60 s; lower Timeout to 29, or answer early and work on asynchronously"
    )
    assert [(part.span.line, part.label) for part in item.related] == [
        (9, "Orders uses it"),
        (10, "its REST API calls it here"),
    ]


def test_a_shared_timeout_is_reported_once_where_it_stands(tmp_path: Path) -> None:
    second = "Second: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: HttpApi}}}}"
    (item,) = of(tmp_path, "LL306", "MemorySize: 128", second)
    assert item.span.line == 4 and item.message.endswith("work on asynchronously (and 1 more function)")
    assert "of their own" not in item.message
    worker = "Worker: {Type: AWS::Serverless::Function}"
    (item,) = of(tmp_path, "LL306", "MemorySize: 128", worker)
    assert "and give functions that need longer a Timeout of their own" in item.message


def test_each_function_has_its_own_timeout(tmp_path: Path) -> None:
    second = "Second: {Type: AWS::Serverless::Function, Properties: {Timeout: 10}}"
    write(tmp_path, {"src/app.py": "import time\n\n\ndef handler(event, context):\n    time.sleep(20)\n"})
    (item,) = of(tmp_path, "LL307", "Timeout: 30", second)
    assert item.function == "Second" and item.confidence is Confidence.CERTAIN
    assert item.message.startswith("Second sleeps 20 s with `time.sleep`, but may run only 10 s")
    assert [part.label for part in item.related] == ["the timeout of Second"]


def test_default_of_a_parameter_is_less_sure(tmp_path: Path) -> None:
    write(tmp_path, {"src/app.py": "import time\n\n\ndef handler(event, context):\n    time.sleep(60)\n"})
    (item,) = of(tmp_path, "LL307", "Timeout: !Ref Seconds")
    assert item.confidence is Confidence.LIKELY


def test_attempts_are_counted(tmp_path: Path) -> None:
    code = (
        "import boto3\nfrom botocore.config import Config\n"
        "s3 = boto3.client('s3', config=Config(read_timeout=20, retries={'total_max_attempts': 3}))\n\n\n"
        "def handler(event, context):\n    s3.list_buckets()\n"
    )
    write(tmp_path, {"src/app.py": code})
    (item,) = of(tmp_path, "LL307", "MemorySize: 128")
    assert "lets its S3 client wait 20 s in each of 3 attempts, but may run only 45 s itself" in item.message
    assert [part.label for part in item.related] == ["waits here", "the timeout of Orders"]


def test_open_functions_are_told_apart(tmp_path: Path) -> None:
    closed = "Closed: {Type: AWS::Serverless::Function}"
    found = {item.function: item for item in of(tmp_path, "LL310", "MemorySize: 128", closed)}
    assert "anybody may call it through its REST API" in found["Orders"].message
    assert "where that matters" in found["Closed"].message and not found["Closed"].related


def test_sums_name_the_largest(tmp_path: Path) -> None:
    more = "More: {Type: AWS::Serverless::Function, Properties: {ReservedConcurrentExecutions: 600}}"
    (item,) = of(tmp_path, "LL311", "ReservedConcurrentExecutions: 500", more)
    assert item.message.startswith("More and 1 more reserve a concurrency of 1,100 together, but")
    assert [part.label for part in item.related] == ["Orders reserves 500"]
    (item,) = of(tmp_path, "LL311", "ReservedConcurrentExecutions: 901")
    assert item.message.startswith("Orders reserves a concurrency of 901, but")


def test_newest_runtime_and_what_lasts(tmp_path: Path) -> None:
    (item,) = of(tmp_path, "LL313", "Runtime: java21")
    assert "the newest runtime of its kind is java25, with patches until 2029-06-30" in item.message
    assert [item.message for item in of(tmp_path, "LL313", "Runtime: python3.14")] == []
