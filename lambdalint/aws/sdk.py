"""AWS's SDKs: services, operations, which argument names a resource, and what a call changes.

The lists of operations come from botocore, boto3's resource types from boto3 (``tools/refresh_sdk.py``).
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from lambdalint.aws.files import text_of


class Service(Struct, frozen=True):
    """An AWS service as the SDKs know it.

    ``name`` is boto3's client name; ``identifier`` the service id that JavaScript's clients are called after.
    """

    name: str
    identifier: str
    signing_name: str
    endpoint_prefix: str
    operations: frozenset[str]


class Effect(Struct, frozen=True):
    """What an operation does to a resource, so that something may be triggered by it.

    ``targets`` and ``key`` are paths into the arguments (``*``: every item, ``?``: every key). ``event`` is the
    event's name where the resource has several kinds.
    """

    kind: str
    targets: tuple[tuple[str, ...], ...]
    event: str = ""
    key: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _lines() -> str:
    return "\n" + text_of("sdk.tsv")


@cache
def service(name: str) -> Service | None:
    """The service of a boto3 client name, or None if there is no such client."""
    lines = _lines()
    start = lines.find(f"\n{name}\t") if name and "\t" not in name else -1
    if start < 0:
        return None
    line = lines[start + 1 : lines.find("\n", start + 1)]
    client, identifier, signing, prefix, operations = line.split("\t")
    return Service(client, identifier, signing, prefix, frozenset(operations.split(" ")))


@lru_cache(maxsize=1)
def _identifiers() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines().splitlines():
        if line and not line.startswith("#"):
            name, identifier = line.split("\t", 2)[:2]
            found[identifier.lower().replace(" ", "").replace("-", "")] = name
    return found


def service_of_identifier(identifier: str) -> str:
    """boto3's client name for a service id in any spelling (``EventBridge``, ``client-eventbridge``), or nothing."""
    return _identifiers().get(identifier.lower().replace(" ", "").replace("-", ""), "")


@cache
def _by_key(name: str) -> dict[str, str]:
    known = service(name)
    return {operation.lower(): operation for operation in known.operations} if known else {}


def operation(service_name: str, method: str) -> str:
    """The operation of a method name in any spelling (``put_object``, ``putObject``), or nothing."""
    return _by_key(service_name).get(method.replace("_", "").lower(), "")


@lru_cache(maxsize=1)
def _resources() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text_of("sdk_resources.json"))
    services: dict[str, Any] = data["services"]
    return services


def resource_type(service_name: str, type_name: str) -> dict[str, Any] | None:
    """boto3's description of a resource type (the service resource itself has no name), or None."""
    found: dict[str, Any] | None = _resources().get(service_name, {}).get(type_name)
    return found


TRANSFERS: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("s3", "upload_file"): ("PutObject", ("Filename", "Bucket", "Key", "ExtraArgs")),
    ("s3", "upload_fileobj"): ("PutObject", ("Fileobj", "Bucket", "Key", "ExtraArgs")),
    ("s3", "download_file"): ("GetObject", ("Bucket", "Key", "Filename")),
    ("s3", "download_fileobj"): ("GetObject", ("Bucket", "Key", "Fileobj")),
    ("s3", "copy"): ("CopyObject", ("CopySource", "Bucket", "Key", "ExtraArgs")),
}
"""boto3's transfer methods, which take positional arguments: the operation that they lead to, and the names."""

RESOURCE_TRANSFERS: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {
    ("s3", "Bucket", "upload_file"): ("PutObject", ("Filename", "Key", "ExtraArgs")),
    ("s3", "Bucket", "upload_fileobj"): ("PutObject", ("Fileobj", "Key", "ExtraArgs")),
    ("s3", "Bucket", "download_file"): ("GetObject", ("Key", "Filename")),
    ("s3", "Bucket", "download_fileobj"): ("GetObject", ("Key", "Fileobj")),
    ("s3", "Bucket", "copy"): ("CopyObject", ("CopySource", "Key", "ExtraArgs")),
    ("s3", "Object", "upload_file"): ("PutObject", ("Filename", "ExtraArgs")),
    ("s3", "Object", "upload_fileobj"): ("PutObject", ("Fileobj", "ExtraArgs")),
    ("s3", "Object", "download_file"): ("GetObject", ("Filename",)),
    ("s3", "Object", "download_fileobj"): ("GetObject", ("Fileobj",)),
    ("s3", "Object", "copy"): ("CopyObject", ("CopySource", "ExtraArgs")),
}
"""The same for resource objects; bucket and key come from the object."""

