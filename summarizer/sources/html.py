"""The article in an HTML page: what a reader sees of it, by trafilatura and by the page model.

The text that comes out is the article's text: the body spans count in it. Trafilatura is
asked for its own extraction without the fallbacks, which add more boilerplate than they save,
and the rules of the text path take out what it lets through. Where it stops in the middle of an
article, or took something else for it, the page model's reading of the visible text is taken.
What the page tells machines about it, in JSON-LD and meta tags, is checked before it is believed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from datetime import date, timedelta
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from summarizer.sources.boilerplate import credited, is_credit
from summarizer.sources.lines import (
    STOP_WORDS,
    Line,
    count_words,
    ends_sentence,
    guess_language,
    is_paragraph,
    split_lines,
)
from summarizer.sources.metadata import (
    clean_byline,
    clean_outlets,
    clean_title,
    find_dates,
    title_suffixes,
)
from summarizer.sources.page import NO_BODY, PageReading, find_warnings, is_list_of_items, read_page
from summarizer.sources.postfilter import without_boilerplate
from summarizer.sources.visible import remove_hidden, visible_text
from summarizer.text.data import load
from summarizer.types import OutletFrom

# Characters of markup that are read (the longest development page has 3,000,000), and attributes
# that no page needs: the parser takes the square of their number.
READ, ATTRIBUTES = 10_000_000, 500
# How much more the page model must have found, and how much of trafilatura's text it must hold
# too, to be taken instead: it found the rest of the same article. Unit: shares of words.
MORE, SAME = 1.4, 0.9
# Share of an extraction's lines up to which those that are only links are not the article's.
LINKS = 0.4
# How much more than the page shows its data must hold for a reader to be told. Unit: words.
UNSEEN = 1.5
# Places of a page at which a line is looked for that runs several together.
TRIES = 5
# Share of the words in paragraphs under which a body is a list, words of a line by which the list
# is found on the page, and of a cell from which a table is there for the layout.
LISTS, ROW_WORDS, CELL_WORDS = 0.5, 4, 40
# Characters of one JSON-LD block that are parsed, values in it that are looked at, and characters
# of an ``articleBody`` that is more than a teaser.
BLOCK, VALUES, ARTICLE = 1_000_000, 20_000, 250
# Years of news on the web, and days that a page may be dated ahead of the reader's clock; headings
# of a page that may be its headline.
FIRST_YEAR, AHEAD, HEADINGS = 1990, 2, 6

_TABLE_RULE = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+\s*$")
_GLUED = re.compile(r"(?<=[^\W\d_][.!?])(?=[A-ZÀ-ÞА-Я“«])|(?<=[.!?][”»])(?=[A-ZÀ-ÞА-Я])")
# Tags so long that their attributes are counted.
_LONG_TAG = re.compile(r"<([a-zA-Z]\w*)[^<>]{10000,}>")
_SCRIPT_ROOTS = frozenset(load("markup", __package__)["script_roots"].split())
_BREAK = re.compile(r"<\s*(?:/\s*(?:p|div|li|h\d|blockquote)|br)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_COMPACT = re.compile(r"^\s*((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_OTHER_CLOCK = re.compile(r"(?:Z|[+-]00:?00|[T ]\d\d:\d\d(?::[\d.]+)?)\s*$")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=[/._-]|$)")
# The names of meta tags with the day of publication; the data of the page stand behind the first.
_PUBLISHED = load("markup", __package__)["published"].split()

_Object = dict[str, Any]


def read_html(html: str, *, url: str | None = None, source: str = "") -> PageReading:
    """Return the article in ``html``, a page that warnings call ``source``; never raises."""
    name = source or url or "the page"
    tree = _parse_page(html[:READ])
    if tree is None:
        return PageReading(warnings=(f"no article was found in {name}",))
    facts = _page_facts(tree, url)
    scripted = _needs_javascript(tree)
    remove_hidden(tree)
    visible, links = visible_text(tree)
    lines = _without_pipes(_extract_text(tree, url))
    extracted = "\n".join(_split_glued(lines, visible.splitlines()))
    reading = read_page(visible)
    modelled = [line for line in (span.of(visible) for span in reading.body) if line not in links]
    titles = frozenset(title.casefold() for title in (facts.title or "", *facts.headings))
    text, body = _better_body(extracted, "\n".join(modelled), links, titles)
    if not body and facts.article:
        text = facts.article if "\n" in facts.article else _GLUED.sub("\n", facts.article)
        body = _clean_body(text, links, titles)
    words, shown = sum(line.words for line in body), [line.text for line in body]
    missed = max(_words_missed(modelled, text), _words_in_gaps(visible, body))
    warnings = find_warnings(split_lines(visible, may_be_wrapped=False), words, name, missed)
    if words < NO_BODY:
        warnings = [f"{name} shows its article only with JavaScript"] if scripted else warnings
        body = []
    elif facts.is_list and is_list_of_items(shown):
        warnings, body = [f"{name} is a page of headlines, not an article"], []
    elif count_words(facts.article) > UNSEEN * words:
        warnings.append(f"the data in {name} hold more of an article than it shows")
    return PageReading(
        text=text,
        body=tuple(line.span for line in body),
        title=facts.title,
        byline=clean_byline(facts.author) or reading.byline,
        published=_settle_date(*facts.published, reading.published),
        outlet=facts.outlet,
        outlet_from=OutletFrom.METADATA if facts.outlet else None,
        credits=credited(filter(is_credit, extracted.splitlines()), shown),
        language=guess_language(text) or facts.language,
        warnings=tuple(warnings),
    )


def _settle_date(given: date | None, on_other_clock: bool, printed: date | None) -> date | None:
    """Return the day that the page prints, where its data give none or that of another clock."""
    if printed is None or not _is_likely(printed):
        return given
    beside = given is not None and abs(given - printed) <= timedelta(days=1)
    return printed if given is None or (on_other_clock and beside) else given


def _better_body(
    extracted: str, modelled: str, links: Set[str], titles: Set[str]
) -> tuple[str, list[Line]]:
    """Return the extraction or what the page model took, whichever holds the article."""
    body, other = (_clean_body(text, links, titles) for text in (extracted, modelled))
    words, more = (sum(line.words for line in lines) for lines in (body, other))
    squeezed = _single_spaced(modelled)
    held = sum(line.words for line in body if _single_spaced(line.text) in squeezed)
    is_more = words < NO_BODY <= more or (more > MORE * words and held >= SAME * words)
    return (modelled, other) if is_more else (extracted, body)


def _words_missed(modelled: Sequence[str], text: str) -> float:
    """Return the words of the paragraphs that the page model took and that ``text`` lacks."""
    squeezed = _single_spaced(text)
    lacking = (line for line in modelled if _single_spaced(line) not in squeezed)
    return sum(count_words(line) for line in lacking if ends_sentence(line))


def _words_in_gaps(visible: str, body: Sequence[Line]) -> float:
    """Return the words of lines that the page shows within a list and that its ``body`` lacks."""
    prose = sum(line.words for line in body if is_paragraph(line))
    if prose >= LISTS * sum(line.words for line in body):
        return 0.0
    kept, shown = {_single_spaced(line.text) for line in body}, visible.splitlines()
    known = [i for i, line in enumerate(shown) if line in kept and count_words(line) >= ROW_WORDS]
    return sum(count_words(x) for x in shown[known[0] : known[-1]] if x not in kept) if known else 0


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _clean_body(text: str, links: Set[str], titles: Set[str]) -> list[Line]:
    lines = split_lines(text, may_be_wrapped=False)
    # Links to other articles: a few among the text, all below it.
    last = max((i for i, line in enumerate(lines) if line.text not in links), default=len(lines))
    among = [i for i, x in enumerate(lines[:last]) if x.text in links and not x.ends_sentence]
    dropped = {*range(last + 1, len(lines)), *(among if len(among) <= LINKS * len(lines) else ())}
    kept = without_boilerplate(lines, STOP_WORDS.get(guess_language(text) or ""))
    body = [lines[i] for i in kept if i not in dropped]
    return [x for x in body if x.text.casefold() not in titles and not is_credit(x.text)]


def _without_pipes(text: str) -> Iterator[str]:
    """Yield the lines of an extraction, rows of tables as readers see them."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if not line.startswith("|"):
            yield line
        elif not (_TABLE_RULE.match(line) or _TABLE_RULE.match("".join(lines[i + 1 : i + 2]))):
            cells = list(filter(None, map(str.strip, line.strip("| ").split("|"))))
            layout = any(len(cell.split()) > CELL_WORDS for cell in cells)
            yield ("\n" if layout else ", ").join(cells)


