"""Words that names are made of."""

from __future__ import annotations

_VERBS = "create update expire collect settle render import export notify archive merge resolve publish sort"
_NOUNS = """
order invoice parcel customer ticket report payment refund coupon shipment product review session message
balance contract delivery device label meter
"""
VERBS = tuple(_VERBS.split())
NOUNS = tuple(_NOUNS.split())
