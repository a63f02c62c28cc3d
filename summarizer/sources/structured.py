"""What a page tells machines about its article: JSON-LD and meta tags, each checked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from summarizer.sources.metadata import find_dates
from summarizer.sources.outlets import clean_outlets, clean_title, title_suffixes

# Characters of one JSON-LD block that are parsed, and values in it that are looked at.
BLOCK = 1_000_000
VALUES = 20_000
# Characters of an ``articleBody`` that is more than a teaser.
ARTICLE = 250
# Years of news on the web, and days that a page may be dated ahead of the reader's clock.
FIRST_YEAR = 1990
AHEAD = 2
# Headings of a page that may be its headline.
HEADINGS = 6

_BREAK = re.compile(r"<\s*(?:/\s*(?:p|div|li|h\d|blockquote)|br)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_DAY = re.compile(r"\s*((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=[/._-]|$)")
_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publication_date",
    "pubdate",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "date",
)
_AMERICAN = re.compile(r"en[_-]US", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page says of itself; empty where it says nothing that stands up."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    published_in_utc: bool = False
    outlet: str | None = None
    language: str | None = None
    article: str = ""
    headings: tuple[str, ...] = ()
    is_list: bool = False


def page_facts(tree: Any, author: str | None, url: str | None) -> PageFacts:
    """Return the facts in a page's tree.

    Args:
        tree: The page, with its scripts.
        author: Who wrote it, as another reader of the page found, where the page does not say.
        url: The page's address, if it is known.
    """
    metas, things = _metas(tree), list(_things(tree))
    url = url or _address(tree, metas)
    headings = [_line(h.text_content()) for h in _first(tree, HEADINGS, "h1", "h2")]
    window = next((_line(t.text_content()) for t in _first(tree, 1, "title")), None)
    title = metas.get("og:title") or metas.get("twitter:title") or _headline(headings, window)
    bare = clean_title(title, headings, None)
    outlet = clean_outlets(
        (
            metas.get("og:site_name"),
            _named(things, "publisher"),
            metas.get("application-name"),
            metas.get("publisher"),
            *title_suffixes(window, [bare or "", *headings]),
            metas.get("copyright"),
            metas.get("dc.publisher"),
        ),
        title=bare,
        url=url,
    )
    published, in_utc = _published(metas, things, url)
    article = max((_plain(x) for x in _strings(things, "articleBody")), key=len, default="")
    language = tree.get("lang")
    return PageFacts(
        title=clean_title(title, headings, outlet),
        author=_clean(_named(things, "author") or metas.get("author") or author),
        published=published,
        published_in_utc=in_utc,
        outlet=outlet,
        language=str(language)[:2].lower() if language else None,
        article=article if len(article) >= ARTICLE else "",
        headings=tuple(_line(h.text_content()) for h in _first(tree, 1, "h1")),
        is_list=_is_list(metas, things),
    )


def _headline(headings: Sequence[str], window: str | None) -> str | None:
    """Return the heading that the window's title names, or that title, which is often cut."""
    named = set((window or "").casefold().split())
    for heading in headings:
        words = set(heading.casefold().split())
        if 2 * len(words & named) > min(len(words), len(named)) > 0:
            return heading if heading not in (window or "") else window
    return window or next(iter(headings), None)


def _is_list(metas: dict[str, str], things: Sequence[dict[str, Any]]) -> bool:
    """Return whether the page says that it is none of its own articles but a list of them."""
    kinds = {str(kind) for thing in things for kind in _listed(thing.get("@type"))}
    if any("Article" in kind or "Posting" in kind for kind in kinds):
        return bool(kinds & {"CollectionPage", "ItemList"}) and metas.get("og:type") == "website"
    return metas.get("og:type") == "website" or bool(kinds & {"CollectionPage", "ItemList"})


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _published(
    metas: dict[str, str], things: list[dict[str, Any]], url: str | None
) -> tuple[date | None, bool]:
    """Return the day of publication, and whether it is that of a clock in Greenwich."""
    american = True if _AMERICAN.search(metas.get("og:locale", "")) else None
    said = [metas[name] for name in _PUBLISHED if name in metas]
    for text in (*said[:1], *_strings(things, "datePublished"), *said[1:]):
        day = _day(text)
        if day is None:
            dates = find_dates(text[:100], month_first=american)
            day = dates[0].day if dates and is_likely(dates[0].day) else None
        if day:
            return day, bool(_UTC.search(text))
    in_url = _IN_URL.search(url or "")
    return (_day("{}-{}-{}".format(*in_url.groups())) if in_url else None), False


def is_likely(day: date) -> bool:
    """Return whether news may have been published on ``day``."""
    return day.year >= FIRST_YEAR and day <= date.today() + timedelta(days=AHEAD)


def _address(tree: Any, metas: dict[str, str]) -> str | None:
    links = (str(x.get("href") or "") for x in tree.iter("link") if x.get("rel") == "canonical")
    said = (*links, metas.get("og:url", ""))
    return next((url for url in said if url.startswith(("http://", "https://"))), None)


def _first(tree: Any, count: int, *tags: str) -> list[Any]:
    return [node for _, node in zip(range(count), tree.iter(*tags), strict=False)]


def _line(text: str) -> str:
    return " ".join(text[:500].split())


def _metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = str(meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, html.unescape(content[:1_000]))
    return metas


def _things(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" not in str(script.get("type") or ""):
            continue
        try:
            yield from _dicts(json.loads(str(script.text or "")[:BLOCK], strict=False))
        except (ValueError, RecursionError):
            continue


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    queue, seen = [value], 0
    while seen < min(VALUES, len(queue)):
        value, seen = queue[seen], seen + 1
        if isinstance(value, dict):
            yield value
            queue += value.values()
        elif isinstance(value, list):
            queue += value


def _strings(things: list[dict[str, Any]], key: str) -> Iterator[str]:
    return (thing[key] for thing in things if isinstance(thing.get(key), str))


def _named(things: list[dict[str, Any]], key: str) -> str | None:
    for thing in things:
        names = [v.get("name") if isinstance(v, dict) else v for v in _listed(thing.get(key))]
        full = [name.strip() for name in names if isinstance(name, str) and name.strip()]
        if full:
            return " and ".join(full[:4])
    return None


def _plain(text: str) -> str:
    return _TAG.sub(" ", _BREAK.sub("\n", html.unescape(text))).strip()


def _clean(text: Any) -> str | None:
    text = " ".join(html.unescape(str(text or ""))[:300].replace(";", " and ").split())
    return text if text and not text.startswith(("http://", "https://")) else None


def _day(when: str) -> date | None:
    match = _DAY.match(when)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return day if day and is_likely(day) else None
