"""A chat that remembers: complete answers are stored at once, and asked for once.

For every stage and subject the store keeps the parts of the answers stored last, and for the last
run what was looked up: ``summarize cache explain`` shows both.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from summarizer.errors import NotRecorded, PromptTooLong
from summarizer.llm.request import Outcome, Reply, Request, answer_key, digest

if TYPE_CHECKING:
    from summarizer.llm.request import Chat, Request
    from summarizer.llm.store import Store

VARIANTS_KEPT = 8
"""Answers to one stage and subject whose parts are kept: enough for a few models and samples
tried in turn."""

LOOKUPS_KEPT = 2000
"""Lookups of one run that are kept: those of some hundred articles, in half a megabyte."""

LAST_RUN = "run/last"
"""The key of the last run's lookups."""

NEVER = "never asked"
EVICTED = "it was stored and evicted"
UNUSABLE = "what was stored could not be used"
REFRESHED = "a new answer was asked for"
REWORDED = "the wording of the request changed"

_REASONS = {
    "schema": "another schema",
    "stage version": "another version of the code that reads it",
    "sampling": "sampling changed",
    "sample": "another sample",
    "questions": "the questions changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One request of a run: whether its answer was in the cache, and if not, why."""

    stage: str
    subject: str
    key: str
    hit: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run looked up. ``left_out`` counts the lookups that were too many to keep."""

    ended: str
    mode: str
    endpoint: str
    lookups: tuple[Lookup, ...]
    left_out: int = 0


def parts_of(request: Request, endpoint: str) -> dict[str, str]:
    """Return the ingredients of a request by name: short ones as they are, others by hash."""
    body = request.body()
    return {
        "model": request.model,
        "server": endpoint,
        "schema": digest(body["schema"]) if request.shape else "",
        "stage version": str(request.stage_version),
        "sampling": digest(body["sampling"]),
        "sample": str(request.sample),
        "questions": digest(body["questions"]) if request.questions else "",
        "messages": digest(body["messages"]),
        **{part.name: part.sha256 for part in request.parts},
    }


def note_parts(store: Store, request: Request, key: str, parts: Mapping[str, str]) -> None:
    """Remember the parts of an answer that has been stored."""
    place = _place(request)
    variants = [variant for variant in _variants(store, place) if variant["key"] != key]
    variants = [*variants, {"key": key, "parts": dict(parts)}][-VARIANTS_KEPT:]
    about = {"stage": request.stage, "subject": request.subject}
    store.put(place, {**about, "variants": variants}, stage=request.stage)


def reason_for_miss(store: Store, request: Request, key: str, parts: Mapping[str, str]) -> str:
    """Return why there is no answer under ``key``, by the stored answer that is nearest."""
    variants = _variants(store, _place(request))
    if not variants:
        return NEVER
    if any(variant["key"] == key for variant in variants):
        return EVICTED
    # The last stored comes first, so that it wins among equally near ones.
    nearest = min(
        (variant["parts"] for variant in reversed(variants)),
        key=lambda old: len(_changed(old, parts)),
    )
    reasons = [_reason_for(name, nearest) for name in _changed(nearest, parts)]
    return "; ".join(reasons) or REWORDED


def save_run(store: Store, run: Run) -> None:
    """Keep a run as the last one; misses go before hits where the lookups are many."""
    if run.lookups:
        # A sort is stable: misses first, each kind in its order.
        kept = sorted(run.lookups, key=lambda lookup: lookup.hit)[:LOOKUPS_KEPT]
        left_out = len(run.lookups) - len(kept)
        store.put(LAST_RUN, asdict(replace(run, lookups=tuple(kept), left_out=left_out)))


def last_run(store: Store) -> Run | None:
    """Return what the last run looked up, misses first; None where none is recorded."""
    row = store.get(LAST_RUN)
    if row is None:
        return None
    try:
        return Run(
            ended=str(row["ended"]),
            mode=str(row["mode"]),
            endpoint=str(row["endpoint"]),
            lookups=tuple(_lookup(each) for each in row["lookups"]),
            left_out=int(row["left_out"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _lookup(row: Mapping[str, object]) -> Lookup:
    texts = {name: str(row[name]) for name in ("stage", "subject", "key", "why")}
    return Lookup(**texts, hit=row["hit"] is True)


def _place(request: Request) -> str:
    return f"asked/{digest([request.stage, request.subject])}"


def _variants(store: Store, place: str) -> Sequence[dict[str, Any]]:
    variants = (store.get(place) or {}).get("variants")
    return [
        {"key": variant.get("key"), "parts": variant["parts"]}
        for variant in (variants if isinstance(variants, list) else ())
        if isinstance(variant, dict) and isinstance(variant.get("parts"), dict)
    ]


def _changed(old: Mapping[str, object], new: Mapping[str, str]) -> list[str]:
    """Return the names of the parts that differ; of messages, only where nothing else does."""
    names = [*new, *(name for name in old if name not in new)]
    return [name for name in names if name != "messages" and old.get(name) != new.get(name)]


def _reason_for(name: str, old: Mapping[str, object]) -> str:
    if name in ("model", "server"):
        return f"another {name} (was {old.get(name) or 'unknown'})"
    return _REASONS.get(name) or f"the {name} changed"


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

    def rows(self) -> list[dict[str, Any]]:
        """Return all answers of this run, as a recording keeps them."""
        keys = dict.fromkeys(each.key for each in self.lookups)
        rows = [self._store.get(key) or self._unstored.get(key) for key in keys]
        return [row for row in rows if row is not None]

    def close(self) -> None:
        """Keep what was looked up for ``summarize cache explain``."""
        run = Run(ended=self._now(), mode=self._mode, endpoint=self._endpoint, lookups=self.lookups)
        save_run(self._store, run)

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
        parts = parts_of(request, self._endpoint)
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
            note_parts(self._store, request, key, parts)
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
        why = self._why(request, key, parts_of(request, self._endpoint))
        self._note(request, key, why=why)
        about = f" of {request.subject}" if request.subject else ""
        return NotRecorded(
            f"The answer to {request.stage}{about} is not in {self._place}: {why}.",
            hint="Run once without the setting cache = offline, and it is recorded."
            if self._place == CACHE
            else "Record again: `summarize eval run --record FILE`.",
        )

    def _why(self, request: Request, key: str, parts: dict[str, str]) -> str:
        if key in self._spoilt:
            return UNUSABLE
        if self._mode == "refresh":
            return REFRESHED
        return reason_for_miss(self._store, request, key, parts)

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
