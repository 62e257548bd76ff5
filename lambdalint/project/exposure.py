"""Whether anybody may call a function over the internet, as far as templates say so for certain."""

from __future__ import annotations

from lambdalint.project.contracts import deciding_sources, is_made_by_sam, is_of_sam
from lambdalint.project.model import EventSource, Function
from lambdalint.templates.cloudformation import Resource, elements
from lambdalint.templates.document import get
from lambdalint.values import Ref, Text, Value, options, strings, text, truth

OPEN = "NONE"
PUBLIC = ("REGIONAL", "EDGE")

_SAM_APIS = {"api": ("AWS::Serverless::Api", "Api"), "http-api": ("AWS::Serverless::HttpApi", "HttpApi")}


def open_to_all(function: Function) -> EventSource | None:
    """An event source through which anybody may call a function: a function URL or an API without authorizer."""
    return next((source for source in deciding_sources(function) if _is_open(source)), None)


def _is_open(source: EventSource) -> bool:
    if source.kind == "url":
        return text(source.value("AuthType")) == OPEN
    if source.kind not in _SAM_APIS:
        return False
    declaring = source.template.resources.get(source.trigger.resource)
    if declaring is None:
        return False
    if is_of_sam(source):
        return _is_open_in_sam(source)
    if declaring.type == "AWS::ApiGateway::Method":
        return _is_open_method(source, declaring)
    if declaring.type == "AWS::ApiGatewayV2::Integration":
        return any(_is_open_route(route, declaring) for route in source.template.of_type("AWS::ApiGatewayV2::Route"))
    return False


def _is_open_in_sam(source: EventSource) -> bool:
    """Whether neither an event nor its API asks for anything."""
    api_type, section = _SAM_APIS[source.kind]
    if source.get("Auth") is not None or not is_made_by_sam(source, api_type):
        return False
    if source.trigger.source is None:
        shared = get(source.template.root, "Globals", section)
        return get(shared, "Auth") is None and get(shared, "EndpointConfiguration") is None
    api = source.source
    return api is not None and api.get("Auth") is None and not _may_be_private(api)


def _may_be_private(api: Resource) -> bool:
    """Whether a REST API may be reachable from within a VPC only."""
    value = api.value("EndpointConfiguration")
    if value is None:
        return False
    given = list(strings(value))
    return "PRIVATE" in given or not any(kind in given for kind in PUBLIC)


def _is_open_method(source: EventSource, method: Resource) -> bool:
    api = source.source
    if api is None or api.get("Policy") is not None or _may_be_private(api):
        return False
    asks_for_key = method.value("ApiKeyRequired")
    return text(method.value("AuthorizationType")) == OPEN and (asks_for_key is None or truth(asks_for_key) is False)


def _is_open_route(route: Resource, integration: Resource) -> bool:
    kind = route.value("AuthorizationType")
    leads = any(_refers_to(part, integration) for part in elements(route.value("Target")))
    return leads and (kind is None or text(kind) == OPEN)


def _refers_to(value: Value, resource: Resource) -> bool:
    parts = value.parts if isinstance(value, Text) else tuple(options(value))
    return any(isinstance(part, Ref) and part.name == resource.logical_id for part in parts)
