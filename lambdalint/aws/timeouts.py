"""How long HTTP libraries and AWS's SDKs wait for an answer unless they are told.

From the code of requests 2.34.2, urllib3 2.8.0, httpx 0.28.1, aiohttp 3.14.5, botocore 1.44.8, axios 1.21.1,
got 14.6.6, node-fetch 3.3.2, request 2.88.2 and undici 7.30.2, and the documentation of Python 3.14 (urllib.request,
http.client, socket) and Node.js 24 (http, https), all of November 2026. Waits of the SDKs for JavaScript:
``NodeHttpHandlerOptions`` of @smithy/node-http-handler 4 (``requestTimeout`` and ``connectionTimeout`` are 0, which
disables them) and the guide of version 2 (``httpOptions.timeout`` is two minutes). What they mean for a function:
https://repost.aws/knowledge-center/lambda-function-retry-timeout-sdk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct


class Waiting(Struct, frozen=True):
    """How a call, or what makes a client, is told how long to wait.

    ``names`` are the parameters, or the keys of the options, that do it; ``position`` is where the first of them may
    stand without its name. ``options`` is the position of the map of options (JavaScript), ``url`` that of the
    address; -1: there is none. ``default`` is how long it waits otherwise, in seconds; 0: without end. ``socket``:
    it then obeys ``socket.setdefaulttimeout``. ``write`` is what to write to bound it, ``awaited``: it is a coroutine.
    """

    library: str
    write: str
    names: tuple[str, ...] = ("timeout",)
    position: int = -1
    options: int = -1
    url: int = -1
    default: float = 0
    socket: bool = False
    awaited: bool = False


FOREVER = 0.0

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


URLLIB3_POOLS = (
    "urllib3.PoolManager",
    "urllib3.ProxyManager",
    "urllib3.HTTPConnectionPool",
    "urllib3.HTTPSConnectionPool",
    "urllib3.connection_from_url",
    "urllib3.poolmanager.PoolManager",
    "urllib3.connectionpool.HTTPConnectionPool",
    "urllib3.connectionpool.HTTPSConnectionPool",
)
HTTP_CONNECTIONS = ("http.client.HTTPConnection", "http.client.HTTPSConnection")


def _python() -> Iterator[tuple[str, Waiting]]:
    requests = Waiting("requests", "`timeout=…`", url=0)
    named = Waiting("requests", "`timeout=…`", url=1)
    for start in ("requests", "requests.api"):
        yield f"{start}.request", named
        for method in _METHODS:
            yield f"{start}.{method}", requests
    for start in ("requests.Session()", "requests.session()", "requests.sessions.Session()"):
        yield f"{start}.request", Waiting("requests", "`timeout=…`", position=8, url=1)
        for method in _METHODS:
            yield f"{start}.{method}", requests
    urllib = Waiting("urllib", "`timeout=…`", position=2, url=0, socket=True)
    yield "urllib.request.urlopen", urllib
    yield "urllib.request.build_opener().open", urllib
    yield (
        "urllib.request.urlretrieve",
        Waiting(
            "urllib", "`urlopen` with `timeout=…`, which `urlretrieve` does not take", names=(), url=0, socket=True
        ),
    )
    pooled = Waiting("urllib3", "`timeout=…`", url=1, socket=True)
    for maker in URLLIB3_POOLS:
        for method in ("request", "urlopen", "request_encode_url", "request_encode_body"):
            yield f"{maker}().{method}", pooled
    for maker in HTTP_CONNECTIONS:
        yield f"{maker}().request", Waiting("http.client", "`timeout=…`", names=(), socket=True)
        yield f"{maker}().putrequest", Waiting("http.client", "`timeout=…`", names=(), socket=True)
    for start, is_awaited in (("httpx", False), ("httpx.Client()", False), ("httpx.AsyncClient()", True)):
        yield f"{start}.request", Waiting("httpx", "`timeout=…`", url=1, default=5, awaited=is_awaited)
        yield f"{start}.stream", Waiting("httpx", "`timeout=…`", url=1, default=5, awaited=is_awaited)
        for method in _METHODS:
            yield f"{start}.{method}", Waiting("httpx", "`timeout=…`", url=0, default=5, awaited=is_awaited)
    aiohttp = Waiting("aiohttp", "`timeout=aiohttp.ClientTimeout(total=…)`", url=1, default=300, awaited=True)
    yield "aiohttp.request", aiohttp
    for start in ("aiohttp.ClientSession()", "aiohttp.client.ClientSession()"):
        yield f"{start}.request", aiohttp
        for method in _METHODS:
            yield (
                f"{start}.{method}",
                Waiting("aiohttp", "`timeout=aiohttp.ClientTimeout(total=…)`", url=0, default=300, awaited=True),
            )


PYTHON_CALLS: Mapping[str, Waiting] = dict(_python())
"""Calls that wait for an answer. ``urllib3.request`` is none of them: it waits 3 s."""

PYTHON_CLIENTS: Mapping[str, Waiting] = {
    **{
        maker: Waiting("urllib3", "`timeout=…`", position=2 if "ConnectionPool" in maker else -1, socket=True)
        for maker in URLLIB3_POOLS
    },
    "http.client.HTTPConnection": Waiting("http.client", "`timeout=…`", position=2, url=0, socket=True),
    "http.client.HTTPSConnection": Waiting("http.client", "`timeout=…`", url=0, socket=True),
    "httpx.Client": Waiting("httpx", "`timeout=…`", default=5),
    "httpx.AsyncClient": Waiting("httpx", "`timeout=…`", default=5),
    "aiohttp.ClientSession": Waiting("aiohttp", "`timeout=aiohttp.ClientTimeout(total=…)`", default=300),
    "aiohttp.client.ClientSession": Waiting("aiohttp", "`timeout=aiohttp.ClientTimeout(total=…)`", default=300),
}
"""What makes clients that may be told once for all of their calls."""

_AXIOS = ("timeout", "signal", "cancelToken", "httpAgent", "httpsAgent", "adapter", "transport")
_GOT = ("timeout", "signal", "agent", "request")
_HTTP = ("timeout", "signal", "agent", "createConnection")
_REQUEST = ("timeout", "agent", "pool", "agentClass", "agentOptions")
_FETCH = ("signal", "dispatcher")
_NODE_FETCH = ("signal", "timeout", "agent")
_UNDICI = ("signal", "headersTimeout", "bodyTimeout", "dispatcher")
_ABORT = "`signal: AbortSignal.timeout(…)`"


def _javascript() -> Iterator[tuple[str, Waiting]]:
    for start in ("axios", "axios.create()"):
        for name in (start, f"{start}.request"):
            yield name, Waiting("axios", "`timeout: …`", _AXIOS, options=0, url=0)
        for method in ("get", "delete", "head", "options"):
            yield f"{start}.{method}", Waiting("axios", "`timeout: …`", _AXIOS, options=1, url=0)
        for method in ("post", "put", "patch", "postForm", "putForm", "patchForm"):
            yield f"{start}.{method}", Waiting("axios", "`timeout: …`", _AXIOS, options=2, url=0)
    for start in ("got", "got.extend()"):
        for name in (start, *(f"{start}.{method}" for method in (*_METHODS, "stream"))):
            yield name, Waiting("got", "`timeout: { request: … }`", _GOT, options=0, url=0)
    for module in ("http", "https"):
        for method in ("get", "request"):
            yield (
                f"{module}.{method}",
                Waiting(module, "`timeout: …`, and destroy it on `timeout`", _HTTP, options=0, url=0),
            )
    for start in ("request", "request-promise", "request-promise-native"):
        for name in (start, *(f"{start}.{method}" for method in (*_METHODS, "del"))):
            yield name, Waiting(start, "`timeout: …`", _REQUEST, options=0, url=0)
    yield "node-fetch", Waiting("node-fetch", _ABORT, _NODE_FETCH, options=1, url=0)
    for start in ("fetch", "undici.fetch"):
        yield start, Waiting("Node.js" if start == "fetch" else "undici", _ABORT, _FETCH, options=1, url=0, default=300)
    yield "undici.request", Waiting("undici", _ABORT, _UNDICI, options=1, url=0, default=300)


JAVASCRIPT_CALLS: Mapping[str, Waiting] = dict(_javascript())
"""Calls that wait for an answer, by what is imported; ``node:`` and ``default`` are left out.

