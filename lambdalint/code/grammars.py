"""The grammars of tree-sitter, each loaded when it is first needed."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from typing import Any


@lru_cache(maxsize=3)
def language(name: str) -> Any:
    """A grammar as tree-sitter's ``Language``: ``javascript``, ``typescript`` or ``tsx``."""
    from tree_sitter import Language

    if name == "javascript":
        return Language(_binding("tree_sitter_javascript").language())
    binding = _binding("tree_sitter_typescript")
    return Language(binding.language_tsx() if name == "tsx" else binding.language_typescript())


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
