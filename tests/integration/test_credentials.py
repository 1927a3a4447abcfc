"""Credentials written down, renewed, ended; reminders once each; what is missing by role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.db import db, transaction
from respite.core.due import due_rows, run, sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.staffing.errors import HoursFirst, StandsAlready, TooEarlyToRenew, UndoIsOver
from respite.staffing.models import Credential, CredentialReminder
from respite.staffing.policy.credentials import Hours, Kind, Part, RuleSet
from respite.staffing.queries.credential_cards import Card, Stands, cards_of
from respite.staffing.queries.credential_gaps import Gaps, gaps_of
from respite.staffing.queries.credentials import versions_of
from respite.staffing.service import credential_rules as rules
from respite.staffing.service import credentials as service
from respite.staffing.service.training import add_training, remove_training
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

ActorIn = Callable[..., Actor]
TODAY = date(2026, 11, 22)
CPSS, CPFS = "california-cpss", "colorado-cpfs"
DAY = timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    actor = actor_in(house.id)
    rules.start_from(actor, house.id, CPSS, now=SUNDAY)
    return actor


@pytest.fixture
def sam(house: House, lead: Actor, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


def holds(actor: Actor, house: House, whose: Actor | None = None, **facts: Any) -> Credential:
    return service.add_credential(actor, house.id, (whose or actor).id, **({"slug": CPSS} | facts), now=SUNDAY)


def learned(actor: Actor, house: House, hours: int, **facts: Any) -> None:
    add_training(actor, house.id, actor.id, **({"slug": CPSS, "minutes": hours * 60, "day": TODAY} | facts), now=SUNDAY)


def card(house: House, whose: Actor, slug: str = CPSS) -> Card:
    db.session.rollback()
    return next(each for each in cards_of(db.session(), house, whose.id, SUNDAY) if each.versions.slug == slug)


def days_reminded() -> list[tuple[int, date]]:
    db.session.rollback()
    found = db.session.execute(
        sa.select(CredentialReminder.days, CredentialReminder.expires_on).order_by(
            CredentialReminder.expires_on, CredentialReminder.days.desc()
        )
    )
    return [(days, expires_on) for days, expires_on in found]


def nine(day: date) -> datetime:
    """Nine in the morning by the house's clock, or an hour later in summer: late enough for what is due then."""
    return datetime(day.year, day.month, day.day, 16, 1, tzinfo=SUNDAY.tzinfo)


# -- the way to it ----------------------------------------------------------------------------------------------------


def test_seventy_nine_hours_leave_one_to_go_and_the_exam_waits(house: House, sam: Actor) -> None:
    learned(sam, house, 79)
    on_the_way = holds(sam, house)
    found = card(house, sam)
    assert found.stands == Stands.UNDER_WAY
    assert found.initial is not None
    assert found.initial.left == 60
    assert not found.exam_open
    with pytest.raises(HoursFirst):
        service.change_credential(sam, on_the_way.id, exam_on=TODAY, now=SUNDAY)
    learned(sam, house, 1)
    assert card(house, sam).exam_open
    service.change_credential(sam, on_the_way.id, exam_on=TODAY, now=SUNDAY)
    given = service.change_credential(sam, on_the_way.id, exam_on=TODAY, issued_on=TODAY, now=SUNDAY)
    assert given.expires_on == date(2028, 11, 22)
    assert card(house, sam).stands == Stands.HELD


def test_what_an_issuer_gave_is_not_judged_by_hours(house: House, sam: Actor) -> None:
    held = holds(sam, house, issued_on=date(2025, 1, 2), exam_on=date(2024, 12, 1), number="P-1234")
    assert (held.expires_on, held.number) == (date(2027, 1, 2), "P-1234")
    with db.engine.connect() as connection:
        assert b"P-1234" not in bytes(connection.scalar(sa.text("SELECT number_sealed FROM credential")))


