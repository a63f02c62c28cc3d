"""A value beside the JSON Schema it should have: what may differ where nothing is lost.

Servers that hold a model to no schema, or to a part of one, answer with the right content in
slightly other clothes: keys whose value is null are left out, keys are added, a percentage is
a fraction. And servers that refuse some words of a schema take it without them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Fitted:
    """A value as its schema has it; ``problems`` names the parts that were left out."""

    value: dict[str, object]
    problems: str = ""


def fit(value: dict[str, object], schema: Mapping[str, Any]) -> Fitted:
    """Return a value as a schema has it, as far as that loses nothing.

    What differs otherwise is left as it is, for a check to refuse. An entry of a list that
    holds no number where one must be (NaN, infinity) is left out and named.
    """
    problems: list[str] = []
    try:
        fitted = _Fitter(schema, problems).fit(value, schema, "")
    except _NotUsable as problem:
        return Fitted(value, str(problem))
    return Fitted(fitted if isinstance(fitted, dict) else value, "; ".join(problems))


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
