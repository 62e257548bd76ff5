"""Every key, value and list item of YAML and JSON knows its place; what can't be read is one problem with a place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lambdalint.source import Source, Span, decode
from lambdalint.templates.cloudformation import templates_in
from lambdalint.templates.document import Document, Mapping, Node, Scalar, Sequence, get, locate, read
from lambdalint.templates.events import triggers_of
from lambdalint.templates.inline import inline_code
from lambdalint.templates.json_document import read_json

RICH = """\
# orders — über
Transform: AWS::Serverless-2016-10-31
Mappings: {Sizes: {dev: {Memory: 128}, "prod": {Memory: 512}}}
Shared: &shared
  Runtime: python3.13
  Timeout: 10
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      <<: *shared
      Handler: "app.handler"
      MemorySize: !FindInMap [Sizes, !If [Prod, prod, 'dev'], Memory]
      Description: >-
        Takes
        orders
      InlineCode: !Sub |
        def handler(event, context):
            return "${AWS::Region}"
      Events:
        Stream: {Type: Kinesis, Properties: {Stream: !GetAtt Stream.Arn}}
        Bus:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: [orders]
  Stream:
    Type: AWS::Kinesis::Stream
"""
RICH_JSON = """\
{"Resources": {"Orders": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "index.\\u0068andler",
  "Code": {"ZipFile": {"Fn::Join": ["\\n", ["def handler(e, c):", "  return \\"x\\""]]}}, "MemorySize": 128}},
"Map": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": {"Ref": "Orders"},
  "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:orders", "Enabled": true, "Nothing": null, "F": -1.5e3}}}}
