"""What code keeps across a snapshot although it should not: unique values, connections, credentials, fetched data.

What is unique, and what is safe, from the Lambda Developer Guide, pages snapstart-uniqueness and
snapstart-best-practices (editions of August to October 2026). When libraries connect is from their own
documentation: psycopg2 2.9, PyMySQL 1.1, mysqlclient 2.2, MySQL Connector/Python 9, pyodbc 5, python-oracledb 3,
pymssql 2.3, pg8000 1.31, snowflake-connector-python 3, redshift_connector 2, asyncpg 0.30, aiomysql 0.2, aiopg 1.4,
pika 1.3, websocket-client 1.8, websockets 14, and Python 3.14's standard library. Libraries that connect only when
they are used, and then again after a connection was lost, are not listed: boto3, redis, PyMongo, SQLAlchemy's
engines, requests, urllib3, http.client.
"""

from __future__ import annotations

from collections.abc import Mapping

HOOK_LIBRARY = "snapshot_restore_py"
RESTORE_HOOK = "register_after_restore"
"""Python's library of runtime hooks, and what registers one that runs after each restore (snapshot-restore-py 1.0)."""

UNIQUE = frozenset(
    (
        "uuid.uuid1",
        "uuid.uuid4",
        "uuid.uuid6",
        "uuid.uuid7",
        "secrets.token_bytes",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "secrets.randbits",
        "secrets.randbelow",
        "secrets.choice",
        "os.urandom",
        "os.getrandom",
        "ulid.new",
        "ulid.ULID",
        "shortuuid.uuid",
        "shortuuid.ShortUUID().uuid",
        "nanoid.generate",
        "ksuid.Ksuid",
        "bson.ObjectId",
        "bson.objectid.ObjectId",
        "cryptography.fernet.Fernet.generate_key",
    )
)
"""What gives another value each time, in every language's words; what it gave is one value once it is kept."""

DRAWS = frozenset(
    (
        "betavariate",
        "binomialvariate",
        "choice",
        "choices",
        "expovariate",
        "gammavariate",
        "gauss",
        "getrandbits",
        "integers",
        "lognormvariate",
        "normalvariate",
        "paretovariate",
        "randbytes",
        "randint",
        "random",
        "randrange",
        "sample",
        "shuffle",
        "triangular",
        "uniform",
        "vonmisesvariate",
        "weibullvariate",
    )
)
"""What is drawn from a generator of Python's ``random``."""

MODULE_DRAWS = frozenset(f"random.{name}" for name in DRAWS) | frozenset(
    f"numpy.random.{name}"
    for name in ("bytes", "choice", "normal", "permutation", "rand", "randint", "randn", "random", "shuffle", "uniform")
)
"""Functions that draw from the generator that a module shares, which is seeded when it is imported."""

SAFE_GENERATORS = frozenset(("random.SystemRandom", "secrets.SystemRandom"))
"""Generators that draw from the operating system, which is reseeded on restore."""

WEAK_GENERATORS = frozenset(
    (
        "random.Random",
        "numpy.random.default_rng",
        "numpy.random.RandomState",
        "numpy.random.Generator",
    )
)
"""Generators whose state is part of the snapshot, so that all copies go on with the same sequence."""

SEEDS = frozenset(("random.seed", "numpy.random.seed"))
"""What seeds the generator that a module shares."""

TIMES: Mapping[str, int] = {
    "time.time": 9,
    "time.time_ns": 9,
    "time.gmtime": 1,
    "time.localtime": 1,
    "time.ctime": 1,
    "time.asctime": 1,
    "time.strftime": 2,
    "datetime.datetime.now": 9,
    "datetime.datetime.utcnow": 9,
    "datetime.datetime.today": 9,
    "datetime.date.today": 9,
    "pendulum.now": 9,
    "pendulum.today": 9,
    "arrow.now": 9,
    "arrow.utcnow": 9,
}
"""What tells the time of day, and the number of arguments from which on it is given the time.

Clocks that only serve to measure are not among them.
"""

CONNECTS: Mapping[str, int] = {
    "psycopg2.connect": 0,
    "psycopg.connect": 0,
    "psycopg.Connection.connect": 0,
    "psycopg2.pool.SimpleConnectionPool": 0,
    "psycopg2.pool.ThreadedConnectionPool": 0,
    "pymysql.connect": 0,
    "pymysql.connections.Connection": 0,
    "pymysql.Connection": 0,
    "MySQLdb.connect": 0,
    "mysql.connector.connect": 0,
    "pyodbc.connect": 0,
    "oracledb.connect": 0,
    "cx_Oracle.connect": 0,
    "pymssql.connect": 0,
    "pg8000.connect": 0,
    "pg8000.dbapi.connect": 0,
    "pg8000.native.Connection": 0,
    "snowflake.connector.connect": 0,
    "redshift_connector.connect": 0,
    "asyncpg.connect": 0,
    "asyncpg.create_pool": 0,
    "aiomysql.connect": 0,
    "aiopg.connect": 0,
    "ibm_db.connect": 0,
    "hdbcli.dbapi.connect": 0,
    "teradatasql.connect": 0,
    "vertica_python.connect": 0,
    "sqlalchemy.create_engine().connect": 0,
    "pika.BlockingConnection": 0,
    "socket.create_connection": 0,
    "websocket.create_connection": 0,
    "websockets.sync.client.connect": 0,
    "paramiko.Transport": 0,
    "smtplib.SMTP": 1,
    "smtplib.SMTP_SSL": 1,
    "ftplib.FTP": 1,
    "ftplib.FTP_TLS": 1,
    "imaplib.IMAP4": 0,
    "imaplib.IMAP4_SSL": 0,
    "poplib.POP3": 0,
    "poplib.POP3_SSL": 0,
}
"""What opens a connection at once, and how many positional arguments it needs for that."""

