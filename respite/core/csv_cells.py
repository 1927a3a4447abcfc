"""Cells of a CSV file that a spreadsheet takes for words and for nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: With one of these first, a spreadsheet would read a cell as a formula.
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def cell(value: object) -> str:
    """A number stays one; words that look like a formula get a mark before them."""
    text = str(value)
    if isinstance(value, int | float) or not text.lstrip().startswith(_BEGINS):
        return text
    return f"'{text}"


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a CSV file that spreadsheets open with its accents whole."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(each) for each in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()
