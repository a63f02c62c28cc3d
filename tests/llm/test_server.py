"""What a server does is found out by asking it, in two requests at most."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    RequestRejected,
    ServerFailed,
    ServiceError,
    Unreachable,
    UsageError,
)
from summarizer.llm.capabilities import Capabilities
from summarizer.llm.client import open_client
from summarizer.llm.server import (
    DEFAULT_MODEL,
    ServerChat,
    decides,
    list_models,
    probe,
)
from summarizer.llm.store import Store
from summarizer.schemas import parse_value
from summarizer.settings import Settings
from tests.support.scripted import Answer, ScriptedServer, client_of, completion_of, response_of

pytestmark = pytest.mark.slow

KEPT = '{"shades": [{"colour": "verdigris", "share": 100, "note": null}]}'
PROSE = "I like blue best."
MISSING = Answer({"error": {"message": "Unknown path"}}, 404)
NO_MODEL = Answer({"error": {"message": "x", "code": "model_not_found"}}, 404)
REFUSED_SCHEMA = Answer({"error": {"message": "response_format is unavailable"}}, 400)
MODELS = Answer({"data": [{"id": "rule-1"}, {"id": "rule-2"}]})
DECIDED = Answer({"answers": [{"type": "predicate", "probability": 0.9}]})


def responds(text: str) -> Answer:
    return Answer(response_of(text))


def completes(text: str) -> Answer:
    return Answer(completion_of(text))


def found(*script: Answer, **chosen: Any) -> tuple[Capabilities, list[str]]:
    """Return what was found out, and the paths that were asked for it."""
    with ScriptedServer(*script) as server, client_of(server) as client:
        capabilities = probe(client, "rule-1", **chosen)
    return capabilities, [asked.path.removeprefix("/v1") for asked in server.asked]


BOTH = ["/responses", "/chat/completions"]


@pytest.mark.parametrize(
    ("script", "api", "structured", "paths"),
    [
        ([responds(KEPT)], "responses", True, BOTH[:1]),
        ([responds(PROSE), completes(KEPT)], "chat", True, BOTH),
        ([responds(KEPT.replace("verdigris", "blue")), completes(KEPT)], "chat", True, BOTH),
        ([MISSING, completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"", 405), completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"", 501), completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"", 403), completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"", 400), completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"", 500), completes(KEPT)], "chat", True, BOTH),
        ([Answer(b"<html>"), completes(KEPT)], "chat", True, BOTH),
        ([responds(PROSE), completes(PROSE)], "chat", False, BOTH),
        ([MISSING, completes(KEPT.replace("verdigris", "blue"))], "chat", False, BOTH),
        ([responds(PROSE), MISSING], "responses", False, BOTH),
        ([MISSING, REFUSED_SCHEMA, completes(PROSE)], "chat", False, [*BOTH, BOTH[1]]),
    ],
)
def test_the_api_is_the_one_that_keeps_to_a_schema(
    script: list[Answer], api: str, structured: bool, paths: list[str]
) -> None:
    capabilities, asked = found(*script)
    assert (capabilities.api, capabilities.structured) == (api, structured)
    assert not capabilities.decisions
    assert asked == paths


@pytest.mark.parametrize(
    ("api", "script", "paths"),
    [
        ("chat", [completes(KEPT)], BOTH[1:]),
        ("responses", [responds(KEPT)], BOTH[:1]),
    ],
)
def test_an_api_that_is_set_is_the_only_one_asked(
    api: str, script: list[Answer], paths: list[str]
) -> None:
    capabilities, asked = found(*script, api=api)
    assert (capabilities.api, capabilities.structured, asked) == (api, True, paths)


def test_an_api_that_is_set_is_kept_to_though_it_ignores_the_schema() -> None:
    capabilities, asked = found(responds(PROSE), api="responses")
    assert (capabilities.api, capabilities.structured, asked) == ("responses", False, BOTH[:1])


def test_an_api_that_is_set_and_missing_is_an_error() -> None:
    with pytest.raises(RequestRejected, match="/responses"):
        found(MISSING, api="responses")


def test_the_question_does_not_give_the_answer_away() -> None:
    with ScriptedServer(responds(KEPT)) as server, client_of(server) as client:
        probe(client, "rule-1")
    body = server.asked[0].body
    assert "verdigris" in str(body["text"])
    assert "verdigris" not in str(body["input"])
    assert body["store"] is False


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([Answer(b"", 401)], NotAuthorized),
        ([Answer({}, promised=9)], Unreachable),
        ([MISSING, Answer(b"", 401)], NotAuthorized),
        ([MISSING, MISSING], RequestRejected),
        ([Answer(b"", 500), Answer(b"", 503)], ServerFailed),
    ],
)
def test_a_server_that_answers_neither_way_is_an_error(
    script: list[Answer], error: type[ServiceError]
) -> None:
    with pytest.raises(error) as caught:
        found(*script)
    assert caught.value.hint


def test_a_missing_model_is_told_with_those_that_are_there() -> None:
    with pytest.raises(ModelMissing, match="rule-1") as caught:
        found(NO_MODEL, MODELS)
    assert caught.value.hint == "Choose one with the setting model: rule-1, rule-2."


@pytest.mark.parametrize("listed", [Answer(b"", 500), Answer({"data": []})])
def test_a_missing_model_is_told_also_where_the_server_lists_none(listed: Answer) -> None:
    with pytest.raises(ModelMissing) as caught:
        found(NO_MODEL, listed)
    assert "the setting model" in caught.value.hint


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (DECIDED, True),
        (Answer({"answers": [{"type": "refusal"}]}), True),
        (Answer({"answers": []}), False),
        (MISSING, False),
        (NO_MODEL, False),
        (Answer(b"", 500), False),
    ],
)
def test_whether_a_server_decides_is_tried_with_a_typed_question(
    answer: Answer, expected: bool
) -> None:
    with ScriptedServer(answer) as server, client_of(server) as client:
        assert decides(client, "luna") is expected
    (asked,) = server.asked
    assert (asked.path, asked.body["model"]) == ("/v1/decisions", "luna")


@pytest.mark.parametrize(("api", "used"), [("auto", "responses"), ("chat", "chat")])
def test_openai_is_known_and_not_asked(api: str, used: str) -> None:
    # A request would fail this test: it may only connect to the loopback.
    client = open_client(Settings(), {"OPENAI_API_KEY": "sk-1"})
    with client:
        capabilities = probe(client, "any", api=api)
        assert (capabilities.api, capabilities.structured) == (used, True)
        assert capabilities.decisions


# Which model


def model_of(server: ScriptedServer) -> str:
    """Return the model that is asked of a server where none is set."""
    with closing(ServerChat(Settings(base_url=server.url), {}, Store())) as asked_about:
        return asked_about.model


@pytest.mark.parametrize(
    "body",
    [{}, {"data": None}, {"data": "rule-1"}, {"data": [None, {}, {"id": 3}, {"id": ""}]}],
)
def test_a_list_that_names_no_model_is_empty(body: object) -> None:
    with ScriptedServer(Answer(body)) as server, client_of(server) as client:
        assert list_models(client) == ()
        with pytest.raises(UsageError, match="names no model"):
            model_of(server)


def test_the_only_model_of_a_server_needs_no_choice() -> None:
    with ScriptedServer(Answer({"data": [{"id": "rule-1"}]})) as server:
        assert model_of(server) == "rule-1"
    assert [asked.path for asked in server.asked] == ["/v1/models"]


@pytest.mark.parametrize(
    ("chosen", "model"), [(Settings(model="mine"), "mine"), (Settings(), DEFAULT_MODEL)]
)
def test_a_model_that_is_set_or_openais_default_is_taken_without_asking(
    chosen: Settings, model: str
) -> None:
    # A request would fail this test: it may only connect to the loopback.
    assert ServerChat(chosen, {}, Store()).model == model


def test_of_many_models_one_has_to_be_chosen_and_eight_are_named() -> None:
    many = Answer({"data": [{"id": f"m{n}\x1b"} for n in range(11)]})
    with (
        ScriptedServer(many) as server,
        pytest.raises(UsageError, match="11 models") as caught,
    ):
        model_of(server)
    assert caught.value.hint.endswith(": m0, m1, m2, m3, m4, m5, m6, m7 and 3 more.")


# As JSON


@given(
    st.builds(
        Capabilities,
        api=st.sampled_from(["responses", "chat"]),
        schema=st.sampled_from(["strict", "simple", "prompt"]),
        context=st.none() | st.integers(1),
        limit_name=st.none() | st.sampled_from(["max_tokens", ""]),
        decisions=st.booleans(),
        models=st.lists(st.text()).map(tuple),
    )
)
def test_capabilities_survive_being_written_down(capabilities: Capabilities) -> None:
    assert parse_value(Capabilities, capabilities.to_dict()) == capabilities


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"api": "smoke", "schema": "strict", "decisions": True, "models": []},
        {"api": [], "schema": "strict", "decisions": True, "models": []},
        {"api": "chat", "schema": 1, "decisions": True, "models": []},
        {"api": "chat", "schema": "strict", "decisions": 1, "models": []},
        {"api": "chat", "schema": "strict", "decisions": True, "models": None},
        {"api": "chat", "schema": "strict", "decisions": True, "models": [], "context": "8k"},
    ],
)
def test_anything_else_is_no_capabilities(value: object) -> None:
    assert parse_value(Capabilities, value) is None
