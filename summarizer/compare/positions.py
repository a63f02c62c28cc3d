"""Where outlets differ: the positions of an alignment, and what articles contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations, takewhile

from summarizer.compare.alignment import (
    AlignedConflict,
    AlignedPosition,
    Alignment,
    distinct_mentions,
    outlets_of,
    passage_mention,
)
from summarizer.compare.details import is_one_value, numbers_of, plain_value
from summarizer.compare.story import Story
from summarizer.compare.verify import FACT, Verification
from summarizer.text.clauses import claim_spans
from summarizer.text.figures import figures
from summarizer.text.words import fold, group_of, groups_of
from summarizer.types import (
    Article,
    Claim,
    Conflict,
    ConflictKind,
    Detail,
    Difference,
    Fact,
    Mention,
    Position,
    Span,
    Status,
    Uniqueness,
    Verdict,
)

TOLD_APART = frozenset(ConflictKind) - {ConflictKind.ATTRIBUTION, ConflictKind.WORDING}
"""Kinds of conflicts in which each side says something that the others do not."""

VALUES = frozenset({ConflictKind.NUMBER, ConflictKind.DATE})
"""Kinds in which one value may answer several questions."""

ASKED = frozenset(
    ["number", "amount", "of", "the", "a", "an", "which", "what", "who", "how", "many"]
)
"""Words of a topic that hardly tell what it is about."""

MOST_KNOWN = 0.5
"""Share of the words of one side of a conflict that the other sides may have, if it is to be told
as a detail, where the news is no figure or day: without this, 76 of 85 details of two new stories
were right, with it 76 of 82."""

LONGEST_VALUE = 16
"""Words of the longest value of a contradiction; more are a passage, not an answer."""


def decide_conflicts(
    story: Story,
    alignment: Alignment,
    verification: Verification,
    unread: frozenset[int],
    facts: Sequence[Fact],
) -> tuple[Conflict, ...]:
    """Return the conflicts, the most salient first: of the alignment, then of the checks.

    Of the articles ``unread``, by position, nothing is said; the ``facts`` are numbered.
    """
    found = [*alignment.conflicts, *_contradicted_statements(story, alignment, verification)]
    by_article: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        for article in dict.fromkeys(mention.article.id for mention in fact.mentions):
            by_article[article].append(fact)
    rated = []
    for same in _grouped_conflicts(found):
        if any(_values_differ(c.kind, _positions_of(story, unread, c)) for c in same):
            conflict = reduce(_with_positions, same)
            positions = _by_outlets(conflict.kind, _positions_of(story, unread, conflict))
            # Two wordings that differ may tell of the values in the same figures.
            values = (position.value for position in positions)
            if not all(is_one_value(conflict.kind, *pair) for pair in combinations(values, 2)):
                rated.append((*_fact_of(positions, by_article), conflict, positions))
    rated.sort(key=lambda row: -row[0])
    return tuple(
        Conflict(
            id=f"c{number}",
            topic=conflict.topic,
            kind=conflict.kind,
            positions=positions,
            fact=fact_id,
            salience=salience,
            compatible=conflict.compatible,
        )
        for number, (salience, fact_id, conflict, positions) in enumerate(rated, start=1)
    )


def with_own_values(
    story: Story, facts: Sequence[Fact], conflicts: Sequence[Conflict]
) -> tuple[Fact, ...]:
    """Return facts with what single outlets say in their conflicts as details of those outlets.

    "1,251 toddlers" is news that one outlet alone reports, also where the others count
    otherwise. What an "only" or another detail rests on already is not told again.
    """
    by_fact: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        if conflict.fact and conflict.kind in TOLD_APART:
            by_fact[conflict.fact].append(conflict)
    told: dict[str, list[Span]] = defaultdict(list)
    for fact in facts:
        parts: list[Mention | Detail] = [*fact.details]
        parts += fact.mentions if fact.status is Status.UNIQUE else ()
        for part in parts:
            told[part.article.id] += part.evidence
    return tuple(
        fact
        if fact.status is Status.UNIQUE or fact.id not in by_fact
        else replace(
            fact,
            details=(*fact.details, *_own_values(story, by_fact[fact.id], told)),
        )
        for fact in facts
    )


def _own_values(
    story: Story, conflicts: Iterable[Conflict], told: dict[str, list[Span]]
) -> Iterator[Detail]:
    """Yield what one outlet alone says in conflicts, and note where it is ``told``."""
    for conflict in conflicts:
        taking = {outlet for position in conflict.positions for outlet in position.outlets}
        # An outlet that takes no position may have said nothing of it, or not have been asked.
        checked = taking >= set(story.outlets)
        for position in conflict.positions:
            others = {o for p in conflict.positions if p is not position for o in p.outlets}
            if len(position.outlets) > 1 or others & set(position.outlets):
                continue
            article, value = _value_places(position)[0]
            claim = _claim_at(story, article, value, position.value)
            if claim is None or any(value.overlap(span) for span in told[article.id]):
                continue
            rivals = [p for p in conflict.positions if p is not position]
            words, known = _own_words(story, article, value, rivals)
            if conflict.kind not in VALUES and known > MOST_KNOWN:
                continue
            told[article.id].append(words)
            yield Detail(
                article=article,
                text=claim.text,
                evidence=(words,),
                uniqueness=Uniqueness.CONFIRMED if checked else Uniqueness.UNCHECKED,
            )


def _claim_at(story: Story, article: Article, span: Span, value: str) -> Claim | None:
    """Return the claim that tells most closely what stands at a span; rather one with the value."""
    resting = [
        claim
        for claim in story.claims
        if claim.article.id == article.id and any(map(span.overlap, claim.evidence))
    ]

    def distance(claim: Claim) -> tuple[bool, int]:
        return fold(value) not in fold(claim.text), sum(map(len, claim.evidence))

    return min(resting, key=distance, default=None)


def _own_words(
    story: Story, article: Article, value: Span, rivals: Iterable[Position]
) -> tuple[Span, float]:
    """Return a value with the words next to it in its clause that no rival's passage has.

    With it goes the share of its content words that the rivals' passages have.
    """
    text, document = article.text, story.document_of(article)
    theirs = frozenset[str]().union(
        *(
            groups_of(story.document_of(other).analyse(span.of(other.text)).stems)
            for rival in rivals
            for other, span in _evidence_of(rival)
        )
    )
    clause = _clause_at(story, article, value)
    words = [
        (Span(clause.start + word.start, clause.start + word.end), group_of(word.stem) in theirs)
        for word in document.analyse(clause.of(text)).content
    ]
    sides = (
        [(word, known) for word, known in reversed(words) if word.start < value.start],
        [(word, known) for word, known in words if word.end > value.end],
    )
    new = [word for side in sides for word, _ in takewhile(lambda each: not each[1], side)]
    whole = Span(
        min([value.start, *(word.start for word in new)]),
        max([value.end, *(word.end for word in new)]),
    )
    is_known = [known for word, known in words if whole.contains(word)]
    return whole, sum(is_known) / max(len(is_known), 1)


def _clause_at(story: Story, article: Article, span: Span) -> Span:
    """Return the clause of an article that holds a span, else the span."""
    sentences = story.document_of(article).sentences_at(span)
    clauses = (c for s in sentences for c in claim_spans(article.text, s.span))
    return next((clause for clause in clauses if clause.contains(span)), span)


def _contradicted_statements(
    story: Story, alignment: Alignment, verification: Verification
) -> Iterator[AlignedConflict]:
    """Yield a conflict for each statement that an article was found to contradict."""
    for (number, place), answers in verification.by_statement().items():
        fact = alignment.facts[number]
        mentions = (fact if place == FACT else fact.details[place]).mentions
        for position, answer in answers.items():
            if answer is None or answer.verdict is not Verdict.CONTRADICTED:
                continue
            difference, nearest = answer.difference, answer.nearest
            if difference is None or nearest is None or _is_long(difference):
                continue
            claimed = (_with_value(story, mention, difference.claimed) for mention in mentions)
            passage = passage_mention(story.articles[position], nearest)
            yield AlignedConflict(
                topic=difference.topic,
                kind=difference.kind,
                positions=(
                    AlignedPosition(value=difference.claimed, mentions=tuple(claimed)),
                    AlignedPosition(value=difference.value, mentions=(passage,)),
                ),
            )


def _is_long(difference: Difference) -> bool:
    """Return whether a difference is of whole passages: nobody can tell in what they differ."""
    longest = max(difference.claimed, difference.value, key=len)
    return len(longest.split()) > LONGEST_VALUE


def _with_value(story: Story, mention: Mention, value: str) -> Mention:
    """Return a mention resting on the sentence that has the value, where its words do not."""
    text = mention.article.text
    if any(value in span.of(text) for span in mention.evidence):
        return mention
    document = story.document_of(mention.article)
    touched = (s.span for span in mention.evidence for s in document.sentences_at(span))
    whole = next((span for span in touched if value in span.of(text)), None)
    return replace(mention, evidence=(whole,)) if whole else mention


def _positions_of(
    story: Story, unread: frozenset[int], conflict: AlignedConflict
) -> tuple[Position, ...]:
    """Return the positions of a conflict that an article takes of which something is said."""
    positions = []
    for position in conflict.positions:
        mentions = tuple(
            m
            for m in _backing_mentions(story, conflict.kind, position)
            if story.positions[m.article.id] not in unread
        )
        named = outlets_of(mentions)
        outlets = tuple(outlet for outlet in story.outlets if outlet in named)
        if outlets:
            positions.append(Position(value=position.value, outlets=outlets, mentions=mentions))
    return _with_values_once(positions)


def _with_values_once(positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions, those of one outlet whose values hold one another's words as one."""
    kept: list[Position] = []
    for position in positions:
        value = f" {plain_value(position.value)} "
        for place, known in enumerate(kept):
            other = f" {plain_value(known.value)} "
            if set(position.outlets) & set(known.outlets) and (value in other or other in value):
                kept[place] = Position(
                    value=known.value,
                    outlets=tuple(dict.fromkeys((*known.outlets, *position.outlets))),
                    mentions=distinct_mentions((*known.mentions, *position.mentions)),
                )
                break
        else:
            kept.append(position)
    return tuple(kept)


