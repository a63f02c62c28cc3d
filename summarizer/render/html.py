"""The page: a report's view and what stands beside it, put into the templates.

The templates are given the view and the report themselves. Worked out here is only what they
cannot: which passages come near a fact, the places links lead to, the page's policy, and the
index that its script filters by.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from summarizer.document import Stretches
from summarizer.render.html_articles import Column, Mark, columns, differing
from summarizer.report.lines import Lines
from summarizer.report.outlets import Names, marks
from summarizer.report.parts import Line, Quote, Section, Table, View, in_marks
from summarizer.report.view import EVERYTHING, REASONS, SALIENT, agency, uncited, view
from summarizer.report.wording import one_line, plural, shortened
from summarizer.types import (
    Article,
    Detail,
    DiffReport,
    Fact,
    Mention,
    OriginKind,
    Span,
    Uniqueness,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)

PHONE_LINE, LINE, ABOVE_TEXT = 34, 24, 160
"""Characters and pixels of a line of an article at 375 pixels, and the height of its head."""

QUOTE_CHARACTERS = 600
"""The longest quote in a list; the whole passage is one click away, in its article."""

NEAR_SHOWN = 5
"""Passages of others written out under a fact, contradictions first."""


class Near(NamedTuple):
    """A passage of an article that does not report a fact, and yet contradicts or nears it."""

    article: Article
    quote: Quote
    span: Span


class Card(NamedTuple):
    """A fact, and its line of the view.

    ``first`` says whether it is among the most salient of its section, which are printed by
    default; ``outlets`` are those that report it, each with the place to find it in;
    ``absent`` those that were asked and have nothing of it.
    """

    line: Line
    fact: Fact
    first: bool
    outlets: dict[str, str]
    near: list[Near]
    absent: list[str]

    @property
    def has_other_words(self) -> bool:
        """Whether the words of the articles say more than the line above them."""
        own = [[one_line(self.fact.text)]]
        return [_passages(mention) for mention in self.fact.mentions] != own


class Group(NamedTuple):
    """Cards under a heading."""

    id: str
    status: str
    section: Section
    cards: list[Card]


def to_html(report: DiffReport) -> str:
    """Return the report as one HTML document that loads nothing and runs no one else's code.

    A report without facts, as ``summarize article`` makes it, is the articles and their
    summaries.
    """
    shown, names = view(report, EVERYTHING), Names(report)
    groups = _groups(report, shown, names) if report.facts else []
    cards = {card.line.id: card for group in groups for card in group.cards}
    articles = columns(report, shown.sources, _marks(report, cards))
    short = marks(shown.outlets)
    style = _static("report.css") + _own_rules(articles)
    script = _static("report.js")
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            shown=shown,
            names=names,
            marks=short,
            groups=groups,
            places={*cards, *(each.id for each in shown.conflicts)},
            conflicts={conflict.id: conflict for conflict in report.conflicts},
            salient=SALIENT,
            is_agency_copy=_agency_test(report),
            counts=_fact_counts(report, names),
            sharing=_sharing(report, short, names) if len(short) > 2 else None,
            columns=articles,
            settings=dict(_settings(report)),
            reasons=REASONS,
            independence=_independence(report, names),
            uncited=uncited(report),
            style=style,
            script=script,
            policy=_policy(style, script),
            index=_index(groups, shown),
        )
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


def _groups(report: DiffReport, shown: View, names: Names) -> list[Group]:
    """Return the facts as the view groups them: only in each outlet, all, several."""
    lines, facts = Lines(report, names), {fact.id: fact for fact in report.facts}
    groups = []
    for section in shown.sections:
        status = name = "consensus" if section is shown.consensus else "shared"
        if section.outlet:
            status, name = "unique", f"only-{shown.outlets.index(section.outlet) + 1}"
        if section.unsure:
            status = name = "unsure"
        most = (SALIENT.outlet if section.outlet else SALIENT.section) or 0
        cards = [
            _card(line, facts[line.id], lines, names, first=at < most)
            for at, line in enumerate(section.lines)
        ]
        groups.append(Group(name, status, section, cards))
    return groups


def _card(line: Line, fact: Fact, lines: Lines, names: Names, *, first: bool) -> Card:
    checks = lines.checks(fact)
    near = [
        Near(check.article, quote, span)
        for check in checks
        if (quote := lines.quotes.nearest(fact.text, [check])) and (span := check.judgement.nearest)
    ]
    near = sorted(near, key=lambda each: not each.quote.against)[:NEAR_SHOWN]
    places = {
        names.of(each.article.outlet): _place(each.article, each.evidence)
        for each in reversed(fact.mentions)
    }
    outlets = {name: places.get(name, "") for name in line.outlets if name in names.all}
    asked = dict.fromkeys(names.of(check.article.outlet) for check in checks)
    known = {*outlets, *(each.quote.outlet for each in near)}
    return Card(line, fact, first, outlets, near, [name for name in asked if name not in known])


def _fact_counts(report: DiffReport, names: Names) -> Counter[tuple[str, str]]:
    """Return each outlet's facts by who else reports them, and all that it has as "total"."""
    counts: Counter[tuple[str, str]] = Counter()
    for fact in report.facts:
        sure = fact.uniqueness is not Uniqueness.DISPUTED
        for outlet in names.several(fact.outlets):
            counts[outlet, "total"] += 1
            counts[outlet, fact.status] += sure
    return counts


