"""Feeds of a loopback server, watched round by round."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from summarizer import diff
from summarizer.errors import BudgetReached, FetchRefused, SummarizerError
from summarizer.types import DiffReport
from summarizer.watch import notices
from summarizer.watch.feeds import Web, read_subscriptions
from summarizer.watch.notices import Output, json_lines, markdown_file, slack_webhook
from summarizer.watch.rounds import Watch
from summarizer.watch.store import Store
from tests.support.articles import COURIER, GAZETTE
from tests.support.feed_server import Answer, Clock, FeedServer, feed, feed_server, page

pytestmark = pytest.mark.slow

RSS = {"Content-Type": "application/rss+xml"}
FEEDS, HOSTS, ROUNDS, HOUR = 200, 20, 5, 3_600.0
HANGING, BROKEN, MOVED, SLOW = 3, 4, 5, 6
"""Feeds of the two hundred: one that never ends, one cut short, one that is another by
redirection, and one that allows a request every three hours."""


@pytest.fixture
def newsroom() -> Iterator[FeedServer]:
    with feed_server() as served:
        yield served


class Watched:
    """A watch that can be ended and started again on what it kept."""

    def __init__(
        self,
        folder: Path,
        urls: Sequence[str],
        atom: Path | None = None,
        seconds: float = 30.0,  # long enough for a machine that does other work
    ) -> None:
        self.folder, self.urls, self.clock, self.seconds = folder, urls, Clock(), seconds
        self.atom = atom or folder / "atom.xml"
        self.notices = folder / "notices.jsonl"

    def round(self, *outputs: Output) -> tuple[int, int, tuple[SummarizerError, ...]]:
        """Run one round as a process of its own would, and return articles and notices made."""
        store = Store(self.folder / "watch.db")
        try:
            web = Web(store, allow_private=True, seconds=self.seconds, pause=0.0, clock=self.clock)
            kept = (json_lines(self.notices), *outputs)
            watch = Watch(self.urls, store, web, diff, kept, atom=self.atom, clock=self.clock)
            done = watch.run_round()
        finally:
            store.close()
        return done.articles, done.notices, done.problems

    def told(self) -> list[dict[str, object]]:
        """Return the notices in the file."""
        text = self.notices.read_text() if self.notices.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


def publish(newsroom: FeedServer, number: int, title: str, *paragraphs: str, path: str) -> str:
    """Put an article of an outlet where its feed can name it, and return its address."""
    url = newsroom.url(path, 2 + number % HOSTS)
    newsroom.pages[url] = Answer(page(f"Outlet {number}", title, *paragraphs))
    return url


def unrelated(number: int, round_: int) -> tuple[str, ...]:
    """Return the paragraphs of an article that shares no words with another one."""
    own = "".join(chr(ord("b") + int(digit)) for digit in f"{number:03}{round_}")

    def name(part: str) -> str:
        return f"{part}{own}o".capitalize()

    return tuple(
        f"{name(f'ta{end}')} {name(f'vil{end}')} opened the {name(f'mor{end}')} of "
        f"{name(f'gal{end}')}, and {name(f'nol{end}')} was sent to {name(f'ket{end}')} after "
        f"the {name(f'tesk{end}')} of {name(f'rin{end}')}."
        for end in ("a", "e", "i", "u")
    )


def test_two_hundred_feeds_in_five_rounds(newsroom: FeedServer, tmp_path: Path) -> None:
    urls = [newsroom.url(f"/feed{n}.xml", 2 + n % HOSTS) for n in range(FEEDS)]
    watched = Watched(tmp_path, [*urls, urls[0]], seconds=3.0)
    items: dict[int, list[tuple[str, str]]] = {n: [] for n in range(FEEDS)}
    published: list[str] = []
    for round_ in range(ROUNDS):
        for n in range(FEEDS):
            if n % 10 == round_ and n not in (HANGING, MOVED):
                paragraphs = unrelated(n, round_)
                url = publish(newsroom, n, paragraphs[0][:40], *paragraphs, path=f"/{n}-{round_}")
                items[n].append((f"item {round_}", url))
                items[n].append((f"item {round_} again", f"{url}?utm_source=rss#top"))
                published.append(url)
            headers = {**RSS, "ETag": f'"{len(items[n])}"'}
            if n == SLOW:
                headers["Cache-Control"] = "max-age=10800"
            newsroom.pages[urls[n]] = Answer(feed(*items[n], ttl=30), headers=headers)
        cut = newsroom.pages[urls[BROKEN]]
        newsroom.pages[urls[BROKEN]] = replace(cut, body=cut.body[:-20])
        newsroom.pages[urls[HANGING]] = Answer("<rss>", headers=RSS, hangs=True)
        newsroom.pages[urls[MOVED]] = Answer(status=301, headers={"Location": urls[10]})
        _, _, problems = watched.round()
        assert all(urls[HANGING] in problem.message for problem in problems)
        watched.round()  # at once again: nothing is due
        watched.clock.now += HOUR
    assert sorted(published) == sorted(url for url, _ in newsroom.asked if url in set(published))
    asked = {url: newsroom.count(url) for url in urls}
    assert asked[urls[SLOW]] == 2
    assert asked.pop(urls[10]) == 2 * ROUNDS  # for itself, and for the one that was moved there
    assert asked[urls[HANGING]] == ROUNDS
    assert max(asked.values()) == ROUNDS
    assert newsroom.count(urls[77], 304) >= 3
    assert set(newsroom.most_at_once.values()) == {1}
    assert not watched.told()


def fire(newsroom: FeedServer, *who: str, named: bool = True) -> list[str]:
    """Put two outlets' articles on the fire in feeds, and return the feeds' addresses.

    The pages name their outlets, or only the feeds do.
    """
    urls = []
    for host, article in ((2, GAZETTE), (3, COURIER)):
        if article.outlet in who:
            url = newsroom.url("/fire", host)
            paragraphs = [span.of(article.text) for span in article.body]
            outlet = article.outlet if named else ""
            newsroom.pages[url] = Answer(page(outlet, article.title or "", *paragraphs))
            items = [("fire", url)]
        else:
            items = []
        title = "News" if named else article.outlet
        newsroom.pages[newsroom.url("/feed", host)] = Answer(feed(*items, title=title), headers=RSS)
        urls.append(newsroom.url("/feed", host))
    return urls


def test_a_notice_says_what_one_outlet_has_alone_and_is_given_once(
    newsroom: FeedServer, tmp_path: Path
) -> None:
    watched = Watched(tmp_path, fire(newsroom, "Gazette"))
    assert watched.round()[:2] == (1, 0)
    fire(newsroom, "Gazette", "Courier")
    watched.clock.now += HOUR
    assert watched.round()[:2] == (1, 1)
    watched.clock.now += HOUR
    assert watched.round()[:2] == (0, 0)
    (notice,) = watched.told()
    assert notice["outlets"] == ["Gazette", "Courier"]
    lines = notice["lines"]
    assert isinstance(lines, list)
    alone = [line["text"] for line in lines if line["kind"] == "alone"]
    assert any("which nobody else has" in text for text in alone)
    assert not any("closed for at least six weeks" in text for text in alone)
    entries = ElementTree.parse(tmp_path / "atom.xml").findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 1


def test_half_a_surrogate_pair_in_a_page_does_not_end_a_round(
    newsroom: FeedServer, tmp_path: Path
) -> None:
    urls = fire(newsroom, "Gazette", "Courier", named=False)
    data = r'<script type="application/ld+json">{"publisher": {"name": "Half \ud83d"}}</script>'
    article = newsroom.url("/fire", 2)
    newsroom.pages[article] = Answer(
        newsroom.pages[article].body.replace("<title>", data + "<title>")
    )
    watched = Watched(tmp_path, urls)
    assert watched.round() == (2, 1, ())
    (notice,) = watched.told()
    # Whichever was read first.
    assert notice["outlets"] in (["Half \ud83d", "Courier"], ["Courier", "Half \ud83d"])


def test_what_is_no_address_is_a_problem_of_its_own(newsroom: FeedServer, tmp_path: Path) -> None:
    subscribed = tmp_path / "feeds.opml"
    subscribed.write_text("<opml><body><outline xmlUrl='http://[::1/feed'/></body></opml>")
    urls = read_subscriptions([str(subscribed), "https://[::1/feed"])
    watched = Watched(tmp_path, [*urls, *fire(newsroom, "Gazette")])
    articles, _, problems = watched.round()
    assert articles == 1
    assert [type(problem) for problem in problems] == [FetchRefused] * 2


def test_a_feed_names_the_outlet_of_pages_that_name_none(
    newsroom: FeedServer, tmp_path: Path
) -> None:
    """Also where the feed said so in an earlier round than the one that reads the article."""
    urls = fire(newsroom, "Gazette", "Courier", named=False)
    late = newsroom.url("/fire", 3)
    article, newsroom.pages[late] = newsroom.pages[late], Answer(status=503)
    watched = Watched(tmp_path, urls)
    assert watched.round()[0] == 1
    newsroom.pages[late] = article
    for url in urls:
        newsroom.pages[url] = Answer(status=500)
    watched.clock.now += HOUR
    assert watched.round()[:2] == (1, 1)
    (notice,) = watched.told()
    assert notice["outlets"] == ["Gazette", "Courier"]


def test_a_notice_that_an_output_did_not_take_is_given_to_it_once_by_a_later_round(
    newsroom: FeedServer, tmp_path: Path
) -> None:
    """The files' folder is missing and Slack fails in two ways; the other file has it at once."""
    hook = newsroom.url("/hook")
    folder = tmp_path / "later"
    document, atom, slack = folder / "notices.md", folder / "atom.xml", slack_webhook(hook)
    watched = Watched(tmp_path, fire(newsroom, "Gazette", "Courier"), atom)

    def round() -> list[str]:
        watched.clock.now += HOUR
        return [problem.message for problem in watched.round(markdown_file(document), slack)[2]]

    newsroom.pages[hook] = Answer("try later", status=503)
    problems = round()
    assert len(problems) == 3
    assert f"{document} cannot be written" in problems[0]
    assert "503 try later" in problems[1]
    assert f"{atom} cannot be written" in problems[2]
    assert len(watched.told()) == 1
    newsroom.pages[hook] = Answer(hangs=True)
    assert "Slack could not be reached." in round()
    assert len(newsroom.posted) == 2
    newsroom.pages[hook] = Answer("ok")
    folder.mkdir()
    assert round() == []
    assert round() == []
    assert len(newsroom.posted) == 3
    assert "which nobody else has" in newsroom.posted[2]
    assert document.read_text().count("<!-- notice") == 1
    assert len(ElementTree.parse(atom).findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert len(watched.told()) == 1


def test_a_model_that_fails_does_not_hold_back_the_notices_that_there_are(
    newsroom: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(tmp_path, fire(newsroom, "Gazette", "Courier"))
    watched.notices = tmp_path / "later" / "notices.jsonl"
    assert watched.round()[1] == 1
    watched.notices.parent.mkdir()
    third = newsroom.url("/feed", 4)
    article = publish(newsroom, 2, "Fire", *(s.of(COURIER.text) for s in COURIER.body), path="/x")
    newsroom.pages[third] = Answer(feed(("fire", article)), headers=RSS)
    watched.urls = [*watched.urls, third]

    def fail(_: object) -> DiffReport:
        raise BudgetReached("The next request would cost too much.", "Raise the limit.")

    monkeypatch.setattr("tests.watch.test_rounds.diff", fail)
    watched.clock.now += HOUR
    with pytest.raises(BudgetReached):
        watched.round()
    assert len(watched.told()) == 1


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["article", "diff", "before delivery", "after delivery"])
def test_a_kill_loses_nothing_and_repeats_nothing(
    newsroom: FeedServer, tmp_path: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(tmp_path, fire(newsroom, "Gazette", "Courier"))
    document = markdown_file(tmp_path / "notices.md")

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    places = {
        "article": (Store, "record_article"),
        "diff": (Store, "record_diff"),
        "before delivery": (notices, "_append_once"),
        "after delivery": (Store, "record_delivery"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*places[at], die)
        with pytest.raises(Killed):
            watched.round(document)
    watched.round(document)
    assert len(watched.told()) == 1
    assert (tmp_path / "notices.md").read_text().count("<!-- notice") == 1
    for host in (2, 3):
        assert newsroom.count(newsroom.url("/feed", host)) == 1


def test_robots_and_retry_after_are_kept_to(newsroom: FeedServer, tmp_path: Path) -> None:
    closed, busy = newsroom.url("/private/feed", 2), newsroom.url("/feed", 3)
    rules = Answer(
        "User-agent: summarizer\nDisallow: /private/\n", headers={"Content-Type": "text/plain"}
    )
    newsroom.pages[newsroom.url("/robots.txt", 2)] = rules
    newsroom.pages[busy] = Answer(status=429, headers={"Retry-After": "7200"})
    watched = Watched(tmp_path, [closed, busy])
    for _ in range(3):
        watched.round()
        watched.clock.now += 0.9 * HOUR
    assert newsroom.count(closed) == 0
    assert newsroom.count(busy) == 1
    assert newsroom.count(newsroom.url("/robots.txt", 2)) == 1
    watched.clock.now += HOUR
    watched.round()
    assert newsroom.count(busy) == 2
