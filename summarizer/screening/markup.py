"""Stretches between two marks of a comment, a code or a chat: no part of an article's prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.types import Span

LONGEST_BLOCK = 4000
"""Code points from the first mark to the last, at most; farther apart they are no pair."""

MARKUP = re.compile(
    r"<\|[^|>\n]{0,40}\|>|\[/?(?:inst|sys)\]|<</?sys>>|<!--|-->|^\W{0,3}```|```\s*$"
    r"|</?(?:system|assistant|user|human|prompt|instructions?|article|document|context|input|"
    r"output|query|task|admin|important|hidden|data)\b[^<>\n]{0,60}>"
    r"|^#{1,6}\s*(?:new |updated? |end of )?(?:system|instructions?|assistant|user|human|prompt|"
    r"response|input|output|task|context|override)\b"
    r"|[=*#~-]{3,}\s*(?:system|admin|ai|assistant|new|important|hidden)\b[^\n]{0,40}[=*#~-]{3,}"
    r"|\{\s*[\"']?(?:role|system|instructions?|prompt|messages)[\"']?\s*:"
    r"|(?:\[|\{{2})\s*/?(?:system|assistant|instructions?|prompt|developer|admin|override|ai)\b"
    r"[^\]}\n]{0,40}(?:\]|\}{2})"
    r"|(?:\[|\{{2})\s*(?:begin|start|end|new|hidden|updated?) (?:of )?(?:system|assistant|prompt|"
    r"instructions?|task|user|message|admin|article|document|input)[^\]}\n]{0,40}(?:\]|\}{2})"
    r"|^\W*(?:begin|start|end)(?: of)?(?: the| this)? (?:system |user )?(?:prompt|instructions?|"
    r"input|document|context)\b\W*$",
    re.IGNORECASE,
)
"""Marks of chat formats, of prompts and of comments: in no article's prose."""

_TAGS = "system|assistant|user|prompt|instructions?|hidden|admin|important"
_OPENING = re.compile(
    rf"(?P<comment><!--)|(?P<inst>\[INST\])|(?P<sys><<SYS>>)|(?P<chat><\|im_start\|>)"
    rf"|(?P<code>```)|<(?P<tag>{_TAGS})>",
    re.IGNORECASE,
)
_CLOSING = {
    "comment": "-->",
    "inst": "[/inst]",
    "sys": "<</sys>>",
    "chat": "<|im_end|>",
    "code": "```",
}


def marked_blocks(text: str) -> tuple[Span, ...]:
    """Return the marked stretches of ``text``, marks included, in order and disjoint."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Span]:
    end = 0
    lowered = ""
    for opened in _OPENING.finditer(text):
        if opened.start() < end:
            continue
        lowered = lowered or _lower(text)
        kind = opened.lastgroup or ""
        closing = f"</{opened['tag'].lower()}>" if kind == "tag" else _CLOSING[kind]
        at = lowered.find(closing, opened.end(), opened.end() + LONGEST_BLOCK)
        if at >= 0:
            end = at + len(closing)
            yield Span(opened.start(), end)


def _lower(text: str) -> str:
    """Return ``text`` in lower case, of the same length whatever its letters."""
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """Return the span without the white space at its ends; nothing where nothing is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        yield Span(first, first + len(stripped))
