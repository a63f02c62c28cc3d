"""Whole runs against the server at LOCAL_MODEL_URL: the wire, never what the model says.

Not part of ``make test``: ``make test-local-model`` builds a server, starts it, and runs this.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from summarizer import errors
from summarizer.report.schema import Report
from tests.support.command import summarize

URL = os.environ.get("LOCAL_MODEL_URL", "")

ENV = {
    "OPENAI_BASE_URL": URL,
    "SUMMARIZER_TEMPERATURE": "0",
    # Of few sentences even a tiny model names some that exist.
    "SUMMARIZER_CHUNK_TOKENS": "60",
    # A tiny model under a schema may write until it is stopped: minutes on a busy machine.
    "SUMMARIZER_MAX_OUTPUT_TOKENS": "1200",
    "SUMMARIZER_TIMEOUT": "1800",
    "SUMMARIZER_RETRIES": "0",
    "SUMMARIZER_JOBS": "1",
}
PATIENCE = 7200.0
"""Seconds for one command: a quiet machine with two cores takes some minutes, a busy one
was seen to write one token a second."""

GAZETTE = """\
Glasshouse roof falls in at Ormby gardens

Part of the roof of the great glasshouse at Ormby fell in during Sunday night's storm. Nobody was
inside. The head gardener, Maud Tiller, said that 300 panes were broken. Two palms that were
planted in 1884 were crushed. The gardens will stay closed until Friday. A volunteer, Jon Askew,
carried the orchids to his own kitchen.
"""
COURIER = """\
Storm breaks Ormby's great glasshouse

A storm broke part of the roof of the great glasshouse at Ormby on Sunday night. The gardens put
the damage at 240 panes. Nobody was hurt. The gardens will stay closed until Friday. The council
had refused to pay for new iron ribs in March. An engineer is to look at the frame on Tuesday.
"""

OUTCOMES = {name for name in vars(errors) if isinstance(vars(errors)[name], type)}

pytestmark = pytest.mark.skipif(not URL, reason="LOCAL_MODEL_URL names no server")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(GAZETTE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(COURIER, encoding="utf-8")
    return tmp_path


def test_the_probe_finds_out_what_the_server_does(tmp_path: Path) -> None:
    done = summarize("doctor", "--probe", "--json", cwd=tmp_path, env=ENV, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    server = json.loads(done.stdout)["server"]
    assert server["api"] == "chat", "on /responses llama-server ignores the schema"
    assert server["structured"] is True
    assert server["decisions"] is False
    assert server["models"] == [server["model"]]


def test_a_diff_ends_with_a_report_that_keeps_its_promises(story: Path) -> None:
    inputs = ("diff", "Gazette=a.txt", "Courier=b.txt", "--json")
    done = summarize(*inputs, cwd=story, env=ENV, timeout=PATIENCE)
    print(done.stderr)
    assert done.returncode in (0, 4, 5), done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 4:
        hold_to_its_word(done)
        return
    report = json.loads(done.stdout)
    print(json.dumps(report["usage"]), *report["warnings"], sep="\n")
    assert Report.model_validate(report).generated.engine == "openai"
    hold_to_its_texts(report, story)
    named = [word for word in OUTCOMES if word in done.stderr]
    assert bool(named) == (done.returncode == 5), "a partial report names what failed"

    replayed = summarize(*inputs, "--offline", cwd=story, env=ENV, timeout=PATIENCE)
    # 4 where the first run got nothing that could be stored.
    assert replayed.returncode in ((0,) if done.returncode == 0 else (4, 5)), replayed.stderr
    if replayed.stdout:
        again = json.loads(replayed.stdout)
        assert again["usage"]["calls"] == 0
        hold_to_its_texts(again, story)
    if done.returncode == 0:
        assert again["facts"] == report["facts"]


def test_verdicts_on_the_words_of_the_articles_come_by_number(story: Path) -> None:
    """With the offline engine's claims, so that there is something to be judged."""
    inputs = ("diff", "Gazette=a.txt", "Courier=b.txt", "--engine", "extractive", "--json")
    done = summarize(*inputs, "--judge", "llm", cwd=story, env=ENV, timeout=PATIENCE)
    print(done.stderr)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 4, 5), done.stderr
    if done.returncode == 4:
        hold_to_its_word(done)
        return
    report = json.loads(done.stdout)
    assert Report.model_validate(report).generated.judge == "llm"
    hold_to_its_texts(report, story)
    if done.returncode == 5:
        confirmed = [f for f in report["facts"] if f["uniqueness"] == "confirmed"]
        others = {entry["id"] for entry in report["articles"]}
        assert all(
            {check["article"] for check in fact["checks"]} | {fact["mentions"][0]["article"]}
            == others
            for fact in confirmed
        ), "what was not checked everywhere is not confirmed"


def hold_to_its_word(done: CompletedProcess[str]) -> None:
    """Assert that a run with not one answer of use says so by name, and what to do next."""
    reasons = ("the answer is truncated", "that exists", "has no verdict on")
    error, *hint = done.stderr.partition("Error: ")[2].splitlines()
    assert any(reason in error for reason in reasons), done.stderr
    assert hint
    assert done.stdout == ""


def hold_to_its_texts(report: dict[str, Any], folder: Path) -> None:
    """Assert that every quote is a slice of its article, and every fact has a known outlet."""
    texts = {
        entry["id"]: (folder / entry["source"]).read_text(encoding="utf-8")
        for entry in report["articles"]
    }
    outlets = {entry["outlet"] for entry in report["articles"]}
    for entry in report["articles"]:
        for sentence in entry["summary"]:
            hold_quotes(sentence["evidence"], texts[entry["id"]])
    for fact in report["facts"]:
        assert set(fact["outlets"]) <= outlets
        assert (fact["status"] == "unique") == (len(fact["outlets"]) == 1)
        for mention in fact["mentions"]:
            hold_quotes(mention["evidence"], texts[mention["article"]])


def hold_quotes(evidence: list[dict[str, Any]], text: str) -> None:
    assert evidence
    for span in evidence:
        assert text[span["start"] : span["end"]] == span["quote"] != ""
