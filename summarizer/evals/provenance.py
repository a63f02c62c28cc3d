"""What a score depends on: to find it again when it is known, and to make its run again.

A score is stored under all that it depends on: the case, the code, the settings, the model and
its prompts. A change of any of them makes it another score, so nothing must be cleared. A run
keeps its settings and the texts of its prompts, so that stored answers can be found again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from sys import version_info
from typing import TYPE_CHECKING, Any

import summarizer
from summarizer.errors import UsageError
from summarizer.evals.cases import CaseFolder, files_digest
from summarizer.evals.judging import LEFT_OUT
from summarizer.evals.results import CaseResult, PromptText, Run
from summarizer.pipeline import Desk, open_desk
from summarizer.schemas import parse_value
from summarizer.settings import Settings
from summarizer.types import Usage

if TYPE_CHECKING:
    from summarizer.llm.store import Store
    from summarizer.prompts import Library

_MACHINERY = "jobs timeout retries max_cost prices service_tier cache cache_dir recordings"
_IN_OTHER_FORM = "engine judge model base_url prompts allow_private_urls"
IRRELEVANT = frozenset(f"{_MACHINERY} {_IN_OTHER_FORM}".split())
"""Settings that no score depends on, or that are part of its key in another form. A setting
that is added is relevant until it is named here."""

LIBRARIES = ("lxml", "snowballstemmer", "trafilatura")
"""The libraries whose version can change what is read in a page or which words are one."""

OTHER_ROOMS = ("cli", "render", "slackbot")
"""Rooms whose code no score depends on."""

SHIPPED = "shipped"
"""The folders of an installed package with prompts and cases, which a score knows by themselves."""

CODE = {".py", ".toml", ".json", ".txt"}
"""How the files end that the code consists of, with its words, weights and rules."""

STAGE = "score"
"""What the store calls these entries."""

_WHO_ANSWERED = "engine judge model decisions_model api recordings"
_WHAT_WAS_ASKED = "sentences chunk_tokens max_output_tokens temperature reasoning_effort"
KEPT = tuple(f"{_WHO_ANSWERED} {_WHAT_WAS_ASKED}".split())
"""Settings that a run keeps; an address and headers may be secret."""

SERVER, ADDRESS = "server", "address_sha256"
"""What a run keeps of its server: the host, and a hash by which its address is known again."""


@cache
def code_digest() -> str:
    """Return the SHA-256 of the code that scores depend on, in hexadecimal."""
    root = Path(summarizer.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in CODE):
        place = path.relative_to(root)
        if place.parts[0] not in OTHER_ROOMS and SHIPPED not in place.parts:
            digest.update(place.as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Task:
    """One case to be run once, or the judge to be tried on its errors in the folder ``planted``.

    ``sample`` is which of several answers to one question is wanted, from 0.
    """

    case: CaseFolder
    sample: int = 0
    scorers: Path | None = None
    planted: Path | None = None

    @property
    def files(self) -> list[str]:
        """The SHA-256 of the files that the result depends on, in hexadecimal."""
        # Errors of other cases are another matter; the list of rows left out is for all.
        own = (self.case.name, Path(LEFT_OUT).stem)
        return [self.case.digest, *([files_digest(self.planted, own)] if self.planted else [])]


@dataclass(frozen=True, slots=True)
class StoredScores:
    """Stored scores of one configuration.

    ``store`` is None where none is kept; ``mode`` is what is done with stored ones, one of
    ``settings.CACHE_MODES``; ``about`` all that a score depends on besides its case, as JSON.
    """

    store: Store | None
    mode: str
    about: Mapping[str, Any]

    def get(self, task: Task) -> CaseResult | None:
        """Return the stored result of a task; None where there is none that may be used."""
        if self.store is None or self.mode == "refresh":
            return None
        stored = parse_value(CaseResult, self.store.get(self._score_key(task)))
        if stored is None:
            return None
        # What this run takes: no request. What the score once took is paid.
        asked = stored.usage.calls + stored.usage.cached_calls
        usage = Usage(cached_calls=asked, cost_usd=0.0 if asked else None)
        return replace(stored, case=task.case.name, usage=usage)

    def put(self, result: CaseResult, task: Task) -> None:
        """Store the result of a task, unless something failed in it."""
        if self.store is not None and self.mode != "offline" and not result.failures:
            self.store.put(self._score_key(task), asdict(result), stage=STAGE)

    def _score_key(self, task: Task) -> str:
        from summarizer.llm.request import digest

        return f"{STAGE}/{digest({'case': task.files, 'sample': task.sample, **self.about})}"


@contextmanager
def open_scores(
    settings: Settings, desk: Desk, *, scorers: Path | None = None, anew: bool = False
) -> Iterator[StoredScores]:
    """Open the stored scores of who works at a desk, for a ``with``.

    None are kept where answers come from recordings: replaying those is exact and quick; nor
    where every case is to be run ``anew``, so that all its requests are made.
    """
    chosen = sorted(asdict(settings).items())
    about = {
        "code": code_digest(),
        "scorers": scorers.read_text(encoding="utf-8") if scorers and scorers.is_file() else None,
        "python": list(version_info[:2]),
        "libraries": {name: version(name) for name in LIBRARIES},
        "engine": desk.engine.name,
        "judge": desk.judge.name,
        "model": desk.model,
        "server": desk.session.server.endpoint.base_url if desk.session else None,
        "prompts": [list(pair) for pair in desk.prompts],
        "settings": {name: value for name, value in chosen if name not in IRRELEVANT},
    }
    if anew or settings.cache == "off" or settings.recordings:
        yield StoredScores(None, settings.cache, about)
        return
    from summarizer.llm.store import Store, chosen_folder

    with Store(chosen_folder(settings.cache_dir)) as store:
        yield StoredScores(store, settings.cache, about)


def kept_settings(settings: Settings, desk: Desk) -> dict[str, Any]:
    """Return the settings that a run at this desk depends on, with what was chosen by itself."""
    kept = {name: getattr(settings, name) for name in KEPT}
    if desk.session is not None:
        # Also OpenAI's own: the environment may name another server when it is made again.
        endpoint = desk.session.server.endpoint
        kept |= {SERVER: endpoint.host, ADDRESS: _address_hash(endpoint.base_url)}
        kept["model"] = desk.session.asker.model
    return kept | {"engine": desk.engine.name, "judge": desk.judge.name}


def kept_prompts(desk: Desk) -> dict[str, PromptText]:
    """Return the texts of the prompts that are used at this desk, by name."""
    if desk.session is None:
        return {}
    prompts = [desk.session.asker.prompts[name] for name, _ in desk.prompts]
    return {p.name: PromptText(version=p.version, reply=p.schema, text=p.text) for p in prompts}


@contextmanager
def reopen_desk(
    run: Run, settings: Settings, env: Mapping[str, str] = os.environ
) -> Iterator[Desk]:
    """Open a desk where a run's answers are found again, for a ``with``.

    Raises:
        UsageError: The run does not say how it was made, or it asked another server than is set.
    """
    chosen = settings_of(run, settings)
    if run.settings.get(ADDRESS) and not chosen.recordings:
        chosen = replace(chosen, base_url=_stored_address(run, chosen, env))
    with open_desk(chosen, env=env, prompts=_library_of(run)) as desk:
        yield desk


def settings_of(run: Run, settings: Settings) -> Settings:
    """Return the settings with which a run was made, for the rest as they are now.

    Raises:
        UsageError: The run does not say.
    """
    if not run.settings:
        raise UsageError(
            f"The run of {run.at} does not say what it was made with.",
            hint="Make it again: `summarize eval run`, and bless it if it is a baseline.",
        )
    kept: dict[str, Any] = {name: run.settings[name] for name in KEPT if name in run.settings}
    return replace(settings, **kept)


def _stored_address(run: Run, settings: Settings, env: Mapping[str, str]) -> str:
    """Return the address that a run asked: the one that is set, or that of a stored answer."""
    from summarizer.llm.client import endpoint_of
    from summarizer.llm.store import Store, chosen_folder

    given = endpoint_of(settings, env).base_url
    with Store(chosen_folder(settings.cache_dir)) as store:
        rows = (store.get(entry.key) or {} for entry in store.entries())
        for address in chain([given], (row.get("endpoint") for row in rows)):
            if isinstance(address, str) and _address_hash(address) == run.settings[ADDRESS]:
                return address
    raise UsageError(
        f"No answers of {run.settings[SERVER]}, which the run of {run.at} asked, are stored here.",
        hint="Set base_url to its address, and cache_dir to where its answers are stored.",
    )


def _address_hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _library_of(run: Run) -> Library | None:
    """Return the prompts as the run had them; those it did not use are the shipped ones."""
    if not run.texts:
        return None
    from summarizer.prompts import Library, Prompt, load_prompts

    kept = {
        name: Prompt(
            name=name, version=t.version, schema=t.reply, purpose="", text=t.text, path=Path(name)
        )
        for name, t in run.texts.items()
    }
    return Library(tuple(kept.get(prompt.name, prompt) for prompt in load_prompts().prompts))
