"""Hard moments: facts in time order, the guest's own account as an equal part, and a talk for whoever was on."""

from __future__ import annotations

import html
import re
import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.models import AccessLog, Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.moments.errors import CannotTakeBack
from respite.moments.models import EarlierFact, HardMoment, MomentAccount, MomentFact, SupportOffer
from respite.moments.service.lines import add_fact
from respite.moments.service.rules import Wanted, change_rules
from respite.moments.service.telling import begin, change_moment, take_back
from respite.staffing.models import Shift
from tests.erasures import places_of
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PEOPLE = {
    "pat": Role.PEER,
    "quinn": Role.PEER,
    "sam": Role.PEER,
    "sue": Role.SUPERVISOR,
    "dana": Role.COORDINATOR,
    "vic": Role.VOLUNTEER,
    "clin": Role.CLINICAL_ON_CALL,
}
NEW, INDEX, DESK = "/houses/juniper-house/moments/new", "/houses/juniper-house/moments", "/houses/juniper-house/board"
OWN_WORDS = "I was so scared of the noise. Nobody asked me."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def ids(juniper: House, person: MakePerson) -> dict[str, uuid.UUID]:
    return {name: person(f"{name}@example.org", {juniper.id: role}, name.title()) for name, role in PEOPLE.items()}


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin")


def browser(app: Flask, name: str) -> Browser:
    return Browser(app, f"{name}@example.org")


def acts(ids: dict[str, uuid.UUID], house: House, name: str) -> Actor:
    return Actor(ActorKind.PERSON, ids[name], {house.id: PEOPLE[name]})


def on_shift(house: House, person_id: uuid.UUID, begins: datetime, ends: datetime, kind: str = "floor") -> None:
    with transaction() as session:
        session.add(
            Shift(
                house_id=house.id,
                person_id=person_id,
                kind=kind,
                starts_at=begins,
                ends_at=ends,
                published_at=begins - DAY,
            )
        )


def offered() -> set[uuid.UUID]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(SupportOffer.person_id)))


def the_moment() -> HardMoment:
    db.session.expire_all()
    return db.session.scalars(sa.select(HardMoment)).one()


def wall(at: datetime) -> str:
    return (at - 7 * HOUR).strftime("%Y-%m-%dT%H:%M")  # Denver in November


def read(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# -- the story -------------------------------------------------------------------------------------------------------


def test_two_taps_begin_it_and_facts_stand_in_the_order_of_time(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    pat = browser(app, "pat")
    assert NEW in pat.get(DESK).text
    page = pat.fill(NEW).location
    moment = the_moment()
    assert page == f"/moments/{moment.id}"
    assert "A hard moment, still to talk over" in pat.get(DESK).text
    more = f"/moments/{moment.id}/facts"
    assert pat.fill(page, more, words="The window broke.").status_code == 303
    clock.advance(20 * MINUTE)
    late = pat.fill(page, more, words="“Leave me be,” somebody said.", at=wall(SUNDAY - HOUR))
    assert late.status_code == 303
    text = read(pat.get(page).text)
    assert text.index("Leave me be") < text.index("The window broke.")
    assert "written down" in text  # both times of what was entered late
    fact = db.session.scalars(sa.select(MomentFact).where(MomentFact.at < SUNDAY)).one()
    assert (fact.at, fact.told_at) == (SUNDAY - HOUR, clock.now())
    assert pat.fill(page, more, words=" ").status_code == 422
    refused = pat.fill(page, more, words="Kept though refused.", at=wall(SUNDAY + DAY))
    assert refused.status_code == 422
    assert "still to come" in refused.text
    assert "Kept though refused." in refused.text


def test_a_correction_keeps_how_it_read_and_the_second_editor_is_told(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID]
) -> None:
    moment = begin(acts(ids, juniper, "pat"), juniper.id, title="something-broke", now=SUNDAY)
    fact = add_fact(acts(ids, juniper, "pat"), moment.id, "The window broke.", now=SUNDAY)
    quinn, path = browser(app, "quinn"), f"/moment-facts/{fact.id}"
    form = quinn.form(path)
    assert quinn.send(form, words="The small window broke.").status_code == 303
    second = browser(app, "dana").send(form, words="A door broke.")
    assert second.status_code in (400, 412)  # another browser's token, or the newer version
    dana = browser(app, "dana")
    stale = dana.form(path)
    stale.fields["version"] = "1"
    answer = dana.send(stale, words="A door broke.")
    assert answer.status_code == 412
    assert "It says now: The small window broke." in html.unescape(answer.text)
    text = read(quinn.get(f"/moments/{moment.id}").text)
    assert "The small window broke." in text
    assert "The window broke." in text
    assert "changed by Quinn" in text
    (before,) = db.session.scalars(sa.select(EarlierFact)).all()
    assert (before.words, before.changed_by) == ("The window broke.", f"person:{ids['quinn']}")
    untouched = quinn.fill(path)  # the field knows no seconds, and moves nothing
    assert untouched.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EarlierFact)) == 1


