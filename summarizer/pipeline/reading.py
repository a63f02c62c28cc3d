"""Reading articles: the claims of each, and a draft of its summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from summarizer.chunking import chunks
from summarizer.engines import Engine, Extraction, SummaryDraft
from summarizer.grounding import Grounded, ground, merge_repeats
from summarizer.pipeline import pool
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.progress import Progress
from summarizer.screening import Address, address, asks_reader, quoted_sentences
from summarizer.text.passage import read
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Chunk, Claim, Rejected, RejectReason, Span

WHOLE_ARTICLE = 1_000_000_000
"""Tokens: an engine that has no limit of its own reads each article in one chunk."""

OF_ITS_WORDS = 0.7
"""Share of an order's telling words that a sentence has which is that order."""


class _Found(NamedTuple):
    """The claims of an article, what was turned away, and its sentences that are orders."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    orders: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What was found in one article.

    ``orders`` are sentences in which the model found an order, or which gave one to it; no
    judge is shown them. ``read_at_all`` is false where no part of it could be read;
    ``dropped`` counts references of the engine to sentences that do not exist.
    """

    article: Article
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    orders: tuple[Span, ...] = ()
    summary: tuple[SummaryDraft, ...] = ()
    dropped: int = 0
    read_at_all: bool = True


def read_claims(article: Article, engine: Engine) -> Grounded:
    """Return an article's grounded claims, and the drafts that were turned away."""
    found = [engine.extract(part) for part in _parts(article, engine)]
    grounded = _grounded(article, found, asked=engine.model is not None)
    return Grounded(grounded.claims, grounded.rejected)


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
        grounded = _grounded(self._article, found, asked=self._asked)
        summary, obeying = self._told()
        return ReadArticle(
            article=self._article,
            claims=grounded.claims,
            rejected=(*grounded.rejected, *(_order(self._article, d.text) for d in obeying)),
            orders=grounded.orders,
            summary=summary,
            dropped=sum(part.dropped for part in found),
            read_at_all=not self._parts or bool(found),
        )

    @property
    def _asked(self) -> bool:
        return self._desk.engine.model is not None

    def _told(self) -> tuple[tuple[SummaryDraft, ...], tuple[SummaryDraft, ...]]:
        """Return the summary's sentences that state something, and those that do not."""
        orders = [d for d in self._summary if self._asked and address(d.text)]
        return tuple(d for d in self._summary if d not in orders), tuple(orders)

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


def _grounded(article: Article, found: Sequence[Extraction], *, asked: bool) -> _Found:
    """Ground the drafts of all parts; claims on instructions are turned away with them.

    Where a model was ``asked``, a claim that is an order itself is turned away as well: the
    model was talked into it, or takes for news what its article says to the reader.
    """
    orders = [
        span
        for part in found
        for span in part.instructions
        if not asks_reader(span.of(article.text))
    ]
    grounded = ground(draft for part in found for draft in part.drafts)
    told = tuple(_instruction(article, span) for span in dict.fromkeys(orders))
    claims, obeying = _stating(article, grounded.claims) if asked else (grounded.claims, ())
    given = {span: claim for claim in obeying for span in claim.evidence if _says(claim, span)}
    orders += given
    kept = merge_repeats(claim for claim in claims if not _rests_on(claim, orders))
    turned_away = (
        *grounded.rejected,
        *told,
        *(_order(article, " ".join(span.of(article.text).split())) for span in given),
        *(_order(article, claim.text) for claim in obeying if claim not in given.values()),
    )
    return _Found(kept, turned_away, tuple(sorted(set(orders))))


def _stating(article: Article, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return the claims that state something, and those that tell or ask their reader something.

    What somebody is said to have demanded is news.
    """
    quoted = quoted_sentences(article)
    obeying = [
        claim
        for claim in claims
        if not claim.speaker and not _rests_on(claim, quoted) and address(claim.text)
    ]
    return [claim for claim in claims if claim not in obeying], obeying


def _says(claim: Claim, span: Span) -> bool:
    """Return whether a passage has nearly all words of a claim: then it is the order itself."""
    language = _language(claim.article)
    said, told = read(claim.text, None, language), read(span.of(claim.article.text), None, language)
    return bool(said.stems) and len(said.stems & told.stems) >= OF_ITS_WORDS * len(said.stems)


def _language(article: Article) -> str:
    return (article.language or "en").partition("-")[0]


def _rests_on(claim: Claim, spans: Sequence[Span]) -> bool:
    return bool(spans) and all(any(e.overlap(s) for s in spans) for e in claim.evidence)


def _instruction(article: Article, span: Span) -> Rejected:
    return Rejected(
        article=article,
        text=" ".join(span.of(article.text).split()),
        reason=RejectReason.INJECTION,
        detail="the model took it for an instruction and no report",
    )


def _order(article: Article, text: str) -> Rejected:
    return Rejected(
        article=article, text=text, reason=RejectReason.INJECTION, detail=Address.ORDER.value
    )
