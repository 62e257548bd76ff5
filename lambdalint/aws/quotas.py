"""Lambda's quotas and value ranges, as of 2026-11-22.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and the CloudFormation schemas.
"""

from __future__ import annotations

MAX_LAYERS = 5
