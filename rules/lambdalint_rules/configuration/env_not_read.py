"""LL209."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.mentions import unread
from lambdalint.project.model import Function
from lambdalint.rule import INFO, PEDANTIC, rule


@rule("LL209", severity=INFO, level=PEDANTIC)
def env_not_read(function: Function) -> Iterator[Finding]:
    """Environment variable that the code never mentions.

    ## Why
    What nothing reads misleads whoever changes the template next, counts towards the 4 KB of the environment, and at
    times is the other half of a mistake: the code reads another name. A secret that nobody needs should not be there.

    ## Fix
    Take the variable away, or read it where its value is now written into the code.

    ## When this is wrong
    Where a library, an extension or another process reads the variable by a name that stands nowhere in the code.
    The rule is silent for the names of runtimes and well known libraries and agents (`POWERTOOLS_…`, `DD_…`,
    `OTEL_…`, `LOG_LEVEL`), for names that tell a version or a deployment, where the code asks for all variables or
    for a prefix, where a layer's content isn't known, for images and archives, and where the code folder is too
    large to look through. A name counts as mentioned in any file but documentation and templates, in any case and
    with any separators, so that settings classes count. What `Globals` set is reported only if no function mentions
    it.

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
          Environment:
            Variables:
              TABLE: orders
    ```
    ```python src/app.py
    def handler(event, context):
        return "Hello"
    ```

    From `Globals`, for no function:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: nodejs22.x
        Environment:
          Variables:
            QUEUE_URL: https://example.com/queue
    Resources:
      One:
        Type: AWS::Serverless::Function
        Properties:
          Handler: one.handler
          CodeUri: src/
      Two:
        Type: AWS::Serverless::Function
        Properties:
          Handler: two.handler
          CodeUri: src/
    ```
    ```javascript src/one.js
    exports.handler = async () => process.env.ORDERS_QUEUE;
    ```
    ```javascript src/two.js
    exports.handler = async () => "two";
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        CodeUri: src/
        Environment:
          Variables:
            STAGE: test
            LOG_LEVEL: INFO
            APP_VERSION: 1.4.0
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Environment:
            Variables:
              TABLE_NAME: orders
      Other:
        Type: AWS::Serverless::Function
        Properties:
          Handler: other.handler
    ```
    ```python src/app.py
    from pydantic_settings import BaseSettings

    class Settings(BaseSettings):
        table_name: str

    def handler(event, context):
        return Settings().table_name
    ```
    ```python src/other.py
    import os

    def handler(event, context):
        return os.environ["STAGE"]
    ```
    ```text src/requirements.txt
    pydantic-settings==2.12.0
    ```

    Code that asks for all variables, a layer whose content isn't known, an image:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      All:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: all/
          Environment:
            Variables:
              TABLE: orders
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: layered/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:telemetry:1"]
          Environment:
            Variables:
              TELEMETRY_BUCKET: logs
      Image:
        Type: AWS::Serverless::Function
        Metadata:
          Dockerfile: Dockerfile
          DockerContext: .
        Properties:
          PackageType: Image
          Environment:
            Variables:
              TABLE: orders
    ```
    ```python all/app.py
    import os

    def handler(event, context):
        return {name.lower(): value for name, value in os.environ.items()}
    ```
    ```python layered/app.py
    def handler(event, context):
        return "Hello"
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    for item in unread(function):
        others = [other for other in item.functions if other is not function]
        who = f"neither {function.display} nor another function reads it" if others else "its code never mentions it"
        yield finding(
            item.variable,
            f"{function.display} gets the variable `{item.variable.name}`, but {who}: take it away, or read it",
            related=[related(function.handler, "the handler is here")] if function.handler is not None else [],
        )
