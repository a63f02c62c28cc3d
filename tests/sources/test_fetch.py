"""Fetching, against a real server on the loopback interface."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer.errors import FetchFailed, FetchRefused, InputError
from summarizer.sources.fetch import (
    SECONDS,
    USER_AGENT,
    Address,
    fetch,
    resolve_host,
    why_refused,
)

pytestmark = pytest.mark.slow

PAGE = b"<html><body><p>The ferry Meridian ran aground off Port Marrow.</p></body></html>"
BRIEF = 0.6


class Site(BaseHTTPRequestHandler):
    """A site with one page of each kind of trouble."""

    asked: dict[str, str]

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/").replace("-", "_")
        if name.startswith("status_"):
            self.answer(b"no", status=int(name[7:]))
        else:
            getattr(self, f"page_{name}", self.page_article)()

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        stated = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body))}
        for name, value in (stated | headers).items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page_article(self) -> None:
        self.answer(PAGE)

    def page_echo(self) -> None:
        self.answer(f"{self.headers['Host']} {self.headers['User-Agent']} {self.path}".encode())

    def page_packed(self) -> None:
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def page_members(self) -> None:
        middle = len(PAGE) // 2
        packed = gzip.compress(PAGE[:middle]) + gzip.compress(PAGE[middle:])
        self.answer(packed + b"\0\r\npadding", Content_Encoding="gzip")

    def page_cut_member(self) -> None:
        packed = gzip.compress(PAGE) + gzip.compress(PAGE)[:-12]
        self.answer(packed, Content_Encoding="gzip")

    def page_bombs(self) -> None:
        self.answer(gzip.compress(b"\0" * 50_000) * 100, Content_Encoding="gzip")

    def page_bomb(self) -> None:
        self.answer(gzip.compress(b"\0" * 5_000_000), Content_Encoding="gzip")

    def page_cut_short(self) -> None:
        self.answer(PAGE, Content_Length="5000")

    def page_cut_gzip(self) -> None:
        self.answer(gzip.compress(PAGE)[:-12], Content_Encoding="gzip")

    def page_bad_gzip(self) -> None:
        self.answer(gzip.compress(PAGE)[:10] + b"\xff" * 50, Content_Encoding="gzip")

    def page_brotli(self) -> None:
        self.answer(PAGE, Content_Encoding="br")

    def page_large(self) -> None:
        self.answer(b"a" * 200_000)

    def page_large_unstated(self) -> None:
        self.answer(b"a" * 200_000, Content_Length="")

    def page_image(self) -> None:
        self.answer(b"\x89PNG", Content_Type="image/png")

    def page_untyped(self) -> None:
        self.answer(PAGE, Content_Type="")

    def page_loop(self) -> None:
        self.answer(b"", status=302, Location="/loop")

    def page_moved(self) -> None:
        self.answer(b"", status=301, Location="article?at=last")

    def page_to_private(self) -> None:
        self.answer(b"", status=302, Location="http://intranet.example/secret")

    def page_to_file(self) -> None:
        self.answer(b"", status=302, Location="file:///etc/hosts")

    def page_silent(self) -> None:
        time.sleep(2)

    def page_trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"a")
            time.sleep(0.05)

    def page_trickled_headers(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        for _ in range(40):
            self.wfile.write(b"a")
            time.sleep(0.05)

    def page_nonsense(self) -> None:
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing when the client has gone."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def local(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}/{path}"


def get(port: int, path: str, seconds: float = SECONDS) -> bytes:
    return fetch(local(port, path), allow_private=True, seconds=seconds).data


def test_a_page_and_what_its_server_says_of_it(port: int) -> None:
    page = fetch(local(port, "article"), allow_private=True)
    assert page.data == PAGE
    assert (page.content_type, page.charset) == ("text/html", "utf-8")
    assert fetch(local(port, "moved"), allow_private=True).url == local(port, "article?at=last")
    assert get(port, "packed") == PAGE
    assert get(port, "members") == PAGE
    assert get(port, "untyped") == PAGE


def test_it_names_itself_and_the_host(port: int) -> None:
    said = get(port, "echo?q=a b&c=é").decode()
    assert said == f"127.0.0.1:{port} {USER_AGENT} /echo?q=a%20b&c=%C3%A9"
    assert USER_AGENT.startswith("summarizer/")


def test_private_addresses_are_refused_unless_allowed(port: int) -> None:
    with pytest.raises(FetchRefused, match="a loopback address") as refused:
        fetch(local(port, "article"))
    assert "allow_private_urls" in refused.value.hint
    with pytest.raises(FetchRefused, match="a loopback address"):
        fetch(f"http://2130706433:{port}/article")


def test_no_proxy_of_the_environment_is_used(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert get(port, "article") == PAGE


def test_a_redirect_to_a_private_address_is_refused(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public host is the test's own server, as a resolver and a check would have it."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[Address]:
        asked.append(host)
        digits = {"news.example": "127.0.0.1", "intranet.example": "10.0.0.7"}[host]
        return [Address(socket.AF_INET, (digits, port))]

    monkeypatch.setattr(
        "summarizer.sources.fetch.why_refused",
        lambda ip: "" if ip == "127.0.0.1" else why_refused(ip),
    )
    with pytest.raises(FetchRefused, match="leads to a private address") as refused:
        fetch("http://news.example/to-private", resolve=resolve)
    assert "10.0.0.7" in refused.value.hint
    assert "10.0.0.7" not in refused.value.message  # which may be shown in a chat
    assert asked == ["news.example", "intranet.example"]


def test_the_address_that_was_checked_is_the_one_connected_to(port: int) -> None:
    calls = 0

    def resolve(_host: str, _port: int) -> Sequence[Address]:
        nonlocal calls
        calls += 1
        return [Address(socket.AF_INET, ("127.0.0.1", port))]

    page = fetch("http://news.example/echo", allow_private=True, resolve=resolve)
    assert page.data.decode().split()[0] == "news.example"
    assert calls == 1


def test_every_address_of_a_host_must_be_public() -> None:
    def resolve(_host: str, port: int) -> Sequence[Address]:
        return [Address(socket.AF_INET, (ip, port)) for ip in ("93.184.216.34", "192.168.1.1")]

    with pytest.raises(FetchRefused, match="leads to a private address"):
        fetch("http://news.example/", resolve=resolve)


@pytest.mark.parametrize("ip", ["169.254.169.254", "fd00:ec2::254", "::ffff:100.100.100.200"])
def test_where_a_cloud_keeps_passwords_is_never_fetched(ip: str) -> None:
    def resolve(_host: str, port: int) -> Sequence[Address]:
        return [Address(socket.AF_INET6, (ip, port))]

    with pytest.raises(FetchRefused, match="the metadata address of a cloud, and is never"):
        fetch("http://intranet.example/", allow_private=True, resolve=resolve)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.8.9.1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("169.254.1.1", "link-local"),
        ("169.254.169.254", "metadata"),
        ("100.100.100.200", "metadata"),
        ("168.63.129.16", "metadata"),
        ("192.0.0.192", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("64:ff9b::a9fe:a9fe", "metadata"),
        ("192.0.0.1", "reserved"),
        ("192.0.0.9", "reserved"),
        ("192.0.0.255", "reserved"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "tunnel"),
        ("198.19.255.255", "reserved"),
        ("203.0.113.9", "documentation"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("3fff:fff::1", "documentation"),
        ("2001:1::1", "reserved"),
        ("2001:0:7f00:1::1", "tunnel"),
        ("5f00::1", "reserved"),
        ("100::1", "reserved"),
        ("4000::1", "reserved"),
        ("::7f00:1", "reserved"),
        ("64:ff9b:1::808:808", "private"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("fe80::1%eth0", "link-local"),
        ("fc00::1", "private"),
        ("fec0::1", "private"),
        ("ff02::1", "multicast"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("64:ff9b::a00:1", "private"),
        ("2002:7f00:1::", "tunnel"),
        ("nonsense", "no address"),
    ],
)
def test_addresses_that_are_not_public(address: str, kind: str) -> None:
    assert kind in why_refused(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "2606:2800:220:1::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "192.0.1.1",
        "192.31.196.1",
        "2a00:1450::1",
        "3ffe:ffff::1",
    ],
)
def test_public_addresses(address: str) -> None:
    assert why_refused(address) == ""


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("loop", "redirects more than 5 times"),
        ("status-404", "answered 404"),
        ("status-403", "answered 403"),
        ("status-500", "answered 500"),
        ("cut-short", "broke off"),
        ("cut-gzip", "broke off"),
        ("cut-member", "broke off"),
        ("bad-gzip", "packed and damaged"),
        ("brotli", r"packed in a way not asked for \(br\)"),
        ("nonsense", "breaks the rules"),
    ],
)
def test_answers_that_are_no_page(port: int, path: str, said: str) -> None:
    with pytest.raises(FetchFailed, match=said) as failed:
        get(port, path)
    assert failed.value.hint
    assert "\n" not in failed.value.message


OK = b"HTTP/1.1 200 OK\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: "


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "broke off"),
        (OK, None),
        (b"\xff" * 100, "breaks the rules"),
        (b"HTTP/9 200\r\n\r\n", "breaks the rules"),
        (OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n", "breaks the rules"),
        (OK + b"a: b\r\n" * 200 + b"\r\n", "breaks the rules"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "broke off"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab", "broke off"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nab", "breaks the rules"),
        (OK + b"Content-Length: 50\r\n\r\nab", "broke off"),
        (OK + b"Content-Length: -5\r\n\r\n", None),
        (OK + b"Content-Type: text/html; charset=\xff\r\n\r\n", None),
        (MOVED + b"http://[\r\n\r\n", "redirects to no web address"),
        (MOVED + b"http://x:y/\r\n\r\n", "is not a web address"),
        (MOVED + b"http://" + b"a" * 300 + b".example/\r\n\r\n", "is not a web address"),
        (MOVED + b"http://a b/\r\n\r\n", "names no host"),
        (MOVED + b"\xff\xfe\r\n\r\n", "redirects more than"),
    ],
)
def test_whatever_a_server_answers_is_a_page_or_a_named_error(
    answer: bytes, said: str | None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        connection.recv(65_536)
                        connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        url = local(server.getsockname()[1], "")
        try:
            if said is None:
                assert fetch(url, allow_private=True).data == b""
            else:
                with pytest.raises(InputError, match=said):
                    fetch(url, allow_private=True)
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)  # which ends the waiting for another one


@pytest.mark.parametrize("url", ["http://news.example/\udcff", "http://news.example/?a=\udcff"])
def test_an_address_with_bytes_that_are_no_text_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused, match="is not a web address"):
        fetch(url)


@pytest.mark.parametrize("path", ["large", "large-unstated", "bomb", "bombs"])
def test_size_is_capped_also_once_unpacked(
    port: int, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.sources.fetch.MEGABYTES", 0.1)
    with pytest.raises(FetchFailed, match=r"larger than 0\.1 MB"):
        get(port, path)


@pytest.mark.parametrize("path", ["silent", "trickle", "trickled-headers"])
def test_the_whole_time_is_capped(port: int, path: str) -> None:
    with pytest.raises(FetchFailed, match=r"did not answer in full within 0\.6 seconds"):
        get(port, path, BRIEF)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://news.example/a", "not an http"),
        ("http://", "names no host"),
        ("http://news.example:99999/", "not a web address"),
        ("http://[::1/", "not a web address"),
        ("http://ann:secret@news.example/", "a name and a password"),
    ],
)
def test_addresses_that_are_not_fetched(url: str, said: str) -> None:
    with pytest.raises(FetchRefused, match=said) as refused:
        fetch(url)
    assert "secret" not in refused.value.message


def test_what_must_not_be_read_is_refused(port: int) -> None:
    with pytest.raises(FetchRefused, match="image/png"):
        get(port, "image")
    with pytest.raises(FetchRefused, match="not an http or https address"):
        get(port, "to-file")


def test_hosts_and_servers_that_are_not_there() -> None:
    def nowhere(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"no host nowhere\.example"):
        fetch("http://nowhere.example/", resolve=nowhere)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        free = unused.getsockname()[1]
    with pytest.raises(FetchFailed, match="refuses connections"):
        fetch(local(free, ""), allow_private=True)


def secure_server(folder: Path) -> tuple[Server, list[str]]:
    """Start a server with a certificate for news.example; also return the names asked for."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=news.example"]
    command += ["-addext", "subjectAltName=DNS:news.example"]
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.sni_callback = lambda _socket, name, _context: asked.append(name or "")
    server = Server(("127.0.0.1", 0), Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server, asked


def test_https_checks_the_certificate_for_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, asked = secure_server(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()

    def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [Address(socket.AF_INET, server.server_address)]

    try:
        page = fetch("https://news.example/echo", allow_private=True, resolve=resolve)
        assert page.data.decode().split()[0] == "news.example"
        with pytest.raises(FetchFailed, match="cannot be trusted"):
            fetch("https://other.example/", allow_private=True, resolve=resolve)
        assert asked == ["news.example", "other.example"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_https_to_a_server_without_a_certificate(port: int) -> None:
    with pytest.raises(FetchFailed, match=r"cannot be trusted|could not be read"):
        fetch(f"https://127.0.0.1:{port}/", allow_private=True, seconds=3)


def test_the_next_address_is_tried_where_one_does_not_answer(port: int) -> None:
    def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [Address(socket.AF_INET, ("127.0.0.1", p)) for p in (1, port)]

    assert fetch("http://news.example/", allow_private=True, resolve=resolve).data == PAGE


def test_a_name_is_not_waited_for_longer_than_there_is_time() -> None:
    over = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[Address]:
        over.wait(30)
        return []

    with pytest.raises(FetchFailed, match="did not answer in full"):
        fetch("http://news.example/", resolve=resolve, seconds=0.05)
    over.set()
    assert resolve_host("127.0.0.1", 80)[0].endpoint[0] == "127.0.0.1"
