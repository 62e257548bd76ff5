"""Published versions and aliases of functions, and what reaches a function without either."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lambdalint.project.model import EventSource, Function, Project
from lambdalint.project.paths import is_fragment
from lambdalint.regex import regex
from lambdalint.templates.cloudformation import Resource
from lambdalint.values import (
    Absent,
    ListOf,
    Literal,
    MapOf,
    OneOf,
    Parameter,
    Ref,
    Text,
    Unknown,
    Value,
    is_known,
    options,
    parts,
    text,
)

YES, NO, UNKNOWN = "yes", "no", "unknown"

LATEST = "$LATEST"
VERSION, ALIAS = "AWS::Lambda::Version", "AWS::Lambda::Alias"

_PUBLISHES = regex(r"publish-version|--publish\b|publishVersion|publish_version|PublishVersion")
_DIGIT = regex(r"\d")
_MAY_CHANGE = regex(r"\d\Z|[^A-Za-z0-9]|[0-9A-Fa-f]{8}|(?=\w*\d\w*\d)\w{24,}\Z")
"""Logical ids that are numbered, generated or hold a hash, so that they are probably others at each release."""
_RELEASE = regex(r"version|build|commit|hash|sha|release|revision|timestamp", re.IGNORECASE)
_OTHERS = ("Custom::", "AWS::CloudFormation::", "AWS::Serverless::Application")


def published(function: Function) -> str:
    """Whether a version of a function is published: ``yes``, ``no``, or ``unknown`` where others may do it."""
    setting = function.get("AutoPublishAlias") if function.is_sam else None
    if setting is not None:
        certain = all(isinstance(option, (Literal, Parameter, Text)) for option in options(setting.value))
        return YES if certain else UNKNOWN
    if any(True for _ in versions_of(function)) or any(_version_of(alias) != LATEST for alias in aliases_of(function)):
        return YES
    if not function.is_whole or not function.template.is_complete or is_fragment(function.template):
        return UNKNOWN
    if function.get("PublishToLatestPublished") is not None or _may_be_published_elsewhere(function):
        return UNKNOWN
    return NO


def versions_of(function: Function) -> Iterator[Resource]:
    """The resources that publish a version of a function."""
    return _around(function, VERSION)


def aliases_of(function: Function) -> Iterator[Resource]:
    """The aliases of a function that templates declare. Those that SAM makes have no resource."""
    return _around(function, ALIAS)


def _around(function: Function, kind: str) -> Iterator[Resource]:
    project = function.project
    for template in project.templates:
        for resource in template.of_type(kind):
            found, _ = project.linker.function(template, resource.value("FunctionName"))
            if found is function:
                yield resource


def _version_of(alias: Resource) -> str | None:
    return text(alias.value("FunctionVersion"))


def version_of(alias: Resource, function: Function) -> Resource | None:
    """The resource that publishes the version which an alias points to."""
    value = function.project.linker.join(alias.value("FunctionVersion") or Unknown())
    if not isinstance(value, Ref):
        return None
    return next(
        (
            item
            for item in versions_of(function)
            if item.logical_id == value.name.partition(".")[0] and item.template.path == value.template
        ),
        None,
    )


def published_once(resource: Resource, project: Project) -> Function | None:
    """The function that a version resource publishes at the first deployment, and never again.

    CloudFormation makes another version only when it replaces the resource: for another logical id, or when one of its
    properties changes. None where either may be so.
    """
    template = resource.template
    function, _ = project.linker.function(template, resource.value("FunctionName"))
    if function is None or function.template is not template or function.get("AutoPublishAlias") is not None:
        return None
    if template.assembly is not None or resource.construct or not template.is_complete or is_fragment(template):
        return None
    if _MAY_CHANGE.search(resource.logical_id) or not _stays(resource, function):
        return None
    place = posixpath.dirname(template.path)
    if project.builds.says(_PUBLISHES, place) or project.builds.says(re.compile(re.escape(resource.logical_id)), place):
        return None
    return function


def _stays(resource: Resource, function: Function) -> bool:
    """Whether nothing in a version resource, nor its function's name, may be another at the next deployment."""
    if resource.get("CodeSha256") is not None:
        return False
    for name in ("Description", "ProvisionedConcurrencyConfig", "RuntimePolicy"):
        value = resource.value(name)
        if value is not None and (not is_known(value) or (name == "Description" and _DIGIT.search(text(value) or "1"))):
            return False
    owner, written = function.resource.value("FunctionName"), resource.value("FunctionName")
    return all(not _is_per_release(value) for value in (owner, written))


def _is_per_release(value: Value | None) -> bool:
    """Whether a name is put together with what is another one for each release."""
    given = (value, *parts(value)) if value is not None else ()
    return any(isinstance(item, Parameter) and _RELEASE.search(item.name) for item in given)


def _may_be_published_elsewhere(function: Function) -> bool:
    """Whether something that can't be seen through may publish versions: scripts, custom resources, other stacks."""
    project = function.project
    if project.around.publishes or project.builds.says(_PUBLISHES, posixpath.dirname(function.template.path)):
        return True
    for template in project.templates:
        for resource in template.of_type(VERSION, ALIAS):
            found, _ = project.linker.function(template, resource.value("FunctionName"))
            if found is None and (template is function.template or not _names_nothing_else(resource)):
                return True
    return any(
        resource.type.startswith(_OTHERS) and _mentions(resource.properties, function)
        for resource in function.template.resources.values()
    )


def _names_nothing_else(resource: Resource) -> bool:
    return isinstance(resource.value("FunctionName"), Literal)


def _mentions(value: Value, function: Function, depth: int = 0) -> bool:
    if isinstance(value, Ref):
        return value.name == function.name
    if depth > 8:
        return False
    if isinstance(value, MapOf):
        return any(
            _mentions(entry.value, function, depth + 1) for entry in value.entries if entry.key != "ServiceToken"
        )
    if isinstance(value, ListOf):
        return any(_mentions(item, function, depth + 1) for item in value.items)
    parts = value.parts if isinstance(value, Text) else value.options if isinstance(value, OneOf) else ()
    return any(_mentions(part, function, depth + 1) for part in parts)


def is_unqualified(source: EventSource) -> bool:
    """Whether an event source certainly runs ``$LATEST``: it names the function without version or alias."""
    function, trigger = source.function, source.trigger
    if function.is_sam and trigger.resource == function.name and source.template is function.template:
        return function.get("AutoPublishAlias") is None
    if trigger.kind == "step-functions" or trigger.properties.get("Qualifier") is not None:
        return False
    linker = function.project.linker
    found = [option for option in options(linker.join(trigger.target)) if not isinstance(option, Absent)]
    return bool(found) and all(_is_without_qualifier(source, option) for option in found)


def _is_without_qualifier(source: EventSource, value: Value) -> bool:
    function, qualifier = source.function.project.linker.function(source.template, value)
    return function is source.function and qualifier in ("", LATEST) and _is_whole(value)


def _is_whole(value: Value) -> bool:
    """Whether a reference in a string is all of the function's name or ARN in it, as in an API's integration."""
    if not isinstance(value, Text):
        return True
    index = next((index for index, part in enumerate(value.parts) if isinstance(part, Ref) and part.template), None)
    if index is None:
        return True
    before = value.parts[index - 1] if index else Literal(":")
    after = value.parts[index + 1 :]
    ends = not after or (len(after) == 1 and str(text(after[0])).startswith(("/invocations", f":{LATEST}")))
    return ends and isinstance(before, Literal) and str(before.value).endswith((":", "/"))
