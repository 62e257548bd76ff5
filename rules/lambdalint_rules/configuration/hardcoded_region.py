"""LL202."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.argument_edits import without_given
from lambdalint.project.hardcoded import REGION, Hardcoded
from lambdalint.project.model import Handler
from lambdalint.rule import REGULAR, UNSAFE, WARNING, rule


@rule("LL202", severity=WARNING, level=REGULAR, fix=UNSAFE)
def hardcoded_region(handler: Handler) -> Iterator[Finding]:
    """Region written into the code of an SDK client.

    ## Why
    Lambda sets `AWS_REGION`, and the SDK uses it. A literal overrides it: deployed to another Region, the function goes
    on talking to the old one, where the resources are missing or, worse, belong to another stage.

    ## Fix
    Leave the argument out. Where the client really has to work in another Region than the function, let the template
    pass that Region in an environment variable.

    ## When this is wrong
    Where a service or feature exists in one Region only and the project knows that. Services with one Region for
    all (IAM, CloudFront, Route 53, Cost Explorer, pricing, Marketplace…), certificates and web ACLs for CloudFront,
    metrics of billing, Firewall Manager and STS in us-east-1, clients of a local endpoint, defaults, and functions at
    CloudFront's edge are not reported.

    ## Bad
    ```python
    import boto3

    table = boto3.resource("dynamodb", region_name="eu-central-1")

    def handler(event, context):
        return table.meta.client.list_tables()
    ```

    A constant, an endpoint and a configuration that name the Region:
    ```python
    import boto3
    from botocore.config import Config

    REGION = "eu-central-1"
    ses = boto3.client("ses", REGION)
    sqs = boto3.client("sqs", endpoint_url="https://sqs.eu-central-1.amazonaws.com")
    s3 = boto3.client("s3", config=Config(region_name="eu-central-1"))

    def handler(event, context):
        return ses.get_send_quota()
    ```

    In JavaScript:
    ```javascript
    const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");

    const s3 = new S3Client({ region: "eu-central-1" });

    exports.handler = async (event) => s3.send(new ListBucketsCommand({}));
    ```

    With version 2 of the SDK, for all clients:
    ```javascript
    const AWS = require("aws-sdk");

    AWS.config.update({ region: "eu-central-1" });
    const s3 = new AWS.S3();

    exports.handler = async (event) => s3.listBuckets().promise();
    ```

    ## Good
    ```python
    import os
    import boto3

    table = boto3.resource("dynamodb")
    archive = boto3.client("s3", region_name=os.environ.get("ARCHIVE_REGION", "eu-central-1"))

    def handler(event, context):
        return table.meta.client.list_tables()
    ```

    Services with one Region for all, and a local endpoint:
    ```python
    import boto3

    prices = boto3.client("pricing", region_name="us-east-1")
    certificates = boto3.client("acm", region_name="us-east-1")
    local = boto3.client("dynamodb", region_name="us-west-2", endpoint_url="http://localhost:8000")

    def handler(event, context):
        return prices.describe_services()
    ```

    A function at CloudFront's edge:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Rewrite:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          AutoPublishAlias: live
      Distribution:
        Type: AWS::CloudFront::Distribution
        Properties:
          DistributionConfig:
            DefaultCacheBehavior:
              LambdaFunctionAssociations:
                - EventType: viewer-request
                  LambdaFunctionARN: !Ref Rewrite.Version
    ```
    ```python
    import boto3

    sessions = boto3.client("dynamodb", region_name="eu-central-1")

    def handler(event, context):
        return sessions.get_item(TableName="sessions", Key={"id": {"S": event["id"]}})
    ```

    The same in JavaScript:
    ```javascript
    const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");
    const { PricingClient, DescribeServicesCommand } = require("@aws-sdk/client-pricing");

    const s3 = new S3Client({ region: process.env.ARCHIVE_REGION ?? "eu-central-1" });
    const prices = new PricingClient({ region: "us-east-1" });

    exports.handler = async (event) => {
      await prices.send(new DescribeServicesCommand({}));
      return s3.send(new ListBucketsCommand({}));
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    for item in handler.hardcoded:
        if item.kind == REGION:
            yield finding(
                item,
                f"{handler.display} has the Region {item.value} written into its code and stays there when it is "
                "deployed elsewhere: leave it out, Lambda sets the function's own Region",
                related=[
                    related(call, "given to the SDK here")
                    for call in item.calls[:3]
                    if not call.span.contains(item.span)
                ],
                fix=_fix(handler, item),
            )


def _fix(handler: Handler, item: Hardcoded) -> Fix | None:
    edit = without_given(handler, item.span, item.value)
    return Fix("Leave the Region out", (edit,)) if edit is not None else None
