"""The words of a house's texts: chosen by those who set its rules, looked at before they count, kept by version."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.messaging.errors import WordingNotFit
from respite.messaging.models import HouseTexts, Message, Wording
from respite.messaging.policy.templates import SHIPPED, TEMPLATES
from respite.messaging.purposes import Purpose
from respite.messaging.service import wordings
from respite.messaging.service.ground import fit_name
from respite.messaging.service.writing import write
from respite.messaging.views.template_words import FIELDS, GROUPS
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
OURS = "{brand}: come and take {day_words} {time_words}? Y{code} or N{code}. STOP ends texts."


@pytest.fixture
def dana(juniper: House, actor_in: ActorIn) -> Actor:
    return actor_in(juniper.id)


def fresh() -> None:
    db.session.rollback()


def set_words(dana: Actor, house: House, words: str, seen: int | None = None, template: str = "shift-open") -> int:
    return wordings.set_words(dana, house.id, template, "en", words, number_seen=seen, now=SUNDAY)


def in_use(house: House, template: str = "shift-open") -> tuple[str, int]:
    fresh()
    return wordings.words_for(db.session(), house.id, template, "en")


# -- wordings by version -----------------------------------------------------------------------------------------


def test_a_house_has_the_shipped_words_until_it_has_its_own(juniper: House, dana: Actor) -> None:
    assert in_use(juniper) == (SHIPPED["shift-open"]["en"], 0)
    assert set_words(dana, juniper, OURS) == 1
    assert in_use(juniper) == (OURS, 1)
    assert set_words(dana, juniper, OURS) == 1, "nothing was different"
    spanish = wordings.words_for(db.session(), juniper.id, "shift-open", "es")
    assert spanish == (SHIPPED["shift-open"]["es"], 0)


def test_words_are_kept_tidied(juniper: House, dana: Actor) -> None:
    set_words(dana, juniper, OURS.replace("come", "it’s time: come – now"))
    assert in_use(juniper)[0] == OURS.replace("come", "it's time: come - now")


def test_going_back_is_a_decision_too_and_what_was_made_keeps_its_words(juniper: House, dana: Actor) -> None:
    set_words(dana, juniper, OURS)
    with transaction() as session:
        message = write(
            session,
            juniper.id,
            number="+13035550142",
            purpose=Purpose.SHIFTS,
            template="shift-open",
            fields={"brand": "J", "day_words": "Sat", "time_words": "6p", "code": "42"},
            dedupe_key="one",
            made_by=dana.ref,
            now=SUNDAY,
        )
    wordings.shipped_again(dana, juniper.id, "shift-open", "en", number_seen=1, now=SUNDAY)
    assert in_use(juniper) == (SHIPPED["shift-open"]["en"], 0)
    kept = db.session.get_one(Message, message.id)
    assert (kept.body, kept.wording) == ("J: come and take Sat 6p? Y42 or N42. STOP ends texts.", 1)
    assert set_words(dana, juniper, OURS, seen=2) == 3
    numbers = db.session.scalars(sa.select(Wording.number).order_by(Wording.number))
    assert list(numbers) == [1, 2, 3]


def test_the_shipped_words_typed_in_are_no_words_of_ones_own(juniper: House, dana: Actor) -> None:
    assert set_words(dana, juniper, SHIPPED["shift-open"]["en"]) == 0
    set_words(dana, juniper, OURS)
    set_words(dana, juniper, SHIPPED["shift-open"]["en"])
    assert in_use(juniper)[1] == 0


def test_over_a_newer_version_nothing_is_written(juniper: House, dana: Actor) -> None:
    set_words(dana, juniper, OURS, seen=0)
    with pytest.raises(StaleVersion):
        set_words(dana, juniper, OURS + " Now.", seen=0)
    with pytest.raises(StaleVersion):
        wordings.shipped_again(dana, juniper.id, "shift-open", "en", number_seen=0, now=SUNDAY)
    assert in_use(juniper) == (OURS, 1)


def test_words_that_tell_too_much_are_not_kept(juniper: House, dana: Actor) -> None:
    with pytest.raises(WordingNotFit) as refused:
        set_words(dana, juniper, OURS.replace("come", "the respite says come"))
    assert [fault.kind for fault in refused.value.facts["faults"]] == ["programme-word"]
    assert in_use(juniper)[1] == 0


def test_who_may_not_set_rules_changes_no_word(juniper: House, actor_in: ActorIn) -> None:
    peer = actor_in(juniper.id, Role.PEER)
    with pytest.raises(NotFound):
        set_words(peer, juniper, OURS)
    with pytest.raises(NotFound):
        wordings.shipped_again(peer, juniper.id, "shift-open", "en", number_seen=None, now=SUNDAY)
    with pytest.raises(NotFound):
        house_texts(peer, juniper)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind.startswith("text."))) == 0


def test_every_shipped_template_passes_the_houses_own_gate_and_has_a_name(juniper: House) -> None:
    named = [name for _heading, lines in GROUPS for name, _words in lines]
    assert sorted(named) == sorted(TEMPLATES)
    for name, template in TEMPLATES.items():
        assert template.fields <= set(FIELDS)
        for language in wordings.LANGUAGES:
            look = wordings.judge(db.session(), juniper.id, name, language, SHIPPED[name][language])
            assert look.faults == (), f"{name} in {language}"


# -- how the house texts -----------------------------------------------------------------------------------------


def house_texts(actor: Actor, house: House, seen: int | None = None, **changed: object) -> HouseTexts:
    given: dict[str, object] = {"brand": "Maple", "reply_hours": "9a-9p", "danger_words": []}
    return wordings.set_house_texts(
        actor,
        house.id,
        **(given | changed),  # type: ignore[arg-type]
        version_seen=seen,
        now=SUNDAY,
    )


def test_a_house_chooses_its_name_in_texts(juniper: House, dana: Actor) -> None:
    assert wordings.house_fields(db.session(), juniper.id) == {"brand": "Juniper House", "house_phone": ""}
    house_texts(dana, juniper, 0, danger_words=["the blue bridge", " the blue bridge ", "", "pozo"])
    texts = db.session.scalars(sa.select(HouseTexts)).one()
    assert (texts.brand, texts.danger_words) == ("Maple", ["the blue bridge", "pozo"])
    assert wordings.house_fields(db.session(), juniper.id)["brand"] == "Maple"
    with pytest.raises(StaleVersion):
        house_texts(dana, juniper, 0)
    house_texts(dana, juniper, 1, brand="Maple House")
    assert wordings.house_fields(db.session(), juniper.id)["brand"] == "Maple House"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"brand": "Maple Respite"}, "brand", "“Respite” would tell others"),
        ({"brand": "M" * 41}, "brand", "up to 40 letters"),
        ({"brand": ""}, "brand", "up to 40 letters"),
        ({"reply_hours": "after your treatment"}, "reply_hours", "9a-9p"),
        ({"danger_words": ["bridge", "..."]}, "danger_words", "“...” cannot be looked for"),
        ({"danger_words": ["w" * 61]}, "danger_words", "cannot be looked for"),
        ({"danger_words": [f"word {n}" for n in range(201)]}, "danger_words", "200 words"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    juniper: House, dana: Actor, changed: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        house_texts(dana, juniper, **changed)
    assert list(refused.value.fields) == [field]
    assert said in refused.value.fields[field]
    assert db.session.scalar(sa.select(HouseTexts.id)) is None


@pytest.mark.parametrize(
    ("name", "fit"),
    [("Juniper House", "Juniper House"), ("Haven Respite", "Haven"), ("Crisis House", "House"), ("Respite", "Respite")],
)  # fmt: skip
def test_a_house_that_chose_no_name_texts_without_the_words_that_tell_too_much(app: Flask, name: str, fit: str) -> None:
    assert fit_name(name) == fit


# -- the pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lead(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "dana@example.org")


PAGE = "/houses/juniper-house/texts/words"
ONE = f"{PAGE}/shift-open"


def test_the_page_shows_every_template_as_it_would_look(lead: Browser) -> None:
    page = lead.get(PAGE).text
    assert page.count(f'href="{PAGE}/') == len(TEMPLATES)
    assert "Juniper House" in page
    assert "{brand}" not in page


def test_a_house_says_how_it_texts(lead: Browser, juniper: House) -> None:
    answer = lead.fill(PAGE, brand="Maple", danger_words="the blue bridge\r\npozo")
    assert "from now on" in lead.follow(answer).text
    again = lead.fill(PAGE, brand="Crisis Centre")
    assert again.status_code == 422
    assert "would tell others" in again.text
    assert "the blue bridge\npozo" in again.text
    fresh()
    assert wordings.house_fields(db.session(), juniper.id)["brand"] == "Maple"


def test_words_are_kept_and_taken_back(lead: Browser, juniper: House) -> None:
    answer = lead.fill(ONE, words=OURS)
    page = lead.follow(answer)
    assert "Juniper House: come and take Saturday" in page.text
    assert "our own words" in page.text
    assert in_use(juniper) == (OURS, 1)
    undo = next(form for form in forms_of(page) if form.buttons[:1] == ["Undo"])
    lead.follow(lead.send(undo))
    assert in_use(juniper)[1] == 0


def test_words_are_looked_at_without_scripts_before_they_are_kept(lead: Browser, juniper: House) -> None:
    page = lead.fill(ONE, words=OURS.replace("come", "dear client, come"), look="yes")
    assert page.status_code == 200
    assert "“client” tells others" in page.text
    assert "dear client, come and take {day_words}" in page.text
    assert in_use(juniper)[1] == 0


def test_words_that_cannot_stay_are_drawn_again_with_what_is_wrong(lead: Browser, juniper: House) -> None:
    page = lead.fill(ONE, words="Take the shift!")
    assert page.status_code == 422
    for said in ("Take the shift!", "Y{code} has to stay in it.", "{day_words} has to stay in it."):
        assert said in page.text
    assert lead.fill(ONE, words="").status_code == 422
    assert in_use(juniper)[1] == 0


def test_the_part_that_follows_typing(lead: Browser) -> None:
    sent = {"language": "es", "words": "{brand}: {day_words} á" + "a" * 60, "csrf_token": ""}
    part = lead.post(f"{ONE}/look", sent)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Juniper House: sábado á" in part.text
    assert "2 texts, 83 of 134" in part.text
    assert lead.post(f"{ONE}/look", sent | {"language": "fr"}).status_code == 404
    assert lead.post(f"{PAGE}/nothing/look", sent).status_code == 404


def test_back_to_what_came_with_it_and_undo(lead: Browser, juniper: House) -> None:
    lead.fill(ONE, words=OURS)
    answer = lead.fill(ONE, f"{ONE}/shipped")
    assert in_use(juniper)[1] == 0
    undo = next(form for form in forms_of(lead.follow(answer)) if form.buttons[:1] == ["Undo"])
    lead.send(undo)
    assert in_use(juniper) == (OURS, 3)


def test_over_a_newer_version_the_page_says_so_and_keeps_what_was_typed(lead: Browser, juniper: House) -> None:
    form = lead.form(ONE)
    lead.fill(ONE, words=OURS)
    page = lead.send(form, words=OURS + " Soon.")
    assert page.status_code == 412
    assert "Somebody changed this" in page.text
    assert "STOP ends texts. Soon." in page.text


def test_a_template_that_is_none(lead: Browser) -> None:
    assert lead.get(f"{PAGE}/nothing").status_code == 404
    assert lead.post(f"{PAGE}/nothing", {"language": "en", "words": "x"}).status_code == 404
