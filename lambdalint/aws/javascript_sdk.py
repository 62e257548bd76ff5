"""AWS's SDKs for JavaScript: which class is which service, which command which operation.

Sources: the packages ``@aws-sdk/client-*``, ``@aws-sdk/lib-dynamodb`` and ``@aws-sdk/lib-storage`` of version 3 (3.9xx)
and ``aws-sdk`` 2.1692 (``apis/metadata.json``), as of 2026-11. Classes are called after the service's id, with few
exceptions in version 2.
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

OTHER_CLASSES = {
    "augmentedairuntime": "sagemaker-a2i-runtime",
    "cloudwatchevents": "events",
    "cognitoidentityserviceprovider": "cognito-idp",
    "cur": "cur",
    "discovery": "discovery",
    "dms": "dms",
    "elb": "elb",
    "elbv2": "elbv2",
    "es": "es",
    "forecastqueryservice": "forecastquery",
    "forecastservice": "forecast",
    "iotdata": "iot-data",
    "kinesisvideosignalingchannels": "kinesis-video-signaling",
    "lexruntime": "lex-runtime",
    "rdsdataservice": "rds-data",
    "stepfunctions": "stepfunctions",
    "transcribeservice": "transcribe",
}
"""Classes and packages that are not called after the service's id, in lower case without hyphens."""

LOCAL_METHODS = frozenset(
    (
        "createPresignedPost",
        "createSet",
        "defineService",
        "destroy",
        "getSignedUrl",
        "getSignedUrlPromise",
        "makeRequest",
        "makeUnauthenticatedRequest",
        "setupRequestListeners",
        "waitFor",
    )
)
"""Methods of clients that call no operation of their own name."""

UPLOAD = ("s3", "PutObject")
"""What ``upload`` of version 2 and ``Upload`` of lib-storage come to, in one request or in parts."""

TRACERS = frozenset(("captureAWS", "captureAWSClient", "captureAWSv3Client", "captureHTTPs"))
"""Functions of X-Ray's SDK and Powertools' tracer that give back what they are given, traced."""

SDK_V2 = "aws-sdk"
CLIENTS_OF_V2 = "aws-sdk/clients/"
"""Where each service's class of version 2 is, in lower case; ``all`` has them all."""

CLIENTS_OF_V3 = "@aws-sdk/client-"
DOCUMENTS_OF_V3 = "@aws-sdk/lib-dynamodb"
UPLOADS_OF_V3 = "@aws-sdk/lib-storage"

UNMARSHALLERS = frozenset(
    ("@aws-sdk/util-dynamodb.unmarshall", "aws-sdk.DynamoDB.Converter.unmarshall", "aws-sdk.DynamoDB.Converter.output")
)
"""Functions that give DynamoDB's items as plain maps."""


def service_of_package(package: str) -> str:
    """boto3's client name for a package of version 3 (``@aws-sdk/client-s3``), or nothing."""
    return service_of_class(package.removeprefix(CLIENTS_OF_V3)) if package.startswith(CLIENTS_OF_V3) else ""


def service_of_class(name: str) -> str:
    """boto3's client name for a class of version 2 (``S3``) or a service's name in another spelling, or nothing."""
    return OTHER_CLASSES.get(name.lower().replace("-", "")) or sdk.service_of_identifier(name)


_KNOWN_SCOPES = ("@aws-sdk/", "@smithy/", "@aws-lambda-powertools/", "@middy/", "aws-xray-sdk")


def is_known_package(specifier: str) -> bool:
    """Whether a specifier names a published package that is known here by its name, so that it is not followed.

    That holds in the repository that makes it, too: its examples are judged as those of any other user.
    """
    return specifier == SDK_V2 or specifier.startswith((f"{SDK_V2}/", *_KNOWN_SCOPES))
