"""A report for a terminal, at any width, with and without colour.

Everything is a block of lines made for a width; blocks stand above each other, or side by
side where the screen is wide enough. Nothing but letters, spaces and a few marks is used,
so that a pipe, a pager and a mail get the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from summarizer.report.outlets import marks, remarks
from summarizer.report.parts import (
    Addition,
    Dispute,
    LedePart,
    Line,
    Section,
    Side,
    Table,
    View,
)
from summarizer.report.quotes import Quote
from summarizer.report.view import EVERYTHING, SALIENT, view
from summarizer.report.wording import plural
from summarizer.types import DiffReport

Block = list[Text]
"""Lines, each no wider than the block was made for."""

# Wrapping asks a console for nothing but its tab size; this one writes nowhere.
_NOWHERE = Console(file=StringIO(), width=1_000)

NARROWEST = 40
"""Columns; a smaller screen is written to as if it had these."""

MEASURE = 110
"""Columns; text wider than this is hard to read and is not written."""

TWO_COLUMNS = 150
"""Columns from which sections stand side by side."""

SIDE = 26
"""Columns one position of a conflict needs to stand beside the others."""

INDENT = 2
"""Columns before everything under a heading."""

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
"""One for each outlet in turn: the terminal's own six, which every theme makes readable."""

WHOLE = "For every check and every passage in its place: -o report.html"
"""What the screen has no room for."""

HEADLINE, HEADING, FAINT, DOUBT = "bold", "bold underline", "dim", "yellow"


def wrapped(text: Text, width: int, indent: int = 0) -> Block:
    """Return ``text`` in lines of at most ``width`` cells, all indented."""
    return hanging(Text(" " * indent), text, width, indent)


def hanging(lead: Text, text: Text, width: int, indent: int | None = None) -> Block:
    """Return ``text`` behind ``lead``, further lines indented by it or by ``indent``."""
    margin = lead.cell_len if indent is None else indent
    # One room for all lines: the first is not longer than those that hang from it.
    lines = text.wrap(_NOWHERE, max(width - max(margin, lead.cell_len), 1))
    block = []
    for number, line in enumerate(lines):
        line.rstrip()
        # Not lead + line: the lead's own style would go over to the whole line.
        block.append(Text.assemble(lead if number == 0 else " " * margin, line))
    return block


def followed(block: Block, tail: Text, width: int, indent: int) -> Block:
    """Return ``block`` with ``tail`` behind its last line, or under it: whole, if it fits."""
    *before, last = block or [Text(" " * indent)]
    if last.cell_len + 1 + tail.cell_len <= width:
        return [*before, Text.assemble(last, " ", tail)]
    return [*before, last, *hanging(Text(" " * indent), tail, width, indent)]


def beside(blocks: Sequence[Block], width: int, *, gap: int, indent: int = 0) -> Block:
    """Return blocks of ``width`` cells side by side, each padded but the last."""
    rows = []
    for row in zip_longest(*blocks):
        line = Text(" " * indent)
        for number, cell in enumerate(row):
            line.pad_right(indent + number * (width + gap) - line.cell_len)
            line = Text.assemble(line, cell or "")
        line.rstrip()
        rows.append(line)
    return rows


def columned(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, indent: int) -> Block:
    """Return rows of cells under their heads; long cells are wrapped within their column."""
    table = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in head:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    lines = _NOWHERE.render_lines(table, _NOWHERE.options.update(width=max(width - indent, 1)))
    texts = ("".join(segment.text for segment in line).rstrip() for line in lines)
    return [Text(" " * indent + text) for text in texts]


