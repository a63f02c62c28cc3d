"""Reading articles: the grounded claims of each, and its summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from summarizer.compare.details import invented_detail
from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.document import Document, analyse, read
from summarizer.engines import Extraction, SummaryDraft, omissions
from summarizer.grounding import ground, merge_repeats
from summarizer.pipeline.desk import Desk, Progress, Task
from summarizer.screening.screen import asks_reader, gives_order, quoted_sentences
from summarizer.tokens import chunks, estimate_tokens
from summarizer.types import (
    Article,
    Claim,
    ReadShare,
    Rejected,
    RejectReason,
    Span,
    SummarySentence,
)

WHOLE_ARTICLE = 1_000_000_000  # tokens of a chunk where the engine has no limit of its own
OF_ITS_WORDS = 0.7  # share of an order's telling words that a sentence has which is that order

# Why a statement is turned away, as reports say it.
ORDER = "it tells or asks its reader something and reports nothing"
NAMED_ORDER = "the model took it for an instruction and no report"
NO_EVIDENCE = "the summary sentence cites no sentence of the article"
UNSUPPORTED = "its own article does not have {}"


class _ScreenedClaims(NamedTuple):
    """The claims of an article, what was turned away, and its sentences that are orders."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    orders: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What was read in one article."""

    article: Article
    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    orders: tuple[Span, ...]  # sentences with an order to the model: no later request shows them
    summary: tuple[SummarySentence, ...]
    dropped: int  # references of the engine to sentences that do not exist
    read: ReadShare


def read_all(
    desk: Desk, articles: Sequence[Article], sentences: int, progress: Progress
) -> list[ReadArticle]:
    """Return the claims of every article, and its summary, all read at once."""
    readers = [_ArticleReader(desk, article, sentences) for article in articles]
    desk.run([step for reader in readers for step in reader.steps()], "reading", progress)
    desk.run([step for reader in readers for step in reader.later_steps()])
    return [reader.result() for reader in readers]


class _ArticleReader:
    """Reads one article: its parts, then what they left out and a summary of many parts."""

    def __init__(self, desk: Desk, article: Article, sentences: int) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._asked = desk.engine.model is not None
        self._article = article
        self._limit = sentences
        budget = desk.engine.chunk_tokens or WHOLE_ARTICLE
        self._parts = chunks(article, budget=budget, count=estimate_tokens)
        self._read: list[Extraction | None] = [None] * len(self._parts)
        self._added: list[Extraction] = []
        self._long_summary: Sequence[SummaryDraft] = ()

    def steps(self) -> Iterable[Task]:
        """Return the steps that read the parts; none needs what another one gives."""
        return (partial(self._extract_part, i) for i in range(len(self._parts)))

    def later_steps(self) -> Iterator[Task]:
        """Yield the steps that need what the first ones gave."""
        if self._asked and any(self._read):
            yield from (partial(self._complete_part, i) for i in range(len(self._parts)))
        first = self._read[0] if self._read else None
        # An article of one part that was too long after all was read in halves, without a summary.
        halved = self._asked and first is not None and first.drafts and not first.summary
        if len(self._parts) > 1 or halved:
            yield self._summarize_parts

    def result(self) -> ReadArticle:
        """Return what was read, when all steps have ended."""
        article, extractions = self._article, self._all_extractions
        screened = _screened_claims(article, extractions, asked=self._asked)
        document = analyse(article)
        claims, rejected = [], list(screened.rejected)
        for claim in screened.claims:
            if self._asked and (detail := invented_detail(document, claim.text, claim.evidence)):
                why = UNSUPPORTED.format(detail)
                rejected.append(_turned_away(article, claim.text, RejectReason.UNSUPPORTED, why))
            else:
                claims.append(claim)
        drafts = [*chain(*(part.summary for part in extractions)), *self._long_summary]
        if self._asked:
            orders = [draft for draft in drafts if gives_order(draft.text)]
            rejected += (_rejected_order(article, draft.text) for draft in orders)
            drafts = [draft for draft in drafts if draft not in orders]
        summary, groundless = _checked_summary(document, drafts, asked=self._asked)
        share = ReadShare.WHOLE if all(self._read) else ReadShare.PARTLY
        return ReadArticle(
            article=article,
            claims=tuple(claims),
            orders=screened.orders,
            rejected=(*rejected, *groundless),
            summary=tuple(summary),
            dropped=sum(part.dropped for part in extractions),
            read=ReadShare.NOT if self._parts and not claims else share,
        )

    @property
    def _all_extractions(self) -> list[Extraction]:
        return [part for part in (*self._read, *self._added) if part is not None]

    def _extract_part(self, i: int) -> None:
        limit = self._limit if len(self._parts) == 1 else 0
        step = partial(self._engine.extract, self._parts[i], limit)
        self._read[i] = self._desk.attempt("reading", self._article, step)

    def _complete_part(self, i: int) -> None:
        """Ask once more for what the claims of a part left out; for all of it if there are none."""
        extraction, part = self._read[i], self._parts[i]
        if extraction is None:
            return
        screened = _screened_claims(self._article, [extraction], asked=True)
        left_out = omissions(part, screened.claims, screened.orders)
        if left_out:
            step = partial(self._engine.supplement, part, left_out)
            added = self._desk.attempt("reading", self._article, step)
            self._added += [added] if added is not None else []

    def _summarize_parts(self) -> None:
        screened = _screened_claims(self._article, self._all_extractions, asked=self._asked)
        step = partial(self._engine.summarize, self._article, screened.claims, self._limit)
        self._long_summary = self._desk.attempt("summarizing", self._article, step) or ()


