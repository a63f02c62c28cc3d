"""The comparator of details: does a passage have the figures, quotations, names … of a line?

An outlet stands under a line only if its own words have what the line says, whoever said so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain

from summarizer.compare.alignment import Alignment, outlets_of
from summarizer.compare.story import Story
from summarizer.document import Document, Reading, read
from summarizer.text.data import load
from summarizer.text.dates import DateMention, same_date
from summarizer.text.denials import Denial, denials, denied
from summarizer.text.figures import Figure, FigureKind, Modifier, compatible, same_value
from summarizer.text.names import Name, same_key
from summarizer.text.words import fold, folded_words, group_of, groups_of, stem_of, words
from summarizer.types import Article, Span

QUOTED_SHARE = 0.8
"""Share of a quotation's words that must stand in the passage: outlets cut and mark quotations
differently, and a differing wording is a position and no agreement."""

QUOTED_WITHIN = 2.0
"""They stand within so many times the quotation's words, who said it in their middle included."""

CLOCK_SLACK = 20.0
"""Two times of day within so many minutes are one time told roughly."""

FEW_STEMS = 4
"""Content words a line must have to be held against the words of a passage."""

LEAST_SHARED = 0.2
"""Share of a line's content words that a passage which reports it has at least, in itself or in
near-synonyms. Of 1,220 pairs of a labelled fact, which people worded freely for all outlets,
and the bare words that support it, 29 have less."""

SAME_WORDS = 0.8
"""A sentence with this share of a line's content words must deny as often as the line does."""

SHORT_HEADLINE, HEADLINE_SHARE = 4, 0.85
"""A headline has more content words, "Prime Minister Maud Ellery" is none, and so many of them,
as a share, begin with a capital."""

BEFORE = 2
"""Sentences before a passage in which the person may be named that its "he" stands for."""

OPENING = 20
"""Code points before the first shared word in which a denial may stand: "There are not, …"."""

LONG_NAME = 4
"""A name of so many words has a title or a place in it; its last word will do."""

METONYMS: dict[tuple[str, ...], frozenset[str]] = {
    (word,): frozenset(row.split()) - {word}
    for row in """moscow kremlin russia russian|beijing china chinese|kyiv kiev ukraine ukrainian
    london britain british|berlin germany german|paris france french|tehran iran iranian
    ankara turkey turkish|delhi india indian|tokyo japan japanese""".replace("\n", "|").split("|")
    for word in row.split()
}
"""Capitals that stand for their governments."""

_WORD = re.compile(r"\w+")
_EXTENT = {name: "|".join(words.split()) for name, words in load("lexicon")["extent"].items()}
_WHOLES = re.compile(
    rf"\b(?P<nearly>(?:{_EXTENT['nearly']})\s)?(?:{_EXTENT['wholes']})\b", re.IGNORECASE
)
_RANKS: dict[str, frozenset[str]] = {
    word: frozenset(row.split("="))
    for row in load("lexicon")["ranks"]["words"].split()
    for word in row.split("=")
}
_MAY_DENY = re.compile(
    r"n['’]t\b|\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|from|yet|far"
    r"|instead|rather|stopped|fail|refus|reject|den[iy]|un|non|lack|disput|declin|rul)",
    re.IGNORECASE,
)
"""What an English text has that denies anything; a quick look spares the long one."""

