"""Lambda's runtimes: identifiers, families, and the three dates on which AWS lets go of each.

What a runtime is stands in ``data/runtimes.tsv``, the dates in ``data/runtime_lifecycle.json``: a copy of the data that
cfn-lint ships (``tools/refresh_runtimes.py``). AWS moves the dates several times a year. Where a newer cfn-lint is
installed beside lambdalint, its file is read instead, without importing cfn-lint.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct, structs

from lambdalint.aws.files import text_of
from lambdalint.regex import regex
from lambdalint.spelling import likeness

_CFN_LINT_FILE = os.path.join("data", "AdditionalSpecs", "LmbdRuntimeLifecycle.json")
_MAX_BYTES = 1_000_000

NOTICE = timedelta(days=180)
"""How long before a runtime's deprecation AWS tells of it (Developer Guide, page lambda-runtimes)."""

MANAGED, PREVIEW, IMAGE, CUSTOM = "managed", "preview", "image", "custom"


class Runtime(Struct, frozen=True):
    """A runtime identifier.

    ``system`` is the operating system (``al1``, ``al2``, ``al2023``; empty if not known). ``kind``: ``managed``,
    ``preview`` (no dates yet), ``image`` (a base image only, never a value of ``Runtime``) or ``custom``.
    ``deprecated``: no more patches; ``create_block`` and ``update_block``: the days from which AWS refuses to create
    or update functions with it. A date that AWS has not announced is None.
    """

    name: str
    system: str = ""
    kind: str = MANAGED
    deprecated: date | None = None
    create_block: date | None = None
    update_block: date | None = None
    successor: str = ""

    @property
    def family(self) -> str:
        """The language: ``python``, ``nodejs``, ``java``, ``dotnet``, ``ruby``, ``go``; or ``provided``, ``custom``."""
        return _split(self.name)[0]

    @property
    def version(self) -> tuple[int, ...]:
        """The language's version; empty where the identifier has none."""
        return _split(self.name)[1]

    def is_blocked(self, today: date) -> bool:
        """Whether AWS refuses to create functions with it."""
        return any(day is not None and day <= today for day in (self.create_block, self.update_block))

    def is_deprecated(self, today: date) -> bool:
        """Whether it gets no more patches."""
        return self.is_blocked(today) or (self.deprecated is not None and self.deprecated <= today)

    def is_ending(self, today: date) -> bool:
        """Whether it gets no more patches, or soon will get none."""
        return self.is_deprecated(today) or (self.deprecated is not None and self.deprecated - today <= NOTICE)


_NAME = regex(r"([a-z]+?)(?:core)?(\d+(?:\.\d+)?)?(?:\.x)?(?:\.al(\d{4}|2))?(?:-edge)?\Z")


@lru_cache(maxsize=256)
def _split(name: str) -> tuple[str, tuple[int, ...], int]:
    """Family, language version and year of the operating system of an identifier."""
    match = _NAME.match(name)
    if match is None:
        return "", (), 0
    family, version, system = match.groups()
    return family, tuple(int(part) for part in version.split(".")) if version else (), int(system or 0)


@lru_cache(maxsize=1)
def runtimes() -> Mapping[str, Runtime]:
    """All runtimes by identifier, within a family the newest first."""
    found: dict[str, Runtime] = {}
    for line in text_of("runtimes.tsv").splitlines():
        if line.startswith("#"):
            continue
        name, system, kind, deprecated, create_block, update_block, successor = (
            "" if cell == "-" else cell for cell in line.split("\t")
        )
        dates = (_day(deprecated), _day(create_block), _day(update_block))
        found[name] = Runtime(name, system, kind, *dates, successor)
    for name, days in _lifecycle()[1].items():
        known = found.get(name) or Runtime(name)
        found[name] = structs.replace(
            known, deprecated=days[0], create_block=days[1], update_block=days[2], successor=days[3]
        )
    return found


def runtime(name: str) -> Runtime | None:
    """The runtime of an identifier, or None if it is not known."""
    return runtimes().get(name)


@lru_cache(maxsize=16)
def newest(family: str, today: date) -> Runtime | None:
    """The newest managed runtime of a family; None where it has none that lasts."""
    usable = [item for item in runtimes().values() if item.family == family and item.kind == MANAGED]
    lasting = [item for item in usable if not item.is_ending(today)]
    return max(lasting, key=lambda item: _split(item.name)[1:], default=None)


def is_older(item: Runtime, other: Runtime) -> bool:
    """Whether a runtime is of an earlier version of its language than another; without versions, of its system."""
    return item.version < other.version if other.version else _split(item.name)[2] < _split(other.name)[2]


