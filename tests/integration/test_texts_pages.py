"""The pages of texts, as each role meets them, with scripts off."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import RIGHTS, May, Role
from respite.audit.models import AccessLog
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Correspondent, Inbound, Message, NumberStop, ReadSoon, Thread
from respite.messaging.service import reading, resting
from respite.messaging.service.pausing import pause
from tests.boards import browser, screen_of, session_of
from tests.full_house import STAFF_ROLES
from tests.inboxes import DAY, HOUR, KIM, MINUTE, SAM, fill, ours, writes
from tests.pages import forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import says

TEXTS = "/houses/juniper-house/texts"
Ids = dict[str, uuid.UUID]


@pytest.fixture
def ids(juniper: House) -> Ids:
    return fill(juniper.id, SUNDAY)


@pytest.fixture
def dana(app: Flask, juniper: House) -> FlaskClient:
    return browser(app, session=session_of(juniper, Role.PEER, name="Dana"))


@pytest.fixture
def luis(app: Flask, juniper: House) -> FlaskClient:
    return browser(app, session=session_of(juniper, Role.PEER, name="Luis"))


@pytest.fixture
def thread(ids: Ids) -> str:
    return f"{TEXTS}/{ids['thread_id']}"


def words(page: TestResponse) -> str:
    """What a person reads on the page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def form(client: FlaskClient, page: str, action: str, **typed: object) -> TestResponse:
    """Fill the page's form that goes to `action`, and send it."""
    answer = client.get(page)
    found = [each for each in forms_of(answer) if each.action == action and each.method == "post"]
    assert found, f"{page} has no form to {action}"
    data = {**found[0].fields.to_dict(), **{name: str(value) for name, value in typed.items()}}
    return client.post(action, data=data)


def follow(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, (answer.status_code, answer.text[-1500:])
    return words(client.get(answer.location))


def rows(model: type) -> list:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model)))


# -- who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_who_keeps_texts_finds_them_in_the_menu_and_nobody_else_does(
    app: Flask, juniper: House, ids: Ids, thread: str, role: Role
) -> None:
    client = browser(app, session=session_of(juniper, role))
    status = 200 if May.KEEP_TEXTS in RIGHTS[role] else 404
    for page in (TEXTS, f"{TEXTS}/parts", thread, f"{thread}/parts"):
        assert client.get(page).status_code == status, page
    if May.SEE_BOARD in RIGHTS[role]:
        board = client.get("/houses/juniper-house/board").text
        assert (f'href="{TEXTS}"' in board) == (status == 200)


def test_a_thread_of_another_house_is_not_there(app: Flask, juniper: House, aspen: House, ids: Ids) -> None:
    client = browser(app, session=session_of(aspen, Role.DIRECTOR))
    there = f"/houses/{aspen.slug}/texts"
    assert client.get(f"{there}/{ids['thread_id']}").status_code == 404
    assert client.get(f"{there}/{ids['thread_id']}/parts").status_code == 404
    for act in ("reply", "assign", "pass-on", "called", "seen", "rest", "rest/agree", "rest/end", "company",
                "asked-not-to", "wrong-number", "text-again"):  # fmt: skip
        answer = client.post(f"{there}/{ids['thread_id']}/{act}", data={"words": "Hi", "days": "1"})
        assert answer.status_code == 404, act
    for act in (f"in/{ids['inbound_id']}/hide", f"in/{ids['inbound_id']}/unhide", f"out/{ids['message_id']}/again",
                f"out/{ids['message_id']}/let-go", f"out/{ids['message_id']}/called",
                f"soon/{ids['read_soon_id']}/take"):  # fmt: skip
        assert client.post(f"{there}/{act}").status_code == 404, act
    assert [text.hidden_at for text in rows(Inbound) if text.id == ids["inbound_id"]] == [None]


# -- the inbox ----------------------------------------------------------------------------------------------------


