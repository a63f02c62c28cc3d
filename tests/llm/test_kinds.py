"""Every kind of server that was reported: one run of several requests against each.

The table in docs/model.md is what these runs did; ``WRITE_DOCS=1`` writes it anew.
"""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from summarizer.errors import ServiceError
from summarizer.llm import client
from summarizer.llm.request import Message, Request, Sampling
from summarizer.llm.session import open_session
from summarizer.schemas import ReplyShape, Wire
from summarizer.settings import Settings
from tests.support.folders import ROOT
from tests.support.server import Answer, Asked, ModelServer, RuleModel
from tests.support.server.kinds import BY_NAME, KINDS, Kind

pytestmark = pytest.mark.slow

DOCS = ROOT / "docs" / "model.md"
REQUESTS = 5
WASTED = 3
"""Requests to a server that answers none, at most."""

WEATHER = {
    "weather": [
        {"place": "Port Aldmere", "sure": 93, "hedge": None},
        {"place": "Velden", "sure": 60, "hedge": "perhaps"},
    ]
}


class Place(Wire):
    place: Annotated[str, Field(max_length=80)]
    sure: Annotated[int, Field(ge=0, le=100)]
    hedge: str | None


class Weather(Wire):
    """A reply with what replies have: a definition, bounds, null, lists."""

    weather: Annotated[list[Place], Field(max_length=9)]


class WeatherShape(ReplyShape):
    def check(self, value: object) -> Wire:
        if value != WEATHER:
            raise ValueError(f"another weather: {value}")
        return super().check(value)


class Forecaster(RuleModel):
    """Knows the weather, and nothing else."""

    def answer(self, asked: Asked) -> Answer:
        if asked.stage == "weather" or "Port Aldmere" in asked.text:
            return Answer(json.dumps(WEATHER))
        return super().answer(asked)


def question(number: int) -> Request:
    """Return one of several requests that begin alike and are as long as real ones."""
    article = "It rained all day in Port Aldmere, and the ferry did not sail. " * 150
    return Request(
        stage="weather",
        model="rule-1",
        messages=(
            Message("system", "Read with care. " * 40),
            Message("user", f"{article}\nTell the weather of day {number}."),
        ),
        shape=WeatherShape("weather", Weather),
        sampling=Sampling(max_output_tokens=16_000),
        subject=f"day {number}",
    )


def run(server: ModelServer, folder: Path, first: int = 0) -> list[str]:
    """Put all questions at once; return how each ended."""
    settings = Settings(base_url=server.url, model="rule-1", cache_dir=str(folder), retries=3)
    with open_session(settings, env={}, warn=lambda message: None) as session:

        def ask(number: int) -> str:
            try:
                session.asker.ask(question(number))
            except ServiceError as error:
                shows_address = "/v1" in error.message
                return "no hint" if shows_address or not error.hint else type(error).__name__
            return "whole"

        with ThreadPoolExecutor(REQUESTS) as pool:
            return list(pool.map(ask, range(first, first + REQUESTS)))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LOADING_SECONDS", 0.01)


@pytest.fixture(scope="module")
def table() -> Any:
    rows: dict[str, str] = {}
    yield rows
    if os.environ.get("WRITE_DOCS") and len(rows) == len(KINDS):
        begin, end = "<!-- kinds -->\n", "<!-- /kinds -->"
        head = "| what the server does | as reported in | result |\n|---|---|---|\n"
        lines = head + "".join(rows[kind.name] for kind in KINDS)
        text = re.sub(
            f"{begin}.*{end}",
            lambda _: begin + lines + end,
            DOCS.read_text("utf-8"),
            flags=re.DOTALL,
        )
        DOCS.write_text(text, "utf-8")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_ends_as_it_should(kind: Kind, tmp_path: Path, table: dict[str, str]) -> None:
    # As most servers do that speak Chat Completions alone.
    with ModelServer(Forecaster(), apis={"chat"}, kinds=[kind]) as server:
        ended = run(server, tmp_path)
        sent = server.count(path="/chat/completions")
    assert ended == [kind.outcome] * REQUESTS
    if kind.outcome in ("whole", "PromptTooLong"):
        assert sent <= 2 * REQUESTS
    else:
        assert sent <= WASTED
    table[kind.name] = f"| {kind.does} | {kind.source} | {kind.outcome} |\n"


@pytest.mark.parametrize(
    "names",
    [
        ("prose around", "trailing comma", "finish in capitals"),
        ("no bounds", "context of 8k", "max_completion_tokens only"),
        ("no schema", "thinking aloud", "output cap"),
        ("answer as reasoning", "uncached tokens alone", "loading for a while"),
    ],
)
def test_kinds_come_together(names: tuple[str, ...], tmp_path: Path) -> None:
    kinds = [BY_NAME[name] for name in names]
    with ModelServer(Forecaster(), apis={"chat"}, kinds=kinds) as server:
        assert run(server, tmp_path) == ["whole"] * REQUESTS


def test_what_was_learnt_is_used_from_the_first_request_of_the_next_run(tmp_path: Path) -> None:
    kinds = [BY_NAME[name] for name in ("no bounds", "context of 8k", "max_completion_tokens only")]
    with ModelServer(Forecaster(), apis={"chat"}, kinds=kinds) as server:
        run(server, tmp_path)
        server.reset()
        assert run(server, tmp_path, first=REQUESTS) == ["whole"] * REQUESTS
        assert [received.status for received in server.requests] == [200] * REQUESTS


def test_the_table_names_every_kind() -> None:
    text = DOCS.read_text("utf-8")
    assert [kind.name for kind in KINDS if f"| {kind.does} | " not in text] == []
