"""LL403."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Edit, Finding, Fix, finding, related
from lambdalint.project.model import Function
from lambdalint.project.snapstart import SnapStart, least, may_be_restored, snapstart
from lambdalint.project.versions import NO, YES, published
from lambdalint.rule import LIKELY, REGULAR, UNSAFE, WARNING, rule
from lambdalint.source import Span


@rule("LL403", severity=WARNING, level=REGULAR, confidence=LIKELY, fix=UNSAFE, needs=("SnapStart",))
def snapstart_without_version(function: Function) -> Iterator[Finding]:
    """SnapStart without a published version.

    ## Why
    Lambda makes the snapshot when a version is published, and `$LATEST` never has one. Where no version is published,
    SnapStart is switched on and does nothing: every start stays as slow as before.

    ## Fix
    With SAM, add `AutoPublishAlias`: SAM publishes a version on each deployment, and points the alias and the
    function's events to it. Otherwise add an `AWS::Lambda::Version` and an `AWS::Lambda::Alias`, and let triggers use
    the alias.

    ## When this is wrong
    Where versions are published by other means: the rule is silent if a script beside the template or above it
    publishes versions, if a nested stack or custom resource is given the function, if a macro or include may add
    resources, or if a version or alias in the project may be the function's. A pipeline outside of the repository
    can't be seen.

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
          SnapStart:
            ApplyOn: PublishedVersions
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
          SnapStart:
            ApplyOn: PublishedVersions
    ```

    A version in the template:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: orders.zip}
          Role: !GetAtt Role.Arn
          SnapStart: {ApplyOn: PublishedVersions}
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
    ```

    A script that publishes:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```bash deploy.sh
    sam deploy
    aws lambda publish-version --function-name orders
    ```

    A custom resource that is given the function, a macro, and a version of a function that isn't known:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          SnapStart:
            ApplyOn: PublishedVersions
      Publication:
        Type: Custom::Version
        Properties:
          ServiceToken: arn:aws:lambda:eu-west-1:123456789012:function:publisher
          Function: !Ref Orders
    ```
    ```yaml macro.yaml
    Transform: [AWS::Serverless-2016-10-31, PublishVersions]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```yaml unknown.yaml
    Parameters:
      Published:
        Type: String
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: orders.zip}
          Role: !GetAtt Role.Arn
          SnapStart: {ApplyOn: PublishedVersions}
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Published
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
    """
    on = snapstart(function)
    if on is None or published(function) != NO or not _has_it(function):
        return
    shared = function.is_global("SnapStart")
    if shared and _others_publish(function):
        place, ends = function.span, [related(on, "SnapStart is switched on here")]
    else:
        place, ends = on.span, [related(function, f"{function.display} has no version")] if shared else []
    add = (
        "add `AutoPublishAlias: live`"
        if function.is_sam
        else "add an AWS::Lambda::Version, and an AWS::Lambda::Alias for its triggers"
    )
    yield finding(
        place,
        f"{function.display} switches SnapStart on, but no version of it is published, and $LATEST never has a "
        f"snapshot, so that it starts as slowly as before: {add}",
        related=ends,
        confidence=least(on.confidence, LIKELY),
        fix=_fix(function, on) if function.is_sam and not shared else None,
    )


def _has_it(function: Function) -> bool:
    return function.package_type == "Image" or may_be_restored(function)


def _others_publish(function: Function) -> bool:
    """Whether another function that ``Globals`` switch SnapStart on for has a version, so that this one lacks it."""
    return any(
        other.template is function.template and other.is_global("SnapStart") and published(other) == YES
        for other in function.project.functions
        if other.is_sam and snapstart(other) is not None
    )


def _fix(function: Function, on: SnapStart) -> Fix | None:
    """A line before the one of ``SnapStart``, where the properties stand in lines of their own."""
    at = on.span
    column = function.resource.get("Runtime")
    neighbour = column.key_span if column is not None else at
    if not at.line or neighbour.path != at.path or neighbour.column != at.column or neighbour.line == at.line:
        return None
    place = Span(at.path, at.line, at.column, at.line, at.column)
    text = f"AutoPublishAlias: live\n{' ' * (at.column - 1)}"
    return Fix("Publish a version and an alias on each deployment", (Edit(place, text),))
