"""The fitted weights of the offline comparison, written back into the package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

WEIGHTS = Path(__file__).parent.parent / "summarizer" / "compare" / "weights.toml"


def write_weights(model: str, weights: Mapping[str, float], path: Path = WEIGHTS) -> None:
    """Put the weights of a model, its bias among them, into its table; comments stay."""
    text = path.read_text(encoding="utf-8")
    rows = "".join(f"{name} = {value}\n" for name, value in weights.items())
    table = re.compile(rf"^\[{model}\]\n(?:\w+ = .*\n)+", re.MULTILINE)
    path.write_text(table.sub(f"[{model}]\n{rows}", text), encoding="utf-8")
