"""A report as Slack's Block Kit: an answer within Slack's limits, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from summarizer.render.block_kit import (
    Block,
    Element,
    Message,
    context,
    escaped,
    fits,
    header,
    line,
    linked,
    rich,
    titled_list,
    words,
)
from summarizer.report.outlets import marks
from summarizer.report.parts import (
    DIFFERENCES_TITLE,
    Dispute,
    Line,
    Quote,
    Section,
    Source,
    Summary,
    View,
    in_marks,
)
from summarizer.report.wording import plural, shortened

# The longest name of an outlet, its mark, and value of one side of a conflict that are shown whole
# (with four sides a conflict is one block); the same of a sentence of the lede, and of an addition
# or a topic under a fact. Unit: characters.
NAME_CHARACTERS, MARK_CHARACTERS, VALUE_CHARACTERS = 80, 12, 120
LEDE_CHARACTERS, FURTHER_CHARACTERS = 250, 200
# Outlets whose unique facts are counted in a line, where there is no room for the facts; and
# outlets that are named behind one fact, or whose marks are explained.
OUTLETS_COUNTED, OUTLETS_NAMED = 10, 12
# Positions of one conflict that are shown; warnings, and as many notes.
SIDES, NOTES = 4, 4
# Summaries, sentences of each, and characters of a sentence, the first that fit.
ROOM = ((10, 20, 600), (10, 10, 600), (10, 5, 400), (10, 3, 200), (5, 2, 100), (2, 1, 100))


class Shape(NamedTuple):
    """How much of a report is shown."""

    section: int  # facts that all or several report, and conflicts
    outlet: int  # facts of one outlet only
    outlets: int  # outlets whose facts are shown, and articles in the list of what is compared
    characters: int  # of the longest line that is shown whole
    quotes: bool  # whether the words of the articles are shown below facts
    proofs: bool  # whether they are shown with the sides of a conflict, and addresses linked


# How much is shown, the first that fits. The first one shows what a terminal shows
# (``view.SALIENT``). Quotes of facts are given up first, those of conflicts late: a conflict is
# nothing without them. The last shape fits whatever the report is.
SHAPES = (
    Shape(section=8, outlet=5, outlets=16, characters=400, quotes=True, proofs=True),
    Shape(section=5, outlet=4, outlets=14, characters=250, quotes=True, proofs=True),
    Shape(section=5, outlet=4, outlets=14, characters=250, quotes=False, proofs=True),
    Shape(section=4, outlet=3, outlets=12, characters=200, quotes=False, proofs=True),
    Shape(section=3, outlet=2, outlets=8, characters=160, quotes=False, proofs=False),
    Shape(section=1, outlet=1, outlets=2, characters=80, quotes=False, proofs=False),
)
WHOLE = SHAPES[0]  # how lines are cut that are shown on request


def answer(view: View, *, ending: Sequence[Block] = ()) -> Message:
    """Return a whole report (``view.EVERYTHING``) as one message, ``ending`` at its end."""
    blocks, _ = _fullest_answer(view, ending)
    several = f", by several: {view.shared.total:,}" if view.shared else ""
    alone = sum(each.total for each in view.unique)
    text = (
        f"{escaped(shortened(view.headline, 150).rstrip('.'))}. "
        f"Reported by all: {view.consensus.total:,}{several}, by one outlet only: {alone:,}, "
        f"conflicts: {view.total_conflicts:,}."
    )
    return Message(text, blocks)


def more(view: View, *, ending: Sequence[Block] = ()) -> tuple[Message, ...]:
    """Return what the answer to the same arguments left out, page by page, if anything."""
    _, shape = _fullest_answer(view, ending)
    lead = _BlockWriter(view, WHOLE).lead()
    pages, page = list[list[Block]](), lead
    for lines, render in _left_out(view, shape):
        first = 0
        for end in range(1, len(lines) + 1):
            if fits([*page, *render(lines[first:end])]):
                continue
            if first < end - 1:
                page = [*page, *render(lines[first : end - 1])]
            # A line alone on a page always fits.
            if page != lead:
                pages.append(page)
                page, first = lead, end - 1
        page = [*page, *render(lines[first:])] if lines else page
    if page != lead:
        pages.append(page)
    title = f"{escaped(view.headline)}: what the answer left out"
    return tuple(
        Message(f"{title} ({number} of {len(pages)}).", tuple(each))
        for number, each in enumerate(pages, start=1)
    )


def only(view: View, asked: str) -> Message | None:
    """Return what only one outlet reports, as much as fits; None where no outlet is meant.

    The outlet is asked for by its name or its mark, as people write it.
    """
    section = _meant_section(view, asked)
    if section is None:
        return None
    writer, shown = _BlockWriter(view, WHOLE), len(section.lines)
    rest = ": they are in the JSON report"
    while not fits(blocks := [*writer.lead(), *writer.section(section, shown, rest)]) and shown > 1:
        shown = shown * 3 // 4
    text = f"{escaped(section.title)}: {plural(section.total, 'fact')}."
    return Message(text, tuple(blocks))


def summary(view: View, *, ending: Sequence[Block] = ()) -> Message:
    """Return the summaries of a report's articles; mostly it is one."""
    writer = _BlockWriter(view, WHOLE)
    for summaries, sentences, characters in ROOM:
        blocks = [header(view.headline), *writer.warnings()]
        for each in view.summaries[:summaries]:
            blocks += writer.summary(each, sentences, characters)
        if (more := len(view.summaries) - summaries) > 0:
            blocks.append(context(f"and {plural(more, 'more article')}"))
        blocks += [*writer.notes(), *ending]
        if fits(blocks):
            break
    return Message(f"Summary: {escaped(shortened(view.headline, 150))}", tuple(blocks))


