"""Conflicts that a judge found, beside those that the words show."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from summarizer.conflicts.find import find_conflicts
from summarizer.conflicts.judged import JUDGED_STRENGTH, judged_differences
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story, match_story
from summarizer.types import Article, Claim, Conflict, ConflictKind, Judgement, Span, Verdict
from tests.articles import article

WEATHER = "Gulls followed the trawlers out of Halmstrand on a mild and windless morning."


def told(outlet: str, *sentences: str) -> Article:
    return article(outlet, *sentences, WEATHER if outlet == "One" else f"{WEATHER[:-1]} again.")


def judge(
    a: Article, b: Article, verdict: Verdict = Verdict.CONTRADICTED, text: str = "", at: int = 0
) -> tuple[Story, Coverage]:
    """Return a story of one claim, and a judge's verdict on it with a passage of the other."""
    claim = Claim(article=a, text=text or a.body[0].of(a.text), evidence=(a.body[0],))
    story = match_story((a, b), [claim])
    judgement = Judgement(verdict=verdict, probability=0.04, nearest=b.body[at])
    return story, Coverage({(0, 1): judgement}, claimwise=True)


def values(conflict: Conflict) -> Mapping[str, str]:
    return {outlet: p.value for p in conflict.positions for outlet in p.outlets}


WON = told("One", "The lifeboat crew won the regatta, its coxswain said.")
LOST = told("Two", "Rowers of the lifeboat station came in last on Sunday.")


def test_a_contradiction_that_the_words_do_not_show_is_a_conflict_of_outcomes() -> None:
    story, coverage = judge(WON, LOST)
    assert find_conflicts(story) == ()
    (conflict,) = find_conflicts(story, coverage)
    assert conflict.kind is ConflictKind.OUTCOME
    assert set(values(conflict)) == {"One", "Two"}
    assert "won the regatta" in values(conflict)["One"]
    assert "came in last" in values(conflict)["Two"]


def test_its_mentions_quote_both_articles() -> None:
    story, coverage = judge(WON, LOST)
    (conflict,) = find_conflicts(story, coverage)
    for position in conflict.positions:
        for mention in position.mentions:
            for span in mention.evidence:
                assert position.value.rstrip(".") in span.of(mention.article.text)


@pytest.mark.parametrize(
    ("a", "b", "kind", "here", "there"),
    [
        (
            "The lifeboat saved 14 sailors off the cape.",
            "Rescuers brought 9 sailors to land.",
            ConflictKind.NUMBER,
            "14",
            "9",
        ),
        (
            "The pier opens to walkers on 3 June 2031.",
            "Strollers must wait for the pier until 9 June 2031.",
            ConflictKind.DATE,
            "3 June 2031",
            "9 June 2031",
        ),
    ],
)
def test_what_two_passages_differ_in_is_read_off_their_words(
    a: str, b: str, kind: ConflictKind, here: str, there: str
) -> None:
    story, coverage = judge(told("One", a), told("Two", b))
    (difference,) = judged_differences(story, coverage, [])
    assert difference.kind is kind
    assert here in difference.a.value
    assert there in difference.b.value
    assert difference.strength == JUDGED_STRENGTH


def test_figures_that_can_both_be_true_are_no_conflict_of_numbers() -> None:
    story, coverage = judge(
        told("One", "About 20 sailors sided with the harbour master."),
        told("Two", "The crews, 20 sailors in all, turned against the harbour master."),
    )
    (difference,) = judged_differences(story, coverage, [])
    assert difference.kind is ConflictKind.OUTCOME


@pytest.mark.parametrize("verdict", [Verdict.REPORTED, Verdict.ABSENT])
def test_any_other_verdict_is_no_conflict(verdict: Verdict) -> None:
    story, coverage = judge(WON, LOST, verdict)
    assert find_conflicts(story, coverage) == ()


def test_a_contradiction_without_a_passage_is_no_conflict() -> None:
    story, coverage = judge(WON, LOST)
    blind = Judgement(verdict=Verdict.CONTRADICTED, probability=0.04, nearest=None)
    assert find_conflicts(story, Coverage({(0, 1): blind}, claimwise=True)) == ()
    assert find_conflicts(story, coverage)


def test_a_judge_that_goes_by_the_words_adds_nothing() -> None:
    story, coverage = judge(WON, LOST)
    assert find_conflicts(story, Coverage(coverage.judgements)) == ()


def test_an_outlet_does_not_conflict_with_itself() -> None:
    later = article("One", LOST.body[0].of(LOST.text), id="one-later")
    story, coverage = judge(WON, later)
    assert find_conflicts(story, coverage) == ()


def test_what_the_words_found_already_is_not_told_twice() -> None:
    a = told("One", "Nearly 130,000 marchers filled the square in Velden, police said.")
    b = told("Two", "More than 100,000 marchers were in the Velden square on Sunday.")
    story, coverage = judge(a, b)
    by_words = find_conflicts(story)
    assert len(by_words) == 1
    assert [values(c) for c in find_conflicts(story, coverage)] == [values(c) for c in by_words]


def test_the_same_contradiction_seen_from_both_sides_is_one() -> None:
    claims = [
        Claim(article=a, text=a.body[0].of(a.text), evidence=(a.body[0],)) for a in (WON, LOST)
    ]
    story = match_story((WON, LOST), claims)

    def against(span: Span) -> Judgement:
        return Judgement(verdict=Verdict.CONTRADICTED, probability=0.04, nearest=span)

    coverage = Coverage(
        {(0, 1): against(LOST.body[0]), (1, 0): against(WON.body[0])}, claimwise=True
    )
    assert len(judged_differences(story, coverage, [])) == 1
