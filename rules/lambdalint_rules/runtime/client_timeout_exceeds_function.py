"""LL307."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Related, finding, related
from lambdalint.project.model import Function, Handler
from lambdalint.project.timeouts import is_certain, seconds
from lambdalint.project.waits import CLIENT, SLEEP, Wait, waits
from lambdalint.rule import CERTAIN, LIKELY, PEDANTIC, WARNING, rule


@rule("LL307", severity=WARNING, level=PEDANTIC)
def client_timeout_exceeds_function(handler: Handler) -> Iterator[Finding]:
    """Sleep or timeout in code that lasts as long as the function may run.

    ## Why
    A timeout is there so that code can react: try again, report, answer with an error. One that is as long as the
    function's own never comes to that, as Lambda ends the function first, without an exception, and bills all of the
    time. A sleep that long ends the function for certain.

    ## Fix
    Give calls less time than the function has, retries included, or raise `Timeout`. Let Step Functions or a delayed
    message wait instead of a sleep.

    ## When this is wrong
    Where something ends the wait sooner. The rule is silent where that may be so (alarms, `asyncio.wait_for`,
    `Promise.race`, background tasks), for code that may not run, and where either time isn't written as a number; the
    default of a parameter counts, with less confidence. Each function is judged with its own timeout.

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
          Timeout: 30
    ```
    ```python src/app.py
    import time

    import requests


    def handler(event, context):
        answer = requests.get("https://prices.example.com/today", timeout=(3, 60))
        if answer.status_code == 429:
            time.sleep(30)
        return answer.json()
    ```

    An SDK client that tries several times:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: 30
    ```
    ```python src/app.py
    import os

    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=10, retries={"total_max_attempts": 3})
    table = boto3.resource("dynamodb", config=config).Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```

    In JavaScript, with the default timeout:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const axios = require("axios");

    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

    exports.handler = async () => {
      await sleep(5000);
      const { data } = await axios.get("https://prices.example.com/today", { timeout: 10000 });
      return data;
    };
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Patience:
        Type: Number
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: 30
      Prices:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: prices.handler
          CodeUri: src/
          Timeout: !Ref Patience
    ```
    ```python src/app.py
    import os
    import time

    import requests


    def handler(event, context):
        time.sleep(2)
        requests.get("https://stock.example.com/today", timeout=float(os.environ["WAIT"]))
        return requests.get("https://prices.example.com/today", timeout=(3, 10)).json()


    if __name__ == "__main__":
        time.sleep(60)
    ```
    ```python src/prices.py
    import requests


    def handler(event, context):
        return requests.get("https://prices.example.com/today", timeout=60).json()
    ```

    Ended from outside:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: 30
      Prices:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: prices.handler
          CodeUri: src/
          Timeout: 30
    ```
    ```python src/app.py
    import asyncio


    async def beat():
        await asyncio.sleep(60)


    async def work(event):
        task = asyncio.create_task(beat())
        try:
            return event["order"]
        finally:
            task.cancel()


    def handler(event, context):
        return asyncio.run(work(event))
    ```
    ```javascript src/prices.js
    const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

    exports.handler = async (event) => {
      setTimeout(() => console.log("still here"), 60000);
      return Promise.race([later(60000), event.order]);
    };
    ```

    ## Source
    https://repost.aws/knowledge-center/lambda-function-retry-timeout-sdk
    """
    found = waits(handler) if handler.functions else ()
    for item in found:
        for function in handler.functions:
            limits = seconds(function)
            if limits and item.seconds >= max(limits):
                yield finding(
                    item,
                    _message(function, item, max(limits)),
                    related=_related(function, item),
                    function=function.name,
                    resource=function.name,
                    confidence=CERTAIN if is_certain(function) else LIKELY,
                )


def _message(function: Function, item: Wait, limit: float) -> str:
    if item.kind == SLEEP:
        return (
            f"{function.display} sleeps {item.seconds:g} s with `{item.name}`, but may run only {limit:g} s, so that "
            "Lambda ends it meanwhile: sleep less, raise Timeout, or let Step Functions wait"
        )
    what = f"its {item.name} client" if item.kind == CLIENT else f"`{item.name.replace('()', '')}`"
    times = f" in each of {item.attempts} attempts" if item.attempts > 1 else ""
    return (
        f"{function.display} lets {what} wait {item.amount.seconds:g} s{times}, but may run only {limit:g} s itself, "
        "so that Lambda ends it before it can react: give the call less time, or raise Timeout"
    )


def _related(function: Function, item: Wait) -> list[Related]:
    inside = item.record.span.contains(item.span)
    found = [] if inside else [related(item.record, "sleeps here" if item.kind == SLEEP else "waits here")]
    if function.timeout is not None:
        return [*found, related(function.timeout, f"the timeout of {function.display}")]
    return [*found, related(function, f"{function.display} has the default timeout")]
