"""The grammars of tree-sitter, each loaded when it is first needed, and the trees that they make."""

from __future__ import annotations

import codecs
import os
from functools import lru_cache
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from typing import Any

MIN_STEPS = 500
BYTES_A_STEP = 20
"""How far the parser reports on its work: 24,000 public files took one report for every 45 bytes or more."""
CHUNK = 65_536

_TYPESCRIPT = (".ts", ".mts", ".cts")


def ascii_of(text: str) -> bytes:
    """Code that the grammars read like a text, with a byte for each character, so that their places are characters.

    To the grammars, everything beyond ASCII is a letter or a space.
    """
    return text.encode("ascii", _LETTERS)


def _letters_and_spaces(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    beyond = error.object[error.start : error.end]
    return "".join([" " if character.isspace() or character in _SPACES else "_" for character in beyond]), error.end


_SPACES = "\u200b\u2060\ufeff"
_LETTERS = "lambdalint-letters"
codecs.register_error(_LETTERS, _letters_and_spaces)


@lru_cache(maxsize=3)
def language(name: str) -> Any:
    """A grammar as tree-sitter's ``Language``: ``javascript``, ``typescript`` or ``tsx``."""
    from tree_sitter import Language

    if name == "javascript":
        return Language(_binding("tree_sitter_javascript").language())
    binding = _binding("tree_sitter_typescript")
    return Language(binding.language_tsx() if name == "tsx" else binding.language_typescript())


def tree_of(path: str, data: bytes) -> tuple[Any, str]:
    """The tree of some code, and the grammar that fits it best.

    Types are found in JavaScript too, and each grammar lacks something.
    """
    grammars: tuple[str, ...] = ("javascript", "tsx")
    if path.endswith(_TYPESCRIPT):
        grammars = ("typescript", "tsx", "javascript")
    elif path.endswith(".tsx"):
        grammars = ("tsx", "typescript")
    first = _parse(grammars[0], data)
    if first is None or not first.root_node.has_error:
        return first, grammars[0]
    for name in grammars[1:]:
        tree = _parse(name, data)
        if tree is not None and not tree.root_node.has_error:
            return tree, name
    return first, grammars[0]


def _parse(name: str, data: bytes) -> Any:
    """The tree of some code; None where recovering from errors takes the parser more work than any code is worth.

    Work is counted, not timed, so that the same code is always read in the same way.
    """
    parser = _parser(name)
    steps = 0
    allowed = MIN_STEPS + len(data) // BYTES_A_STEP

    def go_on_or_stop(*_: object) -> bool:
        nonlocal steps
        steps += 1
        return steps > allowed

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + CHUNK]

    try:
        return parser.parse(read, encoding="utf8", progress_callback=go_on_or_stop)
    except (ValueError, RecursionError, MemoryError):
        parser.reset()
        return None


@lru_cache(maxsize=3)
def _parser(name: str) -> Any:
    from tree_sitter import Parser

    return Parser(language(name))


def _binding(package: str) -> Any:
    """The native module of a grammar's package.

    The packages themselves import ``importlib.resources`` for queries that nobody asks for here, which takes three
    times as long as the grammar.
    """
    found = find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        for suffix in EXTENSION_SUFFIXES:
            path = os.path.join(folder, f"_binding{suffix}")
            if os.path.isfile(path):
                name = f"{package}._binding"
                spec = spec_from_file_location(name, path, loader=ExtensionFileLoader(name, path))
                if spec is not None and spec.loader is not None:
                    module = module_from_spec(spec)
                    spec.loader.exec_module(module)
                    return module
    return import_module(package)
