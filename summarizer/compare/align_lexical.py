"""The offline aligner: what is surely shared, what is surely alone, and nothing in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.compare.alignment import (
    AlignedFact,
    Alignment,
    Differences,
    claim_mention,
    lone_fact,
    passage_mention,
)
from summarizer.compare.conflicts import find_conflicts
from summarizer.compare.passages import Passage
from summarizer.compare.relatedness import language_warnings, strangers_by_words
from summarizer.compare.story import Story
from summarizer.compare.support import Support
from summarizer.document import Sentence
from summarizer.text.clauses import QUOTES, claim_spans, is_line
from summarizer.text.context import leans_on_context
from summarizer.text.intervals import Stretches
from summarizer.text.lines import Line, fitted, statement, whole
from summarizer.text.sentences import BLANK
from summarizer.text.words import groups_of
from summarizer.types import Claim, Mention, Span

ALONE_BELOW = 0.65
"""A claim that no other article reports with this probability is its outlet's alone."""

TAKEN_SHARE = 0.75
"""A passage so much of which stands under one line leads no other."""

SAME_STEMS = 0.9
"""Share of the shorter line's words that two lines have in common where they tell one thing."""

LEAST_ALONE = 4
"""Content words of a line that is one outlet's alone, at least: with fewer, others may say it
in other words. With five in the place of four, unique recall was .67 and not .70."""

LEAST_SHARED, LEAST_STEMS = 1.5, 4
"""Weight of the words that a shared line has at least, in words that stand once an article, and
their number: "The world laughs at us" tells a reader nothing."""

_Resting = list[tuple[int, Sentence, list[Claim]]]
"""The sentences that claims rest on, each with its article's position and its claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedLine:
    """A wording that could be printed over several outlets' names."""

    text: str
    claim: Claim
    evidence: tuple[Span, ...]
    article: int
    supports: dict[int, Support]
    stems: frozenset[str]
    weight: float
    outlets: int

    @property
    def rank(self) -> tuple[object, ...]:
        """The order in which lines are taken: those of most outlets first."""
        return -self.outlets, -self.weight, self.article, self.evidence


class LexicalAligner:
    """Lays claims side by side by their words; without a model, a network or a doubt."""

    name = "lexical"
    prompts: tuple[str, ...] = ()

    def align(self, story: Story) -> Alignment:
        """Return what is surely shared and what is surely one outlet's."""
        resting = _resting_claims(story)
        shared = _shared_facts(story, resting)
        return Alignment(
            facts=(*shared, *_lone_facts(story, resting, shared)),
            strangers=strangers_by_words(story, shared),
            warnings=language_warnings(story),
        )

    def find_conflicts(self, story: Story) -> Differences:
        """Return the surest differences: figures of one thing, and outcomes."""
        return Differences(conflicts=find_conflicts(story))


def _resting_claims(story: Story) -> _Resting:
    resting: dict[tuple[int, int], tuple[Sentence, dict[int, Claim]]] = {}
    for number, claim in enumerate(story.claims):
        article = story.positions[claim.article.id]
        for span in claim.evidence:
            for sentence in story.documents[article].sentences_at(span):
                _, claims = resting.setdefault((article, sentence.number), (sentence, {}))
                claims[number] = claim
    ordered = sorted(resting.items(), key=lambda row: row[0])
    return [(article, sentence, [*claims.values()]) for (article, _), (sentence, claims) in ordered]


def _shared_facts(story: Story, resting: _Resting) -> list[AlignedFact]:
    """Return the lines of several outlets: those of most outlets first, each passage in one."""
    taken: dict[int, Stretches] = defaultdict(Stretches)
    kept: list[frozenset[str]] = []
    facts = []
    for line in sorted(_shared_lines(story, resting), key=lambda line: line.rank):
        mentions = _line_mentions(story, line)
        if any(_is_taken(mention.evidence, taken[at]) for at, mention in mentions.items()):
            continue
        if any(_is_same_line(line.stems, other) for other in kept):
            continue
        kept.append(line.stems)
        for article, mention in mentions.items():
            taken[article].add(mention.evidence)
        in_order = tuple(mention for _, mention in sorted(mentions.items()))
        facts.append(AlignedFact(text=line.text, kind=line.claim.kind, mentions=in_order))
    return facts


def _shared_lines(story: Story, resting: _Resting) -> Iterator[_SharedLine]:
    """Yield every wording of the story that another outlet's passage surely states as well."""
    for article, sentence, claims in resting:
        for line, closest in _possible_wordings(story, article, sentence):
            supports = {other: support for other, support in closest.items() if support.is_sure}
            stems = story.documents[article].analyse(line.text).stems
            weight = story.vocabulary.total(stems)
            tells = len(stems) >= LEAST_STEMS and weight >= LEAST_SHARED
            if supports and tells and not leans_on_context(line.text):
                start = sentence.span.start
                evidence = tuple(Span(start + s.start, start + s.end) for s in line.spans)
                yield _SharedLine(
                    text=_as_spoken(story, article, evidence[0], line.text),
                    claim=claims[0],
                    evidence=evidence,
                    article=article,
                    supports=supports,
                    stems=stems,
                    weight=weight,
                    outlets=len({story.articles[other].outlet for other in supports}),
                )


