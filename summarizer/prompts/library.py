"""The texts that a model is sent: the shipped prompts, a user's own, and what is wrong with one.

A prompt is a file of Markdown: front matter with four keys, then a ``string.Template``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import NamedTuple

from summarizer.errors import SummarizerError, UsageError

NO_SCHEMA = "none"  # what the front matter of a prompt says that is not answered with JSON
KEYS = ("name", "version", "schema", "purpose")  # all that the front matter says
SUFFIX = ".md"  # of a prompt's file; the rest of the file's name is the prompt's
WHOLE_FILE = 0  # stands for a line number where no single line is at fault


class Stage(NamedTuple):
    """What the code expects of a prompt: the reply's schema, and just these variables."""

    schema: str
    variables: Collection[str] = ()


# Every prompt by name, in the order of a run.
STAGES: Mapping[str, Stage] = {
    "reader": Stage(NO_SCHEMA),
    "extract_claims": Stage("reading", ("article", "limit")),
    "add_claims": Stage("claims", ("article", "omissions")),
    "summarize_claims": Stage("summary", ("claims", "limit")),
    "align_claims": Stage("alignment", ("story",)),
    "find_conflicts": Stage("conflicts", ("story",)),
    "verify_statements": Stage("findings", ("article", "statements")),
    "decide_claims": Stage(NO_SCHEMA, ("article",)),
    "ask_reported": Stage(NO_SCHEMA, ("claim",)),
    "ask_contradicted": Stage(NO_SCHEMA, ("claim",)),
}

# Where the shipped prompts may be: inside an installed package, and beside it in a checkout.
_PACKAGE = Path(__file__).parent
SHIPPED = (_PACKAGE / "shipped", _PACKAGE.parent.parent / "prompts")

_REINSTALL = "Install summarizer again."
_FIELD = re.compile(r"\s*(\w+)\s*:(.*)")
# Nine digits: more would be no version, and far more are refused by int().
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
Finding = tuple[int, str]  # a line number, from 1, and what is wrong there


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The text of one stage, a ``string.Template``.

    ``version`` is raised with every change of the text, ``schema`` names the reply ("none" where
    it is not JSON), and ``overridden`` says that ``path`` is a user's own file.
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

    @property
    def origin(self) -> str:
        """Where it comes from, in words: its file, if that is a user's own."""
        return str(self.path) if self.overridden else "shipped"

    def fill(self, /, **values: str) -> str:
        """Return the text with each variable replaced by its value as it is."""
        return Template(self.text).substitute(values)

    def document(self) -> str:
        """Return the prompt as a file holds it, front matter first."""
        return (
            f"---\nname: {self.name}\nversion: {self.version}\nschema: {self.schema}\n"
            f"purpose: {self.purpose}\n---\n{self.text}\n"
        )


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a file of prompts; a ``warning`` does not keep it from working."""

    path: Path
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        place = str(self.path) if self.line == WHOLE_FILE else f"{self.path}:{self.line}"
        return f"{place}: {'warning: ' if self.warning else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A prompt, or None where a problem is more than a warning."""

    prompt: Prompt | None
    problems: tuple[Problem, ...] = ()

    def require(self, failure: type[SummarizerError], hint: str) -> Prompt:
        """Return the prompt; raises ``failure`` with the first error where there is none."""
        if self.prompt is None:
            raise failure(f"{self.problems[0]}.", hint=hint)
        return self.prompt


@dataclass(frozen=True, slots=True)
class Library:
    """Every prompt by its name, in the order of a run."""

    prompts: tuple[Prompt, ...]

    def __getitem__(self, name: str) -> Prompt:
        """Return the prompt of that name; raises UsageError where there is none."""
        for prompt in self.prompts:
            if prompt.name == name:
                return prompt
        raise UsageError(f"There is no prompt {name!r} ({_suggest_name(name, self.names)}).")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all prompts."""
        return tuple(prompt.name for prompt in self.prompts)

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each prompt by its name."""
        return {prompt.name: prompt.sha256 for prompt in self.prompts}


def load_prompts(folder: str | Path = "") -> Library:
    """Return the shipped prompts, each replaced by a file of its name in the user's folder.

    Raises:
        UsageError: The folder does not exist, or holds a file that is no prompt.
        SummarizerError: A shipped prompt is missing or damaged.
    """
    files = [read_prompt(path) for path in _shipped_files()]
    shipped = Library(tuple(each.require(SummarizerError, _REINSTALL) for each in files))
    if not str(folder):
        return shipped
    hint = f"`summarize prompts check {folder}` lists everything that is wrong there."
    files = [read_prompt(path, shipped) for path in _override_files(folder)]
    own = {prompt.name: prompt for prompt in (each.require(UsageError, hint) for each in files)}
    return Library(tuple(own.get(prompt.name, prompt) for prompt in shipped.prompts))


def check(folder: str | Path = "") -> list[Problem]:
    """Return the problems of a user's folder of prompts, or of the shipped ones.

    Raises:
        UsageError: The folder cannot be read.
        SummarizerError: A shipped prompt, to which a user's own is compared, is damaged.
    """
    if not str(folder):
        return sorted(each for path in _shipped_files() for each in read_prompt(path).problems)
    files = _override_files(folder)
    if not files:
        return [Problem(Path(folder), WHOLE_FILE, "holds no prompt", warning=True)]
    shipped = load_prompts()
    return sorted(each for path in files for each in read_prompt(path, shipped).problems)


