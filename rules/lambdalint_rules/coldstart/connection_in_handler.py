"""LL412."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws import keeping
from lambdalint.finding import Finding, Related, finding, related
from lambdalint.project.model import Handler
from lambdalint.project.rebuilds import Again, made_again
from lambdalint.rule import LIKELY, PEDANTIC, REGULAR, WARNING, rule

MAX_RELATED = 4


@rule("LL412", severity=WARNING, level=REGULAR, confidence=LIKELY)
def connection_in_handler(handler: Handler) -> Iterator[Finding]:
    """Connection, HTTP session, model or secret that is made or fetched on every invocation.

    ## Why
    Lambda keeps an execution environment and uses it again. A connection to a database costs several round trips and
    a process or thread of the database, a model takes seconds to load, a secret is one more request that counts
    against the limits of its service. What module level code makes, or the first invocation, serves all that follow.

    ## Fix
    Make it at module level, or on first use in a module-level variable. A connection may have been closed meanwhile:
    look, and open it again only then. Keep secrets for some minutes, so that a rotated one is noticed: `get_secret` and
    `get_parameter` of Powertools do that, as does the AWS Parameters and Secrets Lambda Extension.

    ## When this is wrong
    Where the arguments change from one invocation to the next: a host, a database or credentials from the event, a
    password that is only good for minutes (IAM authentication), a session that logs in for its caller. Caches and lazy
    singletons are fine, as are custom resources, migrations and functions that run once an hour or less. Reads of
    secrets are shown at the pedantic level, and only there, where no queue, stream or API calls the function, and so
    are reads of parameters that are no secrets: they may be meant to be read each time. Those that the function itself
    writes are left alone. So is a model in `/tmp`, which an invocation has put there. An HTTP session that is not seen
    to ask the same host each time is shown at the pedantic level, too.

    ## Bad
    ```python
    import os

    import psycopg2


    def lambda_handler(event, context):
        connection = psycopg2.connect(host=os.environ["HOST"], user="orders", password=os.environ["PASSWORD"])
        with connection.cursor() as cursor:
            cursor.execute("insert into orders values (%s)", (event["order"],))
        connection.commit()
        connection.close()
    ```

    In a function of another module, with a password that is read each time:

    ```python
    import database


    def lambda_handler(event, context):
        with database.connect() as connection:
            connection.cursor().execute("select 1")
    ```
    ```python database.py
    import json
    import os

    import boto3
    import pymysql

    secrets = boto3.client("secretsmanager")


    def credentials():
        answer = secrets.get_secret_value(SecretId=os.environ["SECRET"])
        return json.loads(answer["SecretString"])


    def connect():
        given = credentials()
        return pymysql.connect(host=os.environ["HOST"], user=given["username"], password=given["password"])
    ```

    A session and a model:

    ```python
    import pickle

    import requests


    def lambda_handler(event, context):
        with open("model.pkl", "rb") as file:
            model = pickle.load(file)
        session = requests.Session()
        session.headers.update({"Accept": "application/json"})
        answer = session.get("https://example.com/values", timeout=5)
        return {"score": float(model.predict(answer.json())[0])}
    ```

    A secret, for each request of an API:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Charge:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            Post:
              Type: HttpApi
              Properties:
                Path: /charges
                Method: post
    ```
    ```python
    import boto3

    import payments

    secrets = boto3.client("secretsmanager")


    def handler(event, context):
        key = secrets.get_secret_value(SecretId="payments/key")["SecretString"]
        return payments.charge(key, event["body"])
    ```

    In JavaScript:

    ```javascript
    const { Client } = require("pg");
    const mysql = require("mysql2/promise");

    exports.handler = async (event) => {
      const client = new Client({ host: process.env.HOST, database: "orders" });
      await client.connect();
      const found = await client.query("select * from orders where id = $1", [event.id]);
      await client.end();
      const other = await mysql.createConnection({ host: process.env.OTHER_HOST });
      await other.execute("insert into seen values (?)", [event.id]);
      return found.rows;
    };
    ```

    ## Good
    ```python
    import os

    import psycopg2

    connection = None


    def connected():
        global connection
        if connection is None or connection.closed:
            connection = psycopg2.connect(host=os.environ["HOST"], user="orders", password=os.environ["PASSWORD"])
        return connection


    def lambda_handler(event, context):
        with connected().cursor() as cursor:
            cursor.execute("insert into orders values (%s)", (event["order"],))
        connection.commit()
    ```

    What it is made with changes, or is good for minutes only:

    ```python
    import os

    import boto3
    import psycopg2
    import requests

    rds = boto3.client("rds")


    def lambda_handler(event, context):
        token = rds.generate_db_auth_token(DBHostname=os.environ["HOST"], Port=5432, DBUsername="orders")
        own = psycopg2.connect(host=os.environ["HOST"], user="orders", password=token, sslmode="require")
        tenant = psycopg2.connect(host=os.environ["HOST"], dbname=event["tenant"])
        session = requests.Session()
        session.headers["Authorization"] = event["token"]
        return [own.closed, tenant.closed, session.get("https://example.com", timeout=5).text]
    ```

    Caches, and a secret that Powertools keeps:

    ```python
    import functools

    import boto3
    import joblib
    from aws_lambda_powertools.utilities import parameters

    secrets = boto3.client("secretsmanager")
    _kept = {}


    @functools.lru_cache(maxsize=1)
    def model():
        return joblib.load("model.joblib")


    def secret(name):
        if name not in _kept:
            _kept[name] = secrets.get_secret_value(SecretId=name)["SecretString"]
        return _kept[name]


    def lambda_handler(event, context):
        parameters.get_secret("payments/key")
        return [secret("orders/key"), float(model().predict(event["values"])[0])]
    ```

    Functions that run seldom, and a secret that the function itself changes:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Nightly:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: nightly.handler
          Events:
            Daily:
              Type: Schedule
              Properties:
                Schedule: cron(0 3 * * ? *)
      Migrate:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: migrate.handler
      Count:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: count.handler
          Events:
            Post:
              Type: HttpApi
              Properties:
                Path: /counts
                Method: post
    ```
    ```python nightly.py
    import boto3
    import psycopg2


    def handler(event, context):
        password = boto3.client("secretsmanager").get_secret_value(SecretId="orders")["SecretString"]
        psycopg2.connect(host="orders.internal", password=password)
    ```
    ```python migrate.py
    import psycopg2


    def handler(event, context):
        psycopg2.connect(host="orders.internal").cursor().execute("alter table orders add paid boolean")
    ```
    ```python count.py
    import boto3

    ssm = boto3.client("ssm")


    def handler(event, context):
        last = int(ssm.get_parameter(Name="/orders/last", WithDecryption=True)["Parameter"]["Value"])
        ssm.put_parameter(Name="/orders/last", Value=str(last + 1), Overwrite=True)
    ```

    Custom resource, which runs once a deployment, and a model that an invocation has put in `/tmp`:

    ```python
    import boto3
    import cfnresponse
    import psycopg2


    def lambda_handler(event, context):
        if event["RequestType"] == "Create":
            psycopg2.connect(host="orders.internal").cursor().execute("create table orders (id text)")
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```
    ```python score.py
    import boto3
    import joblib

    s3 = boto3.client("s3")


    def lambda_handler(event, context):
        s3.download_file("models", event["model"], "/tmp/model")
        return float(joblib.load("/tmp/model").predict(event["values"])[0])
    ```

    The same in JavaScript:

    ```javascript
    const { Pool } = require("pg");
    const { MongoClient } = require("mongodb");
    const mongoose = require("mongoose");

    const pool = new Pool({ host: process.env.HOST });
    let client;

    const connected = async () => {
      if (!client) {
        client = await new MongoClient(process.env.URI).connect();
      }
      return client;
    };

    exports.handler = async (event) => {
      await mongoose.connect(process.env.URI);
      const own = new Pool({ database: event.tenant });
      await (await connected()).db("orders").collection("orders").insertOne(event.order);
      return [await pool.query("select 1"), await own.query("select 1")];
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
    """
    for item in made_again(handler):
        where = f"in `{item.within}`" if item.within else "in the handler"
        yield finding(
            item,
            f"{handler.display} {_what(item)} {where}, anew on every invocation, {_WHY[item.kind]}: "
            f"{_INSTEAD[item.kind]}",
            related=_related(handler, item),
            level=REGULAR if item.is_certain else PEDANTIC,
        )


_WHY = {
    keeping.DATABASE: "which costs round trips and a connection of the server each time",
    keeping.SESSION: "so that no connection is used again",
    keeping.MODEL: "which takes time and memory each time",
    keeping.SECRET: "which is one more request each time",
}
_INSTEAD = {
    keeping.DATABASE: "make it once at module level, and again only where it was lost",
    keeping.SESSION: "make it once at module level",
    keeping.MODEL: "load it once at module level, or keep it there after first use",
    keeping.SECRET: "keep it for some minutes, as `parameters` of Powertools does",
}


def _what(item: Again) -> str:
    if item.kind == keeping.SECRET:
        return f"reads a {item.name}"
    if item.kind == keeping.MODEL:
        return f"loads its {item.name}"
    return f"makes its {item.name}"


def _related(handler: Handler, item: Again) -> list[Related]:
    found = [related(site, "the secret is read here each time") for site in item.fetches[:1]]
    if item.callers:
        found.append(related(handler, "the handler"))
        found.extend(related(caller, "leads there on every invocation") for caller in item.callers[-MAX_RELATED:])
    return found
