"""LL814."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.promises import EMPTY_EVENT_LOOP
from lambdalint.finding import Finding, finding, related
from lambdalint.project.event_loop import held_open
from lambdalint.project.model import Handler
from lambdalint.rule import LIKELY, PEDANTIC, POSSIBLE, REGULAR, WARNING, rule

MAX_RELATED = 4


@rule("LL814", severity=WARNING, level=REGULAR, confidence=LIKELY)
def event_loop_wait(handler: Handler) -> Iterator[Finding]:
    """Handler with a callback that waits for an event loop which is never empty.

    ## Why
    A Node.js handler that answers through its callback has not ended with the answer: Lambda waits until the event loop
    is empty. Connections, pools and timers that module level code opens keep it alive, so that each invocation lasts
    until the function's timeout, which is billed and reported as an error, although the answer was there long before.

    ## Fix
    Make the handler `async` and return the answer, as runtimes from nodejs24.x on want it anyway. Or set
    `context.callbackWaitsForEmptyEventLoop = false` in the handler before anything else.

    ## When this is wrong
    Where the connection is closed before the answer is given. The rule is silent where anything is closed or released,
    about handlers that are async or give back a promise instead of calling back, about handlers in a wrapper, and on
    runtimes without callbacks, where LL105 has its say.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const mysql = require("mysql");

    const pool = mysql.createPool({ host: process.env.DATABASE });

    exports.handler = (event, context, callback) => {
      pool.query("select name from orders where id = ?", [event.id], callback);
    };
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Invoices:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: invoices.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const mysql = require("mysql2/promise");

    const pool = mysql.createPool({ host: process.env.DATABASE });

    exports.handler = async (event) => {
      const [rows] = await pool.query("select name from orders where id = ?", [event.id]);
      return rows;
    };
    ```
    ```javascript src/invoices.js
    const mysql = require("mysql");

    const pool = mysql.createPool({ host: process.env.DATABASE });

    exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      pool.query("select name from invoices where id = ?", [event.id], callback);
    };
    ```

    A connection that is closed again, and a timer that does not count:

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Invoices:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: invoices.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const { Client } = require("pg");

    const client = new Client();
    client.connect();

    exports.handler = (event, context, callback) => {
      client.query("select 1", (error, result) => {
        client.end();
        callback(error, result);
      });
    };
    ```
    ```javascript src/invoices.js
    const timer = setInterval(() => console.log("still here"), 1000);
    timer.unref();

    exports.handler = (event, context, callback) => callback(null, "done");
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
    """
    held = held_open(handler)
    if held:
        first, is_known = held[0], bool(handler.functions)
        until = f"once it was idle for {first.seconds:g} s" if first.seconds else "at its timeout"
        yield finding(
            handler,
            f"{handler.display} answers through a callback while `{first.name}` keeps the event loop alive, so that "
            f"each invocation ends only {until}, and that is billed: make it async, or set "
            f"`context.{EMPTY_EVENT_LOOP} = false`",
            level=REGULAR if is_known else PEDANTIC,
            confidence=LIKELY if is_known else POSSIBLE,
            related=[related(item, "keeps the event loop alive") for item in held[:MAX_RELATED]],
        )
