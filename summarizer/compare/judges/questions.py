"""What a judge that asks is to be asked of each article, and what its answers come to.

Of each article three things are in question: whether it reports what the others claim,
whether it says what its own claims say, and whether it supports its summary. All go into
one request. What the words settle (``judges.wording``) is not asked, and nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from summarizer.compare.judges.lexical import contradicting_passage
from summarizer.compare.judges.wording import has_figures, shares_a_word, tells
from summarizer.matching.judged import Coverage, Pair
from summarizer.matching.story import Sentence, Story
from summarizer.prompts.material import said
from summarizer.text.passage import Reading, read
from summarizer.types import Article, Claim, Judgement, Verdict

WORD_FOR_WORD = 0.99
"""The probability that a passage with a claim's own words reports it: of 113 such pairs of the
annotated stories all were labelled so."""

SETTLED_FROM = 0.9
"""From this probability that an article reports a claim, the words settle it: of 331 such
pairs of the annotated stories 327 were labelled so. The other way the words settle nothing:
of 392 pairs with no word worth mentioning in common 75 were labelled as reported."""

DOUBTED = 0.3
"""The least probability of support where the judge finds nothing and the words say that the
article reports the claim: too much to call it unique without a question mark."""

CONTRADICTED_AT_MOST = 0.1
"""The probability left to a claim whose figures or dates an article contradicts."""

Answers = Mapping[tuple[int, str], Judgement | None]
"""By the article's position and the claim as it is put; None where no answer came."""


class Questions:
    """The questions on one story.

    Args:
        story: The matched story.
        words: What the words say of each claim and article.
        summaries: Summary sentences to be checked, as claims of their own articles.
        others: Whether articles are asked about the claims of other articles at all.
    """

    def __init__(
        self,
        story: Story,
        words: Coverage,
        summaries: Sequence[Claim] = (),
        *,
        others: bool = True,
    ) -> None:
        self._story = story
        self._words = words
        self._position = {article.id: i for i, article in enumerate(story.articles)}
        self._settled: dict[Pair, Judgement] = {}
        self._asked: dict[int, dict[str, Claim]] = {i: {} for i in range(len(story.articles))}
        self._sentences: dict[int, list[Sentence]] = defaultdict(list)
        for sentence in story.sentences:
            self._sentences[sentence.article].append(sentence)
        self._put_as = self._wordings()
        for claim in (*(found.claim for found in story.claims), *summaries):
            self._put_own(claim)
        if others:
            self._put_others()

    def of(self, article: int) -> tuple[Claim, ...]:
        """Return the claims to be put to an article, each once."""
        return tuple(self._asked[article].values())

    def answers(self, article: int, found: Sequence[Judgement | None]) -> Answers:
        """Return the judgements on the claims of ``of``, in their order, by what was asked."""
        return dict(zip(((article, key) for key in self._asked[article]), found, strict=True))

    def own(self, claim: Claim, article: int, answers: Answers) -> Judgement | None:
        """Return whether an article supports a claim made of it; None where nobody knows."""
        if is_verbatim(claim):
            return _word_for_word(claim)
        of = self._story.articles[article]
        found = _checked(claim, of, answers.get((article, said(claim))))
        return None if found is None or _is_beside_the_point(claim, of, found) else found

    def coverage(self, answers: Answers) -> Coverage:
        """Return which articles report which claims."""
        judgements: dict[Pair, Judgement] = dict(self._settled)
        unanswered = set()
        for i, found in enumerate(self._story.claims):
            for article in range(len(self._story.articles)):
                pair = (i, article)
                if article == found.article or pair in self._settled:
                    continue
                answer = answers.get((article, said(self._story.claims[self._put_as[i]].claim)))
                judgement = self._weighed(pair, answer) if answer else None
                if judgement is None or self._proves_nothing(pair, judgement):
                    unanswered.add(pair)
                else:
                    judgements[pair] = judgement
        return Coverage(judgements, frozenset(unanswered), claimwise=True)

    def _put_own(self, claim: Claim) -> None:
        """Ask an article about a claim made of it, unless that is in its own words."""
        if claim.evidence and not is_verbatim(claim):
            self._asked[self._position[claim.article.id]].setdefault(said(claim), claim)

    def _put_others(self) -> None:
        """Ask each article about the claims of all others, unless its words settle them."""
        for i, found in enumerate(self._story.claims):
            for article in range(len(self._story.articles)):
                if article == found.article:
                    continue
                told = self._telling(article, found.reading) or self._surely(i, article)
                if told is None:
                    put = self._story.claims[self._put_as[i]].claim
                    self._asked[article].setdefault(said(put), put)
                else:
                    self._settled[i, article] = told

    def _wordings(self) -> list[int]:
        """Return, for each claim, the claim that is put in its place: itself, or an earlier one.

        Where the words are sure that two outlets' claims say the same, one question is enough.
        """
        put_as = list(range(len(self._story.claims)))
        for i, matches in enumerate(self._story.claim_matches):
            for match in matches:
                if match.probability < SETTLED_FROM:
                    break
                if match.other < i and self._same(i, match.other):
                    put_as[i] = put_as[match.other]
                    break
        return put_as

    def _same(self, i: int, j: int) -> bool:
        """Return whether the words are sure of two claims both ways, figures and all."""
        a, b = self._story.claims[i], self._story.claims[j]
        return (
            self._surely(i, b.article) is not None
            and self._surely(j, a.article) is not None
            and has_figures(a.reading, b.reading)
            and has_figures(b.reading, a.reading)
        )

    def _telling(self, article: int, claim: Reading) -> Judgement | None:
        """Return the judgement of an article that has a claim word for word, if it has."""
        for sentence in self._sentences[article]:
            if tells(sentence.reading, claim):
                return Judgement(
                    verdict=Verdict.REPORTED, probability=WORD_FOR_WORD, nearest=sentence.span
                )
        return None

    def _surely(self, claim: int, article: int) -> Judgement | None:
        """Return what the words say of a claim and an article, if they are sure of a yes.

        They are not where a figure, a date or a denial of the article is against it.
        """
        found = self._words.of(claim, article)
        sure = found.verdict is Verdict.REPORTED and found.probability >= SETTLED_FROM
        if not sure or not found.nearest:
            return None
        told = self._story.claims[claim].claim
        return None if contradicting_passage(told, self._story.articles[article]) else found

    def _proves_nothing(self, pair: Pair, judgement: Judgement) -> bool:
        """Return whether a judgement is no not-found and has no passage to show for it."""
        if judgement.verdict is Verdict.ABSENT:
            return False
        claim, article = self._story.claims[pair[0]].claim, self._story.articles[pair[1]]
        return judgement.nearest is None or _is_beside_the_point(claim, article, judgement)

    def _weighed(self, pair: Pair, answer: Judgement) -> Judgement:
        """Return an answer with the nearest passage, overruled by figures, doubted by words."""
        claim, article = self._story.claims[pair[0]].claim, self._story.articles[pair[1]]
        checked = _checked(claim, article, answer) or answer
        words = self._words.of(*pair)
        doubted = checked.verdict is Verdict.ABSENT and words.verdict is Verdict.REPORTED
        return replace(
            checked,
            nearest=checked.nearest or words.nearest,
            probability=max(checked.probability, DOUBTED) if doubted else checked.probability,
        )


