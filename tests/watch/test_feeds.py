"""What is watched, what a feed holds, and when it may be asked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.errors import FetchFailed, InputError, UnreadableSource, UsageError
from summarizer.watch.feeds import (
    LEAST_SECONDS,
    MOST_SECONDS,
    next_time,
    parse_feed,
    read_subscriptions,
    time_after_failure,
    without_tracking,
)

OPML = """<?xml version="1.0"?>
<opml version="2.0"><body>
  <outline text="News"><outline text="A" type="rss" xmlUrl="https://a.example/feed"/></outline>
  <outline text="B" type="rss" xmlUrl="https://b.example/feed"/>
  <outline text="A again" type="rss" xmlUrl="https://a.example/feed"/>
  <outline text="a link" htmlUrl="https://c.example/"/>
</body></opml>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>
<entry><id>tag:1</id><title>One</title><link href="/one?utm_source=x&amp;id=7"/></entry>
<entry><id>tag:2</id><title>No link</title></entry>
<entry><id>tag:3</id><title>Mail</title><link href="mailto:desk@a.example"/></entry></feed>"""


def test_an_opml_file_and_addresses_name_each_feed_once(tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(OPML)
    named = read_subscriptions([str(file), "https://b.example/feed", "https://d.example/rss"])
    assert named == ("https://a.example/feed", "https://b.example/feed", "https://d.example/rss")


@pytest.mark.parametrize(
    "content",
    ["<html></html>", "no xml", '<!DOCTYPE o [<!ENTITY a "b">]><opml><body>&a;</body></opml>'],
)
def test_what_is_no_opml_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(content)
    with pytest.raises(InputError, match="OPML") as caught:
        read_subscriptions([str(file)])
    assert caught.value.hint


def test_a_missing_file_and_no_feed_at_all_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="cannot be read"):
        read_subscriptions([str(tmp_path / "none.opml")])
    with pytest.raises(UsageError):
        read_subscriptions([])


def test_entries_have_whole_addresses_without_tracking() -> None:
    read = parse_feed(ATOM.encode(), "https://a.example/feed.xml")
    assert [(e.guid, e.url) for e in read.entries] == [("tag:1", "https://a.example/one?id=7")]


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    read = parse_feed(ATOM[:200].encode(), "https://a.example/feed.xml")
    assert [e.guid for e in read.entries] == ["tag:1"]


def test_a_page_is_no_feed() -> None:
    with pytest.raises(FetchFailed, match="is no feed"):
        parse_feed(b"<html><body><p>Not found</p></body></html>", "https://a.example/feed.xml")


def test_a_reference_to_half_a_surrogate_pair_makes_a_feed_unreadable() -> None:
    broken = ATOM.replace("One", "One &#xD83D;").encode()
    with pytest.raises(FetchFailed, match="XML is broken"):
        parse_feed(broken, "https://a.example/feed.xml")


def test_a_ttl_of_any_length_is_read() -> None:
    feed = f"<rss version='2.0'><channel><title>N</title><ttl>{'9' * 5_000}</ttl></channel></rss>"
    read = parse_feed(feed.encode(), "https://a.example/feed.xml")
    assert next_time(0.0, {}, read.ttl) == MOST_SECONDS


def test_an_address_without_tracking_keeps_its_query_as_it_is() -> None:
    assert without_tracking("https://A.example/x?b=%20c&a#top") == "https://a.example/x?b=%20c&a"


@pytest.mark.parametrize(
    ("headers", "ttl", "wait"),
    [
        ({}, 0, LEAST_SECONDS),
        ({}, 3600, 3600),
        ({"cache-control": "public, max-age=1800"}, 600, 1800),
        ({"cache-control": "no-cache, max-age=x"}, 0, LEAST_SECONDS),
        ({"cache-control": "max-age=99999999"}, 0, MOST_SECONDS),
        (
            {
                "date": "Tue, 04 Mar 2025 10:00:00 GMT",
                "expires": "Tue, 04 Mar 2025 12:00:00 GMT",
            },
            0,
            7200,
        ),
        ({"expires": "0"}, 0, LEAST_SECONDS),
    ],
)
def test_a_feed_is_left_alone_as_long_as_it_asks(
    headers: dict[str, str], ttl: float, wait: float
) -> None:
    assert next_time(1_000.0, headers, ttl) == 1_000.0 + wait


def test_each_failure_doubles_the_wait_and_a_server_may_ask_for_more() -> None:
    waits = [time_after_failure(0.0, failures, "") for failures in range(3)]
    assert waits == [LEAST_SECONDS, 2 * LEAST_SECONDS, 4 * LEAST_SECONDS]
    assert time_after_failure(0.0, 10_000, "") == MOST_SECONDS
    assert time_after_failure(0.0, 0, "7200") == 7200
    assert time_after_failure(0.0, 0, "²") == LEAST_SECONDS
    assert time_after_failure(0.0, 0, "Thu, 01 Jan 1970 03:00:00 GMT") == 10_800
