"""The rule contract: one function, one file, its documentation in its docstring.

A rule asks the project and yields findings. What it is asked about is the annotation of its first parameter; a
second parameter, annotated :class:`RuleContext`, is optional. A rule pack is a package of such modules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from importlib import import_module
from types import FunctionType
from typing import Any, Final, Literal

from msgspec import Struct, json

from lambdalint.finding import Confidence, Finding, Level, Severity
from lambdalint.regex import regex
from lambdalint.site import page_of

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
REGULAR, PEDANTIC, AUDITOR = Level.REGULAR, Level.PEDANTIC, Level.AUDITOR
CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
SAFE: Final = "safe"
UNSAFE: Final = "unsafe"

Option = int | float | str | bool | tuple[str, ...]
Check = Callable[..., Iterator[Finding]]


class RuleContext(Struct, frozen=True):
    """What a run gives to a rule beside the thing it judges: the day, and the rule's own options."""

    today: date
    options: Mapping[str, Option]

    def integer(self, name: str) -> int:
        """The option's value as a whole number."""
        return int(self.options[name])  # type: ignore[arg-type]

    def texts(self, name: str) -> tuple[str, ...]:
        """The option's value as a list of strings."""
        found = self.options[name]
        return found if isinstance(found, tuple) else (str(found),)


class Rule(Struct, frozen=True):
    """A rule as the engine knows it.

    ``subject`` is the name of the class that the check's first parameter is annotated with, ``types`` limits
    resources to some types (empty: all). ``needs`` are texts, one of which has to stand in a template, or the rule has
    nothing to find there. ``fix`` tells of what kind its fixes are, for those of its findings that have one (where that
    is safe, single ones may be unsafe all the same); None: it has no fix.
    """

    code: str
    name: str
    severity: Severity
    level: Level
    confidence: Confidence
    subject: str
    types: tuple[str, ...]
    options: Mapping[str, Option]
    wants_context: bool
    check: Check
    fix: Literal["safe", "unsafe"] | None = None
    needs: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The rule's page."""
        return page_of(self.name)

    @property
    def function(self) -> Check:
        """The function that is the check; its module is imported."""
        return self.check.function if isinstance(self.check, Late) else self.check

    @property
    def family(self) -> str:
        """The family: the name of the folder that the rule stands in."""
        return (self.check.__module__ or "").split(".")[-2:][0]

    @property
    def text(self) -> str:
        """The documentation: the docstring of the check, a title and sections under fixed headings."""
        from inspect import cleandoc

        return cleandoc(self.function.__doc__ or "")

    @property
    def title(self) -> str:
        """The first line of the documentation."""
        return self.text.partition("\n")[0].rstrip(".")

    @property
    def sections(self) -> dict[str, str]:
        """The sections of the documentation by heading."""
        parts = re.split(r"^## (.+)$", self.text, flags=re.MULTILINE)
        return {heading.strip(): body.strip() for heading, body in zip(parts[1::2], parts[2::2])}


HEADINGS = ("Why", "Fix", "When this is wrong", "Bad", "Good", "Source")
OPTIONAL_HEADINGS = ("Options",)


class Example(Struct, frozen=True):
    """A whole small project from a rule's documentation: file names and their texts."""

    title: str
    files: dict[str, str]


_FENCE = regex(r"^```(\w+)(?:[ \t]+(\S+))?[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_DEFAULT_NAMES = {
    "yaml": "template.yaml",
    "json": "template.json",
    "python": "app.py",
    "javascript": "app.js",
    "typescript": "app.ts",
}


def examples(section: str) -> list[Example]:
    """The examples of a *Bad* or *Good* section.

    Fenced blocks that follow each other are files of one example, each named after its language's default or by the
    word after the language. A paragraph between blocks begins the next example and is its title.
    """
    found: list[Example] = []
    end = 0
    for match in _FENCE.finditer(section):
        between = section[end : match.start()].strip()
        end = match.end()
        if between or not found:
            found.append(Example(between, {}))
        language, name, body = match.groups()
        found[-1].files[name or _DEFAULT_NAMES.get(language, f"example.{language}")] = body
    return found


_LANGUAGES = {
    "yaml": ("templates",),
    "python": ("Python",),
    "javascript": ("JavaScript", "TypeScript"),
    "typescript": ("JavaScript", "TypeScript"),
    "java": ("Java",),
}


