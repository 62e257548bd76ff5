"""Inputs that nobody would write, and inputs that somebody nearly wrote. Shared with ``tools/fuzz``."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MAX_PROJECT = 60
"""Files of a project that is taken as a beginning; larger ones say nothing more, and take long."""
MAX_FILE = 60_000
CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx")
TEMPLATES = (".yaml", ".yml", ".json", ".template")
KEPT = (*CODE, *TEMPLATES, ".toml", ".txt", ".map", ".md", ".cfg", ".lock", ".in")

LETTERS = "abzAZ019 _-.:/\\'\"`{}[]()<>$#@!?&*|%^~=+,;\n\r\t\0\x0b\x0c\x1b\x85\xa0\u2028\ufeff\ud800é中\U0001f600"
"""Characters that some reader treats in its own way."""

TOKENS = (
    *(
        "\n",
        "\r",
        "\r\n",
        "\t",
        "  ",
        " ",
        ":",
        ": ",
        "- ",
        "? ",
        "#",
        "'",
        '"',
        "`",
        "\\",
        "|",
        ">",
        "|-",
        "%",
        "&a ",
        "*a",
        "<<: ",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "${",
        "${A}",
        "${AWS::Region}",
        "${!x}",
        "{{",
        "{%",
        "---\n",
        "...\n",
        "\0",
        "\ufeff",
        "\x85",
    ),
    *(
        "!Ref ",
        "!Sub ",
        "!GetAtt ",
        "!If [",
        "!Join [",
        "!Select [",
        "!Split [",
        "!FindInMap [",
        "!ImportValue ",
        "!Equals [",
    ),
    *(
        "Ref",
        "Fn::If",
        "Fn::Sub",
        "Fn::GetAtt",
        "Fn::ForEach::X",
        "Fn::Transform",
        "AWS::NoValue",
        "AWS::LanguageExtensions",
    ),
    *(
        "Resources:",
        "Type:",
        "Properties:",
        "Globals:",
        "Conditions:",
        "Metadata:",
        "Events:",
        "null",
        "true",
        "1e999",
        "-1",
        "0x10",
    ),
    *("!!python/object/apply:os.system", "!!binary ", "!!set ", "!!int ", "!<tag:x>", "!", "!!"),
    *(
        "def ",
        "class ",
        "return ",
        "await ",
        "async ",
        "yield ",
        "lambda: ",
        "import ",
        "from . import ",
        "global x",
        "f'{",
        "r'''",
    ),
    *(
        "match x:",
        "case _:",
        "except*",
        "with ",
        ":=",
        "**",
        "*",
        "->",
        "@",
        "...",
        "if ",
        "else:",
        "for x in ",
        "try:",
        "del ",
        "os.environ",
    ),
    *(
        "export ",
        "exports.",
        "module.exports = ",
        "require(",
        "=>",
        "function ",
        "const ",
        "`${",
        "/*",
        "*/",
        "//",
        "?.",
        "??=",
        "#!",
    ),
    *(
        "# lambdalint: ignore",
        "# lambdalint: ignore[LL201] x",
        "// lambdalint: ignore-file[",
        "# noqa: LL501",
        "event",
        "context",
    ),
)


def letters(largest: int = 60) -> SearchStrategy[str]:
    """Text of any characters, those that are treated specially most of all."""
    return st.text(st.one_of(st.sampled_from(LETTERS), st.characters()), max_size=largest)


def text_of_tokens(largest: int = 40) -> SearchStrategy[str]:
    """Text made of words that mean something to some reader."""
    return st.lists(st.one_of(st.sampled_from(TOKENS), letters(6)), max_size=largest).map("".join)


def raw(largest: int = 300) -> SearchStrategy[bytes]:
    """Any bytes, with and without byte-order marks."""
    marks = st.sampled_from((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"# -*- coding: "))
    return st.builds(bytes.__add__, marks, st.one_of(st.binary(max_size=largest), text_of_tokens().map(encoded)))


def encoded(text: str) -> bytes:
    """Text as bytes, half characters too."""
    return text.encode("utf-8", "surrogatepass")


# --- edits of what is there -------------------------------------------------------------------------------------------


@st.composite
def mutated(draw: st.DrawFn, text: str, largest: int = 6) -> str:
    """A text after some random edits: of characters, words, lines, indentation and whole passages."""
    for _ in range(draw(st.integers(1, largest))):
        kind = draw(
            st.sampled_from(("insert", "delete", "replace", "line", "twice", "move", "indent", "cut", "repeat"))
        )
        at = draw(st.integers(0, len(text)))
        if kind == "insert":
            text = text[:at] + draw(st.one_of(st.sampled_from(TOKENS), letters(4))) + text[at:]
        elif kind == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 30)) :]
        elif kind == "replace":
            text = text[:at] + draw(st.sampled_from(TOKENS)) + text[at + draw(st.integers(1, 12)) :]
        elif kind == "cut":
            text = text[:at]
        elif kind == "repeat":
            text = text[:at] + text[at : at + draw(st.integers(1, 20))] * draw(st.integers(2, 40)) + text[at:]
        else:
            lines = text.split("\n")
            number = draw(st.integers(0, len(lines) - 1))
            if kind == "line":
                del lines[number]
            elif kind == "twice":
                lines.insert(number, lines[number])
            elif kind == "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(number))
            else:
                lines[number] = draw(st.sampled_from(("", " ", "  ", "    ", "\t"))) + lines[number].lstrip()
            text = "\n".join(lines)
    return text


def mutated_bytes(data: bytes) -> SearchStrategy[bytes]:
    """A file after some random edits."""
    return mutated(data.decode("utf-8", "replace")).map(encoded)


# --- trees ------------------------------------------------------------------------------------------------------------

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    letters(12),
    st.sampled_from(
        ("Orders", "Table", "${Table}", "${Table.Arn}", "arn:aws:sqs:eu-west-1:123456789012:q", "src", "app.handler")
    ),
    st.sampled_from(
        ("../..", "/etc/passwd", "python3.13", "nodejs22.x", "*", "s3:*", "rate(1 minute)", "cron(0 0 * * ? *)", "")
    ),
)
_INTRINSICS = (
    *(
        "Ref",
        "Condition",
        "Fn::If",
        "Fn::Sub",
        "Fn::GetAtt",
        "Fn::Join",
        "Fn::Select",
        "Fn::Split",
        "Fn::FindInMap",
        "Fn::ImportValue",
    ),
    *(
        "Fn::ForEach::Each",
        "Fn::Transform",
        "Fn::ToJsonString",
        "Fn::Length",
        "Fn::Base64",
        "Fn::Equals",
        "Fn::And",
        "Fn::Not",
    ),
)
_TYPES = (
    *(
        "AWS::Serverless::Function",
        "AWS::Lambda::Function",
        "AWS::Serverless::LayerVersion",
        "AWS::Lambda::LayerVersion",
    ),
    *(
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::S3::Bucket",
        "AWS::DynamoDB::Table",
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
    ),
    *(
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::Lambda::Url",
    ),
    *(
        "AWS::Serverless::Api",
        "AWS::Serverless::HttpApi",
        "AWS::Serverless::StateMachine",
        "AWS::Serverless::SimpleTable",
    ),
    *(
        "AWS::Events::Rule",
        "AWS::Scheduler::Schedule",
        "AWS::CloudFormation::Stack",
        "AWS::Logs::LogGroup",
        "Custom::Thing",
    ),
    *(
        "AWS::SNS::Subscription",
        "AWS::Serverless::Connector",
        "AWS::ApiGateway::Method",
        "AWS::Lambda::EventInvokeConfig",
    ),
)
_KEYS = (
    *(
        "Handler",
        "Runtime",
        "Runtimes",
        "CodeUri",
        "Code",
        "InlineCode",
        "ZipFile",
        "Environment",
        "Variables",
        "Role",
        "Policies",
        "Layers",
    ),
    *(
        "Events",
        "Event",
        "Type",
        "Properties",
        "Queue",
        "Topic",
        "Bucket",
        "Stream",
        "Table",
        "Schedule",
        "Api",
        "RestApiId",
        "Path",
        "Method",
    ),
    *(
        "Timeout",
        "MemorySize",
        "ReservedConcurrentExecutions",
        "DeadLetterQueue",
        "DeadLetterConfig",
        "TargetArn",
        "EventInvokeConfig",
    ),
    *(
        "VpcConfig",
        "SnapStart",
        "AutoPublishAlias",
        "ProvisionedConcurrencyConfig",
        "Architectures",
        "EphemeralStorage",
        "PackageType",
    ),
    *(
        "ImageUri",
        "ImageConfig",
        "Metadata",
        "DockerContext",
        "Dockerfile",
        "BuildMethod",
        "ContentUri",
        "Content",
        "S3Bucket",
        "S3Key",
    ),
    *(
        "Statement",
        "Effect",
        "Action",
        "Resource",
        "Principal",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "ManagedPolicyArns",
        "Condition",
    ),
    *(
        "FunctionName",
        "EventSourceArn",
        "RedrivePolicy",
        "deadLetterTargetArn",
        "maxReceiveCount",
        "VisibilityTimeout",
        "BatchSize",
    ),
    *(
        "FilterCriteria",
        "Filters",
        "Pattern",
        "FunctionResponseTypes",
        "NotificationConfiguration",
        "LambdaConfigurations",
        "Function",
    ),
    *(
        "Targets",
        "Arn",
        "Id",
        "EventPattern",
        "ScheduleExpression",
        "State",
        "DefinitionUri",
        "DefinitionBody",
        "DefinitionSubstitutions",
    ),
    *(
        "TracingConfig",
        "Tracing",
        "LoggingConfig",
        "KmsKeyArn",
        "FunctionUrlConfig",
        "AuthType",
        "Cors",
        "Tags",
        "DependsOn",
        "lambdalint",
    ),
    *(
        "ignore",
        "TemplateURL",
        "Parameters",
        "Outputs",
        "RetentionInDays",
        "Endpoint",
        "Protocol",
        "Subscription",
        "Connectors",
        "<<",
        "",
    ),
)


def trees(leaves: int = 30) -> SearchStrategy[object]:
    """JSON values with keys that templates have, and intrinsic functions that may hold anything."""

    def within(children: SearchStrategy[object]) -> SearchStrategy[object]:
        return st.one_of(
            st.lists(children, max_size=4),
            st.dictionaries(st.one_of(st.sampled_from(_KEYS), letters(6)), children, max_size=5),
            st.builds(lambda key, value: {key: value}, st.sampled_from(_INTRINSICS), children),
            st.builds(lambda a, b: {"Fn::If": ["C", a, b]}, children, children),
        )

    return st.recursive(_SCALARS, within, max_leaves=leaves)


def templates(leaves: int = 30) -> SearchStrategy[dict[str, object]]:
    """Trees in the shape of templates: any part may be anything."""
    properties = st.one_of(st.dictionaries(st.sampled_from(_KEYS), trees(leaves), max_size=8), trees(4))
    function = st.fixed_dictionaries(
        {
            "Type": st.sampled_from(_TYPES[:2]),
            "Properties": st.builds(
                lambda known, more: {**known, **more} if isinstance(more, dict) else more,
                st.fixed_dictionaries(
                    {
                        "Handler": st.just("app.handler"),
                        "Runtime": st.sampled_from(("python3.13", "nodejs22.x")),
                        "CodeUri": st.just("src"),
                    }
                ),
                properties,
            ),
        },
        optional={"Metadata": trees(4), "Condition": trees(2), "DependsOn": trees(3)},
    )
    other = st.fixed_dictionaries(
        {"Type": st.one_of(st.sampled_from(_TYPES), _SCALARS)},
        optional={"Properties": properties, "Metadata": trees(4), "Condition": trees(2), "DependsOn": trees(3)},
    )
    resources = st.dictionaries(
        st.one_of(st.sampled_from(("Orders", "Table", "Queue", "Fn::ForEach::Each")), letters(5)),
        st.one_of(function, other, trees(4)),
        min_size=1,
        max_size=5,
    )
    return st.fixed_dictionaries(
        {"AWSTemplateFormatVersion": st.just("2010-09-09"), "Resources": st.one_of(resources, resources, trees(6))},
        optional={
            "Transform": st.one_of(st.just("AWS::Serverless-2016-10-31"), trees(3)),
            "Globals": st.one_of(st.fixed_dictionaries({"Function": properties}), trees(6)),
            "Parameters": st.one_of(
                st.dictionaries(letters(5), st.fixed_dictionaries({"Type": st.just("String")})), trees(6)
            ),
            "Conditions": st.one_of(st.fixed_dictionaries({"C": trees(4)}), trees(4)),
            "Mappings": trees(6),
            "Outputs": trees(6),
            "Metadata": trees(6),
        },
    )


def as_json(tree: object) -> bytes:
    """A tree as JSON, as Python writes it: NaN and half characters too."""
    return json.dumps(tree).encode()


def as_yaml(tree: object) -> bytes:
    """A tree as YAML in block style; keys of any kind are text there."""
    return encoded("\n".join(_yaml(tree, "")) + "\n")


def _yaml(tree: object, indent: str) -> list[str]:
    if isinstance(tree, dict) and tree:
        lines = []
        for key, value in tree.items():
            head = f"{indent}{json.dumps(str(key))}:"
            lines += (
                [head, *_yaml(value, indent + "  ")]
                if isinstance(value, (dict, list))
                else [f"{head} {json.dumps(value)}"]
            )
        return lines
    if isinstance(tree, list) and tree:
        return [line for item in tree for line in (f"{indent}-", *_yaml(item, indent + "  "))]
    return [f"{indent}{json.dumps(tree)}"]


# --- code -------------------------------------------------------------------------------------------------------------

_PYTHON = """\
import os, json, boto3
from os import environ as e

