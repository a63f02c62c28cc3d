"""The outlets and articles of a report as a list says them: name, mark, date, length, copies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, takewhile

from summarizer.report.parts import Source
from summarizer.report.wording import one_line, plural
from summarizer.types import Article, ArticleSummary, DiffReport, OutletFrom, ReadShare

_WORD = re.compile(r"\w+")
_SLASH = re.compile(r"[\\/]")
_LETTERS = re.compile(r"[^\W_]+")
# What programs put behind the name of a file so that no two are equal: "003_64ce14edc3ca31c8".
_DIGEST = re.compile(r"[\W_]+(?=\w*\d)[0-9a-f]{8,}$", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(?:the|le|la|les|el|il|der|die|das)\s+(?=\w)", re.IGNORECASE)

READ = {ReadShare.WHOLE: "", ReadShare.PARTLY: "read in part", ReadShare.NOT: "could not be read"}
"""What is said of how much of an article was read."""

CHARACTERS_IN_A_WORD = 12
"""Above this mean length the text has no spaces between words, and characters are counted."""


class Names:
    """What the outlets of a report are called: by their name, else by their file.

    An outlet whose name was not to be found has a stopgap ("Source 3"); a reader knows it by
    its file. ``by_file`` are the names of these, ``all`` those of the outlets with an article of
    their own (a folded copy adds none), and ``read`` of those of which one at least was read.
    """

    def __init__(self, report: DiffReport) -> None:
        self._names: dict[str, str] = {}
        by_file: list[str] = []
        for article in (each.article for each in report.articles):
            own = one_line(article.outlet)
            if self._names.setdefault(article.outlet, own) == own and _is_unnamed(article):
                self._names[article.outlet] = self._file_name(article)
                by_file.append(self._names[article.outlet])
        self.by_file = tuple(by_file)
        kept = [each for each in report.articles if not each.same_as]
        read = [each for each in kept if each.read is not ReadShare.NOT]
        self.all, self.read = (
            tuple(dict.fromkeys(self.several(each.article.outlet for each in some)))
            for some in (kept, read)
        )

    def of(self, outlet: str) -> str:
        """Return what an outlet is called."""
        return self._names.get(outlet) or one_line(outlet)

    def several(self, outlets: Iterable[str]) -> tuple[str, ...]:
        """Return what outlets are called, in their order."""
        return tuple(map(self.of, outlets))

    def _file_name(self, article: Article) -> str:
        source = one_line(article.source)
        name = _SLASH.split(source)[-1]
        stem = "standard input" if source == "-" else name.rpartition(".")[0] or name
        short = _DIGEST.sub("", stem)
        free = (each for each in (short, stem, source) if each not in self._names.values())
        return next(filter(None, free), one_line(article.outlet))


def _is_unnamed(article: Article) -> bool:
    """Return whether the outlet's name was not to be found and is a stopgap: "Source 3"."""
    letters, source = (
        "".join(_LETTERS.findall(text)).casefold() for text in (article.outlet, article.source)
    )
    return article.outlet_from is OutletFrom.FILENAME and letters not in source


def marks(outlets: Sequence[str]) -> dict[str, str]:
    """Return a short mark for each outlet, all different: ``Kyiv Independent`` is ``KI``.

    Initials where a name has several words, its first letters where it has one; a name
    that would collide takes more letters and at last a number.
    """
    taken: dict[str, str] = {}
    used: set[str] = set()
    for outlet in dict.fromkeys(outlets):
        mark = next(mark for mark in _mark_proposals(outlet) if mark.casefold() not in used)
        used.add(mark.casefold())
        taken[outlet] = mark
    return taken


def _mark_proposals(outlet: str) -> Iterator[str]:
    words = _WORD.findall(_LEADING_ARTICLE.sub("", outlet)) or ["?"]
    first = words[0]
    # A short name, or one that is initials already (AFP, dpa), is its own best mark.
    if len(words) == 1 and (len(first) <= 3 or (first.isupper() and len(first) <= 4)):
        yield first
    if len(words) > 1:
        yield "".join(word[0] for word in words[:3]).upper()
    yield from (first[:length].capitalize() for length in range(2, len(first) + 1))
    yield from (f"{first[0].upper()}{number}" for number in count(2))


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
    is_page = any(source.startswith(("http://", "https://")) for source in sources)
    return "" if is_page or len(sources) < 2 else sources[0][:length]


def source(summary: ArticleSummary, names: Names, folder: str) -> Source:
    """Return what is said of an article; ``folder`` is what its path begins with like all."""
    article, same = summary.article, summary.same_as
    same_source = one_line(same.source[len(folder) :]) if same else ""
    return Source(
        outlet=names.of(article.outlet),
        title=one_line(article.title or ""),
        published=article.published.isoformat() if article.published else "no date",
        length=length(_body_words(article), spaced=is_spaced(article)),
        credits=tuple(map(one_line, article.credits)),
        same_as=f"{same_source} ({names.of(same.outlet)})" if same else "",
        source=one_line(article.source[len(folder) :]),
        read="" if same else READ[summary.read],
    )


def is_spaced(article: Article) -> bool:
    """Return whether the article's words have spaces between them."""
    words = _body_words(article)
    return sum(map(len, words)) <= CHARACTERS_IN_A_WORD * len(words)


def length(words: Sequence[str], *, spaced: bool) -> str:
    """Return how many words there are, or characters in a text that is not ``spaced``."""
    return plural(len(words), "word") if spaced else plural(sum(map(len, words)), "character")


def _body_words(article: Article) -> list[str]:
    return [word for span in article.body for word in span.of(article.text).split()]
