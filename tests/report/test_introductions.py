"""Who somebody is stands behind a name that a line has without it."""

from __future__ import annotations

import pytest

from summarizer.document import analyse
from summarizer.report.introductions import Introductions
from tests.support.articles import article

GAZETTE = article(
    "Gazette",
    "Ferry talks went on in Port Selwick on Friday.",
    "Jonas Holm, a harbour pilot, called the offer thin. Union chairwoman Ida Amery left early.",
    "Senator Maud Kerr of Estrava praised both. Mr. Holm would wait, and Ms. Amery said no.",
    "Dr. Vera Falk, an internist and chair of the department of medicine at the great northern "
    "hospital in Port Selwick, and Arne Dahl, editor of the Gazette, agreed.",
    "Iris Stark, the group's head, left.",
    "Ida Amery's lawyer, Ada Lind, spoke. A lawyer for Tarrow Lines, Bo Rask of Velden, did not.",
    "Tom Ghent, in a written statement, was silent.",
    "Carl Voss-Lund came by. “It is late,” Voss-Lund said. President Ilse Varden did not.",
    "Then harbour spokesman Olle Berg called back.",
    "Rolf Enk, a spokesman for the port that, with others, sued, was brief. Enk left.",
    "Nils Orme, director of harbour policy and piers at the Northern Association, waved.",
    "Eva Brandt and her brother Olof Brandt, a diver, stayed. Brandt said it was cold.",
)


def introduced(text: str, headline: str = "Ferry talks", seen: set[str] | None = None) -> str:
    told = Introductions(headline, analyse)
    return told.introduce(text, GAZETTE, set() if seen is None else seen)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Mr. Holm will wait.", "Mr. Holm [Jonas Holm, a harbour pilot] will wait."),
        ("Ms. Amery said no.", "Ms. Amery [Ida Amery, Union chairwoman] said no."),
        ("Ms. Kerr praised both.", "Ms. Kerr [Senator Maud Kerr of Estrava] praised both."),
        ("It was thin, according to Jonas Holm.",
         "It was thin, according to Jonas Holm [a harbour pilot]."),
        ("Mr. Holm's boat was idle.", "Mr. Holm's [Jonas Holm, a harbour pilot] boat was idle."),
        ("Ms. Lind agreed.", "Ms. Lind [Ada Lind, Ida Amery's lawyer] agreed."),
        ("Mr. Rask left.", "Mr. Rask [Bo Rask of Velden, a lawyer for Tarrow Lines] left."),
        ("Dr. Falk agreed.", "Dr. Falk [Vera Falk, an internist] agreed."),
        ("Mr. Dahl agreed.", "Mr. Dahl [Arne Dahl, editor of the Gazette] agreed."),
        ("Mr. Orme waved.",
         "Mr. Orme [Nils Orme, director of harbour policy and piers at the Northern Association] "
         "waved."),
        ("Jonas Holm is a harbour pilot of the port.",
         "Jonas Holm is a harbour pilot of the port."),
        ("Mr. Berg agreed.", "Mr. Berg [Olle Berg, harbour spokesman] agreed."),
        ("Mr. Enk left.", "Mr. Enk [Rolf Enk, a spokesman for the port] left."),
        ("He [Holm] said he would wait.", "He [Holm, a harbour pilot] said he would wait."),
    ],
)  # fmt: skip
def test_a_line_says_who_somebody_is_as_the_article_does(line: str, shown: str) -> None:
    assert introduced(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "Jonas Holm, a harbour pilot, called the offer thin.",
        "Union chairwoman Ida Amery left early.",
        "“Mr. Holm is wrong,” a driver said.",
        "Brandt said it was cold.",
        "Ms. Tarr said nothing.",
        "Mr. Holm, the pilot of the ferry, waited.",
        "Ms. Stark resigned.",
        "Tom Ghent praised the divers.",
    ],
)
def test_nothing_is_put_where_it_is_told_or_not_known_for_sure(line: str) -> None:
    assert introduced(line) == line


def test_nobody_is_introduced_twice_or_whom_the_headline_names() -> None:
    seen: set[str] = set()
    assert "[" in introduced("Mr. Holm said he would wait.", seen=seen)
    assert "[" not in introduced("Mr. Holm waited.", seen=seen)
    assert "[" not in introduced("Mr. Holm waited.", headline="Holm Waits For Ferry Talks")


def test_two_people_of_a_line_are_introduced() -> None:
    assert introduced("Mr. Holm met Ms. Amery.") == (
        "Mr. Holm [Jonas Holm, a harbour pilot] met Ms. Amery [Ida Amery, Union chairwoman]."
    )


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("“It is late,” according to Voss-Lund.", True),
        ("Brandt said it was cold.", True),
        ("Mr. Holm [Jonas Holm, a harbour pilot] waited.", False),
        ("Carl Voss-Lund came by.", False),
        ("Varden was not there.", False),
        ("Estrava was not there.", False),
    ],
)
def test_a_line_leaves_unknown_whom_the_article_names_in_full_elsewhere(
    line: str, unknown: bool
) -> None:
    assert Introductions("Ferry talks", analyse).leave_unknown(line, GAZETTE, set()) is unknown
    assert not Introductions("Voss-Lund and Brandt wait", analyse).leave_unknown(
        line, GAZETTE, set()
    )
