"""LL210."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.environment import NEWLY_RESERVED, RESERVED
from lambdalint.finding import Finding, finding
from lambdalint.project.model import Project
from lambdalint.project.variables import overwritten_reserved
from lambdalint.rule import ERROR, LIKELY, REGULAR, WARNING, rule


@rule("LL210", severity=ERROR, level=REGULAR)
def reserved_env_var(project: Project) -> Iterator[Finding]:
    """Environment variable with a name that Lambda keeps for itself.

    ## Why
    Lambda refuses a configuration that sets `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `_HANDLER` or another of its own
    variables: the deployment fails. Code may assign them, but should not (a warning): the runtime and every SDK client
    made later in the same environment see the new value. Own credentials in `AWS_ACCESS_KEY_ID` replace the role's for
    all of them, and a literal in `AWS_REGION` ties the function to one Region.

    ## Fix
    In a template, leave the variable out where Lambda sets the same, else give it a name of your own. In code, hand the
    value to the client that needs it: `boto3.client("s3", region_name=…)`, `boto3.Session(aws_access_key_id=…)`.

    ## When this is wrong
    In a template never, for the 18 names that Lambda has refused for years; for the three that the developer guide
    added in 2026 the confidence is lower. In code, only assignments that certainly run are reported: not those
    below a condition, as for local tests, nor `_X_AMZN_TRACE_ID`, which custom runtimes and tracers have to set,
    nor one Region variable set to the other.

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
          Environment:
            Variables:
              AWS_REGION: !Ref AWS::Region
    ```

    Assigned in code:
    ```python
    import os
    import boto3

    os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"

    def handler(event, context):
        return boto3.client("s3").list_buckets()
    ```

    In JavaScript:
    ```javascript
    process.env.AWS_REGION = "eu-central-1";

    exports.handler = async (event) => event;
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
          CodeUri: .
          Environment:
            Variables:
              BUCKET_REGION: !Ref AWS::Region
              AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper
    ```
    ```python
    import os

    os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]
    os.environ["TZ"] = "Europe/Berlin"

    def handler(event, context):
        return os.environ["BUCKET_REGION"]

    if __name__ == "__main__":
        os.environ["AWS_REGION"] = "eu-central-1"
        handler({}, None)
    ```

    The same in JavaScript:
    ```javascript
    process.env.AWS_REGION = process.env.AWS_REGION || "eu-central-1";
    process.env.AWS_NODEJS_CONNECTION_REUSE_ENABLED = "1";
    process.env.TZ = "Europe/Berlin";

    exports.handler = async (event) => process.env.BUCKET_REGION;

    if (require.main === module) {
      process.env.AWS_REGION = "eu-central-1";
    }
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    for function in project.functions:
        if function.is_cdk_own:
            continue
        for variable in function.environment.values():
            if variable.name in RESERVED or variable.name in NEWLY_RESERVED:
                yield finding(
                    variable,
                    f"{function.display} sets {variable.name}, a name that Lambda keeps for itself, so that the "
                    "deployment fails: leave it out or take another name",
                    function=function.name,
                    resource=function.name,
                    confidence=None if variable.name in RESERVED else LIKELY,
                )
    for handler in project.handlers:
        for name, span in overwritten_reserved(handler):
            yield finding(
                span,
                f"{handler.display} assigns {name}, which Lambda sets; the runtime and every SDK client made later use "
                "the new value: hand it to the client that needs it",
                function=handler.functions[0].name if handler.functions else handler.name,
                severity=WARNING,
                confidence=LIKELY,
            )
