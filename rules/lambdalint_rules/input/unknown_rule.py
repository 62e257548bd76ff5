"""LL003."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.model import Suppression
from lambdalint.rule import REGULAR, WARNING, rule


@rule("LL003", severity=WARNING, level=REGULAR)
def unknown_rule(suppression: Suppression) -> Iterator[Finding]:
    """Comment or entry of metadata that names a rule which does not exist.

    ## Why
    A code with a slip of the finger suppresses nothing, while its author believes that it does.

    ## Fix
    Write the code or the name of the rule as `lambdalint rules` lists it.

    ## When this is wrong
    Where the rule belongs to a rule pack that this run does not load, or to a newer version. A `noqa` comment may
    list the codes of other tools; only codes that begin with `LL` are looked at there. Unknown names in settings are
    warnings or errors with file and line, and no findings.

    ## Bad
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[LL999] a test account
    ```

    ## Good
    ```python
    def handler(event, context):
        return "arn:aws:sns:eu-west-1:123456789012:orders"  # lambdalint: ignore[hardcoded-arn] a test account
    ```

    For another tool:
    ```python
    def handler(event, context):
        return "done"  # noqa: E501
    ```

    ## Source
    https://docs.astral.sh/ruff/linter/#error-suppression
    """
    for name in suppression.unknown:
        yield finding(suppression, f"there is no rule `{name}`, so that this ignore does nothing for it")
