"""Deciding: what follows from an alignment and its verification, without asking anybody.

Statuses, uniqueness, conflicts, salience and the count of independent origins are read off
here, for every engine in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.compare.alignment import (
    AlignedFact,
    Alignment,
    distinct_mentions,
    outlets_of,
    passage_mention,
)
from summarizer.compare.details import backs, is_worded_alike
from summarizer.compare.positions import decide_conflicts, with_own_values
from summarizer.compare.relatedness import strangers_by_facts, strangers_by_words
from summarizer.compare.salience import Salience, rank
from summarizer.compare.story import Story
from summarizer.compare.verify import FACT, Verification
from summarizer.origins import OriginCounter
from summarizer.text.words import fold
from summarizer.types import (
    Check,
    ClaimKind,
    Conflict,
    Detail,
    Fact,
    Judgement,
    Mention,
    Origin,
    Span,
    Status,
    Uniqueness,
    Verdict,
)

CHECKS_FOR_ALL = 30
"""In a story of at most so many articles every fact lists its check against every other
article; in a larger one only checks with a passage. The list would grow with the square of
the story and say "absent" nearly everywhere."""

OVERRULED = 0.4
"""The probability left of a yes whose passage lacks a figure, a name or a quotation."""

TELLING = 3
"""Content words of a piece of a sentence that tells something by itself."""

CLAIMED_ONCE = 0.6
"""What a fact keeps of its salience that one outlet claims and a judge found in others: they may
say less. On eight labelled stories 109 of the 112 lines of several outlets that are shown first
are right, and 104 of 109 without this."""

MOSTLY_TOLD = 0.6
"""Share of a claim's words, by weight, that the text of a shared fact has which tells it too."""

_Answers = Mapping[int, Judgement | None]
"""What the articles at some positions answered on a statement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts of a story, the most salient first, and its conflicts.

    ``strangers`` are positions of articles that seem to be about another event than the rest.
    """

    facts: tuple[Fact, ...]
    conflicts: tuple[Conflict, ...]
    strangers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _VerifiedFact:
    """A fact or a detail after verification: with its mentions, and what the others have of it."""

    fact: AlignedFact
    answers: _Answers
    details: tuple[_VerifiedFact, ...] = ()
    claimed_once: bool = False  # one outlet's claim, which others were found to report
    is_doubted: bool = False  # one outlet's claim, which others may report in quite other words


def decide(
    story: Story,
    alignment: Alignment,
    verification: Verification,
    origins: Sequence[Origin] = (),
    unread: frozenset[int] = frozenset(),
) -> Decision:
    """Return the facts and conflicts of a story.

    Articles that gave no claims, ``unread`` by position, are not among "all", and nothing is said
    of what they lack.
    """
    verified = tuple(_verified_facts(story, alignment, verification))
    strangers = _articles_apart(story, alignment, verification, verified, unread)
    rater = _FactRater(story, verification.absent_below, origins, unread, strangers)
    told = [each for each in _merged_by_text(verified) if not _is_told_in_part(each)]
    facts = rank([rater.fact(each) for each in told])
    numbered = tuple(replace(fact, id=f"f{n}") for n, fact in enumerate(facts, start=1))
    conflicts = decide_conflicts(story, alignment, verification, unread, numbered)
    return Decision(with_own_values(story, numbered, conflicts), conflicts, strangers)


def _verified_facts(
    story: Story, alignment: Alignment, verification: Verification
) -> Iterator[_VerifiedFact]:
    """Yield every fact with those who turned out to report it, and shared details as facts."""
    answers = verification.by_statement()
    evidence = _SharedEvidence(alignment)
    for number, fact in enumerate(alignment.facts):
        joined = _with_reporters(story, fact, answers.get((number, FACT), {}))
        narrowed = _narrowed_mentions(story, joined, evidence)
        if _is_told_already(story, fact, joined.fact, evidence) or not narrowed:
            continue
        details = [
            _with_reporters(
                story, replace(detail, kind=fact.kind), answers.get((number, place), {})
            )
            for place, detail in enumerate(fact.details)
        ]
        details = [each for each in details if not each.is_doubted]
        own = [each for each in details if len(outlets_of(each.fact.mentions)) == 1]
        apart = [each for each in details if len(outlets_of(each.fact.mentions)) > 1]
        if len(outlets_of(joined.fact.mentions)) == 1:
            # Nobody shares the fact, so nothing is added to it: each is news of its own.
            own, apart = [], [*apart, *own]
        if not joined.is_doubted:
            told = replace(joined.fact, mentions=narrowed)
            yield replace(joined, fact=told, details=tuple(own))
        yield from apart


