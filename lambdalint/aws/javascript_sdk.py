"""AWS's SDKs for JavaScript: which class is which service, which command which operation.

Sources: the packages ``@aws-sdk/client-*``, ``@aws-sdk/lib-dynamodb`` and ``@aws-sdk/lib-storage`` of version 3 (3.9xx)
and ``aws-sdk`` 2.1692, as of 2026-11. Classes are called after the service's id, with few exceptions in version 2.
"""

from __future__ import annotations

from lambdalint.aws import sdk

DOCUMENT_METHODS = {
    "get": "GetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "query": "Query",
    "scan": "Scan",
    "batchGet": "BatchGetItem",
    "batchWrite": "BatchWriteItem",
    "transactGet": "TransactGetItems",
    "transactWrite": "TransactWriteItems",
    "executeStatement": "ExecuteStatement",
    "batchExecuteStatement": "BatchExecuteStatement",
    "executeTransaction": "ExecuteTransaction",
}
"""The methods of DynamoDB's document clients; the commands of lib-dynamodb have the same names."""

CLASSES_OF_VERSION_2 = {
    "CognitoIdentityServiceProvider": "cognito-idp",
    "StepFunctions": "stepfunctions",
    "CloudWatchEvents": "events",
    "CloudWatchLogs": "logs",
    "IotData": "iot-data",
    "IoTData": "iot-data",
    "Iot": "iot",
    "TranscribeService": "transcribe",
    "RDSDataService": "rds-data",
    "ELB": "elb",
    "ELBv2": "elbv2",
    "SES": "ses",
    "LexRuntime": "lex-runtime",
    "ServiceCatalog": "servicecatalog",
    "MarketplaceMetering": "meteringmarketplace",
    "ResourceGroupsTaggingAPI": "resourcegroupstaggingapi",
    "CUR": "cur",
    "DMS": "dms",
    "Inspector": "inspector",
}
"""Classes of version 2 whose names are not the service's id."""

LOCAL_METHODS = frozenset(
    (
        "getSignedUrl",
        "getSignedUrlPromise",
        "createPresignedPost",
        "makeRequest",
        "destroy",
        "waitFor",
        "setPromisesDependency",
    )
)
"""Methods of clients of version 2 that call no operation of their own name."""

TRACERS = frozenset(("captureAWS", "captureAWSClient", "captureAWSv3Client"))
"""Functions of X-Ray's SDK and Powertools' tracer that give back what they are given, traced."""

SDK_V2 = "aws-sdk"


def service_of_package(package: str) -> str:
    """boto3's client name for a package of version 3 (``@aws-sdk/client-s3``), or nothing."""
    return sdk.service_of_identifier(package.removeprefix("@aws-sdk/client-"))


def service_of_class(name: str) -> str:
    """boto3's client name for a class of version 2 (``S3``), or nothing."""
    return CLASSES_OF_VERSION_2.get(name) or sdk.service_of_identifier(name)
