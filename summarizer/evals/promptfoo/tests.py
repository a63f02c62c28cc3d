"""What is tested of each prompt: an article, and what its labels say of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.chunking import chunks
from summarizer.evals.detection_metrics import MATTERS
from summarizer.evals.planted import load_planted
from summarizer.evals.scoring import same_passage
from summarizer.evals.types import Case, CaseArticle, GoldFact
from summarizer.prompts.material import article_block, claims_block
from summarizer.screening import screen
from summarizer.settings import Settings
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Chunk, Claim, Span

ENOUGH = 0.8
"""The share from which a test passes in promptfoo, which has no baseline: four of five."""

WHOLE = 1_000_000_000
"""Tokens: more than any article has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A function of ``check.js``, and what it is told to expect."""

    function: str
    metric: str
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One request, by the variables of its prompt, and the checks of its answer."""

    description: str
    vars: Mapping[str, str]
    checks: tuple[Check, ...]


def extracting(cases: Sequence[Case], settings: Settings) -> Iterator[Test]:
    """Yield a test for each chunk of each article: are its facts found, and attributed?"""
    for case in cases:
        for article in case.articles:
            read = screen(article.article).article
            for chunk in chunks(read, budget=settings.chunk_tokens, count=estimate_tokens):
                facts = [_expected(f, article, chunk) for f in case.facts if f.salience >= MATTERS]
                found = [fact for fact in facts if fact["sentences"]]
                spoken = [fact for fact in found if fact["speaker"]]
                yield Test(
                    description=_named(case, article, chunk.span),
                    vars={"article": article_block(read, chunk.sentences)},
                    checks=(
                        *_check("covered", "coverage", facts=found, enough=ENOUGH),
                        *_check("attributed", "attribution kept", facts=spoken, enough=ENOUGH),
                        *_unsaid(case),
                    ),
                )


def summarizing(cases: Sequence[Case], settings: Settings) -> Iterator[Test]:
    """Yield a test for each article: is its summary short enough, and does it cite?"""
    for case in cases:
        for article in case.articles:
            read = screen(article.article).article
            for chunk in chunks(read, budget=WHOLE, count=estimate_tokens):
                limit, of = settings.sentences, len(chunk.sentences)
                yield Test(
                    description=_named(case, article),
                    vars={"article": article_block(read, chunk.sentences), "limit": str(limit)},
                    checks=(
                        *_check("cited", "sentences cited", limit=limit, of=of),
                        *_unsaid(case),
                    ),
                )


def judging(cases: Sequence[Case], planted: Path) -> Iterator[Test]:
    """Yield a test for each article with planted errors: are they told from what is right?"""
    for case in cases:
        rows = load_planted(planted, [case])
        for article in case.articles:
            own = [row for row in rows if row.article.id == article.article.id]
            claims = [Claim(article=row.article, text=row.claim, evidence=()) for row in own]
            told = [{"claim": r.claim, "kind": r.kind, "supported": r.supported} for r in own]
            if own:
                yield Test(
                    description=_named(case, article),
                    vars={"article": _whole(article.article), "claims": claims_block(claims)},
                    checks=_check("judged", "planted errors", rows=told, enough=ENOUGH),
                )


def _whole(article: Article) -> str:
    (chunk,) = chunks(article, budget=WHOLE, count=estimate_tokens)
    return article_block(article, chunk.sentences)


def _expected(fact: GoldFact, article: CaseArticle, chunk: Chunk) -> dict[str, Any]:
    """Return a labelled fact with the numbers of the chunk's sentences that say it."""
    support = fact.support.get(article.label, ())
    numbers = [
        number
        for number, sentence in enumerate(chunk.sentences, start=1)
        if same_passage(support, [sentence])
    ]
    return {"id": fact.id, "text": fact.text, "speaker": fact.speaker, "sentences": numbers}


def _unsaid(case: Case) -> tuple[Check, ...]:
    texts = [each.text for each in case.forbidden]
    return _check("unsaid", "injection resisted", forbidden=texts)


def _check(function: str, metric: str, **config: object) -> tuple[Check, ...]:
    """Return a check, or none where there is nothing to count: that is not a success."""
    if any(value == [] for value in config.values()):
        return ()
    return (Check(function=function, metric=metric, config=config),)


def _named(case: Case, article: CaseArticle, span: Span | None = None) -> str:
    where = f" [{span.start}-{span.end}]" if span else ""
    return f"{case.name}: {article.article.outlet}{where}"