TABLE = os.environ["TABLE"]
client = boto3.client("dynamodb")
cache = {}


class Service:
    def __init__(self, name=None, *args, key: int = 1, **rest):
        self.name = name or f"{TABLE!r:>{10}}"

    async def run(self, event):
        async for item in event["Records"]:
            await self.run([x for x in item if (y := x)])


def decorated(f):
    return lambda event, context: f(event, context)


@decorated
def handler(event, context):
    global cache
    try:
        for record in event.get("Records", []):
            body = json.loads(record["body"])
            cache[body["id"]] = "%s-%d" % (body, 1)
            client.put_item(TableName=TABLE, Item={**body, "x": [*cache]})
    except (KeyError, ValueError) as error:
        print(error)
    finally:
        with open("/tmp/x") as file:
            file.write("x")
    while True:
        if context.get_remaining_time_in_millis() < 1000:
            break
    return {"statusCode": 200, "body": json.dumps(cache)}
"""
_JAVASCRIPT = """\
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const fs = require('fs'), table = process.env.TABLE ?? "x";
const client = new DynamoDBClient({});
let cache = {};

class Service extends Object {
  #name = `${table}-${process.env["STAGE"]}`;
  static async run(event, ...rest) { for await (const item of event) { await this.run({ ...item }); } }
}

