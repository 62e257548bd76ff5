"""LL408."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.concurrency import Provisioned, provisioned, scaled
from lambdalint.project.model import Project
from lambdalint.project.snapstart import usual
from lambdalint.project.versions import LATEST
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, rule
from lambdalint.values import number


@rule("LL408", severity=ERROR, level=REGULAR, needs=("ProvisionedConcurren",))
def provisioned_concurrency_on_latest(project: Project) -> Iterator[Finding]:
    """Provisioned concurrency without a version, or over the reserved concurrency.

    ## Why
    Lambda keeps environments ready for a published version or an alias, never for `$LATEST`, and no more of them than
    the function's reserved concurrency lets run. It refuses anything else, and the deployment is rolled back.

    ## Fix
    With SAM, add `AutoPublishAlias`. Otherwise publish a version, let the alias point to it, and name the alias in the
    scalable target (`function:orders:live`). Reserve at least as much as all versions and aliases are provisioned with.

    ## When this is wrong
    Where a condition or parameter decides, the rule is silent unless every possibility is wrong; defaults of parameters
    count, with less confidence. What has a condition of its own isn't added up.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          ProvisionedConcurrencyConfig:
            ProvisionedConcurrentExecutions: 5
    ```

    More than is reserved

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          AutoPublishAlias: live
          ReservedConcurrentExecutions: 10
          ProvisionedConcurrencyConfig:
            ProvisionedConcurrentExecutions: 20
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Ready:
        Type: Number
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          AutoPublishAlias: live
          ReservedConcurrentExecutions: 10
          ProvisionedConcurrencyConfig:
            ProvisionedConcurrentExecutions: 10
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/receipts.zip
          AutoPublishAlias: live
          ReservedConcurrentExecutions: 10
          ProvisionedConcurrencyConfig:
            ProvisionedConcurrentExecutions: !Ref Ready
    ```

    Where a condition decides:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Stage:
        Type: String
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          AutoPublishAlias: !If [IsProduction, live, !Ref AWS::NoValue]
          ReservedConcurrentExecutions: !If [IsProduction, 50, 1]
          ProvisionedConcurrencyConfig: !If
            - IsProduction
            - ProvisionedConcurrentExecutions: 5
            - !Ref AWS::NoValue
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
    """
    everything = list(provisioned(project))
    for item in everything:
        if item.is_latest:
            add = "add `AutoPublishAlias: live`" if item.is_sam else "publish a version, and let the alias point to it"
            yield finding(
                item.span,
                f"{item.display} has provisioned concurrency on {LATEST}, which Lambda refuses, so that the deployment "
                f"fails: {add}",
                function=item.function.name if item.function is not None else "",
                resource=item.resource.logical_id,
            )
    for target in scaled(project):
        yield finding(
            target.span,
            f"{target.display} scales the provisioned concurrency of {target.what}, and {LATEST} can't have any: name "
            "an alias, `function:NAME:ALIAS`",
            function=target.function.name if target.function is not None else "",
            resource=target.resource.logical_id,
        )
    yield from _over_reserved(project, everything)


def _over_reserved(project: Project, everything: list[Provisioned]) -> Iterator[Finding]:
    for function in project.functions:
        reserved = usual(function, "ReservedConcurrentExecutions")
        limits = [number(choice.literal) for choice in reserved]
        if not limits or any(limit is None for limit in limits):
            continue
        limit = max(item for item in limits if item is not None)
        own = [item for item in everything if item.function is function and item.least is not None]
        certain = [item for item in own if not item.resource.condition or item.resource is function.resource]
        worst = max(own, key=_least, default=None)
        total = sum(_least(item) for item in certain)
        if worst is None or max(total, _least(worst)) <= limit:
            continue
        is_one = _least(worst) > limit
        given = f"{_least(worst):.10g}" if is_one else f"{total:.10g} in all its versions and aliases"
        yield finding(
            worst.span,
            f"{function.display} is provisioned with {given}, but reserves {limit:.10g}, which Lambda refuses, so that "
            "the deployment fails: reserve at least as much, or provision less",
            related=[related(reserved[0], "reserved here")],
            function=function.name,
            resource=worst.resource.logical_id,
            confidence=LIKELY if worst.is_default or any(choice.parameter for choice in reserved) else CERTAIN,
        )


def _least(item: Provisioned) -> float:
    return item.least or 0
