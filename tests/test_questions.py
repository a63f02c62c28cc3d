"""What a judge is asked of each article, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summarizer.compare.judges.questions import (
    CONTRADICTED_AT_MOST,
    DOUBTED,
    WORD_FOR_WORD,
    Answers,
    Questions,
)
from summarizer.pipeline.hearing import hear

from summarizer.compare.judges.coverage import coverage
from summarizer.compare.judges.parts import MOST_CLAIMS, Sentences, batches, in_parts, strongest
from summarizer.compare.judges.protocol import Judged
from summarizer.engines import ExtractiveEngine, SummaryDraft
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong, ServerFailed
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story, match_story
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.progress import silent
from summarizer.types import Article, Claim, Judgement, RejectReason, Span, Verdict
from tests.articles import article

ONE = article(
    "One",
    "The bridge over the Aske was closed on Monday after a barge struck a pillar.",
    "Engineers measured a crack of 14 centimetres in the pillar.",
    "A ferry carries cyclists across for free.",
)
TWO = article(
    "Two",
    "After a barge struck a pillar the bridge over the Aske was closed on Monday.",
    "Engineers measured a crack of 9 centimetres in the pillar.",
    "The mayor cut short her holiday in the hills.",
)
THREE = article(
    "Three",
    "Lorries wait for hours at the only other crossing over the Aske, forty kilometres north of "
    "the town.",
)


def claim(source: Article, text: str, sentence: int = 0) -> Claim:
    """Return a claim that rests on one paragraph of an article."""
    return Claim(article=source, text=text, evidence=(source.body[sentence],))


def own_words(source: Article, sentence: int) -> Claim:
    """Return a paragraph as a claim in its own words."""
    return claim(source, source.body[sentence].of(source.text), sentence)


def put(
    *claims: Claim,
    articles: Sequence[Article] = (ONE, TWO),
    summaries: Sequence[Claim] = (),
    others: bool = True,
) -> tuple[Story, Questions]:
    """Return a story of these claims, and the questions on it."""
    story = match_story(articles, claims)
    return story, Questions(story, coverage(story), summaries, others=others)


def yes(nearest: Span | None, probability: float = 0.9) -> Judgement:
    return Judgement(verdict=Verdict.REPORTED, probability=probability, nearest=nearest)


def no(probability: float = 0.05) -> Judgement:
    return Judgement(verdict=Verdict.ABSENT, probability=probability, nearest=None)


def answered(questions: Questions, answer: Callable[[int, str], Judgement | None]) -> Answers:
    """Answer all questions on articles 0 and 1 by a function of article and wording."""
    found: dict[tuple[int, str], Judgement | None] = {}
    for i in (0, 1):
        given = [answer(i, asked.text) for asked in questions.of(i)]
        found.update(questions.answers(i, given))
    return found


FERRY = "Cyclists may take a ferry at no cost."
HOLIDAY = "The head of the town came back early from the hills."


def test_each_article_is_asked_about_the_claims_of_the_others_and_its_own_reworded_ones() -> None:
    ferry, holiday = claim(ONE, FERRY, 2), claim(TWO, HOLIDAY, 2)
    _, questions = put(ferry, holiday)
    assert {c.text for c in questions.of(0)} == {FERRY, HOLIDAY}
    assert {c.text for c in questions.of(1)} == {FERRY, HOLIDAY}


def test_a_claim_in_its_articles_own_words_is_not_asked_of_that_article() -> None:
    _, questions = put(own_words(ONE, 2))
    assert questions.of(0) == ()
    assert [c.text for c in questions.of(1)] == [ONE.body[2].of(ONE.text)]


def test_a_claim_that_another_article_has_word_for_word_is_settled() -> None:
    story, questions = put(claim(ONE, "A barge struck a pillar of the bridge over the Aske."))
    assert questions.of(1) == ()
    found = questions.coverage({}).of(0, 1)
    assert found.verdict is Verdict.REPORTED
    assert found.probability == WORD_FOR_WORD
    assert found.nearest == TWO.body[0]
    assert not questions.coverage({}).unanswered
    assert story.claims[0].article == 0


def test_the_same_words_with_another_figure_are_asked_about() -> None:
    _, questions = put(own_words(ONE, 1))
    assert len(questions.of(1)) == 1


def test_one_wording_of_what_two_outlets_say_is_put_to_a_third() -> None:
    _, questions = put(own_words(ONE, 0), own_words(TWO, 0), articles=(ONE, TWO, THREE))
    assert [c.text for c in questions.of(2)] == [ONE.body[0].of(ONE.text)]


def test_the_answer_to_one_wording_counts_for_the_other() -> None:
    story, questions = put(own_words(ONE, 0), own_words(TWO, 0), articles=(ONE, TWO, THREE))
    answers = questions.answers(2, [yes(THREE.body[0])])
    found = questions.coverage(answers)
    assert [c.article for c in story.claims] == [0, 1]
    assert found.supported(0, 2)
    assert found.supported(1, 2)


def test_a_yes_whose_passage_has_no_word_of_the_claim_is_no_answer() -> None:
    lorries = claim(TWO, "The detour costs drivers half a day.", 0)
    _, questions = put(lorries, articles=(ONE, TWO, THREE))
    found = questions.coverage(questions.answers(2, [yes(THREE.body[0])]))
    assert (0, 2) in found.unanswered
    assert not found.supported(0, 2)


def test_a_claim_made_twice_is_asked_once() -> None:
    _, questions = put(claim(ONE, FERRY, 2), claim(ONE, FERRY, 2))
    assert [c.text for c in questions.of(1)] == [FERRY]


def test_who_says_it_is_part_of_what_is_asked() -> None:
    said = replace(claim(ONE, FERRY, 2), speaker="the ferry office")
    _, questions = put(claim(ONE, FERRY, 2), said)
    assert len(questions.of(1)) == 2


def test_what_was_not_answered_is_known_as_such() -> None:
    _, questions = put(claim(ONE, FERRY, 2), claim(TWO, HOLIDAY, 2))
    assert questions.coverage({}).unanswered == {(0, 1), (1, 0)}
    half = answered(questions, lambda i, text: no() if i == 0 else None)
    assert questions.coverage(half).unanswered == {(0, 1)}
    assert questions.coverage(half).claimwise


def test_a_yes_without_a_passage_proves_nothing() -> None:
    _, questions = put(claim(ONE, FERRY, 2), articles=(ONE, THREE))
    found = questions.coverage(answered(questions, lambda i, text: yes(None)))
    assert found.unanswered == {(0, 1)} or found.of(0, 1).nearest is not None


def test_a_yes_is_overruled_where_the_figures_say_otherwise() -> None:
    _, questions = put(own_words(ONE, 1))
    found = questions.coverage(answered(questions, lambda i, text: yes(TWO.body[1]))).of(0, 1)
    assert found.verdict is Verdict.CONTRADICTED
    assert found.probability <= CONTRADICTED_AT_MOST
    assert found.nearest == TWO.body[1]


def test_a_no_is_doubted_where_the_words_say_yes() -> None:
    near = "The bridge over the Aske was closed on Monday when a barge hit it, a pillar was struck."
    story, questions = put(claim(ONE, near))
    words = coverage(story).of(0, 1)
    assert words.verdict is Verdict.REPORTED
    found = questions.coverage(answered(questions, lambda i, text: no())).of(0, 1)
    if questions.of(1):
        assert found.verdict is Verdict.ABSENT
        assert found.probability == DOUBTED
    assert found.nearest


def test_a_no_shows_what_came_nearest() -> None:
    _, questions = put(own_words(ONE, 1))
    found = questions.coverage(answered(questions, lambda i, text: no())).of(0, 1)
    assert found.nearest == TWO.body[1]


def test_without_others_only_an_articles_own_claims_and_summary_are_asked() -> None:
    summary = [claim(ONE, "Cyclists cross on a ferry without paying.", 2)]
    _, questions = put(
        claim(ONE, FERRY, 2), claim(TWO, HOLIDAY, 2), summaries=summary, others=False
    )
    assert [c.text for c in questions.of(0)] == [FERRY, summary[0].text]
    assert [c.text for c in questions.of(1)] == [HOLIDAY]


def test_what_an_article_says_of_its_own_claim() -> None:
    _, questions = put(claim(ONE, FERRY, 2))
    verbatim = questions.own(own_words(ONE, 2), 0, {})
    assert verbatim is not None
    assert verbatim.probability == WORD_FOR_WORD
    assert questions.own(claim(ONE, FERRY, 2), 0, {}) is None
    answers = answered(questions, lambda i, text: no())
    assert questions.own(claim(ONE, FERRY, 2), 0, answers) == no()


def test_a_summary_without_a_source_is_not_asked_about() -> None:
    nowhere = Claim(article=ONE, text="The bridge will be blown up on Friday.", evidence=())
    _, questions = put(claim(ONE, FERRY, 2), summaries=[nowhere])
    assert nowhere.text not in {c.text for i in (0, 1) for c in questions.of(i)}


class Oracle:
    """A judge that finds a claim where one of its articles' words is known to report it."""

    name = "oracle"
    prompts = ()
    asks = True

    def __init__(self, reported: dict[str, dict[str, Span]]) -> None:
        self._reported = reported
        self.asked: list[tuple[str, str]] = []

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        self.asked += [(article.outlet, claim.text) for claim in claims]
        where = [self._reported.get(claim.text, {}).get(article.outlet) for claim in claims]
        return Judged(tuple(yes(span) if span else no() for span in where))


