"""Concurrency: what templates provision, for which function and which of its versions, and what they reserve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.project.choices import DEFAULT
from lambdalint.project.model import Function, Project
from lambdalint.project.snapstart import usual_of
from lambdalint.project.versions import ALIAS, LATEST, VERSION
from lambdalint.source import Span
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.values import Absent, Literal, MapOf, Ref, Text, Value, number, options, text

SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
DIMENSION = "lambda:function:ProvisionedConcurrency"


class Provisioned(Struct, frozen=True):
    """Provisioned concurrency of a function's alias or version.

    ``least`` is the smallest number that it may be, None if that is not known. ``is_latest``: certainly for
    ``$LATEST``. ``is_default``: the number is a parameter's default.
    """

    resource: Resource
    function: Function | None
    span: Span
    least: float | None
    is_latest: bool
    is_default: bool

    @property
    def is_sam(self) -> bool:
        """Whether it is set with a SAM function."""
        return self.function is not None and self.function.resource is self.resource

    @property
    def display(self) -> str:
        """How messages call what is provisioned."""
        if self.function is None or self.is_sam:
            return self.resource.display
        return f"{self.resource.display} of {self.function.display}"


class Scaled(Struct, frozen=True):
    """A scalable target for provisioned concurrency that names a function without version or alias."""

    resource: Resource
    function: Function | None
    span: Span
    what: str

    @property
    def display(self) -> str:
        """How messages call it."""
        return self.resource.display


def provisioned(project: Project) -> Iterator[Provisioned]:
    """All provisioned concurrency that templates certainly set up, for functions, aliases and versions."""
    for declared in project.functions:
        if declared.is_sam:
            latest = declared.get("AutoPublishAlias") is None and declared.is_whole
            yield from _provisioned(project, declared.resource, declared, latest)
    for template in project.templates:
        for resource in template.of_type(ALIAS, VERSION):
            if not project.is_cdk_own(resource):
                function, _ = project.linker.function(template, resource.value("FunctionName"))
                yield from _provisioned(project, resource, function, _points_to_latest(project, resource))


def _provisioned(
    project: Project, resource: Resource, function: Function | None, latest: bool
) -> Iterator[Provisioned]:
    setting = resource.get("ProvisionedConcurrencyConfig")
    if setting is None or any(isinstance(option, Absent) for option in options(setting.value)):
        return
    if not any(isinstance(option, MapOf) for option in options(setting.value)):
        return
    count = resource.get("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    given = usual_of(project.linker.join(count.value)) if count is not None else []
    numbers = [number(choice.literal) for choice in given]
    known = [item for item in numbers if item is not None]
    yield Provisioned(
        resource,
        function,
        setting.key_span if latest or not given else given[0].span,
        min(known) if known and len(known) == len(numbers) else None,
        latest,
        any(choice.how == DEFAULT for choice in given),
    )


def _points_to_latest(project: Project, resource: Resource) -> bool:
    version = resource.value("FunctionVersion")
    return resource.type == ALIAS and version is not None and text(project.linker.join(version)) == LATEST


class Reserved(Struct, frozen=True):
    """Reserved concurrency of a function: the least that it certainly is."""

    function: Function
    span: Span
    least: float


def reserved(project: Project, template: Template) -> list[Reserved]:
    """What the functions of a template certainly reserve; of a conditional function, where it is there."""
    found: list[Reserved] = []
    for function in project.functions:
        setting = function.get("ReservedConcurrentExecutions") if function.template is template else None
        if setting is None:
            continue
        given = list(options(project.linker.join(setting.value)))
        numbers = [number(option) for option in given]
        known = [item for item in numbers if item is not None and item > 0]
        if known and len(known) == len(given):
            found.append(Reserved(function, setting.span, min(known)))
    return found


def scaled(project: Project) -> Iterator[Scaled]:
    """The scalable targets that name no version or alias, or ``$LATEST``, for a function's provisioned concurrency."""
    for template in project.templates:
        for resource in template.of_type(SCALABLE_TARGET):
            setting = resource.get("ResourceId")
            if setting is None or text(resource.value("ScalableDimension")) != DIMENSION:
                continue
            whole = _shown(project.linker.join(setting.value))
            match = re.fullmatch(r"function:([^:]+)(:\$LATEST)?", whole)
            if match is not None:
                function = _function(project, resource, setting.value)
                yield Scaled(resource, function, setting.span, function.display if function else match.group(1))


def _function(project: Project, resource: Resource, value: Value) -> Function | None:
    parts = value.parts if isinstance(value, Text) else (value,)
    for part in parts:
        if isinstance(part, Ref):
            return project.linker.function(resource.template, part)[0]
    named = text(value)
    if named is not None:
        return project.linker.function(resource.template, Literal(named.split(":")[1]))[0]
    return None


def _shown(value: Value) -> str:
    """The string with a function's name for each reference to one; nothing where another part isn't known."""
    if isinstance(value, Literal):
        return str(value.value)
    if not isinstance(value, Text):
        return ""
    found = ""
    for part in value.parts:
        if isinstance(part, Literal):
            found += str(part.value)
        elif isinstance(part, Ref) and part.template and not part.attribute and "." not in part.name:
            found += part.name
        else:
            return ""
    return found
