"""Which details of a line a passage must have: the one comparator of them."""

from __future__ import annotations

import pytest

from summarizer.compare.details import invented_detail, is_one_value, objections
from summarizer.document import analyse
from summarizer.types import ConflictKind, Span
from tests.support.articles import article


def lacking(line: str, *passage: str, before: tuple[str, ...] = ()) -> list[str]:
    """Return what a passage lacks of a line, in words."""
    document = analyse(article("Herald", " ".join((*before, *passage))))
    readings = [document.analyse(text) for text in passage]
    earlier = [document.analyse(text) for text in before]
    found = objections(document.analyse(line), readings, document=document, before=earlier)
    return [objection.reason for objection in found]


@pytest.mark.parametrize(
    ("line", "passage"),
    [
        ("Dock workers missed their second payday.", "Dock workers missed their payday."),
        ("Velden has the largest grain store.", "Velden has a grain store."),
        ("Her leading rival is Emil Sarre.", "Among her rivals is Emil Sarre."),
        ("Only the roof was lost.", "The roof was lost."),
        ("All the grain was lost.", "Nearly all the grain was lost."),
        ("Almost everybody left the quay.", "Everybody left the quay."),
    ],
)
def test_what_sets_a_thing_apart_must_be_said(line: str, passage: str) -> None:
    assert lacking(line, passage)
    assert not lacking(line, line)


def test_another_word_of_the_same_rank_will_do() -> None:
    assert not lacking("Velden has the largest grain store.", "Velden has the biggest grain store.")


def test_nearly_all_in_one_place_is_no_doubt_of_all_in_another() -> None:
    passage = "Nearly all the grain was lost, and all the crews came to the quay."
    assert not lacking("All the crews came to the quay.", passage)


def test_a_pronoun_stands_for_one_person() -> None:
    before = ("Marta Olin met Emil Sarre at the quay.",)
    passage = "She praised the crews who saved the pier."
    assert not lacking("Marta Olin praised the crews.", passage, before=before)
    assert lacking("Marta Olin praised the crews of Emil Sarre.", passage, before=before)


def test_their_stands_for_nobody_in_particular() -> None:
    before = ("Marta Olin met the crews at the quay.",)
    passage = "The crews asked supporters to sign their petition for a new pier."
    line = "The crews repeated Marta Olin's call for a petition for a new pier."
    assert "it lacks the name Marta Olin" in lacking(line, passage, before=before)


def test_the_words_of_a_quotation_stand_together_and_in_order() -> None:
    line = "“Minister Varden, open the bridge for the people of Selwick now.”"
    apart = (
        "The letter of Minister Varden is not enough, the drivers' union wrote on Sunday.",
        "Amery demanded that they open the bridge for the people of the town of Selwick now.",
    )
    assert lacking(line, *apart)
    said = "“Minister Varden,” she wrote, “open the bridge for the people of Selwick now.”"
    assert not lacking(line, said)


@pytest.mark.parametrize(
    ("line", "passage"),
    [
        ("The boat left around 3 p.m.", "The boat left at 3:20 p.m."),
        ("The boat left at 3:20 p.m.", "The boat left at about 3 p.m."),
        ("The boat left at 3:30 p.m.", "The boat left at 3:38 p.m."),
        ("Emil Sarre, aged 51, left the boat.", "Emil Sarre left the boat when he turned 51."),
        ("About 300 people left the boat.", "The boat was left by 296 people."),
    ],
)
def test_a_rough_figure_is_given_by_an_exact_one(line: str, passage: str) -> None:
    assert not lacking(line, passage)


@pytest.mark.parametrize(
    ("line", "passage"),
    [
        ("The boat left at 2:15 p.m.", "The boat left at 2:35 p.m."),
        ("The boat left at 3:30 p.m.", "The boat left at 3:50 p.m."),
        ("The boat left around 3 p.m.", "The boat left at 4 p.m."),
        ("The boat took 12 people.", "The boat took 12 horses."),
        ("The boat took 12 people.", "The boat took people for 12 years."),
        ("The boat cost 12 dollars.", "The boat lasted 12 days."),
        ("The boat took 12 people.", "The boat took people on 12 May."),
        ("The boat took 12 people.", "The boat took people at 12 p.m."),
        ("The boat took 12 people.", "The boat took Emil Sarre, 12, with other people."),
        ("The boat took 12 people.", "The boat came from 12 Quay Street."),
        ("The boat took 12 people.", "The boat took people from Flat 12."),
        ("The boat took 300 people.", "The boat took nearly 300 people."),
    ],
)
def test_a_figure_is_compared_with_figures_of_its_kind(line: str, passage: str) -> None:
    assert [reason for reason in lacking(line, passage) if "figure" in reason]


OWN = (
    "Olin asked for calm on the quay. The grain store at Velden was lost in the fire. "
    "Some 112 died without a doctor. Nearly two weeks ago the council closed the quay. "
    "Harbour master Emil Sarre, 54, wept at the pier. “We had no pumps,” he said. "
    "The crews worked through the night. “Nobody will ever forgive us.”"
)


@pytest.mark.parametrize(
    ("claim", "passage", "invented"),
    [
        ("Some 112 workers died without a doctor.", "Some 112 died", ""),
        ("Some 211 workers died without a doctor.", "Some 112 died", "the figure 211"),
        ("The council closed the quay nearly two weeks before.", "Nearly two weeks ago", ""),
        ("The council closed the quay nearly three weeks before.", "two weeks", "the figure three"),
        ("Emil Sarre is 54.", "Harbour master Emil Sarre, 54", ""),
        ("Emil Sarre is 45.", "Harbour master Emil Sarre, 54", "the figure 45"),
        ("Emil Sarre, 54, had no pumps.", "We had no pumps", ""),
        ("Emil Sarre said: “Nobody will ever forgive us.”", "“We had no pumps,” he said.", ""),
        ("Emil Sarre said: “You will pay for the pumps.”", "We had no pumps", "the quotation"),
    ],
)
def test_what_a_claim_has_must_stand_in_its_own_article_however_it_is_worded(
    claim: str, passage: str, invented: str
) -> None:
    document = analyse(article("Herald", OWN))
    start = document.article.text.index(passage)
    detail = invented_detail(document, claim, (Span(start, start + len(passage)),))
    assert detail.startswith(invented)
    assert bool(detail) is bool(invented)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("35.7 percent", "35.72", True),
        ("139.6 million crowns", "$140 million", True),
        ("$43 million", "$43,885,310", False),
        ("4 million crowns", "3.6 million crowns", False),
        ("about 1,200", "1,251", False),
        ("at least 12", "some 12", True),
        ("two years", "more than two years", False),
    ],
)
def test_a_number_and_the_same_rounded_are_one_value(one: str, other: str, same: bool) -> None:
    assert is_one_value(ConflictKind.NUMBER, one, other) is same
    assert is_one_value(ConflictKind.NUMBER, other, one) is same