def test_the_inbox_says_who_wrote_what_to_decide_and_what_waits(dana: FlaskClient, ids: Ids) -> None:
    page = words(dana.get(TEXTS))
    for said in (
        "Please read this soon for 4 minutes",
        "(303) 555-0177 . Some of the words may mean that somebody is in danger.",
        "2 people wrote; the longest waiting for 25 minutes.",
        "Sam or Alex 2:07 pm Thank you. That means a lot to me today. not read for 25 minutes",
        "Robin · a kind word This number takes no texts. Please ask for the right one.",
        "The line broke off, and nobody can say whether it left. 1:32 pm · Sent again, it may come twice.",
        "Sam · how are you doing waits until Monday 2:32 am. It leaves in their hours.",
        "Words that were put out of sight",
    ):
        assert said in page, said
    assert "Words nobody should have to read." not in page


def test_who_is_not_read_yet_stands_first(dana: FlaskClient, juniper: House, ids: Ids) -> None:
    ours(juniper.id, KIM, "Good to hear from you.", SUNDAY, thread_id=ids["quiet_id"])
    listed = re.findall(r'class="thread-name">(?:<svg.*?</svg>)?\s*([^<]+)<', dana.get(TEXTS).text)
    assert [name.strip() for name in listed] == ["(303) 555-0177", "Sam or Alex", "Kim"]


def test_an_empty_inbox_says_so(dana: FlaskClient, juniper: House) -> None:
    page = words(dana.get(TEXTS))
    assert "Nobody has written yet." in page
    assert "Nothing waits." in page
    assert "Somebody has to decide" not in page


def test_every_part_is_drawn_like_the_page_that_it_belongs_to(dana: FlaskClient, ids: Ids, thread: str) -> None:
    dana.get(thread)
    for page in (TEXTS, thread, f"{thread}?read=on"):
        text = dana.get(page).text
        path, _, query = page.partition("?")
        answer = dana.get(f"{path}/parts?{query}").json
        assert set(re.findall(r'data-part="([^"]+)"', text)) == set(answer["parts"]) == set(answer["names"])
        plain = _plain(text)
        for name, part in answer["parts"].items():
            assert _plain(part) in plain, (page, name)


