from __future__ import annotations

import pytest

from summarizer import diff
from summarizer.conflicts import numbers
from summarizer.conflicts.dates import date_differences
from summarizer.conflicts.lists import list_differences
from summarizer.conflicts.numbers import number_differences
from summarizer.conflicts.outcomes import outcome_differences
from summarizer.conflicts.side import Pair
from summarizer.conflicts.speakers import speaker_differences
from summarizer.matching.story import Sentence
from summarizer.text.attribution import named_speaker
from summarizer.text.passage import read
from summarizer.text.quantities import Figure
from summarizer.types import ConflictKind, Span
from tests.articles import article
from tests.test_matching import story


def pair(a: str, b: str, probability: float = 0.8) -> Pair:
    return Pair(
        here=0,
        there=1,
        a=Sentence(article=0, span=Span(0, len(a)), reading=read(a)),
        b=Sentence(article=1, span=Span(0, len(b)), reading=read(b)),
        probability=probability,
        speaker_here=named_speaker(a),
        speaker_there=named_speaker(b),
    )


FILLER = (
    "The weather over Velden stayed dry and mild all week, and gulls followed the boats.",
    "A brass band played in the park for anyone who cared to stop and listen to it.",
)


def figures_in_conflict(a: str, b: str) -> list[tuple[str, str]]:
    found = story(article("One", a, FILLER[0]), article("Two", b, FILLER[1]))
    return [(d.a.value, d.b.value) for d in number_differences(found)]


@pytest.mark.parametrize(
    ("a", "b", "values"),
    [
        (
            "Nearly 130,000 marchers filled the square in Velden, police said.",
            "More than 100,000 marchers were in the Velden square on Sunday.",
            ("Nearly 130,000 marchers", "More than 100,000 marchers"),
        ),
        (
            "The repair of the quay will cost about $12 million, the port said.",
            "Repairing the quay could cost the port $20 million.",
            ("about $12 million", "$20 million"),
        ),
    ],
)
def test_two_figures_for_one_quantity_differ(a: str, b: str, values: tuple[str, str]) -> None:
    assert figures_in_conflict(a, b) == [values]


def test_a_figure_is_looked_for_in_an_article_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    agree = numbers._agree

    def counting(a: Figure, b: Figure) -> bool:
        nonlocal compared
        compared += 1
        return agree(a, b)

    monkeypatch.setattr(numbers, "_agree", counting)
    ours = [f"The quay of Velden was let for {2000 + 7 * i} crowns a year." for i in range(30)]
    theirs = [f"The quay of Velden was let for {9000 + 7 * i} crowns a year." for i in range(30)]
    list(numbers.figure_pairs(story(article("One", *ours), article("Two", *theirs))))
    assert 0 < compared <= 2 * 30 * 30


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (  # one value, told in two ways
            "Nearly 130,000 marchers filled the square in Velden, police said.",
            "Some 129,800 marchers were in the Velden square on Sunday.",
        ),
        (  # two quantities that happen to stand in like sentences
            "The port of Velden handles 12 million tons of wheat a year.",
            "The port of Velden employs 400 people on its wheat quays.",
        ),
        (  # the disputed figure stands in the other article too
            "Police counted 100,000 marchers in Velden, the organisers 130,000 marchers.",
            "The organisers said 130,000 marchers had come to Velden.",
        ),
        (  # a time of day told roughly
            "The ship struck the bridge at 5.42am on Tuesday in thick fog.",
            "The ship struck the bridge in thick fog shortly before 6 a.m. on Tuesday.",
        ),
        (  # a vague amount that the figure fits
            "Tens of thousands of marchers filled the square in Velden, police said.",
            "More than 41,000 marchers were in the Velden square, police said.",
        ),
    ],
)
def test_what_is_no_conflict_of_figures(a: str, b: str) -> None:
    assert figures_in_conflict(a, b) == []


def test_a_figure_at_the_end_is_left_open_with_one_gap() -> None:
    one = "The repair of the quay will cost about $12 million, the port said."
    two = "Repairing the quay could cost the port $20 million."
    found = diff([article("One", one, FILLER[0]), article("Two", two, FILLER[1])])
    assert [each.topic for each in found.conflicts] == ["Repairing the quay could cost the port …"]


def test_different_days_for_one_event_differ() -> None:
    a = "The harbour board signed the contract on Tuesday in Velden."
    b = "The contract was signed by the harbour board on Wednesday."
    (found,) = date_differences(pair(a, b))
    assert (found.a.value, found.b.value) == ("Tuesday", "Wednesday")


def test_days_of_different_events_do_not_differ() -> None:
    a = "The harbour board signed the contract on Tuesday."
    b = "Workers will march to the town hall of Velden on Wednesday."
    assert not list(date_differences(pair(a, b)))


def test_lists_that_share_members_differ_in_the_others() -> None:
    a = "Ministers from Norway, Chile, Kenya and Japan came to Velden."
    b = "Ministers from Chile, Kenya and Peru visited Velden."
    (found,) = list_differences(pair(a, b, 0.2))
    assert found.a.value == "Norway, Chile, Kenya, Japan"
    assert found.b.value == "Chile, Kenya, Peru"


def test_a_shorter_list_alone_is_no_conflict() -> None:
    a = "Ministers from Norway, Chile, Kenya and Japan came to Velden."
    b = "Ministers from Chile, Kenya and Japan visited Velden."
    assert not list(list_differences(pair(a, b)))


def test_one_statement_by_two_speakers_is_a_conflict() -> None:
    a = "Marta Olin said the grain store would stay closed for six weeks."
    b = "The grain store would stay closed for six weeks, Emil Sarre said."
    (found,) = speaker_differences(pair(a, b))
    assert (found.a.value, found.b.value) == ("Marta Olin", "Emil Sarre")


@pytest.mark.parametrize(
    "b",
    [
        "The grain store would stay closed for six weeks, fire chief Olin said.",
        "The grain store would stay closed for six weeks, Marta Olinn said.",
        "The fire chief said, as Olin did, that the store would stay closed for six weeks.",
    ],
)
def test_one_speaker_under_several_names_is_none(b: str) -> None:
    a = "Marta Olin said the grain store would stay closed for six weeks."
    assert not list(speaker_differences(pair(a, b)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "The mayor of Velden is expected to be charged with fraud this week.",
            "The mayor of Velden has already been charged with fraud, two papers report.",
        ),
        (
            "It was not clear why the board of Velden harbour dropped the plan.",
            "The board of Velden harbour dropped the plan because of the cost.",
        ),
    ],
)
def test_what_is_open_in_one_and_settled_in_the_other_is_a_conflict(a: str, b: str) -> None:
    (found,) = outcome_differences(pair(a, b))
    assert found.kind is ConflictKind.OUTCOME


def test_what_was_made_is_not_what_will_close() -> None:
    a = "The company will close its factory in Velden by the end of the year."
    b = "What has been made in Velden until now will mostly not be replaced."
    assert not list(outcome_differences(pair(a, b)))


def test_two_plans_are_no_conflict() -> None:
    a = "The mayor of Velden is expected to be charged with fraud this week."
    b = "Prosecutors plan to charge the mayor of Velden with fraud."
    assert not list(outcome_differences(pair(a, b)))
