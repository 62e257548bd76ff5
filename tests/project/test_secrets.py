"""Secrets are put together here, so that no scanner takes this file for a leak."""

from __future__ import annotations

import time

import pytest

from lambdalint.aws.arns import account_in_url, arns
from lambdalint.aws.endpoints import deployed
from lambdalint.project.secrets import named_secret, provider_secret, random_text

LETTERS = "q7Wm2Xc9Lk4Tz8Rb3Vn6Yh1Jd5Gf0Ps7Qe2Ua9Io4"


def letters(length: int) -> str:
    return (LETTERS * 4)[:length]


def hexadecimal(length: int) -> str:
    return ("3f9c2ab71e0d4865" * 8)[:length]


FORMS = {
    "an AWS access key": "AKIA" + "Q3EGRZ7KLM2WXYT5",
    "a temporary AWS access key": "ASIA" + "Q3EGRZ7KLM2WXYT5",
    "a GitHub token": "ghp_" + letters(36),
    "a GitLab token": "glpat-" + letters(20),
    "a Slack token": "xoxb-" + "240193847561-" + letters(24),
    "a Slack webhook": "https://hooks.slack.com/services/T0" + "9QX7LKM/B0" + "3ZW8RTY/" + letters(24),
    "a Discord webhook": "https://discord.com/api/webhooks/" + "938475610293847561/" + letters(68),
    "a Stripe key": "sk_live_" + letters(24),
    "an Anthropic key": "sk-ant-" + "api03-" + letters(40),
    "an OpenAI key": "sk-proj-" + letters(40),
    "a Google API key": "AIza" + letters(35),
    "an npm token": "npm_" + letters(36),
    "a SendGrid key": "SG." + letters(22) + "." + letters(43),
    "a Twilio key": "SK" + hexadecimal(32),
    "a Mailgun key": "key-" + hexadecimal(32),
    "a Shopify token": "shpat_" + hexadecimal(32),
    "a Telegram bot token": "938475610:AA" + letters(33),
    "a private key": "-----BEGIN RSA PRIVATE " + "KEY-----\n" + letters(64),
    "a JSON Web Token": "eyJ" + letters(20) + ".eyJ" + letters(30) + "." + letters(43),
    "a password in a URL": "postgresql://shop:" + "k8Jw2-vq91Lz@db.mycompany.io/orders",
}


@pytest.mark.parametrize("what", FORMS)
def test_forms_of_providers(what: str) -> None:
    found = provider_secret(f"x = '{FORMS[what]}'")
    assert found is not None and found.what == what
    assert letters(12) not in found.hint and "k8Jw2" not in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "AKIA" + "X" * 16,
        "AKIAIOSFODNN",
        "prefixAKIA" + "Q3EGRZ7KLM2WXYT5",
        "ghp_" + "x" * 36,
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\n" + letters(64),
        "postgresql://user:password@db.mycompany.io/orders",
        "postgresql://shop:${PASSWORD}@db.mycompany.io/orders",
        "postgresql://postgres:k8Jw2-vq91Lz@localhost/orders",
        "https://shop.io/@user:name",
        "sk-learn-something-long-enough-to-match-it",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:orders-AbCdEf",
        "",
    ],
)
def test_what_only_looks_like_a_form(text: str) -> None:
    assert provider_secret(text) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("password", "Tr0ub4dor&3"),
        ("DB_PASSWORD", "v16pwn1QyN8iCixbWfbL"),
        ("dbPwd", "Password1!"),
        ("apiKey", hexadecimal(24)),
        ("client_secret", letters(32)),
        ("access_token", letters(40)),
        ("aws_secret_access_key", letters(40)),
    ],
)
def test_named_secrets(name: str, text: str) -> None:
    assert named_secret(name, text) is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("password", ""),
        ("password", "changeme"),
        ("password", "password"),
        ("password", "new_password_1"),
        ("password", "your-password-1"),
        ("password", "<password1>"),
        ("password", "${DB_PASSWORD1}"),
        ("password", "DB_PASSWORD_1"),
        ("password", "/orders/db/password1"),
        ("password", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:x1"),
        ("password", "String"),
        ("password", "Enter 8 letters"),
        ("password_length", "Tr0ub4dor&3"),
        ("TEST_PASSWORD", "Tr0ub4dor&3"),
        ("secret_name", letters(32)),
        ("secret", "orders-db-secret-1"),
        ("token", "X-Amz-Security-Token"),
        ("next_token", letters(32)),
        ("api_key", "x-api-key-header-1"),
        ("api_key", "api_key_source"),
        ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("commit", hexadecimal(40)),
        ("", letters(40)),
    ],
)
def test_what_is_no_secret_by_name(name: str, text: str) -> None:
    assert named_secret(name, text) is None


def test_random_texts() -> None:
    assert random_text(letters(40)) is not None
    assert random_text("MediaInsightsOnAwsPython39LayerArn") is None
    assert random_text("orders-table-2-eu-west-1-production") is None
    assert random_text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1") is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "eyJ" * 60_000,
        "eyJa.eyJ" * 20_000,
        "://a:" * 40_000,
        "https://" + "a." * 100_000,
        "https://console.aws.amazon.com/" * 5_000,
        "arn:aws:" * 30_000,
        "arn:aws:sns:x:" + "1" * 200_000,
        "-----BEGIN PRIVATE KEY-----" + "\n" * 100_000,
        "hooks.slack.com/services/T" * 10_000,
        "1" * 100_000 + ":AA",
        ("a-" * 60 + ".") * 2_000,
    ],
    ids=range(12),
)
def test_time_is_linear(text: str) -> None:
    start = time.process_time()
    provider_secret(text)
    named_secret("password", text)
    random_text(text)
    list(arns(text))
    account_in_url(text)
    list(deployed(text))
    assert time.process_time() - start < 0.5
