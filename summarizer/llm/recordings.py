"""Recorded answers: one line of JSON a request, to be reviewed, kept and replayed.

A recording is the part of the store of answers that one run needed, in a file that does not
depend on a machine, a server or a key. Replaying is looking up in it and nowhere else, so it
is exact, and what is missing is an error that names the request.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import InputError, UsageError
from summarizer.llm.cache import note_parts
from summarizer.llm.request import answer_key
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.schemas.files import RecordedLine

SERVER = "server"
"""The one part of a request that a recording leaves out: an address is nobody's business, and
the answer is the model's."""

_NAMES = {"answered_by": "model", "at": "created", "answer": "value"}
"""What a line calls otherwise than the store does."""

RECORD_AGAIN = "Record again: `summarize eval run --record FILE`."


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recorded answers of one file or several, those of the first file before the others."""

    place: str
    lines: tuple[RecordedLine, ...]

    def settled(self, settings: Settings) -> Settings:
        """Return settings under which nothing is sent, for the model that was recorded.

        Raises:
            UsageError: Several models were recorded, and none is chosen.
        """
        model = settings.model or self._model()
        decider = next((line.model for line in self.lines if _is_decision(line)), "")
        return replace(
            settings,
            model=model,
            decisions_model=decider or settings.decisions_model,
            cache="offline",
            max_cost=None,
        )

    def store(self, endpoint: str) -> Store:
        """Return a store in memory in which a server of that address gave these answers."""
        store = Store()
        for line in reversed(self.lines):
            row = line.model_dump(exclude={"sample"})
            row |= {ours: row.pop(name) for name, ours in _NAMES.items()}
            row |= {"endpoint": endpoint, "parts": {**line.parts, SERVER: endpoint}}
            key = answer_key(line.fingerprint, endpoint)
            store.put(key, row, stage=line.stage)
            about = {"stage": line.stage, "subject": line.subject}
            note_parts(store, about, key, row["parts"])
        return store

    def _model(self) -> str:
        models = list(dict.fromkeys(line.model for line in self.lines if not _is_decision(line)))
        if len(models) > 1:
            raise UsageError(
                f"{self.place} has answers of several models: {', '.join(models)}.",
                hint="Name one with the setting model.",
            )
        return models[0] if models else self.lines[0].model


def load_recordings(paths: str) -> Recordings:
    """Read recorded answers of a file, or of several with the system's separator between them.

    Raises:
        UsageError: There is no such file, or it is empty.
        InputError: It cannot be read, or a line is no recorded answer; the message has it.
    """
    files = [Path(name) for name in paths.split(os.pathsep) if name]
    lines = tuple(line for file in files for line in _lines(file))
    if not lines:
        raise UsageError(f"There are no recorded answers in {paths}.", hint=RECORD_AGAIN)
    return Recordings(", ".join(map(str, files)), lines)


def _is_decision(line: RecordedLine) -> bool:
    return bool(line.parts.get("questions"))


def _lines(path: Path) -> Iterator[RecordedLine]:
    from summarizer.schemas.files import parse_line

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There are no recordings {path}.", hint=RECORD_AGAIN) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                yield parse_line(line)
            except ValueError as problem:
                raise InputError(f"{path}, line {number}: {problem}.", hint=RECORD_AGAIN) from None
