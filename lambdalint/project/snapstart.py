"""Whether SnapStart is on for a function, and where that is set."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.aws.snapstart import ON, has_snapstart
from lambdalint.finding import Confidence
from lambdalint.project.choices import ALLOWED, DEFAULT, Choice, choices
from lambdalint.project.model import Function, Setting
from lambdalint.source import Span
from lambdalint.values import Absent, ListOf, Literal, Parameter, Value, options


class SnapStart(Struct, frozen=True):
    """That SnapStart is on for a function. ``is_default``: only by a parameter's default."""

    setting: Setting
    is_default: bool

    @property
    def span(self) -> Span:
        """Where it is switched on."""
        return self.setting.key_span

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""
        return Confidence.LIKELY if self.is_default else Confidence.CERTAIN


def snapstart(function: Function) -> SnapStart | None:
    """The setting that switches SnapStart on for a function; None if it is off, or may be."""
    setting = function.get("SnapStart")
    found = usual(function, "SnapStart", "ApplyOn")
    if setting is None or not found or any(choice.literal.value != ON for choice in found):
        return None
    return SnapStart(setting, any(choice.how == DEFAULT for choice in found))


def least(*given: Confidence) -> Confidence:
    """The least of several confidences."""
    order = list(Confidence)
    return max(given, key=order.index)


def usual(function: Function, *path: str) -> list[Choice]:
    """All that a setting is unless somebody chooses otherwise: what is written, and defaults; nothing if unknown."""
    setting = function.get(*path)
    return usual_of(function.project.linker.join(setting.value)) if setting is not None else []


def usual_of(value: Value) -> list[Choice]:
    """All that a value is unless somebody chooses otherwise; nothing where a possibility is not known."""
    found: list[Choice] = []
    for option in options(value):
        if not isinstance(option, (Literal, Parameter)):
            return []
        given = [choice for choice in choices(option) if choice.how != ALLOWED]
        if not given:
            return []
        found.extend(given)
    return found


def may_be_restored(function: Function) -> bool:
    """Whether a runtime of the function has SnapStart, so that its code has to live with it."""
    return any(has_snapstart(str(item.value)) for item in function.runtimes)


def has_items(value: Value | None) -> bool:
    """Whether a list certainly has an item."""
    found = list(options(value))
    return bool(found) and all(
        isinstance(option, ListOf)
        and any(not isinstance(item, Absent) and len(list(options(item))) == 1 for item in option.items)
        for option in found
    )
