"""The link to a guest's own page: given, opened by a tap, ended; whoever has no right to it learns nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Answered
from respite.accounts.roles import Role
from respite.audit.models import AccessLog, Event
from respite.core import logs
from respite.core.clock import StillClock
from respite.core.crypto import digest, new_token
from respite.core.db import db
from respite.core.errors import IdempotencyKeyReused, NotFound
from respite.factory import create_app
from respite.guest_page.errors import NoLink
from respite.guest_page.models import GuestLink, PageSession
from respite.guest_page.service.links import LASTS, end_link, give_link, prolong_link
from respite.guest_page.service.opening import LONGEST, UNUSED, forget_old
from respite.guests.errors import CannotUndo
from respite.guests.models import Guest, Undoable
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import undo
from respite.guests.service.waiting import add_waiting
from respite.houses.models import House
from tests.guest_pages import OwnPage, has_a_page, same_each_time, statements
from tests.pages import Browser
from tests.people import Machine, MakePerson
from tests.places import SUNDAY, settings_for

ActorIn = Callable[..., Actor]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def robin(juniper: House, machine: Machine) -> OwnPage:
    return has_a_page(juniper)


# -- what a preview sees -----------------------------------------------------------------------------------------


def test_looking_at_a_link_opens_and_uses_up_nothing(app: Flask, robin: OwnPage) -> None:
    preview = Browser(app)
    for _time in range(10):
        with statements() as asked:
            answer = preview.get(robin.path)
        assert (answer.status_code, asked) == (200, [])
        assert "Set-Cookie" not in answer.headers or "page=" not in answer.headers["Set-Cookie"]
    assert app.test_client().head(robin.path).status_code == 200
    assert db.session.scalars(sa.select(PageSession)).all() == []
    assert "Hello, Robin" in robin.opened(app).get(robin.path).text


def test_the_sheet_names_nobody_and_is_the_same_for_every_address(app: Flask, robin: OwnPage) -> None:
    real, guessed = Browser(app).get(robin.path), Browser(app).get("/g/abc")
    assert same_each_time(real, robin.token) == same_each_time(guessed, "abc")
    assert not re.search(r"Robin|Juniper|[Rr]espite|988|crisis|health|peer", real.text)
    assert "<title>My page</title>" in real.text
    assert real.headers["Referrer-Policy"] == "no-referrer"
    assert real.headers["Cache-Control"] == "no-store"
    assert real.headers["X-Robots-Tag"].startswith("noindex")
    assert "<script" not in real.text
    assert len(real.data) < 30_000


# -- what opens and what does not --------------------------------------------------------------------------------


def test_a_link_that_opens_nothing_says_the_same_for_the_same_work(
    app: Flask, clock: StillClock, juniper: House, robin: OwnPage
) -> None:
    over = has_a_page(juniper, "Ana")
    clock.advance(LASTS)
    now = clock.now()
    ended_id = give_link(COMMAND, robin.guest_id, "ended", now=now).id
    end_link(COMMAND, robin.guest_id, now=now)
    answers = {
        "guessed": _opens_nothing(app, new_token()),
        "no token": _opens_nothing(app, "zzz"),
        "over": _opens_nothing(app, over.token),
        "ended": _opens_nothing(app, "ended"),
        "replaced": _opens_nothing(app, robin.token),
    }
    leave(COMMAND, robin.stay_id, now=now)
    erase_guest(COMMAND, robin.guest_id, now=now)
    answers["forgotten"] = _opens_nothing(app, "ended")
    assert {why: answer for why, answer in answers.items() if answer != answers["guessed"]} == {}
    assert db.session.get(GuestLink, ended_id) is None
    assert db.session.scalars(sa.select(PageSession)).all() == []


def _opens_nothing(app: Flask, token: str) -> tuple[str, tuple[str, ...]]:
    """What is read, and each statement that the answer cost."""
    with statements() as asked:
        answer = Browser(app).post(f"/g/{token}")
    assert answer.status_code == 404
    assert "page=" not in answer.headers.get("Set-Cookie", "")
    return same_each_time(answer, token), tuple(asked)


@pytest.mark.parametrize("part", ["", "/plan", "/kept", "/record.json"])
def test_from_a_page_that_is_open_every_other_link_is_alike(
    app: Flask, clock: StillClock, juniper: House, robin: OwnPage, part: str
) -> None:
    """Another guest's, one that never was, one that ended and one that ran out: the same words for the same work."""
    clock.advance(LASTS)
    mine, now = has_a_page(juniper, "Zelda"), clock.now()
    ana = add_waiting(COMMAND, juniper.id, who=Named("Ana"), now=now).guest_id
    ended, live = new_token(), new_token()
    for token in (ended, live):
        give_link(COMMAND, ana, token, now=now)
    browser = mine.opened(app)
    others = {"guessed": new_token(), "another's": live, "ended": ended, "over": robin.token}
    answers = {}
    for why, token in others.items():
        with statements() as asked:
            answer = browser.get(f"/g/{token}{part}")
        answers[why] = (answer.status_code, same_each_time(answer, token), tuple(asked))
    assert {why: answer for why, answer in answers.items() if answer != answers["guessed"]} == {}
    assert answers["guessed"][0] == (404 if part else 200)
    assert not re.search("Ana|Zelda|Robin", answers["another's"][1])
    assert browser.get(mine.at()).status_code == 200, "looking elsewhere shuts nobody's own page"


