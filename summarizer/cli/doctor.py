"""``summarize doctor``: settings, cache, server and what stands in the way of a run."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from summarizer import __version__
from summarizer.cli.options import OutputOption, expanded, with_options
from summarizer.cli.output import JsonOption, as_json, emit, field_line, print_error
from summarizer.errors import SummarizerError, UsageError
from summarizer.report.wording import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from summarizer.llm.capabilities import Capabilities
    from summarizer.llm.costs import Price
    from summarizer.llm.server import ServerChat
    from summarizer.llm.store import Store
    from summarizer.settings import Settings

Section = dict[str, Any]  # a part of what is shown, by the names of its lines

_NOT_USED = (
    "not by default: neither OPENAI_API_KEY nor OPENAI_BASE_URL is set, nor a setting that asks one"
)


@expanded
def doctor(
    *,
    probe: Annotated[
        bool,
        Option("--probe", help="Ask the server what it does: a few tiny requests, none cached."),
    ] = False,
    model: Annotated[str | None, Option("--model", "-m", help="The model.")] = None,
    base_url: Annotated[
        str | None, Option(metavar="URL", help="The server.  [default: OpenAI]")
    ] = None,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Show what is installed, what is set and what can work.

    Version, the server, its model with the price and what earlier requests have learnt of it, the
    cache, and the effective settings with the place each comes from. Keys are never shown. Without
    --probe nothing is sent; with it, a server that fails leaves with 4.
    """
    given = {"model": model, "base_url": base_url}
    findings, failure = _examine_installation(given, probe=probe)
    emit(as_json(findings) if json else "".join(_screen_lines(findings)), output)
    if failure:
        print_error(failure)
    raise typer.Exit(failure.exit_code if failure else 0)


def _examine_installation(
    given: dict[str, str | None], *, probe: bool
) -> tuple[Section, SummarizerError | None]:
    """Return what there is, and why the server could not be asked, if it was to be."""
    from summarizer import settings
    from summarizer.llm.store import Store, chosen_folder
    from summarizer.tokens import load_encoding

    chosen, problems = settings.load(given), list[SummarizerError]()
    exact = load_encoding(chosen.model or None) is not None

    def warn(message: str) -> None:
        problems.append(SummarizerError(message))

    with Store(chosen_folder(chosen.cache_dir), make=probe, warn=warn) as store:
        server, failure = _server_section(chosen, store, problems, probe=probe)
        stored = store.info()
    findings: Section = {
        "version": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "vocabulary": "found: tokens are counted" if exact else "not found: tokens are estimated",
        "server": server,
        "cache": {
            "mode": chosen.cache,
            "folder": stored["folder"],
            "answers": stored["entries"],
            "bytes": stored["bytes"],
            "set_aside": stored["set_aside"],
        },
        "settings": {
            name: {"value": _without_secrets(name, value), "from": place}
            for name, (value, place) in settings.explain(given).items()
        },
        "problems": [
            {"message": each.message, "hint": with_options(each.hint)} for each in problems
        ],
    }
    return findings, failure


def _server_section(
    chosen: Settings, store: Store, problems: list[SummarizerError], *, probe: bool
) -> tuple[Section, SummarizerError | None]:
    """Return what is known of the server, and why it could not be asked, if it was to be."""
    from summarizer.llm.client import open_client
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
        return _plugin_section(server.endpoint.base_url, chosen, store, problems)
    failure: SummarizerError | None = None
    if probe and chosen.cache == "offline":
        message = "The setting cache is offline, so nothing may be sent."
        failure = UsageError(message, hint="Leave out --probe.")
    elif probe:
        failure = _error_of(lambda: server.find_out(fully=True))
    model, known, since = server.remembered()
    priced, price = _price_section(server, model, chosen)
    server.close()
    if probe or asks_model(chosen) or chosen.judge in ("llm", "decisions"):
        obstacle = failure or _error_of(lambda: open_client(chosen, os.environ).close())
        problems += [obstacle] if obstacle else _find_doubts(chosen, model, known, price)
    return {
        "used": "by default" if asks_model(chosen) else _NOT_USED,
        "address": server.endpoint.base_url,
        "key": key,
        "model": model or "whichever the server has (--probe asks it)",
        **priced,
        **({"probe": f"failed: {failure.message}"} if failure else _ability_section(known, since)),
    }, failure