def test_undo_takes_back_what_nobody_wrote_on_since(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    pat = browser(app, "pat")
    page = pat.fill(NEW, title="loud-words")
    shown = pat.follow(page)
    first = the_moment().id
    assert f"/moments/{first}/taken-back" in shown.text
    assert pat.post(f"/moments/{first}/taken-back").status_code == 303
    assert db.session.scalars(sa.select(HardMoment)).all() == []
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, now=clock.now())
    fact = add_fact(mine, moment.id, "A plate fell.", now=clock.now())
    with pytest.raises(CannotTakeBack):
        take_back(mine, moment.id, now=clock.now())
    assert browser(app, "quinn").post(f"/moment-facts/{fact.id}/taken-back").status_code == 409
    assert pat.post(f"/moment-facts/{fact.id}/taken-back").status_code == 303
    assert db.session.scalars(sa.select(MomentFact)).all() == []
    clock.advance(HOUR)
    with pytest.raises(CannotTakeBack):
        take_back(mine, moment.id, now=clock.now())


def test_the_begin_is_corrected_and_the_log_keeps_the_time_before(juniper: House, ids: dict[str, uuid.UUID]) -> None:
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, now=SUNDAY)
    change_moment(mine, moment.id, title="first-aid", at=SUNDAY - 2 * HOUR, now=SUNDAY + HOUR)
    assert (the_moment().began_at, the_moment().title) == (SUNDAY - 2 * HOUR, "first-aid")
    event = db.session.scalars(sa.select(Event).where(Event.kind == "moment.hard.changed")).one()
    assert SUNDAY.isoformat() in event.data


def test_talked_over_it_is_put_away_and_the_desk_is_quiet(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID]
) -> None:
    moment = begin(acts(ids, juniper, "pat"), juniper.id, now=SUNDAY)
    page, pat = f"/moments/{moment.id}", browser(app, "pat")
    assert pat.fill(page, f"{page}/put-away").status_code == 303
    assert "still to talk over" not in pat.get(DESK).text
    late = pat.post(f"{page}/facts", {"words": "Typed while a colleague put it away."})
    assert late.status_code == 409
    assert "Typed while a colleague put it away." in late.text
    assert "Open it again to write in it." in late.text
    assert pat.fill(page, f"{page}/open-again").status_code == 303
    assert "still to talk over" in pat.get(DESK).text
    parts = db.session.scalars(sa.select(Event.parts).where(Event.kind.startswith("moment.hard."))).all()
    assert all("moments" in each for each in parts)


def test_only_those_who_keep_beds_read_it_and_nothing_is_on_the_wall(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID]
) -> None:
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, title="something-broke", now=SUNDAY)
    add_fact(mine, moment.id, "The window broke.", now=SUNDAY)
    for name, role in PEOPLE.items():
        one, reads = browser(app, name), role not in (Role.VOLUNTEER, Role.CLINICAL_ON_CALL)
        assert one.get(f"/moments/{moment.id}").status_code == (200 if reads else 404), name
        assert one.get(INDEX).status_code == (200 if reads else 404), name
        assert one.get(f"/moments/{moment.id}/paper").status_code == (200 if name == "dana" else 404), name
    vic = browser(app, "vic").get(DESK).text
    assert "still to talk over" not in vic
    assert "Something hard" not in vic
    assert places_of(["The window broke.", "something-broke"]) <= {
        "moment_fact.words_sealed",
        "hard_moment.title_sealed",
    }


