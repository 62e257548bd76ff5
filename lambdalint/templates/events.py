"""What makes functions run, as templates declare it: event source mappings, notifications, rules, APIs, SAM events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lambdalint.regex import regex
from lambdalint.source import NOWHERE, Data, Span
from lambdalint.templates.cloudformation import Resource, Template, elements, entries
from lambdalint.values import (
    Absent,
    Literal,
    MapOf,
    Parameter,
    Ref,
    Text,
    Unknown,
    Value,
    identity,
    member,
    options,
    text,
    truth,
)

_FUNCTION_ARN = regex(r"arn:[a-z-]+:lambda:[^:]*:[^:]*:function:")

POLL = frozenset(("sqs", "kinesis", "dynamodb", "msk", "kafka", "mq", "documentdb", "mapping", "pipe"))
SYNCHRONOUS = frozenset(
    (
        "api",
        "http-api",
        "websocket-api",
        "authorizer",
        "alb",
        "url",
        "cognito",
        "edge",
        "appsync",
        "alexa",
        "step-functions",
        "lex",
        "firehose",
        "bedrock",
        "lattice",
        "object-lambda",
    )
)


class Trigger(Data, frozen=True):
    """One declared event source.

    ``kind`` is one word for the service (``s3``, ``sqs``, ``eventbridge``, ``schedule``, ``api``…), ``target`` leads to
    the function, ``source`` to what sends the events. ``resource`` declares it, ``name`` is a SAM event's own.
    ``properties`` are those of the event source mapping, notification, rule, … in CloudFormation's spelling.
    """

    kind: str
    target: Value
    source: Value | None
    resource: str
    name: str
    span: Span
    properties: MapOf


Reader = Callable[[Resource], Iterator[Trigger]]


def triggers_of(template: Template) -> Iterator[Trigger]:
    """All event sources that a template declares, in the order of its resources."""
    for resource in template.resources.values():
        reader = _READERS.get(resource.type)
        if reader is not None:
            yield from reader(resource)
        elif resource.type.startswith("Custom::"):
            yield from _custom_resource(resource)


def _map(value: Value | None) -> MapOf:
    for option in options(value):
        if isinstance(option, MapOf):
            return option
    return MapOf((), value.span if value is not None else NOWHERE, value is not None)


def _trigger(
    resource: Resource,
    kind: str,
    target: Value | None,
    source: Value | None,
    properties: MapOf,
    at: Span | None = None,
    name: str = "",
) -> Iterator[Trigger]:
    if target is not None and not isinstance(target, Unknown):
        yield Trigger(kind, target, source, resource.logical_id, name, at or resource.key_span, properties)


def _own(resource: Resource) -> Ref:
    return Ref(resource.logical_id, "", resource.template.path, resource.key_span)


# --- event source mappings ----------------------------------------------------------------------------------------

SOURCE_TYPES = {
    "AWS::SQS::Queue": "sqs",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::MSK::Cluster": "msk",
    "AWS::MSK::ServerlessCluster": "msk",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "documentdb",
}
"""What an event source mapping polls, by the type of the resource."""
_ARN_SERVICES = {
    "sqs": "sqs",
    "kinesis": "kinesis",
    "dynamodb": "dynamodb",
    "kafka": "msk",
    "mq": "mq",
    "rds": "documentdb",
}


def source_kind(template: Template, source: Value | None, properties: MapOf) -> str:
    """Which service an event source mapping polls; ``mapping`` if that can't be told."""
    for option in options(source):
        if isinstance(option, Ref):
            resource = template.resources.get(option.name)
            if resource is not None and resource.type in SOURCE_TYPES:
                return SOURCE_TYPES[resource.type]
            if option.attribute == "StreamArn":
                return "dynamodb"
        beginning = _beginning(option)
        parts = beginning.split(":")
        if len(parts) > 2 and parts[0] == "arn" and parts[2] in _ARN_SERVICES:
            return _ARN_SERVICES[parts[2]]
    if properties.get("SelfManagedEventSource") is not None:
        return "kafka"
    if properties.get("Queues") is not None:
        return "mq"
    if properties.get("DocumentDBEventSourceConfig") is not None:
        return "documentdb"
    if properties.get("Topics") is not None:
        return "msk"
    return "mapping"


