"""JSON in what a model wrote, and the same JSON as its schema has it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import json_repair

from summarizer.llm.request import Shape

SHOWN = 60
"""Characters of an answer that is no JSON that are shown: enough to recognise it by."""

RESTARTS = 4
"""Brackets that never close after which the search for JSON goes on behind them."""

VALUES_TRIED = 40
"""JSON values in one answer that are looked at; a model that writes more of them rambles."""

DEPTH = 200
"""Brackets within brackets from which a text is no answer: no schema has more than a few."""

_TAG = r"[\w:|-]*(?:think|thought|reason|reflect|scratch|analysis)[\w:|-]*"
_THOUGHTS = re.compile(rf"(?is)[<◁]({_TAG})[>▷].*?[<◁]/\1[>▷]")
_THOUGHTS_END = re.compile(rf"(?is)^.*[<◁]/{_TAG}[>▷]")
_FINAL_CHANNEL = re.compile(
    r"(?is)^.*(?:<\|channel\|>\s*final.*?<\|message\|>|\bassistant\s?final(?=\s*[{\[`]))"
)
_PAIRS = {"{": "}", "[": "]"}
_BRACKET_OR_QUOTE = re.compile(r'\\.|["{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The JSON object in an answer.

    ``lacks`` names parts of it that cannot be used and were left out; ``text`` is the text it
    stood in.
    """

    value: dict[str, object]
    text: str
    lacks: str = ""


def find_answer(texts: Iterable[str], shape: Shape | None) -> Answer:
    """Return the first JSON object in an answer that fits a shape, else the first one.

    Args:
        texts: Where it may stand, the likeliest place first.
        shape: What was asked for; None for any object.

    Raises:
        ValueError: There is none; the message says what is there instead.
    """
    written = [text for text in texts if text.strip()]
    if not written:
        raise ValueError("the answer is empty")
    first: Answer | None = None
    seen: object = None
    for text in written:
        for value in islice(json_values(text), VALUES_TRIED):
            seen = value if seen is None else seen
            for candidate in _candidates(value, shape):
                fitted, left_out = fit(candidate, shape.schema if shape else {})
                if not shape or _passes(fitted, shape):
                    return Answer(value=fitted, text=text, lacks=left_out)
                if candidate is value and isinstance(value, dict):
                    first = first or Answer(value=value, text=text)
    if first:
        return first
    raise ValueError(_complaint(written[0], seen))


def json_values(text: str) -> Iterator[object]:
    """Yield the JSON values in a text, repaired where they are broken but whole."""
    text = text.strip().lstrip("\ufeff")
    whole = _parse(text, repair=False)
    if isinstance(whole, dict | list):
        yield whole
        return
    if isinstance(whole, str):  # JSON within a JSON text
        yield from (value for value in json_values(whole) if isinstance(value, dict))
        return
    answer = _without_thoughts(text)
    for start, end in _balanced(answer):
        part = answer[start:end].rstrip()
        value = _parse(part, repair=part.endswith(("}", "]")))
        if value is None and end == len(answer) and part.endswith(("}", "]", '"')):
            value = _parse(part + "}", repair=False)
        if value is not None:
            yield value


def _candidates(value: object, shape: Shape | None) -> Iterator[dict[str, object]]:
    """Yield what may be the answer in a value: itself, what it is wrapped in, its only list."""
    properties = (shape.schema if shape else {}).get("properties", {})
    if isinstance(value, dict):
        yield value
        if not properties.keys() & value.keys():
            inner = [_parse(i, repair=False) if isinstance(i, str) else i for i in value.values()]
            yield from (each for each in inner if isinstance(each, dict))
        return
    lists = [name for name, inner in properties.items() if inner.get("type") == "array"]
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        if len(lists) == 1 == len(properties):
            yield {lists[0]: value}
        if len(value) == 1:
            yield value[0]


def _passes(value: object, shape: Shape) -> bool:
    try:
        shape.check(value)
    except ValueError:
        return False
    return True


