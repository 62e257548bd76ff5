"""LL308."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from lambdalint.aws.quotas import (
    FUNCTION_RANGES,
    MANAGED_INSTANCES_RANGES,
    MAPPING_RANGES,
    RESOURCE_RANGES,
    SAM_MAPPINGS,
    Path,
    Range,
)
from lambdalint.finding import Finding, finding, related
from lambdalint.project.choices import ALLOWED, DEFAULT, Choice, choices, use
from lambdalint.project.model import FUNCTION_TYPES, Project, Resource
from lambdalint.regex import regex
from lambdalint.rule import ERROR, REGULAR, rule
from lambdalint.values import Literal, MapOf, Parameter, Scalar, Value, number, options, text

_NUMBER = regex(r"[-+]?\d{1,300}(\.\d+)?\Z")
_WITH_MORE = regex(r"[-+]?\d[^{}$<>%]*\Z")


@rule("LL308", severity=ERROR, level=REGULAR)
def value_out_of_range(project: Project) -> Iterator[Finding]:
    """Number outside of what Lambda allows.

    ## Why
    Lambda has limits for timeouts, memory, storage, concurrency, retries, ages and batch sizes, and takes whole numbers
    without a unit. CloudFormation notices a wrong one only in the middle of a deployment, and rolls back.

    ## Fix
    Write a number that the message names.

    ## When this is wrong
    Functions on Lambda Managed Instances (`CapacityProviderConfig`) have limits of their own, which are known. Where a
    condition chooses between numbers, they are reported only if all of them are wrong. The default of a parameter
    counts like a value that is set, but not where a condition decides whether it is used: `-1` or `0` often stand for
    "none" there.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Timeout: 1800
    ```

    A number with a unit

    ```yaml
    Resources:
      Mapping:
        Type: AWS::Lambda::EventSourceMapping
        Properties:
          FunctionName: orders
          EventSourceArn: arn:aws:kinesis:eu-west-1:123456789012:stream/orders
          StartingPosition: LATEST
          MaximumRecordAgeInSeconds: 1h
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Reserved:
        Type: Number
        Default: -1
    Conditions:
      IsReserved: !Not [!Equals [!Ref Reserved, -1]]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Timeout: 900
          ReservedConcurrentExecutions: !If [IsReserved, !Ref Reserved, !Ref AWS::NoValue]
      Training:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/training.zip
          Timeout: 5400
          MemorySize: 32768
          CapacityProviderConfig:
            Arn: !GetAtt Provider.Arn
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    for template in project.templates:
        for resource in template.resources.values():
            if resource.type in FUNCTION_TYPES:
                yield from _function(project, resource)
            elif resource.type in RESOURCE_RANGES:
                owner, _ = project.linker.function(template, resource.value("FunctionName"))
                name = resource.display if owner is None else f"{resource.display} of {owner.display}"
                for path, allowed in RESOURCE_RANGES[resource.type].items():
                    yield from _judged(project, resource, path, allowed, name, owner.name if owner else "")


def _function(project: Project, resource: Resource) -> Iterator[Finding]:
    name, display = resource.logical_id, resource.display
    for path, allowed in _ranges(resource):
        yield from _judged(project, resource, path, allowed, display, name)
    for option in options(resource.value("Events")):
        for entry in option.entries if isinstance(option, MapOf) else ():
            if text(resource.value("Events", entry.key, "Type")) in SAM_MAPPINGS:
                for path, allowed in MAPPING_RANGES.items():
                    inner = ("Events", entry.key, "Properties", *path)
                    yield from _judged(project, resource, inner, allowed, f"the event {entry.key} of {name}", name)


def _ranges(resource: Resource) -> Iterator[tuple[Path, Range]]:
    settings = [resource.value(name) for name in ("CapacityProviderConfig", "AcceleratorConfig")]
    is_managed = any(isinstance(value, MapOf) for value in settings)
    may_be_managed = any(value is not None for value in settings)
    for path, ordinary in FUNCTION_RANGES.items():
        managed = MANAGED_INSTANCES_RANGES.get(path)
        if managed is None or not may_be_managed:
            yield path, ordinary
        elif is_managed:
            yield path, managed
        else:
            yield path, Range(min(ordinary.low, managed.low), managed.high, managed.unit)


def _judged(
    project: Project, resource: Resource, path: Path, allowed: Range, name: str, function: str
) -> Iterator[Finding]:
    setting = resource.get(*path)
    if setting is None:
        return
    for choice in _wrong(project.linker.join(setting.value), allowed, bool(resource.condition)):
        value = choice.literal.value
        given = _number(value)
        shown = f'"{value}"' if given is None else f"{given:.10g}"
        kind = "only whole numbers, " if given is None or (allowed.is_whole and given != int(given)) else ""
        hint = f": {allowed.hint}" if allowed.hint and given is not None and given > (allowed.high or given) else ""
        used = use(choice, setting, resource)
        yield finding(
            choice,
            f"{path[-1]} of {name} is {shown}; Lambda allows {kind}{allowed.text}{hint}",
            related=[related(used, f"{resource.logical_id} uses it")] if used else (),
            function=function,
            resource=resource.logical_id,
        )


def _wrong(value: Value, allowed: Range, is_conditional: bool) -> list[Choice]:
    """The numbers that can't be, if every possibility is such a one."""
    found: list[Choice] = []
    for option in options(value):
        if not isinstance(option, (Literal, Parameter)) or (is_conditional and isinstance(option, Parameter)):
            return []
        given = list(choices(option))
        if any(choice.how == DEFAULT for choice in given):
            given = [choice for choice in given if choice.how != ALLOWED]
        if not given or not all(_is_outside(choice.literal.value, allowed) for choice in given):
            return []
        found.append(given[0])
    return found


def _is_outside(value: Scalar, allowed: Range) -> bool:
    found = _number(value)
    if found is not None:
        return not allowed.allows(found)
    return isinstance(value, str) and _WITH_MORE.match(value.strip()) is not None


def _number(value: Scalar) -> float | None:
    """The number of a literal, which a template may write as a string."""
    if isinstance(value, str) and not _NUMBER.match(value.strip()):
        return None
    found = number(Literal(value))
    return found if found is not None and isfinite(found) else None
