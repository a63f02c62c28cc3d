"""The test server's wire, as the unpatched client of openai meets it."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types import Decision
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from summarizer.schemas import REPLIES
from tests.support.asking import APIS, ARTICLE, QUESTIONS, STATEMENTS, ask, connect, ending, text_of
from tests.support.folders import ROOT
from tests.support.server import Answer, Asked, ModelServer


@pytest.fixture
def client(server: ModelServer) -> Iterator[OpenAI]:
    with connect(server) as client:
        yield client


def test_it_lists_its_models(server: ModelServer, client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["rule-1"]
    assert [(r.path, r.stage, r.status) for r in server.requests] == [("/v1/models", "", 200)]


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize("name", list(REPLIES))
def test_an_answer_keeps_to_the_schema(client: OpenAI, api: str, name: str) -> None:
    body = ask(client, api, name, ARTICLE + STATEMENTS)
    REPLIES[name].check(json.loads(text_of(api, body)))


def test_bodies_are_what_the_types_of_the_client_say(client: OpenAI) -> None:
    Response.model_validate(ask(client, "responses"))
    ChatCompletion.model_validate(ask(client, "chat"))
    Decision.model_validate(ask(client, "decisions"))


def test_the_client_finds_the_text_of_an_answer(client: OpenAI) -> None:
    answer = client.responses.create(model="rule-1", input="Good morning.")
    assert answer.output_text.startswith("Sure!")


def test_decisions_answer_each_question_in_its_order(client: OpenAI) -> None:
    answers = ask(client, "decisions")["answers"]
    assert [answer["name"] for answer in answers] == [q["name"] for q in QUESTIONS]
    reported, denied, wrong, contradicted = [answer["probability"] for answer in answers]
    assert min(reported, contradicted) > 0.6 > 0.4 > max(denied, wrong)


def test_decisions_take_the_model_that_openai_has_for_them(client: OpenAI) -> None:
    assert ask(client, "decisions", more={"model": "gpt-6-luna"})["model"] == "gpt-6-luna"


@pytest.mark.parametrize("api", APIS)
def test_an_api_that_is_not_there_is_not_found(api: str) -> None:
    with (
        ModelServer(apis=set(APIS) - {api}) as server,
        connect(server) as client,
        pytest.raises(openai.NotFoundError, match="Invalid URL"),
    ):
        ask(client, api)


@pytest.mark.parametrize("api", APIS)
def test_an_unknown_model_is_not_found(client: OpenAI, api: str) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client, api, more={"model": "rule-2"})
    assert caught.value.code == "model_not_found"


def test_a_key_must_be_the_right_one() -> None:
    with ModelServer(key="right") as server:
        with connect(server, api_key="wrong") as client, pytest.raises(openai.AuthenticationError):
            client.models.list()
        with connect(server, api_key="right") as client:
            client.models.list()
        assert [received.status for received in server.requests] == [401, 200]


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_server_that_does_not_enforce_schemas_takes_one_and_chats(api: str) -> None:
    with ModelServer(enforces=set()) as server, connect(server) as client:
        assert text_of(api, ask(client, api)).startswith("Sure!")
        assert server.requests[0].stage == "reading"


def test_a_schema_in_the_prompt_is_answered_in_a_markdown_fence(server: ModelServer) -> None:
    schema = json.dumps(REPLIES["reading"].schema)
    with connect(server) as client:
        answer = client.responses.create(model="rule-1", input=f"{ARTICLE}\nAnswer as {schema}.")
    REPLIES["reading"].check(json.loads(answer.output_text.removeprefix("```json")[:-3]))
    assert server.requests[0].stage == "reading"


@pytest.mark.parametrize("flaw", [{"additionalProperties": True}, {"required": []}])
def test_a_schema_that_strict_mode_forbids_is_declined(
    client: OpenAI, flaw: dict[str, Any]
) -> None:
    schema = {**REPLIES["reading"].schema, **flaw}
    shape: Any = {"type": "json_schema", "name": "reading", "schema": schema, "strict": True}
    with pytest.raises(openai.BadRequestError, match="Invalid schema"):
        client.responses.create(model="rule-1", input="Read.", text={"format": shape})


def test_more_questions_than_openai_takes_are_declined(client: OpenAI) -> None:
    question: Any = {"type": "predicate", "instructions": "It is so."}
    with pytest.raises(openai.BadRequestError):
        client.decisions.create(model="rule-1", input="It is.", questions=[question] * 401)


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_an_answer_ends_at_the_limit_on_its_tokens(client: OpenAI, api: str) -> None:
    limit = "max_output_tokens" if api == "responses" else "max_tokens"
    body = ask(client, api, more={limit: 10})
    assert len(text_of(api, body)) == 40
    assert ending(api, body) in {"max_output_tokens", "length"}


def test_a_prompt_beyond_the_context_is_too_long() -> None:
    with ModelServer(context=50) as server, connect(server) as client:
        ask(client, "decisions", text="A short text.")
        with pytest.raises(openai.BadRequestError, match="exceeds the available context"):
            ask(client, "chat")


def test_tokens_that_an_earlier_prompt_began_with_count_as_cached(client: OpenAI) -> None:
    start = "The harbour of Velden is old. " * 60
    used = [
        client.responses.create(model="rule-1", input=start + end).usage
        for end in ("", "Is it?", "Is it?")
    ]
    assert [(u.input_tokens, u.input_tokens_details.cached_tokens) for u in used if u] == [
        (450, 0),
        (451, 384),
        (451, 384),
    ]


def test_several_requests_go_over_one_connection(server: ModelServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", "/v1/models")
        connection.getresponse().read()
        assert connection.sock is socket
    connection.close()


class Meeting:
    """A model that answers only when eight requests are there together."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(8)

    def answer(self, asked: Asked) -> Answer:
        self.barrier.wait(timeout=20)
        return Answer("{}")


def test_many_requests_are_answered_at_once() -> None:
    with (
        ModelServer(Meeting()) as server,
        connect(server) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        bodies = list(pool.map(lambda _: ask(client, "chat"), range(8)))
        assert [text_of("chat", body) for body in bodies] == ["{}"] * 8
        assert all(received.at_end is not None for received in server.requests)


class Broken:
    """A model with a mistake in it."""

    def answer(self, asked: Asked) -> Answer:
        raise KeyError("a mistake")


def test_a_mistake_in_the_server_itself_is_told_when_it_closes() -> None:
    with pytest.raises(AssertionError, match="a mistake"):
        ask_what_is_broken()


def ask_what_is_broken() -> None:
    with (
        ModelServer(Broken()) as server,
        connect(server) as client,
        pytest.raises(openai.APIConnectionError),
    ):
        ask(client, "chat")


@pytest.mark.parametrize("sent", [b"", b"no JSON", b"[1]", b'{"model": "rule-1"}'])
def test_a_body_that_asks_nothing_is_declined(server: ModelServer, sent: bytes) -> None:
    with httpx2.Client() as client:
        answer = client.post(f"{server.url}/responses", content=sent)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


def test_it_runs_as_a_process_of_its_own() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.server", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with OpenAI(api_key="none", base_url=address, max_retries=0) as client:
            ask(client, "chat")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_server_tells_how_it_is_called() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.support.server", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "20% of the answers" in told.stdout
