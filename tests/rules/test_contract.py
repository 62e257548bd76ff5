"""Every rule keeps the contract: documented under the fixed headings, examples that are true, a fixture project."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec import structs

from lambdalint.engine import all_rules
from lambdalint.finding import Finding
from lambdalint.rule import HEADINGS, INDEX, OPTIONAL_HEADINGS, Rule, declared, examples
from tests.support import FIXTURES, findings, prepared, report, write
from tools import rule_index

RULES = all_rules(())
MARK = re.compile(r"(?:#|//)\s*expect:\s*(LL\d{3}(?:\s*,\s*LL\d{3})*)")


def names(rule: Rule) -> str:
    return rule.name


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_is_documented(rule: Rule) -> None:
    headings = list(rule.sections)
    assert [heading for heading in headings if heading not in OPTIONAL_HEADINGS] == list(HEADINGS)
    assert all(rule.sections[heading] for heading in HEADINGS)
    assert rule.title and not rule.title.startswith("#")
    assert re.search(r"https?://", rule.sections["Source"])
    assert ("Options" in headings) == bool(rule.options)


def test_index_is_current() -> None:
    assert (rule_index.FOLDER / INDEX).read_text(encoding="utf-8") == rule_index.index(), "run tools/rule_index.py"


def test_index_says_what_modules_declare() -> None:
    folder = str(rule_index.FOLDER)
    known = sorted(declared("lambdalint_rules", folder), key=lambda rule: rule.code)
    assert [structs.replace(rule, check=rule.function) for rule in RULES] == known


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_is_one_function_in_one_file(rule: Rule) -> None:
    path = Path(inspect.getfile(rule.function))
    assert path.stem == rule.function.__name__
    assert path.parent.parent.name == "lambdalint_rules"
    declared = [item for item in RULES if item.check.__module__ == rule.check.__module__]
    assert declared == [rule]


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_bad_examples_are_found(rule: Rule, tmp_path: Path) -> None:
    found = examples(rule.sections["Bad"])
    assert found
    for number, example in enumerate(found):
        folder = write(tmp_path / str(number), example.files)
        reported = findings(folder, rule.code)
        assert reported, f"{rule.code} is silent on {example}"
        assert_has_the_fixes_it_declares(rule, reported)


def assert_has_the_fixes_it_declares(rule: Rule, reported: Iterable[Finding]) -> None:
    """Where a rule's fixes are safe, single ones may be unsafe all the same, never the other way round."""
    kinds = {("safe" if item.fix.safe else "unsafe") for item in reported if item.fix is not None}
    assert kinds <= ({"safe", "unsafe"} if rule.fix == "safe" else {rule.fix})


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.fix], ids=names)
def test_an_example_shows_the_fix(rule: Rule, tmp_path: Path) -> None:
    folders = [write(tmp_path / str(number), item.files) for number, item in enumerate(examples(rule.sections["Bad"]))]
    fixes = [item.fix for folder in folders for item in findings(folder, rule.code) if item.fix is not None]
    assert any(fix.safe == (rule.fix == "safe") for fix in fixes)


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_good_examples_are_clean(rule: Rule, tmp_path: Path) -> None:
    found = examples(rule.sections["Good"])
    assert found
    for number, example in enumerate(found):
        folder = write(tmp_path / str(number), example.files)
        assert [item.message for item in findings(folder, rule.code)] == []


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_fixture_project(rule: Rule, tmp_path: Path) -> None:
    """Lines with a comment ``expect: LL101`` have that finding; a file ``expected.txt`` lists others; nothing else."""
    folder = FIXTURES / rule.name
    assert folder.is_dir(), f"tests/fixtures/{rule.name} is missing"
    folder = prepared(folder, tmp_path)
    expected = set()
    for path in sorted(folder.rglob("*")):
        if path.name == "expected.txt" or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for match in MARK.finditer(line):
                if rule.code in re.split(r"\s*,\s*", match.group(1)):
                    expected.add((path.relative_to(folder).as_posix(), number))
    listed = folder / "expected.txt"
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8").split():
            name, _, number_text = line.rpartition(":")
            expected.add((name, int(number_text)))
    result = report(folder, rule.code)
    found = {(item.span.path, item.span.line) for item in result.findings}
    assert found == expected
    assert found, "the fixture shows nothing that the rule flags"
    assert_has_the_fixes_it_declares(rule, result.findings)
    for item in result.findings:
        assert len(item.message) < 320
        assert item.message[:1] != " " and not item.message.endswith(".")
