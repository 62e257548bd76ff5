"""Reads orders from the queue, fulfils them, and files the result."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
bucket = boto3.resource("s3").Bucket(os.environ["BUCKET"])


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            fulfil(json.loads(record["body"]))
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def fulfil(order):
    table.update_item(
        Key={"id": order["id"]},
        UpdateExpression="SET #status = :done",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":done": "fulfilled"},
    )
    bucket.put_object(Key=f"fulfilled/{order['id']}.json", Body=json.dumps(order))
