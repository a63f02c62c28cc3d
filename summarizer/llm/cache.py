"""A chat that remembers: complete answers are stored at once, and asked for once."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from summarizer.errors import NotRecorded, PromptTooLong
from summarizer.llm import cache_explain
from summarizer.llm.cache_explain import Lookup
from summarizer.llm.reply import Outcome, Reply
from summarizer.llm.request import answer_key

if TYPE_CHECKING:
    from pathlib import Path

    from summarizer.llm.reply import Chat
    from summarizer.llm.request import Request
    from summarizer.llm.store import Store

CACHE = "the cache"
"""What a store is called that is the user's own."""

TOO_LONG = "too_long"
"""The outcome, in a recording, of a request that the server did not take for its length."""


def key_of(request: Request, endpoint: str) -> str:
    """Return the key of a request's answer by one server."""
    return answer_key(request.fingerprint(), endpoint)


class CachedChat:
    """Answers from the store where it can, and stores what it had to ask for.

    Only complete answers that leave nothing out are stored. One request is asked once,
    however many threads and processes want it at the same time; where that fails, each of
    them tries for itself.

    Args:
        inner: Who is asked. Its complete replies must have been checked against their shape.
        store: Where answers are kept; not closed here.
        endpoint: The server's address, without anything secret.
        mode: What is done with stored answers, one of ``settings.CACHE_MODES``.
        place: What the store is called where an answer is missing in it.
        clock: The time in seconds since 1970.
    """

    def __init__(
        self,
        inner: Chat,
        store: Store,
        *,
        endpoint: str,
        mode: str = "on",
        place: str = CACHE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inner = inner
        self._store = store
        self._endpoint = endpoint
        self._mode = mode
        self._place = place
        self._clock = clock
        self._guard = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lookups: list[Lookup] = []
        # Keys whose answer this run has stored, and those whose stored answer was no good.
        self._fresh: set[str] = set()
        self._spoilt: set[str] = set()
        # What was answered in this run and is not stored, for a recording: how else would a
        # replay know that a request did not fit?
        self._unstored: dict[str, dict[str, Any]] = {}

    def ask(self, request: Request) -> Reply:
        """Return the stored answer, or ask and store it.

        Raises:
            NotRecorded: Nothing may be sent, and the answer is not stored.
            ServiceError: As the inner chat raises it.
            BudgetReached: As the inner chat raises it.
        """
        if self._mode == "off":
            return self._inner.ask(request)
        key = key_of(request, self._endpoint)
        reply = self._look_up(request, key)
        if reply is not None:
            return reply
        if self._mode == "offline":
            raise self._not_recorded(request, key)
        with self._guard:
            turn = self._turns[key]
        with turn, self._store.turn(key):
            # Whoever had the turn before may have stored it.
            return self._look_up(request, key) or self._fetch(request, key)

    def knows(self, request: Request) -> bool:
        """Return whether the answer is stored and would be used; nothing is counted."""
        if self._mode in ("off", "refresh"):
            return False
        return self._stored(request, key_of(request, self._endpoint)) is not None

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """What was looked up so far, and with what success."""
        with self._guard:
            return tuple(self._lookups)

    @property
    def missing(self) -> tuple[Lookup, ...]:
        """The lookups that found nothing; offline, what a report is without."""
        return tuple(lookup for lookup in self.lookups if not lookup.hit)

    def record(self, path: Path) -> int:
        """Write all answers of this run to a file, and return how many they are.

        Raises:
            UsageError: The file cannot be written.
        """
        from summarizer.llm.recordings import save_recordings

        keys = dict.fromkeys(each.key for each in self.lookups)
        rows = [self._store.get(key) or self._unstored.get(key) for key in keys]
        return save_recordings([row for row in rows if row is not None], path)

    def close(self) -> None:
        """Keep what was looked up for ``summarize cache explain``."""
        cache_explain.save_run(
            self._store,
            self.lookups,
            ended=self._now(),
            mode=self._mode,
            endpoint=self._endpoint,
        )

    def __enter__(self) -> CachedChat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _look_up(self, request: Request, key: str) -> Reply | None:
        if self._mode == "refresh" and key not in self._fresh:
            return None
        reply = self._stored(request, key)
        if reply is not None:
            self._note(request, key, hit=True)
        return reply

    def _stored(self, request: Request, key: str) -> Reply | None:
        row = self._store.get(key)
        if row is None:
            return None
        if (row.get("fingerprint"), row.get("endpoint")) == (request.fingerprint(), self._endpoint):
            if row.get("outcome"):
                return _not_complete(row)
            if "value" in row and _fits(row["value"], request):
                # Tokens are what this run took: none.
                return _reply(row, Outcome.COMPLETE, value=row["value"])
        self._spoilt.add(key)
        if self._mode != "offline":
            self._store.delete(key)
        return None

    def _fetch(self, request: Request, key: str) -> Reply:
        """Ask, and store a complete answer before anybody sees it."""
        parts = cache_explain.parts_of(request, self._endpoint)
        self._note(request, key, why=self._why(request, key, parts))
        try:
            reply = self._inner.ask(request)
        except PromptTooLong as error:
            row = self._row(request, parts, Reply(outcome=Outcome.TRUNCATED, model=request.model))
            self._unstored[key] = row | {"outcome": TOO_LONG, "detail": error.message}
            raise
        row = self._row(request, parts, reply)
        if reply.outcome is Outcome.COMPLETE and not reply.lacks:
            self._store.put(key, row, stage=request.stage)
            self._fresh.add(key)
            cache_explain.note(self._store, request, key, parts)
        else:
            self._unstored[key] = row | {"outcome": reply.outcome, "detail": reply.detail}
        return reply

    def _row(self, request: Request, parts: dict[str, str], reply: Reply) -> dict[str, Any]:
        return {
            "fingerprint": request.fingerprint(),
            "endpoint": self._endpoint,
            "stage": request.stage,
            "subject": request.subject,
            "parts": parts,
            "created": self._now(),
            "model": reply.model,
            "tokens": asdict(reply.tokens),
            "value": reply.value,
        }

    def _not_recorded(self, request: Request, key: str) -> NotRecorded:
        why = self._why(request, key, cache_explain.parts_of(request, self._endpoint))
        self._note(request, key, why=why)
        about = f" of {request.subject}" if request.subject else ""
        return NotRecorded(
            f"The answer to {request.stage}{about} is not in {self._place}: {why}.",
            hint="Run once without --offline, and it is recorded."
            if self._place == CACHE
            else "Record again: `summarize eval run --record FILE`.",
        )

    def _why(self, request: Request, key: str, parts: dict[str, str]) -> str:
        if key in self._spoilt:
            return cache_explain.UNUSABLE
        if self._mode == "refresh":
            return cache_explain.REFRESHED
        return cache_explain.reason(self._store, request, key, parts)

    def _note(self, request: Request, key: str, *, hit: bool = False, why: str = "") -> None:
        with self._guard:
            self._lookups.append(
                Lookup(stage=request.stage, subject=request.subject, key=key, hit=hit, why=why)
            )

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")


def _not_complete(row: dict[str, Any]) -> Reply:
    """Return what a recording has in the place of an answer.

    Raises:
        PromptTooLong: That the request was too long.
    """
    if row["outcome"] == TOO_LONG:
        raise PromptTooLong(str(row.get("detail", "")))
    return _reply(row, Outcome(row["outcome"]))


def _reply(row: dict[str, Any], outcome: Outcome, value: object = None) -> Reply:
    return Reply(
        outcome=outcome,
        value=value,
        detail=str(row.get("detail", "")),
        model=str(row.get("model", "")),
        calls=0,
        cached=True,
    )


def _fits(value: object, request: Request) -> bool:
    """Return whether a stored value is what the request asks for."""
    try:
        request.check(value)
    except ValueError:
        return False
    return True
