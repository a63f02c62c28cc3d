"""A reading: all that the judge and the matcher look at in one stretch of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from summarizer.text.dates import DateMention, dates
from summarizer.text.figures import figures
from summarizer.text.names import Name, names
from summarizer.text.quantities import Figure
from summarizer.text.words import NEGATIONS, Word, words
from summarizer.types import Span

# Opening and closing marks, and the longest quotation looked for, in characters.
_QUOTATION = re.compile(
    r"“(?P<curly>[^“”]{2,1500})”|\"(?P<straight>[^\"\n]{2,1500})\""
    r"|«(?P<angle>[^«»]{2,1500})»|``(?P<tex>[^`']{2,1500})''|「(?P<corner>[^「」]{1,1500})」"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in a stretch of text. All offsets are into ``text``.

    ``stems`` are the content stems; ``negations`` the words that deny;
    ``quotations`` what stands between quotation marks.
    """

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    names: tuple[Name, ...]
    figures: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    negations: tuple[Word, ...]
    quotations: tuple[Span, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        """The words that carry content, in order."""
        return tuple(word for word in self.words if not word.stop)


@lru_cache(maxsize=16384)
def read(text: str, published: date | None = None, language: str = "en") -> Reading:
    """Analyse a stretch of text; ``published`` resolves its "Tuesday" and "last week"."""
    tokens = words(text, language)
    mentions = dates(text, published)
    return Reading(
        text=text,
        words=tokens,
        stems=frozenset(word.stem for word in tokens if not word.stop),
        names=names(text),
        figures=figures(text, mentions, tokens, language.partition("-")[0]),
        dates=mentions,
        negations=tuple(word for word in tokens if word.stem in NEGATIONS),
        quotations=quotations(text),
    )


def quotations(text: str) -> tuple[Span, ...]:
    """Return the spans between quotation marks, the marks left out."""
    return tuple(Span(*match.span(match.lastgroup or 0)) for match in _QUOTATION.finditer(text))
