"""What takes long to make, and can be kept from one invocation to the next: connections, sessions, models, secrets.

Why to keep them: https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html ("Take advantage of execution
environment reuse"). What each name makes is from the libraries' own documentation, read in November 2026: those of
:mod:`lambdalint.aws.snapshots`, PyMongo 4.15, SQLAlchemy 2.0, redis-py 7, opensearch-py 3, neo4j 6, requests 2.34,
httpx 0.28, urllib3 2.8, PyTorch 2.9, joblib 1.5, spaCy 3.8, Keras 3, transformers 5, onnxruntime 1.24; pg 8, mysql 2,
mysql2 3, mongodb 6, ioredis 5, redis 5, knex 3, sequelize 6, typeorm 0.3, @prisma/client 6, @tensorflow/tfjs 4.
Left out: libraries for asyncio, whose connections belong to one event loop, and what keeps a connection by itself
(``mongoose.connect`` and ``mssql.connect`` give the one that is there).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

DATABASE, SESSION, MODEL, SECRET = "database", "session", "model", "secret"


class Kept(Struct, frozen=True):
    """Something worth keeping. ``kind``: ``database``, ``session`` (of HTTP) or ``model``; ``name`` is what to call it.

    ``needs``: the number of arguments without which it makes nothing yet. ``new``: it is made with ``new`` alone.
    """

    kind: str
    name: str
    needs: int = 0
    new: bool = False


def _of(kind: str, name: str, *paths: str, needs: int = 0, new: bool = False) -> dict[str, Kept]:
    return dict.fromkeys(paths, Kept(kind, name, needs, new))


PYTHON: Mapping[str, Kept] = {
    **_of(
        DATABASE,
        "PostgreSQL connection",
        "psycopg2.connect",
        "psycopg2.pool.SimpleConnectionPool",
        "psycopg2.pool.ThreadedConnectionPool",
        "psycopg.connect",
        "psycopg.Connection.connect",
        "psycopg_pool.ConnectionPool",
        "pg8000.connect",
        "pg8000.dbapi.connect",
        "pg8000.native.Connection",
    ),
    **_of(
        DATABASE,
        "MySQL connection",
        "pymysql.connect",
        "pymysql.Connection",
        "pymysql.connections.Connection",
        "MySQLdb.connect",
        "mysql.connector.connect",
        "mysql.connector.pooling.MySQLConnectionPool",
    ),
    **_of(DATABASE, "SQL Server connection", "pymssql.connect"),
    **_of(DATABASE, "Oracle connection", "oracledb.connect", "cx_Oracle.connect"),
    **_of(DATABASE, "Snowflake connection", "snowflake.connector.connect"),
    **_of(DATABASE, "Redshift connection", "redshift_connector.connect"),
    **_of(DATABASE, "database connection", "pyodbc.connect", "ibm_db.connect", "hdbcli.dbapi.connect"),
    **_of(DATABASE, "database engine", "sqlalchemy.create_engine", "sqlalchemy.engine.create_engine"),
    **_of(DATABASE, "MongoDB client", "pymongo.MongoClient", "pymongo.mongo_client.MongoClient"),
    **_of(
        DATABASE,
        "Redis client",
        "redis.Redis",
        "redis.StrictRedis",
        "redis.from_url",
        "redis.Redis.from_url",
        "redis.StrictRedis.from_url",
        "redis.client.Redis",
        "redis.cluster.RedisCluster",
        "rediscluster.RedisCluster",
    ),
    **_of(DATABASE, "OpenSearch client", "opensearchpy.OpenSearch"),
    **_of(DATABASE, "Elasticsearch client", "elasticsearch.Elasticsearch"),
    **_of(DATABASE, "Neo4j driver", "neo4j.GraphDatabase.driver"),
    **_of(DATABASE, "Cassandra session", "cassandra.cluster.Cluster().connect"),
    **_of(
        SESSION,
        "HTTP session",
        "requests.Session",
        "requests.session",
        "requests.sessions.Session",
        "httpx.Client",
        "urllib3.PoolManager",
        "urllib3.poolmanager.PoolManager",
    ),
    **_of(
        MODEL,
        "model",
        "torch.load",
        "torch.jit.load",
        "joblib.load",
        "sklearn.externals.joblib.load",
        "pickle.load",
        "cloudpickle.load",
        "dill.load",
        "spacy.load",
        "tensorflow.keras.models.load_model",
        "tensorflow.saved_model.load",
        "keras.models.load_model",
        "keras.saving.load_model",
        "onnxruntime.InferenceSession",
        "transformers.pipeline",
        "sentence_transformers.SentenceTransformer",
        "fasttext.load_model",
        "whisper.load_model",
        "cv2.dnn.readNet",
        "cv2.dnn.readNetFromCaffe",
        "cv2.dnn.readNetFromONNX",
        "cv2.dnn.readNetFromTensorflow",
        "tflite_runtime.interpreter.Interpreter",
        "tensorflow.lite.Interpreter",
        needs=1,
    ),
}

JAVASCRIPT: Mapping[str, Kept] = {
    **_of(DATABASE, "PostgreSQL connection", "pg.Client", "pg.Pool", "pg", new=True),
    **_of(
        DATABASE,
        "MySQL connection",
        "mysql.createConnection",
        "mysql.createPool",
        "mysql2.createConnection",
        "mysql2.createPool",
        "mysql2/promise.createConnection",
        "mysql2/promise.createPool",
    ),
    **_of(DATABASE, "MongoDB client", "mongodb.MongoClient", new=True),
    **_of(DATABASE, "MongoDB client", "mongodb.MongoClient.connect", "mongoose.createConnection"),
    **_of(DATABASE, "Redis client", "ioredis", "ioredis.Redis", "ioredis.Cluster", new=True),
    **_of(DATABASE, "Redis client", "redis.createClient", "redis.createCluster"),
    **_of(DATABASE, "SQL Server connection", "mssql.ConnectionPool", "tedious.Connection", new=True),
    **_of(DATABASE, "database client", "knex", "knex.knex"),
    **_of(
        DATABASE,
        "database client",
        "sequelize",
        "sequelize.Sequelize",
        "typeorm.DataSource",
        "@prisma/client.PrismaClient",
        new=True,
    ),
    **_of(
        MODEL,
        "model",
        "@tensorflow/tfjs.loadLayersModel",
        "@tensorflow/tfjs.loadGraphModel",
        "@tensorflow/tfjs-node.loadLayersModel",
        "@tensorflow/tfjs-node.loadGraphModel",
        "@tensorflow/tfjs-node.node.loadSavedModel",
        "onnxruntime-node.InferenceSession.create",
        "@xenova/transformers.pipeline",
        "@huggingface/transformers.pipeline",
        needs=1,
    ),
}

PRETRAINED = ("transformers.", "from_pretrained")
"""Beginning and last name of what loads a model by its class (transformers)."""

STATE = frozenset(("auth", "cert", "cookies", "headers", "params", "proxies", "verify"))
"""Attributes of an HTTP session that hold what may be one caller's own."""

