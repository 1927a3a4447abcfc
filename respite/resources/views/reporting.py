"""What came of a load, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.resources.hsds.rows import Counts, Report
from respite.resources.service.reports import report_of

PROBLEMS_SHOWN = 200  # several rows of which the same is said are one
PLACES_SHOWN = 10
KIND_WORDS = {
    "taxonomy": _l("taxonomies"),
    "taxonomy_term": _l("kinds of help"),
    "organization": _l("organisations"),
    "program": _l("programmes"),
    "service": _l("services"),
    "location": _l("places"),
    "service_at_location": _l("services at places"),
    "contact": _l("people to ask for"),
    "phone": _l("telephone numbers"),
    "address": _l("addresses"),
    "schedule": _l("hours"),
    "language": _l("languages"),
    "accessibility": _l("ways of access"),
    "cost_option": _l("costs"),
    "required_document": _l("what to bring"),
    "service_area": _l("areas"),
    "attribute": _l("what is said of each"),
}


def report_words(told: dict[str, Any]) -> dict[str, Any]:
    report = report_of(told)
    alike = list(_alike(report).items())
    shown = alike[:PROBLEMS_SHOWN]
    problems = len(report.problems) + told["more_problems"]
    return {
        "read": ngettext("%(num)s row read", "%(num)s rows read", report.total("read")),
        "files": [
            (file, KIND_WORDS[kind], ngettext("%(num)s row read", "%(num)s rows read", counts.read), _counts(counts))
            for (file, kind), counts in report.counts.items()
        ],
        "left_out": report.total("left_out"),
        "gone": report.gone,
        "problems": [(left_out, _where(file, _places(places)), says) for (left_out, file, says), places in shown],
        "total": problems,
        "not_on_the_page": sum(len(places) for _of, places in alike[PROBLEMS_SHOWN:]) + told["more_problems"],
        "not_in_the_file": told["more_problems"],
        "not_kept": [
            (_where(file, column), ngettext("%(num)s value", "%(num)s values", count))
            for (file, column), count in report.not_kept.items()
        ],
    }


def problem_rows(report: Report) -> Iterator[list[str]]:
    """Every problem by file, place and reason, and what is not kept of each column."""
    yield [_("file"), _("where"), _("loaded"), _("reason")]
    for each in report.problems:
        yield [each.file, str(each.place), _("no") if each.left_out else _("yes"), str(each.says)]
    for (file, column), count in report.not_kept.items():
        yield [file, column, "", _("nothing of it is kept (%(count)s)", count=count)]


def _alike(report: Report) -> dict[tuple[bool, str, str], list[str]]:
    """Where the same is said of several rows of a file; what is left out comes first."""
    found: dict[tuple[bool, str, str], list[str]] = {}
    for each in sorted(report.problems, key=lambda each: not each.left_out):
        found.setdefault((each.left_out, each.file, str(each.says)), []).append(str(each.place))
    return found


def _places(places: list[str]) -> str:
    said = ", ".join(each for each in places[:PLACES_SHOWN] if each)
    if len(places) <= PLACES_SHOWN:
        return said
    more = len(places) - PLACES_SHOWN
    return ngettext("%(places)s and %(num)s more", "%(places)s and %(num)s more", more, places=said)


def _counts(counts: Counts) -> list[str]:
    told = [
        ngettext("%(num)s new", "%(num)s new", counts.added),
        ngettext("%(num)s changed", "%(num)s changed", counts.changed),
        ngettext("%(num)s as it was", "%(num)s as they were", counts.same),
        ngettext("%(num)s left out", "%(num)s left out", counts.left_out),
    ]
    if counts.again:
        told.append(ngettext("%(num)s said before", "%(num)s said before", counts.again))
    return told


def _where(file: str, place: str) -> str:
    return f"{file}, {place}" if place else file
