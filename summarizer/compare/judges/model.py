"""Judges that ask a model which of a list of statements an article reports."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import cast

from summarizer.compare.judges import Judge, Judged
from summarizer.compare.judges.lexical import speaks_of
from summarizer.compare.story import Story
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong, SummarizerError
from summarizer.grounding import locate
from summarizer.llm.request import PromptRunner, Question, unusable_answer
from summarizer.prompts.material import article_block, claim_line, statements_block
from summarizer.schemas import FindingReply, FindingsReply
from summarizer.tokens import batches, chunks, estimate_tokens
from summarizer.types import Article, Claim, ConflictKind, Difference, Judgement, Span, Verdict

ARTICLE_CHUNKS = 4
"""An article is judged whole up to so many times the tokens of a chunk, since each part of
it is asked about every claim; a longer one is judged in parts."""

CLAIMS_CHUNKS = 4
"""The claims of one request have at most so many times the tokens of a chunk."""

MOST_CLAIMS = 200
"""Claims of one request: as many verdicts as a reply's schema takes, and as two questions on
each claim make of the 400 that one request may have."""

ABSENT_BELOW = 0.2
"""A unique fact is confirmed where every other outlet reports it with less probability than this.
Between this and a judge's own threshold the fact is disputed. Set by eye."""

PROBABILITIES = {
    Verdict.REPORTED: 0.95,
    Verdict.PARTLY: 0.15,
    Verdict.CONTRADICTED: 0.05,
    Verdict.ABSENT: 0.03,
}
"""The probability that an article reports a statement, given a model's verdict. Round figures:
a model names a verdict, and is not asked how sure it is."""

LIKELIER_THAN_NOT = 0.5
"""A decision model's probabilities are calibrated, so a claim is taken for supported or
contradicted from here."""

SENTENCES_NAMED, LIKE_FROM = 2, 0.25
"""So many sentences are named as like a statement, if they have this share of its words' weight."""

Sentences = tuple[Span, ...]


