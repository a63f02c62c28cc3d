from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.cli.app import run
from summarizer.errors import UsageError
from summarizer.report.view import EVERYTHING, dump_view, view
from summarizer.slackbot.feedback import Feedback, complaints, load_feedback
from summarizer.slackbot.replies import WRONGS, mistake_form
from summarizer.slackbot.store import Store, StoredReport
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


def test_what_readers_say_is_put_together(labels: Path) -> None:
    found = complaints(load_feedback(labels))
    assert [(each.row.label, each.row.fact, each.readers) for each in found] == [
        ("others_report_it", "f4", 2),
        ("not_same", "c1", 1),
        ("not_a_fact", "f5", 1),
    ]
    assert found[0].row.outlets == ["Harbor Gazette"]
    assert found[1].notes == ("old\nfigure",)


def test_the_command_lists_cases_to_look_at(
    labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["slack", "feedback", str(labels)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("others_report_it (2): ")
    assert "note: old figure" in shown.out
    assert "source: gazette.txt" in shown.out
    assert shown.err == "6 labels, 3 cases to look at\n"
    assert run(["slack", "feedback", str(labels), "--json"]) == 0
    assert [each["readers"] for each in json.loads(capsys.readouterr().out)] == [2, 1, 1]


def test_a_file_that_is_none_is_told_with_its_line(tmp_path: Path, labels: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_feedback(tmp_path / "gone.jsonl")
    with labels.open("a") as file:
        file.write('{"at": 1}\n')
    with pytest.raises(UsageError, match=r"labels\.jsonl:7: at"):
        load_feedback(labels)


def test_the_form_is_valid_for_all_and_for_one_outlet() -> None:
    for outlet in ("", "The Daily Tern", "Nobody"):
        made = mistake_form(SHOWN, "r1", outlet)
        check_blocks(made["blocks"], most=100)
        options = made["blocks"][1]["element"]["options"]
        assert [each["value"] for each in options] == list(WRONGS)
