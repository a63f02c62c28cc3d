"""The aligner that asks a model: it sees the sentences of all articles, their claims marked.

What every article takes for granted is nobody's claim, so the model may cite sentences that
no claim rests on. Claims that it puts in no fact are facts of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from summarizer.chat.asker import Asker
from summarizer.compare.alignment import (
    AlignedConflict,
    AlignedDetail,
    AlignedFact,
    AlignedPosition,
    Alignment,
)
from summarizer.compare.relatedness import strangers
from summarizer.compare.story import Story
from summarizer.errors import AnswerTruncated, PromptTooLong, SummarizerError
from summarizer.grounding import locate
from summarizer.prompts.material import PARTS, document_block, list_block
from summarizer.schemas.replies import AlignmentReply, ConflictReply, SharedFactReply
from summarizer.text.attribution import hedge
from summarizer.text.fold import fold
from summarizer.tokens import estimate_tokens
from summarizer.types import Claim, ClaimKind, ConflictKind, Mention, Span

STAGE = "align_claims"

BLOCK_CHUNKS = 8
"""The articles of one request have at most so many times the tokens of a chunk together."""

_UNIT = re.compile(r"^\s*([A-Z]+)(\d+)([a-z]?)\s*$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a name such as "A4b" stands for: the mention that it cites, and its claims."""

    article: int
    mention: Mention
    claims: tuple[int, ...]


class ModelAligner:
    """Asks for all facts of a story at once; a story over the budget in blocks, then merged.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The tokens of a chunk, to which requests are in proportion.
    """

    name = "llm"
    prompts = ("reader", STAGE)

    def __init__(self, asker: Asker, chunk_tokens: int) -> None:
        self._asker = asker
        self._budget = BLOCK_CHUNKS * chunk_tokens

    def align(self, story: Story) -> Alignment:
        """Return the alignment of a story.

        Raises:
            SummarizerError: No request was answered with something that can be used.
        """
        if len(story.outlets) < 2:
            return Alignment(facts=_alone(story, set()))
        blocks = self._blocks(story)
        aligned, failures = [], []
        for block in blocks:
            try:
                aligned.append(self._block(story, block))
            except SummarizerError as error:
                failures.append(error)
        if not aligned:
            raise failures[0]
        shared = [fact for facts, _ in aligned for fact in facts]
        conflicts = [conflict for _, found in aligned for conflict in found]
        facts = (*shared, *_alone(story, _claimed(story, shared)))
        if len(blocks) > 1:
            facts, failed = self._merged(story, facts)
            failures += failed
        return Alignment(
            facts=facts,
            conflicts=tuple(conflicts),
            strangers=strangers(story, facts, conflicts),
            failures=tuple(failures),
        )

    def _blocks(self, story: Story) -> list[tuple[int, ...]]:
        """Return the articles in as few blocks as the budget allows, in their order."""
        blocks: list[list[int]] = []
        left = 0
        for position, document in enumerate(story.documents):
            cost = estimate_tokens("\n".join(s.reading.text for s in document.sentences))
            if not blocks or cost > left:
                blocks.append([])
                left = self._budget
            blocks[-1].append(position)
            left -= cost
        return [tuple(block) for block in blocks]

    def _block(
        self, story: Story, block: tuple[int, ...]
    ) -> tuple[list[AlignedFact], list[AlignedConflict]]:
        """Return what the articles of a block share and differ in."""
        if len({story.articles[position].outlet for position in block}) < 2:
            return [], []
        units = _Units(story, block)
        try:
            reply = self._ask(units.material, f"{len(block)} articles")
        except (AnswerTruncated, PromptTooLong):
            if len(block) < 3:
                raise
            middle = len(block) // 2
            halves = (self._block(story, block[:middle]), self._block(story, block[middle:]))
            return [f for facts, _ in halves for f in facts], [c for _, cs in halves for c in cs]
        facts = [fact for given in reply.facts if (fact := _fact(given, units))]
        conflicts = [found for given in reply.conflicts if (found := _conflict(given, units))]
        return facts, conflicts

    def _merged(
        self, story: Story, facts: Sequence[AlignedFact]
    ) -> tuple[tuple[AlignedFact, ...], list[SummarizerError]]:
        """Return the facts of several blocks, those that report the same put together.

        The blocks' facts are laid side by side as their articles were, in as many requests as
        the budget demands; facts are put into one request by the words they share.
        """
        merged: list[AlignedFact] = []
        failures: list[SummarizerError] = []
        for batch in _batches(story, facts, self._budget):
            try:
                merged += self._merge(batch)
            except SummarizerError as error:
                failures.append(error)
                merged += batch
        return tuple(merged), failures

    def _merge(self, facts: Sequence[AlignedFact]) -> list[AlignedFact]:
        texts = [fact.text for fact in facts]
        reply = self._ask(list_block("A", texts), f"{len(facts)} facts")
        gone: set[int] = set()
        joined: list[AlignedFact] = []
        for given in reply.facts:
            numbers = {
                int(match[2]) - 1
                for unit in given.units
                if (match := _UNIT.match(unit)) and 0 < int(match[2]) <= len(facts)
            } - gone
            if len(numbers) > 1:
                gone |= numbers
                joined.append(_joined([facts[number] for number in sorted(numbers)], given.text))
        return [*joined, *(fact for i, fact in enumerate(facts) if i not in gone)]

    def _ask(self, material: str, subject: str) -> AlignmentReply:
        request = self._asker.request(STAGE, subject, {"story": material})
        return cast(AlignmentReply, self._asker.ask(request))


