"""The offline aligner: what is surely shared, what is surely alone, and nothing in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.lexical.conflicts import find_conflicts
from summarizer.compare.lexical.passages import Passage
from summarizer.compare.lexical.strangers import language_warnings, strangers
from summarizer.compare.lexical.support import Handover, Support, Supporter
from summarizer.compare.story import Story
from summarizer.document import Reading, Sentence, Stretches
from summarizer.text.attribution import hedge
from summarizer.text.clauses import claim_spans, is_line, leans_on_context
from summarizer.text.lines import Line, fitted, statement, whole
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A wording that could be printed over several outlets' names."""

    text: str
    claim: Claim
    evidence: tuple[Span, ...]
    article: int
    supports: dict[int, Support]
    stems: frozenset[str]
    weight: float
    outlets: int
    unsaid: int


class LexicalAligner:
    """Lays claims side by side by their words; without a model, a network or a doubt."""

    name = "lexical"
    prompts: Sequence[str] = ()

    def __init__(self, handover: Handover | None = None) -> None:
        self._handover = handover or Handover()

    def align(self, story: Story) -> Alignment:
        """Return what is surely shared and what is surely one outlet's."""
        supporter = self._handover.make(story)
        shared = _shared(story, supporter)
        return Alignment(
            facts=(*shared, *_alone(story, supporter, shared)),
            conflicts=find_conflicts(story),
            strangers=strangers(story, supporter, shared),
            warnings=language_warnings(story),
        )


def _shared(story: Story, supporter: Supporter) -> list[AlignedFact]:
    """Return the lines of several outlets: those of most outlets first, each passage in one."""
    taken: dict[int, Stretches] = defaultdict(Stretches)
    facts = []
    told: list[frozenset[str]] = []
    ranked = sorted(
        _lines(story, supporter),
        key=lambda line: (-line.outlets, line.unsaid, -line.weight, line.article, line.evidence),
    )
    for line in ranked:
        mentions = _mentions(story, line)
        if any(_is_taken(mention.evidence, taken[article]) for article, mention in mentions):
            continue
        if any(_is_told(line.stems, other) for other in told):
            continue
        told.append(line.stems)
        for article, mention in mentions:
            taken[article].add(mention.evidence)
        facts.append(
            AlignedFact(
                text=line.text,
                kind=line.claim.kind,
                mentions=tuple(mention for _, mention in mentions),
            )
        )
    return facts


def _lines(story: Story, supporter: Supporter) -> Iterator[_Line]:
    """Yield every wording of the story that another outlet's passage surely states as well."""
    for article, sentence, claims in _sentences(story):
        document = story.documents[article]
        for line, found in _wordings(story, supporter, article, sentence):
            supports = {other: support for other, support in found.items() if support.is_sure}
            stems = document.analyse(line.text).stems
            weight = story.vocabulary.total(stems)
            tells = len(stems) >= LEAST_STEMS and weight >= LEAST_SHARED
            if supports and tells and not leans_on_context(line.text):
                outlets = {story.articles[other].outlet for other in supports}
                yield _Line(
                    text=line.text,
                    claim=claims[0],
                    evidence=tuple(
                        Span(sentence.span.start + s.start, sentence.span.start + s.end)
                        for s in line.spans
                    ),
                    article=article,
                    supports=supports,
                    stems=stems,
                    weight=weight,
                    outlets=len(outlets),
                    unsaid=max(len(support.missing) for support in supports.values()),
                )


def _wordings(
    story: Story, supporter: Supporter, article: int, sentence: Sentence
) -> Iterator[tuple[Line, dict[int, Support]]]:
    """Yield a sentence and what is left of it without what other articles lack.

    Each with what comes closest to stating it, by article.
    """
    text = sentence.span.of(story.articles[article].text)
    stated = statement(text)
    closest = supporter.supports(stated.of(text), article)
    yield whole(text), closest
    lacking = [
        tuple(Span(span.start + stated.start, span.end + stated.start) for span in near.unwanted)
        for near in supporter.promising(closest).values()
    ]
    wordings: dict[str, Line] = {}
    for unwanted in dict.fromkeys([*lacking, tuple(sorted({s for row in lacking for s in row}))]):
        wordings.update((line.text, line) for line in fitted(text, unwanted))
    for line in wordings.values():
        yield line, supporter.narrowed(line.text, article, closest)


