"""Take out of an article, and of what a model made of it, what speaks to a machine.

What is cut is cut out of the body's spans and listed among what was rejected; the text and its
offsets stay as they are.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
from summarizer.screening.rules import Cue, Topic, Unless, cue
from summarizer.text.attribution import named_speaker
from summarizer.text.sentences import BLANK, STOPS, sentences, unquoted
from summarizer.types import Article, Rejected, RejectReason, Span

# The share of a body that is cut from which it cannot be said that the article was read.
MOSTLY_CUT = 0.5

ALL_ORDERS = (
    "most of the text reads like instructions to a machine, not like news: do not trust what "
    "is drawn from it"
)
"""The warning of an article of which no more than half is left."""

QUESTION_MARKS = ("?", "？", "؟", "\u037e")
"""How a question ends in Latin, Chinese and Japanese, Arabic, and Greek script."""

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


@dataclass(frozen=True, slots=True)
class Screened:
    """An article without what speaks to a machine, and what that was.

    Where all of the body would be cut it is kept.
    """

    article: Article
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class _ReadSentence:
    """A sentence, with its quotations blanked out in ``own``; ``quoted`` as a whole or not.

    Where it has a cue, that holds from ``start`` code points into it.
    """

    span: Span
    own: str
    cue: Cue | None = None
    start: int = 0
    quoted: bool = False


def screen(article: Article) -> Screened:
    """Cut what speaks to a machine out of an article's body, and out of its title.

    The spans of the new body lie in those of the old one, in order and disjoint, and begin and
    end with what is no white space. A hidden message in the middle of a sentence is listed and
    stays in the body, so that the sentence stays whole; ``visible`` leaves it out of prompts.
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
        return _ReadSentence(span, own, cue(plain(inner)), quoted=True)
    if known := cue(plain(own)):
        return _ReadSentence(span, own, known)
    for part in _PART.finditer(own):
        if known := cue(plain(own[part.end() :]), surely=True):
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

    The screen reads an article; this reads what a model made of one. A model that was talked into
    something may give the order back as if it were news. What stands behind a label ("Note: ...")
    is looked at without it, too. What readers are told to do ("Keep every receipt") is news.
    """
    own = unquoted(statement)
    cues = ((text, cue(plain(text))) for text in (own, _LABEL.sub("", own, count=1)))
    orders = any(known and (known.sure or not named_speaker(text)) for text, known in cues)
    return orders or asks_reader(own)


def quoted_sentences(article: Article) -> tuple[Span, ...]:
    """Return the sentences of a body that open inside a quotation: somebody's words, in order."""
    each = (pair for part in article.body for pair in _with_quotations_blanked(article.text, part))
    return tuple(span for span, own in each if own.lstrip(" -–—•*([").startswith(BLANK))
