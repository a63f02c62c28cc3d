"""A report as Markdown, for a document, a pull request or a mail.

GitHub's dialect is meant, and any other reads well enough. An article's words must not
become markup, a link, a mention of a person or a reference to an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.report.parts import (
    DIFFERENCES_TITLE,
    Line,
    Quote,
    Section,
    Source,
    View,
)
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
    return "\n".join(_diff_lines(shown, summaries)) + "\n"


def articles(report: DiffReport) -> str:
    """Return the summaries of ``summarize article``."""
    return "\n".join(_article_lines(view(report))) + "\n"


def _escaped_block(match: re.Match[str]) -> str:
    # "12." begins a list, and the full stop is what has to be escaped; it follows.
    sign = match[2]
    return f"{match[1]}{sign}\\" if sign[0].isdigit() else f"{match[1]}\\{sign}"


def _diff_lines(shown: View, summaries: bool) -> Iterator[str]:
    yield f"# {escape(shown.headline)}"
    yield from ("", shown.subtitle)
    for part in shown.lede:
        yield from ("", f"**{escape(part.lead)}** {escape(part.text)}")
    yield ""
    yield from _source_lines(shown.sources)
    yield from _warning_lines(shown)
    for summary in shown.summaries if summaries else ():
        yield from _heading_lines(f"{summary.source.outlet} in short")
        for line in summary.sentences:
            yield from _fact_lines(line, show_outlets=False)
    yield from _conflict_lines(shown)
    for section in shown.sections:
        yield from _section_lines(section)
    for table in shown.tables:
        yield from _heading_lines(table.title)
        yield from _table_lines(("", *table.head), table.rows)
    yield from _note_lines(shown)


def _article_lines(shown: View) -> Iterator[str]:
    for summary in shown.summaries:
        source = summary.source
        yield f"# {escape(source.title or source.source)}"
        yield from ("", f"**{escape(source.outlet)}** · {escape(' · '.join(source.about))}", "")
        for line in summary.sentences:
            yield from _fact_lines(line, show_outlets=False)
        yield ""
    for source in shown.sources:
        if source.same_as:
            yield f"- {escape(source.source)}: same as {escape(source.same_as)}"
    yield from _warning_lines(shown)
    yield from _note_lines(shown)


def _heading_lines(title: str, total: int | None = None) -> Iterator[str]:
    count = "" if total is None else f" ({total})"
    yield from ("", f"## {escape(title)}{count}", "")


def _source_lines(sources: Sequence[Source]) -> Iterator[str]:
    """Yield a table of the outlets; a copy follows its article, and is a remark on it."""
    rows: list[list[str]] = []
    for source in sources:
        if source.same_as and rows:
            known = "" if rows[-1][0] == source.outlet else f" ({source.outlet})"
            remarks = [rows[-1][3], f"the same as {source.source}{known}"]
            rows[-1][3] = ", ".join(filter(None, remarks))
        else:
            published, length, *remarks = source.about
            rows.append([source.outlet, published, length, ", ".join(remarks)])
    yield from _table_lines(("Outlet", "Date", "Length", "Remarks"), rows, bold=True)


def _table_lines(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, bold: bool = False
) -> Iterator[str]:
    """Yield a table, the first cell of each row ``bold`` if asked for."""
    yield f"| {' | '.join(map(escape, head))} |"
    yield f"|{'---|' * len(head)}"
    for first, *others in rows:
        name = f"**{escape(first)}**" if bold else escape(first)
        yield f"| {' | '.join([name, *map(escape, others)])} |"


def _warning_lines(shown: View) -> Iterator[str]:
    # Without the empty line between them, they would be one paragraph.
    for number, warning in enumerate(shown.warnings):
        yield ">" if number else ""
        yield f"> {escape(warning)}"


def _section_lines(section: Section) -> Iterator[str]:
    yield from _heading_lines(section.title, section.total)
    if not section.lines and section.empty:
        yield section.empty
    for line in section.lines:
        yield from _fact_lines(line, show_outlets=not section.outlet)
    if section.hidden:
        yield f"- *and {section.hidden:,} more*"
    if section.note:
        yield from [""] if section.total else []
        yield escape(section.note)


def _fact_lines(line: Line, *, show_outlets: bool) -> Iterator[str]:
    outlets = f" *{escape(', '.join(line.outlets))}*" if show_outlets and line.outlets else ""
    remark = f" ({line.remark})" if line.remark else ""
    yield f"- {escape(line.text)}{outlets}{remark}"
    yield from (f"  - {_quote_text(quote)}" for quote in line.quotes)
    for dispute in line.differences:
        positions = [
            f"**{escape(side.value)}** (*{escape(', '.join(side.outlets))}*)"
            for side in dispute.sides
        ]
        yield f"  - They differ on {escape(dispute.topic)}: {'; '.join(positions)}"
    for addition in line.additions:
        remark = f" ({addition.remark})" if addition.remark else ""
        near = f"; {_quote_text(addition.nearest)}" if addition.nearest else ""
        outlet = escape(addition.outlet)
        yield f"  - Only **{outlet}** adds: {escape(addition.text)}{remark}{near}"
    if line.more_additions:
        yield f"  - *and {plural(line.more_additions, 'more detail')}*"


def _quote_text(quote: Quote) -> str:
    relation = f"{quote.relation} " if quote.relation else ""
    words = f": {escape(quote.words)}" if quote.words else ""
    return f"{relation}**{escape(quote.outlet)}**{words}"


def _conflict_lines(shown: View) -> Iterator[str]:
    yield from _heading_lines(DIFFERENCES_TITLE, shown.total_conflicts)
    if shown.no_conflicts:
        yield shown.no_conflicts
    for number, dispute in enumerate(shown.conflicts):
        yield from [""] if number else []
        yield from (f"**{escape(dispute.topic)}** ({dispute.kind})", "")
        rows = [
            (side.value, ", ".join(side.outlets), side.quote.words if side.quote else "")
            for side in dispute.sides
        ]
        yield from _table_lines(("Value", "Outlets", "In their words"), rows)
    if shown.hidden_conflicts:
        yield from ("", f"*and {shown.hidden_conflicts:,} more*")


def _note_lines(shown: View) -> Iterator[str]:
    yield from ("", "---", "")
    yield from (f"- {escape(note)}" for note in shown.notes)
