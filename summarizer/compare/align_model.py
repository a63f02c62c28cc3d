"""The aligner that asks a model: it sees the sentences of all articles, their claims marked.

What every article takes for granted is nobody's claim, so the model may cite sentences that
no claim rests on. Claims that it puts in no fact are facts of their own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from string import ascii_uppercase
from typing import TypeVar, cast

from summarizer.compare.alignment import (
    AlignedConflict,
    AlignedFact,
    AlignedPosition,
    Alignment,
    Differences,
    claim_mention,
    distinct_mentions,
    lone_fact,
    outlets_of,
    passage_mention,
)
from summarizer.compare.details import settle
from summarizer.compare.story import LEAST_WEIGHT, Story, Vocabulary
from summarizer.document import Document, Reading
from summarizer.errors import AnswerTruncated, PromptTooLong, SummarizerError
from summarizer.grounding import find_words, locate
from summarizer.llm.request import Lacking, PromptRunner, unusable_answer
from summarizer.prompts.material import PARTS, document_block, list_block
from summarizer.schemas import AlignmentReply, ConflictReply, ConflictsReply, SharedFactReply
from summarizer.text.attribution import hedge
from summarizer.text.figures import compatible
from summarizer.tokens import batches, estimate_tokens
from summarizer.types import Claim, ClaimKind, ConflictKind, Mention, Span

ALIGNING, CONFLICTS = "align_claims", "find_conflicts"

BLOCK_CHUNKS = 8
"""The articles of one request have at most so many times the tokens of a chunk together."""

WHOLE_FROM = 0.8
"""A claim whose words are this share of a sentence's characters is the sentence."""

TOLD_FROM = 0.6
"""A claim is told where the facts its article stands under have this share of its words'
weight, and all of its figures and quotations."""

LEAST_QUOTED = 3
"""A quotation of fewer words is a figure of speech, and may be told without its marks."""

T = TypeVar("T")

_UNIT = re.compile(r"^\s*([A-Z]+)(\d+)([a-z]?)\s*$")


