"""Blocks of lines: wrapped, hung from a mark, laid beside each other, painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.table import Table
from rich.text import Text

Block = list[Text]
"""Lines, each no wider than the block was made for."""

# Wrapping asks a console for nothing but its tab size; this one writes nowhere.
_NOWHERE = Console(file=StringIO(), width=1_000)


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
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
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