def _fullest_answer(view: View, ending: Sequence[Block]) -> tuple[tuple[Block, ...], Shape]:
    """Return the answer in the fullest shape that Slack takes, and this shape."""
    for shape in SHAPES:
        blocks = (*_BlockWriter(view, shape).answer(), *ending)
        if fits(blocks):
            break
    return blocks, shape


def _left_out(
    view: View, shape: Shape
) -> Iterator[tuple[Sequence[Any], Callable[[Sequence[Any]], list[Block]]]]:
    """Yield what an answer of this shape did not show, and what writes any lines of it."""
    writer = _BlockWriter(view, WHOLE)

    def section_blocks(section: Section, lines: Sequence[Line]) -> list[Block]:
        return writer.section(replace(section, lines=tuple(lines), hidden=0), len(lines))

    yield view.conflicts[shape.section :], lambda each: writer.conflicts(each, len(each))
    for number, section in enumerate(view.sections):
        shown = shape.section
        if number < len(view.unique):
            shown = shape.outlet if number < shape.outlets else 0
        yield section.lines[shown:], partial(section_blocks, section)


def _meant_section(view: View, asked: str) -> Section | None:
    by_name = {_bare_name(each.outlet): each for each in view.unique}
    by_mark = {_bare_name(mark): _bare_name(name) for name, mark in marks(view.outlets).items()}
    wanted = _bare_name(asked)
    if wanted in by_name or wanted in by_mark:
        return by_name.get(wanted) or by_name.get(by_mark.get(wanted, ""))
    holding = [name for name in by_name if wanted and wanted in name]
    return by_name[holding[0]] if len(holding) == 1 else None


def _bare_name(name: str) -> str:
    """Return a name as people may write it: in any case, in quotation marks or without."""
    return name.strip(" \t\n\"'“”").casefold()


