"""Which articles are one story: the rules, on invented events."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from summarizer.stories.cluster import Item, cluster, make_item
from summarizer.stories.store import Corrections
from tests.support.articles import BOAT, FIRE

ONSETS = ("bar", "cor", "dun", "fel", "gol", "hap", "jin", "lem", "mor", "nas", "pel", "quo")
CODAS = ("ten", "vik", "mos", "lund", "rask", "dale", "wick", "burn", "stad", "holm", "ford", "by")
WORDS = [onset + coda for onset in ONSETS for coda in CODAS]
DAY = date(2031, 5, 4)


def invented(seed: int, outlet: int, language: str = "en", day: date | None = DAY) -> Item:
    """Return an outlet's article on the event of a number, half of it in words of its own."""
    event, own = random.Random(seed), random.Random(seed * 100 + outlet)
    topic = [event.choice(WORDS) + event.choice(WORDS) for _ in range(40)]
    chosen = own.sample(topic, 30) + [own.choice(WORDS) + own.choice(CODAS) for _ in range(30)]
    own.shuffle(chosen)
    return make_item(f"{seed}-{outlet}", " ".join(chosen), language, day)


def test_articles_on_one_event_are_one_story() -> None:
    items = [invented(event, outlet) for event in range(12) for outlet in range(3)]
    random.Random(1).shuffle(items)
    groups = {frozenset(group) for group in cluster(items)}
    assert groups == {frozenset(f"{e}-{o}" for o in range(3)) for e in range(12)}


def test_real_wording_keeps_two_events_apart() -> None:
    articles = [*FIRE, *BOAT]
    items = [make_item(f"{a.outlet}{i}", a.text, "en", None) for i, a in enumerate(articles)]
    groups = cluster(items)
    fire = {items[i].key for i in range(len(FIRE))}
    assert all(set(group) <= fire or not set(group) & fire for group in groups)


def test_days_far_apart_and_other_languages_are_other_stories() -> None:
    near = [invented(1, n, day=DAY + timedelta(days=n)) for n in range(3)]
    assert len(cluster([*near, *(invented(s, 0) for s in range(2, 6))])) == 5
    far = [invented(1, 0), invented(1, 1, day=DAY + timedelta(days=30))]
    assert len(cluster(far)) == 2
    assert len(cluster([invented(1, 0), invented(1, 1, language="de")])) == 2


def test_nearly_the_same_text_is_folded_whatever_its_words() -> None:
    text = " ".join(WORDS)
    items = [make_item("a", text, "en", DAY), make_item("b", text + " more", "en", DAY)]
    assert cluster(items) == [["a", "b"]]


def test_new_articles_join_their_story_and_it_stays_together() -> None:
    first = [invented(event, outlet) for event in range(6) for outlet in range(2)]
    known = {item.key: f"story-{item.key[0]}" for item in first}
    groups = cluster([*first, *(invented(event, 2) for event in range(6))], known)
    assert {frozenset(g) for g in groups} == {
        frozenset(f"{e}-{o}" for o in range(3)) for e in range(6)
    }
    odd = {"0-0": "one", "1-0": "one"}
    (group,) = (g for g in cluster(first, odd) if "0-0" in g)
    assert "1-0" in group


def test_what_a_person_says_goes_first() -> None:
    items = [invented(event, outlet) for event in range(4) for outlet in range(2)]
    told = Corrections(
        together=(frozenset({"0-0", "1-0"}),), apart=(frozenset({"2-1"}), frozenset({"3-0", "9"}))
    )
    groups = {frozenset(group) for group in cluster(items, corrections=told)}
    assert groups == {
        frozenset({"0-0", "0-1", "1-0", "1-1"}),
        *(frozenset({f"{e}-{o}"}) for e in (2, 3) for o in range(2)),
    }


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=20, unique=True))
def test_every_article_is_in_exactly_one_story(chosen: list[tuple[int, int]]) -> None:
    items = [invented(event, outlet) for event, outlet in chosen]
    groups = cluster(items)
    assert sorted(key for group in groups for key in group) == sorted(i.key for i in items)
    assert all(groups)


def test_articles_without_words_are_stories_of_their_own() -> None:
    empty = [make_item("a", "", "en", None), make_item("b", "1", "en", None)]
    assert cluster(empty) == [["a"], ["b"]]
    assert cluster([]) == []
