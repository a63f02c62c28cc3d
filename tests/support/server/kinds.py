"""Kinds of servers as they are in the wild: one named behaviour each, to be combined.

A kind may refuse a request, write an answer's text in other words, or put it on the wire in
another form. What each is taken from stands in its ``source``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.server.prefixes import tokens

Body = dict[str, Any]
Refuse = Callable[[Body, int], "Refusal | None"]
"""Takes a request's body and how many came before it."""
Write = Callable[[str], str]
Wire = Callable[[Body], Body]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and a body, in the place of an answer."""

    status: int
    body: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a server differs from OpenAI's.

    ``outcome`` is how a run with it ends: "whole", or the name of the error.
    """

    name: str
    source: str
    does: str
    outcome: str = "whole"
    refuse: Refuse | None = None
    write: Write | None = None
    wire: Wire | None = None


def _error(message: str, status: int = 400, **more: Any) -> Refusal:
    return Refusal(status, {"error": {"message": message, "type": "error", "param": None, **more}})


def _limit(body: Body) -> int:
    names = ("max_tokens", "max_completion_tokens", "max_output_tokens")
    return next((body[name] for name in names if isinstance(body.get(name), int)), 0)


def _prompt(body: Body) -> int:
    return tokens(json.dumps(body.get("messages") or body.get("input")))


def _schema(body: Body) -> str:
    return json.dumps(body.get("response_format") or body.get("text") or "")


def _message(change: Callable[[Body, str], None]) -> Wire:
    """Return what changes the message of a completion; other answers stay as they are."""

    def wire(body: Body) -> Body:
        if "choices" in body:
            message = body["choices"][0]["message"]
            change(message, message["content"] or "")
        return body

    return wire


def _finish(reason: str) -> Wire:
    def wire(body: Body) -> Body:
        if "choices" in body:
            body["choices"][0]["finish_reason"] = reason
        return body

    return wire


def _usage(change: Callable[[Body], Body]) -> Wire:
    return lambda body: {**body, "usage": change(body["usage"])} if "usage" in body else body


def _in_reasoning(message: Body, text: str) -> None:
    message |= {"content": None, "reasoning_content": text}


def _in_tool_call(message: Body, text: str) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "answer", "arguments": text}}
    message |= {"content": None, "tool_calls": [call]}


def _without_nulls(text: str) -> str:
    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(item) for item in value]
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if v is not None} | {"extra": 1}
        return value

    return json.dumps(bare(json.loads(text)))


def _refuse_words(*words: str, message: str, **more: Any) -> Refuse:
    def refuse(body: Body, before: int) -> Refusal | None:
        return _error(message, **more) if any(word in _schema(body) for word in words) else None

    return refuse


def _context(size: int, message: str) -> Refuse:
    def refuse(body: Body, before: int) -> Refusal | None:
        prompt, limit = _prompt(body), _limit(body)
        if prompt + limit <= size:
            return None
        return _error(message.format(size=size, prompt=prompt, limit=limit, sum=prompt + limit))

    return refuse


def _cap(size: int, message: str) -> Refuse:
    def refuse(body: Body, before: int) -> Refusal | None:
        limit = _limit(body)
        return _error(message.format(size=size, limit=limit)) if limit > size else None

    return refuse


def _once(refusal: Refusal) -> Refuse:
    """Return what spoils one request after the probe."""

    def refuse(body: Body, before: int) -> Refusal | None:
        return refusal if before == 2 else None

    return refuse


def _always(refusal: Refusal) -> Refuse:
    return lambda body, before: refusal


def _other_name(body: Body, before: int) -> Refusal | None:
    if "max_tokens" not in body:
        return None
    return _error(
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead.",
        code="unsupported_parameter",
        param="max_tokens",
    )


def _loading(times: int) -> Refuse:
    refusal = _error("Loading model", 503, code=503, type="unavailable_error")
    return lambda body, before: refusal if before < times else None


VLLM = (
    "This model's maximum context length is {size} tokens. However, you requested {sum} tokens "
    "({prompt} in the messages, {limit} in the completion). Please reduce the length."
)
VLLM_NEW = (
    "'max_tokens' or 'max_completion_tokens' is too large: {limit}. This model's maximum context "
    "length is {size} tokens and your request has {prompt} input tokens."
)
TGI = (
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= {size}. Given: {prompt} "
    "`inputs` tokens and {limit} `max_new_tokens`"
)
TOO_LARGE = (
    "Request too large for rule-1 on tokens per min (TPM): Limit 9000, Requested {sum}. The input "
    "or output tokens must be reduced in order to run successfully."
)

