"""LL602."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.flow import Loop
from lambdalint.project.model import Function
from lambdalint.project.patterns import Match
from lambdalint.rule import REGULAR, WARNING, rule
from lambdalint.values import MapOf, Value, member, text


@rule("LL602", severity=WARNING, level=REGULAR)
def recursive_loop_setting(function: Function) -> Iterator[Finding]:
    """Setting for recursive loops that does not fit what the function does.

    ## Why
    `RecursiveLoop: Allow` switches off the brake that stops a runaway function after about sixteen rounds; without
    a loop it only waits for the day when a mistake makes one. The other way round, a function that puts messages
    back on its own queue on purpose (a delayed retry, a poll) is stopped by that brake unless the setting allows
    it.

    ## Fix
    Remove `RecursiveLoop: Allow` where nothing loops. Where the loop is meant and bounded, set it.

    ## When this is wrong
    The rule is silent where the function's code is not known, or writes to something that can't be told from
    template and code.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Greeter:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          RecursiveLoop: Allow
    ```
    ```python
    def handler(event, context):
        return {"greeting": "hello"}
    ```

    A delayed retry that AWS will stop:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Jobs:
        Type: AWS::SQS::Queue
      Worker:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Environment:
            Variables:
              JOBS: !Ref Jobs
          Events:
            Job:
              Type: SQS
              Properties:
                Queue: !GetAtt Jobs.Arn
    ```
    ```python
    import os

    import boto3

    sqs = boto3.client("sqs")


    def handler(event, context):
        for record in event["Records"]:
            sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=record["body"], DelaySeconds=300)
    ```

    ## Good
    The retry is allowed:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Jobs:
        Type: AWS::SQS::Queue
      Worker:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          RecursiveLoop: Allow
          Environment:
            Variables:
              JOBS: !Ref Jobs
          Events:
            Job:
              Type: SQS
              Properties:
                Queue: !GetAtt Jobs.Arn
    ```
    ```python
    import os

    import boto3

    sqs = boto3.client("sqs")


    def handler(event, context):
        for record in event["Records"]:
            sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=record["body"], DelaySeconds=300)
    ```

    The target of the write can't be told:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Worker:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          RecursiveLoop: Allow
    ```
    ```python
    import boto3

    sqs = boto3.client("sqs")


    def handler(event, context):
        sqs.send_message(QueueUrl=event["replyTo"], MessageBody="done")
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    setting = function.get("RecursiveLoop")
    flow = function.project.flow
    loops = flow.loops(function)
    if setting is not None:
        if text(setting.value) == "Allow" and not loops and not flow.has_unknown_writes(function):
            yield finding(
                setting,
                f"{function.display} allows recursive loops, but nothing makes it run again: remove RecursiveLoop, it "
                "switches off the brake on runaway invocations",
            )
        return
    for loop in loops:
        if loop.match is Match.YES and loop.is_detected and _is_meant(loop):
            yield finding(
                function,
                f"{function.display} puts messages back on its own queue on purpose, and AWS will stop it after about "
                "16 rounds: set RecursiveLoop: Allow, and bound the rounds in the message",
                related=[related(loop.steps[0].span, "the message goes back here")],
            )
            return


def _is_meant(loop: Loop) -> bool:
    """Whether a write to the own queue is made to come back: it is delayed, or counts its rounds."""
    record = loop.write.record
    if record is None or loop.nodes[0][0] != "queue" or len(loop.functions) > 1:
        return False
    arguments = record.arguments
    if arguments.get("DelaySeconds") is not None:
        return True
    return any(_counts(value) for value in (arguments.get("MessageAttributes"), arguments.get("MessageBody")))


def _counts(value: Value | None) -> bool:
    return isinstance(value, MapOf) and any(
        member(value, name) is not None
        for name in ("attempt", "attempts", "retry", "retries", "retryCount", "retry_count")
    )
