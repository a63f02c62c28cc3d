"""A chat that remembers: complete answers are stored at once, and asked for once.

For every stage and subject the store keeps the parts of the answers stored last, and for the last
run what was looked up: ``summarize cache explain`` shows both.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from summarizer.errors import NotRecorded, PromptTooLong
from summarizer.llm.request import Outcome, Reply, Request, answer_key, digest
from summarizer.llm.usage_meter import StageUse, UsageMeter

if TYPE_CHECKING:
    from summarizer.llm.request import Chat
    from summarizer.llm.store import Store

VARIANTS_KEPT = 8
"""Answers to one stage and subject whose parts are kept: enough for a few models and samples
tried in turn."""

LOOKUPS_KEPT = 2000
"""Lookups of one run that are kept: those of some hundred articles, in half a megabyte."""

LAST_RUN = "run/last"
"""The key of the last run's lookups."""

CACHE = "the cache"
"""What a store is called that is the user's own."""

TOO_LONG = "too_long"
"""The outcome, in a recording, of a request that the server did not take for its length."""

NEVER = "never asked"
EVICTED = "it was stored and evicted"
UNUSABLE = "what was stored could not be used"
REFRESHED = "a new answer was asked for"
REWORDED = "the wording of the request changed"

_REASONS = {
    "model": "another model (was {old})",
    "server": "another server (was {old})",
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


def last_run(store: Store) -> Run | None:
    """Return what the last run looked up, misses first; None where none is recorded."""
    from summarizer.schemas.files import parse_value

    return parse_value(Run, store.get(LAST_RUN))


def key_of(request: Request, endpoint: str) -> str:
    """Return the key of a request's answer by one server."""
    return answer_key(request.fingerprint(), endpoint)


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
        **request.parts,
    }


def note_parts(store: Store, about: Mapping[str, str], key: str, parts: Mapping[str, str]) -> None:
    """Remember the parts of an answer that has been stored, by its stage and subject."""
    variants = {**_variants(store, about), key: dict(parts)}
    kept = [{"key": key, "parts": variants[key]} for key in [*variants][-VARIANTS_KEPT:]]
    store.put(_place(about), {**about, "variants": kept}, stage=about["stage"])


def reason_for_miss(
    store: Store, about: Mapping[str, str], key: str, parts: Mapping[str, str]
) -> str:
    """Return why there is no answer under ``key``, by the stored answer that is nearest."""
    variants = _variants(store, about)
    if not variants:
        return NEVER
    if key in variants:
        return EVICTED

    def changed(old: Mapping[str, str]) -> list[str]:
        # The messages say something only where nothing else does.
        names = dict.fromkeys([*parts, *old])
        return [name for name in names if name != "messages" and old.get(name) != parts.get(name)]

    # The last stored comes first, so that it wins among equally near ones.
    nearest = min(reversed(variants.values()), key=lambda old: len(changed(old)))
    return (
        "; ".join(
            _REASONS.get(name, f"the {name} changed").format(old=nearest.get(name) or "unknown")
            for name in changed(nearest)
        )
        or REWORDED
    )


def _place(about: Mapping[str, str]) -> str:
    return f"asked/{digest([about['stage'], about['subject']])}"


def _variants(store: Store, about: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the parts of the answers stored last, by their keys, the oldest first."""
    variants = (store.get(_place(about)) or {}).get("variants")
    return {
        str(variant.get("key")): variant["parts"]
        for variant in (variants if isinstance(variants, list) else ())
        if isinstance(variant, dict) and isinstance(variant.get("parts"), dict)
    }


class CachedChat:
    """Answers from the store where it can, and stores what it had to ask for.

    Only complete answers that leave nothing out are stored; the inner chat has checked their
    shape. One request is asked once, however many threads and processes want it at the same
    time; where that fails, each of them tries for itself. The store is not closed here.

    ``endpoint`` is the server's address, without anything secret; ``mode`` one of
    ``settings.CACHE_MODES``; ``place`` what the store is called where an answer is missing in it;
    ``meter`` counts the stored answers that were used; ``clock`` gives seconds since 1970.
    """

    def __init__(
        self,
        inner: Chat,
        store: Store,
        *,
        endpoint: str,
        mode: str = "on",
        place: str = CACHE,
        meter: UsageMeter | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inner = inner
        self._store = store
        self._endpoint = endpoint
        self._mode = mode
        self._place = place
        self._meter = meter or UsageMeter()
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
        """Return the stored answer, or ask and store it; see ``Chat.ask``.

        Raises:
            NotRecorded: Nothing may be sent, and the answer is not stored.
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

    def stored(self, request: Request) -> Reply | None:
        """Return the answer that is stored and would be used; nothing is counted or noted."""
        if self._mode in ("off", "refresh"):
            return None
        return self._stored(request, key_of(request, self._endpoint))

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
        """Keep what was looked up for ``summarize cache explain``, the misses first."""
        if self._lookups:
            run = Run(
                ended=self._now(),
                mode=self._mode,
                endpoint=self._endpoint,
                lookups=tuple(sorted(self._lookups, key=lambda each: each.hit)[:LOOKUPS_KEPT]),
                left_out=max(0, len(self._lookups) - LOOKUPS_KEPT),
            )
            self._store.put(LAST_RUN, asdict(run))

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
            self._meter.add(StageUse(stage=request.stage, cached_calls=1))
        return reply

    def _stored(self, request: Request, key: str) -> Reply | None:
        row = self._store.get(key)
        if row is None:
            return None
        try:
            if (row["fingerprint"], row["endpoint"]) == (request.fingerprint(), self._endpoint):
                return _reply(row, request)
        except (KeyError, ValueError):
            pass  # It is of another shape than what was asked for.
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
            note_parts(self._store, _about(request), key, parts)
        else:
            self._unstored[key] = row | {"outcome": reply.outcome, "detail": reply.detail}
        return reply

    def _row(self, request: Request, parts: dict[str, str], reply: Reply) -> dict[str, Any]:
        return {
            "fingerprint": request.fingerprint(),
            "endpoint": self._endpoint,
            **_about(request),
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
        return reason_for_miss(self._store, _about(request), key, parts)

    def _note(self, request: Request, key: str, *, hit: bool = False, why: str = "") -> None:
        with self._guard:
            self._lookups.append(Lookup(**_about(request), key=key, hit=hit, why=why))

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")


def _about(request: Request) -> dict[str, str]:
    return {"stage": request.stage, "subject": request.subject}


def _reply(row: Mapping[str, Any], request: Request) -> Reply:
    """Return what is stored or recorded as a reply, which took no tokens of this run.

    Raises:
        PromptTooLong: It is recorded that the request was too long.
        KeyError, ValueError: What is stored is not what was asked for.
    """
    detail, outcome = str(row.get("detail", "")), row.get("outcome", Outcome.COMPLETE)
    if outcome == TOO_LONG:
        raise PromptTooLong(detail)
    reply = Reply(
        outcome=Outcome(outcome), detail=detail, model=str(row["model"]), calls=0, cached=True
    )
    if reply.outcome is not Outcome.COMPLETE:
        return reply
    request.check(row["value"])
    return replace(reply, value=row["value"])
