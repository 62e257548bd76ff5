"""What fixes make of templates: before and after, with all that stands around them."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support import fixes, repaired, write

PYTHON = "def lambda_handler(event, context):\n    return {}\n"


def function(properties: str, more: str = "") -> str:
    """A SAM template with one function."""
    lines = "".join(f"      {line}\n" for line in dedent(properties).strip("\n").splitlines())
    head = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n"
    return f"{head}    Properties:\n{lines}{more}"


def as_json(properties: dict[str, object], indent: int | None = 2) -> str:
    """The same as JSON."""
    orders = {"Type": "AWS::Serverless::Function", "Properties": properties}
    whole = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Orders": orders}}
    return json.dumps(whole, indent=indent) + "\n"


def check(
    folder: Path, code: str, before: str, after: str, safe: bool, name: str = "template.yaml", **files: str
) -> None:
    """The fix makes one text of the other, with each kind of line end."""
    beside = {key.replace("__", "/").replace("_py", ".py").replace("_js", ".js"): value for key, value in files.items()}
    for kind, newline in (("lf", "\n"), ("crlf", "\r\n")):
        root = write(folder / kind, {**beside, name: before.replace("\n", newline).encode()})
        text, is_safe = repaired(root, code, name)
        assert text == after.replace("\n", newline)
        assert is_safe is safe


def offers_nothing(folder: Path, code: str, template: str, name: str = "template.yaml", **files: str) -> None:
    """There is a finding, and no fix for it."""
    beside = {key.replace("__", "/").replace("_py", ".py").replace("_js", ".js"): value for key, value in files.items()}
    found = fixes(write(folder, {**beside, name: template}), code)
    assert found and found == [None] * len(found)


HANDLER = "CodeUri: src/  # the code\n{} # the entry\nRuntime: python3.13\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Handler: app.lambda_handle", "Handler: app.lambda_handler"),
        ("Handler: 'app.lambda_handle'", "Handler: 'app.lambda_handler'"),
        ('Handler:   "app.lambda_handle"', 'Handler:   "app.lambda_handler"'),
        ("Handler: ap.lambda_handler", "Handler: app.lambda_handler"),
        ("Handler: src/app.lambda_handler", "Handler: app.lambda_handler"),
    ],
)
def test_handler_not_found(tmp_path: Path, before: str, after: str) -> None:
    texts = [function(HANDLER.format(line)) for line in (before, after)]
    check(tmp_path, "LL101", texts[0], texts[1], True, src__app_py=PYTHON)


def test_handler_not_found_in_json(tmp_path: Path) -> None:
    before: dict[str, object] = {"Handler": "app.lambda_handle", "Runtime": "python3.13", "CodeUri": "src/"}
    after = {**before, "Handler": "app.lambda_handler"}
    for indent in (2, None):
        texts = [as_json(item, indent) for item in (before, after)]
        folder = tmp_path / str(indent)
        check(folder, "LL101", texts[0], texts[1], True, "template.json", src__app_py=PYTHON)


def test_handler_not_found_in_globals(tmp_path: Path) -> None:
    text = """\
        Transform: AWS::Serverless-2016-10-31
        Globals: {{Function: {{Handler: {}, Runtime: python3.13}}}}
        Resources:
          Orders: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: src/}}}}
    """
    before, after = (dedent(text).format(name) for name in ("app.lambda_handle", "app.lambda_handler"))
    check(tmp_path, "LL101", before, after, True, src__app_py=PYTHON)


def test_handler_with_other_file_and_other_name_is_unsafe(tmp_path: Path) -> None:
    before, after = (function(HANDLER.format(f"Handler: {name}")) for name in ("main.handler", "app.lambda_handler"))
    check(tmp_path, "LL101", before, after, False, src__app_py=PYTHON)


MORE_FUNCTIONS = """\
  Other:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      <<: *shared
