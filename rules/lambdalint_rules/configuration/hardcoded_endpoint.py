"""LL204."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.hardcoded import ENDPOINT, shorten
from lambdalint.project.model import Handler
from lambdalint.rule import LIKELY, REGULAR, WARNING, rule


@rule("LL204", severity=WARNING, level=REGULAR, confidence=LIKELY)
def hardcoded_endpoint(handler: Handler) -> Iterator[Finding]:
    """Address of something deployed written into the code.

    ## Why
    The host of an API, a database, a queue or a bucket is made when it is deployed: it differs by stage and changes
    when the resource is replaced. A literal keeps calling what was there when it was written, in every stage.

    ## Fix
    Let the template pass the address (`!GetAtt Database.Endpoint.Address`, `!Sub "https://${Api}.execute-api…"`, a
    parameter) under `Environment.Variables`, and read the variable.

    ## When this is wrong
    Where the address is public and stays: a file that somebody offers to all in a bucket or through CloudFront.
    Only hosts whose form tells that they were deployed are reported: API Gateway, AppSync, function URLs, RDS and
    the like, load balancers, concrete buckets and queues, CloudFront distributions, IP addresses, internal names,
    and servers in database URLs. Public APIs, namespaces, schemas, documentation, localhost, extensions, AWS's own
    endpoints, and defaults are not.

    ## Bad
    ```python
    import urllib.request

    def handler(event, context):
        return urllib.request.urlopen("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders").read()
    ```

    A database host and a queue:
    ```python
    import boto3
    import pymysql

    def handler(event, context):
        pymysql.connect(host="orders.c9akciq32abc.eu-west-1.rds.amazonaws.com", user=event["user"])
        url = "https://sqs.eu-west-1.amazonaws.com/210987654321/orders"
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    ```

    In JavaScript:
    ```javascript
    const mysql = require("mysql2/promise");

    exports.handler = async (event) => {
      await fetch("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders");
      return mysql.createConnection({ host: "orders.c9akciq32abc.eu-west-1.rds.amazonaws.com", user: event.user });
    };
    ```

    ## Good
    ```python
    import os
    import urllib.request

    NAMESPACE = "http://www.w3.org/2001/XMLSchema"
    HELP = "https://docs.aws.amazon.com/lambda/latest/dg/welcome.html"

    def handler(event, context):
        urllib.request.urlopen("http://localhost:2773/secretsmanager/get?secretId=orders")
        urllib.request.urlopen("https://api.openweathermap.org/data/2.5/weather")
        urllib.request.urlopen("https://sts.amazonaws.com")
        return urllib.request.urlopen(os.environ["API_URL"] + "/orders").read()
    ```

    An address that is made at run time:
    ```python
    import boto3

    def handler(event, context):
        request = event["requestContext"]
        url = f"https://{request['apiId']}.execute-api.eu-west-1.amazonaws.com/{request['stage']}"
        return boto3.client("apigatewaymanagementapi", endpoint_url=url)
    ```

    The same in JavaScript:
    ```javascript
    const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");

    exports.handler = async (event) => {
      const { apiId, stage } = event.requestContext;
      await fetch("http://localhost:2773/secretsmanager/get?secretId=orders");
      await fetch(`${process.env.API_URL}/orders`);
      return new ApiGatewayManagementApi({ endpoint: `https://${apiId}.execute-api.eu-west-1.amazonaws.com/${stage}` });
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    for item in handler.hardcoded:
        if item.kind == ENDPOINT:
            yield finding(
                item,
                f"{handler.display} has the address of a deployed {item.what} written into its code "
                f"({shorten(item.value, 80)}), which differs by stage: pass it in an environment variable",
                related=[related(call, "used here") for call in item.calls[:3] if not call.span.contains(item.span)],
            )
