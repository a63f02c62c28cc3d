"""Which claims make up one fact, by what a judge said of each."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from summarizer.facts.agreement import Agreement
from summarizer.facts.build import build_facts

from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story, match_story
from summarizer.types import Article, Claim, Judgement, Span, Status, Uniqueness, Verdict
from tests.articles import FIRE, article
from tests.test_matching import story

A = article("Alder", "A kiln burst at the Orrin glassworks.", "Two guests fainted in the heat.")
B = article("Birch", "The Orrin glassworks lost a kiln.", "A choir went on singing outside.")
C = article("Cedar", "Glass was on the road by noon.", "The Orrin kiln is from 1911.")


def claim(source: Article, text: str, sentence: int) -> Claim:
    return Claim(article=source, text=text, evidence=(source.body[sentence],))


KILN_A = claim(A, "A kiln burst at Orrin.", 0)
GUESTS = claim(A, "Two guests fainted.", 1)
KILN_B = claim(B, "Orrin lost a kiln.", 0)
CHOIR = claim(B, "A choir sang on.", 1)
ROAD = claim(C, "Glass lay on the road.", 0)
AGE = claim(C, "The kiln dates from 1911.", 1)
STORY = match_story((A, B, C), (KILN_A, GUESTS, KILN_B, CHOIR, ROAD, AGE))

Says = Mapping[tuple[Claim, Article], Span]


def judged(found: Story, says: Says) -> Coverage:
    """Return the coverage of a judge that knows exactly who reports what, and where."""
    judgements = {}
    for i, each in enumerate(found.claims):
        for a, source in enumerate(found.articles):
            if a != each.article:
                span = next(
                    (s for (c, b), s in says.items() if c == each.claim and b is source), None
                )
                judgements[i, a] = Judgement(
                    verdict=Verdict.REPORTED if span else Verdict.ABSENT,
                    probability=0.95 if span else 0.03,
                    nearest=span,
                )
    return Coverage(judgements, claimwise=True)


def groups(found: Story, says: Says) -> set[frozenset[str]]:
    """Return the texts of the claims of each group."""
    return {
        frozenset(found.claims[i].claim.text for i in group.claims)
        for group in Agreement(found, judged(found, says)).groups()
    }


def together(*claims: Claim) -> frozenset[str]:
    return frozenset(each.text for each in claims)


MUTUAL = {(KILN_A, B): B.body[0], (KILN_B, A): A.body[0]}


def test_claims_that_support_each_other_are_one_fact() -> None:
    assert groups(STORY, MUTUAL) == {
        together(KILN_A, KILN_B),
        together(GUESTS),
        together(CHOIR),
        together(ROAD),
        together(AGE),
    }


def test_support_one_way_makes_no_link() -> None:
    """The second claim says more than the first: the article joins, its claim stays."""
    says = {(KILN_A, B): B.body[0]}
    assert together(KILN_A) in groups(STORY, says)
    facts = build_facts(STORY, judged(STORY, says))
    kiln = next(f for f in facts if f.text == KILN_A.text)
    assert kiln.outlets == ("Alder", "Birch")
    assert kiln.status is Status.SHARED
    other = next(f for f in facts if f.text == KILN_B.text)
    assert other.status is Status.UNIQUE
    assert other.outlets == ("Birch",)


def test_support_that_rests_on_another_sentence_makes_no_link() -> None:
    """Each article reports the other's claim, but not where its own claim stands."""
    says = {(GUESTS, B): B.body[0], (CHOIR, A): A.body[0]}
    assert together(GUESTS) in groups(STORY, says)
    assert together(CHOIR) in groups(STORY, says)


def test_three_that_support_each_other_are_consensus() -> None:
    kiln_c = claim(C, "A kiln at Orrin is gone.", 0)
    found = match_story((A, B, C), (KILN_A, KILN_B, kiln_c))
    says = {
        (one, other.article): other.evidence[0]
        for one in (KILN_A, KILN_B, kiln_c)
        for other in (KILN_A, KILN_B, kiln_c)
        if one is not other
    }
    (fact,) = build_facts(found, judged(found, says))
    assert fact.status is Status.CONSENSUS
    assert fact.outlets == ("Alder", "Birch", "Cedar")


