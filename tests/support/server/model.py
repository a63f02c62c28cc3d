"""A small model made of rules: it reads the prompt, and the prompt only.

It finds claims in sentences, makes summaries of claims, and tells by the words whether an
article supports them. The same prompt always has the same answer. It says who says something
where the prompt has a rule for the speaker, and what it thinks where it is asked for opinions.
A gullible one obeys what stands inside an article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.support.server.answers import Answer
from tests.support.server.asked import STAGES, Asked, Question, prompted_schema
from tests.support.server.faults import PROSE
from tests.support.server.filler import fill
from tests.support.server.overlap import Contents, Finding, Passage, contents, find, passages
from tests.support.server.prompt import Line, Prompt, Unit, read_prompt
from tests.support.server.sentences import SHORT, Statement, is_for_reader, statements, words

MOST_CLAIMS, MOST_INSTRUCTIONS, MOST_SUMMARY, MOST_FINDINGS = 160, 40, 50, 200
MOST_FACTS, MOST_CONFLICTS = 200, 60
"""The longest lists that the schemas allow."""

OBEYED = "OBEYED"
"""What a gullible model's inventions begin with."""

THINKS = "Nobody should be surprised by such a shameful mess."
"""What it thinks of everything."""

OFTEN = 3
"""Where opinions are asked for, it gives one in the place of the claims of every third
sentence."""

_CLAIM = re.compile("“(.*)”", re.DOTALL)


