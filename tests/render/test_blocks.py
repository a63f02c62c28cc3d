from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.render.block_kit import MESSAGE, Message, escaped, linked, weight
from summarizer.render.blocks import answer, more, only, summary
from summarizer.report.parts import View
from summarizer.report.view import EVERYTHING, dump_view, load_view, view
from tests.support.hostile import TRAPS, hostile_report
from tests.support.reports import report
from tests.support.slack_server.blocks import alive, check_message, text_of

pytestmark = pytest.mark.slow

SEEDS = st.integers(min_value=0, max_value=2**32)


def sent(message: Message | None) -> dict[str, Any]:
    """Return a message as it is posted, found in order by Slack's own checks."""
    assert message is not None
    payload = {"text": message.text, "blocks": list(message.blocks)}
    check_message(payload)
    assert weight(message.blocks) <= MESSAGE
    return payload


def links(shown: View) -> set[str]:
    """Return the addresses that a report links itself: those of its articles."""
    sources = {source.source for source in shown.sources}
    return {source for source in sources if re.fullmatch(r"https?://[^\s|<>]+", source)}


@settings(max_examples=12)
@given(SEEDS)
def test_whatever_the_report_the_blocks_are_valid_and_nothing_in_them_acts(seed: int) -> None:
    shown = view(hostile_report(Random(seed)), EVERYTHING)
    for message in (answer(shown), summary(shown), only(shown, shown.outlets[0])):
        assert set(alive(sent(message))) <= links(shown)
    for message in more(shown):
        assert set(alive(sent(message))) <= links(shown)
    assert load_view(dump_view(shown)) == shown, "a view is stored whole"


def test_an_answer_says_what_a_report_says() -> None:
    text = text_of(sent(answer(view(report(), EVERYTHING))))
    for line in (
        "All 3 report · 2",
        "The ferry Meridian ran aground off Port Marrow on Monday night. [HG DT No]",
        "Only in The Daily Tern · 2",
        "Where they differ · 2",
        "gazette-later.txt: same as gazette.txt (Harbor Gazette)",
        "Warning: gazette-later.txt is the same article as gazette.txt",
    ):
        assert line in text, text
    assert "--" not in text  # no option of the command line


def test_what_an_answer_leaves_out_is_counted_and_follows() -> None:
    shown = replace(view(many_facts(), EVERYTHING), lede=())
    first = text_of(sent(answer(shown)))
    assert "and " in first
    rest = more(shown)
    assert len(rest) > 1
    together = "\n".join([first, *(text_of(sent(message)) for message in rest)])
    for number in range(120):
        assert together.count(f"Fact number {number:03} ") == 1


def test_only_takes_a_name_a_part_of_it_or_a_mark() -> None:
    shown = view(report(), EVERYTHING)
    for asked in ("The Daily Tern", "daily tern", "DT", "  “Tern” "):
        text = text_of(sent(only(shown, asked)))
        assert "Only in The Daily Tern · 2" in text
        assert "HG Harbor Gazette · DT The Daily Tern" in text
    assert only(shown, "The Moon Post") is None
    assert only(shown, "") is None


def test_only_finds_an_outlet_that_has_quotation_marks_in_its_name() -> None:
    shown = view(report(), EVERYTHING)
    first, *rest = shown.unique
    quoted = replace(shown, unique=(replace(first, outlet="“The Tern"), *rest))
    for asked in ("“The Tern", "the tern"):
        assert first.title in text_of(sent(only(quoted, asked)))


@settings(max_examples=40)
@given(st.text())
def test_escaped_text_holds_no_markup(text: str) -> None:
    assert not alive({"text": escaped(text)})


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_in_a_notification_is_harmless(trap: str) -> None:
    assert not alive({"text": escaped(trap)})


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://a b", "https://x|<!channel>", "https://x/" + "a" * 600],
)
def test_what_is_no_clean_web_address_is_no_link(address: str) -> None:
    assert linked("Gazette", address)["type"] == "text"


def many_facts() -> Any:
    from summarizer.types import Status
    from tests.support.reports import fact, gazette, mention

    told = mention(gazette, "Repairs will take about six weeks.")
    facts = tuple(
        fact(n % 40, f"Fact number {n:03} is here.", Status.UNIQUE, told, id=f"f{n}")
        for n in range(120)
    )
    return replace(report(), facts=facts)
