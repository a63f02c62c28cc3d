"""The back ends: what they send, and which of the five outcomes an answer has."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ServiceError
from summarizer.llm.answer_text import find_answer
from summarizer.llm.backends import (
    SHOWN,
    BackEnd,
    CompletionsChat,
    DecisionsChat,
    ResponsesChat,
    cache_key,
)
from summarizer.llm.capabilities import Capabilities
from summarizer.llm.client import Endpoint
from summarizer.llm.request import (
    Chat,
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    Sampling,
)
from summarizer.prompts.material import FENCE
from summarizer.schemas import REPLIES
from summarizer.usage import Usage
from tests.support.scripted import (
    Answer,
    Asked,
    ScriptedServer,
    client_of,
    completion_of,
    response_of,
)

ASKED = Request(
    stage="summarize_claims",
    model="rule-1",
    messages=(Message("system", "Read."), Message("user", f"<<<{FENCE}\n1: It rained.")),
    shape=REPLIES["summary"],
)
ASKED_ABOUT = Request(
    stage="decide_claims",
    model="rule-1",
    messages=(Message("user", "It rained."),),
    questions=(Question("reports_1", "It rained."), Question("reports_2", "It snowed.")),
)


class EchoServer(ScriptedServer):
    """Answers with what it was asked last."""

    def __init__(self) -> None:
        super().__init__(Answer())

    def take(self, asked: Asked) -> Answer:
        return Answer(response_of(json.dumps({"echo": asked.body["input"][-1]["content"]})))


def exchange(
    back_end: type[BackEnd], request: Request, answer: object, **known: Any
) -> tuple[Reply, Asked]:
    """Ask once, with what is known of the server; return the reply and what arrived there."""
    with ScriptedServer(Answer(answer)) as server, client_of(server, key="sk-1") as client:
        reply = back_end(client, mark="k3y9").ask(request, Capabilities(**known))
    (asked,) = server.asked
    return reply, asked


def read_response(**fields: Any) -> Reply:
    return exchange(ResponsesChat, ASKED, response_of("{}", **fields))[0]


def read_completion(text: str | None, finish: str | None = "stop", **message: Any) -> Reply:
    return exchange(CompletionsChat, ASKED, completion_of(text, finish, **message))[0]


def read_answers(*answers: object, **fields: Any) -> Reply:
    body = {"model": "luna", "answers": list(answers), "usage": {"input_tokens": 20}} | fields
    return exchange(DecisionsChat, ASKED_ABOUT, body)[0]


def message(*contents: dict[str, str], **fields: str) -> dict[str, Any]:
    return {"type": "message", "content": list(contents)} | fields


def json_object(text: str) -> dict[str, Any]:
    return find_answer([text], None)[0]


def said(text: str) -> dict[str, str]:
    return {"type": "output_text", "text": text}


# What is sent


def test_responses_sends_messages_schema_and_that_nothing_is_stored() -> None:
    _, asked = exchange(ResponsesChat, ASKED, response_of("{}"))
    assert asked.path == "/v1/responses"
    assert asked.body == {
        "model": "rule-1",
        "input": [
            {"role": "system", "content": "Read."},
            {"role": "user", "content": "<<<k3y9\n1: It rained."},
        ],
        "store": False,
        "text": {
            "format": {
                "type": "json_schema",
                "name": "summary",
                "schema": REPLIES["summary"].schema,
                "strict": True,
            }
        },
    }


def test_llm_sends_messages_and_schema_and_nothing_that_older_servers_refuse() -> None:
    _, asked = exchange(CompletionsChat, ASKED, completion_of("{}"))
    assert asked.path == "/v1/chat/completions"
    assert asked.body == {
        "model": "rule-1",
        "messages": [
            {"role": "system", "content": "Read."},
            {"role": "user", "content": "<<<k3y9\n1: It rained."},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "summary",
                "schema": REPLIES["summary"].schema,
                "strict": True,
            },
        },
    }


def test_decisions_sends_the_input_and_one_predicate_a_question() -> None:
    body = {"answers": [{"type": "predicate", "probability": 1}] * 2}
    _, asked = exchange(DecisionsChat, ASKED_ABOUT, body)
    assert asked.path == "/v1/decisions"
    assert asked.body == {
        "model": "rule-1",
        "input": [{"type": "message", "role": "user", "content": "It rained."}],
        "questions": [
            {"type": "predicate", "name": "reports_1", "instructions": "It rained."},
            {"type": "predicate", "name": "reports_2", "instructions": "It snowed."},
        ],
    }


SET = Sampling(max_output_tokens=900, temperature=0.0, reasoning_effort="low", service_tier="flex")


def test_responses_sends_sampling_where_it_is_set() -> None:
    _, asked = exchange(ResponsesChat, replace(ASKED, sampling=SET), response_of("{}"))
    assert asked.body["max_output_tokens"] == 900
    assert asked.body["temperature"] == 0.0
    assert asked.body["reasoning"] == {"effort": "low"}
    assert asked.body["service_tier"] == "flex"


@pytest.mark.parametrize(
    ("is_openai", "limit", "other"),
    [
        (False, "max_tokens", "max_completion_tokens"),
        (True, "max_completion_tokens", "max_tokens"),
    ],
)
def test_llm_sends_sampling_where_it_is_set(
    is_openai: bool, limit: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endpoint, "is_openai", is_openai)
    request = replace(ASKED, sampling=SET)
    _, asked = exchange(CompletionsChat, request, completion_of("{}"))
    assert asked.body[limit] == 900
    assert other not in asked.body
    assert asked.body["temperature"] == 0.0
    assert asked.body["reasoning_effort"] == "low"
    assert asked.body["service_tier"] == "flex"


def test_openai_is_told_not_to_store_a_chat_and_where_its_prompt_cache_may_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "is_openai", True)
    _, chat = exchange(CompletionsChat, ASKED, completion_of("{}"))
    _, asked = exchange(ResponsesChat, ASKED, response_of("{}"))
    assert chat.body["store"] is False
    assert asked.body["prompt_cache_key"] == cache_key(ASKED)


def test_requests_on_one_article_share_a_prompt_cache_and_others_do_not() -> None:
    def about(article: str, prompt: str) -> Request:
        parts = {f"prompt {prompt}": prompt, "$article": article}
        return replace(ASKED, stage=prompt, parts=parts)

    assert cache_key(about("a", "extract")) == cache_key(about("a", "judge"))
    assert cache_key(about("a", "judge")) != cache_key(about("b", "judge"))


@pytest.mark.parametrize(
    ("back_end", "answer"),
    [(ResponsesChat, response_of("{}")), (CompletionsChat, completion_of("{}"))],
)
def test_a_server_that_refuses_schemas_is_sent_none(
    back_end: type[BackEnd], answer: object
) -> None:
    _, asked = exchange(back_end, ASKED, answer, schema="prompt")
    assert not {"text", "response_format"} & set(asked.body)


@pytest.mark.parametrize(
    ("back_end", "answer"),
    [(ResponsesChat, response_of("{}")), (CompletionsChat, completion_of("{}"))],
)
def test_half_a_character_does_not_keep_the_rest_from_being_sent(
    back_end: type[BackEnd], answer: object
) -> None:
    _, asked = exchange(back_end, replace(ASKED, messages=(Message("user", "a\ud800b"),)), answer)
    assert "a?b" in str(asked.body)


def test_many_threads_share_a_back_end_and_each_has_its_own_answer() -> None:
    def ask(word: str) -> str:
        request = replace(ASKED, messages=(Message("user", word),))
        return str(chat.ask(request).value)

    words = [f"word{number}" for number in range(40)]
    with EchoServer() as server, client_of(server) as client, ThreadPoolExecutor(8) as pool:
        chat = ResponsesChat(client, mark="k3y9")
        assert list(pool.map(ask, words)) == [str({"echo": word}) for word in words]


# Responses


def test_a_finished_answer_is_complete_with_its_model_and_tokens() -> None:
    reply, _ = exchange(ResponsesChat, ASKED, response_of('{"summary": []}'))
    assert reply == Reply(
        outcome=Outcome.COMPLETE,
        value={"summary": []},
        text='{"summary": []}',
        model="rule-1-snapshot",
        usage=Usage(calls=1, input_tokens=90, cached_input_tokens=64, output_tokens=7),
    )


def test_only_the_final_answer_counts() -> None:
    thinking = message(said("Let me see."), phase="commentary")
    final = message(said('{"a":'), said(" 1}"), phase="final_answer")
    assert read_response(output=[thinking, final]).value == {"a": 1}


def test_an_answer_of_several_messages_is_their_text_in_order() -> None:
    assert read_response(output=[message(said('{"a":')), message(said(" 1}"))]).value == {"a": 1}


def test_a_refusal_is_refused_though_the_status_is_completed() -> None:
    refusal = message({"type": "refusal", "refusal": "I cannot help\nwith that."})
    reply = read_response(output=[refusal])
    assert reply.outcome is Outcome.REFUSED
    assert reply.detail == "I cannot help with that."
    assert reply.value is None
    assert reply.usage.input_tokens == 90


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ({"reason": "max_output_tokens"}, Outcome.TRUNCATED),
        ({"reason": "content_filter"}, Outcome.FILTERED),
        ({}, Outcome.TRUNCATED),
        (None, Outcome.TRUNCATED),
    ],
)
def test_an_incomplete_answer_is_never_complete_even_if_its_json_is(
    reason: object, outcome: Outcome
) -> None:
    reply = read_response(status="incomplete", incomplete_details=reason)
    assert reply.outcome is outcome
    assert reply.detail
    assert reply.value is None


@pytest.mark.parametrize("status", ["in_progress", "queued", "cancelled"])
def test_an_answer_that_has_not_finished_is_invalid(status: str) -> None:
    assert read_response(status=status).outcome is Outcome.INVALID


@pytest.mark.parametrize(
    "output",
    [
        None,
        [],
        "text",
        [None],
        [{"type": "message"}],
        [{"type": "message", "phase": {}, "content": {}}],
        [{"type": "message", "content": ["x", {}, {"type": "output_text", "text": 3}]}],
    ],
)
def test_an_answer_without_text_is_invalid(output: object) -> None:
    reply = read_response(output=output)
    assert (reply.outcome, reply.detail) == (Outcome.INVALID, "the answer is empty")


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        {"input_tokens": None, "input_tokens_details": 3},
        {"input_tokens": -4, "output_tokens": "7", "input_tokens_details": {"cached_tokens": True}},
    ],
)
def test_missing_usage_counts_nothing(usage: object) -> None:
    reply = read_response(usage=usage)
    assert (reply.outcome, reply.usage) == (Outcome.COMPLETE, Usage(calls=1))


# Chat completions


def test_a_stopped_completion_is_complete_with_its_model_and_tokens() -> None:
    assert read_completion('{"summary": []}') == Reply(
        outcome=Outcome.COMPLETE,
        value={"summary": []},
        text='{"summary": []}',
        model="rule-1-snapshot",
        usage=Usage(calls=1, input_tokens=90, cached_input_tokens=64, output_tokens=7),
    )


@pytest.mark.parametrize(
    ("finish", "outcome"),
    [
        (None, Outcome.COMPLETE),
        ("length", Outcome.TRUNCATED),
        ("content_filter", Outcome.FILTERED),
        ("refusal", Outcome.REFUSED),
        ("STOP", Outcome.COMPLETE),
        ("COMPLETE", Outcome.COMPLETE),
        ("error", Outcome.COMPLETE),
        ("tool_calls", Outcome.COMPLETE),
        ("MAX_TOKENS", Outcome.TRUNCATED),
        ("max_tokens", Outcome.TRUNCATED),
        ("model_context_window_exceeded", Outcome.TRUNCATED),
        ("SAFETY", Outcome.FILTERED),
    ],
)
def test_how_a_completion_finished_decides(finish: str | None, outcome: Outcome) -> None:
    reply = read_completion('{"a": 1}', finish)
    assert reply.outcome is outcome
    assert (reply.value is not None) is (outcome is Outcome.COMPLETE)


def test_a_refusal_in_a_message_is_refused() -> None:
    reply = read_completion(None, refusal="I will not.")
    assert (reply.outcome, reply.detail) == (Outcome.REFUSED, "I will not.")


def test_content_in_parts_is_one_text() -> None:
    parts = [{"type": "text", "text": '{"a"'}, {"type": "image"}, {"type": "text", "text": ": 1}"}]
    reply, _ = exchange(CompletionsChat, ASKED, completion_of(None, content=parts))
    assert reply.value == {"a": 1}


@pytest.mark.parametrize(
    "answer", [{}, {"choices": []}, {"choices": [None]}, {"choices": [{"message": "x"}]}]
)
def test_no_choice_is_invalid(answer: object) -> None:
    reply, _ = exchange(CompletionsChat, ASKED, answer)
    assert (reply.outcome, reply.detail) == (Outcome.INVALID, "the answer is empty")
    assert reply.model == "rule-1"


# Decisions


def test_probabilities_come_in_the_order_of_the_questions() -> None:
    answers = (
        {"type": "predicate", "name": "reports_1", "probability": 0.97},
        {"type": "predicate", "name": None, "probability": 0},
    )
    reply = read_answers(*answers)
    assert (reply.outcome, reply.value, reply.model) == (Outcome.COMPLETE, [0.97, 0.0], "luna")
    assert reply.usage == Usage(calls=1, input_tokens=20)


def test_a_question_that_the_model_declines_costs_only_itself() -> None:
    reply = read_answers({"type": "refusal"}, {"type": "predicate", "probability": 0.5})
    assert (reply.outcome, reply.value) == (Outcome.COMPLETE, [None, 0.5])


def test_declining_every_question_is_refusing() -> None:
    reply = read_answers({"type": "refusal"}, {"type": "refusal"})
    assert (reply.outcome, reply.value) == (Outcome.REFUSED, None)


GOOD = {"type": "predicate", "probability": 0.5}


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [GOOD],
        [GOOD] * 3,
        [GOOD, None],
        [GOOD, {"type": "choice", "choice": "yes", "probability": 0.5}],
        [GOOD, {"type": "predicate", "probability": 1.5}],
        [GOOD, {"type": "predicate", "probability": "0.5"}],
        [GOOD, {"type": "predicate", "probability": True}],
        [{**GOOD, "name": "reports_2"}, {**GOOD, "name": "reports_1"}],
    ],
)
def test_answers_to_other_questions_are_invalid(answers: list[object]) -> None:
    reply = read_answers(*answers)
    assert (reply.outcome, reply.value) == (Outcome.INVALID, None)
    assert reply.detail


def test_an_answer_without_answers_is_invalid() -> None:
    assert read_answers(answers=None).detail == "0 answers to 2 questions"


# JSON in what a model wrote


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        ' \n{"a": 1}\n',
        '```json\n{"a": 1}\n```',
        '```\n{"a": 1}```',
        'Here it is:\n```json\n{"a": 1}\n```\nAnything else?',
        '<think>{"a": 2}? No.\n</think>\n\n{"a": 1}',
        'So be it.</think>{"a": 1}',
        '<think>Hm.</think>```json\n{"a": 1}\n```',
        '<seed:think>{"a": 2}</seed:think>{"a": 1}',
        '◁think▷{"a": 2}◁/think▷{"a": 1}',
        '{"a": 1}<|im_end|>',
        '{"a": 1}}',
        "{a: 1,}",
        '{"a": 1, // one\n}',
    ],
)
def test_json_is_found_within_a_fence_and_after_thoughts(text: str) -> None:
    assert json_object(text) == {"a": 1}
    assert read_completion(text).value == {"a": 1}


SUMMARY = {"summary": [{"sentences": [1, 2], "text": "It rained."}]}


@pytest.mark.parametrize(
    "written",
    [
        {"name": "answer", "arguments": SUMMARY},
        {"name": "answer", "arguments": json.dumps(SUMMARY)},
        {"type": "object", "properties": SUMMARY},
        [SUMMARY],
        SUMMARY["summary"],
        json.dumps(SUMMARY),
        {"summary": [{"sentences": "1, 2", "text": "It rained.", "why": "so"}]},
        {"summary": [{"sentences": ["1", 2.0], "text": "It rained."}]},
    ],
)
def test_what_is_asked_for_is_found_in_other_wrappings(written: object) -> None:
    assert read_completion(json.dumps(written)).value == SUMMARY


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_an_answer_that_breaks_off_is_never_taken_for_a_whole_one(cut: int) -> None:
    many = json.dumps({"summary": [{"sentences": [n], "text": f"Day {n}."} for n in range(9)]})
    reply = read_completion(many[: -1 - cut])
    if reply.value is not None:
        with pytest.raises(ValueError, match="summary"):
            REPLIES["summary"].check(reply.value)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "the answer is empty"),
        ("Sure! The weather\nwas bad.", "no JSON, but: Sure! The weather was bad."),
        ('{"a": 1', 'no JSON, but: {"a": 1'),
        ("[1, 2]", "no JSON object, but: [1, 2]"),
        ("```", "no JSON, but: ```"),
        ('{"a": "\\ud83d"}', "the JSON holds half a character (a lone surrogate)"),
    ],
)
def test_anything_else_is_invalid_and_says_what_was_seen(text: str, detail: str) -> None:
    reply = read_completion(text)
    assert (reply.outcome, reply.detail) == (Outcome.INVALID, detail)
    assert reply.text == text
    assert reply.usage.output_tokens == 7


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from(["{}", "```json\n{}\n```"]))
def test_any_object_is_read_back(value: dict[str, Any], around: str) -> None:
    assert json_object(around.replace("{}", json.dumps(value))) == value


@given(st.text() | st.text(alphabet='{}[]`"<>think/:,\n1 '))
def test_any_text_is_an_object_or_a_short_complaint(text: str) -> None:
    try:
        found: object = json_object(text)
    except ValueError as problem:
        found = str(problem)
    assert isinstance(found, dict) or (isinstance(found, str) and 0 < len(found) <= SHOWN)


def test_a_text_of_brackets_does_not_break_the_reading() -> None:
    with pytest.raises(ValueError, match="no JSON"):
        json_object('{"a":' * 200_000)


# Any JSON at all

KEYS = (
    "answers annotations cached_tokens choices code content error finish_reason "
    "incomplete_details input_tokens input_tokens_details message model name output "
    "output_text output_tokens phase predicate probability reason refusal status text type usage"
)
WORDS = st.sampled_from(KEYS.split())
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize("back_end", [ResponsesChat, CompletionsChat, DecisionsChat])
def test_whatever_a_server_answers_is_an_outcome_or_an_error_of_ours(
    back_end: Callable[..., Chat],
) -> None:
    request = replace(ASKED, questions=ASKED_ABOUT.questions)
    with ScriptedServer(Answer()) as server, client_of(server) as client:
        chat = back_end(client, mark="k3y9")

        @settings(max_examples=50)  # each is a request
        @given(st.dictionaries(WORDS, WILD, min_size=1, max_size=5))
        def holds(body: dict[str, Any]) -> None:
            server.say(Answer(body))
            try:
                reply: object = chat.ask(request)
            except ServiceError as error:
                reply = error
            assert isinstance(reply, Reply | ServiceError)

        holds()


# A prompt that was cut

LONG = replace(
    ASKED, messages=(Message("user", "It rained all day in town. " * 800),)
)  # 4,800 words


@pytest.mark.parametrize(
    ("read", "outcome"),
    [(4800, Outcome.COMPLETE), (3000, Outcome.COMPLETE), (2048, Outcome.TRUNCATED)],
)
def test_a_server_that_read_a_part_of_the_prompt_has_truncated_it(
    read: int, outcome: Outcome
) -> None:
    reply, _ = exchange(ResponsesChat, LONG, response_of("{}", usage={"input_tokens": read}))
    assert reply.outcome is outcome
    if outcome is Outcome.TRUNCATED:
        assert reply.detail == f"the server read only {read} of about 4696 tokens"
        assert reply.value is None


def test_a_count_below_any_context_is_of_what_the_servers_cache_had_not() -> None:
    reply, _ = exchange(ResponsesChat, LONG, response_of("{}", usage={"input_tokens": 30}))
    assert reply.outcome is Outcome.COMPLETE


def test_a_cut_prompt_is_told_before_an_invalid_answer() -> None:
    answer = completion_of("What?") | {"usage": {"prompt_tokens": 2048}}
    assert exchange(CompletionsChat, LONG, answer)[0].outcome is Outcome.TRUNCATED


def test_cached_tokens_that_a_server_counts_apart_were_read_too() -> None:
    usage = {"input_tokens": 800, "input_tokens_details": {"cached_tokens": 4000}}
    reply, _ = exchange(ResponsesChat, LONG, response_of("{}", usage=usage))
    assert reply.outcome is Outcome.COMPLETE


def test_a_short_prompt_and_an_unknown_count_are_no_cause_for_alarm() -> None:
    assert read_response(usage={"input_tokens": 1}).outcome is Outcome.COMPLETE
    reply, _ = exchange(ResponsesChat, LONG, response_of("{}", usage={}))
    assert reply.outcome is Outcome.COMPLETE


def test_a_script_of_few_tokens_a_letter_is_not_taken_for_cut() -> None:
    # 111 letters are 36 tokens of a vocabulary of 200,000.
    hindi = (
        "नगर निगम ने कहा कि गोताखोरों को नौ में से दो खंभों में दरारें "
        "मिलने के बाद बंदरगाह का पुल मंगलवार तक बंद रहेगा। "
    )
    request = replace(ASKED, messages=(Message("user", hindi * 100),))
    reply, _ = exchange(ResponsesChat, request, response_of("{}", usage={"input_tokens": 3600}))
    assert reply.outcome is Outcome.COMPLETE
