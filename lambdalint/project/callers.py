"""How long those who call a function wait for its answer, where all of them are known."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.aws import responses
from lambdalint.aws.callers import (
    ASYNCHRONOUS_SETTINGS,
    CALLERS,
    INTEGRATION_TIMEOUTS,
    INVOCATION_TYPE,
    PRINCIPALS,
    STREAMING_PATH,
    TRANSFER_MODES,
    Caller,
)
from lambdalint.project.choices import ALLOWED, Choice, choices
from lambdalint.project.contracts import contract, deciding_sources, is_made_by_sam, is_of_sam
from lambdalint.project.model import EventSource, Function, Setting
from lambdalint.templates.cloudformation import Resource
from lambdalint.values import Literal, Ref, Value, literals, number, options, parts, strings, text

MAX_DEPTH = 12

_APIS = {"api": "AWS::Serverless::Api", "http-api": "AWS::Serverless::HttpApi"}
_SOCKETS = ("websocket-api", "gateway")
"""Kinds of event sources that are, or may be, those of a WebSocket API."""
_REST = ("AWS::ApiGateway::Authorizer", "AWS::ApiGateway::RestApi", "AWS::Serverless::Api")
_ONLY_LOOK = (
    "AWS::ApiGateway",
    "AWS::ApplicationAutoScaling::",
    "AWS::CloudFront::",
    "AWS::CloudWatch::",
    "AWS::CodeDeploy::",
    "AWS::Cognito::UserPool",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Logs::",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
    "Custom::LogRetention",
)
"""Beginnings of the types of resources that mention a function without a wish to run it, or in ways that are known."""


class Patience(Struct, frozen=True):
    """How long an event source waits for its function. ``setting`` is where the integration says so itself."""

    source: EventSource
    caller: Caller
    seconds: float
    setting: Setting | None = None


class Outlived(Struct, frozen=True):
    """A timeout with which a function may run longer than any of its callers waits."""

    choice: Choice
    seconds: float
    patience: Patience
    is_certain: bool


def outlived(function: Function) -> tuple[Outlived, ...]:
    """The timeouts of a function that are longer than its callers wait; nothing where one of these isn't known."""
    setting = function.timeout
    if setting is None:
        return ()
    given = [choice for choice in choices(function.project.linker.join(setting.value)) if choice.how != ALLOWED]
    known = [(choice, number(choice.literal)) for choice in given]
    patience = _of_sources(function)
    if patience is None:
        return ()
    is_certain = isinstance(setting.value, Literal) and patience.caller.is_sure
    found = tuple(
        Outlived(choice, seconds, patience, is_certain)
        for choice, seconds in known
        if seconds is not None and seconds > max(patience.seconds, _SHORTEST)
    )
    return found if found and not function.is_invoked_otherwise else ()


_SHORTEST = 1
"""Seconds that no timeout of a function can be shorter than, so that nothing could be lowered."""


def longest_patience(function: Function) -> Patience | None:
    """The event source that waits longest for a function; None if something may wait longer, or not at all."""
    patience = _of_sources(function)
    return patience if patience is not None and not function.is_invoked_otherwise else None


def _of_sources(function: Function) -> Patience | None:
    given = [_patience(source) for source in deciding_sources(function)]
    known = [item for item in given if item is not None]
    if not known or len(known) < len(given) or _streams(function):
        return None
    return max(known, key=lambda item: item.seconds)


def _streams(function: Function) -> bool:
    return function.handler is not None and function.handler.streams


def _patience(source: EventSource) -> Patience | None:
    caller = _caller(source)
    if caller is None or _is_asynchronous(source) or _is_streamed(source):
        return None
    setting = next((found for name in INTEGRATION_TIMEOUTS if (found := source.get(name)) is not None), None)
    if setting is None:
        return Patience(source, caller, caller.seconds)
    value = source.project.linker.join(setting.value)
    given = [number(item) for item in literals(value)]
    known = [item / 1000 for item in given if item is not None and item > 0]
    if not known or len(known) < len(given) or any(next(literals(option), None) is None for option in options(value)):
        return None
    seconds = max(known) if caller.can_be_raised else min(max(known), caller.seconds)
    return Patience(source, caller, seconds, setting)


def _caller(source: EventSource) -> Caller | None:
    """Who waits for the answer to an event source; None where it isn't known how long."""
    kind = source.kind
    if kind in _APIS and is_of_sam(source) and not is_made_by_sam(source, _APIS[kind]):
        return None
    if kind == "cognito" and contract(source) != responses.COGNITO:
        return None
    if kind in _SOCKETS and not _answers_only_by_return(source.function):
        return None
    if kind == "authorizer":
        return _of_authorizer(source)
    return CALLERS.get(kind)


