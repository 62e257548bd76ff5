"""LL211."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.environment import MAX_ENVIRONMENT_BYTES
from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Function
from lambdalint.project.variables import known_bytes
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL211", severity=ERROR, level=REGULAR)
def env_too_large(function: Function) -> Iterator[Finding]:
    """Environment variables of more than 4 KB in all.

    ## Why
    Lambda refuses a configuration whose environment variables, names and values together, take more than 4,096 bytes.
    Bytes count, not characters, and SAM's `Globals` add to each function's own.

    ## Fix
    Move long values (certificates, JSON documents, lists) into a file of the package, Parameter Store, AppConfig or S3,
    and pass the name. Take variables that few functions read out of `Globals`.

    ## When this is wrong
    Never: the quota can't be raised. Only what is written in the template is counted, so that the real size is larger.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Mappings:
      Orders:
        Rules:
          Text: >-
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
            deny country=aa; deny country=bb; deny country=cc; allow channel=web; allow channel=shop;
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Environment:
            Variables:
              RULES_EUROPE: !FindInMap [Orders, Rules, Text]
              RULES_AMERICA: !FindInMap [Orders, Rules, Text]
              RULES_ASIA: !FindInMap [Orders, Rules, Text]
              RULES_AFRICA: !FindInMap [Orders, Rules, Text]
              RULES_OCEANIA: !FindInMap [Orders, Rules, Text]
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Environment:
            Variables:
              RULES_PARAMETER: /orders/rules
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    sizes = {name: len(name.encode()) + known_bytes(variable.value) for name, variable in function.environment.items()}
    total = sum(sizes.values())
    if total <= MAX_ENVIRONMENT_BYTES:
        return
    setting = function.get("Environment", "Variables") or function.get("Environment")
    largest = function.environment[max(sizes, key=lambda name: sizes[name])]
    yield finding(
        setting.key_span if setting is not None else function.span,
        f"{function.display} has environment variables of at least {total:,} bytes; Lambda allows "
        f"{MAX_ENVIRONMENT_BYTES:,} for names and values together: move long values out",
        related=[related(largest, f"{sizes[largest.name]:,} bytes")],
    )
