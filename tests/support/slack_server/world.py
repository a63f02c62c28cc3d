"""Channels, messages, files: what Slack knows, and its methods on it."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack_server.blocks import Invalid, check_blocks, check_message

Json = dict[str, Any]

BOT_TOKEN, APP_TOKEN = "xoxb-test-bot", "xapp-test-app"
TEAM, BOT_ID, BOT_USER = "T0TEAM", "B0BOT", "U0BOT"
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,files:read,"
    "files:write,groups:history,im:history"
)


class Refused(Exception):
    """A request that Slack answers with ``ok: false``."""


@dataclass
class World:
    """The state of a workspace, and each method as ``method_name(arguments)``."""

    base: str = ""
    scopes: str = SCOPES
    foreign: set[str] = field(default_factory=set)
    messages: list[Json] = field(default_factory=list)
    files: dict[str, Json] = field(default_factory=dict)
    views: list[Json] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    guard: threading.RLock = field(default_factory=threading.RLock)
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def say(self, channel: str, text: str, *, thread: str = "", files: Any = ()) -> Json:
        """Write a message as a person, and return it."""
        return self._add(
            {"channel": channel, "text": text, "user": "U0PERSON", "files": list(files)}, thread
        )

    def share(self, name: str, content: bytes) -> Json:
        """Keep a file as a person, and return what events tell of it."""
        number = f"F{next(self._count):06}"
        file = {
            "id": number,
            "name": name,
            "size": len(content),
            "url_private_download": f"{self.base}/files/{number}",
        }
        self.files[number] = {**file, "content": content}
        return file

    def call(self, method: str, token: str, arguments: Json) -> Json:
        """Do what a request asks.

        Raises:
            Refused: With Slack's word for the reason.
        """
        known: Callable[[Json], Json] | None = getattr(self, method.replace(".", "_"), None)
        if known is None:
            raise Refused("unknown_method")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if token != wanted:
            raise Refused("invalid_auth")
        with self.guard:
            try:
                return known(arguments)
            except Invalid as error:
                self.refused.append(str(error))
                raise Refused(str(error)) from error

    def auth_test(self, asked: Json) -> Json:
        return {"user_id": BOT_USER, "bot_id": BOT_ID, "team_id": TEAM, "team": "Test", "user": "b"}

    def apps_connections_open(self, asked: Json) -> Json:
        return {"url": f"{self.base.replace('http', 'ws', 1)}/socket"}

    def chat_postMessage(self, asked: Json) -> Json:
        self._in_channel(asked)
        check_message(asked)
        if asked.get("unfurl_links"):
            raise Refused("unfurling_was_asked_for")
        message = self._add({**asked, "bot_id": BOT_ID}, asked.get("thread_ts") or "")
        return {"ts": message["ts"], "channel": asked["channel"], "message": message}

    def chat_postEphemeral(self, asked: Json) -> Json:
        check_message(asked)
        return {"message_ts": "1.0"}

    def chat_update(self, asked: Json) -> Json:
        check_message(asked)
        self._message(asked).update(text=asked.get("text"), blocks=asked.get("blocks") or [])
        return {"ts": asked["ts"]}

    def chat_delete(self, asked: Json) -> Json:
        self.messages.remove(self._message(asked))
        return {"ts": asked["ts"]}

    def conversations_replies(self, asked: Json) -> Json:
        self._in_channel(asked)
        found = [
            each
            for each in self._since(asked)
            if asked["ts"] in (each["ts"], each.get("thread_ts"))
        ]
        return self._page(asked, found)

    def conversations_history(self, asked: Json) -> Json:
        self._in_channel(asked)
        return self._page(asked, [each for each in self._since(asked) if "thread_ts" not in each])

    def files_getUploadURLExternal(self, asked: Json) -> Json:
        number = f"F{next(self._count):06}"
        self.files[number] = {
            "id": number,
            "name": asked["filename"],
            "length": int(asked["length"]),
            "content": b"",
        }
        return {"file_id": number, "upload_url": f"{self.base}/upload/{number}"}

    def files_completeUploadExternal(self, asked: Json) -> Json:
        self._in_channel({"channel": asked["channel_id"]})
        files = []
        for each in json.loads(asked["files"]):
            kept = self.files[each["id"]]
            if len(kept["content"]) != kept["length"]:
                raise Refused("file_not_uploaded")
            files.append({"id": each["id"], "name": kept["name"], "title": each["title"]})
        shared = {"channel": asked["channel_id"], "text": "", "bot_id": BOT_ID, "files": files}
        self._add(shared, asked.get("thread_ts") or "")
        return {"files": files}

    def views_open(self, asked: Json) -> Json:
        view = asked["view"]
        view = json.loads(view) if isinstance(view, str) else view
        if len(view["title"]["text"]) > 24 or len(view.get("private_metadata", "")) > 3_000:
            raise Invalid("invalid_arguments")
        check_blocks(view["blocks"], most=100)
        self.views.append(view)
        return {"view": {"id": "V1"}}

    def _in_channel(self, asked: Json) -> None:
        if asked["channel"] in self.foreign:
            raise Refused("not_in_channel")

    def _add(self, message: Json, thread: str) -> Json:
        with self.guard:
            # Six digits that count up make each one different.
            ts = f"{time.time():.0f}.{next(self._count) % 1_000_000:06}"
            kept = {**message, "ts": ts}
            kept.pop("thread_ts", None)
            if thread:
                kept["thread_ts"] = thread
            self.messages.append(kept)
            return kept

    def _message(self, asked: Json) -> Json:
        for each in self.messages:
            if (each["channel"], each["ts"]) == (asked["channel"], asked["ts"]):
                return each
        raise Refused("message_not_found")

    def _since(self, asked: Json) -> list[Json]:
        oldest = float(asked.get("oldest") or 0)
        return [
            each
            for each in self.messages
            if each["channel"] == asked["channel"] and float(each["ts"]) >= oldest
        ]

    def _page(self, asked: Json, found: list[Json]) -> Json:
        start, limit = int(asked.get("cursor") or 0), min(int(asked.get("limit") or 100), 100)
        page = found[start : start + limit]
        if not asked.get("include_all_metadata"):
            page = [{k: v for k, v in each.items() if k != "metadata"} for each in page]
        more = str(start + limit) if start + limit < len(found) else ""
        return {"messages": page, "response_metadata": {"next_cursor": more}}
