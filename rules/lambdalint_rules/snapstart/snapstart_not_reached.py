"""LL404."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import EventSource
from lambdalint.project.snapstart import least, may_be_restored, snapstart
from lambdalint.project.versions import YES, is_unqualified, published
from lambdalint.rule import CERTAIN, REGULAR, WARNING, rule

_OF_DEPLOYMENT = ("custom-resource", "config", "rotation")


@rule("LL404", severity=WARNING, level=REGULAR, needs=("SnapStart",))
def snapstart_not_reached(source: EventSource) -> Iterator[Finding]:
    """Trigger that goes past the version with the snapshot.

    ## Why
    Only a published version has a snapshot. A trigger that names the function without version or alias runs `$LATEST`,
    which starts without one: SnapStart is on, costs money on Python and .NET, and this trigger never has it.

    ## Fix
    Point the trigger to the alias: `!Ref Orders.Alias` with SAM's `AutoPublishAlias`, else `!Ref` of the
    `AWS::Lambda::Alias`. The permission that lets the service call the function has to name the alias, too.

    ## When this is wrong
    A trigger that is meant to run the newest code. Where the target isn't certain, or is put together elsewhere as in
    state machines, the rule is silent, and for functions that run on deployments only: custom resources, AWS Config
    rules, rotations. A function of which no version is published is LL403's.

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
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
      Hourly:
        Type: AWS::Events::Rule
        Properties:
          ScheduleExpression: rate(1 hour)
          Targets:
            - Id: orders
              Arn: !GetAtt Orders.Arn
    ```

    Events of a SAM function whose version stands apart

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
          Events:
            Get:
              Type: HttpApi
              Properties: {Path: /orders, Method: get}
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
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
          Events:
            Get:
              Type: HttpApi
              Properties: {Path: /orders, Method: get}
      Hourly:
        Type: AWS::Events::Rule
        Properties:
          ScheduleExpression: rate(1 hour)
          Targets:
            - Id: orders
              Arn: !Ref Orders.Alias
            - Id: qualified
              Arn: !Sub ${Orders.Arn}:live
    ```

    Plain CloudFormation, a function URL with a qualifier, and what isn't certain:
    ```yaml
    Parameters:
      Stage:
        Type: String
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
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
      Live:
        Type: AWS::Lambda::Alias
        Properties:
          Name: live
          FunctionName: !Ref Orders
          FunctionVersion: !GetAtt OrdersVersion.Version
      Url:
        Type: AWS::Lambda::Url
        Properties:
          AuthType: AWS_IAM
          TargetFunctionArn: !Ref Orders
          Qualifier: live
      Hourly:
        Type: AWS::Events::Rule
        Properties:
          ScheduleExpression: rate(1 hour)
          Targets:
            - Id: orders
              Arn: !If [IsProduction, !Ref Live, !GetAtt Orders.Arn]
      Migration:
        Type: Custom::Migration
        Properties:
          ServiceToken: !GetAtt Orders.Arn
      Flow:
        Type: AWS::StepFunctions::StateMachine
        Properties:
          RoleArn: !GetAtt Role.Arn
          DefinitionS3Location: {Bucket: artifacts, Key: flow.json}
          DefinitionSubstitutions:
            Orders: !GetAtt Orders.Arn
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
    """
    function = source.function
    on = snapstart(function)
    if on is None or source.kind in _OF_DEPLOYMENT or not is_unqualified(source):
        return
    if published(function) != YES or not (function.package_type == "Image" or may_be_restored(function)):
        return
    is_own = function.is_sam and source.trigger.resource == function.name
    alias = f"`!Ref {function.name}.Alias`" if function.get("AutoPublishAlias") is not None else "an alias"
    yield finding(
        source.span if is_own else source.trigger.target.span,
        f"{source.name} runs {function.display} without version or alias, which is $LATEST and has no snapshot, so "
        f"that SnapStart does nothing here: {'set AutoPublishAlias' if is_own else f'point it to {alias}'}",
        related=[related(on, f"SnapStart of {function.display} is switched on here")],
        function=function.name,
        confidence=least(on.confidence, CERTAIN),
    )
