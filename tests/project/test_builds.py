"""What is not there may be made by a build step."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.builds import is_output
from lambdalint.project.paths import local_paths
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: {code}
"""


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("target/orders.jar", {}),
        ("dist", {}),
        ("../build/orders", {}),
        ("orders-package", {}),
        ("orders.zip", {}),
        (".aws-sam/build/Orders", {}),
        ("orders", {".gitignore": "service/orders/\n"}),
        ("orders", {"service/.gitignore": "orders\n"}),
        ("orders", {".gitmodules": '[submodule "a"]\n  path = service/orders\n'}),
        ("orders", {"Makefile": "orders:\n\tmkdir -p service/orders\n"}),
        ("orders", {"service/package.json": '{"scripts": {"build": "esbuild src --outdir=orders"}}'}),
        ("orders", {"service/build.sh": "cp -r \\\n  ../common \\\n  orders\n"}),
        ("orders", {"README.md": "```\npip install -r requirements.txt -t service/orders\n```\n"}),
        ("orders", {"orders/index.js": ""}),
        ("orders", {"overlay.sh": "cp -rf service/* upstream/\n"}),
        ("orders", {"Makefile": "build:\n\tcp service/template.yaml ready/\n"}),
    ],
)
def test_may_be_made(tmp_path: Path, code: str, files: dict[str, str]) -> None:
    assert paths(tmp_path, code, files) == [True]


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("orders", {}),
        ("orders", {"Makefile": "deploy:\n\tsam deploy  # orders\n"}),
        ("orders", {"Makefile": "all:\n\tmkdir orders-2\n"}),
        ("orders", {".gitignore": "*.log\n"}),
        ("orders", {"deploy.sh": "aws s3 cp service/template.yaml s3://templates/\n"}),
        ("orders", {"deploy.sh": "cp service/samconfig.toml elsewhere/\n"}),
        ("Orders", {"service/orders/index.js": ""}),
        ("rebuilding", {}),
    ],
)
def test_is_missing(tmp_path: Path, code: str, files: dict[str, str]) -> None:
    assert paths(tmp_path, code, files) == [False]


@pytest.mark.parametrize("code", ["s3://bucket/key", "!Ref Code", "/home/me/code", "<path>", "${Path}", "'{{path}}'"])
def test_what_is_no_path_of_the_project(tmp_path: Path, code: str) -> None:
    assert paths(tmp_path, code, {}) == []


def paths(folder: Path, code: str, files: dict[str, str]) -> list[bool]:
    write(folder, {"service/template.yaml": TEMPLATE.format(code=code), **files})
    found = list(local_paths(Reading(str(folder), Settings()).project()))
    assert not any(path.is_there for path in found)
    return [path.may_be_made for path in found]


def test_outputs() -> None:
    assert all(is_output(name) for name in ("dist", "target", "lambda_build", "dist-lambda", ".build", "asset.0a1b"))
    assert not any(is_output(name) for name in ("src", "builder", "distribution", "outbound", "rebuild"))