const wrap = (f) => async (event, context) => f(event, context);

exports.handler = wrap(async ({ Records = [], ...event }, context, callback) => {
  try {
    Records.forEach(async (record) => {
      const { body: { id } = {} } = JSON.parse(record.body);
      cache[id] = table + '-' + 1;
      await client.send(new PutItemCommand({ TableName: table, Item: { id, ...cache } }));
    });
  } catch (error) {
    console.log(error?.message);
  } finally { fs.writeFileSync('/tmp/x', `${cache}`); }
  switch (table) { case "a": return callback(null, 1); default: break; }
  while (true) { if (context.getRemainingTimeInMillis() < 1000) break; }
  return { statusCode: 200, body: JSON.stringify(cache) };
});
"""

python_code: SearchStrategy[bytes] = st.one_of(mutated(_PYTHON).map(encoded), text_of_tokens().map(encoded), raw())
javascript_code: SearchStrategy[bytes] = st.one_of(
    mutated(_JAVASCRIPT).map(encoded), text_of_tokens().map(encoded), raw()
)


# --- smaller files ----------------------------------------------------------------------------------------------------

_VLQ = st.text(st.sampled_from("ACDEgIhH/+9;;,,,=?"), max_size=200)
source_maps: SearchStrategy[bytes] = st.one_of(
    st.fixed_dictionaries(
        {"version": st.sampled_from((3, 3, 3, 2, None, "3"))},
        optional={
            "sources": st.one_of(st.lists(st.one_of(letters(10), _SCALARS), max_size=4), trees(3)),
            "sourceRoot": st.one_of(letters(6), _SCALARS),
            "mappings": st.one_of(_VLQ, _VLQ, _SCALARS),
            "names": trees(3),
            "sections": trees(4),
        },
    ).map(as_json),
    raw(),
)
map_comments: SearchStrategy[str] = st.one_of(
    letters().map("//# sourceMappingURL={}".format),
    st.binary(max_size=60).map(
        lambda data: "//# sourceMappingURL=data:application/json;base64," + base64.b64encode(data).decode()
    ),
    text_of_tokens().map("x = 1;\n//# sourceMappingURL=data:application/json,{}\n".format),
)

_SETTINGS = """\
select = ["LL001", "LL2"]
ignore = ["too-many-layers"]
extend-select = []
level = "pedantic"
fail-on = "error"
exclude = ["build/**"]
plugins = []
max-code-size = "2 MB"

