"""The page of the number: what is set, what stands at Twilio, a test text that is followed, pausing, and no secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.errors import LineNotSetUp, TriedOften
from respite.messaging.gateway import Check
from respite.messaging.models import Mark, Message, Pause, SimText
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending, trying
from respite.messaging.service.erasing import forget_numbers
from respite.messaging.twilio_gateway import TwilioGateway
from respite.messaging.views.check_words import TITLES, in_words
from respite.messaging.words import PURPOSES, refusal_words
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY, settings_for
from tests.twilio.companion import FakeTwilio

ActorIn = Callable[..., Actor]
PAGE = "/houses/juniper-house/texts/setup"
NUMBER = "+13035550142"
TOKEN = "a token that only tests know"


@pytest.fixture
def lead(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "dana@example.org")


@pytest.fixture
def through_twilio(app: Flask, twilio: FakeTwilio, key_file: Path) -> FakeTwilio:
    """The running app as one whose texts leave through the fake Twilio."""
    settings = settings_for(
        app.config["SQLALCHEMY_DATABASE_URI"],
        key_file,
        twilio_account_sid=twilio.account,
        twilio_auth_token=twilio.token,
        twilio_previous_auth_token="the token before it",
        twilio_from=twilio.number,
        twilio_api_url=twilio.url,
        public_url="https://texts.example.org",
    )
    app.extensions["respite.settings"] = settings
    app.extensions["respite.gateway"] = TwilioGateway(settings)
    return twilio


def without_a_line(app: Flask, key_file: Path) -> None:
    app.extensions["respite.settings"] = settings_for(
        app.config["SQLALCHEMY_DATABASE_URI"], key_file, mode="production", public_url="https://texts.example.org"
    )
    app.extensions["respite.gateway"] = None


def seen(answer: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())  # type: ignore[attr-defined]


# -- what is set -------------------------------------------------------------------------------------------------


def test_a_demo_house_says_where_its_texts_go(lead: Browser) -> None:
    page = lead.get(PAGE)
    assert 'href="/demo/phones"' in page.text
    assert "no text leaves it" in page.text
    assert "Look now" not in page.text


def test_a_real_house_may_do_without(lead: Browser, app: Flask, key_file: Path) -> None:
    without_a_line(app, key_file)
    assert "No number is set up" in lead.get(PAGE).text
    page = seen(lead.get(f"{PAGE}?look=yes"))
    assert "Our public address" in page
    assert "Send a test text" not in page


def test_settings_are_shown_in_short_and_secrets_never(lead: Browser, through_twilio: FakeTwilio) -> None:
    for page in (lead.get(PAGE), lead.get(f"{PAGE}?look=yes")):
        for secret in (through_twilio.token, "the token before it", through_twilio.account, through_twilio.number):
            assert secret not in page.text
        assert f"…{through_twilio.account[-4:]}" in page.text
        assert f"…{through_twilio.number[-4:]}" in page.text
        assert "the one before it is still believed" in page.text


def test_when_twilio_called_last_and_that_a_call_was_not_believed(lead: Browser, through_twilio: FakeTwilio) -> None:
    assert "Twilio called us last not yet" in seen(lead.get(PAGE))
    with transaction() as session:
        session.add(Mark(name="webhook", at=SUNDAY - timedelta(hours=2)))
        session.add(Mark(name="webhook-refused", at=SUNDAY - timedelta(hours=1)))
    page = seen(lead.get(PAGE))
    assert "Twilio called us last 12:32 pm" in page
    assert "1:32 pm: its signature was made with another token" in page
    with transaction() as session:
        session.get_one(Mark, "webhook").at = SUNDAY
    assert "signature" not in seen(lead.get(PAGE))


# -- what stands at Twilio ---------------------------------------------------------------------------------------


def test_nothing_is_asked_until_somebody_looks(lead: Browser, through_twilio: FakeTwilio) -> None:
    through_twilio.control(listening=False)
    assert "Look now" in lead.get(PAGE).text


def test_each_check_has_a_sentence_and_the_one_thing_to_do(lead: Browser, through_twilio: FakeTwilio) -> None:
    through_twilio.control(number={"sms_url": "https://old.example.org/sms"})
    page = lead.get(f"{PAGE}?look=yes")
    text = seen(page)
    assert "It is there, paid for and active." in text
    assert "It belongs to the account and can send texts." in text
    assert "What people text goes somewhere else: https://old.example.org/sms" in text
    assert 'value="https://texts.example.org/webhooks/twilio/inbound#rc=5&amp;rp=all"' in page.text
    assert "Look again" in text


def test_a_provider_that_is_away_takes_no_page_away(lead: Browser, through_twilio: FakeTwilio) -> None:
    through_twilio.control(listening=False)
    page = lead.get(f"{PAGE}?look=yes")
    assert page.status_code == 200
    assert page.text.count("This could not be found out just now.") == 5


#: What `twilio_checks` may say of each thing that is not well.
NOT_WELL = {
    "account": ["suspended", "closed"],
    "reachable": [""],
    "sender": ["none", "no-sms", "no-service", "no-numbers"],
    "inbound": ["nowhere", "elsewhere", "method", "application"],
    "retries": [""],
    "fallback": [""],
    "ten-dlc": ["none", "pending", "in_progress", "failed", "suspended"],
    "toll-free": ["none", "pending_review", "in_review", "twilio_rejected"],
    "opt-out": [],
}
UNKNOWN = [("ten-dlc", "no-service"), ("ten-dlc", "something_new"), ("toll-free", "something_new"), ("opt-out", "")]


def check(name: str, ok: bool | None, status: str) -> Check:
    told = {"status": status} if status else {}
    return Check(name, ok, told | {"type": "full", "address": "https://x.example", "wanted": "https://y.example"})


def test_there_are_words_for_whatever_is_found(app: Flask) -> None:
    assert set(NOT_WELL) == set(TITLES)
    with app.test_request_context():
        for name, statuses in NOT_WELL.items():
            assert in_words(Check(name, None)).said
            assert in_words(check(name, True, "active")).said
            for status in statuses:
                found = in_words(check(name, False, status))
                assert (found.state, bool(found.said), bool(found.to_do)) == ("mend", True, True), (name, status)
        for name, status in UNKNOWN:
            found = in_words(check(name, None, status))
            assert (found.state, bool(found.said), bool(found.to_do)) == ("unknown", True, True), (name, status)
        trial = in_words(Check("account", False, {"status": "active", "type": "trial"}))
        assert "trial" in trial.said
        assert "token" in in_words(Check("account", False, {"code": "20003"})).said


# -- a test text -------------------------------------------------------------------------------------------------


def pump(app: Flask) -> None:
    sending.pump(lambda: SUNDAY, hands=1)


def test_a_test_text_arrives_on_the_simulated_phone(lead: Browser, app: Flask, juniper: House) -> None:
    page = lead.follow(lead.fill(PAGE, number="(303) 555-0142"))
    assert "on its way" in page.text
    assert "It is about to leave." in page.text
    assert "data-going" in page.text
    pump(app)
    part = lead.get(f"{PAGE}/tried")
    assert "It arrived." in part.text
    assert "data-going" not in part.text
    assert "<html" not in part.text
    db.session.rollback()
    text = db.session.scalars(sa.select(SimText)).one()
    assert (text.number, "Juniper House" in (text.body or "")) == (NUMBER, True)


def test_sending_the_form_twice_is_one_text(lead: Browser, app: Flask) -> None:
    form = lead.form(PAGE)
    assert lead.send(form, number=NUMBER).status_code == 303
    assert lead.send(form, number=NUMBER).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


def test_the_same_key_is_the_same_text_for_whoever_calls(juniper: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    one, two = (
        trying.send_test(dana, juniper.id, NUMBER, language="en", key="k", now=SUNDAY + timedelta(seconds=n))
        for n in range(2)
    )
    assert one.id == two.id


def test_nobody_is_bothered_with_test_texts(juniper: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    for n in range(trying.MOST_AN_HOUR):
        trying.send_test(dana, juniper.id, NUMBER, language="en", key=str(n), now=SUNDAY)
    with pytest.raises(TriedOften):
        trying.send_test(dana, juniper.id, NUMBER, language="en", key="more", now=SUNDAY)
    trying.send_test(dana, juniper.id, NUMBER, language="es", key="later", now=SUNDAY + timedelta(hours=1))


def test_what_is_no_number_is_said_beside_it(lead: Browser) -> None:
    page = lead.fill(PAGE, number="12")
    assert page.status_code == 422
    assert "This must be a telephone number" in page.text
    assert lead.fill(PAGE, number="").status_code == 422


def test_without_a_line_no_test_text_is_written(app: Flask, juniper: House, actor_in: ActorIn, key_file: Path) -> None:
    without_a_line(app, key_file)
    with pytest.raises(LineNotSetUp):
        trying.send_test(actor_in(juniper.id), juniper.id, NUMBER, language="en", key="k", now=SUNDAY)


def test_a_test_text_through_twilio_is_followed(lead: Browser, app: Flask, through_twilio: FakeTwilio) -> None:
    lead.fill(PAGE, number=NUMBER)
    pump(app)
    assert len(through_twilio.accepted(to=NUMBER)) == 1
    assert "Twilio took it." in lead.get(f"{PAGE}/tried").text


def test_a_sender_that_is_not_registered_pauses_the_line_and_says_why(
    lead: Browser, app: Flask, through_twilio: FakeTwilio
) -> None:
    through_twilio.fails(answer="error", http=400, code=30034)
    lead.fill(PAGE, number=NUMBER)
    pump(app)
    assert "It waits, because texts are paused." in lead.get(f"{PAGE}/tried").text
    page = lead.get(PAGE)
    assert "The number is not registered with the telephone companies yet." in page.text
    assert "One text waits for it." in page.text
    resumed = lead.fill(PAGE, f"{PAGE.removesuffix('/setup')}/pauses/end")
    assert "Texts leave again; one was waiting." in lead.follow(resumed).text
    pump(app)
    assert len(through_twilio.accepted(to=NUMBER)) == 1


@pytest.mark.parametrize("state", list(State))
def test_there_are_words_for_every_state_of_a_test_text(
    lead: Browser, juniper: House, actor_in: ActorIn, state: State
) -> None:
    message = trying.send_test(actor_in(juniper.id), juniper.id, NUMBER, language="en", key="k", now=SUNDAY)
    with transaction() as session:
        row = session.get_one(Message, message.id)
        row.state, row.error_code = state, 30034
    part = lead.get(f"{PAGE}/tried").text
    assert "(303) 555-0142" in part
    ends = {State.SCHEDULED, State.QUEUED, State.SENDING, State.UNKNOWN, State.ACCEPTED, State.SENT}
    assert ("data-going" in part) == (state in ends)


def test_the_number_of_a_test_text_is_forgotten_after_a_week(
    app: Flask, juniper: House, actor_in: ActorIn, lead: Browser
) -> None:
    message = trying.send_test(actor_in(juniper.id), juniper.id, NUMBER, language="en", key="k", now=SUNDAY)
    pump(app)
    assert forget_numbers(SUNDAY + timedelta(days=7)) == 0
    assert forget_numbers(SUNDAY + timedelta(days=7, seconds=1)) == 1
    assert forget_numbers(SUNDAY + timedelta(days=8)) == 0
    kept = db.session.get_one(Message, message.id)
    assert (kept.number, kept.body, kept.state) == (None, None, State.DELIVERED)
    assert "data-going" not in lead.get(f"{PAGE}/tried").text


# -- pausing -----------------------------------------------------------------------------------------------------

PAUSES = "/houses/juniper-house/texts/pauses"


def test_pausing_is_said_on_the_page_and_taken_back(lead: Browser, juniper: House) -> None:
    page = lead.follow(lead.fill(PAGE, PAUSES, purpose=""))
    assert "No text leaves since" in page.text
    assert "Dana paused them." in page.text
    undo = next(form for form in forms_of(page) if form.buttons[:1] == ["Undo"])
    assert "Texts leave again." in lead.follow(lead.send(undo)).text
    assert "No text leaves since" not in lead.get(PAGE).text


def test_one_purpose_is_paused_by_its_name(lead: Browser, juniper: House) -> None:
    page = lead.follow(lead.fill(PAGE, PAUSES, purpose="shifts"))
    assert "Some texts wait since 2:32 pm: Shifts." in page.text
    assert lead.post(PAUSES, {"purpose": "nothing"}).status_code == 422
    assert lead.post(f"{PAUSES}/end", {"why": "nothing"}).status_code == 422
    lead.fill(PAGE, f"{PAUSES}/end")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pause).where(Pause.ended_at.is_(None))) == 0


def test_there_are_words_for_every_purpose_and_code(app: Flask) -> None:
    assert set(PURPOSES) == set(Purpose)
    with app.test_request_context():
        for code in (20003, 21606, 21609, 30002, 30034, 99999, None):
            assert refusal_words(code)


def test_a_peer_reads_none_of_it(app: Flask, juniper: House, person: MakePerson) -> None:
    person("luis@example.org", {juniper.id: Role.PEER})
    peer = Browser(app, "luis@example.org")
    for page in (PAGE, f"{PAGE}/tried", "/houses/juniper-house/texts/words", PAUSES):
        assert peer.get(page).status_code in (404, 405)
    assert peer.post(PAUSES).status_code == 404


def test_the_words_for_registering_are_those_the_house_would_use(lead: Browser) -> None:
    page = lead.get(PAGE).text
    assert page.count("<textarea") == 11
    assert "May Juniper House text this number" in page
    lead.fill("/houses/juniper-house/texts/words", brand="Maple")
    page = lead.get(PAGE).text
    assert "May Maple text this number" in page
    for words in re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL):
        assert 40 <= len(words) <= 2048
        assert "{" not in words