"""


def shown(text: str, span: Span, path: str = "t.yaml") -> str:
    """The text at a place."""
    source = Source(path, text)
    if not span.line:
        span = locate(source, span.pointer)
    lines = source.lines[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def places(node: Node) -> Iterator[Span]:
    """All places of a document."""
    yield node.span
    if isinstance(node, Sequence):
        for item in node.items:
            yield from places(item)
    elif isinstance(node, Mapping):
        for pair in node.pairs:
            yield pair.key_span
            yield from places(pair.value)


def is_inside(source: Source, span: Span) -> bool:
    if not span.line:
        span = locate(source, span.pointer)
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    lines = source.lines
    return start <= end and all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in (start, end)
    )


def of(text: str, *keys: str) -> Node:
    found = get(read(Source("t.yaml", text)).roots[0], *keys)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "value", "at"),
    [
        ("a: b # c\nz: 1", "b", "b"),
        ("a: 'multi\n  line\n\n  text'\nz: 1", "multi line\ntext", "'multi\n  line\n\n  text'"),
        ('a: "q\\u00e9\\\n  r"\nz: 1', "qér", '"q\\u00e9\\\n  r"'),
        ("a: plain\n  more # c\nz: 1", "plain more", "plain\n  more"),
        ("a: |\n  foo\n  bar\n\n\n# c\nz: 1", "foo\nbar\n", "|\n  foo\n  bar"),
        ("a: |\n  foo", "foo", "|\n  foo"),
        ("a: >-\n  foo\n  bar\n\n", "foo bar", ">-\n  foo\n  bar"),
        ("a: |+2\n    foo\n\nz: 1", "  foo\n\n", "|+2\n    foo"),
        ("a: |2-\n   x\n  y\nz: 1", " x\ny", "|2-\n   x\n  y"),
        ("a:\nz: 1", None, ""),
        ("{a: b, z: 1}", "b", "b"),
        ("{a, z: 1}", None, ""),
        ("? a\n: b", "b", "b"),
        ("'a': 'é😀' # x", "é😀", "'é😀'"),
        ("z: 1\r\na: |\r\n  x\r\n  y\r\nb: 2\r\n", "x\ny\n", "|\n  x\n  y"),
        ("z: 1\ra: b\r", "b", "b"),
        ("z: 'x\u2028y' # \u2029 \x85\na: b", "b", "b"),
        ("a: 1", 1, "1"),
        ("a: 1_000", 1000, "1_000"),
        ("a: 1.5", 1.5, "1.5"),
        ("a: Yes", True, "Yes"),
        ("a: off", False, "off"),
        ("a: ~", None, "~"),
        ("a: '1'", "1", "'1'"),
        ("a: 012345678901", "012345678901", "012345678901"),
        ("a: 2010-09-09", "2010-09-09", "2010-09-09"),
        ("a: 12:30", "12:30", "12:30"),
        ("a: !!str 1", "1", "!!str 1"),
        ("a: !!int '5'", 5, "!!int '5'"),
        ("a: !!bool true", True, "!!bool true"),
        ("b: &x 7\na: *x", 7, "&x 7"),
        ("a: " + "9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_scalars_of_yaml(text: str, value: object, at: str) -> None:
    node = of(text, "a")
    assert isinstance(node, Scalar)
    assert (node.value, type(node.value)) == (value, type(value))
    assert shown(text, node.span) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a:\n  b: 1\n  c: 2\n\n# c\nz: 1", "b: 1\n  c: 2"),
        ("a:\n- b\n- c # d\nz: 1", "- b\n- c"),
        ("a:\n  - b: 1\n    c: |\n      x\n\n# end\n", "- b: 1\n    c: |\n      x"),
        ("a: {b: [1,\n 2]} # c", "{b: [1,\n 2]}"),
        ("a:\n  b: &x 1\n  c: 2\n  d: *x # c\n# *e\n\nz: 1", "b: &x 1\n  c: 2\n  d: *x"),
        ("a:\n  - &x [1]\n  - *x\n\n# c\nz: 1", "- &x [1]\n  - *x"),
        ("z: &x {b: 1}\na:\n  c: 1\n  <<: *x", "c: 1\n  <<: *x"),
        ("z: &x 1\na:\n  b: *x\n", "b: *x"),
        ("a: !Transform\n  Name: b\nz: 1", "!Transform\n  Name: b"),
        ("a: !Unknown [1, 2]", "!Unknown [1, 2]"),
        ("a:\n  b:\n    c:\n      - d:\nz: 1", "b:\n    c:\n      - d:"),
    ],
)
def test_collections_of_yaml(text: str, at: str) -> None:
    assert shown(text, of(text, "a").span) == at


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref X", '{"Ref": "X"}'),
        ("!Condition X", '{"Condition": "X"}'),
        ("!GetAtt X.Arn", '{"Fn::GetAtt": ["X", "Arn"]}'),
        ("!GetAtt 'X.Outputs.Y'", '{"Fn::GetAtt": ["X", "Outputs.Y"]}'),
        ("!GetAtt [X, Outputs.Y]", '{"Fn::GetAtt": ["X", "Outputs.Y"]}'),
        ("!Sub x-${Y}", '{"Fn::Sub": "x-${Y}"}'),
        ("!Sub 8080", '{"Fn::Sub": "8080"}'),
        ("!Sub\n  - ${A}\n  - A: !Ref B", '{"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}'),
        ("!Sub |\n  x\n  y", '{"Fn::Sub": "x\\ny"}'),
        ("!If [A, !If [B, c, d], !Ref E]", '{"Fn::If": ["A", {"Fn::If": ["B", "c", "d"]}, {"Ref": "E"}]}'),
        ("!Join ['', [a, !Base64 b]]", '{"Fn::Join": ["", ["a", {"Fn::Base64": "b"}]]}'),
        ("!Select [0, !GetAZs '']", '{"Fn::Select": [0, {"Fn::GetAZs": ""}]}'),
        ("!Transform {Name: N, Parameters: {L: x}}", '{"Fn::Transform": {"Name": "N", "Parameters": {"L": "x"}}}'),
        ("!Ours\n  x: 1", '{"Fn::Ours": {"x": 1}}'),
        ("&anchor !Ref X", '{"Ref": "X"}'),
    ],
)
def test_short_intrinsics_are_the_long_ones(short: str, long: str) -> None:
    def plain(node: Node) -> object:
        if isinstance(node, Mapping):
            return {pair.key: plain(pair.value) for pair in node.pairs}
        return node.value if isinstance(node, Scalar) else [plain(item) for item in node.items]

    assert plain(of(f"a: {short}", "a")) == plain(read_json(Source("t.json", long)).roots[0])


def test_merge_keys_give_way_and_the_first_of_several_wins() -> None:
    text = "x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, d: 2}\nz:\n  <<: [*y, *x]\n  c: 3\n"
    node = of(text, "z")
    assert isinstance(node, Mapping)
    assert {pair.key: pair.value.raw for pair in node.pairs if isinstance(pair.value, Scalar)} == {
        "c": "3",
        "b": "2",
        "d": "2",
        "a": "1",
    }
    pair = node.pair("d")
    assert pair is not None
    assert (pair.key_span.line, shown(text, pair.value.span)) == (2, "2")


@pytest.mark.parametrize(
    ("path", "text", "second", "first"),
    [
        ("t.yaml", "a: 1\nb: 2\n'a': 3", (3, 1), (1, 1)),
        ("t.yaml", "z: {a: 1, a: 2}", (1, 11), (1, 5)),
        ("t.json", '{"z": {"a": [1], "b": 2, "a": 3}}', (1, 26), (1, 8)),
    ],
)
def test_duplicate_keys(path: str, text: str, second: tuple[int, int], first: tuple[int, int]) -> None:
    source = Source(path, text)
    (problem,) = read(source).problems
    assert problem.message == "duplicate key 'a'"
    assert problem.first is not None
    spans = [span if span.line else locate(source, span.pointer) for span in (problem.span, problem.first)]
    assert [(span.line, span.column) for span in spans] == [second, first]


def test_several_documents() -> None:
    text = "a: 1\n---\nb: 2\n...\n---\n[c]\n"
    assert [shown(text, root.span) for root in read(Source("t.yaml", text)).roots] == ["a: 1", "b: 2", "[c]"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings(encoding: str) -> None:
    text = decode("é: [1]\nb: c\n".encode(encoding))
    assert shown(text, of(text, "b").span) == "c"
    assert shown(text, of(text, "é").span) == "[1]"


@pytest.mark.parametrize(
    ("text", "keys", "value", "at"),
    [
        ('{"a":{"b":[1,{"c/d~":"x\\n\\u00e9"}]},"b":2}', ("a", "b"), None, '[1,{"c/d~":"x\\n\\u00e9"}]'),
        ('{"a": {"c/d~": "x\\n\\u00e9"}}', ("a", "c/d~"), "x\n\u00e9", '"x\\n\\u00e9"'),
        ('{"": {"a": 1}}', ("", "a"), 1, "1"),
        ('{"a\\ud800": 1}', ("a\ufffd",), 1, "1"),
        ('{"\\ud83d\\ude00": 1}', ("😀",), 1, "1"),
        ('{"a":\r1,\r"b": 2}', ("b",), 2, "2"),
        ('\n\n{"a": 123456789012345678901234567890}', ("a",), 123456789012345678901234567890, "1234567890" * 3),
        ('{"a": ' + "9" * 5000 + "}", ("a",), "9" * 5000, "9" * 5000),
        ('{"a": true, "b": null}', ("b",), None, "null"),
        ('{"a": -1.5e3}', ("a",), -1500.0, "-1.5e3"),
    ],
)
def test_places_of_json(text: str, keys: tuple[str, ...], value: object, at: str) -> None:
    node = get(read_json(Source("t.json", text)).roots[0], *keys)
    assert node is not None
    assert shown(text, node.span) == at
    assert not isinstance(node, Scalar) or node.value == value


def test_members_of_a_json_object_that_is_overridden_have_places() -> None:
    text = '{"a": {"x": [7]}, "a": {"y": 8}}'
    first, second = (pair.value for pair in read_json(Source("t.json", text)).roots[0].pairs)  # type: ignore[union-attr]
    assert [shown(text, span) for span in places(first)] == ['{"x": [7]}', '"x"', "[7]", "7"]
    assert [shown(text, span) for span in places(second)] == ['{"y": 8}', '"y"', "8"]


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("a:\n\tb: 1", (2, 1), "tabs"),
        ("a: [1\nb: 2\n", (2, 2), "begins on line 1"),
        ("é: \x07", (1, 4), "control characters"),
        ("a: *nowhere", (1, 4), "undefined alias"),
        ("a: &a [*a]", (1, 4), "alias"),
        ("a: !x!y z", (1, 4), "tag"),
        ("a: " + "[" * 500, (1, 203), "deep"),
        ('{"a": 1,}', None, ""),
    ],
)
def test_what_is_wrong_with_yaml(text: str, at: tuple[int, int] | None, words: str) -> None:
    document = read(Source("t.yaml", text))
    found = [(problem.span.line, problem.span.column) for problem in document.problems]
    assert found == ([at] if at is not None else [])
    assert all(words in problem.message for problem in document.problems)


def checked(path: str, text: str) -> Document:
    """Reads a text as far as it can be read, and looks at every place."""
    source = Source(path, text)
    document = read(source)
    assert len(document.problems) == 1 or not document.fatal
    assert all(is_inside(source, problem.span) for problem in document.problems)
    for root in document.roots:
        assert all(is_inside(source, span) for span in places(root))
    for template in templates_in(document):
        assert all(is_inside(source, trigger.span) for trigger in triggers_of(template))
        for resource in template.resources.values():
            code = inline_code(resource, source)
            assert code is None or is_inside(source, code.place(1, 1, 1, 1))
    return document


@pytest.mark.parametrize(("path", "text"), [("t.yaml", RICH), ("t.json", RICH_JSON)])
def test_templates_broken_off_anywhere(path: str, text: str) -> None:
    assert not checked(path, text).problems
    for end in range(len(text)):
        checked(path, text[:end])


@pytest.mark.parametrize(
    "character", ["{", "]", '"', "'", ":", "-", "|", "&", "*", "!", "%", "\t", "\r", "\x00", "\u2028"]
)
@pytest.mark.parametrize(("path", "text"), [("t.yaml", RICH), ("t.json", RICH_JSON)])
def test_templates_with_something_put_in(path: str, text: str, character: str) -> None:
    for index in range(0, len(text), 7):
        checked(path, text[:index] + character + text[index:])
