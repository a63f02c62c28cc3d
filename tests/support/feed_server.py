"""Newsrooms on the loopback, each with an address of its own: feeds, pages, robots.txt, faults."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What a path answers; ``hangs`` says that it begins and never ends. A post gets none then."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


class FeedServer:
    """A server on all addresses of the loopback, so that 127.0.0.2 is another host."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_port
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, int]] = []
        self.posted: list[str] = []
        self.most_at_once: defaultdict[str, int] = defaultdict(int)
        self.at_once: defaultdict[str, int] = defaultdict(int)
        self.guard = threading.Lock()
        self.closing = threading.Event()

    def url(self, path: str, host: int = 1) -> str:
        """Return the address of a path at one of the hosts."""
        return f"http://127.0.0.{host}:{self.port}{path}"

    def count(self, url: str, status: int | None = None) -> int:
        """Return how often an address was asked for, or answered with a status."""
        return sum(one == url and status in (None, code) for one, code in self.asked)


def feed(*items: tuple[str, str], ttl: int | None = None, title: str = "News") -> str:
    """Return an RSS feed of items, each a name and an address."""
    minutes = f"<ttl>{ttl}</ttl>" if ttl else ""
    entries = "".join(
        f"<item><title>{name}</title><guid isPermaLink='false'>{name}</guid>"
        f"<link>{url}</link></item>"
        for name, url in items
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{minutes}{entries}</channel></rss>"


def page(outlet: str, title: str, *paragraphs: str) -> str:
    """Return the page of an article; it names no outlet where that is ""."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    named = f"<meta property='og:site_name' content='{outlet}'>" if outlet else ""
    return (
        f"<html lang='en'><head><title>{title}</title>{named}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Start a server, and stop it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            url = f"http://{self.headers['Host']}{self.path}"
            with served.guard:
                served.at_once[host] += 1
                served.most_at_once[host] = max(served.most_at_once[host], served.at_once[host])
            time.sleep(0.001)  # else requests at the same time would hardly be seen
            answer = served.pages.get(url, Answer(status=404))
            etag = answer.headers.get("ETag")
            known = etag is not None and self.headers.get("If-None-Match") == etag
            status, body = (304, b"") if known else (answer.status, answer.body.encode())
            served.asked.append((url, status))
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", **answer.headers}.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body) + (1 if answer.hangs else 0)))
            with served.guard:
                served.at_once[host] -= 1  # before who asked can have the whole answer
            self.end_headers()
            self.wfile.write(body)
            if answer.hangs:
                served.closing.wait(10)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            served.posted.append(self.rfile.read(length).decode())
            answer = served.pages[f"http://{self.headers['Host']}{self.path}"]
            if answer.hangs:
                return  # the connection is closed without an answer
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    with Server(("0.0.0.0", 0), Handler) as server:
        served = FeedServer(server)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield served
        finally:
            served.closing.set()
            server.shutdown()
            thread.join()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now
