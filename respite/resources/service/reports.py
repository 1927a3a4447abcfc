"""What came of a load, as it is kept to be read later: in the language of whoever reads it then."""

from __future__ import annotations

from typing import Any

from respite.resources.hsds.rows import Counts, Problem, Report
from respite.resources.hsds.said import kept, of_kept

MOST_PROBLEMS = 5_000
_COUNTED = ("read", "added", "changed", "same", "again", "left_out")


def report_kept(report: Report) -> dict[str, Any]:
    """As JSON holds it, with the first MOST_PROBLEMS problems."""
    problems = report.problems[:MOST_PROBLEMS]
    return {
        "source": report.source,
        "gone": report.gone,
        "made": report.made,
        "counts": [[*of, *(getattr(counts, each) for each in _COUNTED)] for of, counts in report.counts.items()],
        "problems": [[each.file, kept(each.place), kept(each.says), each.left_out] for each in problems],
        "more_problems": len(report.problems) - len(problems),
        "not_kept": [[*of, count] for of, count in list(report.not_kept.items())[:MOST_PROBLEMS]],
    }


def report_of(told: dict[str, Any]) -> Report:
    """The report again. What more problems there were is `told["more_problems"]`."""
    report = Report(told["source"], gone=told["gone"], made=told["made"])
    report.counts = {
        (file, kind): Counts(**dict(zip(_COUNTED, counts, strict=True))) for file, kind, *counts in told["counts"]
    }
    report.problems = [
        Problem(file, of_kept(place), of_kept(says), left_out) for file, place, says, left_out in told["problems"]
    ]
    report.not_kept = {(file, column): count for file, column, count in told["not_kept"]}
    return report
