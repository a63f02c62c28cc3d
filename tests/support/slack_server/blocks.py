"""Slack's checks of a message, and what in it is alive: mentions, links, commands.

Written from Slack's reference and apart from the renderer, so that the one tests the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

TEXT_TYPES = {"plain_text", "mrkdwn"}
BLOCK_TYPES = {
    "header",
    "section",
    "context",
    "divider",
    "actions",
    "context_actions",
    "rich_text",
    "input",
    "markdown",
}
RICH_ELEMENTS = {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date"}
MESSAGE_WEIGHT = 13_172
"""What a message was seen to be refused at; see the renderer's limits for the source."""

_TAG = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"(?:https?://|www\.)\S+|(?<![\w&;])@(?:channel|here|everyone)\b", re.IGNORECASE)


class Invalid(Exception):
    """A message that Slack refuses, by the name it gives to the reason."""


def check_message(payload: Json) -> None:
    """Refuse what Slack refuses.

    Raises:
        Invalid: With Slack's word for the reason.
    """
    text, blocks = payload.get("text") or "", payload.get("blocks") or []
    if not text and not blocks and not payload.get("markdown_text"):
        raise Invalid("no_text")
    if len(text) > 40_000:
        raise Invalid("msg_too_long")
    check_blocks(blocks, most=50)
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_WEIGHT:
        raise Invalid("msg_blocks_too_long")


def check_blocks(blocks: Any, most: int) -> None:
    """Refuse blocks that are too many or not well made."""
    if not isinstance(blocks, list) or len(blocks) > most:
        raise Invalid(f"invalid_blocks: {len(blocks)} blocks")
    identifiers = [each["block_id"] for each in blocks if "block_id" in each]
    _need(len(set(identifiers)) == len(identifiers), "block_id twice")
    for block in blocks:
        _need(isinstance(block, dict) and block.get("type") in BLOCK_TYPES, f"type of {block}")
        _need(len(block.get("block_id", "")) <= 255, "block_id")
        _CHECKS[block["type"]](block)


def _header(block: Json) -> None:
    _text(block.get("text"), 150, only_plain=True)


def _section(block: Json) -> None:
    _need("text" in block or "fields" in block, "a section without text")
    if "text" in block:
        _text(block["text"], 3_000)
    _need(len(block.get("fields", [])) <= 10, "fields")
    for each in block.get("fields", []):
        _text(each, 2_000)


def _context(block: Json) -> None:
    _need(1 <= len(block.get("elements", [])) <= 10, "context elements")
    for each in block["elements"]:
        _text(each, 3_000)


def _actions(block: Json) -> None:
    elements = block.get("elements", [])
    _need(1 <= len(elements) <= 25, "action elements")
    identifiers = [each.get("action_id", "") for each in elements]
    _need(len(set(identifiers)) == len(identifiers), "action_id twice")
    for each in elements:
        _need(each["type"] in {"button", "static_select", "overflow"}, each["type"])
        _need(len(each.get("action_id", "")) <= 255, "action_id")
        if each["type"] == "button":
            _text(each.get("text"), 75, only_plain=True)
            _need(len(each.get("value", "")) <= 2_000, "button value")
        else:
            _options(each)


def _context_actions(block: Json) -> None:
    _need(1 <= len(block.get("elements", [])) <= 5, "context_actions elements")
    for each in block["elements"]:
        _need(each["type"] in {"feedback_buttons", "icon_button"}, each["type"])
        for name in ("positive_button", "negative_button"):
            _text(each[name]["text"], 75, only_plain=True)
            _need(0 < len(each[name]["value"]) <= 2_000, "feedback value")


def _rich_text(block: Json) -> None:
    _need(bool(block.get("elements")), "an empty rich_text")
    for each in block["elements"]:
        _need(
            each.get("type") in {"rich_text_section", "rich_text_list", "rich_text_quote"}, "rich"
        )
        if each["type"] == "rich_text_list":
            _need(each.get("style") in {"bullet", "ordered"}, "list style")
            _need(bool(each.get("elements")), "an empty list")
            for item in each["elements"]:
                _need(item.get("type") == "rich_text_section", "list item")
                _line(item)
        else:
            _line(each)
    _need(sum(map(len, _rich_texts(block))) <= 3_000, "rich_text longer than 3,000")


