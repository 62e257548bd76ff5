from __future__ import annotations

import base64
import json

import pytest

from lambdalint.code.source_map import Original, SourceMap, inline_map, mapping_url, read_map

# compiled:  "use strict";            original, lib/a.ts:  const one = 1;
#            const one = 1;                                const two: number = one;
#            const two = one;
MAPPINGS = ";AAAA,MAAM,GAAG,GAAG,CAAC,CAAC;AACd,MAAM,GAAG,GAAW,GAAG,CAAC"


def made(**fields: object) -> bytes:
    return json.dumps({"version": 3, "sources": ["../lib/a.ts"], "mappings": MAPPINGS, **fields}).encode()


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (2, 1, (1, 1)),
        (2, 7, (1, 7)),
        (2, 8, (1, 7)),
        (3, 1, (2, 1)),
        (3, 7, (2, 7)),
        (3, 13, (2, 21)),
        (3, 16, (2, 24)),
        (3, 99, (2, 25)),
    ],
)
def test_places(line: int, column: int, expected: tuple[int, int]) -> None:
    source_map = read_map(made())
    assert source_map is not None
    assert source_map.original(line, column) == Original("../lib/a.ts", *expected)


@pytest.mark.parametrize(("line", "column"), [(1, 1), (9, 1), (0, 0)])
def test_places_that_come_from_nowhere(line: int, column: int) -> None:
    source_map = read_map(made())
    assert source_map is not None
    assert source_map.original(line, column) is None


def test_source_root() -> None:
    source_map = read_map(made(sourceRoot="src/"))
    assert source_map is not None
    found = source_map.original(2, 1)
    assert found is not None and found.source == "src/../lib/a.ts"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b'{"version": 2}',
        b'{"version": "3"}',
        b"\xff\xff",
    ],
)
def test_damaged_maps(data: bytes) -> None:
    assert read_map(data) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"mappings": None},
        {"mappings": ";!!!!"},
        {"mappings": ";" + "g" * 1000},
        {"mappings": ";A,AA,AAA,AAAAAA"},
        {"mappings": ";AEAA"},
        {"mappings": ";ADDD"},
        {"sources": None},
        {"sources": [None]},
        {"sources": []},
    ],
)
def test_odd_mappings(fields: dict[str, object]) -> None:
    source_map = read_map(made(**fields))
    assert source_map is not None
    found = source_map.original(2, 5)
    assert found is None or found.source in ("", "../lib/a.ts")


def test_address_of_the_map() -> None:
    assert mapping_url("x\n//# sourceMappingURL=a%20b.js.map\n") == "a b.js.map"
    assert mapping_url("//# sourceMappingURL=old.map\n//@ sourceMappingURL=new.map") == "new.map"
    assert mapping_url("/*# sourceMappingURL=c.map */") == "c.map"
    assert mapping_url("const url = '//# sourceMappingURL=no.map';\n") == ""


def test_inline_maps() -> None:
    data = made()
    url = "data:application/json;base64," + base64.b64encode(data).decode()
    assert mapping_url(f"//# sourceMappingURL={url}") == url
    assert inline_map(url) == data
    assert inline_map("data:application/json,%7B%7D") == b"{}"
    assert inline_map("data:application/json;base64,A") is None
    assert inline_map("a.js.map") is None


@pytest.mark.parametrize(
    ("mappings", "expected"),
    [("AAAA;ACAA,IAAI", "b.ts"), ("ACAA;ADAA", "a.ts"), ("A", ""), ("", ""), ("AAA!", ""), ("AEAA", "")],
)
def test_last_source(mappings: str, expected: str) -> None:
    content = {"version": 3, "sources": ["a.ts", "b.ts"], "mappings": mappings}
    assert SourceMap(content).last == expected
