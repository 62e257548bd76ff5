"""Which functions get the event and the context, with decorators seen through."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.receivers import arguments_fault, never_callable, receivers
from tests.project.test_link import link

POWERTOOLS = "from aws_lambda_powertools import Logger\n\nlogger = Logger()\n"
SPREAD = "def wrap(f):\n    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n    return inner\n"
WRAPS = (
    "import functools\n"
    "def wrap(f):\n"
    "    @functools.wraps(f)\n"
    "    def inner(event, context):\n"
    "        return f(event, context)\n"
    "    return inner\n"
)
ADAPTS = "def wrap(f):\n    def inner(event, context):\n        return f(event['body'])\n    return inner\n"
ADDS = "def wrap(f):\n    def inner(event, context):\n        return f(event, context, db=1)\n    return inner\n"
DROPS = "def wrap(f):\n    def inner(event, **rest):\n        return f(event, **rest)\n    return inner\n"
MAKES = (
    "def wrap(name):\n"
    "    def decorate(f):\n"
    "        def inner(event, context):\n"
    "            return f(event, context)\n"
    "        return inner\n"
    "    return decorate\n"
)
REGISTERS = "known = []\ndef wrap(f):\n    known.append(f)\n    return f\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def handler(event, context): ...\n", [("handler", True)]),
        (POWERTOOLS + "@logger.inject_lambda_context\ndef handler(e, c): ...\n", [("handler", True)]),
        (POWERTOOLS + "@logger.inject_lambda_context(log_event=True)\ndef handler(e, c): ...\n", [("handler", True)]),
        ("from shared import log\n@log.inject_lambda_context\ndef handler(e, c): ...\n", [("handler", True)]),
        ("from shared import retry\n@retry\ndef handler(e): ...\n", []),
        (
            "from aws_durable_execution_sdk_python import durable_execution\n"
            "@durable_execution\ndef handler(e, c): ...\n",
            [("handler", False)],
        ),
        (SPREAD + "@wrap\ndef handler(e): ...\n", [("inner", True), ("handler", False)]),
        (WRAPS + "@wrap\ndef handler(e): ...\n", [("inner", True), ("handler", False)]),
        (ADAPTS + "@wrap\ndef handler(e): ...\n", [("inner", True)]),
        (ADDS + "@wrap\ndef handler(e, c, *, db): ...\n", [("inner", True)]),
        (DROPS + "@wrap\ndef handler(e): ...\n", [("inner", True)]),
        (MAKES + "@wrap('a')\ndef handler(e): ...\n", [("inner", True), ("handler", False)]),
        (REGISTERS + "@wrap\ndef handler(e): ...\n", [("handler", True)]),
        (REGISTERS + POWERTOOLS + "@logger.log_metrics\n@wrap\ndef handler(e): ...\n", [("handler", True)]),
        (WRAPS + "def run(e): ...\nhandler = wrap(run)\n", [("inner", True)]),
        ("class A:\n    def run(self, event): ...\nhandler = A().run\n", [("run", True)]),
        ("import functools\ndef run(a, *, b): ...\nhandler = functools.partial(run, b=1)\n", []),
        ("from lib import handler\n", []),
    ],
)
def test_receivers(tmp_path: Path, code: str, expected: list[tuple[str, bool]]) -> None:
    handler = link(tmp_path, "app.handler", {"src/app.py": code}).handler
    assert handler is not None
    found = [(item.function.definition.name, item.is_result) for item in receivers(handler)]
    assert found == expected


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("def handler(event, context): ...\n", ""),
        ("def handler(*args): ...\n", ""),
        ("def handler(event, *rest): ...\n", ""),
        ("def handler(event, context, /): ...\n", ""),
        ("def handler(event=None, context=None, more=1): ...\n", ""),
        ("def handler(event, context, *, dry_run=False, **rest): ...\n", ""),
        ("handler = lambda event, context: event\n", ""),
        ("class A:\n    def run(self, event, context): ...\nhandler = A().run\n", ""),
        ("class A:\n    @classmethod\n    def run(cls, event, context): ...\nhandler = A.run\n", ""),
        ("class A:\n    @staticmethod\n    def run(event, context): ...\nhandler = A.run\n", ""),
        ("class A:\n    @staticmethod\n    def run(event, context): ...\nhandler = A().run\n", ""),
        ("class A:\n    def __call__(self, event, context): ...\nhandler = A()\n", ""),
        ("class B:\n    def run(self, event, context): ...\nclass A(B): ...\nhandler = A().run\n", ""),
        ("def handler(): ...\n", "takes no arguments"),
        ("def handler(event): ...\n", "takes only one argument"),
        ("def handler(event, **rest): ...\n", "takes only one argument"),
        ("def handler(event, context, client): ...\n", "needs 3 arguments"),
        ("def handler(event, context, *, client): ...\n", "needs the keyword argument `client`"),
        ("handler = lambda event: event\n", "takes only one argument"),
        ("class A:\n    def run(self, event): ...\nhandler = A().run\n", "takes only one argument"),
        ("class A:\n    def run(event, context): ...\nhandler = A().run\n", "takes only one argument"),
        ("class A:\n    def run(self, event, context): ...\nhandler = A.run\n", "needs 3 arguments"),
        ("class A:\n    def __call__(self, event): ...\nhandler = A()\n", "takes only one argument"),
    ],
)
def test_arguments(tmp_path: Path, code: str, fault: str) -> None:
    handler = link(tmp_path, "app.handler", {"src/app.py": code}).handler
    assert handler is not None
    assert [arguments_fault(item.function) for item in receivers(handler)] == [fault]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("class handler:\n    def __init__(self, event, context): ...\n", "class"),
        ("import abc\nclass handler(abc.ABC): ...\n", "class"),
        ("class A: ...\nhandler = A()\n", "instance"),
        ("class handler(dict): ...\n", ""),
        ("from lib import Base\nclass handler(Base): ...\n", ""),
        ("class handler:\n    def __new__(cls, event, context):\n        return event\n", ""),
        ("from lib import entry\n@entry\nclass handler: ...\n", ""),
        ("class B:\n    def __call__(self, event, context): ...\nclass A(B): ...\nhandler = A()\n", ""),
        ("from lib import B\nclass A(B): ...\nhandler = A()\n", ""),
        ("def handler(event, context): ...\n", ""),
    ],
)
def test_classes_and_instances(tmp_path: Path, code: str, kind: str) -> None:
    handler = link(tmp_path, "app.handler", {"src/app.py": code}).handler
    assert handler is not None
    assert never_callable(handler) == kind
