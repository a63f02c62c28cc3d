"""Which words of which article to show, and how much of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.report.safe import one_line, shortened
from summarizer.types import Article, Check, Mention, Span, Verdict

QUOTE_CHARACTERS = 150
"""The longest quote shown: two lines at 80 columns."""

NEW_WORDS = 0.35
"""Share of a quote's words that the line above it lacks, from which showing it adds something."""

_WORD = re.compile(r"\w+")
_OPENING, _CLOSING = '“„«"', '”“»"'
_MARK = re.compile('[“”„«»"]')
_PAIRS = (("„", "“"), ("«", "»"))
_OTHER_MARK = re.compile(r"""[„«»]|\d"|'$|\'\'""")
_UNFINISHED = (",", ";", ":", "—", "–")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, who wrote them, and how they bear on the line they stand under."""

    outlet: str
    text: str
    relation: str = ""


def adding(text: str, sources: Iterable[tuple[Article, Sequence[Span]]]) -> Quote | None:
    """Return the quote closest to ``text`` of those that do not just repeat it, if any.

    The closest, because it is to show that the fact stands there, in other words.
    """
    said = _words(text)
    found = [_quote(article, evidence) for article, evidence in sources]
    new = [quote for quote in found if _new(quote, said) >= NEW_WORDS]
    return min(new, key=lambda quote: _new(quote, said), default=None)


def in_marks(text: str) -> str:
    """Return ``text`` in quotation marks, without doubling those it begins and ends with."""
    text = balanced(text)
    if not text or text[0] not in _OPENING:
        return f"“{text}”"
    if _MARK.search(text[1:].removesuffix("…")[:-1]):
        # Marks of its own, further ones inside: it is seen to be a quotation as it stands.
        return text
    return f"“{text[1:-1] if text[-1] in _CLOSING else text[1:]}”"


def as_sentence(text: str, *, goes_on: bool = False) -> str:
    """Return a fact's text so that a part of a sentence is seen to be one.

    Args:
        text: The fact, on one line.
        goes_on: Whether the sentence it was taken from goes on after it.
    """
    text = balanced(text)
    if text[:1].islower():
        text = f"…{text}"
    if text.endswith(_UNFINISHED) or (goes_on and text[-1:].isalnum()):
        return text.rstrip("".join(_UNFINISHED)) + "…"
    return text


def balanced(text: str) -> str:
    """Return ``text`` with the one quotation mark that was left outside when it was cut out."""
    for opening, closing in _PAIRS:
        if text.count(opening) == 1 and closing not in text:
            return text + closing
    found = [at for at, letter in enumerate(text) if letter in '"“”']
    # Marks of other kinds follow other rules, and a mark after a figure may be inches.
    if len(found) % 2 == 0 or _OTHER_MARK.search(text):
        return text
    first, last = found[0], found[-1]
    if text[first] == "”" or (text[first] == '"' and _closes(text, first)):
        return ("“" if text[first] == "”" else '"') + text
    if text[last] == "“" or (text[last] == '"' and not _closes(text, last)):
        return text + ("”" if text[last] == "“" else '"')
    return text


def _closes(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(—–-["


def holding(value: str, mentions: Sequence[Mention]) -> Quote | None:
    """Return the words that give ``value``; around it, where they are long."""
    for mention in mentions:
        for span in mention.evidence:
            quote = one_line(span.of(mention.article.text))
            if quote and quote.casefold() != one_line(value).casefold():
                return Quote(one_line(mention.article.outlet), around(quote, one_line(value)))
    return None


def nearest(checks: Sequence[Check]) -> Quote | None:
    """Return the passage of another outlet that makes a fact's uniqueness doubtful."""
    with_passage = [check for check in checks if check.judgement.nearest]
    if not with_passage:
        return None
    check = max(with_passage, key=_doubt)
    contradicted = check.judgement.verdict is Verdict.CONTRADICTED
    relation = "otherwise in" if contradicted else "compare"
    assert check.judgement.nearest is not None
    quote = _quote(check.article, [check.judgement.nearest])
    return Quote(quote.outlet, quote.text, relation)


def around(quote: str, value: str) -> str:
    """Return at most ``QUOTE_CHARACTERS`` of ``quote``, those with ``value`` where it is there."""
    at = quote.casefold().find(value.casefold())
    if at < 0 or at + len(value) < QUOTE_CHARACTERS:
        return shortened(quote, QUOTE_CHARACTERS)
    # Two thirds of the room before the value: what a figure counts mostly stands there.
    start = quote.find(" ", max(0, at - 2 * QUOTE_CHARACTERS // 3))
    start = start + 1 if 0 <= start < at else at
    return "…" + shortened(quote[start:], QUOTE_CHARACTERS - 1)


def _doubt(check: Check) -> tuple[bool, float]:
    return check.judgement.verdict is not Verdict.ABSENT, check.judgement.probability


def _quote(article: Article, evidence: Sequence[Span]) -> Quote:
    text = " … ".join(one_line(span.of(article.text)) for span in evidence)
    return Quote(one_line(article.outlet), shortened(text, QUOTE_CHARACTERS))


def _new(quote: Quote, said: set[str]) -> float:
    words = _words(quote.text)
    return len(words - said) / len(words) if words else 0.0


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
