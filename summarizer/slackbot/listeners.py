"""What Bolt calls: each delivery becomes a job, once and durably, and Slack is answered at once."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from summarizer.report.view import load_view
from summarizer.slackbot import replies
from summarizer.slackbot.jobs import Ask, Job, Kind, Lane, Place, Store, parse_request
from summarizer.slackbot.settings import COMMAND, SHORTCUT
from summarizer.slackbot.slack_api import ERRORS, Workspaces, reason

Body = dict[str, Any]

log = logging.getLogger(__name__)


def build_app(listeners: Listeners, workspaces: Workspaces, signing_secret: str) -> App:
    """Return Bolt's app, which checks the secret against each request over HTTP."""
    app = App(
        name="summarizer",
        logger=logging.getLogger("summarizer.slackbot.bolt"),
        # Bolt looks at the names of the arguments, and would take self for one.
        authorize=lambda enterprise_id, team_id: workspaces.authorize(enterprise_id, team_id),
        client=WebClient(base_url=workspaces.api_url),
        signing_secret=signing_secret,
        # A listener only writes a request down. Slack is answered when that is done, so that
        # what it does not hear of it delivers again.
        process_before_response=True,
        # Bolt would log the whole request, and people's messages with it.
        raise_error_for_unhandled_request=True,
    )
    app.error(_answer_failure)
    app.event("app_mention")(listeners.mentioned)
    app.event("message")(listeners.messaged)
    app.command(COMMAND)(listeners.commanded)
    app.shortcut(SHORTCUT)(listeners.shortcut)
    app.action(re.compile(f"^({replies.MORE}$|{replies.DOCUMENT})"))(listeners.follow_up)
    app.action(replies.VOTE)(listeners.vote)
    app.action(replies.MISTAKE)(ack=lambda ack: ack(), lazy=[listeners.open_form])
    app.view(replies.FORM)(listeners.form_sent)
    return app


