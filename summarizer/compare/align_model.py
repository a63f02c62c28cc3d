"""The aligner that asks a model: it sees the sentences of all articles, their claims marked.

What every article takes for granted is nobody's claim, so the model may cite sentences that
no claim rests on. Claims that it puts in no fact are facts of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from summarizer.compare.alignment import (
    AlignedConflict,
    AlignedDetail,
    AlignedFact,
    AlignedPosition,
    Alignment,
)
from summarizer.compare.backing import settle
from summarizer.compare.story import Story
from summarizer.compare.untold import untold_claims
from summarizer.document import Document
from summarizer.errors import AnswerTruncated, AnswerUnusable, PromptTooLong, SummarizerError
from summarizer.grounding import find_words, locate
from summarizer.llm.prompt_runner import PromptRunner
from summarizer.llm.request import Lacking
from summarizer.prompts.material import PARTS, document_block, list_block
from summarizer.schemas.replies import AlignmentReply, ConflictReply, SharedFactReply
from summarizer.text.attribution import hedge
from summarizer.tokens import estimate_tokens
from summarizer.types import Article, Claim, ClaimKind, ConflictKind, Mention, Span

STAGE = "align_claims"

BLOCK_CHUNKS = 8
"""The articles of one request have at most so many times the tokens of a chunk together."""

WHOLE_FROM = 0.8
"""A claim whose words are this share of a sentence's characters is the sentence."""

_Aligned = tuple[list[AlignedFact], list[AlignedConflict]]
"""What the articles of one block share, and what they differ in."""

_UNIT = re.compile(r"^\s*([A-Z]+)(\d+)([a-z]?)\s*$")


class ModelAligner:
    """Asks for all facts of a story at once; a story over the budget in blocks, then merged.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The tokens of a chunk, to which requests are in proportion.
    """

    name = "llm"
    prompts = ("reader", STAGE)

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self._budget = BLOCK_CHUNKS * chunk_tokens

    def align(self, story: Story) -> Alignment:
        """Return the alignment of a story.

        Raises:
            SummarizerError: No request was answered with something that can be used.
        """
        if len(story.outlets) < 2:
            return Alignment(facts=untold_claims(story, ()))
        aligned, failures, blocks = self._in_blocks(story)
        if failures and not aligned:
            raise failures[0]
        shared = [fact for facts, _ in aligned for fact in facts]
        conflicts = [conflict for _, found in aligned for conflict in found]
        settled = settle(story, Alignment(facts=tuple(shared), conflicts=tuple(conflicts)))
        facts = (*settled.facts, *untold_claims(story, settled.facts))
        if blocks > 1:
            facts, failed = self._merged(story, facts)
            failures += failed
        return replace(settled, facts=facts, failures=tuple(failures))

    def _in_blocks(self, story: Story) -> tuple[list[_Aligned], list[SummarizerError], int]:
        """Return the answers on the blocks of a story, what failed, and how many blocks it took.

        A block that is too long after all is asked about in halves.
        """
        waiting = self._blocks(story)
        aligned: list[_Aligned] = []
        failures: list[SummarizerError] = []
        for block in waiting:
            if len({story.articles[position].outlet for position in block}) < 2:
                continue
            try:
                aligned.append(self._block(story, block))
            except SummarizerError as error:
                if isinstance(error, AnswerTruncated | PromptTooLong) and len(block) > 2:
                    middle = len(block) // 2
                    waiting += [block[:middle], block[middle:]]
                else:
                    failures.append(error)
        return aligned, failures, len(waiting)

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

    def _block(self, story: Story, block: tuple[int, ...]) -> _Aligned:
        """Return what the articles of a block share and differ in."""
        units = _Units(story, block)
        subject = f"{story.articles[block[0]].source} and {len(block) - 1} more"
        reply = self._ask(units.material, subject, units.lacking)
        if units.lacking(reply):
            raise AnswerUnusable(
                f"{STAGE} of {subject}: the answer names no sentence that exists.",
                hint="Run again, or with another model.",
            )
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

    def _ask(self, material: str, subject: str, lacking: Lacking | None = None) -> AlignmentReply:
        request = self._asker.request(STAGE, subject, {"story": material}, lacking=lacking)
        return cast(AlignmentReply, self._asker.ask(request))


