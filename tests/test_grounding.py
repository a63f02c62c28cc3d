from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.grounding import ground, locate, merge_repeats
from summarizer.types import Article, Claim, ClaimKind, OutletFrom, RejectReason, Span

TEXT = "Menu. One two. Three four.\n\nAdvert. Five six.\n\nSeven eight."
BODY = (Span(6, 26), Span(36, 45), Span(47, 59))
ONE, THREE, FIVE, SEVEN = Span(6, 14), Span(15, 26), Span(36, 45), Span(47, 59)
ARTICLE = Article(
    id="a1",
    source="a.txt",
    sha256="",
    text=TEXT,
    body=BODY,
    outlet="Harbour Gazette",
    outlet_from=OutletFrom.FLAG,
)


def draft(*evidence: Span, text: str = "It is so.") -> Claim:
    return Claim(
        article=ARTICLE,
        text=text,
        evidence=evidence,
        kind=ClaimKind.QUOTE,
        speaker="Ann Bell",
        hedge="reportedly",
    )


def test_a_claim_keeps_what_its_draft_says() -> None:
    (claim,), rejected = ground([draft(FIVE, ONE)])
    assert rejected == ()
    assert claim.article is ARTICLE
    assert claim.evidence == (ONE, FIVE)
    assert [span.of(TEXT) for span in claim.evidence] == ["One two.", "Five six."]
    assert (claim.kind, claim.speaker, claim.hedge) == (ClaimKind.QUOTE, "Ann Bell", "reportedly")


@pytest.mark.parametrize(
    ("given", "merged"),
    [
        ((ONE, THREE), (Span(6, 26),)),
        ((THREE, ONE, ONE), (Span(6, 26),)),
        ((Span(6, 10), Span(10, 14)), (ONE,)),
        ((Span(6, 14), Span(8, 12)), (ONE,)),
        ((Span(14, 26),), (THREE,)),
        ((FIVE, SEVEN), (FIVE, SEVEN)),
        ((ONE, FIVE), (ONE, FIVE)),
    ],
)
def test_evidence_is_trimmed_sorted_and_merged_within_a_paragraph(
    given: tuple[Span, ...], merged: tuple[Span, ...]
) -> None:
    assert ground([draft(*given)]).claims[0].evidence == merged


@pytest.mark.parametrize(
    ("bad", "detail"),
    [
        (draft(), "no evidence"),
        (draft(Span(8, 8)), "is empty"),
        (draft(Span(14, 15)), "is empty"),
        (draft(Span(400, 500)), "is empty"),
        (draft(Span(0, 14)), "not in the body"),
        (draft(Span(28, 35)), "not in the body"),
        (draft(Span(15, 45)), "not in the body"),
        (draft(Span(45, 600)), "not in the body"),
        (draft(ONE, text="  "), "no words"),
    ],
)
def test_what_does_not_hold_is_rejected_with_a_reason(bad: Claim, detail: str) -> None:
    claims, (rejected,) = ground([bad])
    assert claims == ()
    assert rejected.reason is RejectReason.UNGROUNDED
    assert detail in rejected.detail
    assert (rejected.article, rejected.text) == (ARTICLE, bad.text)


def test_evidence_may_run_over_the_blank_line_between_paragraphs() -> None:
    assert ground([draft(Span(36, 59))]).claims[0].evidence == (Span(36, 59),)


def test_the_same_words_on_the_same_evidence_are_one_claim() -> None:
    drafts = [draft(ONE), draft(Span(6, 15)), draft(THREE), draft(ONE, text="Other.")]
    assert [c.evidence for c in ground(drafts).claims] == [(ONE,), (THREE,), (ONE,)]


SPANS = st.tuples(st.integers(0, 70), st.integers(0, 70)).map(lambda p: Span(min(p), max(p)))


@given(st.lists(SPANS, max_size=5))
def test_whatever_passes_stands_in_the_body(spans: list[Span]) -> None:
    claims, rejected = ground([draft(*spans)])
    assert len(claims) + len(rejected) == 1
    body = {i for part in BODY for i in range(part.start, part.end)}
    for claim in claims:
        assert all(left.end < right.start for left, right in pairwise(claim.evidence))
        for span in claim.evidence:
            assert span.of(TEXT) == span.of(TEXT).strip() != ""
            assert all(i in body or TEXT[i].isspace() for i in range(span.start, span.end))


def test_what_an_article_tells_twice_in_the_same_words_is_one_claim() -> None:
    grounded = ground([draft(ONE), draft(SEVEN, text="it is  so"), draft(FIVE, text="B")])
    first, second = merge_repeats(grounded.claims)
    assert (first.text, first.evidence) == ("It is so.", (ONE, SEVEN))
    assert (second.text, second.evidence) == ("B", (FIVE,))


WORDS = 'The mayor said: "We lost 14,000 crowns," and   left the Café.'
PASSAGE = (Span(0, len(WORDS)),)


@pytest.mark.parametrize(
    ("words", "located"),
    [
        ("We lost 14,000 crowns", '"We lost 14,000 crowns'),
        ("we lost 14,000 crowns,", '"We lost 14,000 crowns'),
        ("and left the Cafe", "and   left the Café"),
    ],
)
def test_words_are_found_whatever_their_spacing_case_and_accents(words: str, located: str) -> None:
    (span,) = locate(WORDS, PASSAGE, words)
    assert span.of(WORDS) == located


def test_an_ellipsis_joins_two_pieces() -> None:
    assert [s.of(WORDS) for s in locate(WORDS, PASSAGE, "The mayor said … left the Café")] == [
        "The mayor said",
        "left the Café",
    ]


@pytest.mark.parametrize("words", ["We lost 15,000 crowns", "…", "", "the mayor wept"])
def test_words_that_are_not_there_leave_the_passage_whole(words: str) -> None:
    assert locate(WORDS, PASSAGE, words) == PASSAGE
