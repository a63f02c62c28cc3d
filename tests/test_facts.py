from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from summarizer.facts.build import build_facts, uncited

from summarizer import diff, read_articles
from summarizer.compare.judges.coverage import CoverageReader, coverage
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story
from summarizer.types import (
    DiffReport,
    Fact,
    Judgement,
    OriginKind,
    Status,
    Uniqueness,
    Verdict,
)
from tests.articles import COURIER, FIRE, GAZETTE, HERALD, article
from tests.test_matching import story

ROOT = Path(__file__).parent.parent
STORIES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "evals" / "stories").iterdir())


def verdicts(found: Story, says: Callable[[str, int], float]) -> Coverage:
    """Judge by a function of a claim's text and an article's position."""
    return Coverage(
        {
            (i, a): Judgement(
                verdict=Verdict.REPORTED if says(c.claim.text, a) >= 0.5 else Verdict.ABSENT,
                probability=says(c.claim.text, a),
                nearest=found.sentences[0].span if a == found.sentences[0].article else None,
            )
            for i, c in enumerate(found.claims)
            for a in range(len(found.articles))
            if a != c.article
        }
    )


@pytest.fixture(scope="module")
def report() -> DiffReport:
    return diff(FIRE)


def the(report: DiffReport, words: str) -> Fact:
    return next(fact for fact in report.facts if words in fact.text)


def test_what_all_report_is_consensus(report: DiffReport) -> None:
    fact = next(f for f in report.facts if f.status is Status.CONSENSUS)
    assert fact.outlets == ("Gazette", "Courier", "Herald")
    assert {m.article.outlet for m in fact.mentions} == set(fact.outlets)
    assert fact.uniqueness is None
    assert fact.origins == 3


@pytest.mark.parametrize(
    ("words", "outlet"),
    [
        ("built in 1931", "Gazette"),
        ("third of the country's wheat exports", "Courier"),
        ("20 million crowns", "Herald"),
    ],
)
def test_what_one_alone_reports_is_unique(report: DiffReport, words: str, outlet: str) -> None:
    fact = the(report, words)
    assert (fact.status, fact.outlets) == (Status.UNIQUE, (outlet,))
    assert fact.uniqueness is Uniqueness.CONFIRMED
    assert {check.article.outlet for check in fact.checks} == {a.outlet for a in FIRE} - {outlet}
    assert all(check.judgement.verdict is Verdict.ABSENT for check in fact.checks)


def test_every_mention_is_a_slice_of_a_body(report: DiffReport) -> None:
    for fact in report.facts:
        for mention in fact.mentions:
            for span in mention.evidence:
                assert any(body.contains(span) for body in mention.article.body)


@pytest.fixture(scope="module", params=["examples/harbour-bridge", *STORIES])
def bundled(request: pytest.FixtureRequest) -> DiffReport:
    """Return the diff of one of the project's own stories, with all that is odd in them."""
    files = sorted(str(path) for path in (ROOT / request.param).glob("*.txt"))
    return diff(read_articles(files).articles)


def test_a_unique_fact_is_supported_by_no_other_outlet(bundled: DiffReport) -> None:
    for fact in bundled.with_status(Status.UNIQUE):
        verdicts = {check.judgement.verdict for check in fact.checks}
        assert Verdict.REPORTED not in verdicts, fact.text


def test_no_passage_is_both_shared_and_unique(bundled: DiffReport) -> None:
    shared = [
        (mention.article.id, span)
        for fact in bundled.facts
        if fact.status is not Status.UNIQUE
        for mention in fact.mentions
        for span in mention.evidence
    ]
    for fact in bundled.with_status(Status.UNIQUE):
        for mention in fact.mentions:
            for ours in mention.evidence:
                assert not any(
                    theirs.overlap(ours)
                    for article_id, theirs in shared
                    if article_id == mention.article.id
                ), fact.text


def test_a_claim_is_not_both_shared_and_unique(report: DiffReport) -> None:
    shared = {
        (m.article.id, span)
        for f in report.facts
        if f.status is not Status.UNIQUE
        for m in f.mentions
        for span in m.evidence
    }
    for fact in report.with_status(Status.UNIQUE):
        (mention,) = fact.mentions
        assert not any(
            span.overlap(other)
            for span in mention.evidence
            for article_id, other in shared
            if article_id == mention.article.id
        )


def test_facts_are_numbered_by_salience(report: DiffReport) -> None:
    assert [fact.id for fact in report.facts] == [f"f{n + 1}" for n in range(len(report.facts))]
    saliences = [fact.salience for fact in report.facts]
    assert saliences == sorted(saliences, reverse=True)
    assert all(0 <= salience <= 1 for salience in saliences)