class _Units:
    """What a model is shown of some articles of a story, and what its citations mean.

    A claim's words in a sentence are a part of it, where they are less than most of it.
    """

    def __init__(self, story: Story, block: Sequence[int]) -> None:
        self._by_name: dict[str, Mention] = {}
        claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in story.claims:
            claims[claim.article.id].append(claim)
        self.material = "\n\n".join(
            self._document(name, story.documents[position], claims)
            for name, position in zip(_names(), block, strict=False)
        )

    def of(self, name: str) -> Mention | None:
        """Return what a citation means; a part that does not exist means its sentence."""
        match = _UNIT.match(name)
        if match is None:
            return None
        sentence = f"{match[1]}{match[2]}"
        return self._by_name.get(f"{sentence}{match[3]}") or self._by_name.get(sentence)

    def lacking(self, reply: AlignmentReply) -> str:
        """Return what is wrong with an answer that cites units, and none that exists, else ""."""
        cited = [unit for fact in reply.facts for unit in fact.units]
        cited += [u for conflict in reply.conflicts for p in conflict.positions for u in p.units]
        if not cited or any(map(self.of, cited)):
            return ""
        return "it names no unit that exists: they are the lines' letters and numbers, like A4."

    def _document(
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
            unit = f"{name}{sentence.number}"
            own = resting[sentence.number]
            whole = next((claim for span, claim in own if _is_most(span, sentence.span)), None)
            self._by_name[unit] = _mention(document.article, sentence.span, whole)
            chosen = _disjoint([(s, c) for s, c in own if not _is_most(s, sentence.span)])
            parts[sentence.number] = [span for span, _ in chosen]
            for letter, (span, claim) in zip(PARTS, chosen, strict=False):
                self._by_name[f"{unit}{letter}"] = _mention(document.article, span, claim)
        return document_block(name, document, parts)


def _is_most(part: Span, sentence: Span) -> bool:
    return len(part) >= WHOLE_FROM * len(sentence)


def _disjoint(parts: Sequence[tuple[Span, Claim]]) -> list[tuple[Span, Claim]]:
    """Return parts in order, of those that overlap the one that ends first."""
    kept: list[tuple[Span, Claim]] = []
    for span, claim in sorted(parts, key=lambda part: (part[0].end, -part[0].start)):
        if len(span) and (not kept or kept[-1][0].end <= span.start):
            kept.append((span, claim))
    return kept[: len(PARTS)]


def _names() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    for name in _names():
        yield from (f"{name}{letter}" for letter in letters)


def _mention(article: Article, span: Span, claim: Claim | None) -> Mention:
    """Return a passage as a mention, with the wording and the speaker of its claim."""
    wording = claim.text if claim else " ".join(span.of(article.text).split())
    return Mention(
        article=article,
        wording=wording,
        evidence=(span,),
        speaker=claim.speaker if claim else None,
        hedge=claim.hedge if claim else hedge(wording),
    )


def _fact(reply: SharedFactReply, units: _Units) -> AlignedFact | None:
    """Return a fact of a reply; None where fewer than two outlets are left of it."""
    text = " ".join(reply.text.split())
    mentions = _mentions(reply.units, units)
    if not text or len({mention.article.outlet for mention in mentions}) < 2:
        return None
    return AlignedFact(
        text=text,
        kind=ClaimKind.EVENT,
        mentions=mentions,
        details=tuple(_details(reply, units)),
    )


def _details(reply: SharedFactReply, units: _Units) -> Iterator[AlignedDetail]:
    """Yield the details whose words stand in the unit that they are said to be from."""
    for detail in reply.details:
        unit = units.of(detail.unit)
        text = " ".join(detail.text.split())
        if unit is None or not text or not detail.words.strip():
            continue
        mention = Mention(
            article=unit.article,
            wording=text,
            evidence=locate(unit.article.text, unit.evidence, detail.words),
            speaker=unit.speaker,
            hedge=hedge(text),
        )
        yield AlignedDetail(text=text, mention=mention)


def _mentions(names: Sequence[str], units: _Units) -> tuple[Mention, ...]:
    """Return the mentions that units cite, each passage once, in story order."""
    cited = [mention for name in names if (mention := units.of(name))]
    by_evidence = {(m.article.id, m.evidence): m for m in cited}
    return tuple(by_evidence.values())


def _conflict(reply: ConflictReply, units: _Units) -> AlignedConflict | None:
    """Return a conflict of a reply; None where fewer than two positions are left of it."""
    positions = []
    for given in reply.positions:
        mentions = _mentions(given.units, units)
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
        found = find_words(mention.article.text, mention.evidence, value)
        if found:
            return " … ".join(" ".join(s.of(mention.article.text).split()) for s in found)
    return " ".join(value.split())


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
