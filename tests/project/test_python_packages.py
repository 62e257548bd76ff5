"""What Python functions find beside their own modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.model import Function
from lambdalint.project.python_packages import ABSENT, SHIPPED, normalised
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

Files = dict[str, str]


def function(folder: Path, files: Files, properties: str = "", metadata: str = "{}", layer: str = "{}") -> Function:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Metadata: {metadata}
            Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/, {properties}}}
          L:
            Type: AWS::Serverless::LayerVersion
            Metadata: {layer}
            Properties: {{ContentUri: layer/}}
        """
    write(folder, {"app/template.yaml": template, "app/src/app.py": "def handler(event, context): ...\n", **files})
    return Reading(str(folder.resolve()), Settings()).project().functions[0]


def shipping(item: Function, module: str) -> str:
    return item.project.python_packages.shipping(item, "app/src/app.py", module)


@pytest.mark.parametrize(
    ("module", "files", "expected"),
    [
        ("json", {}, SHIPPED),
        ("boto3", {}, SHIPPED),
        ("requests", {}, ABSENT),
        ("requests", {"app/src/requests/__init__.py": ""}, SHIPPED),
        ("lxml", {"app/src/lxml.cpython-313-x86_64-linux-gnu.so": ""}, SHIPPED),
        ("requests", {"app/src/libraries.zip": "requests/__init__.py 10 bytes"}, SHIPPED),
        ("requests", {"app/src/requirements.txt": "Requests[socks]==2\n"}, SHIPPED),
        ("yaml", {"app/src/requirements.txt": "PyYAML\n"}, SHIPPED),
        ("urllib3", {"app/src/requirements.txt": "requests\n"}, SHIPPED),
        ("redis", {"app/src/requirements.txt": "requests\n# redis\n"}, ABSENT),
        ("redis", {"app/src/requirements.txt": "celery\n"}, ""),
        ("redis", {"app/src/requirements.txt": "-r ../all.txt\nrequests\n"}, ""),
        ("redis", {"app/src/requirements.txt": "https://example.com/redis.whl\n"}, SHIPPED),
        ("redis", {"app/src/requirements.txt": "https://example.com/all.whl\n"}, ""),
        ("redis", {"requirements.txt": "redis>=6\n"}, SHIPPED),
        ("redis", {"pyproject.toml": '[project]\ndependencies = ["redis>=6"]\n'}, SHIPPED),
        ("redis", {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, ""),
        ("redis", {"app/src/Pipfile": "[packages]\nflask = '*'\n"}, ""),
        ("redis", {"app/src/requirements/prod.txt": "redis\n"}, ABSENT),
        ("redis", {"app/src/requirements/requirements.txt": "redis\n"}, SHIPPED),
        ("redis", {"app/build.sh": "pip install redis -t src\n"}, ""),
        ("redis", {"app/README.md": "Run `pip install -r x -t src`\n"}, ""),
        ("redis", {"app/src/requirements.txt": "requests\n", "app/build.sh": "pip install x -t y\n"}, ABSENT),
    ],
)
def test_what_is_shipped(module: str, files: Files, expected: str, tmp_path: Path) -> None:
    assert shipping(function(tmp_path, files), module) == expected


@pytest.mark.parametrize(
    ("files", "metadata", "expected"),
    [
        ({"app/layer/python/redis/__init__.py": ""}, "{}", ""),
        ({"app/layer/python/lib/python3.13/site-packages/redis.py": ""}, "{}", ""),
        ({"app/layer/requirements.txt": "redis\n"}, "{BuildMethod: python3.13}", ""),
        ({"app/layer/python/other.py": ""}, "{}", ABSENT),
        ({"app/layer/Makefile": "build:\n\tcp x y\n"}, "{BuildMethod: makefile}", ""),
        ({"app/layer/build.sh": "pip install -r all.txt -t python\n"}, "{}", ""),
    ],
)
def test_layers(files: Files, metadata: str, expected: str, tmp_path: Path) -> None:
    item = function(tmp_path, files, "Layers: [!Ref L]", layer=metadata)
    assert shipping(item, "redis") == expected


@pytest.mark.parametrize(
    ("properties", "metadata"),
    [
        ("Layers: [arn:aws:lambda:eu-west-1:123456789012:layer:x:1]", "{}"),
        ("", "{BuildMethod: makefile}"),
        ("Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/run}}", "{}"),
        ("PackageType: Image", "{}"),
    ],
)
def test_what_cannot_be_known(properties: str, metadata: str, tmp_path: Path) -> None:
    assert shipping(function(tmp_path, {}, properties, metadata), "redis") == ""


def test_names_of_distributions() -> None:
    assert normalised("Ruamel.YAML_clib") == "ruamel-yaml-clib"
