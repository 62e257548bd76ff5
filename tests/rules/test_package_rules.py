"""What LL505, LL506 and LL507 say, beyond the contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lambdalint.engine import check
from lambdalint.finding import Confidence
from lambdalint.settings import Settings
from tests.support import findings, lines, write

LAYERED = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          CodeUri: src/
          Layers: [!Ref Common]
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: common/
    """
PYTHON = "def handler(event, context):\n    return event\n"
NODE = "exports.handler = async (event) => event;\n"


def layered(folder: Path, runtime: str = "python3.13", **files: str) -> Path:
    name, text = ("app.py", PYTHON) if runtime.startswith("python") else ("app.js", NODE)
    return write(folder, {"template.yaml": LAYERED.format(runtime=runtime), f"src/{name}": text, **files})


def test_names_the_folder_that_libraries_belong_to(tmp_path: Path) -> None:
    layered(tmp_path, **{"common/shop/rates.py": "RATE = 1\n"})
    (item,) = findings(tmp_path, "LL505")
    assert item.message == (
        "Common has nothing that Orders can import, since `shop/rates.py` stands outside of the folders that "
        "python3.13 searches: put it into `python/`, or let `sam build` do it with BuildMethod: python3.13"
    )
    assert (item.function, item.resource, item.span.line) == ("Orders", "Common", 14)
    assert [part.label for part in item.related] == ["Orders uses the layer"]


@pytest.mark.parametrize(
    ("runtime", "path", "found"),
    [
        ("python3.13", "common/python/rates.py", 0),
        ("python3.13", "common/python/lib/python3.13/site-packages/rates.py", 0),
        ("python3.13", "common/python/lib/python3.9/site-packages/rates.py", 1),
        ("python3.13", "common/lib/python3.13/site-packages/rates.py", 1),
        ("python3.13", "common/bin/rates.py", 0),
        ("python3.13", "common/setup.py", 0),
        ("python3.13", "common/rates.json", 0),
        ("python3.13", "common/index.js", 0),
        ("nodejs22.x", "common/nodejs/node_modules/rates/index.js", 0),
        ("nodejs22.x", "common/nodejs/node22/node_modules/rates/index.js", 0),
        ("nodejs22.x", "common/nodejs/node20/node_modules/rates/index.js", 1),
        ("nodejs22.x", "common/node_modules/rates/index.js", 1),
        ("nodejs22.x", "common/nodejs/rates.mjs", 1),
        ("nodejs22.x", "common/nodejs/package.json", 0),
        ("java21", "common/rates.py", 0),
    ],
)
def test_folders_that_runtimes_search(runtime: str, path: str, found: int, tmp_path: Path) -> None:
    layered(tmp_path, runtime, **{path: "{}\n"})
    assert len(lines(tmp_path, "LL505")) == found


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nsys.path.append('/opt')\n\n\ndef handler(event, context):\n    return 1\n",
        "import os\nHERE = os.path.join(os.sep, 'opt')\n\n\ndef handler(event, context):\n    return 1\n",
        "def other(event, context):\n    return 1\n",
    ],
)
def test_code_that_may_find_a_layer_itself(code: str, tmp_path: Path) -> None:
    layered(tmp_path, **{"common/rates.py": "RATE = 1\n", "src/app.py": code})
    assert lines(tmp_path, "LL505") == []


def test_names_the_largest_parts(tmp_path: Path) -> None:
    template = LAYERED.format(runtime="python3.13").replace("CodeUri: src/", "CodeUri: orders.zip")
    write(
        tmp_path,
        {
            "template.yaml": template,
            "orders.zip": "botocore/a.json 14000000 bytes\nboto3/a.py 900000 bytes\nboto3-1.4.dist-info/R 900 bytes\n"
            "numpy/tests/a.py 700000 bytes\npytest/a.py 500 bytes\n.git/pack 300 bytes\napp.py 900 bytes\n",
        },
    )
    (item,) = findings(tmp_path, "LL506")
    assert item.message == (
        "Orders ships 14.9 MB that it doesn't need at run time: botocore 13.4 MB (the runtime has it), boto3 880 kB "
        "(the runtime has it), numpy/tests 684 kB (tests) and 2 more; leave that out of the package"
    )
    limited = Settings(select=("LL506",), rule_options={"package-junk": {"kilobytes": 20_000}})
    assert check(str(tmp_path), [str(tmp_path)], limited, date(2026, 11, 22)).findings == ()


def test_accounts_that_are_known(tmp_path: Path) -> None:
    layer = "arn:aws:lambda:eu-west-1:210987654321:layer:tools:7"
    template = f"Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{Layers: ['{layer}']}}}}}}\n"
    write(tmp_path, {"template.yaml": template})
    (item,) = findings(tmp_path, "LL507")
    assert "the layer tools of the account 210987654321" in item.message and item.confidence is Confidence.POSSIBLE
    known = Settings(select=("LL507",), rule_options={"foreign-layer": {"accounts": ("210987654321",)}})
    assert check(str(tmp_path), [str(tmp_path)], known, date(2026, 11, 22)).findings == ()
    write(tmp_path, {"samconfig.toml": "[default.deploy.parameters]\nrole_arn = 'arn:aws:iam::210987654321:role/x'\n"})
    assert findings(tmp_path, "LL507") == []
