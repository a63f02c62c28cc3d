"""One round of a watch: ask the feeds that are due, read new articles, diff what changed, tell."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar
from urllib.parse import urlsplit

from summarizer.errors import FetchFailed, InputError, SummarizerError
from summarizer.sources.fetch import Fetched
from summarizer.sources.reading import ReadOptions, read_article
from summarizer.types import Article, DiffReport, OutletFrom
from summarizer.watch.feeds import Feed, parse_feed
from summarizer.watch.notices import find_news
from summarizer.watch.outputs import FEED_NOTICES, Output, write_atom
from summarizer.watch.store import KnownFeed, Store, Waiting
from summarizer.watch.stories import WINDOW_SECONDS, Frequencies, Terms, nearest_story, terms_of
from summarizer.watch.web import MOST_SECONDS, Web, next_time, time_after_failure

HOSTS_AT_ONCE = 8
"""So many hosts are asked at the same time, each by one request at a time."""

STORY_ARTICLES = 20
"""The newest articles of a story that a diff compares: the work grows with the square."""

BUSY = frozenset({429, 503})
"""Answers by which a server asks to be left alone."""

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did; ``problems`` are the errors of feeds, articles, diffs and outputs."""

    feeds: int
    unchanged: int
    entries: int
    articles: int
    notices: int
    problems: tuple[SummarizerError, ...]