The options of those whose ``options`` is 0 may come first, or after the address.
"""

JAVASCRIPT_CLIENTS: Mapping[str, Waiting] = {
    "axios.create": Waiting("axios", "`timeout: …`", _AXIOS, options=0),
    "got.extend": Waiting("got", "`timeout: { request: … }`", _GOT, options=0),
}
"""What makes clients that may be told once for all of their calls."""

ADDRESSES = frozenset(("url", "uri", "baseURL", "prefixUrl", "hostname", "host", "path"))
"""Options that tell where a request goes."""

DEFAULTS = ("axios.interceptors.request.use", "axios.create().interceptors.request.use", "undici.setGlobalDispatcher")
"""What may tell all calls, or all of a client, how long to wait."""

EMITTING = ("http", "https")
ENDS = frozenset(("setTimeout", "destroy", "abort"))
"""Methods of a request of Node.js's ``http`` that may end it."""

TIMEOUT_EVENT = "timeout"

JAVASCRIPT_LIMITS = ("Promise.race", "Promise.any", "p-timeout", "promise-timeout", "p-limit-timeout", "bluebird")
"""What may end a promise from outside, or ask no more for it."""

SOCKET_DEFAULT = "socket.setdefaulttimeout"
"""What sets how long new sockets wait. Requests does not ask for it."""

