from __future__ import annotations

from summarizer.origins import find_origins, primaries
from summarizer.types import OriginKind
from tests.support.articles import COURIER, FIRE, GAZETTE, article

AGENCY = (
    "The regional ambulance service sent nine crews to the quay shortly after dawn and took the "
    "injured to two hospitals in the town, where three of them were kept overnight."
)


def test_different_articles_on_one_event_have_origins_of_their_own() -> None:
    assert find_origins(FIRE) == ()


def test_a_later_snapshot_is_folded_into_the_fuller_one() -> None:
    paragraphs = [span.of(GAZETTE.text) for span in GAZETTE.body]
    later = article("Gazette", *paragraphs, "Correction: the store was built in 1932.", id="later")
    (origin,) = find_origins([GAZETTE, COURIER, later])
    assert origin.kind is OriginKind.SAME_ARTICLE
    assert [a.id for a in origin.articles] == ["later", "gazette"]
    assert primaries([GAZETTE, COURIER, later], [origin]) == {"gazette": later}


def test_short_texts_are_copies_only_word_for_word() -> None:
    a, b = article("A", "The store burned down."), article("B", "The store burned down.")
    c = article("C", "The store burned.")
    (origin,) = find_origins([a, b, c])
    assert [found.outlet for found in origin.articles] == ["A", "B"]


def test_agency_copy_in_two_outlets_is_marked_where_it_stands() -> None:
    one = article("One", "Our reporter saw smoke over the harbour for hours.", AGENCY)
    two = article("Two", AGENCY, "Mills inland have flour for nine days, their owners said.")
    (origin,) = find_origins([one, two])
    assert origin.kind is OriginKind.WIRE_COPY
    ((left, right),) = origin.passages
    assert left.quote == right.quote == AGENCY.rstrip(".")


def test_a_quotation_that_both_print_is_no_common_origin() -> None:
    quotation = f"“{AGENCY}”"
    one = article("One", f"Olin said: {quotation}", "Smoke stood over the harbour for hours.")
    two = article("Two", f"The fire chief told us: {quotation}", "Mills have flour for nine days.")
    assert find_origins([one, two]) == ()
