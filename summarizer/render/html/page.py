"""The page: its parts put into the templates, its style and script into the policy."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from summarizer.render.html.appendix import appendix, price
from summarizer.render.html.articles import Columns
from summarizer.render.html.cards import Card, Cards, Clash, Group
from summarizer.render.html.matrix import Matrix, matrix, sharing
from summarizer.render.html.outlets import Outlets
from summarizer.render.safe import one_line
from summarizer.render.view import EVERYTHING, view
from summarizer.types import DiffReport

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

COLUMN = 2
"""Pixels of the narrowest column of the matrix; a wider picture is scrolled."""


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
    style = _static("report.css") + _widths(picture)
    script = _static("report.js")
    template = _environment().get_template("report.html")
    return template.render(
        shown=shown,
        report_warnings=[one_line(warning) for warning in report.warnings],
        made=report.generated,
        price=price(report),
        outlets=outlets,
        groups=groups,
        clashes=clashes,
        kinds=sorted({card.kind for group in groups for card in group.cards}),
        matrix=picture,
        sharing=sharing(report, outlets),
        columns=Columns(report, groups, outlets).all(report, shown),
        appendix=appendix(report),
        style=style,
        script=script,
        policy=_policy(style, script),
        index=_index(groups, clashes, picture, outlets),
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


def _widths(picture: Matrix) -> str:
    """Return the rules that only this report has: the policy allows no style attributes."""
    rules = [f".strip{{min-width:{COLUMN * len(picture.columns)}px}}"]
    rules += [f".b{at}{{flex:{width} 1 0}}" for at, (_, _, width) in enumerate(picture.blocks)]
    return "".join(rules)


def _index(
    groups: Sequence[Group], clashes: Sequence[Clash], picture: Matrix, outlets: Outlets
) -> str:
    """Return what the script filters and finds by, as JSON that cannot end its element."""
    facts = [_entry(card) for group in groups for card in group.cards]
    document = {
        "outlets": [outlet.name for outlet in outlets.all],
        "facts": facts,
        "columns": picture.columns,
        "clashes": [
            {"id": clash.id, "outlets": sorted({o.index for s in clash.stands for o in s.outlets})}
            for clash in clashes
        ],
    }
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _entry(card: Card) -> dict[str, Any]:
    entry = {
        "id": card.id,
        "status": card.status,
        "kind": card.kind,
        "salience": card.salience,
        "outlets": [outlet.index for outlet in card.outlets],
    }
    if card.conflicts:
        entry["clashes"] = card.conflicts
    if card.further:
        entry["further"] = [
            [near.article, near.outlet.index, near.verdict, near.percent, near.start, near.end]
            for near in card.further
        ]
    return entry
