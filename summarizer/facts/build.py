"""Groups of claims made into facts: wording, status, salience, checks, origins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

from summarizer.facts.agreement import Agreement
from summarizer.facts.checks import Checker
from summarizer.facts.grouping import Group, Grouping
from summarizer.facts.repeats import Told
from summarizer.facts.salience import Salience
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story
from summarizer.text.attribution import hedge, named_speaker
from summarizer.text.sentences import sentences
from summarizer.types import (
    Article,
    Claim,
    Conflict,
    Fact,
    Mention,
    Origin,
    OriginKind,
    Span,
    Status,
    Verdict,
)

REPEATED = 0.6
"""What of its salience a fact loses when all its passages stand in more salient facts."""


def build_facts(
    story: Story,
    coverage: Coverage,
    origins: Sequence[Origin] = (),
    conflicts: Sequence[Conflict] = (),
    strangers: frozenset[int] = frozenset(),
) -> tuple[Fact, ...]:
    """Return the facts of a story, the most salient first.

    Args:
        story: The matched story.
        coverage: The judgement on each claim and article.
        origins: Which articles or passages share an origin.
        conflicts: Where articles give different figures or days for one thing: an article
            that does so contradicts the fact, and does not just lack it.
        strangers: Positions of articles on another event: their outlets are not among all.
    """
    checker = Checker(story, coverage, conflicts)
    builder = _Builder(story, coverage, checker, origins, strangers)
    grouping = Agreement if coverage.claimwise else Grouping
    facts = [builder.fact(group) for group in grouping(story, coverage).groups()]
    return tuple(replace(fact, id=f"f{n}") for n, fact in enumerate(_ranked(facts), start=1))


def _ranked(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts by salience, which falls with what more salient ones have said already."""
    told = Told()
    ranked = []
    for fact in sorted(facts, key=lambda f: (-f.salience, f.mentions[0].evidence[0])):
        kept = 1 - REPEATED * told.share(fact)
        told.add(fact)
        ranked.append(replace(fact, salience=round(fact.salience * kept, 3)))
    return sorted(ranked, key=lambda f: -f.salience)


@dataclass(frozen=True, slots=True)
class _Passage:
    """The part of one sentence that a fact rests on."""

    article: int
    claims: tuple[int, ...]