PLAIN_ADAPTERS = frozenset(("requests.adapters.HTTPAdapter()",))
"""What may be mounted to a session of requests without giving its calls a timeout."""

LIMITS = (
    "signal.alarm",
    "signal.setitimer",
    "func_timeout.",
    "timeout_decorator.",
    "wrapt_timeout_decorator.",
    "stopit.",
    "eventlet.",
    "gevent.",
    "pebble.",
)
"""What may end a call from outside: beginnings of what is called or imported."""

AWAITED_LIMITS = ("asyncio.wait_for", "asyncio.timeout", "async_timeout.", "anyio.", "asyncio.wait")
"""What may end a coroutine from outside."""

BOTOCORE_CONNECT = 60
BOTOCORE_READ = 60
"""Seconds that botocore waits to connect, and for each part of an answer (botocore 1.44.8, ``endpoint.py``)."""

SDK_WAITS: Mapping[str, float] = {"boto3": BOTOCORE_READ, "2": 120, "3": FOREVER}
"""Seconds that a client waits for an answer: of boto3, or of a version of the SDK for JavaScript."""

SDK_DEFAULTS = (".set_default_client_config",)
"""Ends of calls that tell all clients."""

SDK_DEFAULT_OPTIONS = ("httpOptions",)
"""Attributes that tell all clients: ``AWS.config.httpOptions = …``."""

CLIENT_TIMEOUTS = ("requestHandler", "httpOptions", "defaultsMode")
"""Options of the clients of the SDKs for JavaScript that bound how long a client waits."""

CONFIGS = frozenset(("botocore.config.Config()", "botocore.client.Config()", "boto3.session.Config()"))
CONFIG_TIMEOUTS = ("connect_timeout", "read_timeout", "defaults_mode")
"""Options of botocore's ``Config`` that bound how long a client waits."""

DEFAULTS_MODE = "AWS_DEFAULTS_MODE"
"""The environment variable that chooses other timeouts for the SDKs' clients."""

LOCAL_VARIABLES = frozenset(("AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_METADATA_API"))
"""Environment variables that hold addresses within the execution environment."""

PYTHON_SLEEPS: Mapping[str, Waiting] = {
    "time.sleep": Waiting("time", "", names=("seconds", "secs"), position=0),
    "asyncio.sleep": Waiting("asyncio", "", names=("delay",), position=0, awaited=True),
}
"""Calls that do nothing for so many seconds."""

JAVASCRIPT_SLEEPS: Mapping[str, Waiting] = {
    "timers/promises.setTimeout": Waiting("timers/promises", "", names=(), position=0, awaited=True),
}
"""Calls that do nothing for so many milliseconds, if somebody waits for them."""

TIMER = "setTimeout"
RESOLVES = "resolve"
"""The timer of Node.js, and what ends a promise that is waited for, as code is followed."""

BACKGROUND = ("create_task", "ensure_future")
"""Ends of calls that let a coroutine run beside others, which may end it."""

TIMEOUT_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "aiohttp.ClientTimeout()": ("total",),
    "aiohttp.client.ClientTimeout()": ("total",),
    "httpx.Timeout()": ("timeout",),
    "urllib3.Timeout()": ("total", "read"),
    "urllib3.util.Timeout()": ("total", "read"),
    "urllib3.util.timeout.Timeout()": ("total", "read"),
}
"""What stands for a timeout, with the parameters that bound the wait for an answer, the first that is given.

The first of them may stand without its name in the first place.
"""

ABORTS = "AbortSignal.timeout"
"""What makes a signal that ends a call after so many milliseconds."""

REQUEST_TIMEOUTS: Mapping[str, tuple[str, ...]] = {
    "axios": ("timeout",),
    "got": ("timeout", "request"),
    "http": ("timeout",),
    "https": ("timeout",),
    "request": ("timeout",),
    "request-promise": ("timeout",),
    "request-promise-native": ("timeout",),
    "node-fetch": ("timeout",),
    "undici": ("headersTimeout",),
}
"""The options that hold the milliseconds of a request, by library; the second within the first, if that is a map."""

CONFIG_READ = "read_timeout"
CONFIG_RETRIES = "retries"
CONFIG_ATTEMPTS: Mapping[str, int] = {"total_max_attempts": 0, "max_attempts": 1}
"""Options of botocore's ``Config``; those of ``retries`` with what they do not count: the first attempt."""

SDK_REQUEST_TIMEOUTS: Mapping[str, tuple[tuple[str, tuple[str, ...]], str, int]] = {
    "3": (("requestHandler", ("requestTimeout", "socketTimeout")), "maxAttempts", 0),
    "2": (("httpOptions", ("timeout",)), "maxRetries", 1),
}
"""By version of the SDK for JavaScript: the option with its keys that hold milliseconds, the one that holds the number
of attempts, and what it does not count."""

SDK_HANDLERS = ("NodeHttpHandler()", "NodeHttp2Handler()")
"""Ends of what makes the handler of requests of version 3."""
