from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import BudgetReached, ServerFailed
from summarizer.llm.costs import (
    EXTRA_OUTPUT,
    MeteredChat,
    Price,
    UsageMeter,
    expected_usage,
    worst_cost,
)
from summarizer.llm.request import (
    MESSAGE_TOKENS,
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    Sampling,
)
from summarizer.schemas import REPLIES
from summarizer.usage import Usage

DOLLAR_A_TOKEN = Price(1_000_000, 1_000_000, 1_000_000)


def words(text: str) -> int:
    """Count tokens so that a reader of the test can."""
    return len(text.split())


@pytest.fixture(autouse=True)
def _words_as_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.llm.request.estimate_tokens", words)


def request(tokens: int = 1, subject: str = "gazette.txt") -> Request:
    """Return a request expected to take ``tokens`` in all: of one message, and no answer."""
    text = " ".join(["quay"] * (tokens - MESSAGE_TOKENS))
    return Request(
        stage="extract_claims",
        model="rule-1",
        messages=(Message("user", text),),
        sampling=Sampling(max_output_tokens=0),
        subject=subject,
    )


@dataclass
class Server:
    """Answers each request with as many input tokens as its words say, or fails."""

    fails: bool = False
    share: float = 1.0
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        if self.fails:
            raise ServerFailed("The server failed.")
        used = expected_usage(request).input_tokens
        return Reply(
            outcome=Outcome.COMPLETE,
            value={},
            usage=Usage(calls=1, input_tokens=round(used * self.share)),
        )


def budgeted(
    server: Server, meter: UsageMeter, cap: float | None, price: Price | None = DOLLAR_A_TOKEN
) -> MeteredChat:
    return MeteredChat(server, meter, lambda _: price, cap=cap)


def test_requests_are_sent_up_to_the_cap_and_none_beyond_it() -> None:
    server, meter = Server(), UsageMeter()
    chat = budgeted(server, meter, cap=35)
    for _ in range(3):
        chat.ask(request(10))
    with pytest.raises(BudgetReached):
        chat.ask(request(10))
    assert len(server.asked) == 3
    assert meter.spent == 30


def test_the_refusal_names_what_was_asked_what_is_spent_and_the_cap() -> None:
    chat = budgeted(Server(), UsageMeter(), cap=15)
    chat.ask(request(10))
    with pytest.raises(BudgetReached) as caught:
        chat.ask(request(12))
    assert caught.value.message == (
        "extract_claims of gazette.txt would pass the cap of $15.0000: $10.0000 spent, "
        "$0.0000 held back for requests under way, up to $12.0000 for this one."
    )
    assert "max_cost" in caught.value.hint
    assert caught.value.exit_code == 6


def test_a_smaller_request_may_still_pass_after_a_refusal() -> None:
    server = Server()
    chat = budgeted(server, UsageMeter(), cap=15)
    with pytest.raises(BudgetReached):
        chat.ask(request(16))
    chat.ask(request(15))
    assert len(server.asked) == 1


def test_what_was_held_and_not_needed_is_there_for_the_next() -> None:
    server = Server(share=0.5)
    chat = budgeted(server, UsageMeter(), cap=20)
    for _ in range(3):
        chat.ask(request(10))  # holds 10, costs 5: the fourth would hold 10 beyond 15
    with pytest.raises(BudgetReached):
        chat.ask(request(10))
    assert len(server.asked) == 3


def test_a_cost_above_what_was_held_counts_for_the_next() -> None:
    meter = UsageMeter()
    chat = budgeted(Server(share=2), meter, cap=20)
    chat.ask(request(10))
    assert meter.spent == 20
    with pytest.raises(BudgetReached):
        chat.ask(request(9))


def test_a_request_that_fails_gives_back_what_was_held() -> None:
    server, meter = Server(fails=True), UsageMeter()
    chat = budgeted(server, meter, cap=10)
    for _ in range(3):
        with pytest.raises(ServerFailed):
            chat.ask(request(10))
    assert (meter.held, meter.spent, len(server.asked)) == (0, 0, 3)


def test_without_a_cap_nothing_is_refused_and_all_is_counted() -> None:
    meter = UsageMeter()
    chat = budgeted(Server(), meter, cap=None)
    chat.ask(request(1_000))
    assert meter.usage(0).cost_usd == 1_000


def test_a_request_of_unknown_price_is_sent_and_costs_unknown() -> None:
    server, meter = Server(), UsageMeter()
    chat = budgeted(server, meter, cap=0.01, price=None)
    chat.ask(request(1_000))
    assert meter.usage(0).cost_usd is None


def test_with_a_cap_of_nothing_only_what_is_free_is_sent() -> None:
    free, paid = Server(), Server()
    budgeted(free, UsageMeter(), cap=0, price=Price(0, 0, 0)).ask(request(1_000))
    with pytest.raises(BudgetReached):
        budgeted(paid, UsageMeter(), cap=0).ask(request(10))
    assert (len(free.asked), len(paid.asked)) == (1, 0)


