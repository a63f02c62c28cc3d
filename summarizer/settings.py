"""What a user may choose, and where each choice came from.

A value is looked for in this order, and the first layer that names it wins:

1. a flag of the command line, or an argument of the caller;
2. the environment: ``SUMMARIZER_SENTENCES=5``;
3. the folder: ``summarizer.toml``, or ``[tool.summarizer]`` in ``pyproject.toml``;
4. the user's own configuration folder: ``summarizer/config.toml``;
5. the default written here.

A key that nobody knows is an error that names the nearest one: a typing mistake in a
configuration file must not pass in silence.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError

ENGINES = ("auto", "extractive", "openai")
"""Who proposes claims. ``auto`` is ``openai`` where a key or an address of a server is set."""

JUDGES = ("auto", "lexical", "llm", "decisions")
"""Who answers whether a text supports a claim. ``auto`` is ``llm`` with a model, else
``lexical``."""

APIS = ("auto", "responses", "chat")
"""How a server is spoken to. ``auto`` asks it once which of the two keeps to a schema."""

CACHE_MODES = ("on", "refresh", "off", "offline")
"""What is done with stored answers: read and written; only written; neither; only read."""

ENV_PREFIX = "SUMMARIZER_"
"""How every environment variable of the project begins."""

NEAR_ENOUGH = 0.8
"""Similarity (0 to 1, as difflib counts it) from which an unknown variable is a slip."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be true or false")


