"""``summarize doctor``: settings, cache, prompts, server and what stands in the way of a run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer import __version__
from summarizer.cli.options import Saving, expanded, with_options
from summarizer.cli.output import JsonOption, emit, print_error
from summarizer.errors import SummarizerError, UsageError
from summarizer.report.safe import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from summarizer.llm.capabilities import Capabilities
    from summarizer.llm.prices import Price
    from summarizer.llm.server import ServerChat
    from summarizer.llm.store import Store
    from summarizer.settings import Choice, Settings

_NAME = re.compile(r"[\w.-]+")


@expanded
def doctor(
    *,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe", help="Ask the server what it does: a few tiny requests, none cached."
        ),
    ] = False,
    model: Annotated[str | None, typer.Option("--model", "-m", help="The model.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The server.  [default: OpenAI]")
    ] = None,
    prompts: Annotated[
        str | None, typer.Option(metavar="DIR", help="A folder of prompts of your own.")
    ] = None,
    json: JsonOption = False,
    saving: Saving,
) -> None:
    """Show what is installed, what is set and what can work.

    Version, packages, engines, judges, the server, its model with the price and what earlier
    requests have learnt of it, the cache,
    the prompts, and the effective settings with the place each comes from. Keys are never
    shown. Without --probe nothing is sent; with it, a server that fails leaves with 4.
    """
    from summarizer import settings
    from summarizer.render.json import dumps

    said = {"model": model, "base_url": base_url, "prompts": prompts}
    choices, chosen = settings.explain(said), settings.load(said)
    found, failure = _examine(choices, chosen, probe=probe)
    document = dumps(found, indent=2) + "\n" if json else "".join(lines(found))
    emit(document, saving.output)
    if failure:
        print_error(failure)
    raise typer.Exit(failure.exit_code if failure else 0)


def _examine(
    choices: tuple[Choice, ...], chosen: Settings, *, probe: bool
) -> tuple[dict[str, Any], SummarizerError | None]:
    """Return what there is, and why the server could not be asked, if it was to be."""
    from summarizer import settings

    problems: list[SummarizerError] = []
    found = _installed(chosen)
    failure = None
    with _store(chosen, problems, keep=probe) as store:
        found["server"], failure = _server(chosen, store, problems, probe=probe)
        found["cache"] = _cache(store.info(), chosen)
    found["prompts"] = _prompts(chosen, problems)
    found["engines"] = [name for name in settings.ENGINES if name != "auto"]
    found["judges"] = [name for name in settings.JUDGES if name != "auto"]
    found["settings"] = {
        choice.name: {"value": _shown(choice), "from": choice.place} for choice in choices
    }
    found["problems"] = [
        {"message": each.message, "hint": with_options(each.hint)} for each in problems
    ]
    return found, failure


def _installed(chosen: Settings) -> dict[str, Any]:
    import platform

    from summarizer.tokens import TokenCounter

    exact = TokenCounter(chosen.model or None).exact
    return {
        "version": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "packages": dict(_packages()),
        "vocabulary": "found: tokens are counted" if exact else "not found: tokens are estimated",
    }


def _packages() -> Iterator[tuple[str, str]]:
    """Return what the installed package says it needs, and which version is there."""
    from importlib import metadata

    try:
        needed = metadata.requires("newsdiff") or []
    except metadata.PackageNotFoundError:
        needed = []
    for requirement in needed:
        match = _NAME.match(requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            yield match[0], metadata.version(match[0])
        except metadata.PackageNotFoundError:
            yield match[0], "missing"


def _store(chosen: Settings, problems: list[SummarizerError], *, keep: bool) -> Store:
    """Open the cache; where there is none, none is made but to keep what a server says."""
    from summarizer.llm.store import Store, chosen_folder

    folder = chosen_folder(chosen.cache_dir)
    return Store(folder, make=keep, warn=lambda message: problems.append(SummarizerError(message)))


def _server(
    chosen: Settings, store: Store, problems: list[SummarizerError], *, probe: bool
) -> tuple[dict[str, Any], SummarizerError | None]:
    from summarizer.llm.server import ServerChat
    from summarizer.pipeline.desk import asks_model

    key = "not set; there are headers" if chosen.headers else "not set"
    if os.environ.get("OPENAI_API_KEY", "").strip():
        key = "set (OPENAI_API_KEY)"
    try:
        server = ServerChat(chosen, os.environ, store)
    except SummarizerError as problem:
        problems.append(problem)
        return {"address": "none that can be", "key": key}, problem if probe else None
    if server.endpoint.plugin:
        return _plugin(server.endpoint.base_url, chosen, store, problems)
    failure = _asked(server, chosen) if probe else None
    known = _findings(server, chosen)
    server.close()
    used = probe or asks_model(chosen) or chosen.judge in ("llm", "decisions")
    if used:
        problems += [failure] if failure else _hindrances(chosen) or _doubts(known, chosen)
    return {
        "used": "by default" if asks_model(chosen) else _NOT_USED,
        "address": server.endpoint.base_url,
        "key": key,
        **_model(known, chosen),
        **(_abilities(known) if failure is None else {"probe": f"failed: {failure.message}"}),
    }, failure


def _plugin(
    address: str, chosen: Settings, store: Store, problems: list[SummarizerError]
) -> tuple[dict[str, Any], SummarizerError | None]:
    """Return what is known of a plug-in's models: it has its own keys, and nothing is asked."""
    from summarizer.llm.server import open_server

    try:
        answering = open_server(chosen, os.environ, store)
        model = answering.model
    except SummarizerError as problem:
        problems.append(problem)
        return {"used": "by default", "address": address}, problem
    answering.close()
    return {"used": "by default", "address": address, "model": model}, None


