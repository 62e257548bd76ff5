"""What a handler may not give back, as the runtimes can't write it as JSON: the invocation fails, its work done.

From the runtime clients, read and tried out in November 2026: ``lambda_runtime_marshaller.py`` of awslambdaric 4.2.2
with simplejson 4.3.0, and ``index.mjs`` of aws-lambda-ric 4.0.2 (``JSON.stringify``). Unlike ``json.dumps``, Python's
runtime writes Decimal as a number, bytes as the UTF-8 text that they are, named tuples and whatever has ``_asdict`` as
objects.

The operations are those whose answer certainly has a time, or a stream, in boto3: its required members in botocore's
models (``tools/refresh_sdk.py``), and a few whose models require nothing, from the examples of the API references.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from lambdalint.aws.files import text_of

TIME, STREAM, EVENTS = "time", "stream", "events"


class Unwritable(Struct, frozen=True):
    """What something is that JSON can't hold. ``kind`` is what to call it, ``instead`` what to write."""

    kind: str
    instead: str


_LIST = "wrap it in `list(…)`"
SET = Unwritable("a set", _LIST)
GENERATOR = Unwritable("a generator", _LIST)
ITERATOR = Unwritable("an iterator", _LIST)
VIEW = Unwritable("a view of a dict", _LIST)
DATETIME = Unwritable("a datetime", "use `.isoformat()`")
DATE = Unwritable("a date", "use `.isoformat()`")
CLOCK = Unwritable("a time", "use `.isoformat()`")
DURATION = Unwritable("a timedelta", "use `.total_seconds()`")
IDENTIFIER = Unwritable("a UUID", "wrap it in `str(…)`")
PATH = Unwritable("a path", "wrap it in `str(…)`")
FILE = Unwritable("an open file", "give back what it holds")
EXCEPTION = Unwritable("an exception", "wrap it in `str(…)`")
FUNCTION = Unwritable("a function", "call it")
CLASS = Unwritable("a class", "give back a dict")
OTHER = Unwritable("an object that JSON doesn't know", "give back a dict, list, string or number")
SDK_OBJECT = Unwritable("an object of boto3", "give back the parts of it that are needed")
TUPLE_KEY = Unwritable("a dict whose keys are tuples", "make strings of them")
BIG_INTEGER = Unwritable("a BigInt", "use `String(…)` or `Number(…)`")
RESPONSE = Unwritable("a response of axios, which refers to itself", "give back its `data`")

PYTHON: Mapping[str, Unwritable] = {
    **dict.fromkeys(("set", "frozenset"), SET),
    **dict.fromkeys(("map", "filter", "zip", "enumerate", "reversed", "iter", "range"), ITERATOR),
    **dict.fromkeys(
        tuple(
            f"datetime.datetime{name}"
            for name in (
                "",
                ".combine",
                ".fromisoformat",
                ".fromtimestamp",
                ".now",
                ".strptime",
                ".today",
                ".utcfromtimestamp",
                ".utcnow",
            )
        ),
        DATETIME,
    ),
    **dict.fromkeys(
        ("datetime.date", "datetime.date.today", "datetime.date.fromisoformat", "datetime.date.fromtimestamp"), DATE
    ),
    "datetime.time": CLOCK,
    "datetime.timedelta": DURATION,
    **dict.fromkeys(("uuid.UUID", "uuid.uuid1", "uuid.uuid3", "uuid.uuid4", "uuid.uuid5"), IDENTIFIER),
    **dict.fromkeys(("open", "io.BytesIO", "io.StringIO"), FILE),
    **dict.fromkeys(
        (
            "bytearray",
            "collections.deque",
            "complex",
            "fractions.Fraction",
            "memoryview",
            "object",
            "re.compile",
            "requests.Session",
            "types.SimpleNamespace",
            "threading.Thread",
        ),
        OTHER,
    ),
}
"""What the calls of Python's built-in functions and standard library give, by path."""

SAME_AGAIN: Mapping[str, frozenset[str]] = {
    DATETIME.kind: frozenset(("astimezone", "replace")),
    DATE.kind: frozenset(("replace",)),
    SET.kind: frozenset(("copy", "difference", "intersection", "symmetric_difference", "union")),
}
"""Methods that give the same kind of thing again."""

OF_DATETIME: Mapping[str, Unwritable] = {"date": DATE, "time": CLOCK}
"""Methods of a datetime that give something else which can't be written either."""

VIEWS = frozenset(("items", "keys", "values"))
"""Methods of a dict that give a view."""

REQUESTS = frozenset(("delete", "get", "head", "options", "patch", "post", "put", "request"))
RESPONSES = frozenset(
    f"requests.{start}{name}" for start in ("", "Session().", "session().", "api.") for name in REQUESTS
)
"""What gives a response of ``requests``."""

PLAIN_BASES = frozenset(
    (
        "object",
        "abc.ABC",
        "Exception",
        "KeyError",
        "LookupError",
        "RuntimeError",
        "TypeError",
        "ValueError",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "typing.Protocol",
    )
)
"""Bases from outside that give a class no way to be written."""

PLAIN_DECORATORS = frozenset(("dataclasses.dataclass", "functools.total_ordering", "typing.final"))
"""Decorators that give a class no way to be written."""

AS_DICT = "_asdict"
"""What makes Python's runtime write an instance as an object."""

AXIOS = frozenset(
    f"{start}{name}" for start in ("axios", "axios.create()") for name in ("", *(f".{method}" for method in REQUESTS))
)
"""What gives a promise of a response of axios; its ``request`` leads back to the response."""

AXIOS_CHANGES = frozenset(("adapter", "interceptors", "transformResponse"))
"""Names by which the answer of axios is made into something else."""

WRITING_BIG_INTEGERS = "toJSON"
"""The method by which code may teach BigInt to be written."""


@lru_cache(maxsize=1)
def _outputs() -> Mapping[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for line in text_of("sdk_outputs.tsv").splitlines():
        if line and not line.startswith("#"):
            service, *operations = line.split("\t")
            for item in operations:
                operation, kind, member = item.split(" ")
                found[service, operation] = (kind, member)
    return found


_ALWAYS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("secretsmanager", "GetSecretValue"): (TIME, "CreatedDate"),
    ("ssm", "GetParameter"): (TIME, "Parameter.LastModifiedDate"),
    ("s3", "HeadObject"): (TIME, "LastModified"),
    ("sts", "AssumeRole"): (TIME, "Credentials.Expiration"),
    ("sts", "GetSessionToken"): (TIME, "Credentials.Expiration"),
}

_WORDS = {TIME: "a datetime", STREAM: "a stream", EVENTS: "a stream of events"}


def output(service: str, operation: str) -> Unwritable | None:
    """What the whole answer of an operation has, in Python, that can't be written; None where that isn't certain."""
    found = _outputs().get((service, operation)) or _ALWAYS.get((service, operation))
    if found is None:
        return None
    kind, member = found
    what = f"the answer of {operation}, whose `{member}` is {_WORDS[kind]}"
    return Unwritable(what, "give back the parts of it that are needed")


NODE_STREAMS = frozenset((("s3", "GetObject"),))
NODE_STREAM = Unwritable("the answer of GetObject, whose `Body` is a stream", "read `Body` and give back what it holds")
"""Operations whose answer has a stream in version 3 of the SDK for JavaScript, which refers to itself."""
