"""LL102."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.aws.handlers import EXAMPLES, Fault, handler_fault
from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.model import Function, did_you_mean
from lambdalint.project.template_edits import rewritten_property
from lambdalint.rule import ERROR, REGULAR, SAFE, rule
from lambdalint.values import Literal, options


@rule("LL102", severity=ERROR, level=REGULAR, fix=SAFE)
def malformed_handler(function: Function) -> Iterator[Finding]:
    """Handler string of a form that the function's runtime can't take.

    ## Why
    Each runtime takes `Handler` apart in its own way: Python at the last dot, Node.js at the first one of the file's
    name, .NET and Java at `::`. What has another form deploys, and fails when the first event comes
    (`Runtime.MalformedHandlerName`, `Runtime.ImportModuleError`). White space and more than 128 characters are refused
    by Lambda itself.

    ## Fix
    Name the callable, not the file: `app.lambda_handler` for `lambda_handler` in `app.py`, `src/index.handler` for
    Node.js, `com.example.Orders::handleRequest` for Java, `Assembly::Namespace.Class::Method` for .NET,
    `app.handler` for Ruby. `--fix` writes the name that the code has; a name that was not written, and what is right by
    its form alone, need `--unsafe-fixes`.

    ## When this is wrong
    Never for the runtimes above as they are. The rule is silent where `AWS_LAMBDA_EXEC_WRAPPER` is set, since a wrapper
    may read the handler in its own way, for custom runtimes and Go, and where a parameter gives handler or runtime.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.py
          CodeUri: src/
    ```
    ```python src/app.py
    def handler(event, context):
        return "done"
    ```

    The function alone:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: handler
          CodeUri: s3://artifacts/orders.zip
    ```

    Only two of three parts:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: dotnet8
          Handler: Orders::Orders.Function
          CodeUri: s3://artifacts/orders.zip
    ```

    A colon in place of the dot, beside the code:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app:lambda_handler
          CodeUri: src/
    ```
    ```python src/app.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Entry:
        Type: String
        Default: handler
    Resources:
      InPython:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: src/app.lambda_handler
          CodeUri: s3://artifacts/orders.zip
      InNode:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: dist/orders/index.v2.handler
          CodeUri: s3://artifacts/orders.zip
      InJava:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: com.example.Orders
          CodeUri: s3://artifacts/orders.zip
      InDotnet:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: dotnet8
          Handler: Orders.Executable
          CodeUri: s3://artifacts/orders.zip
      InRuby:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: ruby3.4
          Handler: app.Orders::Intake.process
          CodeUri: s3://artifacts/orders.zip
      Custom:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: provided.al2023
          Handler: bootstrap
          CodeUri: s3://artifacts/orders.zip
      FromParameter:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: !Ref Entry
          CodeUri: s3://artifacts/orders.zip
    ```

    A wrapper:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Web:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: run.sh
          CodeUri: s3://artifacts/web.zip
          Environment:
            Variables:
              AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    """
    setting = function.handler_setting
    runtimes = list(options(function.runtime.value)) if function.runtime is not None else []
    if setting is None or function.package_type != "Zip" or function.has_wrapper:
        return
    if len(function.languages) != 1 or not all(isinstance(item, Literal) for item in runtimes):
        return
    language = next(iter(function.languages))
    for option in options(setting.value):
        if not isinstance(option, Literal) or not isinstance(option.value, str):
            continue
        fault = handler_fault(language, option.value)
        if fault is None:
            continue
        shown = " ".join(option.value.split())
        near = function.resolution.near if function.resolution.status == "malformed" else ()
        places = [related(item.span, f"`{item.handler.rpartition('.')[2]}` is here") for item in near if item.handler]
        wrong = f"{function.display} can't start: its handler `{shown}` {fault.reason}"
        yield finding(
            option, wrong + _instead(function, language, fault), related=places, fix=_fix(function, option, fault)
        )


def _fix(function: Function, option: Literal, fault: Fault) -> Fix | None:
    """What the code offers, if that is one callable; where the code can't be seen, what is written without its fault.

    The latter keeps all names, and takes away or exchanges what stands between them.
    """
    old = str(option.value)
    found = function.resolution
    near = [item.handler for item in found.near if item.handler] if found.status == "malformed" else []
    is_seen = found.status == "malformed" and function.code.kind in ("folder", "inline")
    if len(near) == 1:
        new, is_safe = near[0], set(_words(near[0])) <= set(_words(old))
    elif not is_seen and _words(fault.instead) == _words(old):
        new, is_safe = fault.instead, False
    else:
        return None
    edit = rewritten_property(function, "Handler", option, new)
    return Fix(f"Name `{new}`", (edit,), safe=is_safe) if edit is not None else None


def _words(handler: str) -> list[str]:
    return re.findall(r"\w+", handler)


def _instead(function: Function, language: str, fault: Fault) -> str:
    found = function.resolution
    if found.status == "malformed" and found.question:
        return found.question
    if fault.instead:
        return did_you_mean(fault.instead)
    return f", as in `{EXAMPLES[language]}`" if language in EXAMPLES else ""