class Watch:
    """Feeds watched into a store.

    Args:
        urls: The feeds.
        store: All that is known.
        web: How servers are asked.
        compare: Returns the diff of a story's articles.
        outputs: Where notices go.
        atom: The file of our own feed, if one is wanted.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        urls: Sequence[str],
        store: Store,
        web: Web,
        compare: Callable[[Sequence[Article]], DiffReport],
        outputs: Sequence[Output],
        *,
        atom: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._urls, self._store, self._web = urls, store, web
        self._compare, self._outputs, self._atom = compare, outputs, atom
        self._clock = clock

    def run_round(self) -> Round:
        """Do all that is due now; what fails is told and tried again by a later round.

        Raises:
            ServiceError: A model was to be asked, and no request of it can succeed.
            BudgetReached: The cap on cost.
        """
        self._web.begin_round(self._urls)
        problems: list[SummarizerError] = []
        feeds = self._store.due_feeds(self._urls, self._clock())
        answers = [self._take_feed(*each, problems) for each in _by_host(feeds, _url, self._ask)]
        self._store.record_robots(self._web.robots)
        articles = self._read_articles(problems)
        self._store.record_robots(self._web.robots)
        try:
            notices = sum(map(self._diff_story, self._store.changed_stories()))
        finally:  # a model that fails must not hold back what is known already
            self._deliver(problems)
        return Round(
            feeds=len(feeds),
            unchanged=answers.count(None),
            entries=sum(filter(None, answers)),
            articles=articles,
            notices=notices,
            problems=tuple(problems),
        )

    def _ask(self, feed: KnownFeed) -> tuple[Fetched, Feed | None] | str:
        answer = self._web.fetch_feed(feed.url, feed.etag, feed.modified)
        if isinstance(answer, str):
            return answer
        if answer.unchanged:
            return answer, None
        return answer, parse_feed(answer.data, answer.url, answer.content_type)

    def _take_feed(
        self,
        feed: KnownFeed,
        answer: tuple[Fetched, Feed | None] | str | InputError,
        problems: list[SummarizerError],
    ) -> int | None:
        """Keep what a feed answered; return the number of new entries, None if unchanged."""
        now = self._clock()
        if isinstance(answer, str):
            self._store.record_feed(feed, now + MOST_SECONDS)
            return 0
        if isinstance(answer, InputError):
            problems.append(answer)
            retry_after = answer.retry_after if isinstance(answer, FetchFailed) else ""
            after = time_after_failure(now, feed.failures, retry_after)
            self._store.record_feed(replace(feed, failures=feed.failures + 1), after)
            return 0
        fetched, parsed = answer
        ttl = feed.ttl if parsed is None else parsed.ttl
        known = replace(
            feed,
            etag=fetched.headers.get("etag", feed.etag if parsed is None else ""),
            modified=fetched.headers.get("last-modified", feed.modified if parsed is None else ""),
            failures=0,
            ttl=ttl,
        )
        after = next_time(now, fetched.headers, ttl)
        if parsed is None:
            self._store.record_feed(known, after)
            return None
        return self._store.record_feed(known, after, parsed.entries, parsed.title)

    def _read_articles(self, problems: list[SummarizerError]) -> int:
        """Read what waits; each article and its story are kept by one commit."""
        waiting = self._store.waiting_entries(self._clock())
        if not waiting:
            return 0
        recent = [
            (story, terms_of(article))
            for story, article in self._store.recent_articles(self._clock() - WINDOW_SECONDS)
        ]
        frequencies = Frequencies(terms for _, terms in recent)
        stories: defaultdict[int, list[Terms]] = defaultdict(list)
        for story, terms in recent:
            stories[story].append(frequencies.weighted(terms))
        count = 0
        for entry, answer in _by_host(waiting, _url, self._read):
            url, now = entry.url, self._clock()
            if isinstance(answer, InputError):
                problems.append(answer)
                retry = answer.retry_after if isinstance(answer, FetchFailed) else ""
                busy = isinstance(answer, FetchFailed) and answer.status in BUSY
                self._store.record_failure(url, time_after_failure(now, 0, retry), busy=busy)
                continue
            key = _key(answer)
            if self._store.has_article(key):
                self._store.record_article(url, key, None, None, now)
                continue
            terms = terms_of(answer)
            frequencies.add(terms)
            weighted = frequencies.weighted(terms)
            joined = nearest_story(weighted, stories)
            story = self._store.record_article(url, key, answer, joined, now)
            stories[story].append(weighted)
            count += 1
        return count

    def _read(self, waiting: Waiting) -> Article:
        """Return an article; its feed's title is its outlet where nothing else names one."""
        article = read_article(waiting.url, options=ReadOptions(fetch=self._web.fetch_page))
        if article.outlet_from is OutletFrom.FILENAME and waiting.feed_title:
            return replace(article, outlet=waiting.feed_title, outlet_from=OutletFrom.TEXT)
        return article

    def _diff_story(self, story: int) -> bool:
        """Compare a story that changed; return whether that made a notice."""
        articles, known = self._store.story(story)
        articles = articles[-STORY_ARTICLES:]
        if len({article.outlet.casefold() for article in articles}) < 2:
            self._store.record_diff(story, known, None, self._clock())
            return False
        notice, after = find_news(story, self._compare(articles), known)
        self._store.record_diff(story, after, notice, self._clock())
        return notice is not None

    def _deliver(self, problems: list[SummarizerError]) -> None:
        for output in self._outputs:
            try:
                for notice in self._store.undelivered(output.name):
                    output.deliver(notice)
                    self._store.record_delivery(notice.id, output.name)
            except SummarizerError as error:
                problems.append(error)
        if self._atom is not None:
            try:
                write_atom(self._atom, self._store.latest_notices(FEED_NOTICES))
            except SummarizerError as error:
                problems.append(error)


def _by_host(
    jobs: Sequence[Job], address: Callable[[Job], str], work: Callable[[Job], Result]
) -> Iterator[tuple[Job, Result | InputError]]:
    """Yield each job with its result or error as it comes, those of one host one by one."""
    hosts: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        hosts[urlsplit(address(job)).netloc].append(job)
    results: SimpleQueue[tuple[Job, Result | InputError] | Exception] = SimpleQueue()

    def run(group: Sequence[Job]) -> None:
        try:
            for job in group:
                try:
                    results.put((job, work(job)))
                except InputError as error:
                    results.put((job, error))
        except Exception as error:
            results.put(error)

    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="host") as pool:
        for group in hosts.values():
            pool.submit(run, group)
        for _ in jobs:
            result = results.get()
            if isinstance(result, Exception):
                pool.shutdown(cancel_futures=True)
                raise result
            yield result


def _url(job: KnownFeed | Waiting) -> str:
    return job.url


def _key(article: Article) -> str:
    """Return what an article is known by: its outlet and the words of its body."""
    body = "\n".join(span.of(article.text) for span in article.body)
    return hashlib.sha256(f"{article.outlet.casefold()}\n{body}".encode()).hexdigest()
