"""What Bolt calls: each delivery becomes a job, once and durably, and Slack is answered at once."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from summarizer.report.view import load_view
from summarizer.slackbot import feedback, replies
from summarizer.slackbot.feedback import Feedback
from summarizer.slackbot.jobs import Accepted, Ask, Job, Kind, Lane, Place
from summarizer.slackbot.manifest import COMMAND, PROMPTS, SHORTCUT
from summarizer.slackbot.requests import parse_request
from summarizer.slackbot.slack_api import ERRORS, reason
from summarizer.slackbot.store import Store, StoredReport

Authorize = Callable[..., AuthorizeResult]
Body = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes requests on.

    ``capacity`` is how many comparisons may be open at once, those under way included;
    ``announce`` is told that there is a job in a lane.
    """

    store: Store
    capacity: int
    announce: Callable[[Lane], None]
    clock: Callable[[], float] = time.time

    def take(self, keys: Sequence[str], ask: Ask, place: Place) -> Accepted:
        """Take a request on, unless it was taken on before.

        When this returns it is on the disk, so that Slack may be told that it has arrived.
        ``keys`` are all by which it may be known, the surest first: Slack delivers an event again
        under the same id, and may tell of one message in two events.
        """
        # The key decides the id, and the id is in what is posted.
        name = hashlib.sha256(f"{place.team}:{keys[0]}".encode()).hexdigest()[:20]
        job = Job(id=name, ask=ask, place=place, at=self.clock())
        accepted = self.store.accept([f"{place.team}:{key}" for key in keys], job, self.capacity)
        if accepted is not Accepted.SEEN:
            self.announce(Lane.QUICK if accepted is Accepted.BUSY else job.lane)
        return accepted


def build_app(
    intake: Intake,
    labels: Feedback,
    authorize: Authorize,
    *,
    api_url: str,
    signing_secret: str = "",
) -> App:
    """Return Bolt's app with all listeners.

    ``authorize`` finds the bot's token for a workspace, without asking Slack; the secret is
    checked against each request over HTTP, and Socket Mode needs none.
    """
    app = App(
        name="summarizer",
        logger=logging.getLogger("summarizer.slackbot.bolt"),
        authorize=authorize,
        client=WebClient(base_url=api_url),
        signing_secret=signing_secret,
        # A listener only writes a request down. Slack is answered when that is done, so that
        # what it does not hear of it delivers again.
        process_before_response=True,
        # Bolt would log the whole request, and people's messages with it.
        raise_error_for_unhandled_request=True,
    )
    requests, answers = _Requests(intake), _Answers(intake, labels)
    app.error(_answer_failure)
    app.event("app_mention")(requests.mentioned)
    app.event("message")(requests.messaged)
    app.event("app_home_opened")(ack=_acknowledge, lazy=[_suggest_prompts])
    app.command(COMMAND)(requests.commanded)
    app.shortcut(SHORTCUT)(requests.shortcut)
    app.action(feedback.MORE)(answers.more)
    app.action(re.compile(f"^{re.escape(feedback.DOCUMENT)}"))(answers.document)
    app.action(feedback.VOTE)(answers.vote)
    app.action(feedback.MISTAKE)(ack=_acknowledge, lazy=[answers.open_form])
    app.view(feedback.FORM)(answers.form_sent)
    return app


@dataclass(frozen=True, slots=True)
class _Requests:
    """Listens to what asks for a comparison. Bolt looks at the names of the arguments."""

    intake: Intake

    def mentioned(self, context: BoltContext, body: Body, event: Body) -> None:
        if event.get("bot_id"):
            return
        ask = parse_request(
            str(event.get("text") or ""),
            event.get("files") or (),
            in_thread="thread_ts" in event,
        )
        place = _place(context, str(event.get("thread_ts") or event["ts"]))
        # A channel may be shared with a workspace that has not installed the app.
        place = replace(place, team=str(body.get("team_id") or place.team))
        keys = [f"message:{event['channel']}:{event['ts']}", f"event:{body.get('event_id')}"]
        self.intake.take(keys, ask, place)

    def messaged(self, context: BoltContext, body: Body, event: Body) -> None:
        """Take what is written to the bot itself; of a channel it only hears mentions."""
        if event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share"):
            self.mentioned(context, body, event)

    def commanded(self, ack: Ack, context: BoltContext, body: Body) -> None:
        ask = parse_request(str(body.get("text") or ""), in_thread=False)
        if ask.kind is not Kind.COMPARE:
            ack(text=replies.HELP)
            return
        keys = [f"trigger:{body['trigger_id']}"]
        accepted = self.intake.take(keys, ask, _place(context, ""))
        ack(text=replies.BUSY if accepted is Accepted.BUSY else replies.TAKEN)

    def shortcut(self, ack: Ack, context: BoltContext, body: Body) -> None:
        place = _place(context, _thread_of_action(body))
        self.intake.take([f"trigger:{body['trigger_id']}"], Ask(kind=Kind.THREAD), place)
        ack()


