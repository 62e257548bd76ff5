from __future__ import annotations

import subprocess
import sys

import pytest

from lambdalint.code import grammars

SOURCES = {"javascript": "a ?? b;", "typescript": "let a: number = b as number;", "tsx": "let a: X = <b>c</b>;"}


@pytest.mark.parametrize("name", SOURCES)
def test_each_reads_its_own(name: str) -> None:
    from tree_sitter import Parser

    assert not Parser(grammars.language(name)).parse(SOURCES[name].encode()).root_node.has_error
    assert grammars.language(name) is grammars.language(name)


def test_a_package_that_is_laid_out_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammars, "EXTENSION_SUFFIXES", [".elsewhere"])
    assert callable(grammars._binding("tree_sitter_javascript").language)


def test_what_packages_import_for_queries_is_not_imported() -> None:
    script = (
        "import sys; from lambdalint.code.javascript import read_javascript; from lambdalint.source import Source;"
        "assert read_javascript(Source('a.js', 'f(1)')).calls; print('importlib.resources' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(1)", b"f(1)"),
        ("gr\u00fc\u00dfe = '\u4f60\u597d'", b"gr__e = '__'"),
        ("\U0001f600\u00a0\u3000\ufeff\u2028;", b"_    ;"),
        ("`\u20ac{a}`", b"`_{a}`"),
        ("\udc80", b"_"),
    ],
)
def test_a_byte_for_each_character(text: str, expected: bytes) -> None:
    assert grammars.ascii_of(text) == expected
