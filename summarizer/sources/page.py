"""The article in a page that was copied whole: its body, headline, byline, date, outlet.

Nothing is rewritten: the body is given as spans of the very text that came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from summarizer.sources.body import choose_body
from summarizer.sources.boilerplate import credited, is_credit, pattern
from summarizer.sources.features import content_words
from summarizer.sources.lines import (
    STOP_WORDS,
    Line,
    count_words,
    ends_sentence,
    guess_language,
    split_lines,
)
from summarizer.sources.metadata import STANDFIRST_LINES, find_byline, find_outlet, find_published
from summarizer.types import OutletFrom, Span

# Code points of a text that are read. Origin: the longest article known has 200,000; what is
# longer is no page, and reading all of it would only take time.
READ = 1_000_000
# Words under which a body is suspected to be no more than the beginning of an article (agencies'
# shortest items have about 60, paywalled beginnings up to 120); the same for a page that asks for
# consent, which may be a banner over a short article; and under which there is no article at all.
SHORT_BODY, WALL_BODY, NO_BODY = 120, 40, 12
# Characters of a line, and lines of a page, that the signs are looked for in.
SAMPLE, LINES = 300, 3_000
# Share of the body's words from which paragraphs left out are worth a warning.
MISSED_SHARE = 0.18
# Items that a page of headlines has at least, words of its longest, and the share of an item's
# words that the others may tell too. Origin: by hand; paragraphs of one article tell a quarter of
# their words twice.
ITEMS, ITEM_WORDS, ITEM_TOLD = 4, 45, 0.2

_PAYWALL, _WALL = pattern("paywall"), pattern("wall")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What was found in the text of a page.

    ``body`` has one span of ``text`` per paragraph line, in order and disjoint, and is empty where
    there is no article. ``outlet_from`` is TEXT where the page itself names its outlet.
    """

    text: str = ""
    body: tuple[Span, ...] = ()
    title: str | None = None
    byline: str | None = None
    published: date | None = None
    outlet: str | None = None
    outlet_from: OutletFrom | None = None
    credits: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()


def read_page(text: str, *, source: str = "") -> PageReading:
    """Return the article's spans and metadata in ``text``, a page copied whole.

    ``source`` is what warnings call it.
    """
    name = source or "the text"
    lines = split_lines(text[:READ])
    if not lines:
        return PageReading(warnings=(f"{name} is empty",))
    choice = choose_body(lines, STOP_WORDS.get(guess_language(text) or ""))
    inside = frozenset(choice.body)
    settled = choice.body[min(STANDFIRST_LINES, len(inside) - 1)] if inside else 0
    between = [lines[i] for i in range(choice.title or 0, settled) if i not in inside]
    byline = find_byline(between)
    credit_lines = [line.text for line in lines if is_credit(line.text)]
    body = [i for i in choice.body if lines[i].text not in {*credit_lines, byline}]
    outside = sorted(frozenset(range(len(lines))).difference(body))
    outlet = find_outlet([lines[i].text for i in outside], byline)
    warnings = [f"only the first {READ:,} characters of {name} were read"] * (len(text) > READ)
    warnings += find_warnings(lines, sum(lines[i].words for i in body), name, choice.missed)
    shown = [lines[i].text for i in body]
    return PageReading(
        text=text,
        body=tuple(lines[i].span for i in body),
        title=None if choice.title is None else lines[choice.title].span.of(text),
        byline=byline,
        published=find_published(lines, choice.title, body),
        outlet=outlet,
        outlet_from=OutletFrom.TEXT if outlet else None,
        credits=credited(credit_lines, shown),
        language=guess_language("\n".join(shown) or text),
        warnings=tuple(warnings),
    )


def find_warnings(lines: Sequence[Line], words: float, name: str, missed: float = 0.0) -> list[str]:
    """Return what is wrong with the body of the page ``name``, if it holds less than an article.

    ``words`` are those of its body, ``missed`` those of paragraphs that were left out and look like
    the article's.
    """
    samples = [line.text[:SAMPLE] for line in lines[:LINES]]
    if words < SHORT_BODY and any(map(_PAYWALL.search, samples)):
        return [f"{name} looks like a paywall's stub: only the beginning of an article is there"]
    if words < WALL_BODY and any(map(_WALL.search, samples)) and len(lines) < SHORT_BODY:
        return [f"{name} looks like a cookie or access wall rather than an article"]
    if words < NO_BODY:
        return [f"no article was found in {name}"]
    if missed > MISSED_SHARE * words:
        return [
            f"{missed:.0f} words of {name} look like the article's and were left out: "
            "if they are, paste the article alone"
        ]
    return []


def is_list_of_items(body: Sequence[str]) -> bool:
    """Return whether the lines of a body are teasers of several articles rather than one."""
    stop_words = STOP_WORDS.get(guess_language("\n".join(body)) or "")
    items = [content_words(line, stop_words) for line in body if ends_sentence(line)]
    longest = max((count_words(line) for line in body), default=0)
    if len(items) < ITEMS or longest > ITEM_WORDS or len(body) < 2 * len(items) - 1:
        return False
    counts = Counter(word for item in items for word in item)
    told = sum(counts[word] > 1 for item in items for word in item)
    return told <= ITEM_TOLD * sum(map(len, items))
