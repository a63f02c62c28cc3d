"""Write ``evals/planted`` anew: ``python -m tools.planting [--cases DIR] [--out DIR]``.

Read the new sentences afterwards, and name in ``left_out.txt`` those that read wrong.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from summarizer.evals.cases import find_cases_folder, list_cases
from tools.planting.planting import plant


def main() -> None:
    """Write a file for each case that has any sentence worth corrupting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, help="the folder of the cases")
    parser.add_argument("--out", type=Path, help="the folder of the planted errors")
    options = parser.parse_args()
    cases = options.cases or find_cases_folder()
    folder = options.out or find_cases_folder().parent / "planted"
    folder.mkdir(parents=True, exist_ok=True)
    for case in list_cases(cases):
        rows = plant(case.load())
        path = folder / f"{case.name}.jsonl"
        path.unlink(missing_ok=True)
        if rows:
            text = "".join(f"{row.model_dump_json(exclude_none=True)}\n" for row in rows)
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{case.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
