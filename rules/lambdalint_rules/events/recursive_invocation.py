"""LL601."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.flow import Loop, invokes_itself, rewrites_event_object
from lambdalint.project.model import Function, Handler, Project
from lambdalint.project.patterns import Match
from lambdalint.rule import CERTAIN, ERROR, LIKELY, PEDANTIC, POSSIBLE, REGULAR, WARNING, rule
from lambdalint.values import text


@rule("LL601", severity=ERROR, level=REGULAR, confidence=LIKELY)
def recursive_invocation(project: Project) -> Iterator[Finding]:
    """Function whose own output makes it run again.

    ## Why
    A function that writes to what triggers it starts itself, over and over, as fast as Lambda scales. Real bills
    for one such mistake went from hundreds to tens of thousands of dollars within days. AWS stops loops of Lambda,
    SQS, SNS and S3 after about sixteen rounds; loops over DynamoDB, Kinesis, EventBridge or log subscriptions it
    does not see at all.

    ## Fix
    Write to another bucket, queue, table or bus than the one that triggers the function; or keep trigger and output
    apart by a prefix, a suffix, a detail type or a filter that the output can't pass. Reserved concurrency is a
    brake for the time until then. For a loop that is meant, bound it in the event and set `RecursiveLoop: Allow`.

    ## When this is wrong
    A check in code may end the loop, which the rule can't see. It stays silent where the names of trigger and
    output can't be compared, and where a filter excludes what is written. Where a filter may or may not let the
    output pass, and where only failures go round, the finding belongs to the pedantic level.

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
            s3.put_object(Bucket=bucket, Key="small/" + key, Body=picture[:1000])
    ```

    A function that starts itself by its own name:

    ```python
    import boto3

    client = boto3.client("lambda")


    def lambda_handler(event, context):
        client.invoke(FunctionName=context.function_name, InvocationType="Event", Payload=b"{}")
    ```

    The same in JavaScript:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Photos:
        Type: AWS::S3::Bucket
      Shrink:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Events:
            Uploaded:
              Type: S3
              Properties:
                Bucket: !Ref Photos
                Events: s3:ObjectCreated:*
    ```
    ```javascript app.mjs
    import { S3Client, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";

    const s3 = new S3Client({});

    export const handler = async ({ Records }) => {
      for (const { s3: { bucket, object } } of Records) {
        const Bucket = bucket.name;
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: object.key }));
        await s3.send(new PutObjectCommand({ Bucket, Key: `small/${object.key}`, Body }));
      }
    };
    ```

    ## Good
    The output has a prefix that the trigger does not ask for:

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
                Filter:
                  S3Key:
                    Rules:
                      - Name: prefix
                        Value: large/
    ```
    ```python
    import boto3

    s3 = boto3.client("s3")


    def handler(event, context):
        for record in event["Records"]:
            bucket = record["s3"]["bucket"]["name"]
            key = record["s3"]["object"]["key"]
            s3.put_object(Bucket=bucket, Key="small/" + key, Body=b"")
    ```

    The output goes to another bucket:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Photos:
        Type: AWS::S3::Bucket
      Small:
        Type: AWS::S3::Bucket
      Shrink:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Environment:
            Variables:
              TARGET: !Ref Small
          Events:
            Uploaded:
              Type: S3
              Properties:
                Bucket: !Ref Photos
                Events: s3:ObjectCreated:*
    ```
    ```python
    import os

    import boto3

    s3 = boto3.client("s3")


    def handler(event, context):
        for record in event["Records"]:
            s3.put_object(Bucket=os.environ["TARGET"], Key=record["s3"]["object"]["key"], Body=b"")
    ```

    In JavaScript, with a prefix and to another bucket:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Photos:
        Type: AWS::S3::Bucket
      Archive:
        Type: AWS::S3::Bucket
      Shrink:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Environment:
            Variables:
              ARCHIVE: !Ref Archive
          Events:
            Uploaded:
              Type: S3
              Properties:
                Bucket: !Ref Photos
                Events: s3:ObjectCreated:*
                Filter:
                  S3Key:
                    Rules:
                      - Name: prefix
                        Value: large/
    ```
    ```javascript app.mjs
    import { S3Client, CopyObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";

    const s3 = new S3Client({});

    export const handler = async ({ Records }) => {
      for (const { s3: { bucket, object } } of Records) {
        const Bucket = bucket.name;
        await s3.send(new PutObjectCommand({ Bucket, Key: `small/${object.key}`, Body: "" }));
        await s3.send(new CopyObjectCommand({
          Bucket: process.env.ARCHIVE,
          Key: object.key,
          CopySource: `${Bucket}/${object.key}`,
        }));
      }
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    reported: set[frozenset[str]] = set()
    for function in project.functions:
        for loop in project.flow.loops(function):
            members = frozenset(f"{item.template.path}#{item.name}" for item in loop.functions)
            if len(members) > 1 and members in reported:
                continue
            reported.add(members)
            yield _loop(function, loop)
    for handler in project.handlers:
        if not handler.functions:
            yield from _self_invocation(handler)
        if not any(_is_triggered_by_bucket(function) for function in handler.functions):
            yield from _same_object(handler)


def _loop(function: Function, loop: Loop) -> Finding:
    names = [project_function.display for project_function in loop.functions]
    sure = loop.match is Match.YES
    allowed = text(function.resource.value("RecursiveLoop")) == "Allow"
    around = " → ".join([*names, names[0]])
    node = function.project.flow.name(loop.nodes[0])
    if len(loop.functions) == 1 and loop.nodes[0][0] == "function":
        what = f"{names[0]} invokes itself"
    elif len(loop.functions) == 1 and loop.nodes[0][0] == "log group":
        what = f"{names[0]} is subscribed to its own log, so that each run makes it run again"
    elif len(loop.functions) == 1:
        what = f"{names[0]} writes to what triggers it ({node}), so that each run starts the next"
    else:
        what = f"these functions start each other in a loop: {around}, beginning with a write to {node}"
    if loop.is_detected:
        stop = "AWS stops it after about 16 rounds"
    else:
        stop = "AWS does not detect this loop"
    return finding(
        loop.steps[0].span,
        f"{what}; {stop}: write elsewhere, or keep trigger and output apart by a filter",
        related=[related(step.span, step.label) for step in loop.steps[1:]],
        function=function.name,
        resource=function.name,
        confidence=(CERTAIN if loop.is_detected or loop.write.record else LIKELY) if sure else POSSIBLE,
        level=REGULAR if sure and not allowed else PEDANTIC,
        severity=ERROR if sure and not allowed else WARNING,
    )


def _is_triggered_by_bucket(function: Function) -> bool:
    return next(function.project.flow.upstream(function, "bucket"), None) is not None


def _same_object(handler: Handler) -> Iterator[Finding]:
    for record in handler.operations:
        if rewrites_event_object(record):
            yield finding(
                record,
                f"{handler.display} writes the object that its event is about, under the same key in the same bucket, "
                "so that each run starts the next; AWS stops it after about 16 rounds: write to another bucket",
                related=[related(handler, "the handler")],
            )
            return


def _self_invocation(handler: Handler) -> Iterator[Finding]:
    for record in handler.operations:
        if invokes_itself(record):
            yield finding(
                record,
                f"{handler.display} invokes itself; AWS stops it after about 16 rounds: pass the rest of the work to a "
                "queue or a state machine, or set RecursiveLoop: Allow if the loop is meant and bounded",
                related=[related(handler, "the handler")],
                function=handler.name,
            )
