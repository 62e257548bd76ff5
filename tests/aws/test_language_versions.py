"""What versions of Python and Node.js have."""

from __future__ import annotations

import importlib
import sys
import warnings

import pytest

from lambdalint.aws.python_versions import LIBRARY, MODULES, NEWEST, SYNTAX, python_version
from lambdalint.aws.versions import Offer, written


def test_versions_of_runtimes() -> None:
    assert python_version("python3.9") == (3, 9) < (3, 10) == python_version("python3.10")
    assert python_version("nodejs22.x") is None
    assert written((3, 12)) == "3.12"


def test_versions_that_have_something() -> None:
    removed = Offer("a", None, (3, 12), "", "")
    added = Offer("a", (3, 11), None, "", "")
    assert [removed.is_in(version) for version in ((3, 11), (3, 12), (3, 13))] == [True, False, False]
    assert [added.is_in(version) for version in ((3, 10), (3, 11), (3, 12))] == [False, True, True]


@pytest.mark.skipif(sys.version_info[:2] > NEWEST, reason="newer than the table")
@pytest.mark.parametrize("offer", LIBRARY.values(), ids=lambda offer: offer.name)
def test_the_table_is_right_for_this_version(offer: Offer) -> None:
    assert _has(offer.name) is offer.is_in(sys.version_info[:2])


def _has(name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module(name)
        except ImportError:
            module, _, symbol = name.rpartition(".")
            try:
                return bool(module) and hasattr(importlib.import_module(module), symbol)
            except ImportError:
                return False
    return True


def test_names_of_modules() -> None:
    assert {"imp", "telnetlib", "tomllib", "urllib2", "compression"} <= MODULES
    assert not {"collections", "typing", "importlib"} & MODULES


def test_every_entry_says_what_to_do_and_where_it_is_from() -> None:
    assert all(item.source.startswith("https://") and item.instead for item in SYNTAX.values())
    assert all(item.source.startswith("https://") for item in LIBRARY.values())
    assert all(item.instead for item in LIBRARY.values() if item.until is not None)
