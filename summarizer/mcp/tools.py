"""The tools of the MCP server, thin over the Python interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from summarizer.errors import SummarizerError, UsageError
from summarizer.mcp.answers import (
    ClaimAnswer,
    DiffAnswer,
    Page,
    SummaryAnswer,
    claim_answer,
    in_words,
    page_of,
    summary_answer,
)
from summarizer.mcp.inputs import ArticleInput, Reader, check_number
from summarizer.mcp.resources import FORMS
from summarizer.mcp.store import ReportStore
from summarizer.pipeline import diff, judge, summarize
from summarizer.report.compact import (
    CompactConflict,
    CompactFact,
    by_salience,
    compact,
    compact_conflict,
    compact_fact,
)
from summarizer.settings import Settings
from summarizer.types import DiffReport, Status

T = TypeVar("T")
Progress = Callable[[str, int, int], None]

AT_ONCE = 2
"""Calls that work at the same time; others wait. Comparing keeps a core busy."""

Start = Annotated[int, Field(ge=0, description="The next of the page before; 0 for the first.")]
Count = Annotated[int, Field(ge=1, le=100, description="How many at most.")]
ReportId = Annotated[str, Field(max_length=100, description="As diff_articles gave it.")]
Outlet = Annotated[str | None, Field(max_length=300, description="Only what it has part in.")]

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=True)
"""What the tools that may fetch pages or ask a model do: they change nothing."""

LOOKS_UP = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
"""What a tool does that only looks into stored reports."""


class Tools:
    """The tools, each a method whose docstring and annotations the assistant is given.

    Args:
        settings: What they run with.
        reader: Reads the articles of a call.
        store: Keeps the reports.
    """

    def __init__(self, settings: Settings, reader: Reader, store: ReportStore) -> None:
        self._settings, self._reader, self._store = settings, reader, store
        self._limit = anyio.CapacityLimiter(AT_ONCE)

    def add_to(self, server: MCPServer[Any]) -> None:
        """Let a server offer the tools."""
        for tool in (self.diff_articles, self.summarize_article, self.check_claim):
            server.add_tool(tool, annotations=READS)
        for look_up in (self.read_facts, self.read_conflicts):
            server.add_tool(look_up, annotations=LOOKS_UP)

    async def diff_articles(
        self, articles: list[ArticleInput], ctx: Context[Any, Any], max_facts: Count = 40
    ) -> DiffAnswer:
        """Compare two or more outlets' articles on one event.

        Says what all report, what only one reports and where they differ, each with verbatim
        evidence. Long reports are cut to what is most salient; read_facts and read_conflicts have
        the rest.
        """

        def work(progress: Progress) -> DiffReport:
            check_number(articles)
            read = [self._reader.read(each) for each in articles]
            return diff(read, self._settings, progress=progress)

        report = await self._in_thread(ctx, work)
        key = self._store.add(report)
        return DiffAnswer(
            report_id=key,
            resources=[f"report://{key}/{form}" for form in FORMS],
            report=compact(report, facts=max_facts),
        )

    async def read_facts(
        self,
        report_id: ReportId,
        status: Literal["consensus", "shared", "unique"] | None = None,
        outlet: Outlet = None,
        start: Start = 0,
        count: Count = 40,
    ) -> Page[CompactFact]:
        """Read facts of a report that diff_articles made, the most salient first, page by page."""
        facts = [
            fact
            for fact in self._stored(report_id).facts
            if (status is None or fact.status is Status(status)) and _has(fact.outlets, outlet)
        ]
        shown = by_salience(facts)[start : start + count]
        return page_of(map(compact_fact, shown), start, len(facts))

    async def read_conflicts(
        self, report_id: ReportId, outlet: Outlet = None, start: Start = 0, count: Count = 40
    ) -> Page[CompactConflict]:
        """Read where the outlets of a report differ, the most salient first, page by page."""
        conflicts = [
            conflict
            for conflict in self._stored(report_id).conflicts
            if _has([each for side in conflict.positions for each in side.outlets], outlet)
        ]
        shown = by_salience(conflicts)[start : start + count]
        return page_of(map(compact_conflict, shown), start, len(conflicts))

    async def summarize_article(
        self, article: ArticleInput, ctx: Context[Any, Any]
    ) -> SummaryAnswer:
        """Summarize one article in up to five sentences, each with the words it rests on."""

        def work(progress: Progress) -> DiffReport:
            return summarize([self._reader.read(article)], self._settings, progress=progress)

        return summary_answer(await self._in_thread(ctx, work))

    async def check_claim(
        self,
        claim: Annotated[str, Field(min_length=3, max_length=2_000)],
        article: ArticleInput,
        ctx: Context[Any, Any],
    ) -> ClaimAnswer:
        """Tell whether an article reports a claim, with the passage that comes closest."""

        def work(progress: Progress) -> ClaimAnswer:
            progress("reading", 0, 2)
            read = self._reader.read(article)
            progress("judging", 1, 2)
            (judgement,) = judge(read, [claim], self._settings)
            if judgement is None:
                raise UsageError("The model gave no answer.", "Ask again.")
            return claim_answer(judgement, read)

        return await self._in_thread(ctx, work)

    def _stored(self, key: str) -> DiffReport:
        try:
            return self._store.get(key)
        except SummarizerError as error:
            raise ToolError(in_words(error)) from None

    async def _in_thread(self, ctx: Context[Any, Any], work: Callable[[Progress], T]) -> T:
        """Do blocking work and tell how far it is; when nobody waits, it ends at its next step.

        Until then it keeps its place among those that work, so that no number of calls which are
        cancelled at once makes more of them.

        Raises:
            ToolError: It failed, in words that a reader can act on.
        """

        def progress(stage: str, done: int, total: int) -> None:
            anyio.from_thread.check_cancelled()
            anyio.from_thread.run(ctx.report_progress, done, total, stage)

        try:
            return await anyio.to_thread.run_sync(work, progress, limiter=self._limit)
        except SummarizerError as error:
            raise ToolError(in_words(error)) from None


def _has(outlets: Sequence[str], wanted: str | None) -> bool:
    return wanted is None or wanted.casefold() in map(str.casefold, outlets)
