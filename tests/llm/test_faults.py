"""Every fault of a server, met by each back end: an outcome by name, or an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    PromptTooLong,
    QuotaExhausted,
    RateLimited,
    ServerFailed,
    ServiceError,
    TimedOut,
    Unreachable,
)
from summarizer.llm.backends import CompletionsChat, DecisionsChat, ResponsesChat
from summarizer.llm.request import Chat, Message, Outcome, Question, Request
from summarizer.llm.server import ServerChat, probe
from summarizer.llm.store import Store
from summarizer.prompts.material import FENCE
from summarizer.schemas import REPLIES
from summarizer.settings import Settings
from tests.support.scripted import client_of
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

ARTICLE = f"<<<{FENCE}\n1: The old harbour bridge stays closed until Tuesday.\n{FENCE}>>>"
TEXT = Request(
    stage="extract_claims",
    model="rule-1",
    messages=(Message("system", "Read with care."), Message("user", ARTICLE)),
    shape=REPLIES["claims"],
)
ABOUT = Request(
    stage="decide_claims",
    model="rule-1",
    messages=(Message("user", ARTICLE),),
    questions=tuple(
        Question(name, "It reports: “The old harbour bridge stays closed until Tuesday.”")
        for name in ("reports_1", "contradicts_1")
    ),
)


@dataclass(frozen=True)
class Way:
    """One way to ask the server."""

    back_end: Callable[..., Chat]
    path: str
    request: Request


WAYS = {
    "responses": Way(ResponsesChat, "/v1/responses", TEXT),
    "chat": Way(CompletionsChat, "/v1/chat/completions", TEXT),
    "decisions": Way(DecisionsChat, "/v1/decisions", ABOUT),
}

SPOILT = {
    Fault.TRUNCATED: Outcome.TRUNCATED,
    Fault.REFUSAL: Outcome.REFUSED,
    Fault.FILTERED: Outcome.FILTERED,
    Fault.NOT_JSON: Outcome.INVALID,
    Fault.SCHEMA_IGNORED: Outcome.INVALID,
    Fault.EMPTY: Outcome.INVALID,
}
SPOILT_DECISIONS = {
    Fault.TRUNCATED: Outcome.INVALID,
    Fault.REFUSAL: Outcome.REFUSED,
    Fault.FILTERED: Outcome.REFUSED,
    Fault.WRONG_SHAPE: Outcome.INVALID,
    Fault.SCHEMA_IGNORED: Outcome.INVALID,
    Fault.OUT_OF_RANGE: Outcome.INVALID,
    Fault.UNDECIDED: Outcome.INVALID,
    Fault.EMPTY: Outcome.INVALID,
}
OUTCOMES = [(way, *pair) for way in ("responses", "chat") for pair in SPOILT.items()]
OUTCOMES += [("decisions", *pair) for pair in SPOILT_DECISIONS.items()]

ERRORS: dict[Fault, type[ServiceError]] = {
    Fault.RATE_LIMITED: RateLimited,
    Fault.RATE_LIMITED_SILENT: RateLimited,
    Fault.QUOTA: QuotaExhausted,
    Fault.ERROR_500: ServerFailed,
    Fault.ERROR_503: ServerFailed,
    Fault.TIMEOUT: TimedOut,
    Fault.CUT: Unreachable,
    Fault.TOO_LONG: PromptTooLong,
}


@pytest.mark.parametrize("way", WAYS)
def test_an_undisturbed_answer_is_complete(way: str) -> None:
    asked = WAYS[way]
    with ModelServer() as server, client_of(server) as client:
        reply = asked.back_end(client, mark="k3y9").ask(asked.request)
    (received,) = server.requests
    assert received.path == asked.path
    assert reply.outcome is Outcome.COMPLETE
    assert reply.model == "rule-1"
    assert reply.usage.input_tokens > 0
    if asked.request.shape is not None:
        asked.request.shape.check(reply.value)


@pytest.mark.parametrize(("way", "fault", "outcome"), OUTCOMES)
def test_a_spoilt_answer_has_its_outcome(way: str, fault: Fault, outcome: Outcome) -> None:
    asked = WAYS[way]
    with ModelServer() as server, client_of(server) as client:
        server.order(fault)
        reply = asked.back_end(client, mark="k3y9").ask(asked.request)
    assert reply.outcome is outcome
    assert reply.value is None
    assert reply.detail
    assert reply.usage.input_tokens > 0
    assert len(server.requests) == 1


@pytest.mark.parametrize("way", ["responses", "chat"])
def test_json_of_another_shape_is_for_the_next_to_find_out(way: str) -> None:
    asked = WAYS[way]
    with ModelServer() as server, client_of(server) as client:
        server.order(Fault.WRONG_SHAPE)
        reply = asked.back_end(client, mark="k3y9").ask(asked.request)
    assert reply.outcome is Outcome.COMPLETE
    assert asked.request.shape is not None
    with pytest.raises(ValueError, match="instructions"):
        asked.request.shape.check(reply.value)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fault", "error"), ERRORS.items())
def test_a_failure_that_lasts_becomes_its_error(
    way: str, fault: Fault, error: type[ServiceError]
) -> None:
    asked = WAYS[way]
    timeout = 0.2 if fault is Fault.TIMEOUT else 20.0
    with ModelServer() as server, client_of(server, timeout=timeout) as client:
        server.order(fault, times=None)
        with pytest.raises(ServiceError) as caught:
            asked.back_end(client, mark="k3y9").ask(asked.request)
    assert type(caught.value) is error
    assert caught.value.hint
    assert "harbour" not in caught.value.message


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (Fault.RATE_LIMITED, 2),
        (Fault.RATE_LIMITED_SILENT, 2),
        (Fault.ERROR_500, 2),
        (Fault.ERROR_503, 2),
        (Fault.TIMEOUT, 2),
        (Fault.CUT, 2),
        (Fault.TRICKLE, 1),
    ],
)
def test_a_failure_that_passes_is_not_seen(fault: Fault, sent: int) -> None:
    timeout = 0.3 if fault is Fault.TIMEOUT else 20.0
    with ModelServer() as server, client_of(server, retries=1, timeout=timeout) as client:
        server.order(fault)
        reply = ResponsesChat(client, mark="k3y9").ask(TEXT)
    assert reply.outcome is Outcome.COMPLETE
    assert len(server.requests) == sent


@pytest.mark.parametrize(("fault", "sent"), [(Fault.QUOTA, 1), (Fault.TOO_LONG, 1)])
def test_a_failure_that_stays_is_met_once(fault: Fault, sent: int) -> None:
    with ModelServer() as server, client_of(server, retries=3) as client:
        server.order(fault, times=None)
        with pytest.raises(ServiceError):
            ResponsesChat(client, mark="k3y9").ask(TEXT)
    assert len(server.requests) == sent


def test_a_wrong_key_is_not_accepted_and_not_shown() -> None:
    with (
        ModelServer(key="sk-the-right-one") as server,
        client_of(server, key="sk-the-wrong-one") as client,
        pytest.raises(NotAuthorized) as caught,
    ):
        ResponsesChat(client, mark="k3y9").ask(TEXT)
    assert "sk-the" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("apis", "enforces", "api", "structured", "sent"),
    [
        ({"responses", "chat"}, {"responses", "chat"}, "responses", True, 1),
        ({"responses", "chat"}, {"chat"}, "chat", True, 2),  # as llama-server does
        ({"chat"}, {"chat"}, "chat", True, 2),
        ({"responses", "chat"}, set(), "chat", False, 2),
    ],
)
def test_what_a_server_does_is_found_out(
    apis: set[str], enforces: set[str], api: str, structured: bool, sent: int
) -> None:
    with ModelServer(apis=apis, enforces=enforces) as server, client_of(server) as client:
        found = probe(client, "rule-1")
    assert (found.api, found.structured, found.decisions) == (api, structured, False)
    assert len(server.requests) == sent


@pytest.mark.parametrize(("apis", "decides"), [({"chat", "decisions"}, True), ({"chat"}, False)])
def test_whether_a_server_decides_is_found_out(
    apis: set[str], decides: bool, tmp_path: Path
) -> None:
    with ModelServer(apis=apis) as server, Store(tmp_path) as store:
        settings = Settings(
            base_url=server.url, model="rule-1", api="chat", decisions_model="rule-1"
        )
        with closing(ServerChat(settings, {}, store)) as asked_about:
            found = asked_about.find_out(fully=True)
    assert found.decisions is decides
    assert len(server.requests) == 3


def test_a_model_that_the_server_lacks_is_told_with_those_it_has() -> None:
    with (
        ModelServer(names=("rule-1", "rule-2")) as server,
        client_of(server) as client,
        pytest.raises(ModelMissing, match="rule-9") as caught,
    ):
        probe(client, "rule-9")
    assert "rule-1, rule-2" in caught.value.hint
