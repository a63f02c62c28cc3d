"""``summarize stories``: records in, an index and tables out, and a second run goes on."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from summarizer.cli.stories import cheapest
from summarizer.errors import InputError
from summarizer.settings import Settings
from summarizer.stories.inputs import Problem, read_records
from summarizer.stories.store import Folder
from summarizer.types import Article
from tests.support.articles import BOAT, FIRE
from tests.support.command import summarize

pytestmark = pytest.mark.slow

STORIES_PAGE = Path(__file__).parent.parent.parent / "docs" / "stories.md"

RECORDS: list[dict[str, Any]] = [
    {"text": article.text, "outlet": article.outlet, "published": "2031-05-04"}
    for article in (*FIRE, *BOAT)
]


def write_lines(path: Path, records: list[Any]) -> Path:
    text = "".join(f"{json.dumps(record)}\n" for record in records)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def run(cwd: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return summarize("stories", *args, "-o", "out", "--workers", "1", cwd=cwd, timeout=300)


def stories(folder: Path) -> list[set[str]]:
    stored = json.loads((folder / "out" / "stories.json").read_text())
    outlets = {}
    for line in (folder / "out" / "articles.jsonl").read_text().splitlines():
        record = json.loads(line)
        outlets[record["key"]] = record["outlet"]
    return sorted(({outlets[key] for key in keys} for keys in stored.values()), key=sorted)


def reports(folder: Path) -> dict[str, bytes]:
    return {
        path.name: gzip.decompress(path.read_bytes())
        for path in (folder / "out" / "reports").rglob("*.json.gz")
    }


def test_a_day_of_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    write_lines(tmp_path / "day.jsonl.gz", [*RECORDS, "no record", {"title": "no text"}])
    with (tmp_path / "day.jsonl.gz").open("ab") as stream:
        stream.write(gzip.compress(b"{broken\n"))
    done = run(tmp_path, "day.jsonl.gz")
    assert done.returncode == 5, done.stderr
    assert done.stderr.count("Warning: day.jsonl.gz, line") == 3
    assert {"Gazette", "Courier", "Herald"} in stories(tmp_path)
    out = tmp_path / "out"
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "Only one outlet reports" in page
    for link in re.findall(r'href="([^#"]+)"', page):
        assert (out / link).is_file()
    with (out / "exclusives.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    texts = {r["outlet"]: " ".join(r["text"].split()) for r in RECORDS}
    for row in rows:
        first = " ".join(row["quote"].split(" … ")[0].split())
        assert first.lstrip("'") in texts[row["outlet"]]
    query = f"SELECT count(*) FROM '{out / 'facts.parquet'}' WHERE status = 'unique'"
    (tmp_path / "today").symlink_to("out")
    monkeypatch.chdir(tmp_path)
    queries = re.findall(r"```sql\n(.*?)```", STORIES_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with duckdb.connect() as connection:
        assert connection.execute(query).fetchall() == [(len(rows),)]
        assert len(queries) > 3
        for pasted in queries:
            assert connection.execute(pasted).fetchall()
    assert (out / "problems.jsonl").read_text().count("\n") == 3


def test_a_second_run_makes_only_what_changed(tmp_path: Path) -> None:
    write_lines(tmp_path / "one.jsonl", [r for r in RECORDS if r["outlet"] != "Herald"])
    assert run(tmp_path, "one.jsonl").returncode == 0
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out/reports").rglob("*.gz")}
    again = run(tmp_path, "one.jsonl")
    assert "0 of them new" in again.stderr
    after = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out/reports").rglob("*.gz")}
    assert before == after
    late = write_lines(tmp_path / "two.jsonl", [r for r in RECORDS if r["outlet"] == "Herald"])
    assert run(tmp_path, late.name).returncode == 0
    assert {"Gazette", "Courier", "Herald"} in stories(tmp_path)
    left = {p.name for p in (tmp_path / "out/reports").rglob("*.gz")}
    assert len(left - set(before)) == 1
    assert len(left) == len(before)


def test_a_person_splits_and_merges(tmp_path: Path) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    run(tmp_path, "day.jsonl")
    with (tmp_path / "out/stories.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    herald = next(row["article"] for row in rows if row["outlet"] == "Herald")
    (tmp_path / "out/corrections.toml").write_text(f'split = [["{herald}"]]\n')
    assert run(tmp_path, "day.jsonl").returncode == 0
    assert {"Gazette", "Courier"} in stories(tmp_path)
    (tmp_path / "out/corrections.toml").write_text("split = [[")
    broken = run(tmp_path, "day.jsonl")
    assert broken.returncode == 3
    assert "corrections.toml" in broken.stderr


@pytest.mark.parametrize(
    "text", ['merge = ["1a", "2b"]', "split = [[1]]", "merge = 3", "split = [["]
)
def test_corrections_of_another_shape_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "corrections.toml").write_text(text)
    with pytest.raises(InputError, match=r"corrections\.toml cannot be understood"):
        Folder(tmp_path).corrections({})


def test_a_line_that_is_nested_too_deep_is_a_problem_of_its_own(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "day.jsonl", RECORDS[:1])
    path.write_bytes(b"[" * 200_000 + b"\n" + path.read_bytes())
    problem, article = read_records([str(path)])
    assert problem == Problem(f"{path}, line 1", "it is nested too deep")
    assert isinstance(article, Article)


def test_a_feed_that_its_reader_cannot_bear_is_a_problem_of_its_own(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text('<rss version="2.0"><channel><title>&#xD83D; News</title></channel></rss>')
    assert list(read_records([str(feed)])) == [Problem(str(feed), "its XML is broken")]


# The writer of WARC files leaves its temporary files to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_kinds_of_input(tmp_path: Path) -> None:
    import duckdb
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    write_lines(tmp_path / "a.jsonl", RECORDS[:1])
    with duckdb.connect() as connection:
        source, target = tmp_path / "a.jsonl", tmp_path / "a.parquet"
        connection.execute(f"COPY (SELECT * FROM '{source}') TO '{target}'")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "courier.txt").write_text(FIRE[1].text, encoding="utf-8")
    (tmp_path / "folder" / "photo.jpg").write_bytes(b"\xff\xd8")
    paragraphs = "".join(f"<p>{p}</p>" for p in FIRE[2].text.split("\n\n"))
    page = f"<html><body><article>{paragraphs}</article></body></html>".encode()
    with (tmp_path / "crawl.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "https://herald.example/fire", "response", io.BytesIO(page), http_headers=headers
            )
        )
    (tmp_path / "cut.warc.gz").write_bytes((tmp_path / "crawl.warc.gz").read_bytes()[:100])
    done = run(tmp_path, "a.parquet", "folder", "crawl.warc.gz", "none.jsonl", "cut.warc.gz")
    assert done.returncode == 5
    assert "3 articles" in done.stderr
    assert "none.jsonl: there is no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_shards_share_the_work(tmp_path: Path) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    for part in ("1/2", "2/2"):
        run(tmp_path, "day.jsonl", "--shard", part)
    assert len(reports(tmp_path)) == sum(len(each) > 1 for each in stories(tmp_path))
    wrong = run(tmp_path, "day.jsonl", "--shard", "3/2")
    assert wrong.returncode == 2


def test_a_run_killed_at_any_moment_goes_on(tmp_path: Path) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    whole = tmp_path / "whole"
    whole.mkdir()
    write_lines(whole / "day.jsonl", RECORDS)
    assert run(whole, "day.jsonl").returncode == 0
    command = [sys.executable, "-m", "summarizer", "stories", "day.jsonl", "-o", "out"]
    for moment in (1.0, 3.0):
        started = subprocess.Popen(
            [*command, "--workers", "2"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moment)
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    assert run(tmp_path, "day.jsonl").returncode == 0
    assert stories(tmp_path) == stories(whole)
    assert set(reports(tmp_path)) == set(reports(whole))


def test_one_story_is_not_called_stories(tmp_path: Path) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS[: len(FIRE)])
    said = run(tmp_path, "day.jsonl", "--dry-run").stderr
    assert "1 story, 1 of two outlets or more" in said
    assert "1 story would be compared" in said


def test_the_cheaper_tier_is_asked_for_where_openai_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert cheapest(Settings()).service_tier == "flex"
    assert cheapest(Settings()).timeout == 900
    assert cheapest(Settings(timeout=1200)).timeout == 1200
    assert cheapest(Settings(service_tier="default")).timeout == Settings().timeout
    assert cheapest(Settings(model="gpt-4.1")).service_tier == ""
    assert cheapest(Settings(service_tier="default")).service_tier == "default"
    assert cheapest(Settings(engine="extractive")).service_tier == ""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert cheapest(Settings()).service_tier == ""
