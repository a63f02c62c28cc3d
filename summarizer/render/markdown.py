"""A report as Markdown, for a document, a pull request or a mail.

GitHub's dialect is meant, and any other reads well enough. An article's words must not
become markup, a link, a mention of a person or a reference to an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.report.outlets import Source, remarks
from summarizer.report.parts import Addition, Dispute, Line, Section, View
from summarizer.report.quotes import Quote
from summarizer.report.view import EVERYTHING, SALIENT, view
from summarizer.report.wording import plural
from summarizer.types import DiffReport

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$])")
_ENTITY = re.compile(r"&(?=[#\w]+;)")
_BLOCK = re.compile(r"^(\s*)([-+=]|#+|\d+(?=[.)]))")
# GitHub finds names, issues and addresses in the rendered text, where a backslash is gone
# already. An empty comment between the signs keeps it from that, and no one sees it.
_REFERENCE = re.compile(r"(?<!\w)[@#](?=\w)|#(?=\d)|\bGH-(?=\d)|\bhttps?:|\bwww\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Return ``text`` so that Markdown shows just these characters."""
    text = _ENTITY.sub("&amp;", _MARKUP.sub(r"\\\1", text))
    text = _BLOCK.sub(_escaped_block, text)
    return _REFERENCE.sub(lambda match: f"{match[0]}<!-- -->", text)


def to_markdown(report: DiffReport, *, everything: bool = False, summaries: bool = False) -> str:
    """Return the report of ``summarize diff``, with each article's summary if asked for."""
    shown = view(report, EVERYTHING if everything else SALIENT)
    return "\n".join(_diff(shown, summaries)) + "\n"


def articles(report: DiffReport) -> str:
    """Return the summaries of ``summarize article``."""
    return "\n".join(_articles(view(report))) + "\n"


def _escaped_block(match: re.Match[str]) -> str:
    # "12." begins a list, and the full stop is what has to be escaped; it follows.
    sign = match[2]
    return f"{match[1]}{sign}\\" if sign[0].isdigit() else f"{match[1]}\\{sign}"


def _diff(shown: View, summaries: bool) -> Iterator[str]:
    yield f"# {escape(shown.headline)}"
    yield ""
    yield shown.subtitle
    for part in shown.lede:
        yield ""
        yield f"**{escape(part.lead)}** {escape(' '.join(item.text for item in part.items))}"
    yield ""
    yield from _sources(shown.sources)
    yield from _warnings(shown)
    for summary in shown.summaries if summaries else ():
        yield ""
        yield f"## {escape(summary.source.outlet)} in short"
        yield ""
        for line in summary.sentences:
            yield from _line(line, show_outlets=False)
    yield from _conflicts(shown)
    for section in shown.sections:
        yield from _section(section)
    for table in shown.tables:
        yield ""
        yield f"## {escape(table.title)}"
        yield ""
        yield from _table(("", *table.head), table.rows)
    yield from _notes(shown)


def _articles(shown: View) -> Iterator[str]:
    for summary in shown.summaries:
        source = summary.source
        yield f"# {escape(source.title or source.source)}"
        yield ""
        yield _source(source)
        yield ""
        for line in summary.sentences:
            yield from _line(line, show_outlets=False)
        yield ""
    copies = [source for source in shown.sources if source.same_as]
    yield from (f"- {_source(source)}" for source in copies)
    yield from _warnings(shown)
    yield from _notes(shown)


def _sources(sources: Sequence[Source]) -> Iterator[str]:
    kept: list[list[str]] = []
    for source in sources:
        if source.same_as and kept:
            # A copy follows its article, and is a remark on it.
            known = "" if kept[-1][0] == source.outlet else f" ({source.outlet})"
            kept[-1][3] += f"{', ' * bool(kept[-1][3])}the same as {source.source}{known}"
        else:
            about = ", ".join(remarks(source))
            kept.append([source.outlet, source.published, source.length, about])
    rows = [[f"**{escape(outlet)}**", *map(escape, about)] for outlet, *about in kept]
    yield from _table(("Outlet", "Date", "Length", "Remarks"), rows, escaped=True)


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, escaped: bool = False
) -> Iterator[str]:
    yield f"| {' | '.join(map(escape, head))} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row if escaped else map(escape, row))} |"


def _source(source: Source) -> str:
    if source.same_as:
        return f"{escape(source.source)}: same as {escape(source.same_as)}"
    parts = [source.published, source.length, *remarks(source)]
    return f"**{escape(source.outlet)}** · {escape(' · '.join(parts))}"


def _warnings(shown: View) -> Iterator[str]:
    # Without the empty line between them, they would be one paragraph.
    for number, warning in enumerate(shown.warnings):
        yield ">" if number else ""
        yield f"> {escape(warning)}"


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield f"## {escape(section.title)} ({section.total})"
    yield ""
    if not section.lines and section.empty:
        yield section.empty
    for line in section.lines:
        yield from _line(line, show_outlets=not section.outlet)
    yield from _more(section.hidden)
    if section.note:
        yield from [""] if section.total else []
        yield escape(section.note)


def _more(hidden: int) -> list[str]:
    return [f"- *and {hidden:,} more*"] if hidden else []


def _line(line: Line, *, show_outlets: bool) -> Iterator[str]:
    parts = [escape(line.text)]
    if show_outlets and line.outlets:
        parts.append(f"*{escape(', '.join(line.outlets))}*")
    if line.remark:
        parts.append(f"({line.remark})")
    yield "- " + " ".join(parts)
    for quote in (line.quote, line.nearest):
        if quote:
            yield f"  - {_quote(quote)}"
    for dispute in line.differences:
        yield f"  - They differ on {escape(dispute.topic)}: {_positions(dispute)}"
    for addition in line.additions:
        yield f"  - {_addition(addition)}"
    if line.more_additions:
        yield f"  - *and {plural(line.more_additions, 'more detail')}*"


def _quote(quote: Quote) -> str:
    relation = f"{quote.relation} " if quote.relation else ""
    words = f": {escape(quote.words)}" if quote.words else ""
    return f"{relation}**{escape(quote.outlet)}**{words}"


def _positions(dispute: Dispute) -> str:
    return "; ".join(
        f"**{escape(side.value)}** (*{escape(', '.join(side.outlets))}*)" for side in dispute.sides
    )


def _addition(addition: Addition) -> str:
    remark = f" ({addition.remark})" if addition.remark else ""
    near = f"; {_quote(addition.nearest)}" if addition.nearest else ""
    return f"Only **{escape(addition.outlet)}** adds: {escape(addition.text)}{remark}{near}"


def _conflicts(shown: View) -> Iterator[str]:
    yield ""
    yield f"## Conflicts ({len(shown.conflicts) + shown.hidden_conflicts})"
    yield ""
    if not shown.conflicts:
        yield "None was found."
    for number, dispute in enumerate(shown.conflicts):
        if number:
            yield ""
        yield from _dispute(dispute)
    if shown.hidden_conflicts:
        yield ""
        yield f"*and {shown.hidden_conflicts:,} more*"


def _dispute(dispute: Dispute) -> Iterator[str]:
    yield f"**{escape(dispute.topic)}** ({dispute.kind})"
    yield ""
    rows = [
        (side.value, ", ".join(side.outlets), side.quote.words if side.quote else "")
        for side in dispute.sides
    ]
    yield from _table(("Value", "Outlets", "In their words"), rows)


def _notes(shown: View) -> Iterator[str]:
    yield ""
    yield "---"
    yield ""
    yield from (f"- {escape(note)}" for note in shown.notes)
