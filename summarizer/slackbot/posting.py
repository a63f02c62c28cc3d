"""Posting: answers, each once, and the message that shows how far a job is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from slack_sdk.errors import SlackApiError

from summarizer.errors import SlackFailed
from summarizer.render.block_kit import Message
from summarizer.slackbot.jobs import Job
from summarizer.slackbot.replies import WORDS
from summarizer.slackbot.slack_api import ERRORS, Workspaces, messages_at, reason, status

LEAST_PAUSE = 3.0
"""Seconds between two updates of the same stage: Slack takes about one message a second in a
channel, and the answer is to find room."""

EVENT_TYPE = "news_diff"  # what our metadata is called
TRIES = 15  # times that a message is tried; with the pauses that is about ten minutes

LONGEST_PAUSE = 60.0
"""Seconds between two tries, at most; the first is one second, each next one twice as long."""

EARLIER = 300.0
"""Seconds by which Slack's clock may be behind ours: as many as a signature may be old."""

MAY_BE_POSTED = frozenset({"internal_error", "fatal_error", "service_unavailable", "timeout"})
"""Errors that Slack names and after which the message may be there all the same, beside those
that come with a status of 500 or more."""

log = logging.getLogger(__name__)


class ProgressMessage:
    """Shows the stages of one job in its thread, for a ``with``: in a message, removed at the end.

    What Slack does not take of it is not shown; the job goes on.
    """

    def __init__(
        self, workspaces: Workspaces, job: Job, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._place = workspaces.trying(job.place), job.place
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
        try:
            answer = self._client.api_call(
                method, json={"channel": self._place.channel, **arguments}
            )
        except ERRORS as error:
            log.debug("no progress shown: %s", reason(error))
            return ""
        return str(answer.get("ts") or "")


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts for jobs; ``pause`` waits for some seconds."""

    workspaces: Workspaces
    pause: Callable[[float], None] = time.sleep

    def message(self, job: Job, what: str, message: Message) -> str:
        """Post a message to the job's place and return its ``ts``; if it is there, that one's.

        ``what`` is which of the job's messages it is.

        Raises:
            SlackFailed: Slack does not take it, or did not for many minutes.
        """
        client, place = self.workspaces.posting(job.place), job.place
        payload = {"key": f"{job.id}:{what}"}

        def post() -> str:
            answer = client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
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
        """Share documents in the job's thread, under names that are the job's own.

        Raises:
            SlackFailed: Slack does not take them.
        """
        client, place = self.workspaces.posting(job.place), job.place
        names = {f"news-diff-{job.id[:8]}.{name}": text for name, text in documents.items()}

        def post() -> str:
            client.files_upload_v2(
                file_uploads=[
                    {"filename": name, "title": name, "content": text}
                    for name, text in names.items()
                ],
                channel=place.channel,
                thread_ts=place.thread or None,
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
        client, oldest = self.workspaces.asking(job.place), f"{job.at - EARLIER:.6f}"
        try:
            yield from messages_at(client, job.place, oldest=oldest, include_all_metadata=True)
        except SlackApiError as error:
            if not _is_refusal(error):
                raise
            log.warning("job %s: its thread cannot be read (%s)", job.id, reason(error))


def _is_refusal(error: Exception) -> bool:
    """Return whether Slack has said that it will not, and so did nothing."""
    if not isinstance(error, SlackApiError):
        return False
    return status(error) < 500 and status(error) != 429 and reason(error) not in MAY_BE_POSTED
