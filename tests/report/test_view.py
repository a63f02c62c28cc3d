"""What is shown of a report, and in which order."""

from __future__ import annotations

from dataclasses import replace

from summarizer.report.view import EVERYTHING, view
from summarizer.types import ClaimKind, ConflictKind, Status, Uniqueness
from tests.support.reports import (
    ABOARD,
    RESCUED,
    WEEKS,
    fact,
    gazette,
    mention,
    northwind,
    report,
)

OWNED = fact(
    8,
    "Marrow Lines owns the ferry.",
    Status.SHARED,
    mention(gazette, "The ferry Meridian"),
    mention(northwind, "The ferry's owner, Marrow Lines"),
    kind=ClaimKind.SETTING,
)


def test_what_says_only_who_somebody_is_is_counted_and_shown_on_request() -> None:
    told = replace(report(), facts=(OWNED, *report().facts))
    shown, whole = view(told), view(told, EVERYTHING)
    assert shown.shared is not None
    assert whole.shared is not None
    assert OWNED.text not in [line.text for line in shown.shared.lines]
    assert OWNED.text in [line.text for line in whole.shared.lines]
    assert shown.shared.total == whole.shared.total


def test_differences_of_which_all_can_be_true_say_so_and_come_last_on_request() -> None:
    both = replace(ABOARD, compatible=True), replace(WEEKS, compatible=True)
    told = replace(report(), conflicts=(both[0], WEEKS))
    assert [each.topic for each in view(told).conflicts] == ["how long repairs take"]
    assert view(told).hidden_conflicts == 1
    assert [each.topic for each in view(told, EVERYTHING).conflicts] == [
        "how long repairs take",
        "people aboard (all can be true)",
    ]
    shown = view(replace(report(), conflicts=both), EVERYTHING)
    assert shown.conflicts[1].topic == "how long repairs take (both can be true)"


def test_who_said_it_and_in_which_words_is_told_on_request() -> None:
    for kind in (ConflictKind.ATTRIBUTION, ConflictKind.WORDING):
        told = replace(report(), conflicts=(replace(ABOARD, kind=kind), WEEKS))
        assert [each.id for each in view(told).conflicts] == [WEEKS.id]
        assert len(view(told, EVERYTHING).conflicts) == 2


def test_the_lede_tells_no_difference_of_which_both_can_be_true() -> None:
    def differing(*conflicts: object) -> str:
        told = replace(report(), conflicts=conflicts)  # type: ignore[arg-type]
        parts = view(told, EVERYTHING).lede
        return " ".join(part.text for part in parts if part.lead == "They differ:")

    compatible = replace(WEEKS, compatible=True)
    assert "How long repairs take" in differing(ABOARD, WEEKS)
    assert "How long repairs take" not in differing(ABOARD, compatible)
    assert differing(compatible) == ""


def test_a_section_without_any_line_is_not_shown() -> None:
    doubted = replace(RESCUED, id="f9", status=Status.UNIQUE, uniqueness=Uniqueness.DISPUTED)
    assert view(replace(report(), facts=(RESCUED, doubted))).unsure is None


def test_a_line_in_the_words_of_another_stands_once() -> None:
    told = replace(report(), facts=(RESCUED, replace(RESCUED, id="f9"), *report().facts))
    shown = view(told, EVERYTHING)
    assert [line.text for line in shown.consensus.lines].count(RESCUED.text) == 1
