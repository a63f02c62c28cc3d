"""What is stored, what is read back, who asks when several want the same, and why a miss."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer.errors import BudgetReached, NotRecorded, ServerFailed
from summarizer.llm import cache as answer_cache
from summarizer.llm.cache import CachedChat, Lookup
from summarizer.llm.request import Message, Outcome, Reply, Request, Sampling, answer_key
from summarizer.llm.store import Store
from summarizer.schemas import REPLIES
from summarizer.usage import Usage
from tests.support.folders import ROOT
from tests.support.stored_answers import HOME, QUESTIONS, REQUEST, VALUE, Scripted, complete, noon

pytestmark = pytest.mark.slow


def cached(inner: Scripted, store: Store, mode: str = "on", endpoint: str = HOME) -> CachedChat:
    return CachedChat(inner, store, endpoint=endpoint, mode=mode, clock=noon)


def missing(chat: CachedChat) -> list[Lookup]:
    return [lookup for lookup in chat.lookups if not lookup.hit]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "cache") as opened:
        yield opened


# What is stored and read back.


def test_an_answer_is_asked_for_once_and_then_costs_nothing(store: Store) -> None:
    inner = Scripted()
    assert cached(inner, store).ask(REQUEST) == complete()
    again = cached(inner, store).ask(REQUEST)
    assert len(inner.asked) == 1
    assert again == Reply(
        outcome=Outcome.COMPLETE, value=VALUE, model="large-1-2026", usage=Usage(cached_calls=1)
    )


def test_what_is_stored_says_where_it_is_from(store: Store) -> None:
    cached(Scripted(), store).ask(REQUEST)
    row = store.get(_key_of(REQUEST, HOME))
    assert row is not None
    parts = row.pop("parts")
    assert row == {
        "fingerprint": REQUEST.fingerprint(),
        "endpoint": HOME,
        "stage": "summarize_claims",
        "subject": "harbor-gazette.txt",
        "created": "2026-09-21T14:13:20+00:00",
        "model": "large-1-2026",
        "tokens": {"input": 900, "cached_input": 512, "output": 40},
        "value": VALUE,
    }
    assert parts["article"] == "22"
    assert parts["model"] == "large-1"


@pytest.mark.parametrize("value", [[0.25, None], [0, 1], [1.0, 0.0]])
def test_answers_to_questions_are_stored_too(store: Store, value: list[float | None]) -> None:
    cached(Scripted(complete(value)), store).ask(QUESTIONS)
    assert cached(Scripted(), store, "offline").ask(QUESTIONS).value == value


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.COMPLETE])
def test_only_complete_answers_are_stored(store: Store, outcome: Outcome) -> None:
    bad = Reply(outcome=outcome, detail="no", text="{}")
    inner = Scripted(bad, complete())
    assert cached(inner, store).ask(REQUEST) is bad
    assert store.entries() == []
    assert cached(inner, store).ask(REQUEST) == complete()
    assert len(inner.asked) == 2


def test_an_answer_that_leaves_something_out_is_used_and_not_stored(store: Store) -> None:
    partial = replace(complete(), lacks="it has no verdict on claims 3.")
    inner = Scripted(partial, complete())
    assert cached(inner, store).ask(REQUEST) == partial
    assert cached(inner, store).ask(REQUEST) == complete()
    assert cached(inner, store).ask(REQUEST).usage.cached_calls


def test_an_answer_is_stored_before_it_is_handed_out(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with Store(folder) as store:
        cached(Scripted(), store).ask(REQUEST)
        # As another process sees it while the run goes on, and after a kill.
        with Store(folder) as other:
            assert other.get(_key_of(REQUEST, HOME)) is not None


SPOILT: dict[str, Callable[[dict[str, object]], object]] = {
    "another fingerprint": lambda row: row.update(fingerprint="00"),
    "another server": lambda row: row.update(endpoint="http://elsewhere"),
    "another shape": lambda row: row.update(value={"summary": [{"text": "No claims."}]}),
    "no object": lambda row: row.update(value="text"),
    "nothing": lambda row: row.pop("value"),
    "null": lambda row: row.update(value=None),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_stored_answer_that_is_not_the_one_asked_for_is_a_miss(store: Store, kind: str) -> None:
    inner = Scripted()
    cached(inner, store).ask(REQUEST)
    key = _key_of(REQUEST, HOME)
    row = store.get(key)
    assert row is not None
    SPOILT[kind](row)
    store.put(key, row)
    chat = cached(inner, store)
    assert chat.ask(REQUEST) == complete()
    assert [miss.why for miss in missing(chat)] == ["what was stored could not be used"]
    assert cached(inner, store).ask(REQUEST).usage.cached_calls
    assert len(inner.asked) == 2


@pytest.mark.parametrize("value", [[0.5], [0.5, 2], [0.5, -0.1], [0.5, True], [0.5, "1"], {}, None])
def test_stored_answers_to_questions_are_checked_too(store: Store, value: object) -> None:
    inner = Scripted(complete(value), complete([0.5, None]))
    cached(inner, store).ask(QUESTIONS)
    assert cached(inner, store).ask(QUESTIONS).value == [0.5, None]
    assert len(inner.asked) == 2


VARIED: dict[str, tuple[Request, str]] = {
    "stage": (replace(REQUEST, stage="other"), HOME),
    "stage version": (replace(REQUEST, stage_version=2), HOME),
    "model": (replace(REQUEST, model="small-1"), HOME),
    "messages": (replace(REQUEST, messages=(*REQUEST.messages, Message("assistant", "{}"))), HOME),
    "schema": (replace(REQUEST, shape=REPLIES["claims"]), HOME),
    "questions": (QUESTIONS, HOME),
    "sampling": (replace(REQUEST, sampling=Sampling(temperature=0)), HOME),
    "sample": (replace(REQUEST, sample=1), HOME),
    "server": (REQUEST, "https://elsewhere.example/v1"),
}


def _key_of(request: Request, endpoint: str) -> str:
    return answer_key(request.fingerprint(), endpoint)


@pytest.mark.parametrize("kind", VARIED)
def test_whatever_decides_the_answer_is_in_the_key(kind: str) -> None:
    assert _key_of(*VARIED[kind]) != _key_of(REQUEST, HOME)


def test_what_does_not_decide_the_answer_is_not_in_the_key() -> None:
    same = replace(REQUEST, subject="renamed.txt", parts={}, sampling=Sampling(service_tier="flex"))
    assert answer_key(same.fingerprint(), HOME) == _key_of(REQUEST, HOME)


# The modes.


def test_refresh_asks_anew_once_and_stores(store: Store) -> None:
    first: dict[str, object] = {"summary": []}
    cached(Scripted(complete(first)), store).ask(REQUEST)
    inner = Scripted()
    chat = cached(inner, store, "refresh")
    assert chat.stored(REQUEST) is None
    assert chat.ask(REQUEST) == complete()
    assert chat.ask(REQUEST).usage.cached_calls
    assert len(inner.asked) == 1
    assert [miss.why for miss in missing(chat)] == ["a new answer was asked for"]
    assert cached(Scripted(), store, "offline").ask(REQUEST).value == VALUE


def test_off_neither_reads_nor_stores(store: Store) -> None:
    inner = Scripted()
    cached(inner, store).ask(REQUEST)
    before = store.info()
    with closing(cached(inner, store, "off")) as chat:
        assert not chat.ask(REQUEST).usage.cached_calls
        assert not chat.ask(replace(REQUEST, sample=1)).usage.cached_calls
        assert chat.stored(REQUEST) is None
    assert len(inner.asked) == 3
    assert store.info() == before
    assert answer_cache.last_run(store) is None


def test_offline_answers_from_the_store_and_collects_what_is_missing(store: Store) -> None:
    cached(Scripted(), store).ask(REQUEST)
    inner = Scripted()
    chat = cached(inner, store, "offline")
    changed = replace(
        REQUEST,
        messages=(Message("user", "1: The ferry sank."),),
        parts={**REQUEST.parts, "article": "33"},
    )
    unknown = replace(REQUEST, subject="island-post.txt", sample=1)
    assert chat.ask(REQUEST).value == VALUE
    for request in (changed, unknown):
        with pytest.raises(NotRecorded) as caught:
            chat.ask(request)
        assert request.subject in caught.value.message
        assert "cache = offline" in caught.value.hint
    assert inner.asked == []
    assert len(store.entries()) == 1
    assert [(miss.stage, miss.subject, miss.key, miss.why) for miss in missing(chat)] == [
        (
            "summarize_claims",
            changed.subject,
            _key_of(changed, HOME),
            "the article changed",
        ),
        (
            "summarize_claims",
            unknown.subject,
            _key_of(unknown, HOME),
            "never asked",
        ),
    ]


def test_offline_leaves_even_a_spoilt_answer_where_it_is(store: Store) -> None:
    cached(Scripted(complete({"summary": "none"})), store).ask(REQUEST)
    with pytest.raises(NotRecorded, match="could not be used"):
        cached(Scripted(), store, "offline").ask(REQUEST)
    assert len(store.entries()) == 1


def test_a_plan_may_look_without_asking_or_counting(store: Store) -> None:
    inner = Scripted()
    chat = cached(inner, store)
    assert chat.stored(REQUEST) is None
    assert chat.lookups == []
    chat.ask(REQUEST)
    assert chat.stored(REQUEST) is not None
    assert len(chat.lookups) == 1


# One question at a time is asked once.


class Slow(Scripted):
    """Answers only when everybody who is expected has come."""

    def __init__(self, *script: Reply | Exception) -> None:
        super().__init__(*script)
        self.go = threading.Event()

    def ask(self, request: Request) -> Reply:
        reply = super().ask
        assert self.go.wait(30)
        return reply(request)


def at_once(chat: CachedChat, inner: Slow, requests: Sequence[Request]) -> list[Reply | Exception]:
    def ask(request: Request) -> Reply | Exception:
        try:
            return chat.ask(request)
        except (ServerFailed, BudgetReached) as error:
            return error

    with ThreadPoolExecutor(len(requests)) as pool:
        asked = [pool.submit(ask, request) for request in requests]
        inner.go.set()
        return [each.result(60) for each in asked]


@pytest.mark.parametrize("mode", ["on", "refresh"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_sixteen_threads_ask_the_same_once(store: Store, mode: str, on_disk: bool) -> None:
    inner = Slow()
    with Store() as memory:
        chat = cached(inner, store if on_disk else memory, mode)
        replies = at_once(chat, inner, [REQUEST] * 16)
    assert len(inner.asked) == 1
    assert (
        sorted(reply.usage.cached_calls for reply in replies if isinstance(reply, Reply))
        == [False] + [True] * 15
    )


def test_who_fails_does_not_fail_the_others(store: Store) -> None:
    refused = Reply(outcome=Outcome.REFUSED, detail="no")
    inner = Slow(ServerFailed("broken"), BudgetReached("dear"), refused)
    replies = at_once(cached(inner, store), inner, [REQUEST] * 8)
    assert len(inner.asked) == 4
    assert sum(isinstance(reply, ServerFailed) for reply in replies) == 1
    assert sum(isinstance(reply, BudgetReached) for reply in replies) == 1
    assert replies.count(refused) == 1
    assert sum(isinstance(reply, Reply) and reply.usage.cached_calls for reply in replies) == 4


def test_different_questions_do_not_wait_for_each_other(store: Store) -> None:
    together = threading.Barrier(4)

    class Meeting(Scripted):
        def ask(self, request: Request) -> Reply:
            together.wait(30)
            return super().ask(request)

    chat = cached(Meeting(), store)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(chat.ask, replace(REQUEST, sample=n)) for n in range(4)]
        assert all(each.result(60).value == VALUE for each in asked)


def test_no_lock_is_left_behind(store: Store, tmp_path: Path) -> None:
    cached(Scripted(), store).ask(REQUEST)
    with pytest.raises(ServerFailed):
        cached(Scripted(ServerFailed("broken")), store).ask(replace(REQUEST, sample=1))
    assert list((tmp_path / "cache" / "locks").iterdir()) == []


ASKER = """
import sys, urllib.request
from pathlib import Path
from summarizer.llm.cache import CachedChat
from summarizer.llm.request import Outcome, Reply
from summarizer.llm.store import Store
from tests.support.stored_answers import REQUEST, VALUE

