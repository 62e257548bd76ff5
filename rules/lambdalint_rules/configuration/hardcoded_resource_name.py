"""LL203."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.hardcoded import NAME, reading, shorten
from lambdalint.project.model import Handler
from lambdalint.rule import LIKELY, REGULAR, WARNING, rule


@rule("LL203", severity=WARNING, level=REGULAR, confidence=LIKELY)
def hardcoded_resource_name(handler: Handler) -> Iterator[Finding]:
    """Name of a resource written into the code.

    ## Why
    Buckets, tables, queues, secrets and the like have another name in every account, Region or stage, or should have:
    only so can a stack be deployed twice. A function that has the name as a literal reads and writes what happens to
    have it, be it production's.

    ## Fix
    Let the template pass the name (`TABLE_NAME: !Ref Orders`, or a parameter) under `Environment.Variables`, and read
    the variable.

    ## When this is wrong
    Where the name is the same everywhere by agreement, as with a public bucket. Names that AWS gives itself (the bus
    `default`, `alias/aws/s3`, `/aws/service/…`), defaults, names that are made at run time, and functions at
    CloudFront's edge, which can't have environment variables, are not reported. A name that the function's own template
    gives is the matter of LL205.

    ## Bad
    ```python
    import boto3

    table = boto3.resource("dynamodb").Table("orders")

    def handler(event, context):
        return table.get_item(Key={"id": event["id"]})
    ```

    A constant of another module:
    ```python config.py
    SENDER = "shop@mycompany.io"
    ```
    ```python
    import boto3
    import config

    def handler(event, context):
        boto3.client("ses").send_email(
            Source=config.SENDER, Destination={"ToAddresses": [event["mail"]]}, Message=event["message"]
        )
    ```

    In TypeScript:
    ```typescript
    import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

    const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

    export const handler = async (event: { id: string }): Promise<void> => {
      await table.send(new PutCommand({ TableName: "orders", Item: event }));
    };
    ```

    ## Good
    ```python
    import os
    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    bucket = os.environ.get("BUCKET") or "orders-archive"

    def handler(event, context):
        boto3.client("s3").put_object(Bucket=bucket, Key=event["id"], Body=b"")
        return table.get_item(Key={"id": event["id"]})
    ```

    Names that are the same in every account, and names that are made at run time:
    ```python
    import os
    import boto3

    def handler(event, context):
        boto3.client("events").put_events(Entries=[{"EventBusName": "default", "Detail": "{}"}])
        boto3.client("ssm").get_parameter(Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
        boto3.client("ssm").get_parameter(Name="/orders/" + os.environ["STAGE"] + "/limit")
        boto3.client("kms").describe_key(KeyId="alias/aws/s3")
    ```

    The same in TypeScript:
    ```typescript
    import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
    import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

    const bus = new EventBridgeClient({});
    const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const TableName = process.env.TABLE_NAME || "orders";

    export const handler = async (event: { id: string }): Promise<void> => {
      await table.send(new PutCommand({ TableName, Item: event }));
      await bus.send(new PutEventsCommand({ Entries: [{ EventBusName: "default", Detail: "{}" }] }));
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    for item in handler.hardcoded:
        if item.kind != NAME:
            continue
        advice = (
            f"read {reading(handler, item.variable)}, which the template sets to it"
            if item.variable
            else "pass it in an environment variable"
        )
        yield finding(
            item,
            f"{handler.display} has the {item.what} {shorten(item.value)} written into its code, "
            f"so that every stage and account uses the same: {advice}",
            related=[
                related(call, f"names the {item.what} here")
                for call in item.calls[:3]
                if not call.span.contains(item.span)
            ],
        )
