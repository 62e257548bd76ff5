"""LL813."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Edit, Finding, Fix, finding, related
from lambdalint.project.background import (
    CALLBACK,
    COROUTINE,
    EXECUTOR,
    IDLE_ITERATION,
    ITERATION,
    PROCESS,
    PROMISE,
    TASK,
    THREAD,
    UNSENT,
    Unawaited,
    unawaited,
)
from lambdalint.project.model import Handler
from lambdalint.project.promises import ANONYMOUS
from lambdalint.rule import ERROR, LIKELY, PEDANTIC, REGULAR, UNSAFE, WARNING, rule
from lambdalint.source import Span

_FROZEN = "Lambda freezes it as soon as the handler returns, so that its work may be lost"


@rule("LL813", severity=ERROR, level=REGULAR, confidence=LIKELY, fix=UNSAFE)
def unawaited_promise(handler: Handler) -> Iterator[Finding]:
    """Work that is begun and never waited for.

    ## Why
    Lambda freezes an execution environment when its handler has given an answer. Promises, threads and tasks that are
    still at work stop in the middle: they go on in a later invocation, if there is one, with connections that have
    died since, or never. A coroutine that Python code does not await never even begins.

    ## Fix
    Wait for it: `await`, `await Promise.all(…)` over `map` instead of `forEach`, `join()` of a thread, a pool in a
    `with` statement, `asyncio.gather` or a `TaskGroup`. Work that nobody waits for belongs to another function, invoked
    asynchronously or through a queue.

    ## When this is wrong
    Where something else tells that the work is done: queues, events, locks. Then the rule is silent, as it is
    about what is stored, given back or handed on, and may be waited for elsewhere; about what is begun in init code, or
    once for all invocations; and about threads that run as long as the environment, and watchdogs (`Timer`).

    In JavaScript the rule is about async handlers only: one that answers through a callback waits until the event loop
    is empty, and one that streams ends with its stream. What stands under `void` is meant. Unknown functions, emitters
    and streams count as giving no promise, an async function that awaits nothing has done its work when it returns,
    and within `new Promise(…)` others may be told that all is done. `forEach` with an async function that awaits
    nothing is harmless, and belongs to the pedantic level.

    ## Bad
    ```python
    from threading import Thread


    def notify(order):
        print(order)


    def lambda_handler(event, context):
        Thread(target=notify, args=(event,)).start()
        return {"statusCode": 202}
    ```

    A pool that nobody waits for:

    ```python
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor()


    def lambda_handler(event, context):
        for order in event["orders"]:
            pool.submit(print, order)
    ```

    A task that ends with the event loop, and a coroutine that never runs:

    ```python
    import asyncio


    async def save(order):
        await asyncio.sleep(1)


    async def main(event):
        asyncio.create_task(save(event["order"]))
        return {"statusCode": 202}


    def lambda_handler(event, context):
        return asyncio.run(main(event))
    ```
    ```python other.py
    import asyncio


    async def save(order):
        await asyncio.sleep(1)


    async def main(event):
        save(event["order"])


    def lambda_handler(event, context):
        return asyncio.run(main(event))
    ```

    Promises that nobody waits for, in the handler and in a function that it calls:

    ```javascript
    const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");

    const sns = new SNSClient({});

    exports.handler = async (event) => {
      sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.id }));
      return { statusCode: 202 };
    };
    ```
    ```javascript other.mjs
    const save = async (order) => {
      const answer = await fetch("https://orders.example.com", { method: "POST", body: order });
      return answer.status;
    };

    const accept = (orders) => {
      for (const order of orders) {
        save(order);
      }
    };

    export const handler = async (event) => {
      accept(event.orders);
      return { statusCode: 202 };
    };
    ```

    An async function for each item:

    ```typescript
    import { S3Client, DeleteObjectCommand } from "@aws-sdk/client-s3";

    const s3 = new S3Client({});

    export const handler = async (event: { keys: string[] }): Promise<string> => {
      event.keys.forEach(async (Key) => {
        await s3.send(new DeleteObjectCommand({ Bucket: process.env.BUCKET, Key }));
      });
      return "deleted";
    };
    ```

    A callback in an async handler:

    ```javascript
    const AWS = require("aws-sdk");

    const table = new AWS.DynamoDB.DocumentClient();

    exports.handler = async (event) => {
      table.put({ TableName: process.env.TABLE, Item: event }, (error) => {
        if (error) console.error(error);
      });
    };
    ```

    ## Good
    ```python
    import asyncio
    from concurrent.futures import ThreadPoolExecutor
    from threading import Thread


    def notify(order):
        print(order)


    async def save(order):
        await asyncio.sleep(1)


    async def main(event):
        await asyncio.gather(*[save(order) for order in event["orders"]])


    def lambda_handler(event, context):
        thread = Thread(target=notify, args=(event,))
        thread.start()
        with ThreadPoolExecutor() as pool:
            pool.submit(notify, event)
        asyncio.run(main(event))
        thread.join()
    ```

    A queue that tells when the work is done:

    ```python
    import queue
    from threading import Thread


    def count(orders, results):
        results.put(len(orders))


    def lambda_handler(event, context):
        results = queue.Queue()
        Thread(target=count, args=(event["orders"], results)).start()
        return results.get()
    ```

    Stored and given back, and begun once for all invocations:

    ```python
    from concurrent.futures import ThreadPoolExecutor
    from threading import Thread

    pool = ThreadPoolExecutor()
    heart = None


    def beat():
        while True:
            print("still here")


    def lambda_handler(event, context):
        global heart
        if heart is None:
            heart = Thread(target=beat, daemon=True)
            heart.start()
        futures = [pool.submit(print, order) for order in event["orders"]]
        return [future.result() for future in futures]
    ```

    Awaited, given back, kept and awaited together:

    ```javascript
    const { S3Client, DeleteObjectCommand } = require("@aws-sdk/client-s3");

    const s3 = new S3Client({});
    const remove = (Key) => s3.send(new DeleteObjectCommand({ Bucket: process.env.BUCKET, Key }));

    exports.handler = async (event) => {
      const pending = [];
      for (const key of event.keys) {
        pending.push(remove(key));
      }
      await Promise.all([...pending, ...event.more.map(async (key) => remove(key))]);
      return remove(event.last);
    };
    ```

    Meant, harmless, or told in another way:

    ```javascript
    const { S3Client, DeleteObjectCommand } = require("@aws-sdk/client-s3");
    const { PassThrough } = require("stream");

    const s3 = new S3Client({});

    const log = async (order) => {
      console.log(order.id);
    };

    exports.handler = async (event) => {
      log(event);
      void s3.send(new DeleteObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));
      const stream = new PassThrough();
      stream.on("data", async (chunk) => {
        await s3.send(new DeleteObjectCommand({ Bucket: process.env.BUCKET, Key: String(chunk) }));
      });
      await new Promise((resolve, reject) => {
        fetch("https://orders.example.com").then(resolve).catch(reject);
      });
    };
    ```

    Handlers that wait for an empty event loop, or end with their stream:

    ```javascript
    exports.handler = (event, context, callback) => {
      fetch("https://orders.example.com").then((answer) => console.log(answer.status));
      callback(null, "accepted");
    };
    ```
    ```javascript stream.js
    const write = async (stream) => {
      const answer = await fetch("https://orders.example.com");
      stream.end(await answer.text());
    };

    exports.handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
      write(responseStream);
    });
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    """
    for item in unawaited(handler):
        within = item.record.site.activation
        name = within.module.definition(within.index).name
        where = f" in `{name}`" if within.caller is not None and name else ""
        at = [related(handler, "the handler, which does not wait for it")] if where else []
        idle = item.kind == IDLE_ITERATION
        yield finding(
            item,
            f"{handler.display} {_what(item, where)}",
            related=at,
            level=PEDANTIC if idle else REGULAR,
            severity=WARNING if idle else ERROR,
            fix=_fix(item),
        )


def _is_in_async(item: Unawaited) -> bool:
    site = item.record.site
    return site.module.definition(site.activation.index).is_async


def _fix(item: Unawaited) -> Fix | None:
    if item.kind not in (PROMISE, COROUTINE) or not _is_in_async(item):
        return None
    start = Span(item.span.path, item.span.line, item.span.column, item.span.line, item.span.column)
    return Fix("await it", (Edit(start, "await "),))


def _what(item: Unawaited, where: str) -> str:
    name = item.name
    if item.kind in (THREAD, PROCESS):
        return f"starts a {item.kind}{where} and never joins it: {_FROZEN}; join it before the handler returns"
    if item.kind == EXECUTOR:
        what = f"hands work to a pool with `{name}`{where} and never waits for it: {_FROZEN}"
        return f"{what}; use the pool in a `with` statement, or ask for the result"
    if item.kind == TASK:
        what = f"starts a task with `{name}`{where} that nothing awaits: the event loop ends before the task does"
        return f"{what}; await it, or use a `TaskGroup`"
    if item.kind == COROUTINE:
        what = f"calls `{name}`{where} without `await`: a coroutine that is not awaited never runs"
        return f"{what}; write `await {name}(…)`"
    if item.kind == ITERATION:
        what = f"gives `{name}` an async function{where}, whose promises nobody waits for: {_FROZEN}"
        return f"{what}; use `await Promise.all(….map(…))`, or `for … of` with `await`"
    if item.kind == IDLE_ITERATION:
        what = f"gives `{name}` a function{where} that is async but awaits nothing; once it does, nobody waits for it"
        return f"{what}: leave `async` out, or use `await Promise.all(….map(…))`"
    if item.kind == CALLBACK:
        what = f"calls `{name}` with a callback{where}, for which an async handler does not wait: {_FROZEN}"
        return f"{what}; await its promise instead"
    if item.kind == UNSENT:
        return f"makes a request `{name}`{where} without sending it: write `await ….promise()`"
    return f"does not wait for the promise of `{name}`{where}: {_FROZEN}; {_instead(item)}"


def _instead(item: Unawaited) -> str:
    if not _is_in_async(item):
        return "give it back, and await it where the function is called"
    return (
        "await it" if item.name == ANONYMOUS or item.record.operation is not None else f"write `await {item.name}(…)`"
    )
