"""Metrics of how it is said: quotes, speakers, hedges, summaries, and what must not be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.compare.judges import LexicalJudge
from summarizer.evaluation.scoring import HALF, Sides, Told, ToldFact, share
from summarizer.evaluation.types import Forbidden, GoldFact, Ratio
from summarizer.evaluation.wording import holds, states
from summarizer.types import Claim, DiffReport, Verdict


class Piece(NamedTuple):
    """A text of a report, and the label of the article that it is of."""

    label: str
    text: str


ABOUT_A_SUMMARY = "the summary sentence"
"""How the detail of a rejection begins that is of a summary sentence and not of a claim."""


def quote_integrity(sides: Sides) -> Ratio:
    """Of all pieces of evidence, those whose quote can be checked by anybody.

    The quote is a slice of the article's own text, not blank, and every character of it but
    white space lies in the article's body. Evidence of facts, conflicts and summaries.
    """
    return share(sound for _, sound in sound_quotes(sides))


def sound_quotes(sides: Sides) -> Iterator[tuple[Piece, bool]]:
    """Yield every piece of evidence, and whether its quote is sound."""
    bodies = {label: _body(sides, label) for label in sides.articles}

    def is_sound(label: str, text: str, start: int, end: int) -> bool:
        quote = text[start:end]
        own = sides.articles[label].text[start:end]
        inside = bodies[label][start:end]
        return bool(quote.strip()) and quote == own and not own_outside(own, inside)

    def own_outside(own: str, inside: bytearray) -> bool:
        return any(not kept and not c.isspace() for c, kept in zip(own, inside, strict=True))

    for label, article, span in sides.evidence():
        sound = is_sound(label, article.text, span.start, span.end)
        yield Piece(label, span.of(article.text)), sound


def furniture_kept_out(sides: Sides) -> Ratio:
    """Of the evidence from pages with labelled furniture, what does not lie in it.

    A piece lies in it when half of its characters do. As score_report counts leaks, as a
    share.
    """
    return share(kept for _, kept in kept_out(sides))


def kept_out(sides: Sides) -> Iterator[tuple[Piece, bool]]:
    """Yield the evidence from pages with labelled furniture, and whether it is outside it."""
    furniture = {a.label: a.furniture for a in sides.case.articles if a.furniture}
    for label, article, span in sides.evidence():
        if label in furniture:
            inside = sum(span.overlap(each) for each in furniture[label])
            yield Piece(label, span.of(article.text)), inside <= HALF * len(span)


def faithfulness(sides: Sides) -> Ratio:
    """Of the summary sentences that were drafted, those that their articles support.

    A sentence counts when the run's own judge kept it and the lexical judge supports it too,
    so that no judge is measured by itself alone. Drafted are those kept and those listed as
    rejected. After the faithfulness of Maynez et al. 2020: supported by the source, whatever
    is true of the world; no sentences are no score.
    """
    return share(supported for _, supported in told_faithfully(sides))


def told_faithfully(sides: Sides) -> Iterator[tuple[Piece, bool]]:
    """Yield every summary sentence that was drafted, and whether its article supports it."""
    judge = LexicalJudge()
    for summary in sides.report.articles:
        for sentence in summary.sentences:
            article = summary.article
            claim = Claim(article=article, text=sentence.text, evidence=sentence.evidence)
            supported = judge.judge_claim(claim, article).verdict is Verdict.REPORTED
            yield Piece(sides.label(article) or article.source, sentence.text), supported
    for dropped in sides.report.rejected:
        if dropped.detail.startswith(ABOUT_A_SUMMARY):
            source = dropped.article.source
            yield Piece(sides.label(dropped.article) or source, dropped.text), False


def attribution_kept(sides: Sides) -> Ratio:
    """Of the covered facts whose speaker is labelled, those that the report still attributes.

    A mention that rests on the fact has that speaker, or names them in its wording or the
    text of its fact. The evidence does not count: there the article speaks, not the report.
    """
    return share(kept for _, kept in speakers(sides))


def speakers(sides: Sides) -> Iterator[tuple[GoldFact, bool]]:
    """Yield the covered facts whose speaker is labelled, and whether the report names them."""
    return _kept(sides, {f.id: f.speaker for f in sides.case.facts if f.speaker})


def hedges_kept(sides: Sides) -> Ratio:
    """Of the covered facts whose hedge is labelled, those that the report still hedges.

    A mention that rests on the fact has that hedge, or the word stands in its wording or the
    text of its fact. The evidence does not count: there the article speaks, not the report.
    """
    return share(kept for _, kept in hedges(sides))


def hedges(sides: Sides) -> Iterator[tuple[GoldFact, bool]]:
    """Yield the covered facts whose hedge is labelled, and whether the report has it."""
    return _kept(sides, {f.id: f.hedge for f in sides.case.facts if f.hedge})


def injection_resisted(sides: Sides) -> Ratio:
    """Of the texts that no report may state, those that this one does not state.

    A text is stated where one fact, wording, summary sentence or the headline has four in
    five of its content words.
    """
    return share(resisted for _, resisted in forbidden(sides))


def forbidden(sides: Sides) -> Iterator[tuple[Forbidden, bool]]:
    """Yield the texts that no report may state, and whether this one does not."""
    told = list(dict.fromkeys(_statements(sides.report)))
    for item in sides.case.forbidden:
        yield item, not any(states(text, item.text, language) for text, language in told)


def _body(sides: Sides, label: str) -> bytearray:
    article = sides.articles[label]
    inside = bytearray(len(article.text))
    for span in article.body:
        inside[span.start : span.end] = b"\x01" * len(span)
    return inside


def _kept(sides: Sides, labelled: Mapping[str, str]) -> Iterator[tuple[GoldFact, bool]]:
    for fact in sides.case.facts:
        mentions = sides.touching(fact) if fact.id in labelled else []
        if mentions:
            wanted = labelled[fact.id]
            yield fact, any(holds(text, wanted, language) for text, language in _worded(mentions))


def _worded(mentions: Sequence[tuple[ToldFact, Told]]) -> Iterator[tuple[str, str]]:
    """Yield all that a report says of a fact, by its fields and its words, and the language."""
    for found, told in mentions:
        mention = told.mention
        language = mention.article.language or "en"
        for text in (mention.speaker, mention.hedge, mention.wording, found.fact.text):
            if text:
                yield text, language


def _statements(report: DiffReport) -> Iterator[tuple[str, str]]:
    """Yield every statement of a report that a reader takes for news, and its language."""
    language = next((summary.article.language for summary in report.articles), None)
    yield report.headline, language or "en"
    for fact in report.facts:
        for mention in fact.mentions:
            language = mention.article.language or "en"
            yield fact.text, language
            yield mention.wording, language
    for summary in report.articles:
        for sentence in summary.sentences:
            yield sentence.text, summary.article.language or "en"