@dataclass(frozen=True, slots=True)
class Listeners:
    """Takes requests on, and what is done with an answer. Bolt looks at the names of arguments.

    ``capacity`` is how many comparisons may be open at once, those under way included;
    ``announce`` is told that there is a job in a lane.
    """

    store: Store
    labels: replies.Feedback
    capacity: int
    announce: Callable[[Lane], None]

    def take(self, keys: Sequence[str], ask: Ask, place: Place) -> bool:
        """Take a request on, unless it was taken on before; return whether there is room for it.

        When this returns it is on the disk, so that Slack may be told that it has arrived.
        ``keys`` are all by which it may be known, the surest first: Slack delivers an event again
        under the same id, and may tell of one message in two events.
        """
        # The key decides the id, and the id is in what is posted.
        name = hashlib.sha256(f"{place.team}:{keys[0]}".encode()).hexdigest()[:20]
        job = Job(id=name, ask=ask, place=place, at=time.time())
        kept = self.store.accept([f"{place.team}:{key}" for key in keys], job, self.capacity)
        if kept is not None:
            self.announce(kept.lane)
        return kept is None or kept.ask.kind is not Kind.BUSY

    def mentioned(self, context: BoltContext, body: Body, event: Body) -> None:
        """Take what a message asks for."""
        if event.get("bot_id"):
            return
        text, files = str(event.get("text") or ""), event.get("files") or ()
        ask = parse_request(text, files, in_thread="thread_ts" in event)
        place = _place_of(context, str(event.get("thread_ts") or event["ts"]))
        # A channel may be shared with a workspace that has not installed the app.
        place = replace(place, team=str(body.get("team_id") or place.team))
        keys = [f"message:{event['channel']}:{event['ts']}", f"event:{body.get('event_id')}"]
        self.take(keys, ask, place)

    def messaged(self, context: BoltContext, body: Body, event: Body) -> None:
        """Take what is written to the bot itself; of a channel it only hears mentions."""
        if event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share"):
            self.mentioned(context, body, event)

    def commanded(self, ack: Ack, context: BoltContext, body: Body) -> None:
        """Take a slash command, and answer it at once."""
        ask = parse_request(str(body.get("text") or ""), in_thread=False)
        if ask.kind is not Kind.COMPARE:
            ack(text=replies.WORDS["help"])
            return
        has_room = self.take([f"trigger:{body['trigger_id']}"], ask, _place_of(context))
        ack(text=replies.WORDS["taken"] if has_room else replies.WORDS["busy"])

    def shortcut(self, ack: Ack, context: BoltContext, body: Body) -> None:
        """Take the request to compare what a thread links to."""
        self._take_action(ack, context, body, Ask(kind=Kind.THREAD))

    def follow_up(self, ack: Ack, context: BoltContext, body: Body, action: Body) -> None:
        """Take the request for what an answer left out, or for a document."""
        name = str(action["action_id"])
        kind = Kind.MORE if name == replies.MORE else Kind.DOCUMENT
        word = name.removeprefix(replies.DOCUMENT)
        ask = Ask(kind=kind, word=word, report=str(action["value"]))
        self._take_action(ack, context, body, ask)

    def vote(self, ack: Ack, context: BoltContext, action: Body) -> None:
        """Note what somebody thinks of an answer."""
        vote, _, report = str(action["value"]).partition(":")
        kept = self.store.report(_place_of(context), report)
        if kept is not None:
            self.labels.vote(kept, right=vote == "right", by=_reader_id(context))
        ack()

    def open_form(self, context: BoltContext, body: Body, action: Body, client: WebClient) -> None:
        """Open the form on a mistake, or say that the report is gone."""
        report = str(action["value"])
        kept = self.store.report(_place_of(context), report)
        try:
            if kept is not None:
                form = replies.mistake_form(load_view(kept.view), report)
                client.views_open(trigger_id=body["trigger_id"], view=form)
                return
            client.chat_postEphemeral(
                channel=context.channel_id or "",
                user=context.user_id or "",
                thread_ts=_thread_of_action(body),
                text=replies.WORDS["no_report"],
            )
        except ERRORS as error:
            log.warning("a form could not be opened: %s", reason(error))

    def form_sent(self, ack: Ack, context: BoltContext, view: Body) -> None:
        """Note what somebody says is wrong."""
        kept = self.store.report(_place_of(context), str(view["private_metadata"]))
        values = view["state"]["values"]
        names = (replies.FACT, replies.WRONG, replies.NOTE)
        fact, wrong, note = ((values.get(name) or {}).get(name) or {} for name in names)
        line, label = ((each.get("selected_option") or {}).get("value") for each in (fact, wrong))
        if kept is not None and line and label:
            by, words = _reader_id(context), str(note.get("value") or "")
            self.labels.mistake(kept, fact=line, wrong=label, note=words, by=by)
        ack()

    def _take_action(self, ack: Ack, context: BoltContext, body: Body, ask: Ask) -> None:
        place = _place_of(context, _thread_of_action(body))
        self.take([f"trigger:{body['trigger_id']}"], ask, place)
        ack()


def _answer_failure(error: Exception, request: BoltRequest) -> BoltResponse:
    """Answer what no listener takes, and what one failed at, without a word of its content."""
    if isinstance(error, BoltUnhandledRequestError):
        log.debug("a request that is not for this app")
        return BoltResponse(status=200)
    log.error("a request failed: %s", type(error).__name__)
    # Slack delivers it again.
    return BoltResponse(status=500)


def _place_of(context: BoltContext, thread: str = "") -> Place:
    """Return where a request comes from, as Bolt reads it out of every kind of delivery."""
    return Place(
        team=context.team_id or "",
        enterprise=context.enterprise_id or "",
        channel=context.channel_id or "",
        thread=thread,
        user=context.user_id or "",
        response_url=context.response_url or "",
    )


def _reader_id(context: BoltContext) -> str:
    return f"{context.team_id}:{context.user_id}"


def _thread_of_action(body: Body) -> str:
    message, container = body.get("message") or {}, body.get("container") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    return str(thread or message.get("ts") or container.get("message_ts") or "")
