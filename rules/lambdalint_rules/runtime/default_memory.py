"""LL305."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import DEFAULT_MEMORY
from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.project.paths import is_fragment
from lambdalint.rule import INFO, PEDANTIC, rule


@rule("LL305", severity=INFO, level=PEDANTIC)
def default_memory(function: Function) -> Iterator[Finding]:
    """Function without `MemorySize`.

    ## Why
    Without `MemorySize`, a function has 128 MB, and with that the smallest share of a processor: Lambda gives processor
    time in proportion to memory, a whole one at 1,769 MB. Functions that load an SDK or parse much run several times
    longer then, start slowly, and often cost more than they would with more memory.

    ## Fix
    Set `MemorySize`; for all functions of a SAM template in `Globals`. AWS Lambda Power Tuning measures which size is
    the cheapest, and which the fastest.

    ## When this is wrong
    Where 128 MB are what you want: write that down. Functions on Lambda Managed Instances have another default, and are
    not judged; a condition or a macro that may set `MemorySize` counts.

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
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Stage:
        Type: String
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          MemorySize: 128
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/report.zip
          MemorySize: !If [IsProduction, 1024, !Ref AWS::NoValue]
      Training:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/training.zip
          CapacityProviderConfig:
            Arn: !GetAtt Provider.Arn
    ```

    `Globals` count:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        MemorySize: 512
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
    """
    if function.memory is not None or function.get("CapacityProviderConfig") is not None:
        return
    if function.is_whole and not is_fragment(function.template):
        yield finding(
            function,
            f"{function.display} has no MemorySize, so that it gets {DEFAULT_MEMORY} MB and the least processor time: "
            "set MemorySize to what it needs",
        )
