"""What a house asks of credentials and trainings: read, begun from a state's rules, changed from a day on, let go."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May, Role
from respite.accounts.words import role_words
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of
from respite.staffing.models import CredentialRules
from respite.staffing.policy.credentials import Hours, Kind, Part, RuleSet, from_body
from respite.staffing.policy.shipped_credentials import shipped
from respite.staffing.queries.credentials import versions_of
from respite.staffing.service import credential_rules as service
from respite.staffing.views import blueprint
from respite.staffing.views.credential_rule_words import asked_words
from respite.staffing.views.credential_words import day_words, kind_options
from respite.staffing.views.hours import hours_typed, minutes_in, read_hours

PLACES = {"california": _l("California"), "colorado": _l("Colorado")}
ROLES = (Role.PEER, Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR, Role.VOLUNTEER)
MOST_PARTS = 8


@blueprint.get("/houses/<slug>/credentials/rules")
@for_house(May.KEEP_CREDENTIALS)
def credential_rules(house: House) -> ResponseReturnValue:
    session, today = db.session(), local(house_now(), house.timezone).date()
    found = sorted(versions_of(session, house.id).values(), key=lambda v: (v.newest.until is not None, v.name))
    names = names_of(session, {row.made_by for versions in found for row in versions.rows})
    here = {versions.slug for versions in found if versions.newest.until is None}
    return drawn(
        "staffing/credentials/rules.html",
        house=house,
        found=[
            (versions, [(_counts(row), asked_words(row), names.get(row.made_by, "")) for row in versions.rows[::-1]])
            for versions in found
        ],
        to_start=[
            (label, [each for each in shipped(house.language) if each.place == place and each.slug not in here])
            for place, label in PLACES.items()
        ],
        sets=acting().may(May.SET_RULES, house.id),
        today=today,
    )


@blueprint.post("/houses/<slug>/credentials/rules/start")
@for_house(May.SET_RULES)
def start_credential_rules(house: House) -> ResponseReturnValue:
    house_id, slug, wanted = house.id, house.slug, request.form.get("start", "")

    def act() -> Answer:
        row = service.start_from(acting(), house_id, wanted, now=house_now())
        said = _("“%(name)s” is asked for from today on. You can change it as you need.", name=row.name)
        undo = url_for("staffing.let_go_of_rules", slug=slug, credential_slug=row.slug)
        return done(url_for("staffing.credential_rules", slug=slug), said, undo)

    return act_form(acting(), act)


@blueprint.route("/houses/<slug>/credentials/rules/new", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def new_credential_rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _add(house), lambda refusal: _draw(house, None, refusal))
    return _draw(house, None)


@blueprint.route("/houses/<slug>/credentials/rules/<credential_slug>", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def change_credential_rules(house: House, credential_slug: str) -> ResponseReturnValue:
    found = versions_of(db.session(), house.id).get(credential_slug)
    if found is None:
        raise NotFound
    if request.method == "POST":
        return or_redraw(lambda: _change(house, credential_slug), lambda refusal: _draw(house, found.newest, refusal))
    return _draw(house, found.newest)


@blueprint.post("/houses/<slug>/credentials/rules/<credential_slug>/let-go")
@for_house(May.SET_RULES)
def let_go_of_rules(house: House, credential_slug: str) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def act() -> Answer:
        row = service.let_go(acting(), house_id, credential_slug, now=house_now())
        said = _("“%(name)s” is asked for no more. What people have stays written down.", name=row.name)
        undo = url_for("staffing.take_up_rules", slug=slug, credential_slug=credential_slug)
        return done(url_for("staffing.credential_rules", slug=slug), said, undo)

    return act_form(acting(), act)


@blueprint.post("/houses/<slug>/credentials/rules/<credential_slug>/again")
@for_house(May.SET_RULES)
def take_up_rules(house: House, credential_slug: str) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def act() -> Answer:
        row = service.take_up_again(acting(), house_id, credential_slug, now=house_now())
        return done(url_for("staffing.credential_rules", slug=slug), _("“%(name)s” is asked for.", name=row.name))

    return act_form(acting(), act)


def _counts(row: CredentialRules) -> str:
    """For which days a version counts."""
    if row.until is None:
        return _("from %(day)s on", day=day_words(row.since))
    return _("from %(first)s until %(until)s", first=day_words(row.since), until=day_words(row.until))


def _draw(house: House, row: CredentialRules | None, refusal: Refusal | None = None) -> str:
    today = local(house_now(), house.timezone).date()
    return drawn(
        "staffing/credentials/rule.html",
        house=house,
        row=row,
        form=shown(_as_typed(row, today), refusal),
        kinds=kind_options(),
        roles=[(str(role), role_words(role)) for role in ROLES],
    )


def _as_typed(row: CredentialRules | None, today: date) -> dict[str, Any]:
    rules = from_body(row.body) if row is not None else RuleSet(needed_by=(Role.PEER,))
    typed: dict[str, Any] = {
        "kind": row.kind if row is not None else Kind.TRAINING,
        "name": row.name if row is not None else "",
        "issuer": row.issuer if row is not None else "",
        "issuer_until": row.issuer_until.isoformat() if row is not None and row.issuer_until else "",
        "since": max(today, row.since).isoformat() if row is not None else today.isoformat(),
        "experience_hours": hours_typed(rules.experience),
        "experience_months": rules.experience_months or "",
        "exam": rules.exam,
        "hours_before_exam": rules.hours_before_exam,
        "valid_months": rules.valid_months or "",
        "month_end": rules.month_end,
        "window_days": "" if rules.window_days is None else rules.window_days,
        "needed_by": list(rules.needed_by),
    }
    for name in ("initial", "supervision", "renewal"):
        asked: Hours = getattr(rules, name)
        typed[f"{name}_hours"] = hours_typed(asked.minutes)
        typed[f"{name}_parts"] = "\n".join(f"{part.name}: {hours_typed(part.minutes)}" for part in asked.parts)
        typed[f"{name}_group_most"] = hours_typed(asked.group_most)
    return typed


def _read(form: Form) -> tuple[service.Wanted, date]:
    rules = RuleSet(
        initial=_hours(form, "initial"),
        experience=read_hours(form, "experience_hours", needed=False),
        experience_months=form.whole_number("experience_months", most=60, needed=False) or 0,
        supervision=_hours(form, "supervision"),
        exam=form.text("exam", most=60, needed=False),
        hours_before_exam=form.flag("hours_before_exam"),
        valid_months=form.whole_number("valid_months", most=240, needed=False) or None,
        month_end=form.flag("month_end"),
        renewal=_hours(form, "renewal"),
        window_days=form.whole_number("window_days", most=730, needed=False),
        needed_by=tuple(form.choices("needed_by", [str(role) for role in ROLES])),
    )
    wanted = service.Wanted(
        kind=form.choice("kind", Kind),
        name=form.text("name", most=80),
        issuer=form.text("issuer", most=80, needed=False),
        issuer_until=form.day("issuer_until", needed=False),
        rules=rules,
    )
    since = form.day("since")
    form.done()
    return wanted, since


def _hours(form: Form, name: str) -> Hours:
    most = read_hours(form, f"{name}_group_most", needed=False)
    return Hours(read_hours(form, f"{name}_hours", needed=False), _parts(form, f"{name}_parts"), most or None)


def _parts(form: Form, name: str) -> tuple[Part, ...]:
    """One a line: "Law and ethics: 6"."""
    parts: list[Part] = []
    lines = [line.strip() for line in form.text(name, most=600, needed=False, lines=True).splitlines() if line.strip()]
    for line in lines:
        label, _mark, hours = line.partition(":")  # the first one, since hours may have one too: "Ethics: 1:30"
        minutes = minutes_in(hours)
        if not label.strip() or len(label.strip()) > 60 or not minutes or len(lines) > MOST_PARTS:
            form.say(name, _("Please write one part a line with its hours, such as “Law and ethics: 6”."))
            return ()
        parts.append(Part(label.strip(), minutes))
    return tuple(parts)


def _add(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug
    wanted, since = _read(Form(request.form))

    def act() -> Answer:
        row = service.add_rules(acting(), house_id, wanted, since=since, now=house_now())
        undo = url_for("staffing.let_go_of_rules", slug=slug, credential_slug=row.slug)
        return done(url_for("staffing.credential_rules", slug=slug), _("The rules are kept."), undo)

    return act_form(acting(), act)


def _change(house: House, credential_slug: str) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    seen = form.version()
    wanted, since = _read(form)

    def act() -> Answer:
        service.change_rules(
            acting(), house_id, credential_slug, wanted, since=since, version_seen=seen, now=house_now()
        )
        return done(url_for("staffing.credential_rules", slug=slug), _("The rules are kept."))

    return act_form(acting(), act)
