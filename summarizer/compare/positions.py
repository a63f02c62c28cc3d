"""Where outlets differ: the positions of an alignment, and what articles contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from summarizer.compare.alignment import AlignedConflict, AlignedPosition, Alignment
from summarizer.compare.story import Story
from summarizer.compare.verify import Verification
from summarizer.text.attribution import hedge
from summarizer.text.fold import fold
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
    for conflict in _joined_conflicts(found):
        read = (_position(story, unread, position) for position in conflict.positions)
        positions = _by_outlets([position for position in read if position is not None])
        if _differ(positions):
            settled.append((conflict, positions))
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
            yield AlignedConflict(
                topic=difference.topic,
                kind=difference.kind,
                positions=(
                    AlignedPosition(value=difference.claimed, mentions=tuple(mentions)),
                    AlignedPosition(value=difference.value, mentions=(passage,)),
                ),
            )


def _position(story: Story, unread: frozenset[int], position: AlignedPosition) -> Position | None:
    place = story.positions()
    mentions = tuple(m for m in position.mentions if place[m.article.id] not in unread)
    named = {mention.article.outlet for mention in mentions}
    outlets = tuple(outlet for outlet in story.outlets if outlet in named)
    return Position(value=position.value, outlets=outlets, mentions=mentions) if named else None


def _by_outlets(positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions of the same outlets as one: nobody differs from himself."""
    joined: dict[frozenset[str], Position] = {}
    for position in positions:
        known = joined.get(frozenset(position.outlets))
        joined[frozenset(position.outlets)] = (
            replace(known, mentions=_distinct((*known.mentions, *position.mentions)))
            if known
            else position
        )
    return tuple(joined.values())


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


def _joined_conflicts(found: Iterable[AlignedConflict]) -> list[AlignedConflict]:
    """Return conflicts of one kind that share a position's evidence and value as one."""
    joined: list[AlignedConflict] = []
    for conflict in found:
        same = next((i for i, other in enumerate(joined) if _is_same(other, conflict)), None)
        if same is None:
            joined.append(conflict)
        else:
            joined[same] = _with_positions(joined[same], conflict)
    return joined


def _is_same(one: AlignedConflict, other: AlignedConflict) -> bool:
    """Return whether two conflicts are one: a position in common, or words of two outlets."""
    if one.kind is not other.kind:
        return False
    if any(_meet(ours, theirs) for ours in one.positions for theirs in other.positions):
        return True
    outlets = {
        mention.article.outlet
        for ours in one.positions
        for theirs in other.positions
        for mention in ours.mentions
        if _overlap_in(ours, theirs, mention.article.id)
    }
    return len(outlets) > 1


def _overlap_in(one: AlignedPosition, other: AlignedPosition, article: str) -> bool:
    """Return whether two positions rest on the same words of an article."""
    return any(
        a.overlap(b)
        for ours in one.mentions
        for theirs in other.mentions
        if ours.article.id == theirs.article.id == article
        for a in ours.evidence
        for b in theirs.evidence
    )


def _meet(one: AlignedPosition, other: AlignedPosition) -> bool:
    """Return whether two positions are one: the same value from overlapping words."""
    if fold(one.value).strip(" .") != fold(other.value).strip(" ."):
        return False
    return any(_overlap_in(one, other, mention.article.id) for mention in one.mentions)


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
    """Return whether positions are of different outlets and have different values."""
    values = {fold(position.value).strip(" .") for position in positions}
    outlets = [frozenset(position.outlets) for position in positions]
    return (
        len(values) > 1
        and len(outlets) > 1
        and len(set().union(*outlets)) > 1
        and any(one.isdisjoint(other) for one in outlets for other in outlets)
    )
