"""Which details of a line a passage must have: the one comparator of them."""

from __future__ import annotations

import pytest

from summarizer.compare.details import objections
from summarizer.document import analyse
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