def _complaint(text: str, seen: object) -> str:
    kind = "JSON" if seen is None else "JSON object"
    if _is_half(text):
        return "the JSON holds half a character (a lone surrogate)"
    shown = " ".join(text.split())
    shown = "".join(character for character in shown if character.isprintable())
    return f"no {kind}, but: {shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + '…'}"


def _without_thoughts(text: str) -> str:
    """Return a text without what a model thought first; all of it where nothing is left."""
    final = _FINAL_CHANNEL.match(text)
    if final:
        return text[final.end() :].partition("<|")[0]
    left = _THOUGHTS.sub(" ", text)
    end = _THOUGHTS_END.match(left)
    left = left[end.end() :] if end else left
    return left if "{" in left or "[" in left else text


def _balanced(text: str) -> Iterator[tuple[int, int]]:
    """Yield where brackets open that close again, the outermost ones, from left to right."""
    at = 0
    for _ in range(RESTARTS):
        opened: list[str] = []
        start, quoted = at, False
        for match in _BRACKET_OR_QUOTE.finditer(text, at):
            mark = match[0]
            if mark == '"':
                quoted = not quoted and bool(opened)
            elif quoted or mark[0] == "\\":
                continue
            elif mark in _PAIRS:
                start = start if opened else match.start()
                opened.append(_PAIRS[mark])
            elif opened and opened.pop() != mark:
                opened.append(mark)
                break
            elif not opened and match.start() > start:
                yield start, match.end()
                start = at = match.end()
        if not opened:
            return
        if opened == ["}"]:  # nothing but the last bracket is missing
            yield start, len(text)
        at = start + 1


def _parse(text: str, *, repair: bool) -> object | None:
    """Return the JSON value of a text, None for what is none or no answer."""
    try:
        # Not a number and infinity are read as words, which no schema takes for a number.
        value = json.loads(text, parse_constant=str, strict=False)
    except (ValueError, RecursionError):
        value = None
        if repair and text.startswith("{") and _depth(text) <= DEPTH:
            value = _repaired(text)
    return None if isinstance(value, dict | list) and _is_half(value) else value


def _repaired(text: str) -> object | None:
    try:
        value = json_repair.loads(text, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError, KeyError):
        return None
    return value if isinstance(value, dict) and value else None


def _depth(text: str) -> int:
    """Return at least how deep the brackets of a text are nested."""
    return max(map(len, re.findall(r"(?:[{\[]\s*(?:\"[^\"]*\"\s*:\s*)?)+", text)), default=0) // 2


def _is_half(value: object) -> bool:
    """Return whether a value, or a text that is JSON, holds half a character."""
    try:
        if isinstance(value, str):
            value = json.loads(value)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return isinstance(value, dict | list)
    return False


BOUNDS = frozenset(
    {
        *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format"),
    }
)
"""Words of a schema that limit a value, and that many servers refuse."""

PERCENT = 100
"""The upper bound of an integer that is a percentage."""

_SEPARATORS = re.compile(r"[\s_-]+")
_NULLS = (None, "null", "None", "none", "NULL")
_NUMBERS = re.compile(r"\s*\d+(?:[\s,;]+\d+)*\s*")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%?\s*")


class _NotUsable(ValueError):
    """A value that stands for nothing, such as NaN; the message names it."""


def fit(value: dict[str, object], schema: Mapping[str, Any]) -> tuple[dict[str, object], str]:
    """Return a value as a schema has it, as far as that loses nothing, and what was left out.

    What differs otherwise is left as it is, for a check to refuse. An entry of a list that
    holds no number where one must be (NaN, infinity) is left out and named.
    """
    problems: list[str] = []
    try:
        fitted = _Fitter(schema, problems).fit(value, schema, "")
    except _NotUsable as problem:
        return value, str(problem)
    return (fitted if isinstance(fitted, dict) else value), "; ".join(problems)


