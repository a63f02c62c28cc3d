"""The article in an HTML page: trafilatura's text, second-guessed.

The text that comes out is the article's text: the body spans count in it. Trafilatura is
asked for its own extraction without the fallbacks, which add more furniture than they save;
where it stops in the middle of an article, the whole visible text is read instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from summarizer.sources import furniture
from summarizer.sources.agencies import credited, is_credit
from summarizer.sources.features import REMARK_WORDS, SAMPLE
from summarizer.sources.labels import is_caption, is_label
from summarizer.sources.languages import guess_language
from summarizer.sources.lines import Line, split_lines
from summarizer.sources.metadata import clean_byline
from summarizer.sources.page import PageReading, read_page
from summarizer.sources.structured import PageFacts, page_facts
from summarizer.sources.stubs import find_warnings
from summarizer.types import OutletFrom

# Characters of markup that are read. Origin: the longest development page has 3,000,000.
READ = 10_000_000
# How much more another reading must hold, and how much of the first it must hold too, to be
# taken instead: it found the rest of the same article. Unit: shares of characters.
MORE = 1.4
SAME = 0.75
# Characters under which a first reading says nothing.
TOO_LITTLE = 250

_BLOCKS_TEXT = (
    "address article aside blockquote br button caption dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p "
    "pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_HIDDEN_TEXT = "script style noscript template iframe svg head select textarea"
_HIDDEN = frozenset(_HIDDEN_TEXT.split())
_SPACES = re.compile(r"[ \t\r\n\xa0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlReading(PageReading):
    """What was found in an HTML page; ``text`` is new, and the spans are of it."""

    text: str = ""


def read_html(html: str, *, url: str | None = None) -> HtmlReading:
    """Return the text, body and metadata of the article in ``html``; never raises.

    Args:
        html: The page's markup, decoded.
        url: Where it came from, for warnings and for what trafilatura reads from addresses.
    """
    html = html[:READ]
    name = url or "the page"
    tree = _tree(html)
    document = _extract(html, url) if tree is not None else None
    facts = page_facts(tree, document)
    text = _best_text(document, tree, facts)
    lines = split_lines(text)
    body = [line for line in lines if not _is_furniture(line, facts.title)]
    credit_lines = [line.text for line in lines if is_credit(line.text)]
    title = next((x for x in lines[:3] if facts.title and x.text == facts.title), None)
    return HtmlReading(
        text=text,
        body=tuple(line.span for line in body),
        title=facts.title,
        title_span=title.span if title else None,
        byline=clean_byline(facts.author) if facts.author else None,
        published=facts.published,
        outlet=facts.outlet,
        outlet_from=OutletFrom.METADATA if facts.outlet else None,
        credits=credited(credit_lines, (line.text for line in body)),
        language=guess_language(text) or facts.language,
        warnings=tuple(find_warnings(lines, _numbers(lines, body), name)),
    )


def _numbers(lines: list[Line], body: list[Line]) -> list[int]:
    starts = {line.span.start for line in body}
    return [i for i, line in enumerate(lines) if line.span.start in starts]


def _is_furniture(line: Line, title: str | None) -> bool:
    """Return whether an extracted line is one of the few kinds that trafilatura lets through."""
    text = line.text
    if title and text.casefold() == title.casefold():
        return True
    if line.words <= REMARK_WORDS and furniture.RELATED.search(text[:SAMPLE]):
        return True
    return is_credit(text) or is_label(text) or is_caption(text)


def _best_text(document: Any, tree: Any, facts: PageFacts) -> str:
    extracted = str(getattr(document, "text", None) or "")
    best = extracted
    for other in (facts.article, _page_text(tree)):
        if len(other) > MORE * len(best) and _holds(other, best):
            best = other
    return best


def _holds(other: str, text: str) -> bool:
    """Return whether most of ``text``, by its lines, stands in ``other`` too."""
    if len(text) < TOO_LITTLE:
        return len(other) >= TOO_LITTLE
    squeezed = _SPACES.sub(" ", other)
    lines = [_SPACES.sub(" ", line).strip() for line in text.splitlines()]
    held = sum(len(line) for line in lines if line in squeezed)
    return held >= SAME * sum(map(len, lines))


def _page_text(tree: Any) -> str:
    """Return the body that is found in the visible text, as if the page had been copied."""
    visible = visible_text(tree)
    return "\n".join(span.of(visible) for span in read_page(visible).body)


def visible_text(tree: Any) -> str:
    """Return the text that a reader of the page sees, one line per block."""
    if tree is None:
        return ""
    parts: list[str] = []
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if leaving:
            parts.append("\n" if tag in _BLOCKS else "")
            parts.append(_SPACES.sub(" ", node.tail or ""))
            continue
        stack.append((node, True))
        if tag and tag not in _HIDDEN:
            parts.append("\n" if tag in _BLOCKS else "")
            parts.append(_SPACES.sub(" ", node.text or ""))
            stack += [(child, False) for child in reversed(node)]
    return "".join(parts)


def _tree(html: str) -> Any:
    from trafilatura import load_html

    try:
        return load_html(html) if html.strip() else None
    except Exception:  # the parser's own errors have no common kind
        return None


def _extract(html: str, url: str | None) -> Any:
    from trafilatura import bare_extraction

    try:
        return bare_extraction(html, url=url, fast=True, include_comments=False, with_metadata=True)
    except Exception:  # hostile markup makes it fail in many ways; then there is no article
        return None
