"""A chat that remembers: complete answers are stored at once, and asked for once.

The store also keeps what the last run looked up, and of what parts the last answers to each stage
and subject were made: ``summarize cache explain`` shows both. A recording is the part of the store
that one run needed, in a file that does not depend on a machine, a server or a key.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from summarizer.errors import InputError, NotRecorded, PromptTooLong, ServiceError, UsageError
from summarizer.llm.costs import Price, UsageMeter, cost, expected_usage
from summarizer.llm.request import Chat, Outcome, Reply, Request, answer_key, digest
from summarizer.llm.store import Store
from summarizer.schemas import RecordedLine, parse_lines, parse_value
from summarizer.settings import Settings
from summarizer.text.data import load
from summarizer.usage import Usage

VARIANTS_KEPT = 8  # answers to one stage and subject whose parts are kept: a few models, samples
LOOKUPS_KEPT = 2000  # of one run: those of some hundred articles, in half a megabyte
LAST_RUN = "run/last"  # the key of the last run's lookups
CACHE = "the cache"  # what a store is called that is the user's own
TOO_LONG = "too_long"  # the outcome, in a recording, of a request too long for the server
RECORD_AGAIN = "Record again: `summarize eval run --record FILE`."


@dataclass(frozen=True, slots=True)
class Lookup:
    """One request of a run: whether its answer was in the cache, and if not, why."""

    stage: str
    subject: str
    key: str
    hit: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run looked up."""

    ended: str
    mode: str
    endpoint: str
    lookups: tuple[Lookup, ...]
    left_out: int = 0  # lookups that were too many to keep


def last_run(store: Store) -> Run | None:
    """Return what the last run looked up, misses first; None where none is recorded."""
    return parse_value(Run, store.get(LAST_RUN))


