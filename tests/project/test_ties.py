"""Which templates are judged together: those that have something to do with each other, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.parts import parts_of
from lambdalint.project.ties import _look_into
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from lambdalint.source import Source
from lambdalint.templates.document import read_yaml
from lambdalint.templates.json_document import read_json
from tests.support import write

HEAD = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n'


def function(name: str, code: str = "src", more: str = "") -> str:
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n"
        f"      Handler: app.handler\n      CodeUri: {code}\n{more}"
    )


def bucket(properties: str = "") -> str:
    return f"  Bucket:\n    Type: AWS::S3::Bucket\n{properties}"


ONE = HEAD + function("One")
OTHER = HEAD + function("Other")
HANDLER = "def handler(event, context):\n    return 1\n"
CODE = {"one/src/app.py": HANDLER, "other/src/app.py": HANDLER}

TIED: dict[str, dict[str, str]] = {
    "a nested stack": {
        "one/template.yaml": ONE + "  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
        "      TemplateURL: ../other/template.yaml\n",
    },
    "an export": {
        "one/template.yaml": ONE + 'Outputs:\n  Name:\n    Value: x\n    Export: {Name: "shop-table"}\n',
        "other/template.yaml": OTHER + '      Environment: {Variables: {A: !ImportValue "shop-table"}}\n',
    },
    "an export with a parameter": {
        "one/template.yaml": ONE + 'Outputs:\n  Name:\n    Value: x\n    Export: {Name: !Sub "${Stage}-table"}\n',
        "other/template.yaml": OTHER
        + '      Environment: {Variables: {A: !ImportValue {"Fn::Sub": "${Stage}-table"}}}\n',
    },
    "one code folder": {"other/template.yaml": HEAD + function("Other", "../one/src")},
    "a code folder within another": {"other/template.yaml": HEAD + function("Other", "../one/src/inner")},
    "all code at the root": {"other/template.yaml": HEAD + function("Other", "..")},
    "an ARN of what the other declares": {
        "one/template.yaml": ONE + bucket("    Properties: {BucketName: shop-uploads}\n"),
        "other/template.yaml": OTHER + "      Policies: [{Statement: [{Resource: 'arn:aws:s3:::shop-uploads/*'}]}]\n",
    },
    "a name in a map": {
        "one/template.yaml": "Mappings: {Names: {all: {bucket: shop-uploads}}}\n"
        + ONE
        + bucket("    Properties: {BucketName: !FindInMap [Names, all, bucket]}\n"),
        "other/template.yaml": OTHER + "      Environment: {Variables: {BUCKET: shop-uploads}}\n",
    },
    "a name in code": {
        "one/template.yaml": ONE + bucket("    Properties: {BucketName: shop-uploads}\n"),
        "other/src/app.py": HANDLER.replace("1", "put('shop-uploads')"),
    },
    "a name in code that is given inline": {
        "one/template.yaml": ONE + bucket("    Properties: {BucketName: shop-uploads}\n"),
        "other/template.yaml": HEAD + "  Other:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code:\n"
        "        ZipFile: |\n          put('shop-uploads')\n",
    },
    "a name in a module beside all code folders": {
        "one/template.yaml": ONE + bucket("    Properties: {BucketName: shop-uploads}\n"),
        "shared/names.js": "module.exports = 'shop-uploads';\n",
        "shared/more.js": "module.exports = require('./names');\n",
        "other/src/app.js": "const more = require('../../shared/more');\n",
    },
    "a name in a layer": {
        "one/template.yaml": ONE + bucket("    Properties: {BucketName: shop-uploads}\n"),
        "other/template.yaml": OTHER + "  Layer:\n    Type: AWS::Serverless::LayerVersion\n"
        "    Properties: {ContentUri: ../layer}\n",
        "layer/python/names.py": "NAME = 'shop-uploads'\n",
    },
    "a source of events": {
        "one/template.yaml": HEAD
        + function(
            "One",
            more="      Events: {Sold: {Type: EventBridgeRule, Properties: {Pattern: {source: [com.shop.sales]}}}}\n",
        ),
        "other/src/app.py": HANDLER.replace("1", "put([{'Source': 'com.shop.sales'}])"),
    },
}

APART: dict[str, dict[str, str]] = {
    "nothing": {},
    "names of the same logical ids": {
        "one/template.yaml": ONE + bucket(),
        "other/template.yaml": OTHER + bucket(),
    },
    "one layer": {
        f"{name}/template.yaml": HEAD + function(name) + "  Layer:\n    Type: AWS::Serverless::LayerVersion\n"
        "    Properties: {ContentUri: ../layer}\n"
        for name in ("one", "other")
    },
    "one managed policy": {
        f"{name}/template.yaml": HEAD
        + function(name, more="      Policies: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']\n")
        for name in ("one", "other")
    },
    "events of AWS": {
        f"{name}/template.yaml": HEAD
        + function(name, more="      Events: {A: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3]}}}}\n")
        for name in ("one", "other")
    },
    "a name of a key": {
        f"{name}/template.yaml": HEAD + function(name) + "  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n"
        "      AttributeDefinitions: [{AttributeName: order, AttributeType: S}]\n"
        for name in ("one", "other")
    },
}


def groups(folder: Path, files: dict[str, str]) -> list[list[str]]:
    root = write(folder, {"one/template.yaml": ONE, "other/template.yaml": OTHER, **CODE, **files})
    parts = parts_of(Reading(str(root.resolve()), Settings()))
    return sorted(sorted(part.files) for part in parts if part.files)


@pytest.mark.parametrize("what", TIED)
def test_tied(tmp_path: Path, what: str) -> None:
    assert groups(tmp_path, TIED[what]) == [["one/template.yaml", "other/template.yaml"]]


@pytest.mark.parametrize("what", APART)
def test_apart(tmp_path: Path, what: str) -> None:
    assert groups(tmp_path, APART[what]) == [["one/template.yaml"], ["other/template.yaml"]]


def test_handlers_without_templates_belong_to_the_code_folder_that_they_are_in(tmp_path: Path) -> None:
    files = {"one/src/second.py": HANDLER, "jobs/job.py": HANDLER, **CODE}
    root = write(tmp_path, {"one/template.yaml": ONE, "other/template.yaml": OTHER, **files})
    parts = parts_of(Reading(str(root.resolve()), Settings()))
    found = {part.files or part.roots.pop(): part.weight for part in parts}
    assert found == {("one/template.yaml",): 3, ("other/template.yaml",): 2, "jobs/job.py": 1}


def test_versions_that_can_not_be_told_count_everywhere(tmp_path: Path) -> None:
    version = "  V:\n    Type: AWS::Lambda::Version\n    Properties: {FunctionName: !Ref %s}\n"
    parameters = "Parameters: {Name: {Type: String}}\n"
    files = {"one/template.yaml": ONE + version % "One", "other/template.yaml": parameters + OTHER + version % "Name"}
    root = write(tmp_path, {**files, **CODE})
    parts = parts_of(Reading(str(root.resolve()), Settings()))
    assert {part.files: part.around.publishes for part in parts} == {
        ("one/template.yaml",): True,
        ("other/template.yaml",): False,
    }


@pytest.mark.parametrize("is_made", [False, True])
def test_json_tells_the_same_with_and_without_nodes(is_made: bool) -> None:
    text = """{"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties":
      {"EventPattern": {"source": ["shop.orders"]},
      "EventBusName": "arn:aws:events:eu-west-1:123456789012:event-bus/shop", "Name": 7, "Targets": [["deep", {"Arn":
      {"Fn::ImportValue": "Orders"}}], null, true]}}, "Twice": {"BucketName": "first", "BucketName": "second"}}}"""
    root = read_json(Source("t.json", text)).roots[0]
    if is_made:
        hash(root)  # which asks for everything
    found: list[object] = []
    for node in (root, read_yaml(Source("t.yaml", text)).roots[0]):
        texts: set[str] = set()
        names: set[str] = set()
        imports = _look_into(node, texts, names)
        found.append((texts, names, [item.pairs[0].key for item in imports]))
    assert found[0] == found[1]