class ModelAligner:
    """Asks for all facts of a story at once, and for all conflicts.

    A story over the budget is asked about in blocks, whose facts are then merged. Requests are
    in proportion to ``chunk_tokens``, the tokens of a chunk.
    """

    name = "llm"
    prompts: tuple[str, ...] = ("reader", ALIGNING, CONFLICTS)

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self._budget = BLOCK_CHUNKS * chunk_tokens

    def align(self, story: Story) -> Alignment:
        """Return what the articles of a story share, and what one alone reports.

        Raises:
            SummarizerError: No request was answered with something that can be used.
        """
        if len(story.outlets) < 2:
            return Alignment(facts=untold_claims(story, ()))
        answers, failures, blocks = self._ask_blocks(story, self._shared_facts)
        shared = tuple(fact for answer in answers for fact in answer)
        settled = settle(story, Alignment(facts=shared))
        facts = (*settled.facts, *untold_claims(story, settled.facts))
        if blocks > 1:
            facts, failed = self._merged_facts(story, facts)
            failures += failed
        return replace(settled, facts=facts, failures=tuple(failures))

    def find_conflicts(self, story: Story) -> Differences:
        """Return where the articles of a story differ, as far as one block shows it.

        Raises:
            SummarizerError: No request was answered with something that can be used.
        """
        if len(story.outlets) < 2:
            return Differences(conflicts=())
        answers, failures, _ = self._ask_blocks(story, self._conflicts)
        conflicts = tuple(conflict for answer in answers for conflict in answer)
        return Differences(conflicts=conflicts, failures=tuple(failures))

    def _ask_blocks(
        self, story: Story, ask: Callable[[_CitableUnits], T]
    ) -> tuple[list[T], list[SummarizerError], int]:
        """Return the answers on the blocks of a story, what failed, and how many blocks it took.

        A block that is too long after all is asked about in halves. The first failure is raised
        where there is no answer.
        """
        costs = [
            estimate_tokens("\n".join(s.reading.text for s in document.sentences))
            for document in story.documents
        ]
        waiting = batches(range(len(costs)), costs, self._budget)
        answers: list[T] = []
        failures: list[SummarizerError] = []
        for block in waiting:
            if len({story.articles[position].outlet for position in block}) < 2:
                continue
            try:
                answers.append(ask(_CitableUnits(story, block)))
            except SummarizerError as error:
                if isinstance(error, AnswerTruncated | PromptTooLong) and len(block) > 2:
                    middle = len(block) // 2
                    waiting += [block[:middle], block[middle:]]
                else:
                    failures.append(error)
        if failures and not answers:
            raise failures[0]
        return answers, failures, len(waiting)

    def _shared_facts(self, units: _CitableUnits) -> list[AlignedFact]:
        def unknown(reply: AlignmentReply) -> str:
            return units.unknown(unit for fact in reply.facts for unit in fact.units)

        reply = self._ask(ALIGNING, units.material, units.subject, unknown)
        return [fact for given in cast(AlignmentReply, reply).facts if (fact := units.fact(given))]

    def _conflicts(self, units: _CitableUnits) -> list[AlignedConflict]:
        def unknown(reply: ConflictsReply) -> str:
            positions = (position for each in reply.conflicts for position in each.positions)
            return units.unknown(unit for position in positions for unit in position.units)

        reply = self._ask(CONFLICTS, units.material, units.subject, unknown)
        given = cast(ConflictsReply, reply).conflicts
        return [conflict for each in given if (conflict := units.conflict(each))]

    def _merged_facts(
        self, story: Story, facts: Sequence[AlignedFact]
    ) -> tuple[tuple[AlignedFact, ...], list[SummarizerError]]:
        """Return the facts of several blocks, those that report the same put together.

        The blocks' facts are laid side by side as their articles were, in as many requests as
        the budget demands; facts are put into one request by the words they share.
        """
        ordered = _by_shared_words(story, facts)
        costs = [estimate_tokens(fact.text) + 4 for fact in ordered]
        merged: list[AlignedFact] = []
        failures: list[SummarizerError] = []
        for batch in batches(ordered, costs, self._budget):
            try:
                merged += self._merge_batch(batch)
            except SummarizerError as error:
                failures.append(error)
                merged += batch
        return tuple(merged), failures

    def _merge_batch(self, facts: Sequence[AlignedFact]) -> list[AlignedFact]:
        material = list_block("A", [fact.text for fact in facts])
        reply = cast(AlignmentReply, self._ask(ALIGNING, material, f"{len(facts)} facts"))
        gone: set[int] = set()
        joined: list[AlignedFact] = []
        for given in reply.facts:
            cited = (int(match[2]) for match in map(_UNIT.match, given.units) if match)
            numbers = {number - 1 for number in cited if 0 < number <= len(facts)} - gone
            if len(numbers) > 1:
                gone |= numbers
                joined.append(
                    _joined_facts([facts[number] for number in sorted(numbers)], given.text)
                )
        return [*joined, *(fact for i, fact in enumerate(facts) if i not in gone)]

    def _ask(
        self, stage: str, material: str, subject: str, lacking: Lacking | None = None
    ) -> object:
        """Return the answer on some material; one that still lacks something is an error."""
        request = self._asker.request(stage, subject, {"story": material}, lacking=lacking)
        reply = self._asker.ask(request)
        if lacking is not None and lacking(reply):
            raise unusable_answer(stage, subject, "no sentence")
        return reply


