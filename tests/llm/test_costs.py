from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import UsageError
from summarizer.llm.client import OPENAI_URL, Endpoint
from summarizer.llm.costs import (
    Price,
    Tariff,
    cost,
    parse_price,
)
from summarizer.llm.request import Message, Question, Request, Sampling
from summarizer.usage import Usage, format_dollars

LEAST_WRITTEN, LONG_PROMPT = 1024, 272_000
"""Input tokens from which OpenAI puts a prompt into its cache, and from which it costs more."""

OPENAI = Endpoint.of(OPENAI_URL)
ELSEWHERE = Endpoint.of("https://models.example.org/v1")
AT_HOME = Endpoint.of("http://127.0.0.1:8080/v1")

amounts = st.floats(min_value=0, max_value=1000)
counts = st.integers(min_value=1, max_value=1_000_000)


def known(model: str, *, service_tier: str = "", decisions: bool = False) -> Price:
    price = Tariff(OPENAI).of(model, service_tier=service_tier, decisions=decisions)
    assert price is not None
    return price


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gpt-6.1-terra", Price(1, 0.05, 5, written=1.25, surcharge=True)),
        ("gpt-5.5", Price(5, 0.5, 30, surcharge=True)),
        ("gpt-5.4-mini", Price(0.75, 0.075, 4.5)),
        ("gpt-5-nano", Price(0.05, 0.005, 0.4)),
        ("gpt-4o-mini", Price(0.15, 0.075, 0.6)),
        ("o3", Price(2, 0.5, 8)),
    ],
)
def test_the_table_has_openais_prices(model: str, expected: Price) -> None:
    assert known(model) == expected


@pytest.mark.parametrize(
    ("snapshot", "family"),
    [
        ("gpt-5.4-mini-2026-03-17", "gpt-5.4-mini"),
        ("gpt-6.1-terra-2026-09-29", "gpt-6.1-terra"),
        ("gpt-4o-2024-11-20", "gpt-4o"),
    ],
)
def test_a_dated_snapshot_costs_what_its_family_does(snapshot: str, family: str) -> None:
    assert known(snapshot) == known(family)


def test_a_snapshot_with_a_price_of_its_own_has_that_price() -> None:
    assert known("gpt-4o-2024-05-13") == Price(5, 5, 15)


@pytest.mark.parametrize(
    "model",
    [
        "",
        "gpt",
        "gpt-5.4-maxi",
        "gpt-5.4-mini-2026",
        "gpt-5.4-mini-2026-03-17-beta",
        "ft:gpt-4o-mini-2024-07-18:harbour::1",
        "openai/gpt-5",
    ],
)
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert Tariff(OPENAI).of(model) is None


@pytest.mark.parametrize("endpoint", [ELSEWHERE, AT_HOME])
def test_openais_model_names_have_no_price_elsewhere(endpoint: Endpoint) -> None:
    assert Tariff(endpoint).of("gpt-5.4-mini") is None


def test_an_address_that_only_looks_like_openais_has_no_price() -> None:
    endpoint = Endpoint.of("https://api.openai.com.example.org/v1")
    assert Tariff(endpoint).of("gpt-5.4-mini") is None


def test_a_regional_address_of_openai_costs_a_tenth_more() -> None:
    endpoint = Endpoint.of("https://eu.api.openai.com/v1")
    price = Tariff(endpoint).of("gpt-5.5")
    assert price is not None
    assert (price.input, price.cached, price.output) == pytest.approx((5.5, 0.55, 33))


@pytest.mark.parametrize("endpoint", [OPENAI, ELSEWHERE, AT_HOME])
def test_what_the_user_says_wins_everywhere(endpoint: Endpoint) -> None:
    assert Tariff(endpoint, "3/0.5/9").of("gpt-5") == Price(3, 0.5, 9)


def test_what_the_user_says_is_not_halved_again() -> None:
    price = Tariff(OPENAI, "3/0.5/9").of("gpt-5", service_tier="flex")
    assert price == Price(3, 0.5, 9)


def test_free_is_a_price_and_not_the_lack_of_one() -> None:
    price = Tariff(AT_HOME, "0/0/0").of("rule-1")
    assert price == Price(0, 0, 0)
    assert cost(price, Usage(input_tokens=500, output_tokens=100)) == 0.0
    assert cost(price, Usage()) == 0.0


