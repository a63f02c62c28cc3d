"""JSON in what a model wrote, and the same JSON as its schema has it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

import json_repair

from summarizer.llm.api_errors import plain
from summarizer.schemas import ReplyShape
from summarizer.text.data import load

Json = dict[str, object]

SHOWN = 60  # characters of an answer that is no JSON that are shown: enough to know it by
RESTARTS = 4  # brackets that never close after which the search goes on behind them
NESTED = "{" * 200  # no answer has it, and its repair takes time that grows with its square
VALUES_TRIED = 40  # JSON values that are looked at; a model that writes more of them rambles

BOUNDS = frozenset(load("dialects", __package__)["schema"]["bounds"])
_TAG = r"[\w:|-]*(?:think|thought|reason|reflect|scratch|analysis)[\w:|-]*"
_THOUGHTS = re.compile(rf"(?is)[<◁]({_TAG})[>▷].*?[<◁]/\1[>▷]")
_THOUGHTS_END = re.compile(rf"(?is)^.*[<◁]/{_TAG}[>▷]")
_FINAL_CHANNEL = re.compile(
    r"(?is)^.*(?:<\|channel\|>\s*final.*?<\|message\|>|\bassistant\s?final(?=\s*[{\[`]))"
)
_PAIRS = {"{": "}", "[": "]"}
_BRACKET_OR_QUOTE = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_SEPARATORS = re.compile(r"[\s_-]+")
_NULLS = (None, "null", "None", "none", "NULL")
_NUMBERS = re.compile(r"\s*\d+(?:[\s,;]+\d+)*\s*")


def find_answer(texts: Iterable[str], shape: ReplyShape | None) -> tuple[Json, str]:
    """Return the first JSON object in an answer that fits a shape, else the first one; its text.

    ``texts`` are where it may stand, the likeliest place first. Without a shape any object fits.
    Where there is none, a ValueError says what is there instead.
    """
    written = [text for text in texts if text.strip()]
    if not written:
        raise ValueError("the answer is empty")
    schema = simplify(shape.schema, without=frozenset()) if shape else {}
    first: tuple[Json, str] | None = None
    kind = "JSON"
    for text in written:
        for value in islice(json_values(text), VALUES_TRIED):
            kind = "JSON object"
            for candidate in _answers_within(value, schema):
                if not shape:
                    return candidate, text
                with suppress(ValueError):
                    return shape.check(fit(candidate, schema)).model_dump(), text
                if candidate is value and isinstance(value, dict):
                    first = first or (value, text)
    if first:
        return first
    complaint = f"no {kind}, but: {plain(written[0], SHOWN)}"
    with suppress(ValueError, RecursionError):
        if not _is_encodable(json.loads(written[0])):
            complaint = "the JSON holds half a character (a lone surrogate)"
    raise ValueError(complaint)


def json_values(text: str) -> Iterator[object]:
    """Yield the JSON values in a text, repaired where they are broken but whole."""
    text = text.strip().lstrip("\ufeff")
    whole = _parse_json(text)
    if isinstance(whole, dict | list):
        yield whole
    elif isinstance(whole, str):  # JSON within a JSON text
        yield from (value for value in json_values(whole) if isinstance(value, dict))
    else:
        answer = _without_thoughts(text)
        for start, end in _balanced_spans(answer):
            part = answer[start:end].rstrip()
            is_closed = part.endswith(("}", "]"))
            value = _parse_json(part)
            if value is None and is_closed:
                value = _repair_object(part)
            if value is None and end == len(answer) and (is_closed or part.endswith('"')):
                value = _parse_json(part + "}")
            if value is not None:
                yield value


def _answers_within(value: object, schema: Mapping[str, Any]) -> Iterator[Json]:
    """Yield what may be the answer in a value: itself, what it is wrapped in, its only list."""
    properties = schema.get("properties", {})
    if isinstance(value, dict):
        yield value
        if not properties.keys() & value.keys():
            inner = [_parse_json(v) if isinstance(v, str) else v for v in value.values()]
            yield from (each for each in inner if isinstance(each, dict))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        if [each.get("type") for each in properties.values()] == ["array"]:
            yield dict.fromkeys(properties, value)
        if len(value) == 1:
            yield value[0]


def _without_thoughts(text: str) -> str:
    """Return a text without what a model thought first; all of it where nothing is left."""
    if final := _FINAL_CHANNEL.match(text):
        return text[final.end() :].partition("<|")[0]
    left = _THOUGHTS_END.sub("", _THOUGHTS.sub(" ", text))
    return left if "{" in left or "[" in left else text


def _balanced_spans(text: str) -> Iterator[tuple[int, int]]:
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


def _parse_json(text: str) -> Any:
    """Return the JSON value of a text, None for what is none or no answer."""
    try:
        # Not a number and infinity are read as words, which no schema takes for a number.
        value = json.loads(text, parse_constant=str, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if _is_encodable(value) else None


def _repair_object(text: str) -> Json | None:
    if not text.startswith("{") or NESTED in text:
        return None
    try:
        value = json_repair.loads(text, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError, KeyError):
        return None
    return value if isinstance(value, dict) and value and _is_encodable(value) else None


def _is_encodable(value: object) -> bool:
    """Return whether a value of JSON holds no half of a character."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


def simplify(schema: Mapping[str, Any], without: frozenset[str] = BOUNDS) -> dict[str, Any]:
    """Return a schema without bounds and references: definitions stand where they are used."""
    definitions = schema.get("$defs", {})

    def plain_part(part: Any, *, names: bool = False) -> Any:
        if isinstance(part, list):
            return [plain_part(each) for each in part]
        if not isinstance(part, dict):
            return part
        if not names and "$ref" in part:
            name = str(part["$ref"]).rpartition("/")[2]
            rest = {key: value for key, value in part.items() if key != "$ref"}
            return plain_part({**definitions.get(name, {}), **rest})
        return {
            key: plain_part(value, names=key == "properties" and not names)
            for key, value in part.items()
            if names or key not in without | {"$defs"}
        }

    simple: dict[str, Any] = plain_part(dict(schema))
    return simple


def fit(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a value as a schema without references has it, as far as that loses nothing.

    What differs otherwise is left as it is, for a check to refuse.
    """
    schema, is_nullable = _without_null(schema)
    if value is None or (is_nullable and value in _NULLS):
        return None
    items = schema.get("items", {})
    match schema.get("type"), value:
        case "object", dict():
            return _fit_object(value, schema)
        case "array", list():
            return [fit(item, items) for item in value]
        case "array", _ if items.get("type") == "integer" and _NUMBERS.fullmatch(str(value)):
            return re.findall(r"\d+", str(value))  # the numbers of sentences, without brackets
        case _, str():
            choices = schema.get("enum", ())
            return next((each for each in choices if _bare_name(each) == _bare_name(value)), value)
    return value


def _fit_object(value: Json, schema: Mapping[str, Any]) -> Json:
    """Return an object without fields that its schema lacks, null where it lacks one."""
    fitted = {} if schema.get("additionalProperties") is False else dict(value)
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            fitted[name] = fit(value[name], inner)
        elif _without_null(inner)[1]:
            fitted[name] = None
    return fitted


def _without_null(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Return a schema without the choice of null, and whether it has it."""
    choices = schema.get("anyOf", [])
    others = [each for each in choices if each.get("type") != "null"]
    return (others[0] if len(others) == 1 else schema), len(others) < len(choices)


def _bare_name(text: object) -> str:
    """Return a name of a list of choices without case and separators."""
    return _SEPARATORS.sub("_", str(text).strip()).casefold()
