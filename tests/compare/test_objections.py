from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from summarizer.compare.judges.lexical import OBJECTED_AT_MOST, SUPPORTED_FROM, LexicalJudge
from summarizer.compare.judges.objections import objection_to, without_credit
from summarizer.compare.texts import Objection, Text, pieces, text_of
from summarizer.pipeline import whole_text
from summarizer.types import Claim, Verdict

STORY = """The night ferry Orla ran aground off Sund on Friday with 84 people on board, the coast
guard said. Nobody was hurt. Captain Lene Dahl had warned the company of a faulty radar in May.

The company, Brisk Lines, denied that it had ignored her. "We replace what needs replacing," said
Otto Kranz, its director. He did not say when the ferry would sail again.

In Sund the mayor, Ida Roos, opened the school for the passengers, who were not allowed to fetch
their luggage until Saturday. A tug from Narvo pulled the ferry free at a cost of 120,000 crowns."""
PUBLISHED = date(2031, 8, 9)


def told(claim: str, outlet: str | None = "Sund Courier") -> Objection | None:
    document = _document(outlet)
    return objection_to(pieces(claim, document, PUBLISHED), document)


def _document(outlet: str | None) -> Text:
    return text_of(replace(whole_text(STORY), published=PUBLISHED, outlet=outlet or ""))


@pytest.mark.parametrize(
    ("claim", "check", "reason"),
    [
        ('"We are sorry for nothing," said Otto Kranz.', "quotation", "nobody says"),
        ("The Narvo Mirror reports that the ferry ran aground.", "outlet", "Narvo Mirror"),
        ("The ferry ran aground with 48 people on board.", "figure", "48"),
        ("The tug pulled the ferry free at a cost of 240,000 crowns.", "figure", "240,000"),
        ("Captain Lene Dahl had warned the company of a faulty radar in 2019.", "date", "2019"),
        ("Captain Maud Ekker had warned the company of a faulty radar.", "name", "Maud Ekker"),
        ("Captain Ida Roos had warned the company of a faulty radar.", "speaker", "Lene Dahl"),
        ("Ida Roos is the director of Brisk Lines.", "name", "Ida Roos"),
        ("A tug from Sund pulled the ferry free.", "name", "but Narvo"),
        ('"We replace what needs replacing," said Ida Roos.', "speaker", "from Otto Kranz"),
        ("The mayor did not open the school for the passengers.", "denial", "not … open"),
        ("Passengers were hurt.", "denial", "Nobody … hurt"),
    ],
)
def test_a_wrong_detail_is_named(claim: str, check: str, reason: str) -> None:
    objection = told(claim)
    assert objection is not None
    assert objection.check == check
    assert reason in objection.reason


@pytest.mark.parametrize(
    "claim",
    [
        "The Sund Courier reports that the night ferry Orla ran aground on Friday.",
        "Seven dozen people were on board the ferry.",
        "Dahl, the captain, had warned the company of a faulty radar.",
        "‘We replace what needs replacing,’ the director, Kranz, said.",
        "“We replace … what needs replacing,” said Otto Kranz.",
        "Brisk Lines rejected the claim that it had ignored the captain.",
        "No one was hurt when the ferry ran aground.",
        "The passengers fetched their luggage on Saturday.",
        "Mayor Roos opened the school for the passengers.",
    ],
)
def test_a_true_detail_worded_otherwise_is_let_pass(claim: str) -> None:
    assert told(claim) is None


def test_an_objection_decides_the_verdict_and_gives_its_reason() -> None:
    claim = "A tug from Sund pulled the ferry free at a cost of 120,000 crowns."
    read = replace(whole_text(STORY), published=PUBLISHED)
    judgement = LexicalJudge().judge_claim(Claim(article=read, text=claim, evidence=()), read)
    assert judgement.verdict is Verdict.ABSENT
    assert judgement.probability <= OBJECTED_AT_MOST < SUPPORTED_FROM
    assert judgement.reason == "the passage that says the rest does not name Sund, but Narvo"
    assert judgement.nearest is not None
    assert judgement.nearest.of(STORY).startswith("A tug from Narvo")


def test_a_text_without_an_outlet_is_called_after_none() -> None:
    objection = told("The Narvo Mirror reports that the ferry ran aground.", outlet=None)
    assert objection is not None
    assert objection.reason == "the article has nothing from Narvo Mirror"
    assert whole_text(STORY).outlet == ""


def test_several_sentences_lean_on_one_another_for_whom_they_mean() -> None:
    claim = "Ida Roos is the mayor. Captain Ida Roos had warned the company of a faulty radar."
    assert told(claim) is None


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The Sund Courier reports that a ferry ran aground.", "a ferry ran aground."),
        ("According to the Sund Courier, a ferry ran aground.", "a ferry ran aground."),
        ("A ferry ran aground, the Sund Courier reported.", "A ferry ran aground."),
        ("A ferry of the Sund Courier ran aground.", "A ferry of the Sund Courier ran aground."),
    ],
)
def test_credit_to_the_own_outlet_is_no_claim(claim: str, expected: str) -> None:
    assert without_credit(claim, "Sund Courier") == expected
