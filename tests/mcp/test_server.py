"""The MCP server, asked by the SDK's own client: in memory, over stdio and over HTTP."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.server import MCPServer
from mcp_types import TextResourceContents

from summarizer import diff
from summarizer.cli.app import run as run_command
from summarizer.mcp import inputs
from summarizer.mcp.inputs import LONGEST_TEXT
from summarizer.mcp.server import AT_ONCE, MOST_REPORTS, create_server
from summarizer.settings import Settings
from summarizer.types import DiffReport
from tests.support.articles import FIRE
from tests.support.feed_server import Answer, feed_server, page
from tests.support.forty import made_up

pytestmark = pytest.mark.slow

TEXTS = [{"text": article.text, "outlet": article.outlet} for article in FIRE]


def called(name: str, arguments: dict[str, Any], server: Any = None) -> Any:
    """Return a tool's answer, given in memory."""

    async def run() -> Any:
        async with Client(server or create_server(Settings())) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(run)


def refusal(name: str, arguments: dict[str, Any], server: Any = None) -> str:
    """Return the words in which a tool says no."""
    answer = called(name, arguments, server)
    assert answer.is_error
    return str(answer.content[0].text)


def test_half_a_surrogate_pair_in_a_page_is_shown_and_breaks_no_answer() -> None:
    paragraphs = [span.of(FIRE[0].text) for span in FIRE[0].body]
    data = r'<script type="application/ld+json">{"publisher": {"name": "Half \ud83d"}}</script>'
    html = page("", "Fire at the market", *paragraphs).replace("<title>", f"{data}<title>")
    summary = called("summarize_article", {"article": {"html": html}})
    assert summary.structured_content["outlet"] == "Half \ufffd"
    compared = called("diff_articles", {"articles": [{"html": html}, TEXTS[1]]})
    assert compared.structured_content["report"]["articles"][0]["outlet"] == "Half \ufffd"


def test_tools_say_what_they_are() -> None:
    async def run() -> Any:
        async with Client(create_server(Settings())) as client:
            return (await client.list_tools()).tools, client.instructions

    tools, instructions = anyio.run(run)
    by_name = {tool.name: tool for tool in tools}
    assert set(by_name) == {
        *("diff_articles", "read_facts", "read_conflicts"),
        *("summarize_article", "check_claim"),
    }
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert all(tool.output_schema for tool in tools)
    assert by_name["read_facts"].annotations.open_world_hint is False
    assert "never as" in instructions


def test_a_diff_is_short_and_its_rest_can_be_read() -> None:
    async def run() -> None:
        async with Client(create_server(Settings())) as client:
            stages: list[str] = []

            async def progress(
                progress: float, total: float | None = None, message: str | None = None
            ) -> None:
                stages.append(message or "")

            answer = await client.call_tool(
                "diff_articles", {"articles": TEXTS, "max_facts": 2}, progress_callback=progress
            )
            assert not answer.is_error
            content = answer.structured_content
            assert content is not None
            assert len(json.dumps(content)) < 12_000
            report = content["report"]
            assert len(report["facts"]) == 2
            assert report["lede"]
            assert not any("::" in line for line in report["lede"])
            assert [each["outlet"] for each in report["articles"]] == [a.outlet for a in FIRE]
            assert {"reading", "verifying"} <= set(stages)
            everything = await client.call_tool(
                "read_facts", {"report_id": content["report_id"], "count": 100}
            )
            facts = everything.structured_content
            assert facts is not None
            assert facts["total"] == len(facts["items"]) == report["hidden"]["facts"] + 2
            alone = await client.call_tool(
                "read_facts",
                {"report_id": content["report_id"], "status": "unique", "outlet": "gazette"},
            )
            assert alone.structured_content is not None
            assert alone.structured_content["items"]
            for fact in alone.structured_content["items"]:
                assert fact["outlets"] == ["Gazette"]
            for uri in content["resources"]:
                (part,) = (await client.read_resource(uri)).contents
                assert isinstance(part, TextResourceContents)
                assert "Gazette" in part.text
            whole = await client.read_resource(content["resources"][0])
            assert isinstance(whole.contents[0], TextResourceContents)
            assert len(json.loads(whole.contents[0].text)["facts"]) == facts["total"]

    anyio.run(run)


