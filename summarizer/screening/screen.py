"""Take out of an article what speaks to a machine instead of telling news.

What is cut is cut out of the body's spans and listed among what was rejected; the text and its
offsets stay as they are.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.screening.invisible import (
    LONGEST,
    MARKUP,
    decoded,
    is_code,
    marked_blocks,
    messages,
    plain,
    trimmed,
    visible,
)
from summarizer.screening.rules import Cue, Topic, Unless, cue
from summarizer.text.attribution import named_speaker
from summarizer.text.sentences import BLANK, STOPS, sentences, unquoted
from summarizer.types import Article, Rejected, RejectReason, Span

MOSTLY_CUT = 0.5
"""The share of a body that is cut from which it cannot be said that the article was read."""

ALL_ORDERS = (
    "most of the text reads like instructions to a machine, not like news: do not trust what "
    "is drawn from it"
)
"""The warning of an article of which no more than half is left."""

_HIDDEN = "it stands in characters that no reader sees"
_MARKED = "it has the markup of a chat"
_STOPS = f"{STOPS}:\"'”’»)\n"
_PART = re.compile(r"[:;—–]\s+|[(\[]")
_WORD = re.compile(r"\w+")
_NEVER_IN_A_GUIDE = (Unless.ON_TOPIC_OR_TURNING, Unless.NEAR_THE_TOPIC)
_WITHIN_A_TOPIC = (Unless.ON_TOPIC, Unless.ON_TOPIC_OR_TURNING)
_MARKS = "\"'“”„‘’«» "


@dataclass(frozen=True, slots=True)
class Screened:
    """An article without what speaks to a machine, and what that was.

    Where all of the body would be cut it is kept. ``doubtful`` are the sentences that may be
    orders to a machine and stay: what a model makes of them is worth a second look.
    """

    article: Article
    rejected: tuple[Rejected, ...] = ()
    doubtful: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, with its quotations blanked out in ``own``; ``quoted`` as a whole or not.

    Where it has a cue, that holds from ``start`` code points into it.
    """

    span: Span
    own: str
    cue: Cue | None = None
    start: int = 0
    quoted: bool = False

    @property
    def ordered(self) -> Span:
        """What of it is the order."""
        return Span(self.span.start + self.start, self.span.end)


def screen(article: Article) -> Screened:
    """Cut what speaks to a machine out of an article's body, and out of its title.

    The spans of the new body lie in those of the old one, in order and disjoint, and begin and
    end with what is no white space. A hidden message in the middle of a sentence is listed and
    stays in the body, so that the sentence stays whole; ``visible`` leaves it out of prompts.
    """
    listed, cuts = _unseen(article)
    bare = _outside(article.text, article.body, cuts)
    found = [sentence for part in bare for sentence in _sentences(article.text, part)]
    topic = _topic(article, found, article.title or "")
    doubtful = []
    goes_on = False
    for sentence in found:
        if sentence.cue and (goes_on or _is_order(sentence, sentence.cue, article.text, topic)):
            cuts.append(sentence.ordered)
            listed.append((sentence.ordered, sentence.cue.why))
            # What looks like an order right behind a sure one goes on with it.
            goes_on = sentence.cue.sure
        else:
            goes_on = False
            if sentence.cue:
                doubtful.append(sentence.span)
    cuts.sort()
    kept, titles = _with_own_title(without(article, cuts), _topic(article, found, ""))
    share = sum(map(len, cuts)) / max(1, sum(map(len, article.body)))
    if share >= MOSTLY_CUT:
        kept = replace(kept, warnings=(*kept.warnings, ALL_ORDERS))
    rejected = (_rejected(kept, span, why) for span, why in sorted(listed))
    return Screened(kept, (*titles, *rejected), tuple(doubtful))


def without(article: Article, spans: Sequence[Span]) -> Article:
    """Return an article without spans of its body, in order; itself where nothing would be left."""
    body = tuple(_outside(article.text, article.body, spans))
    return replace(article, body=body) if body and spans else article


def _unseen(article: Article) -> tuple[list[tuple[Span, str]], list[Span]]:
    """Return what of a body no reader is meant to see and why, and what of that is to be cut."""
    text = article.text
    listed = [(span, _MARKED) for span in _inside(text, article.body, marked_blocks(text))]
    cuts = [span for span, _ in listed]
    for part in article.body:
        for found in messages(part.of(text)):
            span = Span(part.start + found.start, part.start + found.end)
            listed.append((span, _HIDDEN))
            before, after = text[part.start : span.start].rstrip(), text[span.end : part.end]
            is_edge = not before or before[-1] in _STOPS or not after or after[0] in "\r\n"
            if is_edge and not any(span.overlap(cut) for cut in cuts):
                cuts.append(span)
    return listed, sorted(cuts)


