"""A report for a terminal, at any width, with and without colour.

Nothing but letters, spaces and a few marks is used, so that a pipe, a pager and a mail get the same
picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from summarizer.report.outlets import marks
from summarizer.report.parts import (
    DIFFERENCES_TITLE,
    Addition,
    Dispute,
    Line,
    Quote,
    Section,
    Side,
    Table,
    View,
)
from summarizer.report.view import EVERYTHING, SALIENT, view
from summarizer.report.wording import plural
from summarizer.types import DiffReport

Block = list[Text]  # lines, each no wider than the block was made for

# Wrapping asks a console for nothing but its tab size; this one writes nowhere.
_NOWHERE = Console(file=StringIO(), width=1_000)

# Columns: the fewest that are written for, however narrow the screen; the most of a text, since
# wider ones are hard to read, and of a conflict; those that one position of a conflict needs to
# stand beside the others; and those before everything under a heading.
NARROWEST, MEASURE, WIDEST_CONFLICT, SIDE, INDENT = 40, 110, 150, 26, 2
# One for each outlet in turn: the terminal's own six, which every theme makes readable.
COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
WHOLE = "For every check and every passage in its place: -o report.html"
HEADLINE, HEADING, FAINT, DOUBT = "bold", "bold underline", "dim", "yellow"


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
    return painted(_ScreenWriter(shown, width).diff(summaries), colour=colour)


def articles(report: DiffReport, *, width: int, colour: bool) -> str:
    """Return the summaries of ``summarize article``."""
    return painted(_ScreenWriter(view(report), width).articles(), colour=colour)


def hanging(lead: str | Text, text: Text, width: int, indent: int | None = None) -> Block:
    """Return ``text`` behind ``lead``, further lines indented by it or by ``indent``."""
    lead = Text(lead) if isinstance(lead, str) else lead
    margin = lead.cell_len if indent is None else indent
    block: Block = []
    # One room for all lines: the first is not longer than those that hang from it.
    for line in text.wrap(_NOWHERE, max(width - max(margin, lead.cell_len), 1)):
        line.rstrip()
        # Not lead + line: the lead's own style would go over to the whole line.
        block.append(Text.assemble(" " * margin if block else lead, line))
    return block


def followed(block: Block, tail: Text, width: int, indent: int) -> Block:
    """Return ``block`` with ``tail`` behind its last line, or under it: whole, if it fits."""
    *before, last = block or [Text(" " * indent)]
    if last.cell_len + 1 + tail.cell_len <= width:
        return [*before, Text.assemble(last, " ", tail)]
    return [*before, last, *hanging(" " * indent, tail, width)]


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


def painted(lines: Iterable[Text], *, colour: bool) -> str:
    """Return the lines as a text that ends in a newline, with colours or without."""
    if not colour:
        return "".join(f"{line.plain.rstrip()}\n" for line in lines)
    out = StringIO()
    console = Console(
        file=out, color_system="standard", force_terminal=True, legacy_windows=False, _environ={}
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue()


class _ScreenWriter:
    """Lays a view out; each method returns one part of it."""

    def __init__(self, shown: View, width: int) -> None:
        self._shown, screen = shown, max(width, NARROWEST)
        self._width, self._conflict_width = min(screen, MEASURE), min(screen, WIDEST_CONFLICT)
        self._marks = marks(shown.outlets)
        self._styles = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(self._marks)}

    def diff(self, summaries: bool) -> Iterator[Text]:
        shown = self._shown
        yield from hanging("", Text(shown.headline, HEADLINE), self._width)
        yield from hanging("", Text(shown.subtitle, FAINT), self._width)
        yield Text()
        for part in shown.lede:
            text = Text.assemble((part.lead, "bold"), " ", part.text)
            yield from hanging("", text, self._width, INDENT)
        yield from [Text()] if shown.lede else []
        yield from self._source_lines()
        yield from [Text()] if shown.warnings else []
        yield from self._note_lines(shown.warnings)
        for summary in shown.summaries if summaries else ():
            outlet = summary.source.outlet
            yield from self._heading_lines(f"{outlet} in short", outlet)
            for line in summary.sentences:
                yield from self._fact_lines(line, show_outlets=False)
        yield from self._conflict_lines()
        for section in shown.sections:
            yield from self._section_lines(section)
        for table in shown.tables:
            yield from self._table_lines(table)
        yield from [Text()] if shown.notes else []
        yield from self._note_lines((*shown.notes, WHOLE))

    def articles(self) -> Iterator[Text]:
        for summary in self._shown.summaries:
            source = summary.source
            yield from hanging("", Text(source.title or source.source, HEADLINE), self._width)
            about = " · ".join([source.outlet, *source.about])
            yield from hanging("", Text(about, FAINT), self._width)
            for line in summary.sentences:
                yield from self._fact_lines(line, show_outlets=False)
            yield Text()
        for source in self._shown.sources:
            if source.same_as:
                copy = Text(f"{source.source}: same as {source.same_as}", FAINT)
                yield from hanging("", copy, self._width)
        yield from self._note_lines((*self._shown.warnings, *self._shown.notes))

    def _outlet_mark(self, outlet: str) -> Text:
        return Text(self._marks.get(outlet, outlet), style=self._styles.get(outlet, "bold"))

    def _all_marks(self, outlets: tuple[str, ...]) -> Text:
        """Return several marks in brackets: ``[KI AP]``."""
        inside = Text(" ").join(map(self._outlet_mark, outlets))
        return Text.assemble(("[", FAINT), inside, ("]", FAINT))

    def _heading_lines(
        self, title: str, outlet: str = "", total: int | None = None
    ) -> Iterator[Text]:
        yield Text()
        heading = Text(title.upper(), HEADING)
        heading.stylize(self._styles.get(outlet, "") if outlet else "")
        count = "" if total is None else f" · {total}"
        yield from hanging("", Text.assemble(heading, (count, FAINT)), self._width)

    def _source_lines(self) -> Iterator[Text]:
        room = INDENT + max(map(len, self._marks.values()), default=0) + 2
        for source in self._shown.sources:
            lead = Text(" " * INDENT)
            about = Text(f"{source.source}: same as {source.same_as}", FAINT)
            if not source.same_as:
                lead = Text.assemble(lead, self._outlet_mark(source.outlet))
                facts = (" · ".join(source.about), FAINT)
                about = Text.assemble((source.outlet, "bold"), "  ", facts)
            lead.pad_right(room - lead.cell_len)
            yield from hanging(lead, about, self._width)

    def _section_lines(self, section: Section) -> Iterator[Text]:
        yield from self._heading_lines(section.title, section.outlet, section.total)
        if not section.lines and section.empty:
            yield from hanging(" " * INDENT, Text(section.empty, FAINT), self._width)
        for line in section.lines:
            yield from self._fact_lines(line, show_outlets=not section.outlet)
        yield from self._more_lines(section.hidden)
        if section.note:
            yield from hanging(" " * INDENT, Text(section.note, FAINT), self._width)

    def _fact_lines(self, line: Line, *, show_outlets: bool) -> Iterator[Text]:
        lead = Text(" - ", FAINT)
        block = hanging(lead, Text(line.text), self._width)
        if show_outlets and line.outlets:
            block = followed(block, self._all_marks(line.outlets), self._width, len(lead))
        if line.remark:
            block = followed(block, Text(f"({line.remark})", FAINT), self._width, len(lead))
        yield from block
        indent = len(lead) + INDENT
        for quote in line.quotes:
            yield from self._quote_lines(quote, indent)
        for dispute in line.differences:
            yield from self._difference_lines(dispute, indent)
        for addition in line.additions:
            yield from self._addition_lines(addition, indent)
        if line.more_additions:
            more = f"and {plural(line.more_additions, 'more detail')} (--all)"
            yield from hanging(" " * indent, Text(more, FAINT), self._width)

    def _quote_lines(self, quote: Quote, indent: int) -> Block:
        relation = f"{quote.relation} " if quote.relation else ""
        lead = Text.assemble(" " * indent, (relation, DOUBT))
        text = Text.assemble(self._outlet_mark(quote.outlet), " ", (quote.words, FAINT))
        return hanging(lead, text, self._width, indent + INDENT)

    def _difference_lines(self, dispute: Dispute, indent: int) -> Block:
        text = Text.assemble(("they differ on ", DOUBT), f"{dispute.topic}: ")
        for number, side in enumerate(dispute.sides):
            text = Text.assemble(text, "; " if number else "", (side.value, "bold"), " ")
            text.append_text(self._all_marks(side.outlets))
        return hanging(" " * indent, text, self._width, indent + INDENT)

    def _addition_lines(self, addition: Addition, indent: int) -> Iterator[Text]:
        remark = f" ({addition.remark})" if addition.remark else ""
        lead = Text.assemble("only ", self._outlet_mark(addition.outlet), " adds: ")
        text = Text.assemble(lead, addition.text, (remark, FAINT))
        yield from hanging(" " * indent, text, self._width, indent + INDENT)
        if addition.nearest:
            yield from self._quote_lines(addition.nearest, indent + INDENT)

    def _conflict_lines(self) -> Iterator[Text]:
        shown = self._shown
        yield from self._heading_lines(DIFFERENCES_TITLE, total=shown.total_conflicts)
        if shown.no_conflicts:
            yield Text(" " * INDENT + shown.no_conflicts, FAINT)
        for number, dispute in enumerate(shown.conflicts):
            yield from [Text()] if number else []
            yield from self._dispute_lines(dispute)
        yield from self._more_lines(shown.hidden_conflicts)

    def _dispute_lines(self, dispute: Dispute) -> Iterator[Text]:
        title = Text.assemble((dispute.topic, "bold"), (f"  ({dispute.kind})", FAINT))
        yield from hanging(" " * INDENT, title, self._width)
        inside, count = 2 * INDENT, len(dispute.sides)
        room = (self._conflict_width - inside) // max(count, 1) - INDENT
        if count > 1 and room >= SIDE:
            blocks = [self._side_lines(side, room) for side in dispute.sides]
            yield from beside(blocks, room, gap=INDENT, indent=inside)
            return
        for side in dispute.sides:
            for line in self._side_lines(side, self._width - inside):
                yield Text.assemble(" " * inside, line)

    def _side_lines(self, side: Side, width: int) -> Block:
        value = Text.assemble((side.value, "bold"), " ", self._all_marks(side.outlets))
        block = hanging("", value, width)
        if side.quote:
            block += hanging(" " * INDENT, Text(side.quote.words, FAINT), width)
        return block

    def _table_lines(self, table: Table) -> Iterator[Text]:
        """Yield rows of cells under their heads; long cells are wrapped within their column."""
        yield from self._heading_lines(table.title)
        grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        for name in ("", *table.head):
            grid.add_column(Text(name), overflow="fold")
        for row in table.rows:
            grid.add_row(*map(Text, row))
        options = _NOWHERE.options.update(width=max(self._width - INDENT, 1))
        for line in _NOWHERE.render_lines(grid, options):
            yield Text(" " * INDENT + "".join(segment.text for segment in line).rstrip())

    def _note_lines(self, notes: Iterable[str]) -> Iterator[Text]:
        for note in notes:
            style = DOUBT if note.startswith("Warning") else FAINT
            yield from hanging("", Text(note, style), self._width, INDENT)

    def _more_lines(self, hidden: int) -> Block:
        more = Text(f"and {hidden:,} more (--all)", FAINT)
        return hanging(" " * INDENT, more, self._width) if hidden else []
