"""What is looked up in the sentences of an article is what a look at each of them finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from summarizer.compare.story import SentenceIndex
from tests.support.articles import article
from tests.support.stories import story

WORDS = ["bridge", "harbour", "school", "library", "market", "tower", "ferry", "tunnel", "mill"]
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=2)


@given(SENTENCES, st.frozensets(st.sampled_from(WORDS)))
def test_the_most_that_a_sentence_has_is_the_greatest_weight(
    told: list[list[str]], asked: frozenset[str]
) -> None:
    text = " ".join(f"He saw the {' and the '.join(words)} there." for words in told)
    compared = story(articles=[article("Gazette", text), article("Courier", "It rained.")])
    document, total = compared.documents[0], compared.vocabulary.total
    stems = document.analyse(" ".join(sorted(asked))).stems
    weights = [total(sentence.reading.stems & stems) for sentence in document.sentences]
    assert SentenceIndex(document, compared.vocabulary).most(stems) == max(weights)


def test_the_closest_sentences_are_those_with_most_of_the_words_in_reading_order() -> None:
    text = "The mill burned. The pier was shut. The mill and the pier are old. It rained."
    compared = story(articles=[article("Gazette", text), article("Courier", "It snowed.")])
    (document, _), vocabulary = compared.documents, compared.vocabulary
    index, stems = SentenceIndex(document, vocabulary), document.analyse("mill, pier, shut").stems
    assert index.closest(stems, most=2, least=0.1) == list(document.sentences[1:3])
    assert index.closest(stems, most=9, least=0.1) == list(document.sentences[:3])
    assert index.closest(stems, most=9, least=0.9) == []


def test_a_text_is_found_in_its_sentence_whatever_its_white_space() -> None:
    text = "The pier\nwas shut. The mill burned down. The pier was rebuilt."
    compared = story(articles=[article("Gazette", text)])
    (document,) = compared.documents
    telling = SentenceIndex(document, compared.vocabulary)
    assert telling.sentence_of("The  pier was") == document.sentences[0]
    assert telling.sentence_of("pier was rebuilt.") == document.sentences[2]
    assert telling.sentence_of("was shut. The mill") is None