def reads(rule: Rule) -> tuple[str, ...]:
    """What a rule looks at, as its examples show: templates, and code in some languages."""
    shown = {match.group(1) for name in ("Bad", "Good") for match in _FENCE.finditer(rule.sections.get(name, ""))}
    found = (name for language, names in _LANGUAGES.items() if language in shown for name in names)
    return tuple(dict.fromkeys(found))


def rule(
    code: str,
    *,
    severity: Severity,
    level: Level,
    confidence: Confidence = Confidence.CERTAIN,
    types: tuple[str, ...] = (),
    options: Mapping[str, Option] | None = None,
    fix: Literal["safe", "unsafe"] | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Declares a function as the rule ``code``; its name, with hyphens, is the rule's name.

    ``types`` limits a rule over resources to some resource types. ``options`` names the rule's settings with
    their defaults, ``fix`` the kind of its fixes. Where none of the texts that it ``needs`` stands in any template, the
    rule is not asked, and its module not imported.
    """

    def declare(check: Check) -> Check:
        assert isinstance(check, FunctionType)
        parameters = [name for name in check.__annotations__ if name != "return"]
        annotation = check.__annotations__[parameters[0]]
        subject = annotation if isinstance(annotation, str) else annotation.__name__
        check.__dict__["__rule__"] = Rule(
            code=code,
            name=check.__name__.replace("_", "-"),
            severity=severity,
            level=level,
            confidence=confidence,
            subject=subject.rpartition(".")[2],
            types=types,
            options=options or {},
            wants_context=len(parameters) > 1,
            check=check,
            fix=fix,
            needs=needs,
        )
        return check

    return declare


INDEX = "rule-index.json"
"""A file of a pack's folder that tells its rules, so that their modules are imported only where there is something to
ask them. ``tools/rule_index.py`` writes that of the built-in pack; other packs need none."""


class Late:
    """A check whose module is imported when it is first asked."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__ = module
        self.__name__ = name

    def __call__(self, *arguments: object) -> Iterator[Finding]:
        """What the check finds."""
        return self.function(*arguments)

    @cached_property
    def function(self) -> Check:
        """The check itself."""
        found: Check = getattr(import_module(self.__module__), self.__name__)
        return found


class Indexed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule as the index has it: what :class:`Rule` says of it, and its module below the pack's."""

    code: str
    name: str
    module: str
    severity: Severity
    level: Level
    confidence: Confidence
    subject: str
    types: tuple[str, ...] = ()
    options: dict[str, Option] = {}
    wants_context: bool = False
    fix: Literal["safe", "unsafe"] | None = None
    needs: tuple[str, ...] = ()

    def rule(self, package: str) -> Rule:
        """The rule."""
        return Rule(
            code=self.code,
            name=self.name,
            severity=self.severity,
            level=self.level,
            confidence=self.confidence,
            subject=self.subject,
            types=self.types,
            options=self.options,
            wants_context=self.wants_context,
            check=Late(f"{package}.{self.module}", self.name.replace("-", "_")),
            fix=self.fix,
            needs=self.needs,
        )


def load_pack(package: str) -> list[Rule]:
    """The rules of a rule pack, by code. Raises ImportError if there is no such package, and what its modules raise."""
    rules: dict[str, Rule] = {}
    for folder in import_module(package).__path__:
        try:
            with open(os.path.join(folder, INDEX), "rb") as file:
                entries = json.decode(file.read(), type=tuple[Indexed, ...])
        except FileNotFoundError:
            found = list(declared(package, folder))
        else:
            found = [entry.rule(package) for entry in entries]
        rules.update({item.code: item for item in found})
    return [rules[code] for code in sorted(rules)]


def declared(package: str, folder: str) -> Iterator[Rule]:
    """The rules that the modules in a folder of a rule pack declare."""
    from pathlib import Path

    base = Path(folder)
    for path in sorted(base.rglob("*.py")):
        if path.name.startswith("_"):
            continue
        name = ".".join([package, *path.relative_to(base).with_suffix("").parts])
        module: Any = import_module(name)
        for item in vars(module).values():
            found = getattr(item, "__rule__", None)
            if isinstance(found, Rule) and found.check.__module__ == name:
                yield found
