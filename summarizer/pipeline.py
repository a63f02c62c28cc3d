"""From articles to a report: each step is one line here and one module below."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from summarizer import scope
from summarizer.chunking import chunks
from summarizer.conflicts.find import find_conflicts
from summarizer.engines import Engine, SummaryDraft, create_engine
from summarizer.errors import UsageError
from summarizer.facts.build import build_facts, uncited
from summarizer.grounding import ground
from summarizer.judges import create_judge
from summarizer.judges.coverage import coverage
from summarizer.matching.story import match_story
from summarizer.origins import find_origins, primaries
from summarizer.settings import Settings
from summarizer.tokens import estimate_tokens
from summarizer.types import (
    Article,
    ArticleSummary,
    Claim,
    Conflict,
    DiffReport,
    Fact,
    Generated,
    Origin,
    Rejected,
    RejectReason,
    SummarySentence,
    Usage,
    Verdict,
)
from summarizer.version import __version__

Progress = Callable[[str, int, int], None]
"""Told of each stage by its name, how much of it is done, and how much there is."""

WHOLE_ARTICLE = 1_000_000_000
"""Tokens: an engine that has no limit of its own reads each article in one chunk."""


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def diff(
    articles: Sequence[Article],
    settings: Settings | None = None,
    *,
    progress: Progress = silent,
) -> DiffReport:
    """Compare several outlets' articles on one event.

    Args:
        articles: Two or more articles, as ``summarizer.read_article`` gives them.
        settings: What to run with; the defaults are offline and need no key.
        progress: Told how far the run is.

    Raises:
        UsageError: No articles are given.
    """
    run = _Run(articles, settings or Settings(), progress)
    origins = find_origins(articles)
    copies = primaries(articles, origins)
    kept = [article for article in articles if article.id not in copies]
    claims = run.claims(kept)
    progress("matching", 0, 1)
    story = match_story(kept, claims)
    progress("judging", 0, 1)
    conflicts = find_conflicts(story)
    strangers = scope.other_events(story)
    facts = build_facts(story, coverage(story), origins, conflicts, strangers)
    facts, warnings = scope.limit(story, facts, strangers)
    summaries = tuple(
        replace(
            summary,
            same_as=copies.get(summary.article.id),
            uncited=uncited(summary.article, facts, claims),
        )
        for summary in run.summaries(claims)
    )
    return run.report(scope.headline(story), summaries, facts, conflicts, origins, warnings)


def summarize(
    articles: Sequence[Article],
    settings: Settings | None = None,
    *,
    progress: Progress = silent,
) -> DiffReport:
    """Summarize articles one by one; the report has their summaries and no facts.

    Raises:
        UsageError: No articles are given.
    """
    run = _Run(articles, settings or Settings(), progress)
    summaries = run.summaries(run.claims(articles))
    return run.report(headline=articles[0].title or articles[0].outlet, articles=summaries)


def read_claims(article: Article, engine: Engine) -> tuple[tuple[Claim, ...], tuple[Rejected, ...]]:
    """Return an article's grounded claims, and the drafts that were turned away."""
    budget = engine.chunk_tokens or WHOLE_ARTICLE
    parts = chunks(article, budget=budget, count=estimate_tokens)
    return ground(draft for part in parts for draft in engine.extract(part))


class _Run:
    """One run over some articles: what it reads with, and what it turned away on the way."""

    def __init__(self, articles: Sequence[Article], settings: Settings, progress: Progress) -> None:
        if not articles:
            raise UsageError("There are no articles to read.", hint="Give one article or more.")
        self._start = time.perf_counter()
        self._articles = articles
        self._settings = settings
        self._progress = progress
        self._engine = create_engine(settings)
        self._judge = create_judge(settings)
        self._rejected: list[Rejected] = []

    def claims(self, articles: Sequence[Article]) -> tuple[Claim, ...]:
        """Return the grounded claims of articles, in their order."""
        claims: list[Claim] = []
        for done, article in enumerate(articles):
            self._progress("reading", done, len(articles))
            found, turned_away = read_claims(article, self._engine)
            claims.extend(found)
            self._rejected.extend(turned_away)
        return tuple(claims)

    def summaries(self, claims: Sequence[Claim]) -> tuple[ArticleSummary, ...]:
        """Return the summary of every article; a sentence it does not support is dropped."""
        by_article: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_article[claim.article.id].append(claim)
        summaries = []
        for done, article in enumerate(self._articles):
            self._progress("summarizing", done, len(self._articles))
            drafts = self._engine.summarize(
                article, by_article[article.id], self._settings.sentences
            )
            kept = tuple(filter(None, (self._judged(article, draft) for draft in drafts)))
            summaries.append(ArticleSummary(article=article, same_as=None, sentences=kept))
        return tuple(summaries)

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
        told = tuple(
            f"{article.outlet} ({article.source}): {warning}"
            for article in self._articles
            for warning in article.warnings
        )
        return DiffReport(
            headline=headline,
            generated=Generated(
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                version=__version__,
                engine=self._engine.name,
                judge=self._judge.name,
            ),
            articles=articles,
            facts=facts,
            conflicts=conflicts,
            origins=origins,
            rejected=tuple(self._rejected),
            usage=Usage(seconds=round(time.perf_counter() - self._start, 3)),
            warnings=(*told, *warnings),
        )

    def _judged(self, article: Article, draft: SummaryDraft) -> SummarySentence | None:
        claim = Claim(article=article, text=draft.text, evidence=draft.evidence)
        (judgement,) = self._judge.judge((claim,), article)
        if judgement.verdict is Verdict.SUPPORTED:
            return SummarySentence(
                text=draft.text, evidence=draft.evidence, probability=judgement.probability
            )
        self._rejected.append(
            Rejected(
                article=article,
                text=draft.text,
                reason=RejectReason.UNSUPPORTED,
                detail=f"the article supports it with probability {judgement.probability:.2f}",
            )
        )
        return None
