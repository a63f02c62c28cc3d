"""What a reader of an HTML page sees: hidden elements are taken out, links are known.

Text that no reader sees is never evidence. An element is hidden by its own attributes or style, by
what is around it, or by a rule of the page's own style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2
from lxml import etree  # type: ignore[import-untyped]  # has no types
from tinycss2.color5 import parse_color

from summarizer.sources.styles import HEIGHT, WIDTH, Element, Style, Styles, is_on_screen, pixels
from summarizer.text.data import load

# Share of a block's characters inside links from which it is no more than a link.
LINK_SHARE = 0.9
# Attributes of an element that are looked at (libraries take the square of their number), and
# characters of prose that a page must still show for a rule of its style sheet to hide something:
# scripts show what such a rule hides at first.
ATTRIBUTES, STILL_SHOWN = 200, 200
# Opacity, scale or letters below which nothing is read. Units: shares, pixels.
FAINT, SMALL = 0.06, 3.0
# How far to the left or above, and to the right or below, a text is off the screen, how high a box
# that hides what goes over it shows nothing, and what one of unknown size measures. Unit: pixels.
FAR_BEFORE, FAR_BEHIND, FLAT, BOX = -400.0, 2_000.0, 5.0, 400.0
# How far the channels of two colours may differ, of 1, for one not to be seen on the other.
SAME_COLOUR = 0.05

_NAMES = {name: frozenset(row.split()) for name, row in load("markup", __package__).items()}
_NEVER_TEXT, _BLOCKS, _OUTSIDE = (_NAMES[x] for x in ("never_text", "blocks", "outside"))
_SPACES = re.compile(r"[ \t\r\n\xa0]+")
_ARGUMENTS = r"\([^()]*(?:\([^()]*\)[^()]*)*\)"
_PARTS = re.compile(rf"[\w%#.+-]*{_ARGUMENTS}|[^\s,/]+")
_FUNCTION = re.compile(rf"([\w-]+)({_ARGUMENTS})")
_IMAGE = re.compile(r"url\(|gradient\(|image")
_EMPTY_SHAPE = re.compile(
    r"(?:circle|ellipse)\(\s*0|polygon\(\s*(?:(\S+ [^,()]+?)\s*(?:,\s*\1\s*)*)\)"
)
_Colour = tuple[float, float, float, float]
_BLACK, _PAPER = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _LetterLook:
    """What an element hands down to what it holds: whether letters are seen, and how."""

    shown: bool = True
    colour: _Colour = _BLACK
    ground: _Colour | None = _PAPER
    size: float = 16.0
    away: bool = False

    @property
    def is_seen(self) -> bool:
        channels = zip(self.colour[:3], self.ground[:3], strict=True) if self.ground else ()
        apart = [abs(letter - ground) > SAME_COLOUR for letter, ground in channels]
        solid = self.colour[3] > FAINT and (any(apart) or not apart)
        return self.shown and solid and not self.away and self.size >= SMALL


def remove_hidden(tree: Any) -> None:
    """Take out of ``tree`` what no reader sees, its scripts and styles too.

    Styles in other files are not known; where there are any, so is no ground but a stated one.
    """
    for node in tree.iter():
        if len(node.attrib) > ATTRIBUTES:
            node.attrib.clear()
    has_sheets = any("stylesheet" in str(link.get("rel")).lower() for link in tree.iter("link"))
    look = _LetterLook(ground=None) if has_sheets else _LetterLook()
    sheets = [
        str(style.text or "")
        for style in tree.iter("style")
        if is_on_screen(tinycss2.parse_component_value_list(str(style.get("media") or "all")[:200]))
    ]
    _drop_all([*_find_closed(tree), *tree.iter("script", "style", "noscript", "template")])
    hidden, silent = _hidden_in(tree, Styles(sheets), look)
    inside = {below for node in hidden for below in node.iter()} | set(silent)
    shown = (len("".join(p.itertext()).strip()) for p in tree.iter("p", "li") if p not in inside)
    if sum(shown) < STILL_SHOWN:
        hidden, silent = _hidden_in(tree, Styles(()), look)
    for node in silent:
        _drop_text(node)
    _drop_all(hidden)
    for node in tree.iter():  # trafilatura takes some of what is shown for hidden
        node.attrib.pop("style", None)
        node.attrib.pop("aria-hidden", None)
        if node.tag == "dialog":
            node.tag = "div"


def _drop_all(nodes: list[Any]) -> None:
    for node in nodes:
        if node.getparent() is not None:
            node.drop_tree()


def _drop_text(node: Any) -> None:
    node.text = None
    for child in node:
        child.tail = None


def _find_closed(tree: Any) -> Iterator[Any]:
    for node in tree.iter():
        if not isinstance(node.tag, str) or node.tag in {"html", "body"}:
            continue
        shut = node.get("open") is None
        access = str(node.get("amp-access") or "").upper()
        hidden = access.startswith("NOT ") or {"hidden", "popover"} & set(node.keys())
        if hidden or (node.tag == "dialog" and shut):
            yield node
        elif node.tag == "details" and shut:
            _drop_text(node)
            yield from (child for child in node if child.tag != "summary")
        elif node.get("shadowrootmode") and next(node.iter("slot"), None) is None:
            _drop_text(node.getparent())  # what it stands in is not shown
            yield from node.getparent()


def _hidden_in(tree: Any, styles: Styles, look: _LetterLook) -> tuple[list[Any], list[Any]]:
    """Return the elements that are hidden with all they hold, and those whose own text is."""
    hidden, silent = list[Any](), list[Any]()
    stack = [(Element.root(tree), look)]
    while stack:
        element, look = stack.pop()
        node = element.etree_element
        style = styles.of(element, str(node.get("style") or ""))
        look = _look_of(style, node, look)
        if node.tag not in _OUTSIDE:
            if style and _hides_all(style, look.size):
                hidden.append(node)
                continue
            if not look.is_seen:
                silent.append(node)
        stack += ((child, look) for child in element.below())
    return hidden, silent


def _look_of(style: Style, node: Any, around: _LetterLook) -> _LetterLook:
    stated = node.get("color") or (node.get("text") if node.tag == "body" else None)
    own_ground = style.get("background-color") or node.get("bgcolor")
    if not style and not own_ground and stated is None:
        return around
    shown, away = around.shown, around.away
    if "visibility" in style:
        shown = style["visibility"] not in {"hidden", "collapse"}
    fonts = [style["font-size"]] if "font-size" in style else _PARTS.findall(style.get("font", ""))
    lengths = (pixels(each, em=around.size, percent=around.size / 100) for each in fonts)
    size = next((each for each in lengths if each is not None and each < 300), around.size)
    if "text-indent" in style:
        away = _is_far(style["text-indent"], size)
    if "letter-spacing" in style:
        away = away or (pixels(style["letter-spacing"], em=size) or 0) < -size / 3
    colour = style.get("text-fill-color") or style.get("color") or stated
    colour, ground = _parse_colour(colour) or around.colour, around.ground
    image = style.get("background", "") + style.get("background-image", "")
    grounds = [own_ground] if own_ground else _PARTS.findall(image)
    own = next(filter(None, map(_parse_colour, grounds)), None)
    if own is not None and own[3] > FAINT:
        ground = own if own[3] == 1 else None
    if _IMAGE.search(image):
        ground = None
        if "text" in style.get("background-clip", ""):  # letters show the picture
            colour = _BLACK
    if node.tag in {"a", "button"} and ground is _PAPER:
        colour = around.colour  # scripts give these a ground, and a link hides no sentence
    return _LetterLook(shown, colour, ground, size, away)


def _parse_colour(colour: Any) -> _Colour | None:
    if not isinstance(colour, str) or colour == "currentcolor":
        return None
    parsed = parse_color(colour[:100]) or parse_color(f"#{colour[:100]}")
    if parsed is None or parsed == "currentcolor":
        return None
    red, green, blue = parsed.to("srgb").coordinates
    return float(red or 0), float(green or 0), float(blue or 0), float(parsed.alpha)


def _as_share(value: str) -> float:
    """Return a number, or what a percentage is of one; 1 for what is neither."""
    share = pixels(value, percent=0.01)
    return 1.0 if share is None else share


def _is_far(value: str, em: float, whole: float = WIDTH) -> bool:
    length = pixels(value, em=em, percent=whole / 100)
    return length is not None and not FAR_BEFORE < length < FAR_BEHIND


def _lengths_of(values: str, em: float, whole: float = WIDTH) -> list[float]:
    """Return the lengths in the values of properties, percentages as shares of ``whole``."""
    lengths = (pixels(value, em=em, percent=whole / 100) for value in _PARTS.findall(values))
    return [length for length in lengths if length is not None]


def _joined(style: Style, names: str) -> str:
    return " ".join(style.get(name, "") for name in _NAMES[names])


def _hides_all(style: Style, em: float) -> bool:
    own = [f"{x}({style[x].replace(' ', ',')})" for x in _NAMES["changes"] if x in style]
    changes = " ".join((style.get("transform", ""), style.get("filter", ""), *own))
    turned = style.get("backface-visibility") == "hidden" and "180deg" in changes
    masked = "mask" in style and set(re.findall(r"[#\w-]+", style["mask"])) <= _NAMES["clear"]
    return (
        turned
        or masked
        or style.get("display") == "none"
        or style.get("content-visibility") == "hidden"
        or _is_placed_away(style, em)
        or _is_flat(style, em)
        or _is_clipped(style)
        or any(_makes_vanish(name, inside[1:-1]) for name, inside in _FUNCTION.findall(changes))
    )


def _makes_vanish(function: str, arguments: str) -> bool:
    values = [each.strip() for each in arguments.split(",")]
    if function in {"opacity", "zoom"} or function.startswith("scale"):
        return min(map(_as_share, values)) < FAINT
    if function.startswith("translate"):
        return any(_is_far(each, 16, BOX) for each in values)
    if function in {"rotatex", "rotatey"}:
        return values[0] in _NAMES["edgewise"]
    return function == "matrix" and all(_as_share(each) == 0 for each in values[:2])


def _is_placed_away(style: Style, em: float) -> bool:
    if style.get("position") in {"absolute", "fixed", "relative"}:
        below = style["position"] == "fixed" and (pixels(style.get("top", "0")) or 0) >= HEIGHT
        places = _lengths_of(_joined(style, "places"), em)
        if below or not all(FAR_BEFORE < length < FAR_BEHIND for length in places):
            return True
    return min(_lengths_of(_joined(style, "margins"), em), default=0.0) <= FAR_BEFORE


def _is_flat(style: Style, em: float) -> bool:
    if not re.search("hidden|clip|scroll|auto", _joined(style, "overflows")):
        return False
    no_line = pixels(style.get("line-height", "1")) == 0
    return no_line or min(_lengths_of(_joined(style, "sizes"), em), default=FLAT) < FLAT


def _is_clipped(style: Style) -> bool:
    clip, path = style.get("clip", ""), style.get("clip-path", "")
    if clip.startswith("rect"):
        sides = _lengths_of(clip[5:].rstrip(")"), 16, WIDTH)
        if len(sides) == 4 and (sides[2] - sides[0] < FLAT or sides[1] - sides[3] < FLAT):
            return True
    inset = _lengths_of(path[6:-1], 16, BOX) if path.startswith("inset(") else ()
    return max(inset, default=0.0) >= BOX / 2 or _EMPTY_SHAPE.search(path) is not None


def visible_text(tree: Any) -> tuple[str, frozenset[str]]:
    """Return the text that a reader sees, one line per block, and the lines that are but links."""
    lines, links = list[str](), set[str]()
    line, linked = list[str](), 0
    for text, in_link in _text_pieces(tree):
        if text is not None:
            line.append(text)
            linked += len(text.strip()) if in_link else 0
            continue
        shown = _SPACES.sub(" ", "".join(line)).strip()
        if shown:
            lines.append(shown)
            if linked >= LINK_SHARE * len(shown):
                links.add(shown)
        line, linked = [], 0
    return "\n".join(lines), frozenset(links)


def _text_pieces(tree: Any) -> Iterator[tuple[str | None, bool]]:
    """Yield the pieces of text and if they are linked; None at the edges of blocks."""
    links = 0
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walker:
        starts = event == "start"
        if node.tag in _BLOCKS:
            yield None, False
        if node.tag == "a":
            links += 1 if starts else -1
        if starts and node.tag in _NEVER_TEXT:
            walker.skip_subtree()
        else:
            yield (node.text if starts else node.tail) or "", links > 0
    yield None, False
