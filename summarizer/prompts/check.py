"""Everything that is wrong with a folder of prompts, so that it can be mended in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from summarizer.prompts.library import (
    Library,
    load_prompts,
    override_files,
    read_prompt,
    shipped_files,
)
from summarizer.prompts.parse import WHOLE_FILE, Parsed, Problem


def check(folder: str | Path = "") -> list[Problem]:
    """Return the problems of a user's folder of prompts, or of the shipped ones.

    Args:
        folder: The user's folder; empty for the shipped prompts.

    Raises:
        UsageError: The folder cannot be read.
        SummarizerError: A shipped prompt, to which a user's own is compared, is damaged.
    """
    if not str(folder):
        return sorted(p for path in shipped_files() for p in read_prompt(path).problems)
    files = override_files(folder)
    if not files:
        return [Problem(Path(folder), WHOLE_FILE, "holds no prompt", warning=True)]
    shipped = load_prompts()
    problems: list[Problem] = []
    for path in files:
        parsed = read_prompt(path)
        problems += [*parsed.problems, *_unraised(parsed, shipped)]
    return sorted(problems)


def _unraised(parsed: Parsed, shipped: Library) -> Iterator[Problem]:
    """Yield a warning where a text was changed and its version was not raised."""
    own = parsed.prompt
    if own is None:
        return
    base = shipped[own.name]
    if own.text != base.text and own.version <= base.version:
        said = f"the text is not that of the shipped version {base.version}; raise the version"
        yield Problem(own.path, parsed.lines["version"], said, warning=True)
