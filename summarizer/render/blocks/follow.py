"""What may be asked after an answer: the lines it left out, and those of one outlet."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial

from summarizer.render.blocks.answer import SHAPES, Below, choose, remaining
from summarizer.render.blocks.elements import Block, Message, context, escaped, header
from summarizer.render.blocks.limits import fits
from summarizer.render.blocks.lines import NAME_CHARACTERS, conflicts, mark_of, section
from summarizer.report.outlets import marks
from summarizer.report.parts import Section, View
from summarizer.report.safe import shortened
from summarizer.report.sources import plural

WHOLE = SHAPES[0]
"""How lines are cut that are shown on request."""

OUTLETS_NAMED = 12
"""Outlets whose marks are explained."""

NEAR = 0.6
"""Similarity (0 to 1, as difflib counts it) from which a name is taken for an outlet's."""


def more(
    view: View, *, ending: Sequence[Block] = (), below: Below = lambda outlet: None
) -> tuple[Message, ...]:
    """Return what the answer left out, page by page; none where it left out nothing.

    Args:
        view: The whole report.
        ending: As for ``answer``, since it decides how much the answer held.
        below: The same.
    """
    shape = choose(view, ending=ending, below=below).shape
    pages = _pages(view, remaining(view, shape))
    lead = f"{escaped(view.headline)}: what the answer left out"
    return tuple(
        Message(f"{lead} ({number} of {len(pages)}).", page)
        for number, page in enumerate(pages, start=1)
    )


def only(view: View, asked: str) -> Message | None:
    """Return what only one outlet reports, as much as fits; None where no outlet is meant.

    Args:
        view: The whole report.
        asked: An outlet's name or mark, as people write it.
    """
    found = _meant(view, asked)
    if found is None:
        return None
    known = marks(view.outlets)
    shown = len(found.lines)
    while True:
        blocks = [
            *_lead(view),
            *section(found, known, WHOLE, shown, ": they are in the JSON report"),
        ]
        if fits(blocks) or shown <= 1:
            break
        shown = shown * 3 // 4
    text = f"{escaped(found.title)}: {plural(found.total, 'fact')}."
    return Message(text, tuple(blocks))


def _meant(view: View, asked: str) -> Section | None:
    by_name = {each.outlet.casefold(): each for each in view.unique}
    known = marks(view.outlets)
    wanted = asked.strip().strip("\"'“”").casefold()
    if wanted in by_name:
        return by_name[wanted]
    by_mark = {mark.casefold(): name.casefold() for name, mark in known.items()}
    if wanted in by_mark:
        return by_name.get(by_mark[wanted])
    holding = [name for name in by_name if wanted and wanted in name]
    near = holding if len(holding) == 1 else get_close_matches(wanted, by_name, n=1, cutoff=NEAR)
    return by_name[near[0]] if near else None


def _pages(view: View, rest: View) -> list[tuple[Block, ...]]:
    """Fill messages with the lines that are left, as many of a section at once as fit."""
    lead = _lead(view)
    pages, page = list[tuple[Block, ...]](), list(lead)
    for render, count in _runs(view, rest):
        start = 0
        while start < count:
            size = _most(page, partial(render, start), count - start)
            if not size and len(page) > len(lead):
                pages.append(tuple(page))
                page = list(lead)
                continue
            # A line alone on a page always fits.
            page += render(start, size or 1)
            start += size or 1
    return [*pages, tuple(page)] if len(page) > len(lead) else pages


def _lead(view: View) -> list[Block]:
    """Return what the report is, and whose the marks are: the answer is far above by now."""
    known = marks(view.outlets)
    told = [
        f"{mark_of(each, known)} {shortened(each, NAME_CHARACTERS)}"
        for each in view.outlets[:OUTLETS_NAMED]
    ]
    if (rest := len(view.outlets) - OUTLETS_NAMED) > 0:
        told.append(f"and {rest:,} more")
    return [header(view.headline), context(" · ".join(told))]


def _most(page: Sequence[Block], render: Callable[[int], list[Block]], count: int) -> int:
    """Return how many of the next lines fit on the page."""
    if fits([*page, *render(count)]):
        return count
    return bisect_left(range(1, count), True, key=lambda n: not fits([*page, *render(n)]))


Run = tuple[Callable[[int, int], list[Block]], int]
"""Renders some lines of a section, from one on; and how many it has."""


def _runs(view: View, rest: View) -> Iterator[Run]:
    known = marks(view.outlets)

    def of_section(found: Section, start: int, size: int) -> list[Block]:
        part = replace(found, lines=found.lines[start : start + size], hidden=0)
        return section(part, known, WHOLE, size, "")

    def of_conflicts(start: int, size: int) -> list[Block]:
        shape = replace(WHOLE, conflicts=size)
        return conflicts(rest.conflicts[start : start + size], 0, known, shape, "")

    yield of_conflicts, len(rest.conflicts)
    for found in rest.sections:
        yield partial(of_section, found), len(found.lines)
