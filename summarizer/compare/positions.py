"""Where outlets differ: the positions of an alignment, and what articles contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations

from summarizer.compare.alignment import AlignedConflict, AlignedPosition, Alignment
from summarizer.compare.story import Story
from summarizer.compare.verify import Verification
from summarizer.text.attribution import hedge
from summarizer.text.words import fold
from summarizer.types import Article, Conflict, Fact, Mention, Position, Span, Verdict


def decide_conflicts(
    story: Story,
    alignment: Alignment,
    verification: Verification,
    unread: frozenset[int],
    facts: Sequence[Fact],
) -> tuple[Conflict, ...]:
    """Return the conflicts, the most salient first: of the alignment, then of the checks.

    Args:
        story: The story.
        alignment: Its claims laid side by side.
        verification: What the articles answered on what they seem to lack.
        unread: Positions of articles of which nothing is said.
        facts: The facts of the story, numbered.
    """
    found = [*alignment.conflicts, *_contradictions(story, alignment, verification)]
    settled: list[tuple[AlignedConflict, tuple[Position, ...]]] = []
    for same in _grouped(found):
        if any(_differ(_positions(story, unread, conflict)) for conflict in same):
            conflict = reduce(_with_positions, same)
            settled.append((conflict, _by_outlets(_positions(story, unread, conflict))))
    by_article = _facts_by_article(facts)
    rated = [(*_fact_of(positions, by_article), c, positions) for c, positions in settled]
    rated.sort(key=lambda row: -row[0])
    return tuple(
        Conflict(
            id=f"c{number}",
            topic=conflict.topic,
            kind=conflict.kind,
            positions=positions,
            fact=fact,
            salience=salience,
        )
        for number, (salience, fact, conflict, positions) in enumerate(rated, start=1)
    )


def _contradictions(
    story: Story, alignment: Alignment, verification: Verification
) -> Iterator[AlignedConflict]:
    """Yield a conflict for each statement that an article was found to contradict."""
    for (number, place), answers in verification.by_statement().items():
        fact = alignment.facts[number]
        mentions = fact.mentions if place < 0 else (fact.details[place].mention,)
        for position, judgement in answers.items():
            if (
                judgement is None
                or judgement.verdict is not Verdict.CONTRADICTED
                or judgement.difference is None
                or judgement.nearest is None
            ):
                continue
            difference = judgement.difference
            passage = quotation(story.articles[position], judgement.nearest)
            claimed = [_with_value(story, mention, difference.claimed) for mention in mentions]
            yield AlignedConflict(
                topic=difference.topic,
                kind=difference.kind,
                positions=(
                    AlignedPosition(value=difference.claimed, mentions=tuple(claimed)),
                    AlignedPosition(value=difference.value, mentions=(passage,)),
                ),
            )


def _with_value(story: Story, mention: Mention, value: str) -> Mention:
    """Return a mention resting on the sentence that has the value, where its words do not."""
    text = mention.article.text
    if any(value in span.of(text) for span in mention.evidence):
        return mention
    document = story.documents[story.positions[mention.article.id]]
    touched = (s.span for span in mention.evidence for s in document.sentences_at(span))
    whole = next((span for span in touched if value in span.of(text)), None)
    return replace(mention, evidence=(whole,)) if whole else mention


def _positions(
    story: Story, unread: frozenset[int], conflict: AlignedConflict
) -> tuple[Position, ...]:
    """Return the positions of a conflict that an article takes of which something is said."""
    place = story.positions
    positions = []
    for position in conflict.positions:
        mentions = tuple(m for m in position.mentions if place[m.article.id] not in unread)
        named = {mention.article.outlet for mention in mentions}
        outlets = tuple(outlet for outlet in story.outlets if outlet in named)
        if outlets:
            positions.append(Position(value=position.value, outlets=outlets, mentions=mentions))
    return tuple(positions)


def _by_outlets(positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions, those of outlets that take another one too with that one.

    Where the conflict is between the two, as of what an outlet quotes and what it found itself,
    they stay apart.
    """
    left = list(positions)
    for position in reversed(positions):
        others = [other for other in left if other is not position]
        host = next((o for o in others if set(position.outlets) <= set(o.outlets)), None)
        if host is not None and (_differ(others) or set(position.outlets) == set(host.outlets)):
            mentions = _distinct((*host.mentions, *position.mentions))
            left = [replace(o, mentions=mentions) if o is host else o for o in others]
    return tuple(left)


