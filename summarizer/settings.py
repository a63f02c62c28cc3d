"""What a user may choose, and where each choice came from.

A value is looked for in this order, and the first layer that names it wins:

1. a flag of the command line, or an argument of the caller;
2. the environment: ``SUMMARIZER_SENTENCES=5``;
3. the folder: ``summarizer.toml``, or ``[tool.summarizer]`` in ``pyproject.toml``;
4. the user's own configuration folder: ``summarizer/config.toml``;
5. the default written here.

A key that nobody knows is an error that names the nearest one: a typing mistake in a
configuration file must not pass in silence.

An extra has settings of its own, in a table of its name (``[slack]``, in ``pyproject.toml``
``[tool.summarizer.slack]``) and in variables that begin with it (``SUMMARIZER_SLACK_QUEUE``). It
declares them in its own room with the functions here, and reads them with ``load_extra``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from summarizer.errors import UsageError

# Who proposes claims: ``auto`` is ``openai`` where a key or an address of a server is set.
ENGINES = ("auto", "extractive", "openai")
# Who answers whether a text supports a claim: ``auto`` is ``llm`` with a model, else ``lexical``.
JUDGES = ("auto", "lexical", "llm", "decisions")
# How a server is spoken to: ``auto`` asks it once which of the two keeps to a schema.
APIS = ("auto", "responses", "chat")
# What is done with stored answers: read and written; only written; neither; only read.
CACHE_MODES = ("on", "refresh", "off", "offline")

ENV_PREFIX = "SUMMARIZER_"  # how every environment variable of the project begins
NEAR_ENOUGH = 0.8  # similarity (0 to 1, as difflib counts it) of an unknown variable that is a slip

Extra = TypeVar("Extra")
Number = TypeVar("Number", int, float)
Layer = tuple[str, Mapping[str, object]]  # a place, as a user would call it, and the choices there

_ALL_KNOWN = "Known are: {}. Those of an extra stand in a table of its name."
_FLAGS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(
    ("0", "false", "no", "off", ""), False
)


def text(value: object) -> str:
    """Return a value that is a text; raises ValueError for any other, like all parsers here."""
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


def flag(value: object) -> bool:
    """Return a value that is true or false, or a word for one of them."""
    chosen = _FLAGS.get(str(value).strip().lower())
    if chosen is None:
        raise ValueError("must be true or false")
    return chosen


def whole(low: int, high: int) -> Callable[[object], int]:
    """Return a parser of whole numbers from ``low`` to ``high``, both included."""
    return _number_parser(int, low, high, "a whole number")


def amount(low: float, high: float) -> Callable[[object], float]:
    """Return a parser of numbers from ``low`` to ``high``, both included."""
    return _number_parser(float, low, high, "a number")


def _number_parser(
    kind: type[Number], low: Number, high: Number, name: str
) -> Callable[[object], Number]:
    def parse(value: object) -> Number:
        if isinstance(value, kind | int | str) and not isinstance(value, bool):
            with suppress(ValueError):
                number = kind(value)
                if low <= number <= high:
                    return number
        raise ValueError(f"must be {name} from {low} to {high}")

    return parse


def or_unset(parse: Callable[[object], float]) -> Callable[[object], float | None]:
    """Return a parser that takes an empty text for "not set"."""
    return lambda value: None if value is None or value == "" else parse(value)


def one_of(names: Sequence[str]) -> Callable[[object], str]:
    """Return a parser of one of some names, in capitals or not."""

    def parse(value: object) -> str:
        name = str(value).strip().lower()
        if name not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return name

    return parse


def setting(
    default: Any, parse: Callable[[object], object], help: str, *, secret: bool = False
) -> Any:
    """Return the field of a setting; no error repeats the value of a ``secret`` one.

    ``parse`` returns the value that a layer holds, or raises ValueError.
    """
    return field(default=default, metadata={"parse": parse, "help": help, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice a run depends on."""

    engine: str = setting("auto", one_of(ENGINES), "who proposes claims")
    judge: str = setting("auto", one_of(JUDGES), "who checks them")
    model: str = setting("", text, "the model; empty: the server's only one, or the default")
    decisions_model: str = setting("gpt-6-luna", text, "the model of the decisions judge")
    base_url: str = setting(
        "", text, "the server's address; empty: OPENAI_BASE_URL or OpenAI", secret=True
    )
    headers: str = setting(
        "", text, 'extra headers for the server: "Name: value; Name: value"', secret=True
    )
    api: str = setting("auto", one_of(APIS), "how the server is spoken to")
    prompts: str = setting("", text, "a folder whose prompts replace those of the same name")
    sentences: int = setting(5, whole(1, 50), "sentences in the summary of one article")
    chunk_tokens: int = setting(1500, whole(16, 1_000_000), "tokens in one chunk, at most")
    jobs: int = setting(8, whole(1, 64), "requests under way at once")
    timeout: float = setting(120.0, amount(0.1, 3600), "seconds to wait for one answer")
    retries: int = setting(3, whole(0, 20), "times a failed request is sent again")
    max_output_tokens: int = setting(16_000, whole(16, 1_000_000), "tokens in one answer")
    temperature: float | None = setting(
        None, or_unset(amount(0, 2)), "sent where set; many models refuse it"
    )
    reasoning_effort: str = setting("", text, "sent where set: minimal, low, medium, high")
    service_tier: str = setting("", text, "sent where set: flex is cheaper and slower")
    max_cost: float | None = setting(
        None, or_unset(amount(0, 100_000)), "dollars a run may cost, at most; 1 where it is not set"
    )
    prices: str = setting(
        "", text, 'dollars per million tokens, "input/cached/output"; empty: the built-in table'
    )
    cache: str = setting("on", one_of(CACHE_MODES), "what is done with stored answers")
    cache_dir: str = setting("", text, "where they are; empty: the user's cache folder")
    recordings: str = setting("", text, "a file of recorded answers to take in a server's place")
    allow_private_urls: bool = setting(
        False, flag, "fetch from private, loopback and link-local addresses too"
    )


