"""Take out of an article, and of what a model made of it, what speaks to a machine.

A model that reads an article must not take orders from it, and an order is no fact. What is cut is
cut out of the body's spans and listed among what was rejected; the text and its offsets stay.

Rules over the phrases of each language find orders that only a machine can be given (to forget its
instructions, to write its answer in some way) and orders for a text. That somebody is told to do
something is no rule: readers are told to evacuate, to boil their water and to fold in the egg
whites. What is in doubt stays, since nothing that a model answers is believed without evidence.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import NamedTuple

from summarizer.screening.hidden import (
    LONGEST,
    MARKUP,
    decode_message,
    find_messages,
    is_code,
    marked_blocks,
    plain,
    visible,
)
from summarizer.text.attribution import named_speaker
from summarizer.text.data import fill_in, load
from summarizer.text.sentences import BLANK, STOPS, sentences, unquoted
from summarizer.text.words import fold, words
from summarizer.types import Article, Rejected, RejectReason, Span

# The share of a body that is cut from which it cannot be said that the article was read.
MOSTLY_CUT = 0.5
# The share of its telling words that the rest of the article has from which a sentence is on its
# topic. Orders for a text that were put into real articles share a quarter, short ones by chance a
# half: at .5 four of 75 became facts without a model, at .65 none, and no more news is cut.
ON_TOPIC = 0.65
# The same from which a sentence is not surely on another topic, where people do give orders: in
# quotations, and in articles that turn to their readers.
FAR_OFF = 0.25
# Telling words of a sentence under which it has no topic of its own: "List two".
LEAST_TELLING = 2
# Sentences that turn to readers from which an article is a guide, a letter or a warning, and
# sentences that name machines that read from which it is about them.
MANY_TURNS, ABOUT_MACHINES = 3, 2

# The warning of an article of which no more than half is left.
ALL_ORDERS = (
    "most of the text reads like instructions to a machine, not like news: do not trust what "
    "is drawn from it"
)
# How a question ends in Latin, Chinese and Japanese, Arabic, and Greek script.
QUESTION_MARKS = ("?", "？", "؟", "\u037e")

_HIDDEN = "it stands in characters that no reader sees"
_MARKED = "it has the markup of a chat"
_STOPS = f"{STOPS}:\"'”’»)\n"
_PART = re.compile(r"[:;—–]\s+|[(\[]")
_WORD = re.compile(r"\w+")
_LABEL = re.compile(r"\A\W*(?:[\w-]+ ){0,3}[\w-]+: ")
_MARKS = "\"'“”„‘’«» "
_CLOSING = " \x1a)'\"”’»"
# What seems a speaker in "Who said so?", and is what is asked for.
_WHO_ASKED = frozenset(("who", "whom", "whose", "what", "which", "how", "why", "where", "when"))


class Unless(StrEnum):
    """What an article must be like for a sentence with a cue to be news all the same."""

    NEVER = "never"
    ON_MACHINES = "on_machines"
    ON_TOPIC = "on_topic"
    ON_TOPIC_OR_TURNING = "on_topic_or_turning"
    NEAR_THE_TOPIC = "near_the_topic"


class Cue(NamedTuple):
    """Why a sentence seems to speak to a machine, and where that is news nevertheless."""

    why: str
    unless: Unless = Unless.NEVER
    sure: bool = False  # within a quotation and behind a colon, too


@lru_cache(maxsize=16384)
def _find_cue(sentence: str, *, surely: bool = False) -> Cue | None:
    """Return by what a ``plain`` sentence without quotations seems to speak to a machine, or None.

    With ``surely`` only what is sure counts.
    """
    rules = (rule for rule in _load_rules() if rule[1].sure or not surely)
    return next((known for pattern, known in rules if pattern.match(sentence)), None)


@cache
def _load_rules() -> tuple[tuple[re.Pattern[str], Cue], ...]:
    table = load("cues", __package__)
    rules = []
    for named in _load_phrases():
        for row in table["cue"]:
            filled = fill_in("|".join(row["patterns"]), {**named, **table["abbreviations"]})
            known = Cue(row["why"], Unless(row["unless"]), row.get("sure", False))
            rules.append((re.compile(filled), known))
    return tuple(rules)


@cache
def _load_phrases() -> tuple[dict[str, str], ...]:
    """Return by language the patterns of all lists; one that it does not have matches nothing."""
    names = sorted(file.name for file in files(__package__).joinpath("phrases").iterdir())
    languages = [load(f"phrases/{name.removesuffix('.toml')}", __package__) for name in names]
    nothing = dict.fromkeys(chain(*languages), r"(?!)")
    return tuple(nothing | {x: _any_phrase(x, lists[x]) for x in lists} for lists in languages)


def _any_phrase(name: str, phrases: str) -> str:
    """Return the pattern of any of some phrases with commas between them; "*" is any ending."""
    folded = {fold(" ".join(phrase.split())) for phrase in phrases.split(",")} - {""}
    longest_first = sorted(folded, key=lambda phrase: (-len(phrase), phrase))
    escaped = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
    # German puts a comma before its "that".
    spaced = (phrase.replace(r"\ dass", ",? dass").replace(r"\ ", " ") for phrase in escaped)
    either = f"(?:{'|'.join(spaced)})"
    return either if name.startswith("unspaced_") else rf"(?<!\w){either}(?!\w)"


def _in_any_language(pattern: str) -> re.Pattern[str]:
    return re.compile("|".join(fill_in(pattern, named) for named in _load_phrases()))


_YOU = _in_any_language("<you>")
# "You must also report that": whoever is told so need be no reader.
_DUTY = re.compile(r"^\W*you (?:must|should|shall|have to|need to|will|are to)\b")
_TURNS = _in_any_language(r"^\W*<opens_advice>|<you>")
_MACHINES = _in_any_language("<about_machines>")


class Topic:
    """The words of an article outside the sentences that are in question.

    ``told`` are its other sentences, folded and with their quotations blanked out, ``written`` the
    same as they stand there.
    """

    def __init__(
        self, told: Sequence[str], written: Iterable[str], title: str, language: str
    ) -> None:
        self._language = language
        self._stems = {stem for text in (title, *written) for stem in self._telling_stems(text)}
        self.is_on_machines = sum(map(bool, map(_MACHINES.search, told))) >= ABOUT_MACHINES
        self.turns_to_readers = sum(map(bool, map(_TURNS.search, told))) >= MANY_TURNS

    @staticmethod
    def says_you(sentence: str) -> bool:
        """Return whether a sentence, folded, speaks of its reader or its writer."""
        return _YOU.search(_DUTY.sub("", sentence)) is not None

    def is_off(self, sentence: str) -> bool:
        """Return whether a sentence says hardly anything of what the article is about."""
        telling = self._telling_stems(sentence)
        return len(telling & self._stems) < ON_TOPIC * max(1, len(telling))

    def is_far_off(self, sentence: str) -> bool:
        """Return whether next to none of a sentence's telling words is in the article."""
        telling = self._telling_stems(sentence)
        shared = len(telling & self._stems)
        return len(telling) >= LEAST_TELLING and shared <= FAR_OFF * len(telling)

    def _telling_stems(self, text: str) -> frozenset[str]:
        each = words(text, self._language)
        return frozenset(word.stem for word in each if not word.stop and word.text.isalpha())


