"""LL105."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.node import FIRST_WITHOUT_CALLBACKS
from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.callbacks import callback, endings
from lambdalint.project.model import Function, Handler
from lambdalint.project.node_runtimes import NodeRuntime, node_runtimes
from lambdalint.rule import ERROR, PEDANTIC, REGULAR, SAFE, WARNING, rule
from lambdalint.source import Span


@rule("LL105", severity=ERROR, level=REGULAR, fix=SAFE)
def callback_handler(handler: Handler) -> Iterator[Finding]:
    """Node.js handler that answers through a callback.

    ## Why
    From nodejs24.x on there are no callbacks. A handler with three formal parameters, used or not, stops the function
    at its start with `Runtime.CallbackHandlerDeprecated`, and `context.done`, `context.succeed` and `context.fail` are
    not there. On earlier runtimes they work, which the pedantic level shows as a warning: they are what a move to
    nodejs24.x fails at.

    ## Fix
    Make the handler `async`, return the result and throw errors. A parameter that nothing uses can simply go, which
    `--fix` does.

    ## When this is wrong
    The parameters are counted as JavaScript does it, up to the first with a default value or the rest parameter. A
    handler that a library's wrapper makes is not judged, nor is one that streams its response, which takes a stream in
    the second place. Runtimes that a parameter of the template merely allows count as earlier ones.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    exports.handler = (event, context, callback) => {
      callback(null, { order: event.id });
    };
    ```

    A parameter that nothing uses, and an answer through the context:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: src/
      Ended:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.ended
          CodeUri: src/
    ```
    ```typescript src/app.ts
    import type { Callback, Context } from "aws-lambda";

    export const handler = async (event: { id: string }, context: Context, callback: Callback) => ({ order: event.id });

    export function ended(event: { id: string }, context: Context) {
      context.succeed({ order: event.id });
    }
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    exports.handler = async (event, context) => ({ order: event.id });
    ```

    Parameters that don't count, a wrapper, and a stream:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Defaults:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.defaults
          CodeUri: src/
      Rest:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.rest
          CodeUri: src/
      Wrapped:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.wrapped
          CodeUri: src/
      Streams:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.streams
          CodeUri: src/
    ```
    ```javascript src/app.mjs
    import middy from "@middy/core";

    const load = async (event, context, options) => ({ order: event.id, options });

    export const defaults = async (event, context, options = {}) => load(event, context, options);

    export const rest = async (event, context, ...others) => load(event, context, others);

    export const wrapped = middy(load);

    export const streams = awslambda.streamifyResponse(async (event, responseStream, context) => {
      responseStream.write(event.id);
      responseStream.end();
    });
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137
    """
    function, runtime = _strictest(handler)
    if function is None or runtime is None:
        return
    fails = runtime.is_set and runtime.version >= FIRST_WITHOUT_CALLBACKS
    where = runtime.name if fails else f"nodejs{FIRST_WITHOUT_CALLBACKS}.x"
    found = callback(handler)
    if found is not None:
        does = f"{function.display} has a handler with three parameters, {found.name} for the callback"
        effect = f"{where} stops it at its start" if fails else f"it will stop at its start from {where} on"
        unused = found.removal is not None
        advice = "remove the third, which nothing uses" if unused else "make it `async` and return the result"
        fix = Fix("Remove the parameter", (found.removal,), safe=True) if found.removal is not None else None
        yield _finding(found.span, f"{does}: {effect}; {advice}", function, runtime, fails, fix)
    for record in endings(handler):
        name = record.callee.rpartition(".")[2]
        advice = "throw the error" if name == "fail" else "return the result"
        lacks = f"which {where} doesn't have" if fails else f"which is gone from {where} on"
        message = f"{function.display} ends with `context.{name}`, {lacks}: make the handler `async` and {advice}"
        yield _finding(record.span, message, function, runtime, fails, None)


def _finding(at: Span, message: str, function: Function, runtime: NodeRuntime, fails: bool, fix: Fix | None) -> Finding:
    return finding(
        at,
        message,
        related=[related(runtime.choice, f"{function.display} runs on {runtime.name}")],
        function=function.name,
        resource=function.name,
        fix=fix,
        severity=ERROR if fails else WARNING,
        level=REGULAR if fails else PEDANTIC,
    )


def _strictest(handler: Handler) -> tuple[Function | None, NodeRuntime | None]:
    """The function of a handler that runs, for certain, on the newest runtime."""
    best: tuple[Function | None, NodeRuntime | None] = (None, None)
    for function in handler.functions:
        runtimes = [item for item in node_runtimes(function) if item.is_set]
        if function.has_wrapper or not runtimes:
            continue
        if best[1] is None or runtimes[0].version > best[1].version:
            best = (function, runtimes[0])
    return best