def load(
    flags: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user_file: Path | None = None,
) -> Settings:
    """Return the effective settings; a UsageError names a key or a value that cannot be.

    Args:
        flags: What was said on the command line; a value of None was not said.
        env: The environment; ``os.environ`` by default.
        folder: Where the project's configuration is looked for; the current folder.
        user_file: The user's own configuration; see ``user_configuration``.
    """
    choices = explain(flags, env=env, folder=folder, user_file=user_file)
    values: dict[str, Any] = {name: value for name, (value, _) in choices.items()}
    return Settings(**values)


def load_extra(kind: type[Extra], table: str, **places: Any) -> Extra:
    """Return the effective settings of the extra named ``table``; for ``places`` see ``load``.

    ``kind`` is a dataclass whose fields are made by ``setting``.
    """
    choices = explain(kind=kind, table=table, **places)
    return kind(**{name: value for name, (value, _) in choices.items()})


def explain(
    flags: Mapping[str, object] | None = None,
    *,
    kind: Any = Settings,
    table: str = "",
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user_file: Path | None = None,
) -> dict[str, tuple[object, str]]:
    """Return for every setting its effective value and the place it came from; see ``load``."""
    env = os.environ if env is None else env
    known = {item.name: item for item in fields(kind)}
    layers: list[Layer] = [
        ("flag", {name: value for name, value in (flags or {}).items() if value is not None}),
        _environment_layer(env, table, known),
        _folder_layer(folder or Path(), table),
        _file_layer(user_file or user_configuration(env), table),
    ]
    for place, values in layers:
        for name in (name for name in values if name not in known):
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]!r}?" if near else _ALL_KNOWN.format(", ".join(known))
            raise UsageError(f"There is no setting {name!r} ({place}).", hint=hint)
    return {name: _choose_value(item, layers) for name, item in known.items()}


def _choose_value(item: Any, layers: Sequence[Layer]) -> tuple[object, str]:
    """Return the value of the first layer that has one; raises UsageError for a wrong one."""
    given = ((place, values[item.name]) for place, values in layers if item.name in values)
    place, value = next(given, ("default", item.default))
    if place == "default":
        return value, place
    try:
        return item.metadata["parse"](value), place
    except ValueError as problem:
        shown = "…" if item.metadata["secret"] else repr(value)
        raise UsageError(
            f"{item.name} = {shown} ({place}): {problem}",
            hint=f"{item.name}: {item.metadata['help']}; the default is {item.default!r}.",
        ) from None


def _environment_layer(env: Mapping[str, str], table: str, known: Mapping[str, object]) -> Layer:
    """Read the variables that name a setting, or nearly do.

    Container platforms put others there for any service of our name: ``SUMMARIZER_PORT``.
    """
    prefix = f"{ENV_PREFIX}{table.upper()}_" if table else ENV_PREFIX
    ours = {
        variable.removeprefix(prefix).lower(): value
        for variable, value in env.items()
        if variable.startswith(prefix)
    }
    return f"environment, {prefix}*", {
        name: value
        for name, value in ours.items()
        if get_close_matches(name, known, n=1, cutoff=NEAR_ENOUGH)
    }


def _folder_layer(folder: Path, table: str) -> Layer:
    own, project = folder / "summarizer.toml", folder / "pyproject.toml"
    if own.is_file() or not project.is_file():
        return _file_layer(own, table)
    tool = _read_toml(project).get("tool", {})
    return _table_layer(f"{project}, [tool.summarizer]", tool.get("summarizer", {}), table)


def _file_layer(path: Path, table: str) -> Layer:
    return _table_layer(str(path), _read_toml(path) if path.is_file() else {}, table)


def _table_layer(place: str, values: Any, table: str) -> Layer:
    if table and isinstance(values, dict):
        place, values = f"{place}, table {table}", values.get(table, {})
    if not isinstance(values, dict):
        raise UsageError(f"{place}: this is not a table of settings.")
    # The tables in it are of extras, which look for theirs themselves.
    own = {key: value for key, value in values.items() if not isinstance(value, dict)}
    return place, {key.replace("-", "_"): value for key, value in own.items()}


def _read_toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageError(f"Cannot read the configuration {path}: {problem}.") from None


def user_configuration(env: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where a user's own configuration lies; it need not be there."""
    # Path.expanduser raises for a user that the system does not know, as in a container.
    home = Path(os.path.expanduser(env.get("HOME") or env.get("USERPROFILE") or "~"))  # noqa: PTH111
    if platform == "win32":
        base = Path(env.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    return base / "summarizer" / "config.toml"
