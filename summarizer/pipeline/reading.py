"""Reading articles: the claims of each, and a draft of its summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.chunking import chunks
from summarizer.engines import Engine, Extraction, SummaryDraft
from summarizer.grounding import Grounded, ground, merge_repeats
from summarizer.pipeline import pool
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.progress import Progress
from summarizer.text.questions import asks_reader
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Chunk, Claim, Rejected, RejectReason, Span

WHOLE_ARTICLE = 1_000_000_000
"""Tokens: an engine that has no limit of its own reads each article in one chunk."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What was found in one article.

    ``read_at_all`` is false where no part of it could be read; ``dropped`` counts references
    of the engine to sentences that do not exist.
    """

    article: Article
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    summary: tuple[SummaryDraft, ...] = ()
    dropped: int = 0
    read_at_all: bool = True


def read_claims(article: Article, engine: Engine) -> Grounded:
    """Return an article's grounded claims, and the drafts that were turned away."""
    found = [engine.extract(part) for part in _parts(article, engine)]
    return _grounded(article, found)


def read_all(
    desk: Desk, articles: Sequence[Article], sentences: int, progress: Progress
) -> list[ReadArticle]:
    """Return the claims of every article, and a draft of its summary, all read at once."""
    readers = [_Reader(desk, article, sentences) for article in articles]
    tasks = [step for reader in readers for step in reader.steps()]
    progress("reading", 0, len(tasks))
    pool.run(tasks, desk.jobs, lambda done: progress("reading", done, len(tasks)))
    return [reader.result() for reader in readers]


class _Reader:
    """Reads one article: its parts and its summary, in steps that may be taken at once."""

    def __init__(self, desk: Desk, article: Article, sentences: int) -> None:
        self._desk = desk
        self._article = article
        self._sentences = sentences
        self._parts = _parts(article, desk.engine)
        self._found: list[Extraction | None] = [None] * len(self._parts)
        self._summary: tuple[SummaryDraft, ...] = ()

    def steps(self) -> Iterator[pool.Task]:
        """Yield the steps; none needs what another one finds."""
        yield from (partial(self._read, i) for i in range(len(self._parts)))
        if self._parts:
            yield self._summarize

    def result(self) -> ReadArticle:
        """Return what was found, when all steps have ended."""
        found = [part for part in self._found if part is not None]
        grounded = _grounded(self._article, found)
        return ReadArticle(
            article=self._article,
            claims=grounded.claims,
            rejected=grounded.rejected,
            summary=self._summary,
            dropped=sum(part.dropped for part in found),
            read_at_all=not self._parts or bool(found),
        )

    def _read(self, i: int) -> None:
        engine, part = self._desk.engine, self._parts[i]
        self._found[i] = self._desk.attempt("reading", self._article, lambda: engine.extract(part))

    def _summarize(self) -> None:
        engine = self._desk.engine
        drafts = self._desk.attempt(
            "summarizing",
            self._article,
            lambda: engine.summarize(self._article, self._sentences),
        )
        self._summary = tuple(drafts or ())


def _parts(article: Article, engine: Engine) -> tuple[Chunk, ...]:
    budget = engine.chunk_tokens or WHOLE_ARTICLE
    return chunks(article, budget=budget, count=estimate_tokens)


def _grounded(article: Article, found: Sequence[Extraction]) -> Grounded:
    """Ground the drafts of all parts; claims on instructions are turned away with them."""
    orders = [
        span
        for part in found
        for span in part.instructions
        if not asks_reader(span.of(article.text))
    ]
    grounded = ground(draft for part in found for draft in part.drafts)
    kept = merge_repeats(claim for claim in grounded.claims if not _rests_on(claim, orders))
    told = tuple(_instruction(article, span) for span in dict.fromkeys(orders))
    return Grounded(kept, (*grounded.rejected, *told))


def _rests_on(claim: Claim, spans: Sequence[Span]) -> bool:
    return bool(spans) and all(any(e.overlap(s) for s in spans) for e in claim.evidence)


def _instruction(article: Article, span: Span) -> Rejected:
    return Rejected(
        article=article,
        text=" ".join(span.of(article.text).split()),
        reason=RejectReason.INJECTION,
        detail="the model took it for an instruction and no report",
    )
