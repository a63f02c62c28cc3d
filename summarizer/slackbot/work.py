"""What is done with a job, from the request to the answer in its thread."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from summarizer.errors import (
    InputError,
    ModelMissing,
    NotAuthorized,
    SlackFailed,
    SummarizerError,
    Unreachable,
)
from summarizer.render.blocks import Message, answer, more, only, summary
from summarizer.report.parts import View
from summarizer.report.sources import plural
from summarizer.report.view import load_view
from summarizer.settings import Settings
from summarizer.slackbot import controls, texts
from summarizer.slackbot.asked import comparison, links_in
from summarizer.slackbot.clients import Clients
from summarizer.slackbot.files import fetched
from summarizer.slackbot.helper import ChildFailed, Helper, TookTooLong
from summarizer.slackbot.jobs import Job, Kind
from summarizer.slackbot.limits import book
from summarizer.slackbot.posting import PAGE, Poster, pages, reason
from summarizer.slackbot.progress import Progress
from summarizer.slackbot.store import Store, StoredReport

ANSWER, ROOT = "answer", "root"
"""Which of its messages a job's message is."""

UNPAID = (InputError, ModelMissing, NotAuthorized, Unreachable)
"""Ways for a run to end before a model was paid for anything: nothing was read, or the first
request of all was refused."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """All that the work needs.

    Args:
        store: What outlives a restart.
        clients: Slack.
        poster: Posts each answer once.
        settings: What was chosen.
    """

    store: Store
    clients: Clients
    poster: Poster
    settings: Settings

    def do(self, job: Job, helper: Helper) -> None:
        """Do a job: when this returns it is answered, or Slack will not have the answer."""
        try:
            if job.ask.kind in (Kind.COMPARE, Kind.THREAD):
                self._compare(job, helper)
            else:
                self._tell(job)
        except SlackFailed as error:
            log.warning("job %s: no answer could be posted: %s", job.id, error.message)
            self._tell_apart(job)
        self.store.finish(job)

    def _tell(self, job: Job) -> None:
        """Answer what needs no comparison."""
        kept = self.store.report(job)
        self.poster.message(job, ANSWER, self._said(job, kept))
        if kept is not None and job.ask.kind is Kind.DOCUMENT:
            self._share(job, kept, job.ask.word)
        if kept is not None and job.ask.kind is Kind.MORE:
            # After it is posted: a page that is shown twice is better than one that is not.
            self.store.turn_page(kept)

    def _compare(self, job: Job, helper: Helper) -> None:
        job = self._rooted(job)
        kept = None
        try:
            job = self._with_sources(job)
            kept = self._result(job, helper)
            message = shown(kept, load_view(kept.view))
        except SummarizerError as error:
            if isinstance(error, SlackFailed):
                raise
            message = texts.said(texts.told(error))
        except TookTooLong:
            log.warning("job %s: took too long", job.id)
            message = texts.said(texts.TOO_LONG.format(minutes=self.settings.slack_minutes))
        except ChildFailed as error:
            log.error("job %s: the process that compares failed: %s", job.id, error)
            message = texts.said(texts.UNEXPECTED)
        self.poster.message(job, ANSWER, message)
        if kept is not None:
            self._share(job, kept)

    def _result(self, job: Job, helper: Helper) -> StoredReport:
        """Return the report, stored; the one that was stored if the job was begun before."""
        known = self.store.report(replace(job, ask=replace(job.ask, report=job.id)))
        if known is not None:
            return known
        cap = book(self.store, job, self.settings)
        try:
            with Progress(self.clients, job) as progress:
                result = self._run(job, helper, progress, cap)
                progress.tell("answering", 0, 0)
        except UNPAID:
            self.store.settle(job, 0.0)
            raise
        cost = result["cost"]
        if cost is not None:
            self.store.settle(job, cost)
        report = StoredReport(
            id=job.id, kind=result["kind"], view=result["view"], documents=result["documents"]
        )
        if self.settings.slack_keep_hours:
            self.store.keep(job, report, self.settings.slack_keep_hours)
        return report

    def _run(
        self, job: Job, helper: Helper, progress: Progress, cap: float | None
    ) -> dict[str, Any]:
        settings = self.settings
        if cap is not None:
            settings = replace(settings, max_cost=cap)
        token = self.clients.posting(job.place).token or ""
        with fetched(job.ask.files, token, settings.slack_api_url) as files:
            inputs = [*job.ask.links, *map(str, files.paths)]
            problems = [*job.ask.left_out, *files.problems]
            if not inputs:
                raise _unreadable(problems)
            order = {"inputs": inputs, "folder": str(files.folder), "settings": asdict(settings)}
            result = helper.run(order, progress.tell, settings.slack_minutes * 60)
        return _with_problems(result, problems)

    def _with_sources(self, job: Job) -> Job:
        """Return the job with the links and files of its thread, where it is about those."""
        if job.ask.kind is not Kind.THREAD:
            return job
        links: dict[str, None] = {}
        files: list[dict[str, Any]] = []
        asked = {"channel": job.place.channel, "limit": PAGE}
        try:
            for message in pages(self.clients.asking(job.place), asked, job.place):
                # Feeds are posted by apps. Our own messages have no address in their text, but
                # reports as files.
                links |= dict.fromkeys(links_in(str(message.get("text") or "")))
                if not message.get("bot_id"):
                    files += message.get("files") or ()
        except SlackApiError as error:
            log.warning("job %s: its thread cannot be read (%s)", job.id, reason(error))
            raise SummarizerError(texts.NO_THREAD.format(reason=reason(error))) from error
        ask = comparison(tuple(links), files)
        if not ask.links and not ask.files:
            raise SummarizerError(texts.NO_LINKS)
        return replace(job, ask=ask)

    def _rooted(self, job: Job) -> Job:
        """Return the job with a thread to answer in; a slash command has none of its own."""
        if job.place.thread:
            return job
        count = len(job.ask.links)
        title = f"News diff of {plural(count, 'article')}" if count > 1 else "Summary of an article"
        thread = self.poster.message(job, ROOT, texts.said(f"{title}: see the thread."))
        job = replace(job, place=replace(job.place, thread=thread))
        self.store.move(job)
        return job

    def _share(self, job: Job, kept: StoredReport, name: str = "") -> None:
        """Attach the documents of a report, or one of them; an answer stands without them, too."""
        documents: dict[str, str] = json.loads(kept.documents)
        wanted = {name: documents[name]} if name in documents else documents
        try:
            self.poster.documents(job, wanted)
        except SlackFailed as error:
            log.warning("job %s: no documents could be attached: %s", job.id, error.message)

    def _said(self, job: Job, kept: StoredReport | None) -> Message:
        match job.ask.kind:
            case Kind.BUSY:
                return texts.said(texts.BUSY)
            case Kind.GIVEN_UP:
                return texts.said(texts.GIVEN_UP)
            case Kind.ONLY | Kind.MORE | Kind.DOCUMENT:
                return self._followed(job, kept)
            case _:
                return texts.said(texts.HELP)

    def _followed(self, job: Job, kept: StoredReport | None) -> Message:
        """Return what is asked of a stored report."""
        if kept is None:
            return texts.said(texts.NO_REPORT)
        view = load_view(kept.view)
        if job.ask.kind is Kind.DOCUMENT:
            return texts.said(f"The report as {job.ask.word.upper()}:")
        if job.ask.kind is Kind.ONLY:
            found = only(view, job.ask.word)
            return found or texts.said(texts.not_an_outlet(job.ask.word, view.outlets))
        below = partial(controls.below, kept.id)
        pages = more(view, ending=controls.ending(kept.id, kept.kind), below=below)
        if kept.kind != "diff" or kept.pages >= len(pages):
            return texts.said(texts.NO_MORE)
        return pages[kept.pages]

    def _tell_apart(self, job: Job) -> None:
        """Tell whoever asked, where that can be done without writing into the channel."""
        if not job.place.response_url:
            return
        from slack_sdk.webhook import WebhookClient

        try:
            WebhookClient(job.place.response_url).send(
                text=texts.NOT_HERE, response_type="ephemeral"
            )
        except OSError as error:
            log.warning("job %s: nobody could be told: %s", job.id, type(error).__name__)


def shown(kept: StoredReport, view: View) -> Message:
    """Return the answer that a report is given with."""
    ending = controls.ending(kept.id, kept.kind)
    if kept.kind == "summary":
        return summary(view, ending=ending)
    return answer(view, ending=ending, below=partial(controls.below, kept.id))


def _unreadable(problems: Sequence[str]) -> InputError:
    return InputError(" ".join(problems) or texts.NO_LINKS)


def _with_problems(result: dict[str, Any], problems: Sequence[str]) -> dict[str, Any]:
    """Return a result whose view says what could not be fetched or was not asked for."""
    if not problems:
        return result
    view = json.loads(result["view"])
    view["warnings"] = [*(f"Left out: {problem}" for problem in problems), *view["warnings"]]
    return {**result, "view": json.dumps(view, ensure_ascii=False)}