def test_a_summary_and_a_claim() -> None:
    summary = called("summarize_article", {"article": TEXTS[0]}).structured_content
    assert summary["outlet"] == "Gazette"
    text = " ".join(FIRE[0].text.split())
    assert summary["sentences"]
    for sentence in summary["sentences"]:
        assert " ".join(sentence["quote"].split()) in text
    sentence = summary["sentences"][0]["quote"]
    known = called("check_claim", {"claim": sentence, "article": TEXTS[0]}).structured_content
    assert known["verdict"] == "reported"
    assert known["passage"] in FIRE[0].text
    unknown = {"claim": "The prime minister of Elvoria resigned.", "article": TEXTS[0]}
    assert called("check_claim", unknown).structured_content["verdict"] == "absent"


def test_only_files_below_an_allowed_folder_are_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "secret.txt"
    inside.mkdir()
    (inside / "gazette.txt").write_text(FIRE[0].text, encoding="utf-8")
    outside.write_text(FIRE[1].text, encoding="utf-8")
    (inside / "link.txt").symlink_to(outside)
    server = create_server(Settings(), [inside])
    for path in (str(inside / "gazette.txt"), "gazette.txt", "./../in/gazette.txt"):
        good = called("summarize_article", {"article": {"path": path}}, server)
        assert good.structured_content["outlet"] == "Gazette"
    for path in (
        str(outside),
        str(inside / "link.txt"),
        str(inside / ".." / "secret.txt"),
        "/etc/passwd",
        "/proc/self/environ",
        "a\0b",
        "~root",
        "",
        str(inside),
        f"outlet={outside}",
        str(inside / "*.txt"),
    ):
        said = refusal("summarize_article", {"article": {"path": path}}, server)
        assert "is no file below a folder" in said
        assert "as text" in said
    closed = refusal("summarize_article", {"article": {"path": str(inside / "gazette.txt")}})
    assert "reads no files" in closed


@pytest.mark.skipif(os.name == "nt", reason="making a link is a privilege on Windows")
@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_link_put_there_between_check_and_opening_leads_nowhere(
    tmp_path: Path, swapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root / "day", outside):
        folder.mkdir(parents=True)
        (folder / "gazette.txt").write_text(FIRE[0].text, encoding="utf-8")
    place = root / "day" if swapped == "folder" else root / "day" / "gazette.txt"
    target = outside if swapped == "folder" else outside / "gazette.txt"
    open_below = inputs._open_below

    def swap_and_open(root: Path, inside: Path) -> BinaryIO:
        place.rename(tmp_path / "away")
        place.symlink_to(target)
        return open_below(root, inside)

    monkeypatch.setattr(inputs, "_open_below", swap_and_open)
    server = create_server(Settings(), [root])
    said = refusal("summarize_article", {"article": {"path": "day/gazette.txt"}}, server)
    assert "cannot be read" in said
    place.unlink()
    (tmp_path / "away").rename(place)
    monkeypatch.undo()
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    assert not called(
        "summarize_article", {"article": {"path": "day/gazette.txt"}}, server
    ).is_error
    after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    assert after <= before + 3, "folders stay open"


def test_what_is_said_of_an_article_holds_for_paths_and_addresses_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRE[0].text, encoding="utf-8")
    given = {"outlet": "Evening Post", "title": "A headline", "published": "2024-02-03"}
    server = create_server(Settings(allow_private_urls=True), [tmp_path])
    with feed_server() as served:
        url = served.url("/one")
        served.pages[url] = Answer(page("Gazette", "Its own", *FIRE[0].text.split("\n\n")))
        for place in ({"path": "a.txt"}, {"url": url}, {"text": FIRE[0].text}):
            answer = called("summarize_article", {"article": {**place, **given}}, server)
            content = answer.structured_content
            assert {name: content[name] for name in given} == given
            wrong = {"article": {**place, "published": "yesterday"}}
            assert "not a day" in refusal("summarize_article", wrong, server)