def desk(judge: Oracle) -> Desk:
    return Desk(engine=ExtractiveEngine(), judge=judge)


def test_claims_and_summaries_that_their_article_does_not_bear_out_are_rejected() -> None:
    judge = Oracle({FERRY: {"One": ONE.body[2]}})
    claims = [claim(ONE, FERRY, 2), claim(TWO, HOLIDAY, 2)]
    drafts = {
        "one": [SummaryDraft(FERRY, (ONE.body[2],)), SummaryDraft("It snowed on the quay.", ())],
        "two": [SummaryDraft("The mayor has resigned from her office.", (TWO.body[2],))],
    }
    heard = hear(desk(judge), match_story((ONE, TWO), claims), drafts, silent)
    assert [c.text for c in heard.claims] == [FERRY]
    assert {k: [s.text for s in v] for k, v in heard.summaries.items()} == {"one": [FERRY]}
    assert {(r.text, r.reason) for r in heard.rejected} == {
        (HOLIDAY, RejectReason.UNSUPPORTED),
        ("The mayor has resigned from her office.", RejectReason.UNSUPPORTED),
        ("It snowed on the quay.", RejectReason.UNGROUNDED),
    }
    assert len(judge.asked) == len(set(judge.asked))


def test_a_claim_rests_on_the_passage_that_its_article_bears_it_out_with() -> None:
    judge = Oracle({FERRY: {"One": ONE.body[2]}})
    heard = hear(desk(judge), match_story((ONE, TWO), [claim(ONE, FERRY, 0)]), {}, silent)
    assert heard.claims[0].evidence == (ONE.body[2],)