class _Builder:
    def __init__(
        self,
        story: Story,
        coverage: Coverage,
        checker: Checker,
        origins: Sequence[Origin],
        strangers: frozenset[int],
    ) -> None:
        self._story = story
        self._coverage = coverage
        self._checker = checker
        self._outlets = tuple(dict.fromkeys(article.outlet for article in story.articles))
        self._all = {a.outlet for i, a in enumerate(story.articles) if i not in strangers}
        self._copies = [o for o in origins if o.kind is not OriginKind.SAME_ARTICLE]
        self._salience = Salience(story)
        self._told: set[str] = set()
        self._sizes: dict[int, int] = defaultdict(int)
        for claim in story.claims:
            self._sizes[claim.sentence] += 1

    def fact(self, group: Group) -> Fact:
        passages = self._passages(group)
        told = [self._mention(passage) for passage in passages]
        lead = self._representative(passages, told)
        text = told[lead].wording
        self._told.add(text)
        mentions = self._in_order([*told, *self._supports(group)])
        named = {mention.article.outlet for mention in mentions}
        outlets = tuple(outlet for outlet in self._outlets if outlet in named)
        checks = self._checker.checks(group.claims, mentions)
        return Fact(
            id="",
            text=text,
            kind=self._story.claims[passages[lead].claims[0]].claim.kind,
            status=self._status(outlets),
            salience=self._salience.of(group.claims, len(outlets) / len(self._outlets)),
            outlets=outlets,
            origins=self._origin_count(mentions),
            mentions=mentions,
            checks=checks,
            uniqueness=self._checker.uniqueness(group.claims, outlets, checks),
        )

    def _passages(self, group: Group) -> list[_Passage]:
        by_sentence: dict[tuple[int, int], list[int]] = defaultdict(list)
        for claim in group.claims:
            found = self._story.claims[claim]
            # A claim that was understood by itself is told by itself.
            place = claim if self._coverage.claimwise else found.sentence
            by_sentence[found.article, place].append(claim)
        return [
            _Passage(article, tuple(claims)) for (article, _), claims in sorted(by_sentence.items())
        ]

    def _mention(self, passage: _Passage) -> Mention:
        claims = [self._story.claims[i].claim for i in passage.claims]
        article = claims[0].article
        evidence = _joined(article, [span for claim in claims for span in claim.evidence])
        return Mention(
            article=article,
            wording=_wording(claims, article, evidence),
            evidence=evidence,
            speaker=next((claim.speaker for claim in claims if claim.speaker), None),
            hedge=next((claim.hedge for claim in claims if claim.hedge), None),
        )

    def _supports(self, group: Group) -> list[Mention]:
        """Return the passages of articles that report a fact and made no claim of it."""
        if not self._coverage.claimwise:
            return []
        named = {self._story.claims[claim].article for claim in group.claims}
        found = []
        for position, article in enumerate(self._story.articles):
            if position in named:
                continue
            said = [self._coverage.of(claim, position) for claim in group.claims]
            best = max(
                (j for j in said if j.verdict is Verdict.SUPPORTED and j.nearest),
                key=lambda judgement: judgement.probability,
                default=None,
            )
            if best is not None and best.nearest is not None:
                found.append(_quoted(article, best.nearest))
        return found

    def _in_order(self, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        place = {article.id: i for i, article in enumerate(self._story.articles)}
        return tuple(sorted(mentions, key=lambda m: (place[m.article.id], m.evidence[0])))

    def _representative(self, passages: Sequence[_Passage], mentions: Sequence[Mention]) -> int:
        """Return the mention that says most of what the others say too.

        One that does not yet stand for another fact is preferred, then a whole sentence.
        """
        claims = self._story.claims
        stems = [
            frozenset[str]().union(*(claims[c].reading.stems for c in p.claims)) for p in passages
        ]
        said = Counter(stem for found in stems for stem in found)
        weight = self._story.vocabulary.weight

        def rank(i: int) -> tuple[bool, bool, float, int]:
            common = fsum(weight(stem) * (said[stem] - 1) for stem in stems[i])
            length = fsum(weight(stem) for stem in stems[i]) + 1
            whole = len(passages[i].claims) == self._sizes[claims[passages[i].claims[0]].sentence]
            new = mentions[i].wording not in self._told
            return new, whole, common / length, -len(mentions[i].wording)

        return max(range(len(passages)), key=rank)

    def _status(self, outlets: Sequence[str]) -> Status:
        if len(outlets) == 1:
            return Status.UNIQUE
        return Status.CONSENSUS if self._all.issubset(outlets) else Status.SHARED

    def _origin_count(self, mentions: Sequence[Mention]) -> int:
        """Return the number of independent origins: outlets that print one agency's are one."""
        origin = {mention.article.outlet: mention.article.outlet for mention in mentions}
        for copies in self._copies:
            for passage in copies.passages:
                spans = {p.article.id: p.span for p in passage}
                inside = {
                    origin[mention.article.outlet]
                    for mention in mentions
                    if _mostly_inside(mention, spans.get(mention.article.id))
                }
                for outlet, root in origin.items():
                    if root in inside:
                        origin[outlet] = min(inside)
        return len(set(origin.values()))


def _wording(claims: Sequence[Claim], article: Article, evidence: Sequence[Span]) -> str:
    """Return what claims say: in the article's words where these are its own, else in theirs."""
    quote = " … ".join(" ".join(span.of(article.text).split()) for span in evidence)
    if all(claim.text in quote for claim in claims):
        return quote
    return "; ".join(dict.fromkeys(claim.text for claim in claims))


def _quoted(article: Article, span: Span) -> Mention:
    """Return a passage as the mention of a fact."""
    wording = " ".join(span.of(article.text).split())
    return Mention(
        article=article,
        wording=wording,
        evidence=(span,),
        speaker=named_speaker(wording),
        hedge=hedge(wording),
    )


def _joined(article: Article, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans in order, those with nothing but white space between them as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and not article.text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _mostly_inside(mention: Mention, span: Span | None) -> bool:
    if span is None:
        return False
    inside = sum(span.overlap(part) for part in mention.evidence)
    return 2 * inside > sum(len(part) for part in mention.evidence)


def uncited(article: Article, facts: Sequence[Fact], claims: Sequence[Claim]) -> tuple[Span, ...]:
    """Return the body that no fact rests on: claims left out, and sentences without a claim."""
    cited = [
        span
        for fact in facts
        for mention in fact.mentions
        if mention.article.id == article.id
        for span in mention.evidence
    ]
    claimed = [
        span for claim in claims if claim.article.id == article.id for span in claim.evidence
    ]
    silent = [
        sentence
        for body in article.body
        for sentence in sentences(article.text, body)
        if not any(sentence.overlap(span) for span in claimed)
    ]
    left = [span for span in (*claimed, *silent) if not any(span.overlap(c) for c in cited)]
    return _joined(article, left)