def is_verbatim(claim: Claim) -> bool:
    """Return whether a claim has the words of its own evidence."""
    if not claim.evidence:
        return False
    quote = " ".join(claim.quote.split())
    if claim.text in quote:
        return True
    published, language = claim.article.published, claim.article.language or "en"
    return tells(read(quote, published, language), read(claim.text, published, language))


def _is_beside_the_point(claim: Claim, article: Article, judgement: Judgement) -> bool:
    """Return whether a judgement is a yes whose passage has no word of the claim.

    A judge that was talked into agreeing shows any passage. Across languages words tell nothing.
    """
    passage = judgement.nearest
    if judgement.verdict is not Verdict.REPORTED or passage is None:
        return False
    if (claim.article.language or "en") != (article.language or "en"):
        return False
    language = article.language or "en"
    shown = read(passage.of(article.text), article.published, language)
    return not shares_a_word(shown, read(claim.text, claim.article.published, language))


def _word_for_word(claim: Claim) -> Judgement:
    return Judgement(
        verdict=Verdict.REPORTED, probability=WORD_FOR_WORD, nearest=claim.evidence[0]
    )


def _checked(claim: Claim, article: Article, answer: Judgement | None) -> Judgement | None:
    """Return an answer, unless it is a yes that a figure or a date of the article denies."""
    if answer is None or answer.verdict is not Verdict.REPORTED:
        return answer
    against = contradicting_passage(claim, article)
    if against is None:
        return answer
    return Judgement(
        verdict=Verdict.CONTRADICTED,
        probability=min(answer.probability, CONTRADICTED_AT_MOST),
        nearest=against,
    )
