"""A chat that remembers: complete answers are stored at once, and asked for once."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from summarizer.errors import NotRecorded, PromptTooLong
from summarizer.llm import cache_explain
from summarizer.llm.cache_explain import Lookup, RunLog
from summarizer.llm.reply import Outcome, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from summarizer.llm.protocol import Chat
    from summarizer.llm.request import Request
    from summarizer.llm.store import Store


CACHE = "the cache"
"""What a store is called that is the user's own."""


TOO_LONG = "too_long"
"""The outcome, in a recording, of a request that the server did not take for its length."""


def key_of(request: Request, endpoint: str) -> str:
    """Return the key of a request's answer by one server."""
    return key_from(request.fingerprint(), endpoint)


def key_from(fingerprint: str, endpoint: str) -> str:
    """Return the key of the answer to a request with that fingerprint by one server."""
    return hashlib.sha256(f"{fingerprint}{endpoint}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request and where its answer belongs."""

    request: Request
    key: str
    fingerprint: str


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
        self._turns = _Turns()
        self._log = RunLog()
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
        asked = self._asked(request)
        found = self._found(asked)
        if found is not None:
            return found
        if self._mode == "offline":
            raise self._not_recorded(asked)
        with self._turns.at(asked.key), self._store.turn(asked.key):
            # Whoever had the turn before may have stored it.
            return self._found(asked) or self._fetched(asked)

    def knows(self, request: Request) -> bool:
        """Return whether the answer is stored and would be used; nothing is counted."""
        if self._mode in ("off", "refresh"):
            return False
        return self._stored(self._asked(request)) is not None

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """What was looked up so far, and with what success."""
        return self._log.lookups

    @property
    def missing(self) -> tuple[Lookup, ...]:
        """The lookups that found nothing; offline, what a report is without."""
        return tuple(lookup for lookup in self._log.lookups if not lookup.hit)

    def record(self, path: Path) -> int:
        """Write all answers of this run to a file, and return how many they are.

        Raises:
            UsageError: The file cannot be written.
        """
        from summarizer.llm.recordings import save_recordings

        rows = {each.key: self._row_of(each.key) for each in self._log.lookups}
        return save_recordings([row for row in rows.values() if row is not None], path)

    def _row_of(self, key: str) -> dict[str, Any] | None:
        return self._store.get(key) or self._unstored.get(key)

    def close(self) -> None:
        """Keep what was looked up for ``summarize cache explain``."""
        self._log.save(self._store, ended=self._now(), mode=self._mode, endpoint=self._endpoint)

    def __enter__(self) -> CachedChat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, request: Request) -> _Asked:
        return _Asked(request, key_of(request, self._endpoint), request.fingerprint())

    def _found(self, asked: _Asked) -> Reply | None:
        if self._mode == "refresh" and asked.key not in self._fresh:
            return None
        reply = self._stored(asked)
        if reply is not None:
            self._note(asked, hit=True)
        return reply

    def _stored(self, asked: _Asked) -> Reply | None:
        row = self._store.get(asked.key)
        if row is None:
            return None
        if self._is_ours(row, asked) and row.get("outcome"):
            return _not_complete(row)
        if self._is_sound(row, asked):
            # Tokens are what this run took: none.
            return Reply(
                outcome=Outcome.COMPLETE,
                value=row["value"],
                model=str(row.get("model", "")),
                calls=0,
                cached=True,
            )
        self._spoilt.add(asked.key)
        if self._mode != "offline":
            self._store.delete(asked.key)
        return None

    def _is_ours(self, row: dict[str, Any], asked: _Asked) -> bool:
        return row.get("fingerprint") == asked.fingerprint and row.get("endpoint") == self._endpoint

    def _is_sound(self, row: dict[str, Any], asked: _Asked) -> bool:
        return self._is_ours(row, asked) and "value" in row and _fits(row["value"], asked.request)

    def _fetched(self, asked: _Asked) -> Reply:
        """Ask, and store a complete answer before anybody sees it."""
        parts = cache_explain.parts_of(asked.request, self._endpoint)
        self._note(asked, hit=False, why=self._why(asked, parts))
        try:
            reply = self._inner.ask(asked.request)
        except PromptTooLong as error:
            nothing = Reply(outcome=Outcome.TRUNCATED, model=asked.request.model)
            row = self._row(asked, parts, nothing)
            self._unstored[asked.key] = row | {"outcome": TOO_LONG, "detail": error.message}
            raise
        row = self._row(asked, parts, reply)
        if reply.outcome is Outcome.COMPLETE and not reply.lacks:
            self._store.put(asked.key, row, stage=asked.request.stage)
            self._fresh.add(asked.key)
            cache_explain.note(self._store, asked.request, asked.key, parts)
        else:
            self._unstored[asked.key] = row | {"outcome": reply.outcome, "detail": reply.detail}
        return reply

    def _row(self, asked: _Asked, parts: dict[str, str], reply: Reply) -> dict[str, Any]:
        return {
            "fingerprint": asked.fingerprint,
            "endpoint": self._endpoint,
            "stage": asked.request.stage,
            "subject": asked.request.subject,
            "parts": parts,
            "created": self._now(),
            "model": reply.model,
            "tokens": asdict(reply.tokens),
            "value": reply.value,
        }

    def _not_recorded(self, asked: _Asked) -> NotRecorded:
        why = self._why(asked, cache_explain.parts_of(asked.request, self._endpoint))
        self._note(asked, hit=False, why=why)
        about = f" of {asked.request.subject}" if asked.request.subject else ""
        return NotRecorded(
            f"The answer to {asked.request.stage}{about} is not in {self._place}: {why}.",
            hint="Run once without --offline, and it is recorded."
            if self._place == CACHE
            else "Record again: `summarize eval run --record FILE`.",
        )

    def _why(self, asked: _Asked, parts: dict[str, str]) -> str:
        if asked.key in self._spoilt:
            return cache_explain.UNUSABLE
        if self._mode == "refresh":
            return cache_explain.REFRESHED
        return cache_explain.reason(self._store, asked.request, asked.key, parts)

    def _note(self, asked: _Asked, *, hit: bool, why: str = "") -> None:
        request = asked.request
        self._log.add(
            Lookup(stage=request.stage, subject=request.subject, key=asked.key, hit=hit, why=why)
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
    return Reply(
        outcome=Outcome(row["outcome"]),
        detail=str(row.get("detail", "")),
        model=str(row.get("model", "")),
        calls=0,
        cached=True,
    )


def _fits(value: object, request: Request) -> bool:
    """Return whether a stored value is what the request asks for."""
    if request.shape is not None:
        try:
            request.shape.check(value)
        except ValueError:
            return False
        return True
    answers = value if isinstance(value, list) else []
    return len(answers) == len(request.questions) and all(map(_is_answer, answers))


def _is_answer(value: object) -> bool:
    """Return whether a value is a probability, or the None of a question that was declined."""
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


class _Turns:
    """One thread at a time for each key."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, list[None]]] = {}

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        with self._guard:
            lock, waiting = self._locks.setdefault(key, (threading.Lock(), []))
            waiting.append(None)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                waiting.pop()
                if not waiting:
                    del self._locks[key]
