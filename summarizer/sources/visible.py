"""What a reader of an HTML page sees: hidden elements are taken out, links are known.

Text that no reader sees is never evidence. An element is hidden by its own attributes, by its
own style, or by a rule of the page's own style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NEVER_TEXT = "script style noscript template iframe object svg head select textarea datalist"
_NEVER_SHOWN = frozenset(_NEVER_TEXT.split())
_BLOCKS_TEXT = (
    "address article aside blockquote br button caption dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p "
    "pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_SPACES = re.compile(r"[ \t\r\n\xa0]+")
# Share of a block's characters inside links from which it is no more than a link.
LINK_SHARE = 0.9
# Attributes of an element that are looked at; libraries take the square of their number.
ATTRIBUTES = 200
# Characters of style sheets, and rules of them, that are read.
STYLES = 400_000
RULES = 5_000
# Characters of prose that a page must still show for a rule of its style sheet to hide
# something: scripts show what such a rule hides at first.
STILL_SHOWN = 200

_ZERO = r"0+(?:\.0*)?(?:px|r?em|%|pt|vh|vw|ex|ch)?\s*(?:;|!|$)"
# 400 pixels or points, 30 letters, or 30 hundredths of the window: off the screen.
_FAR = (
    r"-\s*(?:[4-9]\d\d|\d{4,})(?:\.\d+)?(?:px|pt)|-\s*(?:[3-9]\d|\d{3,})(?:\.\d+)?(?:r?em|%|vw|vh)"
)
_HIDING = re.compile(
    rf"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    rf"|content-visibility\s*:\s*hidden|opacity\s*:\s*(?:{_ZERO}|0?\.0\d)|font-size\s*:\s*{_ZERO}"
    rf"|font\s*:[^;]*(?<![\d.])0(?:px|em|pt)?[/\s]|(?:max-)?(?:width|height)\s*:\s*{_ZERO}"
    rf"|(?:left|right|top|bottom|text-indent|margin-left|margin-top)\s*:\s*(?:{_FAR})"
    rf"|clip\s*:\s*rect\s*\(\s*(?:0|1px)|clip-path\s*:\s*(?:inset\s*\(\s*(?:[5-9]\d|100)%"
    rf"|circle\s*\(\s*0|polygon\s*\(\s*0[^,]*(?:,\s*0[^,]*)+\))"
    rf"|transform\s*:[^;]*(?:scale[xy]?\s*\(\s*0\s*[,)]|translate[xy]?\s*\([^)]*(?:{_FAR}))"
    rf"|color\s*:\s*(?:transparent|rgba\s*\([^)]*,\s*0(?:\.0+)?\s*\)|hsla\s*\([^)]*,\s*0\s*\)))",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE = {"white": "#fff", "#ffffff": "#fff", "rgb(255,255,255)": "#fff", "black": "#000"}
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_COMPOUND = re.compile(r"(?:[\w-]+|\*)?(?:[.#][\w-]+)*")
_PART = re.compile(r"([.#]?)([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Compound:
    """One part of a selector without spaces: a tag, an id, classes."""

    tag: str | None
    id: str | None
    classes: frozenset[str]

    @property
    def key(self) -> str:
        """One name that every element it selects has."""
        return next((f".{name}" for name in sorted(self.classes)), self.id or self.tag or "*")

    def matches(self, node: Any) -> bool:
        return (
            (self.tag is None or node.tag == self.tag)
            and (self.id is None or node.get("id") == self.id)
            and self.classes <= set(str(node.get("class") or "").split())
        )


_Selector = tuple[_Compound, ...]


def remove_hidden(tree: Any) -> None:
    """Take out of ``tree`` what no reader sees, its scripts and styles too."""
    _bound(tree)
    selectors: dict[str, list[_Selector]] = {}
    for selector in _hiding_selectors(tree):
        selectors.setdefault(selector[-1].key, []).append(selector)
    _drop(list(tree.iter("script", "style", "noscript")))
    hidden = [node for node in _elements(tree) if _hides_itself(node)]
    _drop(hidden)
    if not selectors:
        return
    hidden = [node for node in _elements(tree) if _is_hidden_by(node, selectors)]
    inside = {id(below) for node in hidden for below in node.iter()}
    shown = sum(
        len("".join(p.itertext()).strip()) for p in tree.iter("p", "li") if id(p) not in inside
    )
    if shown >= STILL_SHOWN:
        _drop(hidden)


def _elements(tree: Any) -> Iterator[Any]:
    outside = {"html", "body", "meta", "link", "title", "head"}
    return (n for n in tree.iter() if isinstance(n.tag, str) and n.tag not in outside)


def _bound(tree: Any) -> None:
    """Take the attributes off elements that have more than any page needs."""
    for node in tree.iter():
        if len(node.attrib) > ATTRIBUTES:
            node.attrib.clear()


def _drop(nodes: list[Any]) -> None:
    for node in nodes:
        parent = node.getparent()
        if parent is None:
            continue
        before, tail = node.getprevious(), node.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        node.tail = None
        parent.remove(node)


def _hides_itself(node: Any) -> bool:
    if node.tag == "template" or (node.tag == "dialog" and node.get("open") is None):
        return True
    access = str(node.get("amp-access") or "")
    if node.get("hidden") is not None or access.upper().startswith("NOT "):
        return True
    style = node.get("style")
    return bool(style) and _is_hiding(str(style)[:5_000])


def _is_hiding(style: str) -> bool:
    """Return whether the declarations of ``style`` take an element out of sight."""
    if _HIDING.search(style):
        return True
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    return bool(colour and ground) and _plain(colour[1]) == _plain(ground[1])  # type: ignore[index]


def _plain(colour: str) -> str:
    colour = "".join(colour.lower().split())
    return _WHITE.get(colour, colour)


def _hiding_selectors(tree: Any) -> Iterator[_Selector]:
    css = "\n".join(str(style.text or "") for style in tree.iter("style"))[:STYLES]
    in_print = False
    for chunk in _COMMENT.sub("", css).split("}")[:RULES]:
        head, _, declarations = chunk.rpartition("{")
        if "@media" in head:
            in_print = "print" in head and "screen" not in head
        elif not head:
            in_print = False
        if head and not in_print and _is_hiding(declarations[:5_000]):
            for selector in re.split(r"[{;]", head)[-1][:2_000].split(","):
                parts = [_compound(part) for part in selector.split()]
                if parts and all(parts):
                    yield tuple(part for part in parts if part)


def _compound(part: str) -> _Compound | None:
    """Return what ``part`` selects; None for what is not told here, such as ``:hover``."""
    if not _COMPOUND.fullmatch(part):
        return None
    found = _PART.findall(part)
    tags = [name for mark, name in found if not mark]
    ids = [name for mark, name in found if mark == "#"]
    classes = frozenset(name for mark, name in found if mark == ".")
    return _Compound(tags[0].lower() if tags else None, ids[0] if ids else None, classes)


def _is_hidden_by(node: Any, selectors: Mapping[str, list[_Selector]]) -> bool:
    classes = (f".{name}" for name in str(node.get("class") or "").split())
    keys = (*classes, node.get("id"), node.tag, "*")
    return any(
        s[-1].matches(node) and _stands_in(node, s[:-1])
        for key in keys
        for s in selectors.get(key, ())
    )


def _stands_in(node: Any, around: _Selector) -> bool:
    wanted = list(around)
    for parent in node.iterancestors():
        if not wanted:
            break
        if wanted[-1].matches(parent):
            wanted.pop()
    return not wanted


def visible_text(tree: Any) -> tuple[str, frozenset[str]]:
    """Return the text that a reader sees, one line per block, and the lines that are but links."""
    lines: list[str] = []
    links: set[str] = set()
    line: list[str] = []
    linked = 0

    def close() -> None:
        nonlocal linked
        text = _SPACES.sub(" ", "".join(line)).strip()
        if text:
            lines.append(text)
            if linked >= LINK_SHARE * len(text):
                links.add(text)
        line.clear()
        linked = 0

    for text, tag, in_link in _pieces(tree):
        if tag in _BLOCKS:
            close()
        line.append(text)
        linked += len(text.strip()) if in_link else 0
    close()
    return "\n".join(lines), frozenset(links)


def _pieces(tree: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield the pieces of text, each with the tag at whose edge it stands, and if it is linked."""
    if tree is None:
        return
    stack: list[tuple[Any, bool, int]] = [(tree, False, 0)]
    while stack:
        node, leaving, depth = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        inner = depth + (tag == "a")
        if leaving:
            yield node.tail or "", tag, depth > 0
            continue
        stack.append((node, True, depth))
        if tag and tag not in _NEVER_SHOWN:
            yield node.text or "", tag, inner > 0
            stack += [(child, False, inner) for child in reversed(node)]
