from __future__ import annotations

from summarizer import diff
from summarizer.types import Status, Uniqueness
from tests.articles import COURIER, FIRE, GAZETTE, article

ELECTION = article(
    "Ledger",
    "Voters in the island republic of Tarn elected Ruta Senn as their president on Sunday.",
    "Senn, a former teacher, won 58 percent of the votes, the electoral commission said.",
    "Her rival conceded before midnight and wished her luck in a short speech.",
    title="Tarn elects teacher as president",
)
GERMAN = article(
    "Bote",
    "Ein Feuer hat am Dienstag den Getreidespeicher im Hafen von Velden zerstört.",
    "Vierzehn Hafenarbeiter wurden verletzt, wie die Feuerwehr mitteilte.",
    title="Getreidespeicher in Velden abgebrannt",
    language="de",
)


def test_articles_on_one_event_need_no_warning() -> None:
    assert diff(FIRE).warnings == ()


def test_an_article_on_another_event_is_named_and_its_facts_are_unchecked() -> None:
    report = diff([*FIRE, ELECTION])
    (warning,) = report.warnings
    assert "Ledger" in warning
    assert "another event" in warning
    facts = [f for f in report.facts if f.outlets == ("Ledger",)]
    assert facts
    assert {f.uniqueness for f in facts} == {Uniqueness.UNCHECKED}
    others = [f for f in report.with_status(Status.UNIQUE) if f.outlets != ("Ledger",)]
    assert Uniqueness.CONFIRMED in {f.uniqueness for f in others}


def test_two_articles_on_two_events_have_nothing_confirmed() -> None:
    report = diff([COURIER, ELECTION])
    assert report.warnings
    assert {f.uniqueness for f in report.facts} == {Uniqueness.UNCHECKED}


def test_across_languages_nothing_is_called_confirmed() -> None:
    report = diff([GAZETTE, COURIER, GERMAN])
    assert any("different languages" in warning for warning in report.warnings)
    assert Uniqueness.CONFIRMED not in {f.uniqueness for f in report.facts}


def test_the_headline_is_the_title_most_in_common() -> None:
    assert diff([*FIRE, ELECTION]).headline in {a.title for a in FIRE}
