"""LL901."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.model import Handler
from lambdalint.project.shape import shape
from lambdalint.rule import LIKELY, REGULAR, WARNING, RuleContext, rule


@rule("LL901", severity=WARNING, level=REGULAR, confidence=LIKELY, options={"max-weight": 29})
def logic_in_handler(handler: Handler, context: RuleContext) -> Iterator[Finding]:
    """Handler that holds the business logic instead of delegating it.

    ## Why
    Logic inside the handler can only be tested through a whole event, can't be used by another trigger, and mixes what
    Lambda wants with what the business wants. AWS advises to separate the handler from the core logic.

    ## Fix
    Let the handler take apart the event, call functions that take plain arguments, and put together the response. Move
    loops, conditions and SDK calls into those functions.

    ## When this is wrong
    The rule judges content, not length: statements that transform data or call AWS, and branches by their depth.
    Logging, literals, raising, guard clauses, flat dispatch, calls of the project's own functions and the steps that a
    durable function hands to its context don't count. A handler that is one long sequence by nature may still be
    flagged; raise `max-weight` then.

    ## Options
    `max-weight` (29): each statement that does work counts one, an SDK call two, a branch two and two more for each
    branch around it. Handlers above this weight are flagged; nine in ten public handlers are below it.

    ## Bad
    ```python
    import json

    import boto3

    table = boto3.resource("dynamodb").Table("orders")
    sns = boto3.client("sns")


    def lambda_handler(event, context):
        accepted = []
        for record in event["Records"]:
            order = json.loads(record["body"])
            if order["type"] == "new":
                total = 0
                for line in order["lines"]:
                    if line["quantity"] > 0:
                        total += round(line["price"] * line["quantity"], 2)
                        if line["taxed"]:
                            total += round(line["price"] * 0.2, 2)
                order["total"] = max(total, order["minimum"])
                table.put_item(Item=order)
                accepted.append(order["id"])
            elif order["type"] == "cancelled":
                found = table.get_item(Key={"id": order["id"]})
                if "Item" in found:
                    table.delete_item(Key={"id": order["id"]})
                    sns.publish(TopicArn=order["topic"], Message=order["id"])
        return {"accepted": accepted}
    ```

    In JavaScript, where a function that is called for each item is a loop:

    ```javascript
    const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
    const { DynamoDBDocumentClient, GetCommand, PutCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");

    const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

    exports.handler = async (event) => {
      const accepted = [];
      await Promise.all(event.Records.map(async (record) => {
        const order = JSON.parse(record.body);
        if (order.type === "new") {
          let total = 0;
          order.lines.forEach((line) => {
            if (line.quantity > 0) {
              total += Math.round(line.price * line.quantity);
              if (line.taxed) {
                total += Math.round(line.price * 0.2);
              }
            }
          });
          order.total = Math.max(total, order.minimum);
          await table.send(new PutCommand({ TableName: process.env.TABLE, Item: order }));
          accepted.push(order.id);
        } else if (order.type === "cancelled") {
          const found = await table.send(new GetCommand({ TableName: process.env.TABLE, Key: { id: order.id } }));
          if (found.Item) {
            await table.send(new DeleteCommand({ TableName: process.env.TABLE, Key: { id: order.id } }));
          }
        }
      }));
      return { accepted };
    };
    ```

    ## Good
    The handler takes the event apart and hands on:

    ```python
    import json

    import orders


    def lambda_handler(event, context):
        accepted = []
        for record in event["Records"]:
            order = json.loads(record["body"])
            if order["type"] == "new":
                accepted.append(orders.accept(order))
            elif order["type"] == "cancelled":
                orders.cancel(order["id"], order["topic"])
        return {"accepted": accepted}
    ```
    ```python orders.py
    import boto3

    table = boto3.resource("dynamodb").Table("orders")


    def accept(order):
        table.put_item(Item=order)
        return order["id"]


    def cancel(identifier, topic):
        table.delete_item(Key={"id": identifier})
    ```

    A long literal is no logic:

    ```python
    import boto3

    mail = boto3.client("ses")


    def lambda_handler(event, context):
        mail.send_email(
            Source=event["from"],
            Destination={
                "ToAddresses": [
                    event["to"],
                ],
            },
            Message={
                "Subject": {
                    "Data": "Hello",
                },
                "Body": {
                    "Text": {
                        "Data": "Hello",
                    },
                },
            },
        )
    ```

    The same in JavaScript, and flat dispatch:

    ```javascript
    const orders = require("./orders");

    exports.handler = async (event) => {
      console.log("received", event.Records.length);
      if (!event.Records.length) {
        return { accepted: [] };
      }
      const accepted = await Promise.all(event.Records.map(async (record) => {
        const order = JSON.parse(record.body);
        switch (order.type) {
          case "new":
            return orders.accept(order);
          case "cancelled":
            return orders.cancel(order.id);
          default:
            throw new Error(`unknown type ${order.type}`);
        }
      }));
      return { accepted };
    };
    ```
    ```javascript orders.js
    exports.accept = async (order) => order.id;
    exports.cancel = async (id) => id;
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    found = shape(handler)
    if found.weight > context.integer("max-weight"):
        yield finding(
            handler,
            f"{handler.display} does the work itself, in {found.lines} lines and {found.branches} branches: move it "
            "into functions that take plain arguments, so that it can be tested without an event",
        )
