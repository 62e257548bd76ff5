"""What CloudFormation sends to the functions behind custom resources.

Source: "Custom resource request types" in the CloudFormation User Guide, read in November 2026.
"""

from __future__ import annotations

RESPONSE_URL = "ResponseURL"
"""Where the answer to CloudFormation goes."""

REQUEST_KEYS = frozenset(("RequestType", RESPONSE_URL, "ResourceProperties", "OldResourceProperties"))
"""Keys of the request that no other event source sends."""
