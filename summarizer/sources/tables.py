"""Tables and lists of figures that were copied with one cell or row a line, told by their shape.

To the page's model they look like menus, so it reads the page without them, and a table belongs to
the article that it stands in. Menus, feeds and comments hold few figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.sources.features import Features, is_paragraph
from summarizer.sources.lines import Line

# Lines with a figure that a table has at least, their share of its lines, and how many of its lines
# may stand together without one; words of the longest row with a figure, and of the longest cell
# without. Origin: by hand, on dumps of standings, calendars, statistics and lists of offers.
FIGURES, FIGURE_SHARE, CELLS_BETWEEN = 4, 0.4, 9
ROW_WORDS, CELL_WORDS = 16, 4

_FURNITURE = ("remark", "appeal", "button", "call", "section_head", "comments", "legal", "promos")


def find_tables(lines: Sequence[Line], shapes: Sequence[Features]) -> list[range]:
    """Return the tables among ``lines``, in order, each with the cells of its head."""
    tables = list[range]()
    figures = list[int]()
    start = 0
    for i in range(len(lines) + 1):
        row = i < len(lines) and is_row(lines[i], shapes[i])
        is_cell = row or (i < len(lines) and _is_short(lines[i], shapes[i], CELL_WORDS))
        if figures and (not is_cell or i - figures[-1] > CELLS_BETWEEN):
            stop = figures[-1] + 1
            if len(figures) >= max(FIGURES, FIGURE_SHARE * (stop - figures[0])):
                tables.append(range(max(start, figures[0] - CELLS_BETWEEN), stop))
                start = stop
            figures.clear()
        if not is_cell:
            start = i + 1
        elif row:
            figures.append(i)
    return tables


def is_row(line: Line, shape: Features) -> bool:
    """Return whether a line may be a row of a table or list: short, with a figure in it."""
    figure = any(map(str.isdigit, line.text)) and not is_paragraph(line)
    return figure and _is_short(line, shape, ROW_WORDS)


def _is_short(line: Line, shape: Features, words: float) -> bool:
    return line.words <= words and not any(shape[sign] for sign in (*_FURNITURE, "label"))


def with_tables(body: Sequence[int], tables: Sequence[range]) -> list[int]:
    """Return the lines of ``body`` and of the tables right below them."""
    taken = set(body)
    for table in tables:
        taken.update(table if table.start - 1 in taken else ())
    return sorted(taken)