def _checked_summary(
    document: Document, drafts: Sequence[SummaryDraft], *, asked: bool
) -> tuple[list[SummarySentence], list[Rejected]]:
    """Return the sentences of a summary that the article supports, and the others."""
    article = document.article
    kept, rejected = [], []
    for text, evidence in drafts:
        if not evidence:
            rejected.append(_turned_away(article, text, RejectReason.UNGROUNDED, NO_EVIDENCE))
        elif asked and (detail := invented_detail(document, text, evidence)):
            why = f"the summary sentence: {UNSUPPORTED.format(detail)}"
            rejected.append(_turned_away(article, text, RejectReason.UNSUPPORTED, why))
        else:
            claim = Claim(article=article, text=text, evidence=evidence)
            probability = LexicalJudge().judge_claim(claim, article).probability
            kept.append(SummarySentence(text=text, evidence=evidence, probability=probability))
    return kept, rejected


def _screened_claims(
    article: Article, extractions: Sequence[Extraction], *, asked: bool
) -> _ScreenedClaims:
    """Ground the drafts of all parts; claims on instructions are turned away with them.

    Where a model was ``asked``, a claim that is an order itself is turned away as well: the
    model was talked into it, or takes for news what its article says to the reader. What
    somebody is said to have demanded is news.
    """
    orders = [
        span
        for part in extractions
        for span in part.instructions
        if not asks_reader(span.of(article.text))
    ]
    named = [
        _turned_away(article, span.of(article.text), RejectReason.INJECTION, NAMED_ORDER)
        for span in dict.fromkeys(orders)
    ]
    grounded = ground(draft for part in extractions for draft in part.drafts)
    quoted = quoted_sentences(article) if asked else ()
    obeying = [
        claim
        for claim in grounded.claims
        if asked and not claim.speaker and not _rests_on(claim, quoted) and gives_order(claim.text)
    ]
    given = {
        span: claim for claim in obeying for span in claim.evidence if _says_order(claim, span)
    }
    orders += given
    stating = (claim for claim in grounded.claims if claim not in obeying)
    kept = merge_repeats(claim for claim in stating if not _rests_on(claim, orders))
    turned_away = (
        *grounded.rejected,
        *named,
        *(_rejected_order(article, span.of(article.text)) for span in given),
        *(_rejected_order(article, claim.text) for claim in obeying if claim not in given.values()),
    )
    return _ScreenedClaims(kept, turned_away, tuple(sorted(set(orders))))


def _says_order(claim: Claim, span: Span) -> bool:
    """Return whether a passage has nearly all words of a claim: then it is the order itself."""
    language = (claim.article.language or "en").partition("-")[0]
    claimed = read(claim.text, None, language).stems
    passage = read(span.of(claim.article.text), None, language).stems
    return bool(claimed) and len(claimed & passage) >= OF_ITS_WORDS * len(claimed)


def _rests_on(claim: Claim, spans: Sequence[Span]) -> bool:
    return bool(spans) and all(any(e.overlap(s) for s in spans) for e in claim.evidence)


def _rejected_order(article: Article, text: str) -> Rejected:
    return _turned_away(article, text, RejectReason.INJECTION, ORDER)


def _turned_away(article: Article, text: str, reason: RejectReason, detail: str) -> Rejected:
    return Rejected(article=article, text=" ".join(text.split()), reason=reason, detail=detail)
