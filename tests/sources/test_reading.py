"""From arguments to articles: what is read, under which name, and what is said of the rest."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import FetchFailed, FetchRefused, InputError, UnreadableSource, UnusableText
from summarizer.sources.fetch import Fetched
from summarizer.sources.formats import read_front_matter
from summarizer.sources.metadata import outlet_of_file, outlet_of_url
from summarizer.sources.reading import ReadOptions, ReadResult, read_article, read_articles
from summarizer.types import Article, OutletFrom

FERRY = """\
Ferry runs aground off Port Marrow

The ferry Meridian ran aground off Port Marrow on Monday night with 212 people aboard, the coast
guard said. All of them were taken off by dawn in two lifeboats and a fishing boat.

Divers are to look at the hull on Wednesday. The harbor office expects the channel to open again
by the end of the week, and two smaller boats carry passengers until then.
"""
MATTER = """\
---
outlet: "Kestrel Radio"
title: 'Bridge: what we know'
url: https://kestrel.example/a?b=c
published: 2025-10-22
byline: Ada Mott
---
"""
PAGE = (
    "<!doctype html><html><head><title>Ferry runs aground</title></head><body><article><h1>Ferry "
    "runs aground</h1>"
    + "".join(f"<p>{part}</p>" for part in FERRY.split("\n\n")[1:])
    + "</article></body></html>"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str = FERRY) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def sources(result: ReadResult) -> list[str]:
    assert result.problems == ()
    return [Path(article.source).as_posix() for article in result.articles]


def outlets(result: ReadResult) -> list[str]:
    assert result.problems == ()
    return [article.outlet for article in result.articles]


def problem(*arguments: str, kind: type[InputError] = UnreadableSource) -> InputError:
    """Return what is wrong with arguments that all give no article, and check its form."""
    result = read_articles(arguments)
    assert result.articles == ()
    (found,) = result.problems
    assert type(found) is kind
    assert "\n" not in found.message
    assert found.message.endswith(".")
    assert found.hint.endswith((".", "?"))
    return found


def body(article: Article) -> str:
    return " ".join(article.body_text.split())


# What is read


def test_a_text_file() -> None:
    write("harbour-gazette.txt")
    article = read_article("harbour-gazette.txt")
    assert (article.id, article.source) == ("a1", "harbour-gazette.txt")
    assert article.text == FERRY
    assert article.sha256 == hashlib.sha256(FERRY.encode()).hexdigest()
    assert (article.outlet, article.outlet_from) == ("Harbour Gazette", OutletFrom.FILENAME)
    assert article.title == "Ferry runs aground off Port Marrow"
    assert body(article).startswith("The ferry Meridian ran aground")
    assert article.warnings == ()


def test_line_ends_stay_and_offsets_fit_them() -> None:
    text = FERRY.replace("\n", "\r\n")
    write("a.txt", text)
    article = read_article(Path("a.txt"))
    assert article.text == text
    assert article.body[-1].of(text).endswith("until then.")


def test_a_folder_gives_its_articles_in_the_order_of_their_names() -> None:
    for name in ["f/page-10.txt", "f/page-2.MD", "f/README.md", "f/.hidden.txt", "f/notes.csv"]:
        write(name)
    write("f/deeper/c.txt")
    assert sources(read_articles(["f"])) == ["f/page-2.MD", "f/page-10.txt"]
    assert sources(read_articles(["f/"])) == ["f/page-2.MD", "f/page-10.txt"]


def test_globs_that_the_shell_did_not_expand() -> None:
    for name in ["x/b.txt", "x/a.txt", "x/y/c.txt", "x/d.csv"]:
        write(name)
    assert sources(read_articles(["x/*.txt"])) == ["x/a.txt", "x/b.txt"]
    assert sources(read_articles(["x/*"])) == ["x/a.txt", "x/b.txt"]
    assert sources(read_articles(["x/**/*.txt"])) == ["x/a.txt", "x/b.txt", "x/y/c.txt"]
    assert sources(read_articles(["x/[a]*.txt"])) == ["x/a.txt"]


def test_a_file_whose_name_looks_like_a_glob() -> None:
    write("a[1].txt")
    assert sources(read_articles(["a[1].txt"])) == ["a[1].txt"]


def test_standard_input() -> None:
    result = read_articles(["-"], options=ReadOptions(stdin=io.BytesIO(FERRY.encode())))
    (article,) = result.articles
    assert (article.source, article.outlet) == ("-", "Source 1")


def test_a_named_pipe_is_read_like_a_file(folder: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes, which Windows has not")
    os.mkfifo("pipe")
    writer = threading.Thread(target=Path("pipe").write_bytes, args=(FERRY.encode(),))
    writer.start()
    article = read_article("Aldmere Ledger=pipe")
    writer.join()
    assert (article.text, article.outlet) == (FERRY, "Aldmere Ledger")


def test_a_named_pipe_that_nobody_writes_to_is_one_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes, which Windows has not")
    monkeypatch.setattr("summarizer.sources.reading.PIPE_SECONDS", 0.05)
    os.mkfifo("pipe.txt")
    write("a.txt", FERRY)
    result = read_articles(["a.txt", "pipe.txt"])
    assert [article.source for article in result.articles] == ["a.txt"]
    (problem,) = result.problems
    assert problem.message == "pipe.txt cannot be read: it is a pipe that nobody writes to."


def test_html_is_known_by_its_name_or_its_look() -> None:
    for name in ["a.html", "b.htm", "c.txt", "d"]:
        write(name, PAGE)
    result = read_articles(["a.html", "b.htm", "c.txt", "d"])
    assert result.problems == ()
    for article in result.articles:
        assert "<" not in article.text
        assert "212 people aboard" in body(article)
        assert all(span.of(article.text).strip() for span in article.body)


def test_html_in_the_encoding_it_declares() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="koi8-r">').replace("dawn", "рассвета")
    Path("a.html").write_bytes(page.encode("koi8-r"))
    assert "рассвета" in body(read_article("a.html"))


def test_urls_are_fetched_and_known_by_what_their_server_says() -> None:
    def fetch(url: str) -> Fetched:
        return Fetched(url=url + "/end", data=FERRY.encode(), content_type="text/plain")

    url = "https://www.harbour-gazette.example/2025/ferry?a=b"
    (article,) = read_articles([url], options=ReadOptions(fetch=fetch)).articles
    assert (article.source, article.url) == (url, url + "/end")
    assert (article.outlet, article.outlet_from) == ("Harbour Gazette", OutletFrom.METADATA)


def test_private_urls_are_refused_unless_allowed() -> None:
    found = problem("http://127.0.0.1:9/x", kind=FetchRefused)
    assert "loopback" in found.message
    result = read_articles(["http://127.0.0.1:9/x"], options=ReadOptions(allow_private_urls=True))
    assert isinstance(result.problems[0], FetchFailed)


# Outlets


def test_an_outlet_given_with_the_path() -> None:
    write("x/a.txt")
    write("x/b.txt", MATTER + FERRY)
    result = read_articles(["The Daily Pier=x/a.txt", "Kestrel = x/b.txt"])
    assert outlets(result) == ["The Daily Pier", "Kestrel"]
    assert {article.outlet_from for article in result.articles} == {OutletFrom.FLAG}
    assert outlets(read_articles(["Pier=x"])) == ["Pier", "Pier"]
    assert outlets(read_articles(["Pier=x/*.txt"])) == ["Pier", "Pier"]


def test_paths_and_urls_that_contain_an_equals_sign() -> None:
    write("day=1/a.txt")
    write("b=c.txt")
    assert sources(read_articles(["day=1/a.txt", "b=c.txt"])) == ["day=1/a.txt", "b=c.txt"]
    result = read_articles(["Pier=b=c.txt"])
    assert (sources(result), outlets(result)) == (["b=c.txt"], ["Pier"])
    assert "no file ./x=y.txt" in problem("./x=y.txt").message

    def fetch(url: str) -> Fetched:
        return Fetched(url=url, data=FERRY.encode(), content_type="text/plain")

    options = ReadOptions(fetch=fetch)
    result = read_articles(
        ["https://a.example/?q=1", "Pier=https://a.example/?q=2"], options=options
    )
    assert sources(result)[0].endswith("?q=1")
    assert result.articles[1].outlet == "Pier"


def test_read_article_takes_the_outlet_as_an_argument() -> None:
    write("a.txt")
    assert read_article("a.txt", outlet="Quayside Review").outlet == "Quayside Review"


def test_files_without_a_telling_name_stay_apart() -> None:
    names = ["000_a87f87d87531798a.txt", "003.txt", "x/article.txt", "y/article.txt", "nyt.txt"]
    for name in names:
        write(name)
    found = outlets(read_articles(names))
    assert found == ["Source 1", "Source 2", "Article (x)", "Article (y)", "NYT"]


def test_two_files_of_one_outlet_share_its_name() -> None:
    write("monday/harbour-gazette.txt")
    write("tuesday/harbour-gazette.txt")
    assert outlets(read_articles(["monday", "tuesday"])) == ["Harbour Gazette"] * 2


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("harbour-gazette.txt", "Harbour Gazette"),
        ("Harbour Gazette.html", "Harbour Gazette"),
        ("2025-10-22-kestrel_radio.md", "Kestrel Radio"),
        ("kestrel_radio_20251022.md", "Kestrel Radio"),
        ("01_quayside.review.txt", "Quayside Review"),
        ("BBC.txt", "BBC"),
        ("bbc.txt", "BBC"),
        ("article1.txt", "Article 1"),
        ("a.txt", "A"),
        ("000_a87f87d87531798a.txt", None),
        ("003.txt", None),
        ("2025-10-22.txt", None),
    ],
)
def test_file_names_in_a_readable_form(name: str, outlet: str | None) -> None:
    assert outlet_of_file(name) == outlet


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.harbour-gazette.example/a", "Harbour Gazette"),
        ("https://news.kestrel.co.uk/a", "Kestrel"),
        ("https://www.bbc.co.uk/news/1", "BBC"),
        ("https://www.nytimes.com/a", "The New York Times"),
        ("http://127.0.0.1/a", None),
        ("http://[::1]/a", None),
        ("http://localhost/a", None),
        ("http://[broken", None),
    ],
)
def test_domains_as_names(url: str, outlet: str | None) -> None:
    assert outlet_of_url(url) == outlet


# Front matter


def test_front_matter_names_the_article_and_is_no_part_of_its_body() -> None:
    write("x.txt", MATTER + FERRY)
    article = read_article("x.txt")
    assert article.text == MATTER + FERRY
    assert (article.outlet, article.outlet_from) == ("Kestrel Radio", OutletFrom.FRONT_MATTER)
    assert article.title == "Bridge: what we know"
    assert (article.byline, article.published) == ("Ada Mott", date(2025, 10, 22))
    assert article.url == "https://kestrel.example/a?b=c"
    assert article.body[0].of(article.text).startswith("The ferry Meridian")
    assert min(span.start for span in article.body) >= len(MATTER)


def test_front_matter_with_bad_lines_keeps_the_good_ones() -> None:
    text = (
        "---\r\nSource: Pier\r\nthis is no field\r\ntags:\r\n  - sea\r\n# note\r\n"
        "Date: 22 October 2025\r\nlayout: post\r\n---\r\nBody."
    )
    found = read_front_matter(text)
    assert found.fields == {"outlet": "Pier", "published": date(2025, 10, 22)}
    assert text[found.end :] == "Body."
    assert found.warnings == ("front matter: passed over 'this is no field', not 'key: value'",)
    odd = read_front_matter("---\noutlet: Pier\npublished: soon\n---\n")
    assert odd.fields == {"outlet": "Pier", "published": None}
    assert "'soon' is no date" in odd.warnings[0]
    slip = read_front_matter("---\noutlet: Pier\npublished: 9999-12-31\n---\n")
    assert slip.fields == {"outlet": "Pier", "published": None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body.",
        "---\nA paragraph\n---\nBody.",
        "---\noutlet: Pier\n",
        "--- \n",
        "a\n---\nurl: x\n---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert read_front_matter(text).end == 0


@given(st.text(alphabet="-:ab \n\r.", max_size=60))
def test_front_matter_ends_inside_the_text(text: str) -> None:
    found = read_front_matter("---\n" + text)
    assert 0 <= found.end <= len(text) + 4


# What is wrong


def test_one_bad_input_among_good_ones_costs_only_itself() -> None:
    write("a.txt")
    write("b.txt")
    write("empty.txt", "")
    result = read_articles(["a.txt", "empty.txt", "gone.txt", "b.txt"])
    assert [(a.id, a.source) for a in result.articles] == [("a1", "a.txt"), ("a2", "b.txt")]
    assert sorted(type(p).__name__ for p in result.problems) == ["UnreadableSource", "UnusableText"]


def test_the_same_file_twice_is_read_once_with_a_warning() -> None:
    write("x/a.txt")
    (article,) = read_articles(["x/a.txt", "x", "Pier=x/../x/a.txt"]).articles
    assert article.warnings == ("x/a.txt was given 3 times and read once",)
    assert article.outlet == "Pier"


def test_missing_files() -> None:
    write("harbour-gazette.txt")
    found = problem("harbor-gazette.txt")
    assert found.message == "There is no file harbor-gazette.txt."
    assert found.hint == "Did you mean harbour-gazette.txt?"
    assert problem("zzz.txt").hint == "Check the path."
    assert "There is no folder nowhere either." in problem("nowhere/a.txt").hint
    assert "No file matches *.md" in problem("*.md").message
    assert "names an outlet and no file" in problem("Pier=").message
    assert "names no file" in problem("").message
    assert "no file" in problem("x" * 5000).message
    assert "no file" in problem("a\0b").message


def test_folders_with_nothing_in_them() -> None:
    Path("empty").mkdir()
    assert "holds no .txt" in problem("empty").message
    write("outer/inner/a.txt")
    found = problem("outer")
    assert Path("outer/inner").as_posix() in found.hint.replace("\\", "/")


def test_links_to_nothing() -> None:
    Path("link.txt").symlink_to("gone.txt")
    assert "link to nothing" in problem("link.txt").message
    Path("loop.txt").symlink_to("loop.txt")
    assert "loop.txt" in problem("loop.txt").message


def test_files_that_may_not_be_read() -> None:
    path = write("locked.txt")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert "may not be read" in problem("locked.txt").message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"%PDF-1.4\n", "is a PDF file"),
        (b"\x89PNG\r\n\x1a\n\0", "is an image"),
        (b"abc\0\0\0\0def", "is binary"),
        (MATTER.encode(), "holds no article"),
    ],
)
def test_files_that_hold_no_article(data: bytes, said: str) -> None:
    Path("a.txt").write_bytes(data)
    assert said in problem("a.txt", kind=UnusableText).message


def test_fifty_megabytes_are_refused_at_once() -> None:
    with Path("big.txt").open("wb") as file:
        file.truncate(50_000_000)
    assert "larger than 20 MB (50 MB)" in problem("big.txt", kind=UnusableText).message
    stream = io.BytesIO(b"a" * 21_000_000)
    result = read_articles(["-"], options=ReadOptions(stdin=stream))
    assert "Standard input is larger than 20 MB" in result.problems[0].message


def test_a_line_of_a_megabyte_is_read() -> None:
    write("long.txt", "The ferry ran aground off Port Marrow on Monday night. " * 19_000)
    assert len(read_article("long.txt").body) == 1


def test_addresses_that_are_not_of_the_web() -> None:
    for url in ["ftp://a.example/x", "file:///etc/hosts", "Pier=gopher://a.example"]:
        assert "not an http or https address" in problem(url, kind=FetchRefused).message


def test_read_article_raises_what_is_wrong() -> None:
    write("x/a.txt")
    write("x/b.txt")
    with pytest.raises(UnreadableSource, match="more than one file"):
        read_article("x")
    with pytest.raises(UnreadableSource, match="There is no file"):
        read_article("gone.txt")
