"""What the callers of a function want as its answer."""

from __future__ import annotations

from lambdalint.aws import responses
from lambdalint.project.model import EventSource, Function, Handler
from lambdalint.templates.cloudformation import elements
from lambdalint.values import Literal, Ref, candidates, options, text, truth


def contract(source: EventSource) -> str:
    """The answer that an event source wants, as a word of :mod:`lambdalint.aws.responses`."""
    kind = source.kind
    if kind == "api":
        return _of_rest_api(source)
    if kind == "http-api":
        return _of_http_api(source)
    if kind == "alb":
        return responses.PROXY
    if kind == "url":
        return responses.OTHER if text(source.value("InvokeMode")) not in (None, "BUFFERED") else responses.URL
    if kind == "authorizer":
        return _of_authorizer(source)
    if kind == "cognito":
        return _of_user_pool(source)
    return responses.OTHER if kind in responses.SYNCHRONOUS_OTHERS else responses.IGNORED


def contracts(function: Function) -> frozenset[str]:
    """The answers that the event sources of a function want."""
    return frozenset(contract(source) for source in deciding_sources(function))


def deciding_sources(function: Function) -> tuple[EventSource, ...]:
    """The event sources of a function, without SAM events of an API whose own definition says how it calls it."""
    declaring = {source.trigger.resource for source in function.event_sources}
    return tuple(
        source for source in function.event_sources if not (is_of_sam(source) and _definitions(source) & declaring)
    )


def agreed(handler: Handler) -> tuple[frozenset[str], tuple[EventSource, ...]]:
    """The answers that a handler's functions want, and their event sources; nothing where a wrapper may answer.

    Functions without a known event source have no say.
    """
    if any(function.has_wrapper for function in handler.functions):
        return frozenset(), ()
    wanted = frozenset(word for function in handler.functions for word in contracts(function))
    return wanted, tuple(source for function in handler.functions for source in function.event_sources)


def _of_rest_api(source: EventSource) -> str:
    written = source.value("Type") or source.value("type")
    if is_of_sam(source):
        return responses.PROXY if is_made_by_sam(source, "AWS::Serverless::Api") else responses.OTHER
    known = [item.value for item in candidates(written) if isinstance(item, Literal)]
    if known and all(str(item).lower() == "aws_proxy" for item in known):
        return responses.PROXY
    return responses.OTHER


def _of_http_api(source: EventSource) -> str:
    if is_of_sam(source):
        if not is_made_by_sam(source, "AWS::Serverless::HttpApi"):
            return responses.OTHER
        version = source.value("PayloadFormatVersion")
        return responses.INFERRED if version is None else _of_version(text(version))
    kind = text(source.value("IntegrationType") or source.value("type"))
    if kind is None or kind.lower() != "aws_proxy":
        return responses.OTHER
    version = source.value("PayloadFormatVersion") or source.value("payloadFormatVersion")
    return responses.PROXY if version is None else _of_version(text(version))


def _of_version(version: str | None) -> str:
    return {"1.0": responses.PROXY, "2.0": responses.INFERRED}.get(version or "", responses.OTHER)


def is_of_sam(source: EventSource) -> bool:
    """Whether an event source is an event of a SAM function."""
    declaring = source.template.resources.get(source.trigger.resource)
    return declaring is not None and declaring.type == "AWS::Serverless::Function"


def is_made_by_sam(source: EventSource, api_type: str) -> bool:
    """Whether SAM itself makes the integration of an event, always a proxy, as no definition of the API is given."""
    api = source.trigger.source
    if api is None:
        return True
    found = list(options(api))
    for option in found:
        resource = source.template.resources.get(option.name) if isinstance(option, Ref) else None
        if resource is None or resource.type != api_type:
            return False
        if resource.get("DefinitionBody") is not None or resource.get("DefinitionUri") is not None:
            return False
    return bool(found)


def _definitions(source: EventSource) -> set[str]:
    """The APIs of an event whose definition, in the template, says itself what calls the function and how."""
    found = set()
    for option in options(source.trigger.source):
        resource = source.template.resources.get(option.name) if isinstance(option, Ref) else None
        if resource is not None and (resource.get("DefinitionBody") or resource.get("Body")) is not None:
            found.add(resource.logical_id)
    return found


def _of_authorizer(source: EventSource) -> str:
    declaring = source.template.resources.get(source.trigger.resource)
    if declaring is None:
        return responses.OTHER
    if declaring.type in ("AWS::ApiGateway::Authorizer", "AWS::ApiGateway::RestApi", "AWS::Serverless::Api"):
        return responses.POLICY
    simple = source.value("EnableSimpleResponses")
    if simple is None:
        return responses.POLICY
    known = truth(simple)
    if known is None:
        return responses.OTHER
    return responses.SIMPLE if known else responses.POLICY


def _of_user_pool(source: EventSource) -> str:
    triggers = {text(item) for item in elements(source.value("Trigger"))}
    if not triggers or None in triggers:
        return responses.OTHER
    if triggers <= responses.ASYNCHRONOUS_TRIGGERS:
        return responses.IGNORED
    return responses.COGNITO if not triggers & responses.ASYNCHRONOUS_TRIGGERS else responses.OTHER
