"""LL504."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.choices import choices
from lambdalint.project.model import Function, Layer, LayerUse, Setting
from lambdalint.regex import regex
from lambdalint.rule import REGULAR, WARNING, rule
from lambdalint.values import ListOf, Literal, Parameter, Text, Value, identity, options, suffix

_VERSIONED = regex(r"(.*:layer:[A-Za-z0-9-_]+):(\d+)\Z", re.DOTALL)


@rule("LL504", severity=WARNING, level=REGULAR, needs=("Layer",))
def incompatible_layer(function: Function) -> Iterator[Finding]:
    """Layer that doesn't go with the function.

    ## Why
    A layer says for which runtimes and architectures its content was made. Lambda doesn't compare that with the
    function: native libraries fail only when they are loaded, and libraries of another version of the language are
    often not even found. Each layer may be listed once, and in one version.

    ## Fix
    Build the layer for the function's runtime and architecture and list them, or use another layer. Remove what is
    listed twice.

    ## When this is wrong
    A layer whose list is out of date: add what it serves. Layers from elsewhere, and runtimes and architectures that
    are not certain, are not compared.

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
          Layers: [!Ref Drivers]
      Drivers:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: s3://artifacts/drivers.zip
          CompatibleRuntimes: [python3.11, python3.12]
    ```

    Two versions of one layer

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Layers:
            - !Sub arn:aws:lambda:${AWS::Region}:123456789012:layer:pandas:3
            - !Sub arn:aws:lambda:${AWS::Region}:123456789012:layer:pandas:5
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Architectures: [arm64]
          Layers:
            - !Ref Drivers
            - !Ref Anything
            - !Sub arn:aws:lambda:${AWS::Region}:123456789012:layer:pandas:5
      Drivers:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: s3://artifacts/drivers.zip
          CompatibleRuntimes: [python3.12, python3.13]
          CompatibleArchitectures: [arm64]
      Anything:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: s3://artifacts/anything.zip
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
    """
    if function.package_type != "Zip":
        return
    runtimes = _certain(function, "Runtime")
    architectures = _certain(function, "Architectures") if function.get("Architectures") else {"x86_64"}
    seen: dict[tuple[object, ...], tuple[LayerUse, str]] = {}
    for use in function.layers:
        if use.layer is not None:
            yield from _mismatch(function, use, use.layer, "CompatibleRuntimes", "runs on", runtimes, "Runtime")
            yield from _mismatch(
                function, use, use.layer, "CompatibleArchitectures", "is", architectures, "Architectures"
            )
        key, version = _layer_and_version(function, use)
        if key is None:
            continue
        earlier, earlier_version = seen.setdefault(key, (use, version))
        if earlier is use:
            continue
        what = "twice" if version == earlier_version else f"in the versions {earlier_version} and {version}"
        yield finding(
            use,
            f"{function.display} has the layer {_name(use)} {what}: keep one",
            related=[related(earlier, "here too")],
        )


def _mismatch(
    function: Function, use: LayerUse, layer: Layer, key: str, verb: str, has: set[str], setting: str
) -> Iterator[Finding]:
    listed = layer.compatible(key)
    if not has or not listed or has & set(listed):
        return
    own, declared = function.get(setting), layer.resource.get(key)
    ends = [related(own.span, f"{function.display} {verb} {_or(has)}")] if own is not None else []
    if declared is not None:
        ends.append(related(declared.span, f"{layer.name} is made for {_or(listed)}"))
    yield finding(
        use,
        f"{function.display} {verb} {_or(has)}, but its layer {layer.name} is made for {_or(listed)} only, which "
        f"Lambda doesn't check: build it for {_or(has)} too, and add that to {key}",
        related=ends,
    )


def _certain(function: Function, name: str) -> set[str]:
    """All that a setting may be; empty where that is not certain."""
    setting = function.get(name)
    if setting is None:
        return set()
    found: set[str] = set()
    for value in _items(function, setting):
        if isinstance(value, Parameter) and not value.allowed:
            return set()
        given = list(choices(value))
        if not given or not all(isinstance(choice.literal.value, str) for choice in given):
            return set()
        found.update(str(choice.literal.value) for choice in given)
    return found


def _items(function: Function, setting: Setting) -> Iterator[Value]:
    for option in options(function.project.linker.join(setting.value)):
        if isinstance(option, ListOf) and not option.open:
            for item in option.items:
                yield from options(item)
        else:
            yield option


def _layer_and_version(function: Function, use: LayerUse) -> tuple[tuple[object, ...] | None, str]:
    """What two entries share that are one layer, whatever the version; and the version."""
    if use.layer is not None:
        name = use.layer.resource.value("LayerName")
        key = identity(function.project.linker.join(name)) if name is not None else None
        own = (use.layer.template.path, use.layer.name)
        return ("name", use.layer.template.path, *key) if key is not None else ("layer", *own), use.layer.name
    last = suffix(use.value)
    match = _VERSIONED.match(last)
    if match is None:
        return identity(use.value), ""
    layer = Literal(match.group(1))
    whole = Text((*use.value.parts[:-1], layer)) if isinstance(use.value, Text) else layer
    return identity(whole), match.group(2)


def _name(use: LayerUse) -> str:
    if use.layer is not None:
        return use.layer.name
    match = _VERSIONED.match(suffix(use.value))
    return match.group(1).rpartition(":")[2] if match else "at this place"


def _or(names: Iterable[str]) -> str:
    *others, last = sorted(set(names))
    return f"{', '.join(others)} or {last}" if others else last
