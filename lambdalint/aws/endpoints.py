"""Addresses within texts, and which of them name something that is deployed: told by the form of the host alone.

The forms of AWS's hosts are those of the services' guides and of botocore's endpoint data, as of 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.aws.regions import REGION, is_region
from lambdalint.regex import regex

if TYPE_CHECKING:
    from ipaddress import IPv4Address

MAX_TEXT = 20_000

_URL = regex(r"\b([a-z][a-z0-9+.-]{0,20})://([^\s/\"'<>()\\`?#]{1,300})([/?#][^\s\"'<>()\\`]{0,500})?", re.IGNORECASE)
_HOST = regex(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62})){1,12}\.?", re.IGNORECASE)
_S3 = regex(r"s3[an]?://([a-z0-9][a-z0-9.-]{2,62})(?:/|\Z)")
_S3_SERVICE = regex(rf"s3(?:-website|-accelerate|-control|-accesspoint)?(?:[.-]dualstack)?(?:-{REGION})?")
_BUCKET = regex(r"[a-z0-9][a-z0-9.-]{2,62}")
_USER_POOL = regex(rf"/({REGION}_[A-Za-z0-9]{{6,20}})(?:/|\Z)")
_QUEUE = regex(r"/[0-9]{12}/[A-Za-z0-9_-]{1,80}(?:\.fifo)?\Z")
_PRINCIPAL = regex(r"[a-z-]+\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")  # events.rds.amazonaws.com, in policies
_DNS = ("amazonaws.com.cn", "amazonaws.com", "amazonaws.eu", "api.aws")

_WITH_ID = {
    "execute-api": "API",
    "appsync-api": "GraphQL API",
    "appsync-realtime-api": "GraphQL API",
    "rds": "database host",
    "docdb": "database host",
    "docdb-elastic": "database host",
    "neptune": "database host",
    "redshift": "database host",
    "redshift-serverless": "database host",
    "cache": "cache host",
    "memorydb": "cache host",
    "dax-clusters": "cache host",
    "es": "search domain",
    "aoss": "search collection",
    "kafka": "broker",
    "kafka-serverless": "broker",
    "mq": "broker",
    "iot": "IoT endpoint",
    "elb": "load balancer",
    "compute": "machine",
    "compute-1": "machine",
    "efs": "file system",
    "mediaconvert": "MediaConvert endpoint",
    "vpce": "VPC endpoint",
    "transfer": "transfer server",
    "grafana-workspace": "workspace",
}
"""Services whose hosts begin with the id of what was deployed, in front of the Region or behind it."""

_OF_NOBODY = frozenset(
    ("data", "data-ats", "credentials", "jobs", "data.jobs", "api", "runtime", "www", "prod", "beta")
)
_SUFFIXES = (
    (".cloudfront.net", "distribution"),
    (".on.aws", "function URL"),
    (".elasticbeanstalk.com", "environment"),
    (".amplifyapp.com", "Amplify app"),
    (".awsapprunner.com", "App Runner service"),
    (".awsglobalaccelerator.com", "accelerator"),
    (".awsapps.com", "sign-in page"),
)
_PUBLIC_HOSTS = ("truststore.pki.rds.amazonaws.com", "petstore.execute-api.", "d2908q01vomqb2.cloudfront.net")
"""Beginnings of hosts of AWS's own that look like a customer's."""

_PUBLIC_BUCKETS = (
    "amazon",
    "aws",
    "cloudformation-",
    "ec2-downloads",
    "elasticbeanstalk-",
    "elasticmapreduce",
    "lambda-insights-extension",
    "rds-downloads",
    "repo.",
)
"""Beginnings of the names of buckets of AWS's own that are offered to all."""