@dataclass(slots=True, eq=False, repr=False)
class CachedChat:
    """Answers from the store where it can, and stores what it had to ask for. A ``Chat``.

    Only complete answers that leave nothing out are stored. One request is asked once, however
    many threads and processes want it at the same time; where that fails, each tries for itself.
    """

    inner: Chat
    store: Store
    _: KW_ONLY
    endpoint: str  # the server's address, without anything secret
    mode: str = "on"  # one of ``settings.CACHE_MODES``
    place: str = CACHE  # what the store is called where an answer is missing in it
    meter: UsageMeter = field(default_factory=UsageMeter)  # of the stored answers that were used
    clock: Callable[[], float] = time.time  # seconds since 1970
    lookups: list[Lookup] = field(default_factory=list, init=False)
    _turns: dict[str, Lock] = field(default_factory=dict, init=False)
    _fresh: set[str] = field(default_factory=set, init=False)  # keys that this run has stored
    _spoilt: set[str] = field(default_factory=set, init=False)  # … whose stored answer is no good
    # What was answered and is not stored: how else would a replay know what did not fit?
    _unstored: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)

    def ask(self, request: Request) -> Reply:
        """Return the stored answer, or ask and store it; NotRecorded where nothing may be sent."""
        if self.mode == "off":
            return self.inner.ask(request)
        key = answer_key(request.fingerprint(), self.endpoint)
        if reply := self._look_up(request, key):
            return reply
        if self.mode == "offline":
            why = self._note_miss(request, key)
            hint = "Run once without the setting cache = offline, and it is recorded."
            raise NotRecorded(
                f"The answer to {request.title} is not in {self.place}: {why}.",
                hint if self.place == CACHE else RECORD_AGAIN,
            )
        with self._turns.setdefault(key, Lock()), self.store.turn(key):
            # Whoever had the turn before may have stored it.
            return self._look_up(request, key) or self._ask_and_store(request, key)

    def stored(self, request: Request) -> Reply | None:
        """Return the answer that is stored and would be used; nothing is counted or noted."""
        if self.mode in ("off", "refresh"):
            return None
        return self._stored_reply(request, answer_key(request.fingerprint(), self.endpoint))

    def rows(self) -> list[dict[str, Any]]:
        """Return all answers of this run, as a recording keeps them."""
        keys = dict.fromkeys(each.key for each in self.lookups)
        rows = [self.store.get(key) or self._unstored.get(key) for key in keys]
        return [row for row in rows if row is not None]

    def close(self) -> None:
        """Keep what was looked up for ``summarize cache explain``, the misses first."""
        if self.lookups:
            lookups = sorted(self.lookups, key=lambda each: each.hit)
            run = Run(
                ended=self._current_time(),
                mode=self.mode,
                endpoint=self.endpoint,
                lookups=tuple(lookups[:LOOKUPS_KEPT]),
                left_out=len(lookups[LOOKUPS_KEPT:]),
            )
            self.store.put(LAST_RUN, asdict(run))

    def _look_up(self, request: Request, key: str) -> Reply | None:
        if self.mode == "refresh" and key not in self._fresh:
            return None
        reply = self._stored_reply(request, key)
        if reply is not None:
            self.lookups.append(Lookup(request.stage, request.subject, key, hit=True))
            self.meter.add(request.stage, reply.usage)
        return reply

    def _stored_reply(self, request: Request, key: str) -> Reply | None:
        row = self.store.get(key)
        if row is None:
            return None
        with suppress(KeyError, ValueError):  # It is of another shape than what was asked for.
            if (row["fingerprint"], row["endpoint"]) == (request.fingerprint(), self.endpoint):
                return _reply_of(row, request)
        self._spoilt.add(key)
        if self.mode != "offline":
            self.store.delete(key)
        return None

    def _ask_and_store(self, request: Request, key: str) -> Reply:
        """Ask, and store a complete answer before anybody sees it."""
        self._note_miss(request, key)
        try:
            reply = self.inner.ask(request)
        except PromptTooLong as error:
            row = self._row(request, Reply(outcome=Outcome.TRUNCATED, model=request.model))
            self._unstored[key] = row | {"outcome": TOO_LONG, "detail": error.message}
            raise
        row = self._row(request, reply)
        if reply.outcome is Outcome.COMPLETE and not reply.lacks:
            _store_row(self.store, key, row)
            self._fresh.add(key)
        else:
            self._unstored[key] = row | {"outcome": reply.outcome, "detail": reply.detail}
        return reply

    def _row(self, request: Request, reply: Reply) -> dict[str, Any]:
        used = reply.usage
        return {
            "fingerprint": request.fingerprint(),
            "endpoint": self.endpoint,
            "stage": request.stage,
            "subject": request.subject,
            "parts": _parts_of(request, self.endpoint),
            "created": self._current_time(),
            "model": reply.model,
            "tokens": {
                "input": used.input_tokens,
                "cached_input": used.cached_input_tokens,
                "output": used.output_tokens,
            },
            "value": reply.value,
        }

    def _note_miss(self, request: Request, key: str) -> str:
        """Note that there is no answer, and return why."""
        why = "a new answer was asked for"
        if key in self._spoilt:
            why = "what was stored could not be used"
        elif self.mode != "refresh":
            why = _reason_for_miss(self.store, request, key, self.endpoint)
        self.lookups.append(Lookup(request.stage, request.subject, key, hit=False, why=why))
        return why

    def _current_time(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="seconds")


class NotAsked(ServiceError):
    """The request was counted and not sent."""


@dataclass(frozen=True, slots=True)
class DryRunChat:
    """Gives the stored answers; ``meter`` has the most that the others would take. A ``Chat``."""

    cache: CachedChat
    price_for: Callable[[Request], Price | None]
    meter: UsageMeter = field(default_factory=UsageMeter)

    def ask(self, request: Request) -> Reply:
        """Return the stored answer; a NotAsked where there is none."""
        if reply := self.cache.stored(request):
            self.meter.add(request.stage, reply.usage)
            return reply
        expected = expected_usage(request)
        amount = cost(self.price_for(request), expected)
        self.meter.add(request.stage, replace(expected, cost_usd=amount))
        raise NotAsked(f"{request.title} is not asked in a dry run.")


