"""The models of ``llm`` in a server's place: asked, stored, counted and asked again like one.

A model is asked as a prompt with a system prompt, the two things that every plug-in of ``llm``
reads; what is said in a second turn stands below the first.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from threading import Lock, Thread
from typing import Any

import llm
from llm.cli import get_model_options

from llm_newsdiff import ASYNC_ADDRESS
from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    ServerFailed,
    ServiceError,
    TimedOut,
)
from summarizer.llm.api_errors import (
    ApiError,
    Redactor,
    explain,
    kind_of,
    plain,
    translated,
)
from summarizer.llm.backends import compose, settle
from summarizer.llm.capabilities import AdaptiveChat, Capabilities, PromptCounts
from summarizer.llm.client import Endpoint, endpoint_of
from summarizer.llm.request import Outcome, Reply, Request, Sampling, count_tokens
from summarizer.llm.store import Store
from summarizer.settings import Settings

MARK_BYTES = 4
"""Random bytes in the mark of the fence around untrusted text."""

LIMIT_NAMES = ("max_output_tokens", "max_tokens", "num_predict")
"""What models call the most tokens of an answer, among their options."""

ENDINGS = ("finish_reason", "stop_reason", "finishReason", "done_reason")
"""Where the answers of the usual services say how they ended."""


class LlmServer:
    """One model of ``llm``. A ``Server``.

    A model without a key may run in this process and need not bear threads, so it is asked one
    thing at a time.

    Args:
        settings: The model by its name or alias, ``llm``'s default where none is set; how to ask.
        env: The environment, which says ``OPENAI_BASE_URL`` where no address is set.
        store: Not used: what a model does is learnt in a run.

    Raises:
        ModelMissing: ``llm`` has no such model.
    """

    def __init__(self, settings: Settings, env: Mapping[str, str], store: Store) -> None:
        address = settings.base_url or env.get("OPENAI_BASE_URL", "")
        self.endpoint: Endpoint = endpoint_of(settings, env)
        self._seconds = settings.timeout
        asynchronous = address == ASYNC_ADDRESS
        self._model = find_model(settings.model, asynchronous=asynchronous)
        self._mark = secrets.token_hex(MARK_BYTES)
        self._counts = PromptCounts()
        many = asynchronous or self._model.needs_key is not None
        self._turn: AbstractContextManager[Any] = nullcontext() if many else Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_lock = Lock()
        known = Capabilities(schema="strict" if self._model.supports_schema else "prompt")
        self._chat = AdaptiveChat(self.answer, known)

    @property
    def model(self) -> str:
        """The model's full name, where an alias may have been given."""
        return str(self._model.model_id)

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``.

        Where the model was told a schema and did not keep to it, later requests have it in words.
        """
        if request.questions:
            raise ServerFailed(
                f"The models of llm answer no typed questions, and {self.model} is one.",
                hint="Set judge to llm.",
            )
        reply = self._chat.ask(request)
        if self._chat.capabilities.structured and not _fits(request, reply):
            self._chat.capabilities = replace(self._chat.capabilities, schema="prompt")
        return reply

    def close(self) -> None:
        """Stop the event loop, if there is one."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)

    def answer(self, request: Request, known: Capabilities) -> Reply:
        """Return the model's answer to a request, told the schema in the way that it takes."""
        messages, schema = compose(request, known.schema, self._mark)
        system, prompt = _two_texts(messages)
        with _errors_of(self._model), self._turn:
            response = self._model.prompt(
                prompt,
                system=system,
                schema=schema,
                stream=self._model.can_stream,
                options=self._options(request.sampling),
            )
            text, usage = self._finish(response)
        counted = {"input_tokens": usage.input, "output_tokens": usage.output}
        used = count_tokens({**(usage.details or {}), **counted})
        reply = Reply(outcome=Outcome.COMPLETE, model=self.model, usage=used)
        reply = settle(reply, request, [text], ending=_ending(response.response_json))
        return self._counts.checked(reply, request)

    def _finish(self, response: llm.Response | llm.AsyncResponse) -> tuple[str, llm.Usage]:
        if isinstance(response, llm.AsyncResponse):
            return self._awaited(_finished(response))
        end = time.monotonic() + self._seconds
        for _ in response:
            if time.monotonic() > end:
                raise self._late()
        return response.text(), response.usage()

    def _awaited(self, work: Coroutine[Any, Any, tuple[str, llm.Usage]]) -> tuple[str, llm.Usage]:
        """Return what a coroutine does in the one event loop: clients are bound to theirs."""
        with self._loop_lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                Thread(target=self._loop.run_forever, name="llm", daemon=True).start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(self._seconds)
        except TimeoutError:
            if not future.cancel():
                raise  # the model's own
            raise self._late() from None

    def _late(self) -> TimedOut:
        return TimedOut(
            f"{self.model} (llm) did not answer in time.",
            hint="Raise the setting timeout, or lower --jobs.",
        )

    def _options(self, sampling: Sampling) -> dict[str, Any]:
        """Return the user's own options of the model, and what a request says of those it has."""
        said = {
            **dict.fromkeys(LIMIT_NAMES, sampling.max_output_tokens),
            "temperature": sampling.temperature,
            "reasoning_effort": sampling.reasoning_effort,
            "service_tier": sampling.service_tier,
        }
        known = self._model.Options.model_fields
        chosen = {name: value for name, value in said.items() if value is not None}
        kept = {name: value for name, value in chosen.items() if name in known}
        return {**kept, **get_model_options(self.model)}


