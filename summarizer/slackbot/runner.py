"""What is done with a job, from the request to the answer in its thread, which is posted once."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from slack_sdk.errors import SlackApiError
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
from summarizer.render.block_kit import Message
from summarizer.report.view import load_view
from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.slackbot import replies, slack_api
from summarizer.slackbot.jobs import Job, Kind, Lane, Store, StoredReport, comparison, links_in
from summarizer.slackbot.replies import WORDS
from summarizer.slackbot.settings import SlackSettings
from summarizer.slackbot.slack_api import ERRORS, Workspaces, reason
from summarizer.slackbot.workers import ComparisonProcesses, TookTooLong, WorkerFailed

ANSWER, ROOT = "answer", "root"  # which of its messages a job's message is
EVENT_TYPE = "news_diff"  # what our metadata is called

UNPAID = (InputError, ModelMissing, NotAuthorized, Unreachable)
"""Ways for a run to end before a model was paid for anything: nothing was read, or the first
request of all was refused."""

LEAST_PAUSE = 3.0  # seconds between updates of one stage: Slack takes about a message a second
TRIES = 15  # times that a message is tried; with the pauses that is about ten minutes
LONGEST_PAUSE = 60.0  # seconds between two tries; the first is one, each next one twice as long
EARLIER = 300.0  # seconds that Slack's clock may be behind ours: as old as a signature may be

MAY_BE_POSTED = frozenset({"internal_error", "fatal_error", "service_unavailable", "timeout"})
"""Errors that Slack names and after which the message may be there all the same, beside those
that come with a status of 500 or more."""

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
        kept = self.store.report(job.place, job.ask.report)
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
            too_long = WORDS["too_long"].format(minutes=self.slack.minutes)
            message = replies.plain_message(too_long)
        except WorkerFailed as error:
            log.error("job %s: the process that compares failed: %s", job.id, error)
            message = replies.plain_message(WORDS["unexpected"])
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
        job = replace(job, place=replace(job.place, thread=self.poster.message(job, ROOT, root)))
        self.store.save(job, "running")
        return job

    def _with_sources(self, job: Job) -> Job:
        """Return the job with the links and files of its thread, where it is about those."""
        if job.ask.kind is not Kind.THREAD:
            return job
        links: dict[str, None] = {}
        files: list[dict[str, Any]] = []
        try:
            for message in slack_api.messages_at(self.workspaces.client(job.place), job.place):
                # Feeds are posted by apps. Our own messages have no address in their text, but
                # reports as files.
                links |= dict.fromkeys(links_in(str(message.get("text") or "")))
                if not message.get("bot_id"):
                    files += message.get("files") or ()
        except ERRORS as error:
            log.warning("job %s: its thread cannot be read (%s)", job.id, reason(error))
            told = WORDS["no_thread"].format(cause=slack_api.cause(error))
            raise SummarizerError(told) from error
        ask = comparison(tuple(links), files)
        if not ask.links and not ask.files:
            raise SummarizerError(WORDS["no_links"])
        return replace(job, ask=ask)

    def _obtain_report(self, job: Job) -> StoredReport:
        """Return the report, stored; the one that was stored if the job was begun before."""
        known = self.store.report(job.place, job.id)
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
        token, api_url = self.workspaces.token(job.place), self.slack.api_url
        with slack_api.fetch_files(job.ask.files, token, api_url, self.store.folder) as files:
            order = {
                "inputs": [*job.ask.links, *files.names],
                "folder": str(files.folder),
                "left_out": [*job.ask.left_out, *files.problems],
                "settings": settings,
            }
            if not order["inputs"]:
                raise InputError(" ".join(order["left_out"]) or WORDS["no_links"])
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
            client.send(text=WORDS["not_here"], response_type="ephemeral")
        except ERRORS as error:
            log.warning("job %s: nobody could be told: %s", job.id, type(error).__name__)


def book(store: Store, job: Job, settings: Settings, slack: SlackSettings) -> float | None:
    """Book a job, and return the dollars it may cost; None where there is no limit on dollars.

    What is booked is all that it may cost, so that jobs at the same time cannot pass the limit
    together, nor one that is begun again. BudgetReached says that a day's limit is used up.
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

        most = min(DEFAULT_MAX_COST if settings.max_cost is None else settings.max_cost, *left)
        store.book(job, day, most)
        return most


