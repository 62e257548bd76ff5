"""Python that is generated: handlers of 30 to 150 lines, and what they share."""

from __future__ import annotations

from random import Random

from tools.bench.words import NOUNS, VERBS

EVENTS = ("api", "queue", "schedule", "bucket")

LAYER = {
    "python/shared/__init__.py": '"""What all functions share."""\n',
    "python/shared/logs.py": '''"""Structured logs."""

import json
import logging
import os


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record):
        entry = {
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        extra = getattr(record, "fields", None)
        if isinstance(extra, dict):
            entry.update(extra)
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def get_logger(name):
    """A logger at the level that the environment names."""
    logger = logging.getLogger(name)
    logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    return logger
''',
    "python/shared/replies.py": '''"""Answers to API Gateway."""

import json
from decimal import Decimal

HEADERS = {"Content-Type": "application/json"}


def plain(value):
    """What JSON can hold."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set):
        return sorted(value)
    return str(value)


def ok(body, status=200):
    """An answer with a body."""
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body, default=plain)}


def failed(status, message):
    """An answer that says what went wrong."""
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps({"message": message})}
''',
    "python/shared/retries.py": '''"""Waiting between tries."""

import random
import time


def delays(tries, base=0.05, limit=2.0):
    """How long to wait before each further try, in seconds."""
    for number in range(tries):
        yield min(limit, base * 2**number) * (0.5 + random.random() / 2)


def retried(call, tries=4, on=Exception):
    """What a call gives, tried again where it fails."""
    error = None
    for delay in delays(tries):
        try:
            return call()
        except on as caught:
            error = caught
            time.sleep(delay)
    raise error
''',
}
"""The files of the layer that all services share."""


def common(service: str, random: Random) -> str:
    """A module that lies beside the handlers of a service."""
    noun = random.choice(NOUNS)
    parts = [
        f'"""What the functions of {service} have in common."""\n',
        "import hashlib\nimport re\nfrom dataclasses import dataclass, field\n"
        "from datetime import datetime, timezone\n",
        f'ALLOWED = re.compile(r"^[a-z0-9-]{{{random.randrange(3, 9)},{random.randrange(24, 64)}}}$")\n'
        f"MAX_ITEMS = {random.randrange(10, 500)}\n\n",
        f'''@dataclass
class {noun.title()}:
    """One {noun}, as it is stored."""

    identifier: str
    owner: str
    state: str = "new"
    tags: dict = field(default_factory=dict)
    changed: str = ""

    def key(self):
        return {{"pk": f"{noun}#{{self.owner}}", "sk": self.identifier}}

    def item(self):
        return {{**self.key(), "state": self.state, "tags": self.tags, "changed": self.changed or now()}}

    @classmethod
    def of(cls, item):
        owner = item["pk"].partition("#")[2]
        return cls(item["sk"], owner, item.get("state", "new"), item.get("tags", {{}}), item.get("changed", ""))

''',
        '''
def now():
    """The time, as it is stored."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def checked(name):
    """A name that is allowed; fails for others."""
    if not isinstance(name, str) or not ALLOWED.match(name):
        raise ValueError(f"not a name: {name!r}")
    return name


def token(*parts):
    """What makes a request the same request."""
    return hashlib.sha256("\\0".join(map(str, parts)).encode()).hexdigest()[:32]


def batches(items, size=25):
    """Items in groups that one call takes."""
    group = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
''',
    ]
    for _ in range(random.randrange(1, 5)):
        parts.append(_helper(random))
    return "\n".join(parts)


def handler(name: str, service: str, event: str, lines: int, random: Random, flawed: bool = False) -> str:
    """A handler module of about so many lines; a flawed one reads a variable that no template sets."""
    noun = random.choice(NOUNS)
    code = [
        f'"""{name}: what happens to each {noun} of {service}."""\n',
        "import json\nimport os\nfrom decimal import Decimal\n",
        "import boto3\nfrom botocore.exceptions import ClientError\n",
        "from common import batches, checked, now, token\nfrom shared.logs import get_logger\n"
        + ("from shared.replies import failed, ok\n" if event == "api" else "from shared.retries import retried\n"),
        'LOGGER = get_logger(__name__)\nTABLE_NAME = os.environ["TABLE_NAME"]\n'
        'TOPIC_ARN = os.environ["TOPIC_ARN"]\nSTAGE = os.environ.get("STAGE", "dev")',
    ]
    if flawed:
        code.append(f'PARTNER_URL = os.environ["PARTNER_{noun.upper()}_URL"]')
    code.append('\nTABLE = boto3.resource("dynamodb").Table(TABLE_NAME)\nSNS = boto3.client("sns")')
    if event == "bucket" or random.random() < 0.3:
        code.append('S3 = boto3.client("s3")')
    code.append("\n" + _store(noun))
    while sum(part.count("\n") + 1 for part in code) < lines - 28:
        code.append(_helper(random))
    code.append(_entry(event, noun))
    return "\n".join(code)


