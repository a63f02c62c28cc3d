"""An article's body in chunks of whole sentences that fit a token budget.

A chunk's span runs from its first to its last sentence; what furniture lies between two
of them is inside the span, and is counted, but is in none of ``sentences``. A sentence
that alone is over the budget is cut, at a clause or a space where there is one, because a
model would refuse it whole; each part then stands in ``sentences``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from summarizer.text.sentences import sentences
from summarizer.tokens import bytes_of, estimate_tokens
from summarizer.types import Article, Span

_CLAUSE_END = re.compile(r"[,;:—–،、，；：]\s*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Consecutive whole sentences of one body that fit a token budget."""

    article: Article
    span: Span
    sentences: tuple[Span, ...]
    tokens: int

    @property
    def text(self) -> str:
        """The slice of the article's text from the first to the last sentence."""
        return self.span.of(self.article.text)


def chunks(article: Article, *, budget: int, count: Callable[[str], int]) -> tuple[Chunk, ...]:
    """Return the body of ``article`` as chunks of at most ``budget`` tokens each.

    Every sentence of the body is in exactly one chunk. A body of no more bytes than the
    budget is one chunk without a call of ``count``, since tokens never exceed bytes;
    ``Chunk.tokens`` is then the estimate. Only a single code point may be over the budget.

    Args:
        article: The article to cut up.
        budget: Tokens that a chunk's text may have; at least 1.
        count: Returns the number of tokens of a text.
    """
    if budget < 1:
        raise ValueError(f"a chunk needs a budget of at least one token, not {budget}")
    units = [unit for span in article.body for unit in sentences(article.text, span)]
    if not units:
        return ()
    whole = Span(units[0].start, units[-1].end)
    if bytes_of(whole.of(article.text)) <= budget:
        tokens = estimate_tokens(whole.of(article.text))
        return (Chunk(article=article, span=whole, sentences=tuple(units), tokens=tokens),)
    fitting = (part for unit in units for part in _parts_within(article.text, unit, budget, count))
    return tuple(_fill_chunks(article, list(fitting), budget, count))


def _fill_chunks(
    article: Article, units: list[Span], budget: int, count: Callable[[str], int]
) -> Iterator[Chunk]:
    """Put as many units into each chunk as fit, in order."""
    text = article.text
    costs = [
        count(text[before.end : unit.end]) if before else count(unit.of(text))
        for before, unit in zip([None, *units], units, strict=False)
    ]
    totals = [0, *accumulate(costs)]
    first = 0
    while first < len(units):
        size = max(1, bisect_right(totals, totals[first] + budget) - 1 - first)
        span = Span(units[first].start, units[first + size - 1].end)
        # The tokens of the parts are not quite those of the whole, so the whole decides.
        while (tokens := count(span.of(text))) > budget and size > 1:
            size -= 1
            span = Span(span.start, units[first + size - 1].end)
        sentences_in = tuple(units[first : first + size])
        yield Chunk(article=article, span=span, sentences=sentences_in, tokens=tokens)
        first += size


def _parts_within(
    text: str, span: Span, budget: int, count: Callable[[str], int]
) -> Iterator[Span]:
    """Halve a span until each part fits, from left to right."""
    waiting = [span]
    while waiting:
        part = waiting.pop()
        whole = part.of(text)
        if len(part) == 1 or bytes_of(whole) <= budget or count(whole) <= budget:
            yield part
            continue
        cut = part.start + _cut_place(whole)
        halves = (Span(cut, part.end), Span(part.start, cut))
        waiting += [half.trimmed(text) for half in halves]


def _cut_place(text: str) -> int:
    """Return where to cut: at a clause or a space of the middle half, else in the middle."""
    middle = len(text) // 2
    low, high = middle - middle // 2, middle + middle // 2
    for boundary in (_CLAUSE_END, _SPACE):
        ends = [match.end() for match in boundary.finditer(text, low, high)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return middle