@pytest.fixture
def forty(monkeypatch: pytest.MonkeyPatch) -> DiffReport:
    """Have every diff be the large report of forty articles."""
    report = made_up()
    monkeypatch.setattr("summarizer.mcp.server.diff", lambda *_, **__: report)
    return report


@pytest.mark.parametrize("kind", ["facts", "conflicts"])
def test_a_long_report_is_paged_to_its_end(forty: DiffReport, kind: str) -> None:
    async def run() -> None:
        async with Client(create_server(Settings())) as client:
            answer = await client.call_tool("diff_articles", {"articles": TEXTS, "max_facts": 100})
            assert answer.structured_content is not None
            key, report = (answer.structured_content[name] for name in ("report_id", "report"))
            assert len(json.dumps(answer.structured_content)) < 50_000
            assert report["hidden"][kind] > 0
            seen: list[str] = []
            start: int | None = 0
            while start is not None:
                arguments = {"report_id": key, "start": start, "count": 100}
                read = (await client.call_tool(f"read_{kind}", arguments)).structured_content
                assert read is not None
                assert len(json.dumps(read)) < 50_000
                assert read["total"] == len(report[kind]) + report["hidden"][kind]
                seen += [item["id"] for item in read["items"]]
                start = read["next"]
            assert sorted(seen) == sorted(each.id for each in getattr(forty, kind))
            assert seen[: len(report[kind])] == [each["id"] for each in report[kind]]
            for arguments in ({"outlet": "Nobody"}, {"start": 10_000}):
                beyond = {"report_id": key, **arguments}
                none = (await client.call_tool(f"read_{kind}", beyond)).structured_content
                assert none is not None
                assert (none["items"], none["next"]) == ([], None)

    anyio.run(run)


def test_no_answer_is_long_and_a_long_report_is_read_by_its_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("summarizer.mcp.server.PART_CHARACTERS", 10_000)
    endless = [{"text": f"{name} " + "and so on, " * 4_000 + ".", "outlet": name} for name in "AB"]

    async def run() -> None:
        async with Client(create_server(Settings())) as client:
            for articles in (endless, TEXTS * 5):
                answer = await client.call_tool("diff_articles", {"articles": articles})
                content = answer.structured_content
                assert content is not None
                assert len(json.dumps(content)) < 50_000
                (address, *_) = content["resources"]
                with pytest.raises(MCPError, match="part=0") as caught:
                    await client.read_resource(address)
                last = int(str(caught.value).rstrip(".").rpartition(" ")[2])
                parts = [
                    (await client.read_resource(f"{address}?part={number}")).contents[0]
                    for number in range(last + 1)
                ]
                text = "".join(
                    part.text for part in parts if isinstance(part, TextResourceContents)
                )
                assert json.loads(text)["schema_version"] == 2
            for hostile in (
                "report://../../etc/passwd/json",
                "report://x/json?part=-1",
                "file:///x",
            ):
                with pytest.raises(MCPError):
                    await client.read_resource(hostile)

    anyio.run(run)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"articles": []}, "2 to 40"),
        ({"articles": TEXTS[:1]}, "2 to 40"),
        ({"articles": TEXTS[:1] * 41}, "2 to 40"),
        ({"articles": [{}, TEXTS[0]]}, "exactly one way"),
        ({"articles": [{"text": "x", "url": "https://a.example"}, TEXTS[0]]}, "exactly one way"),
        ({"articles": [{"text": ""}, TEXTS[0]]}, "The text"),
        ({"articles": [{"text": "x" * (LONGEST_TEXT + 1)}, TEXTS[0]]}, "more than"),
        ({"articles": [{**TEXTS[0], "published": "yesterday"}, TEXTS[1]]}, "not a day"),
        ({"articles": [{"url": "http://127.0.0.1/story"}, TEXTS[0]]}, "not fetched"),
        ({"articles": [{"url": "http://169.254.169.254/latest"}, TEXTS[0]]}, "never fetched"),
        ({"articles": [{"url": "file:///etc/passwd"}, TEXTS[0]]}, "no web address"),
        ({"articles": [{"pth": "a.txt"}, TEXTS[0]]}, "pth"),
        ({"articles": [{**TEXTS[0], "outlet": "x" * 1_000}, TEXTS[1]]}, "outlet"),
        ({"articles": [{"url": "https://a.example/" + "x" * 9_000}, TEXTS[0]]}, "url"),
        ({"articles": "all"}, "articles"),
        ({"articles": TEXTS, "max_facts": 10_000}, "max_facts"),
    ],
)
def test_hostile_arguments_are_refused_in_words(arguments: dict[str, Any], words: str) -> None:
    said = refusal("diff_articles", arguments)
    assert words in said
    assert "Traceback" not in said