@pytest.mark.parametrize(
    "text", ["free", "1", "1/2", "1/2/3/4", "1//3", "-1/0/2", "1/nan/2", "inf/1/2", "$1/$2/$3"]
)
def test_a_malformed_price_is_refused_with_the_form_it_should_have(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_price(text)
    assert text in caught.value.message
    assert "input/cached/output" in caught.value.hint


def test_a_malformed_price_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(UsageError):
        Tariff(OPENAI, override="cheap")


@given(amounts, amounts, amounts)
def test_any_price_that_is_written_is_read_back(input: float, cached: float, output: float) -> None:
    assert parse_price(f" {input} / {cached} / {output} ") == Price(input, cached, output)


def test_flex_costs_half_where_the_model_has_it() -> None:
    assert known("gpt-6.1-terra", service_tier="flex") == Price(
        0.5, 0.025, 2.5, written=0.625, surcharge=True
    )


def test_a_batch_costs_half_for_every_model() -> None:
    assert known("gpt-6.1-terra", service_tier="batch") == known(
        "gpt-6.1-terra", service_tier="flex"
    )
    assert known("gpt-4.1", service_tier="batch") == Price(1, 0.25, 4)


def test_flex_is_no_cheaper_for_a_model_without_it() -> None:
    assert known("gpt-4.1", service_tier="flex") == known("gpt-4.1")


@pytest.mark.parametrize("tier", ["auto", "default"])
def test_the_standard_tiers_cost_the_standard_price(tier: str) -> None:
    assert known("gpt-5", service_tier=tier) == known("gpt-5")


def test_a_tier_the_table_does_not_know_has_no_price() -> None:
    assert Tariff(OPENAI).of("gpt-5", service_tier="priority") is None


def test_the_parts_of_a_prompt_are_paid_for_each_at_its_price() -> None:
    tokens = Usage(input_tokens=1_000_000, cached_input_tokens=400_000, output_tokens=200_000)
    assert cost(Price(2, 0.5, 8), tokens) == pytest.approx(1.2 + 0.2 + 1.6)


def test_a_prompt_that_openai_puts_into_its_cache_costs_a_quarter_more() -> None:
    price = known("gpt-6.1-terra")
    short, long = LEAST_WRITTEN - 1, LEAST_WRITTEN
    assert cost(price, Usage(input_tokens=short)) == pytest.approx(short * 1e-6)
    assert cost(price, Usage(input_tokens=long)) == pytest.approx(long * 1.25e-6)


def test_what_the_cache_had_is_not_written_again() -> None:
    tokens = Usage(input_tokens=10_000, cached_input_tokens=9_000)
    assert cost(known("gpt-6.1-terra"), tokens) == pytest.approx(9_000 * 0.05e-6 + 1_000 * 1.25e-6)


def test_a_very_long_prompt_costs_more_as_a_whole() -> None:
    price = known("gpt-5.4")
    usual = Usage(input_tokens=LONG_PROMPT, output_tokens=1000)
    longer = Usage(input_tokens=LONG_PROMPT + 1, output_tokens=1000)
    assert cost(price, usual) == pytest.approx(LONG_PROMPT * 2.5e-6 + 0.015)
    assert cost(price, longer) == pytest.approx((LONG_PROMPT + 1) * 5e-6 + 0.0225)


def test_without_a_price_the_cost_is_unknown_and_not_nothing() -> None:
    assert cost(None, Usage(input_tokens=500, output_tokens=100)) is None


def test_a_server_that_counts_no_tokens_leaves_the_cost_unknown() -> None:
    assert cost(known("gpt-5"), Usage()) is None


@given(counts, counts, counts)
def test_a_token_more_never_costs_less(input: int, cached: int, output: int) -> None:
    price = known("gpt-6.1-sol")
    before = cost(
        price, Usage(input_tokens=input, cached_input_tokens=cached, output_tokens=output)
    )
    after = cost(
        price, Usage(input_tokens=input + 1, cached_input_tokens=cached, output_tokens=output + 1)
    )
    assert before is not None
    assert after is not None
    assert 0 < before <= after


def test_answers_to_typed_questions_cost_their_input_only() -> None:
    price = known("gpt-6-luna", decisions=True)
    assert cost(
        price, Usage(input_tokens=10_000, cached_input_tokens=8_000, output_tokens=300)
    ) == pytest.approx(10_000 * 0.1e-6)
    said = Tariff(AT_HOME, "2/1/3").of("judge-1", decisions=True)
    assert said == Price(2, 1, 0)


def test_a_tariff_prices_each_request_by_its_model_tier_and_kind() -> None:
    tariff = Tariff(OPENAI)
    plain = Request(stage="extract_claims", model="gpt-5", messages=(Message("user", "?"),))
    flex = Request(
        stage="extract_claims",
        model="gpt-5",
        messages=plain.messages,
        sampling=Sampling(service_tier="flex"),
    )
    typed = Request(
        stage="decide_claims",
        model="gpt-6-luna",
        messages=plain.messages,
        questions=(Question("reports_1", "The harbour was closed."),),
    )
    assert tariff(plain) == Price(1.25, 0.125, 10)
    assert tariff(flex) == Price(0.625, 0.0625, 5)
    assert tariff(typed) == known("gpt-6-luna", decisions=True)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "unknown"),
        (0, "$0.0000"),
        (12.346, "$12.3460"),
        (0.0031, "$0.0031"),
        (0.0000004, "less than $0.0001"),
    ],
)
def test_an_amount_is_shown_so_that_little_is_not_nothing(amount: float | None, shown: str) -> None:
    assert format_dollars(amount) == shown