LOCAL_METHODS = frozenset(
    (
        "generate_presigned_url",
        "generate_presigned_post",
        "generate_db_auth_token",
        "get_paginator",
        "get_waiter",
        "can_paginate",
        "close",
        "exceptions",
        "meta",
    )
)
"""Client methods that call no operation."""

RESOURCE_ARGUMENTS: dict[str, dict[tuple[str, ...], str]] = {
    "s3": {("Bucket",): "bucket", ("CopySource", "Bucket"): "bucket"},
    "dynamodb": {
        ("TableName",): "table",
        ("RequestItems", "?"): "table",
        ("TransactItems", "*", "Put", "TableName"): "table",
        ("TransactItems", "*", "Update", "TableName"): "table",
        ("TransactItems", "*", "Delete", "TableName"): "table",
        ("TransactItems", "*", "ConditionCheck", "TableName"): "table",
        ("TransactItems", "*", "Get", "TableName"): "table",
    },
    "sqs": {("QueueUrl",): "queue", ("QueueName",): "queue"},
    "sns": {("TopicArn",): "topic", ("TargetArn",): "topic", ("PhoneNumber",): "phone number"},
    "kinesis": {("StreamName",): "stream", ("StreamARN",): "stream"},
    "firehose": {("DeliveryStreamName",): "delivery stream"},
    "events": {("EventBusName",): "event bus", ("Entries", "*", "EventBusName"): "event bus"},
    "lambda": {("FunctionName",): "function"},
    "ssm": {("Name",): "parameter", ("Names", "*"): "parameter", ("Path",): "parameter path"},
    "secretsmanager": {("SecretId",): "secret"},
    "stepfunctions": {("stateMachineArn",): "state machine"},
    "scheduler": {("GroupName",): "schedule group"},
    "logs": {("logGroupName",): "log group"},
    "cognito-idp": {("UserPoolId",): "user pool", ("ClientId",): "app client"},
    "cognito-identity": {("IdentityPoolId",): "identity pool"},
    "kms": {("KeyId",): "key"},
    "sagemaker-runtime": {("EndpointName",): "endpoint"},
    "ecs": {("cluster",): "cluster", ("taskDefinition",): "task definition", ("service",): "service"},
    "batch": {("jobQueue",): "job queue", ("jobDefinition",): "job definition"},
    "codebuild": {("projectName",): "project"},
    "codepipeline": {("name",): "pipeline"},
    "codecommit": {("repositoryName",): "repository"},
    "glue": {("JobName",): "job"},
    "athena": {("WorkGroup",): "work group"},
    "ec2": {
        ("InstanceIds", "*"): "instance",
        ("InstanceId",): "instance",
        ("ImageId",): "machine image",
        ("SubnetId",): "subnet",
        ("VpcId",): "VPC",
        ("SecurityGroupIds", "*"): "security group",
        ("GroupId",): "security group",
    },
    "autoscaling": {("AutoScalingGroupName",): "Auto Scaling group"},
    "rds": {("DBInstanceIdentifier",): "database", ("DBClusterIdentifier",): "database cluster"},
    "redshift-data": {("ClusterIdentifier",): "cluster", ("WorkgroupName",): "work group"},
    "route53": {("HostedZoneId",): "hosted zone"},
    "cloudfront": {("DistributionId",): "distribution"},
    "apigateway": {("restApiId",): "API"},
    "apigatewayv2": {("ApiId",): "API"},
    "rekognition": {("CollectionId",): "collection"},
    "kendra": {("IndexId",): "index"},
    "connect": {("InstanceId",): "instance"},
    "pinpoint": {("ApplicationId",): "project"},
    "lex-runtime": {("botName",): "bot"},
    "lexv2-runtime": {("botId",): "bot"},
    "bedrock-agent-runtime": {
        ("knowledgeBaseId",): "knowledge base",
        ("agentId",): "agent",
        ("retrieveAndGenerateConfiguration", "knowledgeBaseConfiguration", "knowledgeBaseId"): "knowledge base",
    },
    "timestream-write": {("DatabaseName",): "database"},
    "ses": {
        ("Source",): "sender address",
        ("Destination", "ToAddresses", "*"): "recipient address",
        ("Destinations", "*"): "recipient address",
    },
    "sesv2": {
        ("FromEmailAddress",): "sender address",
        ("Destination", "ToAddresses", "*"): "recipient address",
    },
}
"""Arguments that name a resource which differs by account, Region or stage, with a word for it."""

RESOURCE_OPERATIONS = {"ssm": "Parameter"}
"""Services of which only operations with such a word in their names take the arguments above for these resources."""

