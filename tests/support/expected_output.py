"""Exact output, kept in files so that a change of it is seen in review.

``RENEW_EXPECTED=1 pytest tests/render/test_terminal.py`` writes the files anew.
"""

from __future__ import annotations

import os

from tests.support.folders import EXPECTED


def assert_expected(name: str, actual: str) -> None:
    """Compare with the file ``name``, byte for byte."""
    path = EXPECTED / name
    if os.environ.get("RENEW_EXPECTED"):
        path.write_text(actual, encoding="utf-8", newline="\n")
    with path.open(encoding="utf-8", newline="") as file:
        assert actual == file.read()
