"""What a run was made with: the code, the settings and the prompts, and how to make it again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import summarizer
from summarizer.errors import UsageError
from summarizer.evals.results import PromptText, Run
from summarizer.pipeline import Desk, open_desk
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.prompts import Library

OTHER_ROOMS = ("cli", "render", "slackbot")  # rooms whose code no score depends on
SHIPPED = "shipped"  # the folders of an installed package with prompts and cases

CODE = {".py", ".toml", ".json", ".txt"}
"""How the files end that the code consists of, with its words, weights and rules."""

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
