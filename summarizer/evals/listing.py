"""The cases there are, known by name and content before any of them is read.

Reading all cases takes longer than looking up their scores, so that a run looks for stored
scores first, by what lies in the folders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals.types import Case

LABELS = "case.yaml"
"""The file that makes a folder a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFolder:
    """A case that has not been read. ``digest`` is the SHA-256 of all files in its folder."""

    name: str
    folder: Path
    digest: str

    def load(self) -> Case:
        """Read it.

        Raises:
            UsageError: Its labels are not what a case's labels must be.
        """
        # A run whose scores are all stored reads no case, and loads nothing to read one with.
        from summarizer.evals.cases import load_case

        return load_case(self.folder)


AnyCase = Case | CaseFolder
"""A case, read or not."""


def read_case(case: AnyCase) -> Case:
    """Return a case, read if it is not yet."""
    return case.load() if isinstance(case, CaseFolder) else case


def list_cases(folder: Path, names: Sequence[str] = ()) -> tuple[CaseFolder, ...]:
    """Return the cases in a folder, by name, without reading them.

    Args:
        folder: Each folder in it that has labels is a case.
        names: The only ones wanted; all where none is named.

    Raises:
        UsageError: There are none, or one that is named is not there.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", hint="Name a folder of cases: --cases.")
    known = {path.parent.name: path.parent for path in sorted(folder.glob(f"*/{LABELS}"))}
    if not known:
        raise UsageError(
            f"There are no cases in {folder}.", hint=f"A case is a folder with a {LABELS}."
        )
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UsageError(f"There is no case {name} in {folder}.", hint=hint)
    wanted = dict.fromkeys(names or known)
    return tuple(
        CaseFolder(name=name, folder=known[name], digest=_digest(known[name])) for name in wanted
    )


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    try:
        files = [p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")]
        for path in sorted(files):
            # A name and a hash of fixed length each: no two folders run into the same bytes.
            found.update(hashlib.sha256(path.name.encode()).digest())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as problem:
        raise UsageError(f"Cannot read {folder}: {problem.strerror or problem}.") from None
    return found.hexdigest()
