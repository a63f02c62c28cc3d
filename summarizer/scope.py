"""What a diff of these articles may claim, and what must be said about it.

That a fact is in one article only means nothing when the others are about another event,
or in a language that the judge cannot compare. Such facts are marked unchecked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story
from summarizer.text.passage import read
from summarizer.types import Fact, Status, Uniqueness, Verdict

RELATED_FROM = 0.5
"""A sentence speaks of the common event when it matches one of another article so well."""

RELATED_LEAST = 2
"""An article fewer of whose sentences do is about another event, unless it has no more. Of
169 pairs of real articles those on one event had three such sentences and more, those on
different events none or one."""

SURE_FROM = 0.8
"""And one of them must match so well: on one event the best one had .96 and more, on
different events .70 at most."""


def limit(
    story: Story, facts: Sequence[Fact], strangers: frozenset[int], *, understood: bool = False
) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Return the facts, unchecked where a check means nothing, and the warnings that go with it.

    Args:
        story: The matched story.
        facts: Its facts.
        strangers: The positions of articles on another event, see ``other_events``.
        understood: Whether the judge understands claims in other languages.
    """
    languages = set() if understood else _languages(story)
    warnings = [_stranger_warning(story, i) for i in sorted(strangers)]
    if len(languages) > 1:
        warnings.append(
            f"The articles are in different languages ({', '.join(sorted(languages))}), which the "
            "offline engine cannot compare: facts across them are not matched."
        )
    if len({article.outlet for article in story.articles}) < 2:
        warnings.append(
            "All the articles are one outlet's, or copies of one article: there is nothing to "
            "compare them with."
        )
    unsure = {story.articles[i].id for i in strangers}
    comparable = len(story.articles) - len(strangers)
    if comparable < 2 or len(languages) > 1:
        unsure = {article.id for article in story.articles}
    return tuple(_limited(fact, unsure) for fact in facts), tuple(warnings)


def other_events(story: Story, coverage: Coverage | None = None) -> frozenset[int]:
    """Return the positions of articles that hardly any other one shares a statement with.

    Words cannot tell it of an article in a language that no other one is in.

    Args:
        story: The matched story.
        coverage: What a judge said of its claims; one that understood them is asked first.
    """
    if coverage is not None and coverage.claimwise:
        return _unrelated(story, coverage)
    best: dict[int, list[float]] = {i: [] for i in range(len(story.articles))}
    for sentence, matches in zip(story.sentences, story.sentence_matches, strict=True):
        best[sentence.article].append(matches[0].probability if matches else 0.0)
    if len(story.articles) < 2:
        return frozenset()
    return frozenset(
        i for i, found in best.items() if _has_company(story, i) and not _is_related(found)
    )


def _unrelated(story: Story, coverage: Coverage) -> frozenset[int]:
    """Return the articles of which too few claims are supported, and which support too few."""
    shared = Counter(
        position
        for (claim, article), judgement in coverage.judgements.items()
        if judgement.verdict is not Verdict.ABSENT
        for position in (article, story.claims[claim].article)
    )
    asked = {position for pair in coverage.unanswered for position in pair[1:]}
    least = min(RELATED_LEAST, len(story.claims))
    everyone = range(len(story.articles)) if len(story.articles) > 1 else ()
    return frozenset(i for i in everyone if shared[i] < least and i not in asked)


def _languages(story: Story) -> set[str]:
    return {article.language for article in story.articles if article.language}


def _has_company(story: Story, article: int) -> bool:
    """Return whether another article is in the language of this one."""
    languages = [found.language for found in story.articles]
    own = languages[article]
    others = languages[:article] + languages[article + 1 :]
    return own is None or own in others or None in others


def _is_related(best: Sequence[float]) -> bool:
    """Return whether an article with these best matches, one a sentence, is on the event."""
    related = sum(probability >= RELATED_FROM for probability in best)
    return related >= min(len(best), RELATED_LEAST) and max(best, default=0.0) >= SURE_FROM


def headline(story: Story) -> str:
    """Return the title that shares most with the other articles, as the story's headline."""
    scored = []
    for i, article in enumerate(story.articles):
        if article.title:
            others = [s.reading.stems for s in story.sentences if s.article != i]
            stems = read(article.title, article.published, article.language or "en").stems
            common = sum(len(stems & other) for other in others)
            scored.append((common / (len(stems) + 3), -i, article.title))
    if scored:
        return " ".join(max(scored)[2].split())
    first = story.sentences[0] if story.sentences else None
    return first.reading.text if first else story.articles[0].outlet


def _limited(fact: Fact, unsure: set[str]) -> Fact:
    if fact.status is Status.UNIQUE and fact.mentions[0].article.id in unsure:
        return replace(fact, uniqueness=Uniqueness.UNCHECKED)
    return fact


def _stranger_warning(story: Story, article: int) -> str:
    found = story.articles[article]
    return (
        f"{found.outlet} ({found.source}) seems to be about another event than the other "
        "articles: that nobody else reports its facts means nothing."
    )
