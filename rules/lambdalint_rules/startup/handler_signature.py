"""LL103."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Handler
from lambdalint.project.receivers import arguments_fault, never_callable, receivers
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL103", severity=ERROR, level=REGULAR)
def handler_signature(handler: Handler) -> Iterator[Finding]:
    """Python handler that can't be called with an event and a context.

    ## Why
    Lambda calls the handler with exactly two positional arguments, the event and the context, and turns what it gives
    into JSON. A function that takes fewer or more arguments fails with a `TypeError` at every event; a generator
    function gives a generator, a class gives an instance, and both fail with `Runtime.MarshalError`.

    ## Fix
    Write `def lambda_handler(event, context):`. Give further parameters a default value. For a class, make an instance
    at module level and name its method: `handler = Orders().handle`.

    ## When this is wrong
    Where something stands between Lambda and the function. Decorators of Powertools and of the durable execution SDK
    are known, decorators of the project are followed, others silence the rule; so does `AWS_LAMBDA_EXEC_WRAPPER`.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: src/
    ```
    ```python src/app.py
    def lambda_handler(event):
        return {"order": event["id"]}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: src/
    ```
    ```python src/app.py
    from framework import entry_point

    @entry_point
    def lambda_handler(order):
        return {"order": order["id"]}
    ```

    Methods of instances, and functions with defaults:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: src/

    Returns:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.returns
          CodeUri: src/
    ```
    ```python src/app.py
    class Orders:
        def handle(self, event, context):
            return {"order": event["id"]}

    lambda_handler = Orders().handle

    def returns(event, context=None, *, dry_run=False):
        return {"order": event["id"]}
    ```

    A decorator of the project that takes the arguments apart:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: src/
    ```
    ```python src/app.py
    def with_order(function):
        def wrapper(event, context):
            return function(event["order"])
        return wrapper

    @with_order
    def lambda_handler(order):
        return {"order": order["id"]}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    """
    served = [function for function in handler.functions if not function.has_wrapper]
    settings = [function.handler_setting for function in served]
    named = [related(setting, "named as handler here") for setting in settings if setting is not None][:1]
    if handler.language != "python" or not served:
        return
    kind = never_callable(handler)
    if kind == "class":
        yield finding(
            handler,
            f"`{handler.name}`, the handler of {handler.display}, is a class: calling it gives an instance, which is "
            f"no JSON; name a function, or a method of an instance",
            related=named,
        )
    elif kind == "instance":
        yield finding(
            handler,
            f"`{handler.name}`, the handler of {handler.display}, is an instance of {handler.definition.name}, which "
            f"has no `__call__`: name a function, or one of its methods",
            related=named,
        )
    for position, receiver in enumerate(receivers(handler)):
        definition = receiver.function.definition
        at = receiver.function.module.at(definition.span)
        fault = arguments_fault(receiver.function)
        name = f"`{definition.name or handler.name}`"
        role = f"the handler of {handler.display}" if at == handler.span else f"called for {handler.display}"
        if fault:
            yield finding(
                at,
                f"{name}, {role}, {fault}, but Lambda passes two: write `(event, context)`",
                related=named,
            )
            return
        if definition.is_generator and not definition.is_async and receiver.is_result and position == 0:
            yield finding(
                at,
                f"{name}, {role}, is a generator function: Lambda gets a generator, runs none of its body, and can't "
                f"turn it into JSON; collect what it yields and `return` it",
                related=named,
            )
            return
