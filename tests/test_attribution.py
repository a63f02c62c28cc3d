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


def test_a_pronoun_stands_for_the_last_speaker() -> None:
    told = ["Marta Olin said the roof fell in.", "The quay is closed.", "She said it was old."]
    assert speakers(told) == ["Marta Olin", None, "Marta Olin"]


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
    ],
)
def test_a_hedge_is_kept(text: str, word: str | None) -> None:
    assert hedge(text) == word


def test_a_quotation_belongs_to_whom_the_sentence_before_names() -> None:
    told = ["Tora Hjelm wept on the steps.", "“This is a victory for all of us.”"]
    assert speakers(told)[1] == "Tora Hjelm"


def test_a_name_inside_a_quotation_does_not_speak_it() -> None:
    told = ["Marta Olin said it was over.", "“Emil Sarre knew it all along,” she said."]
    assert speakers(told)[1] == "Marta Olin"


def test_whoever_is_told_something_has_not_said_it() -> None:
    sentence = '"It was dark," its spokesman, Emil Stanway, told Radio Quarry.'
    assert named_speaker(sentence) == "Emil Stanway"
