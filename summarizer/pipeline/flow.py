"""The things that are made of articles, each step a line here and a module below."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from summarizer.compare.align_lexical import LexicalAligner
from summarizer.compare.alignment import Alignment, Differences
from summarizer.compare.decide import Decision, decide
from summarizer.compare.details import settle
from summarizer.compare.story import Story, make_story
from summarizer.compare.verify import verify
from summarizer.document import analyse, whole_text
from summarizer.errors import InputError, UsageError
from summarizer.origins import find_origins, primaries
from summarizer.pipeline import notes
from summarizer.pipeline.desk import Desk, Progress, judging_only, open_desk, rehearsal, silent
from summarizer.pipeline.reading import ReadArticle, read_all
from summarizer.screening.screen import Screened, screen, without
from summarizer.settings import Settings
from summarizer.sources.reading import ReadOptions, gather_articles
from summarizer.types import (
    Article,
    ArticleSummary,
    Claim,
    DiffReport,
    Fact,
    Generated,
    Judgement,
    Origin,
    ReadShare,
)
from summarizer.usage import Usage
from summarizer.version import __version__

Source = Article | str | Path  # an article, or the path or URL of one


def diff(
    articles: Sequence[Source],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Compare several outlets' articles on one event.

    Args:
        articles: Two or more: articles (``read_article``, ``Article.from_text``), paths, globs
            and URLs, in any order. Outlets whose names differ in case alone are one.
        settings: What to run with; without a key or a server the defaults are offline.
        desk: Who works, where the caller has put that together (``open_desk``).
        progress: Told how far the run is.

    Returns:
        The report; what could not be done for lack of an answer is in its ``failures``.

    Raises:
        UsageError: No articles are given, or something that is none.
        InputError: One of them cannot be read, or there is only one.
        ServiceError: A model was to be asked, and gave not one answer that can be used.
        BudgetReached: The cap on cost does not even allow the first request.
    """
    settings = settings or Settings()
    start = time.perf_counter()
    given = _given_articles(articles, settings)
    need_two(given)
    with nullcontext(desk) if desk else open_desk(settings) as desk:
        screened = _screened_articles(given)
        origins = find_origins([each.article for each in screened])
        copies = primaries([each.article for each in screened], origins)
        kept = [each.article for each in screened if each.article.id not in copies]
        readings = _read_articles(desk, kept, settings.sentences, progress)
        story = make_story(
            [analyse(without(reading.article, reading.orders)) for reading in readings],
            [claim for reading in readings for claim in reading.claims],
        )
        alignment = _align_story(desk, story, progress)
        decision = _verify_and_decide(desk, story, alignment, readings, origins, progress)
        summaries = _article_summaries(screened, copies, readings, decision.facts)
        on_comparing = notes.on_comparing(story, decision.strangers)
        report = _report_without_facts(
            desk, start, screened, readings, notes.headline(story), summaries
        )
        return replace(
            report,
            facts=decision.facts,
            conflicts=decision.conflicts,
            origins=origins,
            warnings=(*report.warnings, *on_comparing, *alignment.warnings),
        )


