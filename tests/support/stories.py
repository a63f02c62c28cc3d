"""Stories, alignments and verdicts put together by hand, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.story import Story, make_story
from summarizer.compare.verify import Question, Verification
from summarizer.document import analyse
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.grounding import ground, merge_repeats
from summarizer.tokens import chunks, estimate_tokens
from summarizer.types import Article, Claim, ClaimKind, Judgement, Mention, Span, Verdict
from tests.support.articles import FIRE, article


def span_of(article: Article, words: str) -> Span:
    """Return where words stand in an article."""
    start = article.text.index(words)
    return Span(start, start + len(words))


def mention(article: Article, words: str) -> Mention:
    """Return words of an article as a mention."""
    return Mention(article=article, wording=words, evidence=(span_of(article, words),))


def claim(article: Article, words: str) -> Claim:
    """Return words of an article as a claim."""
    return Claim(article=article, text=words, evidence=(span_of(article, words),))


def story(*claims: Claim, articles: Sequence[Article] = FIRE) -> Story:
    """Return a story of articles with the claims given."""
    return make_story([analyse(article) for article in articles], claims)


def fact(text: str, *mentions: Mention, details: Sequence[AlignedFact] = ()) -> AlignedFact:
    """Return an aligned fact."""
    return AlignedFact(text=text, kind=ClaimKind.EVENT, mentions=mentions, details=tuple(details))


def detail(text: str, added: Mention) -> AlignedFact:
    """Return an aligned detail."""
    return AlignedFact(text=text, kind=ClaimKind.EVENT, mentions=(added,))


def judgement(verdict: Verdict, nearest: Span | None = None) -> Judgement:
    """Return a verdict with the probability that goes with it."""
    probability = {Verdict.REPORTED: 0.95, Verdict.PARTLY: 0.15}.get(verdict, 0.03)
    return Judgement(verdict=verdict, probability=probability, nearest=nearest)


def verified(
    alignment: Alignment,
    story: Story,
    answers: Mapping[Question, Judgement | None] | None = None,
) -> Verification:
    """Return a verification in which all that is not answered is absent."""
    judgements: dict[Question, Judgement | None] = {}
    for number, each in enumerate(alignment.facts):
        for position, lacking in enumerate(story.articles):
            if lacking.outlet not in {m.article.outlet for m in each.mentions}:
                judgements[Question(position, number)] = judgement(Verdict.ABSENT)
            for place, added in enumerate(each.details):
                if added.mentions[0].article.outlet != lacking.outlet:
                    judgements[Question(position, number, place)] = judgement(Verdict.ABSENT)
    return Verification({**judgements, **(answers or {})}, absent_below=0.2)


def offline_story(*texts: str) -> Story:
    """Return a story of these texts, with the claims that the offline engine makes of them."""
    articles = [article(f"Outlet {n}", *t.split("\n\n")) for n, t in enumerate(texts, start=1)]
    claims: list[Claim] = []
    for each in articles:
        parts = chunks(each, budget=10_000, count=estimate_tokens)
        drafts = [draft for part in parts for draft in ExtractiveEngine().extract(part).drafts]
        claims += merge_repeats(ground(drafts).claims)
    return make_story([analyse(each) for each in articles], claims)
