"""What the aligner that asks a model makes of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest

from summarizer.compare.align_model import ModelAligner
from summarizer.compare.alignment import Alignment, Differences
from summarizer.compare.story import Story
from summarizer.errors import AnswerUnusable, SummarizerError
from summarizer.llm.request import Outcome, PromptRunner, Reply, Request
from summarizer.prompts import load_prompts
from summarizer.schemas import Differing
from summarizer.types import ClaimKind, ConflictKind
from tests.support.articles import COURIER, GAZETTE, HERALD
from tests.support.stories import claim, story

CLAIMS = (
    claim(GAZETTE, "A fire destroyed the grain store at Velden harbour on Tuesday"),
    claim(GAZETTE, "injuring 14 dock workers"),
    claim(GAZETTE, "The store was built in 1931 by the Halm brothers"),
    claim(COURIER, "Flames destroyed Velden harbour's grain store on Tuesday"),
    claim(COURIER, "injured 11 dock workers"),
    claim(HERALD, "The grain store at Velden harbour was destroyed by fire on Tuesday."),
)
BURNT = "Fire destroyed the grain store at Velden harbour on Tuesday."


Scripting = dict[str, Any] | Callable[[Request], dict[str, Any]] | None


@dataclass
class Scripted:
    """A chat that gives its answers one after the other; None is a refusal."""

    answers: list[Scripting]
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        given = self.answers.pop(0)
        value = given(request) if callable(given) else given
        return Reply(outcome=Outcome.REFUSED if value is None else Outcome.COMPLETE, value=value)


def shared(
    text: str, *units: str, setting: bool = False, details: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    return {"units": list(units), "text": text, "setting": setting, "details": list(details)}


def reply(*facts: dict[str, Any]) -> dict[str, Any]:
    return {"facts": list(facts)}


def differing(*values: tuple[str, str], compatible: bool = False) -> dict[str, Any]:
    """Return the answer of one conflict on the number of injured: each value with its unit."""
    positions = [{"units": [unit], "value": value} for unit, value in values]
    given = {"topic": "number of injured", "kind": "number", "positions": positions}
    return {"conflicts": [{**given, "compatible": compatible}]}


def model_aligner(answers: Sequence[Scripting], chunk_tokens: int) -> tuple[ModelAligner, Scripted]:
    chat = Scripted(list(answers))
    return ModelAligner(PromptRunner(chat, "m", load_prompts("")), chunk_tokens), chat


def aligned(
    *answers: Scripting, of: Story | None = None, chunk_tokens: int = 3000
) -> tuple[Alignment, Scripted]:
    aligner, chat = model_aligner(answers, chunk_tokens)
    return aligner.align(of or story(*CLAIMS)), chat


def differences(
    *answers: Scripting, of: Story | None = None, chunk_tokens: int = 3000
) -> tuple[Differences, Scripted]:
    aligner, chat = model_aligner(answers, chunk_tokens)
    return aligner.find_conflicts(of or story(*CLAIMS)), chat


def test_a_model_may_name_every_kind_of_conflict_and_no_other() -> None:
    assert get_args(Differing) == tuple(ConflictKind)


def test_the_model_sees_the_sentences_with_their_claims_marked_in_place() -> None:
    _, chat = aligned(reply())
    shown = chat.asked[0].messages[-1].content
    assert "A1: [a: A fire destroyed the grain store at Velden harbour on Tuesday], [b: " in shown
    assert "[b: injuring 14 dock workers]" in shown
    assert "B1: [a: Flames destroyed Velden harbour's grain store on Tuesday] and [b: " in shown
    assert "C2: It was not immediately clear why the conveyor belt caught fire." in shown
    assert "A0: Fire destroys Velden grain store" in shown
    assert not any(outlet in shown for outlet in ("Gazette", "Courier", "Herald"))


def test_units_are_mentions_with_their_own_words_as_evidence() -> None:
    alignment, _ = aligned(reply(shared(BURNT, "A1a", "B1a", "C1")))
    fact = alignment.facts[0]
    assert fact.text == BURNT
    assert [(m.article.outlet, m.evidence[0].of(m.article.text)) for m in fact.mentions] == [
        ("Gazette", "A fire destroyed the grain store at Velden harbour on Tuesday"),
        ("Courier", "Flames destroyed Velden harbour's grain store on Tuesday"),
        ("Herald", "The grain store at Velden harbour was destroyed by fire on Tuesday."),
    ]


def test_what_only_says_who_or_where_is_a_setting() -> None:
    setting = shared("Velden has a harbour.", "A1a", "B1a", setting=True)
    alignment, _ = aligned(reply(shared(BURNT, "A1a", "B1a"), setting))
    assert [fact.kind for fact in alignment.facts[:2]] == [ClaimKind.EVENT, ClaimKind.SETTING]


def test_claims_that_no_shared_fact_tells_are_facts_of_their_own() -> None:
    alignment, _ = aligned(reply(shared(BURNT, "A1a", "B1a", "C1")))
    alone = [fact.text for fact in alignment.facts[1:]]
    assert alone == [
        "injuring 14 dock workers",
        "The store was built in 1931 by the Halm brothers",
        "injured 11 dock workers",
    ]


@pytest.mark.parametrize("units", [("A1a", "D9"), ("A1a", "A2"), ("A99", "B1a"), ()])
def test_what_two_outlets_do_not_share_is_no_shared_fact(units: tuple[str, ...]) -> None:
    alignment, _ = aligned(reply(shared(BURNT, *units)))
    assert all(len({m.article.outlet for m in fact.mentions}) == 1 for fact in alignment.facts)
    assert len(alignment.facts) == len(CLAIMS)


def test_a_mention_without_the_lines_figure_is_dropped_and_then_the_fact() -> None:
    alignment, _ = aligned(reply(shared("The fire injured 14 dock workers.", "A1b", "B1b")))
    assert all(fact.text != "The fire injured 14 dock workers." for fact in alignment.facts)


def test_a_detail_is_the_new_words_alone() -> None:
    detail = {"unit": "A1b", "words": "14 dock workers", "text": "14 workers were injured."}
    alignment, _ = aligned(reply(shared(BURNT, "A1a", "B1a", details=[detail])))
    (made,) = alignment.facts[0].details
    assert made.text == "14 workers were injured."
    assert [span.of(GAZETTE.text) for span in made.mentions[0].evidence] == ["14 dock workers"]


def test_a_conflict_has_the_articles_words_as_values() -> None:
    values = (("A1b", "injuring 14 DOCK workers"), ("B1b", "injured 11 dock workers"))
    given, chat = differences(differing(*values, compatible=True))
    (conflict,) = given.conflicts
    assert len(chat.asked) == 1
    assert conflict.compatible
    assert conflict.kind is ConflictKind.NUMBER
    assert [position.value for position in conflict.positions] == [
        "injuring 14 dock workers",
        "injured 11 dock workers",
    ]


def test_a_conflict_of_which_one_side_stands_nowhere_is_none() -> None:
    given, _ = differences(differing(("A1b", "14 dock workers"), ("D7", "11 dock workers")))
    assert given == Differences(conflicts=())


def test_facts_and_conflicts_are_asked_for_over_the_same_lines() -> None:
    _, of_facts = aligned(reply())
    _, of_conflicts = differences({"conflicts": []})
    facts, conflicts = (
        chat.asked[0].messages[-1].content.partition("\nfacts: ")[0].partition("\nconflicts: ")[0]
        for chat in (of_facts, of_conflicts)
    )
    assert facts == conflicts


def test_conflicts_of_a_long_story_are_asked_for_in_blocks() -> None:
    # Of eight times thirty tokens two articles are one block, and the third is alone.
    values = (("A1b", "14 dock workers"), ("B1b", "11 dock workers"))
    given, chat = differences(differing(*values), chunk_tokens=30)
    assert len(chat.asked) == 1
    assert "C0" not in chat.asked[0].messages[-1].content
    assert len(given.conflicts) == 1


def test_conflicts_that_cite_nothing_are_an_error() -> None:
    answer = differing(("first", "14"), ("second", "11"))
    with pytest.raises(AnswerUnusable, match="find_conflicts"):
        differences(answer, answer)


def test_one_outlet_has_no_conflicts_to_ask_for() -> None:
    given, chat = differences(of=story(CLAIMS[0], articles=(GAZETTE,)))
    assert (given.conflicts, chat.asked) == ((), [])


@pytest.mark.parametrize("answer", [None, reply(shared(BURNT, "first", "second"))])
def test_an_answer_that_cannot_be_used_is_an_error(answer: dict[str, Any] | None) -> None:
    with pytest.raises(SummarizerError) as error:
        aligned(answer, answer)
    assert isinstance(error.value, AnswerUnusable)


def test_one_outlet_alone_is_asked_nothing() -> None:
    alignment, chat = aligned(of=story(CLAIMS[0], articles=(GAZETTE,)))
    assert not chat.asked
    assert [fact.text for fact in alignment.facts] == [CLAIMS[0].text]


def test_a_story_over_the_budget_is_aligned_in_blocks_whose_facts_are_merged() -> None:
    # Of eight times twenty tokens two articles are too much, and three are three blocks.
    def merge(request: Request) -> dict[str, Any]:
        shown = request.messages[-1].content.splitlines()
        burning = ("A fire destroyed", "Flames destroyed", "was destroyed by fire")
        lines = [line for line in shown if any(words in line for words in burning)]
        return reply(shared(BURNT, *(line.partition(":")[0] for line in lines)))

    alignment, chat = aligned(merge, of=story(*CLAIMS), chunk_tokens=20)
    assert len(chat.asked) == 1
    merged = next(fact for fact in alignment.facts if fact.text == BURNT)
    assert {m.article.outlet for m in merged.mentions} == {"Gazette", "Courier", "Herald"}
    assert len(alignment.facts) == len(CLAIMS) - 2


def test_a_block_that_is_refused_costs_its_merging_only() -> None:
    alignment, _ = aligned(None, of=story(*CLAIMS), chunk_tokens=20)
    assert len(alignment.facts) == len(CLAIMS)
    assert [type(failure) for failure in alignment.failures] == [AnswerUnusable]
