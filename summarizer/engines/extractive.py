"""The offline engine: claims are clauses of the article, summaries are its sentences.

It needs no key, no network and no model, and gives the same answer every time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from summarizer.document import Reading
from summarizer.engines import Extraction, Omission, SummaryDraft, read_statement
from summarizer.screening.screen import asks_reader
from summarizer.text.attribution import hedge, named_speaker, openings, speakers
from summarizer.text.clauses import claim_spans
from summarizer.text.sentences import sentences
from summarizer.tokens import Chunk
from summarizer.types import Article, Claim, ClaimKind, Span

QUOTE_SHARE = 0.6
"""A claim is a quote when at least this share of its characters stands in quotation marks."""

LEAD_BONUS = 0.35
"""What the first sentence of a body gains over the last, as a share of its centrality:
news is written with the most important first."""

REDUNDANCY = 0.7
"""How much of a sentence's weight is lost where chosen sentences say it already (the
trade-off of maximal marginal relevance, Carbonell and Goldstein 1998)."""

SUMMARY_WORDS = (6, 60)
"""Fewer words than the first hardly tell anything; more than the second no longer sum up."""

_BACKGROUND = re.compile(
    r"\b(?:since (?:19|20)\d\d|in (?:19|20)\d\d|founded|first elected|was born|formerly|known as|"
    r"previously|last year|years ago|a decade ago|historically)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"[^“”\"]*?,\s(?:but|while|though|although|whereas|yet)\s")
_ANALYSIS = re.compile(
    r"\b(?:analysts?|experts?|a sign (?:of|that)|suggests? that|marks? a|raises? questions|"
    r"it remains|underscores?|highlights?|seen as|widely|arguably)\b",
    re.IGNORECASE,
)


class ExtractiveEngine:
    """Claims at clause level with speakers and hedges; summaries by centrality and coverage."""

    name = "extractive"
    model: str | None = None
    prompts: tuple[str, ...] = ()
    chunk_tokens: int | None = None

    def extract(self, chunk: Chunk, summary_sentences: int = 0) -> Extraction:
        """Propose each clause of the chunk that can stand as a statement."""
        text = chunk.article.text
        texts = [span.of(text) for span in chunk.sentences]
        voices = speakers(texts, openings(text, chunk.sentences))
        drafts = [
            _claim_draft(chunk, span, voice if span.end > spoken_from else None)
            for sentence, voice in zip(chunk.sentences, voices, strict=True)
            if not asks_reader(sentence.of(text))
            for spoken_from in [_spoken_from(text, sentence, voice)]
            for span in claim_spans(text, sentence)
            # What is left between two marks of a page may be a full stop.
            if any(map(str.isalnum, span.of(text)))
        ]
        return Extraction(drafts, _summary_drafts(chunk.article, summary_sentences))

    def supplement(self, chunk: Chunk, omissions: Sequence[Omission]) -> Extraction:
        """Propose nothing: every clause was proposed."""
        return Extraction(())

    def summarize(
        self, article: Article, claims: Sequence[Claim], limit: int
    ) -> Sequence[SummaryDraft]:
        """Choose sentences of the whole article: this engine reads none in parts."""
        return _summary_drafts(article, limit)


def _summary_drafts(article: Article, limit: int) -> Sequence[SummaryDraft]:
    """Choose the article's own sentences that cover most of what it dwells on."""
    text = article.text
    spans = [span for body in article.body for span in sentences(text, body)]
    least, most = SUMMARY_WORDS
    candidates = [s for s in spans if least <= len(s.of(text).split()) <= most] or spans
    readings = [read_statement(article, span.of(text)) for span in candidates]
    chosen = sorted(_chosen_sentences(readings, limit))
    return [SummaryDraft(candidates[i].of(text), (candidates[i],)) for i in chosen]


def _spoken_from(text: str, sentence: Span, voice: str | None) -> int:
    """Return from which offset a sentence is its speaker's: in "A, but X said B" only B is."""
    words = sentence.of(text)
    contrast = _CONTRAST.match(words) if voice else None
    if contrast is None or named_speaker(contrast[0]):
        return sentence.start
    spoken = named_speaker(words[contrast.end() :]) is not None
    return sentence.start + contrast.end() * spoken


def _claim_draft(chunk: Chunk, span: Span, voice: str | None) -> Claim:
    wording = span.of(chunk.article.text)
    reading = read_statement(chunk.article, wording)
    return Claim(
        article=chunk.article,
        text=" ".join(wording.split()),
        evidence=(span,),
        kind=_claim_kind(reading, voice),
        speaker=voice,
        hedge=hedge(wording),
    )


def _claim_kind(reading: Reading, voice: str | None) -> ClaimKind:
    quoted = sum(len(span) for span in reading.quotations)
    if quoted >= QUOTE_SHARE * len(reading.text):
        return ClaimKind.QUOTE
    if voice:
        return ClaimKind.STATEMENT
    if reading.figures:
        return ClaimKind.NUMBER
    if _BACKGROUND.search(reading.text):
        return ClaimKind.BACKGROUND
    if _ANALYSIS.search(reading.text):
        return ClaimKind.ANALYSIS
    return ClaimKind.EVENT


def _chosen_sentences(readings: Sequence[Reading], limit: int) -> list[int]:
    """Return the indices of the sentences to keep: greedily, the most new weight each.

    Long ones gain by the root of their length only.
    """
    counts = Counter(stem for reading in readings for stem in reading.stems)
    gains = []
    for i, reading in enumerate(readings):
        total = math.fsum(math.log1p(counts[stem]) for stem in reading.stems)
        lead = 1 + LEAD_BONUS * (1 - i / len(readings))
        gains.append(total / math.sqrt(len(reading.stems) or 1) * lead)
    left = list(range(len(readings)))
    said: set[str] = set()

    def new_weight(i: int) -> float:
        stems = readings[i].stems
        return gains[i] * (1 - REDUNDANCY * len(stems & said) / max(1, len(stems)))

    chosen: list[int] = []
    while left and len(chosen) < limit:
        best = max(left, key=new_weight)
        chosen.append(best)
        left.remove(best)
        said |= readings[best].stems
    return chosen
