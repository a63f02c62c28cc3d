"""``summarize doctor``: what is installed, what is set, what can work."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import typer

from summarizer import __version__
from summarizer.cli.options import Saving, expanded
from summarizer.cli.rows import JsonOption
from summarizer.cli.screen import emit

_NAME = re.compile(r"[\w.-]+")


@expanded
def doctor(*, json: JsonOption = False, saving: Saving) -> None:
    """Show what is installed, what is set and what can work.

    Version, packages, tokenizer vocabulary, engines, judges, and the effective settings with
    the place each comes from.
    """
    from summarizer.render.json import dumps

    found = _examine()
    document = dumps(found, indent=2) + "\n" if json else "".join(_lines(found))
    emit(document, saving.output)
    raise typer.Exit


def _examine() -> dict[str, Any]:
    import platform

    from summarizer import settings
    from summarizer.tokens import TokenCounter

    choices = settings.explain()
    model = next(str(choice.value) for choice in choices if choice.name == "model")
    exact = TokenCounter(model or None).exact
    return {
        "version": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "packages": dict(_packages()),
        "vocabulary": "found: tokens are counted" if exact else "not found: tokens are estimated",
        "engines": [name for name in settings.ENGINES if name != "auto"],
        "judges": [name for name in settings.JUDGES if name != "auto"],
        "settings": {
            choice.name: {"value": choice.value, "from": choice.place} for choice in choices
        },
    }


def _packages() -> Iterator[tuple[str, str]]:
    """Return what the installed package says it needs, and which version is there."""
    from importlib import metadata

    try:
        needed = metadata.requires("summarizer") or []
    except metadata.PackageNotFoundError:
        needed = []
    for requirement in needed:
        match = _NAME.match(requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            yield match[0], metadata.version(match[0])
        except metadata.PackageNotFoundError:
            yield match[0], "missing"


def _lines(found: dict[str, Any]) -> Iterator[str]:
    from summarizer.render.safe import one_line

    for key, value in found.items():
        if isinstance(value, dict):
            yield f"{key}\n"
            for name, detail in value.items():
                yield f"  {name:<20} {one_line(_detail(detail))}\n"
        else:
            text = ", ".join(value) if isinstance(value, list) else value
            yield f"{key:<22} {one_line(text)}\n"


def _detail(value: object) -> str:
    if isinstance(value, dict):
        shown = value["value"] if value["value"] != "" else '""'
        return f"{shown} ({value['from']})"
    return str(value)
