"""/v1/files and /v1/batches: lines of requests in, lines of answers and of errors out.

Each line is answered by the server's own desk, so that models, kinds and orders of faults apply
to it as to a request of its own: an answer with an error status stands in the error file.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs

from tests.support.server.desk import Desk, Sending

EXPIRED = "This request could not be executed before the completion window expired."
FULL = "Enqueued token limit reached for rule-1. Limit: {limit}. Please try again later."
PAGE = 2
"""Batches on one page of a list, so that there are pages."""


class Batches:
    """The files and batches of one server. Safe for several threads.

    Args:
        limit: The most requests that may be under way in all batches; a batch above it fails.
    """

    def __init__(self, limit: int = 1_000_000) -> None:
        self.files: dict[str, bytes] = {}
        self.made: list[dict[str, Any]] = []
        self._guard = threading.RLock()
        self._limit = limit
        self._held = False
        self._expiring = 0

    def hold(self, held: bool = True) -> None:
        """Let batches stay in progress until they are let go."""
        self._held = held

    def expire(self, lines: int) -> None:
        """Let the last lines of the next batch expire, that many."""
        self._expiring = lines

    def asked(self) -> list[str]:
        """Return the ids of all requests of all batches that did not fail as a whole."""
        return [
            json.loads(line)["custom_id"]
            for batch in self.made
            if batch["status"] != "failed"
            for line in self.files[batch["input_file_id"]].splitlines()
        ]

    def serve(
        self, desk: Desk, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sending:
        """Return the answer to a request to /v1/files or /v1/batches."""
        path, _, query = url.partition("?")
        parts = path.strip("/").split("/")[1:]
        with self._guard:
            if parts[0] == "files":
                return self._file(method, parts, headers, body)
            if method == "POST" and len(parts) == 1:
                return _sent(self._create(json.loads(body)))
            if len(parts) == 1:
                return _sent(self._list(parse_qs(query)))
            batch = next((each for each in self.made if each["id"] == parts[1]), None)
            if batch is None:
                return _declined(404, f"No batch found with id '{parts[1]}'.")
            self._go_on(desk, batch)
            return _sent(batch)

    def cancel(self) -> None:
        """Cancel the batches that are in progress, as their owner may."""
        for batch in self.made:
            if batch["status"] == "in_progress":
                batch["status"] = "cancelled"

    def _file(
        self, method: str, parts: list[str], headers: Mapping[str, str], body: bytes
    ) -> Sending:
        if method == "GET":
            content = self.files.get(parts[1])
            return _declined(404, "No such File") if content is None else Sending(200, content)
        form = message_from_bytes(
            b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body,
            policy=policy.HTTP,
        )
        fields = {
            part.get_param("name", header="content-disposition"): part for part in form.iter_parts()
        }
        if fields["purpose"].get_content().strip() != "batch":
            return _declined(400, "Invalid value for 'purpose'.")
        sent: Any = fields["file"].get_payload(decode=True)
        return _sent({"id": self._keep(sent), "object": "file", "purpose": "batch"})

    def _keep(self, content: bytes) -> str:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return name

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        lines = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
        under_way = sum(
            b["request_counts"]["total"] for b in self.made if b["status"] == "in_progress"
        )
        batch = {
            "id": f"batch_{len(self.made) + 1}",
            "object": "batch",
            "endpoint": body["endpoint"],
            "completion_window": body["completion_window"],
            "input_file_id": body["input_file_id"],
            "metadata": body.get("metadata"),
            "created_at": int(time.time()),
            "status": "in_progress",
            "output_file_id": None,
            "error_file_id": None,
            "errors": None,
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
        }
        problem = _problem(body, lines)
        if under_way + len(lines) > self._limit:
            problem = {"code": "token_limit_exceeded", "message": FULL.format(limit=self._limit)}
        if problem:
            batch |= {"status": "failed", "errors": {"object": "list", "data": [problem]}}
        self.made.append(batch)
        return batch

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        newest = self.made[::-1]
        after = query.get("after", [""])[0]
        start = next((i + 1 for i, each in enumerate(newest) if each["id"] == after), 0)
        page = newest[start : start + PAGE]
        return {"object": "list", "data": page, "has_more": start + PAGE < len(newest)}

    def _go_on(self, desk: Desk, batch: dict[str, Any]) -> None:
        if batch["status"] != "in_progress" or self._held:
            return
        lines = self.files[batch["input_file_id"]].splitlines()
        done, self._expiring = len(lines) - self._expiring, 0
        outputs: list[bytes] = []
        errors: list[bytes] = []
        for line in map(json.loads, lines[:done]):
            _, asked = desk.read("POST", line["url"], json.dumps(line["body"]).encode())
            sending = desk.answer("POST", line["url"], {}, asked)
            response = {"status_code": sending.status, "body": json.loads(sending.body)}
            row = _row(line, response | {"request_id": "req"}, None)
            (outputs if sending.status == 200 else errors).append(row)
        expired = {"code": "batch_expired", "message": EXPIRED}
        errors += [_row(json.loads(line), None, expired) for line in lines[done:]]
        batch["status"] = "expired" if done < len(lines) else "completed"
        batch["output_file_id"] = self._keep(b"".join(outputs[::-1])) if outputs else None
        batch["error_file_id"] = self._keep(b"".join(errors)) if errors else None
        batch["request_counts"] |= {"completed": len(outputs), "failed": len(errors)}


def _row(line: dict[str, Any], response: object, error: object) -> bytes:
    row = {"id": "batch_req", "custom_id": line["custom_id"], "response": response, "error": error}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _problem(body: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, str] | None:
    """Return what the real one has against a file."""
    if len({line["custom_id"] for line in lines}) < len(lines):
        return {"code": "duplicate_custom_id", "message": "A custom_id stands there twice."}
    if any(len(line["custom_id"]) > 64 or line["method"] != "POST" for line in lines):
        return {"code": "invalid_request", "message": "A line is no request."}
    if any(line["url"] != body["endpoint"] for line in lines):
        return {"code": "invalid_url", "message": "A line is for another endpoint."}
    if body["completion_window"] != "24h":
        return {"code": "invalid_request", "message": "Only 24h."}
    return None


def _sent(body: dict[str, Any]) -> Sending:
    return Sending(200, json.dumps(body).encode())


def _declined(status: int, message: str) -> Sending:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return Sending(status, json.dumps({"error": error}).encode())
