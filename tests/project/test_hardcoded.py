from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.finding import Finding, Level
from tests.support import report, write

CODES = ("LL201", "LL202", "LL203", "LL204", "LL205", "LL206", "LL207", "LL210")
TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      OrdersTable:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: orders}
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src
"""
ENVIRONMENT = """
          Environment:
            Variables:
              TABLE: !Ref OrdersTable
              QUEUE: orders-queue
"""
START = """
    import os
    import boto3
"""


def check(folder: Path, code: str, template: str = TEMPLATE, level: Level = Level.REGULAR) -> list[Finding]:
    body = START + "\n" + code
    write(folder, {"template.yaml": template, "src/app.py": body})
    return list(report(folder, *CODES, level=level).findings)


def test_each_literal_is_said_once(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    TABLE = "orders"
    QUEUE = "https://sqs.eu-west-1.amazonaws.com/210987654321/orders"
    TOPIC = "arn:aws:sns:eu-west-1:210987654321:orders"

    def handler(event, context):
        for table in ("get_item", "put_item"):
            boto3.client("dynamodb").get_item(TableName=TABLE, Key={})
            boto3.client("dynamodb").put_item(TableName=TABLE, Item={})
        boto3.client("sqs").send_message(QueueUrl=QUEUE, MessageBody="")
        boto3.client("sns").publish(TopicArn=TOPIC, Message="")
    """,
    )
    assert [item.code for item in found] == ["LL205", "LL204", "LL201"]
    assert "the template" in found[0].related[0].label and len(found[0].related) == 3


def test_names_the_variable_that_is_there(tmp_path: Path) -> None:
    code = """
    def handler(event, context):
        boto3.client("dynamodb").get_item(TableName="orders", Key={})
        boto3.client("sqs").get_queue_url(QueueName="orders-queue")
    """
    missing = check(tmp_path / "missing", code)
    assert "add ORDERS_TABLE: !Ref OrdersTable" in missing[0].message
    assert 'os.environ["ORDERS_TABLE"]' in missing[0].message
    present = check(tmp_path / "present", code, TEMPLATE.rstrip() + ENVIRONMENT)
    assert 'read os.environ["TABLE"]' in present[0].message
    assert 'read os.environ["QUEUE"]' in present[1].message


def test_a_name_counts_only_for_its_kind(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    def handler(event, context):
        boto3.client("s3").get_object(Bucket="orders", Key="orders")
    """,
    )
    assert [item.code for item in found] == ["LL203"]


@pytest.mark.parametrize(
    "code",
    [
        'table = os.environ.get("TABLE", "customers")',
        'table = os.environ.get("TABLE") or "customers"',
        'table = "customers" if event else os.environ["TABLE"]',
        'table = f"customers-{event}"',
        'table = "customers-" + os.environ["STAGE"]',
        'table = event.get("table", "customers")',
        'table = config["table"]',
        'table = ""',
    ],
)
def test_names_that_are_not_wholly_literal(tmp_path: Path, code: str) -> None:
    found = check(
        tmp_path,
        f"""
    def handler(event, context):
        {code}
        boto3.client("dynamodb").get_item(TableName=table, Key={{}})
    """,
    )
    assert found == []


def test_either_of_two_literals(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    def handler(event, context):
        table = "customers" if event else "visitors"
        boto3.client("dynamodb").get_item(TableName=table, Key={})
    """,
    )
    assert [item.code for item in found] == ["LL203", "LL203"]


def test_edge_functions_have_no_environment(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    client = boto3.client("dynamodb", region_name="eu-west-1")
    TOPIC = "arn:aws:sns:eu-west-1:210987654321:orders"
    PASSWORD = "Tr0ub4dor&3"

    def handler(event, context):
        request = event["Records"][0]["cf"]["request"]
        client.get_item(TableName="customers", Key={})
        return request
    """,
    )
    assert [item.code for item in found] == ["LL206"]


def test_what_looks_random_is_for_auditors(tmp_path: Path) -> None:
    code = """
    def handler(event, context):
        return {"trace": "q7Wm2Xc9Lk4Tz8Rb3Vn6Yh1Jd5Gf0Ps7"}
    """
    template = TEMPLATE.rstrip() + ENVIRONMENT + "              TRACE: q7Wm2Xc9Lk4Tz8Rb3Vn6Yh1Jd5Gf0Ps7\n"
    assert check(tmp_path, code, template) == []
    found = check(tmp_path, code, template, Level.AUDITOR)
    assert [item.code for item in found] == ["LL206", "LL207"]
    assert all("q7Wm…" in item.message and "Xc9" not in item.message for item in found)


def test_secrets_are_not_repeated_in_messages(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    def handler(event, context, password="Tr0ub4dor&3"):
        return "mysql://shop:k8Jw2-vq91Lz@db.mycompany.io/orders"
    """,
    )
    assert [item.code for item in found] == ["LL206", "LL206"]
    assert not any("Tr0ub" in item.message or "k8Jw2" in item.message for item in found)


def test_in_cdk_there_is_no_template_to_edit(tmp_path: Path) -> None:
    template = TEMPLATE.replace(
        "        Properties: {TableName: orders}",
        "        Properties: {TableName: orders}\n        Metadata: {aws:cdk:path: Stack/Orders/Resource}",
    )
    found = check(
        tmp_path,
        """
    def handler(event, context):
        boto3.client("dynamodb").get_item(TableName="orders", Key={})
    """,
        template,
    )
    assert "!Ref" not in found[0].message and "construct" in found[0].message


def test_reserved_names_in_code_warn(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        """
    os.environ["AWS_REGION"] = "eu-west-1"

    def handler(event, context):
        return None
    """,
    )
    assert [(item.code, item.severity and item.severity.value) for item in found] == [("LL210", "warning")]
