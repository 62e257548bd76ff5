"""LL213."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.mentions import global_variables, only_read_by
from lambdalint.project.model import Function
from lambdalint.rule import AUDITOR, INFO, rule


@rule("LL213", severity=INFO, level=AUDITOR)
def too_much_in_globals(function: Function) -> Iterator[Finding]:
    """Variable that `Globals` set for all functions and that only one of them reads.

    ## Why
    `Globals` give every function the variable: each change of it changes all of them, and all know what only one
    needs. Where it refers to a resource, all functions depend on that resource.

    ## Fix
    Set the variable under `Environment` of the one function that reads it.

    ## When this is wrong
    Where other functions are about to read it. The rule is silent where what one of the functions ships isn't known:
    layers from elsewhere, images, archives, code that asks for all variables.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Environment:
          Variables:
            TABLE: orders
    Resources:
      Read:
        Type: AWS::Serverless::Function
        Properties:
          Handler: read.handler
          CodeUri: read/
      Ping:
        Type: AWS::Serverless::Function
        Properties:
          Handler: ping.handler
          CodeUri: ping/
    ```
    ```python read/read.py
    import os

    def handler(event, context):
        return os.environ["TABLE"]
    ```
    ```python ping/ping.py
    def handler(event, context):
        return "pong"
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Environment:
          Variables:
            STAGE: test
    Resources:
      Read:
        Type: AWS::Serverless::Function
        Properties:
          Handler: read.handler
          CodeUri: read/
          Environment:
            Variables:
              TABLE: orders
      Ping:
        Type: AWS::Serverless::Function
        Properties:
          Handler: ping.handler
          CodeUri: ping/
    ```
    ```python read/read.py
    import os

    def handler(event, context):
        return os.environ["TABLE"], os.environ["STAGE"]
    ```
    ```python ping/ping.py
    import os

    def handler(event, context):
        return os.environ["STAGE"]
    ```

    One of the functions has a layer whose content isn't known:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Environment:
          Variables:
            TABLE: orders
    Resources:
      Read:
        Type: AWS::Serverless::Function
        Properties:
          Handler: read.handler
          CodeUri: read/
      Ping:
        Type: AWS::Serverless::Function
        Properties:
          Handler: ping.handler
          CodeUri: ping/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:shared:1"]
    ```
    ```python read/read.py
    import os

    def handler(event, context):
        return os.environ["TABLE"]
    ```
    ```python ping/ping.py
    from shared import pong

    def handler(event, context):
        return pong()
    ```

    ## Source
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    for variable in global_variables(function):
        sharing = only_read_by(function, variable)
        if sharing:
            yield finding(
                variable,
                f"`{variable.name}` is set for {len(sharing)} functions, but only {function.display} reads it: "
                "set it there",
                related=[related(function, "the function that reads it")],
            )