def _store(noun: str) -> str:
    return f'''
def store_{noun}(identifier, owner, fields):
    """Stores one {noun}; tells whether it was new."""
    item = {{"pk": f"{noun}#{{owner}}", "sk": identifier, "changed": now(), **fields}}
    try:
        TABLE.put_item(Item=item, ConditionExpression="attribute_not_exists(sk)")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        LOGGER.info("known already: %s", identifier)
        return False
    SNS.publish(TopicArn=TOPIC_ARN, Message=json.dumps({{"id": identifier, "kind": "{noun}", "stage": STAGE}}))
    return True
'''


def _helper(random: Random) -> str:
    verb, noun, other = random.choice(VERBS), random.choice(NOUNS), random.choice(NOUNS)
    number = random.randrange(1000)
    head = f"\ndef {verb}_{noun}_{number}"
    return head + random.choice(
        (
            f'''(items, limit={random.randrange(5, 90)}):
    """The {noun} items that count, newest first."""
    kept = [item for item in items if item.get("state") not in ("gone", "{other}")]
    kept.sort(key=lambda item: item.get("changed", ""), reverse=True)
    totals = {{}}
    for item in kept[:limit]:
        owner = item["pk"].partition("#")[2]
        totals[owner] = totals.get(owner, Decimal(0)) + Decimal(str(item.get("amount", 0)))
    return kept[:limit], totals
''',
            f'''(body):
    """A {noun} as a request has it; fails with what is missing."""
    missing = [name for name in ("id", "owner", "{other}") if name not in body]
    if missing:
        raise ValueError("missing: " + ", ".join(missing))
    fields = {{
        "{other}": str(body["{other}"])[:{random.randrange(50, 500)}],
        "amount": Decimal(str(body.get("amount", 0))),
        "currency": body.get("currency", "EUR").upper(),
        "notes": [str(note).strip() for note in body.get("notes", []) if note],
    }}
    if fields["amount"] < 0:
        raise ValueError("an amount can't be negative")
    return checked(body["id"]), checked(body["owner"]), fields
''',
            f'''(text, width={random.randrange(40, 120)}):
    """Lines of a {noun} for people."""
    lines, current = [], ""
    for word in str(text).split():
        if current and len(current) + len(word) + 1 > width:
            lines.append(current)
            current = word
        elif current:
            current = f"{{current}} {{word}}"
        else:
            current = word
    if current:
        lines.append(current)
    return "\\n".join(lines)
''',
            f'''(before, after):
    """What has changed between two {noun} items."""
    changes = {{}}
    for name in sorted(set(before) | set(after)):
        old, new = before.get(name), after.get(name)
        if old == new or name in ("changed", "{other}"):
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            changes[name] = {verb}_{noun}_{number}(old, new)
        elif old is None:
            changes[name] = {{"added": new}}
        elif new is None:
            changes[name] = {{"removed": old}}
        else:
            changes[name] = {{"from": old, "to": new}}
    return changes
''',
        )
    )


def _entry(event: str, noun: str) -> str:
    if event == "api":
        return f'''
def lambda_handler(event, context):
    """Takes a request for a {noun}."""
    LOGGER.info("request %s", context.aws_request_id)
    try:
        body = json.loads(event.get("body") or "{{}}")
        identifier, owner = checked(body["id"]), checked(body["owner"])
    except (KeyError, ValueError) as error:
        return failed(400, str(error))
    fields = {{name: value for name, value in body.items() if name not in ("id", "owner")}}
    fields["token"] = token(identifier, owner, json.dumps(fields, sort_keys=True))
    try:
        is_new = store_{noun}(identifier, owner, fields)
    except ClientError:
        LOGGER.exception("could not store")
        return failed(503, "try again")
    return ok({{"id": identifier, "new": is_new}}, 201 if is_new else 200)
'''
    if event == "queue":
        return f'''
def lambda_handler(event, context):
    """Takes messages about {noun} items; those that fail come again."""
    failures = []
    for record in event["Records"]:
        try:
            body = json.loads(record["body"])
            retried(lambda body=body: store_{noun}(body["id"], body["owner"], body.get("fields", {{}})))
        except Exception:
            LOGGER.exception("failed: %s", record["messageId"])
            failures.append({{"itemIdentifier": record["messageId"]}})
    return {{"batchItemFailures": failures}}
'''
    if event == "bucket":
        return f'''
def lambda_handler(event, context):
    """Reads what was laid into the bucket, a {noun} a line."""
    from urllib.parse import unquote_plus

    count = 0
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        body = S3.get_object(Bucket=bucket, Key=key)["Body"]
        for group in batches(body.iter_lines()):
            for line in group:
                item = json.loads(line)
                count += retried(lambda item=item: store_{noun}(item["id"], item["owner"], item))
    LOGGER.info("%s new", count)
'''
    return f'''
def lambda_handler(event, context):
    """Looks through all {noun} items, as the schedule says."""
    page = TABLE.scan(Limit=100)
    seen = 0
    while True:
        for group in batches(page.get("Items", [])):
            for item in group:
                retried(lambda item=item: store_{noun}(item["sk"], item["pk"], {{"seen": now()}}))
                seen += 1
        if "LastEvaluatedKey" not in page or context.get_remaining_time_in_millis() < 10_000:
            break
        page = TABLE.scan(Limit=100, ExclusiveStartKey=page["LastEvaluatedKey"])
    LOGGER.info("%s seen", seen, extra={{"fields": {{"token": token(seen, STAGE)}}}})
'''
