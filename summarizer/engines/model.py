"""The engine that asks a model: claims in its words, resting on sentences by number.

A model is shown numbered sentences and answers with numbers; code turns those into spans.
So a quote cannot be invented, only mis-chosen, and the judge finds that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import cast

from summarizer.chunking import chunks
from summarizer.engines.protocol import Extraction, SummaryDraft
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong
from summarizer.llm.prompt_runner import PromptRunner
from summarizer.llm.request import Request
from summarizer.prompts.material import article_block
from summarizer.schemas.replies import ClaimReply, ClaimsReply, SummaryReply
from summarizer.text.fold import fold
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Chunk, ClaimDraft, ClaimKind, Span

READ_CHUNKS = 4
"""A summary is made of at most so many times the tokens of a chunk."""

EXTRACT, SUMMARIZE = "extract_claims", "summarize_source"


class ModelEngine:
    """Asks a model for the claims of each chunk, and for a summary of each article.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The most tokens of an article in one request.
    """

    name = "openai"
    prompts = ("reader", EXTRACT, SUMMARIZE)

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

    def extract(self, chunk: Chunk) -> Extraction:
        """Ask for the claims of a chunk; one whose answer did not fit is asked in halves."""
        block = article_block(chunk.article, chunk.sentences)
        request = self._asker.request(
            EXTRACT, _subject(chunk), {"article": block}, lacking=partial(_lacking_claims, chunk)
        )
        try:
            reply = cast(ClaimsReply, self._asker.ask(request))
        except (AnswerTruncated, PromptTooLong):
            if len(chunk.sentences) < 2:
                raise
            return _together([self.extract(half) for half in _halves(chunk)])
        found = _extraction(chunk, reply)
        _hold_grounded(request, [draft.evidence for draft in found.drafts])
        return found

    def summarize(self, article: Article, limit: int) -> Sequence[SummaryDraft]:
        """Ask for a summary whose sentences cite the article's.

        The article is shown as it was for its claims, so that a server's prompt cache has it;
        of one longer than a few chunks only the beginning is, where news puts what matters.
        """
        parts = chunks(article, budget=READ_CHUNKS * self._chunk_tokens, count=estimate_tokens)
        if not parts:
            return ()
        values = {"article": article_block(article, parts[0].sentences), "limit": str(limit)}
        request = self._asker.request(
            SUMMARIZE, article.source, values, lacking=partial(_lacking_summary, parts[0])
        )
        reply = cast(SummaryReply, self._asker.ask(request))
        drafts = [
            SummaryDraft(
                text=" ".join(sentence.text.split()),
                evidence=_spans(parts[0], sentence.sentences),
            )
            for sentence in reply.sentences[:limit]
            if sentence.text.strip()
        ]
        _hold_grounded(request, [draft.evidence for draft in drafts])
        return drafts


def _hold_grounded(request: Request, evidence: Sequence[tuple[Span, ...]]) -> None:
    """Refuse an answer of which nothing rests on the article.

    Raises:
        AnswerUnusable: It names sentences, and not one that exists.
    """
    if _is_nowhere(evidence):
        raise AnswerUnusable(
            f"{request.stage} of {request.subject}: the answer names no sentence that exists.",
            hint="Run again, or with another model.",
        )


def _is_nowhere(evidence: Sequence[tuple[Span, ...]]) -> bool:
    """Return whether sentences are named, and not one of them exists."""
    return bool(evidence) and not any(evidence)


def _lacking_claims(chunk: Chunk, reply: ClaimsReply) -> str:
    return _lacking(chunk, [claim.sentences for claim in reply.claims])


def _lacking_summary(chunk: Chunk, reply: SummaryReply) -> str:
    return _lacking(chunk, [sentence.sentences for sentence in reply.sentences])


def _lacking(chunk: Chunk, cited: Sequence[Sequence[int]]) -> str:
    """Return what is wrong with an answer none of whose references exists, else ""."""
    if not _is_nowhere([_spans(chunk, numbers) for numbers in cited]):
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


def _together(found: Sequence[Extraction]) -> Extraction:
    return Extraction(
        drafts=list(chain.from_iterable(part.drafts for part in found)),
        instructions=tuple(chain.from_iterable(part.instructions for part in found)),
        dropped=sum(part.dropped for part in found),
    )


def _extraction(chunk: Chunk, reply: ClaimsReply) -> Extraction:
    numbers = [*reply.instructions, *chain.from_iterable(c.sentences for c in reply.claims)]
    return Extraction(
        drafts=[_draft(chunk, claim) for claim in reply.claims if claim.text.strip()],
        instructions=_spans(chunk, reply.instructions),
        dropped=sum(not 1 <= number <= len(chunk.sentences) for number in numbers),
    )


def _draft(chunk: Chunk, reply: ClaimReply) -> ClaimDraft:
    evidence = _spans(chunk, reply.sentences)
    told = " ".join(span.of(chunk.article.text) for span in evidence)
    return ClaimDraft(
        chunk=chunk,
        text=" ".join(reply.text.split()),
        evidence=evidence,
        kind=ClaimKind(reply.kind),
        speaker=_found(reply.speaker, chunk.article.text),
        hedge=_found(reply.hedge, told),
    )


def _spans(chunk: Chunk, numbers: Sequence[int]) -> tuple[Span, ...]:
    """Return the sentences of these numbers; those that do not exist are left out."""
    valid = {number for number in numbers if 1 <= number <= len(chunk.sentences)}
    return tuple(chunk.sentences[number - 1] for number in sorted(valid))


def _found(words: str | None, text: str) -> str | None:
    """Return a speaker or a hedge if each of its words stands in the text, else None."""
    if not words or not words.strip():
        return None
    known = fold(text)
    return words.strip() if all(word in known for word in fold(words).split()) else None
