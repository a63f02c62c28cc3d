"""What a page tells machines about its article: JSON-LD and meta tags, each checked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from summarizer.sources.metadata import find_dates
from summarizer.sources.outlets import clean_outlets, clean_title, title_suffixes

# Characters of one JSON-LD block that are parsed, and values in it that are looked at.
BLOCK, VALUES = 1_000_000, 20_000
# Characters of an ``articleBody`` that is more than a teaser.
ARTICLE = 250
# Years of news on the web, and days that a page may be dated ahead of the reader's clock.
FIRST_YEAR, AHEAD = 1990, 2
# Headings of a page that may be its headline.
HEADINGS = 6

_BREAK = re.compile(r"<\s*(?:/\s*(?:p|div|li|h\d|blockquote)|br)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_COMPACT = re.compile(r"^\s*((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=[/._-]|$)")
# The names of meta tags with the day of publication; the data of the page stand behind the first.
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

_Object = dict[str, Any]


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


def page_facts(tree: Any, url: str | None) -> PageFacts:
    """Return the facts in a page's tree, which still has its scripts."""
    metas, things = _read_metas(tree), list(_read_objects(tree))
    url = url or _canonical_url(tree, metas)
    headings = _texts_of(tree, HEADINGS, "h1", "h2")
    window = next(iter(_texts_of(tree, 1, "title")), None)
    title = metas.get("og:title") or metas.get("twitter:title") or _find_headline(headings, window)
    bare = clean_title(title, headings, None)
    outlet = clean_outlets(
        (
            metas.get("og:site_name"),
            _names_of(things, "publisher"),
            metas.get("application-name"),
            metas.get("publisher"),
            *title_suffixes(window, [bare or "", *headings]),
            metas.get("copyright"),
            metas.get("dc.publisher"),
        ),
        title=bare,
        url=url,
    )
    published, in_utc = _find_published(metas, things, url)
    articles = (_BREAK.sub("\n", html.unescape(x)) for x in _strings_of(things, "articleBody"))
    article = max((_TAG.sub(" ", x).strip() for x in articles), key=len, default="")
    author = html.unescape(_names_of(things, "author") or metas.get("author", ""))[:300]
    author = " ".join(author.replace(";", " and ").split())
    return PageFacts(
        title=clean_title(title, headings, outlet),
        author=author if author and not author.startswith(("http://", "https://")) else None,
        published=published,
        published_in_utc=in_utc,
        outlet=outlet,
        language=str(tree.get("lang"))[:2].lower() if tree.get("lang") else None,
        article=article if len(article) >= ARTICLE else "",
        headings=tuple(_texts_of(tree, 1, "h1")),
        is_list=_is_list(metas, things),
    )


def is_likely(day: date) -> bool:
    """Return whether news may have been published on ``day``."""
    return day.year >= FIRST_YEAR and day <= date.today() + timedelta(days=AHEAD)


def _find_headline(headings: Sequence[str], window: str | None) -> str | None:
    """Return the heading that the window's title names, or that title, which is often cut."""
    named = set((window or "").casefold().split())
    for heading in headings:
        words = set(heading.casefold().split())
        if 2 * len(words & named) > min(len(words), len(named)) > 0:
            return heading if heading not in (window or "") else window
    return window or next(iter(headings), None)


def _is_list(metas: dict[str, str], things: Sequence[_Object]) -> bool:
    """Return whether the page says that it is none of its own articles but a list of them."""
    kinds = {str(kind) for thing in things for kind in _as_list(thing.get("@type"))}
    lists, website = bool(kinds & {"CollectionPage", "ItemList"}), metas.get("og:type") == "website"
    if any("Article" in kind or "Posting" in kind for kind in kinds):
        return lists and website
    return lists or website


def _find_published(
    metas: dict[str, str], things: Sequence[_Object], url: str | None
) -> tuple[date | None, bool]:
    """Return the day of publication, and whether it is that of a clock in Greenwich."""
    american = True if metas.get("og:locale", "").lower().replace("-", "_") == "en_us" else None
    given = [metas[name] for name in _PUBLISHED if name in metas]
    in_url = _IN_URL.search(url or "")
    for text in (
        *given[:1],
        *_strings_of(things, "datePublished"),
        *given[1:],
        *(["{}-{}-{}".format(*in_url.groups())] if in_url else []),
    ):
        dates = find_dates(_COMPACT.sub(r"\1-\2-\3", text[:100]), month_first=american)
        if dates and is_likely(dates[0].day):
            return dates[0].day, bool(_UTC.search(text))
    return None, False


def _canonical_url(tree: Any, metas: dict[str, str]) -> str | None:
    links = [str(x.get("href") or "") for x in tree.iter("link") if x.get("rel") == "canonical"]
    urls = (*links, metas.get("og:url", ""))
    return next((url for url in urls if url.startswith(("http://", "https://"))), None)


def _texts_of(tree: Any, count: int, *tags: str) -> list[str]:
    return [" ".join(node.text_content()[:500].split()) for node in islice(tree.iter(*tags), count)]


def _read_metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = str(meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, html.unescape(content[:1_000]))
    return metas


def _read_objects(tree: Any) -> Iterator[_Object]:
    """Yield the objects in the page's data, those inside others too."""
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