def _reply_of(row: Mapping[str, Any], request: Request) -> Reply:
    """Return what is stored as a reply; a KeyError or ValueError where it is not what was asked."""
    detail, ending = str(row.get("detail", "")), row.get("outcome", Outcome.COMPLETE)
    if ending == TOO_LONG:
        raise PromptTooLong(detail)
    outcome, value, model = Outcome(ending), None, str(row["model"])
    if outcome is Outcome.COMPLETE:
        value = row["value"]
        request.check(value)
    used = Usage(cached_calls=1)
    return Reply(outcome=outcome, value=value, detail=detail, model=model, usage=used)


def _parts_of(request: Request, endpoint: str) -> dict[str, str]:
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


def _store_row(store: Store, key: str, row: dict[str, Any]) -> None:
    store.put(key, row, stage=row["stage"])
    variants_key, variants = _parts_stored(store, row["stage"], row["subject"])
    kept = [*variants.items(), (key, row["parts"])][-VARIANTS_KEPT:]
    store.put(variants_key, dict(kept), stage=row["stage"])


def _parts_stored(store: Store, stage: str, subject: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Return where the parts of the answers stored last are, and they by key, the oldest first."""
    key = f"asked/{digest([stage, subject])}"
    return key, parse_value(dict[str, dict[str, str]], store.get(key)) or {}


def _reason_for_miss(store: Store, request: Request, key: str, endpoint: str) -> str:
    """Return why there is no answer under ``key``, by the stored answer that is nearest."""
    _, variants = _parts_stored(store, request.stage, request.subject)
    if not variants:
        return "never asked"
    if key in variants:
        return "it was stored and evicted"
    parts = _parts_of(request, endpoint)

    def changed(old: Mapping[str, str]) -> list[str]:
        # The messages say something only where nothing else does.
        names = dict.fromkeys([*parts, *old])
        return [name for name in names if name != "messages" and old.get(name) != parts.get(name)]

    # The last stored comes first, so that it wins among equally near ones.
    nearest = min(reversed(variants.values()), key=lambda old: len(changed(old)))
    reasons = [
        load("words", __package__)["misses"]
        .get(name, f"the {name} changed")
        .format(old=nearest.get(name) or "unknown")
        for name in changed(nearest)
    ]
    return "; ".join(reasons) or "the wording of the request changed"


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recorded answers of one file or several, those of the first file before the others."""

    place: str
    lines: tuple[RecordedLine, ...]

    def settled(self, settings: Settings) -> Settings:
        """Return settings for the one model that was recorded, under which nothing is sent."""
        typed = [line.model for line in self.lines if line.parts.get("questions")]
        models = dict.fromkeys(each.model for each in self.lines if not each.parts.get("questions"))
        if len(models) > 1 and not settings.model:
            raise UsageError(
                f"{self.place} has answers of several models: {', '.join(models)}.",
                hint="Name one with the setting model.",
            )
        return replace(
            settings,
            model=settings.model or [*models, *typed][0],
            decisions_model=typed[0] if typed else settings.decisions_model,
            cache="offline",
            max_cost=None,
        )

    def store(self, endpoint: str) -> Store:
        """Return a store in memory in which a server of that address gave these answers."""
        store = Store()
        for line in reversed(self.lines):
            row = line.model_dump(exclude={"sample"}) | {
                "endpoint": endpoint,
                "parts": {**line.parts, "server": endpoint},  # which a recording leaves out
                "model": line.answered_by,
                "created": line.at,
                "value": line.answer,
            }
            _store_row(store, answer_key(line.fingerprint, endpoint), row)
        return store


def load_recordings(paths: str) -> Recordings:
    """Read recorded answers of a file, or of several with the system's separator between them.

    A file that is missing or empty is a UsageError, one that cannot be read an InputError.
    """
    files = [Path(name) for name in paths.split(os.pathsep) if name]
    lines = tuple(line for file in files for line in _recorded_lines(file))
    if not lines:
        raise UsageError(f"There are no recorded answers in {paths}.", hint=RECORD_AGAIN)
    return Recordings(", ".join(map(str, files)), lines)


def _recorded_lines(path: Path) -> Iterator[RecordedLine]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There are no recordings {path}.", hint=RECORD_AGAIN) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    return (line for _, line in parse_lines(content, RecordedLine, path, RECORD_AGAIN))
