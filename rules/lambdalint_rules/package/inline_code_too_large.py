"""LL503."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import MAX_TEMPLATE
from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.project.package import inline_size
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL503", severity=ERROR, level=REGULAR)
def inline_code_too_large(function: Function) -> Iterator[Finding]:
    """Inline code that no template can hold.

    ## Why
    CloudFormation takes templates of up to 1 MB. Code given inline counts, so a template with more code than that can't
    be deployed. The limit of 4,096 characters that older texts and tools name is gone.

    ## Fix
    Put the code into a file, and name its folder in `CodeUri` or `Code`.

    ## When this is wrong
    Never: the quota can't be raised. Shorter code is not reported, although a file of its own serves most code better.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          InlineCode: |
            def handler(event, context):
                return PRICES[event["id"]]
            # (1,100,000 more bytes)
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          InlineCode: |
            def handler(event, context):
                return PRICES[event["id"]]
            # (30,000 more bytes)
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    size = inline_size(function)
    if size is not None and size > MAX_TEMPLATE:
        yield finding(
            function.code,
            f"{function.display} has {size / 1_048_576:.1f} MB of inline code, but a template may have 1 MB: "
            "put the code into a file and name its folder in CodeUri or Code",
        )
