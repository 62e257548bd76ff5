from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.construct_search import ConstructSearch
from lambdalint.project.tree import Tree
from lambdalint.source import Source, Span
from tests.support import write


def searched(folder: Path, **files: str) -> ConstructSearch:
    named = {name.replace("__", "."): text for name, text in files.items()}
    write(folder, named)
    sources = {name: Source(name, (folder / name).read_text()) for name in named}
    return ConstructSearch(Tree(str(folder)), sources.get, named)


def shown(span: Span | None) -> str:
    return f"{span.path}:{span.line}:{span.column}" if span is not None else ""


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("app__py", 'import aws_cdk\nfn = lambda_.Function(self, "Place", runtime=x)', 6),
        ("app__py", 'import aws_cdk\nfn = Function(\n    scope=self,\n    id="Place",\n)', 6),
        ("app__ts", "import 'aws-cdk-lib';\nconst f = new lambda.Function(this, 'Place', {})", 11),
        ("app__ts", "import 'aws-cdk-lib';\nnew Function<Props>(scope.node.scope, `Place`)", 1),
        ("app__js", "require('aws-cdk-lib');\nnew   Function( this , \"Place\")", 1),
        ("App__java", 'import software.amazon.awscdk.App;\nFunction.Builder.create(this, "Place").build();', 1),
        ("App__cs", 'using Amazon.CDK; // aws cdk\nvar f = new Function(this, "Place", new FunctionProps {});', 9),
        (
            "app__go",
            'import "github.com/aws/aws-cdk-go/awscdk"\nf := awslambda.NewFunction(stack, jsii.String("Place"), nil)',
            6,
        ),
    ],
)
def test_calls_of_constructs(tmp_path: Path, name: str, text: str, column: int) -> None:
    found = searched(tmp_path, **{name: text}).call(["Stack/Place", "Stack/Place/Resource"])
    assert found is not None
    assert (found[0].line, found[0].column, found[1]) == (2, column, "Stack/Place")


@pytest.mark.parametrize(
    "text",
    [
        'place = "Place"',
        'import aws_cdk\nprint("Place")',
        'import aws_cdk\nLambda("Place", self)',
        'import aws_cdk\nLambda(self, f"Place{x}")',
        'import aws_cdk\nLambda(self, "Other")',
        'import boto3\nLambda(self, "Place")',
        'import aws_cdk\nLambda(self, "Place")\nQueue(self, "Place")',
    ],
)
def test_what_is_no_such_call_or_not_the_only_one(tmp_path: Path, text: str) -> None:
    assert searched(tmp_path, app__py=text).call(["Stack/Place"]) is None


def test_what_a_library_makes_is_not_looked_for(tmp_path: Path) -> None:
    search = searched(
        tmp_path,
        app__py="""\
            import aws_cdk
            class Orders(Construct):
                def __init__(self):
                    Function(self, "Place")
                    Role(self, "ServiceRole")
            Orders(self, "Orders")
        """,
    )
    place = ["S/Orders", "S/Orders/Place", "S/Orders/Place/ServiceRole", "S/Orders/Place/ServiceRole/Resource"]
    found = search.call(place)
    assert found is not None and found[1] == "S/Orders/Place"
    found = search.call(["S/Orders", "S/Orders/ServiceRole"])
    assert found is not None and (found[0].line, found[1]) == (5, "S/Orders/ServiceRole")