def painted(lines: Iterable[Text], *, colour: bool) -> str:
    """Return the lines as a text that ends in a newline, with colours or without."""
    if not colour:
        return "".join(f"{line.plain.rstrip()}\n" for line in lines)
    out = StringIO()
    console = Console(
        file=out,
        # Wide enough that no line is cut: all are wrapped already.
        width=10_000,
        color_system="standard",
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        _environ={},
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Look:
    """How outlets are marked: ``KI``, in cyan."""

    marks: Mapping[str, str]
    styles: Mapping[str, str]

    def mark(self, outlet: str) -> Text:
        """Return the outlet's mark in its colour."""
        return Text(self.marks.get(outlet, outlet), style=self.styles.get(outlet, "bold"))

    def all(self, outlets: tuple[str, ...]) -> Text:
        """Return several marks in brackets: ``[KI AP]``."""
        inside = Text(" ").join(self.mark(outlet) for outlet in outlets)
        return Text.assemble(("[", FAINT), inside, ("]", FAINT))


def diff(
    report: DiffReport,
    *,
    width: int,
    colour: bool,
    everything: bool = False,
    summaries: bool = False,
) -> str:
    """Return the report of ``summarize diff``, with each article's summary if asked for."""
    shown = view(report, EVERYTHING if everything else SALIENT)
    return painted(_diff(shown, max(width, NARROWEST), summaries), colour=colour)


def articles(report: DiffReport, *, width: int, colour: bool) -> str:
    """Return the summaries of ``summarize article``."""
    shown = view(report)
    return painted(_articles(shown, min(max(width, NARROWEST), MEASURE)), colour=colour)


def _diff(shown: View, width: int, summaries: bool) -> Iterator[Text]:
    look = _look(shown)
    narrow = min(width, MEASURE)
    yield from wrapped(Text(shown.headline, HEADLINE), narrow)
    yield from wrapped(Text(shown.subtitle, FAINT), narrow)
    yield Text()
    for part in shown.lede:
        yield from _lede(part, narrow)
    if shown.lede:
        yield Text()
    yield from _sources(shown, look, narrow)
    if shown.warnings:
        yield Text()
    yield from _notes(shown.warnings, narrow)
    if summaries:
        yield from _summaries(shown, look, narrow)
    yield from _conflicts(shown, look, width)
    shared = shown.sections[len(shown.unique) :]
    for sections in (shown.unique, shared):
        yield from _sections(sections, look, width)
    for table in shown.tables:
        yield from _table(table, narrow)
    if shown.notes:
        yield Text()
    yield from _notes((*shown.notes, WHOLE), narrow)


def _lede(part: LedePart, width: int) -> Block:
    words = " ".join(item.text for item in part.items)
    return hanging(Text(), Text.assemble((part.lead, "bold"), " ", words), width, INDENT)


def _articles(shown: View, width: int) -> Iterator[Text]:
    look = _look(shown)
    for summary in shown.summaries:
        source = summary.source
        yield from wrapped(Text(source.title or source.source, HEADLINE), width)
        about = [source.outlet, source.published, source.length, *remarks(source)]
        yield from wrapped(Text(" · ".join(about), FAINT), width)
        for line in summary.sentences:
            yield from _line(Line(text=line.text, outlets=(), quote=line.quote), look, width)
        yield Text()
    for source in shown.sources:
        if source.same_as:
            copy = Text(f"{source.source}: same as {source.same_as}", FAINT)
            yield from wrapped(copy, width)
    yield from _notes((*shown.warnings, *shown.notes), width)


def _summaries(shown: View, look: Look, width: int) -> Iterator[Text]:
    for summary in shown.summaries:
        yield Text()
        title = Text(f"{summary.source.outlet} in short".upper(), HEADING)
        title.stylize(look.styles.get(summary.source.outlet, ""))
        yield from wrapped(title, width)
        for line in summary.sentences:
            yield from _line(line, look, width, show_outlets=False)


def _look(shown: View) -> Look:
    names = marks(shown.outlets)
    styles = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}
    return Look(names, styles)


def _sources(shown: View, look: Look, width: int) -> Iterator[Text]:
    room = max(len(mark) for mark in look.marks.values()) if look.marks else 0
    for source in shown.sources:
        if source.same_as:
            lead = Text(" " * (INDENT + room + 2))
            about = Text(f"{source.source}: same as {source.same_as}", FAINT)
        else:
            lead = Text.assemble(" " * INDENT, look.mark(source.outlet))
            lead.pad_right(INDENT + room + 2 - lead.cell_len)
            facts = " · ".join([source.published, source.length, *remarks(source)])
            about = Text.assemble((source.outlet, "bold"), "  ", (facts, FAINT))
        yield from hanging(lead, about, width)