KINDS = (
    Kind(name="plain", source="OpenAI", does="follows the protocol"),
    # 2. The answer, and what surrounds it
    Kind(
        name="finish in capitals",
        source="qwen-code#9882",
        does="gives `STOP`, in capitals, as the reason why the answer ended (`finish_reason`)",
        wire=_finish("STOP"),
    ),
    Kind(
        name="another word for finished",
        source="dify#8550",
        does="gives `COMPLETE` as the reason why the answer ended",
        wire=_finish("COMPLETE"),
    ),
    Kind(
        name="answer as reasoning",
        source="vllm#19222",
        does="puts the answer into the field for the model's reasoning",
        wire=_message(_in_reasoning),
    ),
    Kind(
        name="answer as a tool call",
        source="litellm#6741",
        does="puts the answer into a call of a tool",
        wire=_message(_in_tool_call),
    ),
    Kind(
        name="harmony channels",
        source="llamafarm#753",
        does="writes a draft and then the answer, with special marks between them",
        write=lambda text: (
            '<|channel|>analysis<|message|>Perhaps {"weather": []}?<|end|>'
            f"<|start|>assistant<|channel|>final<|message|>{text}<|return|>"
        ),
    ),
    Kind(
        name="prose around",
        source="SuggestArr#266",
        does="writes sentences before and after the JSON",
        write=lambda text: f"Sure! Here it is {{as asked}}:\n{text}\nAnything else?",
    ),
    Kind(
        name="twice",
        source="DeepTutor#668",
        does="writes the JSON twice",
        write=lambda text: text * 2,
    ),
    Kind(
        name="fence on one line",
        source="DeepTutor#668",
        does="writes the JSON between Markdown's marks for code, all on one line",
        write=lambda text: f"```json {text} ```",
    ),
    Kind(
        name="byte order mark",
        source="DeepTutor#668",
        does="begins the answer with an invisible character, the byte order mark",
        write=lambda t: "\ufeff" + t,
    ),
    Kind(
        name="trailing comma",
        source="DeepTutor#668",
        does="writes a comma before the last bracket",
        write=lambda text: f"{text[:-1]},}}",
    ),
    Kind(
        name="thinking aloud",
        source="DeepTutor#668",
        does="writes a draft before the answer, between `<thinking>` and `</thinking>`",
        write=lambda text: f'<thinking>{{"weather": []}}?</thinking>\n{text}',
    ),
    Kind(
        name="single quotes",
        source="json-repair",
        does="writes a value of Python, with single quotes, instead of JSON",
        write=lambda text: str(json.loads(text)),
    ),
    Kind(
        name="wrapped",
        source="SuggestArr#266",
        does="puts the JSON object into another object",
        write=lambda text: f'{{"response": {text}}}',
    ),
    Kind(
        name="nulls left out",
        source="langchain-google#852",
        does="leaves out fields that are null, and adds a field",
        write=_without_nulls,
    ),
    # 3. What is refused
    Kind(
        name="no bounds",
        source="SkillSpector#132",
        does="refuses a schema with limits on numbers and lengths",
        refuse=_refuse_words(
            "maxItems", "minimum", message='Unknown name "maxItems" at response_schema'
        ),
    ),
    Kind(
        name="no references",
        source="litellm PR#20813",
        does="refuses a schema in which one part refers to another (`$ref`)",
        refuse=_refuse_words("$ref", message="Invalid schema: $ref is not supported"),
    ),
    Kind(
        name="no schema",
        source="litellm PR#20813",
        does="refuses every schema, and does not say why",
        refuse=_refuse_words("schema", message="Invalid argument"),
    ),
    Kind(
        name="context of 8k",
        source="vllm#42474",
        does="has a context of 8,192 tokens, and refuses what does not fit",
        refuse=_context(8192, VLLM),
    ),
    Kind(
        name="context of 8k, other wording",
        source="vllm#33418",
        does="does the same, but its message blames the length of the answer",
        refuse=_context(8192, VLLM_NEW),
    ),
    Kind(
        name="context of 16k",
        source="TGI",
        does="has a context of 16,384 tokens, and refuses what does not fit",
        refuse=_context(16_384, TGI),
    ),
    Kind(
        name="context without a number",
        source="llama.cpp",
        does="refuses what does not fit its context, and does not say how long that is",
        refuse=_context(8192, "the request exceeds the available context size"),
    ),
    Kind(
        name="output cap",
        source="freellmapi PR#80",
        does="refuses a request whose answer may have more than 4,096 tokens",
        refuse=_cap(4096, "max_tokens: {limit} > {size}, the maximum allowed number"),
    ),
    Kind(
        name="max_completion_tokens only",
        source="litellm#13432",
        does="refuses `max_tokens`, and wants `max_completion_tokens`",
        refuse=_other_name,
    ),
    # 4. What is counted
    Kind(
        name="uncached tokens alone",
        source="ollama#5370",
        does="counts only the tokens of a prompt that were not in its cache",
        wire=_usage(
            lambda usage: {
                "prompt_tokens": usage["prompt_tokens"]
                - usage["prompt_tokens_details"]["cached_tokens"]
                if "prompt_tokens" in usage
                else 0,
                "completion_tokens": 9,
            }
        ),
    ),
    Kind(
        name="cached tokens apart",
        source="Anthropic",
        does="counts the tokens that were in its cache in a field of their own",
        wire=_usage(
            lambda usage: {
                "input_tokens": usage["prompt_tokens"]
                - usage["prompt_tokens_details"]["cached_tokens"]
                if "prompt_tokens" in usage
                else 0,
                "cache_read_input_tokens": usage.get("prompt_tokens_details", {}).get(
                    "cached_tokens", 0
                ),
                "output_tokens": 9,
            }
        ),
    ),
    # 5. Passing failures
    Kind(
        name="429 within a 200",
        source="litellm#8448, OpenRouter",
        does="says once that it is busy, with the status of a success (200)",
        refuse=_once(
            Refusal(
                200,
                {
                    "error": {
                        "message": "Provider returned error",
                        "code": 429,
                        "metadata": {"raw": "rate-limited upstream"},
                    }
                },
            )
        ),
    ),
    Kind(
        name="json_validate_failed",
        source="Plush#135",
        does="refuses its own answer once, because it is no valid JSON",
        refuse=_once(_error("Failed to generate JSON.", code="json_validate_failed")),
    ),
    Kind(
        name="too large at once",
        source="aider#1880",
        does="refuses a request with more tokens than it allows in a minute",
        refuse=lambda body, before: (
            _error(TOO_LARGE.format(sum=_prompt(body) + _limit(body)), 429)
            if _prompt(body) + _limit(body) > 9000
            else None
        ),
    ),
    # 6. Errors by name
    Kind(
        name="angle brackets",
        source="qwen-code#98",
        does="has a context too short for any request",
        outcome="PromptTooLong",
        refuse=_context(2000, "<400> Invalid: Range of input length should be [1, {size}]"),
    ),
    Kind(
        name="error in a list",
        source="Gemini",
        does="refuses the key, with the error in a list",
        outcome="NotAuthorized",
        refuse=_always(
            Refusal(
                400, [{"error": {"code": 400, "message": "API key not valid. Pass a valid one."}}]
            )
        ),
    ),
    Kind(
        name="no deployment",
        source="Azure",
        does="does not have the model",
        outcome="ModelMissing",
        refuse=_always(
            _error("The API deployment does not exist.", 404, code="DeploymentNotFound")
        ),
    ),
    Kind(
        name="no endpoints",
        source="OpenRouter",
        does="passes requests on to other servers, none of which has the model",
        outcome="ModelMissing",
        refuse=_always(_error("No endpoints found for rule-1.", 404, code=404)),
    ),
    Kind(
        name="no credit",
        source="Anthropic",
        does="says that the account has no credit",
        outcome="QuotaExhausted",
        refuse=_always(_error("Your credit balance is too low to access the API.")),
    ),
    # 7. One discovery
    Kind(
        name="loading for a while",
        source="comfyui-ollama#37",
        does="is loading its model, and answers from the third request on",
        refuse=_loading(2),
    ),
    Kind(
        name="loading for ever",
        source="comfyui-ollama#37",
        does="is loading its model, and never answers",
        outcome="ServerFailed",
        refuse=_loading(10**6),
    ),
    Kind(
        name="broken",
        source="nginx",
        does="answers every request with an error page (status 502)",
        outcome="ServerFailed",
        refuse=_always(Refusal(502, "<html><title>Bad gateway</title></html>")),
    ),
    Kind(
        name="always 500",
        source="–",
        does="answers every request with an internal error (status 500)",
        outcome="ServerFailed",
        refuse=_always(_error("internal error", 500)),
    ),
    Kind(
        name="always too many requests",
        source="–",
        does="says at every request that there are too many (status 429)",
        outcome="RateLimited",
        refuse=_always(_error("Too many requests", 429)),
    ),
)

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}


class Kinds:
    """Kinds at work on one server. Counts the requests that were to be answered."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self._kinds = kinds
        self._asked: Counter[str] = Counter()

    def refuse(self, body: Body) -> Refusal | None:
        """Return what is said in the place of an answer, if one of the kinds refuses."""
        before = self._asked["all"]
        self._asked["all"] += 1
        for kind in self._kinds:
            if kind.refuse and (refusal := kind.refuse(body, before)):
                return refusal
        return None

    def write(self, text: str) -> str:
        """Return an answer's text as the kinds write it."""
        for kind in self._kinds:
            text = kind.write(text) if kind.write else text
        return text

    def wire(self, body: Body) -> Body:
        """Return an answer's body as the kinds put it on the wire."""
        for kind in self._kinds:
            body = kind.wire(body) if kind.wire else body
        return body
