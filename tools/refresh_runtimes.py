"""Refreshes lambdalint/aws/data/runtime_lifecycle.json from the installed cfn-lint.

    python tools/refresh_runtimes.py [DAY THE DATA IS OF, default: today]

cfn-lint's data is licensed under MIT No Attribution. Runtimes that the file lacks stand in runtimes.tsv.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

DATA = Path(__file__).parents[1] / "lambdalint" / "aws" / "data"
NAME = "data/AdditionalSpecs/LmbdRuntimeLifecycle.json"


def main(day: str) -> None:
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        sys.exit("cfn-lint is not installed")
    runtimes = json.loads((Path(spec.origin).parent / NAME).read_text(encoding="utf-8"))
    listed = (DATA / "runtimes.tsv").read_text(encoding="utf-8")
    for name in runtimes:
        if f"\n{name}\t" not in listed:
            print(f"{name}: add a line to runtimes.tsv")
    content = {"source": f"cfn-lint, {NAME}", "version": version("cfn-lint"), "date": day, "runtimes": runtimes}
    (DATA / "runtime_lifecycle.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]).isoformat() if len(sys.argv) > 1 else date.today().isoformat())
