"""Writes the JSON Schema of the settings that lambdalint ships. Run it after a change of settings or rule options."""

from __future__ import annotations

import json
from pathlib import Path

from lambdalint import schema
from lambdalint.engine import all_rules

TARGET = Path(schema.__file__).with_name(schema.FILE)

if __name__ == "__main__":
    TARGET.write_text(json.dumps(schema.schema(all_rules(())), indent=2) + "\n", encoding="utf-8")
