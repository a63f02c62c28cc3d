"""The judge that asks a model which of a list of statements an article reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from summarizer.compare.judges.parts import ModelJudge, Sentences
from summarizer.errors import AnswerUnusable
from summarizer.grounding import locate
from summarizer.prompts.material import article_block, statements_block
from summarizer.schemas.replies import FindingReply, FindingsReply
from summarizer.types import (
    Article,
    Claim,
    ConflictKind,
    Difference,
    Judgement,
    Span,
    Verdict,
)

STAGE = "verify_statements"

PROBABILITIES = {
    Verdict.REPORTED: 0.95,
    Verdict.PARTLY: 0.15,
    Verdict.CONTRADICTED: 0.05,
    Verdict.ABSENT: 0.03,
}
"""The probability that an article reports a statement, given a model's verdict. Round figures:
a model names a verdict, and is not asked how sure it is."""


class LlmJudge(ModelJudge):
    """One request for an article and the statements put to it, more only where they do not fit.

    Only findings are listed: a statement without one is absent.
    """

    name = "llm"
    prompts = ("reader", STAGE)

    def _ask(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        values = {
            "article": article_block(article, sentences),
            "statements": statements_block(claims),
        }
        lacking = partial(_lacking, len(claims), len(sentences))
        request = self._asker.request(STAGE, article.source, values, lacking=lacking)
        reply = cast(FindingsReply, self._asker.ask(request))
        if reply.findings and not _existing(reply, len(claims), len(sentences)):
            raise AnswerUnusable(
                f"{STAGE} of {article.source}: the answer names no statement or no sentence that "
                "exists.",
                hint="Run again, or with another model.",
            )
        by_number: dict[int, list[FindingReply]] = defaultdict(list)
        for finding in reply.findings:
            by_number[finding.statement].append(finding)
        return [_judgement(by_number[n], article, sentences) for n in range(1, len(claims) + 1)]


def _lacking(claims: int, sentences: int, reply: FindingsReply) -> str:
    """Return what is wrong with an answer none of whose findings exists, or that disagree."""
    if reply.findings and not _existing(reply, claims, sentences):
        return (
            f"it names no statement or no sentence that exists: there are statements 1 to {claims} "
            f"and sentences 0 to {sentences}."
        )
    verdicts = {(finding.statement, finding.verdict) for finding in reply.findings}
    count = Counter(statement for statement, _ in verdicts)
    torn = sorted(statement for statement, given in count.items() if given > 1)
    return f"its findings disagree on statements {', '.join(map(str, torn))}." if torn else ""


def _existing(reply: FindingsReply, claims: int, sentences: int) -> bool:
    """Return whether any finding names a statement and a sentence that there are."""
    return any(
        1 <= finding.statement <= claims and any(0 <= n <= sentences for n in finding.sentences)
        for finding in reply.findings
    )


def _judgement(
    findings: Sequence[FindingReply], article: Article, sentences: Sentences
) -> Judgement | None:
    """Return the judgement of the findings on one statement; two that disagree are no answer."""
    if not findings:
        return _judged(Verdict.ABSENT, None)
    if len({finding.verdict for finding in findings}) > 1:
        return None
    finding = findings[0]
    passage = _passage(finding, article, sentences)
    verdict = Verdict(finding.verdict)
    if passage is None:
        # What rests on no sentence of the article is no finding.
        return _judged(Verdict.ABSENT, None)
    if verdict is Verdict.CONTRADICTED and finding.difference is None:
        verdict = Verdict.PARTLY
    judgement = _judged(verdict, passage, _difference(finding, article, passage))
    missing = " ".join((finding.missing or "").split())
    return replace(judgement, missing=missing) if verdict is Verdict.PARTLY else judgement


def _judged(
    verdict: Verdict, passage: Span | None, difference: Difference | None = None
) -> Judgement:
    return Judgement(
        verdict=verdict,
        probability=PROBABILITIES[verdict],
        nearest=passage,
        difference=difference if verdict is Verdict.CONTRADICTED else None,
    )


def _difference(finding: FindingReply, article: Article, passage: Span) -> Difference | None:
    told = finding.difference
    if told is None:
        return None
    words = locate(article.text, (passage,), finding.words)
    return Difference(
        kind=ConflictKind(told.kind),
        topic=" ".join(told.topic.split()),
        value=" … ".join(" ".join(span.of(article.text).split()) for span in words),
        claimed=" ".join(told.stated.split()),
    )


def _passage(finding: FindingReply, article: Article, sentences: Sentences) -> Span | None:
    """Return the first run of neighbouring sentences that were named, or the title."""
    valid = sorted({n for n in finding.sentences if 0 <= n <= len(sentences)})
    if not valid:
        return None
    if valid == [0]:
        start = article.text.find(article.title) if article.title else -1
        return Span(start, start + len(article.title or "")) if start >= 0 else None
    valid = [number for number in valid if number]
    last = valid[0]
    while last + 1 in valid:
        last += 1
    return Span(sentences[valid[0] - 1].start, sentences[last - 1].end)