def summarize(
    articles: Sequence[Source],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Summarize articles one by one; the report has their summaries and no facts.

    Raises:
        UsageError: No articles are given, or something that is none.
        InputError: One of them cannot be read.
        ServiceError: A model was to be asked, and gave not one answer that can be used.
        BudgetReached: The cap on cost does not even allow the first request.
    """
    settings = settings or Settings()
    start = time.perf_counter()
    given = _given_articles(articles, settings)
    with nullcontext(desk) if desk else open_desk(settings) as desk:
        screened = _screened_articles(given)
        kept = [each.article for each in screened]
        readings = _read_articles(desk, kept, settings.sentences, progress)
        summaries = _article_summaries(screened, {}, readings, ())
        headline = given[0].title or given[0].outlet
        return _report_without_facts(desk, start, screened, readings, headline, summaries)


async def adiff(
    articles: Sequence[Source],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Compare articles in a thread, for callers with an event loop; see ``diff``."""
    return await asyncio.to_thread(diff, articles, settings, desk=desk, progress=progress)


async def asummarize(
    articles: Sequence[Source],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Summarize articles in a thread, for callers with an event loop; see ``summarize``."""
    return await asyncio.to_thread(summarize, articles, settings, desk=desk, progress=progress)


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
    article = whole_text(text) if isinstance(text, str) else text
    put = [Claim(article=article, text=claim, evidence=()) for claim in claims]
    with nullcontext(desk) if desk else open_desk(judging_only(settings or Settings())) as desk:
        answer = desk.attempt("judging", article, partial(desk.judge.judge, put, article))
        if answer is None:
            raise desk.errors[0]
        return answer.judgements


@dataclass(frozen=True, slots=True)
class Plan:
    """What each stage of a run would ask; nothing where no model is asked."""

    stages: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Requests that would be sent."""
        return sum(used.calls for used in self.stages.values())

    @property
    def cost(self) -> float | None:
        """Dollars that the run would cost at most; None where a price is not known."""
        costs = [used.cost_usd for used in self.stages.values()]
        return None if None in costs else sum(cost or 0.0 for cost in costs)


def plan(articles: Sequence[Article], settings: Settings, desk: Desk, *, compare: bool) -> Plan:
    """Return what a run over these articles would ask: a diff, or a summary of each article.

    It is found out by rehearsing the run with a chat that sends nothing.
    """
    if desk.session is None:
        return Plan()
    from summarizer.llm.cache import NotAsked

    rehearsing, chat = rehearsal(desk.session, desk, settings)
    with suppress(NotAsked):  # a judge beside the offline engine has no answer at all
        (diff if compare else summarize)(articles, settings, desk=rehearsing)
    return Plan(chat.meter.stages())


def need_two(articles: Sequence[Article]) -> None:
    """Check that there is something to compare: one article alone is an InputError."""
    if len(articles) == 1:
        raise InputError(
            f"A diff needs two articles or more, and only {articles[0].source} can be used.",
            hint="For the summary of a single article there is `summarize article`, in Python "
            "`summarize`.",
        )


def _given_articles(sources: Sequence[Source], settings: Settings) -> tuple[Article, ...]:
    """Return the articles that the sources are or name, each outlet under one name."""
    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles = gather_articles(sources, options=options)
    if not articles:
        raise UsageError("There are no articles to read.", hint="Give one article or more.")
    names: dict[str, str] = {}
    for article in articles:
        names.setdefault(article.outlet.casefold(), article.outlet)
    return tuple(replace(a, outlet=names[a.outlet.casefold()]) for a in articles)


def _screened_articles(articles: Sequence[Article]) -> list[Screened]:
    """Return articles without what speaks to a machine, each with an id of its own."""
    counts = Counter(article.id for article in articles)
    if max(counts.values()) > 1:
        # Articles read one by one are all called a1.
        articles = [replace(article, id=f"a{n}") for n, article in enumerate(articles, start=1)]
    return [screen(article) for article in articles]


def _read_articles(
    desk: Desk, articles: Sequence[Article], sentences: int, progress: Progress
) -> list[ReadArticle]:
    """Return what was read in articles; the first error where not one could be read."""
    readings = read_all(desk, articles, sentences, progress)
    if desk.errors and all(reading.read is ReadShare.NOT for reading in readings):
        raise desk.errors[0]
    return readings


def _align_story(desk: Desk, story: Story, progress: Progress) -> Alignment:
    """Return the story laid side by side; by words where the model gave no answer."""
    alignments: list[Alignment | None] = []
    differences: list[Differences | None] = []
    attempt = partial(desk.attempt, "aligning", None)
    tasks = (
        lambda: alignments.append(attempt(partial(desk.aligner.align, story))),
        lambda: differences.append(attempt(partial(desk.aligner.find_conflicts, story))),
    )
    desk.run(tasks, "aligning", progress)
    by_words = LexicalAligner()
    alignment = alignments[0] or by_words.align(story)
    conflicts = (differences[0] or by_words.find_conflicts(story)).conflicts
    return settle(story, replace(alignment, conflicts=conflicts))


def _verify_and_decide(
    desk: Desk,
    story: Story,
    alignment: Alignment,
    readings: Sequence[ReadArticle],
    origins: Sequence[Origin],
    progress: Progress,
) -> Decision:
    """Verify an alignment in the full texts, and decide what follows.

    The first error is raised where only the judge asks a model, and had not one answer.
    """
    unread = frozenset(i for i, r in enumerate(readings) if r.read is ReadShare.NOT)
    verification = verify(
        story,
        alignment,
        desk.judge,
        unread,
        run=partial(desk.run, stage="verifying", progress=progress),
        attempt=partial(desk.attempt, "verifying"),
    )
    if desk.errors and desk.engine.model is None and not verification.answered:
        raise desk.errors[0]
    return decide(story, alignment, verification, origins, unread)


def _article_summaries(
    screened: Sequence[Screened],
    copies: dict[str, Article],
    readings: Sequence[ReadArticle],
    facts: Sequence[Fact],
) -> tuple[ArticleSummary, ...]:
    """Return what is told of each article; a copy of another has no summary of its own."""
    by_id = {reading.article.id: reading for reading in readings}
    summaries = []
    for article in (each.article for each in screened):
        summary = ArticleSummary(article=article, same_as=copies.get(article.id), sentences=())
        if reading := by_id.get(article.id):
            uncited = notes.uncited(reading.article, facts, reading.claims) if facts else ()
            summary = replace(
                summary, sentences=reading.summary, uncited=uncited, read=reading.read
            )
        summaries.append(summary)
    return tuple(summaries)


def _report_without_facts(
    desk: Desk,
    start: float,
    screened: Sequence[Screened],
    readings: Sequence[ReadArticle],
    headline: str,
    summaries: tuple[ArticleSummary, ...],
) -> DiffReport:
    """Return a report without facts: the articles' summaries, and what every report tells."""
    failures = notes.in_order(desk.failures, [each.article for each in screened])
    return DiffReport(
        headline=headline,
        generated=Generated(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            version=__version__,
            engine=desk.engine.name,
            judge=desk.judge.name,
            model=desk.model,
            prompts=desk.prompts,
        ),
        articles=summaries,
        facts=(),
        rejected=(
            *(rejected for each in screened for rejected in each.rejected),
            *(rejected for reading in readings for rejected in reading.rejected),
        ),
        usage=desk.usage(round(time.perf_counter() - start, 3)),
        warnings=tuple(notes.on_run(summaries, failures, sum(r.dropped for r in readings))),
        failures=failures,
    )