_NOT_USED = (
    "not by default: neither OPENAI_API_KEY nor OPENAI_BASE_URL is set, nor a setting that asks one"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """What is known of a server: its model, what that costs, what it does and since when."""

    model: str | None
    found: Capabilities | None
    at: datetime | None
    price: Price | None
    price_from: str | None


def _findings(server: ServerChat, chosen: Settings) -> _Findings:
    from summarizer.llm.prices import AS_OF, Tariff

    model, found, at = server.remembered()
    price = Tariff(server.endpoint, chosen.prices).of(model or "", service_tier=chosen.service_tier)
    source = "the setting prices" if chosen.prices else f"table of {AS_OF}"
    price_from = source if price else None
    return _Findings(model=model, found=found, at=at, price=price, price_from=price_from)


def _hindrances(chosen: Settings) -> list[SummarizerError]:
    """Return why no request could even be sent, if none could."""
    from summarizer.llm.client import open_client

    try:
        open_client(chosen, os.environ).close()
    except SummarizerError as problem:
        return [problem]
    return []


def _asked(server: ServerChat, chosen: Settings) -> SummarizerError | None:
    """Ask the server, and return why that failed, if it did."""
    if chosen.cache == "offline":
        return UsageError(
            "The setting cache is offline, so nothing may be sent.", hint="Leave out --probe."
        )
    try:
        server.survey()
    except SummarizerError as problem:
        return problem
    return None


def _model(known: _Findings, chosen: Settings) -> dict[str, Any]:
    price = known.price
    shown: str | dict[str, float] = "unknown: no cap on cost is held"
    if price is not None:
        shown = {"input": price.input, "cached": price.cached, "output": price.output}
    return {
        "model": known.model or "whichever the server has (--probe asks it)",
        "price": shown,
        "price_from": known.price_from,
        "max_cost": None if price is None else _cap(chosen),
    }


def _cap(chosen: Settings) -> float:
    from summarizer.llm.session import DEFAULT_MAX_COST

    return DEFAULT_MAX_COST if chosen.max_cost is None else chosen.max_cost


def _abilities(known: _Findings) -> dict[str, Any]:
    if known.found is None:
        return {"probe": "not asked yet; --probe asks it"}
    asked = known.at.isoformat(timespec="seconds") if known.at else "at some time"
    learnt = {name: value for name, value in known.found.to_dict().items() if value is not None}
    return {"probe": f"asked {asked}", **learnt}


def _doubts(known: _Findings, chosen: Settings) -> list[SummarizerError]:
    """Return what a run would do badly, or not at all, with the server as it is known."""
    doubts: list[SummarizerError] = []
    if known.price is None and chosen.max_cost is not None:
        doubts.append(
            UsageError(
                "A cap on cost is set, and the price of the model is not known.",
                hint='Set prices = "input/cached/output" ("0/0/0" for a server of your own).',
            )
        )
    found = known.found
    if found is None:
        return doubts
    if not found.structured:
        doubts.append(
            SummarizerError(
                "The server does not keep to a schema: answers are checked and asked for again.",
                hint="Another model or server spares requests, and steps that fail.",
            )
        )
    if chosen.judge == "decisions" and not found.decisions:
        doubts.append(
            SummarizerError("The server answers no typed questions.", hint="Set judge = llm.")
        )
    if found.models and known.model and known.model not in found.models:
        doubts.append(
            SummarizerError(
                f"The server does not list the model {known.model}.",
                hint="Choose one of its models with --model.",
            )
        )
    return doubts


def _cache(info: dict[str, Any], chosen: Settings) -> dict[str, Any]:
    return {
        "mode": chosen.cache,
        "folder": info["folder"],
        "answers": info["entries"],
        "bytes": info["bytes"],
        "set_aside": info["set_aside"],
    }


def _prompts(chosen: Settings, problems: list[SummarizerError]) -> dict[str, str]:
    """Return where each prompt is from."""
    from summarizer.prompts import load_prompts

    try:
        library = load_prompts(chosen.prompts)
    except SummarizerError as problem:
        problems.append(problem)
        return {}
    return {
        prompt.name: str(prompt.path) if prompt.overridden else "shipped"
        for prompt in library.prompts
    }


def _shown(choice: Choice) -> object:
    """Return the value of a setting without what may be a secret in it."""
    from summarizer.llm.api_errors import HIDDEN
    from summarizer.llm.client import Endpoint, parse_headers

    value = str(choice.value)
    try:
        if choice.name == "headers":
            return "; ".join(f"{name}: {HIDDEN}" for name in parse_headers(value))
        if choice.name == "base_url":
            return Endpoint.of(value).base_url if value else ""
    except SummarizerError:
        return HIDDEN
    return choice.value


MODELS_SHOWN = 8
"""Names of models on the screen, at most; ``--json`` has all of them."""


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what was found as lines for a screen."""
    for key, value in found.items():
        if key == "problems":
            yield from _problem_lines(value)
        elif isinstance(value, dict):
            yield f"{key}\n"
            for name, detail in value.items():
                yield f"  {name:<20} {one_line(_detail(name, detail))}\n"
        else:
            text = ", ".join(value) if isinstance(value, list) else value
            yield f"{key:<22} {one_line(text)}\n"


def _problem_lines(problems: list[dict[str, str]]) -> Iterator[str]:
    yield "problems\n" if problems else f"{'problems':<22} none\n"
    for problem in problems:
        yield f"  {one_line(problem['message'])}\n"
        if problem["hint"]:
            yield f"    {one_line(problem['hint'])}\n"


def _detail(name: str, value: object) -> str:
    """Return one value in words; ``name`` is what it is called."""
    if isinstance(value, dict) and "from" in value:
        shown = value["value"] if value["value"] != "" else '""'
        return f"{shown} ({value['from']})"
    if isinstance(value, dict):
        amounts = ", ".join(f"${amount:g} {kind}" for kind, amount in value.items())
        return f"{amounts}, per million tokens"
    if isinstance(value, list):
        rest = len(value) - MODELS_SHOWN
        return (", ".join(value[:MODELS_SHOWN]) or "none") + (f" and {rest} more" * (rest > 0))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "max_cost" and value is not None:
        return f"${value} a run"
    return "none" if value is None else str(value)