class _CitableUnits:
    """What a model is shown of some articles of a story, and what its citations mean.

    A claim's words in a sentence are a part of it, where they are less than most of it.
    """

    def __init__(self, story: Story, block: Sequence[int]) -> None:
        self._by_name: dict[str, Mention] = {}
        self.subject = f"{story.articles[block[0]].source} and {len(block) - 1} more"
        claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in story.claims:
            claims[claim.article.id].append(claim)
        self.material = "\n\n".join(
            self._shown_document(name, story.documents[position], claims)
            for name, position in zip(_article_names(), block, strict=False)
        )

    def of(self, name: str) -> Mention | None:
        """Return what a citation means; a part that does not exist means its sentence."""
        match = _UNIT.match(name)
        if match is None:
            return None
        sentence = f"{match[1]}{match[2]}"
        return self._by_name.get(f"{sentence}{match[3]}") or self._by_name.get(sentence)

    def unknown(self, cited: Iterable[str]) -> str:
        """Return what is wrong with citations of which none exists; "" where one does."""
        names = list(cited)
        if not names or any(map(self.of, names)):
            return ""
        return "it names no unit that exists: they are the lines' letters and numbers, like A4."

    def fact(self, reply: SharedFactReply) -> AlignedFact | None:
        """Return a fact of a reply; None where fewer than two outlets are left of it."""
        text = " ".join(reply.text.split())
        mentions = self._cited_mentions(reply.units)
        if not text or len(outlets_of(mentions)) < 2:
            return None
        details = tuple(self._added_details(reply))
        kind = ClaimKind.SETTING if reply.setting else ClaimKind.EVENT
        return AlignedFact(text=text, kind=kind, mentions=mentions, details=details)

    def conflict(self, reply: ConflictReply) -> AlignedConflict | None:
        """Return a conflict of a reply; None where fewer than two positions are left of it."""
        positions = []
        for given in reply.positions:
            mentions = self._cited_mentions(given.units)
            value = _articles_words(given.value, mentions)
            if value and mentions:
                positions.append(AlignedPosition(value=value, mentions=mentions))
        topic = " ".join(reply.topic.split())
        if len(positions) < 2 or not topic:
            return None
        kind = ConflictKind(reply.kind)
        return AlignedConflict(
            topic=topic, kind=kind, positions=tuple(positions), compatible=reply.compatible
        )

    def _cited_mentions(self, names: Iterable[str]) -> tuple[Mention, ...]:
        return distinct_mentions(filter(None, map(self.of, names)))

    def _added_details(self, reply: SharedFactReply) -> Iterator[AlignedFact]:
        """Yield the details whose words stand in the unit that they are said to be from."""
        for detail in reply.details:
            unit = self.of(detail.unit)
            text = " ".join(detail.text.split())
            if unit is None or not text or not detail.words.strip():
                continue
            evidence = locate(unit.article.text, unit.evidence, detail.words)
            mention = replace(unit, wording=text, evidence=evidence, hedge=hedge(text))
            yield AlignedFact(text=text, kind=ClaimKind.EVENT, mentions=(mention,))

    def _shown_document(
        self, name: str, document: Document, claims: Mapping[str, Sequence[Claim]]
    ) -> str:
        """Note the units of a document, and return it as it is shown."""
        resting: dict[int, list[tuple[Span, Claim]]] = defaultdict(list)
        for claim in claims[document.article.id]:
            for span in claim.evidence:
                for sentence in document.sentences_at(span):
                    start = max(span.start, sentence.span.start)
                    part = Span(start, min(span.end, sentence.span.end))
                    resting[sentence.number].append((part, claim))
        parts: dict[int, list[Span]] = {}
        for sentence in document.sentences:
            unit, least = f"{name}{sentence.number}", WHOLE_FROM * len(sentence.span)
            own = resting[sentence.number]
            self._by_name[unit] = next(
                (
                    claim_mention(claim, evidence=(sentence.span,))
                    for span, claim in own
                    if len(span) >= least
                ),
                passage_mention(document.article, sentence.span),
            )
            chosen = _disjoint_parts([(span, claim) for span, claim in own if len(span) < least])
            parts[sentence.number] = [span for span, _ in chosen]
            for letter, (span, claim) in zip(PARTS, chosen, strict=False):
                self._by_name[f"{unit}{letter}"] = claim_mention(claim, evidence=(span,))
        return document_block(name, document, parts)


