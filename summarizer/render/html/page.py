"""The page: its parts put into the templates, its style and script into the policy."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from summarizer.render.html.appendix import appendix, independence, price
from summarizer.render.html.articles import Column, Columns
from summarizer.render.html.cards import VERDICTS, Card, Cards, Clash, Further, Group
from summarizer.render.html.matrix import Matrix, matrix, sharing
from summarizer.render.html.outlets import Outlets
from summarizer.report.safe import one_line, shortened
from summarizer.report.view import EVERYTHING, view
from summarizer.types import DiffReport

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

COLUMN = 2
"""Pixels of the narrowest column of the matrix; a wider picture is scrolled."""

PHONE_LINE, LINE, ABOVE_TEXT = 34, 24, 160
"""Characters and pixels of a line of an article at 375 pixels, and the height of its head."""

HEADLINE_CHARACTERS = 200
"""The longest headline, of the report or an article: three lines in the largest letters."""


def to_html(report: DiffReport) -> str:
    """Return the report as one HTML document that loads nothing and runs no one else's code.

    A report without facts, as ``summarize article`` makes it, is the articles and their
    summaries.
    """
    shown = view(report, EVERYTHING)
    outlets = Outlets(report)
    cards = Cards(report, outlets)
    groups = tuple(cards.groups(shown)) if report.facts else ()
    clashes = tuple(cards.clashes(report))
    picture = matrix(report, groups, outlets)
    columns = Columns(report, groups, outlets).all(report, shown)
    style = _static("report.css") + _own_rules(picture, columns)
    script = _static("report.js")
    template = _environment().get_template("report.html")
    return template.render(
        shown=shown,
        headline=shortened(shown.headline, HEADLINE_CHARACTERS),
        report_warnings=[one_line(warning) for warning in report.warnings],
        made=report.generated,
        price=price(report),
        independence=independence(report),
        outlets=outlets,
        groups=groups,
        clashes=clashes,
        kinds=sorted({card.kind for group in groups for card in group.cards}),
        matrix=picture,
        sharing=sharing(report, outlets),
        columns=columns,
        appendix=appendix(report),
        style=style,
        script=script,
        policy=_policy(style, script),
        index=_index(groups, clashes, picture, columns),
        further=_further(groups, columns),
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("summarizer.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["exact"] = _exact
    return environment


def _exact(text: str) -> Markup:
    """Escape ``text`` so that a browser reads just it: a bare carriage return would be dropped."""
    from markupsafe import Markup, escape

    return Markup(str(escape(text)).replace("\r", "&#13;"))


@cache
def _static(name: str) -> str:
    return (files("summarizer.render.html") / "static" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return a policy under which just this style and this script count, and nothing loads."""
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source(inline: str) -> str:
    digest = hashlib.sha256(inline.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _own_rules(picture: Matrix, columns: Sequence[Column]) -> str:
    """Return the rules that only this report has: the policy allows no style attributes."""
    rules = [f".strip{{min-width:{COLUMN * len(picture.columns)}px}}"]
    # Heights of articles that are out of sight: without them the page would jump and overlap.
    rules += [
        f".column:nth-child({at}){{contain-intrinsic-height:auto {_height(each)}px}}"
        for at, each in enumerate(columns, start=1)
    ]
    rules += [f".b{at}{{flex:{width} 1 0}}" for at, (_, _, width) in enumerate(picture.blocks)]
    return "".join(rules)


def _height(column: Column) -> int:
    """Return about how many pixels an article takes on a phone, rather more than less."""
    paragraphs = [each for block in column.blocks for each in block.paragraphs if not each.blank]
    lines = sum(
        1 + sum(len(piece.text) for piece in each.pieces) // PHONE_LINE for each in paragraphs
    )
    return ABOVE_TEXT + lines * LINE + len(paragraphs) * LINE // 2


def _index(
    groups: Sequence[Group], clashes: Sequence[Clash], picture: Matrix, columns: Sequence[Column]
) -> str:
    """Return what the script filters and finds by."""
    document = {
        "articles": [[column.id, column.source.outlet] for column in columns],
        "verdicts": list(VERDICTS.values()),
        "facts": [_entry(card) for group in groups for card in group.cards],
        "columns": picture.columns,
        "clashes": [
            {"id": clash.id, "outlets": sorted({o.index for s in clash.stands for o in s.outlets})}
            for clash in clashes
        ],
    }
    return _json(document)


def _entry(card: Card) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": card.id,
        "status": card.status,
        "kind": card.kind,
        "salience": card.salience,
        "outlets": [outlet.index for outlet, _ in card.outlets],
    }
    if card.conflicts:
        entry["clashes"] = card.conflicts
    return entry


def _further(groups: Sequence[Group], columns: Sequence[Column]) -> str:
    """Return, by fact, the checks that are not written out, five numbers in a row for each."""
    places = {column.id: at for at, column in enumerate(columns)}
    cards = (card for group in groups for card in group.cards if card.further)
    return _json(
        {card.id: [n for each in card.further for n in _numbers(each, places)] for card in cards}
    )


def _json(document: object) -> str:
    """Return JSON that can neither end its element nor begin another."""
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _numbers(each: Further, places: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    verdict = list(VERDICTS).index(each.verdict)
    return places[each.article], verdict, each.percent, each.span.start, each.span.end