_PERSONS = re.compile(r"\b(?:he|him|his|she|her|hers|they|them)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a line has and a passage lacks.

    ``span`` is where it stands in the line, None where it is no stretch of it.
    """

    what: str
    span: Span | None = None


def backs(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> bool:
    """Return whether a passage of a document has the details of a line.

    Names may stand anywhere in the document, since a pronoun or a description stands for them
    in the passage, and what is denied is left to whoever said that the passage reports it. The
    line's "Tuesday" goes by the date of the article that it is ``of``.
    """
    passage = _readings_around(document, evidence, behind=0)
    if not passage:
        return True
    reading = read(line, of.published, document.language)
    lacking = chain(
        _missing_figures(reading, passage),
        _missing_quotations(reading, passage),
        _other_dates(reading, passage),
        _foreign_names(reading, document),
    )
    return shares_words(line, passage, document, of) and next(lacking, None) is None


def invented_detail(document: Document, text: str, evidence: Sequence[Span]) -> str:
    """Return a detail of a claim that its own article does not have, in words; "" for none.

    A model may misread a figure or a name. Figures and quotations are looked for in the
    sentences that the claim rests on and beside them, names in the whole article.
    """
    claim = document.analyse(text)
    passage = _readings_around(document, evidence, behind=1)
    if not shares_words(text, passage, document, document.article):
        return "hardly a word of the passage that it rests on"
    figures = [figure for reading in passage for figure in reading.figures]
    for figure in claim.figures:
        if not any(compatible(figure, other) for other in figures):
            return f"the figure {figure.text}"
    known = frozenset(_words_of(passage))
    for span in claim.quotations:
        quoted = folded_words(span.of(text))
        if sum(word in known for word in quoted) < QUOTED_SHARE * len(quoted):
            return f"the quotation “{span.of(text)}”"
    return next((lack.what for lack in _foreign_names(claim, document)), "")


def _readings_around(document: Document, evidence: Sequence[Span], *, behind: int) -> list[Reading]:
    """Return the sentences of a passage with the few before it, and so many behind it.

    With none behind, the sentences before count for the first of the passage only.
    """
    resting = [document.place(s.number) for span in evidence for s in document.sentences_at(span)]
    if behind:
        near = {at for place in resting for at in range(place - BEFORE, place + behind + 1)}
    else:
        near = {*resting, *(range(resting[0] - BEFORE, resting[0]) if resting else ())}
    count = len(document.sentences)
    return [document.sentences[at].reading for at in sorted(near) if 0 <= at < count]


def _words_of(passage: Sequence[Reading]) -> list[str]:
    return [word for reading in passage for word in folded_words(reading.text)]


def _foreign_names(line: Reading, document: Document) -> Iterator[Lack]:
    """Yield the full names of which a document has not a word."""
    for name in line.names:
        full = name.sure and len(name.key) > 1
        if full and document.words.isdisjoint(folded_words(name.text)):
            yield Lack(f"the name {name.text}", Span(name.start, name.end))


def shares_words(line: str, passage: Sequence[Reading], document: Document, of: Article) -> bool:
    """Return whether a line can be a wording of a passage at all, in the same language.

    A model that was talked into something writes what no passage says, and a judge that reads
    the same text may be talked into agreeing; words cannot be talked to.
    """
    if (of.language or "en").partition("-")[0] != document.language:
        return True
    stems = read(line, of.published, document.language).stems
    if len(stems) < FEW_STEMS:
        return True
    there = frozenset[str]().union(*(reading.stems for reading in passage))
    groups = groups_of(there)
    return sum(s in there or group_of(s) in groups for s in stems) >= LEAST_SHARED * len(stems)


def objections(
    line: Reading,
    passage: Sequence[Reading],
    *,
    document: Document,
    before: Sequence[Reading] = (),
) -> Iterator[Lack]:
    """Yield what speaks against a passage's having what a line says.

    The sentences ``before`` it tell whom its pronouns mean.
    """
    yield from _missing_figures(line, passage)
    yield from _missing_quotations(line, passage)
    yield from _other_dates(line, [*before, *passage])
    yield from _missing_names(line, passage, before, document)
    yield from _other_denials(line, passage, document.language)
    yield from _other_person(line, [*before, *passage])
    yield from _missing_ranks(line, passage)
    yield from _other_extent(line, passage)


def _missing_figures(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    theirs = [figure for reading in passage for figure in reading.figures]
    for figure in line.figures:
        if not any(gives(other, figure) for other in theirs):
            yield Lack(f"the figure {figure.text}", Span(figure.start, figure.end))


def gives(other: Figure, figure: Figure) -> bool:
    """Return whether a figure is given by another one: the same, or a more exact one."""
    if figure.kind is FigureKind.TIME and other.kind is FigureKind.TIME:
        return abs(figure.low - other.low) <= CLOCK_SLACK
    if not compatible(figure, other):
        return False
    if same_value(figure, other):
        return figure.modifier is other.modifier or figure.modifier is not Modifier.EXACT
    return figure.modifier is not Modifier.EXACT


def _missing_quotations(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    """Yield the quotations whose words do not stand in a passage, in order and close together."""
    words = _words_of(passage)
    for span in line.quotations:
        quoted = folded_words(span.of(line.text))
        matcher = SequenceMatcher(None, quoted, words, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        held = sum(block.size for block in blocks)
        stretch = blocks[-1].b + blocks[-1].size - blocks[0].b if blocks else 0
        if held < QUOTED_SHARE * len(quoted) or stretch > QUOTED_WITHIN * len(quoted):
            yield Lack(f"the quotation “{span.of(line.text)}”", span)


def _missing_ranks(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    """Yield the words of a line that set a thing above or apart from others of its kind."""
    words = frozenset(_words_of(passage))
    for match in _WORD.finditer(line.text):
        ranks = _RANKS.get(fold(match[0]))
        if ranks and words.isdisjoint(ranks):
            yield Lack(f"the word “{match[0]}”", Span(*match.span()))


def _other_extent(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    """Yield "all" where a passage has only "nearly all" of it, and the other way round."""
    theirs = {bool(m["nearly"]) for reading in passage for m in _WHOLES.finditer(reading.text)}
    for match in _WHOLES.finditer(line.text):
        if theirs == {not match["nearly"]}:
            yield Lack(f"the word “{match[0]}”", Span(*match.span()))


def _other_dates(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    """Yield the days of a line where the passage has other ones only."""
    theirs = [mention for reading in passage for mention in reading.dates]
    for mention in line.dates:
        if theirs and all(_is_other_day(mention, other) for other in theirs):
            yield Lack(f"the date {mention.text}", Span(mention.start, mention.end))


def _is_other_day(a: DateMention, b: DateMention) -> bool:
    if a.weekday is not None and b.weekday is not None:
        # Which Tuesday a bare one is, words tell too rarely to call two of them different.
        return a.weekday != b.weekday
    return same_date(a, b) is False


def _missing_names(
    line: Reading, passage: Sequence[Reading], before: Sequence[Reading], document: Document
) -> Iterator[Lack]:
    """Yield the names of a line that a passage has not, nor a pronoun in their place."""
    if is_headline(line):
        return
    here = {name.key for reading in passage for name in reading.names}
    meant = {name.key for reading in before for name in reading.names}
    if not any(_PERSONS.search(reading.text) for reading in passage):
        meant = set()
    anywhere = any(_SUBJECT.search(reading.text) for reading in passage)
    words = frozenset(_words_of(passage))
    groups = groups_of(word.stem for reading in passage for word in reading.words)
    spared: tuple[str, ...] | None = None
    for name in line.names:
        surname = len(name.key) == 1 and name.key[0] in document.names.surnames
        if not (name.sure or surname) or (
            any(same_key(name.key, key) for key in here)
            or _is_worded(name, words, groups)
            or not METONYMS.get(name.key, frozenset()).isdisjoint(words)
        ):
            continue
        known = any(same_key(name.key, key) for key in meant) or (
            anywhere and document.names.has(name.key)
        )
        if known and (spared is None or same_key(name.key, spared)):
            spared = name.key  # A pronoun stands for one person, and not for two.
        else:
            yield Lack(f"the name {name.text}", Span(name.start, name.end))


def _is_worded(name: Name, words: frozenset[str], groups: frozenset[str]) -> bool:
    """Return whether the words of a name stand in a passage, in another order or form."""
    missing = [word for word in name.key if word not in words]
    if not missing or group_of(stem_of(name.text)[0]) in groups:
        return True
    return name.key[-1] in words and (
        len(missing) * 2 < len(name.key) or len(name.key) >= LONG_NAME
    )


def is_headline(line: Reading) -> bool:
    """Return whether a line has so many capitals that they mark no names."""
    content = [word for word in line.content if word.text[0].isalpha()]
    capitals = sum(word.text[0].isupper() for word in content)
    return len(content) > SHORT_HEADLINE and capitals >= HEADLINE_SHARE * len(content)


def _other_denials(line: Reading, passage: Sequence[Reading], language: str) -> Iterator[Lack]:
    """Yield the words that just one of the two denies, and another number of denials."""
    ours, theirs = _DeniedStems.of([line], language), _DeniedStems.of(passage, language)
    for stem in sorted((ours.heads - ours.affirmed) & (theirs.affirmed - theirs.denied)):
        yield Lack(f"the denial of “{stem}”")
    for stem in sorted((theirs.heads - theirs.affirmed) & (ours.affirmed - ours.denied)):
        yield Lack(f"“{stem}”, which it denies")
    count = len(_lasting_denials(line.text, language))
    if count and not any(_lasting_denials(reading.text, language) for reading in passage):
        yield Lack("a denial")
    for reading in passage:
        denying = [Span(d.start, d.end) for d in _lasting_denials(reading.text, language)]
        counts = {
            sum(stretch.overlap(denial) > 0 for denial in denying)
            for stretch in _shared_stretches(line, reading)
        }
        if counts and count not in counts:
            yield Lack("as many denials")


@dataclass(frozen=True, slots=True)
class _DeniedStems:
    """The stems that texts deny and those that they affirm, and what the denials are about."""

    denied: frozenset[str]
    affirmed: frozenset[str]
    heads: frozenset[str]

    @classmethod
    def of(cls, readings: Sequence[Reading], language: str) -> _DeniedStems:
        denying, affirmed, heads = set[str](), set[str](), set[str]()
        for reading in readings:
            lasting = _lasting_denials(reading.text, language)
            starts = denied(lasting)
            for word in reading.content:
                (denying if word.start in starts else affirmed).add(word.stem)
            heads |= {d.head.stem for d in lasting if d.head and d.head.start in starts}
        return cls(frozenset(denying), frozenset(affirmed), frozenset(heads))


@lru_cache(maxsize=16384)
def _lasting_denials(text: str, language: str) -> tuple[Denial, ...]:
    """Return what a text denies for good."""
    if language == "en" and not _MAY_DENY.search(text):
        return ()
    return tuple(d for d in denials(text, words(text, language), language) if not d.until)


def _shared_stretches(line: Reading, reading: Reading) -> Iterator[Span]:
    """Yield the longest and the shortest stretch of a sentence with nearly all words of a line."""
    shared = [word for word in reading.content if word.stem in line.stems]
    wanted = {word.stem for word in shared}
    if len(wanted) < SAME_WORDS * len(line.stems) or not wanted:
        return
    yield Span(max(0, shared[0].start - OPENING), shared[-1].end)
    inside: Counter[str] = Counter()
    shortest, first = Span(shared[0].start, shared[-1].end), 0
    for word in shared:
        inside[word.stem] += 1
        while inside[shared[first].stem] > 1:
            inside[shared[first].stem] -= 1
            first += 1
        stretch = Span(shared[first].start, word.end)
        if len(inside) == len(wanted) and len(stretch) < len(shortest):
            shortest = stretch
    yield Span(max(0, shortest.start - OPENING), shortest.end)


def _other_person(line: Reading, passage: Sequence[Reading]) -> Iterator[Lack]:
    """Yield the person of a line that speaks of a man, where a passage does of a woman."""
    texts = [_without_quotations(reading) for reading in passage]
    for mine, other in ((_HE, _SHE), (_SHE, _HE)):
        here = mine.search(_without_quotations(line))
        absent = here is not None and not any(map(mine.search, texts))
        if here and absent and any(map(other.search, texts)):
            yield Lack(f"“{here[0]}”")


def _without_quotations(reading: Reading) -> str:
    text = reading.text
    for span in reversed(reading.quotations):
        text = text[: span.start] + text[span.end :]
    return text


def settle(story: Story, alignment: Alignment) -> Alignment:
    """Return an alignment in which every mention backs its fact's text.

    A mention that does not is dropped, and a fact that was shared and no longer is goes with
    it: whether one outlet alone reports it, nobody has said.
    """
    facts = []
    for fact in alignment.facts:
        kept = tuple(
            mention
            for mention in fact.mentions
            if len(fact.mentions) == 1
            or backs(
                story.document_of(mention.article),
                fact.text,
                mention.evidence,
                of=fact.mentions[0].article,
            )
        )
        outlets = outlets_of(kept)
        if len(outlets) > 1 or (outlets and len(outlets_of(fact.mentions)) == 1):
            facts.append(replace(fact, mentions=kept))
    return replace(alignment, facts=tuple(facts))