class ModelJudge(ABC):
    """A judge that asks a model, in one request for an article where it fits.

    Requests are in proportion to ``chunk_tokens``, the tokens of a chunk.
    """

    name: str
    prompts: tuple[str, ...]
    is_free = False
    absent_below = ABSENT_BELOW

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self._chunk_tokens = chunk_tokens

    def within(self, story: Story) -> Judge:
        """Return this judge: it understands each claim by itself."""
        return self

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims against an article; one that the model gave no answer on has None.

        A request that fails leaves its claims without an answer; the others stand. An answer
        that leaves claims out is a failure as well: what it says of the others stands.
        """
        given: list[list[Judgement | None]] = [[] for _ in claims]
        failures: list[SummarizerError] = []
        budget = ARTICLE_CHUNKS * self._chunk_tokens
        claims_budget = CLAIMS_CHUNKS * self._chunk_tokens
        costs = [estimate_tokens(f"{i}: {claim_line(claim)}\n") for i, claim in enumerate(claims)]
        for part in chunks(article, budget=budget, count=estimate_tokens):
            for batch in batches(range(len(claims)), costs, claims_budget, MOST_CLAIMS):
                wanted = [claims[i] for i in batch]
                answers: Sequence[Judgement | None] = [None] * len(wanted)
                try:
                    answers = self._ask_halved(wanted, article, part.sentences)
                    if missing := answers.count(None):
                        failures.append(_left_out(article, missing, len(answers)))
                except SummarizerError as error:
                    failures.append(error)
                for i, answer in zip(batch, answers, strict=True):
                    given[i].append(answer)
        return Judged(tuple(map(_strongest_judgement, given)), tuple(failures))

    def _ask_halved(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> Sequence[Judgement | None]:
        """Ask about claims; where they or the answer do not fit, about each half of them."""
        try:
            return self._ask_model(claims, article, sentences)
        except (AnswerTruncated, PromptTooLong):
            if len(claims) < 2:
                raise
            middle = len(claims) // 2
            return [
                *self._ask_halved(claims[:middle], article, sentences),
                *self._ask_halved(claims[middle:], article, sentences),
            ]

    @abstractmethod
    def _ask_model(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> Sequence[Judgement | None]:
        """Ask about some claims and some sentences of an article."""


def _left_out(article: Article, missing: int, asked: int) -> AnswerUnusable:
    return AnswerUnusable(
        f"The answer on {article.source} has no verdict on {missing} of {asked} claims.",
        hint="Run again, with the setting cache = refresh where the model declined, or with "
        "another model.",
    )


def _strongest_judgement(given: Sequence[Judgement | None]) -> Judgement | None:
    """Return what the parts of an article say of a claim together.

    One part that reports it is enough, then one that contradicts it, then one that states it
    in part; that it is absent needs the answer of every part.
    """
    verdicts = [Verdict.REPORTED, Verdict.CONTRADICTED, Verdict.PARTLY]
    for verdict in verdicts if None in given else [*verdicts, Verdict.ABSENT]:
        alike = [judgement for judgement in given if judgement and judgement.verdict is verdict]
        if alike:
            return max(alike, key=lambda judgement: judgement.probability)
    return None


class LlmJudge(ModelJudge):
    """One request for an article and the statements put to it, more only where they do not fit.

    Only findings are listed: a statement without one is absent. Within a story each statement
    is put with the numbers of the sentences that share words with it, so that a model that
    reads in haste finds them.
    """

    name = "llm"
    prompts: tuple[str, ...] = ("reader", "verify_statements")

    def __init__(self, asker: PromptRunner, chunk_tokens: int, story: Story | None = None) -> None:
        super().__init__(asker, chunk_tokens)
        self._story = story

    def within(self, story: Story) -> Judge:
        """Return the judge that tells where the words of statements stand in these articles."""
        return LlmJudge(self._asker, self._chunk_tokens, story)

    def _ask_model(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        stage = self.prompts[-1]
        values = {
            "article": article_block(article, sentences),
            "statements": statements_block(claims, self._hints(claims, article, sentences)),
        }
        lacking = partial(_lacking_findings, len(claims), len(sentences))
        request = self._asker.request(stage, article.source, values, lacking=lacking)
        reply = cast(FindingsReply, self._asker.ask(request))
        if _names_nothing(reply, len(claims), len(sentences)):
            raise unusable_answer(stage, article.source, "no statement or no sentence")
        by_number: dict[int, list[FindingReply]] = defaultdict(list)
        for finding in reply.findings:
            by_number[finding.statement].append(finding)
        return [
            _finding_judgement(by_number[n], article, sentences) for n in range(1, len(claims) + 1)
        ]

    def _hints(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[list[int]]:
        """Return for each claim the numbers, among ``sentences``, of those that it is like."""
        if self._story is None:
            return []
        position = self._story.positions[article.id]
        document, index = self._story.documents[position], self._story.indexes[position]
        numbers = {span: number for number, span in enumerate(sentences, start=1)}
        return [
            [
                numbers[sentence.span]
                for sentence in index.closest(
                    document.analyse(claim.text).stems, SENTENCES_NAMED, LIKE_FROM
                )
                if sentence.span in numbers
            ]
            for claim in claims
        ]


def _lacking_findings(claims: int, sentences: int, reply: FindingsReply) -> str:
    """Return what is wrong with an answer none of whose findings exists, or that disagree."""
    if _names_nothing(reply, claims, sentences):
        return (
            f"it names no statement or no sentence that exists: there are statements 1 to {claims} "
            f"and sentences 0 to {sentences}."
        )
    verdicts: dict[int, set[str]] = defaultdict(set)
    for finding in reply.findings:
        verdicts[finding.statement].add(finding.verdict)
    torn = sorted(statement for statement, given in verdicts.items() if len(given) > 1)
    return f"its findings disagree on statements {', '.join(map(str, torn))}." if torn else ""


def _names_nothing(reply: FindingsReply, claims: int, sentences: int) -> bool:
    """Return whether there are findings, and none names a statement and a sentence there is."""
    return bool(reply.findings) and not any(
        1 <= finding.statement <= claims and any(0 <= n <= sentences for n in finding.sentences)
        for finding in reply.findings
    )


def _finding_judgement(
    findings: Sequence[FindingReply], article: Article, sentences: Sentences
) -> Judgement | None:
    """Return the judgement of the findings on one statement; two that disagree are no answer."""
    if len({finding.verdict for finding in findings}) > 1:
        return None
    passage = _named_passage(findings[0], article, sentences) if findings else None
    if passage is None:
        # What rests on no sentence of the article is no finding.
        return Judgement(verdict=Verdict.ABSENT, probability=PROBABILITIES[Verdict.ABSENT])
    finding, verdict = findings[0], Verdict(findings[0].verdict)
    if verdict is Verdict.CONTRADICTED and finding.difference is None:
        verdict = Verdict.PARTLY
    contradicted = verdict is Verdict.CONTRADICTED
    return Judgement(
        verdict=verdict,
        probability=PROBABILITIES[verdict],
        nearest=passage,
        difference=_stated_difference(finding, article, passage) if contradicted else None,
    )


def _stated_difference(finding: FindingReply, article: Article, passage: Span) -> Difference | None:
    difference = finding.difference
    if difference is None:
        return None
    words = locate(article.text, (passage,), finding.words)
    return Difference(
        kind=ConflictKind(difference.kind),
        topic=" ".join(difference.topic.split()),
        value=" … ".join(" ".join(span.of(article.text).split()) for span in words),
        claimed=" ".join(difference.stated.split()),
    )


def _named_passage(finding: FindingReply, article: Article, sentences: Sentences) -> Span | None:
    """Return the first run of neighbouring sentences that were named, or the title."""
    valid = sorted({n for n in finding.sentences if 0 <= n <= len(sentences)})
    if valid == [0]:
        start = article.text.find(article.title) if article.title else -1
        return Span(start, start + len(article.title or "")) if start >= 0 else None
    run = [number for number in valid if number]
    if not run:
        return None
    last = run[0]
    while last + 1 in run:
        last += 1
    return Span(sentences[run[0] - 1].start, sentences[last - 1].end)


class DecisionsJudge(ModelJudge):
    """The judge that asks typed questions: calibrated probabilities, no words to read.

    OpenAI's Decisions API takes up to 400 questions about one input. Two are asked of each
    claim: does the article report it, and, where it speaks of the same thing, does it say
    something that cannot be true with it?
    """

    name = "decisions"
    prompts: tuple[str, ...] = ("reader", "decide_claims", "ask_reported", "ask_contradicted")

    def _ask_model(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        prompts = self._asker.prompts
        questions = []
        for n, claim in enumerate(claims, start=1):
            words = claim_line(claim)
            questions.append(Question(f"reports_{n}", prompts["ask_reported"].fill(claim=words)))
            if speaks_of(claim, article):
                asked = prompts["ask_contradicted"].fill(claim=words)
                questions.append(Question(f"contradicts_{n}", asked))
        values = {"article": article_block(article, sentences)}
        request = self._asker.request("decide_claims", article.source, values, questions)
        answers = cast("list[float | None]", self._asker.ask(request))
        by_name = {q.name: answer for q, answer in zip(questions, answers, strict=True)}
        return [
            _decided_judgement(by_name[f"reports_{n}"], by_name.get(f"contradicts_{n}"))
            for n in range(1, len(claims) + 1)
        ]


def _decided_judgement(reported: float | None, contradicted: float | None) -> Judgement | None:
    """Return the judgement of two probabilities; a refusal of the first leaves none."""
    if reported is None:
        return None
    if contradicted is not None and contradicted >= LIKELIER_THAN_NOT and contradicted > reported:
        probability = min(reported, 1 - contradicted)
        return Judgement(verdict=Verdict.CONTRADICTED, probability=probability)
    reports = reported >= LIKELIER_THAN_NOT
    return Judgement(verdict=Verdict.REPORTED if reports else Verdict.ABSENT, probability=reported)