def _plain(part: str) -> str:
    """Without spaces, and without what is fresh each time a form is drawn."""
    return re.sub(r"\s+", "", re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", part))


def test_a_page_looks_again_by_itself_while_a_text_is_on_its_way(dana: FlaskClient, juniper: House, ids: Ids) -> None:
    calm = dana.get(f"{TEXTS}/{ids['quiet_id']}/parts").json
    ours(juniper.id, KIM, "Thinking of you.", SUNDAY, "queued", thread_id=ids["quiet_id"], next_at=SUNDAY)
    leaving = dana.get(f"{TEXTS}/{ids['quiet_id']}/parts").json
    assert calm["next"] == (SUNDAY + 9 * HOUR + 28 * MINUTE).isoformat()  # midnight in the house
    assert leaving["next"] == (SUNDAY + 4 * MINUTE / 60).isoformat()


def test_texts_that_are_paused_wait_and_say_so(dana: FlaskClient, juniper: House, ids: Ids, thread: str) -> None:
    pause(COMMAND, juniper.id, None, SUNDAY)
    answer = form(dana, thread, f"{thread}/reply", words="I am here.")
    assert "Texts are paused; it leaves when they go on." in follow(dana, answer)


# -- a thread -----------------------------------------------------------------------------------------------------


def test_opening_a_thread_marks_it_seen_and_notes_the_look_once_an_hour(
    dana: FlaskClient, ids: Ids, thread: str, clock: StillClock
) -> None:
    def unseen() -> list[uuid.UUID]:
        return [text.id for text in rows(Inbound) if text.thread_id == ids["thread_id"] and text.seen_at is None]

    restored = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
    dana.get(f"{thread}/parts")
    dana.get(thread, headers=restored)
    dana.get(thread, headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Sec-Purpose": "prefetch"})
    assert unseen()
    assert "I have read this" in words(dana.get(thread, headers=restored))
    dana.get(thread, headers={**restored, "Sec-Fetch-User": "?1"})
    assert unseen() == []
    people = sorted(str(person.subject_id) for person in rows(Correspondent) if person.name in ("Sam", "Alex"))
    assert sorted(str(look.subject) for look in rows(AccessLog)) == people
    clock.advance(HOUR)
    dana.get(thread)
    assert len(rows(AccessLog)) == 4


def test_the_button_for_what_came_in_meanwhile_reads_what_was_shown(
    dana: FlaskClient, juniper: House, ids: Ids, thread: str
) -> None:
    def unseen() -> list[str]:
        return [text.body for text in rows(Inbound) if text.thread_id == ids["thread_id"] and text.seen_at is None]

    dana.get(thread)
    writes(juniper.id, SAM, "One more thing.", SUNDAY)
    part = dana.get(f"{thread}/parts").json["parts"]["texts"]
    writes(juniper.id, SAM, "And another.", SUNDAY)
    fields = re.findall(r'name="(key|text)" value="([^"]+)"', part[part.index("data-unseen") :])
    assert dana.post(f"{thread}/seen", data=dict(fields)).status_code == 303
    assert unseen() == ["And another."]
    assert dana.post(f"{thread}/seen", data={"text": ["nonsense", "\0"]}).status_code == 303
    assert unseen() == ["And another."]


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("accepted", None, "taken, on its way"),
        ("sent", None, "handed to their network"),
        ("sent", "no-receipt", "no receipt came That is all we know: many networks send none. It did not fail."),
        ("delivered", None, "· delivered"),
        ("undelivered", "not-delivered", "did not arrive Their network did not bring it to the phone."),
        ("unknown", "unclear", "nobody knows yet whether it left; we are finding out"),
        ("suppressed", "stopped", "not sent This number asked for no more texts."),
        ("canceled", "let-go", "not sent Somebody decided not to send it."),
        ("queued", "provider-busy", "leaves in a moment The line is busy; it is tried again."),
    ],
)
def test_what_became_of_a_text_is_told_honestly(
    dana: FlaskClient, juniper: House, ids: Ids, state: str, reason: str | None, said: str
) -> None:
    ours(juniper.id, KIM, "Thinking of you.", SUNDAY, state, reason=reason, thread_id=ids["quiet_id"], next_at=None)
    page = words(dana.get(f"{TEXTS}/{ids['quiet_id']}"))
    assert said in page
    assert ("failed" in page.lower()) == (state == "failed")


def test_an_answer_keeps_its_words_when_one_of_them_does_not_fit(dana: FlaskClient, ids: Ids, thread: str) -> None:
    before = len(rows(Message))
    answer = form(dana, thread, f"{thread}/reply", words="Come back to the respite any time.")
    assert answer.status_code == 422
    assert "Come back to the respite any time.</textarea>" in answer.text
    assert "somebody else may read this phone" in words(answer)
    assert len(rows(Message)) == before


@pytest.mark.parametrize("typed", ["", "+++", "%E2%80%8B", "x" * 1601, "a%00b", "%EF%BF%BD"])
def test_bad_input_is_answered_with_a_sentence_beside_the_field(
    dana: FlaskClient, ids: Ids, thread: str, typed: str
) -> None:
    before = len(rows(Message))
    form_type = "application/x-www-form-urlencoded"
    answer = dana.post(f"{thread}/reply", data=f"words={typed}&key=k", content_type=form_type)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    assert len(rows(Message)) == before


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("assign", {"to": "nobody"}),
        ("assign", {"to": str(uuid.UUID(int=7))}),
        ("pass-on", {"to": "x" * 5000}),
        ("rest", {}),
        ("rest", {"days": "8"}),
        ("rest", {"days": "-1"}),
        ("rest", {"days": "two"}),
        ("rest/agree", {}),
    ],
)
def test_a_tap_that_cannot_be_done_says_why_where_it_was_made(
    dana: FlaskClient, ids: Ids, thread: str, act: str, data: dict[str, str]
) -> None:
    answer = dana.post(f"{thread}/{act}", data=data)
    assert (answer.status_code, answer.location) == (303, thread)
    assert 'class="flash" data-flash data-state="attention"' in dana.get(thread).text


