"""What Bolt calls: each delivery becomes a request, and Slack is answered at once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from summarizer.report.view import load_view
from summarizer.slackbot import controls, texts
from summarizer.slackbot.asked import understood
from summarizer.slackbot.feedback import Feedback
from summarizer.slackbot.jobs import Accepted, Ask, Job, Kind, Place
from summarizer.slackbot.manifest import COMMAND, PROMPTS, SHORTCUT
from summarizer.slackbot.posting import reason
from summarizer.slackbot.reception import Reception
from summarizer.slackbot.store import Store, StoredReport

Authorize = Callable[..., AuthorizeResult]
Body = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the listeners need: who takes requests on, what is kept, who notes labels."""

    reception: Reception
    store: Store
    feedback: Feedback


def build_app(desk: Desk, authorize: Authorize, *, api_url: str, signing_secret: str = "") -> App:
    """Return Bolt's app with all listeners.

    Args:
        desk: See ``Desk``.
        authorize: Finds the bot's token for a workspace, without asking Slack.
        api_url: Where Slack's Web API is.
        signing_secret: Checked against each request over HTTP; Socket Mode needs none.
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
    app.error(_failed)
    app.event("app_mention")(_Events(desk).mentioned)
    app.event("message")(_Events(desk).messaged)
    app.event("app_home_opened")(ack=_nothing, lazy=[_opened])
    app.command(COMMAND)(_Commands(desk).commanded)
    app.shortcut(SHORTCUT)(_Commands(desk).shortcut)
    app.action(controls.MORE)(_Buttons(desk).more)
    app.action(_documents())(_Buttons(desk).document)
    app.action(controls.VOTE)(_Buttons(desk).vote)
    app.action(controls.MISTAKE)(ack=_nothing, lazy=[_Buttons(desk).open_form])
    app.view(controls.FORM)(_Buttons(desk).form_sent)
    return app


def _documents() -> Any:
    import re

    return re.compile(f"^{re.escape(controls.DOCUMENT)}")


@dataclass(frozen=True, slots=True)
class _Events:
    desk: Desk

    def mentioned(self, body: Body, event: Body) -> None:
        self._take(body, event)

    def messaged(self, body: Body, event: Body) -> None:
        """Take what is written to the bot itself; of a channel it only hears mentions."""
        people_wrote = not event.get("bot_id") and event.get("subtype") in (None, "file_share")
        if event.get("channel_type") == "im" and people_wrote:
            self._take(body, event)

    def _take(self, body: Body, event: Body) -> None:
        if event.get("bot_id"):
            return
        ask = understood(
            str(event.get("text") or ""),
            event.get("files") or (),
            in_thread="thread_ts" in event,
        )
        place = Place(
            team=str(body.get("team_id") or event.get("team") or ""),
            enterprise=str(body.get("enterprise_id") or ""),
            channel=str(event["channel"]),
            thread=str(event.get("thread_ts") or event["ts"]),
            user=str(event.get("user") or ""),
        )
        keys = [f"message:{event['channel']}:{event['ts']}", f"event:{body.get('event_id')}"]
        self.desk.reception.take(keys, ask, place)


@dataclass(frozen=True, slots=True)
class _Commands:
    desk: Desk

    def commanded(self, ack: Ack, body: Body) -> None:
        ask = understood(str(body.get("text") or ""), in_thread=False)
        if ask.kind is not Kind.COMPARE:
            ack(text=texts.HELP)
            return
        place = Place(
            team=str(body["team_id"]),
            enterprise=str(body.get("enterprise_id") or ""),
            channel=str(body["channel_id"]),
            thread="",
            user=str(body["user_id"]),
            response_url=str(body.get("response_url") or ""),
        )
        accepted = self.desk.reception.take([f"trigger:{body['trigger_id']}"], ask, place)
        ack(text=texts.BUSY if accepted is Accepted.BUSY else texts.TAKEN)

    def shortcut(self, ack: Ack, body: Body) -> None:
        message = body["message"]
        thread = str(message.get("thread_ts") or message["ts"])
        self.desk.reception.take(
            [f"trigger:{body['trigger_id']}"], Ask(kind=Kind.THREAD), _place(body, thread)
        )
        ack()


@dataclass(frozen=True, slots=True)
class _Buttons:
    desk: Desk

    def more(self, ack: Ack, body: Body, action: Body) -> None:
        self._follow(body, Ask(kind=Kind.MORE, report=str(action["value"])))
        ack()

    def document(self, ack: Ack, body: Body, action: Body) -> None:
        name = str(action["action_id"]).removeprefix(controls.DOCUMENT)
        self._follow(body, Ask(kind=Kind.DOCUMENT, word=name, report=str(action["value"])))
        ack()

    def vote(self, ack: Ack, body: Body, action: Body) -> None:
        said, _, report = str(action["value"]).partition(":")
        kept = self._kept(body, report)
        if kept is not None:
            self.desk.feedback.vote(
                kept, right=said == "right", team=_team(body), user=str(body["user"]["id"])
            )
        ack()

    def open_form(self, body: Body, action: Body, client: WebClient) -> None:
        report, outlet = json.loads(str(action["value"]))
        kept = self._kept(body, report)
        try:
            if kept is not None:
                form = controls.form(load_view(kept.view), report, outlet)
                client.views_open(trigger_id=body["trigger_id"], view=form)
                return
            client.chat_postEphemeral(
                channel=body["channel"]["id"],
                user=body["user"]["id"],
                thread_ts=_thread(body),
                text=texts.NO_REPORT,
            )
        except SlackClientError as error:
            log.warning("a form could not be opened: %s", reason(error))

    def form_sent(self, ack: Ack, body: Body, view: Body) -> None:
        kept = self._kept(body, str(view["private_metadata"]))
        values = view["state"]["values"]
        chosen = {
            name: (values.get(name, {}).get(name, {}).get("selected_option") or {}).get("value")
            for name in (controls.FACT, controls.WRONG)
        }
        if kept is not None and all(chosen.values()):
            note = values.get(controls.NOTE, {}).get(controls.NOTE, {}).get("value") or ""
            self.desk.feedback.mistake(
                kept,
                fact=str(chosen[controls.FACT]),
                wrong=str(chosen[controls.WRONG]),
                note=str(note),
                team=_team(body),
                user=str(body["user"]["id"]),
            )
        ack()

    def _follow(self, body: Body, ask: Ask) -> None:
        place = _place(body, _thread(body))
        self.desk.reception.take([f"trigger:{body['trigger_id']}"], ask, place)

    def _kept(self, body: Body, report: str) -> StoredReport | None:
        place = Place(team=_team(body), channel="", thread="", user="")
        ask = Ask(kind=Kind.MORE, report=report)
        return self.desk.store.report(Job(id="", ask=ask, place=place, at=0.0))


def _opened(event: Body, client: WebClient) -> None:
    """Suggest what to write, when somebody opens the messages with the bot."""
    if event.get("tab") != "messages":
        return
    try:
        client.assistant_threads_setSuggestedPrompts(
            channel_id=event["channel"], prompts=[dict(each) for each in PROMPTS]
        )
    except SlackClientError as error:
        log.info("no prompts suggested: %s", reason(error))


def _nothing(ack: Ack) -> None:
    ack()


def _failed(error: Exception, request: BoltRequest) -> BoltResponse:
    """Answer what no listener takes, and what one failed at, without a word of its content."""
    if isinstance(error, BoltUnhandledRequestError):
        log.debug("a request that is not for this app")
        return BoltResponse(status=200)
    log.error("a request failed: %s", type(error).__name__)
    # Slack delivers it again.
    return BoltResponse(status=500)


def _place(body: Body, thread: str) -> Place:
    return Place(
        team=_team(body),
        enterprise=str((body.get("enterprise") or {}).get("id") or ""),
        channel=str(body["channel"]["id"]),
        thread=thread,
        user=str(body["user"]["id"]),
        response_url=str(body.get("response_url") or ""),
    )


def _team(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


def _thread(body: Body) -> str:
    message = body.get("message") or {}
    container = body.get("container") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    return str(thread or message.get("ts") or container.get("message_ts") or "")
