from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from summarizer.render.records import to_compact, to_contract, to_json
from summarizer.report.schema import Report, json_schema
from summarizer.types import ArticleSummary, DiffReport, Generated
from tests.support.folders import ROOT
from tests.support.reports import AGROUND, article, report

PUBLISHED = ROOT / "docs" / "schema" / "report.json"


def test_the_published_schema_is_the_one_in_the_code() -> None:
    """Renew with ``make schema``, and mind the version."""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema()


def test_a_report_keeps_the_contract() -> None:
    read = Report.model_validate_json(to_json(report()))
    assert json.loads(read.model_dump_json()) == to_contract(report())


def test_an_empty_report_keeps_the_contract() -> None:
    made = Generated(at="2031-03-06T08:00:00Z", version="0", engine="e", judge="j")
    empty = DiffReport(headline="", generated=made, articles=(), facts=())
    assert Report.model_validate(to_contract(empty)).schema_version == 2


def test_a_reader_accepts_fields_that_it_does_not_know() -> None:
    contract = to_contract(report())
    contract["facts"][0]["colour"] = "red"
    assert Report.model_validate(contract).model_dump(mode="json") == contract
    assert json_schema()["additionalProperties"] is True


def test_a_field_of_the_wrong_kind_is_refused() -> None:
    contract = to_contract(report())
    contract["facts"][0]["salience"] = 2
    with pytest.raises(ValidationError, match="salience"):
        Report.model_validate(contract)


def _quoted(value: Any, article: str | None = None) -> list[tuple[str | None, dict[str, Any]]]:
    """Return every piece of evidence in a contract with the id of its article."""
    if isinstance(value, list):
        return [pair for each in value for pair in _quoted(each, article)]
    if not isinstance(value, dict):
        return []
    article = value.get("article", article)
    if "outlet_from" in value:
        article = value["id"]
    own = [(article, value)] if "quote" in value else []
    return own + [pair for each in value.values() for pair in _quoted(each, article)]


def test_every_quote_is_the_slice_of_its_article() -> None:
    texts = {summary.article.id: summary.article.text for summary in report().articles}
    found = _quoted(to_contract(report()))
    assert len(found) > 20
    for owner, evidence in found:
        assert owner is not None
        assert evidence["quote"] == texts[owner][evidence["start"] : evidence["end"]]


def test_json_holds_nothing_that_a_terminal_obeys_and_loses_nothing() -> None:
    nasty = "a\x1b[31m\x9b2J \u202egnp\u2066 \u2028 \ud800 — ß 日本"
    document = to_json(replace(report(), headline=nasty))
    assert json.loads(document)["headline"] == nasty
    assert not {"\x1b", "\x9b", "\u202e", "\u2066", "\u2028", "\ud800"} & set(document)
    assert "— ß 日本" in document


def test_half_a_surrogate_pair_breaks_no_compact_report() -> None:
    nasty = "The ferry \ud83d ran aground."
    told = replace(AGROUND, text=nasty, outlets=("Ta\ud800ern",))
    compact = to_compact(replace(report(), headline=nasty, facts=(told,), warnings=(nasty,)))
    json.dumps(compact, ensure_ascii=False).encode()
    assert compact["facts"][0]["text"] == "The ferry \ufffd ran aground."


def test_the_text_is_left_out_only_where_the_file_holds_it() -> None:
    text = "Ærøskøbing said so.\r\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    in_file = article(1, "Tern", text, sha256=digest)
    others = (
        replace(in_file, source="-"),
        replace(in_file, source="https://tern.example/1"),
        replace(in_file, sha256=hashlib.sha256(text.encode("latin-1")).hexdigest()),
    )
    entries = [
        ArticleSummary(article=each, same_as=None, sentences=()) for each in (in_file, *others)
    ]
    contract = to_contract(replace(report(), articles=tuple(entries)))
    assert [entry["text"] for entry in contract["articles"]] == [None, text, text, text]
