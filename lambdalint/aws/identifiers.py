"""What resources are called by, and what the SDK's operations want to be told, as of 2026-11-22.

Sources: the return values of each type in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html and the request parameters in
the services' API references. Operations that take names as well as ARNs (DynamoDB, Lambda, EventBridge's buses, Secrets
Manager) are left out.
"""

from __future__ import annotations

ARN, NAME, URL, ID = "ARN", "name", "URL", "id"

_TABLE = {"": NAME, "Arn": ARN}
_MACHINE = {"": ARN, "Arn": ARN, "Name": NAME}

RETURNED: dict[str, dict[str, str]] = {
    "AWS::SQS::Queue": {"": URL, "QueueUrl": URL, "Arn": ARN, "QueueName": NAME},
    "AWS::SNS::Topic": {"": ARN, "TopicArn": ARN, "TopicName": NAME},
    "AWS::S3::Bucket": {"": NAME, "Arn": ARN},
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::DynamoDB::GlobalTable": _TABLE,
    "AWS::Serverless::SimpleTable": _TABLE,
    "AWS::StepFunctions::StateMachine": _MACHINE,
    "AWS::Serverless::StateMachine": _MACHINE,
    "AWS::Kinesis::Stream": {"": NAME, "Arn": ARN},
    "AWS::KinesisFirehose::DeliveryStream": {"": NAME, "Arn": ARN},
    "AWS::Logs::LogGroup": {"": NAME, "Arn": ARN},
    "AWS::Cognito::UserPool": {"": ID, "Arn": ARN},
}
"""What ``Ref`` (no attribute) and ``Fn::GetAtt`` give, by type of resource."""

WANTED: dict[tuple[str, str], tuple[str, str, frozenset[str]]] = {
    ("sqs", "QueueUrl"): ("AWS::SQS::Queue", URL, frozenset((ARN,))),
    ("sqs", "QueueName"): ("AWS::SQS::Queue", NAME, frozenset((ARN, URL))),
    ("sns", "TopicArn"): ("AWS::SNS::Topic", ARN, frozenset((NAME,))),
    ("sns", "TargetArn"): ("AWS::SNS::Topic", ARN, frozenset((NAME,))),
    ("s3", "Bucket"): ("AWS::S3::Bucket", NAME, frozenset((ARN,))),
    ("stepfunctions", "stateMachineArn"): ("AWS::StepFunctions::StateMachine", ARN, frozenset((NAME,))),
    ("kinesis", "StreamName"): ("AWS::Kinesis::Stream", NAME, frozenset((ARN,))),
    ("kinesis", "StreamARN"): ("AWS::Kinesis::Stream", ARN, frozenset((NAME,))),
    ("firehose", "DeliveryStreamName"): ("AWS::KinesisFirehose::DeliveryStream", NAME, frozenset((ARN,))),
    ("logs", "logGroupName"): ("AWS::Logs::LogGroup", NAME, frozenset((ARN,))),
    ("cognito-idp", "UserPoolId"): ("AWS::Cognito::UserPool", ID, frozenset((ARN, NAME))),
}
"""Parameters of a service's operations: the type of resource, what it has to be called by, and what is refused."""
