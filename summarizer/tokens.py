"""How many tokens a text is, and an article's body in chunks that fit a budget of them.

tiktoken downloads a vocabulary on first use, into ``TIKTOKEN_CACHE_DIR`` or the temporary folder,
and sets no time limit to that: so it is loaded on a thread that is waited for only so long.
"""

from __future__ import annotations

import math
import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from summarizer.text.sentences import sentences
from summarizer.types import Article, Span

if TYPE_CHECKING:
    from tiktoken import Encoding

T = TypeVar("T")

# Used for a model that tiktoken does not know: that of OpenAI's models since 2024.
_DEFAULT_ENCODING = "o200k_base"
# Longest wait for a vocabulary. One in the cache takes 0.6 s, the 3.6 MB over a slow line 5 s.
_LOAD_SECONDS = 8.0
# Code points handed to tiktoken at once: it slows down on a word of 1 MB and can overflow.
_PIECE = 10_000
# An estimate is raised by this: on 100 news pages it then fell short of o200k_base on three.
_MARGIN = 1.15
_TOKENS_PER_CHARACTER = (
    (r"[a-zA-Z\s]+", 1 / 4.6),  # English prose, spaces counted
    (r"[\x00-\x7f]", 1 / 1.4),  # figures and punctuation
    (r"[\u0080-\u07ff]+", 1 / 2.3),  # accented Latin, Greek, Cyrillic, Hebrew, Arabic
    (r"[\u0800-\u1fff]+", 1 / 1.0),  # Indic, Thai, Georgian, Ethiopic
    (r"[\u2000-\u206f]", 1 / 1.2),  # typographic quotes and dashes
    (r"[^\x00-\u206f]+", 1 / 1.2),  # Chinese, Japanese, Korean, symbols
)
_CLASSES = re.compile("|".join(f"({pattern})" for pattern, _ in _TOKENS_PER_CHARACTER))
_CLAUSE_END = re.compile(r"[,;:—–،、，；：]\s*")
_SPACE = re.compile(r"\s+")
_CUT = re.compile(rf"(?s).{{1,{_PIECE}}}(?=\s|\Z)|.{{1,{_PIECE}}}")


def count_tokens(text: str, model: str | None = None) -> int:
    """Return the tokens of a text as a model's tokenizer counts them; estimated without one.

    ``o200k_base`` is used for a model that tiktoken does not know.
    """
    if encoding := load_encoding(model):
        return sum(len(encoding.encode_ordinary(piece)) for piece in _CUT.findall(text))
    return estimate_tokens(text)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens ``text`` is, rather too many than too few.

    It is never more than the bytes of the text in UTF-8, which no tokenizer of bytes exceeds.
    """
    tokens = 0.0
    for match in _CLASSES.finditer(text):
        rate = _TOKENS_PER_CHARACTER[(match.lastindex or 1) - 1][1]
        tokens += rate * (match.end() - match.start())
    return min(math.ceil(tokens * _MARGIN), _count_bytes(text))


@lru_cache(maxsize=8)
def load_encoding(model: str | None = None, seconds: float = _LOAD_SECONDS) -> Encoding | None:
    """Return the encoding of a model, or None where it was not there within ``seconds``."""
    loaded: list[Encoding] = []

    def load() -> None:
        # Whatever is wrong here (no network, a full disk, a broken file), the answer is to
        # estimate: counting tokens never fails a run.
        with suppress(Exception):
            loaded.append(_model_encoding(model))

    # A daemon, so that a download which hangs does not keep the program from ending.
    thread = threading.Thread(target=load, name="load-vocabulary", daemon=True)
    thread.start()
    thread.join(seconds)
    return loaded[0] if loaded else None


def _model_encoding(model: str | None) -> Encoding:
    import tiktoken

    try:
        return tiktoken.encoding_for_model(model or "")
    except KeyError:
        return tiktoken.get_encoding(_DEFAULT_ENCODING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Consecutive whole sentences of one body that fit a token budget.

    Between two of them ``span`` may have furniture, which is counted, and is in none of
    ``sentences``.
    """

    article: Article
    span: Span
    sentences: tuple[Span, ...]
    tokens: int

    @property
    def text(self) -> str:
        """The slice of the article's text from the first to the last sentence."""
        return self.span.of(self.article.text)


def chunks(article: Article, *, budget: int, count: Callable[[str], int]) -> tuple[Chunk, ...]:
    """Return the body of ``article`` as chunks of at most ``budget`` tokens, as ``count`` has it.

    Every sentence of the body is in exactly one chunk; one that alone is over the budget is cut,
    at a clause or a space where there is one. Only a single code point may be over the budget. A
    body of no more bytes than the budget is not counted, since tokens never exceed bytes;
    ``Chunk.tokens`` is then the estimate.
    """
    if budget < 1:
        raise ValueError(f"a chunk needs a budget of at least one token, not {budget}")
    units = [unit for span in article.body for unit in sentences(article.text, span)]
    if not units:
        return ()
    whole = Span(units[0].start, units[-1].end)
    if _count_bytes(whole.of(article.text)) <= budget:
        tokens = estimate_tokens(whole.of(article.text))
        return (Chunk(article=article, span=whole, sentences=tuple(units), tokens=tokens),)
    fitting = (part for unit in units for part in _parts_within(article.text, unit, budget, count))
    return tuple(_fill_chunks(article, list(fitting), budget, count))


def batches(
    items: Sequence[T], costs: Sequence[int], budget: int, most: int | None = None
) -> list[list[T]]:
    """Return items in order, in as few batches of at most ``budget`` tokens as that takes.

    No batch has more than ``most`` items; an item that alone is over the budget is one.
    """
    filled: list[list[T]] = []
    left = 0
    for item, cost in zip(items, costs, strict=True):
        if not filled or cost > left or len(filled[-1]) == most:
            filled.append([])
            left = budget
        filled[-1].append(item)
        left -= cost
    return filled


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
        if len(part) == 1 or _count_bytes(whole) <= budget or count(whole) <= budget:
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
        if ends := [match.end() for match in boundary.finditer(text, low, high)]:
            return min(ends, key=lambda end: abs(end - middle))
    return middle


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
