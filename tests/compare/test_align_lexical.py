"""What the aligner by words prints over several outlets' names, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.compare.align_lexical import LexicalAligner
from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.passages import Passages
from tests.support.stories import offline_story

GAZETTE = """The harbour board of Tarrow closed the north pier on Monday after a crane collapsed.

“We heard a long groan and then the whole thing lay in the water,” said Edmund Thole, a pilot.

The crane had been inspected in March by the port authority. Nobody was on the pier at the time.

Engineers from Estrava will examine the foundations of the pier in the coming weeks."""
LEDGER = """A crane collapsed in Tarrow on Monday and the harbour board closed the north pier.

Edmund Thole, a pilot, told reporters: “We heard a long groan and then the whole thing lay in the
water.”

The fishing fleet of Tarrow lost four nets and two boats in the accident, its chairman reckons."""


def shared(alignment: Alignment) -> list[AlignedFact]:
    """Return the facts of several outlets."""
    return [f for f in alignment.facts if len({m.article.outlet for m in f.mentions}) > 1]


def test_what_two_outlets_say_in_nearly_the_same_words_is_one_fact() -> None:
    facts = shared(LexicalAligner().align(offline_story(GAZETTE, LEDGER)))
    assert any("long groan" in fact.text for fact in facts)


def test_what_one_outlet_says_alone_is_a_fact_of_its_own() -> None:
    alignment = LexicalAligner().align(offline_story(GAZETTE, LEDGER))
    alone = [f.text for f in alignment.facts if f not in shared(alignment)]
    assert any("four nets and two boats" in text for text in alone)


def test_no_two_facts_have_the_same_text() -> None:
    texts = [fact.text for fact in LexicalAligner().align(offline_story(GAZETTE, LEDGER)).facts]
    assert len(texts) == len(set(texts))


def test_every_line_is_a_sentence() -> None:
    for fact in LexicalAligner().align(offline_story(GAZETTE, LEDGER)).facts:
        assert fact.text.rstrip('”"')[-1] in ".!?", fact.text


SPOKEN = """Edmund Thole, a pilot, said: “The crane had swayed since the spring gales. Mend the
pier, hire two inspectors, dredge the basin and pay the crews. The board will answer for it.”

A second pier stays closed, but harbour chair Ida Amery said divers would start there on Friday."""


def test_the_middle_of_a_quotation_stays_a_quotation() -> None:
    facts = LexicalAligner().align(offline_story(SPOKEN, LEDGER)).facts
    [line] = [fact.text for fact in facts if "dredge the basin" in fact.text]
    assert line.startswith("“Mend the pier")
    assert line.endswith("crews.”")


def test_what_stands_before_but_is_not_credited_to_who_speaks_behind_it() -> None:
    claims = offline_story(SPOKEN, LEDGER).claims
    speakers = {" ".join(claim.text.split()): claim.speaker for claim in claims}
    assert speakers["A second pier stays closed,"] is None
    assert speakers["but harbour chair Ida Amery said divers would start there on Friday."]


def test_no_passage_joins_a_sentence_with_a_quotation_of_the_next_paragraph() -> None:
    others = """Pilots asked Ida Amery for the crane report of Tarrow. Ida Amery has it.

“Ida Amery, release the crane report of Tarrow,” Ms. Kerr wrote."""
    story = offline_story("Ghent demanded that Ida Amery release the Tarrow crane report.", others)
    near = Passages(story).near(story.documents[0].sentences[0].reading, "")
    joined = [[s.number for s in p.sentences] for p in near[1] if len(p.sentences) > 1]
    assert [1, 2] in joined
    assert [2, 3] not in joined


@pytest.mark.parametrize(
    "made_up",
    [
        "The harbour board of Tarrow did not close the north pier on Monday.",
        "The harbour board has sued Edmund Thole.",
        "Edmund Thole closed the north pier.",
        "A crane collapsed in Tarrow on Friday and two pilots were arrested.",
        "The north pier has been sold to Edmund Thole.",
    ],
)
def test_a_made_up_sentence_is_credited_to_nobody_else(made_up: str) -> None:
    story = offline_story(f"{GAZETTE}\n\n{made_up}", LEDGER)
    for fact in shared(LexicalAligner().align(story)):
        evidence = [e.of(m.article.text) for m in fact.mentions for e in m.evidence]
        assert not any(words in made_up for words in evidence), fact.text


@settings(max_examples=25)
@given(st.permutations(GAZETTE.split("\n\n")), st.permutations(LEDGER.split("\n\n")))
def test_every_mention_states_its_line_in_any_order_of_paragraphs(
    one: list[str], other: list[str]
) -> None:
    story = offline_story("\n\n".join(one), "\n\n".join(other))
    supporter = story.supporter
    place = story.positions
    for fact in shared(LexicalAligner().align(story)):
        for mention in fact.mentions:
            others = [m for m in fact.mentions if m.article.outlet != mention.article.outlet]
            assert others
            for span in mention.evidence:
                assert span.of(mention.article.text).strip()
            supports = supporter.supports(fact.text, place[others[0].article.id])
            assert place[mention.article.id] in supports


def test_articles_on_different_events_are_strangers() -> None:
    election = """Ilse Varden won the mayoral election in Pellworth with 58 percent of the vote.

Turnout was the highest in forty years, the returning officer announced late in the evening.

Her rival Adam Brask conceded shortly before midnight and thanked his campaign volunteers.

The new council meets for the first time in January to elect its committees.

Shopkeepers along Market Street hope that parking fees will be abolished soon.

The old mayor, who did not run again, handed over the keys of the town hall with a joke.

Several ballots were declared void because voters had written poems on them."""
    long_gazette = (
        GAZETTE
        + "\n\n"
        + "\n\n".join(
            f"Witness number {n} described the falling beams and the dust on the quay."
            for n in ("one", "two", "three")
        )
    )
    story = offline_story(long_gazette, LEDGER, election)
    assert LexicalAligner().align(story).strangers == frozenset({2})


def test_a_brief_on_the_same_event_is_no_stranger() -> None:
    brief = "Tarrow's harbour board has shut the north pier after the collapse of a crane."
    assert not LexicalAligner().align(offline_story(GAZETTE, brief)).strangers


def test_articles_in_two_languages_are_warned_about() -> None:
    story = offline_story(GAZETTE, LEDGER)
    german = replace(story.documents[1], language="de")
    mixed = replace(story, documents=(story.documents[0], german))
    assert any("different languages" in w for w in LexicalAligner().align(mixed).warnings)
