"""What ``summarize doctor`` found, as lines for a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from summarizer.report.safe import one_line

MODELS_SHOWN = 8
"""Names of models on the screen, at most; ``--json`` has all of them."""


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what was found as lines for a screen."""
    for key, value in found.items():
        if key == "problems":
            yield from _problem_lines(value)
        elif isinstance(value, dict):
            yield f"{key}\n"
            for name, detail in value.items():
                yield f"  {name:<20} {one_line(_detail(name, detail))}\n"
        else:
            text = ", ".join(value) if isinstance(value, list) else value
            yield f"{key:<22} {one_line(text)}\n"


def _problem_lines(problems: list[dict[str, str]]) -> Iterator[str]:
    yield "problems\n" if problems else f"{'problems':<22} none\n"
    for problem in problems:
        yield f"  {one_line(problem['message'])}\n"
        if problem["hint"]:
            yield f"    {one_line(problem['hint'])}\n"


def _detail(name: str, value: object) -> str:
    """Return one value in words; ``name`` is what it is called."""
    if isinstance(value, dict) and "from" in value:
        shown = value["value"] if value["value"] != "" else '""'
        return f"{shown} ({value['from']})"
    if isinstance(value, dict):
        amounts = ", ".join(f"${amount:g} {kind}" for kind, amount in value.items())
        return f"{amounts}, per million tokens"
    if isinstance(value, list):
        rest = len(value) - MODELS_SHOWN
        return (", ".join(value[:MODELS_SHOWN]) or "none") + (f" and {rest} more" * (rest > 0))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "max_cost" and value is not None:
        return f"${value} a run"
    return "none" if value is None else str(value)
