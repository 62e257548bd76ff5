"""The JSON Schema of the settings, and shell completion."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lambdalint import cli, schema, settings
from lambdalint.engine import all_rules

SHIPPED = Path(schema.__file__).with_name(schema.FILE)


def test_the_shipped_schema_is_that_of_the_settings() -> None:
    made = schema.schema(all_rules(()))
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == made, "run tools/settings_schema.py"
    assert set(made["properties"]) == {*settings._KEYS, "rules"}
    assert "logic-in-handler" in made["properties"]["rules"]["properties"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completions", shell]) == 0
    script = capsys.readouterr().out
    assert "select" in script and "LL101" in script and "pedantic" in script
    found = shutil.which(shell)
    if found is not None:
        subprocess.run([found, "-n"], input=script, text=True, check=True, timeout=20)
