"""Reading articles: the grounded claims of each, and its summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from summarizer.chunking import Chunk, chunks
from summarizer.compare.details import invented_detail
from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.document import Document, analyse, read
from summarizer.engines import Engine, Extraction, SummaryDraft
from summarizer.engines.completeness import omissions
from summarizer.grounding import Grounded, ground, merge_repeats
from summarizer.pipeline import pool
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.progress import Progress
from summarizer.screening import asks_reader, gives_order, quoted_sentences
from summarizer.tokens import estimate_tokens
from summarizer.types import (
    Article,
    Claim,
    ReadShare,
    Rejected,
    RejectReason,
    Span,
    SummarySentence,
)

WHOLE_ARTICLE = 1_000_000_000
"""Tokens: an engine that has no limit of its own reads each article in one chunk."""

OF_ITS_WORDS = 0.7
"""Share of an order's telling words that a sentence has which is that order."""


class _Screened(NamedTuple):
    """The claims of an article, what was turned away, and its sentences that are orders."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    orders: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What was read in one article.

    ``orders`` are sentences in which the model found an order, or which gave one to it; no
    later request shows them. ``dropped`` counts references of the engine to sentences that do
    not exist.
    """

    article: Article
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    orders: tuple[Span, ...] = ()
    summary: tuple[SummarySentence, ...] = ()
    dropped: int = 0
    read: ReadShare = ReadShare.WHOLE


def read_claims(article: Article, engine: Engine) -> Grounded:
    """Return an article's grounded claims, and the drafts that were turned away."""
    extractions = [engine.extract(part) for part in _parts(article, engine)]
    screened = _screened(article, extractions, asked=engine.model is not None)
    return Grounded(screened.claims, screened.rejected)


def read_all(
    desk: Desk, articles: Sequence[Article], sentences: int, progress: Progress
) -> list[ReadArticle]:
    """Return the claims of every article, and its summary, all read at once."""
    readers = [_Reader(desk, article, sentences) for article in articles]
    tasks = [step for reader in readers for step in reader.steps()]
    progress("reading", 0, len(tasks))
    pool.run(tasks, desk.jobs, lambda done: progress("reading", done, len(tasks)))
    rest = [step for reader in readers for step in reader.later_steps()]
    pool.run(rest, desk.jobs, lambda done: None)
    return [reader.result() for reader in readers]


class _Reader:
    """Reads one article: its parts, then what they left out and a summary of many parts."""

    def __init__(self, desk: Desk, article: Article, sentences: int) -> None:
        self._desk = desk
        self._article = article
        self._limit = sentences
        self._parts = _parts(article, desk.engine)
        self._read: list[Extraction | None] = [None] * len(self._parts)
        self._added: list[Extraction] = []
        self._long_summary: Sequence[SummaryDraft] = ()

    def steps(self) -> Iterator[pool.Task]:
        """Yield the steps that read the parts; none needs what another one gives."""
        yield from (partial(self._extract, i) for i in range(len(self._parts)))

    def later_steps(self) -> Iterator[pool.Task]:
        """Yield the steps that need what the first ones gave."""
        if self._asked and any(self._read):
            yield from (partial(self._complete, i) for i in range(len(self._parts)))
        if len(self._parts) > 1 or self._was_halved:
            yield self._summarize

    @property
    def _was_halved(self) -> bool:
        """Whether an article of one part was too long after all, so that it has no summary."""
        part = self._read[0] if self._read else None
        return self._asked and part is not None and bool(part.drafts) and not part.summary

    def result(self) -> ReadArticle:
        """Return what was read, when all steps have ended."""
        screened = self._screened()
        claims, unsupported = _supported(screened.claims) if self._asked else (screened.claims, ())
        orders, drafts = self._sorted_summary()
        summary, groundless = _checked_summary(self._article, drafts, checked=self._asked)
        return ReadArticle(
            article=self._article,
            claims=tuple(claims),
            orders=screened.orders,
            rejected=(
                *screened.rejected,
                *unsupported,
                *(_order(self._article, draft.text) for draft in orders),
                *groundless,
            ),
            summary=tuple(summary),
            dropped=sum(part.dropped for part in self._extractions),
            read=self._share(claims),
        )

    @property
    def _asked(self) -> bool:
        return self._desk.engine.model is not None

    @property
    def _extractions(self) -> list[Extraction]:
        return [part for part in (*self._read, *self._added) if part is not None]

    def _screened(self) -> _Screened:
        return _screened(self._article, self._extractions, asked=self._asked)

    def _share(self, claims: Sequence[Claim]) -> ReadShare:
        if self._parts and not claims:
            return ReadShare.NOT
        return ReadShare.WHOLE if all(self._read) else ReadShare.PARTLY

    def _extract(self, i: int) -> None:
        engine, part = self._desk.engine, self._parts[i]
        limit = self._limit if len(self._parts) == 1 else 0
        self._read[i] = self._desk.attempt(
            "reading", self._article, lambda: engine.extract(part, limit)
        )

    def _complete(self, i: int) -> None:
        """Ask once more for what the claims of a part left out; for all of it if there are none."""
        extraction, part, engine = self._read[i], self._parts[i], self._desk.engine
        if extraction is None:
            return
        screened = _screened(self._article, [extraction], asked=True)
        left_out = omissions(part, screened.claims, screened.orders)
        if not left_out:
            return
        added = self._desk.attempt(
            "reading", self._article, lambda: engine.supplement(part, left_out)
        )
        if added is not None:
            self._added.append(added)

    def _summarize(self) -> None:
        claims = self._screened().claims
        self._long_summary = (
            self._desk.attempt(
                "summarizing",
                self._article,
                lambda: self._desk.engine.summarize(self._article, claims, self._limit),
            )
            or ()
        )

    def _sorted_summary(self) -> tuple[list[SummaryDraft], list[SummaryDraft]]:
        """Return the summary's sentences that are orders, and those that state something."""
        drafts = [*chain.from_iterable(part.summary for part in self._extractions)]
        drafts += self._long_summary
        orders = [draft for draft in drafts if self._asked and gives_order(draft.text)]
        return orders, [draft for draft in drafts if draft not in orders]


