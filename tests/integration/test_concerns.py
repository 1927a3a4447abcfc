"""Something went wrong: read by whom the guest chose, by nobody it is about, and answered by a day."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Answered, Membership
from respite.accounts.roles import Role
from respite.audit.models import AccessLog, Event
from respite.audit.service import lock_stream
from respite.concerns.models import Concern, ConcernAbout
from respite.concerns.office import Office, change_office
from respite.concerns.service import Told, answer_concern, forget_old, tell_inside
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.at_once import at_once
from tests.erasures import places_of
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

DAY = timedelta(days=1)
WORDS = "Somebody shouted at me in the kitchen, twice."
PEOPLE = {"pat": Role.PEER, "quinn": Role.PEER, "dana": Role.COORDINATOR, "lee": Role.DIRECTOR, "vic": Role.VOLUNTEER}
MINE = "/me/concerns"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin")


@pytest.fixture
def ids(juniper: House, person: MakePerson) -> dict[str, uuid.UUID]:
    return {name: person(f"{name}@example.org", {juniper.id: role}) for name, role in PEOPLE.items()}


def browser(app: Flask, name: str) -> Browser:
    return Browser(app, f"{name}@example.org")


def tell(app: Flask, page: OwnPage, to: uuid.UUID, about: uuid.UUID | None = None, named: str = "yes") -> str:
    mine = page.opened(app)
    form = mine.form(page.at("wrong"))
    answer = mine.send(form, words=WORDS, to=to, about=about, named=named)
    assert answer.status_code == (303 if named == "yes" else 200), answer.text
    found = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", answer.text)
    return found.group() if found else ""


def the_concern() -> Concern:
    db.session.expire_all()
    return db.session.scalars(sa.select(Concern)).one()


def sees(app: Flask, name: str) -> tuple[int, bool, bool]:
    """What somebody gets of it: the page's status, whether their list has it, whether their desk says so."""
    one = browser(app, name)
    listed = "Told on" in one.get(MINE).text
    desk = "Something waits for your answer" in one.get("/houses/juniper-house/board").text
    return one.get(f"{MINE}/{the_concern().id}").status_code, listed, desk


