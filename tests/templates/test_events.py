"""Whatever makes a function run is linked to it and to its source, as SAM events and as plain CloudFormation."""

# ruff: noqa: E501 (a table is read by rows)

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from lambdalint.project.model import EventSource, Project
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

RESOURCES = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, InlineCode: 'def handler(event, context): pass'EVENTS}
  Bucket: {Type: 'AWS::S3::Bucket'}
  Queue: {Type: 'AWS::SQS::Queue'}
  Topic: {Type: 'AWS::SNS::Topic'}
  Stream: {Type: 'AWS::Kinesis::Stream'}
  Table: {Type: 'AWS::DynamoDB::Table'}
  Cluster: {Type: 'AWS::MSK::Cluster'}
  Broker: {Type: 'AWS::AmazonMQ::Broker'}
  Documents: {Type: 'AWS::DocDB::DBCluster'}
  Bus: {Type: 'AWS::Events::EventBus'}
  Log: {Type: 'AWS::Logs::LogGroup'}
  Pool: {Type: 'AWS::Cognito::UserPool'}
  Rest: {Type: 'AWS::ApiGateway::RestApi'}
  Http: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP}}
  Socket: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: WEBSOCKET}}
"""
URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations'"


def project(folder: Path, *resources: str, events: str = "") -> Project:
    text = RESOURCES.replace("EVENTS", events) + "".join(indent(item, "  ") + "\n" for item in resources)
    return Reading(str(write(folder, {"template.yaml": text})), Settings()).project()


def sources(folder: Path, *resources: str, events: str = "") -> list[tuple[str, str]]:
    """Kind and declared source of what triggers the function."""

    def told(source: EventSource) -> tuple[str, str]:
        assert source.function.name == "Orders"
        assert source.span.line > 0
        return source.kind, source.source.logical_id if source.source is not None else ""

    return [told(source) for source in project(folder, *resources, events=events).event_sources]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("Type: S3, Properties: {Bucket: !Ref Bucket, Events: 's3:ObjectCreated:*'}", ("s3", "Bucket")),
        ("Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}", ("sqs", "Queue")),
        ("Type: SNS, Properties: {Topic: !Ref Topic}", ("sns", "Topic")),
        ("Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: true}", ("sqs", "")),
        ("Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: false}", ("sns", "Topic")),
        (
            "Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: {QueueArn: !GetAtt Queue.Arn, QueueUrl: x}}",
            ("sqs", "Queue"),
        ),
        ("Type: Kinesis, Properties: {Stream: !GetAtt Stream.Arn}", ("kinesis", "Stream")),
        ("Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn}", ("dynamodb", "Table")),
        ("Type: MSK, Properties: {Stream: !Ref Cluster, Topics: [a]}", ("msk", "Cluster")),
        ("Type: MQ, Properties: {Broker: !GetAtt Broker.Arn, Queues: [a]}", ("mq", "Broker")),
        ("Type: SelfManagedKafka, Properties: {KafkaBootstrapServers: [a], Topics: [a]}", ("kafka", "")),
        ("Type: DocumentDB, Properties: {Cluster: !Ref Documents}", ("documentdb", "Documents")),
        ("Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Rest}", ("api", "Rest")),
        ("Type: HttpApi", ("http-api", "")),
        ("Type: Schedule, Properties: {Schedule: rate(1 day)}", ("schedule", "")),
        ("Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}", ("schedule", "")),
        ("Type: CloudWatchEvent, Properties: {Pattern: {source: [a]}}", ("eventbridge", "")),
        ("Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus, Pattern: {source: [a]}}", ("eventbridge", "Bus")),
        ("Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Log, FilterPattern: ''}", ("logs", "Log")),
        ("Type: IoTRule, Properties: {Sql: SELECT * FROM 'a'}", ("iot", "")),
        ("Type: AlexaSkill", ("alexa", "")),
        ("Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PreSignUp}", ("cognito", "Pool")),
    ],
)
def test_sam_events(tmp_path: Path, event: str, expected: tuple[str, str]) -> None:
    assert sources(tmp_path, events=f", Events: {{Event: {{{event}}}}}") == [expected]


def test_function_url_and_destinations_of_a_sam_function(tmp_path: Path) -> None:
    given = ", FunctionUrlConfig: {AuthType: NONE}, EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: !GetAtt Orders.Arn}}}"
    assert sources(tmp_path, events=given) == [("url", ""), ("destination", "Orders")]


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !GetAtt Queue.Arn", ("sqs", "Queue")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn", ("kinesis", "Stream")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !GetAtt Table.StreamArn", ("dynamodb", "Table")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !Ref Cluster, Topics: [a]", ("msk", "Cluster")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, SelfManagedEventSource: {}", ("kafka", "")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !GetAtt Broker.Arn", ("mq", "Broker")),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref Orders, EventSourceArn: !Ref Documents", ("documentdb", "Documents")),
        ("Lambda::EventInvokeConfig", "FunctionName: !Ref Orders, DestinationConfig: {OnSuccess: {Destination: !GetAtt Orders.Arn}}", ("destination", "Orders")),
        ("Lambda::Url", "TargetFunctionArn: !Ref Orders, AuthType: NONE", ("url", "")),
        ("S3::Bucket", "NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:*', Function: !GetAtt Orders.Arn}]}", ("s3", "Thing")),
        ("SNS::Subscription", "Protocol: lambda, Endpoint: !GetAtt Orders.Arn, TopicArn: !Ref Topic", ("sns", "Topic")),
        ("SNS::Topic", "Subscription: [{Protocol: lambda, Endpoint: !GetAtt Orders.Arn}]", ("sns", "Thing")),
        ("Events::Rule", "EventBusName: !Ref Bus, EventPattern: {source: [a]}, Targets: [{Arn: !GetAtt Orders.Arn}]", ("eventbridge", "Bus")),
        ("Events::Rule", "ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt Orders.Arn}]", ("schedule", "")),
        ("Scheduler::Schedule", "ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt Orders.Arn}", ("schedule", "")),
        ("Pipes::Pipe", "Source: !GetAtt Queue.Arn, Target: !GetAtt Orders.Arn", ("pipe", "Queue")),
        ("Pipes::Pipe", "Source: !GetAtt Queue.Arn, Enrichment: !GetAtt Orders.Arn, Target: !Ref Topic", ("pipe", "Queue")),
        ("Logs::SubscriptionFilter", "LogGroupName: !Ref Log, DestinationArn: !GetAtt Orders.Arn", ("logs", "Log")),
        ("IoT::TopicRule", "TopicRulePayload: {Sql: x, Actions: [{Lambda: {FunctionArn: !GetAtt Orders.Arn}}]}", ("iot", "")),
        ("IoT::TopicRule", "TopicRulePayload: {Sql: x, Actions: [], ErrorAction: {Lambda: {FunctionArn: !GetAtt Orders.Arn}}}", ("iot-error", "")),
        ("Config::ConfigRule", "Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt Orders.Arn}", ("config", "")),
        ("SES::ReceiptRule", "Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt Orders.Arn}}]}", ("ses", "")),
        ("SecretsManager::RotationSchedule", "SecretId: x, RotationLambdaARN: !GetAtt Orders.Arn", ("rotation", "")),
        ("CloudFormation::CustomResource", "ServiceToken: !GetAtt Orders.Arn", ("custom-resource", "")),
        ("CloudFormation::Macro", "Name: M, FunctionName: !GetAtt Orders.Arn", ("macro", "")),
        ("CloudWatch::Alarm", "AlarmActions: [!GetAtt Orders.Arn]", ("alarm", "Thing")),
        ("CodeCommit::Repository", "Triggers: [{DestinationArn: !GetAtt Orders.Arn}]", ("codecommit", "Thing")),
        ("CodePipeline::Pipeline", "Stages: [{Actions: [{ActionTypeId: {Provider: Lambda}, Configuration: {FunctionName: !Ref Orders}}]}]", ("codepipeline", "Thing")),
        ("ApiGateway::Method", f"RestApiId: !Ref Rest, Integration: {{Uri: {URI}}}", ("api", "Rest")),
        ("ApiGateway::Authorizer", f"RestApiId: !Ref Rest, AuthorizerUri: {URI}", ("authorizer", "Rest")),
        ("ApiGateway::RestApi", f"Body: {{paths: {{/: {{get: {{x-amazon-apigateway-integration: {{uri: {URI}}}}}}}}}}}", ("api", "Thing")),
        ("ApiGateway::RestApi", f"Body: {{securityDefinitions: {{a: {{x-amazon-apigateway-authorizer: {{authorizerUri: {URI}}}}}}}}}", ("authorizer", "Thing")),
        ("ApiGatewayV2::Integration", "ApiId: !Ref Http, IntegrationUri: !GetAtt Orders.Arn", ("http-api", "Http")),
        ("ApiGatewayV2::Integration", f"ApiId: !Ref Socket, IntegrationUri: {URI}", ("websocket-api", "Socket")),
        ("ApiGatewayV2::Authorizer", f"ApiId: !Ref Http, AuthorizerUri: {URI}", ("authorizer", "Http")),
        ("ApiGatewayV2::Api", "ProtocolType: HTTP, Target: !GetAtt Orders.Arn", ("http-api", "Thing")),
        ("Serverless::HttpApi", "Auth: {Authorizers: {A: {FunctionArn: !GetAtt Orders.Arn}}}", ("authorizer", "Thing")),
        ("Cognito::UserPool", "LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}", ("cognito", "Thing")),
        ("Cognito::UserPool", "LambdaConfig: {PreTokenGenerationConfig: {LambdaArn: !GetAtt Orders.Arn}, KMSKeyID: x}", ("cognito", "Thing")),
        ("ElasticLoadBalancingV2::TargetGroup", "TargetType: lambda, Targets: [{Id: !GetAtt Orders.Arn}]", ("alb", "Thing")),
        ("VpcLattice::TargetGroup", "Type: LAMBDA, Targets: [{Id: !GetAtt Orders.Arn}]", ("lattice", "Thing")),
        ("CloudFront::Distribution", "DistributionConfig: {DefaultCacheBehavior: {LambdaFunctionAssociations: [{LambdaFunctionARN: !Ref Orders.Version}]}}", ("edge", "Thing")),
        ("AppSync::DataSource", "ApiId: x, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}", ("appsync", "")),
        ("AppSync::GraphQLApi", "LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt Orders.Arn}", ("authorizer", "Thing")),
        ("Serverless::GraphQLApi", "DataSources: {Lambda: {A: {FunctionArn: !GetAtt Orders.Arn}}}", ("appsync", "Thing")),
        ("StepFunctions::StateMachine", "DefinitionSubstitutions: {A: !GetAtt Orders.Arn}", ("step-functions", "Thing")),
        ("StepFunctions::StateMachine", "DefinitionString: !Sub '{\"Resource\": \"${Orders.Arn}\"}'", ("step-functions", "Thing")),
        ("StepFunctions::StateMachine", "DefinitionString: {'Fn::ToJsonString': {Resource: !GetAtt Orders.Arn}}", ("step-functions", "Thing")),
        ("KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration: {ProcessingConfiguration: {Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}", ("firehose", "Thing")),
        ("Bedrock::Agent", "ActionGroups: [{ActionGroupExecutor: {Lambda: !GetAtt Orders.Arn}}]", ("bedrock", "Thing")),
        ("Lex::BotAlias", "BotId: x, BotAliasLocaleSettings: [{BotAliasLocaleSetting: {CodeHookSpecification: {LambdaCodeHook: {LambdaArn: !GetAtt Orders.Arn}}}}]", ("lex", "")),
        ("S3ObjectLambda::AccessPoint", "ObjectLambdaConfiguration: {TransformationConfigurations: [{ContentTransformation: {AwsLambda: {FunctionArn: !GetAtt Orders.Arn}}}]}", ("object-lambda", "")),
    ],
)  # fmt: skip
def test_cloudformation_events(tmp_path: Path, kind: str, properties: str, expected: tuple[str, str]) -> None:
    assert sources(tmp_path, f"Thing: {{Type: 'AWS::{kind}', Properties: {{{properties}}}}}") == [expected]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("SNS::Subscription", "Protocol: sqs, Endpoint: !GetAtt Queue.Arn, TopicArn: !Ref Topic"),
        ("Config::ConfigRule", "Source: {Owner: AWS, SourceIdentifier: !GetAtt Orders.Arn}"),
        ("ElasticLoadBalancingV2::TargetGroup", "TargetType: ip, Targets: [{Id: 10.0.0.1}]"),
        ("Events::Rule", "EventPattern: {source: [a]}, Targets: [{Arn: !GetAtt Queue.Arn}]"),
        ("Lambda::Permission", "FunctionName: !Ref Orders, Principal: s3.amazonaws.com, Action: lambda:InvokeFunction"),
        ("Lambda::EventSourceMapping", "FunctionName: !Ref AWS::NoValue, EventSourceArn: !GetAtt Queue.Arn"),
    ],
)
def test_what_looks_alike(tmp_path: Path, kind: str, properties: str) -> None:
    assert sources(tmp_path, f"Thing: {{Type: 'AWS::{kind}', Properties: {{{properties}}}}}") == []


@pytest.mark.parametrize(
    ("node", "events", "resources"),
    [
        ("queue", ", Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}", ()),
        ("topic", ", Events: {E: {Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: true}}}", ()),
        ("bucket", ", Events: {E: {Type: S3, Properties: {Bucket: !Ref Bucket}}}", ()),
        ("table", ", Events: {E: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn}}}", ()),
        (
            "bus",
            ", Events: {E: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus, Pattern: {source: [a]}}}}",
            (),
        ),
        ("log group", ", Events: {E: {Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Log}}}", ()),
        (
            "queue",
            "",
            ("P: {Type: 'AWS::Pipes::Pipe', Properties: {Source: !GetAtt Queue.Arn, Target: !GetAtt Orders.Arn}}",),
        ),
    ],
)
def test_edges_of_the_flow_have_places(tmp_path: Path, node: str, events: str, resources: tuple[str, ...]) -> None:
    found = project(tmp_path, *resources, events=events)
    (upstream,) = found.flow.upstream(found.functions[0], node)
    (route,) = found.flow.routes(upstream)
    assert (route.target, route.span.path) == (found.functions[0], "template.yaml")
    assert route.span.line > 1