@pytest.mark.parametrize(
    "query", ["before=yesterday", "before=2026-01-01", "before=%00", "read=maybe", "read=on&before=x"]
)
def test_an_address_that_says_nonsense_is_read_without_it(dana: FlaskClient, thread: str, query: str) -> None:
    assert dana.get(f"{thread}?{query}").status_code == 200
    assert dana.get(f"{thread}/parts?{query}").status_code == 200


def test_a_double_tap_is_one_text(dana: FlaskClient, ids: Ids, thread: str) -> None:
    before = len(rows(Message))
    page = dana.get(thread)
    reply = next(each for each in forms_of(page) if each.action == f"{thread}/reply")
    data = {**reply.fields.to_dict(), "words": "I am here."}
    assert [dana.post(reply.action, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(rows(Message)) == before + 1
    assert dana.post(reply.action, data={**data, "words": "Something else."}).status_code == 422


def test_two_people_who_answer_at_once_are_each_told(
    dana: FlaskClient, luis: FlaskClient, ids: Ids, thread: str
) -> None:
    forms = {
        client: next(each for each in forms_of(client.get(thread)) if each.action == f"{thread}/reply")
        for client in (dana, luis)
    }
    first = dana.post(f"{thread}/reply", data={**forms[dana].fields.to_dict(), "words": "I am here."})
    second = luis.post(f"{thread}/reply", data={**forms[luis].fields.to_dict(), "words": "We are here."})
    assert "answered too" not in follow(dana, first)
    assert "Dana answered too, 2:32 pm." in follow(luis, second)
    for client in (dana, luis):
        parts = words_of(client.get(f"{thread}/parts").json["parts"]["texts"])
        assert "I am here. Dana" in parts
        assert "We are here. Luis" in parts


def words_of(part: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)))


def test_who_passes_on_gets_no_word_of_it_any_more(dana: FlaskClient, luis: FlaskClient, ids: Ids, thread: str) -> None:
    secret = "Thank you. That means a lot to me today."
    answer = form(dana, thread, f"{thread}/pass-on", to="")
    page = follow(dana, answer)
    assert "You need not read any further" in page
    assert "Passed on, so the words are out of your sight" in page
    for hidden_from in (TEXTS, thread, f"{thread}/parts", f"{TEXTS}/parts"):
        assert secret not in dana.get(hidden_from).text, hidden_from
        assert secret in html.unescape(luis.get(hidden_from).text), hidden_from
    assert f"{thread}/reply" not in dana.get(thread).text
    assert secret in dana.get(f"{thread}?read=on").text
    undo = next(each for each in forms_of(dana.get(thread)) if each.action == f"{thread}/assign")
    dana.post(undo.action, data=undo.fields)
    assert secret in dana.get(thread).text


def test_passing_on_unread_leaves_it_unread(
    dana: FlaskClient, luis: FlaskClient, juniper: House, ids: Ids, thread: str
) -> None:
    form(dana, thread, f"{thread}/pass-on", to="")
    writes(juniper.id, SAM, "And another.", SUNDAY)
    dana.get(thread)
    assert db.session.get_one(Thread, ids["thread_id"]).unseen_since is not None