def _sharing(report: DiffReport, marks: Mapping[str, str], names: Names) -> Table:
    """Return how many facts each two outlets both report."""
    pairs: Counter[tuple[str, str]] = Counter()
    for fact in report.facts:
        mine = names.several(dict.fromkeys(fact.outlets))
        pairs.update((a, b) for a in mine for b in mine if a != b)
    rows = [
        (row, *("" if row == other else str(pairs[row, other]) for other in marks)) for row in marks
    ]
    title = "How many facts each two outlets both report"
    return Table(title=title, head=tuple(marks.values()), rows=tuple(rows))


def _agency_test(report: DiffReport) -> Callable[[Mention], bool]:
    """Return a test whether other outlets print what is cited word for word."""
    copied: defaultdict[str, Stretches] = defaultdict(Stretches)
    for origin in report.origins:
        if origin.kind is OriginKind.WIRE_COPY:
            for passage in chain.from_iterable(origin.passages):
                copied[passage.article.id].add((passage.span,))

    def is_agency_copy(mention: Mention) -> bool:
        return any(map(copied[mention.article.id].covered, mention.evidence))

    return is_agency_copy


def _marks(report: DiffReport, cards: Mapping[str, Card]) -> dict[str, list[Mark]]:
    """Return every passage that something rests on or that a link leads to, by article."""
    marked: defaultdict[str, list[Mark]] = defaultdict(list)
    for fact in (fact for fact in report.facts if fact.id in cards):
        cited: tuple[Mention | Detail, ...] = (*fact.mentions, *fact.details)
        for each in cited:
            marked[each.article.id] += [(span, fact.id) for span in each.evidence]
    for conflict in report.conflicts:
        for position in conflict.positions:
            for mention in position.mentions:
                spans = differing(mention, position.value)
                # What differs is marked; a link leads to where its passage begins.
                marked[mention.article.id] += [(span, conflict.id) for span in spans]
                marked[mention.article.id] += [(span, "") for span in mention.evidence]
    for near in (near for card in cards.values() for near in card.near):
        marked[near.article.id].append((near.span, ""))
    return marked


