from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.cli.app import run
from summarizer.report.view import EVERYTHING, dump_view, view
from summarizer.slackbot.jobs import Store, StoredReport
from summarizer.slackbot.replies import WORDS, Feedback, mistake_form
from tests.support.reports import report
from tests.support.slack_server.blocks import check_blocks

pytestmark = pytest.mark.slow

SHOWN = view(report(), EVERYTHING)
KEPT = StoredReport(id="r1", kind="diff", view=dump_view(SHOWN), documents="{}")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """The label file after some readers, written by the Slack app."""
    store = Store(tmp_path)
    noted = Feedback(store, tmp_path / "labels.jsonl")
    noted.vote(KEPT, right=True, by="T:U1")
    for user in ("U1", "U2"):
        noted.mistake(
            KEPT, fact="f4", wrong="others_report_it", note="", by=f"T:{user}"
        )  # fmt: skip
    noted.mistake(KEPT, fact="c1", wrong="not_same", note="old\nfigure", by="T:U1")
    noted.mistake(KEPT, fact="f5", wrong="other", note="", by="T:U3")
    noted.mistake(KEPT, fact="f5", wrong="not_a_fact", note="", by="T:U3")
    store.close()
    return noted.path


def test_each_reply_is_a_row_that_says_what_it_is_about(labels: Path) -> None:
    rows = [json.loads(row) for row in labels.read_text().splitlines()]
    assert [(row["label"], row.get("fact")) for row in rows] == [
        ("right", None),
        ("others_report_it", "f4"),
        ("others_report_it", "f4"),
        ("not_same", "c1"),
        ("other", "f5"),
        ("not_a_fact", "f5"),
    ]
    assert rows[1]["outlets"] == ["Harbor Gazette"]
    assert rows[1]["text"]
    assert rows[3]["note"] == "old\nfigure"
    assert "gazette.txt" in rows[0]["sources"]
    assert rows[1]["by"] != rows[2]["by"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUMMARIZER_SLACK_FOLDER", str(tmp_path))
    return tmp_path


def test_the_command_lists_the_replies(
    labels: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["slack", "feedback"]) == 0
    rows = [json.loads(row) for row in labels.read_text().splitlines()]
    assert [json.loads(row) for row in capsys.readouterr().out.splitlines()] == rows
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(["slack", "feedback"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in shown if row[0] != " "] == [
        "label",
        *(row["label"] for row in rows),
    ]
    assert "  old figure" in shown
    assert max(map(len, shown)) <= 100
    assert run(["slack", "feedback", "-o", str(folder / "out.jsonl")]) == 0
    assert len((folder / "out.jsonl").read_text().splitlines()) == len(rows)


def test_the_command_says_what_to_do_where_there_is_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["slack", "feedback"]) == 0
    shown = capsys.readouterr()
    assert not shown.out
    assert shown.err.startswith("Nobody has said anything")
    (folder / "labels.jsonl").write_text('{"label": "right"}\n{"label": "wr')
    assert run(["slack", "feedback"]) == 2
    assert "line 2, is not JSON" in capsys.readouterr().err
    monkeypatch.setenv("SUMMARIZER_SLACK_FOLDER", str(folder / "none"))
    assert run(["slack", "feedback"]) == 2
    assert "no bot has run with it" in capsys.readouterr().err


def test_the_form_is_valid() -> None:
    made = mistake_form(SHOWN, "r1")
    check_blocks(made["blocks"], most=100)
    options = made["blocks"][1]["element"]["options"]
    assert [each["value"] for each in options] == list(WORDS["wrongs"])
