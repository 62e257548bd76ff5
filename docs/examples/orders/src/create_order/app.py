"""POST /orders: stores an order and queues it."""

import json
import os
import uuid

import boto3


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    queue = boto3.client("sqs", region_name="eu-west-1")

    order = {"id": str(uuid.uuid4()), **json.loads(event["body"])}
    table.put_item(Item=order)
    queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(order))

    return {"statusCode": 201, "body": json.dumps({"id": order["id"]})}
