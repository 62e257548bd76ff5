"""The schedules that call a function."""

from __future__ import annotations

import json

from lambdalint.aws.schedules import shortest_gap
from lambdalint.project.model import EventSource, Function, Setting
from lambdalint.values import Literal, Value, options, text

MAX_INPUT = 100_000


def gap(source: EventSource) -> int | None:
    """The minutes that lie at least between two runs of a schedule; None where it can't be told."""
    expression = text(source.value("ScheduleExpression"))
    return shortest_gap(expression) if expression is not None else None


def runs_only_every(function: Function, minutes: int) -> bool:
    """Whether nothing is known to call a function but schedules, each of which has so many minutes between its runs."""
    if not function.event_sources:
        return False
    for source in function.event_sources:
        known = gap(source) if source.kind == "schedule" else None
        if known is None or known < minutes:
            return False
    return True


def input_of(source: EventSource) -> Setting | None:
    """The setting that says what a schedule calls its function with."""
    return source.get("Input") or source.get("Target", "Input")


def payload(value: Value) -> object:
    """What a text of JSON says, None where it isn't known."""
    found = list(options(value))
    one = found[0] if len(found) == 1 else None
    if not isinstance(one, Literal) or not isinstance(one.value, str) or len(one.value) > MAX_INPUT:
        return None
    try:
        return json.loads(one.value)
    except (ValueError, RecursionError):
        return None