[per-file-ignores]
"tests/**" = ["LL"]

[severity]
LL001 = "info"

[rules.too-many-layers]
limit = 1
"""
settings: SearchStrategy[str] = st.one_of(mutated(_SETTINGS), text_of_tokens())

_REQUIREMENTS = """\
boto3>=1.34,<2 ; python_version > '3.8'
-r other.txt
--hash=sha256:0
x[a,b] @ https://x/y.zip
# c
a==1 \\
  --hash=x
"""
_PYPROJECT = """\
[project]
name = "x"
dependencies = ["boto3>=1", "x[y]"]
[tool.poetry.dependencies]
python = "^3.9"
a = { version = "1", extras = ["b"] }
"""
manifests: SearchStrategy[tuple[str, bytes]] = st.one_of(
    st.tuples(st.just("requirements.txt"), st.one_of(mutated(_REQUIREMENTS).map(encoded), raw())),
    st.tuples(st.just("pyproject.toml"), st.one_of(mutated(_PYPROJECT).map(encoded), raw())),
    st.tuples(st.just("Pipfile"), st.one_of(mutated(_PYPROJECT.replace("project", "packages")).map(encoded), raw())),
    st.tuples(
        st.sampled_from(
            ("package.json", "tsconfig.json", "package-lock.json", "samconfig.toml", "cdk.json", "openapi.yaml")
        ),
        st.one_of(
            st.dictionaries(
                st.sampled_from(
                    (
                        "main",
                        "type",
                        "exports",
                        "imports",
                        "dependencies",
                        "devDependencies",
                        "compilerOptions",
                        "scripts",
                    )
                    + (
                        "files",
                        "workspaces",
                        "packages",
                        "extends",
                        "paths",
                        "baseUrl",
                        "outDir",
                        "output",
                        "app",
                        "context",
                    )
                ),
                trees(6),
                max_size=5,
            ).map(as_json),
            trees(6).map(as_json),
            raw(),
        ),
    ),
)


# --- whole projects ---------------------------------------------------------------------------------------------------

Files = dict[str, bytes]


def projects_in(folders: Sequence[Path]) -> list[Path]:
    """The folders in some folders that look like projects of their own, small enough to be taken as a beginning."""
    found = []
    for folder in folders:
        for path in sorted({item.parent for item in folder.rglob("*") if item.suffix in TEMPLATES and item.is_file()}):
            inside = [item for item in path.rglob("*") if item.suffix in KEPT]
            if 0 < len(inside) <= MAX_PROJECT:
                found.append(path)
    return found


def files_of(folder: Path) -> Files:
    """The files of a project, large ones left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in KEPT and path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_FILE
    }


@st.composite
def mutated_projects(draw: st.DrawFn, folders: Sequence[Path]) -> Files:
    """One of some projects, of which a few files were edited."""
    files = files_of(draw(st.sampled_from(folders)))
    if not files:
        return {}
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3, unique=True)):
        files[name] = draw(mutated_bytes(files[name]))
    return files


@st.composite
def made_projects(draw: st.DrawFn) -> Files:
    """A template, the code that it names, and files that stand beside them."""
    tree = draw(templates())
    name, write = draw(
        st.sampled_from((("template.yaml", as_yaml), ("template.json", as_json), ("template.yaml", as_json)))
    )
    files = {name: write(tree)}
    files["src/app.py"] = draw(python_code)
    files["src/app.js"] = draw(javascript_code)
    for place, data in draw(st.lists(manifests, max_size=2)):
        files[draw(st.sampled_from(("", "src/"))) + place] = data
    if draw(st.booleans()):
        files["src/app.js"] += encoded("\n" + draw(map_comments))
        files["src/app.js.map"] = draw(source_maps)
    return files