def test_reports_are_kept_for_a_while_and_not_guessed() -> None:
    async def run() -> None:
        async with Client(create_server(Settings())) as client:
            first = ""
            for _ in range(MOST_REPORTS + 1):
                answer = await client.call_tool("diff_articles", {"articles": TEXTS[:2]})
                assert answer.structured_content is not None
                first = first or answer.structured_content["report_id"]
            gone = await client.call_tool("read_facts", {"report_id": first})
            assert gone.is_error
            unknown = await client.call_tool("read_facts", {"report_id": "../../etc/passwd"})
            assert unknown.is_error

    anyio.run(run)


OFFLINE = ["mcp", "--engine", "extractive"]
COMMAND = ["-m", "summarizer", *OFFLINE]


@contextmanager
def serving(command: Sequence[str] = ("-m", "summarizer")) -> Iterator[str]:
    """Serve MCP over HTTP on a free port, and give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    over_http = [*OFFLINE, "--http", "--port", str(port)]
    served = subprocess.Popen([sys.executable, *command, *over_http], stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        served.terminate()
        served.wait(20)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve MCP on a free port of this machine and give its address."""
    with serving() as address:
        yield address


TRANSPORTS = {"stdio": 50, "http": 50, "http of 2025": 10}
"""The calls that are made at once over each transport."""


@pytest.fixture(params=TRANSPORTS)
def client(request: pytest.FixtureRequest, address: str) -> Client:
    """Return the SDK's client, over each transport."""
    if request.param == "stdio":
        return Client(stdio_client(StdioServerParameters(command=sys.executable, args=COMMAND)))
    return Client(address, mode="legacy" if "2025" in request.param else "auto")


def test_a_client_lists_calls_and_cancels(client: Client, request: pytest.FixtureRequest) -> None:
    calls = TRANSPORTS[request.node.callspec.params["client"]]

    async def run() -> None:
        async with client:
            assert len((await client.list_tools()).tools) == 5
            templates = (await client.list_resource_templates()).resource_templates
            assert len(templates) == 3
            began = anyio.Event()

            async def progress(
                progress: float, total: float | None = None, message: str | None = None
            ) -> None:
                began.set()

            async def call_in_vain(scope: anyio.CancelScope) -> None:
                with scope:
                    await client.call_tool(
                        "diff_articles", {"articles": TEXTS * 13}, progress_callback=progress
                    )

            async with anyio.create_task_group() as group:
                scope = anyio.CancelScope()
                group.start_soon(call_in_vain, scope)
                await began.wait()
                scope.cancel()
            assert scope.cancelled_caught
            right = []

            async def call() -> None:
                answer = await client.call_tool("diff_articles", {"articles": TEXTS})
                assert answer.structured_content is not None
                right.append(json.dumps(answer.structured_content["report"]))

            async with anyio.create_task_group() as group:
                for _ in range(calls):
                    group.start_soon(call)
            assert len(right) == calls
            assert len(set(right)) == 1
            for article, words in (
                ({"text": "word " * 2_000_000}, "text has 10,000,000 characters"),
                ({"path": "/etc/passwd"}, "path is not taken"),
                ({"url": "http://127.0.0.1/story"}, "allow_private_urls"),
                ({"url": "http://169.254.169.254/latest"}, "never fetched"),
            ):
                answer = await client.call_tool("summarize_article", {"article": article})
                assert answer.is_error
                assert words in answer.content[0].text  # type: ignore[union-attr]

    anyio.run(run)


