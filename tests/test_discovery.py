"""Which files a run looks at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from lambdalint.discovery import (
    Files,
    discover,
    find_root,
    is_compiled,
    is_output,
    is_surely_template,
    is_test,
    is_text_template,
    may_be_template,
    may_hold_handler,
)
from tests.support import report, write

QUEUE = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


def found(folder: Path, *names: str, excluded: tuple[str, ...] = (), root: str = "") -> list[str]:
    """Which of some files are found; they are made first."""
    write(folder, {name: "x" for name in names if not (folder / name).exists()})
    files = discover(str(folder / root), excluded)
    return sorted((*files.templates, *files.code))


def test_what_may_be_something(tmp_path: Path) -> None:
    names = ("a.yaml", "b.yml", "c.json", "d.template", "E.YAML", "f.py", "sub/deep/g.py")
    others = ("h.txt", "i.yaml.bak", "yaml", "j.toml", "k.pyc")
    assert found(tmp_path, *names, *others) == sorted(names)
    assert replace(discover(str(tmp_path)), is_left_out=None) == Files(
        ("E.YAML", "a.yaml", "b.yml", "c.json", "d.template"),
        ("f.py", "sub/deep/g.py"),
        (),
        programs=("f.py", "sub/deep/g.py"),
        folders=("", "sub", "sub/deep"),
    )


def test_javascript(tmp_path: Path) -> None:
    names = ("a.js", "b.mjs", "c.cjs", "d.ts", "e.mts", "f.cts", "g.jsx", "h.tsx", "sub/i.js")
    others = ("a.d.ts", "b.d.mts", "jquery.min.js", "webpack.config.js", "vite.config.ts", "node_modules/j/index.js")
    assert found(tmp_path, *names, *others, "bower_components/k.js", ".next/l.js", "a.js.map") == sorted(names)


def test_named_files_may_have_any_suffix(tmp_path: Path) -> None:
    write(tmp_path, {"stack.cfn": "x", "other.cfn": "x", "a.py": "x", ".gitignore": "ignored.cfn", "ignored.cfn": "x"})
    files = discover(str(tmp_path), (), ["stack.cfn", "a.py", "ignored.cfn"])
    assert (files.templates, files.code) == (("stack.cfn",), ("a.py",))


def test_named_folders_are_looked_into_although_git_ignores_them(tmp_path: Path) -> None:
    names = ("build/a/x.yaml", "build/a/tmp/y.yaml", "build/b/z.yaml", "src/app.py", "src/tmp/b.py")
    write(tmp_path, {".gitignore": "build/\ntmp/\n", "build/a/.gitignore": "y.yaml\n", **dict.fromkeys(names, "x")})
    assert found(tmp_path) == ["src/app.py"]
    named = discover(str(tmp_path), (), ["build/a"])
    assert (named.templates, named.code) == (("build/a/x.yaml",), ("src/app.py",))
    assert discover(str(tmp_path), (), ["build/b/z.yaml"]).templates == ()
    assert discover(str(tmp_path), (), ["src"]).code == ("src/app.py",)
    assert discover(str(tmp_path), ("build/",), ["build/a"]).templates == ()


@pytest.mark.parametrize(
    "folder",
    ["node_modules", ".aws-sam/build", ".serverless", ".terraform", ".git", "__pycache__", ".venv", ".tox", ".next"],
)
def test_folders_of_tools_are_not_entered(tmp_path: Path, folder: str) -> None:
    assert found(tmp_path, f"{folder}/a.yaml", f"sub/{folder}/b.py", "c.yaml") == ["c.yaml"]


def test_virtual_environments(tmp_path: Path) -> None:
    names = ("env/pyvenv.cfg", "env/a.py", "conda/conda-meta/x.json", "conda/b.py", "c.py")
    assert found(tmp_path, *names, "lib/python3.13/site-packages/d.py") == ["c.py"]


def test_cdk_assemblies_are_entered_though_git_ignores_them(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "cdk.out\n", "cdk.out/a.template.json": "x", "app/stage.cdk.out/b.json": "x"})
    for folder in ("cdk.out", "app/stage.cdk.out"):
        write(tmp_path / folder, {"manifest.json": "{}", "cdk.out": "{}"})
    files = discover(str(tmp_path))
    assert files.assemblies == ("app/stage.cdk.out", "cdk.out")
    assert files.templates == ()


class TestVendoredPackages:
    def test_told_by_their_metadata(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "src/app.py": "x",
                "src/Some_Thing-1.0.dist-info/RECORD": "some_thing/__init__.py,,\nother.py,,\n../../bin/run,,\n",
                "src/some_thing/__init__.py": "x",
                "src/other.py": "x",
                "src/third-2.0.egg-info/top_level.txt": "third_module\nthird_package\n",
                "src/third_module.py": "x",
                "src/third_package/a.py": "x",
                "src/plain-3.1.dist-info/WHEEL": "x",
                "src/plain/a.py": "x",
                "lib/some_thing/a.py": "x",
            },
        )
        assert found(tmp_path) == ["lib/some_thing/a.py", "src/app.py"]

    def test_told_by_their_names(self, tmp_path: Path) -> None:
        assert found(tmp_path, "src/boto3/a.py", "src/requests/b.py", "src/orders/c.py") == ["src/orders/c.py"]


class TestIgnoring:
    @pytest.mark.parametrize(
        ("patterns", "ignored"),
        [
            ("*.yaml", {"a.yaml", "sub/a.yaml", "sub/deep/a.yaml", "build/a.yaml"}),
            ("/a.yaml", {"a.yaml"}),
            ("sub/", {"sub/a.yaml", "sub/b.py", "sub/deep/a.yaml"}),
            ("sub", {"sub/a.yaml", "sub/b.py", "sub/deep/a.yaml"}),
            ("sub/*.yaml", {"sub/a.yaml"}),
            ("sub/**/a.yaml", {"sub/a.yaml", "sub/deep/a.yaml"}),
            ("**/deep", {"sub/deep/a.yaml"}),
            ("*.yaml\n!sub/a.yaml", {"a.yaml", "sub/deep/a.yaml", "build/a.yaml"}),
            ("sub/\n!sub/a.yaml", {"sub/a.yaml", "sub/b.py", "sub/deep/a.yaml"}),
            ("sub/*\n!sub/a.yaml", {"sub/b.py", "sub/deep/a.yaml"}),
            ("# *.yaml\n\n  \n", set()),
            ("\\#x\n[ab].y*", {"a.yaml", "sub/a.yaml", "sub/deep/a.yaml", "build/a.yaml"}),
        ],
    )
    def test_patterns(self, tmp_path: Path, patterns: str, ignored: set[str]) -> None:
        names = {"a.yaml", "sub/a.yaml", "sub/b.py", "sub/deep/a.yaml", "build/a.yaml"}
        write(tmp_path, {".gitignore": patterns})
        assert set(found(tmp_path, *names)) == names - ignored
        (tmp_path / ".gitignore").unlink()
        assert set(found(tmp_path, excluded=tuple(patterns.split("\n")))) == names - ignored

    def test_nested_files(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                ".gitignore": "*.json\nlocal/\n",
                "sub/.gitignore": "!keep.json\n/a.yaml\n",
                "sub/deep/.gitignore": "keep.json\n",
            },
        )
        names = ("a.json", "keep.json", "a.yaml", "sub/a.json", "sub/keep.json", "sub/a.yaml", "sub/deep/a.yaml")
        names += ("sub/deep/keep.json", "sub/local/b.yaml")
        assert found(tmp_path, *names) == ["a.yaml", "sub/deep/a.yaml", "sub/keep.json"]

    def test_above_the_root(self, tmp_path: Path) -> None:
        write(
            tmp_path, {".git/config": "", ".gitignore": "*.json\n/one/two/x.yaml\nout/\n", "one/.gitignore": "!b.json"}
        )
        names = ("one/two/a.json", "one/two/b.json", "one/two/x.yaml", "one/two/y.yaml", "one/two/out/z.yaml")
        assert found(tmp_path, *names, root="one/two") == ["b.json", "y.yaml"]

    def test_of_another_project_above_counts_for_nothing(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": "*.yaml\n"})
        assert found(tmp_path, "one/a.yaml", root="one") == ["a.yaml"]

    def test_a_root_that_is_ignored_was_meant(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/config": "", ".gitignore": "/one/\n"})
        assert found(tmp_path, "one/a.yaml", root="one") == ["a.yaml"]

    def test_broken_files(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": b"\xff\xfe\n[\n*.json\n"})
        assert "a.yaml" in found(tmp_path, "a.yaml")

    def test_settings(self, tmp_path: Path) -> None:
        assert found(tmp_path, "a.yaml", "old/b.yaml", "new/old/c.yaml", excluded=("/old/",)) == [
            "a.yaml",
            "new/old/c.yaml",
        ]


class TestLinks:
    def test_to_folders_are_not_followed(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/x.yaml": "x"})
        os.symlink("..", tmp_path / "a" / "up")
        os.symlink("a", tmp_path / "b")
        assert found(tmp_path) == ["a/x.yaml"]

    def test_to_files_are(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/x.yaml": "x"})
        os.symlink("a/x.yaml", tmp_path / "y.yaml")
        assert found(tmp_path) == ["a/x.yaml", "y.yaml"]


class TestRoot:
    def root(self, tmp_path: Path, path: str) -> str:
        return Path(find_root(str(tmp_path / path))).relative_to(tmp_path.resolve()).as_posix()

    def test_git(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/config": "", "a/b/app.py": "x", "a/template.yaml": "x"})
        assert self.root(tmp_path, "a/b") == "."
        assert self.root(tmp_path, "a/b/app.py") == "."

    def test_git_of_a_worktree_or_submodule(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/config": "", "a/.git": "gitdir: elsewhere", "a/b/app.py": "x"})
        assert self.root(tmp_path, "a/b/app.py") == "a"

    @pytest.mark.parametrize(
        ("name", "text", "counts"),
        [
            ("lambdalint.toml", "", True),
            ("pyproject.toml", "[tool.lambdalint]\n", True),
            ("pyproject.toml", "[project]\n\n [ tool . lambdalint ]  \n", True),
            ("pyproject.toml", "[tool.lambdalint.rules.x]\n", True),
            ("pyproject.toml", '[tool."lambdalint"]\n', True),
            ("pyproject.toml", "[tool.lambdalinter]\n", False),
            ("pyproject.toml", "# [tool.lambdalint]\n", False),
            ("pyproject.toml", "[project]\ndependencies = ['lambdalint']\n", False),
        ],
    )
    def test_settings(self, tmp_path: Path, name: str, text: str, counts: bool) -> None:
        write(tmp_path, {".git/config": "", f"a/{name}": text, "a/b/app.py": "x"})
        assert self.root(tmp_path, "a/b") == ("a" if counts else ".")

    def test_settings_beyond_the_git_root_do_not_count(self, tmp_path: Path) -> None:
        write(tmp_path, {"lambdalint.toml": "", "a/.git/config": "", "a/b/app.py": "x"})
        assert self.root(tmp_path, "a/b") == "a"

    @pytest.mark.parametrize("name", ["template.yaml", "template.yml", "samconfig.toml", "cdk.json", "serverless.yml"])
    def test_files_of_a_project(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, {f"a/{name}": "x", "a/b/c/app.py": "x", "other/app.py": "x"})
        assert self.root(tmp_path, "a/b/c/app.py") == "a"
        assert self.root(tmp_path, "other") == "other"
        assert self.root(tmp_path, "other/app.py") == "other"


class TestContent:
    @pytest.mark.parametrize(
        "text",
        [
            QUEUE,
            QUEUE.replace("Type: AWS::SQS::Queue", '"Type" : "AWS::SQS::Queue"'),
            '{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}',
            "Resources: {Q: {Type: Custom::Thing::One}}",
        ],
    )
    def test_may_be_template(self, text: str) -> None:
        assert may_be_template(text.encode())
        assert may_be_template(text.encode("utf-16"))

    @pytest.mark.parametrize(
        "text", ["", "a: b", "Resources: []", "Type: AWS::SQS::Queue", "resources:\n  Type: AWS::SQS::Queue"]
    )
    def test_may_not(self, text: str) -> None:
        assert not may_be_template(text.encode())

    @pytest.mark.parametrize(
        "text",
        [
            QUEUE,
            "\ufeff" + QUEUE,
            "AWSTemplateFormatVersion: '2010-09-09'\r\nResources:\r\n  Q: {\r\n",
            "Transform: AWS::Serverless-2016-10-31\nResources :\n  Q: [\n",
            '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"',
            '{\n  "AWSTemplateFormatVersion" : "2010-09-09",\n  "Resources" : {\n',
            '{"Parameters": {"A": {}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue"',
        ],
    )
    def test_surely_template(self, text: str) -> None:
        assert is_surely_template(text.encode())
        if not text.startswith("\ufeff"):
            assert is_surely_template(text.encode("utf-16"))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Resources:\n  - a\n",
            "Resources:\n  Q:\n    Type: Custom\n",
            "data: |\n  AWSTemplateFormatVersion: '2010-09-09'\n  Resources:\n    Q:\n      Type: AWS::SQS::Queue\n",
            "resources:\n  Resources:\n    Q:\n      Type: AWS::SQS::Queue\n",
            "# Resources:\n#   Type: AWS::SQS::Queue\n",
            '{"body": {"Resources": {"Q": {"Type": "AWS::SQS::Queue"',
            '{"Records": [{"Type": "AWS::SQS::Queue"}]',
        ],
    )
    def test_not_surely(self, text: str) -> None:
        assert not is_surely_template(text.encode())

    @pytest.mark.parametrize(
        ("text", "path", "expected"),
        [
            ("{% if a %}\n", "a.yaml", True),
            ("{%- if a %}\n", "a.yaml", True),
            ("Name: {{ cookiecutter.name }}\n", "a.yaml", True),
            ("Name: {{cookiecutter['name']|lower}}\n", "a.yaml", True),
            ("Name: {{ .Values.name }}\n", "a.yaml", True),
            ("Name: x\n", "{{cookiecutter.name}}/a.yaml", True),
            ("Name: '{{resolve:ssm:name:1}}'\n", "a.yaml", False),
            ("Name: '{{resolve:secretsmanager:id:SecretString:key}}'\n", "a.yaml", False),
            ("Name: !Sub '${Name}'\nMap: {a: {b: c}}\n", "a.yaml", False),
        ],
    )
    def test_text_template(self, text: str, path: str, expected: bool) -> None:
        assert is_text_template(text.encode(), path) is expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("def handler(event, context):\n", True),
            ("import os\n\nasync def main(event: dict, context: Any) -> None:\n", True),
            ("def lambda_handler(evt, _):\n", True),
            ("def lambda_handler(\n    event,\n    context,\n):\n", True),
            ("class A:\n    def handler(self, event, context):\n", False),
            ("def add(a, b):\n", False),
            ("# def handler(event, context):\n", False),
        ],
    )
    def test_may_hold_handler(self, text: str, expected: bool) -> None:
        assert may_hold_handler(text.encode(), "app.py") is expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("exports.handler = async (event) => {};", True),
            ("module.exports.lambdaHandler = run;", True),
            ("module.exports = { config, handler };", True),
            ("export const handler = middy(run);", True),
            ("export async function ordersHandler(event) {}", True),
            ("export { run as handler };", True),
            ("exports.create = function (event, context, callback) {", True),
            ("export const main = async (event: SQSEvent, _context: Context) => {", True),
            ("const handler = (event) => {};", False),
            ("export const Button = ({ onClick }) => {};", False),
            ("export default function App() {}", False),
            ("exports.up = async (queryInterface, Sequelize) => {};", False),
            ("button.addEventListener('click', handler);", False),
            ("export const onClick = (event) => {};", False),
        ],
    )
    def test_may_hold_node_handler(self, text: str, expected: bool) -> None:
        assert may_hold_handler(text.encode(), "app.js") is expected

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("dist/app.js", True),
            ("web/public/js/app.js", True),
            ("out/app.mjs", True),
            ("web/src/app.tsx", True),
            ("dist/app.ts", False),
            ("build/app.py", False),
            ("src/app.js", False),
            ("dist.js", False),
        ],
    )
    def test_is_output(self, path: str, expected: bool) -> None:
        assert is_output(path) is expected

    @pytest.mark.parametrize(
        ("path", "expected"),
        [("src/app.js", True), ("src/app.mjs", False), ("src/other.js", False), ("src/app.ts", False)],
    )
    def test_is_compiled(self, path: str, expected: bool) -> None:
        assert is_compiled(path, frozenset((path, "src/app.ts"))) is expected

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("src/app.test.ts", True),
            ("src/app.spec.js", True),
            ("__tests__/app.js", True),
            ("src/__mocks__/sdk.ts", True),
            ("e2e/app.js", True),
            ("src/contest.js", False),
            ("tests/a.py", True),
            ("src/test/unit/a.py", True),
            ("src/integration-test/a.py", True),
            ("src/unit_tests/a.py", True),
            ("src/latest/a.py", False),
            ("src/test_app.py", True),
            ("src/app_test.py", True),
            ("conftest.py", True),
            ("src/app.py", False),
            ("src/contest.py", False),
            ("testing.py", False),
        ],
    )
    def test_is_test(self, path: str, expected: bool) -> None:
        assert is_test(path) is expected


def test_templates_are_told_by_content(tmp_path: Path) -> None:
    """Whatever they are called; and what is no template is passed over, whatever it is called."""
    twice = QUEUE + "    Type: AWS::SQS::Queue\n"
    write(
        tmp_path,
        {
            "infra/anything.yml": twice,
            "stack.template": twice,
            "template.yaml": "services:\n  web:\n    Type: x\n    Type: y\n",
            "values.yaml": "Resources:\n  cpu: 1\n  cpu: 2\n",
            "{{cookiecutter.name}}/template.yaml": twice,
            "jinja.yaml": "# {% raw %}\n" + twice,
            "workflow.yml": "on: push\njobs: {}\njobs: {}\n# Resources: Type: AWS::SQS::Queue\n",
        },
    )
    assert [item.span.path for item in report(tmp_path, "LL001").findings] == ["infra/anything.yml", "stack.template"]


def test_folders_of_caches_are_left_alone_unless_they_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "", "kept/CACHEDIR.TAG": "", "kept/app.py": "", "kept/deep/app.py": ""})
    assert discover(str(tmp_path)).code == ("app.py",)
    assert discover(str(tmp_path), named=["kept"]).code == ("app.py", "kept/app.py", "kept/deep/app.py")
    assert discover(str(tmp_path / "kept")).code == ("app.py", "deep/app.py")
