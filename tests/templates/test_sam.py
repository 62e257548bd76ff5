"""Globals merge as SAM merges them, and keep their place."""

from __future__ import annotations

import pytest

from lambdalint.source import Source
from lambdalint.templates.cloudformation import Resource, elements, entries, templates_in
from lambdalint.templates.document import read
from lambdalint.values import Literal, text

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 10
    MemorySize: 256
    Layers: [one, two]
    Environment: {Variables: {A: global, B: global}}
    VpcConfig: !Ref Network
    Tags: {Team: a}
    Architectures: [arm64]
  Api: {Name: shared}
  HttpApi: {Name: shared}
  SimpleTable: {Name: shared}
  StateMachine: {Name: shared}
  LayerVersion: {Name: shared}
  CapacityProvider: {Name: shared}
Resources:
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 20
      Layers: [three]
      Environment: {Variables: {B: own, C: own}}
      VpcConfig: {SubnetIds: [x]}
      Tags: !Ref Tags
      Architectures: !Ref AWS::NoValue
  Bare: {Type: 'AWS::Serverless::Function'}
  Some: {Type: 'AWS::Serverless::Function', IgnoreGlobals: [Timeout], Properties: {MemorySize: 1}}
  None: {Type: 'AWS::Serverless::Function', IgnoreGlobals: '*', Properties: {MemorySize: 1}}
  Plain: {Type: 'AWS::Lambda::Function', Properties: {MemorySize: 1}}
"""


def resource(name: str, template: str = TEMPLATE) -> Resource:
    return templates_in(read(Source("t.yaml", template)))[0].resources[name]


def test_scalars_are_overridden_and_keep_their_place() -> None:
    own = resource("Own")
    timeout, memory = own.get("Timeout"), own.get("MemorySize")
    assert timeout is not None
    assert (timeout.value, timeout.key_span.line) == (Literal(20, timeout.span), 21)
    assert memory is not None
    assert (memory.value, memory.key_span.line, memory.span.column) == (Literal(256, memory.span), 5, 17)


def test_lists_append_after_the_global_items() -> None:
    items = list(elements(resource("Own").value("Layers")))
    assert [(text(item), item.span.line) for item in items] == [("one", 6), ("two", 6), ("three", 22)]


def test_maps_merge_by_key() -> None:
    found = list(entries(resource("Own").value("Environment", "Variables")))
    assert [(entry.key, text(entry.value), entry.key_span.line) for entry in found] == [
        ("A", "global", 7),
        ("B", "own", 23),
        ("C", "own", 23),
    ]


def test_intrinsics_count_as_scalars() -> None:
    own = resource("Own")
    assert [entry.key for entry in entries(own.value("VpcConfig"))] == ["SubnetIds"]
    assert list(entries(own.value("Tags"))) == []
    assert own.get("Architectures") is None


@pytest.mark.parametrize(
    ("name", "timeout", "memory"),
    [("Bare", True, 256), ("Some", False, 1), ("None", False, 1), ("Plain", False, 1)],
)
def test_who_takes_part(name: str, timeout: bool, memory: int) -> None:
    found = resource(name)
    setting = found.get("MemorySize")
    assert setting is not None
    assert (found.get("Timeout") is not None, setting.value) == (timeout, Literal(memory, setting.span))


@pytest.mark.parametrize("kind", ["Api", "HttpApi", "SimpleTable", "StateMachine", "LayerVersion", "CapacityProvider"])
def test_other_types_have_globals_of_their_own(kind: str) -> None:
    found = resource("Thing", TEMPLATE + f"  Thing: {{Type: 'AWS::Serverless::{kind}'}}\n")
    assert text(found.value("Name")) == "shared"
