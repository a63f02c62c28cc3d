"""What is done with a job, from the request to the answer in its thread."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from slack_sdk.webhook import WebhookClient

from summarizer.errors import (
    BudgetReached,
    InputError,
    ModelMissing,
    NotAuthorized,
    SlackFailed,
    SummarizerError,
    Unreachable,
)
from summarizer.report.view import load_view
from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.slackbot import replies
from summarizer.slackbot.jobs import Job, Kind, Lane, comparison, links_in
from summarizer.slackbot.posting import Poster, ProgressMessage
from summarizer.slackbot.settings import SlackSettings
from summarizer.slackbot.slack_api import (
    ERRORS,
    Workspaces,
    cause,
    fetch_files,
    messages_at,
    reason,
)
from summarizer.slackbot.store import Store, StoredReport
from summarizer.slackbot.workers import ComparisonProcesses, TookTooLong, WorkerFailed

ANSWER, ROOT = "answer", "root"  # which of its messages a job's message is

UNPAID = (InputError, ModelMissing, NotAuthorized, Unreachable)
"""Ways for a run to end before a model was paid for anything: nothing was read, or the first
request of all was refused."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobRunner:
    """Does jobs."""

    store: Store
    workspaces: Workspaces
    poster: Poster
    processes: ComparisonProcesses
    settings: Settings
    slack: SlackSettings

    def run(self, job: Job) -> None:
        """Do a job: when this returns it is answered, or Slack will not have the answer."""
        try:
            if job.lane is Lane.SLOW:
                self._answer_comparison(job)
            else:
                self._reply_at_once(job)
        except SlackFailed as error:
            log.warning("job %s: no answer could be posted: %s", job.id, error.message)
            self._reply_privately(job)
        self.store.finish(job)

    def _reply_at_once(self, job: Job) -> None:
        kept = self.store.report(job)
        self.poster.message(job, ANSWER, replies.reply_message(job.ask, kept))
        if kept is not None and job.ask.kind is Kind.DOCUMENT:
            self._share_documents(job, kept, job.ask.word)
        if kept is not None and job.ask.kind is Kind.MORE:
            # After it is posted: a page that is shown twice is better than one that is not.
            self.store.turn_page(kept)

    def _answer_comparison(self, job: Job) -> None:
        job = self._with_thread(job)
        kept = None
        try:
            job = self._with_sources(job)
            kept = self._obtain_report(job)
            message = replies.report_message(kept, load_view(kept.view))
        except SlackFailed:
            raise
        except SummarizerError as error:
            message = replies.plain_message(replies.explain(error))
        except TookTooLong:
            log.warning("job %s: took too long", job.id)
            message = replies.plain_message(
                replies.WORDS["too_long"].format(minutes=self.slack.minutes)
            )
        except WorkerFailed as error:
            log.error("job %s: the process that compares failed: %s", job.id, error)
            message = replies.plain_message(replies.WORDS["unexpected"])
        self.poster.message(job, ANSWER, message)
        if kept is not None:
            self._share_documents(job, kept)

    def _with_thread(self, job: Job) -> Job:
        """Return the job with a thread to answer in; a slash command has none of its own."""
        if job.place.thread:
            return job
        count = len(job.ask.links)
        title = f"News diff of {plural(count, 'article')}" if count > 1 else "Summary of an article"
        root = replies.plain_message(f"{title}: see the thread.")
        thread = self.poster.message(job, ROOT, root)
        job = replace(job, place=replace(job.place, thread=thread))
        self.store.save(job, "running")
        return job

    def _with_sources(self, job: Job) -> Job:
        """Return the job with the links and files of its thread, where it is about those."""
        if job.ask.kind is not Kind.THREAD:
            return job
        links: dict[str, None] = {}
        files: list[dict[str, Any]] = []
        try:
            for message in messages_at(self.workspaces.asking(job.place), job.place):
                # Feeds are posted by apps. Our own messages have no address in their text, but
                # reports as files.
                links |= dict.fromkeys(links_in(str(message.get("text") or "")))
                if not message.get("bot_id"):
                    files += message.get("files") or ()
        except ERRORS as error:
            log.warning("job %s: its thread cannot be read (%s)", job.id, reason(error))
            raise SummarizerError(replies.WORDS["no_thread"].format(cause=cause(error))) from error
        ask = comparison(tuple(links), files)
        if not ask.links and not ask.files:
            raise SummarizerError(replies.WORDS["no_links"])
        return replace(job, ask=ask)

    def _obtain_report(self, job: Job) -> StoredReport:
        """Return the report, stored; the one that was stored if the job was begun before."""
        known = self.store.report(replace(job, ask=replace(job.ask, report=job.id)))
        if known is not None:
            return known
        max_cost = book(self.store, job, self.settings, self.slack)
        try:
            with ProgressMessage(self.workspaces, job) as progress:
                result = self._run_order(job, progress, max_cost)
                progress.tell("answering", 0, 0)
        except UNPAID:
            self.store.settle(job, 0.0)
            raise
        cost = result.pop("cost")
        if cost is not None:
            self.store.settle(job, cost)
        report = StoredReport(id=job.id, **result)
        if self.slack.keep_hours:
            self.store.keep(job, report, self.slack.keep_hours)
        return report

    def _run_order(
        self, job: Job, progress: ProgressMessage, max_cost: float | None
    ) -> dict[str, Any]:
        settings = asdict(self.settings) | ({} if max_cost is None else {"max_cost": max_cost})
        token = self.workspaces.token(job.place)
        with fetch_files(job.ask.files, token, self.slack.api_url, self.store.folder) as files:
            inputs = [*job.ask.links, *files.names]
            problems = [*job.ask.left_out, *files.problems]
            if not inputs:
                raise InputError(" ".join(problems) or replies.WORDS["no_links"])
            order = {
                "inputs": inputs,
                "folder": str(files.folder),
                "left_out": problems,
                "settings": settings,
            }
            return self.processes.run(order, progress.tell, self.slack.minutes * 60)

    def _share_documents(self, job: Job, kept: StoredReport, name: str = "") -> None:
        """Attach the documents of a report, or one of them; an answer stands without them, too."""
        documents: dict[str, str] = json.loads(kept.documents)
        wanted = {name: documents[name]} if name in documents else documents
        try:
            self.poster.documents(job, wanted)
        except SlackFailed as error:
            log.warning("job %s: no documents could be attached: %s", job.id, error.message)

    def _reply_privately(self, job: Job) -> None:
        """Tell whoever asked, where that can be done without writing into the channel."""
        if not job.place.response_url:
            return
        client = WebhookClient(job.place.response_url)
        try:
            client.send(text=replies.WORDS["not_here"], response_type="ephemeral")
        except ERRORS as error:
            log.warning("job %s: nobody could be told: %s", job.id, type(error).__name__)


