"""A message of blocks as plain text, much as Slack shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

WIDTH = 84


def preview(blocks: list[Json]) -> str:
    """Return a message as text."""
    return "\n".join(line.rstrip() for block in blocks for line in _block(block)) + "\n"


def _block(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind == "header":
        yield from (block["text"]["text"], "═" * min(WIDTH, len(block["text"]["text"])))
    elif kind == "context":
        for each in block["elements"]:
            yield from textwrap.wrap(each["text"], WIDTH)
    elif kind == "rich_text":
        yield ""
        for element in block["elements"]:
            if element["type"] == "rich_text_list":
                for item in element["elements"]:
                    yield from _hung(_line(item), "  • ")
            else:
                yield from _hung(_line(element), "")
    elif kind in {"actions", "context_actions"}:
        yield from ("", " ".join(_buttons(block)))


def _buttons(block: Json) -> Iterator[str]:
    for each in block["elements"]:
        if each["type"] == "feedback_buttons":
            yield from (
                f"({each[name]['text']['text']})" for name in ("positive_button", "negative_button")
            )
        else:
            yield f"[ {each['text']['text']} ]"


def _line(line: Json) -> str:
    return "".join(each["text"] for each in line["elements"])


def _hung(text: str, lead: str) -> Iterator[str]:
    for number, part in enumerate(text.split("\n")):
        first = lead if number == 0 else " " * (len(lead) + 2) if lead else ""
        rest = " " * (len(lead) + (2 if number and lead else 0))
        yield from textwrap.wrap(
            part, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False
        )
