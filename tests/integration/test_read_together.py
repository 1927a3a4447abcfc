"""The screens read side by side at both ends of a stay, and what happens for somebody who left without a talk."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import NamelessNotOffered, NightsUsedUp
from respite.guests.models import ArrivalWish, PartingTalk, Stay
from respite.guests.policy.stay_states import EndKind
from respite.guests.policy.together import IfGone
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.people import Known, Named, Nameless
from respite.guests.service.saving import save_bed
from respite.guests.service.texting import Reconfirmed, give_consent
from respite.guests.service.together import Wished, keep_parting, keep_wishes, parting_of, wishes_of
from respite.guests.service.undo import last_undoable, undo
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.messaging.models import Consent, Message
from respite.promises.models import Promise
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

WORDS = "call my brother at the mill"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peer(juniper: House, actor_in) -> Actor:  # type: ignore[no-untyped-def]
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def stay(juniper: House, peer: Actor) -> Stay:
    return welcome_new(peer, juniper.id, who=Named("Robin", "+13035550170"), nights=3, now=SUNDAY)


def promises() -> list[Promise]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Promise).order_by(Promise.made_at)))


def texts() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0


def test_left_without_a_talk_nothing_happens_by_default(peer: Actor, stay: Stay) -> None:
    leave(peer, stay.id, now=SUNDAY + DAY)
    assert promises() == []
    assert texts() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 0


@pytest.mark.parametrize(
    ("wish", "kind", "way", "words"),
    [
        (Wished(if_gone=IfGone.CALL), "callback", "call", None),
        (Wished(if_gone=IfGone.TEXT), "callback", "text", None),
        (Wished(if_gone=IfGone.WORDS, gone_words=WORDS), "other", None, WORDS),
    ],
)
@pytest.mark.parametrize("how", [None, EndKind.TAKEN_BY_AMBULANCE])
def test_left_without_a_talk_what_was_asked_for_at_arrival_is_promised_and_no_more(
    peer: Actor, stay: Stay, wish: Wished, kind: str, way: str | None, words: str | None, how: EndKind | None
) -> None:
    keep_wishes(peer, stay.id, wish, now=SUNDAY)
    ending = Ending(how, who_called=None if how is None else "guest", guest_chose=None if how is None else True)  # type: ignore[arg-type]
    leave(peer, stay.id, ending=ending, now=SUNDAY + DAY)
    (made,) = promises()
    assert (made.kind, made.way, made.words, made.owner_id) == (kind, way, words, None)
    assert (made.subject_id, made.by_day) == (stay.guest_id, True)
    assert SUNDAY + DAY < (made.due_at or SUNDAY) < SUNDAY + 3 * DAY
    assert texts() == 0
    assert made.words_sealed is None or WORDS.encode() not in made.words_sealed


def test_a_wish_without_anything_to_do_is_nothing_to_do(peer: Actor, stay: Stay) -> None:
    keep_wishes(peer, stay.id, Wished(stay_words="quiet mornings"), now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + DAY)
    assert promises() == []


def test_with_a_talk_the_talk_is_what_counts(peer: Actor, stay: Stay) -> None:
    keep_wishes(peer, stay.id, Wished(if_gone=IfGone.CALL), now=SUNDAY)
    keep_parting(peer, stay.id, people="my sister", places=None, now=SUNDAY + HOUR)
    leave(peer, stay.id, now=SUNDAY + DAY)
    assert promises() == []


def test_going_through_it_in_the_leaving_form_is_a_talk(peer: Actor, stay: Stay) -> None:
    keep_wishes(peer, stay.id, Wished(if_gone=IfGone.CALL), now=SUNDAY)
    leave(peer, stay.id, texts=Reconfirmed(together=True), now=SUNDAY + DAY)
    assert promises() == []


def test_an_agreed_text_stays_agreed_and_none_is_added(peer: Actor, stay: Stay) -> None:
    assert stay.guest_id is not None
    give_consent(peer, stay.guest_id, "caring", "+13035550170", "in-person", now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + DAY)
    db.session.rollback()
    given = db.session.scalars(sa.select(Consent.purpose).where(Consent.ended_at.is_(None))).all()
    assert given == ["caring"]


def test_undoing_the_leaving_takes_its_promise_back(peer: Actor, stay: Stay) -> None:
    keep_wishes(peer, stay.id, Wished(if_gone=IfGone.CALL), now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + DAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    assert len(promises()) == 1
    undo(peer, undoable, now=SUNDAY + DAY)
    assert promises() == []


def test_each_kept_word_can_be_taken_back_and_changed(peer: Actor, stay: Stay) -> None:
    keep_wishes(peer, stay.id, Wished(stay_words="quiet mornings"), version_seen=0, now=SUNDAY)
    keep_wishes(peer, stay.id, Wished(stay_words="soup"), version_seen=1, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    with pytest.raises(StaleVersion):
        keep_wishes(peer, stay.id, Wished(), version_seen=1, now=SUNDAY)
    undo(peer, undoable, now=SUNDAY)
    row = wishes_of(db.session(), stay.id)
    assert row is not None
    assert row.stay_words == "quiet mornings"
    assert b"quiet" not in (row.stay_words_sealed or b"")


def test_what_is_too_long_or_missing_is_said(peer: Actor, stay: Stay) -> None:
    for wish, name in (
        (Wished(stay_words="a" * 1001), "stay_words"),
        (Wished(if_gone=IfGone.WORDS), "gone_words"),
        (Wished(if_gone=IfGone.WORDS, gone_words="a" * 141), "gone_words"),
    ):
        with pytest.raises(Invalid) as wrong:
            keep_wishes(peer, stay.id, wish, now=SUNDAY)
        assert set(wrong.value.fields) == {name}


def test_a_stay_without_a_name_keeps_no_words(juniper: House, peer: Actor) -> None:
    change_rules(COMMAND, juniper.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    nameless = welcome_new(peer, juniper.id, who=Nameless(), nights=1, now=SUNDAY)
    with pytest.raises(NamelessNotOffered):
        keep_wishes(peer, nameless.id, Wished(stay_words="quiet"), now=SUNDAY)
    leave(peer, nameless.id, now=SUNDAY + DAY)
    assert promises() == []


def test_only_who_keeps_beds_here(juniper: House, aspen: House, actor_in, stay: Stay) -> None:  # type: ignore[no-untyped-def]
    for house, role in ((juniper, Role.VOLUNTEER), (juniper, Role.CLINICAL_ON_CALL), (aspen, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            keep_wishes(actor_in(house.id, role), stay.id, Wished(), now=SUNDAY)
        with pytest.raises(NotFound):
            keep_parting(actor_in(house.id, role), stay.id, people=None, places=None, now=SUNDAY)


def test_with_the_guest_all_of_it_goes(peer: Actor, stay: Stay, actor_in) -> None:  # type: ignore[no-untyped-def]
    assert stay.guest_id is not None
    keep_wishes(peer, stay.id, Wished(if_gone=IfGone.WORDS, gone_words=WORDS), now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + DAY)
    keep_parting(peer, stay.id, people="my sister", places="the choir", now=SUNDAY + DAY)
    erase_guest(actor_in(stay.house_id, Role.COORDINATOR), stay.guest_id, now=SUNDAY + DAY)
    db.session.rollback()
    for model in (ArrivalWish, PartingTalk, Promise):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("talked", [True, False])
@pytest.mark.parametrize("planned", [2, 6])
def test_coming_back_is_judged_by_the_same_rules_as_anybodys(
    juniper: House, peer: Actor, planned: int, talked: bool
) -> None:
    """Two nights were used of seven. Whether they left sooner, and whether they talked first, opens and closes none."""
    stay = welcome_new(peer, juniper.id, who=Named("Ana"), nights=planned, now=SUNDAY)
    assert stay.guest_id is not None
    if talked:
        keep_parting(peer, stay.id, people=None, places=None, now=SUNDAY)
    left = leave(peer, stay.id, now=SUNDAY + 2 * DAY)
    assert left.ended_how == (EndKind.AS_PLANNED if planned == 2 else EndKind.SOONER_OWN_CHOICE)
    with pytest.raises(NightsUsedUp):
        save_bed(peer, juniper.id, who=Known(stay.guest_id), nights=6, now=SUNDAY + 2 * DAY)
    save_bed(peer, juniper.id, who=Known(stay.guest_id), nights=5, now=SUNDAY + 2 * DAY)


# -- the screens -------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    return Browser(app, "luis@example.org")


def form_with(answer, name: str):  # type: ignore[no-untyped-def]
    return next(form for form in forms_of(answer) if name in form.fields)


def test_the_welcome_speaks_to_the_guest_in_their_language(browser: Browser, stay: Stay) -> None:
    page = f"/stays/{stay.id}/welcome"
    english = browser.get(page)
    assert "You chose to come, and you can leave when you want." in english.text
    assert "Show me my link" in english.text
    spanish = browser.get(f"{page}?in=es")
    assert 'lang="es"' in spanish.text
    assert "Te preguntamos antes de llamar" in spanish.text
    form = form_with(spanish, "stay_words")
    form.fields["stay_words"] = "sopa"
    form.fields["if_gone"] = "call"
    assert browser.post(page, data=form.fields).status_code == 303
    assert 'lang="en"' in browser.get(f"/stays/{stay.id}").text, "the peer reads on in their own language"
    row = wishes_of(db.session(), stay.id)
    assert row is not None
    assert (row.stay_words, row.if_gone) == ("sopa", "call")


def test_skipping_all_of_the_leaving_talk_still_counts_as_a_talk(browser: Browser, stay: Stay) -> None:
    page = f"/stays/{stay.id}/parting"
    form = form_with(browser.get(page), "people")
    answer = browser.post(page, data=form.fields)
    assert (answer.status_code, answer.location) == (303, f"/stays/{stay.id}/leaving")
    talk = parting_of(db.session(), stay.id)
    assert talk is not None
    assert (talk.people, talk.places) == (None, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 0


def test_the_talk_asks_about_texts_and_keeps_the_yes(browser: Browser, stay: Stay) -> None:
    page = f"/stays/{stay.id}/parting"
    form = form_with(browser.get(page), "people")
    form.fields["follow_up"] = "yes"
    assert browser.post(page, data=form.fields).status_code == 303
    assert db.session.scalars(sa.select(Consent.purpose)).all() == ["follow-up"]


def test_a_key_and_a_coat_are_one_tap_each(browser: Browser, stay: Stay, peer: Actor) -> None:
    leave(peer, stay.id, now=SUNDAY + DAY)
    page = f"/stays/{stay.id}"
    assert "Left behind" in browser.get(page).text
    for form in [form for form in forms_of(browser.get(page)) if form.action.endswith("/left-behind")]:
        if form.fields["what"] == "thing":
            assert browser.post(form.action, data=form.fields).status_code == 422, "it says what"
            form.fields["words"] = "a blue coat"
        assert browser.post(form.action, data=form.fields).status_code == 303
    key, coat = promises()
    assert (key.words, coat.words) == ("Get the key back", "a blue coat")
    assert {each.kind for each in (key, coat)} == {"left-behind"}
    assert key.owner_id is not None
    assert key.due_at is not None
    assert coat.due_at is not None
    assert key.due_at < coat.due_at
    assert "a blue coat" in browser.get(page).text


def test_a_house_says_it_in_its_own_words(app: Flask, juniper: House, person: MakePerson, stay: Stay) -> None:
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    lead = Browser(app, "dana@example.org")
    page = "/houses/juniper-house/settings/guest-words"
    form = form_with(lead.get(page), "welcome_en")
    form.fields["welcome_en"] = "Come in, the soup is on."
    form.fields["rights_en"] = "You may sing.\n\nYou may be still."
    assert lead.post(page, data=form.fields).status_code == 303
    assert lead.post(page, data={**form.fields, "key": "another key of a form"}).status_code == 412
    shown = lead.get(f"/stays/{stay.id}/welcome").text
    assert "Come in, the soup is on." in shown
    assert "<li>You may sing.</li><li>You may be still.</li>" in shown
    assert "Qué bueno que viniste." in lead.get(f"/stays/{stay.id}/welcome?in=es").text, "only what was written"


def test_a_guest_who_was_never_here_is_not_found(browser: Browser) -> None:
    for what in ("welcome", "parting"):
        assert browser.get(f"/stays/{uuid.uuid4()}/{what}").status_code == 404