def _settings(report: DiffReport) -> Iterator[tuple[str, str]]:
    """Yield how the report came to be, each setting with its name."""
    made, usage = report.generated, report.usage
    yield "Made", made.at
    yield "Version", f"summarizer {made.version}"
    yield "Engine", made.engine
    if made.model:
        yield "Model", made.model
    yield "Judge", made.judge
    if usage.calls or usage.cached_calls:
        yield "Requests", f"{usage.calls:,}, {usage.cached_calls:,} of them from the cache"
        yield "Tokens", f"{usage.input_tokens:,} in, {usage.output_tokens:,} out"
    cost = "unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    yield "Price", cost if made.model else "free: no model was asked"
    yield "Time", f"{usage.seconds:.1f} s"


def _independence(report: DiffReport, names: Names) -> str:
    """Return how many of the articles were really written by themselves; empty where all were."""
    kept = sum(each.same_as is None for each in report.articles)
    count = len(report.articles)
    copied = plural(count - kept, "article")
    verb = "is a copy" if count - kept == 1 else "are copies"
    copies = f"{copied} of {count} {verb}: {kept} independent." if kept < count else ""
    return " ".join(part for part in (copies, agency(report, names)) if part)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("summarizer.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = (_exact, one_line, shortened, _place, _passages, in_marks, _language, _address)
    environment.filters |= {each.__name__.strip("_"): each for each in filters}
    return environment


def _exact(text: str) -> Markup:
    """Escape ``text`` so that a browser reads just it: a bare carriage return would be dropped."""
    from markupsafe import Markup, escape

    return Markup(str(escape(text)).replace("\r", "&#13;"))


def _place(article: Article, evidence: Sequence[Span]) -> str:
    """Return the id of the place where the evidence begins, if there is any."""
    return f"{article.id}-{evidence[0].start}" if evidence else ""


def _passages(mention: Mention) -> list[str]:
    return [one_line(span.of(mention.article.text)) for span in mention.evidence]


def _language(article: Article) -> str:
    """Return the article's language as HTML writes it; empty where it is not known."""
    language = (article.language or "").replace("_", "-").strip()
    return language if _LANGUAGE.fullmatch(language) else ""


def _address(article: Article) -> str:
    """Return where the article can be read, if that is a page of the web and nothing else."""
    addresses = filter(_ADDRESS.match, (article.url or "", article.source))
    return one_line(next(addresses, ""))


@cache
def _static(name: str) -> str:
    return (files("summarizer.render") / "static" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return a policy under which just this style and this script count, and nothing loads."""
    allowed = [
        f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"
        for inline in (style, script)
    ]
    return (
        f"default-src 'none'; style-src {allowed[0]}; script-src {allowed[1]}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _own_rules(articles: Sequence[Column]) -> str:
    """Return the rules that only this report has: the policy allows no style attributes."""
    # Heights of articles that are out of sight: without them the page would jump and overlap.
    return "".join(
        f".column:nth-child({at}){{contain-intrinsic-height:auto {_height(each)}px}}"
        for at, each in enumerate(articles, start=1)
    )


def _height(column: Column) -> int:
    """Return about how many pixels an article takes on a phone, rather more than less."""
    paragraphs = [each for block in column.blocks for each in block.paragraphs if not each.blank]
    lines = sum(
        1 + sum(len(piece.text) for piece in each.pieces) // PHONE_LINE for each in paragraphs
    )
    return ABOVE_TEXT + lines * LINE + len(paragraphs) * LINE // 2


def _index(groups: Sequence[Group], shown: View) -> str:
    """Return what the script filters by, as JSON that can neither end nor begin an element."""
    number = {name: at for at, name in enumerate(shown.outlets)}
    facts = [
        {"id": card.line.id, "status": group.status, "outlets": [number[o] for o in card.outlets]}
        for group in groups
        for card in group.cards
    ]
    clashes = []
    for each in shown.conflicts:
        outlets = {number[o] for side in each.sides for o in side.outlets if o in number}
        clashes.append({"id": each.id, "status": "conflict", "outlets": sorted(outlets)})
    text = json.dumps({"facts": facts, "clashes": clashes}, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
