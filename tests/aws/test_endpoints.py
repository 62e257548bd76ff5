from __future__ import annotations

import pytest

from lambdalint.aws.endpoints import deployed, is_local, region_of_service
from lambdalint.aws.regions import is_region


def what(text: str, is_whole: bool = True, names_host: bool = False) -> list[str]:
    return [endpoint.what for endpoint in deployed(text, is_whole, names_host)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod", "API"),
        ("wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod", "API"),
        ("a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", "API"),
        ("https://abcd.appsync-api.eu-west-1.amazonaws.com/graphql", "GraphQL API"),
        ("https://abcdef.lambda-url.eu-west-1.on.aws/", "function URL"),
        ("orders.c9akciq32abc.eu-west-1.rds.amazonaws.com", "database host"),
        ("orders.cluster-c9akciq32abc.eu-west-1.docdb.amazonaws.com:27017", "database host"),
        ("jdbc:postgresql://orders.c9akciq32abc.eu-west-1.rds.amazonaws.com:5432/orders", "database host"),
        ("orders.abc123.0001.euw1.cache.amazonaws.com", "cache host"),
        ("https://search-orders-abc.eu-west-1.es.amazonaws.com", "search domain"),
        ("b-1.orders.abc.c2.kafka.eu-west-1.amazonaws.com:9092", "broker"),
        ("abc123-ats.iot.eu-west-1.amazonaws.com", "IoT endpoint"),
        ("http://orders-1234.eu-west-1.elb.amazonaws.com", "load balancer"),
        ("http://orders-1234.elb.eu-west-1.amazonaws.com", "load balancer"),
        ("https://ec2-1-2-3-4.compute-1.amazonaws.com", "machine"),
        ("https://orders.s3.amazonaws.com/x.png", "bucket"),
        ("https://orders.s3-eu-west-1.amazonaws.com/x.png", "bucket"),
        ("https://orders.s3.dualstack.eu-west-1.amazonaws.com/x.png", "bucket"),
        ("http://orders.s3-website-us-east-1.amazonaws.com", "bucket"),
        ("http://orders.s3-website.eu-central-1.amazonaws.com", "bucket"),
        ("https://s3.eu-west-1.amazonaws.com/orders/x.png", "bucket"),
        ("s3://orders/x.png", "bucket"),
        ("https://sqs.eu-west-1.amazonaws.com/210987654321/orders.fifo", "queue"),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123", "user pool"),
        ("https://shop.auth.eu-west-1.amazoncognito.com/login", "user pool domain"),
        ("https://d111111abcdef8.cloudfront.net", "distribution"),
        ("https://main.d1234.amplifyapp.com", "Amplify app"),
        ("http://10.1.2.3:8080", "IP address"),
        ("10.1.2.3:5432", "IP address"),
        ("http://54.1.2.3/", "IP address"),
        ("http://orders.shop.internal/", "internal host"),
        ("redis://cache.mycompany.io:6379", "server"),
        ("db.mycompany.io:3306", "server"),
        ("<a href='https://orders.s3.amazonaws.com/x'>orders</a>", "bucket"),
    ],
)
def test_deployed(text: str, expected: str) -> None:
    assert what(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "orders",
        "http://www.w3.org/2001/XMLSchema",
        "https://json-schema.org/draft-07/schema#",
        "https://docs.aws.amazon.com/lambda/",
        "https://github.com/owner/repository",
        "https://api.openweathermap.org/data",
        "https://example.com/orders",
        "https://www.example.org",
        "postgresql://db.example.com/orders",
        "http://localhost:8000",
        "http://127.0.0.1:9001/2018-06-01/runtime",
        "http://host.docker.internal:8000",
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.100.1/",
        "http://192.0.2.1/",
        "http://0.0.0.0:8080",
        "https://sts.amazonaws.com",
        "https://sqs.eu-west-1.amazonaws.com",
        "https://s3.amazonaws.com/",
        "https://queue.amazonaws.com",
        "https://data.iot.eu-west-1.amazonaws.com",
        "https://checkip.amazonaws.com",
        "https://ip-ranges.amazonaws.com/ip-ranges.json",
        "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
        "https://s3.amazonaws.com/rds-downloads/rds-combined-ca-bundle.pem",
        "http://petstore.execute-api.us-east-1.amazonaws.com/petstore/pets",
        "events.rds.amazonaws.com",
        "logging.s3.amazonaws.com",
        "es.amazonaws.com",
        "lambda.amazonaws.com",
        "s3://aws-glue-datasets-us-east-1/examples",
        "10.0.0.0/16",
        "10.1.2.3",
        "1.2.3.4.5",
        "module.name.internal",
        "https://{}.execute-api.eu-west-1.amazonaws.com",
        "https://%s.s3.amazonaws.com/x",
        "mail.smtp.auth",
        "https://[::1]/",
        "://",
    ],
)
def test_not_deployed(text: str) -> None:
    assert what(text) == []


def test_a_host_is_incomplete_at_the_end_of_a_piece() -> None:
    assert what("https://orders.s3.amazonaws.com", is_whole=False) == []
    assert what("https://orders.s3.amazonaws.com/", is_whole=False) == ["bucket"]
    assert what("s3://orders", is_whole=False) == []
    assert what(".execute-api.eu-west-1.amazonaws.com", is_whole=False) == []


def test_bare_addresses_count_where_a_host_is_wanted() -> None:
    assert what("10.1.2.3", names_host=True) == ["IP address"]
    assert what("orders.shop.internal", names_host=True) == ["internal host"]
    assert what("127.0.0.1", names_host=True) == []
    assert what("8.8.8.8", names_host=True) == []


def test_regions_of_service_endpoints() -> None:
    assert region_of_service("https://sqs.eu-west-1.amazonaws.com") == "eu-west-1"
    assert region_of_service("https://bedrock-runtime.us-east-1.amazonaws.com") == "us-east-1"
    assert region_of_service("https://sts.amazonaws.com") == ""
    assert region_of_service("https://a1b2.execute-api.eu-west-1.amazonaws.com") == ""
    assert region_of_service("eu-west-1") == ""


def test_local_endpoints() -> None:
    assert is_local("http://localhost:4566")
    assert is_local("http://dynamodb:8000")
    assert is_local("http://host.docker.internal:8000")
    assert is_local("127.0.0.1:6379")
    assert not is_local("https://sqs.eu-west-1.amazonaws.com")


@pytest.mark.parametrize("name", ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1", "eusc-de-east-1"])
def test_regions(name: str) -> None:
    assert is_region(name)


@pytest.mark.parametrize("name", ["", "us-east", "us-east-1a", "eu-west-1 ", "us-1", "aws-global", "no-where-1"])
def test_not_regions(name: str) -> None:
    assert not is_region(name)
