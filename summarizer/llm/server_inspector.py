"""What ``summarize doctor`` finds out about a server, whether it is asked or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from summarizer.errors import ServiceError, SummarizerError
from summarizer.llm.capabilities import Capabilities
from summarizer.llm.client import Endpoint, open_client, parse_headers
from summarizer.llm.prices import AS_OF, Price, price_of
from summarizer.llm.probe import DEFAULT_MODEL, list_models
from summarizer.llm.redaction import HIDDEN
from summarizer.llm.server import ServerChat
from summarizer.llm.store import Store
from summarizer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known of a server.

    Args:
        address: Where it is, without credentials.
        model: The model that would be asked; None where only the server can say it.
        found: What it does; None where nobody has asked it.
        at: When it was asked; None for what is known without.
        price: What the model costs; None where that is not known.
        price_from: Where the price is from.
        problems: What stands in the way of a run.
    """

    address: str
    model: str | None
    found: Capabilities | None
    at: datetime | None
    price: Price | None
    price_from: str
    problems: tuple[SummarizerError, ...]


class ServerInspector(ServerChat):
    """A server that is looked at, and not worked with.

    Args:
        settings: The server, the model, and how to ask.
        env: The environment, for the key and the address.
        store: Where what was found out about servers is kept.
    """

    def __init__(self, settings: Settings, env: Mapping[str, str], store: Store) -> None:
        super().__init__(settings, env, store)
        self._remembered = ServerChat(replace(settings, cache="offline"), env, store)

    def findings(self) -> Findings:
        """Return what is known of the server without asking it."""
        row = self._remembered._known("capabilities") or {}
        found = Capabilities.from_dict(row.get("found"))
        model = self._model_known()
        return Findings(
            address=self.endpoint.base_url,
            model=model,
            found=found,
            at=_time(row.get("at")) if found else None,
            price=self._price(model),
            price_from="the setting prices" if self._settings.prices else f"table of {AS_OF}",
            problems=tuple(self._problems()),
        )

    def ask_about(self) -> None:
        """Ask the server now what it does, and remember it.

        Raises:
            SummarizerError: It cannot be reached, or does not let us in.
        """
        found = self.find_out(decisions_model=self._settings.decisions_model)
        self._remember_capabilities(replace(found, models=self._models()))

    def _models(self) -> tuple[str, ...]:
        try:
            return list_models(self._client)
        except ServiceError:
            if self.endpoint.is_openai:
                raise  # nothing else that was asked shows that the key is a good one
            return ()

    def _model_known(self) -> str | None:
        if self._settings.model or self.endpoint.is_openai:
            return self._settings.model or DEFAULT_MODEL
        row = self._remembered._known("model") or {}
        return str(row["name"]) if "name" in row else None

    def _price(self, model: str | None) -> Price | None:
        return price_of(
            model or "",
            override=self._settings.prices,
            endpoint=self.endpoint,
            service_tier=self._settings.service_tier,
        )

    def _problems(self) -> list[SummarizerError]:
        """Return why no request could even be sent, if none could."""
        try:
            open_client(self._settings, self._env).close()
        except SummarizerError as problem:
            return [problem]
        return []


def key_found(settings: Settings, env: Mapping[str, str]) -> str:
    """Return where a key is, and never what it is."""
    if env.get("OPENAI_API_KEY", "").strip():
        return "set (OPENAI_API_KEY)"
    return "not set; there are headers" if settings.headers else "not set"


def masked(headers: str) -> str:
    """Return the setting headers with the names alone: a value may be a key."""
    try:
        names = parse_headers(headers)
    except SummarizerError:
        return HIDDEN
    return "; ".join(f"{name}: {HIDDEN}" for name in names)


def _time(stamp: object) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int | float) else None


def masked_address(address: str) -> str:
    """Return an address without credentials; its query may hold a key, too."""
    if not address:
        return ""
    try:
        return Endpoint.of(address).base_url
    except SummarizerError:
        return HIDDEN
