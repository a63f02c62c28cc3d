"""A value for any JSON Schema: the plainest one that fits it."""

from __future__ import annotations

from typing import Any


def fill(schema: dict[str, Any], definitions: dict[str, Any] | None = None) -> object:
    """Return a value of a schema's shape."""
    known = definitions if definitions is not None else schema.get("$defs", {})
    if "$ref" in schema:
        return fill(known[schema["$ref"].rpartition("/")[2]], known)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], known)
    kind = schema.get("type")
    if kind == "object":
        return {key: fill(inner, known) for key, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [fill(schema["items"], known) for _ in range(schema.get("minItems", 1))]
    if kind in {"integer", "number"}:
        return max(0, schema.get("minimum", 0))
    return {"string": "words", "boolean": False}.get(str(kind))
