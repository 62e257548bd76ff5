"""LL212."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.attributes import WrongAttribute, wrong_attributes
from lambdalint.project.model import Handler
from lambdalint.project.template_edits import reference
from lambdalint.rule import ERROR, REGULAR, UNSAFE, rule
from lambdalint.values import Ref


@rule("LL212", severity=ERROR, level=REGULAR, fix=UNSAFE)
def wrong_attribute_in_env(handler: Handler) -> Iterator[Finding]:
    """Variable that holds an ARN where the call wants a name or URL, or the reverse.

    ## Why
    `Ref` gives the URL of a queue, the name of a bucket, the ARN of a topic; `Fn::GetAtt` gives others. A call that
    is handed the wrong one fails when it runs: `Invalid bucket name "arn:aws:s3:::…"`, `The address arn:aws:sqs:…
    is not valid for this endpoint`, `Invalid parameter: TopicArn`.

    ## Fix
    Refer to the resource by what the call wants: `!Ref Queue` for its URL, `!Ref Bucket` for its name, `!Ref Topic`
    for its ARN.

    ## When this is wrong
    Never, where the value is used as it is. The rule is silent where the code makes something else of it, where the
    template's value isn't a reference to a resource of the project, and for operations that take names as well
    as ARNs (DynamoDB, Lambda, event buses, secrets).

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              QUEUE_URL: !GetAtt Queue.Arn
      Queue:
        Type: AWS::SQS::Queue
    ```
    ```python
    import os
    import boto3

    sqs = boto3.client("sqs")

    def handler(event, context):
        return sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="new")
    ```

    In JavaScript, a name where the ARN is wanted:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              TOPIC: !GetAtt Topic.TopicName
      Topic:
        Type: AWS::SNS::Topic
    ```
    ```javascript
    const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");

    const sns = new SNSClient({});

    exports.handler = async () => sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: "new" }));
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
          CodeUri: .
          Environment:
            Variables:
              QUEUE_URL: !Ref Queue
              QUEUE_ARN: !GetAtt Queue.Arn
              TABLE: !GetAtt Table.Arn
              BUCKET_ARN: !GetAtt Bucket.Arn
              OTHER_BUCKET: !ImportValue other-bucket-arn
      Queue:
        Type: AWS::SQS::Queue
      Table:
        Type: AWS::Serverless::SimpleTable
      Bucket:
        Type: AWS::S3::Bucket
    ```
    ```python
    import os
    import boto3

    sqs = boto3.client("sqs")
    s3 = boto3.client("s3")
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

    def handler(event, context):
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=os.environ["QUEUE_ARN"])
        s3.put_object(Bucket=os.environ["BUCKET_ARN"].split(":")[-1], Key="one", Body=b"")
        s3.put_object(Bucket=os.environ["OTHER_BUCKET"], Key="one", Body=b"")
        return table.item_count
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
    """
    for item in wrong_attributes(handler):
        yield finding(
            item.variable.value,
            f"{item.function.display} gives `{item.variable.name}` to {item.call.callee} as {item.parameter}, which "
            f"wants the {item.wanted} of {item.resource}, but it holds the {item.given}: write `{item.instead}`",
            related=[related(item.call, f"used as {item.parameter} here")],
            function=item.function.name,
            resource=item.function.name,
            fix=_fix(item),
        )


def _fix(item: WrongAttribute) -> Fix | None:
    """Refers to the resource by what is wanted, where the variable does so itself and no call wants what it holds."""
    value = item.variable.value
    if not isinstance(value, Ref) or value.template != item.function.template.path or item.is_wanted_elsewhere:
        return None
    path = ("Environment", "Variables", item.variable.name)
    edit = reference(item.function, path, value.span, item.resource, item.attribute)
    return Fix(f"Write `{item.instead}`", (edit,)) if edit is not None else None