def _whole(low: int, high: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        rule = f"must be a whole number from {low} to {high}"
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError(rule)
        try:
            number = int(value)
        except ValueError:
            raise ValueError(rule) from None
        if not low <= number <= high:
            raise ValueError(rule)
        return number

    return parse


def _amount(low: float, high: float) -> Callable[[object], float]:
    def parse(value: object) -> float:
        rule = f"must be a number from {low:g} to {high:g}"
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(rule)
        try:
            number = float(value)
        except ValueError:
            raise ValueError(rule) from None
        if not low <= number <= high:
            raise ValueError(rule)
        return number

    return parse


def _or_unset(parse: Callable[[object], float]) -> Callable[[object], float | None]:
    """Return a parser that takes an empty text for "not set"."""
    return lambda value: None if value is None or value == "" else parse(value)


def _one_of(names: Sequence[str]) -> Callable[[object], str]:
    def parse(value: object) -> str:
        name = str(value).strip().lower()
        if name not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return name

    return parse


def _setting(default: Any, parse: Callable[[object], object], help: str) -> Any:
    return field(default=default, metadata={"parse": parse, "help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice a run depends on."""

    engine: str = _setting("auto", _one_of(ENGINES), "who proposes claims")
    judge: str = _setting("auto", _one_of(JUDGES), "who checks them")
    model: str = _setting("", _text, "the model; empty: the server's only one, or the default")
    decisions_model: str = _setting("gpt-6-luna", _text, "the model of the decisions judge")
    base_url: str = _setting("", _text, "the server's address; empty: OPENAI_BASE_URL or OpenAI")
    headers: str = _setting("", _text, 'extra headers for the server: "Name: value; Name: value"')
    api: str = _setting("auto", _one_of(APIS), "how the server is spoken to")
    prompts: str = _setting("", _text, "a folder whose prompts replace those of the same name")
    sentences: int = _setting(3, _whole(1, 50), "sentences in the summary of one article")
    chunk_tokens: int = _setting(1500, _whole(16, 1_000_000), "tokens in one chunk, at most")
    jobs: int = _setting(8, _whole(1, 64), "requests under way at once")
    timeout: float = _setting(120.0, _amount(0.1, 3600), "seconds to wait for one answer")
    retries: int = _setting(3, _whole(0, 20), "times a failed request is sent again")
    max_output_tokens: int = _setting(16_000, _whole(16, 1_000_000), "tokens in one answer")
    temperature: float | None = _setting(
        None, _or_unset(_amount(0, 2)), "sent where set; many models refuse it"
    )
    reasoning_effort: str = _setting("", _text, "sent where set: minimal, low, medium, high")
    service_tier: str = _setting("", _text, "sent where set: flex is cheaper and slower")
    max_cost: float | None = _setting(
        None,
        _or_unset(_amount(0, 100_000)),
        "dollars a run may cost, at most; 1 where it is not set",
    )
    prices: str = _setting(
        "", _text, 'dollars per million tokens, "input/cached/output"; empty: the built-in table'
    )
    cache: str = _setting("on", _one_of(CACHE_MODES), "what is done with stored answers")
    cache_dir: str = _setting("", _text, "where they are; empty: the user's cache folder")
    recordings: str = _setting("", _text, "a file of recorded answers to take in a server's place")
    allow_private_urls: bool = _setting(
        False, _flag, "fetch from private, loopback and link-local addresses too"
    )
    slack_workers: int = _setting(2, _whole(1, 64), "Slack: comparisons under way at once")
    slack_queue: int = _setting(10, _whole(0, 1000), "Slack: requests that may wait for their turn")
    slack_minutes: float = _setting(15.0, _amount(0.1, 600), "Slack: minutes one request may take")
    slack_keep_hours: float = _setting(
        168.0, _amount(0, 8760), "Slack: hours a report is kept for what is asked afterwards"
    )
    slack_runs_a_day: float | None = _setting(
        None, _or_unset(_whole(0, 1_000_000)), "Slack: requests worked on in a day, at most"
    )
    slack_channel_runs_a_day: float | None = _setting(
        None, _or_unset(_whole(0, 1_000_000)), "Slack: the same for one channel"
    )
    slack_cost_a_day: float | None = _setting(
        None, _or_unset(_amount(0, 100_000)), "Slack: dollars that all requests of a day may cost"
    )
    slack_channel_cost_a_day: float | None = _setting(
        None, _or_unset(_amount(0, 100_000)), "Slack: the same for one channel"
    )
    slack_folder: str = _setting(
        "", _text, "Slack: where the bot keeps its state; empty: beside the user's configuration"
    )
    slack_api_url: str = _setting(
        "https://slack.com/api/", _text, "Slack: where its Web API is; GovSlack has another"
    )


@dataclass(frozen=True, slots=True)
class Layer:
    """Some choices and the place they were made, as a user would call it."""

    place: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """One effective value and the place it came from."""

    name: str
    value: object
    place: str
    help: str


def load(
    flags: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user_file: Path | None = None,
) -> Settings:
    """Return the effective settings.

    Args:
        flags: What was said on the command line; a value of None was not said.
        env: The environment; ``os.environ`` by default.
        folder: Where the project's configuration is looked for; the current folder.
        user_file: The user's own configuration; see ``user_configuration``.

    Raises:
        UsageError: A layer holds a key that does not exist or a value that cannot be.
    """
    choices = explain(flags, env=env, folder=folder, user_file=user_file)
    values: dict[str, Any] = {choice.name: choice.value for choice in choices}
    return Settings(**values)


def explain(
    flags: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user_file: Path | None = None,
) -> tuple[Choice, ...]:
    """Return every setting with its effective value and the place it came from."""
    env = os.environ if env is None else env
    said = {key: value for key, value in (flags or {}).items() if value is not None}
    layers = [
        Layer("flag", said),
        _environment(env),
        _folder(Path() if folder is None else folder),
        _file(user_configuration(env) if user_file is None else user_file),
    ]
    for layer in layers:
        _refuse_unknown(layer)
    return tuple(_choose(name, layers) for name in _KNOWN)


_KNOWN = {item.name: item for item in fields(Settings)}


def _choose(name: str, layers: Sequence[Layer]) -> Choice:
    known = _KNOWN[name]
    help_text: str = known.metadata["help"]
    for layer in layers:
        if name in layer.values:
            value = _parsed(name, layer)
            return Choice(name, value, layer.place, help_text)
    return Choice(name, known.default, "default", help_text)


def _parsed(name: str, layer: Layer) -> object:
    given = layer.values[name]
    try:
        return _KNOWN[name].metadata["parse"](given)
    except ValueError as problem:
        raise UsageError(
            f"{name} = {given!r} ({layer.place}): {problem}",
            hint=f"{name}: {_KNOWN[name].metadata['help']}; the default is "
            f"{_KNOWN[name].default!r}.",
        ) from None


def _refuse_unknown(layer: Layer) -> None:
    for key in layer.values:
        if key not in _KNOWN:
            near = get_close_matches(key, _KNOWN, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(_KNOWN)}."
            raise UsageError(f"There is no setting {key!r} ({layer.place}).", hint=hint)


def _environment(env: Mapping[str, str]) -> Layer:
    """Read the variables that name a setting, or that nearly do.

    An unknown one that resembles none of ours is let be: container platforms put
    variables such as ``SUMMARIZER_PORT`` there for any service of that name.
    """
    values: dict[str, object] = {}
    for variable, value in env.items():
        if not variable.startswith(ENV_PREFIX):
            continue
        key = variable.removeprefix(ENV_PREFIX).lower()
        if key in _KNOWN or get_close_matches(key, _KNOWN, n=1, cutoff=NEAR_ENOUGH):
            values[key] = value
    return Layer(f"environment, {ENV_PREFIX}*", values)


def _folder(folder: Path) -> Layer:
    own = folder / "summarizer.toml"
    if own.is_file():
        return _file(own)
    project = folder / "pyproject.toml"
    if not project.is_file():
        return Layer(str(own), {})
    tool = _toml(project).get("tool", {})
    return _layer(f"{project}, [tool.summarizer]", tool.get("summarizer", {}))


def _file(path: Path) -> Layer:
    return _layer(str(path), _toml(path) if path.is_file() else {})


def _layer(place: str, values: object) -> Layer:
    if not isinstance(values, dict):
        raise UsageError(f"{place} is not a table of settings.")
    return Layer(place, {key.replace("-", "_"): value for key, value in values.items()})


def _toml(path: Path) -> dict[str, Any]:
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
