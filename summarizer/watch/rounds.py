"""One round of a watch: ask the feeds that are due, read new articles, diff what changed, tell."""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from summarizer.errors import FetchFailed, InputError, SummarizerError
from summarizer.sources.fetch import Fetched
from summarizer.sources.reading import ReadOptions, read_article
from summarizer.text.words import words
from summarizer.types import Article, DiffReport, OutletFrom
from summarizer.watch.feeds import Feed, Web, next_time, parse_feed, time_after_failure
from summarizer.watch.notices import FEED_NOTICES, Output, find_news, write_atom
from summarizer.watch.store import Entry, KnownFeed, Store

HOSTS_AT_ONCE = 8  # so many hosts are asked at the same time, each by one request at a time
STORY_ARTICLES = 20  # newest articles of a story that are compared: work grows with the square
BUSY = frozenset({429, 503})  # answers by which a server asks to be left alone

WINDOW_SECONDS = 4 * 86_400.0
"""A story is joined for so long after its last article. Origin: of windows of 1 to 7 days, 2 to 7
are alike, while running stories of months become one without any."""

JOIN_AT_LEAST = 0.15
"""Mean cosine to a story's articles from which an article joins it. Origin: 33 real stories of
three outlets each, in random order: .98 of the pairs it makes are right, .92 of the right ones
made; at .12 these are .76 and .96. It holds for these frequencies and no other table of them."""

FEWEST_ARTICLES = 300  # words are counted as among so many: of few articles nothing is common
CONTENT_WORDS = 400  # that are looked at of an article: news says first what it is about

Job = TypeVar("Job", KnownFeed, Entry)
Result = TypeVar("Result")
Terms = Mapping[str, float]
FeedAnswer = tuple[Fetched, Feed]
"""What a server answered and the feed in it, which is empty where it is unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did; ``problems`` are the errors of feeds, articles, diffs and outputs."""

    feeds: int
    unchanged: int
    entries: int
    articles: int
    notices: int
    problems: tuple[SummarizerError, ...]


@dataclass(slots=True)
class Watch:
    """Feeds watched into a store."""

    urls: Sequence[str]
    store: Store
    web: Web
    compare: Callable[[Sequence[Article]], DiffReport]  # returns the diff of a story's articles
    outputs: Sequence[Output]
    atom: Path | None = None  # the file of our own feed, if one is wanted
    clock: Callable[[], float] = time.time  # seconds since 1970
    _problems: list[SummarizerError] = field(default_factory=list)

    def run_round(self) -> Round:
        """Do all that is due now; what fails is told and tried again by a later round.

        Raises ServiceError where no request of a model can succeed, BudgetReached for the cap.
        """
        self._problems = []
        feeds = self.store.due_feeds(self.urls, self.clock())
        new = [self._take_feed(*each) for each in _by_host(feeds, self._ask_feed)]
        articles = self._read_articles()
        try:
            notices = sum(map(self._diff_story, self.store.changed_stories()))
        finally:  # a model that fails must not hold back what is known already
            self._deliver_notices()
        return Round(
            feeds=len(feeds),
            unchanged=new.count(None),
            entries=sum(filter(None, new)),
            articles=articles,
            notices=notices,
            problems=tuple(self._problems),
        )

    def _ask_feed(self, feed: KnownFeed) -> FeedAnswer:
        answer = self.web.fetch_feed(feed.url, feed.etag, feed.modified)
        if answer.unchanged:
            return answer, Feed(title="", ttl=feed.ttl, entries=())
        return answer, parse_feed(answer.data, answer.url, answer.content_type)

    def _take_feed(self, feed: KnownFeed, answer: FeedAnswer | InputError) -> int | None:
        """Keep what a feed answered; return the number of new entries, None if unchanged."""
        if isinstance(answer, InputError):
            after = self._note_failure(answer, feed.failures)
            return self.store.record_feed(replace(feed, failures=feed.failures + 1), after)
        fetched, parsed = answer
        etag, modified = (feed.etag, feed.modified) if fetched.unchanged else ("", "")
        known = KnownFeed(
            url=feed.url,
            etag=fetched.headers.get("etag", etag),
            modified=fetched.headers.get("last-modified", modified),
            failures=0,
            ttl=parsed.ttl,
        )
        after = next_time(self.clock(), fetched.headers, parsed.ttl)
        new = self.store.record_feed(known, after, parsed.entries, parsed.title)
        return None if fetched.unchanged else new

    def _read_articles(self) -> int:
        """Read what waits; each article and its story are kept by one commit."""
        waiting = self.store.waiting_entries(self.clock())
        if not waiting:
            return 0
        stories = _RecentStories(self.store.recent_articles(self.clock() - WINDOW_SECONDS))
        count = 0
        for entry, answer in _by_host(waiting, self._read_entry):
            if isinstance(answer, InputError):
                busy = isinstance(answer, FetchFailed) and answer.status in BUSY
                self.store.record_failure(entry.url, self._note_failure(answer), busy=busy)
                continue
            body = "\n".join(span.of(answer.text) for span in answer.body)
            named = f"{answer.outlet.casefold()}\n{body}".encode("utf-8", "surrogatepass")
            key = hashlib.sha256(named).hexdigest()
            if self.store.has_article(key):
                self.store.note_read(entry.url)
                continue
            weighted = stories.weigh_article(answer)
            near = stories.nearest_to(weighted)
            story = self.store.record_article(entry.url, key, answer, near, self.clock())
            stories.members[story].append(weighted)
            count += 1
        return count

    def _read_entry(self, entry: Entry) -> Article:
        """Return an article; its feed's title is its outlet where nothing else names one."""
        article = read_article(entry.url, options=ReadOptions(fetch=self.web.fetch_page))
        if article.outlet_from is OutletFrom.FILENAME and entry.feed_title:
            return replace(article, outlet=entry.feed_title, outlet_from=OutletFrom.TEXT)
        return article

    def _note_failure(self, error: InputError, failures: int = 0) -> float:
        """Keep an error to tell of, and return when to try again."""
        self._problems.append(error)
        retry_after = error.retry_after if isinstance(error, FetchFailed) else ""
        return time_after_failure(self.clock(), failures, retry_after)

    def _diff_story(self, story: int) -> bool:
        """Compare a story that changed; return whether that made a notice."""
        articles, known = self.store.story(story)
        articles = articles[-STORY_ARTICLES:]
        notice = None
        if len({article.outlet.casefold() for article in articles}) > 1:
            notice, known = find_news(story, self.compare(articles), known)
        self.store.record_diff(story, known, notice, self.clock())
        return notice is not None

    def _deliver_notices(self) -> None:
        for output in self.outputs:
            try:
                for notice in self.store.undelivered(output.name):
                    output.deliver(notice)
                    self.store.record_delivery(notice.id, output.name)
            except SummarizerError as error:
                self._problems.append(error)
        if self.atom is not None:
            try:
                write_atom(self.atom, self.store.latest_notices(FEED_NOTICES))
            except SummarizerError as error:
                self._problems.append(error)


