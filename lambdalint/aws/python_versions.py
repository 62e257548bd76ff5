"""Syntax and standard library by the version of Python that first, or last, has them.

Sources: the PEPs, and the pages "What's New In Python 3.x" (https://docs.python.org/3/whatsnew/), read in November
2026. Each name was looked for in CPython 3.8 to 3.13. Names that projects have often for modules of their own, such as
``parser``, ``symbol`` and ``commands``, are left out, as is ``xml.etree.cElementTree``, which came back.
"""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.versions import Offer, Syntax, Version
from lambdalint.regex import regex

_PEPS = "https://peps.python.org/pep-"
_NEW = "https://docs.python.org/3/whatsnew/"

NEWEST = (3, 14)
"""The newest version that the tables know."""

SYNTAX: dict[str, Syntax] = {
    "future-annotations": Syntax(
        (3, 7), "`from __future__ import annotations`", "remove the import and quote annotations", f"{_PEPS}0563/"
    ),
    "walrus": Syntax((3, 8), "the operator `:=`", "assign in a line of its own", f"{_PEPS}0572/"),
    "positional-only": Syntax((3, 8), "positional-only parameters (`/`)", "leave out the `/`", f"{_PEPS}0570/"),
    "f-string-equals": Syntax(
        (3, 8), '`=` in an f-string (`f"{x=}"`)', "write the name of the value", f"{_NEW}3.8.html"
    ),
    "decorator-expression": Syntax(
        (3, 9), "a decorator that is more than a name and a call", "give it a name before", f"{_PEPS}0614/"
    ),
    "parenthesised-with": Syntax(
        (3, 9), "parentheses around the items of `with`", "nest the statements", f"{_PEPS}0617/"
    ),
    "match": Syntax((3, 10), "the `match` statement", "write `if` and `elif`", f"{_PEPS}0634/"),
    "except-star": Syntax(
        (3, 11), "`except*`", "catch `ExceptionGroup` of the package exceptiongroup", f"{_PEPS}0654/"
    ),
    "starred-index": Syntax((3, 11), "a starred expression in an index", "write a tuple", f"{_PEPS}0646/"),
    "starred-annotation": Syntax((3, 11), "a starred annotation of `*args`", "use `Unpack`", f"{_PEPS}0646/"),
    "type-alias": Syntax((3, 12), "the `type` statement", "use `TypeAlias`", f"{_PEPS}0695/"),
    "type-parameters": Syntax((3, 12), "type parameters in brackets", "use `TypeVar`", f"{_PEPS}0695/"),
    "f-string-field": Syntax(
        (3, 12),
        "quotes of the same kind, backslashes or line ends within the braces of an f-string",
        "use other quotes, or a variable",
        f"{_PEPS}0701/",
    ),
    "type-parameter-default": Syntax(
        (3, 13), "the default of a type parameter", "use `TypeVar` of typing_extensions", f"{_PEPS}0696/"
    ),
    "template-string": Syntax((3, 14), 'a template string (`t"…"`)', "use an f-string", f"{_PEPS}0750/"),
    "except-without-parentheses": Syntax(
        (3, 14), "`except` with several types and no parentheses", "put the types in parentheses", f"{_PEPS}0758/"
    ),
}
"""By the names that the reader of Python gives to syntax."""

_VERSION = regex(r"python(\d+)\.(\d+)\Z")


def python_version(runtime: str) -> Version | None:
    """The version of Python that a runtime is, or None if it is no such runtime."""
    match = _VERSION.match(runtime)
    return (int(match.group(1)), int(match.group(2))) if match else None


_PYTHON_2 = {
    "BaseHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "ConfigParser": "configparser",
    "Cookie": "http.cookies",
    "DocXMLRPCServer": "xmlrpc.server",
    "HTMLParser": "html.parser",
    "Queue": "queue",
    "SimpleHTTPServer": "http.server",
    "SimpleXMLRPCServer": "xmlrpc.server",
    "SocketServer": "socketserver",
    "StringIO": "io",
    "UserDict": "collections",
    "UserList": "collections",
    "UserString": "collections",
    "__builtin__": "builtins",
    "anydbm": "dbm",
    "cPickle": "pickle",
    "cStringIO": "io",
    "cookielib": "http.cookiejar",
    "copy_reg": "copyreg",
    "htmlentitydefs": "html.entities",
    "httplib": "http.client",
    "robotparser": "urllib.robotparser",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
    "itertools.ifilter": "filter",
    "itertools.imap": "map",
    "itertools.izip": "zip",
    "itertools.izip_longest": "itertools.zip_longest",
    "string.maketrans": "str.maketrans",
    "urllib.quote": "urllib.parse.quote",
    "urllib.quote_plus": "urllib.parse.quote_plus",
    "urllib.unquote": "urllib.parse.unquote",
    "urllib.unquote_plus": "urllib.parse.unquote_plus",
    "urllib.urlencode": "urllib.parse.urlencode",
    "urllib.urlopen": "urllib.request.urlopen",
    "urllib.urlretrieve": "urllib.request.urlretrieve",
}
"""What Python 3 calls otherwise (PEP 3108)."""

