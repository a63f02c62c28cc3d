"""The client: where requests go, with which key and headers, and what is not sent twice."""

from __future__ import annotations

from pathlib import Path

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import NotAuthorized, UsageError
from summarizer.llm.client import Endpoint, endpoint_of, open_client, parse_headers
from summarizer.llm.server import open_server
from summarizer.llm.store import Store
from summarizer.settings import Settings
from tests.support.scripted import Answer, ScriptedServer, client_of

QUOTA = {"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}}
BUSY = {"error": {"message": "Slow down.", "code": "rate_limit_exceeded", "type": "requests"}}
SOON = {"retry-after-ms": "1"}


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("HTTPS://Models.Example:443/v1", "https://models.example/v1"),
        ("http://user:hush@models.example:80/v1?api-version=2#x", "http://models.example/v1"),
        ("http://[::1]:9/v1", "http://[::1]:9/v1"),
        ("http://models.example", "http://models.example"),
    ],
)
def test_an_address_has_one_spelling_without_credentials_and_query(given: str, normal: str) -> None:
    assert Endpoint.of(given) == Endpoint(normal)


@given(
    host=st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,2}", fullmatch=True),
    port=st.none() | st.integers(1, 65535),
    path=st.from_regex(r"(/[a-z0-9]{1,5}){0,3}/{0,2}", fullmatch=True),
)
def test_an_endpoint_is_the_endpoint_of_itself(host: str, port: int | None, path: str) -> None:
    once = Endpoint.of(f"http://{host}{'' if port is None else f':{port}'}{path}")
    assert Endpoint.of(once.base_url) == once


@pytest.mark.parametrize("address", ["llm:", "llm:async"])
def test_an_address_without_a_host_names_a_plug_in(address: str) -> None:
    endpoint = Endpoint.of(address)
    assert (endpoint.base_url, endpoint.plugin, endpoint.host) == ("llm:", "llm", "llm")
    assert Endpoint.of("http://llm.example/v1").plugin == ""


def test_a_plug_in_that_is_not_installed_is_named(tmp_path: Path) -> None:
    chosen = Settings(base_url="no-such:", model="m")
    with Store(tmp_path) as store, pytest.raises(UsageError, match="called no-such") as error:
        open_server(chosen, {}, store)
    assert "no-such-newsdiff" in error.value.hint


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.evil.example/v1", False),
        ("http://127.0.0.1:8080/v1", False),
    ],
)
def test_only_openais_own_hosts_are_openai(address: str, own: bool) -> None:
    assert Endpoint.of(address).is_openai is own


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8080",
        "ftp://x/v1",
        "https:",
        "http://",
        "http://a:99999/v1",
        "http://a b/v1",
        "http://[x",
    ],
)
def test_an_address_that_cannot_be_is_a_mistake_of_usage(address: str) -> None:
    with pytest.raises(UsageError, match="address") as caught:
        open_client(Settings(base_url=address), {})
    assert "base_url" in caught.value.hint


def test_a_password_in_a_wrong_address_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        Endpoint.of("htp://user:hush-hush@models.example/v1")
    assert "hush" not in caught.value.message


def test_the_setting_goes_before_the_environment_and_that_before_openai() -> None:
    env = {"OPENAI_BASE_URL": "http://one.example/v1"}
    chosen = Settings(base_url="http://two.example/v1")
    assert endpoint_of(chosen, env).base_url == "http://two.example/v1"
    assert endpoint_of(Settings(), env).base_url == "http://one.example/v1"
    assert endpoint_of(Settings(), {}).is_openai


def test_without_a_key_openai_is_not_asked() -> None:
    with pytest.raises(NotAuthorized) as caught:
        open_client(Settings(), {})
    assert "OPENAI_API_KEY" in caught.value.hint


