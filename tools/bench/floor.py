"""The parse floor: reads and parses what a linter of Lambda projects can't do without, in one process, and no more.

Run as a script with a folder; prints as JSON what it read. It knows nothing of lambdalint, so that the two can't become
slow together. The garbage collector is off and nothing is kept.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
from collections.abc import Iterator

SKIPPED = {".git", "node_modules", "__pycache__", ".aws-sam", "tests", "test", "__tests__", "site-packages", ".venv"}
TEMPLATES = (".yaml", ".yml", ".json", ".template")


def files_in(folder: str) -> Iterator[str]:
    """Paths of templates and code, however deep."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in names:
            if name.endswith((*TEMPLATES, ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")):
                yield os.path.join(place, name)


def main(folder: str) -> None:
    """Reads every file; parses templates and code."""
    import tree_sitter
    import tree_sitter_javascript
    import tree_sitter_typescript
    import yaml
    from yaml._yaml import CParser

    javascript = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    typescript = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
    counts = dict.fromkeys(("yaml", "json", "python", "javascript", "failed", "bytes"), 0)
    for path in files_in(folder):
        with open(path, "rb") as file:
            data = file.read()
        counts["bytes"] += len(data)
        try:
            if path.endswith(TEMPLATES):
                if b"Resources" not in data:
                    continue
                if data.lstrip()[:1] == b"{":
                    json.loads(data)
                    counts["json"] += 1
                else:
                    parser = CParser(data)
                    while parser.get_event() is not None:
                        pass
                    counts["yaml"] += 1
            elif path.endswith(".py"):
                ast.parse(data)
                counts["python"] += 1
            else:
                (typescript if path.endswith("ts") else javascript).parse(data)
                counts["javascript"] += 1
        except (SyntaxError, ValueError, RecursionError, yaml.YAMLError):
            counts["failed"] += 1
    print(json.dumps(counts))


if __name__ == "__main__":
    gc.disable()
    main(sys.argv[1])
