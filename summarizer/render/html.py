"""The page: a report's view and what stands beside it, put into the templates.

The templates are given the view and the report themselves. Worked out here is only what they
cannot: which passages come near a fact, the places links lead to, the page's policy, and the
index that its script filters by.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from summarizer.render.html_articles import Mark, columns, differing
from summarizer.report.lines import Lines
from summarizer.report.outlets import Names, marks
from summarizer.report.parts import DIFFERENCES_TITLE, Line, Quote, Section, View, in_marks
from summarizer.report.view import EVERYTHING, REASONS, SALIENT, agency, uncited, view
from summarizer.report.wording import one_line, plural, shortened
from summarizer.text.intervals import Stretches
from summarizer.types import (
    Article,
    Check,
    Detail,
    DiffReport,
    Fact,
    Mention,
    OriginKind,
    Span,
    Uniqueness,
)
from summarizer.usage import format_dollars

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)

NEAR_SHOWN = 5  # passages of others written out under a fact, contradictions first


class Card(NamedTuple):
    """A fact, and its line of the view."""

    line: Line
    fact: Fact
    first: bool  # among the most salient of its section, which are printed by default
    outlets: dict[str, str]  # those that report it, each with the place to find it in
    near: list[tuple[Check, Quote]]  # checks with a passage near or against it, and its quote
    absent: list[str]  # outlets that were asked and have nothing of it


class Group(NamedTuple):
    """Cards under a heading."""

    id: str
    status: str
    section: Section
    cards: list[Card]


def to_html(report: DiffReport) -> str:
    """Return the report as one HTML document that loads nothing and runs no one else's code."""
    shown, names = view(report, EVERYTHING), Names(report)
    groups = _group_cards(report, shown, names) if report.facts else []
    cards = {card.line.id: card for group in groups for card in group.cards}
    articles = columns(report, shown.sources, _passage_marks(report, cards))
    return _render_page(
        "report",
        report=report,
        shown=shown,
        names=names,
        marks=marks(shown.outlets),
        groups=groups,
        places={*cards, *(each.id for each in shown.conflicts)},
        conflicts={conflict.id: conflict for conflict in report.conflicts},
        salient=SALIENT,
        differences_title=DIFFERENCES_TITLE,
        is_agency_copy=_agency_test(report),
        counts=_fact_counts(report, names),
        columns=articles,
        copies=sum(each.same_as is not None for each in report.articles),
        reasons=REASONS,
        agency=agency(report, names),
        uncited=uncited(report),
        index=_filter_index(groups, shown),
    )


def blocks_to_html(title: str, blocks: Iterable[object]) -> str:
    """Return paragraphs, lists and tables (``render.tables``) as a document that loads nothing."""
    return _render_page("blocks", title=title, blocks=blocks)


def day_to_html(day: object) -> str:
    """Return the index of a day's stories (``stories.output.Day``) as a document."""
    return _render_page("day", day=day)


def _group_cards(report: DiffReport, shown: View, names: Names) -> list[Group]:
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
            _make_card(line, facts[line.id], lines, names, first=at < most)
            for at, line in enumerate(section.lines)
        ]
        groups.append(Group(name, status, section, cards))
    return groups


def _make_card(line: Line, fact: Fact, lines: Lines, names: Names, *, first: bool) -> Card:
    checks = lines.checks(fact)
    quotes = [(check, lines.quotes.nearest(fact.text, [check])) for check in checks]
    near = [(check, quote) for check, quote in quotes if quote]
    near = sorted(near, key=lambda each: not each[1].against)[:NEAR_SHOWN]
    places = {
        names.of(each.article.outlet): _place_of(each.article, each.evidence)
        for each in reversed(fact.mentions)
    }
    outlets = {name: places.get(name, "") for name in line.outlets if name in names.all}
    asked = dict.fromkeys(names.of(check.article.outlet) for check in checks)
    known = {*outlets, *(quote.outlet for _, quote in near)}
    return Card(line, fact, first, outlets, near, [name for name in asked if name not in known])


def _fact_counts(report: DiffReport, names: Names) -> Counter[tuple[str, str]]:
    """Return how many facts each outlet has by who else reports them.

    All that it has is "total"; what another outlet perhaps reports too is in no other number.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for fact in report.facts:
        outlets = names.several(fact.outlets)
        counts.update((outlet, "total") for outlet in outlets)
        if fact.uniqueness is not Uniqueness.DISPUTED:
            counts.update((outlet, fact.status) for outlet in outlets)
    return counts


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


def _passage_marks(report: DiffReport, cards: Mapping[str, Card]) -> dict[str, list[Mark]]:
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
    for check in (check for card in cards.values() for check, _ in card.near):
        if check.judgement.nearest:
            marked[check.article.id].append((check.judgement.nearest, ""))
    return marked


@cache
def _template_environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("summarizer.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "address": _web_address,
        "cited": _cited_texts,
        "dollars": format_dollars,
        "exact": _exact_text,
        "in_marks": in_marks,
        "language": _html_language,
        "one_line": one_line,
        "place": _place_of,
        "plural": plural,
        "shortened": shortened,
    }
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment


def _exact_text(text: str) -> Markup:
    """Escape ``text`` so that a browser reads just it: a bare carriage return would be dropped."""
    from markupsafe import Markup, escape

    return Markup(str(escape(text)).replace("\r", "&#13;"))


def _place_of(article: Article, evidence: Sequence[Span]) -> str:
    """Return the id of the place where the evidence begins, if there is any."""
    return f"{article.id}-{evidence[0].start}" if evidence else ""


def _cited_texts(mention: Mention) -> list[str]:
    return [one_line(span.of(mention.article.text)) for span in mention.evidence]


def _html_language(article: Article) -> str:
    """Return the article's language as HTML writes it; empty where it is not known."""
    language = (article.language or "").replace("_", "-").strip()
    return language if _LANGUAGE.fullmatch(language) else ""


def _web_address(article: Article) -> str:
    """Return where the article can be read, if that is a page of the web and nothing else."""
    addresses = filter(_ADDRESS.match, (article.url or "", article.source))
    return one_line(next(addresses, ""))


@cache
def _read_static(name: str) -> str:
    file = files("summarizer.render") / "static" / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _render_page(name: str, **values: object) -> str:
    """Return a page under a policy by which just its style and script count, and nothing loads."""
    style, script = _read_static(f"{name}.css"), _read_static(f"{name}.js")
    allowed = [
        f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"
        for inline in (style, script)
    ]
    policy = (
        f"default-src 'none'; style-src {allowed[0]}; script-src {allowed[1]}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    template = _template_environment().get_template(f"{name}.html")
    return template.render(style=style, script=script, policy=policy, **values)


def _filter_index(groups: Sequence[Group], shown: View) -> dict[str, object]:
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
    return {"facts": facts, "clashes": clashes}
