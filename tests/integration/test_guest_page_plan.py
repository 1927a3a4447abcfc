"""A guest's plan: theirs alone, part by part the house's to read while they share it, and theirs to take along."""

from __future__ import annotations

import html
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import AccessLog, Event
from respite.core.clock import StillClock
from respite.core.db import Base, db
from respite.core.errors import NotFound
from respite.guest_page.errors import PageShut, PlanFull
from respite.guest_page.models import GuestLink, PlanKind, PlanPart, PlanWord
from respite.guest_page.service import plan
from respite.guest_page.service.links import end_link
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.houses.models import House
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import Machine, MakePerson
from tests.places import SUNDAY

HOPE, STEP = "A garden by the sea.", "Call my sister on Friday."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def robin(juniper: House, machine: Machine) -> OwnPage:
    return has_a_page(juniper)


@pytest.fixture
def own(app: Flask, robin: OwnPage) -> Browser:
    return robin.opened(app)


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.DIRECTOR})
    return Browser(app, "dana@example.org")


def rows(model: type[Base]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model)))


def adds(own: Browser, robin: OwnPage, kind: str, words: str, shared: str | None = None) -> uuid.UUID:
    answer = own.post(robin.at("plan"), {"kind": kind, "words": words} | ({"shared": shared} if shared else {}))
    assert (answer.status_code, answer.location) == (303, robin.at("plan"))
    part_id: uuid.UUID = next(part.id for part in rows(PlanPart) if part.words == words)
    return part_id


def acting(robin: OwnPage) -> Actor:
    link = db.session.scalar(sa.select(GuestLink.id).where(GuestLink.guest_id == robin.guest_id))
    db.session.rollback()
    return Actor(ActorKind.GUEST, robin.guest_id, by=link)


# -- theirs alone ------------------------------------------------------------------------------------------------


def test_an_unshared_part_is_on_no_page_of_those_who_work_here(
    app: Flask, juniper: House, robin: OwnPage, own: Browser, dana: Browser
) -> None:
    part_id = adds(own, robin, "hope", HOPE)
    assert dana.get(f"/plan-parts/{part_id}").status_code == 404
    card = dana.get(f"/stays/{robin.stay_id}").text
    assert HOPE not in card
    assert "Their plan" not in card
    for page in ("board", "promises", "waiting", "texts", "roll-call", "beds", "could-not-offer"):
        assert HOPE not in dana.get(f"/houses/{juniper.slug}/{page}").text, page
    assert HOPE in html.unescape(own.get(robin.at("plan")).text)
    assert HOPE in own.get(robin.at("record.json")).text
    assert [look.what for look in rows(AccessLog)] == ["stay"]


def test_a_shared_part_is_read_and_each_look_is_told(robin: OwnPage, own: Browser, dana: Browser) -> None:
    adds(own, robin, "hope", HOPE)
    part_id = adds(own, robin, "step", STEP, shared="yes")
    card = dana.get(f"/stays/{robin.stay_id}").text
    assert STEP in card
    assert HOPE not in card
    assert STEP in dana.get(f"/plan-parts/{part_id}").text
    own.post(robin.at("plan", str(part_id), "done"), {"on": "yes"})
    assert "done" in dana.get(f"/plan-parts/{part_id}").text
    own.post(robin.at("plan", str(part_id), "shared"), {"on": "no"})
    assert dana.get(f"/plan-parts/{part_id}").status_code == 404
    assert STEP not in dana.get(f"/stays/{robin.stay_id}").text
    assert "looked at" in own.get(robin.at("kept")).text


def test_a_look_at_a_part_alone_is_told_by_name(robin: OwnPage, own: Browser, dana: Browser) -> None:
    part_id = adds(own, robin, "step", STEP, shared="yes")
    dana.get(f"/plan-parts/{part_id}")
    assert "Dana looked at a part of your plan that you shared" in own.get(robin.at("kept")).text


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL, Role.STEPPED_BACK])
def test_who_keeps_no_beds_reads_no_part(
    app: Flask, juniper: House, person: MakePerson, robin: OwnPage, own: Browser, role: Role
) -> None:
    part_id = adds(own, robin, "step", STEP, shared="yes")
    person("pat@example.org", {juniper.id: role}, name="Pat")
    answer = Browser(app, "pat@example.org").get(f"/plan-parts/{part_id}")
    assert answer.status_code == 404
    assert STEP not in answer.text


# -- how it was --------------------------------------------------------------------------------------------------


def test_what_was_written_in_private_stays_private_when_the_part_is_shared_later(
    robin: OwnPage, own: Browser, dana: Browser
) -> None:
    part_id = adds(own, robin, "helps", "A secret first try.")
    own.fill(robin.at("plan", str(part_id)), words="A walk in the rain.")
    own.post(robin.at("plan", str(part_id), "shared"), {"on": "yes"})
    own.fill(robin.at("plan", str(part_id)), words="A walk, and then tea.")
    theirs = dana.get(f"/plan-parts/{part_id}").text
    assert "A walk, and then tea." in theirs
    assert "A walk in the rain." in theirs
    assert "A secret first try." not in theirs
    mine = own.get(robin.at("plan")).text
    assert "A secret first try." in mine
    assert "A walk in the rain." in mine


