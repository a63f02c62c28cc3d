from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from summarizer.errors import BudgetReached, TimedOut
from summarizer.llm.costs import MeteredChat, Price, UsageMeter, worst_cost
from summarizer.llm.request import (
    Message,
    Outcome,
    Question,
    ReaskingChat,
    Reply,
    Request,
)
from summarizer.usage import Usage

DOLLAR_A_TOKEN = Price(1_000_000, 0, 1_000_000)


def request(stage: str = "extract_claims") -> Request:
    return Request(stage=stage, model="rule-1", messages=(Message("user", "The ferry sank."),))


def answer(input: int = 3, output: int = 2, outcome: Outcome = Outcome.COMPLETE) -> Reply:
    value: object = {} if outcome is Outcome.COMPLETE else None
    return Reply(
        outcome=outcome, value=value, usage=Usage(calls=1, input_tokens=input, output_tokens=output)
    )


@dataclass
class Scripted:
    """Gives its replies one after the other, the last one for ever; raises what is an error."""

    replies: list[Reply | Exception]
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_answer_is_on_the_bill_whatever_its_outcome(outcome: Outcome) -> None:
    meter = UsageMeter()
    chat = MeteredChat(Scripted([answer(outcome=outcome)]), meter, lambda _: DOLLAR_A_TOKEN)
    assert chat.ask(request()).outcome is outcome
    assert meter.usage(1.5) == Usage(
        calls=1, input_tokens=3, output_tokens=2, cost_usd=5.0, seconds=1.5
    )


def test_both_attempts_of_an_invalid_answer_are_on_the_bill() -> None:
    meter = UsageMeter()
    back = Scripted([answer(outcome=Outcome.INVALID), answer(input=7)])
    chat = ReaskingChat(MeteredChat(back, meter, lambda _: DOLLAR_A_TOKEN))
    chat.ask(request())
    usage = meter.usage(0)
    assert (usage.calls, usage.input_tokens, usage.cost_usd) == (2, 10, 14.0)


def test_an_answer_that_took_two_calls_counts_as_two() -> None:
    meter = UsageMeter()
    twice = Reply(outcome=Outcome.COMPLETE, value={}, usage=Usage(calls=2, input_tokens=3))
    MeteredChat(Scripted([twice]), meter, lambda _: DOLLAR_A_TOKEN).ask(request())
    assert meter.usage(0).calls == 2


def test_a_request_without_an_answer_is_not_on_the_bill() -> None:
    meter = UsageMeter()
    chat = MeteredChat(Scripted([TimedOut("no answer")]), meter, lambda _: DOLLAR_A_TOKEN)
    with pytest.raises(TimedOut):
        chat.ask(request())
    assert meter.usage(0) == Usage(cost_usd=0.0)


def test_nothing_was_paid_where_nothing_was_asked() -> None:
    assert UsageMeter().usage(0).cost_usd == 0.0


def test_one_call_without_a_price_makes_the_whole_cost_unknown() -> None:
    meter = UsageMeter()

    def price_for(asked: Request) -> Price | None:
        return DOLLAR_A_TOKEN if asked.stage == "extract_claims" else None

    chat = MeteredChat(Scripted([answer()]), meter, price_for)
    chat.ask(request())
    chat.ask(request("verify_statements"))
    assert meter.usage(0).cost_usd is None
    assert [use.cost_usd for use in meter.stages().values()] == [5.0, None]


def test_a_call_whose_tokens_were_not_counted_makes_the_cost_unknown() -> None:
    meter = UsageMeter()
    MeteredChat(Scripted([answer(0, 0)]), meter, lambda _: DOLLAR_A_TOKEN).ask(request())
    assert meter.usage(0).cost_usd is None


def test_each_stage_is_told_apart_in_the_order_of_its_first_request() -> None:
    meter = UsageMeter()
    chat = MeteredChat(Scripted([answer()]), meter, lambda _: DOLLAR_A_TOKEN)
    for stage in ("extract_claims", "verify_statements", "extract_claims"):
        chat.ask(request(stage))
    meter.add("verify_statements", Usage(cached_calls=1))
    assert list(meter.stages()) == ["extract_claims", "verify_statements"]
    extract, judge = meter.stages().values()
    assert (extract.calls, extract.cached_calls) == (2, 0)
    assert (extract.input_tokens, extract.output_tokens) == (6, 4)
    assert (judge.calls, judge.cached_calls) == (1, 1)
    assert (extract.cost_usd, judge.cost_usd) == (10.0, 5.0)


def test_typed_questions_are_metered_like_any_request() -> None:
    meter = UsageMeter()
    typed = Request(
        stage="decide_claims",
        model="judge-1",
        messages=(Message("user", "The ferry sank."),),
        questions=(Question("reports_1", "A ferry sank."),),
    )
    back = Scripted(
        [Reply(outcome=Outcome.COMPLETE, value=[0.9], usage=Usage(calls=1, input_tokens=4))]
    )
    MeteredChat(back, meter, lambda _: DOLLAR_A_TOKEN).ask(typed)
    assert meter.usage(0).cost_usd == 4.0


def test_no_answer_is_lost_when_many_threads_book_at_once() -> None:
    meter = UsageMeter()
    chat = MeteredChat(Scripted([answer()]), meter, lambda _: DOLLAR_A_TOKEN)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: chat.ask(request()), range(800)))
    usage = meter.usage(0)
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (800, 2400, 1600)
    assert usage.cost_usd == pytest.approx(4000)
    assert meter.spent == pytest.approx(4000)


def test_an_answer_replaces_what_was_held_for_it() -> None:
    meter = UsageMeter()
    meter.hold(9.0, cap=10.0, what="extract_claims")
    assert (meter.held, meter.spent) == (9.0, 0.0)
    meter.release(9.0, spent=5.0)
    assert (meter.held, meter.spent) == (0.0, 5.0)


def test_an_answer_whose_tokens_were_not_counted_counts_as_what_was_held() -> None:
    meter = UsageMeter()
    chat = MeteredChat(Scripted([answer(0, 0)]), meter, lambda _: DOLLAR_A_TOKEN, cap=10_000)
    chat.ask(request())
    assert meter.spent == worst_cost(request(), DOLLAR_A_TOKEN) > 0
    assert meter.usage(0).cost_usd is None


def test_a_cap_is_reached_and_not_passed_by_amounts_that_binary_fractions_miss() -> None:
    meter = UsageMeter()
    for _ in range(3):
        meter.hold(0.1, cap=0.3, what="extract_claims")
        meter.release(0.1, spent=0.1)
    with pytest.raises(BudgetReached):
        meter.hold(0.000001, cap=0.3, what="extract_claims")
