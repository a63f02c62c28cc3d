"""A plug-in of ``llm`` for the tests: the rule-based model of the test server, in many manners."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

import llm

from tests.support.server import Asked, RuleModel
from tests.support.server.asked import STAGES, prompted_stage


def rules(prompt: llm.Prompt) -> str:
    """Return what the rules answer, held to the schema that the prompt gives, if it gives one."""
    text = f"system:\n{prompt.system}\n\nuser:\n{prompt.prompt}"
    schema: Any = prompt.schema
    stage = STAGES.get(frozenset(schema["properties"]), "") if schema else prompted_stage(text)
    asked = Asked(api="chat", model="rules", stage=stage, text=text, schema=schema)
    return RuleModel().answer(asked).text


def heedless(prompt: llm.Prompt) -> str:
    """Answer with JSON of another shape, unless the schema stands in the prompt."""
    return rules(prompt) if "JSON Schema" in prompt.system else json.dumps({"colour": "blue"})


def broken(prompt: llm.Prompt) -> str:
    """Fail as plug-ins do."""
    raise RuntimeError("the weights are gone; sk-abcdefghijkl")


class Refused(Exception):
    """An error of a service, as most clients raise it."""

    status_code = 400


def picky(prompt: llm.Prompt) -> str:
    """Refuse schemas with references in them."""
    if "$defs" in json.dumps(prompt.schema):
        raise Refused("Invalid JSON schema: $ref is not supported")
    return rules(prompt)


class Options(llm.Options):
    """What can be said to each of them."""

    temperature: float | None = None


class _Manner:
    Options: Any = Options
    supports_schema = True
    can_stream = True

    def __init__(self, name: str, answer: Callable[[llm.Prompt], str], schemas: bool) -> None:
        self.model_id = name
        self.answer = answer
        self.supports_schema = schemas

    def count(self, prompt: Any, response: Any) -> None:
        print(f"asked {self.model_id} options={prompt.options.temperature}", file=sys.stderr)
        text = prompt.system + prompt.prompt + json.dumps(prompt.schema or "")
        response.set_usage(input=len(text) // 4, output=50)


class Sync(_Manner, llm.Model):
    """Answers at once."""

    def execute(self, prompt: Any, stream: Any, response: Any, conversation: Any) -> Iterator[str]:
        self.count(prompt, response)
        yield self.answer(prompt)


class Async(_Manner, llm.AsyncModel):
    """Answers in an event loop."""

    async def execute(
        self, prompt: Any, stream: Any, response: Any, conversation: Any
    ) -> AsyncGenerator[str, None]:
        self.count(prompt, response)
        await asyncio.sleep(0)
        if self.model_id == "rules-hanging":
            await asyncio.sleep(600)
        yield self.answer(prompt)


def hanging(prompt: llm.Prompt) -> str:
    """Take longer than anybody waits."""
    time.sleep(600)
    return ""


class Keyed(llm.KeyModel):
    """Needs a key that nobody has."""

    model_id = "rules-keyed"
    needs_key = "nobody"
    key_env_var = "NOBODYS_KEY"

    def execute(
        self, prompt: Any, stream: Any, response: Any, conversation: Any, key: Any
    ) -> Iterator[str]:
        yield "never"


class Caller(llm.Model):
    """Calls the tool that compares, with the files that it is told, and repeats the answer."""

    model_id = "rules-caller"
    supports_tools = True

    def execute(self, prompt: Any, stream: Any, response: Any, conversation: Any) -> Iterator[str]:
        if prompt.tool_results:
            yield prompt.tool_results[0].output
        else:
            response.add_tool_call(
                llm.ToolCall(name="NewsDiff_diff", arguments={"articles": prompt.prompt.split()})
            )


@llm.hookimpl
def register_models(register: Callable[..., None]) -> None:
    for name, answer, schemas in (
        ("rules", rules, True),
        ("rules-plain", rules, False),
        ("rules-heedless", heedless, True),
        ("rules-picky", picky, True),
        ("rules-broken", broken, True),
        ("rules-hanging", hanging, True),
    ):
        aliases = ("r",) if name == "rules" else ()
        register(Sync(name, answer, schemas), Async(name, answer, schemas), aliases=aliases)
    register(Keyed())
    register(Caller())