CURSORS = frozenset(("channel", "cursor", "makefile"))
"""Methods of a connection that give something which needs it."""

MENDS = frozenset(
    (
        "closed",
        "connected",
        "ensure_connection",
        "is_alive",
        "is_closed",
        "is_connected",
        "is_open",
        "noop",
        "open",
        "ping",
        "reconnect",
    )
)
"""Members of a connection that code uses where it looks whether the connection still works."""

SESSION_CREDENTIALS = "get_credentials"
"""The method of a session that gives credentials; they renew themselves as long as they are kept whole."""

CREDENTIALS = frozenset(
    (
        ("sts", "AssumeRole"),
        ("sts", "AssumeRoleWithSAML"),
        ("sts", "AssumeRoleWithWebIdentity"),
        ("sts", "AssumeRoot"),
        ("sts", "GetFederationToken"),
        ("sts", "GetSessionToken"),
        ("cognito-identity", "GetCredentialsForIdentity"),
        ("cognito-identity", "GetOpenIdToken"),
        ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity"),
        ("ecr", "GetAuthorizationToken"),
        ("ecr-public", "GetAuthorizationToken"),
        ("codeartifact", "GetAuthorizationToken"),
        ("redshift", "GetClusterCredentials"),
        ("redshift-serverless", "GetCredentials"),
        ("sso", "GetRoleCredentials"),
    )
)
"""Operations that give credentials or tokens that expire."""

SIGNED = frozenset(
    (
        "generate_presigned_url",
        "generate_presigned_post",
        "generate_db_auth_token",
        "generate_db_connect_auth_token",
        "generate_db_connect_admin_auth_token",
    )
)
"""Methods of boto3's clients that sign something that expires."""

FROZEN = frozenset(("access_key", "secret_key", "token", "get_frozen_credentials"))
"""What takes the values out of a session's credentials."""

CREDENTIAL_VARIABLES = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
"""Variables that are not set with SnapStart: the runtime has container credentials there (page snapstart-activate)."""

FETCHES = frozenset(
    (
        ("ssm", "GetParameter"),
        ("ssm", "GetParameters"),
        ("ssm", "GetParametersByPath"),
        ("secretsmanager", "GetSecretValue"),
        ("secretsmanager", "BatchGetSecretValue"),
        ("s3", "GetObject"),
        ("dynamodb", "GetItem"),
        ("dynamodb", "BatchGetItem"),
        ("dynamodb", "Query"),
        ("dynamodb", "Scan"),
        ("dynamodb", "ExecuteStatement"),
        ("appconfig", "GetConfiguration"),
        ("appconfigdata", "GetLatestConfiguration"),
    )
)
"""Operations that read data which others change."""

FETCH_FUNCTIONS = frozenset(
    f"aws_lambda_powertools.utilities.parameters.{name}"
    for name in ("get_parameter", "get_parameters", "get_parameters_by_name", "get_secret", "get_app_config")
) | frozenset(("requests.get", "httpx.get", "urllib.request.urlopen"))
"""Functions of libraries that do the same."""

TRANSFORMS = frozenset(
    (
        "abs",
        "base64.b64encode",
        "base64.urlsafe_b64encode",
        "bytes",
        "datetime.datetime.fromtimestamp",
        "datetime.datetime.utcfromtimestamp",
        "float",
        "format",
        "hex",
        "int",
        "math.floor",
        "repr",
        "round",
        "str",
        "time.asctime",
        "time.mktime",
        "time.strftime",
    )
)
"""Functions that write what they get in another form."""

LOGS = frozenset(
    (
        "add_metric",
        "append_keys",
        "critical",
        "debug",
        "error",
        "exception",
        "info",
        "log",
        "print",
        "put_annotation",
        "put_metadata",
        "warn",
        "warning",
    )
)
"""Names of functions that only record what they get."""

FORGETS = frozenset(("all", "any", "bool", "callable", "hasattr", "id", "isinstance", "issubclass", "len", "type"))
"""Functions that give something about what they get, without keeping it."""