CLAIMS = [claim(ONE, f"The {n}th barge of the day waited at the lock.") for n in range(9)]


def test_a_long_article_is_judged_in_parts_and_each_part_about_every_claim() -> None:
    long = article("Long", *(f"Barge number {n} waited at the lock of Aske." for n in range(60)))
    seen: list[tuple[int, Sentences]] = []

    def ask(claims: Sequence[Claim], article: Article, sentences: Sentences) -> list[Judgement]:
        seen.append((len(claims), sentences))
        last = any("59" in span.of(long.text) for span in sentences)
        return [yes(sentences[-1]) if last else no() for _ in claims]

    found = in_parts(CLAIMS, long, 16, ask)
    assert len({sentences for _, sentences in seen}) > 2
    judged = [span for sentences in {s: None for _, s in seen} for span in sentences]
    assert [span.of(long.text) for span in judged] == [span.of(long.text) for span in long.body]
    assert {j.verdict for j in found.judgements if j} == {Verdict.REPORTED}
    assert sum(n for n, _ in seen) == len(CLAIMS) * len({s for _, s in seen})


@pytest.mark.parametrize("error", [AnswerTruncated, PromptTooLong])
def test_claims_that_do_not_fit_are_asked_about_in_halves(error: type[AnswerTruncated]) -> None:
    sizes: list[int] = []

    def ask(claims: Sequence[Claim], article: Article, sentences: Sentences) -> list[Judgement]:
        sizes.append(len(claims))
        if len(claims) > 3:
            raise error("too much")
        return [no(float(c.text[4]) / 100) for c in claims]

    found = in_parts(CLAIMS, ONE, 1500, ask)
    assert not found.failures
    assert [j.probability for j in found.judgements if j] == [n / 100 for n in range(9)]
    assert sizes == [9, 4, 2, 2, 5, 2, 3]


