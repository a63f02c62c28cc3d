"""Wordings of a sentence that can be read alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.clauses import is_line
from summarizer.text.context import (
    is_attributed,
    leans_on_context,
    name_speaker,
    stands_alone,
    without_connective,
)
from summarizer.text.lines import Line, fitted, whole
from summarizer.types import Span


def lines(sentence: str) -> list[Line]:
    """Return the sentence, and the wordings of it that are without one letter or another."""
    unwanted = (Span(at, at + 1) for at in range(len(sentence)))
    return [whole(sentence), *(line for span in unwanted for line in fitted(sentence, [span]))]


def texts(sentence: str) -> list[str]:
    return [line.text for line in lines(sentence)]


@pytest.mark.parametrize(
    "sentence", ["पुल मई तक बंद रहेगा।", "橋は５月まで通行止めになる。", "Мост закрыт?"]
)
def test_a_sentence_of_any_script_gets_no_second_stop(sentence: str) -> None:
    assert texts(sentence)[0] == sentence


def test_the_whole_sentence_comes_first() -> None:
    sentence = "The mayor, who is 44, resigned on Friday, saying she was tired."
    assert texts(sentence)[0] == sentence


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("The mayor, a former pilot, has resigned from the council.",
         "The mayor has resigned from the council."),
        ("The mayor has resigned from the council, saying she was tired.",
         "The mayor has resigned from the council."),
        ("But the mayor has resigned from the council.",
         "The mayor has resigned from the council."),
        ("Opposition leader Clara Feld demanded an inquiry.", "Clara Feld demanded an inquiry."),
        ("The port was closed in October 2024 by the harbour master.",
         "The port was closed by the harbour master."),
        ("PORT SELWICK, Tarrow — The mayor has closed the bridge.",
         "The mayor has closed the bridge."),
    ],
)  # fmt: skip
def test_what_a_reader_can_do_without_may_go(sentence: str, wording: str) -> None:
    assert wording in texts(sentence)


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("Her release comes about one month after her rival released his returns.",
         "Her release comes about one month."),
        ("The report found that lifting the cap, without raising benefits, would help the fund.",
         "The report found that lifting the cap."),
        ("The mayor did not resign because she was tired.", "The mayor did not resign."),
        ("The mayor will resign if the guild votes against her.", "The mayor will resign."),
        ("Days after the mayor resigned, the guild dispute went on.",
         "Days after the mayor resigned."),
        ("The editor, who led the calls for her to go, then fell silent on the matter.",
         "The editor, who led the calls for her to go."),
        ("Amery told how she was stopped twice and accused of speeding.",
         "Amery accused of speeding."),
        ("It was the first bridge that closed in October 2024.",
         "It was the first bridge that closed."),
        ("“I was stunned by the vote,” Amery, who is 46, said in the town hall.",
         "“I was stunned by the vote,” Amery."),
        ("He demanded that Mr. Amery resign because the pier fell.",
         "Mr. Amery resign because the pier fell."),
        ("In a letter full of rage — even the tide was blamed — Amery called the port a ruin.",
         "In a letter full of rage."),
        ("Amery will not come “until Corva takes every step to mend the bridge”.",
         "“Until Corva takes every step to mend the bridge.”"),
    ],
)  # fmt: skip
def test_no_wording_is_a_fragment_or_says_something_else(sentence: str, fragment: str) -> None:
    assert fragment not in texts(sentence)


def test_a_wording_is_fitted_to_what_may_not_be_in_it() -> None:
    sentence = "Recently the mayor, a former pilot, has closed the old bridge, saying it swayed."
    unwanted = [Span(start, start + 5) for start in map(sentence.index, ("pilot", "swaye"))]
    assert [line.text for line in fitted(sentence, unwanted)] == [
        "Recently the mayor has closed the old bridge."
    ]


def test_what_no_cut_leaves_out_stays() -> None:
    sentence = "The mayor, a former pilot, has closed the old bridge."
    unwanted = [Span(start, start + 5) for start in map(sentence.index, ("pilot", "close"))]
    assert [line.text for line in fitted(sentence, unwanted)] == [
        "The mayor has closed the old bridge."
    ]


def test_marks_of_quotations_are_closed() -> None:
    assert texts("“We heard a groan.") == ["“We heard a groan.”"]


def test_lines_that_begin_with_a_word_for_something_before_lean_on_it() -> None:
    assert leans_on_context("That means higher fees.")
    assert not leans_on_context("The port means higher fees.")


def test_nobodys_words_are_changed_between_the_marks_of_a_quotation() -> None:
    sentence = (
        "“The mayor, who knew of the cracks, kept the bridge open,” Joss Amery said on Friday."
    )
    for wording in texts(sentence):
        quoted = wording[wording.index("“") + 1 : wording.rindex("”")].rstrip(",.")
        assert quoted in sentence


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Amery, asked if he wanted a new bridge",
        "Ms. Holm, determined to keep the crossing open",
        "On Twitter, Estrava’s United drivers",
        "Ida Amery said it was clear",
        "The toll ran for the years from 1977",
        "In a letter posted later on Sunday",
        "In a report filled with details of rust and rivets",
        "With no date announced for the repairs, Ms. Holm and Mr. Amery",
        "Drivers were mostly calm, though a handful",
    ],
)
def test_what_stops_before_it_says_anything_is_no_line(text: str) -> None:
    assert not is_line(text)


def test_a_line_may_have_an_aside_or_end_in_one() -> None:
    assert is_line("Mr. Amery, asked if he wanted a new bridge, refused to answer")
    assert is_line("Drivers were calm, though a handful shouted")
    assert is_line("In his letter he said that he was for a toll, unlike his rival, Mr. Amery")


@pytest.mark.parametrize("dash", ["—", "–", "―", "--"])
def test_a_line_has_no_dateline(dash: str) -> None:
    assert texts(f"PORT SELWICK {dash} The bridge was closed on Friday.")[0] == (
        "The bridge was closed on Friday."
    )


@pytest.mark.parametrize(
    "text",
    [
        "He said nothing of the bridge.",
        "The announcement surprised Port Selwick.",
        "All these details were in the letter of the harbour master.",
        "“We need the bridge more than they do.”",
        "I am trying to save the bridge.",
        "“Strong piers make strong bridges.”",
        "After that, the harbour master asked for more.",
        "The charges were announced here on Friday.",
        "Divers found them at the pier.",
        "Two years prior, the pier was painted.",
        "The following day the bridge was closed.",
        "The mayor rejected that notion.",
        "While Ida Amery, who runs the port, called the plan “shocking.”",
        "#PortNews pic.twitter.com/a1b2 — Port News (@portnews) December 4, 2031.",
        "The group's chairman praised the divers.",
        "The conversations range from tides to tolls.",
        "In a letter on Tuesday, he asked for a new pier.",
        "As your office knows, the pier is weak.",
        "“Well, that’s all there is to it,” Amery said.",
        "The pier, for example, was painted twice.",
        "Harbour agents arrested him at his home.",
        "He [Mr. Amery] told them to wait.",
        "Amery issued the following statement through a lawyer.",
        "Harbour officials dismissed that criticism.",
        "While Ida Amery (D-Velden), in an interview, called the plan weak.",
        "Another pilot, Jo Dunn, left.",
        "One candidate, Jo Dunn, left.",
        "In recent days, it was criticised.",
        "Many vowed to stay.",
        "The Estrava chairman said no.",
        "The four-term Estrava senator said no.",
        "Amery signed it on Friday.",
        "“We told them to close the bridge,” Amery said.",
        "Amery said that qualified her for the harbour office.",
        "Amery said such talks had been common for years.",
    ],
)
def test_a_text_that_needs_what_stands_before_it_cannot_stand_alone(text: str) -> None:
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "“We need the bridge more than the drivers do,” Amery said.",
        "Amery closed such roads as the harbour owns.",
        "Amery had never seen such a crowd in Selwick.",
        "Amery told the drivers that their bridge would open.",
        "Amery also praised her divers.",
        "Amery wrote a letter on Tuesday, and the letter was read aloud.",
        "The board of the harbour met on Tuesday.",
        "Amery said she would open the bridge.",
        "Amery quickly answered that the letters did not come from his office.",
        "The mayor stepped in when she praised the pier.",
        "Divers said they would wait.",
        "Both the Gazette and the Courier were sold out this week.",
        "The announcement of the harbour master surprised Port Selwick.",
        "The Union chairman of Estrava left.",
        "Amery read a letter and signed it on Friday.",
    ],
)
def test_a_text_that_says_whom_it_means_stands_alone(text: str) -> None:
    assert stands_alone(text)


def test_a_quotation_is_attributed_where_its_speaker_is_named_outside_the_marks() -> None:
    assert is_attributed("“The harbour here is not for sale,” Amery said.")
    assert not is_attributed("“He is not welcome here,” Amery said.")
    assert not is_attributed("“He is not welcome here,” she said.")
    assert not is_attributed("“Amery is not welcome here.”")
    assert not is_attributed("Amery is not welcome.")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("“We need the bridge,” she said.", "“We need the bridge,” she [Ida Amery] said."),
        (
            "“The pier is old,” said he, “and weak.”",
            "“The pier is old,” said he [Ida Amery], “and weak.”",
        ),
        ("He told reporters he was sorry.", "He [Ida Amery] told reporters he was sorry."),
        ("The mayor said she was sorry.", "The mayor said she was sorry."),
        ("“He said no,” a driver recalled.", "“He said no,” a driver recalled."),
    ],
)
def test_a_speaker_is_named_in_brackets_beside_the_verb_alone(text: str, named: str) -> None:
    assert name_speaker(text, "Ida Amery") == named
    assert named == text or stands_alone(named)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("But divers said the pier is weak.", "Divers said the pier is weak."),
        ("Still, divers went down.", "Divers went down."),
        ("But “pierists” want more.", "“pierists” want more."),
        ("(Amery had asked for a toll.)", "Amery had asked for a toll."),
        ("But for the tide all was well.", "But for the tide all was well."),
        ("Still waters ran past the pier.", "Still waters ran past the pier."),
        ("“But we stay,” a diver said.", "“But we stay,” a diver said."),
        ("But divers also went down.", "Divers went down."),
        ("The toll was also raised.", "The toll was raised."),
        ("Amery, meanwhile, stayed.", "Amery stayed."),
        ("Amery stayed, too.", "Amery stayed."),
        ("The pier is not only old but also weak.", "The pier is not only old but also weak."),
        ("Amery said “we also left”.", "Amery said “we also left”."),
    ],
)
def test_a_word_that_ties_a_line_to_the_one_before_is_left_out(text: str, line: str) -> None:
    assert without_connective(text) == line


def test_a_quotation_that_depends_on_what_stands_before_it_is_no_line() -> None:
    sentence = "Amery said the pier should stay shut until “The town pays for all of its repairs.”"
    assert [line for line in texts(sentence) if line.startswith("“")] == []


@given(st.text(alphabet="abcdeTHE ,.;:“”\"—-'()12", max_size=120))
def test_spans_lie_in_the_sentence_in_order(sentence: str) -> None:
    for line in lines(sentence):
        ends = [0]
        for span in line.spans:
            assert ends[-1] <= span.start <= span.end <= len(sentence)
            ends.append(span.end)