def _split_glued(lines: Iterable[str], visible: Sequence[str]) -> Iterator[str]:
    """Yield ``lines``, those that ran several visible ones together as they are seen."""
    shown, starts = frozenset(visible), defaultdict[str, list[int]](list)
    for i, line in enumerate(visible):
        starts[line.partition(" ")[0]].append(i)
    for line in lines:
        parts: Sequence[str] = [line]
        for start in starts[line.partition(" ")[0]][:TRIES] if line not in shown else ():
            rest, end = line, start
            while end < len(visible) and rest.startswith(visible[end]):
                rest, end = rest[len(visible[end]) :].lstrip(), end + 1
            parts = parts if rest else max(parts, visible[start:end], key=len)
        yield from parts


def _needs_javascript(tree: Any) -> bool:
    return any(
        (node.tag == "noscript" and "javascript" in node.text_content().lower())
        or str(node.get("id") or "").lower() in _SCRIPT_ROOTS
        for node in tree.iter("script", "div", "main", "noscript")
    )


def _parse_page(html: str) -> Any:
    from trafilatura import load_html

    def bounded(tag: re.Match[str]) -> str:
        return tag[0] if tag[0].count("=") <= ATTRIBUTES else f"<{tag[1]}>"

    try:
        return load_html(_LONG_TAG.sub(bounded, html)) if html.strip() else None
    except Exception:  # the parser's own errors have no common kind
        return None


