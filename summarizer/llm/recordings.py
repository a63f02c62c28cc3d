"""Recorded answers: one line of JSON a request, to be reviewed, kept and replayed.

A recording is the part of the store of answers that one run needed, in a file that does not
depend on a machine, a server or a key. Replaying is looking up in it and nowhere else, so it
is exact, and what is missing is an error that names the request.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import InputError, UsageError
from summarizer.llm.cache import note_parts
from summarizer.llm.request import Request, answer_key
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.schemas.files import RecordedLine

SERVER = "server"
"""The one part of a request that a recording leaves out: an address is nobody's business, and
the answer is the model's."""

COMPLETE = "complete"
"""The outcome of a request that has an answer."""

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
            parts = {**line.parts, SERVER: endpoint}
            key = answer_key(line.fingerprint, endpoint)
            store.put(key, _row(line, parts, endpoint), stage=line.stage)
            asked = Request(stage=line.stage, model=line.model, messages=(), subject=line.subject)
            note_parts(store, asked, key, parts)
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
    """Read recorded answers.

    Args:
        paths: A file, or several with the system's separator of paths between them.

    Raises:
        UsageError: There is no such file, or it is empty.
        InputError: It cannot be read, or a line is no recorded answer; the message has it.
    """
    files = [Path(name) for name in paths.split(os.pathsep) if name]
    lines = tuple(line for file in files for line in _lines(file))
    if not lines:
        raise UsageError(f"There are no recorded answers in {paths}.", hint=RECORD_AGAIN)
    return Recordings(", ".join(map(str, files)), lines)


def save_recordings(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write answers, as the cache has them, to a file, and return how many they are.

    The lines are in the order of what they are about, so that two recordings can be compared.

    Raises:
        UsageError: The file cannot be written.
    """
    lines = sorted(map(_recorded, rows), key=_order)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        # The name of a file may hold what is no character; an answer never does.
        beside.write_bytes(text.encode("utf-8", "replace"))
        beside.replace(path)
    except OSError as problem:
        raise UsageError(f"Cannot write {path}: {problem.strerror or problem}.") from None
    return len(lines)


def _recorded(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = row["parts"]
    return {
        "subject": row["subject"],
        "stage": row["stage"],
        "model": parts["model"],
        "answered_by": row["model"],
        "sample": int(parts["sample"]),
        "at": row["created"],
        "tokens": row["tokens"],
        **{name: row[name] for name in ("outcome", "detail") if row.get(name)},
        "answer": row["value"],
        "parts": {name: value for name, value in parts.items() if name != SERVER},
        "fingerprint": row["fingerprint"],
    }


def _order(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["subject"], line["stage"], line["sample"], line["fingerprint"]


def _row(line: RecordedLine, parts: Mapping[str, str], endpoint: str) -> dict[str, Any]:
    return {
        "fingerprint": line.fingerprint,
        "endpoint": endpoint,
        "stage": line.stage,
        "subject": line.subject,
        "parts": dict(parts),
        "created": line.at,
        "model": line.answered_by,
        "tokens": line.tokens.model_dump(),
        "value": line.answer,
        **({} if line.outcome == COMPLETE else {"outcome": line.outcome, "detail": line.detail}),
    }


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
