"""LL902."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.marshalling import Unwritten, unwritten
from lambdalint.project.model import Handler
from lambdalint.rule import ERROR, REGULAR, rule

MAX_SHOWN = 4


@rule("LL902", severity=ERROR, level=REGULAR)
def return_not_serializable(handler: Handler) -> Iterator[Finding]:
    """Returned value that JSON can't hold.

    ## Why
    The runtime writes what a handler returns as JSON, whoever called it and even if nobody looks at the answer. Where
    it can't, the invocation fails with `Runtime.MarshalError` when all its work is done: the caller gets an error, and
    asynchronous events and queue messages are tried again, though they have been processed.

    ## Fix
    Return maps, lists, strings, numbers, booleans and nothing else: `.isoformat()` for times, `str()` for UUIDs and
    exceptions, `list()` for sets and iterators, `dataclasses.asdict()` for instances, and of an answer of an AWS
    service only what is needed.

    ## When this is wrong
    Python's runtime writes more than `json.dumps` does: Decimal, bytes that are UTF-8, named tuples and what has
    `_asdict` are fine. Answers of frameworks and of handlers in decorators that can't be followed are not judged, nor
    is anything that is not certain: what a variable holds that is assigned in several places or changed by others, what
    functions outside of the project give, and answers of AWS services that may have no time in them. In JavaScript only
    a BigInt, an answer of axios and the answer of GetObject count; maps, sets and promises become `{}`, which is a
    loss, but no error.

    ## Bad
    ```python
    import uuid
    from datetime import datetime, timezone


    def lambda_handler(event, context):
        order = {"id": uuid.uuid4(), "tags": {tag.lower() for tag in event["tags"]}}
        order["created"] = datetime.now(timezone.utc)
        return {"statusCode": 200, "order": order}
    ```

    An exception, an instance and an iterator, in a function of another module:

    ```python
    import orders


    def lambda_handler(event, context):
        try:
            return orders.read(event["id"])
        except KeyError as error:
            return {"statusCode": 404, "body": error}
    ```
    ```python orders.py
    from dataclasses import dataclass


    @dataclass
    class Order:
        id: str


    def read(number):
        if number == "all":
            return {"ids": map(str, range(3))}
        return Order(number)
    ```

    The whole answer of an AWS service:

    ```python
    import boto3

    stepfunctions = boto3.client("stepfunctions")
    functions = boto3.client("lambda")


    def lambda_handler(event, context):
        if event["direct"]:
            return {"answer": functions.invoke(FunctionName="orders")}
        started = stepfunctions.start_execution(stateMachineArn=event["machine"])
        print(started)
        return started
    ```

    In JavaScript:

    ```javascript
    const axios = require("axios");

    exports.lambdaHandler = async (event) => {
      if (event.count) {
        return { total: BigInt(event.count) };
      }
      const response = await axios.get("https://example.com/orders");
      return response;
    };
    ```

    ## Good
    ```python
    import uuid
    from datetime import datetime, timezone
    from decimal import Decimal
    from typing import NamedTuple

    import boto3

    stepfunctions = boto3.client("stepfunctions")


    class Price(Struct, frozen=True):
        amount: Decimal


    def lambda_handler(event, context):
        started = stepfunctions.start_execution(stateMachineArn=event["machine"])
        return {
            "id": str(uuid.uuid4()),
            "tags": sorted({tag.lower() for tag in event["tags"]}),
            "created": datetime.now(timezone.utc).isoformat(),
            "price": Price(Decimal("1.20")),
            "data": b"plain",
            "execution": started["executionArn"],
        }
    ```

    What is changed before it is returned, or by what can't be followed:

    ```python
    import json
    from datetime import datetime

    import boto3
    from helpers import readable

    stepfunctions = boto3.client("stepfunctions")


    def lambda_handler(event, context):
        order = {"created": datetime.now(), "changed": datetime.now()}
        order["created"] = order["created"].isoformat()
        readable(order)
        tags = set(event["tags"])
        tags = list(tags)
        started = stepfunctions.start_execution(stateMachineArn=event["machine"])
        started.pop("startDate")
        if event["all"]:
            return json.loads(json.dumps({"order": order}, default=str))
        return {"order": order, "tags": tags, "started": started}
    ```

    A framework, which serialises by itself:

    ```python
    from datetime import datetime

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver

    app = APIGatewayRestResolver()


    @app.get("/now")
    def now():
        return {"now": datetime.now()}


    def lambda_handler(event, context):
        return app.resolve(event, context)
    ```

    The same in JavaScript:

    ```javascript
    const axios = require("axios");

    exports.lambdaHandler = async (event) => {
      const response = await axios.get("https://example.com/orders");
      const total = BigInt(event.count).toString();
      return { total, orders: response.data, at: new Date(), tags: new Set(event.tags) };
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    https://github.com/aws/aws-lambda-python-runtime-interface-client
    """
    for item in unwritten(handler):
        yield finding(
            item.span,
            f"{handler.display} returns {item.what.kind}{_under(item)}, which JSON can't hold, so that the invocation "
            f"fails with Runtime.MarshalError: {item.what.instead}",
            related=[] if item.given.contains(item.span) else [related(item.given, "returned here")],
        )


def _under(item: Unwritten) -> str:
    """Where it stands in what is returned, as far as that has names."""
    path = [step for step in item.path if step]
    if not path or len(path) < len(item.path) or len(path) > MAX_SHOWN:
        return ""
    shown = path[0] + "".join(step if step == "[]" else f".{step}" for step in path[1:])
    return f" as `{shown}`" if shown != "[]" else " in a list"
