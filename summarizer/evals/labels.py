"""The labels of one story, as a person writes them in ``case.yaml``, and where each stands.

Every scalar is read as a text and turned into what its field wants, so that ``language: no`` and
``value: 14`` mean what they look like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from summarizer.errors import UsageError
from summarizer.types import ConflictKind

if TYPE_CHECKING:
    import yaml

LABELS = "case.yaml"  # the file that makes a folder a case
NO_FACTS = "facts has no fact yet: take one of the drafts over, without its #, and correct it"
PROBLEMS_TOLD = 5  # problems of one case that an error lists; ``eval lint`` lists all

Text = Annotated[str, Field(min_length=1)]
Salience = Annotated[int, Field(ge=1, le=3)]
Place = tuple[str | int, ...]  # the keys and positions that lead to a part of the file


class Part(BaseModel):
    """A part of a case file: nothing unknown, nothing empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuoteLabel(Part):
    """Words as they stand in an article; ``nth`` (from 1) where they stand there more than once."""

    quote: Text
    nth: Annotated[int, Field(ge=1)] | None = None


Quote = Annotated[
    QuoteLabel, BeforeValidator(lambda value: {"quote": value} if isinstance(value, str) else value)
]
Quotes = dict[Text, Annotated[list[Quote], Field(min_length=1)]]  # by the id of an article


class ArticleLabel(Part):
    """One article of the story and what it is."""

    id: Text
    file: Text
    outlet: Text
    language: Text
    furniture: list[Quote] = []
    same_as: Text | None = None
    other_event: bool = False
    stub: bool = False


class FactLabel(Part):
    """A fact, and every article that reports it."""

    id: Text
    text: Text
    salience: Salience
    support: Annotated[Quotes, Field(min_length=1)]
    speaker: Text | None = None
    hedge: Text | None = None


class PositionLabel(Part):
    """One side of a conflict."""

    value: Text
    facts: Annotated[list[Text], Field(min_length=1)]


class ConflictLabel(Part):
    """A thing on which articles differ."""

    id: Text
    kind: ConflictKind
    salience: Salience
    topic: Text
    positions: Annotated[list[PositionLabel], Field(min_length=2)]


class ForbiddenLabel(Part):
    """What no report may say."""

    text: Text
    why: Text


class CaseFile(Part):
    """All labels of a story."""

    name: Text
    about: Text
    covers: list[Text] = []
    articles: Annotated[list[ArticleLabel], Field(min_length=1)]
    facts: Annotated[list[FactLabel], Field(min_length=1)]
    acceptable: list[Annotated[Quotes, Field(min_length=2)]] = []
    conflicts: list[ConflictLabel] = []
    forbidden: list[ForbiddenLabel] = []


class Problem(NamedTuple):
    """What is wrong in a case, and where; ``line`` counts from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CaseProblems(UsageError):
    """A case that cannot be used; ``problems`` says all that is wrong with it, by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        shown, more = [*map(str, self.problems[:PROBLEMS_TOLD])], len(problems) - PROBLEMS_TOLD
        shown += [f"… and {more} more"] if more > 0 else []
        super().__init__("\n".join(shown), 'See "summarize eval lint".')


@dataclass(frozen=True, slots=True)
class Labels:
    """A case file that has the right shape, and where everything in it stands."""

    folder: Path
    file: CaseFile
    node: yaml.Node | None

    def problem(self, message: str, *place: str | int) -> Problem:
        """Return a problem with the part that ``place`` leads to."""
        return Problem(self.folder / LABELS, _line_of(self.node, place), message)


def read_labels(folder: Path) -> Labels:
    """Return the labels of a case as they are written; else raise a UsageError with the line."""
    path = folder / LABELS
    node, data = _read_yaml(path)
    try:
        return Labels(folder, CaseFile.model_validate(data), node)
    except ValidationError as error:
        problems = []
        for place, message in ((each["loc"], each["msg"]) for each in error.errors()):
            parts = [f"[{key}]" if isinstance(key, int) else f".{key}" for key in place]
            text = f"{''.join(parts).removeprefix('.') or 'the file'}: {message}"
            if place == ("facts",):
                text = NO_FACTS
            problems.append(Problem(path, _line_of(node, place), text))
        raise CaseProblems(problems) from None


def _read_yaml(path: Path) -> tuple[yaml.Node | None, object]:
    """Return a YAML file as nodes with marks, and as dictionaries, lists and texts."""
    try:
        import yaml
    except ImportError as error:
        raise UsageError(
            "The cases are YAML files, and PyYAML is not installed.",
            "Install PyYAML, or this package with its extra evals.",
        ) from error
    # Texts only: "no" stays a language and "14" a value. The C parser is 10 times as fast.
    base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

    class Loader(base):  # type: ignore[misc]
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> object:
            keys = [key.value for key, _ in node.value]
            for at, (key, _) in enumerate(node.value):
                if key.value in keys[:at]:  # YAML would keep the last in silence
                    twice = f"{key.value} is given twice"
                    raise yaml.constructor.ConstructorError(None, None, twice, key.start_mark)
            return super().construct_mapping(node, deep)

    try:
        loader = Loader(path.read_bytes().decode("utf-8-sig"))
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: byte {error.start}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"cannot be read as YAML: {getattr(error, 'problem', None) or error}"
        raise CaseProblems([Problem(path, mark.line + 1 if mark else 1, message)]) from error


def _line_of(node: yaml.Node | None, place: Sequence[str | int]) -> int:
    """Return the line, from 1, of the deepest part on the way to ``place`` that is there."""
    line = node.start_mark.line if node is not None else 0
    for key in place:
        parts = () if node is None or isinstance(node.value, str) else node.value
        pairs = [each if isinstance(each, tuple) else (each, each) for each in parts]
        keys = [begin.value if begin is not part else i for i, (begin, part) in enumerate(pairs)]
        if key not in keys:
            break
        begin, node = pairs[keys.index(key)]
        line = begin.start_mark.line
    return int(line) + 1
