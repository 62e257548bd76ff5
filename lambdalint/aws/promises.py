"""What gives a promise in Node.js, and what keeps its event loop alive.

From the documentation of Node.js 24 (fs, timers, stream, dns, events) and of the libraries, all of November 2026:
axios 1.21, got 14.6, node-fetch 3.3, undici 7.30, pg 8 (``Pool`` keeps an idle client for 10 s), mysql 2, mysql2 3,
mongoose 8, mongodb 6, redis 5, ioredis 5. How Node.js functions end: Lambda Developer Guide, page nodejs-handler
(August to October 2026): a handler that is async ends with its promise, one with a callback once the event loop is
empty, unless ``context.callbackWaitsForEmptyEventLoop`` is false; runtimes from nodejs24.x on know no callbacks.
"""

from __future__ import annotations

from collections.abc import Mapping

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

PROMISES = frozenset(
    (
        "fetch",
        "node-fetch",
        "cross-fetch",
        "undici.fetch",
        "undici.request",
        "axios",
        "got",
        *(f"{start}.{method}" for start in ("axios", "axios.create()", "got", "got.extend()") for method in _METHODS),
        "Promise.all",
        "Promise.allSettled",
        "Promise.any",
        "Promise.race",
        "Promise.try",
        "events.once",
    )
)
"""Calls that give a promise, by what is imported; ``node:`` and ``default`` are left out."""

PROMISE_MODULES = ("fs/promises.", "fs.promises.", "timers/promises.", "stream/promises.", "dns/promises.")
"""Modules all of whose functions give promises."""

UNLESS_CALLBACK = frozenset(
    (
        "pg.Pool().query",
        "pg.Pool().connect",
        "pg.Pool().end",
        "pg.Client().query",
        "pg.Client().connect",
        "pg.Client().end",
        "mongoose.connect",
        "mongoose.disconnect",
        "mongodb.MongoClient().connect",
        "mongodb.MongoClient.connect",
    )
)
"""Calls that give a promise unless they are given a callback."""

CONSTRUCTOR = "Promise"

CHAINED = frozenset(("then", "catch", "finally"))
"""Methods of a promise that give another one."""

ITERATES = frozenset(
    ("forEach", "map", "flatMap", "filter", "reduce", "reduceRight", "some", "every", "find", "findIndex", "from")
)
"""Methods that call a function at once for each item, and wait for no promise."""

OF_REQUEST = "promise"
"""The method of a request of version 2 of the SDK that sends it and gives a promise."""

VERSION_2 = ("aws-sdk",)
VERSION_3 = ("@aws-sdk/",)
"""Beginnings of what makes clients of the SDK's versions."""

STREAMING = frozenset(("awslambda.streamifyResponse", "streamifyResponse"))
"""What makes a handler that streams its response; it ends with the stream."""

EMPTY_EVENT_LOOP = "callbackWaitsForEmptyEventLoop"
"""The attribute of the context that tells whether a callback's answer waits for the event loop to be empty."""

EMPTY_EVENT_LOOP_MIDDLEWARE = ("@middy/do-not-wait-for-empty-event-loop",)

LAST_WITH_CALLBACKS = 22
"""The last Node.js runtime that knows callbacks."""

HANDLES: Mapping[str, float] = {
    "setInterval": 0,
    "mongoose.connect": 0,
    "mongoose.createConnection": 0,
    "mongodb.MongoClient.connect": 0,
    "mongodb.MongoClient().connect": 0,
    "mysql.createPool": 0,
    "mysql2.createPool": 0,
    "mysql2/promise.createPool": 0,
    "mysql.createConnection().connect": 0,
    "mysql2.createConnection": 0,
    "mysql2/promise.createConnection": 0,
    "pg.Client().connect": 0,
    "pg.Pool": 10,
    "redis.createClient": 0,
    "ioredis": 0,
    "ioredis.Redis": 0,
    "ioredis.Cluster": 0,
    "amqplib.connect": 0,
    "amqplib/callback_api.connect": 0,
    "ws": 0,
    "ws.WebSocket": 0,
    "chokidar.watch": 0,
    "fs.watch": 0,
}
"""What keeps the event loop alive once it was called or used, and for how many seconds; 0: without end."""

RELEASES = frozenset(
    ("unref", "end", "quit", "disconnect", "close", "destroy", "terminate", "releaseConnection", "clearInterval")
)
"""What ends it: methods, and functions that are given it."""

NOT_KEPT_ALIVE = ("allowExitOnIdle", "lazyConnect")
"""Options with which it does not keep the event loop alive, or not yet."""


def canonical(path: str) -> str:
    """A dotted path without what tells ways to import apart: ``node:`` and ``default``."""
    return path.removeprefix("node:").replace(".default", "")
