"""What a page tells machines about its article: JSON-LD and meta tags."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

# Characters of one JSON-LD block that are parsed, and values in it that are looked at.
BLOCK = 1_000_000
VALUES = 20_000
# Characters of an ``articleBody`` that is more than a teaser.
ARTICLE = 250

_TAG = re.compile(r"<[^<>]{0,500}>")
_DAY = re.compile(r"\s*((?:19|20)\d\d)-(\d\d)-(\d\d)")
_SITE_SUFFIX = re.compile(r"\s+[|–—·»]\s+[^|–—·»]{2,40}$|\s+-\s+[^-]{2,30}$")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page says of itself; empty where it says nothing."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    article: str = ""


def page_facts(tree: Any, document: Any) -> PageFacts:
    """Return the facts in a page's tree, filled up by what trafilatura made of it."""
    metas, things = _metas(tree), list(_things(tree))
    said = {name: getattr(document, name, None) for name in ("title", "author", "date", "sitename")}
    title = metas.get("og:title") or metas.get("twitter:title") or said["title"]
    outlet = metas.get("og:site_name") or _named(things, "publisher") or said["sitename"]
    when = metas.get("article:published_time") or _first(things, "datePublished") or said["date"]
    author = _named(things, "author") or metas.get("author") or said["author"]
    article = max((_plain(x) for x in _strings(things, "articleBody")), key=len, default="")
    language = tree.get("lang") if tree is not None else None
    return PageFacts(
        title=_clean_title(title, outlet),
        author=_clean(author),
        published=_day(when),
        outlet=_clean(outlet),
        language=str(language)[:2].lower() if language else None,
        article=article if len(article) >= ARTICLE else "",
    )


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta") if tree is not None else ():
        name = str(meta.get("property") or meta.get("name") or "").lower()
        content = str(meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    return found


def _things(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script") if tree is not None else ():
        if "ld+json" not in str(script.get("type") or ""):
            continue
        try:
            yield from _dicts(json.loads(str(script.text or "")[:BLOCK], strict=False))
        except (ValueError, RecursionError):
            continue


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    queue, seen = [value], 0
    while queue and seen < VALUES:
        value, seen = queue.pop(0), seen + 1
        if isinstance(value, dict):
            yield value
            queue += value.values()
        elif isinstance(value, list):
            queue += value


def _strings(things: list[dict[str, Any]], key: str) -> Iterator[str]:
    return (thing[key] for thing in things if isinstance(thing.get(key), str))


def _first(things: list[dict[str, Any]], key: str) -> str | None:
    return next(_strings(things, key), None)


def _named(things: list[dict[str, Any]], key: str) -> str | None:
    for thing in things:
        values = thing.get(key)
        values = values if isinstance(values, list) else [values]
        names = [v.get("name") if isinstance(v, dict) else v for v in values]
        said = [name.strip() for name in names if isinstance(name, str) and name.strip()]
        if said:
            return " and ".join(said[:4])
    return None


def _plain(text: str) -> str:
    return _TAG.sub(" ", html.unescape(text)).strip()


def _clean(text: Any) -> str | None:
    text = " ".join(html.unescape(str(text or ""))[:300].replace(";", " and ").split())
    return text if text and not text.startswith(("http://", "https://")) else None


def _clean_title(title: Any, outlet: Any) -> str | None:
    text = " ".join(html.unescape(str(title or ""))[:500].split())
    suffix = _SITE_SUFFIX.search(text)
    if suffix and outlet and str(outlet).casefold() in suffix.group().casefold():
        text = text[: suffix.start()]
    return text or None


def _day(when: Any) -> date | None:
    match = _DAY.match(str(when or ""))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
