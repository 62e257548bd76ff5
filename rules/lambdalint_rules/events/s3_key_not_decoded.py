"""LL612."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Confidence, Finding, Fix, Related, finding, related
from lambdalint.project.edits import python_name, stands_alone, wrapped
from lambdalint.project.model import Handler
from lambdalint.project.object_keys import EncodedKey, encoded_keys
from lambdalint.rule import CERTAIN, LIKELY, REGULAR, SAFE, WARNING, rule
from lambdalint.source import Span

_SHOWN = 3
_FEEDERS = ("s3", "sqs", "sns", "eventbridge")
_DECODERS = {
    "python": "`urllib.parse.unquote_plus`",
    "javascript": '`decodeURIComponent(key.replace(/\\+/g, " "))`',
}


@rule("LL612", severity=WARNING, level=REGULAR, fix=SAFE)
def s3_key_not_decoded(handler: Handler) -> Iterator[Finding]:
    r"""Key of an S3 notification that is used without decoding it.

    ## Why
    In the notifications of a bucket the key of an object is URL-encoded: `my photo (1).jpg` comes as
    `my+photo+%281%29.jpg`. A call with that name finds no object, or writes one under a wrong name. It goes unnoticed
    until somebody uploads a file with a space, an umlaut or a bracket in its name.

    ## Fix
    Decode the key where it is taken from the event: `urllib.parse.unquote_plus(key)` in Python,
    `decodeURIComponent(key.replace(/\+/g, " "))` in JavaScript. `unquote` and `decodeURIComponent` alone leave the
    `+` that stands for a space.

    ## When this is wrong
    Where every key is known to have nothing but letters, digits, `/`, `.`, `-` and `_`. Keys of EventBridge events are
    not encoded, nor is `object_key` of Powertools' `S3Event`, and neither is reported; keys that are decoded in
    another function, or put back into the event decoded, are known. A copy source that is a string has to be encoded.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Photos:
        Type: AWS::S3::Bucket
      Shrink:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            Uploaded:
              Type: S3
              Properties:
                Bucket: !Ref Photos
                Events: s3:ObjectCreated:*
    ```
    ```python
    import boto3

    s3 = boto3.client("s3")


    def handler(event, context):
        for record in event["Records"]:
            bucket = record["s3"]["bucket"]["name"]
            key = record["s3"]["object"]["key"]
            picture = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    ```

    The same in TypeScript, with version 3 of the SDK:

    ```typescript
    import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
    import type { S3Event } from "aws-lambda";

    const s3 = new S3Client({});

    export const handler = async (event: S3Event) => {
      for (const record of event.Records) {
        const { bucket, object } = record.s3;
        await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
      }
    };
    ```

    Decoded, but for `+`, in a notification that comes through a queue:

    ```python
    import json
    from urllib.parse import unquote

    import boto3

    s3 = boto3.resource("s3")


    def lambda_handler(event, context):
        for message in event["Records"]:
            for record in json.loads(message["body"])["Records"]:
                key = unquote(record["s3"]["object"]["key"])
                s3.Object(record["s3"]["bucket"]["name"], key).delete()
    ```

    ## Good
    ```python
    import json
    from urllib.parse import unquote_plus

    import boto3

    s3 = boto3.client("s3")


    def lambda_handler(event, context):
        for record in event["Records"]:
            key = unquote_plus(record["s3"]["object"]["key"])
            s3.get_object(Bucket=record["s3"]["bucket"]["name"], Key=key)
    ```

    The same in JavaScript, and decoded by middleware:

    ```javascript
    const { GetObjectCommand, S3Client } = require("@aws-sdk/client-s3");

    const s3 = new S3Client({});

    exports.handler = async (event) => {
      for (const record of event.Records) {
        const Key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
        await s3.send(new GetObjectCommand({ Bucket: record.s3.bucket.name, Key }));
      }
    };
    ```
    ```javascript photos.mjs
    import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
    import middy from "@middy/core";
    import s3KeyNormalizer from "@middy/s3-key-normalizer";

    const s3 = new S3Client({});

    const load = async (event) => {
      const { bucket, object } = event.Records[0].s3;
      await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
    };

    export const handler = middy(load).use(s3KeyNormalizer());
    ```

    An event of EventBridge, and the notification decoded by a helper or by Powertools:

    ```python
    from urllib.parse import unquote

    import boto3
    from aws_lambda_powertools.utilities.data_classes import S3Event, event_source

    s3 = boto3.client("s3")


    def decoded(key):
        return unquote(key.replace("+", " "))


    def lambda_handler(event, context):
        detail = event["detail"]
        s3.get_object(Bucket=detail["bucket"]["name"], Key=detail["object"]["key"])


    def records_handler(event, context):
        for record in event["Records"]:
            s3.get_object(Bucket=record["s3"]["bucket"]["name"], Key=decoded(record["s3"]["object"]["key"]))


    @event_source(data_class=S3Event)
    def first_handler(event, context):
        s3.get_object(Bucket=event.bucket_name, Key=event.object_key)
    ```

    Logged or compared, or made a copy source, which has to be encoded:

    ```python
    import boto3

    s3 = boto3.client("s3")


    def lambda_handler(event, context):
        for record in event["Records"]:
            bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
            if key.endswith("/"):
                print("a folder", key)
                continue
            s3.copy_object(Bucket="archive", Key="latest", CopySource=f"{bucket}/{key}")
    ```

    ## Source
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    uses: dict[Span, list[EncodedKey]] = {}
    for use in encoded_keys(handler):
        uses.setdefault(use.key.span, []).append(use)
    for group in uses.values():
        yield _finding(handler, group)


def _finding(handler: Handler, group: list[EncodedKey]) -> Finding:
    first = next((use for use in group if use.is_whole), group[0])
    operation = _operation(first)
    decoder = _DECODERS[handler.language]
    if first.keeps_plus:
        what = f"decodes the key of an S3 notification but for `+`, which means a space, and gives it to {operation}"
    elif first.is_whole:
        what = f"gives {operation} the key of an S3 notification still URL-encoded"
    else:
        what = f"makes a name of the key of an S3 notification, still URL-encoded, for {operation}"
    return finding(
        first.key.span,
        f"{handler.display} {what}, which is wrong for names with spaces or special characters: use {decoder}",
        related=[*_calls(group), *_triggers(handler)],
        confidence=_confidence(first),
        fix=_fix(handler, first),
    )


def _operation(use: EncodedKey) -> str:
    return use.record.operation.name if use.record.operation is not None else "a presigned URL"


def _confidence(use: EncodedKey) -> Confidence:
    return CERTAIN if use.is_whole and not use.keeps_plus else LIKELY


def _calls(group: list[EncodedKey]) -> Iterator[Related]:
    seen: set[Span] = set()
    for use in group:
        if use.record.span not in seen and len(seen) < _SHOWN:
            seen.add(use.record.span)
            yield related(use.record, f"given to {_operation(use)} as {use.argument} here")


def _triggers(handler: Handler) -> Iterator[Related]:
    for kind in _FEEDERS:
        for function in handler.functions:
            for source in function.triggered_by(kind):
                label = "the notification is set up here" if kind == "s3" else "the notification comes this way"
                yield related(source, label)
                return


def _fix(handler: Handler, use: EncodedKey) -> Fix | None:
    module = next((item for item in handler.modules if item.facts.file == use.key.span.path), None)
    if module is None or use.keeps_plus or "#" in module.path or not stands_alone(module, use.key.span):
        return None
    if handler.language == "python":
        found = python_name(module, "urllib.parse", "unquote_plus")
        if found is None:
            return None
        name, edits = found
        return Fix("Decode the key", (*edits, *wrapped(use.key.span, f"{name}(", ")")), safe=True)
    return Fix("Decode the key", wrapped(use.key.span, "decodeURIComponent(", '.replace(/\\+/g, " "))'), safe=True)
