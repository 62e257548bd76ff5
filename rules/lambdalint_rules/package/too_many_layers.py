"""LL501."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import MAX_LAYERS
from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL501", severity=ERROR, level=REGULAR, needs=("Layer",))
def too_many_layers(function: Function) -> Iterator[Finding]:
    """Function with more than five layers.

    ## Why
    Lambda refuses to create or update a function that has more than five layers. Layers that SAM's `Globals` list are
    added to the function's own, so that the limit is easily passed without being seen in either place.

    ## Fix
    Merge layers that always travel together, or move libraries that one function needs alone into its package.

    ## When this is wrong
    Never: the quota can't be raised. Layers that only some condition adds are not counted.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Layers: [!Ref Common, !Ref Logging]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Layers: [!Ref Pandas, !Ref Drivers, !Ref Fonts, !Ref Tracing]
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
          Layers: [!Ref Common, !Ref Logging, !Ref Pandas, !Ref Drivers, !Ref Tracing]
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    if len(function.layers) > MAX_LAYERS:
        yield finding(
            function.layers[MAX_LAYERS],
            f"{function.display} has {len(function.layers)} layers; Lambda allows {MAX_LAYERS}: merge some",
        )
