"""All that a run needs to ask a model, put together in the one right order.

``CachedChat(ReaskingChat(MeteredChat(server)))``: only what was checked is stored, and each answer
of the server is counted, also one of no use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from summarizer.errors import UsageError
from summarizer.llm.cache import CACHE, CachedChat, load_recordings
from summarizer.llm.client import endpoint_of
from summarizer.llm.costs import AS_OF, MeteredChat, Price, Tariff, UsageMeter
from summarizer.llm.request import PromptRunner, ReaskingChat, Sampling
from summarizer.llm.server import Server, open_server
from summarizer.llm.store import Store, Warn, chosen_folder
from summarizer.prompts import Library, load_prompts
from summarizer.settings import Settings

DEFAULT_MAX_COST = 1.0  # dollars of a run without a cap: many times what five articles cost

Connect = Callable[[Settings, Mapping[str, str], Store], Server]


@dataclass(frozen=True, slots=True)
class Session:
    """A connection to a model, with all its wrappers."""

    asker: PromptRunner
    decider: PromptRunner  # asks typed questions, of another model
    meter: UsageMeter
    cache: CachedChat
    server: Server
    tariff: Tariff
    price: Price | None  # None where it is not known, and no cap in dollars is held

    def described(self, *, decider: bool = False) -> str:
        """Return which model (or which decider) is asked where and at what price, on one line."""
        model = self.decider.model if decider else self.asker.model
        if self.cache.place != CACHE:
            return f"{model}, replayed from {self.cache.place}; nothing is sent"
        where = "OpenAI" if self.server.endpoint.is_openai else self.server.endpoint.host
        price = self.tariff.of(model, decisions=True) if decider else self.price
        if price is None:
            return f"{model} at {where}, price unknown"
        rates = f"${price.input:g} in, ${price.output:g} out per million tokens"
        since = "" if self.tariff.override else f" ({AS_OF.isoformat()})"
        return f"{model} at {where}, {rates}{since}"


@contextmanager
def open_session(
    settings: Settings,
    *,
    env: Mapping[str, str],
    warn: Warn,
    decisions: bool = False,
    prompts: Library | None = None,
    connect: Connect = open_server,
) -> Iterator[Session]:
    """Open what a run needs to ask a model, for a ``with``; ``open_desk`` has the arguments.

    ``decisions`` says whether typed questions will be asked.

    Raises:
        UsageError: The settings do not fit each other, or a prompt cannot be used.
        ServiceError: No model is set, and the server does not say what it has.
    """
    prompts = load_prompts(settings.prompts) if prompts is None else prompts
    recordings = load_recordings(settings.recordings) if settings.recordings else None
    if recordings is not None:
        settings = recordings.settled(settings)
        store = recordings.store(endpoint_of(settings, env).base_url)
    else:
        store = Store(chosen_folder(settings.cache_dir), warn=warn)
    with store, closing(connect(settings, env, store)) as server:
        model, decider = server.model, settings.decisions_model
        tariff, meter = Tariff(server.endpoint, settings.prices), UsageMeter()
        price = tariff.of(model, service_tier=settings.service_tier)
        cap = _cap_on_cost(settings, price, model)
        if decisions:
            _cap_on_cost(settings, tariff.of(decider), decider)
        cache = CachedChat(
            ReaskingChat(MeteredChat(server, meter, tariff, cap=cap)),
            store,
            endpoint=server.endpoint.base_url,
            mode=settings.cache,
            place=recordings.place if recordings else CACHE,
            meter=meter,
        )
        sampling = Sampling(
            max_output_tokens=settings.max_output_tokens,
            temperature=settings.temperature,
            reasoning_effort=settings.reasoning_effort or None,
            service_tier=settings.service_tier or None,
        )
        with closing(cache):
            yield Session(
                asker=PromptRunner(cache, model, prompts, sampling),
                decider=PromptRunner(cache, decider, prompts),
                meter=meter,
                cache=cache,
                server=server,
                tariff=tariff,
                price=price,
            )


def _cap_on_cost(settings: Settings, price: Price | None, model: str) -> float | None:
    if price is not None:
        return DEFAULT_MAX_COST if settings.max_cost is None else settings.max_cost
    if settings.max_cost is not None:
        raise UsageError(
            f"The price of {model} is unknown, so no cap on cost can be held.",
            hint="Set SUMMARIZER_PRICES, or prices in summarizer.toml, to input/cached/output "
            "in dollars per million tokens (0/0/0 for a server of your own), or leave "
            "the setting max_cost out.",
        )
    return None
