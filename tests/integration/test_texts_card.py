"""The texts card of a guest and the leaving form, in a browser without scripts."""

from __future__ import annotations

import re
import uuid
from datetime import time, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.guests.models import Guest, Stay
from respite.guests.service import texting
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named, Nameless
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.messaging.models import Consent, Correspondent, Message, NumberStop
from respite.messaging.models.people import PersonState
from respite.messaging.policy.consent_words import sentence
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes
from respite.messaging.service.ground import number_mark, thread_of
from respite.messaging.service.stopping import stop_number
from respite.messaging.service.writing import write
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

NUMBER, OTHER = "+13035550142", "+13035550177"
WISHES = Wishes(safe_to_text=True, language="es", hours_from=time(10), hours_until=time(18))


@pytest.fixture
def peer(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("luz@example.org", {juniper.id: Role.PEER})
    return Browser(app, "luz@example.org")


def here(house: House, name: str = "Sam", phone: str | None = NUMBER) -> Stay:
    return welcome_new(COMMAND, house.id, who=Named(name, phone=phone), nights=1, now=SUNDAY)


def card(stay: Stay) -> str:
    return f"/stays/{stay.id}"


def acts(stay: Stay) -> str:
    return f"/guests/{stay.guest_id}/texts"


def texts_of(browser: Browser, stay: Stay) -> str:
    """The words of the texts card as somebody reads them."""
    page = browser.get(card(stay)).text
    found = re.search(r'<section class="card" id="texts">(.*?)</section>\s*</div>\s*<div class="rail">', page, re.S)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def consents() -> list[tuple[str, str, bool]]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Consent).order_by(Consent.given_at, Consent.purpose))
    return [(row.purpose, row.method, row.ended_at is None) for row in rows]


def correspondent() -> Correspondent:
    db.session.expire_all()
    return db.session.scalars(sa.select(Correspondent)).one()


def yes(browser: Browser, stay: Stay, purpose: str = "follow-up", **typed: object) -> object:
    page = card(stay)
    form = next(
        each
        for each in forms_of(browser.get(page))
        if each.action == f"{acts(stay)}/yes" and each.fields["purpose"] == purpose
    )
    return browser.send(form, **typed)


# -- the card --------------------------------------------------------------------------------------------------------


