from __future__ import annotations

import pytest

from lambdalint.aws.environment import is_read_by_libraries
from lambdalint.naming import Names

SCRIPTS = Names(
    whole=("makefile",), ends=(".mk", ".sh"), pairs={("tsconfig", "jsconfig"): (".json",), ("docker",): ("",)}
)


@pytest.mark.parametrize(
    "name", ["Makefile", "build.SH", "rules.mk", "tsconfig.json", "tsconfig.build.json", "jsconfig.json", "Dockerfile"]
)
def test_names_that_fit(name: str) -> None:
    assert SCRIPTS.fit(name)


@pytest.mark.parametrize("name", ["makefile.txt", "sh", "tsconfig.ts", "my-tsconfig.json", "config.json", ""])
def test_names_that_do_not(name: str) -> None:
    assert not SCRIPTS.fit(name)


def test_nothing_is_named() -> None:
    assert not Names().fit("")


@pytest.mark.parametrize(
    "name",
    [
        "AWS_PROFILE",
        "aws_profile",
        "NODE_OPTIONS",
        "NODEENV",
        "ELASTIC_APM_URL",
        "ELASTIC_APM",
        "LogLevel",
        "DEBUG",
        "DD_",
    ],
)
def test_read_by_libraries(name: str) -> None:
    assert is_read_by_libraries(name)


@pytest.mark.parametrize("name", ["TABLE_NAME", "AWSOME", "ELASTIC_URL", "APP_NAME", "LOGLEVELS", "", "_DEBUG"])
def test_not_read_by_libraries(name: str) -> None:
    assert not is_read_by_libraries(name)
