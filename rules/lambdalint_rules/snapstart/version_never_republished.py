"""LL409."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Project
from lambdalint.project.versions import VERSION, published_once
from lambdalint.rule import LIKELY, PEDANTIC, WARNING, rule


@rule("LL409", severity=WARNING, level=PEDANTIC, confidence=LIKELY, needs=("AWS::Lambda::Version",))
def version_never_republished(project: Project) -> Iterator[Finding]:
    """Version resource that publishes a function only once.

    ## Why
    CloudFormation publishes a version when it makes an `AWS::Lambda::Version`, and makes another only when it replaces
    the resource: when its logical id or one of its properties is another one. A change of the function's code is none
    of that. The first deployment publishes version 1, and aliases, SnapStart, provisioned concurrency and CloudFront
    go on with that code for ever, while `$LATEST` has the new one.

    ## Fix
    With SAM, let `AutoPublishAlias` publish. With CDK, use `currentVersion`. Otherwise put something that changes with
    the code into the logical id or `Description`: a hash, a build number from a parameter.

    ## When this is wrong
    Where a script writes another logical id at each release. Ids that end in a number or hold a hash, descriptions with
    a number or a parameter, `CodeSha256`, scripts that publish versions, macros and CDK apps are left out.

    ## Bad
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: orders.zip}
          Role: arn:aws:iam::123456789012:role/orders
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
      OrdersLive:
        Type: AWS::Lambda::Alias
        Properties:
          FunctionName: !Ref Orders
          FunctionVersion: !GetAtt OrdersVersion.Version
          Name: live
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
          AutoPublishAlias: live
    ```

    Ids and descriptions that change, and a hash of the code:
    ```yaml
    Parameters:
      Build:
        Type: String
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: !Sub "orders-${Build}.zip"}
          Role: arn:aws:iam::123456789012:role/orders
      OrdersVersion20261122:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
          Description: !Sub Build ${Build}
      OrdersRelease:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
          Description: Release 2.4
      OrdersPinned:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
          CodeSha256: 6u6WgBlMdlBxEGGgzBTVYtOuWTGlJDfsIKUMsWmWSyM=
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-version.html
    """
    for template in project.templates:
        for resource in template.of_type(VERSION):
            function = published_once(resource, project)
            if function is None:
                continue
            write = "use AutoPublishAlias instead" if function.is_sam else "put a hash or build number into either"
            yield finding(
                resource,
                f"{resource.display} publishes {function.display} at the first deployment only, as neither its logical "
                f"id nor a property ever changes, so that new code never gets a version: {write}",
                related=[related(function, "the function")],
                function=function.name,
            )
