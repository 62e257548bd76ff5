"""The documentation site: it builds without a warning, has a page a rule, and shows what lambdalint says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from lambdalint_rules import FAMILIES

from lambdalint.cli import main
from lambdalint.engine import all_rules

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs").glob("*.md"))
COMING = {"LL817", "LL820"}  # guides name them already
CONSOLE = re.compile(r"^```console\n\$ lambdalint (.*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Warnings are errors, so that it has no dead link within."""
    if find_spec("mkdocs") is None or find_spec("material") is None:
        pytest.skip("the site needs mkdocs and mkdocs-material: pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def hooks() -> Iterator[ModuleType]:
    path = list(sys.path)
    spec = spec_from_file_location("docs_hooks", ROOT / "tools" / "docs_hooks.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path


def test_every_rule_has_the_page_that_its_findings_lead_to(site: Path) -> None:
    listing = (site / "rules" / "index.html").read_text(encoding="utf-8")
    for rule in all_rules(()):
        page = site / urlsplit(rule.url).path.strip("/") / "index.html"
        assert f"{rule.code} {rule.name}" in page.read_text(encoding="utf-8")
        assert f'href="{rule.name}/"' in listing


def test_examples_are_no_pages(site: Path) -> None:
    assert not (site / "examples").exists()
    assert (site / "development" / "index.html").is_file()


def test_pages_show_all_that_a_rule_says(hooks: ModuleType) -> None:
    pages = hooks.pages(all_rules(()))
    for rule in all_rules(()):
        page = pages[f"rules/{rule.name}.md"]
        assert page.startswith(f"# {rule.code} {rule.name}\n\n{rule.title}.\n")
        assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(rule.sections)
        for heading in ("Bad", "Good"):
            for name in re.findall(r"^```\w+ +(\S+)", rule.sections[heading], re.MULTILINE):
                assert f'title="{name}"' in page


def test_pages_lead_to_other_rules_but_not_within_code(hooks: ModuleType) -> None:
    page = hooks.pages(all_rules(()))["rules/unused-suppression.md"]
    assert "don't exist is [LL003](unknown-rule.md)." in page
    assert "# lambdalint: ignore[LL201] this account is the only one" in page
    assert "[LL002]" not in page.replace("ignore[LL201, LL002]", "")


def test_every_rule_is_of_a_family_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (LL\d) \| (.+) \|$", readme, re.MULTILINE)) == FAMILIES
    assert all(rule.code[:3] in FAMILIES for rule in all_rules(()))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_guides_show_the_real_output(
    guide: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for arguments, shown in CONSOLE.findall(guide.read_text(encoding="utf-8")):
        main(arguments.split())
        assert capsys.readouterr().out == shown


@pytest.mark.parametrize("guide", [ROOT / "README.md", *GUIDES], ids=lambda path: path.stem)
def test_guides_name_rules_that_exist(guide: Path) -> None:
    codes = {rule.code for rule in all_rules(())}
    assert set(re.findall(r"\bLL\d{3}\b", guide.read_text(encoding="utf-8"))) <= codes | COMING
