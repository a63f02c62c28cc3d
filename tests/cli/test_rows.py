from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer.cli.app import app
from summarizer.errors import InputError, UnreadableSource
from tests.support.command import FERRY_A, summarize, write_ferry

pytestmark = pytest.mark.slow

EXTRACT_KEYS = ["source", "outlet", "title", "byline", "published", "language", "text", "body"]


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    write_ferry(tmp_path)
    return tmp_path


def rows(jsonl: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in jsonl.splitlines()]


def test_extract_writes_a_row_for_each_article(ferry: Path) -> None:
    done = summarize("extract", "a.txt", "Tern=b.txt", "--format", "jsonl", cwd=ferry)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = rows(done.stdout)
    assert list(first) == EXTRACT_KEYS
    assert first["source"] == "a.txt"
    assert second["outlet"] == "Tern"
    spans = [FERRY_A[start:end] for start, end in first["body"]]
    assert first["text"] == "\n\n".join(spans)
    assert "the coast guard said" in first["text"]


def test_extract_as_json_is_one_list(ferry: Path) -> None:
    done = summarize("extract", "a.txt", "b.txt", "--json", cwd=ferry)
    assert [row["source"] for row in json.loads(done.stdout)] == ["a.txt", "b.txt"]


def test_extract_as_text_cannot_act_on_a_terminal(ferry: Path) -> None:
    (ferry / "a.txt").write_text(FERRY_A.replace("Ilse", "\x1b[31mIlse\x07"), encoding="utf-8")
    done = summarize("extract", "a.txt", cwd=ferry)
    assert done.returncode == 0
    assert "Ilse\ufffd Varga" in done.stdout
    assert "\x1b" not in done.stdout


def test_extract_reads_standard_input_and_writes_a_file(ferry: Path) -> None:
    done = summarize(
        "extract", "Tern=-", "-f", "jsonl", "-o", "out.jsonl", cwd=ferry, stdin=FERRY_A
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (row,) = rows((ferry / "out.jsonl").read_text(encoding="utf-8"))
    assert row["outlet"] == "Tern"


def test_chunks_are_slices_within_the_budget(ferry: Path) -> None:
    done = summarize("chunks", "a.txt", "--tokens", "40", "-f", "jsonl", cwd=ferry)
    assert done.returncode == 0
    found = rows(done.stdout)
    assert len(found) > 1
    for index, row in enumerate(found):
        assert row["index"] == index
        assert row["text"] == FERRY_A[row["start"] : row["end"]]
        assert row["tokens"] <= 40


def test_chunks_as_text_and_as_json(ferry: Path) -> None:
    shown = summarize("chunks", "a.txt", cwd=ferry).stdout
    assert shown.startswith("== a.txt chunk 1: ")
    assert len(json.loads(summarize("chunks", "a.txt", "--json", cwd=ferry).stdout)) == 1


def judged(tmp_path: Path, *lines: object, file: str = "-") -> Any:
    stdin = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    return summarize("judge", file, cwd=tmp_path, stdin=stdin)


def test_judge_adds_verdict_and_probability_and_keeps_the_rest(tmp_path: Path) -> None:
    document = "The ferry ran aground off Port Marrow on Monday with 212 people aboard."
    done = judged(
        tmp_path,
        {"id": "1", "document": document, "claim": document, "label": True, "more": [1]},
        "",
        {"document": document, "claim": "The mayor of Elmwick resigned over a parking fine."},
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, second = rows(done.stdout)
    assert list(first) == ["id", "document", "claim", "label", "more", "verdict", "probability"]
    assert first["verdict"] == "supported"
    assert second["verdict"] == "not_found"
    assert 0 <= second["probability"] < first["probability"] <= 1


def test_judge_reads_a_file_with_a_mark_and_strange_separators(tmp_path: Path) -> None:
    row = json.dumps({"id": 1, "document": "A\u2028B.", "claim": "B."}, ensure_ascii=False)
    (tmp_path / "rows.jsonl").write_text(row + "\r\n", encoding="utf-8-sig", newline="")
    done = summarize("judge", "rows.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert rows(done.stdout)[0]["document"] == "A\u2028B."


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{", "Invalid JSON"),
        ("[1]", "should be an object"),
        ('{"document": "d"}', "'claim' is not a text or is missing"),
        ('{"document": 1, "claim": "c"}', "'document' is not a text or is missing"),
    ],
)
def test_judge_names_the_line_of_a_bad_row(tmp_path: Path, bad: str, told: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"document": "d", "claim": "c"}}\n{bad}\n', encoding="utf-8")
    with pytest.raises(InputError, match=f"rows.jsonl, line 2: .*{told}"):
        typer.main.get_command(app).main(["judge", str(path)], standalone_mode=False)


def test_judge_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"Cannot read .*gone\.jsonl"):
        typer.main.get_command(app).main(["judge", f"{tmp_path}/gone.jsonl"], standalone_mode=False)


def test_judge_of_nothing_writes_nothing(tmp_path: Path) -> None:
    done = judged(tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
