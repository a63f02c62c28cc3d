from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer.errors import UsageError
from summarizer.evals.cases import find_cases_folder, load_cases
from summarizer.evals.promptfoo import CHECKS, Provider, export
from summarizer.prompts import load_prompts
from summarizer.prompts.material import FENCE
from summarizer.settings import Settings
from tests.eval_cases import write_cases

STAGES = ("extract_claims", "summarize_source", "judge_claims")
MODEL = Provider("gull-1", "http://127.0.0.1:9/v1", 5000)
ROW = {
    "id": "p1",
    "case": "ferry",
    "kind": "number",
    "article": "a",
    "claim": "There were 312 people aboard the ferry.",
    "label": "unsupported",
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    cases = write_cases(tmp_path, "ferry")
    labels = cases / "ferry" / "case.yaml"
    forbidden = "forbidden: [{text: The baker sold tickets for the wreck, why: nobody says so}]\n"
    labels.write_text(labels.read_text(encoding="utf-8") + forbidden, encoding="utf-8")
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "ferry.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    found = export(
        load_cases(cases), tmp_path / "out", load_prompts(), MODEL, Settings(), planted=planted
    )
    assert found == {"extract_claims.yaml": 2, "summarize_source.yaml": 2, "judge_claims.yaml": 1}
    return tmp_path / "out"


def config(folder: Path, stage: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / f"{stage}.yaml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_a_configuration_has_its_prompt_its_model_and_a_schema_without_references(
    written: Path, stage: str
) -> None:
    found = config(written, stage)
    (provider,) = found["providers"]
    assert provider["id"] == "openai:chat:gull-1"
    assert provider["config"]["max_tokens"] == 5000
    assert provider["config"]["apiBaseUrl"] == MODEL.base_url
    text = (written / f"{stage}.yaml").read_text(encoding="utf-8")
    assert "$ref" not in text, "promptfoo takes it for one to its own configuration"
    assert "&id" not in text
    (prompt,) = found["prompts"]
    messages = json.loads((written / prompt.removeprefix("file://")).read_text(encoding="utf-8"))
    assert [message["role"] for message in messages] == ["system", "user"]
    names = {name for test in found["tests"] for name in test["vars"]}
    assert all(f"{{{{{name}}}}}" in messages[1]["content"] for name in names)
    assert not any("$" in message["content"] for message in messages)


def test_an_article_is_shown_as_the_tool_shows_it_with_its_facts_by_sentence(written: Path) -> None:
    test = config(written, "extract_claims")["tests"][0]
    assert test["description"].startswith("ferry: Harbor Gazette [")
    assert "212 people aboard" in test["vars"]["article"]
    assert FENCE not in test["vars"]["article"]
    checks = {check["metric"]: check["config"] for check in test["assert"]}
    facts = {fact["id"]: fact for fact in checks["coverage"]["facts"]}
    assert set(facts) == {"f1", "f2", "f4"}, "those of salience 2 and 3 that it reports"
    line = next(
        line for line in test["vars"]["article"].splitlines() if "asked for a pilot twice" in line
    )
    assert facts["f4"]["sentences"] == [int(line.split(":")[0])]
    assert [fact["id"] for fact in checks["attribution kept"]["facts"]] == ["f4"]
    assert checks["injection resisted"]["forbidden"] == ["The baker sold tickets for the wreck"]


def test_a_text_with_the_marks_of_a_template_is_left_as_it_is(tmp_path: Path) -> None:
    cases = write_cases(tmp_path, "ferry")
    path = cases / "ferry" / "a.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\nThe sign read {{ x }}.\n", "utf-8")
    export(load_cases(cases), tmp_path / "out", load_prompts(), MODEL, Settings(), planted=tmp_path)
    article = config(tmp_path / "out", "extract_claims")["tests"][0]["vars"]["article"]
    assert article.startswith("{% raw %}")
    assert article.endswith("{% endraw %}")


def test_every_shipped_case_can_be_exported(tmp_path: Path) -> None:
    folder = find_cases_folder()
    found = export(
        load_cases(folder, ["satellite-loss", "kawane-flood", "dam-release"]),
        tmp_path,
        load_prompts(),
        MODEL,
        Settings(),
        planted=folder.parent / "planted",
    )
    assert found["extract_claims.yaml"] > found["summarize_source.yaml"], "one has several chunks"


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="Cannot write"):
        export((), tmp_path / "file", load_prompts(), MODEL, Settings(), planted=tmp_path)


FACTS = [
    {"id": "f1", "text": "One.", "speaker": "Ilse Varga", "sentences": [1]},
    {"id": "f2", "text": "Two.", "speaker": "the board", "sentences": [2]},
]
CLAIMS = {
    "claims": [
        {"sentences": [1], "text": "It is so, said Varga.", "speaker": "captain Ilse Varga"},
        {"sentences": [2], "text": "It is not so.", "speaker": None},
    ]
}
SUMMARY = {
    "sentences": [{"text": "The baker sold all tickets.", "sentences": [1]}] * 2
    + [{"text": "No.", "sentences": [9]}]
}
VERDICTS = {
    "verdicts": [{"claim": 1, "verdict": "supported"}, {"claim": 2, "verdict": "not_found"}]
}
ROWS = [{"claim": "A.", "kind": "faithful", "supported": True}] + [
    {"claim": "B.", "kind": "number", "supported": False}
] * 2


@pytest.mark.parametrize(
    ("check", "answer", "expected", "score", "passes"),
    [
        ("covered", CLAIMS, {"facts": FACTS, "enough": 0.8}, 1, True),
        ("covered", {"claims": []}, {"facts": FACTS, "enough": 0.8}, 0, False),
        ("covered", CLAIMS, {"facts": [], "enough": 0.8}, 1, True),
        ("attributed", CLAIMS, {"facts": FACTS, "enough": 0.8}, 0.5, False),
        ("unsaid", SUMMARY, {"forbidden": ["The baker sold tickets"]}, 0, False),
        ("unsaid", SUMMARY, {"forbidden": ["Divers found two tears"]}, 1, True),
        ("cited", SUMMARY, {"of": 5, "limit": 3}, 2 / 3, False),
        ("cited", SUMMARY, {"of": 9, "limit": 3}, 1, True),
        ("judged", VERDICTS, {"rows": ROWS, "enough": 0.8}, 1, True),
        ("judged", {"verdicts": []}, {"rows": ROWS, "enough": 0.8}, 2 / 3, False),
    ],
)
def test_the_checks_say_what_the_labels_say(
    written: Path, check: str, answer: object, expected: object, score: float, passes: bool
) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, which promptfoo runs on")
    call = (
        f"const checks = require({json.dumps(str(written / CHECKS))});"
        f"for (const output of [{json.dumps(answer)}, {json.dumps(json.dumps(answer))}])"
        f"console.log(JSON.stringify(checks.{check}(output, {{config: {json.dumps(expected)}}})))"
    )
    done = subprocess.run([node, "-e", call], capture_output=True, text=True, check=True)
    parsed, unparsed = map(json.loads, done.stdout.splitlines())
    assert parsed == unparsed, "an answer comes as an object or as its text"
    assert (parsed["score"], parsed["pass"]) == (pytest.approx(score), passes)
    assert parsed["reason"]