def _sentences(story: Story) -> Iterator[tuple[int, Sentence, list[Claim]]]:
    """Yield the sentences that claims rest on, each with its article's position and its claims."""
    place = story.positions
    # By number: to hash a claim costs as much as it has evidence.
    resting: dict[tuple[int, int], dict[int, Claim]] = defaultdict(dict)
    for i, claim in enumerate(story.claims):
        article = place[claim.article.id]
        for span in claim.evidence:
            for sentence in story.documents[article].sentences_at(span):
                resting[article, sentence.number][i] = claim
    for (article, number), claims in sorted(resting.items(), key=lambda row: row[0]):
        resting_on = story.documents[article].sentence(number)
        if resting_on is not None:
            yield article, resting_on, list(claims.values())


def _mentions(story: Story, line: _Line) -> list[tuple[int, Mention]]:
    """Return the mentions of a line with their articles, in story order."""
    mentions = [
        (
            line.article,
            Mention(
                article=line.claim.article,
                wording=line.text,
                evidence=line.evidence,
                speaker=line.claim.speaker,
                hedge=line.claim.hedge,
            ),
        )
    ]
    asked = story.documents[line.article].analyse(line.text)
    for other, support in line.supports.items():
        article = story.articles[other]
        evidence = _tight(story, support.passage, asked)
        wording = " ".join(" ".join(s.of(article.text).split()) for s in evidence)
        mentions.append(
            (
                other,
                Mention(
                    article=article,
                    wording=wording,
                    evidence=evidence,
                    hedge=hedge(wording),
                ),
            )
        )
    return sorted(mentions, key=lambda row: row[0])


def _tight(story: Story, passage: Passage, asked: Reading) -> tuple[Span, ...]:
    """Return the clauses of a passage without which it would not state a line."""
    document = story.documents[passage.article]
    text = document.article.text
    clauses = [span for sentence in passage.spans for span in claim_spans(text, sentence)]
    words = {span: groups_of(document.analyse(span.of(text)).stems) for span in clauses}
    wanted = groups_of(asked.stems) & frozenset[str]().union(*words.values())
    kept = list(clauses)
    for span in sorted(clauses, key=lambda span: (len(wanted & words[span]), -span.start)):
        rest = [other for other in kept if other != span]
        if rest and wanted <= frozenset[str]().union(*(words[other] for other in rest)):
            kept = rest
    return tuple(kept)


def _is_told(stems: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether one of two lines has nearly all words of the other."""
    return len(stems & other) >= SAME_STEMS * min(len(stems), len(other))


def _is_taken(evidence: Sequence[Span], taken: Stretches) -> bool:
    """Return whether most of a passage stands under another line already."""
    return sum(map(taken.covered, evidence)) >= TAKEN_SHARE * sum(map(len, evidence))


def _alone(
    story: Story, supporter: Supporter, shared: Sequence[AlignedFact]
) -> Iterator[AlignedFact]:
    """Yield what surely no other outlet reports: whole sentences, else claims."""
    place = story.positions
    taken: dict[int, Stretches] = defaultdict(Stretches)
    for fact in shared:
        for mention in fact.mentions:
            taken[place[mention.article.id]].add(mention.evidence)
    gone = {
        id(claim)
        for claim in story.claims
        if _is_taken(claim.evidence, taken[place[claim.article.id]])
    }
    for article, sentence, claims in _sentences(story):
        own = [claim for claim in claims if id(claim) not in gone]
        alone = [c for c in own if _best(supporter, c.text, article) < ALONE_BELOW]
        text = sentence.span.of(claims[0].article.text)
        stated = statement(text).of(text)
        if len(own) == len(claims) and _best(supporter, stated, article) < ALONE_BELOW:
            if _tells_enough(story, article, stated):
                yield _fact(claims[0], whole(text).text, (sentence.span,))
            continue
        for claim in alone:
            if is_line(claim.text) and _tells_enough(story, article, claim.text):
                yield _fact(claim, whole(claim.text).text, claim.evidence)


def _tells_enough(story: Story, article: int, text: str) -> bool:
    """Return whether words can tell that a text is nowhere else: "Nobody was killed" may be."""
    return len(story.documents[article].analyse(text).stems) >= LEAST_ALONE


def _best(supporter: Supporter, text: str, article: int) -> float:
    """Return the greatest probability that another article reports a text."""
    return max((s.reports for s in supporter.supports(text, article).values()), default=0.0)


def _fact(claim: Claim, text: str, evidence: tuple[Span, ...]) -> AlignedFact:
    mention = Mention(
        article=claim.article,
        wording=text,
        evidence=evidence,
        speaker=claim.speaker,
        hedge=claim.hedge,
    )
    return AlignedFact(text=text, kind=claim.kind, mentions=(mention,))