def test_the_speaker_stays_with_the_fact(report: DiffReport) -> None:
    fact = the(report, "the store would stay closed")
    assert {m.speaker for m in fact.mentions} == {"Olin", "Port director Emil Sarre"}


def test_a_fact_another_outlet_may_report_is_disputed() -> None:
    found = story(GAZETTE, COURIER, HERALD)
    facts = build_facts(
        found, verdicts(found, lambda text, a: 0.3 if "1931" in text and a == 1 else 0.02)
    )
    fact = next(f for f in facts if "1931" in f.text)
    assert (fact.status, fact.uniqueness) == (Status.UNIQUE, Uniqueness.DISPUTED)


def test_a_figure_that_another_outlet_gives_otherwise_is_contradicted() -> None:
    one = article(
        "One",
        "Fire destroyed the grain store at Velden harbour on Tuesday, the port director said.",
        "The harbour board said the grain store would be rebuilt for 12 million crowns.",
        "A brass band played on the quay in the evening for those who had lost their work.",
    )
    two = article(
        "Two",
        "The grain store at Velden harbour was destroyed by fire on Tuesday, its director said.",
        "To rebuild the grain store the harbour board would need 20 million crowns.",
        "Fishermen stayed in port because the smoke hid the lights of the harbour entrance.",
    )
    report = diff([one, two])
    (conflict,) = report.conflicts
    assert {p.value for p in conflict.positions} == {"12 million crowns", "20 million crowns"}
    for fact in report.with_status(Status.UNIQUE):
        contradicted = [c for c in fact.checks if c.judgement.verdict is Verdict.CONTRADICTED]
        assert bool(contradicted) == ("million crowns" in fact.text)
        assert not contradicted or fact.uniqueness is Uniqueness.DISPUTED


def test_a_claim_neither_shared_nor_alone_is_left_out_and_shows_as_uncited() -> None:
    found = story(GAZETTE, COURIER, HERALD)
    facts = build_facts(
        found, verdicts(found, lambda text, a: 0.6 if "1931" in text and a == 1 else 0.02)
    )
    claims = [c.claim for c in found.claims]
    assert not any("1931" in f.text for f in facts)
    assert any("1931" in span.of(GAZETTE.text) for span in uncited(GAZETTE, facts, claims))


def test_another_article_of_the_same_outlet_does_not_make_a_fact_shared() -> None:
    again = article(
        "Gazette",
        "The grain store was built in 1931 by the Halm brothers, whose statue stands beside it.",
        "Visitors have laid flowers at the gate since Wednesday, the caretaker said.",
        id="gazette-2",
    )
    report = diff([GAZETTE, again, COURIER])
    fact = the(report, "built in 1931")
    assert (fact.status, fact.outlets) == (Status.UNIQUE, ("Gazette",))


def test_agency_copy_is_one_origin() -> None:
    agency = (
        "The regional ambulance service sent nine crews to the burning grain store shortly after "
        "dawn and took fourteen injured dock workers to two hospitals in the town of Velden."
    )
    one = article("One", agency, "Our reporter saw smoke over the harbour for hours on end.")
    two = article("Two", agency, "Mills inland have flour for nine days, their owners told us.")
    report = diff([one, two])
    fact = next(f for f in report.facts if f.status is Status.CONSENSUS)
    assert (len(fact.outlets), fact.origins) == (2, 1)
    assert [origin.kind for origin in report.origins] == [OriginKind.WIRE_COPY]


def test_what_resembles_nothing_is_not_found_anywhere() -> None:
    found = story(*FIRE)
    judged = coverage(found)
    statue = next(i for i, c in enumerate(found.claims) if "statue" in c.claim.text)
    assert all(judged.of(statue, a).probability < 0.25 for a in (1, 2))


def test_the_nearest_passage_is_in_the_article_judged() -> None:
    found = story(*FIRE)
    for (_, a), judgement in CoverageReader(found).judgements().items():
        assert 0 <= judgement.probability <= 1
        assert judgement.nearest is None or judgement.nearest.of(found.articles[a].text).strip()


def test_what_is_left_of_a_sentence_without_a_word_is_no_fact() -> None:
    spoke = (
        "The mayor of Velden spoke to the crowd on the quay, <!-- nor is this -->. All went home."
    )
    found = diff([article("One", spoke), article("Two", "The quay of Velden is closed to ships.")])
    assert all(any(map(str.isalnum, each.text)) for each in found.facts)