def _possible_wordings(
    story: Story, article: int, sentence: Sentence
) -> Iterator[tuple[Line, dict[int, Support]]]:
    """Yield a sentence and what is left of it without what other articles lack.

    Each with what comes closest to stating it, by article.
    """
    text = sentence.span.of(story.articles[article].text)
    stated = statement(text)
    closest = story.supporter.supports(stated.of(text), article)
    yield whole(text), closest
    lacking = [
        tuple(Span(span.start + stated.start, span.end + stated.start) for span in near.unwanted)
        for near in story.supporter.promising(closest).values()
    ]
    wordings: dict[str, Line] = {}
    for unwanted in dict.fromkeys([*lacking, tuple(sorted({s for row in lacking for s in row}))]):
        wordings.update((line.text, line) for line in fitted(text, unwanted))
    for line in wordings.values():
        yield line, story.supporter.narrowed(line.text, article, closest)


def _as_spoken(story: Story, article: int, span: Span, line: str) -> str:
    """Return a line between quotation marks where it is the middle of a longer quotation."""
    inside = story.documents[article].unquoted[span.start] == BLANK
    return f"“{line}”" if inside and not QUOTES.search(line) else line


def _line_mentions(story: Story, line: _SharedLine) -> dict[int, Mention]:
    """Return the mentions of a line by their articles' positions."""
    mentions = {line.article: claim_mention(line.claim, line.text, line.evidence)}
    for other, support in line.supports.items():
        evidence = _stating_clauses(story, support.passage, groups_of(line.stems))
        mentions[other] = passage_mention(story.articles[other], *evidence)
    return mentions


def _stating_clauses(story: Story, passage: Passage, line: frozenset[str]) -> list[Span]:
    """Return the clauses of a passage without which it would lack words of a line."""
    document = story.documents[passage.article]
    text = document.article.text
    clauses = [span for sentence in passage.spans for span in claim_spans(text, sentence)]
    words = {span: groups_of(document.analyse(span.of(text)).stems) for span in clauses}
    wanted = line & frozenset[str]().union(*words.values())
    kept = list(clauses)
    for span in sorted(clauses, key=lambda span: (len(wanted & words[span]), -span.start)):
        rest = [other for other in kept if other != span]
        if rest and wanted <= frozenset[str]().union(*(words[other] for other in rest)):
            kept = rest
    return kept


def _is_same_line(stems: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether one of two lines has nearly all words of the other."""
    return len(stems & other) >= SAME_STEMS * min(len(stems), len(other))


def _is_taken(evidence: Sequence[Span], taken: Stretches) -> bool:
    """Return whether most of a passage stands under another line already."""
    return sum(map(taken.covered, evidence)) >= TAKEN_SHARE * sum(map(len, evidence))


def _lone_facts(
    story: Story, resting: _Resting, shared: Sequence[AlignedFact]
) -> Iterator[AlignedFact]:
    """Yield what surely no other outlet reports: whole sentences, else claims."""
    taken: dict[int, Stretches] = defaultdict(Stretches)
    for mention in (mention for fact in shared for mention in fact.mentions):
        taken[story.positions[mention.article.id]].add(mention.evidence)

    # Once for each claim, and by identity: one may rest on as many sentences as an article has.
    untold = {
        id(claim)
        for claim in story.claims
        if not _is_taken(claim.evidence, taken[story.positions[claim.article.id]])
    }

    def is_alone(text: str, article: int) -> bool:
        reports = (s.reports for s in story.supporter.supports(text, article).values())
        return max(reports, default=0.0) < ALONE_BELOW

    def tells_enough(text: str, article: int) -> bool:
        # Words cannot tell whether "Nobody was killed" is nowhere else.
        return len(story.documents[article].analyse(text).stems) >= LEAST_ALONE

    for article, sentence, claims in resting:
        own = [claim for claim in claims if id(claim) in untold]
        text = sentence.span.of(story.articles[article].text)
        stated = statement(text).of(text)
        if len(own) == len(claims) and is_alone(stated, article):
            if tells_enough(stated, article):
                line = _as_spoken(story, article, sentence.span, whole(text).text)
                yield lone_fact(claims[0], line, (sentence.span,))
            continue
        for claim in own:
            alone = is_alone(claim.text, article) and is_line(claim.text)
            if alone and tells_enough(claim.text, article):
                line = _as_spoken(story, article, claim.evidence[0], whole(claim.text).text)
                yield lone_fact(claim, line)
