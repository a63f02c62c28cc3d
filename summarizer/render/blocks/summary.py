"""The summaries of single articles as one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.render.blocks.answer import SHAPES
from summarizer.render.blocks.elements import (
    Block,
    Message,
    context,
    escaped,
    header,
    line,
    linked,
    quoted,
    titled_list,
    words,
)
from summarizer.render.blocks.limits import fits
from summarizer.render.blocks.lines import mark_of, notes
from summarizer.report.outlets import marks
from summarizer.report.parts import Summary, View
from summarizer.report.safe import shortened
from summarizer.report.sources import plural

ROOM = ((10, 20, 600), (10, 10, 600), (10, 5, 400), (10, 3, 200), (5, 2, 100), (2, 1, 100))
"""Summaries, sentences of each, and characters of a sentence, the first that fit."""


def summary(view: View, *, ending: Sequence[Block] = ()) -> Message:
    """Return the summaries of a report's articles; mostly it is one."""
    for room in ROOM:
        blocks = [*_blocks(view, *room), *ending]
        if fits(blocks):
            break
    return Message(f"Summary: {escaped(shortened(view.headline, 150))}", tuple(blocks))


def _blocks(view: View, summaries: int, sentences: int, characters: int) -> Iterator[Block]:
    yield header(view.headline)
    if view.warnings:
        told = [line(words(each)) for each in notes(view.warnings, SHAPES[0])]
        yield from titled_list([words("Before you read", bold=True)], told)
    for each in view.summaries[:summaries]:
        yield from _summary(each, sentences, characters, marks(view.outlets))
    if (more := len(view.summaries) - summaries) > 0:
        yield context(f"and {plural(more, 'more article')}")
    if view.notes:
        yield context(" ".join(notes(view.notes, SHAPES[0])))


def _summary(
    found: Summary, sentences: int, characters: int, known: dict[str, str]
) -> Iterator[Block]:
    source = found.source
    title = [
        linked(shortened(source.outlet, 80), source.source),
        words(f" · {source.published} · {source.length}"),
    ]
    items = []
    for each in found.sentences[:sentences]:
        mark = mark_of(each.quote.outlet, known) if each.quote else ""
        items.append(
            line(words(shortened(each.text, characters)), *quoted(each.quote, mark, characters))
        )
    if more := len(found.sentences) - len(items):
        items.append(line(words(f"and {more:,} more", italic=True)))
    if not items:
        items = [line(words("No sentence of a summary stood the test against the article."))]
    yield from titled_list(title, items)