def _sections(sections: Sequence[Section], look: Look, width: int) -> Iterator[Text]:
    """Lay sections out one above the other, or two beside each other."""
    draw = partial(_section, look=look)
    if width < TWO_COLUMNS or len(sections) < 2:
        for section in sections:
            yield from draw(section, width=min(width, MEASURE))
        return
    half = min(width // 2 - INDENT, MEASURE)
    for at in range(0, len(sections), 2):
        pair = [list(draw(section, width=half)) for section in sections[at : at + 2]]
        yield from beside(pair, half, gap=2 * INDENT)


def _section(section: Section, look: Look, width: int) -> Iterator[Text]:
    yield Text()
    title = Text(section.title.upper(), HEADING)
    if section.outlet:
        title.stylize(look.styles.get(section.outlet, ""))
    yield from wrapped(Text.assemble(title, (f" · {section.total}", FAINT)), width)
    if not section.lines and section.empty:
        yield from wrapped(Text(section.empty, FAINT), width, INDENT)
    for line in section.lines:
        yield from _line(line, look, width, show_outlets=not section.outlet)
    yield from _more(section.hidden, width)
    if section.note:
        yield from wrapped(Text(section.note, FAINT), width, INDENT)


def _more(hidden: int, width: int) -> Block:
    if not hidden:
        return []
    return wrapped(Text(f"and {hidden:,} more (--all)", FAINT), width, INDENT)


def _line(line: Line, look: Look, width: int, *, show_outlets: bool = True) -> Iterator[Text]:
    mark = Text(" - ", FAINT)
    block = hanging(mark, Text(line.text), width)
    if show_outlets and line.outlets:
        block = followed(block, look.all(line.outlets), width, len(mark))
    if line.remark:
        block = followed(block, Text(f"({line.remark})", FAINT), width, len(mark))
    yield from block
    indent = len(mark) + INDENT
    for quote in (line.quote, line.nearest):
        if quote:
            yield from _quote(quote, look, width, indent)
    for dispute in line.differences:
        yield from _difference(dispute, look, width, indent)
    for addition in line.additions:
        yield from _addition(addition, look, width, indent)
    if line.more_additions:
        more = Text(f"and {plural(line.more_additions, 'more detail')} (--all)", FAINT)
        yield from wrapped(more, width, indent)


def _quote(quote: Quote, look: Look, width: int, indent: int) -> Block:
    lead = Text.assemble(" " * indent, (f"{quote.relation} " if quote.relation else "", DOUBT))
    words = Text(quote.words, FAINT)
    return hanging(lead, Text.assemble(look.mark(quote.outlet), " ", words), width, indent + INDENT)


def _difference(dispute: Dispute, look: Look, width: int, indent: int) -> Block:
    text = Text.assemble(("they differ on ", DOUBT), f"{dispute.topic}: ")
    for number, side in enumerate(dispute.sides):
        text = Text.assemble(text, "; " if number else "", (side.value, "bold"), " ")
        text.append_text(look.all(side.outlets))
    return hanging(Text(" " * indent), text, width, indent + INDENT)


def _addition(addition: Addition, look: Look, width: int, indent: int) -> Iterator[Text]:
    remark = f" ({addition.remark})" if addition.remark else ""
    lead = Text.assemble("only ", look.mark(addition.outlet), " adds: ")
    text = Text.assemble(lead, addition.text, (remark, FAINT))
    yield from hanging(Text(" " * indent), text, width, indent + INDENT)
    if addition.nearest:
        yield from _quote(addition.nearest, look, width, indent + INDENT)


def _conflicts(shown: View, look: Look, width: int) -> Iterator[Text]:
    yield Text()
    total = len(shown.conflicts) + shown.hidden_conflicts
    yield Text.assemble(("CONFLICTS", HEADING), (f" · {total}", FAINT))
    if not total:
        yield Text(" " * INDENT + "None was found.", FAINT)
    for number, dispute in enumerate(shown.conflicts):
        if number:
            yield Text()
        yield from _dispute(dispute, look, min(width, TWO_COLUMNS))
    yield from _more(shown.hidden_conflicts, width)


def _dispute(dispute: Dispute, look: Look, width: int) -> Iterator[Text]:
    title = Text.assemble((dispute.topic, "bold"), (f"  ({dispute.kind})", FAINT))
    yield from wrapped(title, width, INDENT)
    inside = 2 * INDENT
    count = len(dispute.sides)
    room = (width - inside) // max(count, 1) - INDENT
    if count > 1 and room >= SIDE:
        blocks = [list(_side(side, look, room)) for side in dispute.sides]
        yield from beside(blocks, room, gap=INDENT, indent=inside)
        return
    for side in dispute.sides:
        for line in _side(side, look, width - inside):
            yield Text.assemble(" " * inside, line)


def _side(side: Side, look: Look, width: int) -> Iterator[Text]:
    yield from wrapped(Text.assemble((side.value, "bold"), " ", look.all(side.outlets)), width)
    if side.quote:
        yield from wrapped(Text(side.quote.words, FAINT), width, INDENT)


def _table(table: Table, width: int) -> Iterator[Text]:
    yield Text()
    yield Text.assemble((table.title.upper(), HEADING))
    yield from columned(("", *table.head), table.rows, width, INDENT)


def _notes(notes: Iterable[str], width: int) -> Iterator[Text]:
    for note in notes:
        style = DOUBT if note.startswith("Warning") else FAINT
        yield from hanging(Text(), Text(note, style), width, INDENT)
