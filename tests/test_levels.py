from __future__ import annotations

from lambdalint.finding import Finding, Level
from lambdalint.settings import Settings
from lambdalint.source import Span

PLACE = Span("app.py", 1, 1, 1, 2)


def shown(found: Level, own: Level, settings: Settings) -> bool:
    return settings.shows(Finding("m", PLACE, level=found, code="LL206", name="hardcoded-credentials"), own)


def test_selecting_a_rule_shows_what_it_finds_at_any_level_but_its_guesses() -> None:
    selected = Settings(select=("LL206",))
    assert shown(Level.PEDANTIC, Level.REGULAR, selected)
    assert not shown(Level.AUDITOR, Level.REGULAR, selected)
    assert shown(Level.AUDITOR, Level.AUDITOR, selected)


def test_a_level_shows_all_up_to_it() -> None:
    assert shown(Level.AUDITOR, Level.REGULAR, Settings(level=Level.AUDITOR))
    assert not shown(Level.PEDANTIC, Level.REGULAR, Settings())
