"""How bucket notifications write the keys of objects, and which arguments of SDK calls take keys.

The key of a notification is URL-encoded, with ``+`` for a space; that of an EventBridge event is not. Sources:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html, read in November 2026. Powertools for Python
3.37.0 gives ``S3Record.s3.get_object.key`` and its parser's ``S3Model`` as they come, ``S3Event.object_key`` decoded.
"""

from __future__ import annotations

ENCODED_KEYS: tuple[tuple[str, ...], ...] = (
    ("Records", "*", "s3", "object", "key"),
    ("records", "*", "s3", "get_object", "key"),
)
"""Where an event holds an encoded key: the ends of paths, as notifications also come inside of messages."""

KEEPS_ENCODED = frozenset(("@strip", "@lstrip", "@rstrip", "@lower", "@upper"))
"""Steps on the way from the event after which a key is still encoded."""

KEEPS_PLUS = frozenset(("@unquote",))
"""Steps that decode a key but leave ``+`` as it is."""

OBJECT_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "s3": (("Key",), ("CopySource", "Key"), ("Delete", "Objects", "*", "Key")),
    "rekognition": (
        ("Image", "S3Object", "Name"),
        ("SourceImage", "S3Object", "Name"),
        ("TargetImage", "S3Object", "Name"),
        ("Video", "S3Object", "Name"),
    ),
    "textract": (("Document", "S3Object", "Name"), ("DocumentLocation", "S3Object", "Name")),
    "transcribe": (("Media", "MediaFileUri"),),
}
"""The arguments of a service's operations that are keys of objects, or hold them, as they are. What is a URL has to be
encoded, as a copy source that is a string has to be: that is none of them."""

NORMALIZERS = frozenset(("@middy/s3-key-normalizer", "@middy/event-normalizer", "@middy/s3-object-response"))
"""Middleware that decodes the keys of an event before the handler sees it."""
