"""How long the services that call functions and wait for the answer do so, and what becomes of the caller then.

From the API Gateway Developer Guide (pages limits, http-api-quotas and websocket-api quotas: 29 s and 30 s; 10 s for
the answer of an HTTP API's Lambda authorizer; more than 29 s for Regional and private REST APIs by quota since June
2024, if the integration asks for it; up to 15 minutes with response streaming), the Cognito Developer Guide (5 s, up to
three attempts, for all triggers but the asynchronous custom senders) and the CloudFront Developer Guide of 2026-04-13
(30 s for viewer and origin events alike; older editions have 5 s for viewer events). Read from August to November 2026.
Left out is what has no limit below the longest timeout of a function (function URLs), and what the documentation says
nothing certain of (load balancers, AppSync, Lex).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Caller(Struct, frozen=True):
    """A service that waits for a function's answer for so many ``seconds``.

    ``name`` and ``then`` are words for messages: who waits, and what comes when the time is over. ``can_be_raised``:
    an integration may ask for more. ``is_sure``: the documentation leaves no doubt.
    """

    name: str
    seconds: float
    then: str
    can_be_raised: bool = False
    is_sure: bool = True


_FAILS = "the client gets an error"

CALLERS: Mapping[str, Caller] = {
    "api": Caller("its REST API", 29, "the client sees a 504", can_be_raised=True),
    "http-api": Caller("its HTTP API", 30, _FAILS),
    "websocket-api": Caller("its WebSocket API", 29, _FAILS),
    "gateway": Caller("its API", 30, _FAILS),
    "rest-authorizer": Caller("the REST API that it authorizes", 29, _FAILS, is_sure=False),
    "http-authorizer": Caller("the HTTP API that it authorizes", 10, _FAILS),
    "cognito": Caller("its user pool", 5, "it tries again, three times in all, and gives up"),
    "edge": Caller("CloudFront", 30, "CloudFront answers with an error", is_sure=False),
}
"""By kind of event source; authorizers by the kind of their API."""

INTEGRATION_TIMEOUTS = ("TimeoutInMillis", "timeoutInMillis")
"""What an integration calls its own timeout, in milliseconds, in templates and in OpenAPI definitions."""

INVOCATION_TYPE = "invocation-type"
"""Part of the header, ``X-Amz-Invocation-Type``, with which an integration can call a function asynchronously."""

TRANSFER_MODES = ("ResponseTransferMode", "responseTransferMode")
STREAMING_PATH = "response-streaming-invocations"
"""What tells that an API streams a function's response."""

PRINCIPALS: Mapping[str, tuple[str, ...]] = {
    "apigateway.amazonaws.com": ("api", "http-api", "websocket-api", "gateway", "authorizer"),
    "cognito-idp.amazonaws.com": ("cognito",),
    "edgelambda.amazonaws.com": ("edge",),
}
"""The principals that the services above call functions as, with the kinds of event sources."""

ASYNCHRONOUS_SETTINGS = ("EventInvokeConfig", "DeadLetterQueue", "DeadLetterConfig")
"""Settings of a function that only matter where it is invoked asynchronously."""