PYTHON = '''\
import aws_cdk

fn = lambda_.Function(
    self, "Place",
    # runtime=lambda_.Runtime.PYTHON_3_8,
    runtime=lambda_.Runtime.PYTHON_3_12,
    description="""timeout=3 (""",
    timeout=Duration.seconds(3),
    memory_size=512 if big == "architectures" else 128,
    architecture=lambda_.Architecture.ARM_64,
    environment={"TIMEOUT": "3", "runtime": "x", **more},
)
other = lambda_.Function(self, "Other", layers=[])
'''
TYPESCRIPT = """\
import 'aws-cdk-lib';
const layers = [];
new lambda.Function(this, 'Place', {
  // timeout: Duration.seconds(3),
  runtime: ts ? node : lambda.Runtime.PYTHON_3_12, /* handler: 'x' */
  description: `timeout: "3" (`,
  layers,
  bundling: { timeout: 3, handler: 'inner' },
  'memorySize': 512,
  environment: {
    TIMEOUT: '3',
    ...more,
  },
  events: [new Source(queue, { batchSize: 3 })],
});
new Queue(this, 'Q', { visibilityTimeout: 3, handler: 'x' });
"""


@pytest.mark.parametrize(
    ("names", "line", "text"),
    [
        (["Runtime"], 6, "runtime"),
        (["Timeout"], 8, "timeout"),
        (["MemorySize"], 9, "memory_size"),
        (["Architectures", "0"], 10, "architecture"),
        (["Environment"], 11, "environment"),
        (["Environment", "Variables", "TIMEOUT"], 11, '"TIMEOUT"'),
        (["Environment", "Variables", "MORE"], 11, "environment"),
        (["Layers"], 0, ""),
        (["Handler"], 0, ""),
        ([], 0, ""),
    ],
)
def test_arguments_in_python(tmp_path: Path, names: list[str], line: int, text: str) -> None:
    found = searched(tmp_path, app__py=PYTHON).argument(Span("app.py", 3, 6, 3, 22), names)
    assert (found.line if found is not None else 0) == line
    if found is not None:
        assert PYTHON.splitlines()[line - 1][found.column - 1 : found.end_column - 1] == text


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["Runtime"], 5),
        (["Layers", "0"], 7),
        (["MemorySize"], 9),
        (["Environment", "Variables", "TIMEOUT"], 11),
        (["BatchSize"], 0),
        (["Timeout"], 0),
        (["Handler"], 0),
        (["VisibilityTimeout"], 0),
    ],
)
def test_arguments_in_typescript(tmp_path: Path, names: list[str], line: int) -> None:
    found = searched(tmp_path, app__ts=TYPESCRIPT).argument(Span("app.ts", 3, 1, 3, 20), names)
    assert (found.line if found is not None else 0) == line


def test_arguments_of_an_argument(tmp_path: Path) -> None:
    text = "import 'aws-cdk-lib';\nfn.addEventSource(new SqsEventSource(queue, {\n  batchSize: 5,\n}));\n"
    found = searched(tmp_path, app__ts=text).argument(Span("app.ts", 2, 4, 2, 18), ["BatchSize"])
    assert shown(found) == "app.ts:3:3"
    text = "import aws_cdk\nfn.add_event_source(SqsEventSource(queue, batch_size=5, filters=[dict(batch_size=1)]))\n"
    found = searched(tmp_path, app__py=text).argument(Span("app.py", 2, 1, 2, 80), ["BatchSize"])
    assert shown(found) == "app.py:2:43"


def test_chained_calls_belong_to_it(tmp_path: Path) -> None:
    text = (
        "class A(aws_cdk.Function):\n    def __init__(self, scope):\n        super().__init__(scope, 'A', timeout=3)\n"
    )
    found = searched(tmp_path, app__py=text).argument(Span("app.py", 3, 9, 3, 48), ["Timeout"])
    assert shown(found) == "app.py:3:38"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "new " * 300_000,
        "a(" * 300_000,
        "a(b" + " " * 900_000,
        "/*" * 300_000,
        "'" * 600_001,
        "a<" * 300_000,
    ],
)
def test_strange_files_take_linear_time(tmp_path: Path, text: str) -> None:
    search = searched(tmp_path, app__ts="import 'aws-cdk-lib';\nnew F(this, 'Place', {\n" + text)
    found = search.call(["Place"])
    assert found is not None
    search.argument(found[0], ["Timeout"])