def test_two_models_of_one_run_share_its_cap() -> None:
    meter = UsageMeter()
    engine, judge = Server(), Server()
    budgeted(engine, meter, cap=25).ask(request(20))
    with pytest.raises(BudgetReached):
        budgeted(judge, meter, cap=25).ask(request(10))
    assert judge.asked == []


@dataclass
class Gate:
    """Keeps its requests under way until it is opened."""

    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    opened: threading.Event = field(default_factory=threading.Event)
    server: Server = field(default_factory=Server)

    def ask(self, request: Request) -> Reply:
        self.arrived.release()
        assert self.opened.wait(30)
        return self.server.ask(request)


def test_requests_under_way_count_against_the_cap() -> None:
    meter, gate = UsageMeter(), Gate()
    chat = MeteredChat(gate, meter, lambda _: DOLLAR_A_TOKEN, cap=25)
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(chat.ask, request(10)) for _ in range(2)]
        assert all(gate.arrived.acquire(timeout=30) for _ in under_way)
        try:
            with pytest.raises(BudgetReached, match=r"\$20\.0000 held back"):
                chat.ask(request(10))
        finally:
            gate.opened.set()
        assert all(reply.result().outcome is Outcome.COMPLETE for reply in under_way)
    assert (meter.spent, meter.held) == (20, 0)


def test_threads_that_begin_together_never_hold_more_than_the_cap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(amounts: Iterable[float]) -> float:
        total = math.fsum(list(amounts))
        time.sleep(0.001)  # so that another thread comes between the sum and what follows
        return total

    monkeypatch.setattr("summarizer.llm.costs.fsum", slow)
    meter, threads = UsageMeter(), 8
    start = threading.Barrier(threads)

    def hold() -> list[float]:
        seen = []
        start.wait(30)
        for _ in range(5):
            with suppress(BudgetReached):
                meter.hold(10, cap=25, what="extract_claims")
                seen.append(meter.held)
                meter.release(10, spent=0)
        return seen

    with ThreadPoolExecutor(threads) as pool:
        held = [future.result() for future in [pool.submit(hold) for _ in range(threads)]]
    assert {amount for seen in held for amount in seen} in ({10}, {20}, {10, 20})


@settings(max_examples=25)
@given(
    cap=st.integers(0, 300),
    sizes=st.lists(st.integers(MESSAGE_TOKENS + 1, 60), min_size=1, max_size=40),
    share=st.sampled_from([0.1, 0.5, 1.0]),
    threads=st.integers(2, 8),
)
def test_threads_together_never_pass_the_cap(
    cap: int, sizes: list[int], share: float, threads: int
) -> None:
    server, meter = Server(share=share), UsageMeter()
    chat = budgeted(server, meter, cap=cap)

    def ask(size: int) -> bool:
        try:
            chat.ask(request(size))
        except BudgetReached:
            return False
        return True

    with ThreadPoolExecutor(threads) as pool:
        answered = list(pool.map(ask, sizes))
    assert meter.spent <= cap
    assert meter.held == 0
    assert len(server.asked) == sum(answered)
    # Nothing was refused for which there was room beside what can have been under way.
    under_way = (threads - 1) * max(sizes)
    refused = [size for size, done in zip(sizes, answered, strict=True) if not done]
    assert all(meter.spent + under_way + size > cap for size in refused)


def test_the_prompt_is_all_that_is_sent() -> None:
    shape = REPLIES["summary"]
    asked = Request(
        stage="summarize_claims",
        model="rule-1",
        messages=(Message("system", "Be brief now."), Message("user", "The quay is closed.")),
        shape=shape,
    )
    schema = words(json.dumps(shape.schema))
    assert expected_usage(asked).input_tokens == 3 + 4 + 2 * MESSAGE_TOKENS + schema


def test_an_answer_is_expected_to_be_as_long_as_its_prompt_and_some_more() -> None:
    asked = replace(request(50), sampling=Sampling())
    assert expected_usage(asked) == Usage(calls=1, input_tokens=50, output_tokens=50 + EXTRA_OUTPUT)


def test_an_answer_is_never_expected_beyond_its_limit() -> None:
    asked = replace(request(50), sampling=Sampling(max_output_tokens=20))
    assert expected_usage(asked) == Usage(calls=1, input_tokens=50, output_tokens=20)
    assert worst_cost(asked, DOLLAR_A_TOKEN) == 70


def test_typed_questions_are_part_of_the_prompt_and_have_no_output() -> None:
    asked = replace(
        request(50), sampling=Sampling(), questions=(Question("reports_1", "The quay is closed."),)
    )
    assert expected_usage(asked) == Usage(calls=1, input_tokens=50 + 5 + MESSAGE_TOKENS)


def test_what_is_held_supposes_that_the_servers_cache_has_nothing() -> None:
    price = Price(2_000_000, 0, 0)
    assert worst_cost(request(50), price) == 100


def test_a_request_over_the_cap_is_not_sent() -> None:
    meter, server = UsageMeter(), Server()
    chat = MeteredChat(server, meter, lambda _: Price(1, 0.1, 5), cap=0.001)
    with pytest.raises(BudgetReached):
        chat.ask(replace(request(), messages=(Message("user", "The quay is closed. " * 500),)))
    assert server.asked == []
