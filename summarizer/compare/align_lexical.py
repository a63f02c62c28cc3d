"""The offline aligner: what is surely shared, what is surely alone, and nothing in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.lexical.conflicts import find_conflicts
from summarizer.compare.lexical.strangers import language_warnings, strangers
from summarizer.compare.lexical.support import STATED_FROM, Support, Supporter
from summarizer.compare.story import Story
from summarizer.text.attribution import hedge
from summarizer.text.lines import is_line, lines
from summarizer.types import Claim, Mention, Span

ALONE_BELOW = 0.5
"""A claim that no other article reports with this probability is its outlet's alone."""

LEAST_SHARED = 1.5
"""Weight of the words that a shared line has at least, in words that stand once an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A wording that could be printed over several outlets' names."""

    text: str
    claim: Claim
    evidence: tuple[Span, ...]
    article: int
    supports: dict[int, Support]
    weight: float
    outlets: int


class LexicalAligner:
    """Lays claims side by side by their words; without a model, a network or a doubt."""

    name = "lexical"
    prompts: Sequence[str] = ()

    def align(self, story: Story) -> Alignment:
        """Return what is surely shared and what is surely one outlet's."""
        supporter = Supporter(story)
        shared = _shared(story, supporter)
        return Alignment(
            facts=(*shared, *_alone(story, supporter, shared)),
            conflicts=find_conflicts(story, supporter),
            strangers=strangers(story, supporter, shared),
            warnings=language_warnings(story),
        )


def _shared(story: Story, supporter: Supporter) -> list[AlignedFact]:
    """Return the lines of several outlets: those of most outlets first, each passage in one."""
    taken: dict[int, list[Span]] = defaultdict(list)
    facts = []
    ranked = sorted(
        _lines(story, supporter), key=lambda line: (-line.outlets, -line.weight, line.article, line.evidence)
    )
    for line in ranked:
        mentions = _mentions(story, line)
        if _is_taken(line.evidence, taken[line.article]):
            continue
        if any(_is_taken(s.passage.spans, taken[a]) for a, s in line.supports.items()):
            continue
        for article, mention in mentions:
            taken[article].extend(mention.evidence)
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
    place = story.positions()
    for claim in story.claims:
        article = place[claim.article.id]
        for text, evidence in lines(claim):
            supports = {
                other: support
                for other, support in supporter.supports(text, article).items()
                if support.states >= STATED_FROM and support.objection is None
            }
            weight = story.vocabulary.total(story.documents[article].analyse(text).stems)
            if supports and weight >= LEAST_SHARED:
                outlets = {story.articles[other].outlet for other in supports}
                yield _Line(
                    text=text,
                    claim=claim,
                    evidence=evidence,
                    article=article,
                    supports=supports,
                    weight=weight,
                    outlets=len(outlets),
                )


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
    for other, support in line.supports.items():
        article = story.articles[other]
        wording = " ".join(" ".join(s.of(article.text).split()) for s in support.passage.spans)
        mentions.append(
            (
                other,
                Mention(
                    article=article,
                    wording=wording,
                    evidence=support.passage.spans,
                    hedge=hedge(wording),
                ),
            )
        )
    return sorted(mentions, key=lambda row: row[0])


def _is_taken(evidence: Sequence[Span], taken: Sequence[Span]) -> bool:
    """Return whether most of a passage stands under another line already."""
    inside = sum(max((s.overlap(t) for t in taken), default=0) for s in evidence)
    return 2 * inside > sum(map(len, evidence))


def _alone(
    story: Story, supporter: Supporter, shared: Sequence[AlignedFact]
) -> Iterator[AlignedFact]:
    """Yield the claims that surely no other outlet makes."""
    place = story.positions()
    taken: dict[int, list[Span]] = defaultdict(list)
    for fact in shared:
        for mention in fact.mentions:
            taken[place[mention.article.id]].extend(mention.evidence)
    for claim in story.claims:
        article = place[claim.article.id]
        if not is_line(claim.text) or _is_taken(claim.evidence, taken[article]):
            continue
        best = max(
            (s.reports for s in supporter.supports(claim.text, article).values()), default=0.0
        )
        if best < ALONE_BELOW:
            yield AlignedFact(
                text=claim.text,
                kind=claim.kind,
                mentions=(
                    Mention(
                        article=claim.article,
                        wording=claim.text,
                        evidence=claim.evidence,
                        speaker=claim.speaker,
                        hedge=claim.hedge,
                    ),
                ),
            )

