"""What a server's refusals teach: a context, a cap, a name, a simpler schema."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.llm.answer_text import fit, simplify
from summarizer.llm.api_errors import ApiError, explain
from summarizer.llm.capabilities import NEXT_LEVEL, Capabilities
from summarizer.llm.request import Message, Request, Sampling
from summarizer.schemas import REPLIES

LONG = Request(
    stage="extract_claims",
    model="rule-1",
    messages=(Message("user", "It rained all day in town. " * 400),),
    shape=REPLIES["summary"],
    sampling=Sampling(max_output_tokens=16_000),
)
STRICT = Capabilities()


def learnt(words: str, status: int = 400, known: Capabilities = STRICT) -> dict[str, Any]:
    """Return what is known otherwise after a refusal."""
    error = explain(ApiError(status=status, message=words), model="rule-1", host="h")
    after = known.after(error, LONG).to_dict()
    return {name: value for name, value in after.items() if value != known.to_dict()[name]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("maximum context length is 8192 tokens", {"context": 8192}),
        ("context shift is disabled", {"output": 4000}),
        ("the prompt exceeds the context of 900000 tokens", {"output": 4000}),
        ("max_tokens: 16000 > 4096, the maximum allowed", {"output": 4096}),
        ("max_tokens is too large", {"output": 4000}),
        ("Unsupported parameter: 'max_tokens'", {"limit_name": "max_completion_tokens"}),
        ("Unknown keyword in response_format.json_schema", {"schema": "simple"}),
        ("Who knows", {}),
    ],
)
def test_a_refusal_teaches_what_to_do_otherwise(words: str, expected: dict[str, Any]) -> None:
    assert learnt(words) == expected


def test_a_parameter_that_is_refused_under_both_names_is_left_out() -> None:
    other = Capabilities(limit_name="max_completion_tokens")
    assert learnt("Unrecognized: max_completion_tokens", known=other) == {"limit_name": ""}


def test_the_ladder_has_an_end() -> None:
    assert list(NEXT_LEVEL.items()) == [
        ("strict", "simple"),
        ("simple", "prompt"),
        ("prompt", "prompt"),
    ]


def test_an_answer_is_asked_for_that_fits_behind_the_prompt() -> None:
    narrow = Capabilities(context=8192)
    limit = narrow.fit(LONG).sampling.max_output_tokens
    assert limit is not None
    assert 512 <= limit < 8192 - 10_800 // 5
    assert Capabilities().fit(LONG) == LONG
    assert Capabilities(output=1000).fit(LONG).sampling.max_output_tokens == 1000


def test_a_simple_schema_has_neither_bounds_nor_references() -> None:
    text = str(simplify(REPLIES["claims"].schema))
    assert not {"maxItems", "$ref", "$defs", "minimum"} & set(text.replace("'", " ").split())
    assert "speaker" in text


def test_what_fits_is_left_as_it_is() -> None:
    value: dict[str, object] = {"summary": [{"sentences": [1], "text": "null and void"}]}
    assert fit(value, simplify(REPLIES["summary"].schema)) == value
