"""The faults of the test server, as the unpatched client of openai meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from summarizer.schemas import REPLIES
from tests.support.asking import APIS, ARTICLE, QUESTIONS, STATEMENTS, ask, connect, ending, text_of
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow


@pytest.fixture
def client(server: ModelServer) -> Iterator[OpenAI]:
    with connect(server) as client:
        yield client


ERRORS = {
    Fault.RATE_LIMITED: (openai.RateLimitError, "rate_limit_exceeded"),
    Fault.RATE_LIMITED_SILENT: (openai.RateLimitError, "rate_limit_exceeded"),
    Fault.QUOTA: (openai.RateLimitError, "insufficient_quota"),
    Fault.ERROR_500: (openai.InternalServerError, None),
    Fault.ERROR_503: (openai.InternalServerError, None),
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("fault", ERRORS)
def test_an_ordered_error_comes_once(
    server: ModelServer, client: OpenAI, fault: Fault, api: str
) -> None:
    error, code = ERRORS[fault]
    server.order(fault)
    with pytest.raises(error) as caught:
        ask(client, api)
    assert caught.value.code == code
    assert ("retry-after" in caught.value.response.headers) == (fault is Fault.RATE_LIMITED)
    ask(client, api)
    assert server.count() == 2


def test_the_client_tries_again_after_a_rate_limit(server: ModelServer) -> None:
    server.order(Fault.RATE_LIMITED, times=2)
    with connect(server, max_retries=2) as client:
        ask(client, "chat")
    assert [received.status for received in server.requests] == [429, 429, 200]


@pytest.mark.parametrize(
    ("api", "name"),
    [("responses", "context_length_exceeded"), ("chat", "exceed_context_size_error")],
)
def test_too_long_is_worded_as_openai_and_llama_server_do(
    server: ModelServer, client: OpenAI, api: str, name: str
) -> None:
    server.order(Fault.TOO_LONG)
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, api)
    assert name in {caught.value.code, caught.value.type}


@pytest.mark.parametrize("api", APIS)
def test_a_time_out_lasts_until_the_client_hangs_up(server: ModelServer, api: str) -> None:
    server.order(Fault.TIMEOUT)
    with connect(server, timeout=0.2) as client, pytest.raises(openai.APITimeoutError):
        ask(client, api)
    assert [received.status for received in server.requests] == [0]


def test_a_server_that_holds_an_answer_can_still_be_closed() -> None:
    with ThreadPoolExecutor(1) as pool:
        asking = ask_one_that_is_held(pool)
        with pytest.raises(openai.APIConnectionError):
            asking.result(timeout=30)


def ask_one_that_is_held(pool: ThreadPoolExecutor) -> Future[None]:
    """Return what is still asking when the server has closed."""

    def ask_patiently() -> None:
        with connect(server, timeout=60) as client:
            ask(client, "chat")

    with ModelServer() as server:
        server.order(Fault.TIMEOUT)
        asking = pool.submit(ask_patiently)
        while not server.requests and not asking.done():
            wait([asking], timeout=0.01)
        assert server.requests
        return asking


@pytest.mark.parametrize("api", APIS)
def test_a_cut_answer_breaks_off(server: ModelServer, client: OpenAI, api: str) -> None:
    server.order(Fault.CUT)
    with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
        ask(client, api)


@pytest.mark.parametrize("api", APIS)
def test_an_answer_that_trickles_is_whole(server: ModelServer, client: OpenAI, api: str) -> None:
    server.order(Fault.TRICKLE, seconds=0.05)
    ask(client, api)
    assert server.requests[0].status == 200


@pytest.mark.parametrize(
    ("fault", "endings"),
    [
        (Fault.TRUNCATED, ("max_output_tokens", "length")),
        (Fault.FILTERED, ("content_filter", "content_filter")),
        (Fault.REFUSAL, ("completed", "stop")),
        (Fault.NOT_JSON, ("completed", "stop")),
    ],
)
def test_an_answer_ends_as_openai_says_it(
    server: ModelServer, client: OpenAI, fault: Fault, endings: tuple[str, str]
) -> None:
    server.order(fault, times=2)
    responded, completed = ask(client, "responses"), ask(client, "chat")
    assert (ending("responses", responded), ending("chat", completed)) == endings
    Response.model_validate(responded)
    ChatCompletion.model_validate(completed)


def test_a_refusal_stands_where_openai_puts_it(server: ModelServer, client: OpenAI) -> None:
    server.order(Fault.REFUSAL, times=None)
    assert ask(client, "responses")["output"][-1]["content"][0]["type"] == "refusal"
    message = ask(client, "chat")["choices"][0]["message"]
    assert (message["content"], bool(message["refusal"])) == (None, True)
    assert {answer["type"] for answer in ask(client, "decisions")["answers"]} == {"refusal"}


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.WRONG_SHAPE, Fault.SCHEMA_IGNORED])
def test_an_ordered_answer_is_of_no_use(
    server: ModelServer, client: OpenAI, fault: Fault, api: str
) -> None:
    server.order(fault)
    text = text_of(api, ask(client, api))
    with pytest.raises(ValueError, match=r"Expecting|instructions"):
        REPLIES["reading"].check(json.loads(text))


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_numbers_can_be_made_not_to_exist(server: ModelServer, client: OpenAI, api: str) -> None:
    server.order(Fault.OUT_OF_RANGE, times=None)
    claims = json.loads(text_of(api, ask(client, api)))["claims"]
    summary = json.loads(text_of(api, ask(client, api, "summary", STATEMENTS)))["summary"]
    text = text_of(api, ask(client, api, "findings", ARTICLE + STATEMENTS))
    findings = json.loads(text)["findings"]
    story = "".join(
        re.sub(r"^(\d+): ", rf"{name}\1: ", ARTICLE, flags=re.M).replace(
            "article", f"article {name}"
        )
        for name in "AB"
    )
    facts = json.loads(text_of(api, ask(client, api, "alignment", story)))["facts"]
    assert [claim["sentences"] for claim in claims] == [[1001], [1002]]
    assert [sentence["sentences"] for sentence in summary] == [[1001], [1002]]
    assert [finding["sentences"] for finding in findings] == [[1001]]
    assert [fact["units"] for fact in facts] == [[f"A{n}1000", f"B{n}1000"] for n in (0, 1, 2)]


def test_findings_can_disagree_and_half_of_the_answers_be_missing(
    server: ModelServer, client: OpenAI
) -> None:
    server.order(Fault.UNDECIDED, times=2)
    ask(client, "responses")  # has no findings to disagree, so the order stands
    text = text_of("chat", ask(client, "chat", "findings", ARTICLE + STATEMENTS))
    found = [(each["statement"], each["verdict"]) for each in json.loads(text)["findings"]]
    assert found == [(1, "reported"), (1, "partly")]
    assert len(ask(client, "decisions")["answers"]) == len(QUESTIONS) // 2


@pytest.mark.parametrize(("api", "inside"), [("responses", "output"), ("chat", "choices")])
def test_an_empty_answer_has_nothing_in_it(
    server: ModelServer, client: OpenAI, api: str, inside: str
) -> None:
    server.order(Fault.EMPTY)
    assert ask(client, api)[inside] == []


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Fault.TRUNCATED, ["predicate"] * 2),
        (Fault.FILTERED, ["refusal"] * 4),
        (Fault.WRONG_SHAPE, ["score"] * 4),
        (Fault.SCHEMA_IGNORED, None),
        (Fault.EMPTY, []),
    ],
)
def test_decisions_go_wrong_in_their_own_way(
    server: ModelServer, client: OpenAI, fault: Fault, seen: list[str] | None
) -> None:
    server.order(fault)
    answers = ask(client, "decisions").get("answers")
    assert (answers if answers is None else [answer["type"] for answer in answers]) == seen


def test_decisions_can_be_no_json_or_no_probabilities(server: ModelServer, client: OpenAI) -> None:
    server.order(Fault.NOT_JSON)
    server.order(Fault.OUT_OF_RANGE)
    with pytest.raises(json.JSONDecodeError):
        ask(client, "decisions")
    assert {answer["probability"] for answer in ask(client, "decisions")["answers"]} == {1.7}


def test_an_order_can_be_for_a_stage_a_path_and_later(server: ModelServer, client: OpenAI) -> None:
    server.order(Fault.EMPTY, stage="summary", path="/chat/completions", after=1)
    asked = [("chat", "reading"), ("responses", "summary"), *[("chat", "summary")] * 3]
    bodies = [ask(client, api, name, ARTICLE + STATEMENTS) for api, name in asked]
    assert [body.get("choices", "none") == [] for body in bodies] == [False] * 3 + [True, False]


def test_the_list_of_models_goes_wrong_only_by_name(server: ModelServer, client: OpenAI) -> None:
    server.order(Fault.ERROR_500, times=None)
    client.models.list()
    server.order(Fault.ERROR_503, path="/models")
    with pytest.raises(openai.InternalServerError):
        client.models.list()


def test_a_reset_forgets_requests_and_orders(server: ModelServer, client: OpenAI) -> None:
    server.order(Fault.ERROR_500, times=None)
    server.order_at_random([Fault.ERROR_503], 1.0, seed=1)
    with pytest.raises(openai.InternalServerError):
        ask(client, "chat")
    server.reset()
    assert server.requests == []
    ask(client, "chat")


def lots(server: ModelServer, mark: str, *, share: float = 0.3, seed: int = 5) -> list[int]:
    """Ask forty things at once, and return the status of each, in the order of the things."""
    server.reset()
    server.order_at_random([Fault.ERROR_500, Fault.ERROR_503], share, seed)
    with connect(server) as client, ThreadPoolExecutor(8) as pool:

        def status(number: int) -> int:
            text = ARTICLE.replace("7f3a", mark).replace("1931", str(number))
            try:
                ask(client, "chat", text=text)
            except openai.InternalServerError as error:
                return error.status_code
            return 200

        return list(pool.map(status, range(40)))


def test_faults_by_lot_fall_alike_in_each_run_whatever_the_mark(server: ModelServer) -> None:
    first = lots(server, "7f3a")
    assert lots(server, "b001") == first
    assert lots(server, "7f3a", seed=6) != first
    assert {200, 500, 503} == set(first)
    assert 5 <= 40 - first.count(200) <= 20
    assert lots(server, "7f3a", share=0.0) == [200] * 40


def test_a_question_that_went_wrong_by_lot_can_go_well_when_asked_again(
    server: ModelServer, client: OpenAI
) -> None:
    server.order_at_random([Fault.ERROR_500], 0.5, seed=1)
    for _ in range(12):
        try:
            ask(client, "chat")
        except openai.InternalServerError:
            continue
    assert {received.status for received in server.requests} == {200, 500}


def test_a_lot_can_spare_stages(server: ModelServer, client: OpenAI) -> None:
    server.order_at_random([Fault.ERROR_500], 1.0, seed=1, stages={"summary"})
    ask(client, "chat")
    with pytest.raises(openai.InternalServerError):
        ask(client, "chat", "summary")
