"""LL208."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, Related, finding, related
from lambdalint.project.environment_reads import Unset, renamed, unset, why
from lambdalint.project.model import Handler, did_you_mean
from lambdalint.rule import ERROR, REGULAR, UNSAFE, rule


@rule("LL208", severity=ERROR, level=REGULAR, fix=UNSAFE)
def env_not_set(handler: Handler) -> Iterator[Finding]:
    """Environment variable that the code counts on and that its template doesn't set.

    ## Why
    In Python `os.environ["TABLE"]` fails where the variable is not set, at module level before the handler runs at
    all. `os.environ.get("TABLE")` and `process.env.TABLE` give nothing, and the failure comes later, in the words
    of someone else: a parameter that is not valid, a queue named `undefined`. It often is a name that was changed
    on one side only.

    ## Fix
    Set the variable under `Environment.Variables` of the function, or in `Globals`, or read the one that is set. Where
    the function can do without, give the read a default: `os.environ.get("TABLE", "orders")`.

    ## When this is wrong
    Where something sets the variable that lambdalint doesn't see, such as a script that changes the function after
    its deployment. The rule is silent where variables come from elsewhere: macros and includes, a wrapper script, a
    container image, `dotenv` and its like, code that sets variables by itself; and for what Lambda provides. Code
    counts on a variable only in what the handler reaches: reads with a default, in branches that ask for
    configuration, under `try` with a fallback, of variables that the code tests somewhere, and reads without `[]`
    whose value is only handed on are fine. So are settings classes (`pydantic-settings`, `environs`). Under a
    condition on anything else it is reported only where no other function of the template sets the variable.

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
          Environment:
            Variables:
              ORDERS_TABLE: orders
    ```
    ```python src/app.py
    import os
    import boto3

    TABLE = os.environ["ORDER_TABLE"]
    table = boto3.resource("dynamodb").Table(TABLE)

    def handler(event, context):
        return table.get_item(Key={"id": event["id"]})["Item"]["state"]
    ```

    Read without failing, and then given to the SDK, in a module that another function shares:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Send:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: send.handler
          CodeUri: src/
          Environment:
            Variables:
              QUEUE_URL: !Ref Queue
      Resend:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: resend.handler
          CodeUri: src/
      Queue:
        Type: AWS::SQS::Queue
    ```
    ```javascript src/queue.js
    const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");

    const sqs = new SQSClient({});

    exports.send = (body) => sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));
    ```
    ```javascript src/send.js
    const { send } = require("./queue");

    exports.handler = async (event) => send(JSON.stringify(event));
    ```
    ```javascript src/resend.js
    const { send } = require("./queue");

    exports.handler = async (event) => send(event.body);
    ```

    Through a function of the project that reads what it is told:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    import os

    def get_env(name):
        return os.environ[name]

    def handler(event, context):
        return {"stage": get_env("STAGE")}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Environment:
          Variables:
            STAGE: test
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              TABLE: orders
    ```
    ```python
    import os

    TABLE = os.environ["TABLE"]
    STAGE = os.environ["STAGE"]
    REGION = os.environ["AWS_REGION"]
    LIMIT = int(os.environ.get("LIMIT", "10"))

    def handler(event, context):
        return [TABLE, STAGE, REGION, LIMIT]
    ```

    Optional: tested, with a fallback, in a branch that asks for configuration, only handed on, or not reached:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    import os
    import boto3

    TOPIC = os.environ.get("TOPIC")
    sns = boto3.client("sns", endpoint_url=os.environ.get("ENDPOINT"))

    try:
        LEVEL = os.environ["LEVEL"]
    except KeyError:
        LEVEL = "INFO"

    def handler(event, context):
        if TOPIC:
            sns.publish(TopicArn=TOPIC, Message="done")
        if "BUCKET" in os.environ:
            return os.environ["BUCKET"]
        if os.environ.get("MODE") == "local":
            return os.environ["LOCAL_FOLDER"]
        return LEVEL

    def unused():
        return os.environ["NEVER"]

    if __name__ == "__main__":
        print(os.environ["HERE"])
    ```

    The same in JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: .
    ```
    ```javascript
    const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");

    const { TOPIC, TABLE = "orders", ENDPOINT } = process.env;
    const sns = new SNSClient({ endpoint: ENDPOINT });
    const debug = process.env.DEBUG === "true";

    exports.handler = async (event) => {
      if (TOPIC) await sns.send(new PublishCommand({ TopicArn: TOPIC, Message: "done" }));
      if (!debug) return process.env.STAGE || TABLE;
      return process.env.OWNER;
    };
    ```

    Set by the code, read from a file, or through a settings class:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Set:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: set.handler
          CodeUri: .
      Loaded:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: loaded.handler
          CodeUri: .
      Settings:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: settings.handler
          CodeUri: .
    ```
    ```python set.py
    import os

    os.environ["FOLDER"] = "/tmp/orders"

    def handler(event, context):
        return os.environ["FOLDER"]
    ```
    ```python loaded.py
    import os
    from dotenv import load_dotenv

    load_dotenv()
    TABLE = os.environ["TABLE"]

    def handler(event, context):
        return TABLE
    ```
    ```python settings.py
    from pydantic_settings import BaseSettings

    class Settings(BaseSettings):
        table: str

    def handler(event, context):
        return Settings().table
    ```
    ```text requirements.txt
    pydantic-settings==2.12.0
    python-dotenv==1.2.1
    ```

    Set by what lambdalint can't see: a macro, a wrapper script, variables of a parameter's choice:
    ```yaml
    Transform: [OwnMacro, AWS::Serverless-2016-10-31]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```yaml other.yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Wrapped:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:wrapper:1"]
          Environment:
            Variables:
              AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper
      Image:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
        Metadata:
          Dockerfile: Dockerfile
          DockerContext: .
    ```
    ```python
    import os

    def handler(event, context):
        return os.environ["TABLE"]
    ```

    Under a condition, for another function that runs the same code and sets it:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Create:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables:
              TABLE: orders
      Ping:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    import os

    def handler(event, context):
        if event["action"] == "create":
            return os.environ["TABLE"]
        return "pong"
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    by_need: dict[tuple[str, object], list[Unset]] = {}
    for item in unset(handler):
        by_need.setdefault((item.need.name, item.near.name if item.near else None), []).append(item)
    for found in by_need.values():
        yield _finding(handler, found)


def _finding(handler: Handler, found: list[Unset]) -> Finding:
    first = found[0]
    need, near = first.need, first.near
    names = [item.function.display for item in found]
    who = names[0] if len(names) == 1 else f"{names[0]} (and {len(names) - 1} more)"
    advice = did_you_mean(near.name) if near else ": set it under `Environment`, or give the read a default"
    edit = renamed(first)
    return finding(
        need.span,
        f"{who} reads the variable `{need.name}`, which nothing sets, {why(need)}{advice}",
        related=list(_others(first)),
        function=first.function.name,
        resource=first.function.name,
        fix=Fix(f"Read `{near.name}` instead", (edit,)) if near is not None and edit is not None else None,
    )


def _others(found: Unset) -> Iterator[Related]:
    if found.need.use is not None and found.need.use != found.need.span:
        yield related(found.need.use, "its value is used here")
    setting = found.function.get("Environment", "Variables")
    if found.near is not None:
        yield related(found.near, f"{found.function.display} sets this one")
    elif setting is not None:
        yield related(setting.key_span, f"the variables of {found.function.display} are set here")
    else:
        yield related(found.function, f"{found.function.display} sets no variables")
