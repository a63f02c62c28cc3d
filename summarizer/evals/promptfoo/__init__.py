"""The cases as configurations of promptfoo, for those who work with it.

One configuration a prompt, since promptfoo tries every prompt on every test. What the labels
say of an answer is checked by ``check.js``, which is written beside them. promptfoo sees one
request at a time: what is unique and what is in conflict shows in whole reports only.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import UsageError
from summarizer.evals.promptfoo.tests import Test, extracting, judging, summarizing
from summarizer.evals.types import Case
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.prompts import Library, Prompt

CHECKS = "check.js"
"""The file with the checks."""

KEY = "promptfoo"
"""The mark of the fence: one that stays, since promptfoo keeps answers by the prompt."""

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


@dataclass(frozen=True, slots=True)
class Provider:
    """The model that is asked; without an address it is OpenAI's.

    ``most`` is how many tokens an answer may have: left alone, promptfoo cuts it at 1024.
    """

    model: str
    base_url: str
    most: int

    def config(self, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return the provider as a configuration has it, held to a schema."""
        wanted = {"name": name, "strict": True, "schema": dict(schema)}
        config: dict[str, Any] = {
            "max_tokens": self.most,
            "max_completion_tokens": self.most,
            "response_format": {"type": "json_schema", "json_schema": wanted},
        }
        if self.base_url:
            config |= {"apiBaseUrl": self.base_url, "apiKeyRequired": False}
        return {"id": f"openai:chat:{self.model}", "config": config}


def export(
    cases: Sequence[Case],
    folder: Path,
    prompts: Library,
    provider: Provider,
    settings: Settings,
    *,
    planted: Path,
) -> Mapping[str, int]:
    """Write configurations of promptfoo to a folder, and return the tests of each file.

    Args:
        cases: What is tested on.
        folder: Where they are written; made where it is not there.
        prompts: The texts to be tried.
        provider: The model to be asked.
        settings: How long a chunk and a summary are.
        planted: The folder of the planted errors, for the judge.

    Raises:
        UsageError: A file cannot be written.
    """
    tests = {
        "extract_claims": extracting(cases, settings),
        "summarize_source": summarizing(cases, settings),
        "judge_claims": judging(cases, planted),
    }
    try:
        (folder / "prompts").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(__file__).parent / CHECKS, folder / CHECKS)
        return {
            f"{name}.yaml": _written(folder, prompts, name, provider, list(found))
            for name, found in tests.items()
        }
    except OSError as problem:
        raise UsageError(
            f"Cannot write to {folder}: {problem.strerror or problem}.",
            hint="Name a folder that you may write to.",
        ) from None


def _written(
    folder: Path, prompts: Library, name: str, provider: Provider, tests: Sequence[Test]
) -> int:
    import yaml

    from summarizer.schemas.replies import REPLIES

    prompt = prompts[name]
    whole = REPLIES[prompt.schema].schema
    schema = _inlined(whole, whole.get("$defs", {}))
    messages = json.dumps(_messages(prompts["reader"], prompt), indent=2, ensure_ascii=False)
    (folder / "prompts" / f"{name}.json").write_text(messages + "\n", encoding="utf-8")
    config = {
        "description": f"summarizer: {prompt.purpose}",
        "prompts": [f"file://prompts/{name}.json"],
        "providers": [provider.config(prompt.schema, schema)],
        "defaultTest": {"assert": [{"type": "is-json", "value": schema}]},
        "tests": [_test(each) for each in tests],
    }
    # Copied by way of JSON: of what stands in it twice, YAML would write a reference.
    text = yaml.safe_dump(
        json.loads(json.dumps(config)), allow_unicode=True, sort_keys=False, width=100
    )
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return len(tests)


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a JSON Schema with its definitions in the places that refer to them.

    promptfoo takes a reference for one to its own configuration.
    """
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(definitions[part["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(each, definitions) for key, each in part.items() if key != "$defs"}


def _messages(reader: Prompt, prompt: Prompt) -> list[dict[str, str]]:
    return [
        {"role": "system", "content": _template(reader)},
        {"role": "user", "content": _template(prompt)},
    ]


def _template(prompt: Prompt) -> str:
    """Return a prompt with promptfoo's variables in the place of its own."""
    return _VARIABLE.sub(r"{{\1}}", prompt.text).strip()


def _test(test: Test) -> dict[str, Any]:
    return {
        "description": test.description,
        "vars": {name: _verbatim(value) for name, value in test.vars.items()},
        "assert": list(_asserts(test)),
    }


def _asserts(test: Test) -> Iterator[dict[str, Any]]:
    for check in test.checks:
        yield {
            "type": "javascript",
            "value": f"file://{CHECKS}:{check.function}",
            "metric": check.metric,
            "config": dict(check.config),
        }


def _verbatim(text: str) -> str:
    """Return a text that promptfoo's templates leave as it is."""
    from summarizer.prompts.material import FENCE

    text = text.replace(FENCE, KEY)
    return f"{{% raw %}}{text}{{% endraw %}}" if "{{" in text or "{%" in text else text