METHOD_FIRST = frozenset(("request", "stream", "urlopen"))
"""Methods of an HTTP session that take the request's method before its address."""

FETCHES = frozenset(
    (
        ("secretsmanager", "GetSecretValue"),
        ("secretsmanager", "BatchGetSecretValue"),
        ("ssm", "GetParameter"),
        ("ssm", "GetParameters"),
        ("ssm", "GetParametersByPath"),
    )
)
"""Operations that read secrets and parameters."""

CHANGES = frozenset(
    (
        ("secretsmanager", "PutSecretValue"),
        ("secretsmanager", "UpdateSecret"),
        ("secretsmanager", "UpdateSecretVersionStage"),
        ("secretsmanager", "RotateSecret"),
        ("ssm", "PutParameter"),
        ("ssm", "DeleteParameter"),
    )
)
"""Operations that change them."""

DECRYPTION = "WithDecryption"
"""The argument by which a parameter is read that is a secret."""

_PARAMETERS = "aws_lambda_powertools.utilities.parameters."
CACHED_FETCHES = frozenset(
    f"{_PARAMETERS}{name}" for name in ("get_parameter", "get_parameters", "get_parameters_by_name", "get_secret")
) | frozenset(
    ("@aws-lambda-powertools/parameters/ssm.getParameter", "@aws-lambda-powertools/parameters/secrets.getSecret")
)
"""Functions that read them and keep them for a while (Powertools for AWS Lambda, 5 minutes)."""

TRANSFORMS = frozenset(
    (
        "ast.literal_eval",
        "base64.b64decode",
        "bool",
        "dict",
        "float",
        "int",
        "json.loads",
        "simplejson.loads",
        "str",
        "urllib.parse.quote",
        "urllib.parse.quote_plus",
        "yaml.safe_load",
        "Buffer.from",
        "JSON.parse",
        "Number",
        "String",
        "encodeURIComponent",
        "parseInt",
    )
)
"""Functions that give what they get in another form."""

TRANSFORMING_METHODS = frozenset(
    ("decode", "encode", "format", "get", "promise", "replace", "rstrip", "split", "strip", "toString", "trim")
)
"""Methods that do the same with what they are called on."""

SAME = frozenset(
    (
        "certifi.where",
        "fs.readFileSync",
        "httpx.Limits",
        "httpx.Timeout",
        "open",
        "ssl.create_default_context",
        "torch.device",
        "urllib3.Retry",
        "urllib3.Timeout",
        "urllib3.util.Retry",
        "urllib3.util.Timeout",
        "urllib3.util.retry.Retry",
        "urllib3.util.timeout.Timeout",
    )
)
"""Functions that give the same whenever they are called with the same arguments."""

TEMPORARY = "/tmp"
"""Where files are that another invocation may have put there."""

FREQUENT = frozenset(
    (
        "alb",
        "alexa",
        "api",
        "appsync",
        "authorizer",
        "cognito",
        "dynamodb",
        "http-api",
        "iot",
        "kafka",
        "kinesis",
        "lex",
        "msk",
        "sns",
        "sqs",
        "s3",
        "url",
        "websocket-api",
    )
)
"""Event sources that call a function for each request or record."""

IDLE_MINUTES = 60
"""After so many minutes without an invocation nothing that an execution environment kept is of use.

AWS documents no time for which it keeps them; this is well above all that is observed.
"""
