from __future__ import annotations

from dataclasses import replace

import pytest

from summarizer.report.lines import as_sentence, attributed
from summarizer.report.outlets import Names
from summarizer.report.parts import NEAREST, OTHERWISE, SAME, Quote, in_marks
from summarizer.report.quotes import Quotes, around
from summarizer.types import Check, Mention, Status
from tests.support.reports import article, check, fact, mention, report


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("he said no", "“he said no”"),
        ("“No one knows”", "“No one knows”"),
        ("“No one knows, and…", "“No one knows, and…”"),
        ('"No," he said', '"No," he said'),
        ("“No,” he said. “Never.”", "“No,” he said. “Never.”"),
        ('It was "fine"', '“It was "fine"”'),
        ("“", "“”"),
        ('all of it went," she said', '"all of it went," she said'),
        ('all of it went,"', "“all of it went,”"),
        ("", "“”"),
        ("[special prosecutor", "“special prosecutor”"),
        ("the [special] prosecutor", "“the [special] prosecutor”"),
    ],
)
def test_marks_are_not_doubled(text: str, shown: str) -> None:
    assert in_marks(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A whole sentence.", "A whole sentence."),
        ("A headline", "A headline"),
        ("citing two people,", "…citing two people…"),
        ("7 people died", "7 people died"),
        ("that it was over—", "…that it was over…"),
        ('Surely not," she said.', '"Surely not," she said.'),
        ("Surely not,” she said.", "“Surely not,” she said."),
        ('"Suppose the ice melts.', '"Suppose the ice melts."'),
        ("She said: “Suppose the ice melts.", "She said: “Suppose the ice melts.”"),
        ('He called it "fine" and left.', 'He called it "fine" and left.'),
        ('A pipe of 5" burst.', 'A pipe of 5" burst.'),
        ("Sie sagte: „Niemals.“", "Sie sagte: „Niemals.“"),
        ("", ""),
        ('"It was a vendetta.', '"It was a vendetta."'),
        ('It will be unsealed soon."', '"It will be unsealed soon."'),
        ("“He will be cleared.", "“He will be cleared.”"),
        ("He will be cleared”.", "“He will be cleared”."),
        ("„Er wird entlastet.", "„Er wird entlastet.“"),
        ("„Nein“, sagte er.", "„Nein“, sagte er."),
        ('A 12" board broke.', 'A 12" board broke.'),
        ('"No," he said.', '"No," he said.'),
    ],
)
def test_a_part_of_a_sentence_is_seen_to_be_one(text: str, shown: str) -> None:
    assert as_sentence(text) == shown


def test_a_sentence_that_goes_on_is_seen_to_do_so() -> None:
    assert as_sentence("The board has asserted", goes_on=True) == "The board has asserted…"
    assert as_sentence("The board agreed.", goes_on=True) == "The board agreed."


def test_a_quote_is_cut_around_its_value() -> None:
    text = "word " * 60 + "some 4,100 homes " + "tail " * 60
    shown = around(text.strip(), "4,100 homes", 150)
    assert "4,100 homes" in shown
    assert shown.startswith("…word")
    assert shown.endswith("tail…")
    assert len(shown) <= 150
    assert around("short", "gone") == "short"


FIRST = article(1, "Gazette", "The mill burned for nine hours. Two men were hurt, police said.")
SECOND = article(
    2,
    "Tern",
    "It had rained. The mill went on burning for nine hours, its owner said. Police told "
    "reporters that two men were hurt.",
)
THIRD = article(3, "Courier", "The mill burned for nine hours. Three men were hurt there.")


def under(*mentions: Mention, text: str = "") -> Quote | None:
    line = text or mentions[0].wording
    status = Status.SHARED if len(mentions) > 1 else Status.UNIQUE
    return Quotes(Names(report())).under(fact(1, line, status, *mentions))


def test_the_quote_is_a_whole_sentence_of_another_outlet() -> None:
    quote = under(
        mention(FIRST, "The mill burned for nine hours."),
        mention(SECOND, "went on burning for nine hours"),
    )
    assert quote == Quote("Tern", "The mill went on burning for nine hours, its owner said.")


def test_the_sentence_nearest_the_line_is_quoted_where_evidence_has_several() -> None:
    quote = under(
        mention(FIRST, "Two men were hurt, police said."),
        mention(SECOND, SECOND.text),
    )
    assert quote == Quote("Tern", "Police told reporters that two men were hurt.")


def test_a_side_of_a_conflict_is_quoted_with_the_sentence_that_has_its_value() -> None:
    both = mention(
        SECOND,
        "The mill went on burning for nine hours, its owner said. Police told "
        "reporters that two men were hurt.",
    )
    quotes = Quotes(Names(report()))
    assert quotes.holding("two men", [both]) == Quote(
        "Tern", "Police told reporters that two men were hurt."
    )
    # The words of a value may stand otherwise in its sentence.
    quote = quotes.holding("men hurt: two", [both])
    assert quote is not None
    assert quote.text == "Police told reporters that two men were hurt."


