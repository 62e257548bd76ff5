"""What is known of well-known libraries: which have native code that they can do without, and which are only tools.

Sources, read in November 2026: the files of the wheels on PyPI and of the packages on npm, and the code around their
imports of native modules (``try: … except ImportError``, ``node-gyp-build`` with a fallback).
"""

from __future__ import annotations

from lambdalint.regex import regex

OPTIONAL_PYTHON = regex(r".*(speedups?|accelerators?|__mypyc)|_yaml|_wrappers|pvectorc|tracer|_?pydevd.*|attach_.*")
"""Extension modules without which their library goes on more slowly, by the last part of their name."""

OPTIONAL_PYTHON_LIBRARIES = frozenset(
    (
        "_cbor2",
        "_ruamel_yaml",
        "_watchdog_fsevents",
        "_win32sysloader",
        "aiohttp",
        "AppKit",
        "bson",
        "cassandra",
        "cbor2",
        "cchardet",
        "charset_normalizer",
        "CoreFoundation",
        "coverage",
        "ddtrace",
        "debugpy",
        "Foundation",
        "frozenlist",
        "google",
        "google_crc32c",
        "greenlet",
        "gridfs",
        "hiredis",
        "httptools",
        "lazy_object_proxy",
        "line_profiler",
        "markupsafe",
        "msgpack",
        "multidict",
        "newrelic",
        "objc",
        "playhouse",
        "propcache",
        "psycopg_c",
        "pymongo",
        "PyObjCTools",
        "pyrsistent",
        "pythoncom",
        "pythonwin",
        "pywin32_system32",
        "rapidfuzz",
        "setproctitle",
        "simplejson",
        "sqlalchemy",
        "thrift",
        "tornado",
        "uvloop",
        "watchfiles",
        "websockets",
        "win32",
        "win32com",
        "win32comext",
        "winloop",
        "wrapt",
        "yaml",
        "yarl",
        "zope",
    )
)
"""Top-level packages and modules that are missed by nobody where they can't be loaded.

Something in Python stands in their place, others use them only if they are there, or they are for one system only.
"""

OPTIONAL_NODE = frozenset(
    (
        "abstract-socket",
        "bufferutil",
        "cpu-features",
        "dtrace-provider",
        "fsevents",
        "gc-stats",
        "hiredis",
        "iconv",
        "kerberos",
        "mongodb-client-encryption",
        "msgpackr-extract",
        "@msgpackr-extract/msgpackr-extract",
        "nice-napi",
        "node-expat",
        "re2",
        "snappy",
        "spawn-sync",
        "ssh2",
        "utf-8-validate",
        "@datadog/native-appsec",
        "@datadog/native-iast-rewriter",
        "@datadog/native-iast-taint-tracking",
        "@datadog/native-metrics",
        "@datadog/pprof",
        "@datadog/libdatadog",
        "@newrelic/native-metrics",
        "@sentry/profiling-node",
        "@sentry-internal/node-cpu-profiler",
        "@serialport/bindings-cpp",
        "@contrast/fn-inspect",
    )
)
"""Packages for Node.js that others use only where they can be loaded; without words for a system in their names."""

TOOLS_NODE = regex(
    r"(@?(esbuild|swc|rollup|rolldown|parcel|biomejs|oxc-\w+|oxlint|tailwindcss|unrs|nx|next|vercel|cloudflare|turbo|dprint"
    r"|types|babel|typescript-eslint|jest|vitest|storybook|playwright|microsoft|sentry/cli|ast-grep|lmdb|aws-cdk|rspack)\b.*"
    r"|lightningcss.*|turbo.*|workerd.*|sass-embedded.*|node-sass|playwright.*|puppeteer.*|cypress.*|electron.*|fibers"
    r"|typescript|ts-node|ts-jest|tsx|vite|vitest|webpack.*|jest.*|mocha|chai|sinon.*|nyc|c8|eslint.*|prettier|husky|nodemon"
    r"|lint-staged|tslint|karma.*|jasmine.*|aws-cdk|aws-cdk-lib|serverless|serverless-.*|aws-sdk-mock|aws-sdk-client-mock.*"
    r"|lmdb|watchpack.*|chokidar.*)"
)
"""Packages for Node.js that build, test or watch, and that functions don't need."""

TOOLS_PYTHON = frozenset(
    (
        "_pytest",
        "aws_cdk",
        "Cython",
        "autopep8",
        "bandit",
        "black",
        "blib2to3",
        "cfnlint",
        "coverage",
        "flake8",
        "ipython",
        "IPython",
        "isort",
        "jedi",
        "mccabe",
        "moto",
        "mypy",
        "mypyc",
        "nose",
        "pip",
        "pre_commit",
        "pycodestyle",
        "pyflakes",
        "pylint",
        "pyximport",
        "pytest",
        "pytest_cov",
        "pytest_mock",
        "ruff",
        "samcli",
        "samtranslator",
        "tox",
        "twine",
        "uv",
        "virtualenv",
        "wheel",
    )
)
"""Top-level packages of Python that build or test, and that functions don't need."""

SDK_PYTHON = frozenset(("boto3", "botocore", "s3transfer"))
"""The SDK that Python's runtimes have, by top-level package."""

PORTABLE_PYTHON = frozenset(
    (
        "attrs",
        "aws-lambda-powertools",
        "aws-requests-auth",
        "aws-xray-sdk",
        "beautifulsoup4",
        "boto3",
        "botocore",
        "certifi",
        "cfnresponse",
        "chardet",
        "charset-normalizer",
        "crhelper",
        "dnspython",
        "idna",
        "jinja2",
        "jmespath",
        "jsonpickle",
        "markupsafe",
        "pg8000",
        "pyjwt",
        "pymysql",
        "python-dateutil",
        "python-dotenv",
        "pytz",
        "pyyaml",
        "redis",
        "requests",
        "requests-aws4auth",
        "s3transfer",
        "simplejson",
        "six",
        "typing-extensions",
        "tzdata",
        "ulid-py",
        "urllib3",
        "wrapt",
        "xmltodict",
    )
)
"""Distributions that run on any machine with all that they need: without native code, or with wheels for arm64 too."""

PORTABLE_NODE = regex(
    r"@aws-sdk/.+|@smithy/.+|@aws-lambda-powertools/.+|@middy/.+|@types/.+|@aws-crypto/.+|@aws/.+|aws-sdk|aws-lambda|aws-xray-sdk.*"
    r"|@aws-appsync/.+|ajv|ajv-formats|aws4|axios|bluebird|body-parser|cfn-response(-\w+)?|cookie|cors|csv-parse|date-fns"
    r"|dayjs|dotenv|express|fast-xml-parser|form-data|got|handlebars|ioredis|joi|jose|js-yaml|jsonwebtoken|jwks-rsa|jwk-to-pem"
    r"|ky|lodash(\..+)?|luxon|mime(-types)?|moment(-timezone)?|mustache|nanoid|node-fetch|nodemailer|papaparse|pino|qs"
    r"|serverless-http|@vendia/serverless-express|@codegenie/serverless-express|source-map-support|stripe|superagent|tslib"
    r"|typescript|ulid|underscore|uuid|validator|winston|ws|xml2js|yaml|yup|zod"
)
"""Packages for Node.js that run on any machine with all that they need."""