@pytest.mark.parametrize("key", ["sk-\nbroken-in-two", "“sk-quoted-twice”", "sk-with a space"])
def test_a_key_that_cannot_be_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(NotAuthorized) as caught:
        open_client(Settings(), {"OPENAI_API_KEY": key})
    assert key[5:] not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("HTTP_PROXY", "foo://user:hush-hush@proxy.example"),
        ("SSL_CERT_FILE", "/no/such/file"),
    ],
)
def test_a_network_that_cannot_be_used_is_a_mistake_of_usage(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as caught:
        open_client(Settings(base_url="http://models.example/v1"), {})
    assert variable in caught.value.hint
    assert "hush" not in caught.value.message


def test_the_key_headers_and_query_arrive() -> None:
    with ScriptedServer(Answer({"data": []})) as server:
        env = {"OPENAI_BASE_URL": f"{server.url}?api-version=2026", "OPENAI_API_KEY": " sk-1 \n"}
        with open_client(Settings(headers="X-Team: news; X-Desk: night;"), env) as client:
            client.models.list()
    asked = server.asked[0]
    assert asked.headers["authorization"] == "Bearer sk-1"
    assert (asked.headers["x-team"], asked.headers["x-desk"]) == ("news", "night")
    assert asked.path == "/v1/models?api-version=2026"


def test_a_server_of_ones_own_needs_no_key() -> None:
    with ScriptedServer(Answer({"data": []})) as server, client_of(server) as client:
        client.models.list()
    assert server.asked[0].headers["authorization"] == "Bearer none"


def test_a_key_in_a_header_of_its_own_goes_alone() -> None:
    with (
        ScriptedServer(Answer({"data": []})) as server,
        client_of(server, headers="api-key: abc") as client,
    ):
        client.models.list()
    assert server.asked[0].headers["api-key"] == "abc"
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "text", ["hush-hush", "X-Team", ": hush-hush", "X Team: hush-hush", "X-A: hush-hush\x00"]
)
def test_a_malformed_header_is_named_by_its_number_and_not_shown(text: str) -> None:
    with pytest.raises(UsageError, match="Header 2") as caught:
        parse_headers(f"X-Ok: 1; {text}")
    assert "hush" not in caught.value.message


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,9}", fullmatch=True),
        st.from_regex(r"([!-:<-~]([ -:<-~]{0,9}[!-:<-~])?)?", fullmatch=True),
    )
)
def test_headers_are_read_as_they_were_written(headers: dict[str, str]) -> None:
    written = "; ".join(f"{name}: {value}" for name, value in headers.items())
    assert parse_headers(written) == headers


def test_an_exhausted_quota_is_met_once() -> None:
    with (
        ScriptedServer(Answer(QUOTA, 429, SOON)) as server,
        client_of(server, retries=3) as client,
        pytest.raises(openai.RateLimitError),
    ):
        client.models.list()
    assert len(server.asked) == 1


def test_a_path_that_is_not_there_is_tried_once() -> None:
    with (
        ScriptedServer(Answer({}, 501)) as server,
        client_of(server, retries=3) as client,
        pytest.raises(openai.APIStatusError),
    ):
        client.models.list()
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [BUSY, b"<html>busy", b"[[", ["busy"], {"error": "busy"}])
def test_any_other_429_is_sent_again(body: object) -> None:
    script = Answer(body, 429, SOON), Answer(body, 429, SOON), Answer({"data": []})
    with ScriptedServer(*script) as server, client_of(server, retries=3) as client:
        client.models.list()
    assert len(server.asked) == 3


def test_a_connection_that_breaks_within_an_answer_is_made_again() -> None:
    script = Answer({"data": []}, promised=20), Answer({"data": []})
    with ScriptedServer(*script) as server, client_of(server, retries=1) as client:
        client.models.list()
    assert len(server.asked) == 2


def test_a_redirection_is_not_followed() -> None:
    away = Answer({}, 307, {"location": "/elsewhere"})
    with (
        ScriptedServer(away, Answer({"data": []})) as server,
        client_of(server) as client,
        pytest.raises(openai.APIStatusError),
    ):
        client.models.list()
    assert len(server.asked) == 1
