"""What a request asks, whichever API it came by; and why it cannot be asked like that."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

STAGES = {
    frozenset({"instructions", "claims", "summary"}): "reading",
    frozenset({"instructions", "claims"}): "claims",
    frozenset({"summary"}): "summary",
    frozenset({"facts"}): "alignment",
    frozenset({"conflicts"}): "conflicts",
    frozenset({"findings"}): "findings",
}
"""The names of schemas by their top-level properties, for those that stand in a prompt."""

APIS = {
    "/v1/responses": "responses",
    "/v1/chat/completions": "chat",
    "/v1/decisions": "decisions",
}

MOST_QUESTIONS = 400
"""As OpenAI's reference says of /v1/decisions."""

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Declined(Exception):
    """The request is not answered: an error status, in OpenAI's JSON."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": type, "param": param, "code": code}


@dataclass(frozen=True, slots=True)
class Question:
    """One predicate."""

    name: str
    instructions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as a model sees it.

    ``stage`` is the name of the schema that the request or its prompt gives, "decisions" for
    questions, "" for neither. ``schema`` is the one the model is held to. ``limit`` is the most
    tokens it may write; ``body`` is the request as it came.
    """

    api: str
    model: str
    stage: str
    text: str
    schema: dict[str, Any] | None = None
    questions: tuple[Question, ...] = ()
    limit: int | None = None
    body: dict[str, Any] = field(default_factory=dict)


def read_request(path: str, body: dict[str, Any]) -> Asked:
    """Return what a request asks.

    Raises:
        Declined: It lacks something, or OpenAI would not take it.
    """
    api = APIS[path]
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise Declined(400, "you must provide a model parameter", param="model")
    source = "messages" if api == "chat" else "input"
    text = _conversation(body.get(source), source)
    if api == "decisions":
        questions = _questions(body.get("questions"))
        return Asked(
            api=api, model=model, stage="decisions", text=text, questions=questions, body=body
        )
    name, schema = _schema(body, api)
    if schema is None:
        name = prompted_stage(text)
    else:  # some clients call every schema the same
        name = STAGES.get(frozenset(schema.get("properties", ())), name)
    limits = ("max_output_tokens", "max_completion_tokens", "max_tokens")
    limit = next((body[name] for name in limits if isinstance(body.get(name), int)), None)
    return Asked(api=api, model=model, stage=name, text=text, schema=schema, limit=limit, body=body)


def prompted_schema(text: str) -> dict[str, Any] | None:
    """Return the JSON Schema that stands in a prompt, if one does."""
    decoder = json.JSONDecoder()
    for start in re.finditer(r"\{\s*\"", text):
        try:
            value, _ = decoder.raw_decode(text, start.start())
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            return value
    return None


def prompted_stage(text: str) -> str:
    """Return the name of the schema that stands in a prompt; "" if there is none we know."""
    schema = prompted_schema(text)
    return STAGES.get(frozenset(schema["properties"]), "") if schema else ""


def _conversation(messages: object, source: str) -> str:
    if isinstance(messages, str) and messages:
        return messages
    if not isinstance(messages, list) or not messages:
        raise Declined(400, f"Missing required parameter: '{source}'.", param=source)
    parts = []
    for message in messages:
        if not isinstance(message, dict) or "role" not in message or "content" not in message:
            raise Declined(400, f"Invalid value in '{source}'.", param=source)
        parts.append(f"{message['role']}:\n{_words(message['content'], source)}")
    return "\n\n".join(parts)


def _words(content: object, source: str) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "\n".join(str(part.get("text", "")) for part in content)
    raise Declined(400, f"Invalid type for content in '{source}'.", param=source)


def _questions(questions: object) -> tuple[Question, ...]:
    if not isinstance(questions, list) or not 1 <= len(questions) <= MOST_QUESTIONS:
        raise Declined(400, f"Ask 1 to {MOST_QUESTIONS} questions.", param="questions")
    for question in questions:
        if not isinstance(question, dict) or question.get("type") != "predicate":
            raise Declined(400, "This server knows only predicates.", param="questions")
    return tuple(Question(str(q.get("name", "")), str(q.get("instructions"))) for q in questions)


def _schema(body: dict[str, Any], api: str) -> tuple[str, dict[str, Any] | None]:
    """Return the name and the schema a request gives."""
    if api == "chat":
        given, param = body.get("response_format"), "response_format"
        detail = given.get("json_schema") if isinstance(given, dict) else None
    else:
        text = body.get("text")
        given, param = text.get("format") if isinstance(text, dict) else None, "text.format"
        detail = given
    if not isinstance(given, dict) or given.get("type") != "json_schema":
        return "", None
    if not isinstance(detail, dict) or not isinstance(detail.get("schema"), dict):
        raise Declined(400, f"Missing required parameter: '{param}.schema'.", param=param)
    name, schema = detail.get("name"), detail["schema"]
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Declined(400, f"Invalid '{param}.name'.", param=f"{param}.name")
    problem = strict_problem(schema) if detail.get("strict") else ""
    if problem:
        message = f"Invalid schema for '{name}': {problem}"
        raise Declined(400, message, code="invalid_json_schema", param=param)
    return name, schema


def strict_problem(schema: object, at: str = "schema") -> str:
    """Return what OpenAI's strict mode has against a schema; "" if nothing."""
    if isinstance(schema, list):
        return next(filter(None, (strict_problem(part, at) for part in schema)), "")
    if not isinstance(schema, dict):
        return ""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            return f"{at}: 'additionalProperties' must be false"
        if set(schema.get("required", ())) != set(properties):
            return f"{at}: 'required' must hold every property"
    elif schema.get("type") == "object":
        return f"{at}: an object must have 'properties'"
    if "default" in schema:
        return f"{at}: 'default' is not permitted"
    inner = {**schema, **(properties or {})}
    inner.pop("properties", None)
    return next(filter(None, (strict_problem(v, f"{at}.{k}") for k, v in inner.items())), "")
