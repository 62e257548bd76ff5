"""Formatted strings told apart without a parser."""

from __future__ import annotations

import ast

import pytest

from lambdalint.code.python_strings import blank_formatted


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a' + \"b\" + '''c''' + r'\\d'",
        "# it's a comment with f'{\nx = 1",
        "x = '# no comment' + \"it's\"",
        "x = b'f' + rb'\\'' + '\\''",
        'x = """a "quoted" b""" + "\\""',
        "def f(shift): return shift'' if 0 else 1",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert blank_formatted(text) == text


@pytest.mark.parametrize(
    "string",
    [
        "f'a'",
        'F"{x}"',
        "fr'{x}\\d'",
        "Rf'\\{x}'",
        "f'{{x}}'",
        "f'{x!r:>{width}.{digits}}'",
        "f'{x:%H:%M}'",
        "f'{x[\"a\"]}'",
        "f'{x['a']}'",
        "f'{f'{f'{1}'}'}'",
        "f'{', '.join(x)}'",
        "f'{'\\n'.join(x)}'",
        "f'{d['(']}'",
        "f'{ {'a': 1}['a'] }'",
        "f'{(lambda: 1)()}'",
        "f'{x # why }\n}'",
        "f'{\n    x\n}'",
        "f'\\N{BULLET} {x}'",
        'f"""\n{x["a"]} it\'s "quoted"\n"""',
        "t'{x}'",
    ],
)
def test_formatted_strings_are_blank(string: str) -> None:
    blank = blank_formatted(f"a = {string} + 'b'\nc = 1")
    assert blank is not None
    tree = ast.parse(blank)
    assert blank.count("\n") == f"{string}\n".count("\n")
    addition = tree.body[0].value  # type: ignore[attr-defined]
    assert addition.left.value.strip() == "" and addition.right.value == "b"
    if "\n" not in string:
        assert blank.index("'b'") == f"a = {string} + 'b'".index("'b'")


@pytest.mark.parametrize(
    "text", ["x = 'a", "x = f'{a'", "x = f'{a", "x = f'}'", "x = f'{a)}'", "x = '''a", "x = f'{a:'", "f'{" * 5_000]
)
def test_strings_that_do_not_end(text: str) -> None:
    assert blank_formatted(text) is None
