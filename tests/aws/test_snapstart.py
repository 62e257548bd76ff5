"""Which runtimes have SnapStart."""

from __future__ import annotations

import pytest

from lambdalint.aws.snapstart import has_snapstart


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("java11", True),
        ("java17.al2023", True),
        ("java25", True),
        ("python3.12", True),
        ("python3.15", True),
        ("dotnet8", True),
        ("java8.al2", False),
        ("java8.al2023", False),
        ("python3.11", False),
        ("dotnet6", False),
        ("nodejs26.x", False),
        ("provided.al2023", False),
        ("dotnet9", None),
        ("custom", None),
        ("nodejs40.x", None),
    ],
)
def test_has_snapstart(name: str, expected: bool | None) -> None:
    assert has_snapstart(name) is expected