def _backing_mentions(
    story: Story, kind: ConflictKind, position: AlignedPosition
) -> Sequence[Mention]:
    """Return the mentions whose sentences have the number of a position; all if none has it."""
    numbers = numbers_of(figures(position.value)) if kind is ConflictKind.NUMBER else set()
    backing = [
        mention
        for mention in position.mentions
        if numbers
        <= numbers_of(
            figure
            for span in mention.evidence
            for sentence in story.document_of(mention.article).sentences_at(span)
            for figure in sentence.reading.figures
        )
    ]
    return backing or position.mentions


def _by_outlets(kind: ConflictKind, positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions, those of outlets that take another one too with that one.

    Where the conflict is between the two, as of what an outlet quotes and what it found itself,
    they stay apart.
    """
    left = list(positions)
    for position in reversed(positions):
        others = [other for other in left if other is not position]
        host = next((o for o in others if set(position.outlets) <= set(o.outlets)), None)
        if host is not None and (
            _values_differ(kind, others) or set(position.outlets) == set(host.outlets)
        ):
            mentions = distinct_mentions((*host.mentions, *position.mentions))
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
            theirs = [m.evidence for m in fact.mentions if m.article.id == mention.article.id]
            overlap = sum(
                ours.overlap(other) for other in chain(*theirs) for ours in mention.evidence
            )
            if overlap:
                facts[fact.id] = fact
                shared[fact.id] += overlap
    if not facts:
        return 0.0, None
    best = max(facts.values(), key=lambda f: (shared[f.id], len(f.outlets), f.salience))
    return max(fact.salience for fact in facts.values()), best.id


def _grouped_conflicts(found: Iterable[AlignedConflict]) -> list[list[AlignedConflict]]:
    """Return the conflicts that are one in groups, in the order of the first of each.

    Two that are one rest on the same words of an article, so only conflicts that touch an
    article of each other's are compared.
    """
    groups: list[list[AlignedConflict]] = []
    by_article: dict[str, set[int]] = defaultdict(set)
    for conflict in found:
        articles = {m.article.id for p in conflict.positions for m in p.mentions}
        near = sorted(set[int]().union(*(by_article[article] for article in articles)))
        same = (at for at in near if any(_is_same(one, conflict) for one in groups[at]))
        place = next(same, len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(conflict)
        for article in articles:
            by_article[article].add(place)
    return groups


def _is_same(one: AlignedConflict, other: AlignedConflict) -> bool:
    """Return whether two conflicts are one: one question, position, or pair of values."""
    if _is_same_question(one, other):
        return True
    if one.kind is not other.kind:
        return False
    outlets = set[str]()
    for ours in one.positions:
        for theirs in other.positions:
            common = _meeting_outlets(_value_places(ours), _value_places(theirs))
            equal = plain_value(ours.value) == plain_value(theirs.value)
            told = outlets_of(ours.mentions) & outlets_of(theirs.mentions)
            if equal and (common or (told and one.kind not in VALUES)):
                return True
            outlets |= common
    return len(outlets) > 1


def _is_same_question(one: AlignedConflict, other: AlignedConflict) -> bool:
    """Return whether two conflicts on the same passages have one topic.

    Where one topic has all words of the other's and more, two outlets must have said so.
    """
    alike = fold(one.topic) == fold(other.topic)
    ours, theirs = (set(fold(each.topic).split()) - ASKED for each in (one, other))
    if not alike and not (ours and theirs and (ours <= theirs or theirs <= ours)):
        return False
    meeting = _meeting_outlets(
        chain.from_iterable(map(_evidence_of, one.positions)),
        chain.from_iterable(map(_evidence_of, other.positions)),
    )
    return len(meeting) > (0 if alike else 1)


def _meeting_outlets(
    ours: Iterable[tuple[Article, Span]], theirs: Iterable[tuple[Article, Span]]
) -> set[str]:
    """Return the outlets in whose articles two lots of passages overlap."""
    others = list(theirs)
    return {
        article.outlet
        for article, span in ours
        if any(article.id == other.id and span.overlap(s) for other, s in others)
    }


def _evidence_of(position: AlignedPosition | Position) -> list[tuple[Article, Span]]:
    return [(m.article, span) for m in position.mentions for span in m.evidence]


def _value_places(position: AlignedPosition | Position) -> list[tuple[Article, Span]]:
    """Return where the articles have a position's value; its evidence where none has the words."""
    places = [
        (article, Span(span.start + at, span.start + at + len(position.value)))
        for article, span in _evidence_of(position)
        if (at := span.of(article.text).find(position.value)) >= 0
    ]
    return places or _evidence_of(position)


def _with_positions(one: AlignedConflict, other: AlignedConflict) -> AlignedConflict:
    """Return a conflict with another one's positions, equal values put together."""
    by_value: dict[str, AlignedPosition] = {}
    for position in (*one.positions, *other.positions):
        known = by_value.get(plain_value(position.value))
        mentions = (*(known.mentions if known else ()), *position.mentions)
        made = replace(known or position, mentions=distinct_mentions(mentions))
        by_value[plain_value(position.value)] = made
    compatible = one.compatible and other.compatible
    return replace(one, positions=tuple(by_value.values()), compatible=compatible)


def _values_differ(kind: ConflictKind, positions: Sequence[Position]) -> bool:
    """Return whether two positions of different values are of different outlets."""
    return any(
        not is_one_value(kind, one.value, other.value)
        and set(one.outlets).isdisjoint(other.outlets)
        for one, other in combinations(positions, 2)
    )
