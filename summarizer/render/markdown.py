"""A report as Markdown, for a document, a pull request or a mail.

GitHub's dialect is meant, and any other reads well enough. An article's words must not
become markup, a link, a mention of a person or a reference to an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.report.quotes import Quote, in_marks
from summarizer.report.sources import Source
from summarizer.report.view import (
    EVERYTHING,
    SALIENT,
    Dispute,
    Line,
    Section,
    View,
    view,
)
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


def diff(report: DiffReport, *, everything: bool = False, summaries: bool = False) -> str:
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
    yield ""
    yield from _sources(shown.sources)
    yield from _warnings(shown)
    for summary in shown.summaries if summaries else ():
        yield ""
        yield f"## {escape(summary.source.outlet)} in short"
        yield ""
        for line in summary.sentences:
            yield from _line(line, show_outlets=False)
    for section in [shown.consensus, shown.shared, *shown.unique]:
        if section is not None:
            yield from _section(section)
    yield from _conflicts(shown)
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
    yield "| Outlet | Date | Length | Remarks |"
    yield "|---|---|---|---|"
    kept: list[list[str]] = []
    for source in sources:
        if source.same_as and kept:
            # A copy follows its article, and is a remark on it.
            known = "" if kept and kept[-1][0] == source.outlet else f" ({source.outlet})"
            kept[-1][3] += f"{', ' * bool(kept[-1][3])}the same as {source.source}{known}"
        else:
            remarks = [*([source.source] if source.unnamed else []), *_agencies(source)]
            row = [source.outlet, source.published, source.length, ", ".join(remarks)]
            kept.append(row)
    for outlet, *about in kept:
        yield f"| **{escape(outlet)}** | {' | '.join(map(escape, about))} |"


def _agencies(source: Source) -> list[str]:
    return [f"credits {', '.join(source.credits)}"] if source.credits else []


def _source(source: Source) -> str:
    if source.same_as:
        return f"{escape(source.source)}: same as {escape(source.same_as)}"
    parts = [source.published, source.length, *_agencies(source)]
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
    if not section.total:
        yield section.empty
    for line in section.lines:
        yield from _line(line, show_outlets=not section.outlet)
    yield from _more(section.hidden)


def _more(hidden: int) -> list[str]:
    return [f"- *and {hidden:,} more*"] if hidden else []


def _line(line: Line, *, show_outlets: bool) -> Iterator[str]:
    parts = [escape(line.text)]
    if show_outlets and line.outlets:
        parts.append(f"*{escape(', '.join(line.outlets))}*")
    if line.remark:
        parts.append(f"({line.remark})")
    if line.disputed:
        parts.append("(**another outlet may report it too**)")
    yield "- " + " ".join(parts)
    for quote in (line.quote, line.nearest):
        if quote:
            yield f"  - {_quote(quote)}"


def _quote(quote: Quote) -> str:
    relation = f"{quote.relation} " if quote.relation else ""
    return f"{relation}**{escape(quote.outlet)}**: {escape(in_marks(quote.text))}"


def _conflicts(shown: View) -> Iterator[str]:
    yield ""
    yield f"## Conflicts ({len(shown.conflicts) + shown.hidden_conflicts})"
    yield ""
    if not shown.conflicts:
        yield "None that was found."
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
    yield "| Value | Outlets | In their words |"
    yield "|---|---|---|"
    for side in dispute.sides:
        words = escape(in_marks(side.quote.text)) if side.quote else ""
        yield f"| {escape(side.value)} | {escape(', '.join(side.outlets))} | {words} |"


def _notes(shown: View) -> Iterator[str]:
    yield ""
    yield "---"
    yield ""
    yield from (f"- {escape(note)}" for note in shown.notes)
