"""The two things that are made of articles, each step a line here and a module below."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from summarizer import scope
from summarizer.conflicts.find import find_conflicts
from summarizer.errors import UsageError
from summarizer.facts.build import build_facts, uncited
from summarizer.matching.story import Story, Weights, match_story
from summarizer.origins import find_origins, primaries
from summarizer.pipeline.desk import Desk, open_desk
from summarizer.pipeline.hearing import Heard, hear
from summarizer.pipeline.progress import Progress, silent
from summarizer.pipeline.reading import ReadArticle, read_all
from summarizer.screening import screen, without
from summarizer.settings import Settings
from summarizer.types import (
    Article,
    ArticleSummary,
    Conflict,
    DiffReport,
    Fact,
    Failure,
    Generated,
    Origin,
    Rejected,
)
from summarizer.version import __version__


def diff(
    articles: Sequence[Article],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Compare several outlets' articles on one event.

    Args:
        articles: Two or more articles, as ``summarizer.read_article`` gives them.
        settings: What to run with; without a key or a server the defaults are offline.
        desk: Who works, where the caller has put that together (``open_desk``).
        progress: Told how far the run is.

    Returns:
        The report; what could not be done for lack of an answer is in its ``failures``.

    Raises:
        UsageError: No articles are given.
        ServiceError: A model was to be asked, and gave not one answer that can be used.
        BudgetReached: The cap on cost does not even allow the first request.
    """
    settings = settings or Settings()
    with _desk(desk, settings) as desk:
        run = _Run(articles, settings, desk, progress)
        origins = find_origins(run.articles)
        copies = primaries(run.articles, origins)
        kept = [article for article in run.articles if article.id not in copies]
        found = run.read(kept)
        progress("matching", 0, 1)
        claims = [claim for read in found for claim in read.claims]
        heard = run.hear(match_story(kept, claims), found)
        conflicts = find_conflicts(heard.story, heard.coverage)
        strangers = scope.other_events(heard.story, heard.coverage)
        absent = frozenset[int]() if run.lacks_answers else strangers
        facts = build_facts(heard.story, heard.coverage, origins, conflicts, absent)
        facts, warnings = scope.limit(
            heard.story, facts, strangers, understood=heard.coverage.claimwise
        )
        summaries = tuple(
            replace(
                summary,
                same_as=copies.get(summary.article.id),
                uncited=uncited(summary.article, facts, heard.claims),
            )
            for summary in run.summaries(heard)
        )
        return run.report(
            scope.headline(heard.story), summaries, facts, conflicts, origins, warnings
        )


def summarize(
    articles: Sequence[Article],
    settings: Settings | None = None,
    *,
    desk: Desk | None = None,
    progress: Progress = silent,
) -> DiffReport:
    """Summarize articles one by one; the report has their summaries and no facts.

    Raises:
        UsageError: No articles are given.
        ServiceError: A model was to be asked, and gave not one answer that can be used.
        BudgetReached: The cap on cost does not even allow the first request.
    """
    settings = settings or Settings()
    with _desk(desk, settings) as desk:
        run = _Run(articles, settings, desk, progress)
        found = run.read(run.articles)
        claims = [claim for read in found for claim in read.claims]
        alone = match_story(run.articles, claims, Weights(claims=None, sentences=None))
        heard = run.hear(alone, found, compare=False)
        headline = articles[0].title or articles[0].outlet
        return run.report(headline=headline, articles=run.summaries(heard))


def _desk(desk: Desk | None, settings: Settings) -> AbstractContextManager[Desk]:
    return open_desk(settings) if desk is None else nullcontext(desk)


class _Run:
    """One run over some articles: who works, and what was turned away on the way."""

    def __init__(
        self, articles: Sequence[Article], settings: Settings, desk: Desk, progress: Progress
    ) -> None:
        if not articles:
            raise UsageError("There are no articles to read.", hint="Give one article or more.")
        self._start = time.perf_counter()
        self._settings = settings
        self._desk = desk
        self._progress = progress
        self._rejected: list[Rejected] = []
        self._dropped = 0
        screened = [screen(article) for article in articles]
        self.articles = tuple(found.article for found in screened)
        for found in screened:
            self._rejected.extend(found.rejected)

    def read(self, articles: Sequence[Article]) -> list[ReadArticle]:
        """Return what was found in articles.

        Raises:
            ServiceError: Not one of them could be read.
            BudgetReached: The cap on cost does not even allow the first request.
        """
        found = read_all(self._desk, articles, self._settings.sentences, self._progress)
        if not any(read.read_at_all for read in found):
            raise self._desk.errors[0]
        for read in found:
            self._rejected.extend(read.rejected)
            self._dropped += read.dropped
        return found

    def hear(self, story: Story, found: Sequence[ReadArticle], *, compare: bool = True) -> Heard:
        """Return the story after judging; what did not pass is remembered."""
        drafts = {read.article.id: read.summary for read in found}
        shown = {read.article.id: without(read.article, read.orders) for read in found}
        heard = hear(self._desk, story, drafts, self._progress, shown=shown, compare=compare)
        self._rejected.extend(heard.rejected)
        return heard

    @property
    def lacks_answers(self) -> bool:
        """Whether too little is known to leave an outlet out of "all" as on another event."""
        return any(failure.stage != "summarizing" for failure in self._desk.failures)

    def summaries(self, heard: Heard) -> tuple[ArticleSummary, ...]:
        """Return the summary of every article; a copy of another has none of its own."""
        return tuple(
            ArticleSummary(
                article=article, same_as=None, sentences=heard.summaries.get(article.id, ())
            )
            for article in self.articles
        )

    def report(
        self,
        headline: str,
        articles: tuple[ArticleSummary, ...],
        facts: tuple[Fact, ...] = (),
        conflicts: tuple[Conflict, ...] = (),
        origins: tuple[Origin, ...] = (),
        warnings: tuple[str, ...] = (),
    ) -> DiffReport:
        """Return the report, with what every report tells of its run."""
        desk = self._desk
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
            articles=articles,
            facts=facts,
            conflicts=conflicts,
            origins=origins,
            rejected=tuple(self._rejected),
            usage=desk.usage(round(time.perf_counter() - self._start, 3)),
            warnings=(*self._told(), *warnings),
            failures=self._failures(),
        )

    def _failures(self) -> tuple[Failure, ...]:
        """Return what failed, in the order of the articles and not of the threads."""
        place = {article.id: i for i, article in enumerate(self.articles)}
        return tuple(
            sorted(self._desk.failures, key=lambda f: (f.stage, place[f.article.id], f.message))
        )

    def _told(self) -> list[str]:
        """Return what must be said of the articles and of what went wrong."""
        told = [
            f"{article.outlet} ({article.source}): {warning}"
            for article in self.articles
            for warning in article.warnings
        ]
        told += [_failed(failure) for failure in self._failures()]
        if self._dropped:
            told.append(
                f"The model named {self._dropped} sentences that do not exist; they were dropped."
            )
        return told


def _failed(failure: Failure) -> str:
    article = failure.article
    return (
        f"{article.outlet} ({article.source}): {failure.stage} failed, {failure.reason}: "
        f"{failure.message}"
    )
