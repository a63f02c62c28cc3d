"""A prompt, the stages there are, and how the file of a prompt is parsed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from string import Template

from summarizer.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The text of one stage.

    Args:
        name: The stage's name.
        version: A whole number, raised with every change of the text.
        schema: The reply it is answered with, by name; "none" where it is not JSON.
        purpose: What it is for, in one sentence for people.
        text: A ``string.Template``, without white space around it.
        path: The file it was read from.
        overridden: Whether that is a user's own file and not the shipped one.
    """

    name: str
    version: int
    schema: str
    purpose: str
    text: str
    path: Path
    overridden: bool = False

    @property
    def sha256(self) -> str:
        """The hash of all that decides answers, in hexadecimal; the purpose does not."""
        decisive = [self.name, self.version, self.schema, self.text]
        return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables in the text."""
        return frozenset(Template(self.text).get_identifiers())

    def fill(self, /, **values: str) -> str:
        """Return the text with each variable replaced by its value as it is.

        Raises:
            UsageError: A variable has no value, or a value no variable.
        """
        known = self.variables
        for name in sorted(known - values.keys()):
            raise UsageError(f"The prompt {self.name} is missing ${name}.", hint=_known(known))
        for name in sorted(values.keys() - known):
            raise UsageError(f"The prompt {self.name} has no variable ${name}.", hint=_known(known))
        return Template(self.text).substitute(values)

    def document(self) -> str:
        """Return the prompt as a file holds it, front matter first."""
        return (
            f"---\nname: {self.name}\nversion: {self.version}\nschema: {self.schema}\n"
            f"purpose: {self.purpose}\n---\n{self.text}\n"
        )


def _known(names: Iterable[str]) -> str:
    listed = ", ".join(f"${name}" for name in sorted(names))
    return f"Its variables are {listed}." if listed else "It has no variables."


NO_SCHEMA = "none"
"""What the front matter of a prompt says that is not answered with JSON."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the code gives a prompt and expects of it.

    Args:
        schema: The reply it is answered with, by its name in ``summarizer.schemas.replies``.
        variables: What it is filled with; a text has to use each of them, and no other.
    """

    schema: str
    variables: frozenset[str] = frozenset()


STAGES: Mapping[str, Stage] = {
    "reader": Stage(NO_SCHEMA),
    "extract_claims": Stage("reading", frozenset({"article", "limit"})),
    "add_claims": Stage("claims", frozenset({"article", "omissions"})),
    "summarize_claims": Stage("summary", frozenset({"claims", "limit"})),
    "align_claims": Stage("alignment", frozenset({"story"})),
    "verify_statements": Stage("findings", frozenset({"article", "statements"})),
    "decide_claims": Stage(NO_SCHEMA, frozenset({"article"})),
    "ask_reported": Stage(NO_SCHEMA, frozenset({"claim"})),
    "ask_contradicted": Stage(NO_SCHEMA, frozenset({"claim"})),
}
"""Every prompt by name, in the order of a run."""


KEYS = ("name", "version", "schema", "purpose")
"""What the front matter says, all of it and nothing else."""

SUFFIX = ".md"
"""How the name of a prompt's file ends; the rest of it is the prompt's name."""

WHOLE_FILE = 0
"""Stands for a line number where no single line is at fault."""

_MARK = "---"
_FIELD = re.compile(r"\s*(\w+)\s*:(.*)")
# Nine digits: more would be no version, and far more are refused by int().
_VERSION = re.compile(r"[1-9][0-9]{0,8}")

Finding = tuple[int, str]
"""A line number, from 1, and what is wrong there."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a file of prompts; a ``warning`` does not keep it from working."""

    path: Path
    line: int
    message: str
    warning: bool = False

    @property
    def place(self) -> str:
        """The file, and the line where one is at fault, as compilers write it."""
        return str(self.path) if self.line == WHOLE_FILE else f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {'warning: ' if self.warning else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A prompt, or None where a problem is more than a warning.

    ``lines`` says on which line each key of its front matter stands.
    """

    prompt: Prompt | None
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def error(self) -> Problem | None:
        """The first problem that is more than a warning."""
        return next((problem for problem in self.problems if not problem.warning), None)


def parse(raw: bytes, path: Path, *, overridden: bool = False) -> Parsed:
    """Return the prompt in a file's bytes, or all that is wrong with it.

    Args:
        raw: What the file holds.
        path: Its path: the name of the file is the name of the prompt.
        overridden: Whether it is a user's own.
    """
    stage = STAGES.get(path.name.removesuffix(SUFFIX)) if path.suffix == SUFFIX else None
    if stage is None:
        return _failed(path, (WHOLE_FILE, _unknown_file(path.name)))
    try:
        lines = _lines(raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _failed(path, (line, "is not UTF-8; save the file in that encoding"))
    end = _end(lines)
    if end is None:
        return _failed(path, (1, f"has no front matter: {', '.join(KEYS)} between two lines ---"))
    fields, findings = _fields(lines[1:end])
    findings += _unfit(fields, end + 1, path.stem, stage)
    findings += _unfit_text(lines, end + 1, stage)
    problems = tuple(sorted((*_problems(path, findings), *_spaces(path, lines))))
    if findings:
        return Parsed(None, problems)
    prompt = Prompt(
        name=path.stem,
        version=int(fields["version"][1]),
        schema=stage.schema,
        purpose=fields["purpose"][1],
        text="\n".join(lines[end + 1 :]).strip(),
        path=path,
        overridden=overridden,
    )
    return Parsed(prompt, problems, {key: line for key, (line, _) in fields.items()})


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a question that names the nearest of the known names, or all of them."""
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _lines(raw: bytes) -> list[str]:
    """Return the lines of a file, whichever way they end; a byte order mark is left out."""
    text = raw.decode("utf-8").removeprefix("\ufeff")
    # Not str.splitlines: it also breaks a line at separators that may stand in a text.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _failed(path: Path, finding: Finding) -> Parsed:
    return Parsed(None, tuple(_problems(path, [finding])))


def _problems(path: Path, findings: Iterable[Finding]) -> Iterator[Problem]:
    return (Problem(path, line, said) for line, said in findings)


def _spaces(path: Path, lines: Sequence[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=1):
        if line != line.rstrip():
            yield Problem(path, number, "ends in spaces", warning=True)


def _unknown_file(name: str) -> str:
    known = [f"{stage}{SUFFIX}" for stage in STAGES]
    return f"is no prompt's file ({nearest(name, known)})"


def _end(lines: Sequence[str]) -> int | None:
    """Return the index of the line that closes the front matter."""
    if lines[0].rstrip() != _MARK:
        return None
    return next((i for i, line in enumerate(lines) if i and line.rstrip() == _MARK), None)


def _fields(lines: Sequence[str]) -> tuple[dict[str, Finding], list[Finding]]:
    """Return line and value of each key, and what is wrong with the lines themselves."""
    fields: dict[str, Finding] = {}
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=2):
        match = _FIELD.fullmatch(line)
        if match is None:
            findings.append((number, f"is not 'key: value' with one of {', '.join(KEYS)}"))
        elif match[1] not in KEYS:
            findings.append((number, f"unknown key {match[1]!r} ({nearest(match[1], KEYS)})"))
        elif match[1] in fields:
            first = fields[match[1]][0]
            findings.append((number, f"{match[1]} is there twice, first on line {first}"))
        else:
            fields[match[1]] = (number, match[2].strip())
    return fields, findings


def _unfit(fields: Mapping[str, Finding], end: int, name: str, stage: Stage) -> Iterator[Finding]:
    """Yield what is wrong with the values; what is missing, on the line that ends them."""
    for key in KEYS:
        if key not in fields:
            yield end, f"{key} is missing"
            continue
        line, value = fields[key]
        if not value:
            yield line, f"{key} is empty"
        elif key == "name" and value != name:
            yield line, f"name is {value!r}, but the file is {name}{SUFFIX}"
        elif key == "version" and not _VERSION.fullmatch(value):
            yield line, f"version {value!r} is not a whole number from 1"
        elif key == "schema" and value != stage.schema:
            known = {each.schema for each in STAGES.values()}
            there_is = "does not fit" if value in known else "does not exist"
            yield line, f"schema {value!r} {there_is}; {name} is answered with {stage.schema!r}"


def _unfit_text(lines: Sequence[str], start: int, stage: Stage) -> Iterator[Finding]:
    """Yield what is wrong with the text that begins at the line of index ``start``."""
    body = lines[start:]
    if not any(map(str.strip, body)):
        yield start, "has no text after the front matter"
        return
    used = set()
    for number, line in enumerate(body, start=start + 1):
        for match in Template.pattern.finditer(line):
            name = match["named"] or match["braced"]
            if name:
                used.add(name)
            if match["invalid"] is not None:
                yield number, "a $ that begins no variable; write $$ for a dollar"
            elif name and name not in stage.variables:
                yield number, f"unknown variable ${name}; {_variables(stage)}"
    for name in sorted(stage.variables - used):
        yield start + 1, f"does not use ${name}; {_variables(stage)}"


def _variables(stage: Stage) -> str:
    listed = ", ".join(f"${name}" for name in sorted(stage.variables))
    return f"it is filled with {listed}" if listed else "it is filled with nothing"
