"""LL302."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lambdalint.aws.runtimes import IMAGE, is_newer, nearest, runtime
from lambdalint.finding import Finding, finding, related
from lambdalint.project.choices import choices, use
from lambdalint.project.model import Function
from lambdalint.regex import regex
from lambdalint.rule import REGULAR, WARNING, RuleContext, rule

_IDENTIFIER = regex(r"(?=.*[a-z]|[\d.]+\Z)[A-Za-z0-9._ -]+\Z")


@rule("LL302", severity=WARNING, level=REGULAR)
def unknown_runtime(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Runtime that Lambda doesn't have.

    ## Why
    Lambda refuses to create a function with a runtime identifier that it doesn't know. Mostly it is a slip: `nodejs22`
    for `nodejs22.x`, `python312` for `python3.12`. Identifiers such as `dotnet9` exist as base images only.

    ## Fix
    Write the identifier that the message names.

    ## When this is wrong
    AWS adds runtimes. An identifier of a known form with a version that is newer than every known one is never
    reported, nor is what a tool fills in before it deploys (`{{runtime}}`, `RUNTIME`). A runtime that AWS adds for an
    older version of a language is reported until lambdalint knows it.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
      Future:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.99
          Handler: app.handler
          CodeUri: s3://artifacts/future.zip
      FilledIn:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: RUNTIME
          Handler: app.handler
          CodeUri: s3://artifacts/filled.zip
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    """
    setting = function.runtime
    if setting is None or function.package_type == "Image":
        return
    for choice in choices(function.project.linker.join(setting.value)):
        value = choice.literal.value
        problem = _problem(value if isinstance(value, str) else str(value), context.today)
        if problem and value is not None and not isinstance(value, bool):
            used = use(choice, setting, function.resource)
            ends = [related(used, f"{function.display} uses it")] if used else ()
            yield finding(choice, f"{function.display} has the runtime {problem}", related=ends)


def _problem(name: str, today: date) -> str:
    known = runtime(name)
    if known is not None:
        if known.kind != IMAGE:
            return ""
        return f"{name}, which exists only as a base image: use {known.successor}, or PackageType: Image"
    if is_newer(name) or not (_IDENTIFIER.match(name) or runtime(name.lower())):
        return ""
    meant = runtime(nearest(name, today))
    if meant is None:
        return f'"{name}", which Lambda doesn\'t have'
    better = f", or better {meant.successor}" if meant.successor and meant.is_deprecated(today) else ""
    return f'"{name}", which Lambda doesn\'t have: use {meant.name}{better}'
