"""What the claims of an article leave out is noticed by code."""

from __future__ import annotations

from summarizer.engines import omissions
from summarizer.tokens import Chunk, chunks
from summarizer.types import Claim
from tests.support.articles import GAZETTE
from tests.support.stories import span_of


def whole() -> Chunk:
    (chunk,) = chunks(GAZETTE, budget=10_000, count=len)
    return chunk


def claims(*texts: str) -> list[Claim]:
    """Return claims, each on the sentence of the chunk in its place."""
    return [
        Claim(article=GAZETTE, text=text, evidence=(sentence,))
        for text, sentence in zip(texts, whole().sentences, strict=False)
    ]


COMPLETE = (
    "A fire destroyed the grain store at Velden harbour on Tuesday and injured 14 dock workers.",
    "The blaze began in a conveyor belt and spread to the roof within minutes, Marta Olin said.",
    "Olin said the store would stay closed for at least six weeks.",
    "The Halm brothers built the store in 1931, and their statue stands beside it.",
)


def test_claims_that_carry_everything_leave_nothing_out() -> None:
    assert omissions(whole(), claims(*COMPLETE), ()) == []


def test_a_sentence_without_a_claim_is_left_out_whole() -> None:
    (omission,) = omissions(whole(), claims(*COMPLETE[:3]), ())
    assert omission.sentence.of(GAZETTE.text).startswith("The store was built in 1931")
    assert omission.missing == ()


def test_a_figure_and_a_name_that_no_claim_has_are_missing() -> None:
    thin = (
        "A fire destroyed the grain store at Velden harbour on Tuesday.",
        "The blaze began in a conveyor belt.",
        *COMPLETE[2:],
    )
    first, second = omissions(whole(), claims(*thin), ())
    assert any("14" in missing for missing in first.missing)
    assert second.missing == ("Marta Olin",)


def test_a_sentence_that_is_an_instruction_is_not_asked_for() -> None:
    ignored = (span_of(GAZETTE, "The store was built in 1931"),)
    assert omissions(whole(), claims(*COMPLETE[:3]), ignored) == []