def test_one_verdict_of_six_that_is_missing_does_not_tear_a_fact_in_two() -> None:
    kiln_c = claim(C, "A kiln at Orrin is gone.", 0)
    found = match_story((A, B, C), (KILN_A, KILN_B, kiln_c))
    says = {
        (one, other.article): other.evidence[0]
        for one in (KILN_A, KILN_B, kiln_c)
        for other in (KILN_A, KILN_B, kiln_c)
        if one is not other and (one, other) != (KILN_A, kiln_c)
    }
    assert groups(found, says) == {together(KILN_A, KILN_B, kiln_c)}


def test_what_one_article_says_twice_is_one_fact() -> None:
    again = claim(A, "A kiln burst, at Orrin.", 1)
    found = match_story((A, B), (KILN_A, again, CHOIR))
    assert groups(found, {}) == {together(KILN_A, again), together(CHOIR)}


def test_two_claims_of_one_article_stay_two_though_another_supports_both() -> None:
    says = {
        (KILN_A, B): B.body[0],
        (GUESTS, B): B.body[0],
        (KILN_B, A): A.body[0],
    }
    found = groups(STORY, says)
    assert together(KILN_A, KILN_B) in found
    assert together(GUESTS) in found


def test_a_unique_fact_is_confirmed_only_when_every_other_article_answered() -> None:
    full = judged(STORY, {})
    gap = Coverage(
        {pair: j for pair, j in full.judgements.items() if pair != (0, 1)},
        unanswered=frozenset({(0, 1)}),
        claimwise=True,
    )
    for coverage, sure in ((full, Uniqueness.CONFIRMED), (gap, Uniqueness.UNCHECKED)):
        fact = next(f for f in build_facts(STORY, coverage) if f.text == KILN_A.text)
        assert fact.uniqueness is sure
    assert {check.article.outlet for check in fact.checks} == {"Cedar"}


FIRES = story(*FIRE)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Return any answers at all on the claims of a story, some of them missing."""
    judgements, unanswered = {}, set()
    for i, each in enumerate(FIRES.claims):
        for a in range(len(FIRES.articles)):
            if a == each.article:
                continue
            verdict = draw(st.sampled_from((*Verdict, Verdict.ABSENT, None)))
            if verdict is None:
                unanswered.add((i, a))
                continue
            spans = [s.span for s in FIRES.sentences if s.article == a]
            judgements[i, a] = Judgement(
                verdict=verdict,
                probability=draw(st.floats(0, 1)),
                nearest=draw(st.sampled_from(spans)),
            )
    return Coverage(judgements, frozenset(unanswered), claimwise=True)


@given(coverages())
def test_every_claim_is_in_exactly_one_group(coverage: Coverage) -> None:
    found = list(Agreement(FIRES, coverage).groups())
    assert sorted(i for group in found for i in group.claims) == list(range(len(FIRES.claims)))
    for group in found:
        outlets = {FIRES.articles[FIRES.claims[i].article].outlet for i in group.claims}
        assert group.alone == (
            len(outlets) == 1
            and not any(
                coverage.supported(i, a)
                for i in group.claims
                for a, other in enumerate(FIRES.articles)
                if other.outlet not in outlets
            )
        )


@given(coverages())
def test_a_fact_is_unique_only_where_nobody_else_supports_any_of_it(coverage: Coverage) -> None:
    facts = build_facts(FIRES, coverage)
    position = {source.id: i for i, source in enumerate(FIRES.articles)}
    for fact in facts:
        if fact.status is not Status.UNIQUE:
            assert fact.uniqueness is None
            continue
        claims = [
            i
            for i, each in enumerate(FIRES.claims)
            for m in fact.mentions
            if m.article == each.claim.article and m.wording == each.claim.text
        ]
        others = [i for i, a in enumerate(FIRES.articles) if a.outlet not in fact.outlets]
        for i in claims:
            assert not any(coverage.supported(i, a) for a in others)
        if fact.uniqueness is Uniqueness.CONFIRMED:
            assert {position[check.article.id] for check in fact.checks} == set(others)
            assert not any((i, a) in coverage.unanswered for i in claims for a in others)