def _plugin_section(
    address: str, chosen: Settings, store: Store, problems: list[SummarizerError]
) -> tuple[Section, SummarizerError | None]:
    """Return what is known of a plug-in's models: it has its own keys, and nothing is asked."""
    from summarizer.llm.server import open_server

    section: Section = {"used": "by default", "address": address}
    try:
        with closing(open_server(chosen, os.environ, store)) as answering:
            section["model"] = answering.model
    except SummarizerError as problem:
        problems.append(problem)
        return section, problem
    return section, None


def _error_of(work: Callable[[], object]) -> SummarizerError | None:
    """Do something, and return the error that it ended with, if it did."""
    try:
        work()
    except SummarizerError as problem:
        return problem
    return None


def _price_section(
    server: ServerChat, model: str | None, chosen: Settings
) -> tuple[Section, Price | None]:
    from summarizer.llm.costs import AS_OF, Tariff
    from summarizer.llm.session import DEFAULT_MAX_COST

    tariff = Tariff(server.endpoint, chosen.prices)
    price = tariff.of(model or "", service_tier=chosen.service_tier)
    if price is None:
        unknown = "unknown: no cap on cost is held"
        return {"price": unknown, "price_from": None, "max_cost": None}, None
    return {
        "price": {"input": price.input, "cached": price.cached, "output": price.output},
        "price_from": "the setting prices" if chosen.prices else f"table of {AS_OF}",
        "max_cost": DEFAULT_MAX_COST if chosen.max_cost is None else chosen.max_cost,
    }, price


def _ability_section(known: Capabilities | None, since: datetime | None) -> Section:
    if known is None:
        return {"probe": "not asked yet; --probe asks it"}
    asked = since.isoformat(timespec="seconds") if since else "at some time"
    learnt = {name: value for name, value in known.to_dict().items() if value is not None}
    return {"probe": f"asked {asked}", **learnt}


def _find_doubts(
    chosen: Settings, model: str | None, known: Capabilities | None, price: Price | None
) -> list[SummarizerError]:
    doubts = [
        (
            price is None and chosen.max_cost is not None,
            "A cap on cost is set, and the price of the model is not known.",
            'Set prices = "input/cached/output" ("0/0/0" for a server of your own).',
        ),
        (
            known is not None and not known.structured,
            "The server does not keep to a schema: answers are checked and asked for again.",
            "Another model or server spares requests, and steps that fail.",
        ),
        (
            known is not None and chosen.judge == "decisions" and not known.decisions,
            "The server answers no typed questions.",
            "Set judge = llm.",
        ),
        (
            known is not None and known.models and model and model not in known.models,
            f"The server does not list the model {model}.",
            "Choose one of its models with --model.",
        ),
    ]
    return [SummarizerError(message, hint) for applies, message, hint in doubts if applies]


def _without_secrets(name: str, value: object) -> object:
    from summarizer.llm.api_errors import HIDDEN
    from summarizer.llm.client import Endpoint, parse_headers

    try:
        if name == "headers":
            return "; ".join(f"{header}: {HIDDEN}" for header in parse_headers(str(value)))
        if name == "base_url" and value:
            return Endpoint.of(str(value)).base_url
    except SummarizerError:
        return HIDDEN
    return value


def _screen_lines(findings: Section) -> Iterator[str]:
    problems = findings["problems"]
    for key, value in findings.items():
        if key == "problems":
            continue
        if isinstance(value, dict):
            yield f"{key}\n"
            for name, detail in value.items():
                yield field_line(name, _detail_words(name, detail), indent=2)
        else:
            yield field_line(key, value)
    yield "problems\n" if problems else field_line("problems", "none")
    for problem in problems:
        yield f"  {one_line(problem['message'])}\n"
        if problem["hint"]:
            yield f"    {one_line(problem['hint'])}\n"


def _detail_words(name: str, value: object) -> str:
    if isinstance(value, dict) and "from" in value:
        shown = value["value"] if value["value"] != "" else '""'
        return f"{shown} ({value['from']})"
    if isinstance(value, dict):
        amounts = ", ".join(f"${amount:g} {kind}" for kind, amount in value.items())
        return f"{amounts}, per million tokens"
    if isinstance(value, list):
        from summarizer.llm.server import MODELS_SHOWN

        rest = len(value) - MODELS_SHOWN
        return (", ".join(value[:MODELS_SHOWN]) or "none") + (f" and {rest} more" * (rest > 0))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "max_cost" and value is not None:
        return f"${value} a run"
    return "none" if value is None else str(value)