def test_sentences_that_say_a_line_only_together_are_quoted_together() -> None:
    together = article(
        2, "Tern", "Fire broke out at the mill on Monday. Nine hours later it was out."
    )
    quote = under(
        mention(FIRST, "The mill burned for nine hours."), mention(together, together.text)
    )
    assert quote is not None
    assert quote.text == together.text


def test_the_same_words_elsewhere_come_first_and_are_not_printed_twice() -> None:
    line = "The mill burned for nine hours."
    quote = under(
        mention(FIRST, line),
        mention(SECOND, "went on burning for nine hours"),
        mention(THIRD, line),
    )
    assert quote == Quote("Courier", line, SAME)
    assert quote.words == ""


def test_marks_and_a_speaker_after_them_make_no_other_words() -> None:
    line = "“It won’t be rebuilt in this town, not while I live and vote here,” the owner said."
    curly = article(4, "Gazette", line)
    straight = article(
        5, "Tern", '"It won\'t be rebuilt in this town, not while I live and vote here."'
    )
    quote = under(mention(curly, line), mention(straight, straight.text))
    assert quote is not None
    assert quote.relation == SAME


def test_a_sentence_with_another_figure_is_never_quoted() -> None:
    quote = under(
        mention(FIRST, "Two men were hurt, police said."),
        mention(THIRD, "Three men were hurt there."),
    )
    assert quote is None


def test_a_sentence_on_another_matter_is_never_quoted() -> None:
    quote = under(
        mention(FIRST, "The mill burned for nine hours."), mention(SECOND, "It had rained.")
    )
    assert quote is None


def test_a_line_in_words_of_its_own_is_proved_by_the_article_it_is_from() -> None:
    told = replace(mention(SECOND, "It had rained."), wording="Wet weather came before the fire.")
    assert under(told) == Quote("Tern", "It had rained.")
    assert under(mention(SECOND, "It had rained.")) is None


def nearest(*checks: Check) -> Quote | None:
    return Quotes(Names(report())).nearest("Two men were hurt, police said.", checks)


def test_a_passage_is_shown_as_nearest_only_where_it_is_near() -> None:
    far = check(SECOND, "It had rained.", 0.4, "partly")
    near = check(SECOND, "two men were hurt", 0.4, "partly")
    assert nearest(far) is None
    assert nearest(far, near) == Quote(
        "Tern", "Police told reporters that two men were hurt.", NEAREST
    )


def test_a_contradiction_comes_before_what_is_near() -> None:
    near = check(SECOND, "two men were hurt", 0.9, "partly")
    against = check(THIRD, "Three men were hurt there.", 0.1, "contradicted")
    assert nearest(near, against) == Quote("Courier", "Three men were hurt there.", OTHERWISE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The mill will be rebuilt.", "The mill will be rebuilt, according to Ana Delore."),
        ("“We will rebuild it.”", "“We will rebuild it,” Ana Delore said."),
        ("Ana Delore will rebuild it", "Ana Delore will rebuild it"),
        ("“It is old,” she said.", "“It is old,” she [Ana Delore] said."),
    ],
)
def test_a_speaker_left_out_of_the_wording_is_named_after_it(text: str, line: str) -> None:
    told = mention(FIRST, "The mill burned for nine hours.", speaker="Ana Delore")
    told = replace(told, wording=text)
    assert attributed(fact(1, text, Status.UNIQUE, told)) == line


def test_speakers_without_a_name_who_stand_in_the_line_are_not_named_again() -> None:
    told = mention(FIRST, "The mill burned for nine hours.", speaker="researchers in Aldmere")
    for text, line in (
        ("The researchers say it works.", "The researchers say it works."),
        ("It works.", "It works, according to researchers in Aldmere."),
    ):
        told = replace(told, wording=text)
        assert attributed(fact(1, text, Status.UNIQUE, told)) == line


@pytest.mark.parametrize(
    ("speaker", "text", "is_named"),
    [
        ("Senator Ana Delore of Aldmere", "Senator Delore said it works.", True),
        ("Senator Ana Delore of Aldmere", "Ana Vik of Aldmere pays for it.", False),
        ("dozens of faculty members at Port Selwick", "The faculty members asked for more.", True),
        ("the town council", "The council of the town pays.", True),
        ("the town council", "The town pays.", False),
    ],
)
def test_a_speaker_whom_the_line_names_in_part_is_not_named_again(
    speaker: str, text: str, is_named: bool
) -> None:
    told = mention(FIRST, "The mill burned for nine hours.", speaker=speaker)
    line = text if is_named else f"{text[:-1]}, according to {speaker}."
    assert attributed(fact(1, text, Status.UNIQUE, replace(told, wording=text))) == line


@pytest.mark.parametrize("speaker", [", the mayor", ",", " "])
def test_a_speaker_without_a_name_is_not_named(speaker: str) -> None:
    told = mention(FIRST, "The mill burned for nine hours.", speaker=speaker)
    text = "The mill will be rebuilt."
    assert attributed(fact(1, text, Status.UNIQUE, replace(told, wording=text))) == text
