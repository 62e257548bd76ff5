"""LL115."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.model import Function
from lambdalint.project.paths import is_fragment
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL115", severity=ERROR, level=REGULAR)
def zip_without_handler_or_runtime(function: Function) -> Iterator[Finding]:
    """Function from a zip archive without handler or runtime.

    ## Why
    A function is a zip archive unless `PackageType` says `Image`, and Lambda refuses to create one without
    `Handler` and `Runtime`. In SAM both may come from `Globals`; the transform fails where neither place has them.

    ## Fix
    Set both, on the function or in SAM's `Globals`. If the function is a container image, say `PackageType: Image`.

    ## When this is wrong
    Never where the rule speaks. It is silent where a condition, a macro, `Fn::Transform` or an including template may
    add the property, and where the function has the marks of a container image (`ImageUri`, `ImageConfig`,
    `Dockerfile`).

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.lambda_handler
          CodeUri: s3://artifacts/orders.zip
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.lambda_handler
          CodeUri: s3://artifacts/orders.zip
    ```

    Images, and what a condition decides:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Conditions:
      AsImage: !Equals [!Ref AWS::Region, eu-west-1]
    Resources:
      Reports:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:3
      Either:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: !If [AsImage, Image, Zip]
          Runtime: !If [AsImage, !Ref AWS::NoValue, python3.13]
          Handler: !If [AsImage, !Ref AWS::NoValue, app.lambda_handler]
          CodeUri: s3://artifacts/orders.zip
    ```

    A macro that may add them:
    ```yaml
    Transform: [AWS::Serverless-2016-10-31, FunctionDefaults]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: s3://artifacts/orders.zip
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
    """
    if function.package_type != "Zip" or function.code.kind == "image":
        return
    if not function.is_whole or is_fragment(function.template):
        return
    missing = [name for name in ("Runtime", "Handler") if function.get(name) is None]
    if missing:
        names = " and no ".join(f"`{name}`" for name in missing)
        yield finding(
            function,
            f"{function.display} has no {names}, which a function from a zip archive needs: "
            f"add {'them' if missing[1:] else 'it'}, or set `PackageType: Image`",
        )
