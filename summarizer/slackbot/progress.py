"""How far a request is: task cards where Slack streams them, else a message that is edited.

It is worth no waiting and no second try: whatever fails here is passed over, and the answer
comes all the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from summarizer.slackbot.jobs import Job
from summarizer.slackbot.slack_api import ERRORS, Clients, reason

STAGES = {
    "fetching": "Fetching the articles",
    "reading": "Reading them",
    "matching": "Looking for the same facts",
    "judging": "Checking each fact against the others",
    "answering": "Writing the answer",
}
"""What a stage of the pipeline is called here."""

LEAST_PAUSE = 3.0
"""Seconds between two updates of the same stage: Slack takes about one message a second in a
channel, and the answer is to find room."""

STREAM_SECONDS = 240.0
"""Slack ends a stream after five minutes; after these the cards are left as they are."""

log = logging.getLogger(__name__)


class ProgressMessage:
    """Shows the stages of one job in its thread, for a ``with``.

    Args:
        clients: Slack.
        job: The job; it has a thread.
        clock: Seconds that only go forward.
    """

    def __init__(
        self, clients: Clients, job: Job, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = clients.trying(job.place)
        self._place = job.place
        self._clock = clock
        self._began = self._told = clock()
        self._stage = ""
        self._ts = ""
        self._streams = True

    def __enter__(self) -> Self:
        self._set_status("is comparing the articles…")
        self.tell("fetching", 0, 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_progress("complete" if kind is None else "error")

    def tell(self, stage: str, done: int, total: int) -> None:
        """Show a stage, and how much of it is done."""
        now = self._clock()
        if stage == self._stage and now - self._told < LEAST_PAUSE:
            return
        before, self._stage, self._told = self._stage, stage, now
        count = f"{done} of {total}" if total > 1 else ""
        if self._streams and now - self._began < STREAM_SECONDS:
            chunks = [_task_update(before, "complete")] if before and before != stage else []
            self._stream_chunks([*chunks, _task_update(stage, "in_progress", count)])
        elif not self._streams:
            self._edit_message(f"{STAGES.get(stage, stage)}… {count}".strip())

    def _stream_chunks(self, chunks: list[dict[str, Any]]) -> None:
        if self._ts:
            self._try_call(self._client.chat_appendStream, ts=self._ts, chunks=chunks)
            return
        answer = self._try_call(
            self._client.chat_startStream,
            thread_ts=self._place.thread,
            recipient_team_id=self._place.team,
            recipient_user_id=self._place.user,
            task_display_mode="plan",
            chunks=chunks,
        )
        if answer is None:
            # Not to be had in this workspace, or only now: either way an edited message will do.
            self._streams = False
            self._edit_message(f"{STAGES['fetching']}…")
        else:
            self._ts = str(answer["ts"])

    def _edit_message(self, text: str) -> None:
        if self._ts:
            self._try_call(self._client.chat_update, ts=self._ts, text=text)
            return
        answer = self._try_call(
            self._client.chat_postMessage, thread_ts=self._place.thread, text=text
        )
        self._ts = str(answer["ts"]) if answer is not None else ""

    def _end_progress(self, status: str) -> None:
        if self._ts and self._streams:
            chunks = [_task_update(self._stage, status)]
            self._try_call(self._client.chat_stopStream, ts=self._ts, chunks=chunks)
        elif self._ts:
            self._try_call(self._client.chat_delete, ts=self._ts)
        self._set_status("")

    def _set_status(self, status: str) -> None:
        self._try_call(
            self._client.assistant_threads_setStatus,
            channel_id=self._place.channel,
            thread_ts=self._place.thread,
            status=status,
        )

    def _try_call(self, method: Callable[..., Any], **arguments: Any) -> Any:
        if "channel_id" not in arguments:
            arguments["channel"] = self._place.channel
        try:
            return method(**arguments)
        except ERRORS as error:
            log.debug("no progress shown: %s", reason(error))
            return None


def _task_update(stage: str, status: str, count: str = "") -> dict[str, Any]:
    """Return an update of a card.

    The count is part of the title: of a card Slack replaces the title, but appends ``details``.
    """
    title = STAGES.get(stage, stage)
    return {
        "type": "task_update",
        "id": stage,
        "title": f"{title}: {count}" if count else title,
        "status": status,
    }
