from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import read_article
from summarizer.compare.judges import Judge
from summarizer.compare.judges.lexical import CONTRADICTED_AT_MOST, LexicalJudge, features
from summarizer.compare.story import make_story
from summarizer.compare.support import feature_names
from summarizer.compare.texts import pieces, text_of
from summarizer.document import analyse, read
from summarizer.errors import InputError
from summarizer.pipeline import whole_text
from summarizer.text.sentences import sentences
from summarizer.types import Article, Claim, Judgement, OutletFrom, Span, Verdict
from tests.support.articles import article
from tests.support.folders import ROOT

STORY = """The old bridge over the Tarn was closed on Monday after inspectors found cracks in two \
of its piers, the harbour authority said. Mayor Ilsa Brandt said the repair would cost £1.2m and \
take six weeks. No one was injured when a lorry lost its load there in 2014.

Arvania has massed more than 100,000 troops along the border with Tarn, officials said. \
The alliance put 8,500 soldiers on alert."""
PUBLISHED = date(2022, 2, 2)


def judge(claim: str, text: str = STORY) -> Judgement:
    read = replace(whole_text(text), published=PUBLISHED)
    return LexicalJudge().judge_claim(Claim(article=read, text=claim, evidence=()), read)


@pytest.mark.parametrize(
    "claim",
    [
        "The old bridge over the Tarn was closed on Monday.",
        "Inspectors found cracks in two of its piers.",
        "Mayor Ilsa Brandt said the repair would take six weeks.",
    ],
)
def test_supported(claim: str) -> None:
    judgement = judge(claim)
    assert judgement.verdict is Verdict.REPORTED
    assert judgement.probability > 0.7


@pytest.mark.parametrize(
    ("claim", "nearest"),
    [
        ("Arvania has massed about 130,000 troops along the Tarn border.", "Arvania has massed"),
        ("The repair would cost £3m and take six weeks, Mayor Ilsa Brandt said.", "Mayor Ilsa"),
        ("The old bridge over the Tarn was closed on Friday.", "The old bridge"),
        ("The old bridge over the Tarn was not closed on Monday after inspectors found cracks in "
         "two of its piers, the harbour authority said.", "The old bridge"),
    ],
)  # fmt: skip
def test_contradicted(claim: str, nearest: str) -> None:
    judgement = judge(claim)
    assert judgement.verdict is Verdict.CONTRADICTED
    assert judgement.probability <= CONTRADICTED_AT_MOST
    assert judgement.nearest is not None
    assert judgement.nearest.of(STORY).startswith(nearest)


@pytest.mark.parametrize(
    "claim",
    [
        "The alliance will send 3,000 soldiers to the islands.",
        "Belvania has massed 130,000 troops in the desert.",
        "A ferry will carry 400 commuters a day.",
        "Three lorries were damaged.",
    ],
)
def test_another_quantity_is_no_contradiction(claim: str) -> None:
    judgement = judge(claim)
    assert judgement.verdict is Verdict.ABSENT
    assert judgement.probability < 0.5


def test_the_ages_of_two_people_are_no_contradiction() -> None:
    text = "Police said a man, 22, from Tarn, was arrested over the fire at the harbour."
    claim = "A 15-year-old boy from Tarn was arrested over the fire at the harbour."
    assert judge(claim, text).verdict is not Verdict.CONTRADICTED


def test_the_age_of_one_person_can_be_contradicted() -> None:
    text = "Ilsa Brandt, 44, was elected mayor of Tarn after a close vote."
    assert judge("Ilsa Brandt, 54, was elected mayor of Tarn.", text).verdict is (
        Verdict.CONTRADICTED
    )


def test_a_figure_in_another_wording_is_no_contradiction() -> None:
    claim = "Arvania has massed at least 100 thousand troops along the border with Tarn."
    assert judge(claim).verdict is Verdict.REPORTED


def test_one_date_by_two_names_is_no_contradiction() -> None:
    assert judge("The old bridge over the Tarn was closed on Jan. 31.").verdict is not (
        Verdict.CONTRADICTED
    )


def test_not_until_a_day_is_on_that_day() -> None:
    text = "The cows were not found until Wednesday, against a hedge of the neighbour's field."
    claim = "The cows were found on Wednesday against a hedge of the neighbour's field."
    assert judge(claim, text).verdict is Verdict.REPORTED


def test_a_weekday_may_be_of_the_week_before() -> None:
    text = "It took three darts to move the brown bear to its new enclosure on Tuesday."
    claim = "The brown bear was moved to its new enclosure on 1 February."
    assert judge(claim, text).verdict is not Verdict.CONTRADICTED


def test_a_day_that_another_sentence_has_is_no_contradiction() -> None:
    text = (
        "The gates of the dam opened on Monday. The gates of the dam opened on Friday, says Roos."
    )
    claim = "The gates of the dam opened on Monday."
    assert judge(claim, text).verdict is not Verdict.CONTRADICTED


