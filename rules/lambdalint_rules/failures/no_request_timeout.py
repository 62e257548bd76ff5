"""LL820."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws import sdk
from lambdalint.aws.timeouts import BOTOCORE_CONNECT, BOTOCORE_READ
from lambdalint.finding import Finding, Fix, Related, finding, related
from lambdalint.project.argument_edits import with_timeout
from lambdalint.project.evaluate import INIT
from lambdalint.project.model import Handler
from lambdalint.project.timeouts import Patient, Unbounded, patient_clients, seconds, unbounded_calls
from lambdalint.rule import LIKELY, PEDANTIC, REGULAR, UNSAFE, WARNING, rule


@rule("LL820", severity=WARNING, level=REGULAR, confidence=LIKELY, fix=UNSAFE)
def no_request_timeout(handler: Handler) -> Iterator[Finding]:
    """HTTP call that waits longer than the function may run.

    ## Why
    When the other end doesn't answer, a call without timeout waits until Lambda ends the function at its own timeout:
    all that time is billed, nothing can be tried again or reported, and a batch is lost as a whole. requests,
    urllib, urllib3, axios, got and Node.js's `http` and `https` have no timeout unless they are given one.

    ## Fix
    Give every call a timeout that leaves time to react: `timeout=` in Python, `timeout` or
    `signal: AbortSignal.timeout(…)` in JavaScript, or once for all calls of a client or session.
    `--fix --unsafe-fixes` writes 10 seconds, or half of the function's timeout where that is no longer, for the
    libraries of Python, axios and `fetch`.

    At the pedantic level the rule is also about SDK clients whose own timeouts are longer than the function's (botocore
    waits 60 s to connect and 60 s for data; the SDK for JavaScript version 3 without end, version 2 for two minutes),
    and about HTTP libraries whose own are (aiohttp and Node.js's `fetch` wait five minutes).

    ## When this is wrong
    Where something ends the call from outside. The rule is silent where that may be so: options that can't be
    followed, adapters and interceptors, `socket.setdefaulttimeout`, alarms, other libraries that limit calls. Calls to
    `localhost`, where Lambda's extensions answer, and the answer to CloudFormation of a custom resource are fine.

    ## Bad
    ```python
    import requests


    def lambda_handler(event, context):
        return requests.get("https://prices.example.com/today").json()
    ```

    A client for all calls, and a timeout that is switched off:

    ```python
    import urllib3

    http = urllib3.PoolManager(retries=3)


    def lambda_handler(event, context):
        http.request("POST", "https://hooks.example.com", body=event["text"])
    ```
    ```python other.py
    import httpx


    def lambda_handler(event, context):
        return httpx.get("https://prices.example.com/today", timeout=None).json()
    ```

    An SDK client that may wait longer than its function may run:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: 10
    ```
    ```python src/app.py
    import os

    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```

    The same in JavaScript:

    ```javascript
    const axios = require("axios");

    const prices = axios.create({ baseURL: "https://prices.example.com" });

    exports.handler = async (event) => {
      const { data } = await prices.get("/today");
      return data;
    };
    ```
    ```typescript other.ts
    import { get } from "node:https";

    export const handler = async (event: { path: string }): Promise<number> =>
      new Promise((resolve, reject) => {
        get(`https://prices.example.com${event.path}`, (answer) => resolve(answer.statusCode ?? 0)).on("error", reject);
      });
    ```

    ## Good
    ```python
    import requests


    def lambda_handler(event, context):
        return requests.get("https://prices.example.com/today", timeout=(2, 5)).json()
    ```

    ```javascript
    const axios = require("axios");
    const https = require("https");

    const prices = axios.create({ baseURL: "https://prices.example.com", timeout: 5000 });

    const status = (path) =>
      new Promise((resolve, reject) => {
        const request = https.get(`https://prices.example.com/${path}`, { timeout: 5000 }, (answer) => {
          resolve(answer.statusCode);
        });
        request.on("timeout", () => request.destroy(new Error("no answer")));
        request.on("error", reject);
      });

    exports.handler = async (event) => {
      await axios.get("https://prices.example.com/today", { signal: AbortSignal.timeout(5000) });
      await axios.post("https://prices.example.com/today", event.body, event.options);
      await axios.get("http://localhost:2773/secretsmanager/get?secretId=orders");
      const { data } = await prices.get("/today");
      return { data, status: await status(event.path) };
    };
    ```

    Set once, and by the library itself:

    ```python
    import httpx
    import urllib3

    http = urllib3.PoolManager(timeout=5)


    def lambda_handler(event, context):
        http.request("POST", "https://hooks.example.com", body=event["text"])
        return httpx.get("https://prices.example.com/today").json()
    ```

    Options that can't be followed, an adapter of the project's own, and extensions:

    ```python
    import requests
    from requests.adapters import HTTPAdapter


    class Patience(HTTPAdapter):
        def send(self, request, **options):
            return super().send(request, **{**options, "timeout": 5})


    session = requests.Session()
    session.mount("https://", Patience())


    def lambda_handler(event, context):
        session.get("https://prices.example.com/today")
        requests.get("http://localhost:2773/secretsmanager/get?secretId=orders")
        return requests.get("https://prices.example.com/today", **event["options"]).json()
    ```

    Limits from outside:

    ```python
    import signal
    from urllib.request import urlopen


    def lambda_handler(event, context):
        signal.alarm(5)
        try:
            return urlopen("https://prices.example.com/today").read()
        finally:
            signal.alarm(0)
    ```
    ```python other.py
    import socket
    from urllib.request import urlopen

    socket.setdefaulttimeout(5)


    def lambda_handler(event, context):
        return urlopen("https://prices.example.com/today").read()
    ```

    The answer to CloudFormation:

    ```python
    import json
    from urllib.request import Request, urlopen


    def lambda_handler(event, context):
        body = json.dumps({"Status": "SUCCESS", "RequestId": event["RequestId"]}).encode()
        urlopen(Request(event["ResponseURL"], data=body, method="PUT"))
    ```

    An SDK client with timeouts of its own, and one that may wait as long as its function:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Timeout: 10
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: report.handler
          CodeUri: src/
          Timeout: 300
    ```
    ```python src/app.py
    import os

    import boto3
    from botocore.config import Config

    dynamodb = boto3.resource("dynamodb", config=Config(connect_timeout=1, read_timeout=3))
    table = dynamodb.Table(os.environ["TABLE"])


    def handler(event, context):
        table.put_item(Item=event["order"])
    ```
    ```python src/report.py
    import os

    import boto3

    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


    def handler(event, context):
        return table.scan()["Items"]
    ```

    ## Source
    https://repost.aws/knowledge-center/lambda-function-retry-timeout-sdk
    """
    for item in unbounded_calls(handler):
        yield finding(
            item,
            f"{handler.display} {_called(item)}; {_until(handler, item)}: give it {item.waiting.write}",
            related=_related(handler, item),
            level=PEDANTIC if item.default else REGULAR,
            fix=_fix(handler, item),
        )
    for client in patient_clients(handler):
        yield finding(client, _patient(client), related=_of_client(client), level=PEDANTIC)


def _fix(handler: Handler, item: Unbounded) -> Fix | None:
    edit = with_timeout(handler, item)
    return Fix("Give it a timeout", (edit,)) if edit is not None else None


def _called(item: Unbounded) -> str:
    name = item.record.callee.replace("()", "")
    if item.off:
        return f"switches off the timeout of `{name}`"
    if item.default:
        return f"calls `{name}` without a timeout, and {item.waiting.library} waits {item.default:g} s by itself"
    return f"calls `{name}` without a timeout, and {item.waiting.library} has none by itself"


def _until(handler: Handler, item: Unbounded) -> str:
    if item.record.phase == INIT and not item.record.possible:
        return "if no answer comes, it hangs until Lambda gives up initialising it"
    known = {limit for function in handler.functions for limit in seconds(function)}
    own = f" of {known.pop():g} s" if len(known) == 1 else ""
    return f"if no answer comes, it hangs until its own timeout{own} ends it, and that is billed"


def _related(handler: Handler, item: Unbounded) -> list[Related]:
    found = [related(item.record, "waits here")] if item.record.span != item.span else []
    for function in handler.functions[:1]:
        if function.timeout is not None:
            found.append(related(function.timeout, f"the timeout of {function.display}"))
    return found


_SDKS = {
    "boto3": (
        f"at botocore's timeouts of {BOTOCORE_CONNECT} s to connect and {BOTOCORE_READ} s to read",
        "pass `config=Config(connect_timeout=…, read_timeout=…)`",
    ),
    "2": (
        "at the SDK's timeout of 120 s",
        "pass `httpOptions: { connectTimeout: …, timeout: … }`",
    ),
    "3": (
        "without a timeout, as the SDK has none by itself",
        "pass `requestHandler: { requestTimeout: …, throwOnRequestTimeout: true }`",
    ),
}


def _patient(item: Patient) -> str:
    known = sdk.service(item.client.service)
    name = known.identifier if known is not None else item.client.service
    what = f"its {name} client" if name else "an SDK client"
    how, write = _SDKS[item.sdk]
    return (
        f"{item.function.display} leaves {what} {how}, but may run only {item.seconds:g} s itself, so that a call that "
        f"hangs is never tried again: {write}"
    )


def _of_client(item: Patient) -> list[Related]:
    found = [related(item.record, "calls AWS here")]
    if item.function.timeout is not None:
        found.append(related(item.function.timeout, f"the timeout of {item.function.display}"))
    return found
