"""LL205."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.hardcoded import OWN, reading, shorten, variable_name
from lambdalint.project.model import Handler
from lambdalint.rule import REGULAR, WARNING, rule


@rule("LL205", severity=WARNING, level=REGULAR)
def own_resource_hardcoded(handler: Handler) -> Iterator[Finding]:
    """Name of a resource of the function's own template repeated in the code.

    ## Why
    The name is written twice, in the template and in the code, and nothing keeps the two equal. Who renames the
    resource, or deploys the stack a second time under other names, gets a function that fails at run time or writes
    into the first stack's data.

    ## Fix
    Pass the resource to the function: `ORDERS_TABLE: !Ref Orders` under `Environment.Variables`, and read the variable
    in the code. Where the template sets such a variable already, read it.

    ## When this is wrong
    Never quite: reading the variable costs nothing. Default values and functions at CloudFront's edge, which can't have
    environment variables, are not reported.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    import boto3

    def handler(event, context):
        return boto3.client("dynamodb").get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    ```

    In JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: .
    ```
    ```javascript app.mjs
    import { DynamoDB } from "@aws-sdk/client-dynamodb";

    const dynamodb = new DynamoDB();

    export const handler = async (event) => dynamodb.getItem({ TableName: "orders", Key: { id: { S: event.id } } });
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              ORDERS_TABLE: !Ref Orders
    ```
    ```python
    import os
    import boto3

    def handler(event, context):
        return boto3.client("dynamodb").get_item(TableName=os.environ["ORDERS_TABLE"], Key={"id": {"S": event["id"]}})
    ```

    The same in JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              ORDERS_TABLE: !Ref Orders
    ```
    ```javascript app.mjs
    import { DynamoDB } from "@aws-sdk/client-dynamodb";

    const dynamodb = new DynamoDB();
    const TableName = process.env.ORDERS_TABLE;

    export const handler = async (event) => dynamodb.getItem({ TableName, Key: { id: { S: event.id } } });
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    for item in handler.hardcoded:
        if item.kind != OWN or item.resource is None:
            continue
        name = item.resource.logical_id
        if item.variable:
            advice = f"read {reading(handler, item.variable)}, which the template sets already"
        elif item.resource.construct:
            advice = "hand it to the function's environment in the construct and read the variable"
        else:
            variable = variable_name(item.resource, item.what)
            advice = f"add {variable}: !Ref {name} to its environment and read {reading(handler, variable)}"
        yield finding(
            item,
            f"{handler.display} repeats the name {shorten(item.value)} of its template's {item.resource.display} "
            f"in the code, where nothing keeps them equal: {advice}",
            related=[
                related(item.resource, f"the {item.what} in the template"),
                *(
                    related(call, f"names the {item.what} here")
                    for call in item.calls[:2]
                    if not call.span.contains(item.span)
                ),
            ],
        )