LIBRARY_ARGUMENTS: dict[str, tuple[int, str, str]] = {
    "boto3.resource().Bucket": (0, "name", "bucket"),
    "boto3.resource().Object": (0, "bucket_name", "bucket"),
    "boto3.resource().Queue": (0, "url", "queue"),
    "boto3.resource().Table": (0, "name", "table"),
    "boto3.resource().Topic": (0, "arn", "topic"),
    "aws_lambda_powertools.utilities.parameters.get_parameter": (0, "name", "parameter"),
    "aws_lambda_powertools.utilities.parameters.get_parameters": (0, "path", "parameter path"),
    "aws_lambda_powertools.utilities.parameters.get_secret": (0, "name", "secret"),
    "aws_lambda_powertools.utilities.parameters.DynamoDBProvider": (0, "table_name", "table"),
    "aws_lambda_powertools.utilities.idempotency.DynamoDBPersistenceLayer": (0, "table_name", "table"),
    "@aws-lambda-powertools/parameters/ssm.getParameter": (0, "", "parameter"),
    "@aws-lambda-powertools/parameters/ssm.getParameters": (0, "", "parameter path"),
    "@aws-lambda-powertools/parameters/secrets.getSecret": (0, "", "secret"),
}
"""The same for other calls of boto3 and of libraries: position and name of the argument, and the word."""

RESOURCE_TYPES: dict[str, tuple[str, ...]] = {
    "bucket": ("AWS::S3::Bucket",),
    "table": ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"),
    "queue": ("AWS::SQS::Queue",),
    "topic": ("AWS::SNS::Topic",),
    "stream": ("AWS::Kinesis::Stream",),
    "delivery stream": ("AWS::KinesisFirehose::DeliveryStream",),
    "event bus": ("AWS::Events::EventBus",),
    "function": ("AWS::Lambda::Function", "AWS::Serverless::Function"),
    "parameter": ("AWS::SSM::Parameter",),
    "secret": ("AWS::SecretsManager::Secret",),
    "state machine": ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
    "schedule group": ("AWS::Scheduler::ScheduleGroup",),
    "log group": ("AWS::Logs::LogGroup",),
    "user pool": ("AWS::Cognito::UserPool",),
    "cluster": ("AWS::ECS::Cluster",),
    "project": ("AWS::CodeBuild::Project",),
    "job": ("AWS::Glue::Job",),
    "job queue": ("AWS::Batch::JobQueue",),
}
"""The types of template resources that such a word stands for, where templates give them names."""

DEFAULT_NAMES: dict[str, frozenset[str]] = {
    "event bus": frozenset(("default",)),
    "schedule group": frozenset(("default",)),
    "work group": frozenset(("primary",)),
    "cluster": frozenset(("default",)),
}
"""Names that AWS gives itself, the same in every account."""

AWS_NAMES: dict[str, tuple[str, ...]] = {
    "parameter": ("/aws/service/", "aws/service/", "/aws/reference/"),
    "parameter path": ("/aws/service",),
    "key": ("alias/aws/",),
}
"""Beginnings of names of things that AWS keeps itself, the same in every account."""

REGION_ARGUMENTS: dict[str, tuple[int, str]] = {
    "boto3.setup_default_session": (-1, "region_name"),
    "botocore.config.Config": (-1, "region_name"),
    "botocore.client.Config": (-1, "region_name"),
    "botocore.auth.SigV4Auth": (2, "region_name"),
    "requests_aws4auth.AWS4Auth": (2, "region"),
    "opensearchpy.AWSV4SignerAuth": (1, "region"),
    "opensearchpy.RequestsAWSV4SignerAuth": (1, "region"),
    "aws_requests_auth.aws_auth.AWSRequestsAuth": (-1, "aws_region"),
    "aws_requests_auth.boto_utils.BotoAWSRequestsAuth": (-1, "aws_region"),
}
"""Calls beside those of clients and sessions that take a Region: position (-1: none) and name of the argument."""

_BUCKET = (("Bucket",),)
_KEY = ("Key",)
_TABLE = (("TableName",),)