def test_a_part_that_is_taken_away_goes_with_all_it_ever_read(robin: OwnPage, own: Browser) -> None:
    part_id = adds(own, robin, "step", STEP)
    own.fill(robin.at("plan", str(part_id)), words="Write to my sister.")
    assert len(rows(PlanWord)) == 1
    own.post(robin.at("plan", str(part_id), "gone"))
    assert (rows(PlanPart), rows(PlanWord)) == ([], [])


def test_erasing_takes_the_plan(robin: OwnPage, own: Browser) -> None:
    part_id = adds(own, robin, "step", STEP)
    own.fill(robin.at("plan", str(part_id)), words="Write to my sister.")
    leave(COMMAND, robin.stay_id, now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY)
    assert (rows(PlanPart), rows(PlanWord)) == ([], [])


def test_the_event_log_says_only_that_a_plan_changed(robin: OwnPage, own: Browser) -> None:
    adds(own, robin, "hope", HOPE)
    event = db.session.scalars(sa.select(Event).order_by(Event.version.desc())).first()
    assert event is not None
    assert (event.kind, event.subject, event.data, event.parts) == (
        "guest-page.plan.changed", robin.guest_id, "{}", "[]",
    )  # fmt: skip


# -- taken along -------------------------------------------------------------------------------------------------


def test_it_is_taken_home_on_paper_and_as_a_file_that_says_nothing_by_its_name(
    robin: OwnPage, own: Browser, clock: StillClock
) -> None:
    adds(own, robin, "hope", HOPE)
    step_id = adds(own, robin, "step", STEP)
    clock.advance(timedelta(minutes=1))
    adds(own, robin, "step", "Water the fern.")
    own.post(robin.at("plan", str(step_id), "done"), {"on": "yes"})
    sheet = html.unescape(own.get(robin.at("plan", "sheet")).text)
    assert HOPE in sheet
    assert "☑" in sheet
    file = own.get(robin.at("plan.txt"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-page.txt"'
    assert file.text == f"What I hope for\n- {HOPE}\n\nMy steps\n[x] {STEP}\n[ ] Water the fern.\n"


# -- nobody else's -----------------------------------------------------------------------------------------------


def test_another_guest_reaches_nothing_of_it(app: Flask, juniper: House, robin: OwnPage, own: Browser) -> None:
    ana = has_a_page(juniper, "Ana")
    part_id, hers = adds(own, robin, "step", STEP, shared="yes"), ana.opened(app)
    for path, sent in (("", {"words": "mine"}), ("/done", {"on": "yes"}), ("/shared", {"on": "no"}), ("/gone", {})):
        assert hers.post(ana.at("plan", f"{part_id}{path}"), sent).status_code == 404, path
        assert Browser(app).post(robin.at("plan", f"{part_id}{path}"), sent).status_code == 404, path
    assert hers.get(ana.at("plan", str(part_id))).status_code == 404
    (part,) = rows(PlanPart)
    assert (part.words, part.done_at, part.shared_at is None) == (STEP, None, False)


def test_once_the_link_is_ended_nothing_is_written(robin: OwnPage, own: Browser) -> None:
    actor = acting(robin)
    part = plan.add_part(actor, PlanKind.STEP, STEP, now=SUNDAY)
    end_link(COMMAND, robin.guest_id, now=SUNDAY)
    for act in (
        lambda: plan.add_part(actor, PlanKind.HOPE, HOPE, now=SUNDAY),
        lambda: plan.change_part(actor, part.id, HOPE, now=SUNDAY),
        lambda: plan.share_part(actor, part.id, True, now=SUNDAY),
    ):
        with pytest.raises(PageShut):
            act()
    assert [(row.words, row.shared_at) for row in rows(PlanPart)] == [(STEP, None)]


def test_a_plan_has_an_end_and_only_a_step_is_ticked(robin: OwnPage, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = acting(robin)
    monkeypatch.setattr(plan, "MOST_PARTS", 1)
    hope = plan.add_part(actor, PlanKind.HOPE, HOPE, now=SUNDAY)
    with pytest.raises(PlanFull):
        plan.add_part(actor, PlanKind.STEP, STEP, now=SUNDAY)
    with pytest.raises(NotFound):
        plan.tick_step(actor, hope.id, True, now=SUNDAY)


def test_nothing_and_too_much_are_said_beside_the_field(robin: OwnPage, own: Browser) -> None:
    for words in ("  ", "x" * 501):
        answer = own.post(robin.at("plan"), {"kind": "step", "words": words})
        assert answer.status_code == 422
        assert "field-error" in answer.text
    assert rows(PlanPart) == []
