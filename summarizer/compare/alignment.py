"""What aligning a story gives: its claims sorted into facts, details and positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from summarizer.compare.story import Story
from summarizer.errors import SummarizerError
from summarizer.text.attribution import hedge
from summarizer.types import Article, Claim, ClaimKind, ConflictKind, Mention, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedFact:
    """Mentions of one or several articles that report the same news.

    ``text`` is the most specific wording that all mentions support. Mentions are in story
    order, and one article may have several. Each of ``details`` is what one article seems to add
    to a shared fact; its one mention holds the new element.
    """

    text: str
    kind: ClaimKind
    mentions: tuple[Mention, ...]
    details: tuple[AlignedFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedPosition:
    """One side of a conflict: the articles' own words for it, and where they stand."""

    value: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedConflict:
    """Positions of different outlets on one point; ``topic`` names it without any value.

    ``compatible`` says that all of them can be true together.
    """

    topic: str
    kind: ConflictKind
    positions: tuple[AlignedPosition, ...]
    compatible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Where a story's articles differ. ``failures`` are requests that came to nothing."""

    conflicts: tuple[AlignedConflict, ...]
    failures: tuple[SummarizerError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A story laid side by side: what its articles share, and where they differ.

    A claim that is neither surely shared nor surely alone may be in no fact; its passage then
    shows as uncited. ``strangers`` are positions of articles that seem to be about another
    event than the rest; None where that is to be told from the facts they share. ``failures``
    are requests that came to nothing.
    """

    facts: tuple[AlignedFact, ...]
    conflicts: tuple[AlignedConflict, ...] = ()
    strangers: frozenset[int] | None = None
    warnings: tuple[str, ...] = ()
    failures: tuple[SummarizerError, ...] = ()


class Aligner(Protocol):
    """Lays the articles of a story side by side: what do they share, and where do they differ?

    ``name`` stands in reports: "lexical", "llm"; ``prompts`` are the names of those it uses.
    """

    name: str
    prompts: tuple[str, ...]

    def align(self, story: Story) -> Alignment:
        """Return the claims of a story sorted into facts, without its conflicts.

        Raises:
            SummarizerError: A model was asked, and gave no answer that can be used.
        """

    def find_conflicts(self, story: Story) -> Differences:
        """Return where the articles of a story differ.

        Raises:
            SummarizerError: A model was asked, and gave no answer that can be used.
        """


def lone_fact(claim: Claim, text: str = "", evidence: tuple[Span, ...] = ()) -> AlignedFact:
    """Return a claim as a fact of its own, in other words or with other evidence if given."""
    mention = claim_mention(claim, text, evidence)
    return AlignedFact(text=mention.wording, kind=claim.kind, mentions=(mention,))


def claim_mention(claim: Claim, wording: str = "", evidence: tuple[Span, ...] = ()) -> Mention:
    """Return a claim as a mention, in other words or with other evidence if given."""
    return Mention(
        article=claim.article,
        wording=wording or claim.text,
        evidence=evidence or claim.evidence,
        speaker=claim.speaker,
        hedge=claim.hedge,
    )


def passage_mention(article: Article, *evidence: Span) -> Mention:
    """Return passages of an article as a mention in their own words."""
    wording = " ".join(" ".join(span.of(article.text).split()) for span in evidence)
    return Mention(article=article, wording=wording, evidence=evidence, hedge=hedge(wording))


def distinct_mentions(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return mentions, those with the same evidence once: the last of them in the first's place."""
    return tuple({(m.article.id, m.evidence): m for m in mentions}.values())


def outlets_of(mentions: Iterable[Mention]) -> frozenset[str]:
    """Return the outlets of mentions."""
    return frozenset(mention.article.outlet for mention in mentions)
