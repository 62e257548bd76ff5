"""Intrinsic functions become values of the lattice: what is known for certain, and nothing more."""

from __future__ import annotations

import pytest

from lambdalint.source import Source
from lambdalint.templates.cloudformation import Resource, templates_in
from lambdalint.templates.document import get, read
from lambdalint.values import Absent, ListOf, Literal, MapOf, OneOf, Parameter, Ref, Text, Value, literals

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Secret: {Type: String, NoEcho: true}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b, AllowedValues: [/a/b, /c/d]}
  Names: {Type: CommaDelimitedList, Default: 'a,b'}
  Name: {Type: 'List<String>', Default: a}
Mappings:
  Sizes: {dev: {Memory: 128}, prod: {Memory: 512}}
  Regions: {eu-west-1: {Short: euw1}}
  Flags: {'true': {On: 'yes'}}
  Macro: {'Fn::Transform': {Name: Ours}, dev: {Memory: 1}}
Resources:
  Queue: {Type: 'AWS::SQS::Queue'}
  Thing:
    Type: AWS::SSM::Parameter
    Properties:
      Value: VALUE
"""


def thing(expression: str) -> Resource:
    document = read(Source("t.yaml", TEMPLATE.replace("VALUE", expression)))
    assert not document.problems
    return templates_in(document)[0].resources["Thing"]


def value(expression: str) -> Value:
    resource = thing(expression)
    return resource.template.value(get(resource.properties_node, "Value"))


def told(found: Value | None) -> str:
    """A value in short."""
    if isinstance(found, Literal):
        return repr(found.value)
    if isinstance(found, (ListOf, OneOf, Text)):
        parts = found.items if isinstance(found, ListOf) else found.parts if isinstance(found, Text) else found.options
        sign = {ListOf: ", ", OneOf: " | ", Text: " + "}[type(found)]
        return f"[{sign.join(map(told, parts))}]"
    if isinstance(found, MapOf):
        return (
            "{" + ", ".join(f"{entry.key}: {told(entry.value)}" for entry in found.entries) + ", …" * found.open + "}"
        )
    if isinstance(found, (Ref, Parameter)):
        attribute = found.attribute if isinstance(found, Ref) else ""
        return ("" if found.template else "outside ") + found.name + (f".{attribute}" if attribute else "")
    return type(found).__name__


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Queue", "Queue"),
        ("!Ref Stage", "Stage"),
        ("!Ref AWS::Region", "outside AWS::Region"),
        ("!Ref AWS::NoValue", "Absent"),
        ("!Ref [Queue]", "Unknown"),
        ("!GetAtt Queue.Arn", "Queue.Arn"),
        ("!GetAtt [Queue, Outputs.X]", "Queue.Outputs.X"),
        ("!GetAtt [Queue, !Ref Stage]", "Unknown"),
        ("!GetAtt Queue", "Unknown"),
        ("!Sub 'plain'", "'plain'"),
        ("!Sub '${Stage}-${Queue.Arn}-${!Kept}'", "[Stage + '-' + Queue.Arn + '-${Kept}']"),
        ("!Sub 'x:${AWS::Region}'", "['x:' + outside AWS::Region]"),
        ("!Sub ['${X}-${Queue}', {X: 1}]", "['1-' + Queue]"),
        ("!Sub ['${X}', {X: true}]", "'true'"),
        ("!Sub ['${X}', {X: !Ref AWS::NoValue}]", "[Unknown]"),
        ("!Sub ['${X}', {X: [a]}]", "[Unknown]"),
        ("!Sub {a: b}", "Unknown"),
        ("'{{resolve:ssm:/x:1}}'", "outside resolve:ssm:/x:1"),
        ("!Sub 'x-{{resolve:ssm:/${Stage}/x}}-y'", "['x-' + outside resolve:ssm:/$Stage/x + '-y']"),
        ("!Join ['', ['{{resolve:ssm:/', !Ref Stage, '}}']]", "outside resolve:ssm:/$Stage"),
        ("!Join ['-', [a, !Ref Stage, 1, !Ref AWS::NoValue, b]]", "['a-' + Stage + '-1-b']"),
        ("!Join ['-', [a, !If [C, x, y]]]", "['a-' + ['x' | 'y']]"),
        ("!Join ['', []]", "''"),
        ("!Join [',', !Ref Names]", "[Unknown]"),
        ("!Join [',']", "Unknown"),
        ("!Select [1, [a, b]]", "'b'"),
        ("!Select ['0', !Split [',', 'x,y']]", "'x'"),
        ("!Select [2, [a, b]]", "Unknown"),
        ("!Select [!Ref Stage, [a, b]]", "Unknown"),
        ("!Select [0, !If [C, [a], [b]]]", "['a' | 'b']"),
        ("!Select [0, !Ref Names]", "Unknown"),
        ("!Split ['/', !Sub 'a/${AWS::Region}/b']", "['a', [outside AWS::Region], 'b']"),
        ("!Split ['/', !Sub 'a/${Stage}/b']", "Unknown"),
        ("!If [C, a, !If [D, b, !Ref AWS::NoValue]]", "['a' | 'b' | Absent]"),
        ("!If [C, a, a]", "'a'"),
        ("!If [C, a]", "Unknown"),
        ("[a, !Ref AWS::NoValue, !If [C, b, !Ref AWS::NoValue]]", "['a', ['b' | Absent]]"),
        ("!FindInMap [Sizes, dev, Memory]", "128"),
        ("!FindInMap [Sizes, !Ref Stage, Memory]", "[128 | 512]"),
        ("!FindInMap [Sizes, !If [C, dev, prod], Memory]", "[128 | 512]"),
        ("!FindInMap [Sizes, !Ref AWS::Region, Nothing]", "Unknown"),
        ("!FindInMap [Sizes, test, Memory]", "Unknown"),
        ("!FindInMap [Sizes, test, Memory, {DefaultValue: 1}]", "1"),
        ("!FindInMap [Sizes, dev, Memory, {DefaultValue: 1}]", "128"),
        ("!FindInMap [Sizes, !Ref Stage, Memory, {DefaultValue: 1}]", "[128 | 512 | 1]"),
        ("!FindInMap [Regions, !Ref AWS::Region, Short]", "'euw1'"),
        ("!FindInMap [Flags, true, 'On']", "'yes'"),
        ("!FindInMap [Macro, test, Memory]", "Unknown"),
        ("!FindInMap [Nowhere, a, b]", "Unknown"),
        ("!ImportValue net-vpc", "outside net-vpc.Fn::ImportValue"),
        ("!ImportValue {'Fn::Sub': '${Stage}-vpc'}", "outside ${Stage}-vpc.Fn::ImportValue"),
        ("!ImportValue {'Fn::If': [C, a, b]}", "Unknown"),
        ("!ImportValue {'Fn::Sub': ['${X}-vpc', {X: !If [C, a, b]}]}", "Unknown"),
        ("!Base64 abc", "'abc'"),
        ("!Cidr [10.0.0.0/16, 2, 8]", "Unknown"),
        ("!GetAZs ''", "Unknown"),
        ("!Ours x", "Unknown"),
        ("{'Fn::ForEach::L': [X, [a], {'k${X}': 1}]}", "Unknown"),
        ("{'Fn::ForEach::L': [X, [a], {'k${X}': 1}], k: 2}", "{k: 2, …}"),
        ("{'Fn::Transform': {Name: AWS::Include}, k: 2}", "{k: 2, …}"),
        ("{'Fn::Length': [a, !Ref AWS::NoValue, b]}", "2"),
        ("{'Fn::Length': !Ref Names}", "Unknown"),
        ("{'Fn::Length': [!If [C, a, !Ref AWS::NoValue]]}", "Unknown"),
        ("{'Fn::ToJsonString': {a: [1, true, x]}}", """'{"a": [1, true, "x"]}'"""),
        ("{'Fn::ToJsonString': {a: !GetAtt Queue.Arn}}", """['{"a": "' + Queue.Arn + '"}']"""),
        ("{Ref: Queue, x: 1}", "{Ref: 'Queue', x: 1}"),
    ],
)
def test_intrinsics(expression: str, expected: str) -> None:
    assert told(value(expression)) == expected


@pytest.mark.parametrize(
    ("name", "default", "allowed", "no_echo"),
    [
        ("Stage", "dev", ["dev", "prod"], False),
        ("Secret", None, [], True),
        ("Image", None, [], False),
        ("Names", None, [], False),
        ("Name", "a", [], False),
    ],
)
def test_parameters(name: str, default: str | None, allowed: list[str], no_echo: bool) -> None:
    found = value(f"!Ref {name}")
    assert isinstance(found, Parameter)
    assert found.default is None if default is None else found.default is not None and found.default.value == default
    assert ([item.value for item in found.allowed], found.no_echo) == (allowed, no_echo)
    assert [item.value for item in literals(found)] == (allowed or ([default] if default else []))
    assert found.span.line == 18


def test_no_value_is_not_set() -> None:
    assert thing("!Ref AWS::NoValue").get("Value") is None
    assert isinstance(value("!Ref AWS::NoValue"), Absent)


def test_values_keep_their_places() -> None:
    found = value("!If [C, !Sub 'x', b]")
    assert isinstance(found, OneOf)
    assert [(option.span.column, option.span.end_column) for option in found.options] == [(22, 30), (32, 33)]