_DEAD = {
    "aifc": "a package such as soundfile",
    "audioop": "the package audioop-lts",
    "cgi": "`urllib.parse`, `html` or the package legacy-cgi",
    "cgitb": "`traceback`",
    "chunk": "the package standard-chunk",
    "crypt": "`hashlib` or a package such as bcrypt",
    "imghdr": "a package such as filetype",
    "mailcap": "`mimetypes`",
    "nis": "another service",
    "nntplib": "the package standard-nntplib",
    "ossaudiodev": "another tool",
    "pipes": "`shlex` or `subprocess`",
    "sndhdr": "a package such as filetype",
    "spwd": "another service",
    "sunau": "the package standard-sunau",
    "telnetlib": "a package such as telnetlib3",
    "uu": "`base64` or `binascii`",
    "xdrlib": "`struct`",
}
"""What PEP 594 removed."""

_ABSTRACT = (
    "Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Hashable Iterable Iterator Generator Reversible"
    " Sized Container Callable Collection Set MutableSet Mapping MutableMapping MappingView KeysView ItemsView"
    " ValuesView Sequence MutableSequence ByteString"
)

_REMOVED: dict[Version, dict[str, str]] = {
    (3, 0): {name: f"`{instead}`" for name, instead in _PYTHON_2.items()},
    (3, 8): {
        "cgi.escape": "`html.escape`",
        "platform.dist": "the package distro",
        "platform.linux_distribution": "the package distro",
        "time.clock": "`time.perf_counter`",
    },
    (3, 9): {
        "base64.decodestring": "`base64.decodebytes`",
        "base64.encodestring": "`base64.encodebytes`",
        "dummy_threading": "`threading`",
        "fractions.gcd": "`math.gcd`",
    },
    (3, 10): {f"collections.{name}": f"`collections.abc.{name}`" for name in _ABSTRACT.split()},
    (3, 11): {
        "asyncio.coroutine": "`async def`",
        "binhex": "`binascii`",
        "inspect.formatargspec": "`inspect.signature`",
        "inspect.getargspec": "`inspect.getfullargspec` or `inspect.signature`",
    },
    (3, 12): {
        "asynchat": "`asyncio` or the package pyasynchat",
        "asyncore": "`asyncio` or the package pyasyncore",
        "distutils": "setuptools, `shutil`, `sysconfig` or the package packaging",
        "imp": "`importlib`",
        "importlib.find_loader": "`importlib.util.find_spec`",
        "pkgutil.ImpImporter": "`zipimport` or `importlib`",
        "pkgutil.ImpLoader": "`importlib`",
        "smtpd": "the package aiosmtpd",
        "ssl.match_hostname": "`ssl.SSLContext.check_hostname`",
        "ssl.wrap_socket": "`ssl.SSLContext.wrap_socket`",
    },
    (3, 13): {
        **_DEAD,
        "lib2to3": "a package such as libcst",
        "locale.resetlocale": "`locale.setlocale`",
        "unittest.findTestCases": "`unittest.TestLoader`",
        "unittest.makeSuite": "`unittest.TestLoader`",
    },
    (3, 14): {
        "ast.Bytes": "`ast.Constant`",
        "ast.NameConstant": "`ast.Constant`",
        "ast.Num": "`ast.Constant`",
        "ast.Str": "`ast.Constant`",
        "asyncio.get_child_watcher": "no watcher: asyncio chooses one",
        "asyncio.set_child_watcher": "no watcher: asyncio chooses one",
        "pkgutil.find_loader": "`importlib.util.find_spec`",
        "pkgutil.get_loader": "`importlib.util.find_spec`",
        "urllib.request.FancyURLopener": "`urllib.request.urlopen`",
        "urllib.request.URLopener": "`urllib.request.urlopen`",
    },
}
"""What a version removed, with what to use instead."""

