from __future__ import annotations

import csv
import io
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.render.records import FORMULA, harmless_cell, to_csv
from summarizer.types import DiffReport
from tests.support.expected_output import assert_expected
from tests.support.hostile import hostile_report
from tests.support.reports import PILOT, report, unread_report

pytestmark = pytest.mark.slow


def rows(shown: DiffReport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(shown))))


def test_csv_exactly() -> None:
    assert_expected("diff.csv", to_csv(unread_report()))


def test_no_cell_is_a_formula() -> None:
    told = replace(PILOT, text='=HYPERLINK("https://evil.example","read")')
    assert "'=HYPERLINK(" in to_csv(replace(report(), facts=(told,)))
    for sign in FORMULA:
        assert harmless_cell(f"{sign}1+1").startswith(("'", "1"))
    assert harmless_cell(" =1") == "'=1"


@settings(max_examples=8)
@given(st.integers(min_value=0, max_value=2**32))
def test_whatever_the_report_every_row_has_a_cell_for_each_column(seed: int) -> None:
    head, *body = rows(hostile_report(Random(seed)))
    for row in body:
        assert len(row) == len(head)
        assert not [cell for cell in row if cell.startswith(FORMULA)]


def test_an_outlet_that_contradicts_says_so_in_its_cell() -> None:
    (row,) = [row for row in rows(report()) if row[1] == "f5"]
    assert row[-1] == "(says otherwise) with 198 people aboard"
