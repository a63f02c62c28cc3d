"""What goes wrong between here and the server becomes an error that a user can act on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    PromptTooLong,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServerFailed,
    ServiceError,
    TimedOut,
    Unreachable,
)
from summarizer.llm.api_errors import (
    QUOTED,
    ApiError,
    Redactor,
    find_limit,
    kind_of,
    plain,
    read_error,
    translated,
)
from summarizer.llm.backends import CompletionsChat, ResponsesChat
from summarizer.llm.request import Chat, Message, Request
from tests.support.folders import ROOT
from tests.support.scripted import Answer, ScriptedServer, client_of

KEY = "sk-proj-1234567890abcdef"
ASKED = Request(stage="test", model="rule-1", messages=(Message("user", "Say it."),))
BACK_ENDS: list[Callable[..., Chat]] = [ResponsesChat, CompletionsChat]


def failure(answer: Answer, back_end: Callable[..., Chat] = ResponsesChat, **chosen: Any) -> str:
    """Return the name and words of the error that an answer becomes."""
    with ScriptedServer(answer) as server, client_of(server, key=KEY, **chosen) as client:
        with pytest.raises(ServiceError) as caught:
            back_end(client, mark="m").ask(ASKED)
        assert len(server.asked) == 1
    words = f"{type(caught.value).__name__}: {caught.value.message} {caught.value.hint}"
    assert KEY not in words
    assert words.isprintable()
    assert caught.value.hint
    return words


def said(message: str, code: object = None, kind: str = "", param: str | None = None) -> Any:
    """Return an error's JSON as OpenAI writes it."""
    return {"error": {"message": message, "code": code, "type": kind, "param": param}}


@pytest.mark.parametrize("back_end", BACK_ENDS)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(said("Wrong key."), 401), NotAuthorized),
        (Answer(said("Not for you."), 403), NotAuthorized),
        (Answer(said("No such thing.", "model_not_found"), 404), ModelMissing),
        (Answer(said("Your project has no access.", "model_not_found"), 403), ModelMissing),
        (Answer(said('model "rule-1" not found, try pulling it first'), 404), ModelMissing),
        (Answer({"message": "The model `rule-1` does not exist.", "code": 404}, 404), ModelMissing),
        (Answer(said("rule-1 is not a valid model ID", 400), 400), ModelMissing),
        (Answer(said("Invalid URL (POST /v1)"), 404), RequestRejected),
        (Answer({"detail": "Not Found"}, 404), RequestRejected),
        (Answer(b"", 405), RequestRejected),
        (Answer(b"", 501), RequestRejected),
        (Answer(b"", 307, {"location": "https://elsewhere.example"}), RequestRejected),
        (Answer(said("You exceeded your quota.", "insufficient_quota"), 429), QuotaExhausted),
        (Answer(said("x", None, "insufficient_quota"), 429), QuotaExhausted),
        (Answer(said("Insufficient Balance"), 402), QuotaExhausted),
        (Answer(said("Slow down.", "rate_limit_exceeded"), 429), RateLimited),
        (Answer(b"<html>too many", 429), RateLimited),
        (Answer(said("…", "context_length_exceeded"), 400), PromptTooLong),
        (Answer(said("x", 400, "exceed_context_size_error"), 400), PromptTooLong),
        (Answer(said("This model's maximum context length is 4096 tokens."), 400), PromptTooLong),
        (Answer(said("…", "context_length_exceeded"), 422), PromptTooLong),
        (Answer(b"<html><title>Entity Too Large</title>", 413), PromptTooLong),
        (Answer(said("Unsupported value", "unsupported_value", "", "x"), 400), RequestRejected),
        (Answer(said("Who knows."), 418), RequestRejected),
        (Answer(said("Late."), 408), TimedOut),
        (Answer(said("Oops."), 500), ServerFailed),
        (Answer(b"<html><title>Bad gateway</title>", 502), ServerFailed),
        (Answer(said("Loading model"), 503), ServerFailed),
        (Answer(b'{"output": [', 200), ServerFailed),
        (Answer(b"\xff\xfe{", 200), ServerFailed),
        (Answer(b"[" * 200_000, 200), ServerFailed),
        (Answer(b"<html>welcome", 200, {"content-type": "text/html"}), ServerFailed),
        (Answer(b"", 200), ServerFailed),
        (Answer(["no", "object"], 200), ServerFailed),
        (Answer(said("Provider returned error", 502), 200), ServerFailed),
        (Answer(said("Provider is busy", 429), 200), RateLimited),
        (Answer(said("Busy", "rate_limit_exceeded"), 200), RateLimited),
        (Answer({"error": "out of memory"}, 200), ServerFailed),
        (Answer({}, 200, promised=10), Unreachable),
    ],
)
def test_each_answer_becomes_its_error(
    answer: Answer, error: type[ServiceError], back_end: Callable[..., Chat]
) -> None:
    assert failure(answer, back_end).partition(":")[0] == error.__name__


