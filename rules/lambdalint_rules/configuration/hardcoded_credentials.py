"""LL206."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.hardcoded import CREDENTIAL, RANDOM
from lambdalint.project.model import Handler
from lambdalint.rule import AUDITOR, ERROR, LIKELY, POSSIBLE, REGULAR, rule


@rule("LL206", severity=ERROR, level=REGULAR, confidence=LIKELY)
def hardcoded_credentials(handler: Handler) -> Iterator[Finding]:
    """Secret written into the code.

    ## Why
    Everybody who can read the repository, the package or the function's code in the console has the secret, and it
    stays in the history after it is removed. It can't be rotated without a deployment.

    ## Fix
    Revoke it first: it is no secret any more. For AWS, rely on the function's role, which needs no keys. Keep
    others in Secrets Manager or in Parameter Store, pass the name or ARN in an environment variable, and fetch the
    value at run time.

    ## When this is wrong
    Where the value is a dummy that does not look like one. Values that say so (`changeme`, `test`, `your-key`,
    `<token>`, `xxxx`, AWS's documented example keys), the names of secrets, paths, ARNs, and what only runs as a
    script are not reported. At the level *auditor*, long texts that merely look random are shown too; many of them
    are ids.

    ## Bad
    ```python
    import pymysql

    def handler(event, context):
        return pymysql.connect(host=event["host"], user="shop", password="Tr0ub4dor&3-orders")
    ```

    A password in the URL of a database:
    ```python
    DATABASE = "postgresql://shop:k8Jw2-vq91Lz@db.mycompany.io:5432/orders"

    def handler(event, context):
        return DATABASE
    ```

    In JavaScript:
    ```javascript
    const mysql = require("mysql2/promise");

    exports.handler = async (event) => mysql.createConnection({
      host: process.env.DATABASE,
      user: "shop",
      password: "k8Jw2-vq91Lz",
    });
    ```

    ## Good
    ```python
    import os
    import boto3

    secrets = boto3.client("secretsmanager")

    def handler(event, context):
        password = secrets.get_secret_value(SecretId=os.environ["SECRET_ARN"])["SecretString"]
        return {"password": password}
    ```

    Dummies for local tests, examples from AWS's documentation, and names:
    ```python
    import boto3

    PASSWORD_PARAMETER = "/orders/database/password"
    SECRET = "prod/orders/db-secret-1"
    local = boto3.client("s3", aws_access_key_id="testing", aws_secret_access_key="testing")
    example = "AKIAIOSFODNN7EXAMPLE"

    def handler(event, context):
        return {"next_token": event.get("nextToken"), "password": event["password"]}
    ```

    The same in JavaScript:
    ```javascript
    const { S3Client } = require("@aws-sdk/client-s3");
    const { SecretsManager } = require("@aws-sdk/client-secrets-manager");

    const secrets = new SecretsManager({});
    const local = new S3Client({ credentials: { accessKeyId: "testing", secretAccessKey: "testing" } });
    const passwordParameter = "/orders/database/password";

    exports.handler = async (event) => {
      const { SecretString } = await secrets.getSecretValue({ SecretId: process.env.SECRET_ARN });
      return { password: event.password ?? SecretString, local, passwordParameter };
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html
    """
    for item in handler.hardcoded:
        if item.kind == CREDENTIAL:
            advice = (
                "revoke it and rely on the function's role"
                if "AWS" in item.what
                else "revoke it, keep the new one in Secrets Manager and fetch it at run time"
            )
            yield finding(
                item,
                f"{handler.display} has {item.what} ({item.value}) written into its code, "
                f"where everybody who reads the code has it: {advice}",
            )
        elif item.kind == RANDOM:
            yield finding(
                item,
                f"{handler.display} has {item.what} ({item.value}) written into its code: "
                "if it is a secret, revoke it and keep the new one in Secrets Manager",
                level=AUDITOR,
                confidence=POSSIBLE,
            )
