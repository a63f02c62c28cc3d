"""What the arguments name: files, folders, globs, standard input, URLs, each with its outlet."""

from __future__ import annotations

import glob
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from summarizer.errors import FetchRefused, InputError, UnreadableSource

# Kinds of files that are taken from a folder (a file that is named may be of any kind), and names,
# without suffix, of those that describe it and are not taken.
SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".eml"})
NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing"})
STDIN = "-"

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LABEL = re.compile(r"([^=/\\:]*[^=/\\:\s][^=/\\:]*)=(.*)", re.DOTALL)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing to read."""

    source: str  # what a user calls it: the path or URL as given
    path: Path | None = None  # None for standard input and for URLs
    outlet: str | None = None
    times: int = 1  # how often it was given


class Expanded(NamedTuple):
    """What the arguments name, in their order, and what is wrong with the rest."""

    inputs: tuple[Input, ...]
    problems: tuple[InputError, ...]


def expand(arguments: Sequence[str]) -> Expanded:
    """Return the inputs that ``arguments`` name, each once.

    ``outlet=path`` names an outlet, unless the whole is the path of a file that exists. Of a folder
    its own articles are taken; of a folder and of a glob they come in the order of their names.
    """
    inputs: dict[str, Input] = {}
    problems: list[InputError] = []
    for argument in arguments:
        try:
            for item in _expand_one(argument):
                if isinstance(item, InputError):
                    problems.append(item)
                    continue
                first = inputs.setdefault(_identity_of(item), replace(item, times=0))
                outlet = first.outlet or item.outlet
                inputs[_identity_of(item)] = replace(first, times=first.times + 1, outlet=outlet)
        except InputError as error:
            problems.append(error)
    return Expanded(tuple(inputs.values()), tuple(problems))


def _identity_of(item: Input) -> str:
    try:
        return str(item.path.resolve()) if item.path else item.source
    except (OSError, RuntimeError):  # a loop of links; reading it will say so
        return item.source


def _expand_one(argument: str) -> Iterator[Input | InputError]:
    outlet, target = _split_label(argument)
    if not target.strip():
        raise UnreadableSource("An empty argument names no file.", "Give a path or a URL.")
    if target == STDIN or _WEB.match(target):
        yield Input(source=target, outlet=outlet)
        return
    if _URL.match(target):
        hint = "Give a web address, or a path."
        raise FetchRefused(f"{target} is not an http or https address.", hint)
    path = _as_path(target)
    if _path_exists(path) and not _is_folder(path):
        yield Input(source=str(path), path=path, outlet=outlet)
        return
    for each in _articles_in(path, target) if _is_folder(path) else _glob_matches(target):
        mode = _mode_of(each)
        # It may never come to an end. Somebody who names one means it; here it is by chance.
        if mode and not stat.S_ISREG(mode):
            hint = "Name it by itself to read it."
            yield UnreadableSource(f"{each} is a pipe or a device, not a file.", hint)
        else:
            yield Input(source=str(each), path=each, outlet=outlet)


def _split_label(argument: str) -> tuple[str | None, str]:
    label = _LABEL.match(argument)
    if label is None or _path_exists(_as_path(argument)):
        return None, argument
    outlet, target = label[1].strip(), label[2].strip()
    if not target:
        hint = f"Write {outlet}=path/to/article.txt."
        raise UnreadableSource(f"{argument} names an outlet and no file.", hint)
    return outlet, target


def _as_path(target: str) -> Path:
    try:
        return Path(target).expanduser()
    except RuntimeError:  # the home of a user who does not exist
        return Path(target)


def _path_exists(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:  # it may be there: reading it will say what is wrong
        return len(path.name) < 255
    return True


def _mode_of(path: Path) -> int:
    """Return the mode of what is at a path, links followed; 0 where it cannot be looked at."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_mode_of(path))


def _articles_in(folder: Path, name: str) -> list[Path]:
    try:
        entries = sorted(folder.iterdir(), key=_natural_key)
    except OSError as error:
        reason = f"The folder {name} cannot be read: {error.strerror}."
        raise UnreadableSource(reason, "Check its permissions.") from error
    articles = [entry for entry in entries if _is_article(entry)]
    if articles:
        return articles
    below = next((entry for entry in entries if _is_folder(entry)), None)
    hint = f"Name a folder in it, such as {below}." if below else "Give a folder of articles."
    raise UnreadableSource(f"The folder {name} holds no .txt, .md or .html file.", hint)


def _is_article(path: Path) -> bool:
    wanted = path.suffix.lower() in SUFFIXES and path.stem.lower() not in NOT_ARTICLES
    return wanted and not path.name.startswith(".") and not _is_folder(path)


def _glob_matches(target: str) -> list[Path]:
    path = _as_path(target)
    if not glob.has_magic(target):
        raise UnreadableSource(f"There is no file {target}.", _did_you_mean(path))
    # Path.glob takes no pattern that starts at the root or at "..".
    names = glob.glob(str(path), recursive=True)  # noqa: PTH207
    # A pattern that ends in "*" says nothing of the kind of file.
    wanted = _is_article if path.name.endswith("*") else lambda each: not _is_folder(each)
    matches = sorted(filter(wanted, map(Path, names)), key=_natural_key)
    if not matches:
        raise UnreadableSource(f"No file matches {target}.", "Check the folder and the pattern.")
    return matches


def _natural_key(path: Path) -> str:
    """Sort ``page-2`` before ``page-10``."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(20), str(path).casefold())


def _did_you_mean(path: Path) -> str:
    if not _is_folder(path.parent):
        return f"There is no folder {path.parent} either."
    names: dict[str, Path] = {}
    with suppress(OSError):
        names = {entry.name.lower(): entry for entry in path.parent.iterdir()}
    near = get_close_matches(path.name.lower(), names, n=1)
    return f"Did you mean {names[near[0]]}?" if near else "Check the path."
