"""Secrets within texts, told by the form that a provider gives them or by the name that they are given to.

Every expression here takes time linear in the text; texts are cut at :data:`MAX_TEXT`.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from msgspec import Struct

from lambdalint.regex import regex

MAX_TEXT = 20_000


class Secret(Struct, frozen=True):
    """A secret in a text. ``what`` is a phrase for it; ``hint`` shows its beginning, never the whole."""

    what: str
    hint: str


class _Form(Struct, frozen=True):
    what: str
    mark: str
    pattern: re.Pattern[str]


def _form(what: str, mark: str, pattern: str) -> _Form:
    return _Form(what, mark, regex(pattern))


_FORMS = (
    _form("an AWS access key", "AKIA", r"(?<![A-Za-z0-9/+])AKIA[A-Z2-7]{16}(?![A-Za-z0-9/+])"),
    _form("a temporary AWS access key", "ASIA", r"(?<![A-Za-z0-9/+])ASIA[A-Z2-7]{16}(?![A-Za-z0-9/+])"),
    *(_form("a GitHub token", f"gh{kind}_", rf"(?<![A-Za-z0-9_])gh{kind}_[A-Za-z0-9]{{36,255}}") for kind in "pousr"),
    _form("a GitHub token", "github_pat_", r"(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{60,255}"),
    _form("a GitLab token", "glpat-", r"(?<![\w-])glpat-[\w-]{20,255}"),
    _form("a Slack token", "xox", r"(?<![\w-])xox[abeoprs]-[0-9][\w-]{15,255}"),
    _form(
        "a Slack webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,16}/[AB][A-Z0-9]{6,16}/[A-Za-z0-9/]{16,100}",
    ),
    _form("a Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]{15,22}/[\w-]{50,100}"),
    _form(
        "a Teams webhook", ".webhook.office.com/", r"\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[^\s\"']{36,300}"
    ),
    _form("a Stripe key", "k_live_", r"(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16,255}"),
    _form("an Anthropic key", "sk-ant-", r"(?<![\w-])sk-ant-[\w-]{20,255}"),
    _form("an OpenAI key", "sk-", r"(?<![\w-])sk-(?:proj|svcacct|admin)-[\w-]{20,255}"),
    _form("an OpenAI key", "T3BlbkFJ", r"(?<![\w-])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    _form("a Google API key", "AIza", r"(?<![\w-])AIza[\w-]{35}(?![\w-])"),
    _form("an npm token", "npm_", r"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _form("a PyPI token", "pypi-", r"(?<![\w-])pypi-AgEIcHlwaS5vcmc[\w-]{50,500}"),
    _form("a SendGrid key", "SG.", r"(?<![\w.-])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])"),
    _form("a Twilio key", "SK", r"(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("a Mailgun key", "key-", r"(?<![\w-])key-[0-9a-f]{32}(?![\w-])"),
    _form("a Hugging Face token", "hf_", r"(?<![A-Za-z0-9_])hf_[A-Za-z]{34}(?![A-Za-z0-9])"),
    _form("a Shopify token", "shp", r"(?<![A-Za-z0-9_])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}(?![A-Za-z0-9])"),
    _form("a Telegram bot token", ":AA", r"(?<![A-Za-z0-9])[0-9]{8,10}:AA[\w-]{33}(?![\w-])"),
    _form(
        "a private key",
        "PRIVATE KEY-----",
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:\\n|\\r|[\s])+[A-Za-z0-9+/=]{40}",
    ),
    _form("a JSON Web Token", "eyJ", r"(?<![\w-])eyJ[\w-]{10,1500}\.eyJ[\w-]{10,1500}\.[\w-]{16,700}"),
)
"""The forms that providers give their secrets: a phrase, a text that must be there, and the whole."""

_SAMPLE_TOKENS = ("eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l",)
_PLACEHOLDERS = (
    "example",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "placeholder",
    "dummy",
    "fake",
    "sample",
    "your",
    "insert",
    "replace",
    "redacted",
    "todo",
    "xxxx",
    "****",
    "...",
    "0000",
    "12345678",
    "abcdef",
    "lorem",
    "foobar",
    "mock",
    "not-a",
    "notreal",
    "not_real",
)
_TEST_WORDS = frozenset(("test", "testing", "local", "demo", "none", "null", "undefined", "localstack", "moto"))
_OPEN = regex(r"[<>{}\[\]…]|\$\(|%\(|%s|\$[A-Za-z_]")
_USER_INFO = regex(r"://([^\s/:@\"'<>]{1,100}):([^\s/@\"'<>]{1,200})@([^\s/:?#\"'<>]{1,255})")
_AWS_SECRET = regex(r"[A-Za-z0-9/+]{40}")
_WORD = regex(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[A-Z]")

_PASSWORD_WORDS = frozenset(("password", "passwd", "pwd", "passphrase"))
_TOKEN_WORDS = frozenset(("secret", "token", "apikey"))
_TOKEN_PAIRS = frozenset(
    (
        ("api", "key"),
        ("secret", "key"),
        ("private", "key"),
        ("signing", "key"),
        ("encryption", "key"),
        ("subscription", "key"),
        ("auth", "key"),
        ("account", "key"),
    )
)
_IN_NAMES = ("pass", "pwd", "secret", "token", "key")
"""One of these is in each name that tells a secret; looking for them first is much faster."""

_HARMLESS_TOKENS = frozenset(
    (
        "next",
        "page",
        "continuation",
        "pagination",
        "client",
        "request",
        "idempotency",
        "task",
        "csrf",
        "starting",
        "device",
        "creation",
    )
)
"""Words before *token* that make it something else than a secret."""


def may_have_form(text: str) -> bool:
    """Whether a text, or one of several joined, may have a secret in the form that a provider gives it."""
    return ("://" in text and "@" in text) or any(form.mark in text for form in _FORMS)


def provider_secret(text: str) -> Secret | None:
    """A secret in the form that a provider gives it, anywhere in a text."""
    text = text[:MAX_TEXT]
    for form in _FORMS:
        if form.mark in text:
            for match in form.pattern.finditer(text):
                found = match.group(0)
                if not _is_made_up(found):
                    return Secret(form.what, _hint(found))
    if "://" in text and "@" in text:
        for match in _USER_INFO.finditer(text):
            user, password, host = match.groups()
            if _is_real_password(password, user) and not host.startswith(("localhost", "127.", "host.docker")):
                return Secret("a password in a URL", f"{user[:2]}…:…@{host[:40]}")
    return None


def words_of(name: str) -> list[str]:
    """The words of a name in small letters: ``dbPassword`` and ``DB_PASSWORD`` are *db* and *password*."""
    return [word.lower() for word in _WORD.findall(name)]


def named_secret(name: str, text: str) -> Secret | None:
    """A secret that is given to a variable, parameter or key of a telling name."""
    lower = name.lower()
    if not any(word in lower for word in _IN_NAMES):
        return None
    words = words_of(name)
    if not words or len(text) > 500 or _TEST_WORDS & set(words):
        return None
    if "secret" in words and "key" in words and _AWS_SECRET.fullmatch(text):
        if entropy(text) > 4 and not _is_made_up(text) and _is_mixed(text):
            return Secret("an AWS secret access key", _hint(text))
    if words[-1] in _PASSWORD_WORDS:
        if _is_real_password(text, name):
            return Secret("a password", f"{len(text)} characters")
    elif words[-1] in _TOKEN_WORDS or tuple(words[-2:]) in _TOKEN_PAIRS:
        is_harmless = words[-1] == "token" and not _HARMLESS_TOKENS.isdisjoint(words[-2:-1])
        if not is_harmless and _is_real_token(text):
            return Secret("a secret", _hint(text))
    return None


def random_text(text: str) -> Secret | None:
    """A text that looks as if it had been drawn at random. Many such texts are no secrets."""
    if not 24 <= len(text) <= 200 or not re.fullmatch(r"[A-Za-z0-9+/=_-]+", text):
        return None
    if not _is_mixed(text) or _is_made_up(text) or _is_made_of_words(text):
        return None
    words = [word for word in words_of(text) if word.isalpha()]
    if words and sum(map(len, words)) / len(words) > 3.2:
        return None  # CamelCase
    return Secret("a text that looks random", _hint(text)) if entropy(text) >= 4.2 else None


def entropy(text: str) -> float:
    """Shannon's entropy of a text, bits a character."""
    if not text:
        return 0.0
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())