def _extract_text(tree: Any, url: str | None) -> str:
    from trafilatura import bare_extraction

    options: _Object = {"fast": True, "include_comments": False, "with_metadata": False}
    try:
        return str(getattr(bare_extraction(tree, url=url, **options), "text", None) or "")
    except Exception:  # hostile markup makes it fail in many ways; then there is no article
        return ""


class _PageFacts(NamedTuple):
    title: str | None
    author: str
    published: tuple[date | None, bool]
    outlet: str | None
    language: str | None
    article: str
    headings: tuple[str, ...]
    is_list: bool


def _page_facts(tree: Any, url: str | None) -> _PageFacts:
    metas, things = _read_metas(tree), list(_read_objects(tree))
    links = [str(x.get("href") or "") for x in tree.iter("link") if x.get("rel") == "canonical"]
    urls = (url or "", *links, metas.get("og:url", ""))
    url = next((each for each in urls if each.startswith(("http://", "https://"))), None)
    headings = _texts_of(tree, HEADINGS, "h1", "h2")
    window = next(iter(_texts_of(tree, 1, "title")), None)
    title = (
        metas.get("og:title") or metas.get("twitter:title") or window or next(iter(headings), "")
    )
    bare = clean_title(title, headings, None)
    outlets = (
        metas.get("og:site_name"),
        _names_of(things, "publisher"),
        metas.get("application-name"),
        metas.get("publisher"),
        *title_suffixes(window, [bare or "", *headings]),
        metas.get("copyright"),
        metas.get("dc.publisher"),
    )
    outlet = clean_outlets(outlets, title=bare, url=url)
    articles = (_BREAK.sub("\n", unescape(x)) for x in _strings_of(things, "articleBody"))
    article = max((_TAG.sub(" ", x).strip() for x in articles), key=len, default="")
    author = unescape(_names_of(things, "author") or metas.get("author", ""))[:300]
    return _PageFacts(
        title=clean_title(title, headings, outlet),
        author="" if author.startswith(("http://", "https://")) else author.replace(";", " and "),
        published=_find_published(metas, things, url),
        outlet=outlet,
        language=str(tree.get("lang"))[:2].lower() if tree.get("lang") else None,
        article=article if len(article) >= ARTICLE else "",
        headings=tuple(_texts_of(tree, 1, "h1")),
        is_list=_is_list(metas, things),
    )


def _is_likely(day: date) -> bool:
    return day.year >= FIRST_YEAR and day <= date.today() + timedelta(days=AHEAD)


def _is_list(metas: dict[str, str], things: Sequence[_Object]) -> bool:
    kinds = {str(kind) for thing in things for kind in _as_list(thing.get("@type"))}
    lists, website = bool(kinds & {"CollectionPage", "ItemList"}), metas.get("og:type") == "website"
    if any("Article" in kind or "Posting" in kind for kind in kinds):
        return lists and website
    return lists or website


def _find_published(
    metas: dict[str, str], things: Sequence[_Object], url: str | None
) -> tuple[date | None, bool]:
    """Return the day of publication, and whether its hour is of Greenwich or of no stated zone."""
    american = metas.get("og:locale", "").lower().replace("-", "_") == "en_us" or None
    given = [metas[name] for name in _PUBLISHED if name in metas]
    in_url = ["-".join(match.groups()) for match in _IN_URL.finditer(url or "")]
    for text in (*given[:1], *_strings_of(things, "datePublished"), *given[1:], *in_url[:1]):
        dates = find_dates(_COMPACT.sub(r"\1-\2-\3", text[:100]), month_first=american)
        if dates and _is_likely(dates[0].day):
            return dates[0].day, bool(_OTHER_CLOCK.search(text))
    return None, False


def _texts_of(tree: Any, count: int, *tags: str) -> list[str]:
    return [" ".join(node.text_content()[:500].split()) for node in islice(tree.iter(*tags), count)]


def _read_metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = str(meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, unescape(content[:1_000]))
    return metas


def _read_objects(tree: Any) -> Iterator[_Object]:
    for script in tree.iter("script"):
        if "ld+json" in str(script.get("type") or ""):
            with suppress(ValueError, RecursionError):
                queue = [json.loads(str(script.text or "")[:BLOCK], strict=False)]
                for value in islice(queue, VALUES):  # which grows on the way
                    if isinstance(value, dict):
                        yield value
                        queue += value.values()
                    elif isinstance(value, list):
                        queue += value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _strings_of(things: Sequence[_Object], key: str) -> Iterator[str]:
    return (thing[key] for thing in things if isinstance(thing.get(key), str))


def _names_of(things: Sequence[_Object], key: str) -> str | None:
    for thing in things:
        names = [v.get("name") if isinstance(v, dict) else v for v in _as_list(thing.get(key))]
        full = [name.strip() for name in names if isinstance(name, str) and name.strip()]
        if full:
            return " and ".join(full[:4])
    return None
