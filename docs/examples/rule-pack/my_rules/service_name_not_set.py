"""MY101."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.rule import PEDANTIC, WARNING, RuleContext, rule


@rule("MY101", severity=WARNING, level=PEDANTIC, options={"variable": "POWERTOOLS_SERVICE_NAME"})
def service_name_not_set(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Function that does not say which service it belongs to.

    ## Why
    Our dashboards group logs, metrics and traces by service. What names none ends up under `service_undefined`.

    ## Fix
    Set the variable under `Environment`; for all functions of a SAM template in `Globals`.

    ## When this is wrong
    Where the code names its service itself, as in `Logger(service="orders")`. The rule is silent where the template's
    variables can't be known.

    ## Options
    `variable`: the name of the variable.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Environment:
          Variables:
            POWERTOOLS_SERVICE_NAME: orders
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```

    Variables that can't be known:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Environment:
            Variables:
              Fn::Transform: {Name: OurVariables}
    ```

    ## Source
    https://docs.powertools.aws.dev/lambda/python/latest/
    """
    name = str(context.options["variable"])
    if function.environment_is_known and name not in function.environment:
        yield finding(
            function,
            f"{function.display} does not set `{name}`, so that its logs name no service: set it under `Environment`, "
            "best in `Globals`",
        )
