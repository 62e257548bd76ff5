"""LL304."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import DEFAULT_TIMEOUT
from lambdalint.finding import Finding, finding, related
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.model import Function
from lambdalint.project.paths import is_fragment
from lambdalint.project.timeouts import network_call
from lambdalint.rule import INFO, PEDANTIC, rule


@rule("LL304", severity=INFO, level=PEDANTIC)
def default_timeout(function: Function) -> Iterator[Finding]:
    """Function that calls over the network with the default timeout of three seconds.

    ## Why
    Without `Timeout`, Lambda ends a function after 3 s. A cold start, a slow answer or a retry of the SDK takes longer
    now and then: the function is ended in the middle of its work, without an exception that it could handle.

    ## Fix
    Set `Timeout` to what the work takes at worst, with some seconds to spare; for all functions of a SAM template in
    `Globals`.

    ## When this is wrong
    Where three seconds are enough, and a sudden end does no harm. Functions whose code calls nothing over the network
    are fine, and so are those whose code can't be followed. A condition or a macro that may set `Timeout` counts.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import os

    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Timeout: 10
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import os

    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```

    No network, code that can't be followed, and a condition that may set it:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Stage:
        Type: String
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
    Resources:
      Total:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: total.handler
          CodeUri: src/
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: example.Report::handle
          CodeUri: s3://artifacts/report.zip
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: !If [IsProduction, 10, !Ref AWS::NoValue]
    ```
    ```python src/total.py
    def handler(event, context):
        return sum(line["price"] for line in event["lines"])
    ```
    ```python src/app.py
    import os

    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
    """
    if function.timeout is not None or not function.is_whole or is_fragment(function.template):
        return
    handler = function.handler
    record = network_call(handler) if handler is not None and handler.target is not None else None
    if record is None:
        return
    yield finding(
        function,
        f"{function.display} has no Timeout, so that Lambda ends it after {DEFAULT_TIMEOUT} s, and it calls "
        f"`{_name(record)}`, which may take longer: set Timeout to what the work takes at worst",
        related=[related(record, "calls over the network here")],
    )


def _name(record: CallRecord) -> str:
    return record.callee.replace("()", "")
