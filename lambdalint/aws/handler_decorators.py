"""Decorators from AWS's own Python libraries that hand event and context on to the handler they decorate.

Sources: ``aws-lambda-powertools`` 3.37.0 (``Logger``, ``Tracer``, ``Metrics``, and what ``lambda_handler_decorator``
makes: each calls the handler with event and context by position, and none gives Lambda what a coroutine results in);
``aws-durable-execution-sdk-python`` 3.0.0. Read in November 2026.
"""

from __future__ import annotations

LIBRARIES = ("aws_lambda_powertools.", "aws_durable_execution_sdk_python.")

METHODS = frozenset(("inject_lambda_context", "capture_lambda_handler", "capture_method", "log_metrics"))
"""Names that no other library uses, so that they are known even where the object's origin is not."""

PASSES_ON = frozenset(
    (
        *METHODS,
        "async_batch_processor",
        "batch_processor",
        "durable_execution",
        "event_parser",
        "event_source",
        "idempotent",
        "kafka_consumer",
        "validator",
    )
)

MAY_AWAIT = frozenset(("durable_execution",))
"""Decorators of which it isn't certain that they will never run a coroutine that the handler gives."""

ROUTERS = ("aws_lambda_powertools.event_handler.",)
"""Where the resolvers and routers are whose methods register functions for requests."""

BATCH_PROCESSORS = frozenset(
    (
        "aws_lambda_powertools.utilities.batch.process_partial_response",
        "aws_lambda_powertools.utilities.batch.decorators.process_partial_response",
    )
)
"""What calls a function for each record of a batch, one after the other."""

STREAMING = frozenset(("awslambda.streamifyResponse", "lambda-stream.streamifyResponse"))
"""Node.js: what makes a handler stream its response; it is called with event, stream and context. The first is a global
of the runtime (Developer Guide, configuration-response-streaming, 2026-08; ``aws-lambda-ric`` 4.0.2 marks the function
and gives it back), the second a package that stands for it (``lambda-stream`` 0.6.0)."""

NODE_CHAINED = frozenset(("use", "before", "after", "onError", "applyMiddleware"))
"""Node.js: methods that add to a handler and give it back, so that what they are given is not the handler itself.
Middy's (``@middy/core`` 7.0.2), and those of libraries that took them over."""

NODE_SERVERS = frozenset(
    (
        "@as-integrations/aws-lambda",
        "@codegenie/serverless-express",
        "@fastify/aws-lambda",
        "@nestjs/core",
        "@vendia/serverless-express",
        "aws-lambda-fastify",
        "aws-serverless-express",
        "hono/aws-lambda",
        "serverless-http",
    )
)
"""Node.js: packages that make a handler of a web framework's application; functions that they are given take requests,
no events. Names as on the npm registry, November 2026."""

NODE_NO_HANDLERS = frozenset(("app", "ctx", "err", "error", "req", "res", "server", "sock", "socket"))
"""Names of first parameters by which functions are told that take no event: request listeners, error handlers, …"""
