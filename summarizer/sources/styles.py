"""The styles of a page, as far as they decide whether a reader sees a text.

tinycss2 parses the style sheets and cssselect2 matches them; what is left here is the cascade, the
screen that media queries are asked of, and limits, since a page may be made to cost.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import cssselect2
import tinycss2

# Characters of style sheets and of one element's own style, and rules, that are read.
SHEETS, OWN, RULES = 400_000, 5_000, 5_000
# Tests of selectors, and looks around for them; a page of news needs a tenth. When they are spent,
# about three seconds, style sheets hide nothing more.
STEPS = 3_000_000
# The screen that a page is taken to be on: a laptop's. Unit: pixels.
WIDTH, HEIGHT = 1280, 800

Style = Mapping[str, str]
"""Declared values by property, in lower case and without comments."""

_MEDIA_LENGTH = re.compile(r"(min|max)-(width|height)\s*:\s*(\S+?)\s*$")
_OTHER_MEDIA = re.compile(
    r"\b(?:print|speech|tty|braille|portrait|dark|no-preference|hover:\s*none)\b"
)
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_LENGTH = re.compile(r"(?<![\w.])(\d*\.?\d+(?:e[+-]?\d+)?)(%|[a-z]+)?", re.IGNORECASE)
_UNITS = {
    "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "rem": 16, "ex": 8, "ch": 8,
    "lh": 20, "vw": WIDTH / 100, "vh": HEIGHT / 100, "vmin": HEIGHT / 100, "vmax": WIDTH / 100,
}  # fmt: skip
_SUMS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda above, below: above / below if below else 0.0,
}


class Styles:
    """What the style sheets of a page say of its elements."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._matcher = cssselect2.Matcher()
        self._variables: dict[str, str] = {}
        self._left = RULES
        css = "\n".join(sheets)[:SHEETS]
        with suppress(RecursionError):  # blocks in blocks without end: the rest says nothing
            self._add_rules(tinycss2.parse_stylesheet(css, True, True), "")

    def _add_rules(self, rules: list[Any], outer: str) -> None:
        stack = [(rule, outer) for rule in reversed(rules)]
        while stack and self._left > 0:
            rule, outer = stack.pop()
            if rule.type == "at-rule" and rule.content is not None:
                if rule.lower_at_keyword == "media" and not is_on_screen(rule.prelude):
                    continue
                if rule.lower_at_keyword in {"media", "supports", "layer", "container", "scope"}:
                    inner = tinycss2.parse_blocks_contents(rule.content, True, True)
                    stack += [(each, outer) for each in reversed(inner)]
            elif rule.type == "qualified-rule":
                selector = _nest_selector(tinycss2.serialize(rule.prelude).strip(), outer)
                inner = tinycss2.parse_blocks_contents(rule.content, True, True)
                self._add_rule(selector, [each for each in inner if each.type == "declaration"])
                below = [each for each in inner if each.type != "declaration"]
                if len(selector) < 500:
                    stack += [(each, selector) for each in reversed(below)]

    def _add_rule(self, selector: str, declarations: list[Any]) -> None:
        self._left -= 1
        self._variables |= {d.name: _text_of(d) for d in declarations if d.name.startswith("--")}
        values = _values_of(declarations)
        try:
            for compiled in cssselect2.compile_selector_list(selector[:2_000]) if values else ():
                if compiled.pseudo_element is None:
                    self._matcher.add_selector(compiled, values)
        except Exception:  # a selector that is none, or is nested beyond what can be compiled
            return

    def of(self, element: Any, own: str = "") -> Style:
        """Return what is declared of an element, ``own`` its own style."""
        there = self._matcher
        tests = len(there.other_selectors)
        tests += len(there.lower_local_name_selectors.get(element.local_name, ()))
        tests += sum(len(there.class_selectors.get(name, ())) for name in element.classes)
        matched = there.match(element) if element.spend(tests) else ()
        values = [value for *_, each in matched for value in each]
        if own:
            values += _values_of(tinycss2.parse_blocks_contents(own[:OWN], True, True))
        values.sort(key=lambda value: value[2])  # what is important comes last
        declared = {name: value for name, value, _ in values}
        if any("var(" in value for value in declared.values()):
            return {name: self._resolve_variables(value) for name, value in declared.items()}
        return declared

    def _resolve_variables(self, value: str) -> str:
        for _ in range(4):
            value = _VARIABLE.sub(lambda v: self._variables.get(v[1], v[2] or ""), value)[:OWN]
        return value


