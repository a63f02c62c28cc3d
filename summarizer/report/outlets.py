"""What outlets are called: a name for each, and a short mark so that a line can carry several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.report.safe import one_line
from summarizer.types import Article, ArticleSummary, DiffReport, OutletFrom, ReadShare

_WORD = re.compile(r"\w+")
_SLASH = re.compile(r"[\\/]")
_LETTERS = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:the|le|la|les|el|il|der|die|das)\s+(?=\w)", re.IGNORECASE)
_STREAM = {"-": "standard input"}


class Names:
    """What the outlets of a report are called: by their name, else by their file.

    An outlet whose name was not to be found has a stopgap ("Source 3"); a reader knows it by
    its file.
    """

    def __init__(self, report: DiffReport) -> None:
        self._names: dict[str, str] = {}
        for summary in report.articles:
            article = summary.article
            known = self._names.setdefault(article.outlet, one_line(article.outlet))
            if _is_unnamed(article) and known == one_line(article.outlet):
                self._names[article.outlet] = self._by_file(article)
        self.all = self._of_articles(report.articles)
        """Outlets with an article of their own; a folded copy adds none."""
        self.read = self._of_articles(
            each for each in report.articles if each.read is not ReadShare.NOT
        )
        """Those of which at least one article was read."""

    def of(self, outlet: str) -> str:
        """Return what an outlet is called."""
        return self._names.get(outlet) or one_line(outlet)

    def several(self, outlets: Iterable[str]) -> tuple[str, ...]:
        """Return what outlets are called, in their order."""
        return tuple(self.of(outlet) for outlet in outlets)

    def _of_articles(self, articles: Iterable[ArticleSummary]) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(self.of(each.article.outlet) for each in articles if not each.same_as)
        )

    def _by_file(self, article: Article) -> str:
        source = one_line(article.source)
        name = _SLASH.split(source)[-1]
        stem = _STREAM.get(source) or name.rpartition(".")[0] or name
        taken = stem in self._names.values()
        return (source if taken else stem) or one_line(article.outlet)


def _is_unnamed(article: Article) -> bool:
    """Return whether the outlet's name was not to be found, and is only a stopgap."""
    letters = "".join(_LETTERS.findall(article.outlet)).casefold()
    from_file = letters in "".join(_LETTERS.findall(article.source)).casefold()
    return article.outlet_from is OutletFrom.FILENAME and not from_file


def marks(outlets: Sequence[str]) -> dict[str, str]:
    """Return a short mark for each outlet, all different: ``Kyiv Independent`` is ``KI``.

    Initials where a name has several words, its first letters where it has one; a name
    that would collide takes more letters and at last a number.
    """
    taken: dict[str, str] = {}
    used: set[str] = set()
    for outlet in dict.fromkeys(outlets):
        mark = next(mark for mark in _proposals(outlet) if mark.casefold() not in used)
        used.add(mark.casefold())
        taken[outlet] = mark
    return taken


def _proposals(outlet: str) -> Iterator[str]:
    words = _WORD.findall(_ARTICLE.sub("", outlet)) or ["?"]
    # A short name, or one that is initials already (AFP, dpa), is its own best mark.
    if len(words) == 1 and (len(words[0]) <= 3 or (words[0].isupper() and len(words[0]) <= 4)):
        yield words[0]
    if len(words) > 1:
        yield "".join(word[0] for word in words[:3]).upper()
    for length in range(2, len(words[0]) + 1):
        yield words[0][:length].capitalize()
    first = words[0][0].upper()
    number = 2
    while True:
        yield f"{first}{number}"
        number += 1
