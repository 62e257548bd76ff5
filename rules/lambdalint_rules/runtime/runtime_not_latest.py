"""LL313."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.runtimes import MANAGED, is_older, newest, runtime
from lambdalint.finding import Finding, finding, related
from lambdalint.project.choices import ALLOWED, choices, use
from lambdalint.project.model import Function
from lambdalint.rule import AUDITOR, INFO, RuleContext, rule


@rule("LL313", severity=INFO, level=AUDITOR)
def runtime_not_latest(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Runtime that is not the newest of its language.

    ## Why
    The newest runtime gets patches for the longest time, and is often faster. Who moves on before a runtime's
    deprecation is announced can choose the time.

    ## Fix
    Move to the runtime that the message names, and test there.

    ## When this is wrong
    Where a library doesn't support the newest version yet; the rule is for reviews. Runtimes in preview don't count as
    newest. Of a runtime that is deprecated, or soon will be, `deprecated-runtime` tells more, and this rule nothing.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
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
          Runtime: python3.14
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.9
          Handler: app.handler
          CodeUri: s3://artifacts/receipts.zip
      Trial:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.15
          Handler: app.handler
          CodeUri: s3://artifacts/trial.zip
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    """
    setting = function.runtime
    if setting is None or function.package_type == "Image":
        return
    for choice in choices(function.project.linker.join(setting.value)):
        item = runtime(str(choice.literal.value))
        if choice.how == ALLOWED or item is None or item.kind != MANAGED or item.is_ending(context.today):
            continue
        best = newest(item.family, context.today)
        if best is None or not is_older(item, best):
            continue
        used = use(choice, setting, function.resource)
        until = f", with patches until {best.deprecated}" if best.deprecated is not None else ""
        yield finding(
            choice,
            f"{function.display} runs on {item.name}, and the newest runtime of its kind is {best.name}{until}: "
            "move on when it suits you",
            related=[related(used, f"{function.display} uses it")] if used is not None else (),
        )
