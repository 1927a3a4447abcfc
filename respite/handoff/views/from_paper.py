"""A day on paper, entered on one page: each line with its time, and each by itself, so that one that cannot be entered
holds up no other. Sent twice a line is once: each has a key of its own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from respite.accounts.acting import act_once, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import IdempotencyKeyReused, Invalid, NotFound, Refusal
from respite.core.forms import Form, new_key
from respite.core.logs import log
from respite.core.redraw import drawn
from respite.core.times import day_words
from respite.guests.views.fields import AskWho
from respite.handoff.policy import LONGEST_ENTRY
from respite.handoff.views.paper_acts import MOST_NIGHTS, Ground, Written, enter, parsed
from respite.handoff.views.paper_choices import choices
from respite.handoff.views.routes import blueprint
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import last_at, local, was_at
from respite.houses.queries import rules_now

ROWS, MORE, MOST_ROWS = 8, 8, 60
DAYS = 3  # today, yesterday, and the day before: the log takes no older line
FIELDS = ("key", "at", "day", "what", "words", "nights", "agreed", "who")
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass
class Line:
    """A line of the form: what was typed, and after it was sent why it could not be entered."""

    number: int
    sent: MultiDict[str, str]
    wrong: tuple[str, ...] = ()
    ask: AskWho | None = None
    at: datetime | None = None

    def value(self, name: str) -> str:
        return self.sent.get(name, "")

    @property
    def written(self) -> bool:
        return any(self.value(name).strip() for name in ("at", "what", "words"))

    @property
    def body(self) -> bytes:
        """What is compared with the twin of a line that was sent already."""
        return json.dumps(sorted(item for item in self.sent.items() if item[0] != "key")).encode()


@dataclass
class _Sheet:
    """The page as it was sent: what is entered by now, and what is left to do."""

    lines: list[Line] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    sentence: str | None = None

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.wrong or line.ask]


@blueprint.route("/houses/<slug>/handoff/paper", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def from_paper(house: House) -> ResponseReturnValue:
    if request.method == "GET":
        return _draw(house.id, _Sheet(_empty(ROWS)))
    sheet = _Sheet(_sent())
    if "more" in request.form:
        sheet.lines += _empty(MORE, len(sheet.lines))
        return _draw(house.id, sheet)
    return _enter_all(house.id, url_for("handoff.from_paper", slug=house.slug), sheet)


def _empty(count: int, after: int = 0) -> list[Line]:
    numbers = range(after + 1, min(after + count, MOST_ROWS) + 1)
    return [Line(number, MultiDict({"key": new_key()})) for number in numbers]


def _sent() -> list[Line]:
    """The lines of the form that came, as they were typed."""
    numbers = sorted({int(name[5:]) for name in request.form if name.startswith("what-") and name[5:].isdecimal()})
    return [
        Line(number, MultiDict({name: request.form.get(f"{name}-{number}", "") for name in FIELDS}))
        for number in numbers[:MOST_ROWS]
    ]


def _enter_all(house_id: uuid.UUID, here: str, sheet: _Sheet) -> ResponseReturnValue:
    """Each line by itself, in the order in which things happened: who came in one may have left in another."""
    now, written = house_now(), [line for line in sheet.lines if line.written]
    house = db.session.get_one(House, house_id)
    for line in written:
        _read_time(line, house.timezone, now)
    for line in sorted(written, key=lambda line: (line.at or LAST, line.number)):
        if not line.wrong:
            _enter(line, house_id, here, sheet, now)
    if not written:
        sheet.sentence = _("Nothing is written here yet.")
    elif sheet.refused:
        sheet.lines = [*sheet.refused, *(line for line in sheet.lines if not line.written)]
        sheet.sentence = ngettext(
            "%(num)s line is not entered yet: it says why, and what you typed is kept.",
            "%(num)s lines are not entered yet: they say why, and what you typed is kept.",
            len(sheet.refused),
        )
    else:
        flash(ngettext("%(num)s line is entered.", "%(num)s lines are entered.", len(sheet.entered)))
        return redirect(here, 303)
    return make_response(_draw(house_id, sheet), Invalid.status)


def _read_time(line: Line, zone: str, now: datetime) -> None:
    """The time of a line, by the house's clock; without a day the last time the clock showed it."""
    form = Form(line.sent)
    at, day = form.clock_time("at", needed=False), form.day("day", needed=False)
    if form.wrong or at is None:
        line.wrong = (*form.wrong.values(),) or (_("Please give the time it happened."),)
    else:
        line.at = last_at(at, zone, now) if day is None else was_at(day, at, zone, now)


def _enter(line: Line, house_id: uuid.UUID, here: str, sheet: _Sheet, now: datetime) -> None:
    actor, at = acting(), line.at
    assert at is not None, "a line without its time is refused before"

    def act() -> dict[str, str]:
        session = db.session()
        ground = Ground(actor, session.get_one(House, house_id), rules_now(session, house_id), now)
        what, rest = parsed(line.value("what"))
        return {"said": enter(ground, Written(what, rest, at, line.sent))}

    try:
        sheet.entered.append(act_once(actor, line.value("key"), here, line.body, act)["said"])
    except AskWho as ask:
        line.ask, line.wrong = ask, (_("Somebody of that name has been here. Please say whether it is them."),)
    except NotFound:
        line.wrong = (_("What this line is about is not there any more. Please choose again."),)
    except IdempotencyKeyReused:
        line.wrong = (_("This line was entered already, and says something else now. Please write it in a new one."),)
    except Refusal as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else None
        line.wrong = tuple(str(each) for each in (fields or {}).values()) or (str(refusal.sentence),)
        log.info("web.refused", rule=refusal.rule(), status=refusal.status)
    if line.wrong:
        db.session.rollback()


def _draw(house_id: uuid.UUID, sheet: _Sheet) -> str:
    session, now = db.session(), house_now()
    house = session.get_one(House, house_id)
    rules = rules_now(session, house_id)
    return drawn(
        "handoff/from_paper.html",
        house=house,
        sheet=sheet,
        groups=choices(session, house, now),
        days=_days(local(now, house.timezone).date()),
        agreement=house.has_beds and rules.agreement_at_arrival,
        most_nights=MOST_NIGHTS,
        longest=LONGEST_ENTRY,
        may_grow=len(sheet.lines) < MOST_ROWS,
        here=url_for("handoff.from_paper", slug=house.slug),
        back=url_for("handoff.page", slug=house.slug),
    )


def _days(today: date) -> Sequence[tuple[str, str]]:
    """No day is the last time the clock showed that hour."""
    before = [today - timedelta(days=n) for n in range(DAYS)]
    return [("", _("the last 24 hours")), *((day.isoformat(), day_words(day, today)) for day in before)]
