"""LL201."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.hardcoded import ARN, shorten
from lambdalint.project.model import Handler
from lambdalint.rule import LIKELY, REGULAR, WARNING, rule


@rule("LL201", severity=WARNING, level=REGULAR, confidence=LIKELY)
def hardcoded_arn(handler: Handler) -> Iterator[Finding]:
    """ARN or account id written into the code.

    ## Why
    An ARN names a resource of one account, mostly of one Region and one stage. Code that has it as a literal works
    there and nowhere else: a copy of the stack in a test account calls production, or fails with *access denied*.

    ## Fix
    Let the template pass it: `TOPIC_ARN: !Ref Topic` (or `!GetAtt Table.Arn`, or a parameter) under
    `Environment.Variables`, and read the variable. The account id of the function itself is part of
    `context.invoked_function_arn`.

    ## When this is wrong
    Where the ARN is the same for everybody: public resources of another account, such as somebody's layer. ARNs of
    AWS itself (`arn:aws:iam::aws:policy/…`), with a wildcard for the account, or completed at run time are not
    reported, nor those in comparisons, log messages, documentation and default values, nor tables of one account for
    each Region, such as those that deliver a load balancer's log, nor functions at CloudFront's edge, which can't have
    environment variables.

    ## Bad
    ```python
    import boto3

    sns = boto3.client("sns")

    def handler(event, context):
        sns.publish(TopicArn="arn:aws:sns:eu-west-1:210987654321:orders", Message="new order")
    ```

    An account id alone:
    ```python
    import boto3

    OPERATIONS_ACCOUNT = "210987654321"

    def handler(event, context):
        role = f"arn:aws:iam::{OPERATIONS_ACCOUNT}:role/reader"
        return boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="orders")
    ```

    In JavaScript:
    ```javascript
    const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");

    const sns = new SNSClient({});

    exports.handler = async (event) => {
      const TopicArn = "arn:aws:sns:eu-west-1:210987654321:orders";
      await sns.send(new PublishCommand({ TopicArn, Message: "new order" }));
    };
    ```

    ## Good
    ```python
    import os
    import boto3

    sns = boto3.client("sns")

    def handler(event, context):
        sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="new order")
    ```

    ARNs of AWS itself, wildcards, and ARNs that are made at run time:
    ```python
    import boto3

    def handler(event, context):
        account = context.invoked_function_arn.split(":")[4]
        boto3.client("iam").attach_role_policy(
            RoleName=event["role"], PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
        )
        return {"resource": "arn:aws:execute-api:*:*:*/prod/GET/*", "role": "arn:aws:iam::" + account + ":role/reader"}
    ```

    A comparison and a default:
    ```python
    import os

    TOPIC = os.environ.get("TOPIC_ARN", "arn:aws:sns:eu-west-1:210987654321:orders")

    def handler(event, context):
        return event["source"] == "arn:aws:sqs:eu-west-1:210987654321:orders"
    ```

    A table of the accounts that a service has in the Regions:
    ```python
    import os

    DELIVERY = {
        "eu-west-1": "arn:aws:iam::310987654321:root",
        "us-east-1": "arn:aws:iam::410987654321:root",
    }

    def handler(event, context):
        return {"Principal": {"AWS": DELIVERY[os.environ["AWS_REGION"]]}}
    ```

    The same in JavaScript:
    ```javascript
    const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");

    const sns = new SNSClient({});
    const { TOPIC_ARN = "arn:aws:sns:eu-west-1:210987654321:orders" } = process.env;

    exports.handler = async (event, context) => {
      if (event.source === "arn:aws:sqs:eu-west-1:210987654321:orders") {
        console.log("from arn:aws:sqs:eu-west-1:210987654321:orders");
      }
      const account = context.invokedFunctionArn.split(":")[4];
      await sns.send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: `arn:aws:iam::${account}:role/reader` }));
      return "arn:aws:iam::aws:policy/ReadOnlyAccess";
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    for item in handler.hardcoded:
        if item.kind == ARN:
            yield finding(
                item,
                f"{handler.display} has the {item.what} {shorten(item.value)} written into its code, "
                "which ties it to one account: pass it in an environment variable",
            )
