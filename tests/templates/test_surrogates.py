from __future__ import annotations

import json

import pytest

from lambdalint.source import Source
from lambdalint.templates.document import Mapping, get, read, scalar_text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (r"\ud800", "\ufffd"),
        (r"a\uDC00\uD800b", "a\ufffd\ufffdb"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\\ud800", "\\ud800"),
        (r"\\\ud800", "\\\ufffd"),
        (r"\u00e9\n", "\u00e9\n"),
    ],
)
def test_half_characters_in_json_are_replaced(written: str, expected: str) -> None:
    document = read(Source("a.json", f'{{"key": "{written}", "{written}": 1}}'))
    (root,) = document.roots
    assert isinstance(root, Mapping)
    assert scalar_text(get(root, "key")) == expected
    assert root.pairs[1].key == expected
    json.dumps(root.pairs[1].key, ensure_ascii=False).encode()