_ADDED: dict[Version, str] = {
    (3, 7): (
        "contextvars dataclasses importlib.resources asyncio.all_tasks asyncio.create_task asyncio.current_task"
        " asyncio.get_running_loop asyncio.run contextlib.AsyncExitStack contextlib.asynccontextmanager"
        " contextlib.nullcontext queue.SimpleQueue time.monotonic_ns time.perf_counter_ns time.time_ns"
    ),
    (3, 8): (
        "importlib.metadata multiprocessing.shared_memory functools.cached_property functools.singledispatchmethod"
        " math.comb math.dist math.isqrt math.perm math.prod shlex.join statistics.NormalDist statistics.fmean"
        " statistics.geometric_mean statistics.multimode statistics.quantiles typing.Final typing.Literal"
        " typing.Protocol typing.SupportsIndex typing.TypedDict typing.final typing.get_args typing.get_origin"
        " typing.runtime_checkable unittest.IsolatedAsyncioTestCase unittest.mock.AsyncMock"
    ),
    (3, 9): (
        "graphlib zoneinfo asyncio.to_thread functools.cache importlib.resources.as_file importlib.resources.files"
        " math.lcm math.nextafter math.ulp random.randbytes types.GenericAlias typing.Annotated"
    ),
    (3, 10): (
        "contextlib.AsyncContextDecorator contextlib.aclosing dataclasses.KW_ONLY"
        " importlib.metadata.packages_distributions inspect.get_annotations itertools.pairwise statistics.correlation"
        " statistics.covariance statistics.linear_regression types.EllipsisType types.NoneType"
        " types.NotImplementedType types.UnionType typing.Concatenate typing.ParamSpec typing.ParamSpecArgs"
        " typing.ParamSpecKwargs typing.TypeAlias typing.TypeGuard typing.is_typeddict"
    ),
    (3, 11): (
        "tomllib wsgiref.types asyncio.Barrier asyncio.Runner asyncio.TaskGroup asyncio.timeout asyncio.timeout_at"
        " contextlib.chdir datetime.UTC enum.EnumCheck enum.EnumType enum.FlagBoundary enum.ReprEnum enum.StrEnum"
        " enum.member enum.nonmember enum.property enum.verify hashlib.file_digest http.HTTPMethod"
        " logging.getLevelNamesMapping math.cbrt math.exp2 operator.call sys.exception typing.LiteralString"
        " typing.Never typing.NotRequired typing.Required typing.Self typing.TypeVarTuple typing.Unpack"
        " typing.assert_never typing.assert_type typing.clear_overloads typing.dataclass_transform typing.get_overloads"
        " typing.reveal_type"
    ),
    (3, 12): (
        "asyncio.eager_task_factory itertools.batched logging.getHandlerByName math.sumprod types.get_original_bases"
        " typing.TypeAliasType typing.override"
    ),
    (3, 13): (
        "dbm.sqlite3 asyncio.QueueShutDown copy.replace enum.EnumDict glob.translate math.fma"
        " pathlib.UnsupportedOperation queue.ShutDown statistics.kde types.CapsuleType typing.NoDefault"
        " typing.ReadOnly typing.TypeIs typing.get_protocol_members typing.is_protocol warnings.deprecated"
    ),
    (3, 14): (
        "annotationlib compression.bz2 compression.gzip compression.lzma compression.zlib compression.zstd"
        " concurrent.futures.InterpreterPoolExecutor concurrent.interpreters functools.Placeholder string.templatelib"
        " uuid.uuid6 uuid.uuid7 uuid.uuid8"
    ),
}
"""What a version added: modules, and names in modules."""

_INSTEAD = {
    "contextvars": "the package contextvars",
    "dataclasses": "the package dataclasses",
    "datetime.UTC": "`timezone.utc`",
    "enum.StrEnum": "a class of `str` and `Enum`",
    "functools.cache": "`functools.lru_cache(maxsize=None)`",
    "graphlib": "the package graphlib-backport",
    "importlib.metadata": "the package importlib-metadata",
    "importlib.resources": "the package importlib-resources",
    "tomllib": "the package tomli",
    "zoneinfo": "the package backports.zoneinfo",
}


def _offers() -> Iterator[Offer]:
    for version, removed in _REMOVED.items():
        for name, instead in removed.items():
            source = f"{_PEPS}0594/" if name in _DEAD else _source(version)
            yield Offer(name, None, version, instead, source)
    for version, added in _ADDED.items():
        for name in added.split():
            typed = "`typing_extensions`" if name.startswith("typing.") else ""
            yield Offer(name, version, None, _INSTEAD.get(name, typed), _source(version))


def _source(version: Version) -> str:
    return f"{_PEPS}3108/" if version == (3, 0) else f"{_NEW}{version[0]}.{version[1]}.html"


LIBRARY: dict[str, Offer] = {item.name: item for item in _offers()}
"""What not all versions of the standard library have, by its dotted name."""

MODULES: frozenset[str] = frozenset((*(name for name in LIBRARY if "." not in name), "compression"))
"""Top-level modules that some version of the standard library has and others have not."""
