"""What Slack sends: events, commands, clicks, with signatures where it is over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from tests.support.slack_server.world import BOT_USER, TEAM

Json = dict[str, Any]

SECRET = "signing-secret-of-the-tests"
CHANNEL, DIRECT = "C0NEWS", "D0PERSON"
_NUMBERS = itertools.count(1)


def event(message: Json, *, kind: str = "app_mention", number: str = "") -> Json:
    """Return the delivery that tells of a message."""
    told = {**message, "type": kind, "event_ts": message["ts"]}
    if kind == "message":
        told["channel_type"] = "im"
        if message.get("files"):
            told["subtype"] = "file_share"
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0APP",
        "event_id": number or f"Ev{next(_NUMBERS):08}",
        "event_time": int(time.time()),
        "event": told,
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
    }


def command(text: str, response_url: str = "", channel: str = CHANNEL) -> Json:
    """Return the delivery of ``/newsdiff text``."""
    return {
        "command": "/newsdiff",
        "text": text,
        "team_id": TEAM,
        "channel_id": channel,
        "user_id": "U0PERSON",
        "trigger_id": f"trigger-{next(_NUMBERS)}",
        "response_url": response_url,
    }


def shortcut(message: Json, response_url: str = "") -> Json:
    """Return the delivery of the shortcut on a message."""
    return {
        "type": "message_action",
        "callback_id": "compare_thread",
        "trigger_id": f"trigger-{next(_NUMBERS)}",
        "response_url": response_url,
        "team": {"id": TEAM},
        "channel": {"id": message["channel"]},
        "user": {"id": "U0PERSON"},
        "message": message,
    }


def click(message: Json, action: Json) -> Json:
    """Return the delivery of a button of a message that is pressed."""
    return {
        "type": "block_actions",
        "trigger_id": f"trigger-{next(_NUMBERS)}",
        "team": {"id": TEAM},
        "channel": {"id": message["channel"]},
        "user": {"id": "U0PERSON"},
        "container": {"type": "message", "message_ts": message["ts"]},
        "message": message,
        "actions": [{**action, "block_id": "b", "action_ts": str(time.time())}],
    }


def submission(view: Json, values: dict[str, str], note: str = "") -> Json:
    """Return the delivery of a form that is sent."""
    state: Json = {
        name: {name: {"selected_option": {"value": value}}} for name, value in values.items()
    }
    state["note"] = {"note": {"value": note}}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U0PERSON"},
        "view": {**view, "id": "V1", "state": {"values": state}},
    }


def signed(body: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers that Slack signs a request with."""
    stamp = str(int(time.time() if at is None else at))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


def encoded(payload: Json) -> tuple[str, str]:
    """Return a delivery's body and content type, as Slack sends its kind over HTTP."""
    if "command" in payload:
        return urlencode(payload), "application/x-www-form-urlencoded"
    if payload.get("type") in {"event_callback", "url_verification"}:
        return json.dumps(payload), "application/json"
    return urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"


def post(
    port: int, payload: Json, headers: dict[str, str] | None = None, again: int = 0
) -> tuple[int, str]:
    """Deliver over HTTP; return the status and the body of the answer."""
    body, kind = encoded(payload)
    sent = {"Content-Type": kind, **(signed(body) if headers is None else headers)}
    if again:
        sent |= {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slack/events", data=body.encode(), headers=sent
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
