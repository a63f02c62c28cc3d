"""Scores that are known already, in the store of models' answers.

A score is found again by all that it depends on: the case, the code, the settings, the model
and its prompts. A change of any of them makes it another score, so nothing must be cleared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from sys import version_info
from typing import TYPE_CHECKING, Any

import summarizer
from summarizer.evals.types import CaseResult, Ratio
from summarizer.settings import Settings
from summarizer.types import Usage

if TYPE_CHECKING:
    from summarizer.llm.store import Store
    from summarizer.pipeline import Desk

_MACHINERY = "jobs timeout retries max_cost prices service_tier cache cache_dir recordings"
_IN_OTHER_FORM = "engine judge model base_url prompts allow_private_urls"
IRRELEVANT = frozenset(f"{_MACHINERY} {_IN_OTHER_FORM}".split())
"""Settings that no score depends on, or that are part of its key in another form. A setting
that is added is relevant until it is named here."""

LIBRARIES = ("lxml", "snowballstemmer", "trafilatura")
"""The libraries whose version can change what is read in a page or which words are one."""

OF_SLACK = "slack_"
"""How the settings of the Slack app begin; no score depends on them."""

OTHER_ROOMS = ("cli", "render", "slackbot")
"""Rooms whose code no score depends on."""

STAGE, METRICS = "score", "metrics"
"""What the store calls these entries, and those of cases among them."""


@cache
def code_digest() -> str:
    """Return the SHA-256 of the code that scores depend on, in hexadecimal."""
    root = Path(summarizer.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] in OTHER_ROOMS:
            continue
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Scores:
    """Stored scores of one configuration.

    Args:
        store: Where they are; None where none is kept.
        mode: What is done with stored ones, one of ``settings.CACHE_MODES``.
        about: All that a score depends on besides its case, as JSON.
    """

    store: Store | None
    mode: str
    about: Mapping[str, Any]

    def get(self, name: str, digest: str, sample: int) -> CaseResult | None:
        """Return the stored result of a case; None where there is none that may be used."""
        row = self._row(digest, sample, METRICS)
        if row is None:
            return None
        try:
            usage, metrics = Usage(**row["usage"]), _as_ratios(row["metrics"])
        except (KeyError, TypeError, ValueError):
            return None
        # What this run takes: no request. What the score once took is paid.
        asked = usage.calls + usage.cached_calls
        taken = Usage(cached_calls=asked, cost_usd=0.0 if asked else None)
        return CaseResult(case=name, sample=sample, metrics=metrics, usage=taken)

    def put(self, result: CaseResult, digest: str) -> None:
        """Store the result of a case, unless something failed in it."""
        if not result.failures:
            row = {"metrics": _as_pairs(result.metrics), "usage": asdict(result.usage)}
            self._put(digest, result.sample, METRICS, row)

    def ratios(self, what: str, digest: str) -> dict[str, Ratio] | None:
        """Return stored figures of another kind; None where there are none."""
        row = self._row(digest, 0, what)
        try:
            return None if row is None else _as_ratios(row["ratios"])
        except (KeyError, TypeError, ValueError):
            return None

    def put_ratios(self, what: str, digest: str, ratios: Mapping[str, Ratio]) -> None:
        """Store figures of another kind."""
        self._put(digest, 0, what, {"ratios": _as_pairs(ratios)})

    def _key(self, digest: str, sample: int, what: str) -> str:
        from summarizer.llm.request import digest as sha256

        return f"{STAGE}/{sha256({'case': digest, 'sample': sample, 'what': what, **self.about})}"

    def _row(self, digest: str, sample: int, what: str) -> dict[str, Any] | None:
        if self.store is None or self.mode == "refresh":
            return None
        return self.store.get(self._key(digest, sample, what))

    def _put(self, digest: str, sample: int, what: str, row: dict[str, Any]) -> None:
        if self.store is not None and self.mode != "offline":
            self.store.put(self._key(digest, sample, what), row, stage=STAGE)


@contextmanager
def open_scores(
    settings: Settings, desk: Desk, *, scorers: Path | None = None, anew: bool = False
) -> Iterator[Scores]:
    """Open the stored scores of who works at a desk, for a ``with``.

    None are kept where answers come from recordings: replaying those is exact and quick; nor
    where every case is to be run ``anew``, so that all its requests are made.
    """
    about = _score_inputs(settings, desk, scorers)
    if anew or settings.cache == "off" or settings.recordings:
        yield Scores(None, settings.cache, about)
        return
    from summarizer.llm.store import chosen_folder, open_store

    with open_store(chosen_folder(settings.cache_dir)) as store:
        yield Scores(store, settings.cache, about)


def _score_inputs(settings: Settings, desk: Desk, scorers: Path | None) -> dict[str, Any]:
    chosen = asdict(settings)
    return {
        "code": code_digest(),
        "scorers": scorers.read_text(encoding="utf-8") if scorers and scorers.is_file() else None,
        "python": list(version_info[:2]),
        "libraries": {name: version(name) for name in LIBRARIES},
        "engine": desk.engine.name,
        "judge": desk.judge.name,
        "model": desk.model,
        "server": desk.session.server.endpoint.base_url if desk.session else None,
        "prompts": [list(pair) for pair in desk.prompts],
        "settings": {
            name: value
            for name, value in sorted(chosen.items())
            if name not in IRRELEVANT and not name.startswith(OF_SLACK)
        },
    }


def _as_pairs(ratios: Mapping[str, Ratio]) -> dict[str, list[float]]:
    return {name: [ratio.hits, ratio.of] for name, ratio in ratios.items()}


def _as_ratios(pairs: Mapping[str, Any]) -> dict[str, Ratio]:
    return {name: Ratio(hits, of) for name, (hits, of) in pairs.items()}