def _with_reporters(story: Story, fact: AlignedFact, answers: _Answers) -> _VerifiedFact:
    """Return a statement with the mentions of the articles found to report it.

    A yes whose passage lacks a detail of the statement is none: the article states it in
    part, and whether the statement is unique is disputed. A passage in quite other words may say
    less, so its outlet does not join; what then is left of one outlet is neither its own.
    """
    mentions, settled, is_doubted = list(fact.mentions), dict(answers), False
    for position, judgement in answers.items():
        if judgement is None or judgement.verdict is not Verdict.REPORTED:
            continue
        document, nearest = story.documents[position], judgement.nearest
        author = fact.mentions[0].article
        backed = nearest is not None and backs(document, fact.text, (nearest,), of=author)
        if nearest is not None and backed and is_worded_alike(story, fact, document, nearest):
            mentions.append(passage_mention(document.article, nearest))
        else:
            settled[position] = replace(judgement, verdict=Verdict.PARTLY, probability=OVERRULED)
            is_doubted = is_doubted or backed
    mentions.sort(key=lambda m: (story.positions[m.article.id], m.evidence[0]))
    joined, is_lone = len(outlets_of(mentions)) > 1, len(outlets_of(fact.mentions)) == 1
    return _VerifiedFact(
        replace(fact, mentions=tuple(mentions)),
        settled,
        claimed_once=is_lone and joined,
        is_doubted=is_doubted and not joined,
    )


class _SharedEvidence:
    """The words of each article that facts of several outlets rest on."""

    def __init__(self, alignment: Alignment) -> None:
        self._facts = [f for f in alignment.facts if len(outlets_of(f.mentions)) > 1]
        self._spans: dict[str, list[tuple[Span, int]]] = defaultdict(list)
        for number, fact in enumerate(self._facts):
            for mention in fact.mentions:
                self._spans[mention.article.id] += [(span, number) for span in mention.evidence]
        for spans in self._spans.values():
            spans.sort()

    def facts_beside(self, mentions: Iterable[Mention]) -> list[AlignedFact]:
        """Return the facts that rest on words on which mentions rest too, in their order."""
        numbers = {
            number
            for mention in mentions
            for span in mention.evidence
            for other, number in self._spans[mention.article.id]
            if span.overlap(other)
        }
        return [self._facts[number] for number in sorted(numbers)]

    def uncovered(self, article: str, span: Span) -> Iterator[Span]:
        """Yield the pieces of a span of an article that no fact rests on, in order.

        A fact that only says who somebody is may rest on a sentence whose news is another.
        """
        position = span.start
        for other, number in self._spans[article]:
            if self._facts[number].kind is ClaimKind.SETTING:
                continue
            if position < other.start < span.end:
                yield Span(position, other.start)
            if other.start < span.end:
                position = max(position, other.end)
        if position < span.end:
            yield Span(position, span.end)


def _is_told_already(
    story: Story, fact: AlignedFact, joined: AlignedFact, evidence: _SharedEvidence
) -> bool:
    """Return whether a claim that others turned out to report too is a shared fact already."""
    outlets = outlets_of(joined.mentions)
    if len(outlets) < 2 or len(outlets_of(fact.mentions)) > 1:
        return False
    document, vocabulary = story.document_of(fact.mentions[0].article), story.vocabulary
    stems = document.analyse(fact.text).stems
    least = vocabulary.total(stems) * MOSTLY_TOLD
    others = (o for o in evidence.facts_beside(fact.mentions) if outlets <= outlets_of(o.mentions))
    known = (document.analyse(other.text).stems for other in others)
    return any(vocabulary.covered(stems, each) >= least for each in known)


def _narrowed_mentions(
    story: Story, joined: _VerifiedFact, evidence: _SharedEvidence
) -> tuple[Mention, ...]:
    """Return the mention of one outlet with the words alone that stand under no shared fact.

    There is no mention where no such words are left: the shared facts tell it.
    """
    if len(joined.fact.mentions) > 1:
        return joined.fact.mentions
    (mention,) = joined.fact.mentions
    document = story.document_of(mention.article)
    unshared = tuple(
        piece
        for span in mention.evidence
        for piece in evidence.uncovered(mention.article.id, span)
        if len(document.analyse(piece.of(document.article.text)).stems) >= TELLING
    )
    return (replace(mention, evidence=unshared),) if unshared else ()


def _merged_by_text(verified: Iterable[_VerifiedFact]) -> list[_VerifiedFact]:
    """Return facts, those in the same words as one."""
    by_text: dict[str, _VerifiedFact] = {}
    for each in verified:
        key = " ".join(fold(each.fact.text).split()).rstrip(".")
        known = by_text.get(key)
        if known is not None:
            mentions = distinct_mentions((*known.fact.mentions, *each.fact.mentions))
            each = _VerifiedFact(
                replace(known.fact, mentions=mentions),
                {**each.answers, **known.answers},
                (*known.details, *each.details),
            )
        by_text[key] = each
    return list(by_text.values())


