"""Schedules whose events a handler only answers."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from lambdalint.aws.schedules import shortest_gap
from lambdalint.project.warming import warmed
from tests.project.test_link import project, template


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("rate(5 minutes)", 5),
        ("rate(1 hour)", 60),
        ("rate(2 days)", 2880),
        ("at(2026-11-20T13:00:00)", 1440),
        ("cron(0 12 * * ? *)", 1440),
        ("cron(0 * * * ? *)", 60),
        ("cron(0/5 8-17 ? * MON-FRI *)", 5),
        ("cron(* * * * ? *)", 1),
        ("cron(5,20,50 * * * ? *)", 15),
        ("cron(0 0,6 * * ? *)", 360),
        ("cron(0 0/4 * * ? *)", 240),
        ("cron(0-30 * * * ? *)", None),
        ("rate(x)", None),
    ],
)
def test_shortest_gap(expression: str, minutes: int | None) -> None:
    assert shortest_gap(expression) == minutes


def found(folder: Path, body: str, given: str = '{"warmer": true}', schedule: str = "rate(5 minutes)") -> int:
    code = "import work\ndef handler(event, context):\n" + indent(dedent(body).strip("\n"), "    ")
    events = [
        "Events:",
        "  Every:",
        "    Type: Schedule",
        "    Properties:",
        f"      Schedule: {schedule}",
        *([f"      Input: '{given}'"] if given else []),
    ]
    made = project(folder, {"template.yaml": template("app.handler", *events, code=None), "app.py": code + "\n"})
    return len(list(warmed(made.functions[0])))


ANSWER = "\n    return 'warm'\nreturn work.answer(event)"


@pytest.mark.parametrize(
    "test",
    [
        "if event.get('warmer'):",
        "if event.get('warmer', False) is True:",
        "if 'warmer' in event:",
        "if 'warmer' in event and event['warmer']:",
        "if event.get('source') == 'x' or event.get('warmer') == True:",
        "if not event.get('body'):",
        "print(event)\nif event.get('warmer'):\n    print('warm')",
        "if event.get('body') == 'x':\n    return work.other()\nif event.get('warmer'):",
    ],
)
def test_warmed(tmp_path: Path, test: str) -> None:
    assert found(tmp_path, test + ANSWER) == 1


@pytest.mark.parametrize(
    ("test", "given"),
    [
        ("if not event.get('warmer'):", '{"warmer": true}'),
        ("if event.get('warmer') != True:", '{"warmer": true}'),
        ("if event.get('source') == 'x':", '{"source": "y"}'),
        ("if event['action'] != 'go':", '{"action": "go"}'),
        ("if 'warmer' not in event:", '{"warmer": true}'),
        ("if work.is_warming(event):", '{"warmer": true}'),
        ("if event.get('warmer'):\n    work.keep()", '{"warmer": true}'),
        ("work.keep()\nif event.get('warmer'):", '{"warmer": true}'),
        ("if work.now():\n    return 1\nif event.get('warmer'):", '{"warmer": true}'),
        ("if event.get('warmer'):", "not json"),
        ("if event.get('source') == 'aws.events':", ""),
    ],
)
def test_not_warmed(tmp_path: Path, test: str, given: str) -> None:
    assert found(tmp_path, test + ANSWER, given) == 0


def test_seldom(tmp_path: Path) -> None:
    assert found(tmp_path, "if event.get('warmer'):" + ANSWER, schedule="rate(1 hour)") == 0