def test_hidden_words_stay_behind_a_tap_and_come_back(dana: FlaskClient, ids: Ids, thread: str) -> None:
    hide = f"{TEXTS}/in/{ids['inbound_id']}/hide"
    page = follow(dana, form(dana, thread, hide))
    assert "Would you like someone to sit with you?" in page
    assert re.search(
        r"<details[^>]*>\s*<summary>Words out of sight</summary>\s*<p[^>]*>Thank you", dana.get(thread).text
    )
    assert "Thank you." not in dana.get(TEXTS).text
    form(dana, thread, f"{TEXTS}/in/{ids['inbound_id']}/unhide")
    assert "Thank you." in dana.get(TEXTS).text


def test_a_call_is_noted_beside_the_texts(dana: FlaskClient, ids: Ids, thread: str) -> None:
    assert f'href="tel:{SAM}"' in dana.get(thread).text
    assert "Dana called · 2:32 pm" in follow(dana, form(dana, thread, f"{thread}/called"))


def test_a_rest_is_asked_for_by_one_and_agreed_to_by_another(
    dana: FlaskClient, luis: FlaskClient, ids: Ids, thread: str, clock: StillClock
) -> None:
    page = follow(dana, form(dana, thread, f"{thread}/rest", days=3))
    assert "It begins when somebody else agrees." in page
    assert "I agree" not in page
    assert f"{thread}/rest/agree" in luis.get(thread).text
    assert "takes two people" in follow(dana, dana.post(f"{thread}/rest/agree")).replace(
        "needs two people", "takes two people"
    )
    assert "until Wednesday 2:32 pm" in follow(luis, form(luis, thread, f"{thread}/rest/agree"))
    assert "resting until Wednesday 2:32 pm" in words(dana.get(TEXTS))
    clock.advance(3 * DAY)
    assert "resting until" not in words(dana.get(TEXTS))


def test_no_more_texts_is_one_tap_and_one_back(dana: FlaskClient, ids: Ids, thread: str) -> None:
    page = follow(dana, form(dana, thread, f"{thread}/asked-not-to"))
    assert "No more texts go to this number. 1 text was called back." in page
    assert "They asked us not to text." in page
    assert f"{thread}/reply" not in dana.get(thread).text
    again = form(dana, thread, f"{thread}/text-again")
    assert "Texts may go to this number again." in follow(dana, again)
    assert f"{thread}/reply" in dana.get(thread).text
    page = follow(dana, form(dana, thread, f"{thread}/wrong-number"))
    assert "This number belongs to somebody else." in page
    assert [stop.source for stop in rows(NumberStop) if stop.ended_at is None] == ["wrong-number"]


def test_what_is_to_be_read_soon_is_taken_by_one(dana: FlaskClient, luis: FlaskClient, ids: Ids) -> None:
    take = f"{TEXTS}/soon/{ids['read_soon_id']}/take"
    answer = form(dana, TEXTS, take)
    assert answer.location == f"{TEXTS}/{ids['stranger_id']}#newest"
    assert "Nobody else is asked now." in follow(dana, answer)
    assert "Somebody has already seen to this text." in follow(luis, luis.post(take))
    assert len([row for row in rows(ReadSoon) if row.taken_by]) == 1


def test_deciding_about_a_text_and_going_on_where_one_was(dana: FlaskClient, luis: FlaskClient, ids: Ids) -> None:
    again, let_go = (f"{TEXTS}/out/{ids['message_id']}/{act}" for act in ("again", "let-go"))
    answer = form(dana, TEXTS, again)
    assert answer.location == TEXTS
    assert "It is tried once more." in follow(dana, answer)
    assert "It is not sent any more." in follow(dana, dana.post(let_go, data={"back": TEXTS}))
    assert "Somebody has already seen to this text." in follow(luis, luis.post(let_go, data={"back": TEXTS}))
    assert luis.post(let_go, data={"back": "https://example.org/"}).location == TEXTS
    told = form(dana, TEXTS, f"{TEXTS}/out/{ids['failed_id']}/called")
    assert "It says now that you called." in follow(dana, told)
    assert "Somebody has to decide Robin" not in words(dana.get(TEXTS))