def test_a_message_names_the_server_the_model_and_the_address() -> None:
    assert "127.0.0.1:" in failure(Answer(said("x"), 401))
    assert "'rule-1'" in failure(Answer(said("x", "model_not_found"), 404))
    assert "/responses" in failure(Answer(said("Unknown path"), 404))
    assert "reasoning.effort" in failure(Answer(said("x", "", "", "reasoning.effort"), 400))
    assert "wait 300 seconds" in failure(Answer(said("x"), 429, {"retry-after": "300"}))


def test_a_server_that_repeats_the_key_or_a_header_does_not_have_it_shown() -> None:
    echo = Answer(said(f"Key {KEY} of team hush-hush is wrong, as is sk-abc***xyz."), 401)
    words = failure(echo, headers="X-Team: hush-hush")
    assert "Key … of team … is wrong, as is …" in words


def test_a_key_in_the_body_of_a_good_answer_is_not_shown() -> None:
    assert "Key … is wrong" in failure(Answer(said(f"Key {KEY} is wrong.", 401), 200))


def test_what_a_validator_repeats_of_the_request_is_not_shown() -> None:
    echo = "[{'msg': 'Field required', 'input': {'messages': 'The bridge fell.'}}]"
    words = failure(Answer({"detail": echo}, 422))
    assert "Field required" in words
    assert "bridge" not in words
    listed = [{"msg": "Field required", "input": {"messages": "The bridge fell."}}]
    assert "bridge" not in failure(Answer({"detail": listed}, 422))


def test_a_long_wild_message_is_cut_to_one_plain_line() -> None:
    words = failure(Answer(said("\x1b[31mred\u202e\nalert\x00 " + "so " * 9_000), 500))
    assert "[31mred alert so so" in words
    assert len(words) < 2 * QUOTED


@pytest.mark.parametrize("body", ["overloaded", {"error": "overloaded"}])
def test_a_text_in_json_is_told_without_its_marks(body: object) -> None:
    asked = httpx2.Request("POST", "http://127.0.0.1/v1/responses")
    response = httpx2.Response(503, json=body, request=asked)
    assert read_error(response, Redactor()).message == "overloaded"


def test_of_a_page_only_the_title_is_told() -> None:
    words = failure(Answer(b"<html><title>Bad gateway</title><p>nginx", 502))
    assert "“Bad gateway”" in words
    assert "<" not in words