def test_renewing_needs_its_window_and_counts_its_own_hours(house: House, sam: Actor) -> None:
    held = holds(sam, house, issued_on=date(2025, 2, 10), expires_on=date(2027, 2, 28))
    learned(sam, house, 14, day=date(2025, 6, 1))
    learned(sam, house, 30, day=date(2025, 1, 1), category="Law and ethics")  # before it was given
    learned(sam, house, 5, category="Law and ethics")
    found = card(house, sam)
    assert found.renewal is not None
    assert (found.renewal.left, found.renewable_from) == (60, date(2026, 11, 30))
    with pytest.raises(TooEarlyToRenew) as refusal:
        service.renew(sam, held.id, issued_on=TODAY, now=SUNDAY)
    assert "30 November 2026" in str(refusal.value)
    later = SUNDAY + 10 * DAY
    renewed = service.renew(sam, held.id, issued_on=date(2026, 12, 1), now=later)
    assert renewed.expires_on == date(2029, 2, 28)  # early, so it goes on from the day on which it would have run out
    with pytest.raises(StandsAlready):
        service.renew(sam, held.id, issued_on=date(2026, 12, 1), now=later)
    service.remove_credential(sam, renewed.id, now=later)
    service.renew(sam, held.id, issued_on=date(2026, 12, 1), expires_on=date(2029, 1, 1), now=later)


