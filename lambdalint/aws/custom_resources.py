"""What CloudFormation sends to the functions behind custom resources.

Source: "Custom resource request types" in the CloudFormation User Guide, read in November 2026.
"""

from __future__ import annotations

REQUEST_KEYS = frozenset(("RequestType", "ResponseURL", "ResourceProperties", "OldResourceProperties"))
"""Keys of the request that no other event source sends."""