def _is_told_in_part(verified: _VerifiedFact) -> bool:
    """Return whether one outlet's claim is in part another's, too: nobody has it alone.

    On twelve labelled stories 46 of 77 such claims were an outlet's own, and 323 of 325 others.
    """
    answers = (answer for answer in verified.answers.values() if answer is not None)
    is_lone = len(outlets_of(verified.fact.mentions)) == 1
    return is_lone and any(answer.verdict is Verdict.PARTLY for answer in answers)


def _articles_apart(
    story: Story,
    alignment: Alignment,
    verification: Verification,
    verified: Sequence[_VerifiedFact],
    unread: frozenset[int],
) -> frozenset[int]:
    """Return the articles on another event; none where too little is known to say so."""
    if alignment.strangers is not None:
        return alignment.strangers
    if None in verification.judgements.values():
        return frozenset()
    place = story.positions
    links = [
        {place[mention.article.id] for mention in each.fact.mentions}
        | {at for at, a in each.answers.items() if a and a.verdict is not Verdict.ABSENT}
        for each in verified
    ]
    links += [
        {place[m.article.id] for position in conflict.positions for m in position.mentions}
        for conflict in alignment.conflicts
    ]
    apart = strangers_by_facts(story, links, unread)
    # A model that links little must not make an event of every article: words have a say.
    return apart & strangers_by_words(story, alignment.facts) if apart else apart


class _FactRater:
    """Says of each fact who reports it, how surely it is unique, and how much hangs on it."""

    def __init__(
        self,
        story: Story,
        absent_below: float,
        origins: Sequence[Origin],
        unread: frozenset[int],
        strangers: frozenset[int],
    ) -> None:
        self._story = story
        self._absent_below = absent_below
        self._unread = unread
        related = frozenset(range(len(story.documents))) - strangers
        self._comparable = related if len(related) > 1 else frozenset()
        self._all = {story.articles[i].outlet for i in related - unread}
        self._origins = OriginCounter(origins)
        self._salience = Salience(story)

    def fact(self, verified: _VerifiedFact) -> Fact:
        """Return a fact, not yet ranked and without an id."""
        mentions = verified.fact.mentions
        named = outlets_of(mentions)
        outlets = tuple(outlet for outlet in self._story.outlets if outlet in named)
        if len(outlets) == 1:
            status = Status.UNIQUE
        else:
            status = Status.CONSENSUS if named >= self._all else Status.SHARED
        return Fact(
            id="",
            text=verified.fact.text,
            kind=verified.fact.kind,
            status=status,
            salience=round(
                (CLAIMED_ONCE if verified.claimed_once else 1)
                * self._salience.of(
                    verified.fact.kind, mentions, len(outlets) / len(self._story.outlets)
                ),
                3,
            ),
            outlets=outlets,
            origins=self._origins.count(mentions),
            mentions=mentions,
            checks=self._listed_checks(verified),
            uniqueness=self._rated_uniqueness(verified) if status is Status.UNIQUE else None,
            details=tuple(map(self._rated_detail, verified.details)),
        )

    def _rated_detail(self, verified: _VerifiedFact) -> Detail:
        (mention,) = verified.fact.mentions
        return Detail(
            article=mention.article,
            text=verified.fact.text,
            evidence=mention.evidence,
            uniqueness=self._rated_uniqueness(verified),
            checks=self._listed_checks(verified),
        )

    def _listed_checks(self, verified: _VerifiedFact) -> tuple[Check, ...]:
        few = len(self._story.documents) <= CHECKS_FOR_ALL
        mentioning = {mention.article.id for mention in verified.fact.mentions}
        return tuple(
            Check(article=self._story.articles[position], judgement=judgement)
            for position, judgement in sorted(verified.answers.items())
            if judgement is not None
            and self._story.articles[position].id not in mentioning
            and (few or judgement.nearest is not None)
        )

    def _rated_uniqueness(self, verified: _VerifiedFact) -> Uniqueness:
        """Return how sure it is that only one outlet reports a statement.

        An article that states it in part, contradicts it or lacks it clears it; one that
        reports it does not.
        """
        (outlet,) = outlets_of(verified.fact.mentions)
        articles, place = self._story.articles, self._story.positions
        others = [i for i in self._comparable if articles[i].outlet != outlet]
        sure = all(place[m.article.id] in self._comparable for m in verified.fact.mentions)
        given = [verified.answers.get(i) for i in others]
        unread = any(articles[i].outlet != outlet for i in self._unread)
        if unread or not sure or not others or None in given:
            return Uniqueness.UNCHECKED
        cleared = all(
            each.verdict is not Verdict.REPORTED and each.probability < self._absent_below
            for each in given
            if each is not None
        )
        return Uniqueness.CONFIRMED if cleared else Uniqueness.DISPUTED
