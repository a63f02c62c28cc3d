"""A run as JUnit XML: a test case for each line of the gate and for each case run."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from summarizer.evaluation.gate import ALL_CASES, JUDGE, RUN, GateLine, GateResult, Outcome
from summarizer.evaluation.metric_names import metric_of
from summarizer.evaluation.scores import failures, scores
from summarizer.evaluation.show import figures
from summarizer.evaluation.types import Run
from summarizer.report.safe import harmless

_NO_XML = re.compile("[\ufffe\uffff]")


def junit(found: Run, gate: GateResult | None = None) -> str:
    """Return the document; what only was noted is in ``system-out`` of its suite."""
    root = ElementTree.Element("testsuites", name="summarize eval")
    for case in found.digests:
        _case_suite(root, case, found, gate)
    if gate is not None:
        for about in (ALL_CASES, JUDGE, RUN):
            _gate_suite(root, about, gate)
        # A case of the baseline that the run does not have.
        for about in dict.fromkeys(line.about for line in gate.lines):
            if about not in (ALL_CASES, JUDGE, RUN) and about not in found.digests:
                _gate_suite(root, about, gate)
    for suite in root:
        _count(suite)
    _total(root)
    ElementTree.indent(root)
    document = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _case_suite(root: ElementTree.Element, case: str, found: Run, gate: GateResult | None) -> None:
    """Add a case: whether it ran, its lines of the gate, its figures."""
    suite = ElementTree.SubElement(root, "testsuite", name=_clean(case))
    values = {metric: each[case].value for metric, each in scores(found).items() if case in each}
    seconds = sum(result.usage.seconds for result in found.results if result.case == case)
    ran = _test(suite, case, "ran", seconds)
    broken = failures(found).get(case)
    if broken:
        _fault(ran, "error", "; ".join(broken))
    if gate is not None:
        _lines(suite, case, gate)
    told = [f"{metric_of(name).title}: {figures.share(value)}" for name, value in values.items()]
    out = [*told, *([] if gate is None else _noted(case, gate))]
    ElementTree.SubElement(suite, "system-out").text = _clean("\n".join(out))


def _gate_suite(root: ElementTree.Element, about: str, gate: GateResult) -> None:
    if not any(line.about == about for line in gate.lines):
        return
    suite = ElementTree.SubElement(root, "testsuite", name=_clean(about))
    _lines(suite, about, gate)
    noted = _noted(about, gate)
    if noted:
        ElementTree.SubElement(suite, "system-out").text = _clean("\n".join(noted))


def _lines(suite: ElementTree.Element, about: str, gate: GateResult) -> None:
    for line in gate.lines:
        if line.about == about and line.outcome is not Outcome.NOTED:
            test = _test(suite, about, _named(line))
            if line.outcome is Outcome.FAILED:
                _fault(test, "failure", line.text)


def _named(line: GateLine) -> str:
    return metric_of(line.metric).title if line.metric else line.text


def _noted(about: str, gate: GateResult) -> list[str]:
    return [line.text for line in gate.noted if line.about == about]


def _test(
    suite: ElementTree.Element, group: str, name: str, seconds: float = 0.0
) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite,
        "testcase",
        classname=_clean(f"eval.{group}"),
        name=_clean(name),
        time=f"{seconds:.3f}",
    )


def _fault(test: ElementTree.Element, kind: str, message: str) -> None:
    fault = ElementTree.SubElement(test, kind, message=_clean(message))
    fault.text = _clean(message)


def _count(suite: ElementTree.Element) -> None:
    tests = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))


def _total(root: ElementTree.Element) -> None:
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))


def _clean(text: str) -> str:
    """Return text that XML 1.0 can hold; ElementTree escapes it."""
    return _NO_XML.sub("\ufffd", harmless(text))
