"""Take out of an article what speaks to a machine instead of telling news.

A model that reads an article must not take orders from it, and an order is no fact. So the
sentences that ``summarizer.text.directives`` knows are cut out of the body before any engine
or judge sees it, and listed among what was rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from summarizer.text.blocks import trimmed
from summarizer.text.directives import Directive, directives, order_in_title
from summarizer.types import Article, Rejected, RejectReason, Span

ALL_ORDERS = (
    "the whole text reads like instructions to a machine, not like news: nothing was taken "
    "out of it, so do not trust what is drawn from it"
)
"""The warning of an article that would have no body left."""


class Screened(NamedTuple):
    """An article without the sentences addressed to a machine, and those sentences."""

    article: Article
    rejected: tuple[Rejected, ...]


def screen(article: Article) -> Screened:
    """Cut the sentences addressed to a machine out of an article's body.

    The text and its offsets stay as they are. The spans of the new body lie in those of the
    old one, in order and disjoint, and begin and end with what is no white space. Where
    nothing would be left, the body is kept and the article gets a warning. A title that is an
    order is taken away.
    """
    article, titles = _with_own_title(article)
    found = directives(
        article.text,
        article.body,
        language=article.language or "en",
        title=article.title or "",
    )
    if not found:
        return Screened(article, titles)
    kept = without(article, [directive.span for directive in found])
    if kept is article:
        return Screened(replace(article, warnings=(*article.warnings, ALL_ORDERS)), titles)
    return Screened(kept, (*titles, *(_rejected(kept, directive) for directive in found)))


def _with_own_title(article: Article) -> tuple[Article, tuple[Rejected, ...]]:
    """Return an article without a title that is an order, since a model is shown titles too."""
    title = article.title or ""
    language = article.language or "en"
    why = order_in_title(title, article.text, article.body, language=language) if title else ""
    if not why:
        return article, ()
    kept = replace(article, title=None)
    reason, detail = RejectReason.INJECTION, f"as the title: {why}"
    return kept, (Rejected(article=kept, text=title, reason=reason, detail=detail),)


def without(article: Article, spans: Sequence[Span]) -> Article:
    """Return an article without spans of its body, in order; itself where nothing would be left."""
    body = tuple(_left(article.text, article.body, spans))
    return replace(article, body=body) if body else article


def _rejected(article: Article, directive: Directive) -> Rejected:
    return Rejected(
        article=article,
        text=directive.span.of(article.text),
        reason=RejectReason.INJECTION,
        detail=directive.why,
    )


def _left(text: str, body: Sequence[Span], spans: Sequence[Span]) -> Iterator[Span]:
    """Return what is left of ``body``; neighbouring sentences stay in one span."""
    cuts = iter(spans)
    cut = next(cuts, None)
    for part in body:
        start = part.start
        while cut is not None and cut.start < part.end:
            yield from trimmed(text, start, cut.start)
            start = cut.end
            cut = next(cuts, None)
        yield from trimmed(text, start, part.end)