class RuleModel:
    """Answers by the schema's name: "reading", "alignment", "conflicts", "findings", and questions.

    Another schema is filled with the plainest value; without one it chats, unless a schema
    stands in the prompt: then it answers with JSON in a Markdown fence.

    Args:
        gullible: Whether it obeys orders and questions inside articles.
        attacks: What it obeys besides, word for word; it may stand in several sentences.
    """

    def __init__(self, *, gullible: bool = False, attacks: Sequence[str] = ()) -> None:
        self._gullible = gullible
        self._attacks = tuple(" ".join(attack.split()) for attack in attacks)

    def answer(self, asked: Asked) -> Answer:
        """Return the answer."""
        prompt = read_prompt(asked.text)
        if asked.questions:
            return Answer(probabilities=self._decisions(prompt, asked))
        if asked.schema is not None:
            return Answer(json.dumps(self._value(asked.stage, asked.schema, prompt)))
        shown = prompted_schema(asked.text)
        if shown is None:
            return Answer(PROSE)
        stage = STAGES.get(frozenset(shown["properties"]), "")
        return Answer(f"```json\n{json.dumps(self._value(stage, shown, prompt))}\n```")

    def _value(self, stage: str, schema: dict[str, Any], prompt: Prompt) -> object:
        if stage == "reading":
            return {**self._claims(prompt), **self._summary(prompt)}
        if stage == "claims":
            return self._added(prompt)
        if stage == "summary":
            return self._summary_of_claims(prompt)
        if stage == "alignment":
            return self._alignment(prompt)
        if stage == "conflicts":
            return self._conflicts(prompt)
        if stage == "findings":
            return self._findings(prompt)
        return fill(schema)

    def _added(self, prompt: Prompt) -> dict[str, Any]:
        """Make a claim of every sentence that is said to be left out."""
        by_number = {line.number: line for line in prompt.sentences}
        left_out = [by_number[o.number] for o in prompt.omissions if o.number in by_number]
        return self._claims(replace(prompt, sentences=tuple(left_out)))

    def _summary_of_claims(self, prompt: Prompt) -> dict[str, Any]:
        return self._summary(replace(prompt, sentences=prompt.claims))

    def _claims(self, prompt: Prompt) -> dict[str, Any]:
        body = prompt.body
        ordering = _for_reader(body)
        obeyed = self._obeyed(body)
        left_out = {line.number for line in (*ordering, *obeyed)}
        claims = [
            _claim([line.number], *_worded(part, line.number, prompt))
            for line in body
            if line.number not in left_out and len(words(line.text)) >= SHORT
            for part in statements(line.text)
        ]
        invented = [
            _claim([number], f"{OBEYED}: {line.text}", "event", None, None)
            for line in obeyed
            for number in (line.number, body[0].number)
        ]
        told = [line.number for line in ordering if line not in obeyed]
        room = max(0, MOST_CLAIMS - len(invented))
        return {
            "instructions": told[:MOST_INSTRUCTIONS],
            "claims": (claims[:room] + invented)[:MOST_CLAIMS],
        }

    def _summary(self, prompt: Prompt) -> dict[str, Any]:
        """Take the first sentences that tell something, as they are."""
        left_out = _for_reader(prompt.body)
        telling = [line for line in prompt.body if line not in left_out]
        chosen = [
            {"sentences": [line.number], "text": line.text} for line in telling[: prompt.at_most]
        ]
        if prompt.asks_opinion and chosen:
            chosen[-1]["text"] = THINKS
        invented = [
            {"sentences": [line.number], "text": f"{OBEYED}: {line.text}"}
            for line in self._obeyed(prompt.body)
        ]
        return {"summary": (invented + chosen)[:MOST_SUMMARY]}

    def _alignment(self, prompt: Prompt) -> dict[str, Any]:
        """Put units together that say the same in both directions."""
        units, looked_in, about = _compared(prompt)
        facts, taken = [], set[str]()
        for i, unit in enumerate(units):
            group = [unit]
            for other in units[i + 1 :]:
                if other.article in {each.article for each in group} or other.name in taken:
                    continue
                there = find(about[unit.name], looked_in[other.name]).verdict
                back = find(about[other.name], looked_in[unit.name]).verdict
                if there == back == "supported":
                    group.append(other)
            if len(group) > 1 and unit.name not in taken:
                taken |= {each.name for each in group}
                facts.append(_shared(group))
        for group in self._obeyed_units(prompt):
            facts.insert(0, {**_shared(group), "text": f"{OBEYED}: {group[0].text}"})
        return {"facts": facts[:MOST_FACTS]}

    def _conflicts(self, prompt: Prompt) -> dict[str, Any]:
        """Put two units beside each other of which one has other figures for the same."""
        units, looked_in, about = _compared(prompt)
        conflicts = []
        for i, unit in enumerate(units):
            differing = None
            for other in units[i + 1 :]:
                there = find(about[unit.name], looked_in[other.name]).verdict
                back = find(about[other.name], looked_in[unit.name]).verdict
                if other.article != unit.article and "contradicted" in (there, back):
                    differing = other
            if differing is not None:
                conflicts.append(_conflict(unit, differing))
        for obeyed, *others in self._obeyed_units(prompt):
            conflicts += [_conflict(obeyed, other, OBEYED) for other in others[:1]]
        return {"conflicts": conflicts[:MOST_CONFLICTS]}

    def _obeyed_units(self, prompt: Prompt) -> list[list[Unit]]:
        """Return each unit that a gullible model obeys, with two of other articles."""
        lines = self._obeyed([Line(i, unit.text) for i, unit in enumerate(prompt.units)])
        obeyed = [prompt.units[line.number] for line in lines]
        long = [unit for unit in prompt.units if len(words(unit.text)) >= SHORT]
        return [
            [unit, *(each for each in long if each.article != unit.article)][:3] for unit in obeyed
        ]

    def _findings(self, prompt: Prompt) -> dict[str, Any]:
        """List what it finds; one that is asked for opinions contradicts everything.

        A gullible one lets a text that it obeys report everything.
        """
        first = prompt.sentences[:1]
        persuaded = self._obeyed((*prompt.sentences, *prompt.claims))
        where = passages(prompt.sentences)
        texts = {line.number: line.text for line in prompt.sentences}
        findings = []
        for line in prompt.claims:
            finding = find(contents(line.text), where)
            if prompt.asks_opinion:
                finding = Finding("contradicted", tuple(s.number for s in first), 1.0)
            if persuaded:
                finding = Finding("supported", tuple(s.number for s in first), 1.0)
            if finding.sentences:
                findings.append(_finding(line, finding, texts))
        return {"findings": findings[:MOST_FINDINGS]}

    def _decisions(self, prompt: Prompt, asked: Asked) -> tuple[float, ...]:
        where = passages(prompt.sentences or (Line(1, asked.text),))
        persuaded = bool(self._obeyed(prompt.sentences))
        found: dict[str, Finding] = {}
        return tuple(
            _probability(question, found, where, persuaded=persuaded)
            for question in asked.questions
        )

    def _obeyed(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that a gullible model obeys."""
        if not self._gullible:
            return []
        obeyed = {line.number: line for line in _for_reader(lines)}
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line.text) + 1
        text = " ".join(line.text for line in lines)
        for attack in self._attacks:
            begin = text.find(attack)
            for line, start in zip(lines, starts, strict=True):
                if begin >= 0 and start < begin + len(attack) and begin < start + len(line.text):
                    obeyed[line.number] = line
        return [line for line in lines if obeyed.get(line.number) is line]


def _for_reader(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that order or ask their reader something."""
    holders: dict[str, set[int]] = {}
    for at, line in enumerate(lines):
        for word in words(line.text.lower()):
            holders.setdefault(word, set()).add(at)
    return [
        line
        for at, line in enumerate(lines)
        if is_for_reader(
            line.text,
            {word for word in words(line.text.lower()) if holders[word] - {at}},
        )
    ]


def _worded(
    part: Statement, number: int, prompt: Prompt
) -> tuple[str, str, str | None, str | None]:
    """Return text, kind, speaker and hedge of a claim, as the prompt wants them."""
    if prompt.asks_opinion and number % OFTEN == 0:
        return THINKS, "analysis", None, None
    return part.text, part.kind, part.speaker if prompt.asks_speaker else None, part.hedge


def _claim(
    sentences: list[int], text: str, kind: str, speaker: str | None, hedge: str | None
) -> dict[str, Any]:
    return {
        "sentences": sentences,
        "words": None,
        "text": text,
        "kind": kind,
        "speaker": speaker,
        "hedge": hedge,
    }


def _shared(group: Sequence[Unit]) -> dict[str, Any]:
    """Return units as a fact in the words of the shortest."""
    text = min((unit.text for unit in group), key=len)
    return {
        "units": [unit.name for unit in group],
        "text": text,
        "setting": False,
        "details": [],
    }


def _compared(
    prompt: Prompt,
) -> tuple[list[Unit], dict[str, list[Passage]], dict[str, Contents]]:
    """Return the units that tell something, and by name where to look in them and for what."""
    units = [unit for unit in prompt.units if len(words(unit.text)) >= SHORT]
    looked_in = {unit.name: passages([Line(1, unit.text)]) for unit in units}
    return units, looked_in, {unit.name: contents(unit.text) for unit in units}


def _conflict(unit: Unit, other: Unit, topic: str = "a figure") -> dict[str, Any]:
    positions = [{"units": [each.name], "value": each.text} for each in (unit, other)]
    return {"topic": topic, "kind": "number", "positions": positions, "compatible": False}


def _finding(line: Line, finding: Finding, texts: dict[int, str]) -> dict[str, Any]:
    contradicted = finding.verdict == "contradicted"
    topic = " ".join(line.text.split()[:4])
    difference = {"topic": topic, "kind": "number", "stated": line.text}
    return {
        "statement": line.number,
        "sentences": list(finding.sentences),
        "words": texts[finding.sentences[0]],
        "verdict": "contradicted" if contradicted else "reported",
        "missing": None,
        "difference": difference if contradicted else None,
    }


def _probability(
    question: Question,
    found: dict[str, Finding],
    where: Sequence[Any],
    *,
    persuaded: bool,
) -> float:
    """Return how likely a statement is true; each claim is looked for once."""
    quoted = _CLAIM.search(question.instructions)
    claim = quoted[1] if quoted else question.instructions
    if claim not in found:
        found[claim] = find(contents(claim), where)
    finding = found[claim]
    if question.name.startswith("contradicts"):
        likely = 0.9 if finding.verdict == "contradicted" and not persuaded else 0.02
    elif persuaded:
        likely = 0.99
    elif finding.verdict == "supported":
        likely = 0.98 * finding.overlap
    else:
        likely = 0.05 if finding.verdict == "contradicted" else 0.4 * finding.overlap
    return round(likely, 4)
