"""How often a schedule runs, by its expression.

Sources, read in November 2026: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
and https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html.
"""

from __future__ import annotations

from lambdalint.regex import regex

_RATE = regex(r"\s*rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)\s*\Z")
_CRON = regex(r"\s*cron\(\s*(\S+)\s+(\S+)\s+\S+\s+\S+\s+\S+(?:\s+\S+)?\s*\)\s*\Z")
_ONCE = regex(r"\s*at\(.*\)\s*\Z")
_STEP = regex(r"(?:\*|\d+)/(\d+)\Z")
_LIST = regex(r"\d+(?:,\d+)*\Z")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
HOUR, DAY = 60, 1440

SCHEDULED_EVENT = {"source": "aws.events", "detail-type": "Scheduled Event"}
"""What the event of a rule with a schedule holds where the target has no input of its own."""


def shortest_gap(expression: str) -> int | None:
    """The minutes that lie at least between two runs of a schedule; None where it can't be told.

    A schedule that runs but once has a day between its runs.
    """
    rate = _RATE.match(expression)
    if rate is not None:
        return int(rate.group(1)) * _MINUTES[rate.group(2)]
    if _ONCE.match(expression):
        return DAY
    cron = _CRON.match(expression)
    if cron is None:
        return None
    within_hour = _gap(cron.group(1), HOUR)
    if within_hour is None or within_hour < HOUR:
        return within_hour
    hours = _gap(cron.group(2), 24)
    return hours * HOUR if hours is not None else None


def _gap(field: str, whole: int) -> int | None:
    """The least distance between the values of a field that starts again after ``whole``."""
    if field in ("*", "?"):
        return 1
    step = _STEP.match(field)
    if step is not None:
        return min(max(int(step.group(1)), 1), whole)
    if not _LIST.match(field):
        return None
    values = sorted({int(item) for item in field.split(",")})
    following = [*values[1:], values[0] + whole]
    return min(after - before for before, after in zip(values, following))