class _Units:
    """What a model is shown of some articles of a story, and what its citations mean."""

    def __init__(self, story: Story, block: Sequence[int]) -> None:
        self._story = story
        self._by_name: dict[str, _Unit] = {}
        self._parts: dict[str, list[_Unit]] = defaultdict(list)
        place = story.positions()
        claims: dict[int, list[int]] = defaultdict(list)
        for number, claim in enumerate(story.claims):
            claims[place[claim.article.id]].append(number)
        self.material = "\n\n".join(
            self._document(name, position, claims[position])
            for name, position in zip(_names(), block, strict=False)
        )

    def of(self, name: str, text: str) -> _Unit | None:
        """Return what a citation means; of a sentence with parts the one closest to a text."""
        match = _UNIT.match(name)
        if match is None:
            return None
        sentence = f"{match[1]}{match[2]}"
        unit = self._by_name.get(f"{sentence}{match[3]}")
        parts = self._parts.get(sentence, [])
        if match[3] or not parts:
            return unit or self._by_name.get(sentence)
        return _closest(parts, text)

    def _document(self, name: str, position: int, claims: Sequence[int]) -> str:
        """Note the units of a document, and return it as it is shown."""
        document = self._story.documents[position]
        by_sentence: dict[int, list[int]] = defaultdict(list)
        for number in claims:
            for span in self._story.claims[number].evidence[:1]:
                for sentence in document.sentences_at(span)[:1]:
                    by_sentence[sentence.number].append(number)
        parts: dict[int, list[Sequence[Span]]] = {}
        for sentence in document.sentences:
            own = by_sentence[sentence.number]
            whole = f"{name}{sentence.number}"
            wording = " ".join(sentence.span.of(document.article.text).split())
            mention = Mention(
                article=document.article,
                wording=wording,
                evidence=(sentence.span,),
                hedge=hedge(wording),
            )
            if len(own) == 1:
                mention = _mention(self._story.claims[own[0]])
            self._by_name[whole] = _Unit(position, mention, tuple(own))
            if len(own) > 1:
                kept = own[: len(PARTS)]
                parts[sentence.number] = [self._story.claims[number].evidence for number in kept]
                for letter, number in zip(PARTS, kept, strict=False):
                    unit = _Unit(position, _mention(self._story.claims[number]), (number,))
                    self._by_name[f"{whole}{letter}"] = unit
                    self._parts[whole].append(unit)
        return document_block(name, document, parts)


def _names() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    for name in _names():
        yield from (f"{name}{letter}" for letter in letters)


def _closest(parts: Sequence[_Unit], text: str) -> _Unit:
    wanted = set(fold(text).split())
    return max(parts, key=lambda part: len(wanted & set(fold(part.mention.wording).split())))


def _mention(claim: Claim) -> Mention:
    return Mention(
        article=claim.article,
        wording=claim.text,
        evidence=claim.evidence,
        speaker=claim.speaker,
        hedge=claim.hedge,
    )


def _fact(reply: SharedFactReply, units: _Units) -> AlignedFact | None:
    """Return a fact of a reply; None where fewer than two outlets are left of it."""
    text = " ".join(reply.text.split())
    mentions = _mentions(reply.units, text, units)
    if not text or len({mention.article.outlet for mention in mentions}) < 2:
        return None
    return AlignedFact(
        text=text,
        kind=ClaimKind.EVENT,
        mentions=mentions,
        details=tuple(_details(reply, mentions, units)),
    )