def _beginning(value: Value) -> str:
    """The beginning of a string, with pseudo parameters left empty."""
    if isinstance(value, Literal):
        return str(value.value)
    found = ""
    if isinstance(value, Text):
        for part in value.parts:
            if isinstance(part, Literal):
                found += str(part.value)
            elif isinstance(part, Ref) and part.name == "AWS::Partition":
                found += "aws"
            elif not (isinstance(part, (Ref, Parameter)) and found.count(":") >= 2):
                break
    return found


def _event_source_mapping(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    source = properties.get("EventSourceArn")
    kind = source_kind(resource.template, source, properties)
    yield from _trigger(resource, kind, properties.get("FunctionName"), source, properties)


# --- push, asynchronous -------------------------------------------------------------------------------------------


def _bucket(resource: Resource) -> Iterator[Trigger]:
    source = _own(resource)
    for item in elements(resource.value("NotificationConfiguration", "LambdaConfigurations")):
        properties = _map(item)
        yield from _trigger(resource, "s3", properties.get("Function"), source, properties, properties.span)


def _cdk_notifications(resource: Resource) -> Iterator[Trigger]:
    source = resource.value("BucketName")
    for item in elements(resource.value("NotificationConfiguration", "LambdaFunctionConfigurations")):
        given = _map(item)
        renamed = MapOf(
            tuple(
                type(entry)("Event" if entry.key == "Events" else entry.key, entry.value, entry.key_span)
                for entry in given.entries
            ),
            given.span,
        )
        yield from _trigger(resource, "s3", given.get("LambdaFunctionArn"), source, renamed, given.span)


def _subscription(resource: Resource) -> Iterator[Trigger]:
    if text(resource.value("Protocol")) == "lambda":
        properties = _map(resource.properties)
        yield from _trigger(resource, "sns", properties.get("Endpoint"), properties.get("TopicArn"), properties)


def _topic(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("Subscription")):
        properties = _map(item)
        if text(properties.get("Protocol")) == "lambda":
            yield from _trigger(resource, "sns", properties.get("Endpoint"), _own(resource), properties, item.span)


def _rule(resource: Resource) -> Iterator[Trigger]:
    kind = "schedule" if resource.get("ScheduleExpression") and not resource.get("EventPattern") else "eventbridge"
    whole = _map(resource.properties)
    for item in elements(resource.value("Targets")):
        target = _map(item)
        merged = MapOf((*target.entries, *(entry for entry in whole.entries if entry.key != "Targets")), whole.span)
        yield from _trigger(resource, kind, target.get("Arn"), resource.value("EventBusName"), merged)


def _schedule(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    yield from _trigger(resource, "schedule", resource.value("Target", "Arn"), None, properties)


def _logs(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    yield from _trigger(resource, "logs", properties.get("DestinationArn"), properties.get("LogGroupName"), properties)


def _iot(resource: Resource) -> Iterator[Trigger]:
    payload = _map(resource.value("TopicRulePayload"))
    for item in elements(payload.get("Actions")):
        target = member(member(item, "Lambda"), "FunctionArn")
        yield from _trigger(resource, "iot", target, payload.get("Sql"), payload)
    failed = member(member(payload.get("ErrorAction"), "Lambda"), "FunctionArn")
    yield from _trigger(resource, "iot-error", failed, None, payload)


def _config(resource: Resource) -> Iterator[Trigger]:
    if text(resource.value("Source", "Owner")) == "CUSTOM_LAMBDA":
        target = resource.value("Source", "SourceIdentifier")
        yield from _trigger(resource, "config", target, None, _map(resource.properties))


def _receipt(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("Rule", "Actions")):
        action = _map(member(item, "LambdaAction"))
        yield from _trigger(resource, "ses", action.get("FunctionArn"), None, action)


def _rotation(resource: Resource) -> Iterator[Trigger]:
    target = resource.value("RotationLambdaARN")
    yield from _trigger(resource, "rotation", target, resource.value("SecretId"), _map(resource.properties))


def _custom_resource(resource: Resource) -> Iterator[Trigger]:
    if resource.type == "Custom::S3BucketNotifications":
        yield from _cdk_notifications(resource)
    target = resource.value("ServiceToken")
    yield from _trigger(resource, "custom-resource", target, None, _map(resource.properties))


def _destinations(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    yield from _destinations_in(resource, properties.get("DestinationConfig"), properties.get("FunctionName"))


def _destinations_in(resource: Resource, config: Value | None, source: Value | None) -> Iterator[Trigger]:
    for entry in entries(config):
        target = member(entry.value, "Destination")
        yield from _trigger(resource, "destination", target, source, _map(entry.value), entry.key_span)


def _macro(resource: Resource) -> Iterator[Trigger]:
    yield from _trigger(resource, "macro", resource.value("FunctionName"), None, _map(resource.properties))


def _alarm(resource: Resource) -> Iterator[Trigger]:
    for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for target in elements(resource.value(name)):
            yield from _trigger(resource, "alarm", target, _own(resource), _map(resource.properties), target.span)


def _repository(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("Triggers")):
        given = _map(item)
        yield from _trigger(resource, "codecommit", given.get("DestinationArn"), _own(resource), given, item.span)


def _pipeline(resource: Resource) -> Iterator[Trigger]:
    for stage in elements(resource.value("Stages")):
        for item in elements(member(stage, "Actions")):
            action = _map(item)
            if text(member(action.get("ActionTypeId"), "Provider")) == "Lambda":
                target = member(action.get("Configuration"), "FunctionName")
                yield from _trigger(resource, "codepipeline", target, _own(resource), action, item.span)


def _pipe(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    yield from _trigger(resource, "pipe", properties.get("Target"), properties.get("Source"), properties)
    yield from _trigger(resource, "pipe", properties.get("Enrichment"), properties.get("Source"), properties)


# --- push, synchronous --------------------------------------------------------------------------------------------


def _delivery_stream(resource: Resource) -> Iterator[Trigger]:
    for entry in entries(resource.properties):
        for processor in elements(member(member(entry.value, "ProcessingConfiguration"), "Processors")):
            for item in elements(member(processor, "Parameters")):
                if text(member(item, "ParameterName")) == "LambdaArn":
                    target = member(item, "ParameterValue")
                    yield from _trigger(resource, "firehose", target, _own(resource), _map(processor), item.span)


def _agent(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("ActionGroups")):
        target = member(member(item, "ActionGroupExecutor"), "Lambda")
        yield from _trigger(resource, "bedrock", target, _own(resource), _map(item), item.span)


def _lattice(resource: Resource) -> Iterator[Trigger]:
    if text(resource.value("Type")) == "LAMBDA":
        for item in elements(resource.value("Targets")):
            yield from _trigger(resource, "lattice", member(item, "Id"), _own(resource), _map(resource.properties))


def _object_lambda(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("ObjectLambdaConfiguration", "TransformationConfigurations")):
        target = member(member(member(item, "ContentTransformation"), "AwsLambda"), "FunctionArn")
        yield from _trigger(resource, "object-lambda", target, None, _map(item), item.span)


def _bot_alias(resource: Resource) -> Iterator[Trigger]:
    for item in elements(resource.value("BotAliasLocaleSettings")):
        hook = member(member(member(item, "BotAliasLocaleSetting"), "CodeHookSpecification"), "LambdaCodeHook")
        target = member(hook, "LambdaArn")
        yield from _trigger(resource, "lex", target, resource.value("BotId"), _map(hook), item.span)


def _method(resource: Resource) -> Iterator[Trigger]:
    integration = _map(resource.value("Integration"))
    target = integration.get("Uri")
    yield from _trigger(resource, "api", target, resource.value("RestApiId"), integration)


def _api_body(resource: Resource) -> Iterator[Trigger]:
    kind = "http-api" if resource.type in ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api") else "api"
    for name in ("DefinitionBody", "Body"):
        for _, operations in _pairs(resource.value(name, "paths")):
            for _, operation in _pairs(operations):
                integration = _map(member(operation, "x-amazon-apigateway-integration"))
                yield from _trigger(resource, kind, integration.get("uri"), _own(resource), integration)
        schemes = (
            resource.value(name, "securityDefinitions"),
            resource.value(name, "components", "securitySchemes"),
        )
        for _, scheme in (pair for found in schemes for pair in _pairs(found)):
            given = _map(member(scheme, "x-amazon-apigateway-authorizer"))
            yield from _trigger(resource, "authorizer", given.get("authorizerUri"), _own(resource), given)
    if resource.type == "AWS::ApiGatewayV2::Api":
        yield from _trigger(resource, kind, resource.value("Target"), _own(resource), _map(resource.properties))
    for _, authorizer in _pairs(resource.value("Auth", "Authorizers")):
        given = _map(authorizer)
        yield from _trigger(resource, "authorizer", given.get("FunctionArn"), _own(resource), given)


def _pairs(value: Value | None) -> Iterator[tuple[str, Value]]:
    for entry in entries(value):
        yield entry.key, entry.value


def _integration(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    api = resource.value("ApiId")
    kind = "http-api"
    for option in options(api):
        declared = resource.template.resources.get(option.name) if isinstance(option, Ref) else None
        if declared is not None and text(declared.value("ProtocolType")) == "WEBSOCKET":
            kind = "websocket-api"
        elif declared is None or declared.type != "AWS::ApiGatewayV2::Api":
            kind = "gateway"
    yield from _trigger(resource, kind, properties.get("IntegrationUri"), api, properties)


def _authorizer(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    source = properties.get("RestApiId") or properties.get("ApiId")
    yield from _trigger(resource, "authorizer", properties.get("AuthorizerUri"), source, properties)


def _user_pool(resource: Resource) -> Iterator[Trigger]:
    for entry in entries(resource.value("LambdaConfig")):
        if entry.key == "KMSKeyID":
            continue
        named = type(entry)("Trigger", Literal(entry.key, entry.key_span), entry.key_span)
        details = MapOf((named,), entry.key_span)
        is_map = any(isinstance(option, MapOf) for option in options(entry.value))
        target = member(entry.value, "LambdaArn") if is_map else entry.value
        yield from _trigger(resource, "cognito", target, _own(resource), details, entry.key_span)


def _url(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    yield from _trigger(resource, "url", properties.get("TargetFunctionArn"), None, properties)


def _target_group(resource: Resource) -> Iterator[Trigger]:
    if text(resource.value("TargetType")) == "lambda":
        for item in elements(resource.value("Targets")):
            yield from _trigger(resource, "alb", member(item, "Id"), _own(resource), _map(resource.properties))


def _distribution(resource: Resource) -> Iterator[Trigger]:
    config = resource.value("DistributionConfig")
    behaviours = [member(config, "DefaultCacheBehavior"), *elements(member(config, "CacheBehaviors"))]
    for behaviour in behaviours:
        for item in elements(member(behaviour, "LambdaFunctionAssociations")):
            given = _map(item)
            yield from _trigger(resource, "edge", given.get("LambdaFunctionARN"), _own(resource), given, item.span)


def _data_source(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    target = resource.value("LambdaConfig", "LambdaFunctionArn")
    yield from _trigger(resource, "appsync", target, properties.get("ApiId"), properties)


def _graphql_api(resource: Resource) -> Iterator[Trigger]:
    additional = (
        member(item, "LambdaAuthorizerConfig") for item in elements(resource.value("AdditionalAuthenticationProviders"))
    )
    for config in (resource.value("LambdaAuthorizerConfig"), *additional):
        given = _map(config)
        yield from _trigger(resource, "authorizer", given.get("AuthorizerUri"), _own(resource), given)
    for _, given_source in _pairs(resource.value("DataSources", "Lambda")):
        given = _map(given_source)
        yield from _trigger(resource, "appsync", given.get("FunctionArn"), _own(resource), given)


def _state_machine(resource: Resource) -> Iterator[Trigger]:
    properties = _map(resource.properties)
    seen: set[tuple[object, ...] | None] = set()
    for name in ("DefinitionSubstitutions", "Definition", "DefinitionString"):
        for value in _leaves(resource.value(name), 0):
            key = identity(value)
            if key not in seen:
                seen.add(key)
                yield from _trigger(resource, "step-functions", value, _own(resource), properties)


def _leaves(value: Value | None, depth: int) -> Iterator[Value]:
    """The references and ARNs of functions in a structure."""
    if depth > 30 or value is None:
        return
    for option in options(value):
        if isinstance(option, Ref):
            if option.template:
                yield option
        elif isinstance(option, Literal):
            if isinstance(option.value, str) and _FUNCTION_ARN.match(option.value):
                yield option
        elif isinstance(option, Text):
            for part in option.parts:
                yield from _leaves(part, depth + 1)
        elif isinstance(option, MapOf):
            for entry in option.entries:
                yield from _leaves(entry.value, depth + 1)
        else:
            for item in elements(option):
                if item is not option:
                    yield from _leaves(item, depth + 1)


# --- SAM ----------------------------------------------------------------------------------------------------------

_SAM_KINDS: dict[str, tuple[str, str]] = {
    "S3": ("s3", "Bucket"),
    "SNS": ("sns", "Topic"),
    "Kinesis": ("kinesis", "Stream"),
    "DynamoDB": ("dynamodb", "Stream"),
    "SQS": ("sqs", "Queue"),
    "MSK": ("msk", "Stream"),
    "MQ": ("mq", "Broker"),
    "SelfManagedKafka": ("kafka", ""),
    "DocumentDB": ("documentdb", "Cluster"),
    "Api": ("api", "RestApiId"),
    "HttpApi": ("http-api", "ApiId"),
    "Schedule": ("schedule", ""),
    "ScheduleV2": ("schedule", ""),
    "CloudWatchEvent": ("eventbridge", "EventBusName"),
    "EventBridgeRule": ("eventbridge", "EventBusName"),
    "CloudWatchLogs": ("logs", "LogGroupName"),
    "IoTRule": ("iot", "Sql"),
    "AlexaSkill": ("alexa", "SkillId"),
    "Cognito": ("cognito", "UserPool"),
}
_SAM_NAMES = {"Pattern": "EventPattern", "Events": "Event", "Schedule": "ScheduleExpression"}


def _through_queue(given: MapOf) -> MapOf | None:
    """The properties of an SNS event that reaches its function over a queue; None if it comes straight."""
    wanted = given.get("SqsSubscription")
    if wanted is None or isinstance(wanted, (Absent, Unknown)) or truth(wanted) is False:
        return None
    kept = tuple(entry for entry in given.entries if entry.key in ("Topic", "SqsSubscription", "FilterPolicy"))
    return MapOf((*kept, *(_map(wanted).entries if isinstance(wanted, MapOf) else ())), given.span)


def _sam_function(resource: Resource) -> Iterator[Trigger]:
    target = _own(resource)
    for entry in entries(resource.value("Events")):
        event = _map(entry.value)
        kind, source = _SAM_KINDS.get(text(event.get("Type")) or "", ("", ""))
        if not kind:
            continue
        given = _map(event.get("Properties"))
        queued = _through_queue(given) if kind == "sns" else None
        if queued is not None:
            yield Trigger("sqs", target, queued.get("QueueArn"), resource.logical_id, entry.key, entry.key_span, queued)
            continue
        properties = MapOf(
            tuple(type(item)(_SAM_NAMES.get(item.key, item.key), item.value, item.key_span) for item in given.entries),
            given.span if given.entries else entry.value.span,
            given.open,
        )
        yield Trigger(
            kind,
            target,
            given.get(source) if source else None,
            resource.logical_id,
            entry.key,
            entry.key_span,
            properties,
        )
    url = resource.get("FunctionUrlConfig")
    if url is not None:
        yield from _trigger(resource, "url", target, None, _map(url.value), url.key_span)
    yield from _destinations_in(resource, resource.value("EventInvokeConfig", "DestinationConfig"), target)


_READERS: dict[str, Reader] = {
    "AWS::Serverless::Function": _sam_function,
    "AWS::Serverless::Api": _api_body,
    "AWS::Serverless::HttpApi": _api_body,
    "AWS::Serverless::StateMachine": _state_machine,
    "AWS::Serverless::GraphQLApi": _graphql_api,
    "AWS::Lambda::EventInvokeConfig": _destinations,
    "AWS::Lambda::EventSourceMapping": _event_source_mapping,
    "AWS::Lambda::Url": _url,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SNS::Topic": _topic,
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Logs::SubscriptionFilter": _logs,
    "AWS::IoT::TopicRule": _iot,
    "AWS::Config::ConfigRule": _config,
    "AWS::SES::ReceiptRule": _receipt,
    "AWS::SecretsManager::RotationSchedule": _rotation,
    "AWS::CloudFormation::CustomResource": _custom_resource,
    "AWS::Pipes::Pipe": _pipe,
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGateway::RestApi": _api_body,
    "AWS::ApiGateway::Authorizer": _authorizer,
    "AWS::ApiGatewayV2::Api": _api_body,
    "AWS::ApiGatewayV2::Integration": _integration,
    "AWS::ApiGatewayV2::Authorizer": _authorizer,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::AppSync::DataSource": _data_source,
    "AWS::StepFunctions::StateMachine": _state_machine,
    "AWS::AppSync::GraphQLApi": _graphql_api,
    "AWS::CloudFormation::Macro": _macro,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _alarm,
    "AWS::CodeCommit::Repository": _repository,
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::KinesisFirehose::DeliveryStream": _delivery_stream,
    "AWS::Bedrock::Agent": _agent,
    "AWS::VpcLattice::TargetGroup": _lattice,
    "AWS::S3ObjectLambda::AccessPoint": _object_lambda,
    "AWS::Lex::BotAlias": _bot_alias,
}
