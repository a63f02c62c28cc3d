"""Labelled stories, read from ``case.yaml`` and the articles beside it.

What is wrong with a case is told with the line of ``case.yaml`` that it stands in, and all
of it at once. Articles are read as ``summarize diff`` reads them, so that spans are those
of a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.errors import SummarizerError, UsageError
from summarizer.evals.listing import LABELS, list_cases
from summarizer.evals.types import Case

if TYPE_CHECKING:
    import yaml

    from summarizer.evals.case_file import CaseFile, Complaint, Place

_PACKAGE = Path(__file__).parent
SHIPPED = (_PACKAGE / "shipped" / "cases", _PACKAGE.parent.parent / "evals" / "cases")
"""Where the shipped cases may be: inside an installed package, and beside it in a checkout."""

PROBLEMS_TOLD = 5
"""More problems of one case at once than a person mends in one go; ``eval lint`` tells all."""


class Problem(NamedTuple):
    """What is wrong in a case, and where; ``line`` counts from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CaseProblems(UsageError):
    """A case that cannot be used; ``problems`` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        more = len(problems) - PROBLEMS_TOLD
        told = [*map(str, problems[:PROBLEMS_TOLD]), *([f"… and {more} more"] if more > 0 else [])]
        super().__init__("\n".join(told), 'See "summarize eval lint".')
        self.problems = tuple(problems)


def find_cases_folder() -> Path:
    """Return the folder of the shipped cases.

    Raises:
        SummarizerError: There is none.
    """
    for folder in SHIPPED:
        if folder.is_dir():
            return folder
    raise SummarizerError(
        "The cases are not where they were installed.", "Give a folder of your own cases."
    )


def load_cases(folder: Path | None = None, names: Sequence[str] = ()) -> tuple[Case, ...]:
    """Return the labelled stories of a folder, by name.

    Args:
        folder: Where they lie; by default the shipped ones.
        names: The only ones wanted; all where none is named.

    Raises:
        UsageError: A case does not exist or cannot be used; the message has file and line.
    """
    return tuple(
        load_case(case.folder) for case in list_cases(folder or find_cases_folder(), names)
    )


def load_case(folder: Path) -> Case:
    """Return one labelled story.

    Raises:
        UsageError: It cannot be used; the message has file and line.
    """
    from summarizer.evals.labels import resolve

    whole = folder.resolve()
    (listed,) = list_cases(whole.parent, [whole.name])
    case, problems = resolve(read_labels(folder), listed.digest)
    if case is None:
        raise CaseProblems(problems)
    return case


@dataclass(frozen=True, slots=True)
class Labels:
    """A case file that has the right shape, and where everything in it stands."""

    folder: Path
    file: CaseFile
    node: yaml.Node | None

    def line(self, *place: str | int) -> int:
        """Return the line, from 1, of the part that ``place`` leads to."""
        return _line(self.node, place)

    def problem(self, message: str, *place: str | int) -> Problem:
        """Return a problem with the part that ``place`` leads to."""
        return Problem(self.folder / LABELS, self.line(*place), message)


def read_labels(folder: Path) -> Labels:
    """Return the labels of a case as they are written.

    Raises:
        UsageError: They cannot be read or have another shape; the message has file and line.
    """
    from summarizer.evals.case_file import check_case

    path = folder / LABELS
    node, data = _composed(path)
    problems = [Problem(path, line, message) for line, message in _repeated(node)]
    file, complaints = check_case(data)
    problems.extend(_problem(path, node, complaint) for complaint in complaints)
    if file is None or problems:
        raise CaseProblems(sorted(problems, key=lambda problem: problem.line))
    return Labels(folder, file, node)


def _problem(path: Path, node: yaml.Node | None, complaint: Complaint) -> Problem:
    return Problem(
        path, _line(node, complaint.place), f"{_spelled(complaint.place)} {complaint.message}"
    )


def _spelled(place: Place) -> str:
    """Return a place as one reads it: ``facts[3].support.times[0]``."""
    parts = [f"[{key}]" if isinstance(key, int) else f".{key}" for key in place]
    return "".join(parts).removeprefix(".") or "the file"


def _composed(path: Path) -> tuple[yaml.Node | None, object]:
    """Return a YAML file as nodes with marks, and as dictionaries, lists and texts."""
    try:
        import yaml
    except ImportError as error:
        raise UsageError(
            "The cases are YAML files, and PyYAML is not installed.",
            'Run: pip install "summarizer[evals]"',
        ) from error
    # Texts only: "no" stays a language and "14" a value. The C parser is 10 times as fast.
    loader_type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        loader = loader_type(path.read_bytes().decode("utf-8-sig"))
        try:
            node = loader.get_single_node()
            return node, loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: byte {error.start}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise CaseProblems([Problem(path, line, f"is no YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise CaseProblems([Problem(path, 1, f"is no YAML: {error}")]) from error


def _line(node: yaml.Node | None, place: Sequence[str | int]) -> int:
    """Return the line, from 1, of the deepest part on the way to ``place`` that is there."""
    line = _begins(node) if node is not None else 1
    for key in place:
        inner = None if node is None else dict(_parts(node)).get(key)
        if inner is None:
            break
        begin, node = inner
        line = _begins(begin)
    return line


def _parts(node: yaml.Node) -> Iterator[tuple[str | int, tuple[yaml.Node, yaml.Node]]]:
    """Yield the key or position of each part of a node, where it begins, and what it is."""
    for number, part in enumerate(() if isinstance(node.value, str) else node.value):
        if isinstance(part, tuple):
            yield part[0].value, part
        else:
            yield number, (part, part)


def _begins(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _repeated(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Yield the line and message of each key given twice: YAML would keep the last in silence."""
    todo, seen = [node], set()
    while todo:
        node = todo.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        keys: set[str | int] = set()
        for key, (begin, inner) in _parts(node):
            if key in keys:
                yield _begins(begin), f"{key} is given twice"
            keys.add(key)
            todo.append(inner)
