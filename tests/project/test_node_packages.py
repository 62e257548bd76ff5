"""What package.json files say: the module system, and which packages a function ships; which version it runs on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdalint.aws.node import node_version
from lambdalint.project.model import Function
from lambdalint.project.node_packages import ABSENT, COMMONJS, DEVELOPMENT, ES, SHIPPED
from lambdalint.project.node_runtimes import loads_as_usual, node_runtimes
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

Files = dict[str, str]
PLAIN = "Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/"
PARAMETER = "{Type: String, Default: nodejs20.x, AllowedValues: [nodejs24.x, nodejs20.x]}"
DEPENDS = '{"dependencies": {"aws-sdk": "^2"}}'


def function(folder: Path, files: Files, properties: str = PLAIN, metadata: str = "{}", more: str = "") -> Function:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Parameters:
          Runtime: {PARAMETER}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Metadata: {metadata}
            Properties: {{{properties}}}
          L:
            Type: AWS::Serverless::LayerVersion
            Properties: {{ContentUri: layer/}}
        """
    write(folder, {"app/template.yaml": template, "app/src/app.js": "exports.handler = 1;\n", **files})
    project = Reading(str(folder.resolve()), Settings()).project()
    return project.functions[0]


@pytest.mark.parametrize(
    ("path", "files", "expected"),
    [
        ("app/src/app.js", {}, COMMONJS),
        ("app/src/app.js", {"app/package.json": '{"type": "module"}'}, COMMONJS),
        ("app/src/app.js", {"app/src/package.json": '{"type": "module"}'}, ES),
        (
            "app/src/lib/a.js",
            {"app/src/package.json": '{"type": "module"}', "app/src/lib/package.json": "{}"},
            COMMONJS,
        ),
        ("app/src/app.mjs", {}, ES),
        ("app/src/app.cjs", {"app/src/package.json": '{"type": "module"}'}, COMMONJS),
        ("app/src/app.js", {"app/src/package.json": "{"}, ""),
        ("app/src/app.ts", {}, ""),
        ("app/src/node_modules/x/index.js", {}, ""),
        ("other/app.js", {}, ""),
        ("app/template.yaml#F", {}, COMMONJS),
    ],
)
def test_module_system(path: str, files: Files, expected: str, tmp_path: Path) -> None:
    found = function(tmp_path, files)
    assert found.project.node_packages.system(found, path)[0] == expected


@pytest.mark.parametrize(
    ("files", "properties", "expected"),
    [
        ({}, PLAIN, ABSENT),
        ({"app/src/package.json": DEPENDS}, PLAIN, SHIPPED),
        ({"app/src/package.json": "{}", "app/package.json": DEPENDS}, PLAIN, SHIPPED),
        ({"app/src/package.json": '{"devDependencies": {"aws-sdk": "^2"}}'}, PLAIN, DEVELOPMENT),
        ({"app/src/package.json": '{"dependencies": {"uuid": "^9"}}'}, PLAIN, ABSENT),
        ({"app/src/package.json": '{"dependencies": {"dynamoose": "^2"}}'}, PLAIN, ""),
        ({"app/src/package.json": '{"dependencies": {"@aws-sdk/client-s3": "^3"}}'}, PLAIN, ABSENT),
        ({"app/src/package.json": '{"dependencies": {"common": "file:../common"}}'}, PLAIN, ""),
        ({"app/src/package.json": "{"}, PLAIN, ""),
        ({"app/src/node_modules/aws-sdk/package.json": "{}"}, PLAIN, SHIPPED),
        ({"app/README.md": "npm install aws-sdk\n"}, PLAIN, ""),
        ({"app/layer/readme.txt": ""}, PLAIN + ", Layers: [!Ref L]", ABSENT),
        ({"app/layer/nodejs/node_modules/aws-sdk/package.json": "{}"}, PLAIN + ", Layers: [!Ref L]", SHIPPED),
        ({"app/layer/nodejs/package.json": DEPENDS}, PLAIN + ", Layers: [!Ref L]", SHIPPED),
        ({}, PLAIN + ', Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:sdk:3"]', ""),
    ],
)
def test_what_is_shipped(files: Files, properties: str, expected: str, tmp_path: Path) -> None:
    found = function(tmp_path, files, properties)
    assert found.project.node_packages.shipping(found, "app/src/app.js", "aws-sdk") == expected


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        ({"packages": {"node_modules/aws-sdk": {"version": "2"}}}, ""),
        ({"packages": {"node_modules/aws-sdk": {"version": "2", "dev": True}}}, ABSENT),
        ({"packages": {"node_modules/dynamoose": {"version": "4"}}}, ABSENT),
        ({"dependencies": {"aws-sdk": {"version": "2"}}}, ""),
        ({"dependencies": {"dynamoose": {"version": "4"}}}, ABSENT),
    ],
)
def test_lock_files_tell_what_comes_along(lock: dict[str, object], expected: str, tmp_path: Path) -> None:
    files = {
        "app/src/package.json": '{"dependencies": {"dynamoose": "*"}}',
        "app/src/package-lock.json": json.dumps(lock),
    }
    found = function(tmp_path, files)
    assert found.project.node_packages.shipping(found, "app/src/app.js", "aws-sdk") == expected


@pytest.mark.parametrize(
    ("files", "metadata", "expected"),
    [
        ({}, "{}", False),
        ({}, "{BuildMethod: esbuild}", True),
        ({}, "{BuildMethod: makefile}", True),
        ({}, "{BuildMethod: nodejs22.x}", False),
        ({"app/webpack.config.js": ""}, "{}", True),
        ({"app/package.json": '{"scripts": {"build": "esbuild src/app.js --outdir dist"}}'}, "{}", True),
        ({"app/package.json": '{"scripts": {"test": "jest"}}'}, "{}", False),
        ({"package.json": '{"devDependencies": {"vite": "*"}}'}, "{}", False),
        ({}, "{aws:asset:is-bundled: true}", True),
        ({"app/webpack.config.js": ""}, "{aws:asset:is-bundled: false}", False),
    ],
)
def test_builds(files: Files, metadata: str, expected: bool, tmp_path: Path) -> None:
    found = function(tmp_path, files, metadata=metadata)
    assert found.project.node_packages.is_built(found) is expected


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [("nodejs22.x", 22), ("nodejs4.3", 4), ("nodejs", None), ("python3.13", None), ("nodejs24.x-beta", None)],
)
def test_versions(runtime: str, expected: int | None) -> None:
    assert node_version(runtime) == expected


def test_what_a_parameter_only_allows_comes_last(tmp_path: Path) -> None:
    found = function(tmp_path, {}, "Runtime: !Ref Runtime, Handler: app.handler, CodeUri: src/")
    assert [(item.name, item.is_set) for item in node_runtimes(found)] == [("nodejs20.x", True), ("nodejs24.x", False)]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ("{STAGE: prod}", True),
        ("{NODE_OPTIONS: --enable-source-maps}", True),
        ("{NODE_OPTIONS: --experimental-require-module}", False),
        ("{NODE_OPTIONS: -r ./tracing.js}", False),
        ("{NODE_OPTIONS: !Ref Runtime}", True),
        ("{NODE_OPTIONS: !ImportValue options}", False),
        ("{NODE_PATH: /opt/modules}", False),
        ("{AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper}", False),
    ],
)
def test_what_changes_loading(variables: str, expected: bool, tmp_path: Path) -> None:
    found = function(tmp_path, {}, f"{PLAIN}, Environment: {{Variables: {variables}}}")
    assert loads_as_usual(found) is expected
