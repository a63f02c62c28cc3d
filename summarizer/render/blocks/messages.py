"""The messages: an answer as full as Slack takes, what it left out, one outlet, summaries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from itertools import chain

from summarizer.render.blocks.elements import (
    NAME_CHARACTERS,
    Block,
    Message,
    Shape,
    conflicts,
    context,
    escaped,
    fits,
    header,
    lede,
    line,
    linked,
    mark_of,
    notes,
    quoted,
    rich,
    section,
    sources,
    titled_list,
    words,
)
from summarizer.report.outlets import marks
from summarizer.report.parts import Section, Summary, View
from summarizer.report.safe import shortened
from summarizer.report.wording import plural

SHAPES = tuple(
    Shape(*numbers)
    for numbers in (
        # section, outlet, outlets, conflicts, sides, sources, named, notes, characters,
        # quotes, proofs
        (8, 5, 16, 8, 5, 16, 12, 5, 400, True, True),
        (6, 5, 16, 6, 4, 16, 12, 5, 300, True, True),
        (5, 4, 14, 5, 4, 14, 12, 4, 250, True, True),
        (5, 4, 14, 5, 4, 12, 12, 4, 250, False, True),
        (4, 4, 14, 4, 4, 12, 10, 4, 220, False, True),
        (4, 3, 12, 4, 3, 12, 10, 3, 200, False, True),
        (3, 2, 10, 3, 3, 8, 8, 3, 160, False, False),
        (2, 1, 8, 2, 2, 6, 6, 2, 120, False, False),
        (1, 1, 2, 1, 2, 2, 4, 2, 80, False, False),
    )
)
"""How much is shown, the first that fits. The first one shows what a terminal shows
(``view.SALIENT``). Quotes of facts are given up first, those of conflicts late: a conflict is
nothing without them. The last shape fits whatever the report is."""

OUTLETS_COUNTED = 10
"""Outlets whose unique facts are counted in a line, where there is no room for the facts."""

Below = Callable[[str], Block | None]
"""Returns a block to stand below the facts of one outlet, if any."""

WHOLE = SHAPES[0]
"""How lines are cut that are shown on request."""

OUTLETS_NAMED = 12
"""Outlets whose marks are explained."""

NEAR = 0.6
"""Similarity (0 to 1, as difflib counts it) from which a name is taken for an outlet's."""

Run = tuple[Callable[[int, int], list[Block]], int]
"""Renders some lines of a section, from one on; and how many it has."""

ROOM = ((10, 20, 600), (10, 10, 600), (10, 5, 400), (10, 3, 200), (5, 2, 100), (2, 1, 100))
"""Summaries, sentences of each, and characters of a sentence, the first that fit."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A message, and the shape in which the report fitted into it."""

    message: Message
    shape: Shape


def answer(
    view: View, *, ending: Sequence[Block] = (), below: Below = lambda outlet: None
) -> Message:
    """Return a diff as one message.

    Args:
        view: The whole report (``view.EVERYTHING``).
        ending: Blocks that stand at the end, whatever else has room.
        below: Gives a block for below the facts that only one outlet has.
    """
    return choose(view, ending=ending, below=below).message


def choose(
    view: View, *, ending: Sequence[Block] = (), below: Below = lambda outlet: None
) -> Chosen:
    """Return the answer and its shape: the fullest one that Slack takes."""
    for shape in SHAPES:
        blocks = [*_blocks(view, shape, below), *ending]
        if fits(blocks):
            break
    return Chosen(Message(told(view), tuple(blocks)), shape)


def told(view: View) -> str:
    """Return the answer in one line, for a notification."""
    alone = sum(each.total for each in view.unique)
    shared = view.shared.total if view.shared else 0
    parts = [
        f"Reported by all: {view.consensus.total:,}",
        *([f"by several: {shared:,}"] if view.shared else []),
        f"by one outlet only: {alone:,}",
        f"conflicts: {len(view.conflicts) + view.hidden_conflicts:,}",
    ]
    headline = shortened(view.headline, 150).rstrip(".")
    return f"{escaped(headline)}. {', '.join(parts)}."


def _blocks(view: View, shape: Shape, below: Below) -> Iterator[Block]:
    known = marks(view.outlets)
    yield header(view.headline)
    yield context(view.subtitle)
    yield from lede(view.lede, shape)
    if view.warnings:
        told = [line(words(each)) for each in notes(view.warnings, shape)]
        yield from titled_list([words("Before you read", bold=True)], told)
    yield from sources(view.sources, known, shape)
    yield from conflicts(view.conflicts, view.hidden_conflicts, known, shape, "")
    for each in view.unique[: shape.outlets]:
        yield from section(each, known, shape, shape.outlet, "")
        under = below(each.outlet) if each.total else None
        if under is not None:
            yield under
    yield from _counted(view.unique[shape.outlets :])
    for shared in view.sections[len(view.unique) :]:
        yield from section(shared, known, shape, shape.section, "")
    if view.notes:
        yield context(" ".join(notes(view.notes, shape)))


def _counted(rest: Sequence[Section]) -> Iterator[Block]:
    """Say how much is only in the outlets that have no room of their own."""
    if not rest:
        return
    told = [f"{shortened(each.outlet, 60)}: {each.total:,}" for each in rest[:OUTLETS_COUNTED]]
    if more := len(rest) - len(told):
        told.append(f"and {plural(more, 'more outlet')}")
    yield rich(line(words("Only in others", bold=True), words(f"\n{'; '.join(told)}")))


def remaining(view: View, shape: Shape) -> View:
    """Return what of a view was not shown in an answer of this shape."""

    def rest(found: Section, shown: int) -> Section:
        return replace(found, lines=found.lines[shown:])

    unique = [rest(each, shape.outlet) for each in view.unique[: shape.outlets]]
    return replace(
        view,
        consensus=rest(view.consensus, shape.section),
        shared=rest(view.shared, shape.section) if view.shared else None,
        unsure=rest(view.unsure, shape.section) if view.unsure else None,
        unique=tuple(chain(unique, view.unique[shape.outlets :])),
        conflicts=view.conflicts[shape.conflicts :],
    )


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


def summary(view: View, *, ending: Sequence[Block] = ()) -> Message:
    """Return the summaries of a report's articles; mostly it is one."""
    for room in ROOM:
        blocks = [*_summary_blocks(view, *room), *ending]
        if fits(blocks):
            break
    return Message(f"Summary: {escaped(shortened(view.headline, 150))}", tuple(blocks))


def _summary_blocks(view: View, summaries: int, sentences: int, characters: int) -> Iterator[Block]:
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
