"""CDK apps that are generated: the source, and ``cdk.out`` with templates, tree, metadata and assets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Any

from tools.bench.templates import PYTHON, Declared

Json = dict[str, Any]


def app(stack: str, functions: Sequence[Declared], code: Mapping[str, Mapping[str, str]], size: int) -> dict[str, str]:
    """The files of an app with one stack, whose template has about ``size`` bytes.

    ``code`` gives the files of each function's folder.
    """
    random = Random(stack)
    files = {
        "cdk.json": '{"app": "npx ts-node bin/app.ts"}\n',
        "package.json": json.dumps({"name": stack.lower(), "devDependencies": {"aws-cdk": "2.1000.0"}}, indent=2)
        + "\n",
        "bin/app.ts": f"import {{ App }} from 'aws-cdk-lib';\nimport {{ {stack}Stack }} from '../lib/stack';\n\n"
        f"new {stack}Stack(new App(), '{stack}');\n",
        "lib/stack.ts": _source(stack, functions),
    }
    resources: Json = {}
    tree: Json = {}
    assets: Json = {}
    metadata: Json = {f"/{stack}": [{"type": "aws:cdk:templateFile", "data": f"{stack}.template.json"}]}
    for line, item in enumerate(functions, 12):
        content = code[item.folder]
        digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        for name, text in content.items():
            files[f"{item.folder}/{name}"] = text
            files[f"cdk.out/asset.{digest}/{name}"] = text
        assets[digest] = _asset(f"{stack}/{item.name}/Code", f"asset.{digest}", "zip")
        made = _function(stack, item, digest)
        resources.update(made)
        _note(stack, made, tree, metadata, line)
    number = 0
    length = _length(resources)
    while length < size:
        made = _other(stack, number, random)
        resources.update(made)
        _note(stack, made, tree, metadata, number)
        length += _length(made)
        number += 1
    template = {
        "Resources": resources,
        "Parameters": {
            "BootstrapVersion": {
                "Type": "AWS::SSM::Parameter::Value<String>",
                "Default": "/cdk-bootstrap/hnb659fds/version",
            }
        },
    }
    manifest = {
        "version": "48.0.0",
        "artifacts": {
            f"{stack}.assets": {"type": "cdk:asset-manifest", "properties": {"file": f"{stack}.assets.json"}},
            stack: {
                "type": "aws:cloudformation:stack",
                "environment": "aws://unknown-account/unknown-region",
                "properties": {"templateFile": f"{stack}.template.json"},
                "additionalMetadataFile": f"{stack}.metadata.json",
                "displayName": stack,
            },
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        },
        "minimumCliVersion": "2.1000.0",
    }
    assets[sha256(stack.encode()).hexdigest()] = _asset(f"{stack} Template", f"{stack}.template.json", "file")
    root = {"id": "App", "path": "", "children": {stack: {"id": stack, "path": stack, "children": tree}}}
    outputs = {
        "manifest.json": manifest,
        f"{stack}.template.json": template,
        f"{stack}.assets.json": {"version": "48.0.0", "files": assets, "dockerImages": {}},
        f"{stack}.metadata.json": metadata,
        "tree.json": {"version": "tree-0.1", "tree": root},
        "cdk.out": {"version": "48.0.0"},
    }
    files.update({f"cdk.out/{name}": json.dumps(value, indent=1) for name, value in outputs.items()})
    return files


def _length(resources: Json) -> int:
    """How many bytes resources take in a template, where each line is indented by one more."""
    text = json.dumps(resources, indent=1)
    return len(text) + text.count("\n")


def _source(stack: str, functions: Sequence[Declared]) -> str:
    lines = [
        "import { Stack } from 'aws-cdk-lib';",
        "import { Construct } from 'constructs';",
        "import * as lambda from 'aws-cdk-lib/aws-lambda';",
        "import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';",
        "",
        f"export class {stack}Stack extends Stack {{",
        "  constructor(scope: Construct, id: string) {",
        "    super(scope, id);",
        "    const key = { name: 'pk', type: dynamodb.AttributeType.STRING };",
    ]
    for item in functions:
        runtime = "PYTHON_3_13" if item.runtime == PYTHON else "NODEJS_24_X"
        lines.extend(
            (
                f"    const table{item.name} = new dynamodb.Table(this, '{item.name}Table', {{ partitionKey: key }});",
                f"    new lambda.Function(this, '{item.name}', {{",
                f"      runtime: lambda.Runtime.{runtime},",
                f"      handler: '{item.handler}',",
                f"      code: lambda.Code.fromAsset('{item.folder}'),",
                f"      environment: {{ TABLE_NAME: table{item.name}.tableName }},",
                "    });",
            )
        )
    return "\n".join((*lines, "  }", "}", ""))


def _id(path: str) -> str:
    return (
        "".join(part for part in path.replace("-", "").split("/") if part != "Resource")
        + sha256(path.encode()).hexdigest()[:8].upper()
    )


def _asset(name: str, path: str, packaging: str) -> Json:
    place = {
        "bucketName": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",
        "objectKey": path.removeprefix("asset.") + (".zip" if packaging == "zip" else ""),
    }
    source = {"path": path, "packaging": packaging}
    return {"displayName": name, "source": source, "destinations": {"current_account-current_region": place}}


def _resource(path: str, kind: str, properties: Json, **further: Any) -> Json:
    metadata = {"aws:cdk:path": path, **further}
    return {"Type": kind, "Properties": properties, "Metadata": metadata}


def _arn(logical: str) -> Json:
    return {"Fn::GetAtt": [logical, "Arn"]}


def _function(stack: str, item: Declared, digest: str) -> Json:
    base = f"{stack}/{item.name}"
    role, policy, function = f"{base}/ServiceRole/Resource", f"{base}/ServiceRole/DefaultPolicy", f"{base}/Resource"
    table, topic = f"{base}Table/Resource", f"{base}Topic/Resource"
    assumed = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    basic = ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    variables = {"TABLE_NAME": {"Ref": _id(table)}, "TOPIC_ARN": {"Ref": _id(topic)}, "STAGE": "dev"}
    actions = [f"dynamodb:{name}" for name in ("GetItem", "PutItem", "Query", "Scan", "UpdateItem", "DeleteItem")]
    may = [
        {"Action": actions, "Effect": "Allow", "Resource": [_arn(_id(table)), {"Ref": "AWS::NoValue"}]},
        {"Action": "sns:Publish", "Effect": "Allow", "Resource": {"Ref": _id(topic)}},
    ]
    made: dict[str, tuple[str, Json]] = {
        table: (
            "AWS::DynamoDB::Table",
            {
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
            },
        ),
        topic: ("AWS::SNS::Topic", {}),
        role: (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {"Statement": [assumed], "Version": "2012-10-17"},
                "ManagedPolicyArns": [{"Fn::Join": ["", basic]}],
            },
        ),
        policy: (
            "AWS::IAM::Policy",
            {
                "PolicyDocument": {"Statement": may, "Version": "2012-10-17"},
                "PolicyName": _id(policy),
                "Roles": [{"Ref": _id(role)}],
            },
        ),
        function: (
            "AWS::Lambda::Function",
            {
                "Code": {
                    "S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"},
                    "S3Key": f"{digest}.zip",
                },
                "Environment": {"Variables": variables},
                "Handler": item.handler,
                "MemorySize": 256,
                "Role": _arn(_id(role)),
                "Runtime": item.runtime,
                "Timeout": 30,
            },
        ),
    }
    if item.event == "queue":
        queue = f"{base}Queue/Resource"
        made[queue] = ("AWS::SQS::Queue", {"VisibilityTimeout": 180})
        made[f"{base}/SqsEventSource/Resource"] = (
            "AWS::Lambda::EventSourceMapping",
            {
                "EventSourceArn": _arn(_id(queue)),
                "FunctionName": {"Ref": _id(function)},
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
            },
        )
    else:
        rule = f"{base}Rule/Resource"
        made[rule] = (
            "AWS::Events::Rule",
            {
                "ScheduleExpression": "rate(1 day)",
                "State": "ENABLED",
                "Targets": [{"Arn": _arn(_id(function)), "Id": "Target0"}],
            },
        )
        made[f"{base}Rule/AllowEventRule"] = (
            "AWS::Lambda::Permission",
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": _arn(_id(function)),
                "Principal": "events.amazonaws.com",
                "SourceArn": _arn(_id(rule)),
            },
        )
    found = {_id(path): _resource(path, kind, properties) for path, (kind, properties) in made.items()}
    found[_id(function)]["DependsOn"] = [_id(policy), _id(role)]
    found[_id(function)]["Metadata"].update(
        {"aws:asset:path": f"asset.{digest}", "aws:asset:is-bundled": False, "aws:asset:property": "Code"}
    )
    return found


def _other(stack: str, number: int, random: Random) -> Json:
    """A resource that has nothing to do with functions, as large stacks have most of."""
    base = f"{stack}/Part{number // 40}/Item{number}"
    if number % 3 == 0:
        path = f"{base}Alarm/Resource"
        statistics = {
            "MetricName": "Errors",
            "Namespace": f"Shop/Part{number // 40}",
            "Period": 300,
            "Statistic": "Sum",
        }
        properties = {
            "AlarmDescription": f"Too many errors of item {number}",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Dimensions": [
                {"Name": "Item", "Value": str(number)},
                {"Name": "Stack", "Value": {"Ref": "AWS::StackName"}},
            ],
            "EvaluationPeriods": random.randrange(1, 5),
            "Threshold": random.randrange(1, 100),
            "TreatMissingData": "notBreaching",
            **statistics,
        }
        return {_id(path): _resource(path, "AWS::CloudWatch::Alarm", properties)}
    if number % 3 == 1:
        path = f"{base}Grant/Resource"
        places = [{"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::shop-{number}-{part}/*"} for part in range(6)]
        statement = {"Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*"], "Effect": "Allow", "Resource": places}
        properties = {"PolicyDocument": {"Statement": [statement], "Version": "2012-10-17"}}
        return {_id(path): _resource(path, "AWS::IAM::ManagedPolicy", properties)}
    path = f"{base}Machine/Resource"
    states = {
        f"Step{step}": {"Type": "Wait", "Seconds": random.randrange(1, 60), "Next": f"Step{step + 1}"}
        for step in range(8)
    }
    text = json.dumps({"StartAt": "Step0", "States": {**states, "Step8": {"Type": "Succeed"}}})
    joined = {"Fn::Join": ["", [text[: len(text) // 2], {"Ref": "AWS::NoValue"}, text[len(text) // 2 :]]]}
    role = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/machine"}
    properties = {"DefinitionString": joined, "RoleArn": role}
    return {_id(path): _resource(path, "AWS::StepFunctions::StateMachine", properties)}


def _note(stack: str, made: Json, tree: Json, metadata: Json, line: int) -> None:
    """Puts resources into the construct tree and the metadata."""
    for logical, resource in made.items():
        path = resource["Metadata"]["aws:cdk:path"]
        children = tree
        parts = path.split("/")[1:]
        for depth, part in enumerate(parts, 2):
            node = children.setdefault(part, {"id": part, "path": "/".join(path.split("/")[:depth]), "children": {}})
            node["constructInfo"] = {"fqn": "constructs.Construct", "version": "10.4.0"}
            children = node["children"]
        node["attributes"] = {
            "aws:cdk:cloudformation:type": resource["Type"],
            "aws:cdk:cloudformation:props": resource["Properties"],
        }
        metadata[f"/{path}"] = [{"type": "aws:cdk:logicalId", "data": logical}]
