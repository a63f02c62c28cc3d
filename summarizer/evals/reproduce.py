"""What a run was made with, kept so that it can be made again from stored answers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import UsageError
from summarizer.evals.types import PromptText, Run
from summarizer.pipeline import Desk, open_desk
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.prompts import Library

KEPT = (
    "engine",
    "judge",
    "model",
    "decisions_model",
    "base_url",
    "api",
    "sentences",
    "chunk_tokens",
    "max_output_tokens",
    "temperature",
    "reasoning_effort",
    "recordings",
)
"""Settings that say who answered and what was asked. Headers, which may be secret, are not
among them."""


def made_with(settings: Settings, desk: Desk) -> dict[str, Any]:
    """Return the settings that a run at this desk depends on, those that were found out too."""
    found = {name: getattr(settings, name) for name in KEPT}
    session = desk.session
    if session is not None:
        # Also OpenAI's own: the environment may name another server when it is made again.
        found["base_url"] = session.server.endpoint.base_url
        found["model"] = session.model
    return found | {"engine": desk.engine.name, "judge": desk.judge.name}


def prompt_texts(desk: Desk) -> dict[str, PromptText]:
    """Return the texts of the prompts that are used at this desk, by name."""
    if desk.session is None:
        return {}
    prompts = [desk.session.prompts[name] for name, _ in desk.prompts]
    return {p.name: PromptText(version=p.version, reply=p.schema, text=p.text) for p in prompts}


@contextmanager
def desk_of(
    run: Run,
    settings: Settings,
    *,
    fallback: str = "",
    env: Mapping[str, str] = os.environ,
) -> Iterator[Desk]:
    """Open a desk where a run's answers are found again, for a ``with``.

    Args:
        run: What was made.
        settings: What may be done with the cache, and where it is.
        fallback: Recorded answers to take where the run's own have none.
        env: The environment, for the key.

    Raises:
        UsageError: The run does not say what it was made with.
    """
    chosen = remade(run, settings, fallback)
    with open_desk(chosen, env=env, prompts=_kept_library(run)) as desk:
        yield desk


def remade(run: Run, settings: Settings, fallback: str = "") -> Settings:
    """Return the settings with which a run was made.

    Raises:
        UsageError: The run does not say.
    """
    if not run.settings:
        raise UsageError(
            f"The run of {run.at} does not say what it was made with.",
            hint="Make it again: `summarize eval run`, and bless it if it is a baseline.",
        )
    kept: dict[str, Any] = {name: run.settings[name] for name in KEPT if name in run.settings}
    found = replace(settings, **kept)
    files = [name for name in (found.recordings, fallback) if name]
    return replace(found, recordings=os.pathsep.join(files)) if found.recordings else found


def _kept_library(run: Run) -> Library | None:
    """Return the prompts as the run had them; those it did not use are the shipped ones."""
    if not run.texts:
        return None
    from summarizer.prompts import Library, load_prompts
    from summarizer.prompts.prompt import Prompt

    kept = {
        name: Prompt(
            name=name,
            version=each.version,
            schema=each.reply,
            purpose="",
            text=each.text,
            path=Path(name),
        )
        for name, each in run.texts.items()
    }
    return Library(tuple(kept.get(prompt.name, prompt) for prompt in load_prompts().prompts))
