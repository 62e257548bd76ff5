"""Which settings hold where: those of the nearest settings file, of a project's root or of a folder within."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lambdalint.discovery import fits
from lambdalint.finding import Finding
from lambdalint.rule import Rule
from lambdalint.settings import Settings

Nested = Callable[[str], Settings]
"""Gives the settings of a folder below the root that has a settings file of its own."""


class Scopes:
    """The settings of a project: the root's, and those of folders that have their own. There is no merging."""

    def __init__(self, root: Settings, nested: Nested | None = None, folders: Iterable[str] = ()) -> None:
        self.root = root
        self._nested = {folder: nested(folder) for folder in folders} if nested is not None else {}

    @property
    def told(self) -> tuple[object, ...]:
        """All settings, to tell them from others."""
        return (self.root, *self._nested.items())

    def at(self, path: str) -> Settings:
        """The settings that hold for a path."""
        return self._found(path)[1]

    def _found(self, path: str) -> tuple[str, Settings]:
        if not self._nested:
            return "", self.root
        holding = [folder for folder in self._nested if path == folder or path.startswith(f"{folder}/")]
        folder = max(holding, key=len, default="")
        return folder, self._nested.get(folder, self.root)

    def active(self, rules: Sequence[Rule]) -> list[Rule]:
        """The rules that run anywhere."""
        if not self._nested:
            return self.root.active(rules)
        codes = {rule.code for settings in (self.root, *self._nested.values()) for rule in settings.active(rules)}
        return [rule for rule in rules if rule.code in codes]

    def wants(self, finding: Finding, rule: Rule) -> bool:
        """Whether the settings ask for what a rule finds in a file; be it of a level that is hidden."""
        folder, settings = self._found(finding.span.path)
        if settings.is_ignored_in(finding):
            return False
        if settings is self.root:
            return not self._nested or bool(settings.active([rule]))
        within = finding.span.path[len(folder) + 1 :]
        return bool(settings.active([rule])) and not any(fits(pattern, within) for pattern in settings.excluded)
