"""What follows from an alignment and the answers of the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.compare.alignment import AlignedConflict, AlignedPosition, Alignment
from summarizer.compare.decide import decide
from summarizer.compare.verify import Question
from summarizer.types import (
    ClaimKind,
    ConflictKind,
    Difference,
    Fact,
    Judgement,
    Span,
    Status,
    Uniqueness,
    Verdict,
)
from tests.support.articles import COURIER, GAZETTE, HERALD, article
from tests.support.stories import claim, detail, fact, judgement, mention, span_of, story, verified

BURNT = fact(
    "A fire destroyed the grain store at Velden harbour on Tuesday.",
    mention(GAZETTE, "A fire destroyed the grain store at Velden harbour on Tuesday"),
    mention(COURIER, "Flames destroyed Velden harbour's grain store on Tuesday"),
    mention(HERALD, "The grain store at Velden harbour was destroyed by fire on Tuesday."),
)
CLOSED = fact(
    "The store will stay closed for at least six weeks.",
    mention(GAZETTE, "Olin said the store would stay closed for at least six weeks."),
    mention(COURIER, "the store would stay closed for at least six weeks."),
)
BUILT = fact(
    "The store was built in 1931 by the Halm brothers.",
    mention(GAZETTE, "The store was built in 1931 by the Halm brothers"),
)
INJURED = AlignedConflict(
    topic="number of injured",
    kind=ConflictKind.NUMBER,
    positions=(
        AlignedPosition(
            value="14 dock workers",
            mentions=(mention(GAZETTE, "injuring 14 dock workers"),),
        ),
        AlignedPosition(
            value="11 dock workers",
            mentions=(mention(COURIER, "injured 11 dock workers"),),
        ),
    ),
)
ALIGNED = Alignment(facts=(BURNT, CLOSED, BUILT), conflicts=(INJURED,), strangers=frozenset())
STORY = story()


def by_text(facts: Sequence[Fact]) -> dict[str, Fact]:
    return {each.text: each for each in facts}


def test_a_fact_of_all_outlets_is_consensus_of_several_shared_of_one_unique() -> None:
    decided = decide(STORY, ALIGNED, verified(ALIGNED, STORY))
    facts = by_text(decided.facts)
    assert facts[BURNT.text].status is Status.CONSENSUS
    assert facts[CLOSED.text].status is Status.SHARED
    assert facts[BUILT.text].status is Status.UNIQUE
    assert facts[BUILT.text].uniqueness is Uniqueness.CONFIRMED
    assert facts[CLOSED.text].uniqueness is None


def test_an_article_found_to_report_a_fact_joins_it_with_its_passage() -> None:
    passage = span_of(HERALD, "The grain store at Velden harbour was destroyed by fire on Tuesday.")
    aligned = replace(ALIGNED, facts=(replace(BURNT, mentions=BURNT.mentions[:2]), CLOSED))
    answers = {Question(2, 0): judgement(Verdict.REPORTED, passage)}
    facts = by_text(decide(STORY, aligned, verified(aligned, STORY, answers)).facts)
    assert facts[BURNT.text].outlets == ("Gazette", "Courier", "Herald")
    assert facts[BURNT.text].status is Status.CONSENSUS
    assert facts[BURNT.text].mentions[-1].evidence == (passage,)


def test_a_yes_whose_passage_lacks_the_lines_figure_adds_no_outlet_and_nothing_is_only() -> None:
    passage = span_of(HERALD, "The grain store at Velden harbour was destroyed by fire on Tuesday.")
    answers = {Question(2, 2): judgement(Verdict.REPORTED, passage)}
    facts = by_text(decide(STORY, ALIGNED, verified(ALIGNED, STORY, answers)).facts)
    assert BUILT.text not in facts


def test_what_another_outlet_reports_in_part_no_outlet_has_alone() -> None:
    passage = span_of(COURIER, "Port director Emil Sarre said the store would stay closed")
    answers = {Question(1, 2): judgement(Verdict.PARTLY, passage)}
    facts = by_text(decide(STORY, ALIGNED, verified(ALIGNED, STORY, answers)).facts)
    assert BUILT.text not in facts
    assert facts[CLOSED.text].status is Status.SHARED


def test_an_outlet_that_reports_a_claim_in_quite_other_words_is_not_named_and_nothing_is_only() -> (
    None
):
    passage = span_of(COURIER, "Flames destroyed Velden harbour's grain store on Tuesday")
    idle = fact("Velden dockers lost their wages on Tuesday.", mention(GAZETTE, "14 dock workers"))
    burnt = fact("Flames destroyed the grain store.", mention(GAZETTE, "14 dock workers"))
    for other, told in ((idle, False), (burnt, True)):
        aligned = replace(ALIGNED, facts=(BURNT, other), conflicts=())
        answers = {Question(1, 1): judgement(Verdict.REPORTED, passage)}
        facts = by_text(decide(STORY, aligned, verified(aligned, STORY, answers)).facts)
        assert (other.text in facts) is told
        assert not told or facts[other.text].outlets == ("Gazette", "Courier")


def test_a_fact_without_an_answer_of_every_other_article_is_unchecked() -> None:
    answers = {Question(1, 2): None}
    facts = by_text(decide(STORY, ALIGNED, verified(ALIGNED, STORY, answers)).facts)
    assert facts[BUILT.text].uniqueness is Uniqueness.UNCHECKED


def test_nothing_is_said_of_what_an_unread_article_lacks() -> None:
    facts = by_text(decide(STORY, ALIGNED, verified(ALIGNED, STORY), unread=frozenset({2})).facts)
    assert facts[CLOSED.text].status is Status.CONSENSUS  # of all that were read
    assert facts[BUILT.text].uniqueness is Uniqueness.UNCHECKED


def test_a_contradiction_is_a_conflict_of_its_own() -> None:
    passage = span_of(HERALD, "It was not immediately clear why the conveyor belt caught fire.")
    told = Difference(
        kind=ConflictKind.OUTCOME,
        topic="when the store was built",
        value="not immediately clear",
        claimed="built in 1931",
    )
    answers = {
        Question(2, 2): Judgement(
            verdict=Verdict.CONTRADICTED, probability=0.05, nearest=passage, difference=told
        )
    }
    conflicts = decide(STORY, ALIGNED, verified(ALIGNED, STORY, answers)).conflicts
    (made,) = (each for each in conflicts if each.topic == "when the store was built")
    assert [(p.value, p.outlets) for p in made.positions] == [
        ("built in 1931", ("Gazette",)),
        ("not immediately clear", ("Herald",)),
    ]


def test_a_conflict_names_the_fact_it_belongs_to_and_has_its_salience() -> None:
    injured = fact("Dock workers were injured.", *(p.mentions[0] for p in INJURED.positions))
    aligned = replace(ALIGNED, facts=(BURNT, injured))
    decided = decide(STORY, aligned, verified(aligned, STORY))
    (conflict,) = decided.conflicts
    facts = {each.id: each for each in decided.facts}
    assert conflict.fact is not None
    assert facts[conflict.fact].text == "Dock workers were injured."
    assert conflict.salience >= facts[conflict.fact].salience


def test_what_one_outlet_says_in_a_conflict_is_a_detail_of_that_outlet() -> None:
    injured = fact("Dock workers were injured.", *(p.mentions[0] for p in INJURED.positions))
    aligned = replace(ALIGNED, facts=(BURNT, injured))
    claims = [claim(GAZETTE, "injuring 14 dock workers"), claim(COURIER, "injured 11 dock workers")]
    told = story(*claims)
    decided = decide(told, aligned, verified(aligned, told))
    details = by_text(decided.facts)[injured.text].details
    assert [(d.article.outlet, d.evidence[0].of(d.article.text)) for d in details] == [
        ("Gazette", "14 dock workers"),
        ("Courier", "11 dock workers, according to the regional ambulance service"),
    ]
    # The Herald takes no side, so nobody asked whether it has one of these figures.
    assert {d.uniqueness for d in details} == {Uniqueness.UNCHECKED}


def test_positions_of_one_outlet_only_or_of_one_value_are_no_conflict() -> None:
    same = replace(INJURED, positions=(INJURED.positions[0], INJURED.positions[0]))
    aligned = replace(ALIGNED, conflicts=(same,))
    assert decide(STORY, aligned, verified(aligned, STORY)).conflicts == ()


def test_one_number_told_more_or_less_exactly_is_no_conflict() -> None:
    ours, theirs = INJURED.positions[:2]
    for value, told in (("at least 14", 0), ("more than 14", 1), ("11", 1)):
        positions = (ours, replace(theirs, value=value))
        aligned = replace(ALIGNED, conflicts=(replace(INJURED, positions=positions),))
        assert len(decide(STORY, aligned, verified(aligned, STORY)).conflicts) == told


def test_an_outlet_takes_no_position_whose_number_it_does_not_give() -> None:
    ours, theirs = INJURED.positions[:2]
    herald = mention(HERALD, "Insurers put the damage at 20 million crowns")
    both = replace(ours, mentions=(*ours.mentions, herald))
    aligned = replace(ALIGNED, conflicts=(replace(INJURED, positions=(both, theirs)),))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert [position.outlets for position in conflict.positions] == [("Gazette",), ("Courier",)]


def contradicted(kind: ConflictKind, claimed: str, value: str, passage: Span) -> Judgement:
    told = Difference(kind=kind, topic="damage", value=value, claimed=claimed)
    return Judgement(
        verdict=Verdict.CONTRADICTED, probability=0.05, nearest=passage, difference=told
    )


def test_a_figure_to_which_another_outlet_gives_its_own_is_a_conflict_and_stays_a_fact() -> None:
    damage = fact(
        "Insurers put the damage at 20 million crowns.",
        mention(HERALD, "Insurers put the damage at 20 million crowns"),
    )
    aligned = Alignment(facts=(BURNT, damage), strangers=frozenset())
    passage = span_of(COURIER, "mills inland have flour for nine days")
    for kind in (ConflictKind.NUMBER, ConflictKind.WORDING):
        answer = contradicted(kind, "20 million crowns", "nine days", passage)
        decided = decide(STORY, aligned, verified(aligned, STORY, {Question(1, 1): answer}))
        assert by_text(decided.facts)[damage.text].outlets == ("Herald",)
        assert [each.topic for each in decided.conflicts] == ["damage"]


def test_conflicts_on_other_words_of_the_same_sentences_stay_apart() -> None:
    def sentences(*values: str) -> AlignedConflict:
        whole = (
            "A fire destroyed the grain store at Velden harbour on Tuesday, injuring 14 dock "
            "workers.",
            "Flames destroyed Velden harbour's grain store on Tuesday and injured "
            "11 dock workers, according to the regional ambulance service.",
        )
        positions = tuple(
            AlignedPosition(value=value, mentions=(mention(outlet, words),))
            for value, outlet, words in zip(values, (GAZETTE, COURIER), whole, strict=True)
        )
        return replace(INJURED, topic=values[0], positions=positions)

    number = sentences("14 dock workers", "11 dock workers")
    fewer = sentences("14 dock", "injured 11 dock")
    cause = sentences("A fire", "Flames")
    aligned = replace(ALIGNED, conflicts=(number, fewer, cause))
    conflicts = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert {each.topic for each in conflicts} == {"14 dock workers", "A fire"}


def test_an_outlet_that_gives_two_values_takes_the_position_of_those_it_agrees_with() -> None:
    both = AlignedPosition(value="14 dock workers", mentions=INJURED.positions[0].mentions)
    rough = AlignedPosition(value="workers", mentions=(mention(GAZETTE, "dock workers"),))
    aligned = replace(
        ALIGNED, conflicts=(replace(INJURED, positions=(both, INJURED.positions[1], rough)),)
    )
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert [p.value for p in conflict.positions] == ["14 dock workers", "11 dock workers"]
    assert len(conflict.positions[0].mentions) == 2


def test_a_value_that_an_outlet_quotes_beside_its_own_is_a_conflict_where_another_differs() -> None:
    quoted = mention(GAZETTE, "built in 1931 by the Halm brothers")
    own = AlignedPosition(
        value="on Tuesday",
        mentions=(
            mention(GAZETTE, "grain store at Velden harbour on Tuesday"),
            mention(COURIER, "grain store on Tuesday"),
        ),
    )
    dated = AlignedConflict(
        topic="year",
        kind=ConflictKind.DATE,
        positions=(own, AlignedPosition(value="in 1931", mentions=(quoted,))),
    )
    aligned = replace(ALIGNED, conflicts=(dated,))
    assert decide(STORY, aligned, verified(aligned, STORY)).conflicts == ()
    answer = contradicted(
        ConflictKind.DATE, "in 1931", "on Tuesday", span_of(COURIER, "grain store on Tuesday")
    )
    answered = verified(aligned, STORY, {Question(1, 2): answer})
    (conflict,) = decide(STORY, aligned, answered).conflicts
    assert [(p.value, p.outlets) for p in conflict.positions] == [
        ("on Tuesday", ("Gazette", "Courier")),
        ("in 1931", ("Gazette",)),
    ]


def test_two_conflicts_on_one_question_are_one() -> None:
    rough = replace(
        INJURED,
        topic="Number of injured",
        positions=(
            AlignedPosition(value="dock", mentions=(mention(GAZETTE, "14 dock workers"),)),
            AlignedPosition(value="harbour", mentions=(mention(HERALD, "Velden harbour"),)),
        ),
    )
    aligned = replace(ALIGNED, conflicts=(INJURED, rough))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert {outlet for p in conflict.positions for outlet in p.outlets} == {
        "Gazette",
        "Courier",
        "Herald",
    }


def test_a_question_in_fewer_words_on_the_same_passages_is_the_same() -> None:
    listed = replace(INJURED, topic="Injured", kind=ConflictKind.LIST)
    aligned = replace(ALIGNED, conflicts=(INJURED, listed))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert conflict.topic == INJURED.topic


def test_a_value_that_an_outlet_gives_in_more_words_is_one_with_it() -> None:
    ours, theirs = INJURED.positions
    longer = replace(ours, value="injuring 14 dock workers")
    aligned = replace(ALIGNED, conflicts=(replace(INJURED, positions=(ours, theirs, longer)),))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert [position.value for position in conflict.positions] == [ours.value, theirs.value]


def test_whole_passages_against_each_other_are_no_conflict() -> None:
    passage = span_of(COURIER, "Port director Emil Sarre said the store would stay closed")
    for words, told in (("six weeks", True), ("six weeks " * 9, False)):
        answer = contradicted(ConflictKind.OUTCOME, "built in 1931", words.strip(), passage)
        aligned = replace(ALIGNED, conflicts=())
        answers = {Question(1, 2): answer}
        conflicts = decide(STORY, aligned, verified(aligned, STORY, answers)).conflicts
        assert bool(conflicts) is told


def test_two_facts_never_have_the_same_words() -> None:
    again = replace(CLOSED, text=CLOSED.text.upper().lower(), mentions=CLOSED.mentions[1:])
    aligned = replace(ALIGNED, facts=(CLOSED, again))
    decided = decide(STORY, aligned, verified(aligned, STORY))
    assert len(decided.facts) == 1
    assert decided.facts[0].outlets == ("Gazette", "Courier")


def test_a_detail_is_told_under_its_fact_and_another_outlet_that_has_it_makes_it_a_fact() -> None:
    mine = detail("Marta Olin said so.", mention(GAZETTE, "Olin said"))
    aligned = replace(ALIGNED, facts=(replace(CLOSED, details=(mine,)),))
    (told,) = decide(STORY, aligned, verified(aligned, STORY)).facts
    assert [each.text for each in told.details] == ["Marta Olin said so."]
    assert told.details[0].uniqueness is Uniqueness.CONFIRMED

    passage = span_of(COURIER, "Port director Emil Sarre said")
    added = detail("Somebody said so.", mention(GAZETTE, "Olin said"))
    aligned = replace(ALIGNED, facts=(replace(CLOSED, details=(added,)),))
    answers = {Question(1, 0, 0): judgement(Verdict.REPORTED, passage)}
    facts = by_text(decide(STORY, aligned, verified(aligned, STORY, answers)).facts)
    assert facts[CLOSED.text].details == ()
    assert facts["Somebody said so."].outlets == ("Gazette", "Courier")


def test_who_somebody_is_takes_no_words_from_the_news_of_the_same_sentence() -> None:
    sentence = mention(GAZETTE, BUILT.mentions[0].evidence[0].of(GAZETTE.text))
    brothers = fact("The Halm brothers were builders.", sentence, mention(COURIER, "Flames"))
    settled = replace(brothers, kind=ClaimKind.SETTING)
    for other, told in ((brothers, False), (settled, True)):
        aligned = Alignment(facts=(other, BUILT), strangers=frozenset())
        facts = by_text(decide(STORY, aligned, verified(aligned, STORY)).facts)
        assert (BUILT.text in facts) is told
    assert facts[settled.text].salience < facts[BUILT.text].salience


def test_a_conflict_is_compatible_where_nobody_found_that_one_side_is_wrong() -> None:
    compatible = replace(INJURED, compatible=True)
    aligned = replace(ALIGNED, conflicts=(compatible,))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert conflict.compatible
    aligned = replace(ALIGNED, conflicts=(compatible, INJURED))
    (conflict,) = decide(STORY, aligned, verified(aligned, STORY)).conflicts
    assert not conflict.compatible


def test_an_article_that_shares_nothing_is_a_stranger_and_not_among_all() -> None:
    other = article(
        "Messenger",
        "The mayor of Ostel resigned after a vote on her budget.",
        "Her deputy, Runa Vik, takes charge until an election in June.",
        "Teachers in Ostel have been on strike for a fortnight.",
    )
    strange = story(articles=(GAZETTE, COURIER, other))
    aligned = Alignment(facts=(replace(BURNT, mentions=BURNT.mentions[:2]), CLOSED, BUILT))
    decided = decide(strange, aligned, verified(aligned, strange))
    assert decided.strangers == frozenset({2})
    facts = by_text(decided.facts)
    assert facts[BURNT.text].status is Status.CONSENSUS
