"""LL104."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Handler
from lambdalint.project.receivers import is_used_by_code, receivers
from lambdalint.rule import ERROR, LIKELY, REGULAR, rule


@rule("LL104", severity=ERROR, level=REGULAR)
def async_python_handler(handler: Handler) -> Iterator[Finding]:
    """Python handler that is a coroutine function.

    ## Why
    Lambda calls a Python handler and does not await what it gives. An `async def` gives a coroutine: its body never
    runs, and the invocation fails with `Runtime.MarshalError`, since a coroutine is no JSON.

    ## Fix
    Make the handler a plain function that runs the coroutine: `return asyncio.run(process(event))`.

    ## When this is wrong
    Where something between Lambda and the function runs the coroutine. Powertools' decorators do not; after any other
    decorator the rule is silent, unless it is one of the project that gives a coroutine function itself. So does
    `AWS_LAMBDA_EXEC_WRAPPER`. A function that no template names is only reported if it is called
    `lambda_handler` and no code of the project uses it.

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
    async def handler(event, context):
        return {"order": event["id"]}
    ```

    Powertools' decorators don't await it:
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
    from aws_lambda_powertools import Logger

    logger = Logger()

    @logger.inject_lambda_context(log_event=True)
    async def handler(event, context):
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
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import asyncio

    async def process(event):
        return {"order": event["id"]}

    def handler(event, context):
        return asyncio.run(process(event))
    ```

    A decorator that runs the loop:
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
    import asyncio
    import functools

    def synchronous(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(function(*args, **kwargs))
        return wrapper

    @synchronous
    async def handler(event, context):
        return {"order": event["id"]}
    ```

    Code that no template names, and that a function of the project runs:
    ```python app.py
    import asyncio

    async def lambda_handler(event, context):
        return {"order": event["id"]}

    def entry(event, context):
        return asyncio.run(lambda_handler(event, context))
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    https://rules.sonarsource.com/python/RSPEC-7614/
    """
    if handler.language != "python":
        return
    served = [function for function in handler.functions if not function.has_wrapper]
    if handler.functions and not served:
        return
    if not served and (handler.name != "lambda_handler" or is_used_by_code(handler)):
        return
    for receiver in receivers(handler):
        definition = receiver.function.definition
        if definition.is_async and receiver.is_result:
            settings = [function.handler_setting for function in served]
            yield finding(
                receiver.function.module.at(definition.span),
                f"`{definition.name or handler.name}`, {_role(handler)}, is `async`: Lambda does not await it, so "
                f"that its body never runs; make it a plain function that calls `asyncio.run`",
                related=[related(setting, "named as handler here") for setting in settings if setting is not None][:1],
                confidence=None if served else LIKELY,
            )
            return


def _role(handler: Handler) -> str:
    return f"the handler of {handler.display}" if handler.functions else "a handler by its name and parameters"
