"""Blocks of a document, and how a terminal, Markdown and a browser show them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from summarizer.report.safe import one_line

NARROWEST, WIDEST = 72, 110
"""Columns; a smaller screen is written to as if it had the one, a wider one as if the other."""
UNDER = "- "
"""How a line of a list begins that belongs to the line above it."""
LISTED = 15
"""Lines of one list in Markdown; a comment is read, not searched."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~@&])")
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
h1 { font-size: 1.5rem }
h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums;
  margin: 1rem 0 }
th, td { border: 1px solid #8886; padding: .15rem .4rem; text-align: right }
th:first-child, td:first-child { background: Canvas; left: 0; position: sticky; text-align: left;
  white-space: nowrap }
thead th { vertical-align: bottom }
td small { display: block; max-width: 40rem; white-space: normal }
.failed { background: #d332; font-weight: 600 }
.under { color: GrayText; list-style: none; margin-left: 1.5rem }
.wide { overflow-x: auto }
:root { color-scheme: light dark }
"""
_FAILED = ' class="failed"'
_NO_REQUESTS = "default-src 'none'; style-src 'unsafe-inline'"


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
        yield from _wrap_text(block.text, width)
    elif isinstance(block, Items):
        if block.heading:
            yield f"{one_line(block.heading)}\n"
        for text in block.shown:
            yield from _wrap_text(text, width, "  ", "    ")
    else:
        yield from _plain_table(block, width)


def _plain_table(table: Table, width: int) -> Iterator[str]:
    every = [table.columns, *(row.cells for row in table.rows)]
    widths = [max(len(one_line(cells[i])) for cells in every) for i in range(len(table.columns))]
    last = len(widths) - 1 if table.remark else None

    def line(cells: Sequence[str]) -> str:
        shown = [
            one_line(cell) if i == last else f"{one_line(cell):{'<' if not i else '>'}{widths[i]}}"
            for i, cell in enumerate(cells)
        ]
        return f"{'  '.join(shown).rstrip()}\n"

    yield line(table.columns)
    for row in table.rows:
        yield line([*row.cells[:-1], row.cells[-1] + ("  FAILED" if row.failed else "")])
        for note in row.notes:
            yield from _wrap_text(note, width, "  ", "    ")


def _wrap_text(text: str, width: int, lead: str = "", indent: str = "") -> Iterator[str]:
    wrapped = textwrap.wrap(
        one_line(text),
        width=width,
        initial_indent=lead,
        subsequent_indent=indent,
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
        most = min(block.most or LISTED, LISTED)
        shown = Items("", block.texts, most, block.rest).shown
        yield from (f"- {_escape_markdown(text)}\n" for text in shown)
    else:
        yield _marked_row(block.columns)
        yield _marked_row([":--", *["--:"] * (len(block.columns) - 1)])
        for row in block.rows:
            yield _marked_row([_escape_markdown(cell) for cell in row.cells])
        notes = [f"{row.cells[0]}: {note}" for row in block.rows for note in row.notes]
        if notes:
            yield "\n"
            yield from _marked_block(Items("", tuple(notes)))


def _marked_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no mention, no markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def to_html(title: str, blocks: Iterable[Block]) -> str:
    """Return blocks as one HTML file that loads nothing from anywhere."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_NO_REQUESTS}">\n',
            '<meta name="viewport" content="width=device-width">\n',
            f"<title>{_escape_html(title)}</title>\n<style>{_STYLE}</style>\n",
            f"<h1>{_escape_html(title)}</h1>\n",
            *(part for block in blocks for part in _html_block(block)),
            "</html>\n",
        )
    )


def _html_block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        tag = "strong" if block.strong else "span"
        yield f"<p><{tag}>{_escape_html(block.text)}</{tag}></p>\n"
    elif isinstance(block, Items):
        if block.heading:
            yield f"<h2>{_escape_html(block.heading)}</h2>\n"
        yield f"<ul>{''.join(map(_html_item, block.texts))}</ul>\n"
    else:
        head = "".join(f"<th>{_escape_html(cell)}</th>" for cell in block.columns)
        yield f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        yield from map(_html_row, block.rows)
        yield "</tbody></table></div>\n"


def _html_item(text: str) -> str:
    """Return a line of a list; one that begins with a dash belongs to the line above it."""
    mark = ' class="under"' if text.startswith(UNDER) else ""
    return f"<li{mark}>{_escape_html(text.removeprefix(UNDER))}</li>"


def _html_row(row: Row) -> str:
    notes = "".join(f"<small>{_escape_html(note)}</small>" for note in row.notes)
    cells = [
        f"<td{_FAILED if i in row.failed else ''}>{_escape_html(cell)}{'' if i else notes}</td>"
        for i, cell in enumerate(row.cells)
    ]
    return f"<tr>{''.join(cells)}</tr>\n"


def _escape_html(text: str) -> str:
    return escape(one_line(text))