def simplify(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without bounds and references: definitions stand where they are used."""
    definitions = schema.get("$defs", {})

    def plain(part: object, *, names: bool = False) -> Any:
        if isinstance(part, list):
            return [plain(each) for each in part]
        if not isinstance(part, dict):
            return part
        part = _resolved(part, definitions)
        return {
            key: plain(value, names=key == "properties" and not names)
            for key, value in part.items()
            if names or key not in BOUNDS | {"$defs"}
        }

    simple: dict[str, Any] = plain(dict(schema))
    return simple


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to in the place of the reference."""
    rest = dict(schema)
    for _ in range(len(definitions) + 1):
        name = str(rest.pop("$ref", "")).rpartition("/")[2]
        if name not in definitions:
            break
        rest = {**definitions[name], **rest}
    return rest


class _Fitter:
    def __init__(self, root: Mapping[str, Any], problems: list[str]) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._problems = problems

    def fit(self, value: object, schema: Mapping[str, Any], at: str) -> object:
        if value in _NULLS and self._is_nullable(schema):
            return None
        schema = self._plain(schema)
        kind = schema.get("type")
        if value is None:
            return None
        if kind == "object" and isinstance(value, dict):
            return self._fit_object(value, schema, at)
        if kind == "array":
            return self._fit_list(value, schema.get("items", {}), at)
        if kind in ("integer", "number"):
            return _fit_number(value, schema, at)
        if isinstance(value, str) and "enum" in schema:
            return next((each for each in schema["enum"] if _same(each, value)), value)
        return value

    def _plain(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a schema resolved, and without the choice of null."""
        resolved = _resolved(schema, self._definitions)
        choices = [each for each in resolved.get("anyOf", ()) if each.get("type") != "null"]
        if len(choices) == 1:
            return self._plain(choices[0])
        kinds = resolved.get("type")
        if isinstance(kinds, list):
            resolved["type"] = next((kind for kind in kinds if kind != "null"), "null")
        return resolved

    def _is_nullable(self, schema: Mapping[str, Any]) -> bool:
        resolved = _resolved(schema, self._definitions)
        kinds = [each.get("type") for each in resolved.get("anyOf", ())]
        own = resolved.get("type")
        return "null" in [*kinds, *(own if isinstance(own, list) else [own])]

    def _fit_object(self, value: dict[str, object], schema: dict[str, Any], at: str) -> object:
        properties = schema.get("properties", {})
        extra = {} if schema.get("additionalProperties") is False else value
        missing = {
            name: None
            for name, inner in properties.items()
            if name not in value and self._is_nullable(inner)
        }
        known = {
            name: self.fit(value[name], inner, f"{at}.{name}".lstrip("."))
            for name, inner in properties.items()
            if name in value
        }
        return {**extra, **missing, **known}

    def _fit_list(self, value: object, items: Mapping[str, Any], at: str) -> object:
        if not isinstance(value, list):
            if self._plain(items).get("type") != "integer" or not _NUMBERS.fullmatch(str(value)):
                return value
            value = re.findall(r"\d+", str(value))  # the numbers of sentences, without brackets
        kept = []
        for number, item in enumerate(value, 1):
            try:
                kept.append(self.fit(item, items, f"{at}.{number}"))
            except _NotUsable as problem:
                self._problems.append(str(problem))
        return kept


def _fit_number(value: object, schema: Mapping[str, Any], at: str) -> object:
    if isinstance(value, str):
        written = _NUMBER.fullmatch(value)
        if not written:
            if _SEPARATORS.sub("", value).lower() in {"nan", "infinity", "inf"}:
                raise _NotUsable(f"{at}: {value} is no number")
            return value
        value = float(written[1]) if "." in written[1] else int(written[1])
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        raise _NotUsable(f"{at}: {value} is no number")
    if schema["type"] == "integer":
        if schema.get("maximum") == PERCENT and 0 <= value <= 1:
            return round(PERCENT * value)
        return int(value) if value.is_integer() else value
    return value


def _same(one: object, other: str) -> bool:
    """Return whether two names of a list of choices are one, but for case and separators."""
    return (
        _SEPARATORS.sub("_", str(one)).casefold() == _SEPARATORS.sub("_", other.strip()).casefold()
    )
