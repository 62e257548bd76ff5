"""LL004."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.model import Suppression
from lambdalint.rule import INFO, PEDANTIC, rule


@rule("LL004", severity=INFO, level=PEDANTIC)
def suppression_without_reason(suppression: Suppression) -> Iterator[Finding]:
    """Comment or entry of metadata that suppresses something and doesn't say why.

    ## Why
    A year later nobody knows whether the finding was wrong, accepted for now, or silenced in a hurry.

    ## Fix
    Write the reason behind the brackets: `# lambdalint: ignore[LL201] the account never changes`. In metadata, make
    the entry a map from rule to reason.

    ## When this is wrong
    Where the reason stands in another comment beside it, which is not looked at.

    ## Bad
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL201]
    ```

    ## Good
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL201] the account never changes
    ```

    In metadata:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Metadata:
          lambdalint:
            ignore:
              LL501: the sixth layer is merged next week
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```

    ## Source
    https://docs.astral.sh/ruff/linter/#error-suppression
    """
    if not suppression.reason and not suppression.is_unused:
        yield finding(suppression, "this ignore gives no reason: write it behind the brackets")
