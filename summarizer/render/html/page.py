"""The page: its parts put into the templates, its style and script into the policy."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from summarizer.render.html.articles import Column, Columns
from summarizer.render.html.cards import Cards, Clash, Group, Outlets, bars, sharing
from summarizer.report.outlets import Names
from summarizer.report.safe import one_line, shortened
from summarizer.report.view import EVERYTHING, REASONS, agency, uncited, view
from summarizer.report.wording import plural
from summarizer.types import DiffReport

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PHONE_LINE, LINE, ABOVE_TEXT = 34, 24, 160
"""Characters and pixels of a line of an article at 375 pixels, and the height of its head."""

HEADLINE_CHARACTERS = 200
"""The longest headline, of the report or an article: three lines in the largest letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """A claim or sentence that did not pass."""

    outlet: str
    text: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """How the report came to be, each setting with its name."""

    settings: tuple[tuple[str, str], ...]
    prompts: tuple[tuple[str, str], ...]
    rejected: tuple[TurnedAway, ...]
    remarks: tuple[str, ...]


def appendix(report: DiffReport, names: Names) -> Appendix:
    """Return the appendix of ``report``."""
    remarks = [uncited(report.articles)]
    return Appendix(
        settings=tuple(_settings(report)),
        prompts=tuple((one_line(name), one_line(sha)) for name, sha in report.generated.prompts),
        rejected=tuple(
            TurnedAway(
                outlet=names.of(each.article.outlet),
                text=one_line(each.text),
                reason=REASONS[each.reason],
                detail=one_line(each.detail),
            )
            for each in report.rejected
        ),
        remarks=tuple(remark for remark in remarks if remark),
    )


def _settings(report: DiffReport) -> Iterator[tuple[str, str]]:
    made, usage = report.generated, report.usage
    yield "Made", one_line(made.at)
    yield "Version", f"summarizer {one_line(made.version)}"
    yield "Engine", one_line(made.engine)
    if made.model:
        yield "Model", one_line(made.model)
    yield "Judge", one_line(made.judge)
    if usage.calls or usage.cached_calls:
        yield "Requests", f"{usage.calls:,}, {usage.cached_calls:,} of them from the cache"
        yield "Tokens", f"{usage.input_tokens:,} in, {usage.output_tokens:,} out"
    yield "Price", price(report)
    yield "Time", f"{usage.seconds:.1f} s"


def independence(report: DiffReport, names: Names) -> str:
    """Return how many of the articles were really written by themselves; empty where all were."""
    kept = sum(each.same_as is None for each in report.articles)
    count = len(report.articles)
    copied = plural(count - kept, "article")
    verb = "is a copy" if count - kept == 1 else "are copies"
    copies = f"{copied} of {count} {verb}: {kept} independent." if kept < count else ""
    return " ".join(part for part in (copies, agency(report, names)) if part)


def price(report: DiffReport) -> str:
    """Return what the run cost, in words."""
    if not report.generated.model:
        return "free: no model was asked"
    cost = report.usage.cost_usd
    return "unknown" if cost is None else f"${cost:.4f}"


def to_html(report: DiffReport) -> str:
    """Return the report as one HTML document that loads nothing and runs no one else's code.

    A report without facts, as ``summarize article`` makes it, is the articles and their
    summaries.
    """
    shown = view(report, EVERYTHING)
    outlets = Outlets(report)
    cards = Cards(report, outlets)
    groups = tuple(cards.groups(shown)) if report.facts else ()
    clashes = tuple(cards.clashes(shown))
    columns = Columns(report, groups, outlets).all(report, shown)
    style = _static("report.css") + _own_rules(columns)
    script = _static("report.js")
    template = _environment().get_template("report.html")
    return template.render(
        shown=shown,
        headline=shortened(shown.headline, HEADLINE_CHARACTERS),
        report_warnings=[one_line(warning) for warning in report.warnings],
        independence=independence(report, outlets.names),
        outlets=outlets,
        groups=groups,
        clashes=clashes,
        places={card.line.id for group in groups for card in group.cards},
        bars=bars(report, outlets.all, outlets.names),
        sharing=sharing(report, outlets.all, outlets.names),
        columns=columns,
        appendix=appendix(report, outlets.names),
        style=style,
        script=script,
        policy=_policy(style, script),
        index=_index(groups, clashes),
    )


def blocks_to_html(title: str, blocks: Iterable[object]) -> str:
    """Return paragraphs, lists and tables (``render.tables``) as a document that loads nothing."""
    style = _static("blocks.css")
    template = _environment().get_template("blocks.html")
    return template.render(title=title, blocks=blocks, style=style, policy=_policy(style, ""))


def day_to_html(day: object) -> str:
    """Return the index of a day's stories (``stories.output.Day``) as a document."""
    style = _static("day.css")
    template = _environment().get_template("day.html")
    return template.render(day=day, style=style, policy=_policy(style, ""))


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
    environment.filters["one_line"] = one_line
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


def _own_rules(columns: Sequence[Column]) -> str:
    """Return the rules that only this report has: the policy allows no style attributes."""
    # Heights of articles that are out of sight: without them the page would jump and overlap.
    return "".join(
        f".column:nth-child({at}){{contain-intrinsic-height:auto {_height(each)}px}}"
        for at, each in enumerate(columns, start=1)
    )


def _height(column: Column) -> int:
    """Return about how many pixels an article takes on a phone, rather more than less."""
    paragraphs = [each for block in column.blocks for each in block.paragraphs if not each.blank]
    lines = sum(
        1 + sum(len(piece.text) for piece in each.pieces) // PHONE_LINE for each in paragraphs
    )
    return ABOVE_TEXT + lines * LINE + len(paragraphs) * LINE // 2


def _index(groups: Sequence[Group], clashes: Sequence[Clash]) -> str:
    """Return what the script filters by."""
    facts = [
        {
            "id": card.line.id,
            "status": card.status,
            "outlets": [outlet.index for outlet, _ in card.outlets],
        }
        for group in groups
        for card in group.cards
    ]
    conflicts = [
        {
            "id": clash.id,
            "status": "conflict",
            "outlets": sorted({o.index for s in clash.stands for o in s.outlets}),
        }
        for clash in clashes
    ]
    return _json({"facts": facts, "clashes": conflicts})


def _json(document: object) -> str:
    """Return JSON that can neither end its element nor begin another."""
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
