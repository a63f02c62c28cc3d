"""The articles of a report as a list says them: outlet, date, length, copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from summarizer.report.outlets import Names
from summarizer.report.safe import one_line
from summarizer.types import Article, ArticleSummary, ReadShare

_SLASH = re.compile(r"[\\/]")
_FETCHED = ("http://", "https://")
_READ = {
    ReadShare.WHOLE: "",
    ReadShare.PARTLY: "read in part",
    ReadShare.NOT: "could not be read",
}
_CHARACTERS_IN_A_WORD = 12
"""Above this mean length the text has no spaces between words, and characters are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One article, as the list of outlets shows it."""

    outlet: str
    title: str
    published: str
    length: str
    credits: tuple[str, ...]
    same_as: str
    source: str
    read: str = ""
    """What is to be said of how much of it was read; nothing where all of it was."""


def plural(count: int, noun: str) -> str:
    """Return ``1 outlet``, ``1,200 outlets``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def with_copies(articles: Sequence[ArticleSummary]) -> list[ArticleSummary]:
    """Return the articles in their order, each followed by its copies."""
    place = {each.article.id: number for number, each in enumerate(articles)}

    def order(each: ArticleSummary) -> tuple[int, bool]:
        kept = each.same_as or each.article
        return place.get(kept.id, len(place)), each.same_as is not None

    return sorted(articles, key=order)


def common_folder(sources: Sequence[str]) -> str:
    """Return the folder that all sources lie in, with its last slash, if they are files."""
    folders = [_SLASH.split(source)[:-1] for source in sources]
    shared = takewhile(lambda names: len(set(names)) == 1, zip(*folders, strict=False))
    # The first in its own words: a path may be written with either slash.
    length = sum(len(names[0]) + 1 for names in shared)
    is_page = any(source.startswith(_FETCHED) for source in sources)
    return "" if is_page or len(sources) < 2 else sources[0][:length]


def source(summary: ArticleSummary, names: Names, folder: str) -> Source:
    """Return what is said of an article; ``folder`` is what its path begins with like all."""
    article, same = summary.article, summary.same_as
    same_source = one_line(same.source[len(folder) :]) if same else ""
    return Source(
        outlet=names.of(article.outlet),
        title=one_line(article.title or ""),
        published=article.published.isoformat() if article.published else "no date",
        length=length(_words(article), spaced=is_spaced(article)),
        credits=tuple(one_line(credit) for credit in article.credits),
        same_as=f"{same_source} ({names.of(same.outlet)})" if same else "",
        source=one_line(article.source[len(folder) :]),
        read="" if same else _READ[summary.read],
    )


def is_spaced(article: Article) -> bool:
    """Return whether the article's words have spaces between them."""
    words = _words(article)
    return sum(map(len, words)) <= _CHARACTERS_IN_A_WORD * len(words)


def length(words: Sequence[str], *, spaced: bool) -> str:
    """Return how many words there are, or characters in a text that is not ``spaced``."""
    if spaced:
        return plural(len(words), "word")
    return plural(sum(map(len, words)), "character")


def _words(article: Article) -> list[str]:
    return [word for span in article.body for word in span.of(article.text).split()]


def remarks(found: Source) -> list[str]:
    """Return what else is said of an article: whose copy it credits, how much was read."""
    credited = [f"credits {', '.join(found.credits)}"] if found.credits else []
    return [*credited, *([found.read] if found.read else [])]
