"""A report as JSON: the fields that ``summarizer.report.schema`` defines, and no others.

The models are the one definition of the shape. What is written is found by their fields'
names in the domain's values; only what is called or kept differently there is named here.
Quotes are never stored: each is cut from its article's text at the moment of writing.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from summarizer.report.compact import MOST_FACTS, compact
from summarizer.report.safe import json_safe
from summarizer.report.schema import SCHEMA_VERSION, Evidence, Part, Report
from summarizer.types import (
    Article,
    ArticleSummary,
    Check,
    DiffReport,
    Generated,
    Passage,
    Span,
    Usage,
)

DECIMALS = 4
"""Places kept of a probability or a salience; more would claim what no judge knows."""

SECONDS = 3
"""Places kept of a duration in seconds."""

STREAMS, FETCHED = ("-", "text"), ("http://", "https://")
"""The sources that are not files, and how those begin that are pages."""

JsonObject = dict[str, Any]


def to_json(report: DiffReport) -> str:
    """Return the report as an indented JSON document."""
    return dumps(to_contract(report), indent=2) + "\n"


def dumps(value: object, *, indent: int | None = None) -> str:
    """Return JSON that keeps letters readable and holds nothing a terminal obeys."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def to_contract(report: DiffReport) -> JsonObject:
    """Return the report as plain lists and dictionaries, ready for ``json.dumps``."""
    return _object(Report, report, None)


def to_compact(report: DiffReport, *, facts: int = MOST_FACTS) -> JsonObject:
    """Return the most salient part of a report, a few kilobytes, as plain values."""
    made: JsonObject = compact(report, facts=facts).model_dump(mode="json")
    return made


def _object(model: type[Part], value: object, article: Article | None) -> JsonObject:
    """Return a domain value as the model's fields; ``article`` is whose text it stands in."""
    article = getattr(value, "article", None) or article
    return {
        name: _plain(shape, _field(value, name), article) for name, shape in _fields(model).items()
    }


@cache
def _fields(model: type[Part]) -> dict[str, Any]:
    """Return what each field of a model holds, in order."""
    hints = get_type_hints(model)
    return {name: hints[name] for name in model.model_fields}


def _field(value: object, name: str) -> object:
    """Return what the contract calls ``name`` of a domain value."""
    match value, name:
        case DiffReport(), "schema_version":
            return SCHEMA_VERSION
        case ArticleSummary(), "summary":
            return value.sentences
        case ArticleSummary(), "text":
            return None if _is_in_file(value.article) else value.article.text
        case ArticleSummary(), _ if not hasattr(value, name):
            return getattr(value.article, name)
        case Check(), "verdict" | "probability" | "nearest":
            return getattr(value.judgement, name)
        case Passage(), "start" | "end":
            return getattr(value.span, name)
        case Generated(), "prompts":
            return dict(value.prompts)
        case Usage(), "seconds":
            return round(value.seconds, SECONDS)
    return getattr(value, name)


def _plain(shape: Any, value: Any, article: Article | None) -> Any:
    """Return a value as JSON holds it; ``shape`` is what the contract says of it."""
    match value:
        case Article():
            return value.id
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case float():
            return round(value, DECIMALS)
        case Span() if article is not None and _model(shape) is Evidence:
            return {"start": value.start, "end": value.end, "quote": value.of(article.text)}
        case Span():
            return [value.start, value.end]
        case tuple():
            return [_plain(_element(shape), each, article) for each in value]
        case None | str() | int() | dict():
            return value
    model = _model(shape)
    assert model is not None
    return _object(model, value, article)


def _element(shape: Any) -> Any:
    """Return what a list of this shape holds."""
    return next(iter(get_args(shape)), None)


def _model(shape: Any) -> type[Part] | None:
    """Return the model that a shape names, whether or not it may be null."""
    options = get_args(shape) if get_origin(shape) in (Union, UnionType, Annotated) else (shape,)
    return next(
        (each for each in options if isinstance(each, type) and issubclass(each, Part)), None
    )


def _is_in_file(article: Article) -> bool:
    """Return whether a reader of the report finds this very text in the file it names.

    That is: a file in UTF-8, not one of HTML or another encoding, nor a stream or a page.
    """
    if article.source in STREAMS or article.source.startswith(FETCHED):
        return False
    bytes_of_text = article.text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes_of_text).hexdigest() == article.sha256