"""


@pytest.mark.parametrize(
    "template",
    [
        function(HANDLER.format("Handler: !Sub app.lambda_handle")),
        function(HANDLER.format("Handler: &entry app.lambda_handle")),
        function(HANDLER.format('Handler: "app\\u002elambda_handle"')),
        function("<<: &shared {Handler: app.lambda_handle, Runtime: python3.13}\nCodeUri: src/", MORE_FUNCTIONS),
        "Mappings: {A: {B: {Handler: app.lambda_handle}}}\n"
        + function("Handler: !FindInMap [A, B, Handler]\nRuntime: python3.13\nCodeUri: src/"),
        function(HANDLER.format("Handler: nothing.of_this")),
    ],
)
def test_no_fix_of_a_handler(tmp_path: Path, template: str) -> None:
    files = {"src/app.py": PYTHON, "src/other.py": PYTHON, "template.yaml": template}
    found = fixes(write(tmp_path, files), "LL101")
    assert found and found == [None] * len(found)


def test_no_fix_of_a_handler_with_two_near_ones(tmp_path: Path) -> None:
    code = "def order_handler(event, context): ...\ndef orders_handler(event, context): ...\n"
    template = function(HANDLER.format("Handler: app.orderx_handler"))
    offers_nothing(tmp_path, "LL101", template, src__app_py=code)


@pytest.mark.parametrize(
    ("before", "after", "safe"),
    [
        ("app.py:lambda_handler", "app.lambda_handler", True),
        ("app:lambda_handler", "app.lambda_handler", True),
        ("app.lambda_handler()", "app.lambda_handler", True),
        ("app.py", "app.lambda_handler", False),
    ],
)
def test_malformed_handler(tmp_path: Path, before: str, after: str, safe: bool) -> None:
    texts = [function(HANDLER.format(f'Handler: "{name}"')) for name in (before, after)]
    check(tmp_path, "LL102", texts[0], texts[1], safe if before != "app.py" else False, src__app_py=PYTHON)


def test_malformed_handler_of_unseen_code(tmp_path: Path) -> None:
    properties = "Runtime: python3.13\nHandler: {}\nCodeUri: s3://artifacts/orders.zip"
    before, after = (function(properties.format(name)) for name in ("app:handler", "app.handler"))
    check(tmp_path, "LL102", before, after, False)
    offers_nothing(tmp_path / "other", "LL102", function(properties.format("app.py")))


def test_missing_code_path(tmp_path: Path) -> None:
    for number, (written, right) in enumerate((("./Src/", "./src/"), ("SRC", "src"), ("'Src'", "'src'"))):
        properties = "CodeUri: {} # here\nHandler: app.lambda_handler\nRuntime: python3.13"
        before, after = (function(properties.format(path)) for path in (written, right))
        check(tmp_path / str(number), "LL113", before, after, True, src__app_py=PYTHON)


def test_missing_code_path_above(tmp_path: Path) -> None:
    properties = "CodeUri: {}\nHandler: app.lambda_handler\nRuntime: python3.13"
    before, after = (function(properties.format(path)) for path in ("../Code/Orders", "../code/orders"))
    check(tmp_path, "LL113", before, after, True, "infra/template.yaml", code__orders__app_py=PYTHON)


def test_no_fix_of_another_path(tmp_path: Path) -> None:
    properties = "CodeUri: source/\nHandler: app.lambda_handler\nRuntime: python3.13"
    offers_nothing(tmp_path, "LL113", function(properties), src__app_py=PYTHON)


IMAGE = "ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:3"


@pytest.mark.parametrize(
    ("before", "after", "safe"),
    [
        (
            f"PackageType: Image\nHandler: app.handler # entry\n# the image\n{IMAGE}\nRuntime: python3.13\n",
            f"PackageType: Image\n# the image\n{IMAGE}\n",
            True,
        ),
        (
            f"PackageType: Image\nLayers:\n  - arn:aws:lambda:eu-west-1:111122223333:layer:a:1\n{IMAGE}\n",
            f"PackageType: Image\n{IMAGE}\n",
            False,
        ),
        (
            f"Timeout: 3\nHandler: >-\n  app.handler\n\n{IMAGE}\nPackageType: Image\n",
            f"Timeout: 3\n\n{IMAGE}\nPackageType: Image\n",
            True,
        ),
    ],
)
def test_image_with_zip_properties(tmp_path: Path, before: str, after: str, safe: bool) -> None:
    check(tmp_path, "LL116", function(before), function(after), safe)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{PackageType: Image, Handler: a.b, Runtime: python3.13, {0}}}", "{{PackageType: Image, {0}}}"),
        ("{{PackageType: Image, {0}, Handler: a.b}}", "{{PackageType: Image, {0}}}"),
        ("{{Handler: a.b, PackageType: Image, {0},}}", "{{PackageType: Image, {0},}}"),
        (
            '{{\n        Handler: "a.b",  # entry\n        PackageType: Image,\n        {0}\n      }}',
            "{{\n        PackageType: Image,\n        {0}\n      }}",
        ),
        (
            "{{\n        PackageType: Image,\n        {0},\n        Runtime: python3.13\n      }}",
            "{{\n        PackageType: Image,\n        {0}\n      }}",
        ),
    ],
)
def test_image_in_flow_style(tmp_path: Path, before: str, after: str) -> None:
    head = "Resources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties: "
    texts = [f"Transform: AWS::Serverless-2016-10-31\n{head}{item.format(IMAGE)}\n" for item in (before, after)]
    check(tmp_path, "LL116", texts[0], texts[1], True)


@pytest.mark.parametrize("first", [True, False])
def test_image_in_json(tmp_path: Path, first: bool) -> None:
    image: dict[str, object] = {"PackageType": "Image", "ImageUri": IMAGE.partition(" ")[2]}
    wrong: dict[str, object] = {"Handler": "app.handler", "Runtime": "python3.13"}
    for indent in (2, None):
        before = as_json({**wrong, **image} if first else {**image, **wrong}, indent)
        check(tmp_path / str(indent), "LL116", before, as_json(image, indent), True, "template.json")


def test_no_fix_of_an_image_by_globals(tmp_path: Path) -> None:
    template = "Globals:\n  Function:\n    Runtime: python3.13\n" + function(f"PackageType: Image\n{IMAGE}")
    offers_nothing(tmp_path, "LL116", template)


def test_no_fix_of_what_functions_share(tmp_path: Path) -> None:
    shared = f"<<: &shared\n  Runtime: python3.13\n  PackageType: Image\n{IMAGE}"
    offers_nothing(tmp_path, "LL116", function(shared, MORE_FUNCTIONS.replace("CodeUri: src/", IMAGE)))


def test_inline_code_runtime(tmp_path: Path) -> None:
    text = "Runtime: python3.13\nHandler: {}\nInlineCode: |\n  def handler(event, context):\n      return event\n"
    before, after = (function(text.format(name)) for name in ("'orders.handler'", "'index.handler'"))
    check(tmp_path, "LL117", before, after, True)
    other = function(text.format("orders.handle_it"))
    found = fixes(write(tmp_path / "other", {"template.yaml": other}), "LL117")
    assert len(found) == 1 and (found[0] is None or not found[0].safe)


QUEUE = "  Queue:\n    Type: AWS::SQS::Queue\n"
SENDS = """\
import os
import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    return sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody="new")
"""
VARIABLE = """\
Runtime: python3.13
Handler: app.handler
CodeUri: src/
Environment:
  Variables:
    {}  # the queue
    OTHER: 1
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("QUEUE: !GetAtt Queue.Arn", "QUEUE: !Ref Queue"),
        ("QUEUE: !GetAtt [Queue, Arn]", "QUEUE: !Ref Queue"),
        ("QUEUE: {Fn::GetAtt: [Queue, Arn]}", "QUEUE: {Ref: Queue}"),
        ('QUEUE: { "Fn::GetAtt": ["Queue", "Arn"] }', 'QUEUE: { "Ref": "Queue" }'),
        ("QUEUE:\n      Fn::GetAtt: [Queue, Arn]", "QUEUE:\n      Ref: Queue"),
    ],
)
def test_wrong_attribute_in_env(tmp_path: Path, before: str, after: str) -> None:
    texts = [function(VARIABLE.format(item), QUEUE) for item in (before, after)]
    check(tmp_path, "LL212", texts[0], texts[1], False, src__app_py=SENDS)