def find_model(name: str, *, asynchronous: bool) -> Any:
    """Return a model of ``llm`` by its name or alias; the user's default where that is empty.

    Raises:
        ModelMissing: There is none.
    """
    find = llm.get_async_model if asynchronous else llm.get_model
    try:
        return find(name or None)
    except llm.UnknownModelError as error:
        raise ModelMissing(
            f"llm has no such model: {error.args[0]}.",
            hint="`llm models` lists those that there are; choose one with -m.",
        ) from None


@contextmanager
def _errors_of(model: Any) -> Iterator[None]:
    """Turn whatever a model's plug-in raises into an error of ours, without its traceback.

    Raises:
        ServiceError: It raised.
    """
    host = f"{model.model_id} (llm)"
    try:
        with translated(host, model.model_id):
            yield
    except ServiceError as error:
        if "OPENAI_API_KEY" in error.hint:
            error.hint = _key_hint(model)
        raise
    except llm.NeedsKeyException as error:
        raise NotAuthorized(f"{host} needs a key: {error}.", hint=_key_hint(model)) from None
    except Exception as error:
        raise _explained(error, host, model) from None


def _explained(error: Exception, host: str, model: Any) -> ServiceError:
    """Return what an exception of a plug-in means, by its status and its words."""
    status = getattr(error, "status_code", None)
    status = status or getattr(getattr(error, "response", None), "status_code", None)
    known = status if isinstance(status, int) else None
    key = model.key or llm.get_key(alias=model.needs_key, env=model.key_env_var)
    words = Redactor([key] if key else ()).text(str(error))
    said = ApiError(status=known or 500, message=words)
    if known is None and kind_of(said).name == "failed":
        quoted = f": “{plain(words)}”" if words else "."
        return ServerFailed(
            f"{host} failed with {type(error).__name__}{quoted}",
            hint="`llm -m MODEL` with a short prompt shows whether the model works at all.",
        )
    explained = explain(said, model=model.model_id, host=host)
    if "OPENAI_API_KEY" in explained.hint:
        explained.hint = _key_hint(model)
    return explained


def _key_hint(model: Any) -> str:
    return f"Set another key with `llm keys set {model.needs_key or 'NAME'}`."


async def _finished(response: llm.AsyncResponse) -> tuple[str, llm.Usage]:
    return await response.text(), await response.usage()


def _two_texts(messages: list[dict[str, str]]) -> tuple[str | None, str]:
    """Return a conversation as a system prompt and a prompt."""
    system = [each["content"] for each in messages if each["role"] == "system"]
    said = [
        f"Your answer was:\n{each['content']}" if each["role"] == "assistant" else each["content"]
        for each in messages
        if each["role"] != "system"
    ]
    return "\n\n".join(system) or None, "\n\n".join(said)


def _ending(answer: object) -> str:
    """Return how an answer ended, as its service calls it; "" where it does not say."""
    if not isinstance(answer, dict):
        return ""
    details = answer.get("incomplete_details")
    if isinstance(details, dict):
        return str(details.get("reason") or "incomplete")
    for holder in (answer, *_first(answer.get("choices")), *_first(answer.get("candidates"))):
        for name in ENDINGS:
            if isinstance(holder.get(name), str):
                return str(holder[name])
    return ""


def _first(values: object) -> list[dict[str, Any]]:
    return values[:1] if isinstance(values, list) and isinstance(values[:1][0], dict) else []


def _fits(request: Request, reply: Reply) -> bool:
    """Return whether an answer is of the shape that was asked for, or ended before it could be."""
    if reply.outcome not in {Outcome.COMPLETE, Outcome.INVALID}:
        return True
    try:
        request.check(reply.value)
    except ValueError:
        return False
    return True
