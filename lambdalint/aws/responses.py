"""What callers of Lambda functions want as answer, and what they do with others.

Sources, read in November 2026: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
(REST), https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html and
http-api-troubleshooting-lambda.html (HTTP), https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html,
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html.
"""

from __future__ import annotations

PROXY = "proxy"
"""A map with ``statusCode``, its body a string: REST APIs, HTTP APIs with payload format 1.0, load balancers."""
INFERRED = "inferred"
"""As ``proxy``, or anything else, which becomes the body: HTTP APIs with payload format 2.0."""
URL = "url"
"""As ``inferred``; what becomes of a body that is no string is not documented."""
POLICY = "policy"
"""A principal with a policy document: authorizers."""
SIMPLE = "simple"
"""A map with ``isAuthorized``: authorizers of HTTP APIs with simple responses."""
COGNITO = "cognito"
"""The event itself, with its ``response`` filled in."""
IGNORED = "ignored"
"""Nobody looks at the answer, or only for failures of a batch."""
OTHER = "other"
"""Something else, or it can't be told."""

SYNCHRONOUS_OTHERS = frozenset(
    ("alexa", "appsync", "edge", "gateway", "lex", "pipe", "step-functions", "websocket-api")
)
"""Event sources that take the answer in a way of their own."""

ASYNCHRONOUS_TRIGGERS = frozenset(("CustomEmailSender", "CustomSMSSender"))
"""Triggers of user pools that no answer is expected from."""

API_FIELDS = frozenset(
    (
        "body",
        "cookies",
        "headers",
        "httpMethod",
        "isBase64Encoded",
        "multiValueHeaders",
        "multiValueQueryStringParameters",
        "path",
        "pathParameters",
        "queryStringParameters",
        "rawPath",
        "rawQueryString",
        "requestContext",
        "resource",
        "routeKey",
        "stageVariables",
        "version",
    )
)
"""What the events of APIs, URLs and load balancers hold."""

ALWAYS_IN_API_EVENTS = frozenset(
    ("headers", "httpMethod", "path", "rawPath", "requestContext", "resource", "routeKey", "version")
)
"""Fields that code asks for only where other events may come too."""