class OverHttp:
    def ask(self, request):
        with urllib.request.urlopen(sys.argv[2], timeout=60) as answer:
            answer.read()
        return Reply(outcome=Outcome.COMPLETE, value=VALUE)

with Store(Path(sys.argv[1])) as store:
    chat = CachedChat(OverHttp(), store, endpoint="http://127.0.0.1:8080/v1", mode="on")
    print("ready", flush=True)
    sys.stdin.readline()
    print(chat.ask(REQUEST).usage.cached_calls, flush=True)
"""


class Counting:
    """A server on loopback that counts, and that answers request ``n`` when it may."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.address = f"http://127.0.0.1:{server.server_port}/"
        self.requests = 0
        self.came = threading.Semaphore(0)
        self.may_answer = threading.Event()


@contextmanager
def counting_server() -> Iterator[Counting]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            counting.requests += 1
            counting.came.release()
            counting.may_answer.wait(60)
            try:
                self.send_response(200)
                self.end_headers()
            except OSError:
                pass  # Who asked has been killed.

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        counting = Counting(server)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield counting
        finally:
            counting.may_answer.set()
            server.shutdown()
            thread.join()


@contextmanager
def askers(number: int, folder: Path, address: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that ask as soon as they are told to, and see to their end."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASKER, str(folder), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(number)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def answered(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_three_processes_ask_the_same_once(tmp_path: Path) -> None:
    with (
        counting_server() as server,
        askers(3, tmp_path / "cache", server.address) as processes,
    ):
        for process in processes:
            tell(process)
        assert server.came.acquire(timeout=60)
        # Time for the other two to come to the lock, or, were there none, to the server.
        time.sleep(0.3)
        server.may_answer.set()
        assert sorted(map(answered, processes)) == ["0", "1", "1"]
        assert server.requests == 1


def test_a_process_killed_while_it_asks_leaves_the_turn_to_the_next(tmp_path: Path) -> None:
    with (
        counting_server() as server,
        askers(2, tmp_path / "cache", server.address) as (first, second),
    ):
        tell(first)
        assert server.came.acquire(timeout=60)
        tell(second)
        first.kill()
        first.wait()
        assert server.came.acquire(timeout=60)
        server.may_answer.set()
        assert answered(second) == "0"
        assert server.requests == 2


# Why a request missed.


def why(store: Store, request: Request, endpoint: str = HOME) -> str:
    chat = cached(Scripted(), store, "offline", endpoint)
    with pytest.raises(NotRecorded):
        chat.ask(request)
    return missing(chat)[0].why


def with_part(name: str, sha256: str, request: Request = REQUEST) -> Request:
    text = f"{name} {sha256}"
    return replace(
        request,
        messages=(*request.messages, Message("user", text)),
        parts={**request.parts, name: sha256},
    )


WHY: dict[str, tuple[Request, str, str]] = {
    "prompt": (
        with_part("prompt summarize_claims", "99"),
        HOME,
        "the prompt summarize_claims changed",
    ),
    "article": (with_part("article", "99"), HOME, "the article changed"),
    "a new part": (with_part("claims", "99"), HOME, "the claims changed"),
    "model": (replace(REQUEST, model="small-1"), HOME, "another model (was large-1)"),
    "server": (REQUEST, "http://elsewhere", f"another server (was {HOME})"),
    "schema": (replace(REQUEST, shape=REPLIES["claims"]), HOME, "another schema"),
    "questions": (QUESTIONS, HOME, "another schema; the questions changed"),
    "sample": (replace(REQUEST, sample=1), HOME, "another sample"),
    "sampling": (
        replace(REQUEST, sampling=Sampling(temperature=0.5)),
        HOME,
        "sampling changed",
    ),
    "code": (
        replace(REQUEST, stage_version=2),
        HOME,
        "another version of the code that reads it",
    ),
    "words": (
        replace(REQUEST, messages=(Message("user", "Else."),)),
        HOME,
        "the wording of the request changed",
    ),
    "two": (
        with_part("article", "99", replace(REQUEST, model="small-1")),
        HOME,
        "another model (was large-1); the article changed",
    ),
    "subject": (replace(REQUEST, subject="island-post.txt", sample=1), HOME, "never asked"),
    "stage": (replace(REQUEST, stage="verify_statements"), HOME, "never asked"),
}


@pytest.mark.parametrize("kind", WHY)
def test_the_reason_names_what_changed(store: Store, kind: str) -> None:
    cached(Scripted(), store).ask(REQUEST)
    request, endpoint, reason = WHY[kind]
    assert why(store, request, endpoint) == reason


def test_an_answer_that_was_evicted_is_told_from_one_never_asked_for(store: Store) -> None:
    cached(Scripted(), store).ask(REQUEST)
    store.prune(max_bytes=0)
    assert why(store, REQUEST) == "it was stored and evicted"
    store.clear()
    assert why(store, REQUEST) == "never asked"


def test_the_reason_compares_with_the_nearest_of_the_last_answers(store: Store) -> None:
    chat = cached(Scripted(), store)
    chat.ask(REQUEST)
    chat.ask(with_part("article", "33", replace(REQUEST, model="small-1")))
    assert why(store, with_part("article", "44")) == "the article changed"
    for n in range(answer_cache.VARIANTS_KEPT):
        chat.ask(replace(REQUEST, model="tiny-1", sample=n))
    assert why(store, with_part("article", "44")) == (
        "another model (was tiny-1); the article changed"
    )


@pytest.mark.parametrize("record", [{"key": 1}, {"key": {"model": 7}}, {"key": {}}, {}])
def test_a_spoilt_record_of_the_parts_does_no_harm(store: Store, record: dict[str, object]) -> None:
    cached(Scripted(), store).ask(REQUEST)
    for row in store.rows():
        store.put(row.key, record)
    chat = cached(Scripted(), store)
    assert chat.ask(REQUEST) == complete()
    assert missing(chat)[0].why


# The last run.


def test_the_lookups_of_the_last_run_are_kept(store: Store) -> None:
    with closing(cached(Scripted(), store)) as chat:
        chat.ask(REQUEST)
        chat.ask(REQUEST)
    run = answer_cache.last_run(store)
    assert run is not None
    assert (run.ended, run.mode, run.endpoint) == ("2026-09-21T14:13:20+00:00", "on", HOME)
    assert [(each.hit, each.why) for each in run.lookups] == [(False, "never asked"), (True, "")]
    with closing(cached(Scripted(), store)) as chat:
        chat.ask(REQUEST)
    later = answer_cache.last_run(store)
    assert later is not None
    assert [each.hit for each in later.lookups] == [True]
    assert len(store.entries()) == 1


def test_the_lookups_of_a_run_that_failed_are_kept_too(store: Store) -> None:
    with (
        pytest.raises(ServerFailed),
        closing(cached(Scripted(ServerFailed("broken")), store)) as chat,
    ):
        chat.ask(REQUEST)
    run = answer_cache.last_run(store)
    assert run is not None
    assert [each.why for each in run.lookups] == ["never asked"]


def test_a_run_that_looked_nothing_up_leaves_the_last_one_be(store: Store) -> None:
    with closing(cached(Scripted(), store)) as chat:
        chat.ask(REQUEST)
    with closing(cached(Scripted(), store)):
        pass
    assert answer_cache.last_run(store) is not None


def test_a_file_whose_name_is_no_text_hides_no_lookup(store: Store) -> None:
    with closing(cached(Scripted(), store)) as chat:
        chat.ask(replace(REQUEST, subject="caf\udce9.txt"))
    run = answer_cache.last_run(store)
    assert run is not None
    assert [each.subject for each in run.lookups] == ["caf?.txt"]


def test_of_very_many_lookups_the_misses_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "LOOKUPS_KEPT", 3)
    with closing(cached(Scripted(), store)) as chat:
        for n in (0, 0, 0, 0, 1):
            chat.ask(replace(REQUEST, sample=n))
    run = answer_cache.last_run(store)
    assert run is not None
    assert [each.hit for each in run.lookups] == [False, False, True]
    assert run.left_out == 2


@pytest.mark.parametrize("row", [{}, {"lookups": 1}, {"lookups": [{}], "ended": ""}])
def test_a_spoilt_record_of_the_last_run_is_none(store: Store, row: dict[str, object]) -> None:
    store.put(answer_cache.LAST_RUN, row)
    assert answer_cache.last_run(store) is None
