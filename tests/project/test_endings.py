"""Whether functions may end without a ``return``, also where places tell no order: code in a JSON template."""

from __future__ import annotations

import pytest

from lambdalint.code.javascript import read_javascript
from lambdalint.code.python import read_python
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.endings import ending
from lambdalint.source import Source, Span

HERE = Span("template.json", 3, 5, 3, 400)


@pytest.mark.parametrize(
    ("body", "expected", "without_places"),
    [
        ("a = 1\n    return a", False, False),
        ("a = 1", True, True),
        ("if event:\n        return 1\n    a = 1\n    return a", False, False),
        ("if event:\n        return 1", True, None),
        ("if event:\n        return 1\n    else:\n        return 2", False, None),
        ("try:\n        return 1\n    except ValueError:\n        pass", True, None),
        ("a = 1\n    raise ValueError", False, False),
        ("return 1", False, False),
    ],
)
def test_python(body: str, expected: bool, without_places: bool | None) -> None:
    source = Source("app.py", f"def handler(event, context):\n    {body}\n")
    exact, flat = ModuleIndex(read_python(source)), ModuleIndex(read_python(source, place=lambda *_: HERE))
    assert ending(exact, 1).is_open is expected
    assert ending(flat, 1).is_open is without_places


def test_javascript() -> None:
    text = "exports.handler = async (event) => {\n  const response = { statusCode: 200 };\n  return response;\n};\n"
    flat = ModuleIndex(read_javascript(Source("app.js", text), place=lambda *_: HERE))
    assert ending(flat, 1).is_open is False