# -- the guest's own account -----------------------------------------------------------------------------------------


def ask(app: Flask, moment_id: uuid.UUID, page: OwnPage) -> None:
    accounts = f"/moments/{moment_id}/accounts"
    assert browser(app, "pat").fill(accounts, f"{accounts}/{page.guest_id}/ask").status_code == 303


def the_account() -> MomentAccount:
    db.session.expire_all()
    return db.session.scalars(sa.select(MomentAccount)).one()


def test_on_their_own_page_it_is_theirs_until_they_are_done_and_then_an_equal_part(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, at=SUNDAY, now=SUNDAY)
    add_fact(mine, moment.id, "The window broke.", now=SUNDAY + HOUR)
    clock.advance(2 * HOUR)
    ask(app, moment.id, robin)
    own = robin.opened(app)
    assert "Would you like to say how it was for you? Or not." in own.get(robin.path).text
    path = robin.at("moments", str(the_account().id))
    assert own.fill(path, words="I was so scared", done=None).status_code == 303
    assert "so scared" not in browser(app, "pat").get(f"/moments/{moment.id}").text
    assert "so scared" not in browser(app, "pat").get(f"/moments/{moment.id}/accounts").text
    refused = browser(app, "pat").fill(f"/moments/{moment.id}/accounts/{robin.guest_id}", words="Put into their mouth.")
    assert refused.status_code == 409
    assert own.fill(path, words=OWN_WORDS, done="yes").status_code == 303
    page = browser(app, "pat").get(f"/moments/{moment.id}").text
    assert read(page).index("Robin, in their own words") < read(page).index("The window broke.")
    for words in (OWN_WORDS, "The window broke."):  # drawn alike
        assert f'<p class="moment-words">{words}</p>' in html.unescape(page)
    kept = html.unescape(own.get(robin.at("kept")).text)
    assert OWN_WORDS in kept
    assert "Pat looked at your own account of a hard moment" in kept
    again = own.post(path, {"words": "Other words."})
    assert again.status_code == 409
    assert own.post(f"{path}/no").status_code == 303  # it is theirs to take back, done or not
    assert places_of([OWN_WORDS]) == set()