def test_only_whom_the_guest_chose_reads_it_and_the_answer_comes_to_their_page(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    tell(app, robin, ids["pat"], about=ids["quinn"])
    assert sees(app, "pat") == (200, True, True)
    for name in ("quinn", "dana", "lee", "vic"):
        assert sees(app, name) == (404, False, False), name
    pat = browser(app, "pat")
    page = html.unescape(pat.get(f"{MINE}/{the_concern().id}").text)
    assert WORDS in page
    assert "From Robin." in page
    assert pat.fill(f"{MINE}/{the_concern().id}", words="I am sorry. I speak with you today.").status_code == 303
    assert "I am sorry. I speak with you today." in html.unescape(robin.opened(app).get(robin.at("wrong")).text)
    assert sees(app, "pat") == (200, True, False)


def test_whom_it_is_about_finds_no_trace_anywhere(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    dana = browser(app, "dana")
    pages = ["/houses/juniper-house/board", MINE, f"/stays/{robin.stay_id}", "/houses/juniper-house/asks", "/me"]
    pages += ["/houses/juniper-house/promises", "/houses/juniper-house/people"]
    before = {page: _without_keys(dana.get(page).text) for page in pages}
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    tell(app, robin, ids["pat"], about=ids["dana"])
    with transaction() as session:
        session.execute(sa.update(Concern).values(reminded_at=SUNDAY, passed_on_at=SUNDAY))
    assert {page: _without_keys(dana.get(page).text) for page in pages} == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    assert dana.get(f"{MINE}/{the_concern().id}").status_code == 404
    looked = db.session.scalars(sa.select(AccessLog.what)).all()
    assert set(looked) <= {"stay"}
    assert WORDS not in robin.opened(app).get(robin.at("record")).text


def _without_keys(page: str) -> str:
    page = re.sub(r'(name="(?:csrf_token|key)" value=|nonce=?-?)"?[\w.-]+"?', "", page)
    return re.sub(r'(data-now|data-next)="[^"]*"', "", page)


def test_whoever_gives_the_link_reads_nothing_about_themselves_behind_it(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    """They saw its address, and may open it in a browser of their own."""
    tell(app, robin, ids["pat"], about=ids["quinn"])
    browser(app, "pat").fill(f"{MINE}/{the_concern().id}", words="I am sorry.")
    concern_id, stay = the_concern().id, f"/stays/{robin.stay_id}"
    own: dict[str, OwnPage] = {}
    for giver in ("quinn", "dana"):
        given = browser(app, giver).fill(stay, f"{stay}/own-page")
        found = re.search(r"/g/([\w-]{43})", given.text)
        assert found is not None
        own[giver] = OwnPage(robin.guest_id, robin.stay_id, found[1])
        page = own[giver].opened(app).get(own[giver].at("wrong")).text
        assert (WORDS in page, "I am sorry." in page) == (giver == "dana", giver == "dana"), giver
        if giver == "quinn":
            back = own[giver].opened(app).post(own[giver].at("wrong", str(concern_id), "back"))
            assert back.status_code == 404
            mine = own[giver].opened(app)
            form = mine.form(own[giver].at("wrong"))
            said = mine.follow(mine.send(form, words="Again.", to=ids["pat"], about=ids["quinn"], named="yes")).text
            assert "ask somebody else in the house for a new link" in said
            assert "Again." not in said
    assert "Again." in own["dana"].opened(app).get(own["dana"].at("wrong")).text


def test_they_cannot_be_chosen_to_answer(app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]) -> None:
    mine = robin.opened(app)
    form = mine.form(robin.at("wrong"))
    answer = mine.send(form, words=WORDS, to=ids["quinn"], about=ids["quinn"], named="yes")
    assert answer.status_code == 422
    assert "choose somebody else to answer" in answer.text
    assert mine.send(form, words=WORDS, to=ids["vic"], about=None, named="yes").status_code == 422
    assert db.session.scalars(sa.select(Concern)).all() == []


def test_no_answer_in_time_reminds_and_then_goes_to_those_who_lead_unless_it_is_about_them(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    tell(app, robin, ids["pat"], about=ids["dana"])
    assert (the_concern().answer_by - the_concern().said_on).days == 7
    clock.advance(6 * DAY)
    sweep(clock.now())
    assert the_concern().reminded_at is not None
    assert sees(app, "lee") == (404, False, False)
    clock.advance(2 * DAY)
    sweep(clock.now())
    assert sees(app, "lee") == (200, True, True)
    assert sees(app, "pat") == (200, True, True)
    assert sees(app, "dana") == (404, False, False)
    assert sees(app, "quinn") == (404, False, False)
    assert "No answer came in time." in robin.opened(app).get(robin.at("wrong")).text
    lee = browser(app, "lee")
    assert lee.fill(f"{MINE}/{the_concern().id}", words="I call you.").status_code == 303
    again = browser(app, "pat").post(f"{MINE}/{the_concern().id}", {"words": "Me too."})
    assert again.status_code == 409


def test_whoever_left_before_answering_leaves_it_to_those_who_lead(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    tell(app, robin, ids["pat"], about=ids["dana"])
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == ids["pat"]).values(ended_at=SUNDAY))
    concern_id = the_concern().id
    assert browser(app, "pat").get(f"{MINE}/{concern_id}").status_code == 404
    assert browser(app, "lee").get(f"{MINE}/{concern_id}").status_code == 200
    assert browser(app, "dana").get(f"{MINE}/{concern_id}").status_code == 404


def test_without_a_name_a_code_follows_it_and_nothing_joins_it(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    code = tell(app, robin, ids["pat"], named="no")
    row = the_concern()
    assert (row.guest_id, len(code)) == (None, 14)
    assert db.session.scalars(sa.select(Answered).where(Answered.actor.startswith("guest:"))).all() == []
    assert WORDS not in html.unescape(robin.opened(app).get(robin.at("wrong")).text)
    pat = browser(app, "pat")
    assert "Without a name." in pat.get(f"{MINE}/{row.id}").text
    pat.fill(f"{MINE}/{row.id}", words="Thank you for telling me.")
    nobody = Browser(app)
    assert "Thank you for telling me." in nobody.fill("/g/answer", code=code.lower()).text
    assert "Nothing opens with this code." in nobody.fill("/g/answer", code="AAAA-BBBB-CCCC").text
    found = nobody.fill("/g/answer", code=code)
    assert 'name="code" value' in found.text
    assert nobody.post("/g/answer/back", {"code": code}).status_code == 303
    assert db.session.scalars(sa.select(Concern)).all() == []


def test_another_word_from_the_same_form_is_another_concern(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    """Back in the browser, something else typed, sent again; and a double tap of each."""
    mine = robin.opened(app)
    form = mine.form(robin.at("wrong"))
    codes = []
    for words in ("The first.", "The first.", "The second.", "The second."):
        answer = mine.send(form, words=words, to=ids["pat"], about=None, named="no")
        codes += re.findall(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", answer.text)
    for _tap in range(2):
        assert mine.send(form, words="The second.", to=ids["pat"], about=None, named="yes").status_code == 303
    db.session.expire_all()
    told = db.session.scalars(sa.select(Concern)).all()
    assert sorted((row.words, row.guest_id is None) for row in told) == [
        ("The first.", True),
        ("The second.", False),
        ("The second.", True),
    ]
    assert codes[0] == codes[1] != codes[2] == codes[3]
    for code, words in ((codes[0], "The first."), (codes[2], "The second.")):
        assert words in Browser(app).fill("/g/answer", code=code).text


def test_the_order_in_which_they_lie_tells_nothing(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    """Neither on a list nor in a table: whoever can read the file cannot tell who wrote when."""
    mine, tables = robin.opened(app), ("concern", "concern_about", "due")
    for number in range(6):
        form = mine.form(robin.at("wrong"))
        named = "no" if number % 3 else "yes"
        mine.send(form, words=f"Word {number}.", to=ids["pat"], about=ids["quinn"], named=named)
    pat, answered = browser(app, "pat"), db.session.scalars(sa.select(Concern.id).order_by(Concern.id)).first()
    pat.fill(f"{MINE}/{answered}", words="Thank you.")
    version = db.session.scalar(sa.select(Concern.version).where(Concern.id == answered))
    signed = db.session.scalar(sa.select(Concern.guest_id).where(Concern.id == answered)) is not None
    mine.fill(robin.at("wrong"), words="Word 6.", to=ids["pat"], about=ids["quinn"], named="no")
    for table in tables:
        key = "concern_id" if table == "concern_about" else "id"
        kinds = " WHERE kind LIKE 'concern.%'" if table == "due" else ""
        lie = [str(each) for each in db.session.scalars(sa.text(f"SELECT {key} FROM {table}{kinds}"))]
        assert len(lie) == {"concern": 7, "concern_about": 7, "due": 12 + signed}[table]
        assert lie == sorted(lie), table
    listed = re.findall(rf'href="{MINE}/([0-9a-f-]+)"', pat.get(MINE).text)
    assert listed == sorted(listed, key=lambda each: (each == str(answered), each))
    db.session.expire_all()
    kept = db.session.scalars(sa.select(Concern)).all()
    assert sorted(each.words or "" for each in kept) == [f"Word {number}." for number in range(7)]
    assert {each.id: each.version for each in kept if each.version > 1} == {answered: version}


def test_told_while_another_is_answered_both_stand(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID], person: MakePerson
) -> None:
    """Each new one writes the others anew; an answer of that moment is neither lost nor refused."""
    tell(app, robin, ids["pat"])
    concern_id, house_id = the_concern().id, juniper.id
    pat = Actor(ActorKind.PERSON, ids["pat"], {house_id: Role.PEER})

    def another() -> None:
        with transaction() as session:
            lock_stream(session, house_id)
            tell_inside(session, house_id, None, Told("Another.", ids["pat"]), SUNDAY)

    at_once(app, lambda: answer_concern(pat, concern_id, "Thank you.", now=SUNDAY), another)
    db.session.expire_all()
    found = {each.words: each.answer for each in db.session.scalars(sa.select(Concern))}
    assert found == {WORDS: "Thank you.", "Another.": None}


def test_taken_back_by_the_guest_alone(app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]) -> None:
    tell(app, robin, ids["pat"])
    ana = has_a_page(juniper, "Ana")
    concern_id = the_concern().id
    assert ana.opened(app).post(ana.at("wrong", str(concern_id), "back")).status_code == 404
    assert robin.opened(app).post(robin.at("wrong", str(concern_id), "back")).status_code == 303
    assert db.session.scalars(sa.select(Concern)).all() == []


def test_when_the_guest_is_forgotten_the_days_stay_and_nothing_else(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    tell(app, robin, ids["pat"], about=ids["quinn"])
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY + DAY)
    row = the_concern()
    assert (row.guest_id, row.words, row.answer, row.to_person_id) == (None, None, None, None)
    assert row.said_on == SUNDAY.date()
    assert db.session.scalars(sa.select(ConcernAbout)).all() == []
    assert places_of([WORDS]) == set()
    assert browser(app, "pat").get(f"{MINE}/{row.id}").status_code == 404
    sweep(SUNDAY + 30 * DAY)
    assert the_concern().passed_on_at is None


def test_a_year_after_the_answer_the_words_go(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    tell(app, robin, ids["pat"], named="no")
    browser(app, "pat").fill(f"{MINE}/{the_concern().id}", words="Thank you.")
    assert forget_old(SUNDAY + 300 * DAY) == 0
    assert forget_old(SUNDAY + 400 * DAY) == 1
    assert the_concern().words is None


def test_words_that_nobody_answers_go_a_year_after_the_day_of_the_answer(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    tell(app, robin, ids["pat"], about=ids["quinn"])
    assert forget_old(SUNDAY + (7 + 365) * DAY) == 0
    assert forget_old(SUNDAY + (7 + 366) * DAY) == 1
    row = the_concern()
    assert (row.words, row.guest_id, row.to_person_id) == (None, None, None)
    assert forget_old(SUNDAY + 800 * DAY) == 0


def test_the_office_outside_is_a_setting_that_guests_read(
    app: Flask, juniper: House, robin: OwnPage, ids: dict[str, uuid.UUID]
) -> None:
    page = "/houses/juniper-house/settings/outside-office"
    assert "Somebody outside the house" not in robin.opened(app).get(robin.at("wrong")).text
    dana = browser(app, "dana")
    answer = dana.fill(page, name="Protection & Advocacy", phone="303 555 0199", address="1 Main St", website="x")
    assert answer.status_code == 422
    assert dana.fill(page, name="P&A", phone="303 555 0199", address="1 Main St", website="https://example.org")
    told = html.unescape(robin.opened(app).get(robin.at("wrong")).text)
    for words in ("P&A", "(303) 555-0199", "1 Main St", "https://example.org"):
        assert words in told
    change_office(COMMAND, juniper.id, Office(), now=SUNDAY)
    assert "P&A" not in html.unescape(robin.opened(app).get(robin.at("wrong")).text)