def test_who_reads_hard_words_learns_who_is_near(
    dana: FlaskClient, juniper: House, ids: Ids, thread: str, person: MakePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = person("noor@example.org", {juniper.id: Role.PEER}, name="Noor")
    monkeypatch.setattr(reading, "who_next", [lambda _s, _h, step, _now: [noor] if step == 1 else []])
    before = (len(rows(Message)), len(rows(ReadSoon)))
    page = follow(dana, form(dana, thread, f"{thread}/company"))
    assert "You need not read this alone. On call: Noor." in page
    assert (len(rows(Message)), len(rows(ReadSoon))) == before
    monkeypatch.setattr(reading, "who_next", [])
    assert "988 is there for you too" in follow(dana, dana.post(f"{thread}/company"))


# -- the desk and the wall ----------------------------------------------------------------------------------------


def test_the_desk_says_that_texts_wait_and_the_wall_never_does(
    app: Flask, juniper: House, ids: Ids, dana: FlaskClient, luis: FlaskClient
) -> None:
    wall = browser(app, screen=screen_of(juniper))
    volunteer = browser(app, session=session_of(juniper, Role.VOLUNTEER))
    board = "/houses/juniper-house/board"
    assert "Please read a text soon." in words(dana.get(board))
    with transaction() as session:
        session.get_one(ReadSoon, ids["read_soon_id"]).taken_at = SUNDAY
        session.get_one(House, juniper.id)
    form(luis, TEXTS, f"{TEXTS}/out/{ids['failed_id']}/let-go")
    page = words(dana.get(board))
    assert "3 texts to read · 1 text could not be sent" in page
    assert "Sam" not in page
    for elsewhere in (
        volunteer.get(board),
        volunteer.get(f"{board}/parts"),
        wall.get("/wall"),
        wall.get("/wall/parts"),
    ):
        assert "texts" not in re.sub(r"data-socket[^ ]*", "", elsewhere.text).lower()


def test_a_number_the_house_rests_from_is_not_counted_at_the_desk(
    dana: FlaskClient, juniper: House, actor_in: Callable[..., Actor]
) -> None:
    thread_id, _ = writes(juniper.id, SAM, "Words.", SUNDAY)
    assert "1 text to read" in words(dana.get("/houses/juniper-house/board"))
    resting.ask_rest(actor_in(juniper.id, Role.PEER), thread_id, 1, SUNDAY)
    resting.agree_rest(actor_in(juniper.id, Role.PEER), thread_id, SUNDAY)
    assert "to read" not in words(dana.get("/houses/juniper-house/board"))


def test_the_pages_speak_spanish(app: Flask, juniper: House, ids: Ids, thread: str) -> None:
    ana = browser(app, session=session_of(juniper, Role.PEER, name="Ana", language="es"))
    page = words(ana.get(TEXTS))
    for said in (
        "Mensajes",
        "Por favor, lee esto pronto",
        "2 personas escribieron",
        "Sam o Alex",
        "Alguien tiene que decidir",
    ):
        assert said in page, said
    page = words(ana.get(thread))
    for said in ("Tu respuesta", "Mejor llamar", "Descansar de este número", "Comparten este teléfono"):
        assert said in page, said


def test_an_unknown_house_or_thread_is_not_there(dana: FlaskClient) -> None:
    open_house(COMMAND, name="Birch House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    for page in (f"{TEXTS}/{uuid.uuid4()}", "/houses/birch-house/texts", "/houses/nowhere/texts"):
        assert dana.get(page).status_code == 404, page


def test_a_number_that_nobody_has_is_no_title_and_so_in_no_browsers_history(
    app: Flask, juniper: House, dana: FlaskClient
) -> None:
    thread_id = says("Hello?", "+13035550177").thread_id
    db.session.rollback()
    page = dana.get(f"{TEXTS}/{thread_id}").text
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title is not None
    assert "0177" not in title[1]
    assert "0177" in page