@dataclass(frozen=True, slots=True)
class _Answers:
    """Listens to the buttons of an answer, and to the form. See ``_Requests``."""

    intake: Intake
    labels: Feedback

    def more(self, ack: Ack, context: BoltContext, body: Body, action: Body) -> None:
        self._follow_up(context, body, Ask(kind=Kind.MORE, report=str(action["value"])))
        ack()

    def document(self, ack: Ack, context: BoltContext, body: Body, action: Body) -> None:
        name = str(action["action_id"]).removeprefix(feedback.DOCUMENT)
        self._follow_up(
            context, body, Ask(kind=Kind.DOCUMENT, word=name, report=str(action["value"]))
        )
        ack()

    def vote(self, ack: Ack, context: BoltContext, action: Body) -> None:
        vote, _, report = str(action["value"]).partition(":")
        kept = self._stored_report(context, report)
        if kept is not None:
            self.labels.vote(kept, right=vote == "right", by=_reader(context))
        ack()

    def open_form(self, context: BoltContext, body: Body, action: Body, client: WebClient) -> None:
        report, outlet = json.loads(str(action["value"]))
        kept = self._stored_report(context, report)
        try:
            if kept is not None:
                form = feedback.mistake_form(load_view(kept.view), report, outlet)
                client.views_open(trigger_id=body["trigger_id"], view=form)
                return
            place = _place(context, _thread_of_action(body))
            client.chat_postEphemeral(
                channel=place.channel,
                user=place.user,
                thread_ts=place.thread,
                text=replies.NO_REPORT,
            )
        except ERRORS as error:
            log.warning("a form could not be opened: %s", reason(error))

    def form_sent(self, ack: Ack, context: BoltContext, view: Body) -> None:
        kept = self._stored_report(context, str(view["private_metadata"]))
        fields = view["state"]["values"]
        fact, wrong, note = (
            fields.get(name, {}).get(name, {})
            for name in (feedback.FACT, feedback.WRONG, feedback.NOTE)
        )
        chosen = [(each.get("selected_option") or {}).get("value") for each in (fact, wrong)]
        if kept is not None and all(chosen):
            self.labels.mistake(
                kept,
                fact=str(chosen[0]),
                wrong=str(chosen[1]),
                note=str(note.get("value") or ""),
                by=_reader(context),
            )
        ack()

    def _follow_up(self, context: BoltContext, body: Body, ask: Ask) -> None:
        place = _place(context, _thread_of_action(body))
        self.intake.take([f"trigger:{body['trigger_id']}"], ask, place)

    def _stored_report(self, context: BoltContext, report: str) -> StoredReport | None:
        ask, place = Ask(kind=Kind.MORE, report=report), _place(context, "")
        return self.intake.store.report(Job(id="", ask=ask, place=place, at=0.0))


def _suggest_prompts(event: Body, client: WebClient) -> None:
    """Suggest what to write, when somebody opens the messages with the bot."""
    if event.get("tab") != "messages":
        return
    try:
        client.assistant_threads_setSuggestedPrompts(
            channel_id=event["channel"], prompts=[dict(each) for each in PROMPTS]
        )
    except ERRORS as error:
        log.info("no prompts suggested: %s", reason(error))


def _acknowledge(ack: Ack) -> None:
    ack()


def _answer_failure(error: Exception, request: BoltRequest) -> BoltResponse:
    """Answer what no listener takes, and what one failed at, without a word of its content."""
    if isinstance(error, BoltUnhandledRequestError):
        log.debug("a request that is not for this app")
        return BoltResponse(status=200)
    log.error("a request failed: %s", type(error).__name__)
    # Slack delivers it again.
    return BoltResponse(status=500)


def _place(context: BoltContext, thread: str) -> Place:
    """Return where a request comes from, as Bolt reads it out of every kind of delivery."""
    return Place(
        team=context.team_id or "",
        enterprise=context.enterprise_id or "",
        channel=context.channel_id or "",
        thread=thread,
        user=context.user_id or "",
        response_url=context.response_url or "",
    )


def _reader(context: BoltContext) -> str:
    return f"{context.team_id}:{context.user_id}"


def _thread_of_action(body: Body) -> str:
    message, container = body.get("message") or {}, body.get("container") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    return str(thread or message.get("ts") or container.get("message_ts") or "")
