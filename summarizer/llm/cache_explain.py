"""Why a request was not found in the cache: its parts, beside those of the answers stored.

For every stage and subject the store keeps the parts of the answers stored last, and for the
last run what was looked up and with what success: ``summarize cache explain`` shows both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from summarizer.llm.request import Request, digest

if TYPE_CHECKING:
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
REFRESHED = "asked anew, as --refresh says"
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
    left_out: int


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


def note(store: Store, request: Request, key: str, parts: Mapping[str, str]) -> None:
    """Remember the parts of an answer that has been stored."""
    place = _place(request)
    variants = [variant for variant in _variants(store, place) if variant["key"] != key]
    variants = [*variants, {"key": key, "parts": dict(parts)}][-VARIANTS_KEPT:]
    about = {"stage": request.stage, "subject": request.subject}
    store.put(place, {**about, "variants": variants}, stage=request.stage)


def reason(store: Store, request: Request, key: str, parts: Mapping[str, str]) -> str:
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


def save_run(
    store: Store, lookups: Sequence[Lookup], *, ended: str, mode: str, endpoint: str
) -> None:
    """Keep the lookups as those of the last run; misses go before hits where it is many."""
    if not lookups:
        return
    # A sort is stable: misses first, each kind in its order.
    kept = sorted(lookups, key=lambda lookup: lookup.hit)[:LOOKUPS_KEPT]
    row = {
        "ended": ended,
        "mode": mode,
        "endpoint": endpoint,
        "left_out": len(lookups) - len(kept),
        "lookups": [asdict(lookup) for lookup in kept],
    }
    store.put(LAST_RUN, row)


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
    return Lookup(
        stage=str(row["stage"]),
        subject=str(row["subject"]),
        key=str(row["key"]),
        hit=row["hit"] is True,
        why=str(row["why"]),
    )


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
