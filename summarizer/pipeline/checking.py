"""Claims put to one text: the work of ``summarize judge`` and of ``summarizer.judge``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.errors import UsageError
from summarizer.pipeline.desk import Desk, asks_model, open_desk
from summarizer.settings import Settings
from summarizer.types import Article, Claim, Judgement, OutletFrom, Span


def judge(
    text: str | Article,
    claims: Sequence[str],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
) -> tuple[Judgement | None, ...]:
    """Judge whether a text reports each of some claims.

    Args:
        text: The text, all of which counts, or an article, whose body counts.
        claims: Statements, each a sentence or two that can be understood alone.
        settings: What to run with; without a key or a server the judge is offline.
        desk: Who judges, where the caller has put that together (``open_desk``).

    Returns:
        A judgement for each claim, in their order: its ``probability`` is that the text reports
        the claim, and ``nearest`` the span of the text that comes closest. None stands where a
        model gave no answer.

    Raises:
        UsageError: The claims are no list of texts.
        ServiceError: A model was to be asked, and gave not one answer that can be used.
    """
    if isinstance(claims, str) or not all(isinstance(claim, str) for claim in claims):
        raise UsageError("The claims are not a list of texts.", 'Give a list, as in ["It burnt."].')
    if desk is None:
        with open_desk(judging_only(settings or Settings())) as opened:
            return judge(text, claims, desk=opened)
    article = whole_text(text) if isinstance(text, str) else text
    put = [Claim(article=article, text=claim, evidence=()) for claim in claims]
    answer = desk.attempt("judging", article, lambda: desk.judge.judge(put, article))
    if answer is None:
        raise desk.errors[0]
    return answer.judgements


def judging_only(settings: Settings) -> Settings:
    """Return settings whose judge is decided, and whose engine, which has no work, asks nobody."""
    chosen = settings.judge
    if chosen == "auto":
        chosen = "llm" if asks_model(settings) else "lexical"
    return replace(settings, engine="extractive", judge=chosen)


def whole_text(text: str, name: str = "document") -> Article:
    """Return a text as an article all of which is its body."""
    return Article(
        id=name,
        source=name,
        sha256="",
        text=text,
        body=(Span(0, len(text)),),
        outlet="document",
        outlet_from=OutletFrom.FLAG,
    )
