"""A house with one of everything: each state of a door, each row that an address may name, each role.

`fill` is how a test gets something behind every address, in a house of its own and in another beside it. Words
that only the house's own people may read are `canaries`: they turn up nowhere else.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import ApiToken, Display, Draft, Invitation, Membership, Person, SignIn, Tablet
from respite.accounts.roles import Role
from respite.activities.service import Wanted as ActivityWanted
from respite.activities.service import set_activity
from respite.audit.service import lock_stream
from respite.concerns.models import Concern
from respite.concerns.service import Told, tell_inside
from respite.core.clock import StillClock, machine_now
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.followup.caring.models import CaringPlan, CaringText
from respite.followup.policy.steps import Way
from respite.followup.service.choosing import choose_for
from respite.guest_page.models import PlanPart
from respite.guests.models import (
    AskKind,
    EarlierWord,
    Guest,
    GuestAsk,
    LeftLine,
    NamelessIdea,
    Stay,
    Topic,
    Undoable,
    Waiting,
    YesAsk,
)
from respite.guests.policy.bed_fit import Says
from respite.guests.policy.offers import How
from respite.guests.policy.stay_states import EndKind
from respite.guests.policy.transfers import Goes
from respite.guests.service import arriving, asks, contacts, leaving, notes, offering, saving, visits, waiting
from respite.guests.service.agreements import write_version
from respite.guests.service.apart import say_apart
from respite.guests.service.died import say_died
from respite.guests.service.funder import ask_question
from respite.guests.service.leaving import Ending
from respite.guests.service.nameless_ideas import keep_idea_inside
from respite.guests.service.people import Named, Nameless
from respite.guests.service.promised import promise_guest
from respite.guests.service.rule_answers import answer_rule
from respite.guests.service.transfers import hear_for_outside
from respite.handoff.service.entries import write_entry
from respite.handoff.service.giving import Given, give
from respite.houses.policy.bed_rules import RuleKind, RuleWords
from respite.houses.policy.elsewhere import PlaceKind, PlaceWords
from respite.houses.queries import beds_of, chairs_of
from respite.houses.service import chairs, doors, furnishing, gatherings
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.details import change_house
from respite.houses.service.elsewhere import add_place
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from respite.moments.farewells.models import PersonToTell
from respite.moments.models import SupportOffer
from respite.moments.service.accounts import ask_on_page
from respite.moments.service.lines import add_fact
from respite.moments.service.telling import begin as begin_moment
from respite.promises.service.acts import Wanted as Promised
from respite.promises.service.acts import give as give_promise
from respite.resources.cards.models import ResourceCard
from respite.resources.connections.policy import Category
from respite.resources.connections.service.telling import Offered, offer, steps_of
from respite.resources.disclosures.policy import How as ToldHow
from respite.resources.disclosures.policy import mark_of
from respite.resources.disclosures.service import Wanted as Words
from respite.resources.disclosures.service import agree_here, tell, write_down
from respite.resources.service.uploads import Sent, keep_file, looked_at
from respite.staffing.models import CallIn, ClinicalPage, Shift
from respite.staffing.policy.credentials import Kind, RuleSet
from respite.staffing.policy.patterns import Asked
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.service import offers, swaps
from respite.staffing.service.availability import ask_time_off
from respite.staffing.service.choosing_weeks import begin_week
from respite.staffing.service.credential_rules import Wanted, add_rules
from respite.staffing.service.credentials import add_credential
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.peer_words import add_word
from respite.staffing.service.reflections import write_reflection
from respite.staffing.service.rosters import begin_roster
from respite.staffing.service.runs import begin_run, stop_run
from respite.staffing.service.shifts import put_on
from respite.staffing.service.together import add_time
from respite.staffing.service.training import add_training
from tests.directories import Directory
from tests.inboxes import HOUR, SAM, asked_to_read, knows, ours, writes
from tests.places import SUNDAY, settings_for

ONE_DAY = timedelta(days=1)
ZONE = "America/Denver"
#: Whom a signed-in session can be of; a display has no account.
STAFF_ROLES = tuple(role for role in Role if role is not Role.DISPLAY)


@pytest.fixture(scope="session")
def two_full_houses(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, key_file: Path
) -> tuple[Path, FullHouse, FullHouse]:
    """A database file with Juniper House and Aspen House, filled once; each test gets a copy of it."""
    path = tmp_path_factory.mktemp("full") / "houses.db"
    shutil.copy(migrated_sqlite, path)
    app = create_app(settings_for(f"sqlite:///{path}", key_file), house_clock=StillClock(SUNDAY))
    with app.app_context():
        both = fill("Juniper House", SUNDAY), fill("Aspen House", SUNDAY, mark="Ocelot")
        db.session.remove()
        db.engine.dispose()
    return path, *both


@dataclass(frozen=True)
class FullHouse:
    id: uuid.UUID
    slug: str
    #: What stands in an address, by the name it has there: `bed_id`, `stay_id` and so on.
    ids: dict[str, str]
    people: dict[Role, uuid.UUID]
    tokens: dict[Role, str]
    sessions: dict[Role, str]
    display_token: str
    canaries: tuple[str, ...]


def fill(name: str, now: datetime, *, mark: str = "Quetzal") -> FullHouse:
    """Open a house and put one of everything into it. `mark` is in every word that is a canary."""
    house = open_house(
        COMMAND, name=name, kind="both", timezone=ZONE, beds=[f"{mark} {n}" for n in range(1, 8)], chairs=4, now=now
    )
    change_rules(COMMAND, house.id, {"nameless_stays": True}, number_seen=None, now=now)
    change_house(
        COMMAND,
        house.id,
        name=name,
        kind="both",
        timezone=ZONE,
        language="en",
        phone="+13035550142",
        shares_availability=False,
        now=now,
    )
    people = {role: _person(house.id, role, now) for role in STAFF_ROLES}
    words = (
        "Ana",
        "Bo",
        "Cy",
        "Di",
        "Eve",
        "wish",
        "note",
        "ask",
        "text",
        "word",
        "before",
        "step",
        "idea",
        "entry",
        "handed",
        "Zo",
        "Ira",
    )
    canaries = tuple(f"{mark}-{what}" for what in words)
    ids = {"slug": house.slug, "house_id": str(house.id), "person_id": str(people[Role.PEER]), "template": "trying"}
    ids |= _stays(house.id, mark, now) | _living_room(house.id, mark, now) | _furniture(house.id, now)
    ids |= _bed_rules(house.id, mark, now)
    ids |= _hard_moment(house.id, people[Role.PEER], uuid.UUID(ids["guest_id"]), mark, now)
    ids |= _connection(people[Role.PEER], house.id, uuid.UUID(ids["guest_id"]), mark, now)
    ids["person_to_tell_id"] = str(_farewell(house.id, people, mark, now))
    ids["caring_plan_id"] = str(_kind_words(house.id, people[Role.PEER], uuid.UUID(ids["guest_id"]), mark, now))
    ids["concern_id"] = str(_concern(house.id, people[Role.PEER], mark, now))
    ids["text_id"] = str(write_version(COMMAND, house.id, Topic.COMMUNITY, {"en": "Be kind."}, now=now).id)
    ids["idea_id"] = str(_idea(house.id, mark, now))
    ids["service_id"] = str(Directory(f"near {name}").plant("Elm Street Pantry", phone="+13035550111"))
    ids |= _shifts(house.id, people[Role.PEER], people[Role.VOLUNTEER], now)
    ids |= _texts(house.id, mark, now)
    ids |= _handoff(house.id, mark, now)
    ids |= _roster(house.id, now)
    ids["off_id"] = _time_off(house.id, people[Role.PEER], now)
    ids["word_id"] = str(add_word(COMMAND, house.id, WordKind.TITLE, "Companion", now=now).id)
    ids |= _credentials(house.id, people, mark, now)
    display_token, tablet_token = f"display of {name}", f"tablet of {name}"
    ids |= _devices(house.id, people[Role.DIRECTOR], display_token, tablet_token)
    tokens = {role: f"{role} of {name}" for role in Role}
    ids["token_id"] = str(_tokens(house.id, tokens)[Role.VOLUNTEER])
    sessions = {role: f"session of {role} of {name}" for role in STAFF_ROLES}
    sign_ins = _sign_ins(people, sessions)
    ids["sign_in_id"] = str(sign_ins[Role.PEER])
    ids["draft_id"] = str(_draft(people[Role.PEER], f"/stays/{ids['stay_id']}/notes/new", f"{mark}-ask"))
    ids["undoable_id"] = str(_undoable_of(house.id, people[Role.PEER]))
    return FullHouse(house.id, house.slug, ids, people, tokens, sessions, display_token, canaries)


def actor_of(house: FullHouse, role: Role) -> Actor:
    return Actor(ActorKind.PERSON, house.people[role], {house.id: role})


def _person(house_id: uuid.UUID, role: Role, now: datetime) -> uuid.UUID:
    with transaction() as session:
        person = Person(
            email=f"{role}-{uuid.uuid4().hex[:10]}@example.org", name=f"Pat {role}", password_hash=None, made_at=now
        )
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, house_id=house_id, role=role, began_at=now))
        session.add(
            Invitation(person_id=person.id, token_hash=digest(uuid.uuid4().hex), made_at=now, until=now + ONE_DAY)
        )
    return person.id


def _earlier(house_id: uuid.UUID, guest_id: uuid.UUID, mark: str, now: datetime) -> str:
    """What a guest was called before."""
    row = EarlierWord(house_id=house_id, guest_id=guest_id, what="name", until=now, changed_by=COMMAND.ref)
    row.words = f"{mark}-before"
    with transaction() as session:
        session.add(row)
    return str(row.id)


def _plan(house_id: uuid.UUID, guest_id: uuid.UUID, mark: str, now: datetime) -> str:
    """A step of a guest's plan that they share."""
    row = PlanPart(house_id=house_id, guest_id=guest_id, kind="step", made_at=now, shared_at=now)
    row.words = f"{mark}-step"
    with transaction() as session:
        session.add(row)
    return str(row.id)