@dataclass(frozen=True, slots=True)
class Screened:
    """An article without what speaks to a machine (where that is all of it, whole); what it was."""

    article: Article
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class _ReadSentence:
    span: Span
    own: str  # with its quotations blanked out
    cue: Cue | None = None
    start: int = 0  # code points into it from which the cue holds
    quoted: bool = False  # as a whole


def screen(article: Article) -> Screened:
    """Cut what speaks to a machine out of an article's body, and out of its title.

    A hidden message in the middle of a sentence is listed and stays in the body, so that the
    sentence stays whole; ``visible`` leaves it out of prompts.
    """
    listed, cuts = _find_unseen(article)
    bare = _left_outside(article.text, article.body, cuts)
    blanked = (pair for part in bare for pair in _with_quotations_blanked(article.text, part))
    each = [
        _read_sentence(article.text, span, own)
        if len(span) <= LONGEST
        else _ReadSentence(span, own)
        for span, own in blanked
    ]
    topic, goes_on = _topic_of(article, each, article.title or ""), False
    for sentence in each:
        known = sentence.cue
        if known and (goes_on or _is_order(sentence, known, article.text, topic)):
            order = Span(sentence.span.start + sentence.start, sentence.span.end)
            cuts.append(order)
            listed.append((order, known.why))
            # What looks like an order right behind a sure one goes on with it.
            goes_on = known.sure
        else:
            goes_on = False
    cuts.sort()
    kept, titles = _with_own_title(without(article, cuts), _topic_of(article, each, ""))
    share = sum(map(len, cuts)) / max(1, sum(map(len, article.body)))
    if share >= MOSTLY_CUT:
        kept = replace(kept, warnings=(*kept.warnings, ALL_ORDERS))
    rejected = []
    for span, why in sorted(listed):
        text = span.of(article.text)
        rejected.append(_reject_order(kept, decode_message(text) if why == _HIDDEN else text, why))
    return Screened(kept, (*titles, *rejected))


