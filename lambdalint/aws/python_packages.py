"""Python packages: what Lambda's runtimes bring, which modules well-known distributions have, and what they need.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html (what runtimes bring), the
``top_level.txt`` and ``Requires-Dist`` of the distributions on PyPI, read in November 2026.
"""

from __future__ import annotations

IN_RUNTIME = frozenset(
    (
        "boto3",
        "botocore",
        "s3transfer",
        "jmespath",
        "dateutil",
        "six",
        "urllib3",
        "awslambdaric",
        "simplejson",
        "snapshot_restore_py",
        "aws_durable_execution_sdk_python",
        "bootstrap",
        "lambda_internal",
        "lambda_runtime_client",
        "pip",
        "setuptools",
        "pkg_resources",
        "wheel",
    )
)
"""Top-level modules that the runtimes have beside the standard library; some have them in some versions only."""

INLINE = frozenset(("cfnresponse",))
"""Modules that code given inline in a template may import as well."""

MODULES: dict[str, frozenset[str]] = {
    name: frozenset(modules.split())
    for name, modules in {
        "attrs": "attr attrs",
        "audioop-lts": "audioop",
        "aws-lambda-powertools": "aws_lambda_powertools",
        "aws-requests-auth": "aws_requests_auth",
        "aws-xray-sdk": "aws_xray_sdk",
        "awswrangler": "awswrangler",
        "beautifulsoup4": "bs4",
        "biopython": "Bio",
        "cfn-response": "cfnresponse",
        "cfnresponse": "cfnresponse",
        "crhelper": "crhelper",
        "djangorestframework": "rest_framework",
        "faiss-cpu": "faiss",
        "gitpython": "git",
        "google-api-python-client": "googleapiclient apiclient",
        "grpcio": "grpc",
        "legacy-cgi": "cgi cgitb",
        "markdown": "markdown",
        "mysql-connector-python": "mysql",
        "mysqlclient": "MySQLdb",
        "opencv-python": "cv2",
        "opencv-python-headless": "cv2",
        "opensearch-py": "opensearchpy",
        "pillow": "PIL",
        "protobuf": "google",
        "psycopg2-binary": "psycopg2",
        "aws-psycopg2": "psycopg2",
        "psycopg2-layer": "psycopg2",
        "pycryptodome": "Crypto",
        "pycryptodomex": "Cryptodome",
        "pycrypto": "Crypto",
        "pyjwt": "jwt",
        "pyasynchat": "asynchat",
        "pyasyncore": "asyncore",
        "pymupdf": "fitz pymupdf",
        "pyopenssl": "OpenSSL",
        "python-dateutil": "dateutil",
        "python-docx": "docx",
        "python-dotenv": "dotenv",
        "python-jose": "jose",
        "python-magic": "magic",
        "python-multipart": "multipart python_multipart",
        "python-pptx": "pptx",
        "pyyaml": "yaml",
        "pyzmq": "zmq",
        "requests-aws4auth": "requests_aws4auth",
        "scikit-image": "skimage",
        "scikit-learn": "sklearn",
        "setuptools": "setuptools pkg_resources distutils",
        "slack-sdk": "slack_sdk slack",
        "slackclient": "slack",
        "snowflake-connector-python": "snowflake",
        "typing-extensions": "typing_extensions",
        "ujson": "ujson",
        "websocket-client": "websocket",
        "zombie-imp": "imp",
    }.items()
}
"""Distributions whose modules are called otherwise than they are, by their normalised name."""

NEEDS: dict[str, frozenset[str]] = {
    name: frozenset(needed.split())
    for name, needed in {
        "boto3": "botocore jmespath s3transfer python-dateutil six urllib3",
        "botocore": "jmespath python-dateutil six urllib3",
        "aws-lambda-powertools": "jmespath typing-extensions",
        "aws-xray-sdk": "wrapt botocore jmespath python-dateutil six urllib3",
        "requests": "urllib3 idna certifi charset-normalizer chardet",
        "crhelper": "",
        "cfnresponse": "",
        "pymysql": "",
        "psycopg2-binary": "",
        "psycopg2": "",
        "simplejson": "",
        "pytz": "",
        "pyyaml": "",
        "pyjwt": "",
        "redis": "async-timeout",
        "python-dotenv": "",
        "numpy": "",
        "typing-extensions": "",
        "aws-requests-auth": "requests urllib3 idna certifi charset-normalizer chardet",
        "requests-aws4auth": "requests urllib3 idna certifi charset-normalizer chardet",
        "jsonpickle": "",
        "pg8000": "python-dateutil scramp asn1crypto six",
        "ulid-py": "",
        "pillow": "",
        "urllib3": "",
        "certifi": "",
        "idna": "",
        "six": "",
        "python-dateutil": "six",
        "tzdata": "",
        "wrapt": "",
        "xmltodict": "",
        "dnspython": "",
    }.items()
}
"""Distributions whose whole needs are known, without extras; all others may bring anything."""