def test_the_way_in_belongs_to_one_page(app: Flask, juniper: House, robin: OwnPage) -> None:
    ana = has_a_page(juniper, "Ana")
    browser = robin.opened(app)
    assert "Robin" in browser.get(robin.path).text
    other = browser.get(ana.path)
    assert "Open my page" in other.text
    assert "Ana" not in other.text
    for made_up in ("", "x", new_token()):
        stranger = Browser(app)
        stranger._client.set_cookie("page", made_up, path="/g")
        assert "Open my page" in stranger.get(robin.path).text
    # Opening the other page in the same browser leaves the first one behind.
    browser.post(ana.path)
    assert "Ana" in browser.get(ana.path).text
    assert "Open my page" in browser.get(robin.path).text


def test_what_the_browser_keeps_goes_to_this_page_alone(app: Flask, robin: OwnPage) -> None:
    answer = Browser(app).post(robin.path)
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("page=")
    assert "Path=/g" in kept
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Expires" not in kept
    assert "Max-Age" not in kept
    token = kept.partition("=")[2].partition(";")[0]
    assert db.session.scalars(sa.select(PageSession)).one().token_hash == digest(token)


@pytest.fixture
def https(database_url: str, key_file: Path, clock: StillClock, app: Flask) -> Iterator[Flask]:
    settings = settings_for(database_url, key_file, mode="production", public_url="https://respite.example.org")
    over_https = create_app(settings, clock)
    over_https.config["TESTING"] = True
    yield over_https
    with over_https.app_context():
        db.session.remove()
        db.engine.dispose()


