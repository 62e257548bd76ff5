"""LL310."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import DEFAULT_CONCURRENCY
from lambdalint.finding import Finding, finding, related
from lambdalint.project.exposure import open_to_all
from lambdalint.project.model import Function
from lambdalint.project.paths import is_fragment
from lambdalint.rule import AUDITOR, INFO, rule

_WAYS = {"url": "its function URL", "api": "its REST API", "http-api": "its HTTP API"}


@rule("LL310", severity=INFO, level=AUDITOR)
def no_concurrency_limit(function: Function) -> Iterator[Finding]:
    """Function without reserved concurrency.

    ## Why
    All functions of an account and Region share its concurrency, 1,000 by default. One that is flooded, or loops, takes
    all of it from the others, and is billed for it. Reserved concurrency is an upper bound as well. That matters most
    where anybody may call the function: through a function URL without authentication, or an API without authorizer.

    ## Fix
    Set `ReservedConcurrentExecutions` on functions that anybody may call, that something slower stands behind, or that
    must not be starved by others.

    ## When this is wrong
    Often: most functions need no reservation, and all of them together can't have more than 900 of the default quota.
    The rule is for reviews. Functions of CloudFront and on Lambda Managed Instances are left out, and those all of
    whose queues have a `MaximumConcurrency`.

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
          FunctionUrlConfig:
            AuthType: NONE
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
          ReservedConcurrentExecutions: 20
          FunctionUrlConfig:
            AuthType: NONE
      Mails:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/mails.zip
          Events:
            Queue:
              Type: SQS
              Properties:
                Queue: arn:aws:sqs:eu-west-1:123456789012:mails
                ScalingConfig: {MaximumConcurrency: 10}
      Training:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/training.zip
          CapacityProviderConfig:
            Arn: !GetAtt Provider.Arn
    ```

    A function of CloudFront:
    ```yaml
    Resources:
      Headers:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: headers.zip}
          Role: arn:aws:iam::123456789012:role/headers
      HeadersVersion:
        Type: AWS::Lambda::Version
        Properties: {FunctionName: !Ref Headers}
      Distribution:
        Type: AWS::CloudFront::Distribution
        Properties:
          DistributionConfig:
            DefaultCacheBehavior:
              LambdaFunctionAssociations:
                - EventType: viewer-request
                  LambdaFunctionARN: !Ref HeadersVersion
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    if function.get("ReservedConcurrentExecutions") is not None or function.get("CapacityProviderConfig") is not None:
        return
    if not function.is_whole or is_fragment(function.template) or any(function.triggered_by("edge")):
        return
    sources = function.event_sources
    if sources and all(source.get("ScalingConfig", "MaximumConcurrency") is not None for source in sources):
        return
    source = open_to_all(function)
    if source is None:
        yield finding(
            function,
            f"{function.display} has no reserved concurrency, so that it may take all of the account's from other "
            "functions: set ReservedConcurrentExecutions where that matters",
        )
        return
    yield finding(
        function,
        f"{function.display} has no reserved concurrency, and anybody may call it through {_WAYS[source.kind]}: a "
        f"flood of requests may take all of the account's concurrency ({DEFAULT_CONCURRENCY:,} by default) from other "
        "functions, and is billed; set ReservedConcurrentExecutions",
        related=[related(source, "anybody may call it through this")],
    )