def _shipped_files() -> list[Path]:
    for folder in SHIPPED:
        files = [folder / f"{name}{SUFFIX}" for name in STAGES]
        # One of them tells our folder from a stranger's of the same name.
        if any(file.is_file() for file in files):
            return files
    raise SummarizerError("The prompts are not where they were installed.", hint=_REINSTALL)


def _override_files(folder: str | Path) -> list[Path]:
    """Return the files of a user's folder that are meant as prompts, by name.

    Folders, hidden files, backups (``x.md~``) and a README are not.
    """
    try:
        return sorted(
            path
            for path in Path(folder).expanduser().iterdir()
            if not (path.name.startswith(".") or path.name.endswith("~") or path.is_dir())
            and path.name.lower() != "readme.md"
        )
    except (OSError, RuntimeError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UsageError(
            f"Cannot read the folder of prompts {folder}: {reason}.",
            hint="Name a folder that exists with the setting prompts.",
        ) from None


def read_prompt(path: Path, shipped: Library | None = None) -> Parsed:
    """Return the prompt in a file, or what is wrong; a user's own is compared to ``shipped``."""
    try:
        return parse(path.read_bytes(), path, shipped)
    except OSError as problem:
        return _unusable(path, f"cannot be read: {problem.strerror or problem}")


def _unusable(path: Path, message: str, line: int = WHOLE_FILE) -> Parsed:
    return Parsed(None, (Problem(path, line, message),))


def parse(raw: bytes, path: Path, shipped: Library | None = None) -> Parsed:
    """Return the prompt in a file's bytes, or all that is wrong with it; see ``read_prompt``."""
    stage = STAGES.get(path.name.removesuffix(SUFFIX)) if path.suffix == SUFFIX else None
    if stage is None:
        near = _suggest_name(path.name, [f"{name}{SUFFIX}" for name in STAGES])
        return _unusable(path, f"is no prompt's file ({near})")
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unusable(path, "is not UTF-8; save the file in that encoding", line)
    # Not str.splitlines: it also breaks a line at separators that may stand in a text.
    lines = re.split("\r\n|\r|\n", text)
    marks = [place for place, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(marks) < 2 or marks[0]:
        return _unusable(path, f"has no front matter: {', '.join(KEYS)} between two lines ---", 1)
    end = marks[1]
    fields, findings = _parse_fields(lines[1:end])
    findings += _check_values(fields, end + 1, path.stem, stage)
    findings += _check_text(lines[end + 1 :], end + 1, stage.variables)
    if findings:
        return Parsed(None, tuple(sorted(Problem(path, *finding) for finding in findings)))
    prompt = Prompt(
        name=path.stem,
        version=int(fields["version"][1]),
        schema=stage.schema,
        purpose=fields["purpose"][1],
        text="\n".join(lines[end + 1 :]).strip(),
        path=path,
        overridden=shipped is not None,
    )
    base = shipped[prompt.name] if shipped else prompt
    if prompt.text == base.text or prompt.version > base.version:
        return Parsed(prompt)
    message = f"the text is not that of the shipped version {base.version}; raise the version"
    return Parsed(prompt, (Problem(path, fields["version"][0], message, warning=True),))


def _parse_fields(lines: Sequence[str]) -> tuple[dict[str, Finding], list[Finding]]:
    """Return line and value of each key, and what is wrong with the lines themselves."""
    fields: dict[str, Finding] = {}
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=2):
        match = _FIELD.fullmatch(line)
        if match is None:
            findings.append((number, f"is not 'key: value' with one of {', '.join(KEYS)}"))
        elif match[1] not in KEYS:
            findings.append((number, f"unknown key {match[1]!r} ({_suggest_name(match[1], KEYS)})"))
        elif match[1] in fields:
            first = fields[match[1]][0]
            findings.append((number, f"{match[1]} is there twice, first on line {first}"))
        else:
            fields[match[1]] = (number, match[2].strip())
    return fields, findings


def _check_values(
    fields: Mapping[str, Finding], end: int, name: str, stage: Stage
) -> Iterator[Finding]:
    """Yield what is wrong with the values; what is missing, on the line that ends them."""
    for key in KEYS:
        line, value = fields.get(key, (end, ""))
        if not value:
            yield line, f"{key} is {'empty' if key in fields else 'missing'}"
        elif key == "name" and value != name:
            yield line, f"name is {value!r}, but the file is {name}{SUFFIX}"
        elif key == "version" and not _VERSION.fullmatch(value):
            yield line, f"version {value!r} is not a whole number from 1"
        elif key == "schema" and value != stage.schema:
            known = {each.schema for each in STAGES.values()}
            there_is = "does not fit" if value in known else "does not exist"
            yield line, f"schema {value!r} {there_is}; {name} is answered with {stage.schema!r}"


def _check_text(lines: Sequence[str], end: int, variables: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the text that follows the line ``end``."""
    if not any(map(str.strip, lines)):
        yield end, "has no text after the front matter"
        return
    listed = ", ".join(f"${name}" for name in sorted(variables))
    filled_with = f"it is filled with {listed or 'nothing'}"
    used = set()
    for number, line in enumerate(lines, start=end + 1):
        for match in Template.pattern.finditer(line):
            name = match["named"] or match["braced"]
            used.add(name)
            if match["invalid"] is not None:
                yield number, "a $ that begins no variable; write $$ for a dollar"
            elif name and name not in variables:
                yield number, f"unknown variable ${name}; {filled_with}"
    for name in sorted(set(variables) - used):
        yield end + 1, f"does not use ${name}; {filled_with}"


def _suggest_name(name: str, known: Sequence[str]) -> str:
    """Return a question that names the nearest of the known names, or all of them."""
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
