"""Paragraphs, lists and tables, and how a terminal, Markdown and a browser show them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.report.wording import one_line

# Columns; a smaller screen is written to as if it had the one, a wider one as if the other.
NARROWEST, WIDEST = 72, 110
LISTED = 15  # lines of one list in Markdown; a comment is read, not searched

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~@&])")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``strong`` for what is to be read first."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list under a heading; what is beyond ``most`` of it is counted, with where it all is."""

    heading: str
    texts: tuple[str, ...]
    most: int | None = None
    rest: str = ""

    @property
    def shown(self) -> Sequence[str]:
        """The texts to show, and a last one for those left out."""
        left = len(self.texts) - len(self.texts[: self.most])
        return [*self.texts[: self.most], *([f"and {left} more{self.rest}"] if left else [])]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table, what its cells have no room for, and which cells failed (from 0)."""

    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()
    failed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, the first of which has the names; the last is text if ``remark``."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    remark: bool = False


Block = Text | Items | Table


def to_terminal(blocks: Iterable[Block], width: int = 80) -> str:
    """Return blocks as plain text that fits so many columns, but for the widest table."""
    width = min(max(width, NARROWEST), WIDEST)
    return "\n".join("".join(_plain_block(block, width)) for block in blocks)


def _plain_block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Text):
        yield from _wrapped_lines(block.text, width)
    elif isinstance(block, Items):
        if block.heading:
            yield f"{one_line(block.heading)}\n"
        for text in block.shown:
            yield from _wrapped_lines(text, width, "  ")
    else:
        yield from _plain_table(block, width)


def _plain_table(table: Table, width: int) -> Iterator[str]:
    rows = [Row(table.columns), *table.rows]
    shown = [list(map(one_line, row.cells)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    if table.remark:
        widths[-1] = 0
    for row, (first, *others) in zip(rows, shown, strict=True):
        line = "  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])])
        yield f"{line}{'  FAILED' if row.failed else ''}".rstrip() + "\n"
        for note in row.notes:
            yield from _wrapped_lines(note, width, "  ")


def _wrapped_lines(text: str, width: int, lead: str = "") -> Iterator[str]:
    wrapped = textwrap.wrap(
        one_line(text),
        width=width,
        initial_indent=lead,
        subsequent_indent=2 * lead,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (f"{line}\n" for line in wrapped)


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as a comment on a pull request."""
    return "\n".join("".join(_marked_block(block)) for block in blocks)


def _marked_block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        mark = "**" if block.strong else ""
        yield f"{mark}{_escape_markdown(block.text)}{mark}\n"
    elif isinstance(block, Items):
        if block.heading:
            yield f"{_escape_markdown(block.heading)}\n\n"
        shown = replace(block, most=min(block.most or LISTED, LISTED)).shown
        yield from (f"- {_escape_markdown(text)}\n" for text in shown)
    else:
        rows = [list(map(_escape_markdown, row.cells)) for row in block.rows]
        for cells in (block.columns, [":--", *["--:"] * (len(block.columns) - 1)], *rows):
            yield f"| {' | '.join(cells)} |\n"
        notes = tuple(f"{row.cells[0]}: {note}" for row in block.rows for note in row.notes)
        yield from ["\n", *_marked_block(Items("", notes))] if notes else []


def _escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no mention, no markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))