def without(article: Article, spans: Sequence[Span]) -> Article:
    """Return an article without spans of its body, in order; itself where nothing would be left."""
    body = tuple(_left_outside(article.text, article.body, spans))
    return replace(article, body=body) if body and spans else article


def _find_unseen(article: Article) -> tuple[list[tuple[Span, str]], list[Span]]:
    """Return what of a body no reader is meant to see and why, and what of that is to be cut."""
    text, blocks = article.text, marked_blocks(article.text)
    ends = [0, *(end for block in blocks for end in (block.start, block.end)), len(text)]
    between = [Span(start, end) for start, end in list(pairwise(ends))[::2]]
    cuts = list(_left_outside(text, article.body, between)) if blocks else []
    listed = [(span, _MARKED) for span in cuts]
    for part in article.body:
        for message in find_messages(part.of(text)):
            span = Span(part.start + message.start, part.start + message.end)
            listed.append((span, _HIDDEN))
            before, after = text[part.start : span.start].rstrip(), text[span.end : part.end]
            is_edge = not before or before[-1] in _STOPS or not after or after[0] in "\r\n"
            if is_edge and not any(span.overlap(cut) for cut in cuts):
                cuts.append(span)
    return listed, sorted(cuts)


def _with_quotations_blanked(text: str, part: Span) -> Iterator[tuple[Span, str]]:
    masked = unquoted(part.of(text))
    for span in sentences(text, part):
        yield span, masked[span.start - part.start : span.end - part.start]


def _read_sentence(text: str, span: Span, own: str) -> _ReadSentence:
    whole = span.of(text)
    if MARKUP.search(whole):
        return _ReadSentence(span, own, Cue(_MARKED))
    if is_code(whole):
        return _ReadSentence(span, own, Cue("it is in code"))
    if BLANK in own and _WORD.search(own) is None:
        inner = unquoted(whole.strip(_MARKS))
        return _ReadSentence(span, own, _find_cue(plain(inner)), quoted=True)
    if known := _find_cue(plain(own)):
        return _ReadSentence(span, own, known)
    for part in _PART.finditer(own):
        if known := _find_cue(plain(own[part.end() :]), surely=True):
            return _ReadSentence(span, own, known, start=part.end())
    return _ReadSentence(span, own)


