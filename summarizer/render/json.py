"""A report as the JSON contract (``schema_version`` 2; see ``summarizer.report.schema``).

Quotes are never stored: each is cut from its article's text here, at the moment of writing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from summarizer.report.safe import json_safe
from summarizer.types import (
    Article,
    ArticleSummary,
    Check,
    Conflict,
    Detail,
    DiffReport,
    Fact,
    Failure,
    Mention,
    Origin,
    Position,
    Rejected,
    Span,
    SummarySentence,
)

SCHEMA_VERSION = 2
"""Raised by any change that breaks a reader."""

DECIMALS = 4
"""Places kept of a probability or a salience; more would claim what no judge knows."""

STREAM, FETCHED = "-", ("http://", "https://")
"""How the sources begin that are not files."""

JsonObject = dict[str, Any]


def to_json(report: DiffReport) -> str:
    """Return the report as an indented JSON document."""
    return dumps(to_contract(report), indent=2) + "\n"


def dumps(value: object, *, indent: int | None = None) -> str:
    """Return JSON that keeps letters readable and holds nothing a terminal obeys."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def to_contract(report: DiffReport) -> JsonObject:
    """Return the report as plain lists and dictionaries, ready for ``json.dumps``."""
    made = report.generated
    usage = report.usage
    return {
        "schema_version": SCHEMA_VERSION,
        "headline": report.headline,
        "generated": {
            "at": made.at,
            "version": made.version,
            "engine": made.engine,
            "model": made.model,
            "judge": made.judge,
            "prompts": dict(made.prompts),
        },
        "articles": [_article(summary) for summary in report.articles],
        "facts": [_fact(fact) for fact in report.facts],
        "conflicts": [_conflict(conflict) for conflict in report.conflicts],
        "origins": [_origin(origin) for origin in report.origins],
        "rejected": [_rejected(rejected) for rejected in report.rejected],
        "usage": {
            "calls": usage.calls,
            "cached_calls": usage.cached_calls,
            "input_tokens": usage.input_tokens,
            "cached_input_tokens": usage.cached_input_tokens,
            "output_tokens": usage.output_tokens,
            "cost_usd": usage.cost_usd,
            "seconds": round(usage.seconds, 3),
        },
        "failures": [_failure(failure) for failure in report.failures],
        "warnings": list(report.warnings),
    }


def quoted(article: Article, span: Span) -> JsonObject:
    """Return one piece of evidence, its quote cut from the article's text."""
    return {"start": span.start, "end": span.end, "quote": span.of(article.text)}


def _evidence(article: Article, spans: Sequence[Span]) -> list[JsonObject]:
    return [quoted(article, span) for span in spans]


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _article(summary: ArticleSummary) -> JsonObject:
    article = summary.article
    return {
        "id": article.id,
        "source": article.source,
        "sha256": article.sha256,
        "outlet": article.outlet,
        "outlet_from": article.outlet_from.value,
        "title": article.title,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "url": article.url,
        "text": None if _is_in_file(article) else article.text,
        "body": _pairs(article.body),
        "same_as": summary.same_as.id if summary.same_as else None,
        "credits": list(article.credits),
        "warnings": list(article.warnings),
        "summary": [_sentence(article, sentence) for sentence in summary.sentences],
        "uncited": _pairs(summary.uncited),
        "read": summary.read.value,
    }


def _is_in_file(article: Article) -> bool:
    """Return whether a reader of the report finds this very text in the file it names.

    That is: a file in UTF-8, not one of HTML or another encoding, nor a stream or a page.
    """
    if article.source == STREAM or article.source.startswith(FETCHED):
        return False
    bytes_of_text = article.text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes_of_text).hexdigest() == article.sha256


def _sentence(article: Article, sentence: SummarySentence) -> JsonObject:
    return {
        "text": sentence.text,
        "evidence": _evidence(article, sentence.evidence),
        "probability": round(sentence.probability, DECIMALS),
    }


def _fact(fact: Fact) -> JsonObject:
    return {
        "id": fact.id,
        "text": fact.text,
        "kind": fact.kind.value,
        "status": fact.status.value,
        "salience": round(fact.salience, DECIMALS),
        "outlets": list(fact.outlets),
        "origins": fact.origins,
        "uniqueness": fact.uniqueness.value if fact.uniqueness else None,
        "mentions": [_mention(mention) for mention in fact.mentions],
        "details": [_detail(detail) for detail in fact.details],
        "checks": [_check(check) for check in fact.checks],
    }


def _detail(detail: Detail) -> JsonObject:
    return {
        "article": detail.article.id,
        "text": detail.text,
        "evidence": _evidence(detail.article, detail.evidence),
        "uniqueness": detail.uniqueness.value,
        "checks": [_check(check) for check in detail.checks],
    }


def _mention(mention: Mention) -> JsonObject:
    return {
        "article": mention.article.id,
        "wording": mention.wording,
        "speaker": mention.speaker,
        "hedge": mention.hedge,
        "evidence": _evidence(mention.article, mention.evidence),
    }


def _check(check: Check) -> JsonObject:
    nearest = check.judgement.nearest
    return {
        "article": check.article.id,
        "verdict": check.judgement.verdict.value,
        "probability": round(check.judgement.probability, DECIMALS),
        "nearest": quoted(check.article, nearest) if nearest else None,
    }


def _conflict(conflict: Conflict) -> JsonObject:
    return {
        "id": conflict.id,
        "fact": conflict.fact,
        "topic": conflict.topic,
        "kind": conflict.kind.value,
        "salience": round(conflict.salience, DECIMALS),
        "positions": [_position(position) for position in conflict.positions],
    }


def _position(position: Position) -> JsonObject:
    return {
        "value": position.value,
        "outlets": list(position.outlets),
        "mentions": [
            {
                "article": mention.article.id,
                "evidence": _evidence(mention.article, mention.evidence),
            }
            for mention in position.mentions
        ],
    }


def _origin(origin: Origin) -> JsonObject:
    return {
        "articles": [article.id for article in origin.articles],
        "kind": origin.kind.value,
        "passages": [
            [
                {"article": passage.article.id, **quoted(passage.article, passage.span)}
                for passage in group
            ]
            for group in origin.passages
        ],
    }


def _rejected(rejected: Rejected) -> JsonObject:
    return {
        "article": rejected.article.id,
        "text": rejected.text,
        "reason": rejected.reason.value,
        "detail": rejected.detail,
    }


def _failure(failure: Failure) -> JsonObject:
    return {
        "stage": failure.stage,
        "article": failure.article.id if failure.article else None,
        "reason": failure.reason,
        "message": failure.message,
    }
