"""LL904."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding
from lambdalint.project.context_reads import Missing, missing
from lambdalint.project.model import Handler
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, SAFE, WARNING, rule


@rule("LL904", severity=ERROR, level=REGULAR, fix=SAFE)
def context_attribute(handler: Handler) -> Iterator[Finding]:
    """Attribute that the context object does not have.

    ## Why
    The names of the context differ from language to language: `context.aws_request_id` in Python is
    `context.awsRequestId` in JavaScript. In Python a wrong one ends the invocation with `AttributeError`, and what runs
    only on the way of an error hides the error that way. In JavaScript it gives `undefined`, which goes on to logs and
    keys, or fails once it is called.

    ## Fix
    Write the name that the language's runtime has. `--fix` does that where the name that was meant is clear.

    ## When this is wrong
    Only the handler's own context is judged, and where the handler hands it on. Code that sets the attribute itself,
    asks with `hasattr` or `getattr`, or catches `AttributeError` is left alone, as are handlers in decorators and
    wrappers that may give them another context (durable functions, middy, frameworks), handlers that other code calls,
    and a context that is annotated with a type of its own. Functions that nothing tells to be Lambda's may be another
    cloud's. In JavaScript, and in Python where no template names the handler, only what is near to a name that exists
    is reported, and what a condition or an alternative (`||`) is there for is not.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
    ```
    ```python
    def save(order, context):
        print(order, context.function_arn)


    def handler(event, context):
        left = context.getRemainingTimeInMillis()
        save(event["order"], context)
        return {"request": context.request_id, "trace": context.trace_id, "left": left}
    ```

    In JavaScript:

    ```javascript
    exports.lambdaHandler = async (event, context) => {
      console.log(context.aws_request_id);
      return context.getRemainingTimeInMilliseconds() > 1000 ? event.id : null;
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
    ```
    ```python
    def handler(event, context):
        left = context.get_remaining_time_in_millis()
        user = context.identity.cognito_identity_id if context.identity else None
        return {"request": context.aws_request_id, "left": left, "user": user, "tenant": context.tenant_id}
    ```

    What may be there all the same:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
    ```
    ```python
    import time


    def handler(event, context):
        context.started = time.time()
        request = context.request_id if hasattr(context, "request_id") else None
        try:
            trace = context.trace_id
        except AttributeError:
            trace = None
        return {"request": request, "trace": trace, "started": context.started}
    ```

    Another context than that of Lambda:

    ```python app.py
    from aws_durable_execution_sdk_python import DurableContext, durable_execution

    from frameworks import with_user


    @durable_execution
    def handler(event, context: DurableContext):
        return context.step(lambda _: 1)


    @with_user
    def lambda_handler(event, context):
        return context.requestId
    ```
    ```python main.py
    import tasks


    def handler(event, context):
        return tasks.task_handler(event, tasks.Call("1"))
    ```
    ```python tasks.py
    class Call:
        def __init__(self, number):
            self.requestId = number


    def task_handler(event, context):
        return context.requestId
    ```

    A function of another cloud, which has another context:

    ```python
    def handler(event, context):
        return context.request_id
    ```

    The same in JavaScript:

    ```javascript
    const middy = require("@middy/core");

    exports.wrapped = middy(async (event, context) => context.requestId);

    exports.handler = async (event, context) => {
      const request = context.requestId || context.awsRequestId;
      return [request, context.user, context.getRemainingTimeInMillis(), context.callbackWaitsForEmptyEventLoop];
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
    """
    for item in missing(handler):
        whole = f"context.{item.part}" if item.part else "context"
        yield finding(
            item,
            f"{handler.display} reads `{whole}.{item.name}`, which the context of {_LANGUAGES[handler.language]} does "
            f"not have, {_effect(handler, item)}: {_instead(item, whole)}",
            severity=ERROR if item.fails else WARNING,
            confidence=CERTAIN if item.right else LIKELY,
            fix=Fix(f"Write `{item.right}`", (item.edit,), safe=True) if item.edit is not None else None,
        )


_LANGUAGES = {"python": "Python", "javascript": "Node.js"}


def _effect(handler: Handler, item: Missing) -> str:
    if handler.language == "python":
        return "so that it fails with AttributeError"
    return "so that the call fails with TypeError" if item.fails else "so that it gets undefined"


def _instead(item: Missing, whole: str) -> str:
    return f"use `{whole}.{item.right}`" if item.right else "use an attribute that it has"