def test_what_they_wrote_on_a_second_phone_is_not_written_over(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    moment = begin(acts(ids, juniper, "pat"), juniper.id, at=SUNDAY, now=SUNDAY)
    ask(app, moment.id, robin)
    path, phone, tablet = robin.at("moments", str(the_account().id)), robin.opened(app), robin.opened(app)
    old = phone.form(path)
    assert tablet.fill(path, words="All of it, at length.", done=None).status_code == 303
    refused = phone.send(old, words="Only a little.", done=None)
    assert refused.status_code == 412
    assert "All of it, at length." in refused.text
    assert "Only a little." in refused.text
    assert the_account().words == "All of it, at length."
    old = phone.form(path)
    assert tablet.fill(path, words="All of it, at length.", done="yes").status_code == 303
    refused = phone.send(old, words="And one thing more.", done=None)
    assert refused.status_code == 409
    assert "And one thing more." in refused.text


def test_a_no_leaves_nothing_and_the_log_tells_it_from_nothing_else(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    moment = begin(acts(ids, juniper, "pat"), juniper.id, now=SUNDAY)
    ask(app, moment.id, robin)
    own, ana = robin.opened(app), has_a_page(juniper, "Ana")
    path = ("moments", str(the_account().id))
    assert ana.opened(app).get(ana.at(*path)).status_code == 404
    assert ana.opened(app).post(ana.at(*path, "no")).status_code == 404
    assert own.fill(robin.path, robin.at(*path, "no")).status_code == 303
    assert db.session.scalars(sa.select(MomentAccount)).all() == []
    told = db.session.execute(
        sa.select(Event.actor, Event.subject, Event.data).where(Event.kind.startswith("moment.account"))
    ).all()
    assert {tuple(row) for row in told} == {(None, moment.id, "{}")}


def test_told_together_with_or_without_a_name(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    moment = begin(acts(ids, juniper, "pat"), juniper.id, now=SUNDAY)
    pat, page = browser(app, "pat"), f"/moments/{moment.id}"
    given = pat.fill(f"{page}/accounts/{robin.guest_id}", words=OWN_WORDS)
    assert given.status_code == 303
    assert pat.fill(f"{page}/accounts/{robin.guest_id}", words="Again.").status_code == 409
    assert pat.fill(f"{page}/accounts/together", words="I only heard it.", at=wall(SUNDAY - MINUTE)).status_code == 303
    text = read(pat.get(page).text)
    assert text.index("A guest, in their own words") < text.index("Robin, in their own words")
    assert OWN_WORDS in html.unescape(robin.opened(app).get(robin.at("record")).text)
    stranger = has_a_page(open_house(COMMAND, name="Elm", kind="both", timezone="America/Denver", beds=1, now=SUNDAY))
    assert pat.get(f"{page}/accounts/{stranger.guest_id}").status_code == 404


def test_forgotten_their_words_go_and_the_facts_stay(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, now=SUNDAY)
    add_fact(mine, moment.id, "The window broke.", now=SUNDAY)
    browser(app, "pat").fill(f"/moments/{moment.id}/accounts/{robin.guest_id}", words=OWN_WORDS)
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY + DAY)
    assert places_of([OWN_WORDS]) == set()
    assert places_of(["The window broke."]) == {"moment_fact.words_sealed"}
    assert "Robin" not in browser(app, "pat").get(f"/moments/{moment.id}").text


def test_on_paper_it_stands_as_it_is_and_who_printed_it_is_told(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    mine = acts(ids, juniper, "pat")
    moment = begin(mine, juniper.id, title="loud-words", now=SUNDAY)
    add_fact(mine, moment.id, "The window broke.", now=SUNDAY)
    browser(app, "pat").fill(f"/moments/{moment.id}/accounts/{robin.guest_id}", words=OWN_WORDS)
    paper = read(browser(app, "dana").get(f"/moments/{moment.id}/paper").text)
    assert all(words in paper for words in ("Loud words", "The window broke.", OWN_WORDS))
    looked = db.session.execute(sa.select(AccessLog.actor, AccessLog.subject).where(AccessLog.what == "moment-paper"))
    assert {tuple(row) for row in looked} == {(f"person:{ids['dana']}", each) for each in (moment.id, robin.guest_id)}
    kept = robin.opened(app).get(robin.at("kept")).text
    assert "Dana looked at your own account of a hard moment, on paper" in kept


# -- somebody to talk with -------------------------------------------------------------------------------------------


def test_everybody_who_was_on_is_offered_a_talk_once_and_a_no_is_nowhere(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    on_shift(juniper, ids["pat"], SUNDAY - 4 * HOUR, SUNDAY + 4 * HOUR)
    on_shift(juniper, ids["quinn"], SUNDAY - 4 * HOUR, SUNDAY + 4 * HOUR, "on-call")
    on_shift(juniper, ids["sam"], SUNDAY + 4 * HOUR, SUNDAY + 12 * HOUR)
    clock.advance(6 * HOUR)
    moment = begin(acts(ids, juniper, "dana"), juniper.id, at=SUNDAY, now=clock.now())
    assert offered() == {ids["pat"], ids["quinn"], ids["dana"]}
    pat = browser(app, "pat")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    (mine,) = db.session.scalars(sa.select(SupportOffer.id).where(SupportOffer.person_id == ids["pat"])).all()
    assert "Something hard happened on your shift on" in pat.get("/me").text
    assert browser(app, "dana").post(f"/me/support/{mine}/no").status_code == 404
    said = pat.fill("/me", f"/me/support/{mine}/no")
    assert offered() == {ids["quinn"], ids["dana"]}
    assert "Would you like to talk with someone?" not in pat.get("/me").text
    add_fact(acts(ids, juniper, "dana"), moment.id, "A taxi came.", at=SUNDAY + HOUR, now=clock.now())
    assert offered() == {ids["quinn"], ids["dana"]}, "nobody who said no is asked again"
    add_fact(acts(ids, juniper, "dana"), moment.id, "It was quiet.", at=SUNDAY + 5 * HOUR, now=clock.now())
    assert offered() == {ids["quinn"], ids["dana"], ids["sam"]}
    assert said.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before + 2  # the facts alone
    assert pat.post(f"/me/support/after-all/{moment.id}").status_code == 303
    assert ids["pat"] in offered()
    assert browser(app, "vic").post(f"/me/support/after-all/{moment.id}").status_code == 404


def test_a_yes_is_read_by_whom_they_chose_alone(app: Flask, juniper: House, ids: dict[str, uuid.UUID]) -> None:
    change_rules(COMMAND, juniper.id, Wanted([], 5, "The Lantern", "+13035550190"), now=SUNDAY)
    begin(acts(ids, juniper, "pat"), juniper.id, now=SUNDAY)
    pat = browser(app, "pat")
    support = db.session.scalars(sa.select(SupportOffer.id)).one()
    page = pat.get("/me").text
    assert page.index(">Sue</option>") < page.index(">Dana</option>"), "supervisors stand first"
    assert "Vic" not in page
    assert "The Lantern" in page
    assert "(303) 555-0190" in page
    assert pat.fill("/me", f"/me/support/{support}/talk", whom=ids["vic"]).status_code == 422
    assert pat.fill("/me", f"/me/support/{support}/talk", whom=ids["sue"]).status_code == 303
    assert "Sue knows that you would like to talk." in pat.get("/me").text
    for name in PEOPLE:
        seen = "Pat would like to talk with you" in browser(app, name).get("/me").text
        assert seen == (name == "sue"), name
    with transaction() as session:  # whoever was asked has left: it is offered as before
        sue = Membership.person_id == ids["sue"]
        session.execute(sa.update(Membership).where(sue).values(ended_at=SUNDAY))
    assert "With whom" in pat.get("/me").text
    with transaction() as session:
        session.execute(sa.update(Membership).where(sue).values(ended_at=None))
    assert browser(app, "dana").post(f"/me/support/{support}/talked").status_code == 404
    assert browser(app, "sue").fill("/me", f"/me/support/{support}/talked").status_code == 303
    assert offered() == set()


def test_what_nobody_answers_is_over_after_a_month(
    juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    begin(acts(ids, juniper, "pat"), juniper.id, now=SUNDAY)
    clock.advance(29 * DAY)
    sweep(clock.now())
    assert offered() == {ids["pat"]}
    clock.advance(2 * DAY)
    sweep(clock.now())
    assert offered() == set()
    on_shift(juniper, ids["quinn"], SUNDAY + 2 * HOUR, SUNDAY + 4 * HOUR)
    add_fact(acts(ids, juniper, "pat"), the_moment().id, "It went on.", at=SUNDAY + 3 * HOUR, now=clock.now())
    assert offered() == {ids["quinn"]}
    clock.advance(31 * DAY)
    sweep(clock.now())
    assert offered() == set()


# -- how it is kept --------------------------------------------------------------------------------------------------


def test_titles_are_the_houses_and_it_goes_after_the_houses_years(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    dana, page = browser(app, "dana"), "/houses/juniper-house/settings/moments"
    titles = "loud words\nThe creek rose\n"
    assert dana.fill(page, titles=titles, keep_years="0").status_code == 422
    assert dana.fill(page, titles=titles, keep_years="2", line_phone="303 555 0190").status_code == 422
    assert dana.fill(page, titles=titles, keep_years="2").status_code == 303
    assert browser(app, "pat").get(page).status_code == 404
    pat = browser(app, "pat")
    form = pat.get(NEW).text
    assert [each in form for each in ("Loud words", "The creek rose", "First aid")] == [True, True, False]
    assert pat.fill(NEW, title="first-aid").status_code == 422
    assert pat.fill(NEW, title="The creek rose").status_code == 303
    moment = the_moment()
    add_fact(acts(ids, juniper, "pat"), moment.id, "Water came in.", now=clock.now())
    pat.fill(f"/moments/{moment.id}/accounts/{robin.guest_id}", words=OWN_WORDS)
    sweep(SUNDAY + 729 * DAY)
    assert the_moment()
    change_rules(COMMAND, juniper.id, Wanted([], 1), now=clock.now())
    sweep(SUNDAY + 366 * DAY)
    for model in (HardMoment, MomentFact, MomentAccount, SupportOffer):
        assert db.session.scalars(sa.select(model)).all() == [], model
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject == moment.id)).all()
    assert "moment.hard.forgotten" in kinds
