"""Which keys of a notification reach SDK calls still encoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.finding import Confidence
from tests.support import findings, write

START = "import boto3\nfrom urllib.parse import unquote, unquote_plus\ns3 = boto3.client('s3')\n"


def keys(folder: Path, body: str) -> list[tuple[int, Confidence | None]]:
    code = f"{START}def lambda_handler(event, context):\n    record = event['Records'][0]\n"
    code += "".join(f"    {line}\n" for line in body.splitlines())
    write(folder, {"app.py": code})
    return [(item.span.line - 5, item.confidence) for item in findings(folder, "LL612")]


RAW = "record['s3']['object']['key']"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"s3.get_object(Bucket='b', Key={RAW})", [(1, Confidence.CERTAIN)]),
        (f"s3.put_object(Bucket='b', Key='small/' + {RAW})", [(1, Confidence.LIKELY)]),
        (f"s3.delete_objects(Bucket='b', Delete={{'Objects': [{{'Key': {RAW}}}]}})", [(1, Confidence.CERTAIN)]),
        (f"s3.copy(CopySource={{'Bucket': 'a', 'Key': {RAW}}}, Bucket='b', Key='x')", [(1, Confidence.CERTAIN)]),
        (f"s3.get_object(Bucket='b', Key=unquote({RAW}))", [(1, Confidence.LIKELY)]),
        (f"s3.generate_presigned_url('get_object', Params={{'Key': {RAW}}})", [(1, Confidence.CERTAIN)]),
        (f"s3.get_object(Bucket='b', Key={RAW}[6:].strip())", [(1, Confidence.CERTAIN)]),
        (f"s3.get_object(Bucket='b', Key=unquote_plus({RAW}))", []),
        (f"s3.copy_object(Bucket='b', Key='x', CopySource='a/' + {RAW})", []),
        (f"s3.get_object(Bucket={RAW}, Key='x')", []),
        (f"key = {RAW}\nif '%' in key:\n    key = unquote_plus(key)\ns3.get_object(Bucket='b', Key=key)", []),
        ("s3.get_object(Bucket='b', Key=event['detail']['object']['key'])", []),
    ],
)
def test_keys_in_arguments(body: str, expected: list[tuple[int, Confidence]], tmp_path: Path) -> None:
    assert keys(tmp_path, body) == expected


def test_calls_with_and_without_decoding_are_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app.py": f"{START}def get(key):\n    s3.get_object(Bucket='b', Key=key)\n"
            f"def lambda_handler(event, context):\n    for record in event['Records']:\n"
            f"        get(unquote_plus({RAW}))\n        get({RAW})\n"
        },
    )
    assert [item.span.line for item in findings(tmp_path, "LL612")] == [9]


def test_fix_brings_the_import(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app.py": "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, context):\n"
            f"    for record in event['Records']:\n        s3.get_object(Bucket='b', Key={RAW})\n"
        },
    )
    (item,) = findings(tmp_path, "LL612")
    assert item.fix is not None and item.fix.safe
    assert [(edit.span.line, edit.span.column, edit.text) for edit in item.fix.edits] == [
        (1, 1, "from urllib.parse import unquote_plus\n"),
        (5, 39, "unquote_plus("),
        (5, 39 + len(RAW), ")"),
    ]


def test_one_name_for_the_records_within_records(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app.py": f"import json\n{START}def lambda_handler(event, context):\n"
            "    for record in event['Records']:\n"
            "        body = json.loads(record['body'])\n"
            "        for record in body['Records']:\n"
            f"            s3.get_object(Bucket='b', Key={RAW})\n"
        },
    )
    assert [item.span.line for item in findings(tmp_path, "LL612")] == [9]
