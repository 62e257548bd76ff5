"""What rules on failures offer beyond their examples: fixes, levels, words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.finding import Level
from tests.support import findings, write


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("app.js", "const s = async () => { await fetch('x'); };\nexports.handler = async (event) => { s(); };\n", 38),
        ("app.py", "import asyncio\nasync def s():\n    await asyncio.sleep(1)\nasync def m():\n    s()\n", 5),
    ],
)
def test_unawaited_promise_is_awaited(tmp_path: Path, name: str, code: str, expected: int) -> None:
    tail = "def lambda_handler(event, context):\n    asyncio.run(m())\n" if name.endswith("py") else ""
    found = findings(write(tmp_path, {name: code + tail}), "LL813")
    assert [item.fix.safe for item in found if item.fix is not None] == [False]
    edit = found[0].fix.edits[0] if found[0].fix is not None else None
    assert edit is not None and (edit.text, edit.span.column) == ("await ", expected)
    assert (edit.span.line, edit.span.column) == (edit.span.end_line, edit.span.end_column)


@pytest.mark.parametrize(
    ("body", "level"), [("await fetch(order);", Level.REGULAR), ("console.log(order);", Level.PEDANTIC)]
)
def test_async_function_for_each(tmp_path: Path, body: str, level: Level) -> None:
    code = f"exports.handler = async (event) => {{ event.orders.forEach(async (order) => {{ {body} }}); }};\n"
    assert [item.level for item in findings(write(tmp_path, {"app.js": code}), "LL813")] == [level]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("import requests\ndef lambda_handler(event, context):\n    requests.get('https://a.org')\n", Level.REGULAR),
        ("import requests\nrequests.get('https://a.org')\ndef lambda_handler(event, context): ...\n", Level.REGULAR),
    ],
)
def test_timeouts_of_requests(tmp_path: Path, code: str, level: Level) -> None:
    found = findings(write(tmp_path, {"app.py": code}), "LL820")
    assert [item.level for item in found] == [level]
    assert ("initialising" in found[0].message) is ("requests.get('https://a.org')\ndef" in code)