def _is_real_password(text: str, name: str) -> bool:
    if not 6 <= len(text) <= 128 or any(letter.isspace() for letter in text):
        return False
    if _is_placeholder(text) or "://" in text or text.startswith(("/", "./", "arn:", "$", "%", "--", "#", ".")):
        return False
    has_letter = any(letter.isalpha() for letter in text)
    if has_letter and len(text) >= 8 and any(letter in "!@#$%^&*?" for letter in text):
        return True
    if _plain(text) in _plain(name) or _plain(name) in _plain(text) or _names_itself(text):
        return False
    if text.upper() == text and re.fullmatch(r"[A-Z][A-Z0-9_]*", text):
        return False
    has_other = any(not letter.isalpha() and letter not in "_-. /:" for letter in text)
    return has_letter and has_other and not _is_made_of_words(text)


def _is_real_token(text: str) -> bool:
    if not 16 <= len(text) <= 500 or re.fullmatch(r"[A-Za-z0-9+/=_.~-]+", text) is None:
        return False
    if _is_placeholder(text) or _names_itself(text) or text.startswith(("/", "arn:", ".")):
        return False
    return _is_mixed(text) and entropy(text) >= 3 and not _is_made_of_words(text)


def _names_itself(text: str) -> bool:
    """Whether a text is the name of a secret rather than one: it has such a word in it, beside others."""
    words = set(words_of(text))
    return bool(words & (_PASSWORD_WORDS | _TOKEN_WORDS | {"key", "credentials", "auth"})) and len(text) < 60


def _is_mixed(text: str) -> bool:
    return any(letter.isalpha() for letter in text) and any(letter.isdigit() for letter in text)


def _is_made_of_words(text: str) -> bool:
    """Whether a text is words and short numbers with separators between them: ``orders-table-2``."""
    parts = [part for part in re.split(r"[-_./:+=]+", text) if part]
    if len(parts) < 2:
        return False
    return all(part.isdigit() or re.fullmatch(r"[A-Za-z]+[0-9]{0,3}", part) is not None for part in parts)


def _is_placeholder(text: str) -> bool:
    return _is_made_up(text) or _OPEN.search(text) is not None


def _is_made_up(text: str) -> bool:
    """Whether a text says itself that it is no secret, or repeats too few letters to be one."""
    lower = text.lower()
    if any(word in lower for word in _PLACEHOLDERS) or any(sample in text for sample in _SAMPLE_TOKENS):
        return True
    if _TEST_WORDS & {word.lower() for word in re.split(r"[^A-Za-z]+", text)}:
        return True
    return len(set(text)) < min(6, len(text))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _hint(text: str) -> str:
    if text.startswith("hooks."):
        return "hooks.slack.com/…"
    return f"{text[:4]}…"
