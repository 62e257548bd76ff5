"""LL311."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import DEFAULT_CONCURRENCY, UNRESERVED
from lambdalint.finding import Finding, finding, related
from lambdalint.project.concurrency import Reserved, reserved
from lambdalint.project.model import Project
from lambdalint.rule import CERTAIN, LIKELY, REGULAR, WARNING, rule

_POOL = DEFAULT_CONCURRENCY - UNRESERVED
_SHOWN = 5


@rule("LL311", severity=WARNING, level=REGULAR, needs=("ReservedConcurrentExecutions",))
def reserved_concurrency_exceeds_pool(project: Project) -> Iterator[Finding]:
    """Functions of a template that reserve more concurrency than an account has to give.

    ## Why
    Reserved concurrency is taken from the account's, 1,000 in a Region by default, of which 100 must stay unreserved.
    Lambda refuses what exceeds the rest, and the deployment is rolled back. What other stacks reserve comes on top.

    ## Fix
    Reserve less, or ask AWS for a higher quota before the deployment. A limit on how fast a queue feeds a function
    (`MaximumConcurrency`) takes nothing from the account.

    ## When this is wrong
    Where AWS has raised the quota of every account and Region that the template is deployed to. Only numbers count, of
    those that a condition chooses between the least; parameters don't. Functions that a condition brings are added only
    to those of the same condition, and to those that are always there.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/orders.zip
          ReservedConcurrentExecutions: 500
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/receipts.zip
          ReservedConcurrentExecutions: 450
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/orders.zip
          ReservedConcurrentExecutions: 500
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/receipts.zip
          ReservedConcurrentExecutions: 400
    ```

    Conditions and parameters:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Stage:
        Type: String
      Reserved:
        Type: Number
        Default: 800
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
      IsTest: !Not [!Condition IsProduction]
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Condition: IsProduction
        Properties:
          CodeUri: s3://artifacts/orders.zip
          ReservedConcurrentExecutions: 600
      TestOrders:
        Type: AWS::Serverless::Function
        Condition: IsTest
        Properties:
          CodeUri: s3://artifacts/orders.zip
          ReservedConcurrentExecutions: 600
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/receipts.zip
          ReservedConcurrentExecutions: !Ref Reserved
      Mails:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/mails.zip
          ReservedConcurrentExecutions: !If [IsProduction, 500, 5]
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    for template in project.templates:
        given = reserved(project, template)
        always = [item for item in given if not item.function.resource.condition]
        groups = {item.function.resource.condition: always for item in given}
        for condition in groups:
            if condition:
                groups[condition] = [
                    *always,
                    *(item for item in given if item.function.resource.condition == condition),
                ]
        worst = max(groups.values(), key=_total, default=[])
        if _total(always) > _POOL:
            worst = always
        if _total(worst) > _POOL:
            yield _finding(worst, CERTAIN if worst is always else LIKELY)


def _total(items: list[Reserved]) -> float:
    return sum(item.least for item in items)


def _finding(items: list[Reserved], confidence: object) -> Finding:
    ordered = sorted(items, key=lambda item: -item.least)
    first, others = ordered[0], ordered[1:]
    total = f"{_total(items):,.10g}"
    who = (
        f"{first.function.display} reserves a concurrency of {total}"
        if not others
        else f"{first.function.display} and {len(others)} more reserve a concurrency of {total} together"
    )
    return finding(
        first,
        f"{who}, but an account has {DEFAULT_CONCURRENCY:,} by default, of which {UNRESERVED} must stay unreserved, so "
        f"that the deployment fails: reserve {_POOL} at most, or have the quota raised first",
        related=[related(item, f"{item.function.display} reserves {item.least:.10g}") for item in others[:_SHOWN]],
        function=first.function.name,
        resource=first.function.name,
        confidence=CERTAIN if confidence is CERTAIN else LIKELY,
    )