def untold_claims(story: Story, facts: Sequence[AlignedFact]) -> tuple[AlignedFact, ...]:
    """Return the claims that say more than the facts which rest on the same sentences.

    A claim may report what others report too and something besides. Whether anybody else
    has that is for the verification to say.
    """
    told: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for fact in facts:
        for part in (fact, *fact.details):
            for mention in part.mentions:
                reading = story.document_of(mention.article).analyse(part.text)
                for place in _places_of(story, mention):
                    told[place].append(reading)
    return tuple(
        lone_fact(claim)
        for claim in story.claims
        if not _is_told(
            story.document_of(claim.article).analyse(claim.text),
            {
                reading.text: reading
                for place in sorted(_places_of(story, claim))
                for reading in told[place]
            },
            story.vocabulary,
        )
    )


def _places_of(story: Story, part: Claim | Mention) -> set[tuple[str, int]]:
    """Return the sentences that a claim or a mention rests on, each as its article and number."""
    document = story.document_of(part.article)
    sentences = (s for span in part.evidence for s in document.sentences_at(span))
    return {(part.article.id, sentence.number) for sentence in sentences}


def _is_told(claim: Reading, told: Mapping[str, Reading], vocabulary: Vocabulary) -> bool:
    """Return whether a few of some texts together have what a claim says."""
    close = sorted(told.values(), key=lambda text: -len(claim.stems & text.stems))[:3]
    stems = frozenset[str]().union(*(text.stems for text in close))
    weight = max(vocabulary.total(claim.stems), LEAST_WEIGHT)
    if vocabulary.covered(claim.stems, stems) < TOLD_FROM * weight:
        return False
    figures = [figure for text in close for figure in text.figures]
    if not all(any(map(partial(compatible, figure), figures)) for figure in claim.figures):
        return False
    words = {word.text.lower() for text in close for word in text.words}
    for span in claim.quotations:
        quoted = [w.text.lower() for w in claim.words if span.start <= w.start < span.end]
        held = sum(word in words for word in quoted)
        if len(quoted) >= LEAST_QUOTED and held < TOLD_FROM * len(quoted):
            return False
    return True


def _disjoint_parts(parts: Sequence[tuple[Span, Claim]]) -> list[tuple[Span, Claim]]:
    """Return parts in order, of those that overlap the one that ends first."""
    kept: list[tuple[Span, Claim]] = []
    for span, claim in sorted(parts, key=lambda part: (part[0].end, -part[0].start)):
        if len(span) and (not kept or kept[-1][0].end <= span.start):
            kept.append((span, claim))
    return kept[: len(PARTS)]


def _article_names() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    yield from ascii_uppercase
    for name in _article_names():
        yield from (f"{name}{letter}" for letter in ascii_uppercase)


def _articles_words(value: str, mentions: Sequence[Mention]) -> str:
    """Return a value as the article has it, or as the model gave it where it is not found."""
    for mention in mentions:
        spans = find_words(mention.article.text, mention.evidence, value)
        if spans:
            return " … ".join(" ".join(s.of(mention.article.text).split()) for s in spans)
    return " ".join(value.split())


def _joined_facts(facts: Sequence[AlignedFact], text: str) -> AlignedFact:
    """Return facts of several blocks as one, in the words of the one most outlets report."""
    first = max(facts, key=lambda fact: len(outlets_of(fact.mentions)))
    return AlignedFact(
        text=" ".join(text.split()) or first.text,
        kind=first.kind,
        mentions=distinct_mentions(mention for fact in facts for mention in fact.mentions),
        details=tuple(detail for fact in facts for detail in fact.details),
    )


def _by_shared_words(story: Story, facts: Sequence[AlignedFact]) -> list[AlignedFact]:
    """Return facts in an order in which like ones are together.

    Each goes where the rarest word that it shares with another fact leads it.
    """
    readings = [story.documents[0].analyse(fact.text).stems for fact in facts]
    count = Counter(stem for stems in readings for stem in stems)
    keys = [
        min(((count[stem], stem) for stem in stems if count[stem] > 1), default=(0, ""))[1]
        for stems in readings
    ]
    return [fact for _, _, fact in sorted(zip(keys, range(len(facts)), facts, strict=True))]