class _BlockWriter:
    """Writes the parts of a view as blocks, in one shape."""

    def __init__(self, view: View, shape: Shape) -> None:
        self._view, self._shape = view, shape
        self._marks = marks(view.outlets)

    def answer(self) -> Iterator[Block]:
        view, shape = self._view, self._shape
        yield header(view.headline)
        yield context(view.subtitle)
        room = min(shape.characters, LEDE_CHARACTERS)
        for part in view.lede[: shape.outlet + 3]:
            lead = words(shortened(part.lead, NAME_CHARACTERS), bold=True)
            sentences = " ".join(shortened(item.text, room) for item in part.items)
            yield rich(line(lead, words(f" {sentences}")))
        yield from self.warnings()
        sources = [self._source_item(each) for each in view.sources[: shape.outlets]]
        sources += _more_items(len(view.sources) - len(sources))
        yield from titled_list([words("Compared", bold=True)], sources)
        yield from self.conflicts(
            view.conflicts[: shape.section], view.total_conflicts, view.no_conflicts
        )
        for section in view.unique[: shape.outlets]:
            yield from self.section(section, shape.outlet)
        yield from self._counted_outlets(view.unique[shape.outlets :])
        for section in view.not_unique:
            yield from self.section(section, shape.section)
        yield from self.notes()

    def lead(self) -> list[Block]:
        """Return what the report is, and whose the marks are: the answer is far above by now."""
        outlets = self._view.outlets
        named = [f"{self._cut_mark(x)} {shortened(x, NAME_CHARACTERS)}" for x in outlets]
        return [header(self._view.headline), context(" · ".join(_first_named(named)))]

    def warnings(self) -> list[Block]:
        """Return what must be known first, if anything."""
        warnings = self._first_notes(self._view.warnings)
        title = [words("Before you read", bold=True)]
        return titled_list(title, [line(words(each)) for each in warnings]) if warnings else []

    def notes(self) -> list[Block]:
        notes = self._first_notes(self._view.notes)
        return [context(" ".join(notes))] if notes else []

    def section(self, section: Section, shown: int, rest: str = "") -> list[Block]:
        """Return a heading, the first lines of a section, and how many more are where."""
        title = [words(shortened(section.title, 120), bold=True), words(f" · {section.total:,}")]
        if not section.total:
            return titled_list([*title, words(f"\n{section.empty or section.note}")], [])
        items = [self._fact_item(each, own=bool(section.outlet)) for each in section.lines[:shown]]
        items += _more_items(section.total - len(items), rest)
        if section.note:
            items.append(line(words(section.note, italic=True)))
        return titled_list(title, items)

    def conflicts(
        self, disputes: Sequence[Dispute], total: int, no_conflicts: str = ""
    ) -> list[Block]:
        title = [words(DIFFERENCES_TITLE, bold=True), words(f" · {total:,}")]
        if no_conflicts:
            return titled_list([*title, words(f"\n{no_conflicts}")], [])
        items = [self._conflict_item(each) for each in disputes]
        return titled_list(title, [*items, *_more_items(total - len(items))])

    def summary(self, summary: Summary, sentences: int, characters: int) -> list[Block]:
        source, items = summary.source, list[Element]()
        name = linked(shortened(source.outlet, NAME_CHARACTERS), source.source)
        for each in summary.sentences[:sentences]:
            quote = self._quote_elements(each.quote, characters)
            items.append(line(words(shortened(each.text, characters)), *quote))
        items += _more_items(len(summary.sentences) - len(items))
        nothing = line(words("No sentence of a summary stood the test against the article."))
        title = [name, words(f" · {source.published} · {source.length}")]
        return titled_list(title, items or [nothing])

    def _first_notes(self, notes: Sequence[str]) -> list[str]:
        return [shortened(each, self._shape.characters) for each in notes[:NOTES]]

    def _counted_outlets(self, sections: Sequence[Section]) -> Iterator[Block]:
        counts = [f"{shortened(each.outlet, 60)}: {each.total:,}" for each in sections]
        if more := counts[OUTLETS_COUNTED:]:
            counts[OUTLETS_COUNTED:] = [f"and {plural(len(more), 'more outlet')}"]
        if counts:
            title = words("Only in others", bold=True)
            yield rich(line(title, words(f"\n{'; '.join(counts)}")))

    def _source_item(self, source: Source) -> Element:
        if source.same_as:
            text = f"{source.source}: same as {source.same_as}"
            return line(words(shortened(text, self._shape.characters)))
        mark = words(self._cut_mark(source.outlet), bold=True)
        address = source.source if self._shape.proofs else ""
        name = linked(shortened(source.outlet, NAME_CHARACTERS), address)
        about = shortened(" · ".join(source.about), NAME_CHARACTERS)
        return line(mark, words("  "), name, words(f" · {about}"))

    def _fact_item(self, fact: Line, *, own: bool) -> Element:
        most = self._shape.characters
        # What makes an "only" doubtful is shown however little room there is.
        quotes = (fact.quote if self._shape.quotes else None, fact.nearest)
        return line(
            words(shortened(fact.text, most)),
            words("" if own else f" {self._bracketed_marks(fact.outlets)}"),
            words(f" ({fact.remark})" if fact.remark else "", italic=True),
            *(part for quote in quotes for part in self._quote_elements(quote, most)),
            *(words(f"\n{text}") for text in self._further_lines(fact)),
        )

    def _further_lines(self, fact: Line) -> Iterator[str]:
        """Yield where outlets differ on a fact and what single ones add: what a block holds."""
        shape, room = self._shape, min(self._shape.characters, FURTHER_CHARACTERS)
        for dispute in fact.differences[:1]:
            values = [
                f"{shortened(side.value, room // 2)} {self._bracketed_marks(side.outlets)}"
                for side in dispute.sides[:3]
            ]
            yield f"they differ on {shortened(dispute.topic, room)}: {'; '.join(values)}"
        for addition in fact.additions[: min(shape.outlet, 2)]:
            remark = f" ({addition.remark})" if addition.remark else ""
            text = shortened(addition.text, room)
            yield f"only {self._cut_mark(addition.outlet)} adds: {text}{remark}"

    def _conflict_item(self, conflict: Dispute) -> Element:
        most = self._shape.characters
        parts = [words(shortened(conflict.topic, most), bold=True), words(f"  ({conflict.kind})")]
        for side in conflict.sides[:SIDES]:
            value = shortened(side.value, min(most, VALUE_CHARACTERS))
            parts += [words(f"\n{value} "), words(self._bracketed_marks(side.outlets))]
            if self._shape.proofs and side.quote:
                quoted = in_marks(shortened(side.quote.text, most))
                parts += [words(" "), words(quoted, italic=True)]
        if (more := len(conflict.sides) - SIDES) > 0:
            parts.append(words(f"\nand {plural(more, 'more position')}", italic=True))
        return line(*parts)

    def _quote_elements(self, quote: Quote | None, most: int) -> list[Element]:
        """Return a quote of at most so many characters below its line, or nothing."""
        if quote is None:
            return []
        relation = f"{quote.relation} " if quote.relation else ""
        quoted = in_marks(shortened(quote.text, most)) if quote.words else ""
        return [words(f"\n{relation}{self._cut_mark(quote.outlet)} "), words(quoted, italic=True)]

    def _bracketed_marks(self, outlets: Sequence[str]) -> str:
        return f"[{' '.join(_first_named(list(map(self._cut_mark, outlets))))}]"

    def _cut_mark(self, outlet: str) -> str:
        return shortened(self._marks.get(outlet, outlet), MARK_CHARACTERS)


def _first_named(names: list[str]) -> list[str]:
    more = len(names) - OUTLETS_NAMED
    return [*names[:OUTLETS_NAMED], *([f"and {more:,} more"] if more > 0 else [])]


def _more_items(more: int, rest: str = "") -> list[Element]:
    return [line(words(f"and {more:,} more{rest}", italic=True))] if more else []