def _parts(article: Article, engine: Engine) -> tuple[Chunk, ...]:
    budget = engine.chunk_tokens or WHOLE_ARTICLE
    return chunks(article, budget=budget, count=estimate_tokens)


def _supported(claims: Sequence[Claim]) -> tuple[list[Claim], list[Rejected]]:
    """Return the claims whose figures, names and quotations their article has, and the others."""
    kept, rejected = [], []
    documents: dict[str, Document] = {}
    for claim in claims:
        document = documents.setdefault(claim.article.id, analyse(claim.article))
        detail = invented_detail(document, claim.text, claim.evidence)
        if detail:
            rejected.append(_unsupported(claim, detail))
        else:
            kept.append(claim)
    return kept, rejected


def _checked_summary(
    article: Article, drafts: Sequence[SummaryDraft], *, checked: bool
) -> tuple[list[SummarySentence], list[Rejected]]:
    """Return the sentences of a summary that the article supports, and the others."""
    document = analyse(article)
    kept, rejected = [], []
    for draft in drafts:
        claim = Claim(article=article, text=draft.text, evidence=draft.evidence)
        if not draft.evidence:
            rejected.append(_groundless(claim))
        elif checked and (detail := invented_detail(document, draft.text, draft.evidence)):
            rejected.append(_unsupported(claim, detail, "the summary sentence: "))
        else:
            probability = LexicalJudge().judge_claim(claim, article).probability
            kept.append(
                SummarySentence(text=draft.text, evidence=draft.evidence, probability=probability)
            )
    return kept, rejected


def _screened(article: Article, extractions: Sequence[Extraction], *, asked: bool) -> _Screened:
    """Ground the drafts of all parts; claims on instructions are turned away with them.

    Where a model was ``asked``, a claim that is an order itself is turned away as well: the
    model was talked into it, or takes for news what its article says to the reader.
    """
    orders = [
        span
        for part in extractions
        for span in part.instructions
        if not asks_reader(span.of(article.text))
    ]
    grounded = ground(draft for part in extractions for draft in part.drafts)
    named = tuple(_instruction(article, span) for span in dict.fromkeys(orders))
    claims, obeying = _stating(article, grounded.claims) if asked else (grounded.claims, ())
    given = {span: claim for claim in obeying for span in claim.evidence if _says(claim, span)}
    orders += given
    kept = merge_repeats(claim for claim in claims if not _rests_on(claim, orders))
    turned_away = (
        *grounded.rejected,
        *named,
        *(_order(article, " ".join(span.of(article.text).split())) for span in given),
        *(_order(article, claim.text) for claim in obeying if claim not in given.values()),
    )
    return _Screened(kept, turned_away, tuple(sorted(set(orders))))


def _stating(article: Article, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return the claims that state something, and those that tell or ask their reader something.

    What somebody is said to have demanded is news.
    """
    quoted = quoted_sentences(article)
    obeying = [
        claim
        for claim in claims
        if not claim.speaker and not _rests_on(claim, quoted) and gives_order(claim.text)
    ]
    return [claim for claim in claims if claim not in obeying], obeying


def _says(claim: Claim, span: Span) -> bool:
    """Return whether a passage has nearly all words of a claim: then it is the order itself."""
    language = _language(claim.article)
    claimed = read(claim.text, None, language)
    passage = read(span.of(claim.article.text), None, language)
    shared = len(claimed.stems & passage.stems)
    return bool(claimed.stems) and shared >= OF_ITS_WORDS * len(claimed.stems)


def _language(article: Article) -> str:
    return (article.language or "en").partition("-")[0]


def _rests_on(claim: Claim, spans: Sequence[Span]) -> bool:
    return bool(spans) and all(any(e.overlap(s) for s in spans) for e in claim.evidence)


def _unsupported(claim: Claim, detail: str, about: str = "") -> Rejected:
    return Rejected(
        article=claim.article,
        text=claim.text,
        reason=RejectReason.UNSUPPORTED,
        detail=f"{about}its own article does not have {detail}",
    )


def _groundless(sentence: Claim) -> Rejected:
    return Rejected(
        article=sentence.article,
        text=sentence.text,
        reason=RejectReason.UNGROUNDED,
        detail="the summary sentence cites no sentence of the article",
    )


def _instruction(article: Article, span: Span) -> Rejected:
    return Rejected(
        article=article,
        text=" ".join(span.of(article.text).split()),
        reason=RejectReason.INJECTION,
        detail="the model took it for an instruction and no report",
    )


def _order(article: Article, text: str) -> Rejected:
    return Rejected(
        article=article,
        text=text,
        reason=RejectReason.INJECTION,
        detail="it tells or asks its reader something and reports nothing",
    )
