"""LL413."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Function
from lambdalint.project.snapstart import may_be_restored
from lambdalint.project.warming import Warming, warmed
from lambdalint.rule import INFO, LIKELY, PEDANTIC, rule

MAX_SHOWN = 80


@rule("LL413", severity=INFO, level=PEDANTIC, confidence=LIKELY, needs=("Schedule",))
def keep_warm_schedule(function: Function) -> Iterator[Finding]:
    """Schedule that only keeps a function warm.

    ## Why
    An event every few minutes keeps one execution environment, or as many as it is sent to at once. Requests that come
    together start others all the same, and Lambda ends environments when it likes. Lambda has two features that do what
    is meant: provisioned concurrency keeps as many environments ready as it is told, and SnapStart makes new ones start
    from a snapshot. Either way the handler's code is about its work again.

    ## Fix
    Remove the schedule and the condition in the code. Set provisioned concurrency on an alias, by a schedule of
    Application Auto Scaling if need be, or `SnapStart` where the runtime has it. Otherwise make the start faster: fewer
    and smaller packages, more memory.

    ## When this is wrong
    Where one environment is all that is wanted and the cost of provisioned concurrency is not. Only schedules that run
    every 15 minutes or more often count, or that call themselves so, and only where the handler's code is seen to do
    nothing with their events but to return. Handlers in wrappers that can't be followed are not judged.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            Warm:
              Type: Schedule
              Properties:
                Schedule: rate(5 minutes)
                Input: '{"warmer": true}'
    ```
    ```python
    import orders


    def handler(event, context):
        if event.get("warmer"):
            print("kept warm")
            return {}
        return orders.answer(event)
    ```

    In JavaScript, with a rule, and by the event of the service itself:

    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Role: arn:aws:iam::123456789012:role/orders
          Code: src/
      Ping:
        Type: AWS::Events::Rule
        Properties:
          ScheduleExpression: cron(0/10 * * * ? *)
          Targets:
            - Id: orders
              Arn: !GetAtt Orders.Arn
              Input: '{"source": "warmup"}'
      KeepWarm:
        Type: AWS::Events::Rule
        Properties:
          Description: keeps the function warm
          ScheduleExpression: rate(5 minutes)
          Targets:
            - Id: orders
              Arn: !GetAtt Orders.Arn
    ```
    ```javascript src/app.js
    const { answer } = require("./orders");

    exports.handler = async (event) => {
      if (event.source === "warmup" || event.source === "aws.events") {
        return "warm";
      }
      return answer(event);
    };
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          AutoPublishAlias: live
          ProvisionedConcurrencyConfig:
            ProvisionedConcurrentExecutions: 2
    ```
    ```python
    import orders


    def handler(event, context):
        return orders.answer(event)
    ```

    Schedules that there is work for, also where the handler gives back early for others:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            Refresh:
              Type: Schedule
              Properties:
                Schedule: rate(5 minutes)
                Input: '{"action": "refresh"}'
            Check:
              Type: Schedule
              Properties:
                Schedule: rate(1 minute)
                Input: '{"action": "check"}'
            Report:
              Type: Schedule
              Properties:
                Schedule: rate(1 day)
                Input: '{"action": "off"}'
    ```
    ```python
    import orders


    def handler(event, context):
        if event["action"] == "off":
            return None
        if event["action"] == "check":
            orders.check()
            return None
        if event["action"] != "refresh":
            return None
        return orders.refresh()
    ```

    A wrapper that can't be followed:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            Warm:
              Type: Schedule
              Properties:
                Schedule: rate(5 minutes)
                Input: '{"warmer": true}'
    ```
    ```python
    from frameworks import traced


    @traced
    def handler(event, context):
        if event.get("warmer"):
            return {}
        return {"orders": []}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    for item in warmed(function):
        yield finding(
            item,
            f"{function.display} is called by {item.source.name or 'a schedule'} only to be kept warm: its handler "
            f"returns at once for {_events(item)}; {_instead(function)} keeps it ready for requests that come together",
            related=[related(item.test, "the handler only answers here")],
        )


def _events(item: Warming) -> str:
    return f"`{item.says}`" if 0 < len(item.says) <= MAX_SHOWN else "its events"


def _instead(function: Function) -> str:
    return "provisioned concurrency, or SnapStart," if may_be_restored(function) else "provisioned concurrency"
