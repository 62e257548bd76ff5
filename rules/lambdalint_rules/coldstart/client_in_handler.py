"""LL411."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws import sdk
from lambdalint.finding import Finding, Fix, Related, finding, related
from lambdalint.project.hoisting import hoisted
from lambdalint.project.model import Handler
from lambdalint.project.reuse import Rebuilt, rebuilt
from lambdalint.rule import LIKELY, REGULAR, UNSAFE, WARNING, rule

MAX_RELATED = 4
MAX_NAMED = 3


@rule("LL411", severity=WARNING, level=REGULAR, confidence=LIKELY, fix=UNSAFE)
def client_in_handler(handler: Handler) -> Iterator[Finding]:
    """SDK client, resource or session that is built on every invocation.

    ## Why
    Lambda keeps an execution environment and uses it again. What module level code builds is built once for all of its
    invocations; what the handler builds, or a function that it calls, is built each time: the SDK reads its models,
    looks for credentials and opens new connections, which costs tens to hundreds of milliseconds that are billed.

    ## Fix
    Build clients at module level. Where a function has to build them, for tests or because few invocations need them,
    let it keep what it builds: `functools.cache`, or a module-level variable that is filled on first use.
    `--fix --unsafe-fixes` moves a plain assignment of constant arguments behind the imports.

    ## When this is wrong
    Where the arguments change from one invocation to the next: credentials of an assumed role, a Region or an endpoint
    from the event. Caches, lazy singletons and clients that a caller may hand in are fine; so are clients for errors
    only, clients in threads, clients that belong to an event loop, and handlers of custom resources, which run once
    a deployment. Where an argument or a decorator can't be followed, the rule is silent.

    ## Bad
    ```python
    import boto3


    def lambda_handler(event, context):
        table = boto3.resource("dynamodb").Table("orders")
        table.put_item(Item=event["order"])
    ```

    In a function of another module, with a session that is built for it:

    ```python
    import orders


    def lambda_handler(event, context):
        orders.save(event["order"])
    ```
    ```python orders.py
    import boto3
    from botocore.config import Config


    def save(order):
        session = boto3.Session()
        client = session.client("dynamodb", config=Config(retries={"max_attempts": 5}))
        client.put_item(TableName="orders", Item=order)
    ```

    In a constructor, of an object that lives as long as the invocation:

    ```python
    import boto3


    class Orders:
        def __init__(self, client=None):
            self.client = client or boto3.client("dynamodb")

        def save(self, order):
            self.client.put_item(TableName="orders", Item=order)


    def lambda_handler(event, context):
        Orders().save(event["order"])
    ```

    In a function that a router calls:

    ```python
    import boto3
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver

    app = APIGatewayRestResolver()


    @app.get("/orders/<number>")
    def order(number):
        table = boto3.resource("dynamodb").Table("orders")
        return table.get_item(Key={"number": number})["Item"]


    def lambda_handler(event, context):
        return app.resolve(event, context)
    ```

    A module-level variable that is set again each time keeps nothing:

    ```python
    import boto3

    s3 = None


    def lambda_handler(event, context):
        global s3
        s3 = boto3.client("s3")
        return s3.list_buckets()
    ```

    In JavaScript, and in a class:

    ```javascript
    const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");

    exports.handler = async (event) => {
      const s3 = new S3Client({ region: process.env.AWS_REGION });
      return s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));
    };
    ```
    ```typescript other.ts
    import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

    class Orders {
      private readonly client: DynamoDBDocumentClient;

      constructor(client?: DynamoDBDocumentClient) {
        this.client = client ?? DynamoDBDocumentClient.from(new DynamoDBClient({}));
      }

      async save(order: object): Promise<void> {
        await this.client.send(new PutCommand({ TableName: process.env.TABLE, Item: order }));
      }
    }

    export const handler = async (event: { order: object }): Promise<void> => {
      await new Orders().save(event.order);
    };
    ```

    ## Good
    ```python
    import boto3

    table = boto3.resource("dynamodb").Table("orders")


    def lambda_handler(event, context):
        table.put_item(Item=event["order"])
    ```

    What the client is built with changes: credentials, a Region, an endpoint:

    ```python
    import boto3

    sts = boto3.client("sts")


    def in_account(account):
        role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="reader")
        given = role["Credentials"]
        return boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )


    def lambda_handler(event, context):
        ec2 = in_account(event["account"]).client("ec2")
        logs = boto3.client("logs", region_name=event["region"])
        request = event["requestContext"]
        url = f"https://{request['domainName']}/{request['stage']}"
        sockets = boto3.client("apigatewaymanagementapi", endpoint_url=url)
        sockets.post_to_connection(ConnectionId=request["connectionId"], Data=b"")
        return ec2.describe_regions(), logs.describe_log_groups()
    ```

    Caches and lazy singletons:

    ```python
    import functools

    import boto3

    _s3 = None
    _clients = {}


    class State:
        sns = None


    @functools.lru_cache(maxsize=None)
    def client(service):
        return boto3.client(service)


    def s3():
        global _s3
        if _s3 is None:
            _s3 = boto3.client("s3")
        return _s3


    def kept(service):
        if service in _clients:
            return _clients[service]
        _clients[service] = boto3.client(service)
        return _clients[service]


    def lambda_handler(event, context):
        if not State.sns:
            State.sns = boto3.client("sns")
        client("sqs").purge_queue(QueueUrl=event["queue"])
        kept("events").list_rules()
        return s3().list_buckets(), State.sns.list_topics()
    ```

    A client that is handed in, and one for errors only:

    ```python
    import boto3

    dynamodb = boto3.client("dynamodb")


    class Orders:
        def __init__(self, client=None):
            self.client = client or boto3.client("dynamodb")

        def save(self, order):
            self.client.put_item(TableName="orders", Item=order)


    def lambda_handler(event, context):
        try:
            Orders(dynamodb).save(event["order"])
        except KeyError:
            boto3.client("sns").publish(TopicArn=event["alarms"], Message="no order")
    ```

    Threads, each with a session of its own:

    ```python
    from concurrent.futures import ThreadPoolExecutor

    import boto3


    def remove(key):
        boto3.Session().resource("s3").Object("orders", key).delete()


    def lambda_handler(event, context):
        with ThreadPoolExecutor() as pool:
            list(pool.map(remove, event["keys"]))
    ```

    Custom resource, which runs once a deployment:

    ```python
    import boto3
    import cfnresponse


    def lambda_handler(event, context):
        if event["RequestType"] == "Create":
            boto3.client("s3").put_object(Bucket=event["ResourceProperties"]["Bucket"], Key="index.html", Body=b"")
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```

    The same in JavaScript:

    ```javascript
    const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
    const { SNSClient } = require("@aws-sdk/client-sns");
    const { EC2Client } = require("@aws-sdk/client-ec2");

    const s3 = new S3Client({});
    const clients = new Map();
    let sns;

    const topic = () => {
      sns ??= new SNSClient({});
      return sns;
    };

    const client = (region) => {
      if (!clients.has(region)) clients.set(region, new EC2Client({ region }));
      return clients.get(region);
    };

    class Orders {
      constructor(given = new S3Client({})) {
        this.s3 = given;
      }
    }

    exports.handler = async (event) => {
      const orders = new Orders(s3);
      const ec2 = new EC2Client({ region: event.region, credentials: event.credentials });
      await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));
      return [topic(), client("eu-west-1"), ec2, orders.s3];
    };
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    for item in rebuilt(handler):
        where = f"in `{item.within}`" if item.within else "in the handler"
        yield finding(
            item,
            f"{handler.display} builds {_what(item)} {where}, anew on every invocation, which takes time for "
            f"configuration, credentials and connections again: {_instead(item)}",
            related=_related(handler, item),
            fix=_fix(handler, item),
        )


def _fix(handler: Handler, item: Rebuilt) -> Fix | None:
    moved = hoisted(handler, item.record)
    return Fix(f"Move `{moved.name}` to module level", moved.edits) if moved is not None else None


def _what(item: Rebuilt) -> str:
    names = [known.identifier if (known := sdk.service(name)) else name for name in item.services[:MAX_NAMED]]
    if len(item.services) > MAX_NAMED:
        names = []
    if item.is_session:
        clients = f" and its clients ({', '.join(names)})" if names else ""
        return f"an SDK session{clients}"
    kind = "resource" if item.is_resource else "client"
    if len(names) == 1:
        return f"its {names[0]} {kind}"
    return f"SDK {kind}s ({', '.join(names)})" if names else f"an SDK {kind}"


def _instead(item: Rebuilt) -> str:
    if item.within:
        return "build it once at module level, or keep it there after first use"
    return "build it once at module level"


def _related(handler: Handler, item: Rebuilt) -> list[Related]:
    found = [related(client, "the session's client") for client in item.clients[:MAX_RELATED]]
    if item.callers:
        found.append(related(handler, "the handler"))
        found.extend(related(caller, "leads there on every invocation") for caller in item.callers[-MAX_RELATED:])
    return found
