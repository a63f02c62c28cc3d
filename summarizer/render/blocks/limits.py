"""What Slack takes in one message.

The numbers are those of Slack's reference of Block Kit and of the checks in slack_sdk, but for
``MESSAGE``: that limit is not documented. Messages of about 13,200 characters were seen to be
refused (``msg_blocks_too_long``), and a divider, which has no text, to count for 125 of them.
So what is counted is not the text alone, and ``weight`` counts the blocks as they are sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

BLOCKS = 50
"""Blocks in a message."""

TEXT = 3_000
"""Characters in the text of a section; a block of ``rich_text`` is held to it as well."""

HEADER = 150
"""Characters in a header."""

MESSAGE = 12_000
"""The weight of a message, see ``weight``."""

BUTTON = 75
"""Characters on a button, in an option's text, and in a placeholder."""

OPTIONS = 100
"""Options of a menu."""


def weight(blocks: Sequence[dict[str, Any]]) -> int:
    """Return how much blocks count towards ``MESSAGE``: their JSON, in UTF-16 code units."""
    sent = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    return len(sent.encode("utf-16-le", "surrogatepass")) // 2


def fits(blocks: Sequence[dict[str, Any]]) -> bool:
    """Return whether Slack takes the blocks as one message."""
    return len(blocks) <= BLOCKS and weight(blocks) <= MESSAGE
