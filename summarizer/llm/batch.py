"""The Batch API: requests in files that a server answers within a day, at half the price."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import RequestRejected, ServiceError, SummarizerError
from summarizer.llm import api_errors
from summarizer.llm.api_errors import ApiError, Redactor, explain
from summarizer.llm.backends import read_objects, send
from summarizer.llm.client import Endpoint
from summarizer.llm.costs import Price, Tariff, cost, worst_cost
from summarizer.llm.request import Reply, Request, count_tokens, digest
from summarizer.llm.server import ServerChat
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000  # of one batch file
MOST_AGAIN = 3  # times that a request is asked again which a batch did not answer
ANSWER, ERROR = "answer", "error"  # what the rows of the store of answers are
ENDED = {"completed", "expired", "cancelled", "failed"}  # states that a batch does not leave
UNANSWERED = 503  # the status of a request that came back without one: it expired, or got lost
_PASSING = {408, 409, 425, 429}


class Queued(SummarizerError):
    """The answer is not here yet: the request waits for a batch."""

    exit_code = 4


class Unfounded(Exception):
    """A request builds on answers that are not here yet, so that it is not made at all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A request as it stands in a batch file, and what it costs at most, in dollars."""

    id: str
    url: str
    body: Mapping[str, Any]
    cost: float

    def written(self) -> bytes:
        """Return the line, with its end."""
        line = {"custom_id": self.id, "method": "POST", "url": self.url, "body": self.body}
        # In ASCII: servers take other characters too for the end of a line.
        return json.dumps(line).encode() + b"\n"


class BatchServer(ServerChat):
    """Answers what batches have answered and queues everything else. A ``Chat`` for one thread.

    A request's id, by which ``answers`` has what batches brought, is the hash of what is sent, so
    the ``mark`` of the fence is one for all runs of a folder. ``order`` has stages by what they
    build on: while a request of a lower number waits, none of a higher one is made.
    """

    def __init__(
        self,
        settings: Settings,
        env: Mapping[str, str],
        store: Store,
        *,
        answers: Store,
        mark: str,
        order: Mapping[str, int],
    ) -> None:
        super().__init__(settings, env, store)
        self._mark, self._answers, self._order = mark, answers, order
        self._tariff = Tariff(self.endpoint, settings.prices)
        self._asked: Request | None = None
        self.queue: dict[str, Line] = {}
        self._queued_stage = 0

    def ask(self, request: Request) -> Reply:
        """Return the answer that a batch brought; Queued or Unfounded where there is none yet."""
        stage = self._order.get(request.stage, 0)
        if self.queue and stage > self._queued_stage:
            raise Unfounded
        self._queued_stage = self._queued_stage if self.queue else stage
        self._asked = request
        # The server knows no such tier: it is where the requests go.
        sent = replace(request, sampling=replace(request.sampling, service_tier=None))
        return self._chat_for(sent).ask(sent)

    def settle(self) -> None:
        """Find out now how the server is asked, so that it is not asked by every worker."""
        _ = self._writer

    def batches(self) -> Batches:
        """Return the server's batches."""
        return Batches(self._client, self._settings.retries)

    def _send(self, client: OpenAI, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer that batches brought to what would be sent, or queue it."""
        import httpx2

        assert self._asked is not None
        price = self._tariff(self._asked)
        most = worst_cost(self._asked, price) if price else 0.0
        line = Line(digest([f"/v1{path}", body]), f"/v1{path}", dict(body), most)
        if row := self._answers.get(line.id):
            asked = httpx2.Request("POST", f"{self.endpoint.base_url}{path}")
            response = httpx2.Response(row["status"], json=row["body"], request=asked)
            api_errors.reveal_status(response)
            if response.status_code == 200 and isinstance(row["body"], dict):
                return dict(row["body"])
            refusal = api_errors.read_error(response, Redactor())
            error = explain(refusal, model=self._asked.model, host=self.endpoint.host)
            if not is_passing(error) or len(row["batches"]) > MOST_AGAIN:
                raise error
        self.queue[line.id] = line
        raise Queued(f"{self._asked.title} waits for a batch.")


def is_passing(error: ServiceError) -> bool:
    """Return whether what a server said, or that it said nothing, may be otherwise later."""
    if error.hopeless or isinstance(error, RequestRejected) or error.kind == "no_json":
        return False
    status = error.answer.status if isinstance(error.answer, ApiError) else UNANSWERED
    return status in _PASSING or (status >= 500 and status != 501)


def keep_result(answers: Store, result: Result, batch: str) -> None:
    """Store what a batch brought for a request; an error never takes the place of an answer."""
    known = answers.get(result.id) or {}
    if known.get("status") == 200 and result.status != 200:
        return
    batches = sorted({*known.get("batches", ()), batch})
    row = {"status": result.status, "body": result.body, "batches": batches}
    answers.put(result.id, row, stage=ANSWER if result.status == 200 else ERROR)


@dataclass(frozen=True, slots=True)
class Result:
    """What a batch brought for one request: a status and the body of an answer or an error."""

    id: str
    status: int = UNANSWERED
    body: Any = "the batch brought no answer"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Result:
        """Return what a line of an output or an error file says."""
        response, line_id = row.get("response"), str(row.get("custom_id"))
        if isinstance(response, dict) and isinstance(response.get("status_code"), int):
            return cls(line_id, response["status_code"], response.get("body"))
        return cls(line_id, body={"error": row["error"]}) if row.get("error") else cls(line_id)

    def cost(self, price: Price | None) -> float:
        """Return the dollars that it cost, as far as they are known."""
        if self.status != 200 or not isinstance(self.body, dict):
            return 0.0
        return cost(price, count_tokens(self.body.get("usage"))) or 0.0


class Batches:
    """The files and batches of a client's server; a ServiceError where it does not do its part."""

    def __init__(self, client: OpenAI, retries: int) -> None:
        self._client = client.with_options(max_retries=retries)
        self._endpoint = Endpoint.of(str(client.base_url))
        self._retries = retries

    def create(self, file: Path, url: str, metadata: Mapping[str, str]) -> str:
        """Send a file, make a batch of it, and return its id; no batch is made a second time."""
        with file.open("rb") as stream:
            uploaded = send(self._client, "/files", {"purpose": "batch"}, file=stream)
        wanted = {
            "input_file_id": uploaded.get("id"),
            "endpoint": url,
            "completion_window": "24h",
            "metadata": dict(metadata),
        }
        once = self._client.with_options(max_retries=0)
        for attempt in count():
            try:
                return str(send(once, "/batches", wanted)["id"])
            except ServiceError as error:
                if not error.hopeless and (made := self.find(metadata)):
                    return made
                if error.hopeless or attempt >= self._retries:
                    raise
            time.sleep(2.0**attempt)
        raise AssertionError

    def find(self, metadata: Mapping[str, str]) -> str | None:
        """Return the id of the batch with that metadata, the last of them."""
        page: dict[str, Any] = {"limit": 100}
        while True:
            answer = send(self._client, "/batches", query=page)
            listed = read_objects(answer.get("data"))
            for each in listed:
                if metadata.items() <= (each.get("metadata") or {}).items():
                    return str(each["id"])
            if not answer.get("has_more") or not listed:
                return None
            page["after"] = listed[-1]["id"]

    def state(self, batch: str) -> dict[str, Any]:
        """Return a batch as the server has it: its ``status``, its files, its counts."""
        return send(self._client, f"/batches/{batch}")

    def results(self, state: Mapping[str, Any], beside: Path) -> Iterator[Result]:
        """Yield what an ended batch brought, in any order, by way of the file ``beside``."""
        for file_id in filter(None, map(state.get, ("output_file_id", "error_file_id"))):
            redactor = self._download_file(str(file_id), beside)
            # By line feeds alone: other ends of lines may stand in a text.
            with beside.open("rb") as lines:
                for line in lines:
                    with suppress(ValueError, RecursionError):  # It counts as unanswered.
                        row = json.loads(line)
                        if isinstance(row, dict):
                            yield Result.of(redactor.answer(row))
            beside.unlink()

    def _download_file(self, file_id: str, target: Path) -> Redactor:
        content = self._client.files.with_streaming_response.content
        with (
            api_errors.translated(self._endpoint.host, proxy=self._endpoint.proxy),
            content(file_id) as response,
        ):
            response.stream_to_file(target)
            return Redactor.of(response.http_response.request)

    def failure(self, state: Mapping[str, Any]) -> ServiceError:
        """Return why a batch failed as a whole, as an error whose ``kind`` and words tell."""
        error = next(iter(_errors_of(state)), {})
        name = "".join(filter(str.isalnum, str(error.get("code") or "").lower()))
        words = Redactor().text(str(error.get("message") or ""))
        refusal = ApiError(status=400, names=frozenset({name}), message=words)
        return explain(refusal, model=str(state.get("model") or ""), host=self._endpoint.host)


def is_over_limit(state: Mapping[str, Any]) -> bool:
    """Return whether a batch failed because too many tokens are queued already."""
    return any(each.get("code") == "token_limit_exceeded" for each in _errors_of(state))


def _errors_of(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    return read_objects((state.get("errors") or {}).get("data"))
