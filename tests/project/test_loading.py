"""What a handler certainly loads, on which versions it runs, and what its function may bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.language_versions import language_versions
from lambdalint.project.loading import certain_modules, changes_search_path, reached_imports
from lambdalint.project.model import Handler, Project
from lambdalint.project.standard_library import used_of_library
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

PLAIN = "Runtime: python3.13, Handler: app.handler, CodeUri: src/"


def project(folder: Path, files: dict[str, str], properties: str = PLAIN) -> Project:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Parameters:
          Runtime: {{Type: String, Default: python3.12, AllowedValues: [python3.9, python3.12]}}
          Any: {{Type: String}}
        Conditions:
          Old: !Equals [!Ref Any, old]
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {{{properties}}}
          L:
            Type: AWS::Serverless::LayerVersion
            Properties: {{ContentUri: layer/}}
        """
    write(folder, {"template.yaml": template, "src/app.py": "def handler(event, context): pass\n", **files})
    return Reading(str(folder.resolve()), Settings()).project()


def handler(folder: Path, files: dict[str, str], properties: str = PLAIN) -> Handler:
    found = project(folder, files, properties).functions[0].handler
    assert found is not None
    return found


def test_modules_that_are_certainly_loaded(tmp_path: Path) -> None:
    app = """
        import sys
        import one
        from pkg import two
        if sys.argv:
            import three
        try:
            import four
        except ImportError:
            pass
        def handler(event, context):
            import five
        """
    others = {f"src/{name}.py": "" for name in ("one", "three", "four", "five", "pkg/__init__", "pkg/seven")}
    found = certain_modules(
        handler(tmp_path, {"src/app.py": app, "src/pkg/two.py": "from . import six\nimport seven\n", **others})
    )
    assert sorted(module.path for module in found) == [
        "src/app.py",
        "src/one.py",
        "src/pkg/__init__.py",
        "src/pkg/two.py",
    ]


def test_imports_that_are_reached(tmp_path: Path) -> None:
    app = """
        import one
        class A:
            import two
        def called():
            import three
        def tried():
            import four
        def old():
            import five
        def never():
            import six
        def handler(event, context):
            import seven
            called()
            try:
                tried()
            except Exception:
                pass
            if sys.version_info < (3, 9):
                old()
        """
    found = [
        (item.loaded.imported.module, item.function) for item in reached_imports(handler(tmp_path, {"src/app.py": app}))
    ]
    assert found == [("one", ""), ("two", ""), ("three", "called"), ("seven", "handler")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import imp\n", ["imp"]),
        ("import distutils.util\n", ["distutils"]),
        ("from distutils import log, util\n", ["distutils"]),
        ("from importlib import metadata, util\n", ["importlib.metadata"]),
        ("from collections import Mapping, OrderedDict\n", ["collections.Mapping"]),
        ("from collections import *\n", []),
        ("import collections\ncollections.Mapping = dict\nfrom collections import Mapping\n", []),
        ("from . import imp\n", []),
        ("import sys\nsys.path.insert(0, '/mnt/modules')\nimport imp\n", []),
        ("import json, os, typing\n", []),
    ],
)
def test_what_is_used_of_the_library(tmp_path: Path, code: str, expected: list[str]) -> None:
    found = handler(tmp_path, {"src/app.py": f"{code}def handler(event, context): pass\n"})
    assert [item.offer.name for item in used_of_library(found)] == expected
    assert changes_search_path(found) is ("sys.path" in code)


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("python3.9", ["python3.9"]),
        ("!Ref Runtime", ["python3.12"]),
        ("!Ref Any", []),
        ("!If [Old, python3.12, python3.9]", ["python3.9", "python3.12"]),
        ("!If [Old, python3.12, nodejs22.x]", []),
        ("!If [Old, python3.12, !Ref Any]", []),
    ],
)
def test_versions(tmp_path: Path, runtime: str, expected: list[str]) -> None:
    function = project(tmp_path, {}, f"Runtime: {runtime}, Handler: app.handler, CodeUri: src/").functions[0]
    assert [item.runtime for item in language_versions(function, "python")] == expected


@pytest.mark.parametrize(
    ("files", "properties", "module", "expected"),
    [
        ({}, PLAIN, "imp", False),
        ({"src/requirements.txt": "pandas\nsimplejson\n"}, PLAIN, "imp", False),
        ({"src/requirements.txt": "zombie-imp\n"}, PLAIN, "imp", True),
        ({"src/requirements.txt": "setuptools\n"}, PLAIN, "distutils", True),
        ({"src/requirements.txt": "standard-telnetlib==3.13\n"}, PLAIN, "telnetlib", True),
        ({"pyproject.toml": '[project]\ndependencies = ["legacy-cgi"]\n'}, PLAIN, "cgi", True),
        ({"src/imp.so": ""}, PLAIN, "imp", True),
        ({"src/asyncore/x.py": ""}, PLAIN, "asyncore", True),
        ({"build.sh": "cp old/imp.py src/\n"}, PLAIN, "imp", True),
        ({"build.sh": "cp old/simple.py src/\n"}, PLAIN, "imp", False),
        ({"layer/python/x.py": ""}, f"{PLAIN}, Layers: [!Ref L]", "imp", False),
        ({"layer/python/imp.py": ""}, f"{PLAIN}, Layers: [!Ref L]", "imp", True),
        ({"layer/requirements.txt": "pyasyncore"}, f"{PLAIN}, Layers: [!Ref L]", "asyncore", True),
        ({}, f"{PLAIN}, Layers: [!Ref Any]", "imp", True),
        ({}, f"{PLAIN}, Environment: {{Variables: {{PYTHONPATH: /mnt/x}}}}", "imp", True),
        ({}, f"{PLAIN}, Environment: {{Variables: {{AWS_LAMBDA_EXEC_WRAPPER: /opt/x}}}}", "imp", True),
    ],
)
def test_what_a_function_may_bring(
    tmp_path: Path, files: dict[str, str], properties: str, module: str, expected: bool
) -> None:
    made = project(tmp_path, files, properties)
    assert made.python_packages.may_bring(made.functions[0], "src/app.py", module) is expected