_INTERNAL = (".internal", ".local", ".lan", ".corp", ".intranet", ".localdomain")
_OWN_MACHINE = frozenset(
    (
        "host.docker.internal",
        "gateway.docker.internal",
        "kubernetes.docker.internal",
        "docker.for.mac.localhost",
        "metadata.google.internal",
        "sandbox.localdomain",
        "localhost.localdomain",
        "localhost",
    )
)
_DATABASE_SCHEMES = frozenset(
    (
        "postgres",
        "postgresql",
        "mysql",
        "mariadb",
        "mongodb",
        "mongodb+srv",
        "redis",
        "rediss",
        "amqp",
        "amqps",
        "mssql",
        "oracle",
        "cassandra",
        "neo4j",
        "bolt",
        "ldap",
        "ldaps",
        "kafka",
        "mqtt",
        "mqtts",
        "smb",
        "sftp",
    )
)
_DATABASE_PORTS = frozenset((1433, 1521, 3306, 5432, 5439, 5671, 5672, 6379, 8182, 9092, 9094, 9096, 9098, 9200, 27017))
_SAMPLE_DOMAINS = ("example.com", "example.org", "example.net", "example.edu", ".example", ".test", ".invalid")
_WELL_KNOWN = frozenset(("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "172.17.0.1", "255.255.255.255"))


class Endpoint(Struct, frozen=True):
    """An address of something deployed: a word for it, and its host, with a path where that names it."""

    what: str
    address: str


class Address(Struct, frozen=True):
    """A URL in a text: its parts as written."""

    scheme: str
    authority: str
    path: str

    @property
    def host(self) -> str:
        """The host in small letters, without user and port."""
        return self.authority.rpartition("@")[2].partition(":")[0].lower().rstrip(".")


def addresses(text: str) -> Iterator[Address]:
    """The URLs in a text, in order."""
    if "://" in text:
        for match in _URL.finditer(text, 0, MAX_TEXT):
            scheme, authority, path = match.groups()
            yield Address(scheme.lower(), authority, path or "")


def deployed(text: str, is_whole: bool = True, names_host: bool = False) -> Iterator[Endpoint]:
    """The addresses in a text that name something deployed.

    ``is_whole``: nothing is put before or after the text at run time. ``names_host``: the text stands where a host is
    wanted, so that a bare name or IP address counts too.
    """
    found = False
    for address in addresses(text):
        found = True
        complete = is_whole or bool(address.path) or not text.endswith(address.authority)
        if complete:
            endpoint = _of_url(address)
            if endpoint is not None:
                yield endpoint
    bucket = _S3.match(text)
    complete = bucket is not None and (is_whole or bucket.group(0).endswith("/"))
    if bucket is not None and complete and not bucket.group(1).startswith(_PUBLIC_BUCKETS):
        yield Endpoint("bucket", f"s3://{bucket.group(1)}")
    if not found and is_whole and "." in text and len(text) < 300:
        endpoint = _of_bare_host(text.strip(), names_host)
        if endpoint is not None:
            yield endpoint


def region_of_service(url: str) -> str:
    """The Region in the URL of an AWS service's own endpoint (``https://sqs.eu-west-1.amazonaws.com``), or nothing."""
    for address in addresses(url):
        labels = _labels(address.host)
        if labels is not None and 1 < len(labels) <= 3 and is_region(labels[-1]) and labels[-2] not in _WITH_ID:
            return labels[-1]
    return ""


def is_local(url: str) -> bool:
    """Whether a URL or host leads to the machine itself or to a container beside it, as in local tests."""
    for address in addresses(url):
        return _is_own_machine(address.host) or "." not in address.host
    return _is_own_machine(url.partition(":")[0].lower())


def _of_url(address: Address) -> Endpoint | None:
    host = address.host
    if not host or host.startswith(_PUBLIC_HOSTS) or _is_own_machine(host) or _is_sample(host):
        return None
    ip = _ip_address(host)
    if ip is not None:
        return Endpoint("IP address", host) if _is_somebodys(ip) else None
    if _HOST.fullmatch(host) is None:
        return None
    known = _of_host(host, address.path)
    if known is not None:
        return known
    if host.endswith(_INTERNAL):
        return Endpoint("internal host", host)
    if address.scheme in _DATABASE_SCHEMES:
        return Endpoint("server", host)
    return None


def _of_bare_host(text: str, names_host: bool) -> Endpoint | None:
    host, colon, port = text.partition(":")
    host, slash, path = host.partition("/") if not colon else (host, "", "")
    host = host.lower()
    if host.startswith(_PUBLIC_HOSTS) or _is_own_machine(host) or _is_sample(host):
        return None
    ip = _ip_address(host)
    if ip is not None:
        is_address = names_host or (port.isdigit() and bool(colon))
        return Endpoint("IP address", host) if is_address and not slash and _is_somebodys(ip) else None
    if _HOST.fullmatch(host) is None:
        return None
    known = _of_host(host, f"/{path}" if slash else "")
    if known is not None:
        return known if not _PRINCIPAL.fullmatch(host) else None
    if colon and port.isdigit() and int(port) in _DATABASE_PORTS:
        return Endpoint("server", text)
    if names_host and host.endswith(_INTERNAL):
        return Endpoint("internal host", host)
    return None


def _of_host(host: str, path: str) -> Endpoint | None:
    """What a domain name stands for, where its form tells."""
    labels = _labels(host)
    if labels is not None:
        return _of_service(host, labels, path)
    for suffix, what in _SUFFIXES:
        if host.endswith(suffix) and host.count(".") >= 2 and host != f"www{suffix}":
            if suffix == ".on.aws" and ".lambda-url." not in host:
                continue
            return Endpoint(what, host)
    if host.endswith(".amazoncognito.com") and ".auth." in host:
        return Endpoint("user pool domain", host)
    return None


def _labels(host: str) -> list[str] | None:
    """The labels of a host before AWS's domain, or None for another domain."""
    for domain in _DNS:
        if host.endswith(f".{domain}"):
            return host[: -len(domain) - 1].split(".")
    return None


def _of_service(host: str, labels: list[str], path: str) -> Endpoint | None:
    if len(labels) > 1 and is_region(labels[-1]):
        labels = labels[:-1]
    service = labels[-1]
    if len(labels) > 1 and labels[-1] == "dualstack":
        labels = labels[:-1]
        service = labels[-1]
    if _S3_SERVICE.fullmatch(service):
        return _of_s3(host, labels[:-1], path)
    if service == "sqs" or labels == ["queue"]:
        return Endpoint("queue", f"{host}{path}") if _QUEUE.match(path) else None
    if service == "cognito-idp":
        pool = _USER_POOL.match(path)
        return Endpoint("user pool", pool.group(1)) if pool is not None else None
    owner = labels[:-1]
    if owner and is_region(owner[-1]):
        owner = owner[:-1]
    if not owner or service not in _WITH_ID or ".".join(owner) in _OF_NOBODY:
        return None
    return Endpoint(_WITH_ID[service], host)


def _of_s3(host: str, bucket: list[str], path: str) -> Endpoint | None:
    if bucket:
        return Endpoint("bucket", host) if not host.startswith(_PUBLIC_BUCKETS) else None
    name, slash, _ = path.lstrip("/").partition("/")
    if slash and _BUCKET.fullmatch(name) and not name.startswith(_PUBLIC_BUCKETS):
        return Endpoint("bucket", f"{host}/{name}")
    return None


def _ip_address(host: str) -> IPv4Address | None:
    if host.count(".") != 3:
        return None
    from ipaddress import IPv4Address

    try:
        return IPv4Address(host)
    except ValueError:
        return None


def _is_somebodys(ip: IPv4Address) -> bool:
    """Whether an address belongs to a machine that somebody runs, not to a range with a meaning of its own."""
    if str(ip) in _WELL_KNOWN or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    documentation = ("192.0.2.", "198.51.100.", "203.0.113.", "0.", "255.")
    return not str(ip).startswith(documentation)


def _is_own_machine(host: str) -> bool:
    return host in _OWN_MACHINE or host.startswith("127.") or host.endswith(".localhost") or host == "0.0.0.0"


def _is_sample(host: str) -> bool:
    return any(host == domain.lstrip(".") or host.endswith("." + domain.lstrip(".")) for domain in _SAMPLE_DOMAINS)
