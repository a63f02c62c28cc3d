"""The engine that asks a model: claims in its words, resting on sentences by number.

A model is shown numbered sentences and answers with numbers and, where a claim is less than
its sentence, with the words themselves; code finds them. So a quote cannot be invented, only
mis-chosen, and the checks find that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import cast

from summarizer.chunking import Chunk
from summarizer.engines.protocol import Extraction, Omission, SummaryDraft
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong
from summarizer.grounding import ClaimDraft, locate
from summarizer.llm.prompt_runner import PromptRunner
from summarizer.llm.request import Request
from summarizer.prompts.material import article_block, claims_block, omissions_block
from summarizer.schemas.replies import (
    ClaimReply,
    ClaimsReply,
    ReadingReply,
    SummaryReply,
    SummarySentenceReply,
)
from summarizer.text.words import fold
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Claim, ClaimKind, Span

EXTRACT, SUPPLEMENT, SUMMARIZE = "extract_claims", "add_claims", "summarize_claims"


class ModelEngine:
    """Asks a model for the claims of each chunk, and for a summary of each article.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The most tokens of an article in one request.
    """

    name = "openai"
    prompts = ("reader", EXTRACT, SUPPLEMENT, SUMMARIZE)

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self._chunk_tokens = chunk_tokens

    @property
    def model(self) -> str | None:
        """The model that is asked."""
        return self._asker.model

    @property
    def chunk_tokens(self) -> int | None:
        """The most tokens of an article in one request."""
        return self._chunk_tokens

    def extract(self, chunk: Chunk, summary_sentences: int = 0) -> Extraction:
        """Ask for the claims of a chunk; one whose answer did not fit is asked in halves.

        The halves of an article get no summary of their own.
        """
        values = {
            "article": article_block(chunk.article, chunk.sentences),
            "limit": str(summary_sentences),
        }
        request = self._request(EXTRACT, chunk, values)
        try:
            reply = cast(ClaimsReply, self._asker.ask(request))
        except (AnswerTruncated, PromptTooLong):
            if len(chunk.sentences) < 2:
                raise
            return _together([self.extract(half) for half in _halves(chunk)])
        return _checked(request, _extraction(chunk, reply, summary_sentences))

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
        request = self._request(SUPPLEMENT, chunk, values)
        reply = cast(ClaimsReply, self._asker.ask(request))
        return _checked(request, _extraction(chunk, reply, 0))

    def summarize(
        self, article: Article, claims: Sequence[Claim], limit: int
    ) -> Sequence[SummaryDraft]:
        """Ask for a summary whose sentences cite the numbers of claims."""
        if not claims:
            return ()
        values = {"claims": claims_block(claims), "limit": str(limit)}
        lacking = partial(_groundless, claims)
        request = self._asker.request(SUMMARIZE, article.source, values, lacking=lacking)
        reply = cast(SummaryReply, self._asker.ask(request))
        if _groundless(claims, reply):
            raise AnswerUnusable(
                f"{SUMMARIZE} of {article.source}: the answer names no claim that exists.",
                hint="Run again, or with another model.",
            )
        return [
            SummaryDraft(" ".join(sentence.text.split()), _claims_evidence(claims, sentence))
            for sentence in reply.summary[:limit]
            if sentence.text.strip()
        ]

    def _request(self, stage: str, chunk: Chunk, values: dict[str, str]) -> Request:
        lacking = partial(_lacking, chunk)
        return self._asker.request(stage, _subject(chunk), values, lacking=lacking)


def _claims_evidence(claims: Sequence[Claim], sentence: SummarySentenceReply) -> tuple[Span, ...]:
    cited = [claims[number - 1] for number in sentence.sentences if 1 <= number <= len(claims)]
    return tuple(sorted({span for claim in cited for span in claim.evidence}))


def _groundless(claims: Sequence[Claim], reply: SummaryReply) -> str:
    """Return what is wrong with a summary none of whose references exists, else ""."""
    if not reply.summary or any(_claims_evidence(claims, each) for each in reply.summary):
        return ""
    return f"it names no claim that exists: they are numbered 1 to {len(claims)}."


def _checked(request: Request, extraction: Extraction) -> Extraction:
    """Return an extraction of which something rests on the article.

    Raises:
        AnswerUnusable: It names sentences, and not one that exists.
    """
    if extraction.drafts and not any(draft.evidence for draft in extraction.drafts):
        raise AnswerUnusable(
            f"{request.stage} of {request.subject}: the answer names no sentence that exists.",
            hint="Run again, or with another model.",
        )
    return extraction


def _lacking(chunk: Chunk, reply: ClaimsReply) -> str:
    """Return what is wrong with an answer none of whose references exists, else ""."""
    cited = [claim.sentences for claim in reply.claims]
    if not cited or any(_spans(chunk, numbers) for numbers in cited):
        return ""
    return f"it names no sentence that exists: they are numbered 1 to {len(chunk.sentences)}."


def _subject(chunk: Chunk) -> str:
    return f"{chunk.article.source} [{chunk.span.start}-{chunk.span.end}]"


def _halves(chunk: Chunk) -> tuple[Chunk, Chunk]:
    middle = len(chunk.sentences) // 2
    return _part(chunk, chunk.sentences[:middle]), _part(chunk, chunk.sentences[middle:])


def _part(chunk: Chunk, sentences: tuple[Span, ...]) -> Chunk:
    span = Span(sentences[0].start, sentences[-1].end)
    tokens = estimate_tokens(span.of(chunk.article.text))
    return Chunk(article=chunk.article, span=span, sentences=sentences, tokens=tokens)


def _together(parts: Sequence[Extraction]) -> Extraction:
    return Extraction(
        drafts=list(chain.from_iterable(part.drafts for part in parts)),
        instructions=tuple(chain.from_iterable(part.instructions for part in parts)),
        dropped=sum(part.dropped for part in parts),
    )


def _extraction(chunk: Chunk, reply: ClaimsReply, limit: int) -> Extraction:
    numbers = [*reply.instructions, *chain.from_iterable(c.sentences for c in reply.claims)]
    summary = reply.summary[:limit] if isinstance(reply, ReadingReply) else []
    return Extraction(
        drafts=[_draft(chunk, claim) for claim in reply.claims if _is_of_body(claim)],
        summary=[
            SummaryDraft(" ".join(sentence.text.split()), _spans(chunk, sentence.sentences))
            for sentence in summary
            if sentence.text.strip()
        ],
        instructions=_spans(chunk, reply.instructions),
        dropped=sum(not 0 <= number <= len(chunk.sentences) for number in numbers),
    )


def _is_of_body(claim: ClaimReply) -> bool:
    """Return whether a claim has words, and more than the title to rest on."""
    return bool(claim.text.strip()) and claim.sentences != [0]


def _draft(chunk: Chunk, reply: ClaimReply) -> ClaimDraft:
    article = chunk.article
    evidence = _spans(chunk, reply.sentences)
    stated = " ".join(span.of(article.text) for span in evidence)
    return ClaimDraft(
        article=chunk.article,
        within=chunk.span,
        text=" ".join(reply.text.split()),
        evidence=locate(article.text, evidence, reply.words) if reply.words else evidence,
        kind=ClaimKind(reply.kind),
        speaker=_known(reply.speaker, article.text),
        hedge=_known(reply.hedge, stated),
    )


def _spans(chunk: Chunk, numbers: Sequence[int]) -> tuple[Span, ...]:
    """Return the sentences of these numbers; those that do not exist are left out.

    The title, number 0, is no evidence of a claim: what it says the body says better.
    """
    valid = {number for number in numbers if 1 <= number <= len(chunk.sentences)}
    return tuple(chunk.sentences[number - 1] for number in sorted(valid))


def _known(words: str | None, text: str) -> str | None:
    """Return a speaker or a hedge if each of its words stands in the text, else None."""
    if not words or not words.strip():
        return None
    known = fold(text)
    return words.strip() if all(word in known for word in fold(words).split()) else None