def _line(line: Json) -> None:
    _need(bool(line.get("elements")), "an empty line")
    for each in line["elements"]:
        _need(each.get("type") in RICH_ELEMENTS, f"element {each.get('type')}")
        if each["type"] == "text":
            _need(bool(each.get("text")), "an empty text")
        if each["type"] == "link":
            _need(re.match(r"https?://", each.get("url", "")) is not None, "link url")
            _need(len(each["url"]) <= 3_000, "link url length")
        _need(set(each.get("style", {})) <= {"bold", "italic", "strike", "code"}, "style")


def _input(block: Json) -> None:
    _text(block.get("label"), 2_000, only_plain=True)
    element = block.get("element", {})
    if element.get("type") in {"static_select", "radio_buttons"}:
        _options(element)
    else:
        _need(element.get("type") == "plain_text_input", f"input {element.get('type')}")


def _options(element: Json) -> None:
    options = element.get("options", [])
    most = {"static_select": 100, "radio_buttons": 10, "overflow": 5}[element["type"]]
    _need(1 <= len(options) <= most, "options")
    values = [each["value"] for each in options]
    _need(len(set(values)) == len(values), "an option's value twice")
    for each in options:
        _text(each["text"], 75, only_plain=element["type"] != "radio_buttons")
        _need(0 < len(each["value"]) <= 150, "option value")


def _text(found: Any, most: int, *, only_plain: bool = False) -> None:
    _need(isinstance(found, dict) and found.get("type") in TEXT_TYPES, f"text object {found}")
    _need(not only_plain or found["type"] == "plain_text", "must be plain_text")
    _need(0 < len(found.get("text", "")) <= most, f"text of {len(found.get('text', ''))}")
    _need(found["type"] == "mrkdwn" or "verbatim" not in found, "verbatim")


_CHECKS: dict[str, Callable[[Json], None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": lambda block: None,
    "actions": _actions,
    "context_actions": _context_actions,
    "rich_text": _rich_text,
    "input": _input,
    "markdown": lambda block: _need(len(block["text"]) <= 12_000, "markdown"),
}


def _need(held: bool, reason: str) -> None:
    if not held:
        raise Invalid(f"invalid_blocks: {reason}")


def alive(payload: Json) -> list[str]:
    """Return the mentions and links in a message that Slack would make real."""
    found = list(_alive_in_markup(payload.get("text") or "")) if payload.get("mrkdwn", True) else []
    found += _alive_in_markup(payload.get("markdown_text") or "")
    for part in _walk(payload.get("blocks") or []):
        kind = part.get("type")
        if kind == "mrkdwn" or kind == "markdown":
            found += _alive_in_markup(part["text"])
        elif kind == "plain_text" and part.get("emoji", True):
            found += re.findall(r":[a-z0-9_+-]+:", part["text"])
        elif kind == "link":
            found.append(part["url"])
        elif kind in {"user", "usergroup", "channel", "broadcast", "emoji"}:
            found.append(kind)
        if isinstance(part.get("url"), str) and kind != "link":
            found.append(part["url"])
    return found


def text_of(payload: Json) -> str:
    """Return all characters that a message's blocks show, a line for each line."""
    lines = []
    for block in payload.get("blocks") or []:
        if block["type"] == "rich_text":
            for element in block["elements"]:
                items = element["elements"] if element["type"] == "rich_text_list" else [element]
                lines += [
                    "".join(each.get("text", "") for each in item["elements"]) for item in items
                ]
        else:
            lines += [part["text"] for part in _walk([block]) if isinstance(part.get("text"), str)]
    return "\n".join(lines)


def _alive_in_markup(text: str) -> Iterator[str]:
    for tag in _TAG.findall(text):
        yield f"<{tag}>"
    yield from _BARE.findall(_TAG.sub("", text))


def _rich_texts(block: Json) -> Iterator[str]:
    for part in _walk(block["elements"]):
        if isinstance(part.get("text"), str):
            yield part["text"]


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _walk(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _walk(each)