@pytest.mark.parametrize("claim", ["", "...", "of the", "§"])
def test_nothing_claimed_is_not_found(claim: str) -> None:
    judgement = judge(claim)
    assert (judgement.verdict, judgement.nearest) == (Verdict.ABSENT, None)


@pytest.mark.parametrize("text", ["", "\n\n", "."])
def test_an_empty_document_supports_nothing(text: str) -> None:
    assert judge("The bridge was closed.", text).verdict is Verdict.ABSENT


@settings(max_examples=40)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_gets_a_judgement(claim: str, text: str) -> None:
    judgement = judge(claim, text)
    assert 0 <= judgement.probability <= 1
    assert judgement.nearest is None or judgement.nearest.end <= len(text)


def test_only_the_body_is_judged_and_offsets_are_the_articles() -> None:
    start = STORY.index("Arvania")
    article = Article(
        id="a1",
        source="a.txt",
        sha256="",
        text=STORY,
        body=(Span(start, len(STORY)),),
        outlet="A",
        outlet_from=OutletFrom.FLAG,
        published=PUBLISHED,
    )
    lexical: Judge = LexicalJudge()
    bridge, troops = lexical.judge(
        [
            Claim(article=article, text="The old bridge over the Tarn was closed.", evidence=()),
            Claim(article=article, text="The alliance put soldiers on alert.", evidence=()),
        ],
        article,
    ).judgements
    assert bridge is not None
    assert troops is not None
    assert bridge.verdict is Verdict.ABSENT
    assert troops.verdict is Verdict.REPORTED
    assert troops.nearest is not None
    assert troops.nearest.of(STORY) == "The alliance put 8,500 soldiers on alert."


def test_other_languages_are_read_with_their_own_words() -> None:
    text = "Die alte Brücke über den Fluss wurde am Montag gesperrt, teilte die Behörde mit."
    article = Article(
        id="a1",
        source="a.txt",
        sha256="",
        text=text,
        body=(Span(0, len(text)),),
        outlet="A",
        outlet_from=OutletFrom.FLAG,
        language="de-DE",
    )
    claim = Claim(article=article, text="Die Brücke über den Fluss wurde gesperrt.", evidence=())
    judgement = LexicalJudge().judge_claim(claim, article)
    assert judgement.verdict is Verdict.REPORTED


def test_a_document_is_analysed_once() -> None:
    assert text_of(whole_text(STORY)) is text_of(whole_text(STORY))


def test_each_feature_has_its_weight() -> None:
    document = text_of(whole_text(STORY))
    row = features(STORY, pieces(STORY, document), document, objected=False)
    assert set(feature_names("supported")) <= set(row)


ARTICLES = sorted(
    str(path) for folder in ("evals/cases", "examples") for path in (ROOT / folder).rglob("*.txt")
)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: Path(path).stem)
def test_an_article_supports_each_of_its_own_sentences(path: str) -> None:
    """Whatever a check of details makes of them; but for those that say nothing."""
    try:
        article = read_article(path)
    except InputError:
        pytest.skip("a page without an article, which a case is about")
    for part in article.body:
        for span in sentences(article.text, part):
            claim = Claim(article=article, text=span.of(article.text), evidence=(span,))
            if len(read(claim.text, article.published, article.language or "en").content) > 1:
                found = LexicalJudge().judge_claim(claim, article)
                assert (found.verdict, found.reason) == (Verdict.REPORTED, ""), claim.text


def test_labelled_pairs_are_told_apart() -> None:
    path = Path("../shared/judge/propsegment-wiki.jsonl")
    if not path.exists():
        pytest.skip("the labelled pairs are not beside the project")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    scored = [
        (judge(row["claim"], row["document"]).probability, row["label"] == "supported")
        for row in rows
    ]
    right = [p for p, supported in scored if supported]
    wrong = [p for p, supported in scored if not supported]
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    assert wins / (len(right) * len(wrong)) > 0.9


def test_a_title_may_stand_behind_the_first_sentence_of_a_body() -> None:
    title = "Cracks close Marrow bridge"
    first = "The harbour bridge at Marrow was shut on Monday."
    written = article("Gazette", first, title, "Inspectors are to come on Friday.")
    behind = replace(written, title=title, body=(written.body[0], written.body[2]))
    other = article("Courier", "Cracks close the harbour bridge at Marrow, shut on Monday.")
    documents = [analyse(behind), analyse(other)]
    (line,) = [sentence.span for sentence in documents[1].body]
    claim = Claim(article=other, text=line.of(other.text), evidence=(line,))
    (judgement,) = LexicalJudge(make_story(documents, [claim])).judge([claim], behind).judgements
    assert judgement is not None
    assert judgement.nearest == Span(0, len(first) + 2 + len(title))
