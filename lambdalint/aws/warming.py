"""How functions are kept warm by hand: by events that do nothing but keep an execution environment.

Names from what is used for it, read in November 2026: serverless-plugin-warmup 8.3 (``source`` is its own name),
lambda-warmer 2.2 (``warmer``, ``concurrency``), @middy/warmup 7, AWS Amplify's ``keepWarm``. What to use instead:
https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html and snapstart.html (August to October 2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lambdalint.regex import regex

OFTEN_MINUTES = 15
"""A schedule that runs as often as this can keep a function warm."""

WORDS = regex(r"warm|keep[-_ ]?alive|cold[-_ ]?start|\bping(er)?\b|heart[-_ ]?beat", re.IGNORECASE)
"""What schedules and events that keep functions warm are called."""

PAUSES = frozenset(("time.sleep", "asyncio.sleep", "setTimeout"))
"""What is called so that other environments are kept busy meanwhile."""

LIBRARIES: Mapping[str, str] = {"lambda-warmer": "warmer"}
"""Node.js: packages that answer such events, called with the event, and the key that they look for."""
