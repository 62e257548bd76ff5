from __future__ import annotations

import pytest

from lambdalint.project.variables import exposes, known_bytes
from lambdalint.values import Literal, OneOf, Parameter, Ref, Text, Unknown, Value

SECRET = Parameter("Password", "template.yaml", no_echo=True)
USER = Parameter("DatabaseUser", "template.yaml", no_echo=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Literal("orders"), 6),
        (Literal("€"), 3),
        (Literal(True), 4),
        (Literal(12), 2),
        (Literal(None), 0),
        (Unknown(), 0),
        (Ref("Orders"), 0),
        (Parameter("Stage", "template.yaml", Literal("production")), 0),
        (Text((Literal("orders-"), Ref("Orders"))), 7),
        (OneOf((Literal("long"), Literal("no"))), 2),
        (OneOf((Literal("long"), Unknown())), 0),
    ],
)
def test_known_bytes(value: Value, expected: int) -> None:
    assert known_bytes(value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD", SECRET),
        ("EITHER", OneOf((Literal("none"), SECRET))),
        ("URL", Text((Literal("mysql://shop:"), SECRET, Literal("@db")))),
        ("TOKEN", Ref("resolve:secretsmanager:orders:SecretString:token")),
        ("TOKEN", Ref("resolve:secretsmanager:orders")),
        ("TOKEN", Text((Literal("{{resolve:secretsmanager:"), Ref("Secret"), Literal(":SecretString:token}}")))),
        ("AWS_KEY_ID", Ref("resolve:secretsmanager:orders:SecretString:access_key_id")),
    ],
)
def test_exposed(name: str, value: Value) -> None:
    assert exposes(name, value) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_ARN", SECRET),
        ("LOGIN", USER),
        ("VALUE", USER),
        ("VALUE", Ref("resolve:secretsmanager:orders:SecretString:host")),
        ("VALUE", Ref("resolve:ssm:/orders/token")),
        ("VALUE", Parameter("Stage", "template.yaml", Literal("prod"))),
        ("VALUE", Ref("Secret")),
        ("VALUE", Literal("orders")),
    ],
)
def test_not_exposed(name: str, value: Value) -> None:
    assert exposes(name, value) is None
