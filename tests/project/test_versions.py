"""Which versions functions have, and what reaches a function without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.model import Project
from lambdalint.project.versions import is_unqualified, published
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

FUNCTION = """\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Runtime: python3.13
      Handler: app.handler
      Code: {S3Bucket: artifacts, S3Key: orders.zip}
      Role: !GetAtt Role.Arn
"""
VERSION = "  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}\n"


def project(folder: Path, **files: str) -> Project:
    return Reading(str(write(folder, {f"{name}.yaml": text for name, text in files.items()})), Settings()).project()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "no"),
        (VERSION, "yes"),
        (
            "  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: orders, Name: a, FunctionVersion: $LATEST}}\n",
            "no",
        ),
        (
            "  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: orders, Name: a, FunctionVersion: '3'}}\n",
            "yes",
        ),
        ("  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !ImportValue Other}}\n", "unknown"),
        ("  C: {Type: 'Custom::Publish', Properties: {ServiceToken: arn, Names: [!Ref Orders]}}\n", "unknown"),
        ("  C: {Type: 'Custom::Migrate', Properties: {ServiceToken: !GetAtt Orders.Arn}}\n", "no"),
        ("  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b.yaml}}\n", "unknown"),
    ],
)
def test_published(tmp_path: Path, more: str, expected: str) -> None:
    function = project(tmp_path, template=FUNCTION + more).functions[0]
    assert published(function) == expected


@pytest.mark.parametrize(("name", "expected"), [("Orders", "yes"), ("Receipts", "no")])
def test_version_in_a_nested_stack(tmp_path: Path, name: str, expected: str) -> None:
    nested = """\
Parameters: {Name: {Type: String}}
Resources:
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Name}}
"""
    second = FUNCTION.partition("\n")[2].replace("Orders", "Receipts").replace("orders", "receipts")
    stack = """\
  Versions:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested.yaml, Parameters: {Name: !Ref Orders}}
"""
    functions = project(tmp_path, template=FUNCTION + second + stack, nested=nested).functions
    assert next(published(function) for function in functions if function.name == name) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("!GetAtt Orders.Arn", True),
        ("!Sub '${Orders.Arn}'", True),
        ("!Sub '${Orders.Arn}:$LATEST'", True),
        ("arn:aws:lambda:eu-west-1:123456789012:function:orders", True),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Orders}'", True),
        ("!Ref Version", False),
        ("!Sub '${Orders.Arn}:live'", False),
        ("arn:aws:lambda:eu-west-1:123456789012:function:orders:live", False),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders:live'", False),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Orders}-next'", False),
        ("!If [IsNew, !Ref Version, !GetAtt Orders.Arn]", False),
        ("!If [IsNew, !Ref 'AWS::NoValue', !GetAtt Orders.Arn]", True),
    ],
)
def test_unqualified(tmp_path: Path, target: str, expected: bool) -> None:
    rule = f"""\
  Hourly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 hour)
      Targets: [{{Id: orders, Arn: {target}}}]
"""
    found = project(tmp_path, template=FUNCTION + VERSION + rule)
    assert [is_unqualified(source) for source in found.event_sources] == [expected]