EFFECTS: dict[tuple[str, str], Effect] = {
    ("s3", "PutObject"): Effect("object", _BUCKET, "s3:ObjectCreated:Put", _KEY),
    ("s3", "CopyObject"): Effect("object", _BUCKET, "s3:ObjectCreated:Copy", _KEY),
    ("s3", "CompleteMultipartUpload"): Effect("object", _BUCKET, "s3:ObjectCreated:CompleteMultipartUpload", _KEY),
    ("s3", "CreateMultipartUpload"): Effect("object", _BUCKET, "s3:ObjectCreated:CompleteMultipartUpload", _KEY),
    ("s3", "DeleteObject"): Effect("object", _BUCKET, "s3:ObjectRemoved:Delete", _KEY),
    ("s3", "DeleteObjects"): Effect("object", _BUCKET, "s3:ObjectRemoved:Delete", ("Delete", "Objects", "*", "Key")),
    ("s3", "PutObjectTagging"): Effect("object", _BUCKET, "s3:ObjectTagging:Put", _KEY),
    ("s3", "DeleteObjectTagging"): Effect("object", _BUCKET, "s3:ObjectTagging:Delete", _KEY),
    ("s3", "PutObjectAcl"): Effect("object", _BUCKET, "s3:ObjectAcl:Put", _KEY),
    ("s3", "RestoreObject"): Effect("object", _BUCKET, "s3:ObjectRestore:Post", _KEY),
    ("sqs", "SendMessage"): Effect("message", (("QueueUrl",),)),
    ("sqs", "SendMessageBatch"): Effect("message", (("QueueUrl",),)),
    ("sns", "Publish"): Effect("message", (("TopicArn",), ("TargetArn",))),
    ("sns", "PublishBatch"): Effect("message", (("TopicArn",),)),
    ("events", "PutEvents"): Effect("event", (("Entries", "*", "EventBusName"),)),
    ("dynamodb", "PutItem"): Effect("item", _TABLE, "INSERT|MODIFY"),
    ("dynamodb", "UpdateItem"): Effect("item", _TABLE, "INSERT|MODIFY"),
    ("dynamodb", "DeleteItem"): Effect("item", _TABLE, "REMOVE"),
    ("dynamodb", "BatchWriteItem"): Effect("item", (("RequestItems", "?"), ("TableName",)), "INSERT|MODIFY|REMOVE"),
    ("dynamodb", "TransactWriteItems"): Effect(
        "item",
        (
            ("TransactItems", "*", "Put", "TableName"),
            ("TransactItems", "*", "Update", "TableName"),
            ("TransactItems", "*", "Delete", "TableName"),
        ),
        "INSERT|MODIFY|REMOVE",
    ),
    ("kinesis", "PutRecord"): Effect("record", (("StreamName",), ("StreamARN",))),
    ("kinesis", "PutRecords"): Effect("record", (("StreamName",), ("StreamARN",))),
    ("firehose", "PutRecord"): Effect("record", (("DeliveryStreamName",),)),
    ("firehose", "PutRecordBatch"): Effect("record", (("DeliveryStreamName",),)),
    ("lambda", "Invoke"): Effect("invocation", (("FunctionName",),)),
    ("lambda", "InvokeAsync"): Effect("invocation", (("FunctionName",),)),
    ("lambda", "InvokeWithResponseStream"): Effect("invocation", (("FunctionName",),)),
    ("stepfunctions", "StartExecution"): Effect("execution", (("stateMachineArn",),)),
    ("stepfunctions", "StartSyncExecution"): Effect("execution", (("stateMachineArn",),)),
    ("iot-data", "Publish"): Effect("publication", (("topic",),)),
}
"""Operations whose outcome may make a function run."""

GLOBAL_SERVICES = frozenset(
    (
        "account",
        "bcm-data-exports",
        "billing",
        "billingconductor",
        "budgets",
        "ce",
        "chime",
        "cloudfront",
        "codecatalyst",
        "cost-optimization-hub",
        "cur",
        "devicefarm",
        "ecr-public",
        "freetier",
        "globalaccelerator",
        "health",
        "iam",
        "importexport",
        "invoicing",
        "marketplace-agreement",
        "marketplace-catalog",
        "marketplace-entitlement",
        "marketplacecommerceanalytics",
        "meteringmarketplace",
        "mturk",
        "networkmanager",
        "notificationscontacts",
        "organizations",
        "pricing",
        "route53",
        "route53-recovery-control-config",
        "route53domains",
        "savingsplans",
        "shield",
        "support",
        "taxsettings",
        "trustedadvisor",
        "waf",
    )
)
"""Services whose API is in one Region, or in a few, for all: those without regional endpoints in botocore 1.44."""

GLOBAL_IN_US_EAST_1 = frozenset(("acm", "cloudwatch", "fms", "sts", "wafv2"))
"""Regional services that global resources need in us-east-1: certificates and web ACLs of CloudFront, metrics of
billing and CloudFront, the administrator account of Firewall Manager, and the global endpoint of STS."""
