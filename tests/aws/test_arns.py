from __future__ import annotations

import pytest

from lambdalint.aws.arns import account_in_piece, account_in_url, arns, is_account


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:sns:eu-west-1:210987654321:orders",
        "arn:aws-cn:iam::210987654321:role/reader",
        "arn:aws:sns:{}:210987654321:orders",
        "arn:aws:iam::XXXXXXXXXXXX:role/reader",
        "arn:aws:mq:us-west-2:<account-id>:broker:orders",
        '{"Resource": "arn:aws:dynamodb:eu-west-1:210987654321:table/orders"}',
    ],
)
def test_arns_of_an_account(text: str) -> None:
    assert [arn.has_account for arn in arns(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:execute-api:*:*:*/prod/GET/*",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:bedrock:us-east-1::foundation-model/model-v1:0",
        "arn:aws:lambda:eu-west-1:017000801446:layer:Powertools:1",
        "arn:aws:serverlessrepo:us-east-1:451282441545:applications/tuning",
        "arn:aws:sqs:eu-west-1:000000000000:orders",
        "arn:aws:iam::{}:role/reader",
    ],
)
def test_arns_of_nobody(text: str) -> None:
    assert [arn.has_account for arn in arns(text)] == [False]


def test_text_without_arn() -> None:
    assert list(arns("barn:aws:x:y:z:q and arn: alone")) == []


@pytest.mark.parametrize(
    ("text", "bucket"),
    [
        ("arn:aws:s3:::orders-archive/*", "orders-archive"),
        ("arn:aws:s3:::orders-archive", "orders-archive"),
        ("arn:aws:s3:::*", ""),
        ("arn:aws:s3:::aws-codedeploy-us-east-2/*", ""),
        ("arn:aws:s3:eu-west-1:210987654321:accesspoint/orders", ""),
    ],
)
def test_buckets(text: str, bucket: str) -> None:
    assert [arn.bucket for arn in arns(text)] == [bucket]


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("https://console.aws.amazon.com/codesuite/codebuild/210987654321/projects/orders", "210987654321"),
        ("https://eu-west-1.console.aws.amazon.com/states/home?id=210987654321", "210987654321"),
        ("https://210987654321.signin.aws.amazon.com/console", "210987654321"),
        ("210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders:1", "210987654321"),
        ("https://console.aws.amazon.com/lambda/home?region=eu-west-1", ""),
        ("https://sqs.eu-west-1.amazonaws.com/210987654321/orders", ""),
        ("https://shop.io/orders/210987654321", ""),
    ],
)
def test_accounts_in_urls(text: str, account: str) -> None:
    assert account_in_url(text) == account


def test_pieces_of_arns() -> None:
    assert account_in_piece(":210987654321:orders") == "210987654321"
    assert account_in_piece(":210987654321") == ""
    assert account_in_piece("12:210987654321:orders") == ""


def test_account_ids() -> None:
    assert is_account("210987654321")
    assert not is_account("000000000000")
    assert not is_account("2109876543210")
