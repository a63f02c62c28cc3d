"""A judge that asks a model: an article and claims, cut to what can be asked at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

from summarizer.chunking import chunks
from summarizer.compare.judges.protocol import Judge, Judged
from summarizer.compare.story import Story
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong, SummarizerError
from summarizer.llm.prompt_runner import PromptRunner
from summarizer.prompts.material import said
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Claim, Judgement, Span, Verdict

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

Sentences = tuple[Span, ...]
Ask = Callable[[Sequence[Claim], Article, Sentences], Sequence[Judgement | None]]
"""Asks about some claims and some sentences of an article."""


class ModelJudge(ABC):
    """A judge that asks a model, in one request for an article where it fits.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The tokens of a chunk, to which requests are in proportion.
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
        """Judge claims against an article; one that the model gave no answer on has None."""
        return in_parts(claims, article, self._chunk_tokens, self._ask)

    @abstractmethod
    def _ask(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> Sequence[Judgement | None]:
        """Ask about some claims and some sentences of an article."""


def in_parts(claims: Sequence[Claim], article: Article, chunk_tokens: int, ask: Ask) -> Judged:
    """Ask about all claims and the whole article, in as few requests as it takes.

    A request that fails leaves its claims without an answer; the others stand. An answer that
    leaves claims out is a failure as well: what it says of the others stands.
    """
    found: list[list[Judgement | None]] = [[] for _ in claims]
    failures: list[SummarizerError] = []
    budget = ARTICLE_CHUNKS * chunk_tokens
    for part in chunks(article, budget=budget, count=estimate_tokens):
        for batch in batches(claims, CLAIMS_CHUNKS * chunk_tokens):
            wanted = claims[batch.start : batch.stop]
            answers: Sequence[Judgement | None] = [None] * len(wanted)
            try:
                answers = _halved(wanted, article, part.sentences, ask)
                failures += _left_out(answers, article)
            except SummarizerError as error:
                failures.append(error)
            for i, answer in zip(batch, answers, strict=True):
                found[i].append(answer)
    return Judged(tuple(map(strongest, found)), tuple(failures))


def _halved(
    claims: Sequence[Claim], article: Article, sentences: Sentences, ask: Ask
) -> Sequence[Judgement | None]:
    """Ask about claims; where they or the answer do not fit, about each half of them."""
    try:
        return ask(claims, article, sentences)
    except (AnswerTruncated, PromptTooLong):
        if len(claims) < 2:
            raise
        middle = len(claims) // 2
        halves = (claims[:middle], claims[middle:])
        return [answer for half in halves for answer in _halved(half, article, sentences, ask)]


def _left_out(answers: Sequence[Judgement | None], article: Article) -> list[AnswerUnusable]:
    """Return the failure of an answer that says nothing on some of its claims, if it is one."""
    missing = sum(answer is None for answer in answers)
    if not missing:
        return []
    return [
        AnswerUnusable(
            f"The answer on {article.source} has no verdict on {missing} of {len(answers)} claims.",
            hint="Run again, with the setting cache = refresh where the model declined, or with "
            "another model.",
        )
    ]


def batches(claims: Sequence[Claim], budget: int) -> Iterator[range]:
    """Yield ranges of claims that are at most ``budget`` tokens and ``MOST_CLAIMS`` each."""
    first, tokens = 0, 0
    for i, claim in enumerate(claims):
        cost = estimate_tokens(f"{i}: {said(claim)}\n")
        if i > first and (tokens + cost > budget or i - first >= MOST_CLAIMS):
            yield range(first, i)
            first, tokens = i, 0
        tokens += cost
    if first < len(claims):
        yield range(first, len(claims))


def strongest(found: Sequence[Judgement | None]) -> Judgement | None:
    """Return what the parts of an article say of a claim together.

    One part that reports it is enough, then one that contradicts it, then one that states it
    in part; that it is absent needs the answer of every part.
    """
    answers = [judgement for judgement in found if judgement is not None]
    for verdict in (Verdict.REPORTED, Verdict.CONTRADICTED, Verdict.PARTLY):
        said = [judgement for judgement in answers if judgement.verdict is verdict]
        if said:
            return max(said, key=lambda judgement: judgement.probability)
    if not answers or len(answers) < len(found):
        return None
    return max(answers, key=lambda judgement: judgement.probability)
