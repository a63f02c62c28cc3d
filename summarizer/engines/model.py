"""The engine that asks a model: claims in its words, resting on sentences by number.

A model is shown numbered sentences and answers with numbers and, where a claim is less than
its sentence, with the words themselves; code finds them. So a quote cannot be invented, only
mis-chosen, and the checks find that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import cast

from summarizer.engines import Extraction, Omission, SummaryDraft
from summarizer.errors import AnswerTruncated, PromptTooLong
from summarizer.grounding import locate
from summarizer.llm.request import PromptRunner, unusable_answer
from summarizer.prompts.material import article_block, claims_block, omissions_block
from summarizer.schemas import (
    ClaimReply,
    ClaimsReply,
    ReadingReply,
    SummaryReply,
    SummarySentenceReply,
)
from summarizer.text.words import fold
from summarizer.tokens import Chunk, estimate_tokens
from summarizer.types import Article, Claim, ClaimKind, Span

EXTRACT, SUPPLEMENT, SUMMARIZE = "extract_claims", "add_claims", "summarize_claims"


class ModelEngine:
    """Asks a model for the claims of each chunk, and for a summary of each article."""

    name = "openai"
    prompts: tuple[str, ...] = ("reader", EXTRACT, SUPPLEMENT, SUMMARIZE)

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self.model: str | None = asker.model
        self.chunk_tokens: int | None = chunk_tokens

    def extract(self, chunk: Chunk, summary_sentences: int = 0) -> Extraction:
        """Ask for the claims of a chunk; one whose answer did not fit is asked in halves.

        The halves of an article get no summary of their own.
        """
        values = {
            "article": article_block(chunk.article, chunk.sentences),
            "limit": str(summary_sentences),
        }
        try:
            return self._ask_claims(EXTRACT, chunk, values, summary_sentences)
        except (AnswerTruncated, PromptTooLong):
            if len(chunk.sentences) < 2:
                raise
        middle = len(chunk.sentences) // 2
        halves = (chunk.sentences[:middle], chunk.sentences[middle:])
        parts = [self.extract(_chunk_part(chunk, half)) for half in halves]
        return Extraction(
            drafts=[draft for part in parts for draft in part.drafts],
            instructions=tuple(span for part in parts for span in part.instructions),
            dropped=sum(part.dropped for part in parts),
        )

    def supplement(self, chunk: Chunk, omissions: Sequence[Omission]) -> Extraction:
        """Ask once more for what was left out; an empty answer is one."""
        numbers = {sentence: number for number, sentence in enumerate(chunk.sentences, start=1)}
        left_out = [(numbers[omission.sentence], omission.missing) for omission in omissions]
        # The sentences before are shown too: they tell whom a pronoun means.
        shown = {number for at, _ in left_out for number in (at - 2, at - 1, at)}
        values = {
            "article": article_block(chunk.article, chunk.sentences, only=shown),
            "omissions": omissions_block(left_out),
        }
        return self._ask_claims(SUPPLEMENT, chunk, values, 0)

    def summarize(
        self, article: Article, claims: Sequence[Claim], limit: int
    ) -> Sequence[SummaryDraft]:
        """Ask for a summary whose sentences cite the numbers of claims."""
        if not claims:
            return ()

        def lacking(reply: SummaryReply) -> str:
            cited = [_evidence_of(claims, each.sentences) for each in reply.summary]
            return _nothing_cited(cited, "claim", len(claims))

        values = {"claims": claims_block(claims), "limit": str(limit)}
        request = self._asker.request(SUMMARIZE, article.source, values, lacking=lacking)
        reply = cast(SummaryReply, self._asker.ask(request))
        if lacking(reply):
            raise unusable_answer(SUMMARIZE, article.source, "no claim")
        return _summary_drafts(reply.summary[:limit], partial(_evidence_of, claims))

    def _ask_claims(
        self, stage: str, chunk: Chunk, values: dict[str, str], limit: int
    ) -> Extraction:
        def lacking(reply: ClaimsReply) -> str:
            cited = [_sentence_spans(chunk, claim.sentences) for claim in reply.claims]
            return _nothing_cited(cited, "sentence", len(chunk.sentences))

        subject = f"{chunk.article.source} [{chunk.span.start}-{chunk.span.end}]"
        request = self._asker.request(stage, subject, values, lacking=lacking)
        reply = cast(ClaimsReply, self._asker.ask(request))
        drafts = [
            _claim_draft(chunk, claim)
            for claim in reply.claims
            # One without words, or that rests on the title alone, is none.
            if claim.text.strip() and claim.sentences != [0]
        ]
        if drafts and not any(draft.evidence for draft in drafts):
            raise unusable_answer(stage, subject, "no sentence")
        numbers = [*reply.instructions, *chain(*(claim.sentences for claim in reply.claims))]
        summary = reply.summary[:limit] if isinstance(reply, ReadingReply) else []
        return Extraction(
            drafts=drafts,
            summary=_summary_drafts(summary, partial(_sentence_spans, chunk)),
            instructions=_sentence_spans(chunk, reply.instructions),
            dropped=sum(not 0 <= number <= len(chunk.sentences) for number in numbers),
        )


def _nothing_cited(cited: Sequence[tuple[Span, ...]], what: str, count: int) -> str:
    """Return what is wrong with an answer none of whose references exists, else ""."""
    if not cited or any(cited):
        return ""
    return f"it names no {what} that exists: they are numbered 1 to {count}."


def _evidence_of(claims: Sequence[Claim], numbers: Sequence[int]) -> tuple[Span, ...]:
    cited = [claims[number - 1] for number in numbers if 1 <= number <= len(claims)]
    return tuple(sorted({span for claim in cited for span in claim.evidence}))


def _chunk_part(chunk: Chunk, sentences: tuple[Span, ...]) -> Chunk:
    span = Span(sentences[0].start, sentences[-1].end)
    tokens = estimate_tokens(span.of(chunk.article.text))
    return Chunk(article=chunk.article, span=span, sentences=sentences, tokens=tokens)


def _summary_drafts(
    sentences: Sequence[SummarySentenceReply],
    evidence_of: Callable[[Sequence[int]], tuple[Span, ...]],
) -> list[SummaryDraft]:
    return [
        SummaryDraft(" ".join(sentence.text.split()), evidence_of(sentence.sentences))
        for sentence in sentences
        if sentence.text.strip()
    ]


def _claim_draft(chunk: Chunk, reply: ClaimReply) -> Claim:
    article = chunk.article
    evidence = _sentence_spans(chunk, reply.sentences)
    stated = " ".join(span.of(article.text) for span in evidence)
    return Claim(
        article=article,
        text=" ".join(reply.text.split()),
        evidence=locate(article.text, evidence, reply.words) if reply.words else evidence,
        kind=ClaimKind(reply.kind),
        speaker=_in_words_of(article.text, reply.speaker),
        hedge=_in_words_of(stated, reply.hedge),
    )


def _sentence_spans(chunk: Chunk, numbers: Sequence[int]) -> tuple[Span, ...]:
    """Return the sentences of these numbers; those that do not exist are left out.

    The title, number 0, is no evidence of a claim: what it says the body says better.
    """
    valid = {number for number in numbers if 1 <= number <= len(chunk.sentences)}
    return tuple(chunk.sentences[number - 1] for number in sorted(valid))


def _in_words_of(text: str, words: str | None) -> str | None:
    """Return a speaker or a hedge if each of its words stands in a text, else None."""
    known = fold(text)
    given = (words or "").strip()
    return given if given and all(word in known for word in fold(given).split()) else None