def test_wrong_attribute_in_json(tmp_path: Path) -> None:
    def template(value: object) -> str:
        properties: dict[str, object] = {
            "Runtime": "nodejs22.x",
            "Handler": "app.handler",
            "CodeUri": "src/",
            "Environment": {"Variables": {"TOPIC": value}},
        }
        return as_json(properties).replace(
            '"Resources": {', '"Resources": {\n    "Topic": {"Type": "AWS::SNS::Topic"},'
        )

    code = """
        const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
        const sns = new SNSClient({});
        exports.handler = async () => sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: "new" }));
    """
    before, after = template({"Fn::GetAtt": ["Topic", "TopicName"]}), template("@").replace('"@"', '{"Ref": "Topic"}')
    root = write(tmp_path, {"template.json": before, "src/app.js": code})
    text, is_safe = repaired(root, "LL212", "template.json")
    assert not is_safe
    assert json.loads(text) == json.loads(after)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("QUEUE:\n      Fn::GetAtt:\n        - Queue\n        - Arn", SENDS),
        ("QUEUE: &queue !GetAtt Queue.Arn", SENDS),
    ],
)
def test_no_fix_of_an_attribute(tmp_path: Path, value: str, code: str) -> None:
    offers_nothing(tmp_path, "LL212", function(VARIABLE.format(value), QUEUE), src__app_py=code)


RUNTIME = """\
Parameters:
  Runtime:
    Type: String
    Default: {}
{}
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: !Ref Runtime
      Handler: app.handler
      CodeUri: s3://artifacts/orders.zip
"""


def test_deprecated_runtime_by_parameter(tmp_path: Path) -> None:
    for number, allowed in enumerate(("    Description: of all", "    AllowedValues: [python3.14]")):
        before, after = (RUNTIME.format(name, allowed) for name in ("'python3.9'", "'python3.14'"))
        check(tmp_path / str(number), "LL301", before, after, False)


def test_no_fix_of_a_runtime_that_is_not_allowed(tmp_path: Path) -> None:
    allowed = "    AllowedValues: [python3.9, python3.8]"
    offers_nothing(tmp_path, "LL301", RUNTIME.format("python3.9", allowed))
