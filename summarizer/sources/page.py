"""The article in a page that was copied whole: its body, headline, byline, date, outlet.

Nothing is rewritten: the body is given as spans of the very text that came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from summarizer.sources.agencies import credited, is_credit
from summarizer.sources.authors import without_authors
from summarizer.sources.body import choose_body
from summarizer.sources.languages import STOP_WORDS, guess_language
from summarizer.sources.lines import Line, split_lines
from summarizer.sources.metadata import (
    STANDFIRST_LINES,
    find_byline,
    find_outlet,
    find_published,
)
from summarizer.sources.stubs import find_warnings
from summarizer.types import OutletFrom, Span

# Code points of a text that are read. Origin: the longest article known has 200,000; what is
# longer is no page, and reading all of it would only take time.
READ = 1_000_000
# Words of a name or label left over below the last paragraph.
TRAILING_LABEL_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What was found in the text of a page.

    ``body`` has one span per paragraph line, in order and disjoint, and is empty where
    there is no article. ``outlet_from`` is TEXT where the page itself names its outlet.
    """

    body: tuple[Span, ...] = ()
    title: str | None = None
    title_span: Span | None = None
    byline: str | None = None
    published: date | None = None
    outlet: str | None = None
    outlet_from: OutletFrom | None = None
    credits: tuple[str, ...] = ()
    language: str | None = None
    warnings: tuple[str, ...] = field(default=())


def read_page(text: str, *, source: str = "") -> PageReading:
    """Return the article's spans and metadata in ``text``, a page copied whole.

    Args:
        text: The page, as it was decoded.
        source: What to call it in warnings.
    """
    name = source or "the text"
    lines = split_lines(text[:READ])
    if not lines:
        return PageReading(warnings=(f"{name} is empty",))
    choice = choose_body(lines, STOP_WORDS.get(guess_language(text) or ""))
    credit_lines = [i for i, line in enumerate(lines) if is_credit(line.text)]
    top = choice.title or 0
    byline = find_byline(_between(lines, top, choice.body))
    body = trim(lines, [i for i in choice.body if i not in set(credit_lines)], byline)
    warnings = [f"only the first {READ:,} characters of {name} were read"] * (len(text) > READ)
    warnings += find_warnings(lines, sum(lines[i].words for i in body), name, choice.missed)
    outlet = find_outlet([lines[i].text for i in _outside(lines, body)], byline)
    title = None if choice.title is None else lines[choice.title]
    body_text = "\n".join(lines[i].text for i in body)
    return PageReading(
        body=tuple(lines[i].span for i in body),
        title=title.span.of(text) if title else None,
        title_span=title.span if title else None,
        byline=byline,
        published=find_published(lines, choice.title, body),
        outlet=outlet,
        outlet_from=OutletFrom.TEXT if outlet else None,
        credits=credited((lines[i].text for i in credit_lines), (lines[i].text for i in body)),
        language=guess_language(body_text or text),
        warnings=tuple(warnings),
    )


def _between(lines: Sequence[Line], top: int, body: Sequence[int]) -> list[Line]:
    """Return the lines that are not body from the headline to the body's first lines."""
    if not body:
        return []
    settled = body[min(STANDFIRST_LINES, len(body) - 1)]
    return [lines[i] for i in range(top, settled) if i not in set(body)]


def _outside(lines: Sequence[Line], body: Sequence[int]) -> list[int]:
    inside = set(body)
    return [i for i in range(len(lines)) if i not in inside]


def trim(lines: Sequence[Line], body: list[int], byline: str | None) -> list[int]:
    """Return ``body`` less the author's name and biography, and labels below the last paragraph."""
    body = [i for i in body if lines[i].text.casefold() != (byline or "").casefold()]
    body = without_authors(lines, body, byline)
    while len(body) > 1 and _is_trailing_label(lines[body[-1]], lines[body[-2]]):
        body.pop()
    return body


def _is_trailing_label(last: Line, before: Line) -> bool:
    label = last.words <= TRAILING_LABEL_WORDS and not last.ends_sentence
    return label and before.ends_sentence and last.text.istitle()