def test_over_https_it_is_secure_and_the_form_needs_no_referrer(https: Flask, robin: OwnPage) -> None:
    client, base = https.test_client(), {"base_url": "https://respite.example.org"}
    sheet = client.get(robin.path, **base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', sheet.text)
    assert token is not None
    own, foreign = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
    assert client.post(robin.path, headers=own, **base).status_code == 400
    assert client.post(robin.path, data={"csrf_token": "another"}, headers=own, **base).status_code == 400
    assert client.post(robin.path, data={"csrf_token": token[1]}, headers=foreign, **base).status_code == 400
    opened = client.post(robin.path, data={"csrf_token": token[1]}, headers=own, **base)
    assert opened.status_code == 303
    kept = next(each for each in opened.headers.getlist("Set-Cookie") if each.startswith("__Secure-page="))
    assert "; Secure" in kept


def test_it_shuts_when_it_is_left_alone_and_after_a_long_day(app: Flask, robin: OwnPage, machine: Machine) -> None:
    browser = robin.opened(app)
    for _tap in range(3):
        machine.goes(UNUSED - MINUTE)
        assert "Robin" in browser.get(robin.path).text
    machine.goes(UNUSED)
    assert "Open my page" in browser.get(robin.path).text
    browser = robin.opened(app)
    for _tap in range(LONGEST // (UNUSED - MINUTE)):
        machine.goes(UNUSED - MINUTE)
        browser.get(robin.path)
    machine.goes(UNUSED - MINUTE)
    assert "Open my page" in browser.get(robin.path).text
    assert forget_old() == 2
    assert db.session.scalars(sa.select(PageSession)).all() == []


@pytest.mark.parametrize("ends", ["ended", "replaced", "over", "forgotten"])
def test_a_page_that_is_open_shuts_at_once(app: Flask, clock: StillClock, robin: OwnPage, ends: str) -> None:
    browser = robin.opened(app)
    if ends == "ended":
        end_link(COMMAND, robin.guest_id, now=clock.now())
    elif ends == "replaced":
        give_link(COMMAND, robin.guest_id, new_token(), now=clock.now())
    elif ends == "over":
        clock.advance(LASTS)
    else:
        leave(COMMAND, robin.stay_id, now=clock.now())
        erase_guest(COMMAND, robin.guest_id, now=clock.now())
    shut = browser.get(robin.path)
    assert "Open my page" in shut.text
    assert "Robin" not in shut.text


def test_the_quick_way_out_ends_it_on_the_server_too(app: Flask, robin: OwnPage) -> None:
    browser = robin.opened(app)
    kept = browser._client.get_cookie("page", path="/g")
    assert kept is not None
    gone = browser.get(robin.at("away"))
    assert (gone.status_code, gone.location) == (303, "https://www.weather.gov/")
    assert gone.headers["Referrer-Policy"] == "no-referrer"
    assert browser._client.get_cookie("page", path="/g") is None
    browser._client.set_cookie("page", kept.value, path="/g")
    assert "Open my page" in browser.get(robin.path).text


def test_trying_links_is_slowed_down(app: Flask, robin: OwnPage) -> None:
    seen = [Browser(app).post("/g/guess").status_code for _try in range(35)]
    assert seen[:30] == [404] * 30
    assert seen[-1] == 429
    slowed = Browser(app).post("/g/guess")
    assert "<title>My page</title>" in slowed.text
    assert "Respite" not in slowed.text


def test_nobody_who_works_here_is_anybody_there(app: Flask, juniper: House, robin: OwnPage, person: MakePerson) -> None:
    person("dana@example.org", {juniper.id: Role.DIRECTOR})
    desk = Browser(app, "dana@example.org")
    page = desk.get(robin.path)
    assert "Open my page" in page.text
    assert "Dana" not in page.text


# -- the token is written down nowhere ---------------------------------------------------------------------------


def test_the_token_stands_in_no_table_no_log_and_no_other_address(
    app: Flask, juniper: House, person: MakePerson, robin: OwnPage
) -> None:
    person("dana@example.org", {juniper.id: Role.PEER})
    desk = Browser(app, "dana@example.org")
    form = desk.form(f"/stays/{robin.stay_id}", f"/stays/{robin.stay_id}/own-page", "Another link")
    given = desk.send(form)
    found = re.search(r"http://127\.0\.0\.1:5000/g/([\w-]{43})", given.text)
    assert found is not None
    token = found[1]
    guest = OwnPage(robin.guest_id, robin.stay_id, token)
    logs.configure()
    with capture_logs() as said:
        browser = guest.opened(app)
        browser.get(guest.path)
        browser.get(guest.at("nothing"))
        browser.get(guest.at("away"))
    assert "/g/<token>" in {line.get("route") for line in said}
    assert token not in str(said)
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert token not in str(tuple(row))
    assert db.session.scalars(sa.select(Answered)).all()


# -- giving it ----------------------------------------------------------------------------------------------------


def test_a_second_tap_brings_the_same_link_and_a_new_form_another(
    app: Flask, juniper: House, person: MakePerson, robin: OwnPage
) -> None:
    person("dana@example.org", {juniper.id: Role.PEER})
    desk = Browser(app, "dana@example.org")
    form = desk.form(f"/stays/{robin.stay_id}", f"/stays/{robin.stay_id}/own-page")
    first, again = (re.findall(r"/g/([\w-]{43})", desk.send(form).text) for _tap in range(2))
    assert first == again
    assert len(set(first)) == 1
    assert "data:image/svg+xml" in desk.send(form).text
    later = desk.form(f"/stays/{robin.stay_id}", f"/stays/{robin.stay_id}/own-page")
    other = re.findall(r"/g/([\w-]{43})", desk.send(later).text)
    assert set(first).isdisjoint(other)
    assert Browser(app).post(f"/g/{first[0]}").status_code == 404
    assert Browser(app).post(f"/g/{other[0]}").status_code == 303
    assert first[0] not in desk.get(f"/stays/{robin.stay_id}").text, "it is shown once"


def test_it_opens_for_thirty_days_for_longer_or_no_more(app: Flask, clock: StillClock, robin: OwnPage) -> None:
    clock.advance(LASTS - MINUTE)
    robin.opened(app)
    prolong_link(COMMAND, robin.guest_id, now=clock.now())
    clock.advance(LASTS - MINUTE)
    robin.opened(app)
    clock.advance(MINUTE)
    assert Browser(app).post(robin.path).status_code == 404
    with pytest.raises(NoLink):
        prolong_link(COMMAND, robin.guest_id, now=clock.now())
    give_link(COMMAND, robin.guest_id, "another", now=clock.now())
    with pytest.raises(IdempotencyKeyReused):
        give_link(COMMAND, robin.guest_id, "another", now=clock.now())


def test_only_who_keeps_beds_in_this_house_gives_or_ends_it(
    juniper: House, aspen: House, actor_in: ActorIn, robin: OwnPage, clock: StillClock
) -> None:
    for outsider in (actor_in(aspen.id, Role.DIRECTOR), actor_in(juniper.id, Role.VOLUNTEER)):
        for act in (
            lambda who: give_link(who, robin.guest_id, new_token(), now=clock.now()),
            lambda who: prolong_link(who, robin.guest_id, now=clock.now()),
            lambda who: end_link(who, robin.guest_id, now=clock.now()),
        ):
            with pytest.raises(NotFound):
                act(outsider)


def test_the_log_tells_of_the_link_and_not_of_its_being_opened(app: Flask, robin: OwnPage, clock: StillClock) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    robin.opened(app).get(robin.path)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before
    assert db.session.scalars(sa.select(AccessLog)).all() == []
    end_link(COMMAND, robin.guest_id, now=clock.now())
    end_link(COMMAND, robin.guest_id, now=clock.now())
    kinds = db.session.scalars(
        sa.select(Event.kind).where(Event.kind.like("guest-page.%")).order_by(Event.version)
    ).all()
    assert kinds == ["guest-page.link.given", "guest-page.link.ended"]


# -- an act that is taken back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [False, True])
def test_the_coming_of_a_guest_with_a_page_of_their_own_is_not_taken_back_with_one_tap(
    juniper: House, actor_in: ActorIn, ended: bool
) -> None:
    """What they said there would go with it, a concern about whoever taps included; and refusing tells of nothing."""
    dana = actor_in(juniper.id, Role.PEER, "Dana")
    stay = save_bed(dana, juniper.id, who=Named("Robin"), nights=1, now=SUNDAY)
    saved = db.session.scalars(sa.select(Undoable.id)).one()
    assert stay.guest_id is not None
    give_link(dana, stay.guest_id, "first", now=SUNDAY)
    if ended:
        end_link(dana, stay.guest_id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(dana, saved, now=SUNDAY)
    db.session.rollback()
    assert len(db.session.scalars(sa.select(GuestLink)).all()) == 1
    assert [guest.name for guest in db.session.scalars(sa.select(Guest))] == ["Robin"]