@given(st.text(), st.integers(1, 50))
def test_plain_text_is_one_short_printable_line(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert line.isprintable()
    assert len(line) <= limit


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with (
        ScriptedServer(Answer()) as server,
        client_of(server, base_url=address) as client,
        pytest.raises(Unreachable, match=urlsplit(address).netloc),
    ):
        ResponsesChat(client, mark="m").ask(ASKED)


def test_a_server_that_says_nothing_has_timed_out() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/v1"
        with (
            ScriptedServer(Answer()) as server,
            client_of(server, base_url=address, timeout=0.1) as client,
            pytest.raises(TimedOut, match="in time"),
        ):
            ResponsesChat(client, mark="m").ask(ASKED)


def test_an_address_that_no_resolver_takes_is_an_error_of_ours() -> None:
    with (
        ScriptedServer(Answer()) as server,
        client_of(server, base_url="http://xn--a..b/v1") as client,
        pytest.raises(ServiceError, match="xn--a"),
    ):
        ResponsesChat(client, mark="m").ask(ASKED)


def test_a_mistake_of_the_program_stays_one() -> None:
    with pytest.raises(TypeError), translated("127.0.0.1"):
        raise TypeError("create() got an unexpected argument")
    with pytest.raises(KeyError), translated("127.0.0.1"):
        raise KeyError("model")


# A prompt that is too long, in the words of many servers

WORDS = ROOT / "tests/support/server/too_long.txt"
"""Error messages of servers and gateways, a line each."""


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("words", WORDS.read_text("utf-8").splitlines())
def test_a_prompt_that_is_too_long_is_known_by_whatever_words(words: str, status: int) -> None:
    assert kind_of(ApiError(status=status, message=words)).error == "PromptTooLong"


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("This model's maximum context length is 4096 tokens. You requested 5000 tokens.", 4096),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
        ("input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000", 200_000),
        ("The input token count (1,100,000) exceeds the maximum allowed (1,048,576).", 1_048_576),
        ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 and 1000", 4096),
        ("<400> InvalidParameter: Range of input length should be [1, 98304]", 98_304),
        ("Prompt contains 40000 tokens, too large for model with 32768 maximum", 32_768),
        ("max_tokens is too large: 16000. The maximum context length is 8192", 8192),
        ("Limit 6000, Requested 9500, please reduce your message size", 6000),
        ("prompt too long; exceeded max context length by 500 tokens", None),
        ("context shift is disabled", None),
    ],
)
def test_the_limit_is_read_from_the_words(words: str, limit: int | None) -> None:
    assert find_limit(ApiError(status=400, message=words), unlike=16_000) == limit


@pytest.mark.parametrize(
    ("status", "words", "name"),
    [
        (400, "max_tokens is too large: 16000. It supports at most 4096 tokens.", "output_cap"),
        (
            400,
            "max_tokens: 16000 > 8192, the maximum allowed number of output tokens",
            "output_cap",
        ),
        (400, "Range of max_tokens should be [1, 8192]", "output_cap"),
        (402, "This requires more credits. You can only afford 2000.", "output_cap"),
        (400, "'max_tokens' is not supported. Use 'max_completion_tokens' instead.", "parameter"),
        (400, "Unrecognized request argument supplied: max_completion_tokens", "parameter"),
        (400, "Your credit balance is too low. Please purchase credits.", "quota"),
        (429, "You exceeded your current quota, please check your plan.", "quota"),
        (429, "Rate limit reached on tokens per min: Limit 30000, Used 29000.", "rate"),
        (429, "Too many requests", "rate"),
        (429, "Maximum concurrent requests exceeded", "rate"),
        (404, "No endpoints found for foo/bar.", "no_model"),
        (404, "Resource not found", "nothing_there"),
        (400, "response_format json_schema is not supported", "schema"),
        (400, "Unknown name \"maxItems\" at 'generation_config.response_schema'", "schema"),
        (503, "Loading model", "down"),
        (503, "Server busy: request queue exceeds maximum", "down"),
        (500, "CUDA out of memory", "failed"),
        (400, "The model is overloaded. Please try again later.", "busy"),
        (422, "body.max_tokens: Extra inputs are not permitted", "parameter"),
        (400, "temperature must be less than 1", "rejected"),
        (400, "messages: text content blocks must be non-empty", "rejected"),
        (400, "Invalid content type. text must be a string", "rejected"),
        (400, "the messages must alternate between user and assistant roles", "rejected"),
        (400, "API key not valid. Please pass a valid API key.", "not_authorized"),
    ],
)
def test_what_is_not_too_long_is_not_taken_for_it(status: int, words: str, name: str) -> None:
    assert kind_of(ApiError(status=status, message=words)).name == name