def _sentences(text: str, part: Span) -> Iterator[_Sentence]:
    """Yield the sentences of a part, each with what it seems to order."""
    masked = unquoted(part.of(text))
    for span in sentences(text, part):
        own = masked[span.start - part.start : span.end - part.start]
        yield _read(text, span, own) if len(span) <= LONGEST else _Sentence(span, own)


def _read(text: str, span: Span, own: str) -> _Sentence:
    whole = span.of(text)
    if MARKUP.search(whole):
        return _Sentence(span, own, Cue(_MARKED, Unless.NEVER))
    if is_code(whole):
        return _Sentence(span, own, Cue("it is in code", Unless.NEVER))
    if BLANK in own and _WORD.search(own) is None:
        said = unquoted(whole.strip(_MARKS))
        return _Sentence(span, own, cue(plain(said)), quoted=True)
    if known := cue(plain(own)):
        return _Sentence(span, own, known)
    for part in _PART.finditer(own):
        if known := cue(plain(own[part.end() :]), surely=True):
            return _Sentence(span, own, known, start=part.end())
    return _Sentence(span, own)


def _topic(article: Article, found: Sequence[_Sentence], title: str) -> Topic:
    told = [sentence for sentence in found if sentence.cue is None]
    return Topic(
        [plain(sentence.own) for sentence in told],
        [sentence.span.of(article.text) for sentence in told],
        title,
        (article.language or "en").partition("-")[0],
    )


def _is_order(sentence: _Sentence, known: Cue, text: str, topic: Topic) -> bool:
    """Return whether a sentence is no news of its article: in doubt it is."""
    whole = sentence.span.of(text)
    if not known.sure and (topic.says_you(plain(sentence.own)) or _has_speaker(whole)):
        return False
    if topic.is_on_machines and (sentence.quoted or known.unless is Unless.ON_MACHINES):
        return False
    if topic.turns_to_readers and known.unless in _NEVER_IN_A_GUIDE:
        return False
    somebodys = not known.sure and (sentence.quoted or topic.turns_to_readers)
    if somebodys or known.unless is Unless.NEAR_THE_TOPIC:
        return topic.is_far_off(whole)
    return known.unless not in _WITHIN_A_TOPIC or topic.is_off(whole)


def _has_speaker(sentence: str) -> bool:
    """Return whether somebody is said to say it: "State that", and not "States say that"."""
    speaker = named_speaker(sentence)
    return speaker is not None and not sentence.lstrip().startswith(speaker)


def _with_own_title(article: Article, topic: Topic) -> tuple[Article, tuple[Rejected, ...]]:
    """Return an article without a title that is an order, since a model is shown titles too."""
    title = article.title or ""
    whole = Span(0, len(title))
    order = _read(title, whole, unquoted(title)) if title else None
    if order is None or order.cue is None or not _is_order(order, order.cue, title, topic):
        return replace(article, title=visible(title)) if visible(title) != title else article, ()
    kept = replace(article, title=None)
    detail = f"as the title: {order.cue.why}"
    return kept, (Rejected(article=kept, text=title, reason=RejectReason.INJECTION, detail=detail),)


def _rejected(article: Article, span: Span, why: str) -> Rejected:
    text = span.of(article.text)
    return Rejected(
        article=article,
        text=decoded(text) if why == _HIDDEN else text,
        reason=RejectReason.INJECTION,
        detail=why,
    )


def _inside(text: str, body: Iterable[Span], spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of ``spans`` that lie in the body; both are in order and disjoint."""
    waiting = deque(spans)
    for part in body:
        while waiting and waiting[0].start < part.end:
            span = waiting[0]
            start, end = max(span.start, part.start), min(span.end, part.end)
            if start < end:
                yield from trimmed(text, start, end)
            if span.end > part.end:
                break
            waiting.popleft()


def _outside(text: str, body: Iterable[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of the body; neighbouring sentences stay in one span."""
    cuts = iter(spans)
    cut = next(cuts, None)
    for part in body:
        start = part.start
        while cut is not None and cut.start < part.end:
            yield from trimmed(text, start, cut.start)
            start = cut.end
            cut = next(cuts, None)
        yield from trimmed(text, start, part.end)
