"""A secret of the address or of a header is shown nowhere, also where the server repeats it."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from summarizer.errors import ServiceError, SummarizerError, UsageError
from summarizer.llm.client import Endpoint, open_client
from summarizer.llm.request import Message, Request
from summarizer.llm.server import ServerChat
from summarizer.llm.session import open_session
from summarizer.llm.store import Store
from summarizer.schemas import REPLIES
from summarizer.settings import Settings
from tests.support.scripted import Answer, Asked, ScriptedServer, completion_of

pytestmark = pytest.mark.slow

PASSWORD, QUERY, HEADER = "Pa55w0rd/x", "Qu3ry-K3y", "H3ad3r-K3y"
SECRETS = (PASSWORD, QUERY, HEADER)
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "as in an address": lambda text: text.replace("/", "%2F"),
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 behind a byte": lambda text: b64encode(b"=" + text.encode() + b";").decode(),
    "base64 behind two": lambda text: b64encode(b": " + text.encode() + b", ...").decode(),
    "base64 for addresses": lambda text: urlsafe_b64encode(b"??" + text.encode()).decode(),
    "base64 of capitals": lambda text: b64encode(text.upper().encode()).decode(),
    "base64 in an address": lambda text: quote(b64encode(text.encode()).decode(), safe=""),
}
ASKED = Request(
    stage="summarize_claims",
    model="rule-1",
    messages=(Message("user", "It rained."),),
    shape=REPLIES["summary"],
)


class EchoServer(ScriptedServer):
    """Repeats every secret it was sent, in one place of its answers."""

    def __init__(self, place: str, form: Callable[[str], str]) -> None:
        super().__init__(Answer())
        self.place = place
        self.words = " and ".join(form(secret) for secret in SECRETS)

    def take(self, asked: Asked) -> Answer:
        super().take(asked)
        return PLACES[self.place](self.words)


def written(text: str) -> str:
    return json.dumps({"summary": [{"sentences": [1], "text": text}]})


PLACES: dict[str, Callable[[str], Answer]] = {
    "message": lambda words: Answer({"error": {"message": words}}, 400),
    "code": lambda words: Answer({"error": {"message": "no", "code": words, "param": words}}, 400),
    "page": lambda words: Answer(f"<html><title>{words}</title>".encode(), 502),
    "text": lambda words: Answer(words.encode(), 404),
    "provider": lambda words: Answer(
        {"error": {"message": "x", "metadata": {"raw": json.dumps({"error": words})}}}, 400
    ),
    "error in 200": lambda words: Answer({"error": {"message": words, "code": 400}}),
    "model": lambda words: Answer(completion_of(written("It rained.")) | {"model": words}),
    "answer": lambda words: Answer(completion_of(written(words))),
    "no JSON": lambda words: Answer(completion_of(words)),
    "refusal": lambda words: Answer(completion_of(None, refusal=words)),
    "finish": lambda words: Answer(completion_of(words, words)),
    "models": lambda words: Answer({"data": [{"id": words}, {"id": "b"}]}),
}


# What hides secrets knows all forms, wherever it is used; where that is, two of them show.
SOME = ("upper case", "base64 behind two")
ROWS = [(place, form) for place in ("message", "answer") for form in FORMS]
ROWS += [(place, form) for place in PLACES if (place, SOME[0]) not in ROWS for form in SOME]


def address(server: ScriptedServer) -> str:
    quoted = PASSWORD.replace("/", "%2F")
    return server.url.replace("http://", f"http://somebody:{quoted}@") + f"?key={QUERY}"


@pytest.mark.parametrize(("place", "form"), ROWS)
def test_nothing_that_a_server_repeats_is_shown(place: str, form: str, tmp_path: Path) -> None:
    shown: list[object] = []
    with EchoServer(place, FORMS[form]) as server:
        settings = Settings(
            base_url=address(server),
            headers=f"X-Team: {HEADER}",
            model="" if place == "models" else "rule-1",
            api="chat",
            retries=0,
            cache_dir=str(tmp_path),
        )
        try:
            with open_session(settings, env={}, warn=shown.append) as session:
                shown += [session.described(), session.asker.ask(ASKED)]
        except ServiceError as error:
            shown += [error.message, error.hint, error.answer]
        except UsageError as error:
            shown += [error.message, error.hint]
        with Store(tmp_path) as store:
            asked_about = ServerChat(settings, {}, store)
            try:
                asked_about.find_out(fully=True)
            except SummarizerError as error:
                shown += [error.message, error.hint]
            shown.append(asked_about.remembered())
            asked_about.close()
            shown += [store.get(row.key) for row in store.entries()]
        shown.append(Endpoint.of(settings.base_url))
    text = repr(shown)
    basic = b64encode(f"somebody:{PASSWORD}".encode()).decode()
    for secret in (*SECRETS, basic, PASSWORD.replace("/", "%2F")):
        assert not any(secret.lower() in each.lower() for each in (text, *decoded(text)))
    assert server.asked


def decoded(text: str) -> Iterator[str]:
    """Yield what the words of a text say in base64, from each of their characters on."""
    for word in re.findall(r"[\w+/-]{6,}", unquote(text)):
        for start in range(4):
            part = word[start:].replace("-", "+").replace("_", "/")
            part = part[:-1] if len(part) % 4 == 1 else part
            if part.isascii():
                yield b64decode(part + "=" * (-len(part) % 4)).decode("latin-1")


def test_what_is_decoded_shows_a_secret_wherever_it_was_encoded() -> None:
    for name, form in FORMS.items():
        if name.startswith("base64"):
            words = " and ".join(form(secret) for secret in SECRETS)
            assert all(any(s.lower() in d.lower() for d in decoded(words)) for s in SECRETS), name


@pytest.mark.parametrize(
    "wrong",
    [
        f"models.example/v1?key={QUERY}",
        f"htp://me:{QUERY}@models.example/v1",
        f"http://me:{QUERY}@models example/v1",
        f"http://[models.example/{QUERY}",
        f"models.example#{QUERY}",
    ],
)
def test_a_wrong_address_shows_no_more_than_its_host(wrong: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_client(Settings(base_url=wrong), {})
    assert QUERY not in caught.value.message + caught.value.hint


def test_a_report_names_the_host_alone() -> None:
    endpoint = Endpoint.of(f"https://me:{QUERY}@Models.Example:8443/v1/team?key={QUERY}")
    assert endpoint.host == "models.example:8443"


# The way to it


def set_proxies(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_server_on_this_machine_is_never_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedServer(Answer({}, 502)) as proxy, ScriptedServer(Answer({"data": []})) as server:
        proxies = {"HTTP_PROXY": proxy.url, "ALL_PROXY": "socks5://127.0.0.1:9"}
        set_proxies(proxies, monkeypatch)
        for host in ("127.0.0.1", "localhost"):
            settings = Settings(base_url=server.url.replace("127.0.0.1", host), retries=0)
            with open_client(settings, {}) as client:
                client.models.list()
        assert (len(server.asked), len(proxy.asked)) == (2, 0)


@pytest.mark.parametrize("answer", [Answer({}, 502), None])
def test_a_proxy_that_leads_nowhere_is_named_and_met_three_times(
    answer: Answer | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ScriptedServer(answer or Answer()) as proxy:
        at = proxy.url.removesuffix("/v1") if answer else "http://127.0.0.1:9"
        set_proxies({"HTTP_PROXY": at.replace("//", f"//me:{QUERY}@")}, monkeypatch)
        settings = Settings(base_url="http://models.example/v1", model="m", cache_dir=str(tmp_path))
        messages: list[Any] = []
        with open_session(settings, env={}, warn=messages.append) as session:
            for _ in range(5):
                with pytest.raises(ServiceError) as caught:
                    session.asker.ask(ASKED)
                messages.append(caught.value.message)
        assert f"through the proxy {at[7:]}" in messages[0]
        assert QUERY not in repr(messages)
        assert len(proxy.asked) == (3 if answer else 0)
