"""Each act of a stay by its form, with scripts off: done once, undone, refused with what was typed kept."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.audit.models import AccessLog
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.guests.models import Guest, LeftLine, Note, Stay, Visit, Waiting
from respite.guests.policy.stay_states import EndKind, StayState
from respite.guests.service.arriving import welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.notes import leave_line, make_note
from respite.guests.service.people import Named, Nameless
from respite.guests.service.saving import save_bed
from respite.guests.service.visits import begin_visit
from respite.guests.service.waiting import add_waiting
from respite.houses.models import Bed, Chair, House
from respite.houses.queries import beds_of, chairs_of
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.pages import Browser
from tests.people import MakePerson, person, quick_hashes  # noqa: F401  (fixtures)
from tests.places import SUNDAY

SUN = date(2026, 11, 22)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def peer(app: Flask, house: House, person: MakePerson) -> Browser:  # noqa: F811
    person("dana@example.org", {house.id: Role.PEER})
    return Browser(app, "dana@example.org")


@pytest.fixture
def lead(app: Flask, house: House, person: MakePerson) -> Browser:  # noqa: F811
    person("luz@example.org", {house.id: Role.COORDINATOR}, name="Luz")
    return Browser(app, "luz@example.org")


def bed(house: House, number: int) -> Bed:
    return beds_of(db.session(), house.id)[number]


def chair(house: House, number: int) -> Chair:
    return chairs_of(db.session(), house.id)[number]


def the_stay() -> Stay:
    db.session.expire_all()
    return db.session.scalars(sa.select(Stay).order_by(Stay.saved_at.desc())).unique().one()


def fresh(stay: Stay) -> Stay:
    db.session.expire_all()
    return db.session.get_one(Stay, stay.id)


def here(house: House, name: str = "Sam", nights: int = 3, door: int = 0) -> Stay:
    return welcome_new(COMMAND, house.id, who=Named(name), nights=nights, bed_id=bed(house, door).id, now=SUNDAY)


def saved(house: House, name: str = "Jo", nights: int = 2, door: int = 1) -> Stay:
    return save_bed(COMMAND, house.id, who=Named(name), nights=nights, bed_id=bed(house, door).id, now=SUNDAY)


def rules(house: House, **changed: object) -> None:
    change_rules(COMMAND, house.id, changed, number_seen=None, now=SUNDAY)


# -- saving -------------------------------------------------------------------------------------------------------


def test_a_bed_is_saved_and_the_desk_says_until_when(house: House, peer: Browser) -> None:
    page = f"/beds/{bed(house, 0).id}/save"
    answer = peer.fill(page, name="Robin", nights=2, phone="303 555 0142", minutes=60, coming="by bus", with_child=1)
    stay = the_stay()
    assert answer.location == "/houses/juniper-house/board"
    assert stay.guest is not None
    assert (stay.guest.name, stay.guest.phone, stay.coming) == ("Robin", "+13035550142", "by bus")
    assert (stay.first_night, stay.until, stay.saved_until) == (SUN, SUN + 2 * DAY, SUNDAY + HOUR)
    assert [(each.kind, each.number) for each in stay.companions] == [("child", 1)]
    said = peer.follow(answer).text
    assert "Willow is saved until 3:32 pm." in said


def test_the_page_says_beforehand_what_is_open_in_this_bed(house: House, peer: Browser) -> None:
    save_bed(
        COMMAND, house.id, who=Named("Al"), nights=2, bed_id=bed(house, 0).id, first_night=SUN + 3 * DAY, now=SUNDAY
    )
    page = f"/beds/{bed(house, 0).id}/save"
    assert "3 nights are open in Willow from tonight, until Wednesday." in peer.get(page).text
    form = peer.form(page)
    assert (form.fields["nights"], form.fields["first_night"]) == ("3", "2026-11-22")
    assert "Willow is not open on Wednesday. It is from Friday." in peer.get(f"{page}?first_night=2026-11-25").text
    chosen = peer.form(f"{page}?first_night=2026-11-23&nights=2")
    assert (chosen.fields["nights"], chosen.fields["first_night"]) == ("2", "2026-11-23")


def test_undo_of_a_saved_bed_leaves_nobody(house: House, peer: Browser) -> None:
    answer = peer.fill(f"/beds/{bed(house, 0).id}/save", name="Robin", nights=1)
    assert peer.undo(answer).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Guest)) == 0


def test_a_double_tap_saves_one_bed(house: House, peer: Browser) -> None:
    form = peer.form("/houses/juniper-house/save")
    first, second = (peer.send(form, name="Robin", nights=1) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 1


def test_what_was_typed_is_kept_when_something_is_wrong(house: House, peer: Browser) -> None:
    page = f"/beds/{bed(house, 0).id}/save"
    answer = peer.fill(page, name="Robin", nights="four", phone="12", coming="by <bus>")
    assert answer.status_code == 422
    for kept in ('value="Robin"', 'value="four"', 'value="12"', 'value="by &lt;bus&gt;"'):
        assert kept in answer.text
    assert "This must be a whole number from 1 to 366." in answer.text
    assert "This must be a telephone number" in answer.text
    assert peer.fill(page, name="", nights=1).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 0


def test_a_rule_in_the_way_is_said_above_the_form(house: House, peer: Browser) -> None:
    saved(house, door=0)
    answer = peer.fill(f"/beds/{bed(house, 0).id}/save", name="Robin", nights=1)
    assert answer.status_code == 409
    assert "That bed is taken" in answer.text
    assert 'value="Robin"' in answer.text
    too_many = peer.fill(f"/beds/{bed(house, 1).id}/save", name="Robin", nights=8)
    assert too_many.status_code == 409
    assert "The longest stay in this house is 7 nights." in too_many.text


def test_a_name_the_house_knows_is_asked_about(house: House, peer: Browser, clock: StillClock) -> None:
    leave(COMMAND, here(house, "Robin", 1).id, now=SUNDAY + DAY)
    clock.advance(40 * DAY)
    page = f"/beds/{bed(house, 1).id}/save"
    asked = peer.fill(page, name="robin ", nights=2)
    assert asked.status_code == 200
    assert "Has robin been here before?" in asked.text
    assert "Yes: last here in November 2026" in asked.text
    known = db.session.scalars(sa.select(Guest)).one()
    assert peer.fill(page, name="robin ", nights=2, who=known.id).status_code == 303
    assert db.session.scalars(sa.select(Stay).where(Stay.state == StayState.HELD)).unique().one().guest_id == known.id
    assert peer.fill(f"/beds/{bed(house, 2).id}/save", name="Robin", nights=2, who="new").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Guest)) == 2


def test_an_answer_about_somebody_of_another_name_counts_for_nothing(house: House, peer: Browser) -> None:
    other = here(house, "Al", 1)
    here(house, "Robin", 1, door=1)
    answer = peer.fill(f"/beds/{bed(house, 2).id}/save", name="Robin", nights=1, who=other.guest_id)
    assert answer.status_code == 200
    assert "Yes: here now" in answer.text


def test_a_bed_without_a_name_only_where_the_house_offers_it(house: House, peer: Browser) -> None:
    page = f"/beds/{bed(house, 0).id}/save"
    assert "nameless" not in peer.get(page).text
    assert peer.fill(page, name="", nameless="yes", nights=1).status_code == 422
    rules(house, nameless_stays=True)
    assert peer.fill(page, name="", nameless="yes", nights=1).status_code == 303
    assert the_stay().guest_id is None


def test_companions_are_asked_only_where_the_house_takes_them(house: House, peer: Browser) -> None:
    rules(house, animal="no", child="yes")
    text = peer.get(f"/beds/{bed(house, 0).id}/save").text
    assert 'name="with-child"' in text
    assert 'name="with-animal"' not in text
    answer = peer.fill(f"/beds/{bed(house, 0).id}/save", name="Robin", nights=1, with_animal=1)
    assert answer.status_code == 409


def test_until_the_guest_comes_one_tap_each(house: House, peer: Browser) -> None:
    stay = saved(house)
    card = f"/stays/{stay.id}"
    assert peer.fill(card, f"{card}/call").status_code == 303
    assert fresh(stay).call_made_at == SUNDAY
    assert "Saved until 6:32 pm." in peer.follow(peer.fill(card, f"{card}/longer")).text
    assert peer.fill(card, f"{card}/confirmation").status_code == 303
    assert fresh(stay).saved_until is None
    undone = peer.fill(card, f"{card}/let-go")
    assert fresh(stay).state == StayState.LET_GO
    assert peer.undo(undone).status_code == 303
    assert fresh(stay).state == StayState.HELD


# -- arriving -----------------------------------------------------------------------------------------------------


def test_welcoming_is_one_tap(house: House, peer: Browser) -> None:
    stay = saved(house)
    answer = peer.fill(f"/stays/{stay.id}", f"/stays/{stay.id}/arrival")
    assert "Welcome. Aspen is theirs until Tuesday." in peer.follow(answer).text
    assert fresh(stay).state == StayState.HERE


def test_where_the_agreement_is_read_first_a_small_page_asks(house: House, peer: Browser) -> None:
    rules(house, agreement_at_arrival=True)
    stay = saved(house)
    tapped = peer.post(f"/stays/{stay.id}/arrival", {"version": stay.version, "key": "tap"})
    assert tapped.status_code == 422
    assert "the agreement is read together at arrival" in tapped.text
    assert peer.fill(f"/stays/{stay.id}/arrival", agreed="yes").status_code == 303
    assert fresh(stay).agreement_at == SUNDAY


def test_somebody_at_the_door_is_one_field(house: House, peer: Browser) -> None:
    page = f"/beds/{bed(house, 2).id}/arrival"
    assert peer.fill(page, name="Al", nights=2, at="2026-11-22T13:00").status_code == 303
    stay = the_stay()
    assert (stay.state, stay.until, stay.occupies_bed_id) == (StayState.HERE, SUN + 2 * DAY, bed(house, 2).id)
    assert stay.arrived_at == SUNDAY - timedelta(hours=1, minutes=32)
    later = peer.fill(f"/beds/{bed(house, 1).id}/arrival", name="Bo", nights=0, at="2026-11-22T18:00")
    assert later.status_code == 422
    assert "This time has not come yet." in later.text


def test_somebody_still_behind_the_door_and_others_are_offered(house: House, peer: Browser, clock: StillClock) -> None:
    here(house, "Al", 1, door=1)
    clock.advance(DAY)
    late = save_bed(COMMAND, house.id, who=Named("Jo"), nights=1, bed_id=bed(house, 2).id, now=clock.now())
    with transaction() as session:
        session.get_one(Stay, late.id).bed_id = bed(house, 1).id
    answer = peer.post(f"/stays/{late.id}/arrival", {"key": "k"})
    assert answer.status_code == 409
    assert "Somebody is still behind that door." in answer.text
    assert 'name="bed_id"' in answer.text


# -- while they are here ------------------------------------------------------------------------------------------


def test_the_card_shows_what_is_written_and_notes_who_looked(house: House, peer: Browser) -> None:
    stay = here(house)
    for _ in range(2):
        text = peer.get(f"/stays/{stay.id}").text
    assert "Sam" in text
    assert "Until Wednesday, 3 nights." in text
    looks = db.session.scalars(sa.select(AccessLog)).all()
    assert [(look.subject, look.what) for look in looks] == [(stay.guest_id, "stay")]


def test_looking_again_after_an_hour_is_noted_again(house: House, peer: Browser, clock: StillClock) -> None:
    stay = here(house)
    peer.get(f"/stays/{stay.id}")
    clock.advance(HOUR)
    peer.get(f"/stays/{stay.id}")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessLog)) == 2


def test_when_they_have_slept(house: House, peer: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    assert peer.fill(card, f"{card}/settling-in", agreed="yes", lockbox="4", key_out="yes").location == card
    stay = fresh(stay)
    assert (stay.agreement_at, stay.lockbox, stay.lockbox_key_out) == (SUNDAY, "4", True)
    wrong = peer.fill(card, f"{card}/settling-in", lockbox="4 / 5")
    assert wrong.status_code == 422
    assert 'value="4 / 5"' in wrong.text
    assert peer.fill(card, f"{card}/wall", choice="picture", picture="🌻").status_code == 303
    assert fresh(stay).guest.picture == "🌻"  # type: ignore[union-attr]
    assert peer.fill(card, f"{card}/wall", choice="picture", picture=None).status_code == 422


def test_the_wall_is_offered_no_more_than_the_house_lets(house: House, peer: Browser) -> None:
    rules(house, wall_most="picture")
    stay = here(house)
    card = f"/stays/{stay.id}"
    assert 'value="initial"' not in peer.get(card).text
    assert peer.fill(card, f"{card}/wall", choice="name").status_code == 409


def test_out_and_back(house: House, peer: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    answer = peer.fill(card, f"{card}/out", back_about="17:00")
    assert "Out, back about 5 pm." in peer.follow(answer).text
    assert "here, out and back about 5 pm" in peer.get(card).text
    assert fresh(stay).back_about == SUNDAY + timedelta(hours=2, minutes=28)
    assert peer.fill(card, f"{card}/back").status_code == 303
    assert fresh(stay).out_since is None
    assert peer.post(f"{card}/out", {"key": "desk"}).location == "/houses/juniper-house/board"


def test_a_time_already_past_today_means_tomorrow(house: House, peer: Browser) -> None:
    stay = here(house)
    peer.fill(f"/stays/{stay.id}", f"/stays/{stay.id}/out", back_about="09:00")
    assert fresh(stay).back_about == SUNDAY + timedelta(hours=18, minutes=28)


def test_wishes_company_and_a_line(house: House, peer: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    assert peer.fill(card, f"{card}/check-in", wish="at 8 pm").status_code == 303
    assert peer.fill(card, f"{card}/companions", with_child=2, with_animal=1).status_code == 303
    stay = fresh(stay)
    assert stay.check_in_wish == "at 8 pm"
    assert "With 1 animal, 2 children." in peer.get(card).text
    assert peer.fill(card, f"{card}/line", words="The porch is best at six.").status_code == 303
    line = db.session.scalars(sa.select(LeftLine)).one()
    assert (line.words, line.guest_id) == ("The porch is best at six.", stay.guest_id)
    assert peer.fill(card, f"/lines/{line.id}/taken-down").location == card
    assert peer.fill(card, f"{card}/line", words="x" * 121).status_code == 422


def test_notes_are_kept_passed_on_and_taken_back(house: House, peer: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    answer = peer.fill(f"{card}/notes/new?back={card}", f"{card}/notes/new", words="Please wake me\nat seven.")
    assert answer.location == card
    note = db.session.scalars(sa.select(Note)).one()
    assert note.words == "Please wake me\nat seven."
    passed = peer.follow(peer.fill(card, f"/notes/{note.id}/passed-on"))
    assert "passed on" in passed.text
    peer.undo(passed)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Note)).one().passed_on_at is None
    assert peer.fill(f"{card}/notes/new", words=" ").status_code == 422


def test_name_and_phone_change_and_the_second_editor_is_told(house: House, peer: Browser, lead: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    early = lead.form(card, f"{card}/name")
    assert peer.fill(card, f"{card}/name", name="Sami", pronouns="they", phone="303-555-0142").status_code == 303
    late = lead.send(early, name="Samuel")
    assert late.status_code == 412
    assert 'value="Samuel"' in late.text
    assert "Somebody changed this while you had it open." in late.text
    db.session.expire_all()
    guest = db.session.scalars(sa.select(Guest)).one()
    assert (guest.name, guest.pronouns, guest.phone) == ("Sami", "they", "+13035550142")
    assert "Sami" in late.text


def test_a_stale_card_changes_nothing(house: House, peer: Browser, lead: Browser) -> None:
    stay = here(house)
    card = f"/stays/{stay.id}"
    old = lead.form(card, f"{card}/settling-in")
    assert peer.fill(card, f"{card}/companions", with_child=1).status_code == 303
    assert lead.send(old, lockbox="9").status_code == 412
    assert fresh(stay).lockbox is None


def test_another_door_the_free_ones_first(house: House, peer: Browser) -> None:
    stay = here(house)
    saved(house, door=1)
    page = peer.get(f"/stays/{stay.id}/move")
    assert "Move to Sage" in page.text
    assert "Move to Aspen" not in page.text
    assert "saved from tonight" in page.text
    answer = peer.fill(f"/stays/{stay.id}/move")
    done = peer.follow(answer)
    assert "Their door is Sage now." in done.text
    assert fresh(stay).occupies_bed_id == bed(house, 2).id
    peer.undo(done)
    assert fresh(stay).occupies_bed_id == bed(house, 0).id


def test_two_guests_change_doors(house: House, peer: Browser) -> None:
    one, two = here(house, "Sam", door=0), here(house, "Rosa", door=1)
    answer = peer.fill(f"/stays/{one.id}/swap")
    assert "Changed doors: Aspen and Willow." in peer.follow(answer).text
    assert fresh(one).occupies_bed_id == bed(house, 1).id
    assert fresh(two).occupies_bed_id == bed(house, 0).id


def test_a_third_in_the_way_of_a_change_is_named(house: House, peer: Browser) -> None:
    one = here(house, "Sam", nights=3, door=0)
    here(house, "Rosa", nights=1, door=1)
    save_bed(COMMAND, house.id, who=Named("Al"), nights=1, bed_id=bed(house, 1).id, first_night=SUN + DAY, now=SUNDAY)
    text = peer.get(f"/stays/{one.id}/swap").text
    assert "Aspen: saved from Monday" in text


def test_a_longer_stay_says_what_is_possible(house: House, peer: Browser, lead: Browser) -> None:
    stay = here(house)
    page = f"/stays/{stay.id}/extension"
    assert "3 more nights are open, until Saturday." in peer.get(page).text
    asked = peer.fill(page, nights=2)
    assert asked.status_code == 409
    assert "Please ask a coordinator" in asked.text or "leave room for 2 more nights" in asked.text
    too_many = lead.fill(page, nights=5)
    assert too_many.status_code == 409
    assert "room for 3 more nights" in too_many.text
    assert lead.fill(page, nights=2).status_code == 303
    assert fresh(stay).until == SUN + 5 * DAY


def test_the_nights_as_a_guest_may_be_shown_them(house: House, peer: Browser) -> None:
    stay = here(house, nights=7)
    text = peer.get(f"/stays/{stay.id}").text
    assert "No more nights are open right after that." in text
    assert "A new full stay is open from 22 December." in text


# -- leaving ------------------------------------------------------------------------------------------------------


def test_leaving_in_one_tap(house: House, peer: Browser) -> None:
    stay = here(house)
    answer = peer.fill(f"/stays/{stay.id}/leaving")
    done = peer.follow(answer)
    assert "They have left. Willow is getting ready." in done.text
    assert (fresh(stay).ended_how, fresh(stay).follow_up_wanted) == (EndKind.SOONER_OWN_CHOICE, None)
    peer.undo(done)
    assert fresh(stay).state == StayState.HERE


def test_being_asked_to_leave_needs_its_facts_and_the_guest_reads_them(house: House, lead: Browser) -> None:
    stay = here(house)
    page = f"/stays/{stay.id}/leaving"
    missing = lead.fill(page, how="asked-to-leave", rule_number="4", how_to_ask_again="Call Luz.")
    assert missing.status_code == 422
    assert "Call Luz." in missing.text
    answer = lead.fill(
        page,
        how="asked-to-leave",
        rule_number="4",
        how_to_ask_again="Call Luz.",
        may_return_on="2026-12-01",
        follow_up="yes",
        at="2026-11-22T14:32",
    )
    assert answer.status_code == 303
    text = lead.get(f"/stays/{stay.id}").text
    for fact in ("The house asked them to leave.", "Call Luz.", "1 December", "Luz", "Sunday, 2:32 pm"):
        assert fact in text
    assert fresh(stay).follow_up_wanted is True
    card = f"/stays/{stay.id}"
    told = lead.follow(lead.fill(card, f"{card}/account", words="I was only late."))
    assert "I was only late." in told.text
    lead.undo(told)
    assert fresh(stay).own_account is None


def test_an_ambulance_and_whether_they_chose_it(house: House, peer: Browser) -> None:
    stay = here(house)
    page = f"/stays/{stay.id}/leaving"
    assert peer.fill(page, how="taken-by-ambulance").status_code == 422
    assert peer.fill(page, how="taken-by-ambulance", who_called="guest", guest_chose="yes").status_code == 303
    assert fresh(stay).guest_chose is True
    text = peer.get(f"/stays/{stay.id}").text
    assert "The guest called." in text
    assert "They chose it." in text


def test_leaving_entered_late_in_the_hour_that_comes_twice(house: House, peer: Browser, clock: StillClock) -> None:
    """On 1 November 2026 the clocks in Denver show 1:30 at 07:30 and again at 08:30 UTC."""
    begin = SUNDAY.replace(month=11, day=1, hour=8, minute=10)
    clock.at = begin + timedelta(minutes=30)
    stay = welcome_new(COMMAND, house.id, who=Named("Sam"), nights=1, bed_id=bed(house, 0).id, now=begin)
    assert peer.fill(f"/stays/{stay.id}/leaving", at="2026-11-01T01:30").status_code == 303
    assert fresh(stay).left_at == begin + timedelta(minutes=20)


# -- the living room ----------------------------------------------------------------------------------------------


def test_a_visit_comes_and_goes(house: House, peer: Browser) -> None:
    answer = peer.fill("/houses/juniper-house/visits/new", name="", chair_id=chair(house, 1).id)
    assert "Welcome. Chair 2 is theirs." in peer.follow(answer).text
    visit = db.session.scalars(sa.select(Visit)).one()
    assert visit.guest_id is None
    end = peer.post(f"/visits/{visit.id}/departure", {"version": visit.version, "key": "end"})
    assert "Chair 2 is free." in peer.follow(end).text
    again = peer.post(f"/visits/{visit.id}/departure", {"key": "again"})
    assert again.status_code == 409
    assert "This visit has ended already." in again.text


def test_from_the_chair_to_a_bed(house: House, peer: Browser) -> None:
    visit = begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    page = f"/visits/{visit.id}/bed"
    assert peer.fill(page, name="", nights=1).status_code == 422
    answer = peer.fill(page, name="Al", nights=1, bed_id=bed(house, 1).id)
    assert "Welcome. Aspen is theirs until Monday." in peer.follow(answer).text
    db.session.expire_all()
    assert db.session.scalars(sa.select(Visit)).one().went_to_stay_id == the_stay().id


def test_a_quiet_notice_is_put_away(house: House, peer: Browser) -> None:
    visit = begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    seen = peer.post(f"/visits/{visit.id}/notice", {"minutes": "1200", "key": "k"})
    db.session.expire_all()
    assert db.session.scalars(sa.select(Visit)).one().notices_seen == 1200
    peer.undo(seen)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Visit)).one().notices_seen == 0
    assert peer.post(f"/visits/{visit.id}/notice", {"minutes": "soon", "key": "l"}).status_code == 422


# -- waiting ------------------------------------------------------------------------------------------------------


def test_somebody_waits_and_a_bed_ends_the_waiting(house: House, peer: Browser) -> None:
    page = "/houses/juniper-house/waiting"
    assert peer.fill(page, name="Ida", wish="ground floor", nights=3, phone="303 555 0142").location == page
    add_waiting(COMMAND, house.id, who=Named("Wes"), since=SUNDAY - DAY, now=SUNDAY)
    text = peer.get(page).text
    assert text.index("Wes") < text.index("Ida")
    asked = peer.fill(page, name="ida").text
    assert asked.count('#not-yet"') == asked.count('id="not-yet"') == 1, "it opens at the question, not at the list"
    assert 'id="not-yet"' not in text
    ida = next(row for row in db.session.scalars(sa.select(Waiting)) if row.name == "Ida")
    form = peer.form(f"/houses/juniper-house/save?waiting_id={ida.id}&back={page}", "/houses/juniper-house/save")
    assert (form.fields["nights"], "name" in form.fields) == ("3", False)
    answer = peer.send(form)
    assert answer.location == page
    db.session.expire_all()
    gone = db.session.get_one(Waiting, ida.id)
    assert (gone.ended_how, gone.name, gone.wish) == ("saved", "Ida", None)
    assert db.session.scalars(sa.select(Stay)).unique().one().guest_id == gone.guest_id
    peer.undo(answer)
    db.session.expire_all()
    back = db.session.get_one(Waiting, ida.id)
    assert (back.ended_at, back.name, back.wish) == (None, "Ida", "ground floor")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 0


def test_taken_off_the_list_by_two(house: House, peer: Browser, lead: Browser) -> None:
    row = add_waiting(COMMAND, house.id, who=Named("Wes"), now=SUNDAY)
    page, off = "/houses/juniper-house/waiting", f"/waiting/{row.id}/off"
    both = [browser.form(page, off) for browser in (peer, lead)]
    assert peer.send(both[0]).location == page
    assert lead.send(both[1]).status_code == 412


# -- roll-call and the calculator ---------------------------------------------------------------------------------


def test_roll_call_counts_doors_and_names_nobody(house: House, peer: Browser) -> None:
    stay = welcome_new(
        COMMAND, house.id, who=Named("Sam"), nights=1, bed_id=bed(house, 0).id, companions={"child": 2}, now=SUNDAY
    )
    rosa = here(house, "Rosa", door=1)
    begin_visit(COMMAND, house.id, who=Named("Ida"), now=SUNDAY)
    peer.fill(f"/stays/{rosa.id}", f"/stays/{rosa.id}/out")
    text = peer.get("/houses/juniper-house/roll-call").text
    assert "<strong>4</strong> people in the house" in text
    assert "1 guest out" in text
    assert "2 children" in text
    assert "Chair 1" in text
    assert not [name for name in ("Sam", "Rosa", "Ida") if name in text]
    assert str(stay.id) not in text


def test_the_calculator_reads_aloud(house: House, peer: Browser, clock: StillClock) -> None:
    page = "/houses/juniper-house/nights"
    assert "A full stay of 7 nights is open from tonight." in peer.get(page).text
    leave(COMMAND, here(house, "Robin", 4).id, now=SUNDAY + 4 * DAY)
    clock.advance(5 * DAY)
    answer = peer.fill(page, name="Robin")
    assert answer.status_code == 200
    assert "3 nights are open from tonight, a full stay from 19 December." in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessLog)) == 1
    assert "Nobody by that name has been here." in peer.fill(page, name="Zoe").text
    assert peer.fill(page, name="Robin", first_night="soon").status_code == 422


# -- who may ------------------------------------------------------------------------------------------------------


def test_forgetting_asks_once_and_is_a_coordinators(house: House, peer: Browser, lead: Browser) -> None:
    stay = here(house)
    page = f"/stays/{stay.id}/forgetting"
    assert peer.get(page).status_code == 404
    assert "Forget everything" not in peer.get(f"/stays/{stay.id}").text
    assert lead.fill(page, sure="yes").status_code == 409
    leave(COMMAND, stay.id, now=SUNDAY)
    assert lead.fill(page).status_code == 422
    assert lead.fill(page, sure="yes").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Guest)) == 0
    assert "A stay without a name" in lead.get(f"/stays/{stay.id}").text


@pytest.mark.parametrize(
    "role",
    [Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL, None],
    ids=["volunteer", "reader", "clinical", "elsewhere"],
)
def test_who_may_not_see_guests_finds_nothing(app: Flask, house: House, person: MakePerson, role: Role | None) -> None:  # noqa: F811
    stay, visit = here(house), begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    row = add_waiting(COMMAND, house.id, who=Named("Wes"), now=SUNDAY)
    elsewhere = open_house(COMMAND, name="Other", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    person("vic@example.org", {house.id: role} if role else {elsewhere.id: Role.DIRECTOR})
    browser = Browser(app, "vic@example.org")
    for path in addresses(house, stay, visit, row):
        assert browser.get(path).status_code in (404, 405), path
        assert browser.post(path, {"key": uuid.uuid4().hex, "name": "X", "nights": "1"}).status_code in (404, 405), path
    assert fresh(stay).state == StayState.HERE


def addresses(house: House, stay: Stay, visit: Visit, row: Waiting) -> list[str]:
    card = f"/stays/{stay.id}"
    acts = (
        "arrival settling-in wall check-in companions out back name line account leaving forgetting move swap extension"
        " notes/new confirmation longer call let-go"
    ).split()
    return [
        card,
        *(f"{card}/{act}" for act in acts),
        *(f"/beds/{bed(house, 0).id}/{act}" for act in ("save", "arrival")),
        *(f"/houses/{house.slug}/{page}" for page in ("save", "visits/new", "waiting", "nights")),
        *(f"/visits/{visit.id}/{act}" for act in ("departure", "notice", "bed")),
        f"/waiting/{row.id}/off",
    ]


def test_a_stranger_is_led_to_the_door(app: Flask, house: House) -> None:
    stay = here(house)
    stranger = Browser(app)
    assert stranger.get(f"/stays/{stay.id}").status_code in (303, 404)
    assert stranger.post(f"/stays/{stay.id}/leaving", {}).status_code in (303, 404)
    assert fresh(stay).state == StayState.HERE


def test_a_bed_of_another_house_is_no_bed(house: House, peer: Browser) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    stay = here(house)
    assert peer.get(f"/beds/{bed(other, 0).id}/save").status_code == 404
    assert peer.post(f"/stays/{stay.id}/move", {"bed_id": bed(other, 0).id, "key": "k"}).status_code == 404
    answer = peer.fill("/houses/juniper-house/save", name="Robin", nights=1, bed_id=bed(other, 0).id)
    assert answer.status_code == 404


def test_only_whoever_did_it_takes_it_back(house: House, peer: Browser, lead: Browser) -> None:
    answer = peer.fill(f"/beds/{bed(house, 0).id}/save", name="Robin", nights=1)
    undo = next(part for part in peer.follow(answer).text.split('"') if part.startswith("/undo/"))
    assert lead.post(undo, {"key": "k"}).status_code == 404
    assert peer.post(undo, {"key": "k"}).status_code == 303


def test_a_stay_without_a_name_has_no_notes_and_no_page_of_words(house: House, peer: Browser) -> None:
    rules(house, nameless_stays=True)
    stay = welcome_new(COMMAND, house.id, who=Nameless(), nights=1, bed_id=bed(house, 0).id, now=SUNDAY)
    card = f"/stays/{stay.id}"
    text = peer.get(card).text
    assert "A stay without a name" in text
    assert "notes/new" not in text
    assert peer.post(f"{card}/name", {"name": "X", "key": "k"}).status_code == 404
    assert peer.post(f"{card}/notes/new", {"words": "X", "key": "l"}).status_code == 409


def test_an_address_elsewhere_is_no_way_back(house: House, peer: Browser) -> None:
    form = peer.form(f"/beds/{bed(house, 0).id}/save?back=https://evil.example/", f"/beds/{bed(house, 0).id}/save")
    assert form.fields["back"] == "/houses/juniper-house/board"
    assert peer.send(form, name="Robin", nights=1, back="//evil.example").location == "/houses/juniper-house/board"


def test_welcome_after_the_time_is_over_says_so(house: House, peer: Browser, clock: StillClock) -> None:
    stay = saved(house)
    clock.advance(DAY)
    answer = peer.post(f"/stays/{stay.id}/arrival", {"key": "k"})
    assert answer.status_code == 409
    assert "The time this bed was saved for is over." in answer.text
    assert "The time this bed was saved for is over." in peer.get(f"/stays/{stay.id}").text


# -- what a page asks of the database -----------------------------------------------------------------------------

# Of a card: the stay and its house take twelve, as every page does; what follows a stay, its connections, what was told
# outside, kind words and whom to tell of a death are one to three each.
MOST_QUERIES, OF_A_CARD = 12, 23
OF_ACCOUNTS = ("FROM sign_in", "FROM person", "FROM membership", "FROM tablet", "FROM stream")


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements of each page, apart from those that find out who asks."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_asks_little_however_many_there_are(house: House, peer: Browser, asked: list[str]) -> None:
    stay = here(house, "Sam", 3, door=0)
    other = saved(house, "Jo", 2, door=1)
    gone = here(house, "Al", 2, door=2)
    leave(COMMAND, gone.id, now=SUNDAY)
    visit = begin_visit(COMMAND, house.id, who=Named("Ida"), now=SUNDAY)
    for name in ("Wes", "Bea", "Ivo"):
        add_waiting(COMMAND, house.id, who=Named(name), now=SUNDAY)
        make_note(COMMAND, stay.id, f"{name} called.", now=SUNDAY)
        leave_line(COMMAND, house.id, "Rest well.", guest_id=stay.guest_id, now=SUNDAY)
    pages = [
        *(f"/stays/{each.id}" for each in (stay, other, gone)),
        *(f"/stays/{stay.id}/{page}" for page in ("move", "swap", "extension", "leaving", "notes/new")),
        f"/stays/{other.id}/arrival",
        *(f"/beds/{bed(house, 2).id}/{page}" for page in ("save", "arrival")),
        *(f"/houses/{house.slug}/{page}" for page in ("save", "visits/new", "waiting", "nights", "roll-call")),
        f"/visits/{visit.id}/bed",
    ]
    over: dict[str, int] = {}
    for page in pages:
        peer.get(page)  # the first look of the hour is noted, which later ones are not
        db.session.remove()
        asked.clear()
        assert peer.get(page).status_code == 200
        own = [each for each in asked if not any(f in each for f in OF_ACCOUNTS)]
        if len(own) > (OF_A_CARD if re.fullmatch(r"/stays/[0-9a-f-]+", page) else MOST_QUERIES):
            over[page] = len(own)
            print(page, *own, sep="\n   ")
    assert over == {}


def test_what_ran_out_counts_for_nothing_on_a_page_that_only_reads(
    house: House, peer: Browser, clock: StillClock
) -> None:
    saved(house, "Robin", nights=7, door=0)
    clock.advance(5 * HOUR)
    answer = peer.fill("/houses/juniper-house/nights", name="Robin")
    assert "A full stay of 7 nights is open from tonight." in answer.text
    assert answer.text.count("open, with nobody after") == 3


# -- what cannot be used ------------------------------------------------------------------------------------------

UNUSABLE = {
    "nul": "a\x00b",
    "digits": "9" * 400,
    "markup": "<script>alert(1)</script>\u202e",
    "day": "2026-02-30T25:61",
}
#: Every field that any form of these pages has, save the version, which would refuse before the rest is read.
FIELDS = (
    "name nameless who phone pronouns nights first_night minutes coming waiting_id bed_id chair_id at agreed lockbox"
    " key_out choice picture wish back_about words how follow_up rule_number how_to_ask_again may_return_on who_called"
    " guest_chose other_id other_version sure with-child with-animal"
).split()


@pytest.mark.parametrize("raw", UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_gets_a_sentence_and_changes_nothing(house: House, peer: Browser, raw: str) -> None:
    stay, visit = here(house), begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    row = add_waiting(COMMAND, house.id, who=Named("Wes"), now=SUNDAY)
    for path in addresses(house, stay, visit, row):
        before = everything()
        answer = peer.post(path, {"key": uuid.uuid4().hex} | dict.fromkeys(FIELDS, raw))
        assert answer.status_code in (200, 303, 404, 405, 409, 422), (path, answer.status_code)
        assert "<script>alert" not in answer.text
        if answer.status_code != 303:
            assert everything() == before, path
    wrong = peer.fill(f"/stays/{stay.id}", f"/stays/{stay.id}/settling-in", version=raw)
    assert wrong.status_code == 422


def everything() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in ("sign_in", "sign_in_try")]
    counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables]
    found = db.session.execute(sa.select(*counts)).one()
    return {table.name: number for table, number in zip(tables, found, strict=True)}
