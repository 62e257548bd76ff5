"""Runtimes: what is known of them, and where their dates come from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lambdalint.aws import runtimes
from lambdalint.aws.runtimes import IMAGE, MANAGED, is_newer, lifecycle_source, nearest, runtime
from tests.support import TODAY

SNAPSHOT = json.loads((Path(runtimes.__file__).parent / "data" / "runtime_lifecycle.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Tables are read once a run; here each test reads them anew."""
    runtimes.runtimes.cache_clear()
    runtimes._lifecycle.cache_clear()
    yield
    runtimes.runtimes.cache_clear()
    runtimes._lifecycle.cache_clear()


def install(folder: Path, version: str, data: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that calls itself cfn-lint, and fails when it is imported."""
    package = folder / "cfnlint"
    target = package / "data" / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"
    target.parent.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('cfn-lint was imported')\n")
    (package / "version.py").write_text(f'"""Licence."""\n\n__version__ = "{version}"\n')
    target.write_text(data if isinstance(data, str) else json.dumps(data))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "cfnlint", raising=False)
    return folder


def test_every_identifier_has_its_family_and_dates() -> None:
    for item in runtimes.runtimes().values():
        assert item.family in {"nodejs", "python", "java", "dotnet", "ruby", "go", "provided", "custom"}
        assert item.system in {"al1", "al2", "al2023"} or item.kind == "custom"
        if item.deprecated and item.deprecated < TODAY:
            assert item.successor and runtime(item.successor), item.name
        if item.successor:
            assert not runtimes.runtimes()[item.successor].is_deprecated(TODAY)
    assert set(SNAPSHOT["runtimes"]) <= set(runtimes.runtimes())
    assert date.fromisoformat(SNAPSHOT["date"])


@pytest.mark.parametrize(
    ("name", "family", "version", "system", "kind", "deprecated"),
    [
        ("python3.14", "python", (3, 14), "al2023", MANAGED, date(2029, 6, 30)),
        ("nodejs4.3-edge", "nodejs", (4, 3), "al1", MANAGED, date(2020, 3, 5)),
        ("java17.al2023", "java", (17,), "al2023", MANAGED, None),
        ("dotnetcore3.1", "dotnet", (3, 1), "al2", MANAGED, date(2023, 4, 3)),
        ("dotnet7", "dotnet", (7,), "al2", IMAGE, date(2024, 5, 14)),
        ("provided", "provided", (), "al1", MANAGED, date(2024, 1, 8)),
        ("python3.15", "python", (3, 15), "al2023", "preview", None),
        ("custom", "custom", (), "", "custom", None),
    ],
)
def test_what_is_known(
    name: str, family: str, version: tuple[int, ...], system: str, kind: str, deprecated: date | None
) -> None:
    item = runtime(name)
    assert item is not None
    assert (item.family, item.version, item.system, item.kind) == (family, version, system, kind)
    if not lifecycle_source().endswith(SNAPSHOT["version"]):
        pytest.skip("a newer cfn-lint is installed")
    assert item.deprecated == deprecated


def test_a_newer_cfn_lint_gives_the_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"deprecated": "2031-01-02", "create-block": None, "update-block": "2031-03-04", "successor": "python9.9"}
    data = {"python3.8": entry, "python9.9": dict.fromkeys(entry), "broken": {"deprecated": "soon"}, "worse": 7}
    install(tmp_path, "999.1.0", data, monkeypatch)
    item = runtime("python3.8")
    assert item is not None
    assert (item.deprecated, item.create_block, item.update_block) == (date(2031, 1, 2), None, date(2031, 3, 4))
    assert item.system == "al2" and item.successor == "python9.9"
    assert runtime("python9.9") is not None and runtime("broken") is None
    assert runtime("nodejs20.x") is not None
    assert lifecycle_source() == "cfn-lint 999.1.0"
    assert "cfnlint" not in sys.modules


@pytest.mark.parametrize(
    ("version", "data"),
    [
        ("1.0.0", {"python3.8": {"deprecated": "2031-01-02"}}),
        (SNAPSHOT["version"], {"python3.8": {"deprecated": "2031-01-02"}}),
        ("nonsense", {"python3.8": {"deprecated": "2031-01-02"}}),
        ("999.1.0", "{"),
        ("999.1.0", "[1]"),
        ("999.1.0", {}),
    ],
)
def test_an_older_or_broken_cfn_lint_is_passed_over(
    version: str, data: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, version, data, monkeypatch)
    item = runtime("python3.8")
    assert item is not None and item.deprecated == date(2024, 10, 14)
    assert lifecycle_source() == f"cfn-lint {SNAPSHOT['version']}"


def test_cfn_lint_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = install(tmp_path / "site", "999.1.0", SNAPSHOT["runtimes"], monkeypatch)
    template = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8}}}"
    (tmp_path / "template.yaml").write_text(template)
    program = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from lambdalint.cli import main\n"
        f"status = main([{str(tmp_path)!r}, '--select', 'LL301,LL302', '--today', '2026-11-22', '--isolated'])\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'cfnlint']\n"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "LL301" in done.stdout, done.stderr


@pytest.mark.parametrize("name", ["python3.99", "python4.0", "nodejs30.x", "java29", "dotnet12", "provided.al2027"])
def test_newer_than_known(name: str) -> None:
    assert is_newer(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("pyhton3.12", "python3.12"),
        ("nodejs20", "nodejs20.x"),
        ("Node.js 22.x", "nodejs22.x"),
        ("provided.al2023023", "provided.al2023"),
        ("python312", "python3.12"),
        ("python3", "python3.14"),
        ("node", "nodejs24.x"),
        ("java21.al2023", "java21"),
        ("dotnetcore8", "dotnet10"),
        ("go1.21", "provided.al2023"),
        ("nodejs23.x", "nodejs24.x"),
        ("deno", ""),
        ("", ""),
    ],
)
def test_misspelt(name: str, meant: str) -> None:
    assert not is_newer(name)
    assert nearest(name, TODAY) == meant


@pytest.mark.parametrize(
    ("family", "expected"),
    [("python", "python3.14"), ("nodejs", "nodejs24.x"), ("java", "java25"), ("provided", "provided.al2023")],
)
def test_newest(family: str, expected: str) -> None:
    found = runtimes.newest(family, date(2026, 11, 22))
    assert found is not None and found.name == expected


def test_a_family_that_has_ended_has_no_newest() -> None:
    assert runtimes.newest("go", date(2026, 11, 22)) is None
