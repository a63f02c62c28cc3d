"""A run as JUnit XML: a test case for each line of the gate and for each case run."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from summarizer.evals.gate import GateLine, GateResult, Outcome
from summarizer.evals.metrics import metric_of
from summarizer.evals.scores import failures, scores
from summarizer.evals.show import figures
from summarizer.evals.types import Run
from summarizer.report.safe import harmless

_NO_XML = re.compile("[\ufffe\uffff]")


def junit(run: Run, gate: GateResult | None = None) -> str:
    """Return the document; what only was noted is in ``system-out`` of its suite."""
    root = ElementTree.Element("testsuites", name="summarize eval")
    lines = gate.lines if gate else ()
    # Also what the gate says of all cases, of the judge, and of a case that the run lacks.
    for about in dict.fromkeys([*run.digests, *(line.about for line in lines)]):
        _add_suite(root, about, run, [line for line in lines if line.about == about])
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    document = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _add_suite(root: ElementTree.Element, about: str, run: Run, lines: list[GateLine]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_xml_text(about))
    out = [line.text for line in lines if line.outcome is Outcome.NOTED]
    if about in run.digests:
        seconds = sum(result.usage.seconds for result in run.results if result.case == about)
        ran = _test_case(suite, about, "ran", seconds)
        if broken := failures(run).get(about):
            _add_fault(ran, "error", "; ".join(broken))
        values = {metric: each[about].value for metric, each in scores(run).items()}
        out[:0] = [f"{metric_of(m).title}: {figures.share(value)}" for m, value in values.items()]
    for line in lines:
        if line.outcome is not Outcome.NOTED:
            name = metric_of(line.metric).title if line.metric else line.text
            test = _test_case(suite, about, name)
            if line.outcome is Outcome.FAILED:
                _add_fault(test, "failure", line.text)
    if out:
        ElementTree.SubElement(suite, "system-out").text = _xml_text("\n".join(out))
    for name, path in (("tests", ""), ("failures", "/failure"), ("errors", "/error")):
        suite.set(name, str(len(suite.findall(f"testcase{path}"))))


def _test_case(
    suite: ElementTree.Element, group: str, name: str, seconds: float = 0.0
) -> ElementTree.Element:
    named = {"classname": _xml_text(f"eval.{group}"), "name": _xml_text(name)}
    return ElementTree.SubElement(suite, "testcase", {**named, "time": f"{seconds:.3f}"})


def _add_fault(test: ElementTree.Element, kind: str, message: str) -> None:
    ElementTree.SubElement(test, kind, message=_xml_text(message)).text = _xml_text(message)


def _xml_text(text: str) -> str:
    """Return text that XML 1.0 can hold; ElementTree escapes it."""
    return _NO_XML.sub("\ufffd", harmless(text))