def _values_of(declarations: Iterable[Any]) -> list[tuple[str, str, bool]]:
    known = [each for each in declarations if each.type == "declaration"]
    return [(x.lower_name.removeprefix("-webkit-"), _text_of(x), x.important) for x in known]


def _text_of(declaration: Any) -> str:
    tokens = [token for token in declaration.value if token.type != "comment"]
    return str(tinycss2.serialize(tokens)).strip().lower()[:OWN].replace("/**/", "")


def _nest_selector(selector: str, outer: str) -> str:
    if not outer:
        return selector
    around = f":is({outer})"
    return selector.replace("&", around) if "&" in selector else f"{around} {selector}"


def is_on_screen(query: list[Any]) -> bool:
    """Return whether a media query is met by the screen that a page is taken to be on."""
    text = tinycss2.serialize(query).lower()
    return any(_is_met(each) for each in text.split(","))


def _is_met(query: str) -> bool:
    if query.split()[:1] == ["not"]:
        return not _is_met(query.strip().removeprefix("not"))
    for condition in re.findall(r"\(([^()]*)\)", query):
        limit = _MEDIA_LENGTH.match(condition.strip())
        length = pixels(limit[3]) if limit else None
        if limit and length is not None:
            size = WIDTH if limit[2] == "width" else HEIGHT
            if size < length if limit[1] == "min" else size > length:
                return False
    return not _OTHER_MEDIA.search(query)


def pixels(value: str, *, em: float = 16, percent: float = WIDTH / 100) -> float | None:
    """Return a length in pixels, sums too; None for what is none, such as ``auto``."""
    units = {**_UNITS, "em": em, "%": percent}
    text = value.replace("calc", "")[:200]
    try:
        text = _LENGTH.sub(lambda m: f"({float(m[1]) * units[m[2]] if m[2] else m[1]})", text)
        return _sum_of(ast.parse(text.strip(), mode="eval").body)
    except (KeyError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _sum_of(node: Any) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=operand):
            return -_sum_of(operand) if isinstance(op, ast.USub) else _sum_of(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
            return float(_SUMS[type(op)](_sum_of(left), _sum_of(right)))
    raise ValueError(type(node).__name__)


class Element(cssselect2.ElementWrapper):  # type: ignore[misc]
    """An element as selectors are matched against, which counts the looks around it."""

    steps: list[int]

    @classmethod
    def root(cls, tree: Any) -> Element:
        """Return the root of a page, with all its steps left."""
        root: Element = cls.from_html_root(tree)
        root.steps = [STEPS]
        return root

    def below(self) -> Iterator[Element]:
        """Yield the elements below this one."""
        child = None
        for number, node in enumerate(self.etree_children):
            child = Element(node, self, number, child, in_html_document=True)
            child.steps = self.steps
            yield child

    def iter_children(self) -> Iterator[Element]:
        """Yield the elements below this one, for a selector."""
        return (child for child in self.below() if self.spend(1))

    def spend(self, steps: int) -> bool:
        """Take so many steps; return whether there were any left."""
        self.steps[0] -= steps
        return self.steps[0] > 0

    def _walk_along(self, link: str) -> Iterator[Element]:
        other = getattr(self, link)
        while other is not None and self.spend(1):
            yield other
            other = getattr(other, link)

    # The elements around this one, and before it, the nearest first.
    ancestors = property(lambda self: self._walk_along("parent"))
    previous_siblings = property(lambda self: self._walk_along("previous"))

    @property
    def etree_siblings(self) -> list[Any]:
        """The elements beside this one, as the tree has them."""
        return self._siblings if self.spend(len(self._siblings)) else []

    @etree_siblings.setter
    def etree_siblings(self, siblings: list[Any]) -> None:
        self._siblings = siblings
