"""Deletes orders that were never paid."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    for order in table.scan()["Items"]:
        if order.get("status") == "unpaid":
            table.delete_item(Key={"id": order["id"]})
