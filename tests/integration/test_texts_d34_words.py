"""Scenarios 34-38 of docs/texting-scenarios.md: letters, frozen words, words of danger."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.core.errors import Refusal
from respite.messaging.errors import TooLong, WordingNotFit
from respite.messaging.models import Correspondent, HouseTexts, Inbound, Message, NumberStop, ReadSoon, Thread
from respite.messaging.models.people import PersonState
from respite.messaging.policy.segments import count, tidy
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import consent, inbox, wordings
from respite.messaging.service.correspondents import put_state
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import cancel_where
from tests.texting import ARRIVED, Line
from tests.texting_world import until
from tests.twilio.rows import segments_of

pytestmark = pytest.mark.xdist_group("texts d34")

LATER = timedelta(hours=1)
MARKED = "It’s “you” we thought of — really… see\u00a0you \u202esoon\u202c\0"
UNSEEN = {"\0", "\u202e", "\u202c", "\u00a0", "’", "“", "”", "—", "…"}


def alerts(line: Line, number: str) -> list[ReadSoon]:
    threads = sa.select(Thread.id).where(Thread.number_index == number_mark(number))
    query = sa.select(ReadSoon).where(ReadSoon.thread_id.in_(threads))
    return line.read(lambda: list(db.session.scalars(query)))


@pytest.mark.parametrize(
    "letters",
    [MARKED, MARKED + " 💚 Ω", "¿Cómo estás, mañana?", "👩‍👧 " * 20],
    ids=["marks", "a heart", "Spanish", "emoji"],
)
def test_letters_of_every_kind_arrive_as_they_were_tidied_and_counted(line: Line, letters: str) -> None:
    """Scenario 34: and are found again in a listing, letter for letter, after an end that nobody knew."""
    line.twilio.control(callbacks={"on": False})
    to, words = line.number(), f"{letters} {line.canaries.word()}"
    line.twilio.fails(to=to, answer="reset", accept="now")
    text = line.write(to, words)
    line.stands(text, State.UNKNOWN)
    line.find_out()
    line.stands(text, *ARRIVED)
    (taken,) = line.twilio.accepted(to=to)
    assert taken["body"] == tidy(words)
    assert not UNSEEN & set(taken["body"])
    assert line.text(text).segments == count(tidy(words)).segments == segments_of(taken["body"])
    assert line.posted(text) == 1


def test_what_is_too_long_is_refused_where_it_is_written(line: Line) -> None:
    """Scenario 34: 1,700 letters never come as far as Twilio."""
    to = line.number()
    line.twilio.says(to, line.words("Are you there?"))
    with pytest.raises(TooLong):
        line.write(to, "a" * 1700)
    with pytest.raises(Refusal) as refused:
        inbox.reply(line.dana, line.of_number(Thread, to)[0].id, "a " * 850, house_now())
    assert isinstance(refused.value, WordingNotFit | TooLong)
    assert line.twilio.posts(to=to) == []


def test_a_text_leaves_in_the_words_that_it_was_written_in(line: Line) -> None:
    """Scenario 35: the template is changed after that; the version that left is known."""
    to, due = line.number(), house_now() + LATER
    person = line.guest(to, Purpose.FOLLOW_UP)
    fields = {"first_name": line.canaries.word().title(), "brand": "Juniper", "time_words": "9a-9p"}
    made = {"template": "follow-up-2", "fields": fields, "purpose": Purpose.FOLLOW_UP}
    before = line.write(to, **made, correspondent_id=person, not_before=due)
    own = "Hello[ {first_name}], this is {brand} with words of its own. STOP ends texts."
    number = wordings.set_words(line.dana, line.house_id, "follow-up-2", "en", own, number_seen=None, now=house_now())
    after = line.write(to, **made, correspondent_id=person, not_before=due + timedelta(days=1))
    line.house_is(due)
    line.stands(before, *ARRIVED)
    line.house_is(due + timedelta(days=1))
    line.stands(after, *ARRIVED)
    first, second = line.twilio.accepted(to=to)
    assert first["body"].startswith(f"Hi {fields['first_name']}, it's Juniper again.")
    assert second["body"] == f"Hello {fields['first_name']}, this is Juniper with words of its own. STOP ends texts."
    assert (line.text(before).wording, line.text(after).wording) == (0, number)


@pytest.mark.parametrize(
    "what, reason",
    [("back", "person-back"), ("withdrawn", "no-consent"), ("cancelled", "plans-changed"), ("unsafe", "not-safe")],
)
def test_what_came_up_since_keeps_a_text_from_leaving(line: Line, what: str, reason: str) -> None:
    """Scenario 35: they are back in the house, took their yes back, do not feel safe; or the plan was dropped."""
    to, due = line.number(), house_now() + LATER
    person = line.guest(to, Purpose.CARING)
    text = line.write(to, purpose=Purpose.CARING, correspondent_id=person, not_before=due)
    subject = line.read(lambda: db.session.get_one(Correspondent, person)).subject_id
    if what == "withdrawn":
        consent.withdraw(line.dana, line.house_id, subject, Purpose.CARING, now=house_now())
    else:
        with transaction() as session:
            if what == "back":
                put_state(session, line.house_id, subject, PersonState.BACK, house_now())
            elif what == "cancelled":
                assert cancel_where(session, reason, house_now(), Message.id == text) == 1
            else:
                session.get_one(Correspondent, person).safe_to_text = False
    line.house_is(due)
    ended = line.stands(text, State.SUPPRESSED, State.CANCELED)
    assert (ended.reason, line.twilio.posts(to=to)) == (reason, [])


@pytest.mark.parametrize("body", ["Y42", "yes", "N42"])
def test_an_answer_to_no_offer_goes_to_a_person_and_decides_nothing(line: Line, body: str) -> None:
    """Scenario 36, while no offers go by text: what would take one is read by somebody, and twice is two texts."""
    line.twilio.control(opt_out="off")
    to = line.number()
    line.twilio.says(to, "STOP")
    line.twilio.says(to, body)
    line.twilio.says(to, body)
    assert [each.ended_at for each in line.of_number(NumberStop, to)] == [None], "and none of it means START"
    came = line.of_number(Inbound, to)
    assert sorted(each.means for each in came) == ["nothing", "nothing", "stop"]
    (thread,) = line.of_number(Thread, to)
    assert thread.unseen_since is not None
    assert {each.template for each in line.of_number(Message, to)} <= {"answer-stopped"}


def test_two_machines_that_answer_each_other_end_after_one_answer(line: Line) -> None:
    """Scenario 37: theirs says something that may mean danger to whatever it gets; somebody is asked to read it."""
    to = line.number()
    said = line.words("I am away. If you want to kill yourself, call 911 or go to the nearest emergency room")
    for _round in range(6):
        line.twilio.says(to, said)
        for each in line.of_number(Message, to):
            line.stands(each.id, *ARRIVED)
    assert len(line.twilio.accepted(to=to)) == 1
    assert "988" in line.twilio.accepted(to=to)[0]["body"]
    assert [each.why for each in alerts(line, to)] == ["words"]
    assert len(line.of_number(Inbound, to)) == 6
    line.skips(timedelta(hours=13))
    line.twilio.says(to, said)
    until(lambda: len(line.twilio.accepted(to=to)) == 2, "after a while somebody who is in danger again is answered")


def test_a_detector_that_fails_counts_as_danger_and_loses_nothing(line: Line) -> None:
    """Scenario 38: the house's list of words is malformed, which no page would let in."""
    with transaction() as session:
        broken = HouseTexts(house_id=line.house_id, brand="Juniper", danger_words=["", 17])
        session.add(broken)
    try:
        to = line.number()
        line.twilio.says(to, line.words("Hello there"))
        (came,) = line.of_number(Inbound, to)
        assert came.body is not None
        inbox_alerts = sa.select(ReadSoon).where(ReadSoon.thread_id.is_(None), ReadSoon.why == "detector")
        (alert,) = line.read(lambda: list(db.session.scalars(inbox_alerts)))
        assert alert.taken_at is None
        (answer,) = line.of_number(Message, to)
        assert line.stands(answer.id, *ARRIVED).template == "answer-danger"
        line.twilio.says(line.number(), line.words("Hello too"))
        assert len(line.read(lambda: list(db.session.scalars(inbox_alerts)))) == 1, "one alert: please read the inbox"
    finally:
        with transaction() as session:
            session.execute(sa.delete(HouseTexts).where(HouseTexts.id == broken.id))