def _stays(house_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    beds = [bed.id for bed in beds_of(db.session(), house_id)]
    tonight = now.astimezone(UTC).date()
    here = arriving.welcome_new(
        COMMAND,
        house_id,
        who=Named(f"{mark}-Ana", phone="303 555 0143", pronouns="she/her"),
        nights=3,
        bed_id=beds[0],
        companions={"animal": 1},
        now=now,
    )
    arriving.welcome_new(COMMAND, house_id, who=Nameless(), nights=1, bed_id=beds[1], now=now)
    saved = saving.save_bed(
        COMMAND, house_id, who=Named(f"{mark}-Bo"), nights=2, bed_id=beds[2], coming=f"{mark}-wish", now=now
    )
    gone = arriving.welcome_new(
        COMMAND, house_id, who=Named(f"{mark}-Cy"), nights=2, bed_id=beds[3], at=now - ONE_DAY, now=now
    )
    ending = Ending(kind=EndKind.TAKEN_BY_AMBULANCE, who_called=leaving.WhoCalled.GUEST, guest_chose=True)
    leaving.leave(COMMAND, gone.id, ending=ending, follow_up=True, now=now)
    choose_for(COMMAND, here.id, {"d7": Way.CALL}, now=now)
    closure = doors.close_bed(
        COMMAND, beds[4], first_night=tonight, until=tonight + 3 * ONE_DAY, reason="paint", now=now
    )
    later = saving.save_bed(
        COMMAND,
        house_id,
        who=Named(f"{mark}-Di"),
        nights=1,
        bed_id=beds[5],
        first_night=tonight + 2 * ONE_DAY,
        now=now,
    )
    ask_id = _ask(here, mark, now)
    assert here.guest_id is not None
    note = notes.make_note(COMMAND, here.id, f"{mark}-note", now=now)
    promise = promise_guest(COMMAND, here.id, Promised(words=f"{mark}-word"), now=now)
    apart = say_apart(COMMAND, uuid.UUID(str(here.guest_id)), f"{mark}-Zo", now=now)
    with transaction() as session:
        ask = YesAsk(
            house_id=house_id, what="chair", first=tonight, until=tonight, asked_by="clock", asked_at=now, for_wishes=[]
        )
        ask.name = f"{mark}-Zo"
        session.add(ask)
    notes.leave_line(COMMAND, house_id, "The kettle is the good one.", now=now)
    return {
        "bed_id": str(beds[6]),
        "stay_id": str(here.id),
        "other_stay_id": str(saved.id),
        "later_stay_id": str(later.id),
        "guest_id": str(here.guest_id),
        "earlier_id": _earlier(house_id, here.guest_id, mark, now),
        "part_id": _plan(house_id, here.guest_id, mark, now),
        "closure_id": str(closure.id),
        "note_id": str(note.id),
        "ask_id": str(ask_id),
        "promise_id": str(promise.id),
        "apart_wish_id": str(apart.id),
        "yes_ask_id": str(ask.id),
        "line_id": str(db.session.scalar(sa.select(LeftLine.id).where(LeftLine.house_id == house_id))),
    }


def _handoff(house_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    entry = write_entry(COMMAND, house_id, f"{mark}-entry", now=now)
    handoff = give(COMMAND, house_id, Given(words=f"{mark}-handed"), last_seen=None, now=now)
    return {"log_entry_id": str(entry.id), "handoff_id": str(handoff.id)}


def _hard_moment(house_id: uuid.UUID, peer: uuid.UUID, guest_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    """One that the peer began, with a line; a guest is asked how it was, and the peer is offered a talk."""
    by = Actor(ActorKind.PERSON, peer, {house_id: Role.PEER})
    moment = begin_moment(by, house_id, title="something-broke", now=now)
    fact = add_fact(by, moment.id, f"{mark}-entry", now=now)
    account = ask_on_page(by, moment.id, guest_id, now=now)
    support = db.session.scalars(sa.select(SupportOffer.id).where(SupportOffer.moment_id == moment.id)).one()
    db.session.rollback()
    return {
        "moment_id": str(moment.id),
        "fact_id": str(fact.id),
        "account_id": str(account.id),
        "support_id": str(support),
    }


def _connection(peer: uuid.UUID, house_id: uuid.UUID, guest_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    """Something that a guest was offered and wants, and what somebody was told with their yes."""
    by = Actor(ActorKind.PERSON, peer, {house_id: Role.PEER})
    row = offer(by, guest_id, Offered(Category.COMMUNITY, place=f"{mark}-word"), wanted=True, now=now)
    step = steps_of(db.session(), row.id)[-1]
    db.session.rollback()
    words, day = f"{mark}-word", now.date() + ONE_DAY
    told = write_down(by, guest_id, Words(f"{mark}-ask", f"{mark}-note", words, day, once=False), now=now)
    agree_here(by, told.id, mark_of(words), now=now)
    line = tell(by, told.id, ToldHow.PHONE, mark_of(words), now=now)
    return {
        "connection_id": str(row.id),
        "connection_step_id": str(step.id),
        "disclosure_id": str(told.id),
        "disclosure_told_id": str(line.id),
        "resource_card_id": _card(house_id, now),
        "upload_id": _upload(now),
    }


def _upload(now: datetime) -> str:
    """A file of the directory that waits to be loaded, a spreadsheet with something to say of it."""
    sheet = b"Agency,Phone\nOpen Door,(303) 555-0142\nKettle,call us\n"
    told = Sent("county.csv", sheet, "County list", whole=True)
    columns = {"Agency": "organization.name", "Phone": "phone.number"}
    upload = keep_file(COMMAND, told, looked_at(db.session(), told, now, columns), now=now)
    return str(upload.id)


def _card(house_id: uuid.UUID, now: datetime) -> str:
    """A card of one place of the directory, which is no house's."""
    with transaction() as session:
        card = ResourceCard(house_id=house_id, made_by=COMMAND.ref, made_at=now, until=now + 60 * ONE_DAY)
        session.add(card)
    return str(card.id)


def _farewell(house_id: uuid.UUID, people: dict[Role, uuid.UUID], mark: str, now: datetime) -> uuid.UUID:
    """Somebody who waited has died: who is on the list since they had promised them something."""
    row = waiting.add_waiting(COMMAND, house_id, who=Named(f"{mark}-Ira"), asked=waiting.Asked(), now=now)
    assert row.guest_id is not None
    wanted = Promised(f"{mark}-word", subject=("guest", row.guest_id), owner_id=people[Role.PEER])
    give_promise(COMMAND, house_id, wanted, now=now)
    say_died(Actor(ActorKind.PERSON, people[Role.DIRECTOR], {house_id: Role.DIRECTOR}), row.guest_id, now=now)
    found = db.session.scalars(sa.select(PersonToTell.id).where(PersonToTell.house_id == house_id)).one()
    db.session.rollback()
    return found


def _kind_words(house_id: uuid.UUID, peer: uuid.UUID, guest_id: uuid.UUID, mark: str, now: datetime) -> uuid.UUID:
    """What the peer wrote to a guest beforehand."""
    with transaction() as session:
        plan = CaringPlan(house_id=house_id, guest_id=guest_id, writer_id=peer, discreet=False, began_at=now)
        session.add(plan)
        session.flush()
        text = CaringText(house_id=house_id, plan_id=plan.id, guest_id=guest_id, place=0, due_at=now, state="waits")
        text.words = f"{mark}-text"
        session.add(text)
    return plan.id


def _concern(house_id: uuid.UUID, peer: uuid.UUID, mark: str, now: datetime) -> uuid.UUID:
    """What somebody told without a name, to the peer alone."""
    with transaction() as session:
        tell_inside(session, house_id, None, Told(f"{mark}-word", peer, form_key=mark), now)
        return session.scalars(sa.select(Concern.id).where(Concern.house_id == house_id)).one()


def _idea(house_id: uuid.UUID, mark: str, now: datetime) -> uuid.UUID:
    with transaction() as session:
        keep_idea_inside(session, house_id, f"{mark}-idea", mark, now)
        return session.scalars(sa.select(NamelessIdea.id).where(NamelessIdea.house_id == house_id)).one()


def _ask(stay: Stay, mark: str, now: datetime) -> uuid.UUID:
    """What the guest asked from their own page."""
    assert stay.guest_id is not None
    with transaction() as session:
        lock_stream(session, stay.house_id)
        guest = session.get_one(Guest, stay.guest_id)
        asks.ask_inside(session, COMMAND, guest, AskKind.REQUEST, f"{mark}-ask", now)
        found = session.scalars(sa.select(GuestAsk.id).where(GuestAsk.guest_id == guest.id)).one()
    return found


def _living_room(house_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    visit = visits.begin_visit(COMMAND, house_id, who=Named(f"{mark}-Eve"), now=now)
    contact = contacts.note_contact(COMMAND, house_id, "walk-in", now=now)
    row = waiting.add_waiting(
        COMMAND,
        house_id,
        who=Named(f"{mark}-Eve", phone="303 555 0144"),
        asked=waiting.Asked(f"{mark}-wish", nights=2),
        now=now,
    )
    asked = offering.offer_bed(
        COMMAND,
        house_id,
        bed_id=beds_of(db.session(), house_id)[0].id,
        waiting_id=row.id,
        how=How.CALL,
        first_night=now.date() + 90 * ONE_DAY,
        now=now,
    )
    heard = hear_for_outside(COMMAND, row.id, [Goes.HOURS], said_yes=True, now=now)
    return {
        "bed_offer_id": str(asked.id),
        "visit_id": str(visit.id),
        "chair_id": str(chairs_of(db.session(), house_id)[-1].id),
        "waiting_id": str(row.id),
        "contact_id": str(contact.id),
        "transfer_id": str(heard.id),
    }


def _bed_rules(house_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    """Rules about whom the house can offer a bed, one of them answered with no; and where else to turn."""
    add_bed_rule(COMMAND, house_id, RuleWords(RuleKind.AGE, least_age=18), now=now)
    # As many as its mark has letters, so that the last number of one house is none of the other's.
    for _letter in mark:
        last = add_bed_rule(COMMAND, house_id, RuleWords(RuleKind.OWN, words_en="Can they manage stairs?"), now=now)
    waits = db.session.scalar(sa.select(Waiting.guest_id).where(Waiting.house_id == house_id))
    assert waits is not None
    answer_rule(COMMAND, waits, 2, Says.NO, changes_on=_day(now) + 30 * ONE_DAY, now=now)
    place = add_place(COMMAND, house_id, PlaceWords(PlaceKind.HOUSE, "Willow House", phone="+13035550177"), now=now)
    return {"elsewhere_id": str(place.id), "number": str(last.number)}


def _furniture(house_id: uuid.UUID, now: datetime) -> dict[str, str]:
    old_bed = furnishing.add_bed(COMMAND, house_id, name="Attic", now=now)
    furnishing.retire_bed(COMMAND, old_bed.id, now=now)
    old_chair = chairs.add_chair(COMMAND, house_id, name="Stool", now=now)
    chairs.retire_chair(COMMAND, old_chair.id, now=now)
    supper = gatherings.set_gathering(
        COMMAND,
        house_id,
        kind="meal",
        title="Supper",
        day=_day(now),
        begins=time(18),
        ends=time(19),
        now=now,
    )
    garden = set_activity(
        COMMAND,
        house_id,
        ActivityWanted(title="Garden", first_day=_day(now), begins=time(10), ends=time(11), weekly=True),
        now=now,
    )
    question = ask_question(
        COMMAND,
        house_id,
        words_en="How did you come?",
        words_es="¿Cómo viniste?",
        choices_en=["On foot", "By bus"],
        choices_es=["A pie", "En bus"],
        now=now,
    )
    return {
        "question_id": str(question.id),
        "activity_id": str(garden.id),
        "gathering_id": str(supper[0].id),
        "retired_bed_id": str(old_bed.id),
        "retired_chair_id": str(old_chair.id),
    }


def _shifts(house_id: uuid.UUID, peer: uuid.UUID, other: uuid.UUID, now: datetime) -> dict[str, str]:
    wanted = ((peer, "floor", time(8), time(20)), (None, "on-call", time(20), time(8)))
    made: list[Shift] = [
        put_on(COMMAND, house_id, person_id=person, kind=kind, day=_day(now), begins=begins, ends=ends, now=now)
        for person, kind, begins, ends in wanted
    ]
    coming = {"day": _day(now) + ONE_DAY, "begins": time(8), "ends": time(16)}
    made.append(put_on(COMMAND, house_id, person_id=peer, kind="floor", **coming, now=now))
    with transaction() as session:
        call = CallIn(house_id=house_id, asked_by=f"person:{peer}", asked_at=now, until=now + 4 * HOUR)
        session.add(call)
        page = ClinicalPage(house_id=house_id, asked_by=f"person:{peer}", asked_at=now)
        session.add(page)
    asked = Asked(name="Mondays", weekdays=(0,), begins=time(9), ends=time(11))
    (pattern,) = make_patterns(COMMAND, house_id, [asked], first_day=_day(now), now=now)
    offer = offers.start(COMMAND, made[1].id, now=now)
    swap = swaps.ask(Actor(ActorKind.PERSON, peer, {}), made[2].id, other, now=now).swap
    others = {
        "swap_id": swap.id,
        "call_id": call.id,
        "page_id": page.id,
        "pattern_id": pattern.id,
        "offer_id": offer.id,
    }
    return {"shift_id": str(made[0].id), **{name: str(each) for name, each in others.items()}}


def _roster(house_id: uuid.UUID, now: datetime) -> dict[str, str]:
    """A draft of a week with a place in it, a filling of it that is over, and a week in which people choose."""
    first = _day(now) + 30 * ONE_DAY
    draft = begin_roster(COMMAND, house_id, first_day=first, until=first + 7 * ONE_DAY, now=now)
    run = begin_run(COMMAND, draft.id, now=now)
    stop_run(COMMAND, run.id, now=now)
    later = first + 7 * ONE_DAY
    week = begin_week(
        COMMAND, house_id, first_day=later, until=later + 7 * ONE_DAY, choose_until=now + 5 * ONE_DAY, now=now
    )
    place_id = db.session.scalar(
        sa.select(Shift.id).where(Shift.house_id == house_id, Shift.day >= first, Shift.day < later)
    )
    db.session.rollback()
    found = {"roster_id": draft.id, "run_id": run.id, "choosing_id": week.id, "place_id": place_id}
    return {name: str(each) for name, each in found.items()}


def _time_off(house_id: uuid.UUID, peer: uuid.UUID, now: datetime) -> str:
    who = Actor(ActorKind.PERSON, peer, {})
    return str(ask_time_off(who, house_id, _day(now) + 3 * ONE_DAY, _day(now) + 4 * ONE_DAY, now=now).id)


def _texts(house_id: uuid.UUID, mark: str, now: datetime) -> dict[str, str]:
    """Somebody wrote, somebody is asked to read it soon, and a text could not be sent."""
    knows(house_id, f"{mark}-Eve", SAM, now)
    thread, text = writes(house_id, SAM, f"{mark}-text", now - HOUR)
    failed = ours(house_id, SAM, f"{mark}-text", now - HOUR, "needs-human", thread_id=thread, reason="unclear")
    return {
        "thread_id": str(thread),
        "inbound_id": str(text),
        "message_id": str(failed),
        "read_soon_id": str(asked_to_read(house_id, thread, now)),
    }


def _credentials(house_id: uuid.UUID, people: dict[Role, uuid.UUID], mark: str, now: datetime) -> dict[str, str]:
    """What the house asks, what its peer holds, an hour with the supervisor, and what they shared with them."""
    peer, supervisor = people[Role.PEER], people[Role.SUPERVISOR]
    wanted = Wanted(kind=Kind.CREDENTIAL, name=f"{mark} paper", issuer="", issuer_until=None, rules=RuleSet())
    slug = add_rules(COMMAND, house_id, wanted, since=_day(now), now=now).slug
    held = add_credential(COMMAND, house_id, peer, slug=slug, issued_on=_day(now), now=now)
    learned = add_training(COMMAND, house_id, peer, slug=slug, minutes=60, day=_day(now), now=now)
    both = Actor(ActorKind.PERSON, peer, {house_id: Role.PEER})
    (entry,) = add_time(
        both, house_id, people=[peer], with_person_id=supervisor, kind="individual", minutes=60, day=_day(now), now=now
    )
    shared = write_reflection(both, words=f"{mark} and I", share_with=(house_id, supervisor), now=now)
    return {
        "credential_slug": slug,
        "credential_id": str(held.id),
        "training_id": str(learned.id),
        "entry_id": str(entry.id),
        "reflection_id": str(shared.id),
    }


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _devices(house_id: uuid.UUID, director: uuid.UUID, display_token: str, tablet_token: str) -> dict[str, str]:
    now = machine_now()
    display = Display(
        house_id=house_id,
        name="Staff room",
        face="doors",
        token_hash=digest(display_token),
        paired_by=director,
        paired_at=now,
        rolled_at=now,
        seen_at=now,
    )
    tablet = Tablet(house_id=house_id, name="Kitchen", token_hash=digest(tablet_token), made_by=director, made_at=now)
    with transaction() as session:
        session.add_all([display, tablet])
    return {"screen_id": str(display.id), "tablet_id": str(tablet.id)}


def _tokens(house_id: uuid.UUID, tokens: dict[Role, str]) -> dict[Role, uuid.UUID]:
    rows = {
        role: ApiToken(
            house_id=house_id,
            role=role,
            name=f"For {role}",
            token_hash=digest(token),
            made_at=machine_now(),
            used_at=machine_now(),
        )
        for role, token in tokens.items()
    }
    with transaction() as session:
        session.add_all(rows.values())
    return {role: row.id for role, row in rows.items()}


def _sign_ins(people: dict[Role, uuid.UUID], sessions: dict[Role, str]) -> dict[Role, uuid.UUID]:
    now = machine_now()
    rows = {
        role: SignIn(person_id=people[role], token_hash=digest(token), device="A test", began_at=now, seen_at=now)
        for role, token in sessions.items()
    }
    with transaction() as session:
        session.add_all(rows.values())
    return {role: row.id for role, row in rows.items()}


def _draft(person_id: uuid.UUID, path: str, words: str) -> uuid.UUID:
    """What the peer was writing when the screen locked."""
    draft = Draft(person_id=person_id, path=path, form="note", saved_at=machine_now())
    draft.words = words
    with transaction() as session:
        session.add(draft)
    return draft.id


def _undoable_of(house_id: uuid.UUID, peer: uuid.UUID) -> uuid.UUID:
    """An act that its own person could take back."""
    with transaction() as session:
        row = session.scalar(sa.select(Undoable).where(Undoable.house_id == house_id).limit(1))
        assert row is not None
        row.actor = f"{ActorKind.PERSON}:{peer}"
    return row.id


def database_digest(without: Collection[str] = ()) -> str:
    """What the whole database holds, in one word. `without` names tables, or `table.column`s, left out."""
    db.session.rollback()
    found = hashlib.sha256()
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in without:
                continue
            columns = ", ".join(f'"{c.name}"' for c in table.columns if f"{table.name}.{c.name}" not in without)
            # As it lies in the database: making dates and numbers of it would take most of the time.
            rows = sorted(map(repr, connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}"')))
            found.update(f"{table.name}:{rows}".encode())
    return found.hexdigest()