def _topic_of(article: Article, each: Sequence[_ReadSentence], title: str) -> Topic:
    told = [sentence for sentence in each if sentence.cue is None]
    return Topic(
        [plain(sentence.own) for sentence in told],
        [sentence.span.of(article.text) for sentence in told],
        title,
        (article.language or "en").partition("-")[0],
    )


def _is_order(sentence: _ReadSentence, known: Cue, text: str, topic: Topic) -> bool:
    """Return whether a sentence is no news of its article: in doubt it is."""
    whole = sentence.span.of(text)
    # Somebody is said to say it: "State that", and not "States say that".
    speaker = named_speaker(whole)
    has_speaker = speaker is not None and not whole.lstrip().startswith(speaker)
    guides = (Unless.ON_TOPIC_OR_TURNING, Unless.NEAR_THE_TOPIC)
    if not known.sure and (topic.says_you(plain(sentence.own)) or has_speaker):
        return False
    if topic.is_on_machines and (sentence.quoted or known.unless is Unless.ON_MACHINES):
        return False
    if topic.turns_to_readers and known.unless in guides:
        return False
    somebodys = not known.sure and (sentence.quoted or topic.turns_to_readers)
    if somebodys or known.unless is Unless.NEAR_THE_TOPIC:
        return topic.is_far_off(whole)
    needs_topic = known.unless in (Unless.ON_TOPIC, Unless.ON_TOPIC_OR_TURNING)
    return not needs_topic or topic.is_off(whole)


def _with_own_title(article: Article, topic: Topic) -> tuple[Article, tuple[Rejected, ...]]:
    """Return an article without a title that is an order, since a model is shown titles too."""
    title = article.title or ""
    order = _read_sentence(title, Span(0, len(title)), unquoted(title)) if title else None
    if order and order.cue and _is_order(order, order.cue, title, topic):
        kept = replace(article, title=None)
        return kept, (_reject_order(kept, title, f"as the title: {order.cue.why}"),)
    return replace(article, title=visible(title)) if visible(title) != title else article, ()


def _reject_order(article: Article, text: str, why: str) -> Rejected:
    return Rejected(article=article, text=text, reason=RejectReason.INJECTION, detail=why)


def _left_outside(text: str, body: Iterable[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of the body without ``spans``, and without white space at its ends.

    Both are in order and disjoint; neighbouring sentences stay in one span.
    """
    cuts = deque(spans)
    for part in body:
        start, pieces = part.start, list[Span]()
        while cuts and cuts[0].start < part.end:
            pieces.append(Span(start, max(start, cuts[0].start)))
            start = max(start, cuts[0].end)
            if cuts[0].end > part.end:
                break
            cuts.popleft()
        pieces.append(Span(start, max(start, part.end)))
        yield from filter(len, (piece.trimmed(text) for piece in pieces))


def asks_reader(sentence: str) -> bool:
    """Return whether a sentence asks, and nobody is said to have asked it: it makes no claim."""
    if not sentence.rstrip(_CLOSING).endswith(QUESTION_MARKS):
        return False
    speaker = named_speaker(sentence)
    return speaker is None or speaker.partition(" ")[0].lower() in _WHO_ASKED


def gives_order(statement: str) -> bool:
    """Return whether a statement tells or asks a machine something and reports nothing.

    A model that was talked into something may give the order back as if it were news. What stands
    behind a label ("Note: ...") is looked at without it, too. What readers are told to do ("Keep
    every receipt") is news.
    """
    own = unquoted(statement)
    cues = ((text, _find_cue(plain(text))) for text in (own, _LABEL.sub("", own, count=1)))
    orders = any(known and (known.sure or not named_speaker(text)) for text, known in cues)
    return orders or asks_reader(own)


def quoted_sentences(article: Article) -> tuple[Span, ...]:
    """Return the sentences of a body that open inside a quotation: somebody's words, in order."""
    each = (pair for part in article.body for pair in _with_quotations_blanked(article.text, part))
    return tuple(span for span, own in each if own.lstrip(" -–—•*([").startswith(BLANK))