def _by_host(
    jobs: Sequence[Job], work: Callable[[Job], Result]
) -> Iterator[tuple[Job, Result | InputError]]:
    """Yield each job with its result or error as it comes, those of one host one by one."""
    hosts: defaultdict[str, deque[Job]] = defaultdict(deque)
    for job in jobs:  # also what is no address, which asking for it will say
        hosts[job.url.partition("://")[2].partition("/")[0]].append(job)

    def attempt(job: Job) -> Result | InputError:
        try:
            return work(job)
        except InputError as error:
            return error

    pool = ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="host")
    try:
        running: dict[Future[Result | InputError], deque[Job]] = {
            pool.submit(attempt, queue[0]): queue for queue in hosts.values()
        }
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                queue = running.pop(future)
                job = queue.popleft()
                if queue:
                    running[pool.submit(attempt, queue[0])] = queue
                yield job, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


class _RecentStories:
    """The weighted terms of recent articles, by story: what tells which story a new one joins."""

    def __init__(self, articles: Iterable[tuple[int, Article]]) -> None:
        recent = [(story, terms_of(article)) for story, article in articles]
        self._count = len(recent)
        self._frequencies = Counter(term for _, terms in recent for term in terms)
        self.members: defaultdict[int, list[Terms]] = defaultdict(list)
        for story, terms in recent:
            self.members[story].append(self._weigh_terms(terms))

    def weigh_article(self, article: Article) -> Terms:
        """Count an article among the recent ones, and return its weighted terms."""
        terms = terms_of(article)
        self._frequencies.update(terms.keys())
        self._count += 1
        return self._weigh_terms(terms)

    def nearest_to(self, weighted: Terms) -> int | None:
        """Return the story whose articles are nearest on average; None where none is near."""
        best, best_likeness = None, JOIN_AT_LEAST
        for story, members in self.members.items():
            likeness = math.fsum(_cosine_of(weighted, member) for member in members) / len(members)
            if likeness >= best_likeness:
                best, best_likeness = story, likeness
        return best

    def _weigh_terms(self, terms: Terms) -> dict[str, float]:
        """Return terms weighted by their rarity (inverse document frequency), of length 1."""
        total = max(self._count, FEWEST_ARTICLES) + 1
        raw = {t: w * math.log(total / max(self._frequencies[t], 1)) for t, w in terms.items()}
        length = math.sqrt(math.fsum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / length for term, weight in raw.items()}


def terms_of(article: Article) -> dict[str, float]:
    """Return the stems of an article and its pairs of adjacent stems, each with 1 + log(count)."""
    language = (article.language or "en").partition("-")[0]
    texts = [article.title or "", *(span.of(article.text) for span in article.body)]
    stems: list[str] = []
    for text in texts:
        stems += [word.stem for word in words(text, language) if not word.stop]
        if len(stems) > CONTENT_WORDS:
            break
    pairs = [f"{one} {other}" for one, other in pairwise(stems)]
    return {term: 1.0 + math.log(n) for term, n in Counter(stems + pairs).items()}


def _cosine_of(one: Terms, other: Terms) -> float:
    return math.fsum(weight * other[term] for term, weight in one.items() if term in other)
