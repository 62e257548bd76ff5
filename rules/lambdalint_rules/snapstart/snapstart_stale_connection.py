"""LL406."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.snapshots import CREDENTIAL_VARIABLES
from lambdalint.finding import Finding, finding, related
from lambdalint.project.kept import CONNECTION, CREDENTIALS, FETCHED, has_restore_hook, kept_values
from lambdalint.project.model import Function
from lambdalint.project.snapstart import may_be_restored, snapstart
from lambdalint.rule import LIKELY, REGULAR, WARNING, rule

_CURE = "in the handler, or after each restore with `register_after_restore`"
_WHAT = {
    CONNECTION: f"opens a connection with `{{}}` at init, which is dead once a snapshot is restored: check it {_CURE}",
    CREDENTIALS: f"takes credentials from `{{}}` at init, which have expired when it is restored: get them {_CURE}",
    FETCHED: f"fetches with `{{}}` at init, which SnapStart freezes as of the version's publication: fetch it {_CURE}",
}
_NOT_SET = (
    "reads `{}` at init, which is not set with SnapStart, whose credentials renew themselves: ask the SDK's session"
)


@rule("LL406", severity=WARNING, level=REGULAR, confidence=LIKELY, needs=("SnapStart",))
def snapstart_stale_connection(function: Function) -> Iterator[Finding]:
    """Connection, credentials or data from before the snapshot.

    ## Why
    With SnapStart, init code runs once, when a version is published, and its result is restored for weeks. A
    connection that it opened is closed at the other end by then, temporary credentials and signed URLs have expired,
    and parameters, secrets and other data that it fetched are those of the deployment, whatever has changed since.

    ## Fix
    Open, get or fetch in the handler, and again once it is too old, or renew it in a function that
    `register_after_restore` of snapshot_restore_py registers. SDK clients may stay in init code.

    ## When this is wrong
    For data that change only with a deployment. The rule is silent where a restore hook is registered, where code that
    runs in invocations opens or fetches the same again, gives the variable a new value, or asks the connection whether
    it still works; for results that init code drops (priming); and for libraries that connect only when they are used
    and recover by themselves: boto3, redis, PyMongo, SQLAlchemy's engines, sessions of requests.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import os
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE"])

    def handler(event, context):
        with connection.cursor() as cursor:
            cursor.execute("select name from orders where id = %s", (event["id"],))
            return cursor.fetchone()
    ```

    A secret that is rotated

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import json
    import os
    import boto3

    secrets = boto3.client("secretsmanager")
    password = json.loads(secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"])["password"]

    def handler(event, context):
        return login(event["user"], password)
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import os
    import boto3
    import pymysql
    import redis
    import requests

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    cache = redis.Redis(host=os.environ["CACHE"])
    session = requests.Session()
    connection = pymysql.connect(host=os.environ["DATABASE"])

    table.get_item(Key={"id": "priming"})

    def handler(event, context):
        connection.ping(reconnect=True)
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return table.get_item(Key={"id": event["id"]})["Item"], cache.get(event["id"]), session.get(event["url"])
    ```

    A restore hook, and a fetch that is done again:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: receipts.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import os
    import psycopg2
    from snapshot_restore_py import register_after_restore

    connection = psycopg2.connect(os.environ["DATABASE"])

    @register_after_restore
    def connect():
        global connection
        connection = psycopg2.connect(os.environ["DATABASE"])

    def handler(event, context):
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    ```
    ```python src/receipts.py
    import time
    import boto3

    ssm = boto3.client("ssm")

    def fetch():
        return ssm.get_parameter(Name="/receipts/footer")["Parameter"]["Value"], time.time()

    footer, fetched = fetch()

    def handler(event, context):
        global footer, fetched
        if time.time() - fetched > 300:
            footer, fetched = fetch()
        return event["receipt"] + footer
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-best-practices.html
    """
    on, handler = snapstart(function), function.handler
    if on is None or handler is None or not may_be_restored(function) or has_restore_hook(handler):
        return
    for item in kept_values(handler):
        if item.origin.kind not in _WHAT:
            continue
        what = _NOT_SET if item.origin.name in CREDENTIAL_VARIABLES else _WHAT[item.origin.kind]
        kept = [related(item.span, f"kept as `{item.name}`")] if item.span.line != item.origin.span.line else []
        yield finding(
            item.origin.span,
            f"{function.display} {what.format(item.origin.name)}",
            related=[
                *kept,
                related(item.uses[0].span, "used in invocations here"),
                related(on, f"SnapStart of {function.display} is switched on here"),
            ],
        )
