"""LL002."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding
from lambdalint.project.model import Suppression
from lambdalint.rule import REGULAR, SAFE, WARNING, rule


@rule("LL002", severity=WARNING, level=REGULAR, fix=SAFE)
def unused_suppression(suppression: Suppression) -> Iterator[Finding]:
    """Comment or entry of metadata that suppresses nothing.

    ## Why
    An ignore comment that no longer suppresses anything says that something is wrong where nothing is. It hides the
    next finding of its rule, which nobody has looked at, and makes readers wonder.

    ## Fix
    Take it away; `--fix` does so. Where it lists several rules, take away those that it names for nothing.

    ## When this is wrong
    Where the comment is meant for a version of lambdalint that finds more, or for code that is put in later. A comment
    for a rule that is not asked in this run is checked all the same; one for rules that don't exist is LL003.

    ## Bad
    ```python
    def handler(event, context):
        return "done"  # lambdalint: ignore[LL201] this account is the only one
    ```

    One of two names, and metadata:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Metadata:
          lambdalint:
            ignore: [LL501]
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL201, LL206] a test account
    ```

    ## Good
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL201] a test account
    ```

    A rule of another pack or version, and a comment that silences this rule:
    ```python
    def handler(event, context):
        return "done"  # lambdalint: ignore[LL201, LL002] kept for the next release
    ```

    ## Source
    https://docs.astral.sh/ruff/rules/unused-noqa/
    """
    if suppression.is_unused:
        names = f" of {', '.join(suppression.names)}" if suppression.names else ""
        yield finding(
            suppression,
            f"this ignore{names} suppresses nothing: take it away",
            fix=Fix("Take the comment away", suppression.removal, safe=True) if suppression.removal else None,
        )
    elif suppression.unused:
        listed = ", ".join(f"`{name}`" for name in suppression.unused)
        yield finding(suppression, f"this ignore suppresses nothing of {listed}: take that away")