def _details(
    reply: SharedFactReply, mentions: Sequence[Mention], units: _Units
) -> Iterator[AlignedDetail]:
    """Yield the details whose words stand in the unit that they are said to be from."""
    for detail in reply.details:
        unit = units.of(detail.unit, detail.text)
        text = " ".join(detail.text.split())
        if unit is None or not text or not detail.words.strip():
            continue
        article = unit.mention.article
        evidence = locate(article.text, unit.mention.evidence, detail.words)
        mention = Mention(
            article=article,
            wording=text,
            evidence=evidence,
            speaker=unit.mention.speaker,
            hedge=hedge(text),
        )
        yield AlignedDetail(text=text, mention=mention)


def _mentions(names: Sequence[str], text: str, units: _Units) -> tuple[Mention, ...]:
    """Return the mentions that units cite, each passage once, in story order."""
    cited = [unit for name in names if (unit := units.of(name, text))]
    by_evidence = {(unit.article, unit.mention.evidence): unit.mention for unit in cited}
    return tuple(by_evidence[key] for key in sorted(by_evidence))


def _conflict(reply: ConflictReply, units: _Units) -> AlignedConflict | None:
    """Return a conflict of a reply; None where fewer than two positions are left of it."""
    positions = []
    for given in reply.positions:
        mentions = _mentions(given.units, given.value, units)
        value = _exact(given.value, mentions)
        if value and mentions:
            positions.append(AlignedPosition(value=value, mentions=mentions))
    if len(positions) < 2 or not reply.topic.strip():
        return None
    return AlignedConflict(
        topic=" ".join(reply.topic.split()),
        kind=ConflictKind(reply.kind),
        positions=tuple(positions),
    )


def _exact(value: str, mentions: Sequence[Mention]) -> str:
    """Return a value as the article has it, or as the model gave it where it is not found."""
    for mention in mentions:
        found = locate(mention.article.text, mention.evidence, value)
        if found and found != mention.evidence:
            return " … ".join(" ".join(s.of(mention.article.text).split()) for s in found)
    return " ".join(value.split())


def _claimed(story: Story, facts: Sequence[AlignedFact]) -> set[int]:
    """Return the claims that stand in facts: those whose evidence a mention or a detail has."""
    cited = {
        (mention.article.id, mention.evidence)
        for fact in facts
        for mention in (*fact.mentions, *(detail.mention for detail in fact.details))
    }
    return {
        number
        for number, claim in enumerate(story.claims)
        if (claim.article.id, claim.evidence) in cited
    }


def _alone(story: Story, claimed: set[int]) -> tuple[AlignedFact, ...]:
    """Return the claims that stand in no fact as facts of their own."""
    return tuple(
        AlignedFact(text=claim.text, kind=claim.kind, mentions=(_mention(claim),))
        for number, claim in enumerate(story.claims)
        if number not in claimed
    )


def _joined(facts: Sequence[AlignedFact], text: str) -> AlignedFact:
    """Return facts of several blocks as one, in the words of the one most outlets report."""
    first = max(facts, key=lambda fact: len({m.article.outlet for m in fact.mentions}))
    mentions = {(m.article.id, m.evidence): m for fact in facts for m in fact.mentions}
    return AlignedFact(
        text=" ".join(text.split()) or first.text,
        kind=first.kind,
        mentions=tuple(mentions.values()),
        details=tuple(detail for fact in facts for detail in fact.details),
    )


def _batches(story: Story, facts: Sequence[AlignedFact], budget: int) -> list[list[AlignedFact]]:
    """Return facts in batches of at most ``budget`` tokens, like ones together.

    Each fact goes where the rarest word that it shares with another fact leads it, so that
    facts in the same words are in the same request.
    """
    readings = [frozenset(story.documents[0].analyse(fact.text).stems) for fact in facts]
    count: dict[str, int] = defaultdict(int)
    for stems in readings:
        for stem in stems:
            count[stem] += 1
    keys = [
        min((count[stem], stem) for stem in stems if count[stem] > 1)[1]
        if any(count[stem] > 1 for stem in stems)
        else ""
        for stems in readings
    ]
    order = sorted(range(len(facts)), key=lambda i: (keys[i], i))
    batches: list[list[AlignedFact]] = []
    left = 0
    for i in order:
        cost = estimate_tokens(facts[i].text) + 4
        if not batches or cost > left:
            batches.append([])
            left = budget
        batches[-1].append(facts[i])
        left -= cost
    return batches