def book(store: Store, job: Job, settings: Settings, slack: SlackSettings) -> float | None:
    """Book a job, and return the dollars it may cost; None where there is no limit on dollars.

    What is booked is all that it may cost, so that jobs at the same time cannot pass the limit
    together, nor one that is interrupted and begun again. Budgets hold over restarts.

    Raises:
        BudgetReached: The day, or the channel's day, is used up.
    """
    day = datetime.now(UTC).date().isoformat()
    with store.transaction():
        (runs, cost), (channel_runs, channel_cost) = store.spent(job, day)
        for count, limit, when in (
            (runs, slack.runs_a_day, "for today"),
            (channel_runs, slack.channel_runs_a_day, "for this channel today"),
        ):
            if limit is not None and count >= limit:
                allowed = f"The {limit:,.0f} requests that I may work on {when} are used up."
                raise BudgetReached(allowed)
        limits = (slack.cost_a_day, cost), (slack.channel_cost_a_day, channel_cost)
        left = [limit - taken for limit, taken in limits if limit is not None]
        if not left:
            store.book(job, day, 0.0)
            return None
        if min(left) <= 0:
            raise BudgetReached("What I may spend today is used up.")
        from summarizer.llm.session import DEFAULT_MAX_COST  # brings the client of a model

        most = DEFAULT_MAX_COST if settings.max_cost is None else settings.max_cost
        store.book(job, day, min(most, *left))
        return min(most, *left)
