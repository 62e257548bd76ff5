"""Settings: ``[tool.lambdalint]`` in ``pyproject.toml``, or ``lambdalint.toml``; the nearest file wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from lambdalint.finding import Finding, Level
from lambdalint.rule import Option, Rule


class Settings(Struct, frozen=True):
    """What a run is told to do."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    level: Level = Level.REGULAR
    excluded: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    rule_options: Mapping[str, Mapping[str, Option]] = {}

    def active(self, rules: Sequence[Rule]) -> list[Rule]:
        """The rules that run."""
        return [rule for rule in rules if not matches(self.ignore, rule.code, rule.name) and self._wanted(rule)]

    def _wanted(self, rule: Rule) -> bool:
        if self.select and not matches(self.select, rule.code, rule.name):
            return matches(self.extend_select, rule.code, rule.name)
        return True

    def is_selected(self, code: str, name: str) -> bool:
        """Whether a rule is asked for by name, so that it runs whatever the level."""
        return matches(self.select, code, name) or matches(self.extend_select, code, name)

    def shows(self, finding: Finding, own: Level = Level.AUDITOR) -> bool:
        """Whether the level shows a finding. ``own`` is the level of its rule.

        Selecting a rule shows all that it finds, but not the guesses that it keeps for auditors.
        """
        level = finding.level or Level.REGULAR
        if level.rank <= self.level.rank:
            return True
        is_guess = level is Level.AUDITOR and own is not Level.AUDITOR
        return not is_guess and self.is_selected(finding.code, finding.name)


def matches(selectors: Sequence[str], code: str, name: str) -> bool:
    """Whether one of some codes, prefixes of codes, names or ``ALL`` means a rule."""
    return any(item == "ALL" or item == name or code.startswith(item.upper()) for item in selectors)