def _answers_only_by_return(function: Function) -> bool:
    """Whether a function of a WebSocket API has no other way to answer, such as posting to the connection."""
    handler = function.handler
    if handler is None or handler.target is None:
        return False
    return not any(
        record.operation is not None and record.operation.service == "apigatewaymanagementapi"
        for record in handler.calls
    )


def _of_authorizer(source: EventSource) -> Caller | None:
    declaring = source.template.resources.get(source.trigger.resource)
    if declaring is None:
        return None
    if declaring.type in _REST:
        return CALLERS["rest-authorizer"]
    if declaring.type == "AWS::Serverless::HttpApi":
        return CALLERS["http-authorizer"]
    api = declaring if declaring.type == "AWS::ApiGatewayV2::Api" else source.source
    is_http = api is not None and text(api.value("ProtocolType")) == "HTTP"
    return CALLERS["http-authorizer"] if is_http else None


def _is_asynchronous(source: EventSource) -> bool:
    """Whether an integration may call its function without waiting for it."""
    return any(INVOCATION_TYPE in written.lower() for written in strings(source.trigger.properties))


def _is_streamed(source: EventSource) -> bool:
    modes = [source.value(name) for name in TRANSFER_MODES]
    if any(mode is not None and text(mode) != "BUFFERED" for mode in modes):
        return True
    return any(STREAMING_PATH in written for written in strings(source.trigger.target))


# --- other ways to run a function ---------------------------------------------------------------------------------


def may_be_invoked_otherwise(function: Function) -> bool:
    """Whether something beside its event sources may run a function: code, permissions, other stacks."""
    if function.get("DurableConfig") is not None:
        return True
    if any(function.get(name) is not None and not function.is_global(name) for name in ASYNCHRONOUS_SETTINGS):
        return True
    return _is_permitted_otherwise(function) or _is_handed_on(function) or _is_invoked_by_code(function)


def _is_permitted_otherwise(function: Function) -> bool:
    """Whether a permission, or a configuration of asynchronous invocations, tells of other callers."""
    kinds = {source.kind for source in function.event_sources}
    for template in function.project.templates:
        for resource in template.of_type("AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"):
            found, _ = function.project.linker.function(template, resource.value("FunctionName"))
            if found is not function:
                continue
            expected = PRINCIPALS.get(text(resource.value("Principal")) or "", ())
            if not kinds & set(expected):
                return True
    return False


def _is_handed_on(function: Function) -> bool:
    """Whether the function's name or ARN is given to something that may run it, or to other stacks."""
    template = function.template
    name = text(function.resource.value("FunctionName")) or ""
    for resource in template.resources.values():
        if resource is not function.resource and not resource.type.startswith(_ONLY_LOOK):
            if _mentions(resource.properties, function, name) and not _is_for_api(resource):
                return True
    if any(source.template is not template for source in function.event_sources):
        return False
    return any(export is not None and _mentions(value, function, name) for _, value, export in template.outputs())


def _is_for_api(resource: Resource) -> bool:
    """Whether a role is one that API Gateway takes on."""
    trusted = strings(resource.value("AssumeRolePolicyDocument"))
    services = [item for item in trusted if item.endswith(".amazonaws.com")]
    return bool(services) and all(item == "apigateway.amazonaws.com" for item in services)


def _mentions(value: Value, function: Function, name: str, depth: int = 0) -> bool:
    if isinstance(value, Ref):
        return value.name.partition(".")[0] == function.name and value.template == function.template.path
    if isinstance(value, Literal):
        return bool(name) and isinstance(value.value, str) and value.value.rpartition(":")[2] == name
    return depth <= MAX_DEPTH and any(_mentions(part, function, name, depth + 1) for part in parts(value))


def _is_invoked_by_code(function: Function) -> bool:
    """Whether a function's code invokes the function, or one that can't be told."""
    flow = function.project.flow
    node = flow.node_of(function.resource)
    for other in function.project.functions:
        if any(write.node == node for write in flow.writes(other)):
            return True
        if other.template is function.template and _invokes_unknown(other):
            return True
    return False


def _invokes_unknown(function: Function) -> bool:
    """Whether a function's code invokes a function that can't be told."""
    handler = function.handler
    if handler is None:
        return False
    known = {write.record for write in function.project.flow.writes(function) if write.record is not None}
    return any(
        record.operation is not None
        and record.operation.service == "lambda"
        and record.operation.name.startswith("Invoke")
        and record not in known
        for record in handler.operations
    )
