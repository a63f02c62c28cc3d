"""Deciding: what follows from an alignment and its verification, without asking anybody.

Statuses, uniqueness, conflicts, salience and the count of independent origins are read off
here, for every engine in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.compare import backing
from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.lexical.strangers import strangers as lexical_strangers
from summarizer.compare.lexical.support import Supporter
from summarizer.compare.novelty import new_element
from summarizer.compare.positions import decide_conflicts, quotation
from summarizer.compare.relatedness import strangers
from summarizer.compare.resting import Resting
from summarizer.compare.salience import Salience, rank
from summarizer.compare.story import Story
from summarizer.compare.verify import Verification
from summarizer.origins import OriginCounter
from summarizer.text.words import fold, groups_of
from summarizer.types import (
    Check,
    ClaimKind,
    Conflict,
    ConflictKind,
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

TOLD_FROM = 0.6
"""Share of a claim's words, by weight, that the text of a shared fact has which tells it too."""

VALUES = frozenset({ConflictKind.NUMBER, ConflictKind.DATE})
"""Conflicts of two values for one thing."""

CLEARING = frozenset({Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.ABSENT})
"""Verdicts that do not cancel uniqueness: only an article that reports a fact shares it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts of a story, the most salient first, and its conflicts.

    ``strangers`` are positions of articles that seem to be about another event than the rest.
    """

    facts: tuple[Fact, ...]
    conflicts: tuple[Conflict, ...]
    strangers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addition:
    """A detail that no other article was found to report, before it is rated."""

    text: str
    mention: Mention
    judgements: Mapping[int, Judgement | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A fact before it is rated: its mentions after verification, and what the others have."""

    text: str
    kind: ClaimKind
    mentions: tuple[Mention, ...]
    judgements: Mapping[int, Judgement | None]
    details: tuple[_Addition, ...] = ()


def decide(
    story: Story,
    alignment: Alignment,
    verification: Verification,
    origins: Sequence[Origin] = (),
    unread: frozenset[int] = frozenset(),
) -> Decision:
    """Return the facts and conflicts of a story.

    Args:
        story: The story.
        alignment: Its claims laid side by side.
        verification: What the articles answered on what they seem to lack.
        origins: Which articles or passages share an origin.
        unread: Positions of articles that gave no claims: they are not among "all", and
            nothing is said of what they lack.
    """
    decider = _Decider(story, alignment, verification, origins, unread)
    facts = rank(decider.facts())
    numbered = tuple(replace(fact, id=f"f{n}") for n, fact in enumerate(facts, start=1))
    conflicts = decide_conflicts(story, alignment, verification, unread, numbered)
    return Decision(numbered, conflicts, decider.strangers)


def _has_rival(answers: Iterable[Judgement | None]) -> bool:
    """Return whether another article gives another value: then a conflict tells the statement.

    It is no "only": the others report the thing too, with a figure or a day of their own.
    """
    return any(
        answer is not None
        and answer.verdict is Verdict.CONTRADICTED
        and answer.difference is not None
        and answer.difference.kind in VALUES
        for answer in answers
    )


class _Decider:
    def __init__(
        self,
        story: Story,
        alignment: Alignment,
        verification: Verification,
        origins: Sequence[Origin],
        unread: frozenset[int],
    ) -> None:
        self._story = story
        self._alignment = alignment
        self._answers = verification.by_statement()
        self._absent_below = verification.absent_below
        self._unread = unread
        self._place = story.positions
        shared = [f for f in alignment.facts if len({m.article.outlet for m in f.mentions}) > 1]
        self._shared = Resting(shared)
        self._made = tuple(self._statements())
        self.strangers = self._strangers(unread)
        self._sure = self._comparable()
        self._all = {
            article.outlet
            for i, article in enumerate(story.articles)
            if i not in unread and i not in self.strangers
        }
        self._origins = OriginCounter(origins)
        self._salience = Salience(story)

    def facts(self) -> list[Fact]:
        """Return the facts, those in the same words as one, not yet ranked."""
        by_text: dict[str, _Statement] = {}
        for made in self._made:
            key = " ".join(fold(made.text).split()).rstrip(".")
            known = by_text.get(key)
            by_text[key] = made if known is None else _merged(known, made)
        return [self._fact(made) for made in by_text.values()]

    def _statements(self) -> Iterator[_Statement]:
        """Yield every fact with those who turned out to report it, and shared details as facts."""
        for number, fact in enumerate(self._alignment.facts):
            answers = self._answers.get((number, -1), {})
            joined, answers = self._joined(fact.text, fact.mentions, answers)
            told = self._narrowed(joined, answers)
            if self._is_told(fact, joined) or not told:
                continue
            details, shared = self._details(number, fact)
            if len({mention.article.outlet for mention in joined}) == 1:
                # Nobody shares the fact, so nothing is added to it: each is news of its own.
                shared += [_alone(fact, addition) for addition in details]
                details = ()
            if len(told) > 1 or not _has_rival(answers.values()):
                yield _Statement(
                    text=fact.text,
                    kind=fact.kind,
                    mentions=told,
                    judgements=answers,
                    details=details,
                )
            yield from shared

    def _is_told(self, fact: AlignedFact, joined: Sequence[Mention]) -> bool:
        """Return whether a claim that others turned out to report too is a shared fact already."""
        outlets = {mention.article.outlet for mention in joined}
        if len(outlets) < 2 or len({m.article.outlet for m in fact.mentions}) > 1:
            return False
        document = self._story.documents[self._place[fact.mentions[0].article.id]]
        stems = document.analyse(fact.text).stems
        vocabulary = self._story.vocabulary
        told = vocabulary.total(stems) * TOLD_FROM
        for other in self._shared.beside(fact):
            if outlets <= {mention.article.outlet for mention in other.mentions}:
                known = document.analyse(other.text).stems
                if vocabulary.covered(stems, known, groups_of(known)) >= told:
                    return True
        return False

    def _unshared(self, mention: Mention) -> tuple[Span, ...]:
        """Return what of a mention's words stands under no shared fact, in pieces that tell."""
        document = self._story.documents[self._place[mention.article.id]]
        return tuple(
            piece
            for span in mention.evidence
            for piece in _outside(span, self._shared.meeting(mention.article.id, span))
            if len(document.analyse(piece.of(document.article.text)).stems) >= TELLING
        )

    def _narrowed(
        self, mentions: tuple[Mention, ...], answers: Mapping[int, Judgement | None]
    ) -> tuple[Mention, ...]:
        """Return the mention of one outlet with the words alone that no other article has.

        They are those that an article which states the rest was found to lack, or else those
        that stand under no shared fact. There is no mention where no such words are left: the
        shared facts tell it.
        """
        if len(mentions) > 1:
            return mentions
        missing = [
            judgement.missing
            for judgement in answers.values()
            if judgement is not None and judgement.verdict is Verdict.PARTLY and judgement.missing
        ]
        (mention,) = mentions
        document = self._story.documents[self._place[mention.article.id]]
        parts = [new_element(document, mention.evidence, words) for words in missing]
        parts = [part for part in parts if part != mention.evidence]
        if parts:
            return (replace(mention, evidence=min(parts, key=lambda part: sum(map(len, part)))),)
        unshared = self._unshared(mention)
        return (replace(mention, evidence=unshared),) if unshared else ()

    def _details(
        self, number: int, fact: AlignedFact
    ) -> tuple[tuple[_Addition, ...], list[_Statement]]:
        """Return what really is one outlet's, and as facts what another one reports as well."""
        own, shared = [], []
        for place, detail in enumerate(fact.details):
            answers = self._answers.get((number, place), {})
            joined, answers = self._joined(detail.text, (detail.mention,), answers)
            if len({mention.article.outlet for mention in joined}) > 1:
                made = _Statement(
                    text=detail.text, kind=fact.kind, mentions=joined, judgements=answers
                )
                shared.append(made)
            else:
                own.append(_Addition(text=detail.text, mention=detail.mention, judgements=answers))
        return tuple(own), shared

    def _detail(self, addition: _Addition) -> Detail:
        mention = addition.mention
        return Detail(
            article=mention.article,
            text=addition.text,
            evidence=mention.evidence,
            uniqueness=self._uniqueness(mention.article.outlet, (mention,), addition.judgements),
            checks=self._checks(addition.judgements, {mention.article.id}),
        )

    def _joined(
        self, text: str, mentions: Sequence[Mention], answers: Mapping[int, Judgement | None]
    ) -> tuple[tuple[Mention, ...], dict[int, Judgement | None]]:
        """Return a statement's mentions with those of the articles found to report it.

        A yes whose passage lacks a detail of the statement is none: the article states it in
        part, and whether the statement is unique is disputed.
        """
        joined, settled = list(mentions), dict(answers)
        for position, judgement in answers.items():
            if judgement is None or judgement.verdict is not Verdict.REPORTED:
                continue
            document, nearest = self._story.documents[position], judgement.nearest
            if nearest is not None and backing.backs(
                document, text, (nearest,), of=mentions[0].article
            ):
                joined.append(quotation(document.article, nearest))
            else:
                settled[position] = replace(
                    judgement, verdict=Verdict.PARTLY, probability=OVERRULED
                )
        order = sorted(joined, key=lambda m: (self._place[m.article.id], m.evidence[0]))
        return tuple(order), settled

    def _fact(self, made: _Statement) -> Fact:
        named = {mention.article.outlet for mention in made.mentions}
        outlets = tuple(outlet for outlet in self._story.outlets if outlet in named)
        unique = len(outlets) == 1
        mentioning = {mention.article.id for mention in made.mentions}
        return Fact(
            id="",
            text=made.text,
            kind=made.kind,
            status=self._status(outlets),
            salience=self._salience.of(made.mentions, len(outlets) / len(self._story.outlets)),
            outlets=outlets,
            origins=self._origins.count(made.mentions),
            mentions=made.mentions,
            checks=self._checks(made.judgements, mentioning),
            uniqueness=self._uniqueness(outlets[0], made.mentions, made.judgements)
            if unique
            else None,
            details=tuple(map(self._detail, made.details)),
        )

    def _status(self, outlets: Sequence[str]) -> Status:
        if len(outlets) == 1:
            return Status.UNIQUE
        return Status.CONSENSUS if self._all.issubset(outlets) else Status.SHARED

    def _checks(
        self, answers: Mapping[int, Judgement | None], mentioning: set[str]
    ) -> tuple[Check, ...]:
        few = len(self._story.documents) <= CHECKS_FOR_ALL
        articles = self._story.articles
        return tuple(
            Check(article=articles[position], judgement=judgement)
            for position, judgement in sorted(answers.items())
            if judgement is not None
            and articles[position].id not in mentioning
            and (few or judgement.nearest is not None)
        )

    def _uniqueness(
        self,
        outlet: str,
        mentions: Sequence[Mention],
        answers: Mapping[int, Judgement | None],
    ) -> Uniqueness:
        """Return how sure it is that only one outlet reports a statement."""
        articles = self._story.articles
        others = [i for i in self._sure if articles[i].outlet != outlet]
        sure = all(self._place[mention.article.id] in self._sure for mention in mentions)
        unread = any(articles[i].outlet != outlet for i in self._unread)
        if unread or not others or not sure:
            return Uniqueness.UNCHECKED
        given = [answers.get(i) for i in others]
        if any(judgement is None for judgement in given):
            return Uniqueness.UNCHECKED
        cleared = all(
            judgement.verdict in CLEARING and judgement.probability < self._absent_below
            for judgement in given
            if judgement is not None
        )
        return Uniqueness.CONFIRMED if cleared else Uniqueness.DISPUTED

    def _strangers(self, unread: frozenset[int]) -> frozenset[int]:
        """Return the articles on another event; none where too little is known to say so."""
        if self._alignment.strangers is not None:
            return self._alignment.strangers
        answers = (answer for given in self._answers.values() for answer in given.values())
        if any(answer is None for answer in answers):
            return frozenset()
        apart = strangers(self._story, self._links(), unread)
        if not apart:
            return apart
        # A model that links little must not make an event of every article: words have a say.
        supporter = Supporter(self._story)
        return apart & lexical_strangers(self._story, supporter, self._alignment.facts)

    def _links(self) -> Iterator[set[int]]:
        """Yield the articles that have something on one statement or conflict, by position."""
        for made in self._made:
            yield {self._place[mention.article.id] for mention in made.mentions} | {
                position
                for position, judgement in made.judgements.items()
                if judgement is not None and judgement.verdict is not Verdict.ABSENT
            }
        for conflict in self._alignment.conflicts:
            yield {self._place[m.article.id] for p in conflict.positions for m in p.mentions}

    def _comparable(self) -> frozenset[int]:
        """Return the articles on one event; none where there is only one."""
        known = frozenset(range(len(self._story.documents))) - self.strangers
        return known if len(known) > 1 else frozenset()


def _alone(fact: AlignedFact, addition: _Addition) -> _Statement:
    return _Statement(
        text=addition.text,
        kind=fact.kind,
        mentions=(addition.mention,),
        judgements=addition.judgements,
    )


def _outside(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """Yield the pieces of a span that no other span covers, in order."""
    position = span.start
    for other in sorted(others):
        if position < other.start < span.end:
            yield Span(position, other.start)
        if other.start < span.end:
            position = max(position, other.end)
    if position < span.end:
        yield Span(position, span.end)


def _merged(known: _Statement, other: _Statement) -> _Statement:
    """Return two facts in the same words as one."""
    mentions = {(m.article.id, m.evidence): m for m in (*known.mentions, *other.mentions)}
    return replace(
        known,
        mentions=tuple(mentions.values()),
        judgements={**other.judgements, **known.judgements},
        details=(*known.details, *other.details),
    )
