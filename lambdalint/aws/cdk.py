"""What AWS CDK itself puts into the templates that it synthesises, as of 2026-11-22.

Source: aws-cdk-lib 2.150.0 and 2.276.0, the constructs and the generated custom resource providers
(https://github.com/aws/aws-cdk).
"""

from __future__ import annotations

SINGLETONS = frozenset(
    (
        "050a0587b7544547bf325f094a3db834",  # aws-s3: bucket notifications
        "aae0aa3c5b4d4f87b02d85b201efdd8a",  # aws-logs: log retention
        "8693bb64968944b69aafb0cc9eb8756c",  # aws-s3-deployment: bucket deployment
        "679f53fac002430cb0da5b7982bd2287",  # custom-resources: AwsCustomResource
        "b4cf1abd4e4f4bc699441af7ccd9ec37",  # aws-events-targets: AwsApi
        "224e77f9a32e4b4dac32983477abba16",  # aws-ses: drop spam
        "8a0c93f3dbef4b71ac137aaf2048ce7e",  # aws-stepfunctions-tasks: cross-region SDK calls
        "da2d1181604e4a4586941a6abd7fe42d",  # aws-stepfunctions-tasks: evaluate expression
        "2a430b68eb4b40269232ee39b71c1db8",
        "be6d8ca19d2c4db3aeebf6f27f3f2f10",
    )
)
"""The ends of construct ids (in lower case, without hyphens) of the functions that CDK makes once a stack."""

PROVIDERS = frozenset(
    (
        "AWSCDK.TriggerCustomResourceProvider",
        "AWSCDKCfnUtilsProvider",
        "Custom::AWSCDKOpenIdConnectProvider",
        "Custom::CrossAccountZoneDelegation",
        "Custom::CrossRegionExportReader",
        "Custom::CrossRegionExportWriter",
        "Custom::CrossRegionStringParameterReader",
        "Custom::DeleteExistingRecordSet",
        "Custom::ECRAutoDeleteImages",
        "Custom::S3AutoDeleteObjects",
        "Custom::SyntheticsAutoDeleteUnderlyingResources",
        "Custom::VpcRestrictDefaultSG",
    )
)
"""The custom resources whose provider CDK brings; the construct's id is one of these and ``CustomResourceProvider``."""

PROVIDER_SUFFIX = "CustomResourceProvider"
PROVIDER_CLASS = "aws-cdk-lib.CustomResourceProviderBase"
"""The class of the providers that CDK brings; a user's own one is ``CustomResourceProvider``."""

USER_PROVIDER_CLASS = "aws-cdk-lib.CustomResourceProvider"

FRAMEWORK = ("framework-onEvent", "framework-isComplete", "framework-onTimeout")
"""The ids of the functions of the provider framework. The functions that it calls are the user's."""

INTERNAL = ("@aws-cdk--", "@aws-cdk/")
"""How the ids of constructs begin that CDK makes for all users of a feature in a stack."""

HANDLERS = frozenset(("framework.onEvent", "framework.isComplete", "framework.onTimeout"))
"""Handlers of the provider framework."""

ENTRYPOINT = "__entrypoint__.handler"
"""The handler of custom resource providers, CDK's and the user's."""

DESCRIPTIONS = (
    "AWS CDK resource provider framework",
    'AWS CloudFormation handler for "Custom::',
    "Lambda function for auto-deleting ",
    "Lambda function for removing all inbound/outbound rules",
)
"""How the descriptions of CDK's own functions begin."""