class ProgressMessage:
    """Shows a job's stages in its thread, for a ``with``, as far as Slack takes them."""

    def __init__(
        self, workspaces: Workspaces, job: Job, clock: Callable[[], float] = time.monotonic
    ) -> None:
        # Nothing is tried again: it is not worth waiting for.
        self._client, self._place = workspaces.client(job.place, ()), job.place
        self._clock, self._told = clock, clock()
        self._stage = self._ts = ""

    def __enter__(self) -> Self:
        self.tell("fetching", 0, 0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._ts:
            self._try_call("chat.delete", ts=self._ts)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Show a stage, and how much of it is done."""
        now = self._clock()
        if stage == self._stage and now - self._told < LEAST_PAUSE:
            return
        self._stage, self._told = stage, now
        count = f"{done} of {total}" if total > 1 else ""
        text = f"{WORDS['stages'].get(stage, stage)}… {count}".strip()
        if self._ts:
            self._try_call("chat.update", ts=self._ts, text=text)
        else:
            self._ts = self._try_call("chat.postMessage", thread_ts=self._place.thread, text=text)

    def _try_call(self, method: str, **arguments: Any) -> str:
        """Return the ``ts`` of the message that Slack answers with, "" where it does not."""
        arguments["channel"] = self._place.channel
        try:
            return str(self._client.api_call(method, json=arguments).get("ts") or "")
        except ERRORS as error:
            log.debug("no progress shown: %s", reason(error))
            return ""


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts for jobs; ``pause`` waits for some seconds."""

    workspaces: Workspaces
    pause: Callable[[float], None] = time.sleep

    def message(self, job: Job, what: str, message: Message) -> str:
        """Post a message to the job's place and return its ``ts``; if it is there, that one's.

        ``what`` is which of the job's it is. Raises SlackFailed where Slack does not take it.
        """
        client = self.workspaces.client(job.place, slack_api.POSTING)
        payload = {"key": f"{job.id}:{what}"}

        def post() -> str:
            answer = client.chat_postMessage(
                channel=job.place.channel,
                thread_ts=job.place.thread or None,
                text=message.text,
                blocks=list(message.blocks),
                metadata={"event_type": EVENT_TYPE, "event_payload": payload},
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                link_names=False,
            )
            return str(answer["ts"])

        def is_it(posted: Mapping[str, Any]) -> bool:
            return bool((posted.get("metadata") or {}).get("event_payload") == payload)

        return self._post_once(job, post, is_it)

    def documents(self, job: Job, documents: Mapping[str, str]) -> None:
        """Share documents in the job's thread under names of its own, or raise SlackFailed."""
        client = self.workspaces.client(job.place, slack_api.POSTING)
        names = {f"news-diff-{job.id[:8]}.{name}": text for name, text in documents.items()}

        def post() -> str:
            client.files_upload_v2(
                file_uploads=[
                    {"filename": name, "title": name, "content": text}
                    for name, text in names.items()
                ],
                channel=job.place.channel,
                thread_ts=job.place.thread or None,
            )
            return ""

        def is_it(posted: Mapping[str, Any]) -> bool:
            return any(file.get("name") in names for file in posted.get("files") or ())

        self._post_once(job, post, is_it)

    def _post_once(
        self, job: Job, post: Callable[[], str], is_it: Callable[[Mapping[str, Any]], bool]
    ) -> str:
        """Post until it is there. A job that was begun before is looked for first."""
        unsure = job.attempts > 1
        for number in range(TRIES):
            try:
                before = next(filter(is_it, self._messages_since(job)), None) if unsure else None
                return post() if before is None else str(before["ts"])
            except ERRORS as error:
                if _is_refusal(error):
                    raise SlackFailed(f"Slack: {reason(error)}.") from error
                unsure = True
                log.warning("job %s: Slack failed (%s), trying again", job.id, reason(error))
                self.pause(min(2.0**number, LONGEST_PAUSE))
        raise SlackFailed("Slack failed again and again.", "The log has the details.")

    def _messages_since(self, job: Job) -> Iterator[dict[str, Any]]:
        """Yield the messages at a job's place since it was taken on.

        There are none where the bot may not read the thread: an answer twice is better than none.
        """
        asked = {"oldest": f"{job.at - EARLIER:.6f}", "include_all_metadata": True}
        try:
            yield from slack_api.messages_at(self.workspaces.client(job.place), job.place, **asked)
        except SlackApiError as error:
            if not _is_refusal(error):
                raise
            log.warning("job %s: its thread cannot be read (%s)", job.id, reason(error))


def _is_refusal(error: Exception) -> bool:
    """Return whether Slack has said that it will not, and so did nothing."""
    if not isinstance(error, SlackApiError):
        return False
    status = slack_api.status(error)
    return status < 500 and status != 429 and reason(error) not in MAY_BE_POSTED
