"""The overnight page, what its script asks of the server, and the entries it sends."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.models import Membership
from respite.accounts.roles import May
from respite.accounts.sessions import IDLE, TABLET_IDLE
from respite.audit.queries import versions
from respite.core.clock import house_now
from respite.core.crypto import CannotOpen
from respite.core.db import db, end_read
from respite.core.errors import Busy, Refusal
from respite.core.forms import Form
from respite.core.letterbox import slot, take_out
from respite.core.logs import log
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.views.contact_words import kind_words
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import rules_now, tonight
from respite.overnight.acts import ACTS, CALLS, Entry, earlier, own_page_of
from respite.overnight.errors import CannotBeOpened, PutAside
from respite.overnight.queries import choices
from respite.overnight.service import Sent, happened, take
from respite.overnight.words import said_by_script
from respite.promises.policy import LONGEST_WORDS
from respite.staffing.views.phone_words import call_when

blueprint = Blueprint("overnight", __name__)

KEPT = "kept"  # the copy that stays on the device: with names of guests only where the house has them on paper
LONGEST_LETTER = 20_000


@blueprint.get("/houses/<slug>/night")
@for_house(May.KEEP_BEDS)
def page(house: House) -> ResponseReturnValue:
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    rules = rules_now(session, house.id)
    found = choices(session, house, tonight(house, rules, now), now)
    return drawn(
        "overnight/page.html",
        house=house,
        found=found,
        rules=rules,
        names=rules.names_on_paper or not request.args.get(KEPT),
        form=shown({}, refusal),
        sentence=None if refusal is None else str(refusal.sentence),
        kinds=[(str(each), kind_words(each)) for each in CALLS],
        calls=[(each, call_when(each, house.timezone, now), phone_shown(each.phone or "")) for each in found.calls],
        longest=LONGEST_WORDS,
        here=url_for("overnight.page", slug=house.slug),
        desk=f"/houses/{house.slug}/board",
        box=slot(_box_of(house)),
        say=said_by_script(),
        version=versions(house.id)[0],
        idle=int((TABLET_IDLE if g.sign_in.on_tablet else IDLE).total_seconds()),
        me=acting().id,
        # Dim unless somebody chose the light one.
        theme="day" if request.cookies.get("theme") == "day" else "night",
    )


def _box_of(house: House) -> str:
    return f"night {house.id}"


@blueprint.get("/houses/<slug>/night/state")
@for_house(May.KEEP_BEDS)
def state(house: House) -> ResponseReturnValue:
    """Whether the line is here and who is signed in, with what is needed to send something."""
    version = versions(house.id)[0]
    end_read()
    return jsonify(
        person=str(acting().id),
        name=g.person.name,
        csrf=generate_csrf(),
        now=house_now().isoformat(),
        version=version,
    )


@blueprint.get("/houses/<slug>/night/worker.js")
@for_house(May.KEEP_BEDS)
def worker(house: House) -> ResponseReturnValue:
    """The script that serves the page while the server cannot be reached: of this one page alone."""
    scope = url_for("overnight.page", slug=house.slug)
    end_read()
    script = (Path(current_app.static_folder or "") / "overnight" / "worker.js").read_text(encoding="utf-8")
    return Response(script, mimetype="text/javascript", headers={"Service-Worker-Allowed": scope})


@blueprint.post("/houses/<slug>/night/entries")
@for_house(May.KEEP_BEDS)
def enter(house: House) -> ResponseReturnValue:
    if "sealed" in request.form:
        return _from_device(house)
    return or_redraw(lambda: _from_form(house), lambda refusal: _draw(house, refusal))


def _from_form(house: House) -> ResponseReturnValue:
    """A browser without scripts: the same acts, and the page again."""
    form, now = Form(request.form), house_now()
    kind, clock = form.choice("kind", ACTS), form.clock_time("clock", needed=False)
    form.done()
    entry = Entry(house, form, earlier(now, clock, house), now, acting().id)
    return act_form(acting(), lambda: ACTS[kind](entry))


def _from_device(house: House) -> ResponseReturnValue:
    """One entry of the page's own script. It is answered with what became of it; a refusal with its sentence."""
    outer, house_id = Form(request.form), house.id
    kind, key = outer.choice("kind", ACTS), outer.uuid("entry")
    at, clock = _instant(outer), outer.clock_time("clock", needed=False)
    outer.done()
    assert key is not None
    inner = Form(MultiDict())
    try:
        inner = Form(_opened(house, key))
        now = house_now()
        entry = Entry(house, inner, happened(earlier(at, clock, house), now), now, _entered_by(outer, house_id))
        act = _put_aside if request.form.get("aside") else ACTS[kind]
        answer = take(acting(), house_id, Sent(key, _hash(kind), entry.entered_by), lambda: act(entry))
    except Busy:
        raise  # the same entry is sent again
    except Refusal as refusal:
        return _refused(refusal, kind, inner, house_id)
    if answer is None:
        return jsonify(state="taken", said=_("That stands in the house's book already."))
    return jsonify(state="taken", said=answer["flash"], undo=answer["undo"], fields=answer["fields"])


def _put_aside(_entry: Entry) -> Answer:
    """Nothing is done: only whether it stands in the book already is looked up."""
    raise PutAside


def _refused(refusal: Refusal, kind: str, inner: Form, house_id: uuid.UUID) -> ResponseReturnValue:
    log.info("web.refused", rule=refusal.rule(), status=refusal.status)
    db.session.rollback()
    house = db.session.get_one(House, house_id)
    fields = [str(each) for each in (getattr(refusal, "fields", None) or {}).values()]
    mine = inner.sent.get("words") or inner.sent.get("name")
    # The question was answered, so it is no fault of the page that asked.
    answer = jsonify(
        state="refused",
        rule=refusal.rule(),
        said=" ".join(fields) or str(refusal.sentence),
        words=mine if request.form.get("person") == str(acting().id) else None,
        page=own_page_of(kind, inner, house),
    )
    end_read()
    return answer


def _instant(form: Form) -> datetime:
    """When the device says that it happened, by the house's clock. Notes what is wrong."""
    try:
        at = datetime.fromisoformat(form.sent.get("at", ""))
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    form.say("at", _("This must be a day and a time, such as %(example)s.", example="2026-11-22 14:30"))
    return house_now()


def _opened(house: House, key: uuid.UUID) -> MultiDict[str, str]:
    """The fields of the entry, which only the server can read."""
    sealed = request.form.get("sealed", "")
    if len(sealed) > LONGEST_LETTER:
        raise CannotBeOpened
    try:
        words = take_out(_box_of(house), request.form.get("box", ""), sealed, str(key))
    except CannotOpen as error:
        raise CannotBeOpened from error
    fields: Any = current_app.json.loads(words)
    return MultiDict([(str(name), str(value)) for name, value in fields])


def _hash(kind: str) -> bytes:
    """What was entered. A time that somebody puts right afterwards makes no other entry of it."""
    return hashlib.sha256(f"{kind}\0{request.form.get('sealed', '')}".encode()).digest()


def _entered_by(form: Form, house_id: uuid.UUID) -> uuid.UUID | None:
    """Who entered it, where they work or worked in this house."""
    person_id = form.uuid("person", needed=False)
    form.done()
    if person_id is None:
        return None
    here = sa.select(Membership.id).where(Membership.person_id == person_id, Membership.house_id == house_id).limit(1)
    return person_id if db.session.scalar(here) is not None else None