def test_calls_that_are_cancelled_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call keeps its place until its work has ended, and its work ends at the next step."""
    working: list[int] = []
    most, steps = 0, 0

    def endless(*_: object, progress: Callable[[str, int, int], None]) -> DiffReport:
        nonlocal most, steps
        working.append(1)
        most = max(most, len(working))
        try:
            while True:
                steps += 1
                time.sleep(0.2)
                progress("reading", 1, 2)
        finally:
            working.pop()

    monkeypatch.setattr("summarizer.mcp.server.diff", endless)

    async def run() -> None:
        async with Client(create_server(Settings())) as client:
            for _ in range(20):
                with anyio.move_on_after(0.03):
                    await client.call_tool("diff_articles", {"articles": TEXTS})
            with anyio.fail_after(20):
                while working:
                    await anyio.sleep(0.01)
            assert not (await client.call_tool("summarize_article", {"article": TEXTS[0]})).is_error

    anyio.run(run)
    assert steps > 0
    assert most <= AT_ONCE


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_new_connection_goes_on_where_one_broke_off(address: str, mode: Any) -> None:
    async def run() -> None:
        async with Client(address, mode=mode) as client:
            answer = await client.call_tool("diff_articles", {"articles": TEXTS})
            assert answer.structured_content is not None
        async with Client(address, mode=mode) as client:
            key = {"report_id": answer.structured_content["report_id"]}
            for name in ("read_facts", "read_conflicts"):
                again = await client.call_tool(name, key)
                assert again.structured_content is not None
                assert again.structured_content["total"] > 0

    anyio.run(run)


def test_files_are_read_below_a_root_and_over_http_only_when_that_is_said_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gazette.txt").write_text(FIRE[0].text, encoding="utf-8")
    served: list[MCPServer[Any]] = []
    monkeypatch.setattr("summarizer.mcp.http.serve_http", lambda server, *_: served.append(server))
    monkeypatch.setattr(MCPServer, "run", lambda server, _: served.append(server))
    for options in ([], ["--http"], ["--http", "--http-files"]):
        assert run_command([*OFFLINE, "--root", str(tmp_path), *options]) == 0
    by_stdio, closed, by_http = served
    given = {"article": {"path": "gazette.txt"}}
    assert "path is not taken" in refusal("summarize_article", given, closed)
    for server in (by_stdio, by_http):
        answer = called("summarize_article", given, server)
        assert answer.structured_content["outlet"] == "Gazette"


WARM_UP, CALLS, REPORT_CHARACTERS, MOST_GROWTH = 22, 24, 1_000_000, 12.0
"""Calls before memory is measured (the store is full of reports by then), calls between the two
measurements, the size of each report, and the megabytes by which memory may have grown. A server
that kept each report would have grown by twenty-four."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    report = diff(FIRE)
    numbers = itertools.count()

    def large(*_: object, **__: object) -> DiffReport:
        return replace(report, warnings=(f"{next(numbers):09}" * (REPORT_CHARACTERS // 9),))

    monkeypatch.setattr("summarizer.mcp.server.diff", large)

    def megabytes() -> float:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1_000

    async def run() -> float:
        async with Client(create_server(Settings())) as client:

            async def call(times: int) -> None:
                for number in range(times):
                    answer = await client.call_tool("diff_articles", {"articles": TEXTS})
                    assert answer.structured_content is not None
                    if number % 10 == 0:
                        address = answer.structured_content["resources"][0]
                        await client.read_resource(f"{address}?part=0")
                        claim = {"claim": "The store burnt down.", "article": TEXTS[0]}
                        assert not (await client.call_tool("check_claim", claim)).is_error
                        wrong = {"article": {"text": "word " * 300_000}}
                        assert (await client.call_tool("summarize_article", wrong)).is_error

            await call(WARM_UP)
            before = megabytes()
            await call(CALLS)
            return megabytes() - before

    growth = anyio.run(run)
    assert growth < MOST_GROWTH, f"{growth:.1f} MB more after {CALLS} calls"


def test_over_http_another_host_name_is_refused(address: str) -> None:
    """A page of another site must not reach the server through the reader's own browser."""
    host, port = address.removeprefix("http://").removesuffix("/mcp").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /mcp HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
            b"Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
        )
        status = connection.recv(100).split(b" ")[1]
    assert status in (b"403", b"421")
