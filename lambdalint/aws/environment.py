"""Environment variables of Lambda's own, as of 2026-11-22.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (21 names, August to October 2026).
"""

from __future__ import annotations

RESERVED = frozenset(
    (
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    )
)
"""Names that Lambda refuses in a function's configuration; other tools know them too."""

NEWLY_RESERVED = frozenset(("AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN"))
"""Names that the developer guide lists since 2026; no second source confirms that they are refused."""

REGION_VARIABLES = frozenset(("AWS_REGION", "AWS_DEFAULT_REGION"))
CREDENTIAL_VARIABLES = frozenset(("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))

MAX_ENVIRONMENT_BYTES = 4_096
"""Bytes of all names and values together."""

PROVIDED = frozenset(
    (
        "LANG",
        "PATH",
        "LD_LIBRARY_PATH",
        "NODE_PATH",
        "NODE_OPTIONS",
        "NODE_VERSION",
        "PYTHONPATH",
        "GEM_PATH",
        "TZ",
        "HOME",
        "PWD",
        "SHLVL",
        "HOSTNAME",
        "USER",
        "TMPDIR",
        "TEMP",
        "TMP",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "AWS_LAMBDA_DOTNET_PREJIT",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "NODE_ENV",
    )
)
"""Names that runtimes or systems set or may set, and the one that every Node.js library treats as optional."""

LOADERS = frozenset(
    (
        "dotenv",
        "dotenv-flow",
        "dotenv-safe",
        "environs",
        "decouple",
        "django",
        "dynaconf",
        "envalid",
        "config",
        "convict",
    )
)
"""Libraries that set variables from files, or give them other sources: by the first part of what is imported."""

OPTIONAL = frozenset(
    (
        "config",
        "region_name",
        "endpoint_url",
        "ExpectedBucketOwner",
        "SSEKMSKeyId",
        "KmsKeyId",
        "LogLevel",
        "Marker",
        "NextToken",
        "ExclusiveStartKey",
    )
)
"""Arguments of SDK operations that may be missing."""


def is_provided(name: str) -> bool:
    """Whether a variable may be there without being set by a template."""
    return name in RESERVED or name in NEWLY_RESERVED or name in PROVIDED


_LIBRARIES = frozenset(
    (
        *("AWS", "POWERTOOLS", "LAMBDA", "DD", "DATADOG", "NEW_RELIC", "NRIA", "OTEL", "OPENTELEMETRY", "SENTRY"),
        *("LUMIGO", "EPSAGON", "THUNDRA", "DT", "DYNATRACE", "ELASTIC_APM", "INSTANA", "HONEYCOMB", "SPLUNK"),
        *("SIGNALFX", "CORALOGIX", "CX", "NODE", "NPM", "JAVA", "JVM", "JAVAX", "DOTNET", "ASPNETCORE", "PYTHON"),
        *("PIP", "RUBY", "BUNDLE", "GEM", "RUST", "GO", "SPRING", "QUARKUS", "MICRONAUT", "LOGGING", "LOG", "DJANGO"),
        *("FLASK", "FASTAPI", "UVICORN", "NLTK", "HF", "HUGGINGFACE", "TRANSFORMERS", "TORCH", "TF", "KERAS", "CUDA"),
        *("OMP", "MKL", "NUMBA", "MPL", "FONTCONFIG", "MAGICK", "LD", "XDG", "PG", "MYSQL", "REDIS", "GIT", "GITHUB"),
        *("SSL", "REQUESTS", "CURL", "HTTP", "HTTPS", "NO", "ALL", "READINESS", "PARAMETERS", "SECRETS", "SSM"),
        *("SECRETS_MANAGER", "CHROME", "PUPPETEER", "PLAYWRIGHT", "PRISMA", "NEXT", "NUXT", "SST", "BREF", "PHP"),
        *("APP_ENV", "GOOGLE", "AZURE", "OPENAI", "ANTHROPIC", "LANGCHAIN", "LANGSMITH", "WEB_ADAPTER", "PORT"),
        *("MAIN_CLASS", "TZ", "LC", "LANG", "DEBUG"),
    )
)
"""Prefixes of names that libraries, extensions and runtimes read by themselves, from their documentation; wide, for
silence."""
_LIBRARY_NAMES = frozenset(
    (
        *("loglevel", "log_level", "metric_namespace", "metrics_namespace", "servicename", "service_name"),
        *("http_proxy", "https_proxy", "no_proxy", "database_url", "function_name"),
    )
)


def is_read_by_libraries(name: str) -> bool:
    """Whether a variable is one that libraries, extensions or runtimes read by themselves."""
    upper = name.upper()
    if upper.startswith("NODE") or name.lower() in _LIBRARY_NAMES:
        return True
    parts = upper.split("_")
    return any("_".join(parts[: length + 1]) in _LIBRARIES for length in range(len(parts)))