def lifecycle_source() -> str:
    """Where the dates come from: ``cfn-lint`` and its version."""
    return _lifecycle()[0]


def is_newer(name: str) -> bool:
    """Whether an identifier that is not known has the form of one that AWS may have added since."""
    family, version, system = _split(name)
    others = [item for item in runtimes().values() if family and item.family == family]
    if not others or _shape(name) not in {_shape(item.name) for item in others}:
        return False
    systems = [_split(item.name)[2] for item in runtimes().values()]
    return version > max(item.version for item in others) or system > max(systems)


def _shape(name: str) -> str:
    return re.sub(r"\d+", "0", name)


def nearest(name: str, today: date) -> str:
    """The identifier that was probably meant by one that is not valid; empty if none is near.

    For one that AWS no longer accepts it is the successor. A beginning (``python3``) means the newest that it begins.
    """
    plain = _plain(name)
    usable = [item for item in runtimes().values() if item.kind == MANAGED]
    longer = [item for item in usable if plain and _plain(item.name).startswith(plain)]
    shorter = [item for item in usable if item.version and plain.startswith(_plain(item.name))]
    if longer:
        found = max(longer, key=lambda item: (not item.is_deprecated(today), item.version, -len(item.name)))
    elif shorter:
        found = max(shorter, key=lambda item: len(item.name))
    else:
        ratios = [(likeness(plain, _plain(item.name)), item) for item in usable]
        best, found = max(ratios, key=lambda pair: (pair[0], not pair[1].is_deprecated(today), pair[1].version))
        if best < 0.6:
            return ""
    return found.successor if found.is_blocked(today) and found.successor else found.name


def advice(item: Runtime) -> str:
    """What to use instead of a runtime, in a few words."""
    if not item.successor:
        return "use a supported runtime"
    if item.family == "go":
        return f"use {item.successor}, with the executable named bootstrap"
    renewed = f"{item.name.removesuffix('.al2')}.al2023"
    if renewed != item.successor and renewed in runtimes():
        return f"use {item.successor}, or {renewed} to keep the language version"
    return f"use {item.successor}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name.lower())


# --- dates --------------------------------------------------------------------------------------------------------

_Lifecycle = dict[str, tuple[date | None, date | None, date | None, str]]


@lru_cache(maxsize=1)
def _lifecycle() -> tuple[str, _Lifecycle]:
    """The source of the dates, and dates and successor by identifier."""
    snapshot = json.loads(text_of("runtime_lifecycle.json"))
    version = str(snapshot["version"])
    dates = _dates(snapshot["runtimes"])
    folder = _cfn_lint()
    if folder is not None:
        installed = _version_of(folder)
        if _numbers(installed) > _numbers(version):
            newer = _read(os.path.join(folder, _CFN_LINT_FILE))
            if newer:
                return f"cfn-lint {installed}", {**dates, **newer}
    return f"cfn-lint {version}", dates


def _cfn_lint() -> str | None:
    """The folder of the installed cfn-lint; finding a package of the top level runs none of its code."""
    from importlib.util import find_spec

    try:
        spec = find_spec("cfnlint")
    except (ImportError, ValueError):
        return None
    return os.path.dirname(spec.origin) if spec is not None and spec.origin else None


_VERSION = regex(r"""^__version__\s*=\s*["']([\d.]+)""", re.MULTILINE)


def _version_of(folder: str) -> str:
    try:
        with open(os.path.join(folder, "version.py"), encoding="utf-8") as file:
            match = _VERSION.search(file.read(10_000))
    except (OSError, UnicodeDecodeError):
        return ""
    return match.group(1) if match else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _read(path: str) -> _Lifecycle:
    try:
        with open(path, encoding="utf-8") as file:
            return _dates(json.loads(file.read(_MAX_BYTES)))
    except (OSError, ValueError, RecursionError):
        return {}


def _dates(data: object) -> _Lifecycle:
    """What can be understood of lifecycle data; an entry with anything else in it is left out."""
    found: _Lifecycle = {}
    for name, entry in data.items() if isinstance(data, dict) else ():
        if not isinstance(entry, dict):
            continue
        try:
            days = [_day(entry.get(key)) for key in ("deprecated", "create-block", "update-block")]
        except (TypeError, ValueError):
            continue
        successor = entry.get("successor")
        found[str(name)] = (days[0], days[1], days[2], successor if isinstance(successor, str) else "")
    return found


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