def test_it_ends_and_comes_back_and_is_taken_out_only_on_its_day(house: House, sam: Actor) -> None:
    held = holds(sam, house, issued_on=date(2025, 2, 10))
    with pytest.raises(StandsAlready):
        holds(sam, house)
    service.end_credential(sam, held.id, now=SUNDAY)
    assert card(house, sam).stands == Stands.RAN_OUT
    service.not_ended_after_all(sam, held.id, now=SUNDAY)
    assert card(house, sam).stands == Stands.HELD
    with pytest.raises(UndoIsOver):
        service.remove_credential(sam, held.id, now=SUNDAY + 2 * DAY)
    with pytest.raises(StaleVersion):
        service.change_credential(sam, held.id, version_seen=0, now=SUNDAY)
    service.remove_credential(sam, held.id, now=SUNDAY)
    assert card(house, sam).stands == Stands.NOT_YET
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"issued_on": TODAY + DAY}, "issued_on"),
        ({"exam_on": TODAY + DAY}, "exam_on"),
        ({"issued_on": TODAY, "expires_on": TODAY - DAY}, "expires_on"),
        ({"expires_on": TODAY}, "expires_on"),
        ({"slug": "no-such"}, "slug"),
    ],
)
def test_what_cannot_be_is_refused_by_field(house: House, sam: Actor, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        holds(sam, house, **facts)
    assert list(refusal.value.fields) == [field]


def test_another_peer_and_another_house_have_no_hand_in_it(
    house: House, sam: Actor, lead: Actor, actor_in: ActorIn
) -> None:
    other = actor_in(house.id, Role.PEER, "Ana")
    supervisor = actor_in(house.id, Role.SUPERVISOR, "Priya")
    aspen = open_house(COMMAND, name="Aspen House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    stranger = actor_in(aspen.id, Role.DIRECTOR, "Cy")
    held = holds(supervisor, house, sam, issued_on=TODAY)
    for actor in (other, stranger):
        with pytest.raises(NotFound):
            service.end_credential(actor, held.id, now=SUNDAY)
        with pytest.raises(NotFound):
            add_training(actor, house.id, sam.id, slug=CPSS, minutes=60, day=TODAY, now=SUNDAY)
    with pytest.raises(NotFound):
        holds(lead, house, stranger)
    entry = add_training(lead, house.id, sam.id, slug=CPSS, minutes=60, day=TODAY, now=SUNDAY)
    with pytest.raises(NotFound):
        remove_training(other, entry.id, now=SUNDAY)
    remove_training(sam, entry.id, now=SUNDAY)


# -- reminders --------------------------------------------------------------------------------------------------------


def test_reminders_come_once_each_whatever_the_clock_does(house: House, sam: Actor) -> None:
    last = date(2027, 5, 1)
    holds(sam, house, issued_on=date(2025, 5, 1), expires_on=last)
    sweep(nine(last - 91 * DAY))
    assert days_reminded() == []
    sweep(nine(last - 90 * DAY))
    sweep(nine(last - 90 * DAY))
    assert days_reminded() == [(90, last)]
    late = nine(last + 400 * DAY)  # the machine slept for more than a year
    for _again in range(4):
        sweep(late)
    assert days_reminded() == [(90, last), (60, last), (30, last)]


def test_two_sweeps_at_once_remind_once(app: Flask, house: House, sam: Actor) -> None:
    last = date(2027, 5, 1)
    holds(sam, house, issued_on=date(2025, 5, 1), expires_on=last)
    at, together = nine(last - 90 * DAY), Barrier(2)
    (row,) = [each for each in due_rows(at) if each.kind == "staffing.credential.reminds"]

    def one_of_two() -> None:
        with app.app_context():
            together.wait()
            run(row, at)
            db.session.remove()

    threads = [Thread(target=one_of_two) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert days_reminded() == [(90, last)]
    sweep(nine(last - 60 * DAY))
    assert days_reminded() == [(90, last), (60, last)]


def test_another_last_day_moves_them_and_renewing_ending_or_leaving_ends_them(
    house: House, lead: Actor, sam: Actor, actor_in: ActorIn
) -> None:
    first, second = date(2027, 5, 1), date(2028, 5, 1)
    moved = holds(sam, house, issued_on=date(2025, 5, 1), expires_on=first)
    sweep(nine(first - 60 * DAY))
    sweep(nine(first - 60 * DAY))
    now = nine(first - 60 * DAY)
    service.change_credential(sam, moved.id, issued_on=date(2025, 5, 1), expires_on=second, now=now)
    sweep(nine(first))
    assert days_reminded() == [(90, first), (60, first)]
    ana, bo, cy = (actor_in(house.id, Role.PEER, name) for name in ("Ana", "Bo", "Cy"))
    theirs = [holds(each, house, issued_on=date(2025, 5, 1), expires_on=first) for each in (ana, bo, cy)]
    service.end_credential(ana, theirs[0].id, now=SUNDAY)
    renewed = service.renew(bo, theirs[1].id, issued_on=date(2027, 3, 1), now=nine(date(2027, 3, 1)))
    waits = {each.subject for each in due_rows(nine(date(2031, 1, 1))) if each.kind == "staffing.credential.reminds"}
    assert waits == {moved.id, theirs[2].id, renewed.id}  # nothing waits for what is ended or renewed
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == cy.id).values(ended_at=SUNDAY))
    for _step in range(4):
        sweep(nine(first))
    assert days_reminded() == [(90, first), (60, first)]
    service.remove_credential(bo, renewed.id, now=nine(date(2027, 3, 1)))
    for _step in range(4):
        sweep(nine(first))
    # Ana's and Cy's are over; Bo's go on from the day on which the renewal was taken out.
    assert days_reminded() == [(90, first), (60, first), (60, first), (30, first)]


def sends(house: House, actor: Actor) -> None:
    person_at(house, "+13035550177", kind=CorrespondentKind.PEER, subject_id=actor.id, consents=(Purpose.SHIFTS,))


def test_whoever_said_yes_gets_one_text_that_names_a_day_and_a_page(house: House, lead: Actor, sam: Actor) -> None:
    sends(house, sam)
    last = date(2027, 2, 20)
    holds(sam, house, issued_on=date(2025, 2, 20), expires_on=last)
    for days in (90, 60):
        sweep(nine(last - days * DAY))
    (text,) = rows(Message)
    assert (text.template, text.purpose) == ("credential-ends", "shifts")
    (only,) = [each for need in gaps(house).roles[0].needs for each in need.runs_out]
    assert (only.reminded, only.texted) == (60, True)
    ana = service.add_credential(
        lead, house.id, lead.id, slug=CPSS, issued_on=date(2025, 2, 20), expires_on=last, now=SUNDAY
    )
    sweep(nine(last - 60 * DAY))
    db.session.rollback()
    silent = db.session.scalars(sa.select(CredentialReminder).where(CredentialReminder.credential_id == ana.id)).one()
    assert not silent.texted  # nobody has a number of theirs


def test_a_clock_that_slept_over_several_reminders_sends_one_text(house: House, sam: Actor) -> None:
    sends(house, sam)
    last = date(2027, 5, 1)
    holds(sam, house, issued_on=date(2025, 5, 1), expires_on=last)
    for _again in range(4):
        sweep(nine(last - 40 * DAY))
    assert days_reminded() == [(90, last), (60, last)]
    assert len(rows(Message)) == 1
    db.session.rollback()


# -- what is asked ----------------------------------------------------------------------------------------------------


def wanted(**changed: Any) -> rules.Wanted:
    facts: dict[str, Any] = {
        "kind": Kind.TRAINING, "name": "Nights alone", "issuer": "", "issuer_until": None,
        "rules": RuleSet(initial=Hours(480), needed_by=("peer",)),
    }  # fmt: skip
    return rules.Wanted(**(facts | changed))


def test_rules_change_from_a_day_on_and_what_was_before_stays(house: House, lead: Actor) -> None:
    row = rules.add_rules(lead, house.id, wanted(), since=TODAY, now=SUNDAY)
    later = RuleSet(initial=Hours(960), needed_by=("peer",))
    rules.change_rules(lead, house.id, row.slug, wanted(rules=later), since=TODAY + 30 * DAY, now=SUNDAY)
    db.session.rollback()
    found = versions_of(db.session(), house.id)[row.slug]
    asked = [found.on(day) for day in (TODAY, TODAY + 29 * DAY, TODAY + 30 * DAY)]
    assert [each.initial.minutes for each in asked if each] == [480, 480, 960]
    with pytest.raises(Invalid):
        rules.change_rules(lead, house.id, row.slug, wanted(), since=TODAY + 29 * DAY, now=SUNDAY)
    rules.change_rules(lead, house.id, row.slug, wanted(name="Nights"), since=TODAY + 30 * DAY, now=SUNDAY)
    db.session.rollback()
    assert len(versions_of(db.session(), house.id)[row.slug].rows) == 2
    with pytest.raises(NotFound):
        rules.change_rules(lead, house.id, "no-such", wanted(), since=TODAY, now=SUNDAY)


def test_what_is_let_go_is_not_missing_any_more_and_comes_back(house: House, lead: Actor, sam: Actor) -> None:
    def missing() -> int:
        db.session.rollback()
        return gaps_of(db.session(), house, SUNDAY).count

    assert missing() == 1
    rules.let_go(lead, house.id, CPSS, now=SUNDAY)
    assert missing() == 0
    rules.take_up_again(lead, house.id, CPSS, now=SUNDAY)
    assert missing() == 1
    rules.let_go(lead, house.id, CPSS, now=SUNDAY)
    rules.start_from(lead, house.id, CPSS, now=SUNDAY + 5 * DAY)
    rules.start_from(lead, house.id, CPSS, now=SUNDAY + 5 * DAY)
    db.session.rollback()
    assert len(versions_of(db.session(), house.id)[CPSS].rows) == 2
    with pytest.raises(NotFound):
        rules.let_go(sam, house.id, CPSS, now=SUNDAY)
    with pytest.raises(NotFound):
        rules.start_from(lead, house.id, "no-such", now=SUNDAY)


def test_rules_that_cannot_be_are_refused(house: House, lead: Actor) -> None:
    too_much = RuleSet(initial=Hours(60, (Part("Ethics", 120),)))
    with pytest.raises(Invalid) as refusal:
        rules.add_rules(lead, house.id, wanted(rules=too_much), since=TODAY, now=SUNDAY)
    assert list(refusal.value.fields) == ["initial_parts"]


# -- what is missing --------------------------------------------------------------------------------------------------


def gaps(house: House, now: datetime = SUNDAY) -> Gaps:
    db.session.rollback()
    return gaps_of(db.session(), house, now)


def told(found: Gaps) -> dict[str, tuple[list[str], list[str]]]:
    (only,) = [each for each in found.roles if each.role == Role.PEER]
    return {
        need.versions.slug: ([each.name for each in need.lacking], [each.name for each in need.runs_out])
        for need in only.needs
    }


def test_every_planted_gap_is_in_the_report_and_nothing_else(
    house: House, lead: Actor, sam: Actor, actor_in: ActorIn
) -> None:
    rules.add_rules(lead, house.id, wanted(), since=TODAY, now=SUNDAY)
    names = ("Holds", "Soon", "Ran out", "Ended", "Renewed", "On the way", "Future")
    people = {name: actor_in(house.id, Role.PEER, name) for name in names}
    given = date(2024, 1, 1)
    for name, last in (("Holds", date(2027, 2, 21)), ("Soon", date(2027, 2, 20)), ("Ran out", TODAY - DAY)):
        holds(people[name], house, issued_on=given, expires_on=last)
    ended = holds(people["Ended"], house, issued_on=given, expires_on=date(2028, 1, 1))
    service.end_credential(lead, ended.id, now=SUNDAY)
    before = holds(people["Renewed"], house, issued_on=given, expires_on=date(2026, 12, 1))
    service.renew(lead, before.id, issued_on=date(2026, 11, 1), now=SUNDAY)
    holds(people["On the way"], house)
    for name in ("Holds", "Soon", "Renewed"):
        add_training(lead, house.id, people[name].id, slug="nights-alone", minutes=480, day=TODAY, now=SUNDAY)
    add_training(lead, house.id, people["Ran out"].id, slug="nights-alone", minutes=479, day=TODAY, now=SUNDAY)
    actor_in(house.id, Role.DIRECTOR, "Director")  # no role that needs any of it
    found = gaps(house)
    assert told(found) == {
        CPSS: (["Ended", "Future", "On the way", "Ran out", "Sam"], ["Soon"]),
        "nights-alone": (["Ended", "Future", "On the way", "Ran out", "Sam"], []),
    }
    facts = {each.name: (each.ran_out, each.under_way) for each in found.roles[0].needs[0].lacking}
    assert facts["Ran out"] == (TODAY - DAY, False)
    assert facts["On the way"] == (None, True)
    assert facts["Future"] == (None, False)
    # Two hundred days on nobody is new here any more, and what ran out until then is missing.
    later = gaps(house, SUNDAY + 200 * DAY)
    assert told(later)[CPSS][0] == ["Ended", "Future", "Holds", "On the way", "Ran out", "Sam", "Soon"]
    assert later.newcomers == ()


def test_who_is_new_without_any_training_is_flagged_until_something_is_written(house: House, sam: Actor) -> None:
    assert [each.name for each in gaps(house).newcomers] == ["Sam"]
    learned(sam, house, 1)
    assert gaps(house).newcomers == ()


def test_an_issuer_that_may_not_certify_any_more_is_told_of(house: House, lead: Actor) -> None:
    over = wanted(kind=Kind.CREDENTIAL, name="Paper", issuer="The Board", issuer_until=TODAY - DAY)
    rules.add_rules(lead, house.id, over, since=TODAY, now=SUNDAY)
    assert [each.newest.issuer for each in gaps(house).issuers_over] == ["The Board"]
