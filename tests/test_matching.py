from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summarizer.matching.vocabulary import Vocabulary

from summarizer.engines import ExtractiveEngine
from summarizer.matching.pairs import CANDIDATES, PAIR_FEATURES, Matcher, Stretch
from summarizer.matching.story import Story, match_story
from summarizer.matching.weights import CLAIM_PAIRS, SENTENCE_PAIRS
from summarizer.pipeline import read_claims
from summarizer.text.logistic import LogisticModel, logit, sigmoid
from summarizer.text.passage import read
from summarizer.types import Article
from tests.articles import FIRE, GAZETTE


def story(*articles: Article) -> Story:
    engine = ExtractiveEngine()
    return match_story(articles, [c for a in articles for c in read_claims(a, engine)[0]])


def test_the_best_match_of_a_sentence_reports_the_same() -> None:
    found = story(*FIRE)
    lead = next(i for i, s in enumerate(found.sentences) if s.reading.text.startswith("A fire"))
    best = {}
    for match in reversed(found.sentence_matches[lead]):
        best[found.sentences[match.other].article] = match
    assert found.sentences[best[1].other].reading.text.startswith("Flames destroyed")
    assert found.sentences[best[2].other].reading.text.startswith("The grain store at Velden")
    assert all(match.probability > 0.5 for match in best.values())


def test_stretches_of_one_article_do_not_match_each_other() -> None:
    found = story(*FIRE)
    for i, matches in enumerate(found.sentence_matches):
        own = found.sentences[i].article
        assert all(found.sentences[match.other].article != own for match in matches)


def test_matching_is_symmetric() -> None:
    found = story(*FIRE)
    for matches in (found.claim_matches, found.sentence_matches):
        pairs = {(i, m.other): m.probability for i, ms in enumerate(matches) for m in ms}
        assert pairs == {(b, a): p for (a, b), p in pairs.items()}


def test_the_headline_is_looked_at_but_is_no_claim() -> None:
    found = story(GAZETTE)
    assert found.sentences[0].reading.text == GAZETTE.title
    assert all(claim.claim.text != GAZETTE.title for claim in found.claims)


def test_a_claim_stands_in_its_own_sentence() -> None:
    found = story(*FIRE)
    for claim in found.claims:
        sentence = found.sentences[claim.sentence]
        assert sentence.article == claim.article
        assert sentence.span.contains(claim.claim.evidence[0])


def test_candidates_are_bounded_in_a_large_story() -> None:
    reading = read("The ferry ran aground off Port Marrow with many people aboard.")
    stretches = [Stretch(article=i, reading=reading, context=reading) for i in range(300)]
    found = list(Matcher(stretches, Vocabulary([reading.stems]), None).pairs())
    assert len(found) <= 300 * CANDIDATES
    assert all(len(features) == len(PAIR_FEATURES) for _, _, features in found)


def test_the_models_are_over_the_features_they_are_given() -> None:
    for model in (CLAIM_PAIRS, SENTENCE_PAIRS):
        assert tuple(name for name, _ in model.weights) == PAIR_FEATURES


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    vocabulary = Vocabulary([frozenset({"port", "fire"}), frozenset({"port"}), frozenset({"port"})])
    assert 0 <= vocabulary.weight("port") < vocabulary.weight("fire") <= 1
    assert vocabulary.weight("never seen") == 1


@given(st.sets(st.sampled_from("abcdefgh")), st.sets(st.sampled_from("abcdefgh")))
def test_coverage_is_between_nothing_and_all(mine: set[str], theirs: set[str]) -> None:
    vocabulary = Vocabulary([frozenset("abc"), frozenset("cde"), frozenset("fgh")])
    covered = vocabulary.covered(frozenset(mine), frozenset(theirs), frozenset())
    assert 0 <= covered <= vocabulary.total(mine) + 1e-9
    assert vocabulary.covered(frozenset(mine), frozenset(mine), frozenset()) == pytest.approx(
        vocabulary.total(mine)
    )


@given(st.floats(-1000, 1000))
def test_log_odds_make_a_probability(log_odds: float) -> None:
    assert 0 <= sigmoid(log_odds) <= 1
    assert abs(logit(sigmoid(log_odds))) <= 10


def test_a_row_of_another_length_is_refused() -> None:
    model = LogisticModel(bias=0.0, weights=(("a", 1.0),))
    assert model.probability((0.0,)) == 0.5
    with pytest.raises(ValueError, match="zip"):
        model.probability((1.0, 2.0))