def test_what_is_read_out_is_what_is_kept(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    words = texts_of(peer, stay)
    assert "(303) 555-0142" in words
    assert sentence(Purpose.FOLLOW_UP, "en", "Juniper House") in words
    assert words.count("Not asked") == 4
    answer = yes(peer, stay, method="phone")
    told = peer.follow(answer)  # type: ignore[arg-type]
    assert "Noted: they said yes." in told.text
    assert consents() == [("follow-up", "phone", True)]
    assert "Yes, by phone, 2:32 pm" in texts_of(peer, stay)


def test_they_are_asked_in_their_own_language(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    texting.change_wishes(COMMAND, stay.guest_id or uuid.uuid4(), WISHES, now=SUNDAY)
    page = peer.get(card(stay)).text
    assert sentence(Purpose.CARING, "es", "Juniper House") in page
    assert '<blockquote lang="es">' in page


def test_a_yes_is_taken_back_in_one_tap(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    answer = peer.fill(card(stay), f"{acts(stay)}/no")
    assert "They would rather not" in peer.get(card(stay)).text or answer.status_code == 303
    assert consents() == [("follow-up", "in-person", False)]
    assert "No, since 2:32 pm" in texts_of(peer, stay)


def test_the_first_yes_may_bring_the_number(juniper: House, peer: Browser) -> None:
    stay = here(juniper, phone=None)
    assert "No number yet." in texts_of(peer, stay)
    without = yes(peer, stay)
    assert without.status_code == 422  # type: ignore[attr-defined]
    assert consents() == []
    assert yes(peer, stay, number="303 555 0177").status_code == 303  # type: ignore[attr-defined]
    assert db.session.get_one(Guest, stay.guest_id).phone == OTHER
    assert (correspondent().number, correspondent().state) == (OTHER, PersonState.BACK)


def test_a_refused_yes_keeps_what_was_typed_in_its_own_form(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    answer = yes(peer, stay, "caring", number="twelve")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'value="twelve"' in answer.text  # type: ignore[attr-defined]
    assert answer.text.count('<details class="fold" open>') == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "says", "back"),
    [
        ("stop", "only START from that phone undoes it", None),
        ("twilio", "only START from that phone undoes it", None),
        ("asked", "They asked us not to text", "They want texts again"),
        ("words", "They asked us not to text", "They want texts again"),
        ("perhaps", "They may have asked for no more texts", "They did not mean that"),
        ("wrong-number", "somebody else's", "It is their number after all"),
    ],
)
def test_what_stands_against_texting_is_said(
    juniper: House, peer: Browser, source: str, says: str, back: str | None
) -> None:
    stay = here(juniper)
    with transaction() as session:
        stop_number(session, number_mark(NUMBER), source=source, said_at=SUNDAY, now=SUNDAY)
    words = texts_of(peer, stay)
    assert says in words
    offered = [each for each in ("They want texts again", "They did not mean that", "after all") if each in words]
    assert offered == ([] if back is None else [back.replace("It is their number ", "")])
    refused = peer.post(f"{acts(stay)}/yes", {"purpose": "caring", "number": NUMBER, "method": "in-person", "key": "k"})
    assert refused.status_code == (303 if source == "perhaps" else 409)


def test_no_more_texts_in_one_tap_and_one_tap_back(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    done = peer.follow(peer.fill(card(stay), f"{acts(stay)}/asked-not-to"))
    assert "No more texts go to this number." in done.text
    assert db.session.scalars(sa.select(NumberStop.source)).all() == ["asked"]
    undo = next(form for form in forms_of(done) if form.action == f"{acts(stay)}/wanted-again")
    assert peer.send(undo).status_code == 303
    db.session.expire_all()
    assert db.session.scalar(sa.select(NumberStop.ended_how)) == "person"


def test_somebody_kept_from_before_texting_can_ask_for_none_too(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    with transaction() as session:
        session.execute(sa.delete(Correspondent))
    assert peer.fill(card(stay), f"{acts(stay)}/asked-not-to").status_code == 303
    assert correspondent().number == NUMBER
    assert db.session.scalars(sa.select(NumberStop.source)).all() == ["asked"]


def test_wishes_are_shown_as_they_stand_and_kept_as_they_are_typed(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    page, wishes = card(stay), f"{acts(stay)}/wishes"
    form = peer.form(page, wishes)
    assert (form.fields["hours_from"], form.fields["hours_until"], form.fields["language"]) == ("09:00", "20:00", "en")
    assert (form.fields["safe"], form.fields["timezone"]) == ("yes", "")
    answer = peer.send(
        form,
        safe=None,
        shared="yes",
        hours_from="12:00",
        language="es",
        timezone="America/Chicago",
        sign_off="Tu amiga",
    )
    assert answer.status_code == 303
    them = correspondent()
    assert (them.safe_to_text, them.may_be_shared, them.language, them.timezone) == (
        False,
        True,
        "es",
        "America/Chicago",
    )
    words = texts_of(peer, stay)
    assert "12 pm to 8 pm, in Spanish, others may read this phone" in words
    assert "Texts are not safe for them." in words
    assert "gone through with them 2:32 pm" in words
    stale = peer.send(form, key=uuid.uuid4().hex, hours_from="08:00")
    assert stale.status_code == 412
    assert 'value="08:00"' in stale.text
    assert peer.fill(page, wishes, sign_off="your respite").status_code == 422


def test_hours_that_are_the_whole_day_are_any_hour(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    form = peer.form(card(stay), f"{acts(stay)}/wishes")
    assert peer.send(form, hours_from="00:00", hours_until="00:00").status_code == 303
    words = texts_of(peer, stay)
    assert "at any hour, in English" in words
    assert "12 am" not in words


def test_what_waits_is_shown_with_when_and_why(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    with transaction() as session:
        them = session.scalars(sa.select(Correspondent)).one()
        thread_of(session, juniper.id, NUMBER, SUNDAY)
        waiting = write(
            session,
            juniper.id,
            number=NUMBER,
            purpose=Purpose.FOLLOW_UP,
            words="Thinking of you, Sam.",
            dedupe_key="a",
            made_by="clock:",
            not_before=SUNDAY + timedelta(days=1),
            correspondent_id=them.id,
            now=SUNDAY,
        )
        waiting.reason = "their-hours"
    words = texts_of(peer, stay)
    assert "confirms what they said yes to" in words
    assert "how are you doing" in words
    assert "Monday 2:32 pm" in words
    assert "It leaves in their hours." in words
    assert "Thinking of you" not in words  # the words are in the inbox
    assert "What was written" in words


def test_what_another_house_wrote_to_the_number_stays_there(juniper: House, aspen: House, peer: Browser) -> None:
    stay = here(juniper)
    with transaction() as session:
        thread_of(session, aspen.id, NUMBER, SUNDAY)
    assert "What was written" not in texts_of(peer, stay)


def test_who_has_died_is_asked_nothing(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    assert f"/guests/{stay.guest_id}/died?back=" in peer.get(card(stay)).text
    told = peer.follow(peer.fill(f"/guests/{stay.guest_id}/died?back={card(stay)}"))
    assert "They have died. No text goes to this number on their account." in told.text
    assert "Please read this out" not in told.text
    undo = next(form for form in forms_of(told) if form.action == f"/guests/{stay.guest_id}/died/mistake")
    peer.send(undo)
    assert correspondent().state == PersonState.BACK


def test_a_stay_without_a_name_has_no_texts(app: Flask, juniper: House, peer: Browser) -> None:
    change_rules(COMMAND, juniper.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    stay = welcome_new(COMMAND, juniper.id, who=Nameless(), nights=1, now=SUNDAY)
    assert 'id="texts"' not in peer.get(card(stay)).text
    assert "May we text them later?" not in peer.get(f"{card(stay)}/leaving").text
    for act in ("yes", "no", "wishes", "asked-not-to", "wanted-again"):
        assert peer.post(f"{acts(stay)}/{act}", {"key": act}).status_code == 404
    assert peer.fill(f"{card(stay)}/leaving").status_code == 303


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL])
def test_who_keeps_no_beds_keeps_no_texts(app: Flask, juniper: House, person: MakePerson, role: Role) -> None:
    stay = here(juniper)
    person("vic@example.org", {juniper.id: role})
    browser = Browser(app, "vic@example.org")
    for act in ("yes", "no", "wishes", "asked-not-to", "wanted-again"):
        answer = browser.post(
            f"{acts(stay)}/{act}", {"key": act, "purpose": "caring", "number": NUMBER, "method": "phone"}
        )
        assert answer.status_code == 404, act
    assert consents() == []


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_leaving_untouched_changes_nothing_about_texts(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    before = correspondent().version
    answer = peer.fill(f"{card(stay)}/leaving")
    assert answer.status_code == 303
    assert consents() == [("follow-up", "in-person", True)]
    db.session.expire_all()
    assert db.session.get_one(Stay, stay.id).follow_up_wanted is True
    assert correspondent().version == before + 1  # back, then open again: that alone


def test_leaving_goes_through_it_in_one_glance(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    page = f"{card(stay)}/leaving"
    form = peer.form(page)
    assert (form.fields["number"], form.fields["follow_up"], form.fields["caring"]) == ("(303) 555-0142", "yes", "")
    assert sentence(Purpose.CARING, "en", "Juniper House") in peer.get(page).text
    done = peer.follow(peer.send(form, follow_up="no", caring="yes", together="yes"))
    assert consents() == [("caring", "in-person", True), ("follow-up", "in-person", False)]
    assert correspondent().confirmed_at == SUNDAY
    peer.undo(done)
    assert consents() == [("follow-up", "in-person", True)]


def test_a_number_at_the_door(juniper: House, peer: Browser) -> None:
    stay = here(juniper, phone=None)
    page = f"{card(stay)}/leaving"
    missing = peer.fill(page, caring="yes")
    assert missing.status_code == 422
    assert "Please give the number to text." in missing.text
    assert peer.fill(page, caring="yes", number="303 555 0177").status_code == 303
    assert consents() == [("caring", "in-person", True)]
    assert db.session.get_one(Guest, stay.guest_id).phone == OTHER


def test_a_new_number_at_the_door_takes_each_standing_yes_along(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    peer.fill(f"{card(stay)}/leaving", number="303 555 0177")
    assert consents() == [("follow-up", "in-person", False), ("follow-up", "in-person", True)]
    assert correspondent().number == OTHER


def test_the_wish_alone_needs_no_number(juniper: House, peer: Browser) -> None:
    stay = here(juniper, phone=None)
    assert peer.fill(f"{card(stay)}/leaving", follow_up="yes").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Stay, stay.id).follow_up_wanted is True
    assert consents() == []


def test_what_changed_meanwhile_is_not_undone_by_a_form_that_was_open(juniper: House, peer: Browser) -> None:
    """The form shows a yes and a number; meanwhile they texted STOP, and another number was kept."""
    stay = here(juniper)
    yes(peer, stay)
    form = peer.form(f"{card(stay)}/leaving")
    yes(peer, stay, "caring", number="303 555 0177")
    with transaction() as session:
        stop_number(session, number_mark(NUMBER), source="stop", said_at=SUNDAY, now=SUNDAY)
    assert peer.send(form).status_code == 303
    assert correspondent().number == OTHER


def test_a_number_that_is_left_alone_is_not_asked_about_at_the_door(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    with transaction() as session:
        stop_number(session, number_mark(NUMBER), source="stop", said_at=SUNDAY, now=SUNDAY)
    page = peer.get(f"{card(stay)}/leaving").text
    assert "only START from that phone undoes it" in page
    assert 'name="caring"' not in page
    assert peer.fill(f"{card(stay)}/leaving").status_code == 303


def test_texts_wait_while_they_are_here_and_no_longer(juniper: House, peer: Browser) -> None:
    stay = here(juniper)
    yes(peer, stay)
    assert correspondent().state == PersonState.BACK
    peer.fill(f"{card(stay)}/leaving")
    assert correspondent().state == PersonState.OPEN
    confirming = db.session.scalars(sa.select(Message)).one()
    assert (confirming.state, confirming.template) == (State.QUEUED, "consent-confirmed")


def test_who_waits_says_yes_before_they_ever_came(juniper: House, peer: Browser) -> None:
    row = add_waiting(COMMAND, juniper.id, who=Named("Ana", NUMBER), asked=Asked(), since=SUNDAY, now=SUNDAY)
    page, waiting = f"/guests/{row.guest_id}/texts", f"/houses/{juniper.slug}/waiting"
    assert f'href="{page}?back={waiting}"' in peer.get(waiting).text
    form = next(
        each for each in forms_of(peer.get(f"{page}?back={waiting}")) if each.fields.get("purpose") == Purpose.STAY
    )
    refused = peer.send(form, number="twelve")
    assert refused.status_code == 422
    assert 'value="twelve"' in refused.text
    assert peer.send(form).location.endswith(f"{page}?back={waiting}")
    assert consents() == [("stay", "in-person", True)]
    assert (correspondent().number, correspondent().subject_id) == (NUMBER, row.guest_id)
