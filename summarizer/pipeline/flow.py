"""The two things that are made of articles, each step a line here and a module below."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from summarizer.compare.align_lexical import LexicalAligner
from summarizer.compare.alignment import Alignment
from summarizer.compare.decide import Decision, decide
from summarizer.compare.details import settle
from summarizer.compare.judges import Judged
from summarizer.compare.story import Story, make_story
from summarizer.compare.verify import verify
from summarizer.document import analyse
from summarizer.errors import InputError, UsageError
from summarizer.origins import find_origins, primaries
from summarizer.pipeline import notes, pool
from summarizer.pipeline.desk import Desk, open_desk
from summarizer.pipeline.progress import Progress, silent
from summarizer.pipeline.reading import ReadArticle, read_all
from summarizer.screening import screen, without
from summarizer.settings import Settings
from summarizer.sources import ReadOptions, gather_articles
from summarizer.types import (
    Article,
    ArticleSummary,
    DiffReport,
    Fact,
    Generated,
    Origin,
    ReadShare,
    Rejected,
)
from summarizer.version import __version__

Source = Article | str | Path
"""What can be compared: an article, or the path or URL of one."""


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
    given = _articles(articles, settings)
    need_two(given)
    with _desk(desk, settings) as desk:
        screened = _screened(given)
        origins = find_origins(screened.articles)
        copies = primaries(screened.articles, origins)
        kept = [article for article in screened.articles if article.id not in copies]
        readings = _read(desk, kept, settings.sentences, progress)
        story = _story(readings)
        alignment = _align(desk, story, progress)
        decision = _decide(desk, story, alignment, readings, origins, progress)
        summaries = _summaries(screened.articles, copies, readings, decision.facts)
        on_comparing = notes.on_comparing(story, decision.strangers)
        report = _report(desk, start, screened, readings, notes.headline(story), summaries)
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
    given = _articles(articles, settings)
    with _desk(desk, settings) as desk:
        screened = _screened(given)
        readings = _read(desk, screened.articles, settings.sentences, progress)
        headline = given[0].title or given[0].outlet
        summaries = _summaries(screened.articles, {}, readings, ())
        return _report(desk, start, screened, readings, headline, summaries)


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


def need_two(articles: Sequence[Article]) -> None:
    """Check that there is something to compare.

    Raises:
        InputError: There is only one article.
    """
    if len(articles) == 1:
        raise InputError(
            f"A diff needs two articles or more, and only {articles[0].source} can be used.",
            hint="For the summary of a single article there is `summarize article`, in Python "
            "`summarize`.",
        )


def _articles(sources: Sequence[Source], settings: Settings) -> tuple[Article, ...]:
    """Return the articles that the sources are or name, each outlet under one name.

    Raises:
        UsageError: There are none, or a source is none.
        InputError: One cannot be read.
    """
    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles = gather_articles(sources, options=options)
    if not articles:
        raise UsageError("There are no articles to read.", hint="Give one article or more.")
    names: dict[str, str] = {}
    for article in articles:
        names.setdefault(article.outlet.casefold(), article.outlet)
    return tuple(replace(a, outlet=names[a.outlet.casefold()]) for a in articles)


def _desk(desk: Desk | None, settings: Settings) -> AbstractContextManager[Desk]:
    return open_desk(settings) if desk is None else nullcontext(desk)


@dataclass(frozen=True, slots=True)
class _Screened:
    """The articles of a run without what speaks to a machine, and what was taken out."""

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]


def _screened(articles: Sequence[Article]) -> _Screened:
    """Return articles ready to be read, each with an id of its own."""
    results = [screen(article) for article in _numbered(articles)]
    return _Screened(
        articles=tuple(result.article for result in results),
        rejected=tuple(rejected for result in results for rejected in result.rejected),
    )


def _numbered(articles: Sequence[Article]) -> Sequence[Article]:
    """Return articles with different ids: articles read one by one are all called a1."""
    counts = Counter(article.id for article in articles)
    if max(counts.values()) == 1:
        return articles
    return [replace(article, id=f"a{n}") for n, article in enumerate(articles, start=1)]


def _read(
    desk: Desk, articles: Sequence[Article], sentences: int, progress: Progress
) -> list[ReadArticle]:
    """Return what was read in articles.

    Raises:
        ServiceError: Not one of them could be read.
        BudgetReached: The cap on cost does not even allow the first request.
    """
    readings = read_all(desk, articles, sentences, progress)
    if desk.errors and all(reading.read is ReadShare.NOT for reading in readings):
        raise desk.errors[0]
    return readings


def _story(readings: Sequence[ReadArticle]) -> Story:
    return make_story(
        [analyse(without(reading.article, reading.orders)) for reading in readings],
        [claim for reading in readings for claim in reading.claims],
    )


def _align(desk: Desk, story: Story, progress: Progress) -> Alignment:
    """Return the story laid side by side; by words where the model gave no answer."""
    progress("aligning", 0, 1)
    alignment = desk.attempt("aligning", None, lambda: desk.aligner.align(story))
    if alignment is None:
        alignment = LexicalAligner().align(story)
    for failure in alignment.failures:
        desk.note("aligning", None, failure)
    progress("aligning", 1, 1)
    return settle(story, alignment)


def _decide(
    desk: Desk,
    story: Story,
    alignment: Alignment,
    readings: Sequence[ReadArticle],
    origins: Sequence[Origin],
    progress: Progress,
) -> Decision:
    """Verify an alignment in the full texts, and decide what follows.

    Raises:
        SummarizerError: The judge is the only one who asks a model, and had not one answer.
    """
    unread = frozenset(i for i, r in enumerate(readings) if r.read is ReadShare.NOT)

    def run(tasks: Sequence[pool.Task]) -> None:
        progress("verifying", 0, len(tasks))
        pool.run(tasks, desk.jobs, lambda done: progress("verifying", done, len(tasks)))

    def attempt(article: Article, step: Callable[[], Judged]) -> Judged | None:
        answer = desk.attempt("verifying", article, step)
        for failure in answer.failures if answer else ():
            desk.note("verifying", article, failure)
        return answer

    verification = verify(story, alignment, desk.judge, unread, run, attempt)
    if desk.errors and desk.engine.model is None and not verification.answered:
        raise desk.errors[0]
    return decide(story, alignment, verification, origins, unread)


def _summaries(
    articles: Sequence[Article],
    copies: dict[str, Article],
    readings: Iterable[ReadArticle],
    facts: Sequence[Fact],
) -> tuple[ArticleSummary, ...]:
    """Return what is told of each article; a copy of another has no summary of its own."""
    by_id = {reading.article.id: reading for reading in readings}

    def summary(article: Article) -> ArticleSummary:
        reading = by_id.get(article.id)
        if reading is None:
            return ArticleSummary(article=article, same_as=copies.get(article.id), sentences=())
        return ArticleSummary(
            article=article,
            same_as=copies.get(article.id),
            sentences=reading.summary,
            uncited=notes.uncited(reading.article, facts, reading.claims) if facts else (),
            read=reading.read,
        )

    return tuple(map(summary, articles))


def _report(
    desk: Desk,
    start: float,
    screened: _Screened,
    readings: Sequence[ReadArticle],
    headline: str,
    summaries: tuple[ArticleSummary, ...],
) -> DiffReport:
    """Return a report without facts: the articles' summaries, and what every report tells."""
    failures = notes.in_order(desk.failures, screened.articles)
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
            *screened.rejected,
            *(rejected for reading in readings for rejected in reading.rejected),
        ),
        usage=desk.usage(round(time.perf_counter() - start, 3)),
        warnings=(
            *notes.on_run(screened.articles, failures, sum(r.dropped for r in readings)),
            *notes.on_unread(summaries),
        ),
        failures=failures,
    )
