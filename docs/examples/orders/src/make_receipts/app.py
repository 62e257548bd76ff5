"""Writes a receipt for each order that is filed in the bucket."""

import json
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        order = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])
        s3.put_object(Bucket=bucket, Key=key.replace(".json", ".txt"), Body=receipt(order))


def receipt(order):
    lines = [f"{item['name']}: {item['price']}" for item in order["items"]]
    return "\n".join(lines)