def _fact_of(
    positions: Sequence[Position], by_article: Mapping[str, Sequence[Fact]]
) -> tuple[float, str | None]:
    """Return the salience of the fact that a conflict belongs to, and its id."""
    shared: dict[str, int] = defaultdict(int)
    facts: dict[str, Fact] = {}
    for mention in (m for position in positions for m in position.mentions):
        for fact in by_article.get(mention.article.id, ()):
            overlap = _overlap(mention, fact)
            if overlap:
                facts[fact.id] = fact
                shared[fact.id] += overlap
    if not facts:
        return 0.0, None
    best = max(facts.values(), key=lambda f: (shared[f.id], len(f.outlets), f.salience))
    return max(fact.salience for fact in facts.values()), best.id


def _distinct(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple({(m.article.id, m.evidence): m for m in mentions}.values())


def quotation(article: Article, span: Span) -> Mention:
    """Return a passage as a mention."""
    wording = " ".join(span.of(article.text).split())
    return Mention(article=article, wording=wording, evidence=(span,), hedge=hedge(wording))


def _facts_by_article(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    by_article: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        for article in dict.fromkeys(mention.article.id for mention in fact.mentions):
            by_article[article].append(fact)
    return by_article


def _overlap(mention: Mention, fact: Fact) -> int:
    return sum(
        ours.overlap(theirs)
        for other in fact.mentions
        if other.article.id == mention.article.id
        for theirs in other.evidence
        for ours in mention.evidence
    )


def _grouped(found: Iterable[AlignedConflict]) -> list[list[AlignedConflict]]:
    """Return the conflicts that are one in groups, in the order of the first of each."""
    groups: list[list[AlignedConflict]] = []
    for conflict in found:
        same = (group for group in groups if any(_is_same(one, conflict) for one in group))
        group = next(same, None)
        if group is None:
            groups.append([conflict])
        else:
            group.append(conflict)
    return groups


def _is_same(one: AlignedConflict, other: AlignedConflict) -> bool:
    """Return whether two conflicts are one: one question, position, or pair of values."""
    if one.kind is not other.kind:
        return False
    if fold(one.topic) == fold(other.topic) and _rest_on_one(one, other):
        return True
    outlets = set()
    for ours in one.positions:
        for theirs in other.positions:
            common = _outlets_in_common(ours, theirs)
            if common and _is_same_value(ours.value, theirs.value):
                return True
            outlets |= common
    return len(outlets) > 1


def _rest_on_one(one: AlignedConflict, other: AlignedConflict) -> bool:
    """Return whether two conflicts rest on the same words of an article."""
    ours, theirs = (
        [(m.article.id, span) for p in c.positions for m in p.mentions for span in m.evidence]
        for c in (one, other)
    )
    return any(a == b and span.overlap(s) for a, span in ours for b, s in theirs)


def _outlets_in_common(one: AlignedPosition, other: AlignedPosition) -> set[str]:
    """Return the outlets in whose articles two positions have their values at the same place."""
    theirs = _places(other)
    return {
        article.outlet
        for article, span in _places(one)
        if any(article.id == a.id and span.overlap(s) for a, s in theirs)
    }


def _places(position: AlignedPosition) -> list[tuple[Article, Span]]:
    """Return where the articles have a position's value; its evidence where none has the words."""
    evidence = [(m.article, span) for m in position.mentions for span in m.evidence]
    places = [
        (article, Span(span.start + at, span.start + at + len(position.value)))
        for article, span in evidence
        if (at := span.of(article.text).find(position.value)) >= 0
    ]
    return places or evidence


def _is_same_value(one: str, other: str) -> bool:
    return fold(one).strip(" .") == fold(other).strip(" .")


def _with_positions(one: AlignedConflict, other: AlignedConflict) -> AlignedConflict:
    """Return a conflict with another one's positions, equal values put together."""
    by_value: dict[str, AlignedPosition] = {}
    for position in (*one.positions, *other.positions):
        key = fold(position.value).strip(" .")
        known = by_value.get(key)
        mentions = {
            (m.article.id, m.evidence): m
            for m in (*(known.mentions if known else ()), *position.mentions)
        }
        by_value[key] = replace(known or position, mentions=tuple(mentions.values()))
    return replace(one, positions=tuple(by_value.values()))


def _differ(positions: Sequence[Position]) -> bool:
    """Return whether two positions of different values are of different outlets."""
    return any(
        not _is_same_value(one.value, other.value) and set(one.outlets).isdisjoint(other.outlets)
        for one, other in combinations(positions, 2)
    )
