"""What docs/slack.md shows and names is what there is."""

from __future__ import annotations

import os
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from summarizer import diff, read_articles
from summarizer.report.view import EVERYTHING, view
from summarizer.settings import Settings
from summarizer.slackbot.jobs import StoredReport
from summarizer.slackbot.replies import report_message
from summarizer.slackbot.settings import SCOPES, SlackSettings, Tokens
from tests.support.folders import BRIDGE, ROOT
from tests.support.slack_server.blocks import check_message
from tests.support.slack_server.preview import preview

pytestmark = pytest.mark.slow

DOCS = ROOT / "docs" / "slack.md"
_ANSWER = re.compile(r"(<!-- answer -->\n)(?P<text>.*?)(<!-- end of answer -->)", re.S)
_SECONDS = re.compile(r"\d+\.\d s\.")


def test_the_answer_shown_is_the_real_one() -> None:
    files = sorted(map(str, BRIDGE.glob("*.txt")))
    articles = [
        replace(each, source=Path(each.source).name) for each in read_articles(files).articles
    ]
    report = diff(articles, Settings(engine="extractive", judge="lexical"))
    kept = StoredReport(id="0" * 20, kind="diff", view="", documents="{}")
    message = report_message(kept, view(report, EVERYTHING))
    check_message({"text": message.text, "blocks": list(message.blocks)})
    block = f"```text\n{_SECONDS.sub('0.1 s.', preview(list(message.blocks)))}```\n"
    text = DOCS.read_text(encoding="utf-8")
    found = _ANSWER.search(text)
    assert found
    if os.environ.get("RENEW_EXPECTED"):
        whole = text[: found.start("text")] + block + text[found.end("text") :]
        DOCS.write_text(whole, encoding="utf-8")
    else:
        assert found["text"] == block


def test_every_setting_scope_and_variable_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    settings = [each.name for each in fields(SlackSettings)]
    for name in [*settings, *SCOPES, *(each.metadata["name"] for each in fields(Tokens))]:
        assert f"`{name}`" in text, name
