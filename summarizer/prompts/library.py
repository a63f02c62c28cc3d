"""The texts of the stages: the shipped ones, a user's own in their place, and their problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import SummarizerError, UsageError
from summarizer.prompts.parse import (
    STAGES,
    SUFFIX,
    WHOLE_FILE,
    Parsed,
    Problem,
    Prompt,
    nearest,
    parse,
)

_PACKAGE = Path(__file__).parent

SHIPPED = (_PACKAGE / "shipped", _PACKAGE.parent.parent / "prompts")
"""Where the shipped prompts may be: inside an installed package, and beside it in a checkout."""


@dataclass(frozen=True, slots=True)
class Library:
    """Every prompt by its name, in the order of a run."""

    prompts: tuple[Prompt, ...]

    def __getitem__(self, name: str) -> Prompt:
        """Return the prompt of that name.

        Raises:
            UsageError: There is none.
        """
        for prompt in self.prompts:
            if prompt.name == name:
                return prompt
        raise UsageError(f"There is no prompt {name!r} ({nearest(name, self.names)}).")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all prompts."""
        return tuple(prompt.name for prompt in self.prompts)

    def hashes(self, names: Iterable[str] | None = None) -> dict[str, str]:
        """Return the SHA-256 of the named prompts, of all of them by default.

        Raises:
            UsageError: There is no prompt of one of the names.
        """
        return {name: self[name].sha256 for name in (self.names if names is None else names)}


def load_prompts(folder: str | Path = "") -> Library:
    """Return the shipped prompts, each replaced by a file of its name in the user's folder.

    Args:
        folder: The user's folder; empty for none. ``~`` is the home folder.

    Raises:
        UsageError: The folder does not exist, or holds a file that is no prompt.
        SummarizerError: A shipped prompt is missing or damaged.
    """
    found = {name: _shipped(name) for name in STAGES}
    if str(folder):
        for path in override_files(folder):
            prompt = _own(path, folder)
            found[prompt.name] = prompt
    return Library(tuple(found.values()))


def shipped_files() -> tuple[Path, ...]:
    """Return the files of the shipped prompts.

    Raises:
        SummarizerError: There are none.
    """
    for folder in SHIPPED:
        files = tuple(folder / f"{name}{SUFFIX}" for name in STAGES)
        # One of them tells our folder from a stranger's of the same name.
        if any(file.is_file() for file in files):
            return files
    raise SummarizerError("The prompts are not where they were installed.", hint=_REINSTALL)


def override_files(folder: str | Path) -> tuple[Path, ...]:
    """Return the files of a user's folder that are meant as prompts, by name.

    Folders, hidden files, backups (``x.md~``) and a README are not.

    Raises:
        UsageError: It is no folder, or cannot be read.
    """
    try:
        place = Path(folder).expanduser()
        files = sorted(path for path in place.iterdir() if _meant(path))
    except (OSError, RuntimeError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UsageError(
            f"Cannot read the folder of prompts {folder}: {reason}.",
            hint="Name a folder that exists with the setting prompts.",
        ) from None
    return tuple(files)


def read_prompt(path: Path, *, overridden: bool = False) -> Parsed:
    """Return the prompt in a file, or what is wrong with it, unreadable or not."""
    try:
        # Whatever else there is, a pipe for one, could be waited for without an end.
        if path.exists() and not path.is_file():
            return _unread(path, "is not a file")
        raw = path.read_bytes()
    except OSError as problem:
        return _unread(path, f"cannot be read: {problem.strerror or problem}")
    return parse(raw, path, overridden=overridden)


_REINSTALL = "Install summarizer again."


def _shipped(name: str) -> Prompt:
    (path,) = (file for file in shipped_files() if file.stem == name)
    parsed = read_prompt(path)
    if parsed.prompt is None:
        raise SummarizerError(f"{parsed.error}.", hint=_REINSTALL)
    return parsed.prompt


def _own(path: Path, folder: str | Path) -> Prompt:
    parsed = read_prompt(path, overridden=True)
    if parsed.prompt is None:
        hint = f"`summarize prompts check {folder}` lists everything that is wrong there."
        raise UsageError(f"{parsed.error}.", hint=hint)
    return parsed.prompt


def _unread(path: Path, said: str) -> Parsed:
    return Parsed(None, (Problem(path, WHOLE_FILE, said),))


def _meant(path: Path) -> bool:
    name = path.name
    backup = name.startswith(".") or name.endswith("~")
    return not (backup or name.lower() == "readme.md" or path.is_dir())


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
