from __future__ import annotations

import pytest

from summarizer.text.attribution import hedge, named_speaker, speakers


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Marta Olin said the store would stay closed.", "Marta Olin"),
        ("“It burned fast,” said Marta Olin, the fire chief.", "Marta Olin"),
        (
            "Nobody was hurt, according to the regional ambulance service.",
            "the regional ambulance service",
        ),
        ("Nine people were hurt, according to Ambulance North.", "Ambulance North"),
        ("A spokesman said on Thursday that talks went on.", "A spokesman"),
        ("The store burned for three hours.", None),
    ],
)
def test_the_speaker_is_who_the_sentence_names(sentence: str, speaker: str | None) -> None:
    assert named_speaker(sentence) == speaker


def test_a_day_is_no_speaker() -> None:
    assert named_speaker("Olin, the chief, said Thursday on the quay that it was over.") == "Olin"


def test_a_pronoun_stands_for_who_spoke_in_the_sentence_before() -> None:
    told = ["Marta Olin said the roof fell in.", "She said it was old.", "The quay is closed."]
    assert speakers(told) == ["Marta Olin", "Marta Olin", None]


def test_a_pronoun_farther_away_or_in_another_paragraph_stands_for_nobody() -> None:
    told = ["Marta Olin said the roof fell in.", "The quay is closed.", "She said it was old."]
    assert speakers(told) == ["Marta Olin", None, None]
    assert speakers(told[::2], [True, True]) == ["Marta Olin", None]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mr Sarre said the roof fell in.", "She said it was old."),
        ("The ministry said the roof fell in.", "He said it was old."),
        ("Marta Olin said the roof fell in.", "They said it was old."),
        (
            "Marta Olin said the roof fell in.",
            "Emil Sarre and Jo Velt met, and he said it was old.",
        ),
    ],
)
def test_a_pronoun_that_may_mean_somebody_else_stands_for_nobody(first: str, second: str) -> None:
    assert speakers([first, second])[1] is None


@pytest.mark.parametrize(
    "sentence",
    [
        "“It is over,” she announced Thursday on Twitter.",
        "A petition by the Union of Rail Crews, which said nothing, is online.",
        "I said it would rain.",
        "Twitter said.",
        "Sen. Jo Velt, D-Tarrow, said a talk with Sarre would be odd.",
    ],
)
def test_what_only_looks_like_a_speaker_is_none(sentence: str) -> None:
    assert named_speaker(sentence) in (None, "she", "Sen. Jo Velt")


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("“Public money,” said its spokeswoman, Lina Barros.", "Lina Barros"),
        ("Lina Barros, the firm's spokeswoman, said the price stands.", "Lina Barros"),
        ("Ned Pryce, Tarrow State Department spokesman, said so.", "Ned Pryce"),
        ("Stane on Friday said he was not guilty.", "Stane"),
        ("Ann Colt, who once backed the wall, wrote on Twitter that it was dead.", "Ann Colt"),
        ("The mayor's office said it was looking into it.", "The mayor's office"),
        ("In a letter, the presiding judge said no.", "the presiding judge"),
        ("Small children need sleep, the school psychologist said.", "the school psychologist"),
    ],
)
def test_a_title_or_an_apposition_loses_no_speaker(sentence: str, speaker: str) -> None:
    assert named_speaker(sentence) == speaker


def test_a_pronoun_stands_first_for_a_name_in_its_own_sentence() -> None:
    told = ["Marta Olin said the roof fell in.", "Emil Sarre met the owner, but he said nothing."]
    assert speakers(told)[1] == "Emil Sarre"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The fire reportedly began in the attic.", "reportedly"),
        ("The store may reopen in May.", "may"),
        ("The chief is expected to resign.", "is expected to"),
        ("The store burned down.", None),
        ("The store is closed until May.", None),
    ],
)
def test_a_hedge_is_kept(text: str, word: str | None) -> None:
    assert hedge(text) == word


def test_a_quotation_belongs_to_whom_the_sentence_before_names() -> None:
    told = ["Tora Hjelm wept on the steps.", "“This is a victory for all of us.”"]
    assert speakers(told)[1] == "Tora Hjelm"


def test_a_quotation_of_several_sentences_has_one_speaker() -> None:
    told = ["Marta Olin said: “The roof fell.", "It was old.", "We knew.”", "The quay is closed."]
    assert speakers(told) == ["Marta Olin", "Marta Olin", "Marta Olin", None]
    assert speakers(told, [True, True, False, False])[1:] == [None, None, None]


def test_a_name_inside_a_quotation_does_not_speak_it() -> None:
    told = ["Marta Olin said it was over.", "“Emil Sarre knew it all along,” she said."]
    assert speakers(told)[1] == "Marta Olin"


def test_whoever_is_told_something_has_not_said_it() -> None:
    sentence = '"It was dark," its spokesman, Emil Stanway, told Radio Quarry.'
    assert named_speaker(sentence) == "Emil Stanway"
