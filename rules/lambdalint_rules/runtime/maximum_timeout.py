"""LL312."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import MAX_TIMEOUT
from lambdalint.finding import Finding, finding, related
from lambdalint.project.callers import outlived
from lambdalint.project.choices import use
from lambdalint.project.model import EventSource, Function
from lambdalint.project.snapstart import usual
from lambdalint.rule import AUDITOR, INFO, rule
from lambdalint.values import number, text

_QUEUES = ("sqs", "mq")
_LASTING = ("step-functions",)


@rule("LL312", severity=INFO, level=AUDITOR)
def maximum_timeout(function: Function) -> Iterator[Finding]:
    """Function with the longest timeout there is, behind a queue or a caller that waits.

    ## Why
    A timeout of 900 s is mostly one that nobody has thought about. A run that hangs is billed for a quarter of an hour;
    behind a queue it holds its messages for as long, and the queue has to hide them for six times that; behind an API
    or a load balancer its caller has long gone away.

    ## Fix
    Set `Timeout` to what the work takes at worst, with some time to spare.

    ## When this is wrong
    Where the work takes that long: a batch of large messages, or a function URL for a tool that waits.
    Durable functions, functions that Step Functions runs, and those that stream their response are left out. What
    `timeout-exceeds-trigger` says is not said again.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Mails:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/mails.zip
          Timeout: 900
          Events:
            Queue:
              Type: SQS
              Properties:
                Queue: arn:aws:sqs:eu-west-1:123456789012:mails
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Mails:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/mails.zip
          Timeout: 60
          Events:
            Queue:
              Type: SQS
              Properties:
                Queue: arn:aws:sqs:eu-west-1:123456789012:mails
      Nightly:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/nightly.zip
          Timeout: 900
          Events:
            EveryNight:
              Type: Schedule
              Properties: {Schedule: cron(0 3 * * ? *)}
      Story:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: s3://artifacts/story.zip
          Timeout: 900
          FunctionUrlConfig: {AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM}
      Approval:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: s3://artifacts/approval.zip
          Timeout: 900
          DurableConfig: {ExecutionTimeout: 86400}
          Events:
            Queue:
              Type: SQS
              Properties:
                Queue: arn:aws:sqs:eu-west-1:123456789012:approvals
      Task:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/task.zip
          Timeout: 900
      Work:
        Type: AWS::Serverless::StateMachine
        Properties:
          Definition:
            StartAt: Task
            States:
              Task: {Type: Task, Resource: !GetAtt Task.Arn, End: true}
      Search:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/search.zip
          Timeout: 900
          Events:
            Search:
              Type: HttpApi
              Properties: {Path: /search, Method: get}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
    """
    setting = function.timeout
    source = next((item for item in function.event_sources if _matters(item)), None)
    if setting is None or source is None or function.get("DurableConfig") is not None:
        return
    if function.handler is not None and function.handler.streams:
        return
    given = [choice for choice in usual(function, "Timeout") if number(choice.literal) == MAX_TIMEOUT]
    if not given or outlived(function):
        return
    used = use(given[0], setting, function.resource)
    yield finding(
        given[0],
        f"{function.display} may run {MAX_TIMEOUT} s, the most there is: a run that hangs {_harm(source)}, and is "
        "billed all the while; set Timeout to what the work takes at worst",
        related=[
            *([related(used, f"{function.display} uses it")] if used is not None else []),
            related(source, "called by this" if source.is_synchronous else "fed by this"),
        ],
    )


def _matters(source: EventSource) -> bool:
    if text(source.value("InvokeMode")) not in (None, "BUFFERED"):
        return False
    return source.kind in _QUEUES or (source.is_synchronous and source.kind not in _LASTING)


def _harm(source: EventSource) -> str:
    return "holds its messages for a quarter of an hour" if source.kind in _QUEUES else "keeps its caller waiting"
