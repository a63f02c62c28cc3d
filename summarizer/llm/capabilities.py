"""What a server takes and gives, what its errors teach, and whether it read a whole prompt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, asdict, dataclass, field, replace
from math import inf
from os.path import commonprefix
from threading import Lock
from typing import Any, Literal

from summarizer.errors import PromptTooLong, RequestRejected, ServiceError
from summarizer.llm.api_errors import ApiError, find_limit
from summarizer.llm.request import Outcome, Reply, Request, prompt_tokens

# At most so many in running text: English with a vocabulary of 200,000. Other scripts have down to
# one; counted too low, they are only found cut later than English would be.
CHARACTERS_PER_TOKEN = 4.6
# A server that counted less than this share of a prompt, and so many tokens fewer, did not read
# all of it: tokenizers differ by far less, once tokens are counted at the fewest there can be.
READ_SHARE, MISSING_TOKENS = 0.6, 500
LEAST_CONTEXT = 1000  # tokens: no server cuts prompts to fewer, so that its cache had the rest
KEPT = 64  # prompts counted in full that are kept, for others that begin as they do
LEAST_OUTPUT = 512  # tokens of an answer worth asking for: a few claims, and the JSON
SPARE_TOKENS = 64  # left free in a context: servers add some of their own
SHRINK = 4  # by what the length of an answer is divided that a server calls too long
LESSONS = 5  # what one request may teach: two steps of the ladder, a name, a cap, a context
Api = Literal["responses", "chat"]
# The ladder: the whole schema; without bounds and references; in words, in the prompt.
SchemaLevel = Literal["strict", "simple", "prompt"]
NEXT_LEVEL: Mapping[SchemaLevel, SchemaLevel]
NEXT_LEVEL = {"strict": "simple", "simple": "prompt", "prompt": "prompt"}
# What to call the most tokens of an answer where a server refuses a name: at last, nothing.
NEXT_LIMIT_NAME = {None: "max_completion_tokens", "max_completion_tokens": ""}


@dataclass(slots=True, eq=False, repr=False)
class PromptCounts:
    """Compares what a server counted of each prompt with how long it is. Safe for threads.

    Some servers leave out of the count what their prompt cache had, and do not say how much
    that was. So a low count is no alarm where an earlier prompt was counted in full and the
    count covers what comes after the beginning that both share.
    """

    _whole: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    _lock: Lock = field(default_factory=Lock)

    def checked(self, reply: Reply, request: Request) -> Reply:
        """Return the reply to a request, or that the server read only a part of it."""
        if reply.outcome not in {Outcome.COMPLETE, Outcome.INVALID} or not reply.usage.input_tokens:
            return reply
        text = "".join(message.content for message in request.messages)
        text += "".join(question.instructions for question in request.questions)
        # Some servers leave the cached tokens out of the count.
        read = reply.usage.input_tokens + reply.usage.cached_input_tokens
        with self._lock:
            if _covers_text(read, len(text)):
                self._whole.append(text)
                return reply
            prefixes = [commonprefix([text, other]) for other in self._whole]  # noqa: RUF071 - no paths
        if any(prefix and _covers_text(read, len(text) - len(prefix)) for prefix in prefixes):
            return reply
        expected = len(text) / CHARACTERS_PER_TOKEN
        detail = f"the server read only {read} of about {expected:.0f} tokens"
        return replace(reply, outcome=Outcome.TRUNCATED, value=None, detail=detail)


def _covers_text(read: int, characters: int) -> bool:
    expected = characters / CHARACTERS_PER_TOKEN
    enough = min(READ_SHARE * expected, expected - MISSING_TOKENS)
    return not LEAST_CONTEXT <= read < enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a server does: how it is spoken to and told a schema, and what it was seen to refuse."""

    api: Api = "chat"
    schema: SchemaLevel = "strict"
    decisions: bool = False  # also where nobody asked
    models: tuple[str, ...] = ()  # where somebody asked for them
    context: int | None = None  # tokens of a prompt and its answer together, if known
    output: int | None = None  # tokens of an answer, if known
    limit_name: str | None = None  # of an answer's tokens; None is the usual one, "" not to say it

    @property
    def structured(self) -> bool:
        """Whether it keeps to a schema."""
        return self.schema != "prompt"

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain JSON values, for ``parse_value``."""
        return asdict(self) | {"models": list(self.models), "structured": self.structured}

    def fit(self, request: Request) -> Request:
        """Return a request with an answer no longer than the server can write after it."""
        room = request.sampling.max_output_tokens
        if room is None:
            return request
        if self.output is not None:
            room = min(room, self.output)
        if self.context is not None:
            left = self.context - prompt_tokens(request) - SPARE_TOKENS
            room = min(room, max(left, LEAST_OUTPUT))
        return replace(request, sampling=replace(request.sampling, max_output_tokens=room))

    def after(self, error: ServiceError, request: Request) -> Capabilities:
        """Return what is known of a server once it has refused a request, as it was sent."""
        refusal, limit = error.answer, request.sampling.max_output_tokens or 0
        if not isinstance(refusal, ApiError):
            return self
        number = find_limit(refusal, unlike=limit)
        match error.kind:
            case "schema" if request.shape is not None:
                return replace(self, schema=NEXT_LEVEL[self.schema])
            case "parameter" if limit:
                return replace(self, limit_name=NEXT_LIMIT_NAME.get(self.limit_name, ""))
            case "output_cap" if limit:
                cap = number if number and number < limit else limit // SHRINK
                return replace(self, output=cap) if cap >= LEAST_OUTPUT // SHRINK else self
            case "too_long" | "too_large_at_once":
                if number and number > prompt_tokens(request) + limit:
                    number = None  # it would not have been passed, so it is another number
                if number and (self.context is None or number < self.context):
                    return replace(self, context=number)
                if number is None and limit // SHRINK >= LEAST_OUTPUT:
                    return replace(self, output=limit // SHRINK)
        return self


@dataclass(slots=True, eq=False, repr=False)
class AdaptiveChat:
    """Asks in the way that a server is known to take, and learns where it refuses. A ``Chat``.

    What one request learns holds for all others, and ``remember`` is told of it. A prompt that
    cannot fit is not sent: one as long as one that was refused, or longer.
    """

    ask_knowing: Callable[[Request, Capabilities], Reply]  # a server of which so much is known
    capabilities: Capabilities
    _: KW_ONLY
    remember: Callable[[Capabilities], None] = lambda _: None
    climbs: bool = True  # whether a schema that is refused is tried in a simpler form
    _refused: float = field(default=inf, init=False)  # tokens of the shortest prompt refused
    _lock: Lock = field(default_factory=Lock, init=False)

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        for _ in range(LESSONS):
            known = self.capabilities
            sent = known.fit(request)
            self._require_room(request, known)
            try:
                return self.ask_knowing(sent, known)
            except RequestRejected as error:
                if not self._has_learnt(known, error, sent):
                    raise
        return self.ask_knowing(self.capabilities.fit(request), self.capabilities)

    def _require_room(self, request: Request, known: Capabilities) -> None:
        """Raise PromptTooLong, without asking, where one like it did not fit."""
        if self._refused == inf:
            return
        size = prompt_tokens(request)
        fewest = sum(len(each.content) for each in request.messages) / CHARACTERS_PER_TOKEN
        if size < self._refused and (known.context is None or fewest < known.context):
            return
        context = f" of {known.context} tokens" if known.context else ""
        raise PromptTooLong(
            f"The prompt of about {size} tokens does not fit the server's context{context}.",
            hint="Give the server a longer context, or lower the setting chunk_tokens.",
        )

    def _has_learnt(self, known: Capabilities, error: ServiceError, sent: Request) -> bool:
        """Return whether more is known of the server than when the request was sent."""
        with self._lock:
            if self.capabilities != known:
                return True  # by another request
            teaches = self.climbs or error.kind != "schema"
            learnt = known.after(error, sent) if teaches else known
            if learnt != known:
                self.capabilities = learnt
                self.remember(learnt)
            elif isinstance(error, PromptTooLong):
                self._refused = min(prompt_tokens(sent), self._refused)
            return learnt != known
