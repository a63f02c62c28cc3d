"""Where notices go, and what nobody can smuggle into them."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.cli.app import run
from summarizer.errors import CannotWrite, SlackFailed
from summarizer.watch.notices import (
    Line,
    Notice,
    json_lines,
    markdown_file,
    slack_webhook,
    to_text,
    write_atom,
)
from summarizer.watch.store import Store
from tests.support.feed_server import Answer, feed, feed_server, page

pytestmark = pytest.mark.slow

NOTICE = Notice(
    id=7,
    at="2025-03-05T10:00:00+00:00",
    story=3,
    headline="Fire at <b>Velden</b>",
    outlets=("Gazette", "Courier"),
    lines=(
        Line(
            kind="alone",
            text="Gazette now reports, which nobody else has: \x1b[31mthe store [x](y) closed",
            quote="closed <!channel>",
            url="https://a.example/one",
        ),
    ),
    more=2,
)


def test_nothing_of_an_article_acts_on_terminal_markdown_or_slack(tmp_path: Path) -> None:
    assert "\x1b" not in to_text(NOTICE)
    markdown_file(tmp_path / "n.md").deliver(NOTICE)
    text = (tmp_path / "n.md").read_text()
    assert r"\<b\>" in text
    assert r"\[x\](y)" in text
    with feed_server() as served:
        url = served.url("/hook")
        served.pages[url] = Answer("ok")
        slack_webhook(url).deliver(NOTICE)
        assert "&lt;!channel&gt;" in json.loads(served.posted[0])["text"]
        served.pages[url] = Answer("no_team", status=404)
        with pytest.raises(SlackFailed, match="no_team"):
            slack_webhook(url).deliver(NOTICE)


def test_half_a_notice_that_a_kill_left_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "n.jsonl"
    output = json_lines(path)
    output.deliver(replace(NOTICE, id=6))
    output.deliver(NOTICE)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    output.deliver(NOTICE)
    output.deliver(NOTICE)
    assert path.read_bytes() == whole
    assert [json.loads(line)["id"] for line in whole.splitlines()] == [6, 7]


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "n.md"
    output = markdown_file(path)
    output.deliver(replace(NOTICE, id=6))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(CannotWrite, match="No space left"):
            output.deliver(NOTICE)
    assert path.read_bytes() == before
    output.deliver(NOTICE)
    assert path.read_text().count("<!-- notice") == 2


def test_the_atom_feed_is_a_feed(tmp_path: Path) -> None:
    import feedparser

    write_atom(tmp_path / "atom.xml", [NOTICE])
    read = feedparser.parse((tmp_path / "atom.xml").read_bytes())
    assert not read.bozo
    assert read.entries[0].link == "https://a.example/one"


def test_the_command_does_one_round_and_a_second_one_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with feed_server() as served:
        url = served.url("/one")
        served.pages[url] = Answer(page("Gazette", "A fire", "A fire destroyed the store. " * 9))
        served.pages[served.url("/feed")] = Answer(feed(("one", url)))
        asked = ["watch", served.url("/feed"), "--once", "--allow-private-urls", "--pause", "0"]
        assert run([*asked, "--engine", "extractive"]) == 0
        first = capsys.readouterr()
        assert first.out == ""
        assert "1 feed asked, 0 unchanged; 1 new entry, 1 article read, 0 notices" in first.err
        assert run([*asked, "--engine", "extractive"]) == 0
        assert "0 feeds asked" in capsys.readouterr().err
        store = Store(tmp_path / "watch.db")
        assert run([*asked, "--engine", "extractive"]) == 2
        store.close()
    assert "in use by another watch" in capsys.readouterr().err