def test_one_claim_that_does_not_fit_ends_the_attempt() -> None:
    """Else an article that is too long by itself would be sent again for every claim."""
    sizes: list[int] = []

    def ask(claims: Sequence[Claim], article: Article, sentences: Sentences) -> list[Judgement]:
        sizes.append(len(claims))
        raise PromptTooLong("too much")

    found = in_parts(CLAIMS, ONE, 1500, ask)
    assert sizes == [9, 4, 2, 1]
    assert found.judgements == (None,) * 9
    assert [type(failure) for failure in found.failures] == [PromptTooLong]


def test_a_request_that_fails_costs_its_own_claims_only() -> None:
    many = [claim(ONE, f"The {n}th barge of the day waited.") for n in range(MOST_CLAIMS + 5)]

    def ask(claims: Sequence[Claim], article: Article, sentences: Sentences) -> list[Judgement]:
        if len(claims) == MOST_CLAIMS:
            raise ServerFailed("no")
        return [no() for _ in claims]

    found = in_parts(many, ONE, 1_000_000, ask)
    assert found.judgements == (None,) * MOST_CLAIMS + (no(),) * 5
    assert [type(failure) for failure in found.failures] == [ServerFailed]


def test_claims_left_out_of_an_answer_are_told_and_the_others_stand() -> None:
    def ask(
        claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        return [no() if n % 3 else None for n in range(len(claims))]

    found = in_parts(CLAIMS, ONE, 1500, ask)
    assert [j is None for j in found.judgements] == [n % 3 == 0 for n in range(9)]
    (failure,) = found.failures
    assert isinstance(failure, AnswerUnusable)
    assert "3 of 9 claims" in failure.message
    assert ONE.source in failure.message


@given(st.lists(st.integers(1, 300), max_size=450), st.integers(16, 4000))
def test_batches_hold_every_claim_once_in_order(lengths: list[int], budget: int) -> None:
    claims = [claim(ONE, "x" * length) for length in lengths]
    found = list(batches(claims, budget))
    assert [i for batch in found for i in batch] == list(range(len(claims)))
    assert all(1 <= len(batch) <= MOST_CLAIMS for batch in found)


JUDGEMENTS = st.builds(
    Judgement, verdict=st.sampled_from(Verdict), probability=st.floats(0, 1), nearest=st.none()
)


@given(st.lists(st.none() | JUDGEMENTS, min_size=1))
def test_one_part_that_reports_a_claim_is_enough_and_silence_needs_all(
    found: list[Judgement | None],
) -> None:
    verdicts = {j.verdict for j in found if j}
    strong = strongest(found)
    for verdict in (Verdict.REPORTED, Verdict.CONTRADICTED):
        if verdict in verdicts:
            assert strong is not None
            assert strong.verdict is verdict
            return
    assert (strong is None) == (None in found)


def test_coverage_has_an_answer_or_a_gap_for_every_pair() -> None:
    story, questions = put(own_words(ONE, 0), own_words(ONE, 1), claim(TWO, HOLIDAY, 2))
    found: Coverage = questions.coverage(answered(questions, lambda i, text: no()))
    for i, each in enumerate(story.claims):
        other = 1 - each.article
        assert ((i, other) in found.judgements) != ((i, other) in found.unanswered)
