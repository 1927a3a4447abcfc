"""Scenarios 34-38 of docs/texting-scenarios.md: letters, frozen words, words of danger."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.core.errors import Refusal
from respite.messaging.errors import TooLong, WordingNotFit
from respite.messaging.models import (
    Correspondent,
    HouseTexts,
    Inbound,
    Message,
    NumberStop,
    ReadSoon,
    ReplyCode,
    Thread,
)
from respite.messaging.models.people import PersonState
from respite.messaging.policy.segments import count, tidy
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import consent, inbox, wordings
from respite.messaging.service.correspondents import put_state
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import cancel_where
from respite.staffing.models import Shift, ShiftOffer
from respite.staffing.service import offers
from respite.staffing.service.shifts import put_on
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
def test_an_answer_to_nothing_goes_to_a_person_and_is_no_start(line: Line, body: str) -> None:
    """Scenario 36, from somebody who was asked nothing: it is read by somebody, and twice is two texts."""
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


@dataclass
class Offered:
    """A shift on offer, and the numbers that have the question."""

    line: Line
    shift_id: uuid.UUID
    code: int
    people: dict[str, uuid.UUID]

    def has_it(self) -> uuid.UUID | None:
        query = sa.select(Shift.person_id).where(Shift.id == self.shift_id)
        return self.line.read(lambda: db.session.scalar(query))

    def heard(self, number: str, part: str) -> int:
        """How many texts with these words Twilio has for a number."""
        return sum(part in each["body"] for each in self.line.twilio.accepted(to=number))


def offered(line: Line, people: dict[str, uuid.UUID], *, days: int = 2) -> Offered:
    """On offer some days ahead, in the server's own time, and all of them have read it."""
    day = house_now().astimezone(ZoneInfo("America/Denver")).date() + timedelta(days=days)
    shift = put_on(
        line.dana, line.house_id, person_id=None, kind="floor", day=day, begins=time(8), ends=time(12),
        now=house_now(),
    )  # fmt: skip
    offer = offers.start(line.dana, shift.id, now=house_now())
    number = line.read(lambda: db.session.scalar(sa.select(ReplyCode.number).where(ReplyCode.subject_id == offer.id)))
    assert number is not None
    asked = Offered(line, shift.id, number, people)
    for to in people:
        until(lambda to=to: asked.heard(to, f"Y{number} to take it"), "the question comes by itself")  # type: ignore[misc]
    return asked


def crew(line: Line, count: int) -> dict[str, uuid.UUID]:
    """So many peers, nobody else whom an offer would go to first, and no other offer that would go to them."""
    for offer_id in line.read(
        lambda: db.session.scalars(sa.select(ShiftOffer.id).where(ShiftOffer.closed_at.is_(None))).all()
    ):
        offers.stop(line.dana, offer_id, now=house_now())
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.role == Role.PEER).values(ended_at=house_now()))
    numbers = [line.number() for _each in range(count)]
    return {number: line.peer(number, Purpose.SHIFTS, Purpose.DUTY) for number in numbers}


def test_of_two_who_take_an_offer_in_the_same_second_one_has_it(line: Line) -> None:
    """Scenario 36: both are answered rightly, each once; who has not answered is told too."""
    offer = offered(line, crew(line, 3))
    first, second, quiet = offer.people
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda number: line.twilio.says(number, f"Y{offer.code}"), (first, second)))
    winner = offer.has_it()
    assert winner in (offer.people[first], offer.people[second])
    won, lost = (first, second) if winner == offer.people[first] else (second, first)
    until(lambda: offer.heard(won, "is yours") and offer.heard(lost, "is filled"))
    line.skips(timedelta(minutes=3))
    until(lambda: offer.heard(quiet, "is filled"))
    line.twilio.quiet()
    told = {number: (offer.heard(number, "is yours"), offer.heard(number, "is filled")) for number in offer.people}
    assert told == {won: (1, 0), lost: (0, 1), quiet: (0, 1)}


def test_the_same_answer_again_is_answered_alike_and_does_nothing(line: Line) -> None:
    """Scenario 36: "Y42" twice, "Y42" after it is filled; scenario 17: the old signed "Y42" comes again."""
    offer = offered(line, crew(line, 2))
    first, second = offer.people
    said = line.twilio.says(first, f"Y{offer.code}")
    for body in (f"y{offer.code}", f"Y {offer.code} please"):
        line.twilio.says(first, body)
        line.twilio.says(second, body)
    until(lambda: offer.heard(first, "is yours") == 3 and offer.heard(second, "is filled") == 2)
    stood = line.read(lambda: [(each.id, each.state) for each in db.session.scalars(sa.select(Message))])
    (answer,) = line.twilio.calls_back(said["sid"], "received")
    assert answer["http"] == 200
    assert offer.has_it() == offer.people[first]
    assert line.read(lambda: {each.id for each in db.session.scalars(sa.select(Message))}) == {i for i, _s in stood}
    changed = sa.select(sa.func.count()).where(Event.subject == offer.shift_id, Event.kind == "staffing.shift.changed")
    assert line.read(lambda: db.session.scalar(changed)) == 1
    # Somebody else has it in the meantime: the old text, again, gives it back to nobody.
    line.twilio.says(first, "3")
    assert offer.has_it() == offer.people[first], "three days ahead is not what a bare 3 is about"
    line.twilio.says(first, f"N{offer.code}")
    until(lambda: offer.has_it() is None, "who has it and says no can't come")
    line.twilio.calls_back(said["sid"], "received")
    assert offer.has_it() is None


def test_a_bare_yes_counts_where_one_offer_is_open(line: Line) -> None:
    """Scenario 36: with two, they are asked which one, and neither is taken."""
    line.twilio.control(opt_out="off")
    (number,) = people = crew(line, 1)
    one = offered(line, people)
    line.twilio.says(number, "Yes")
    assert one.has_it() == people[number]
    first, second = offered(line, people, days=4), offered(line, people, days=6)
    line.twilio.says(number, "yes")
    until(lambda: first.heard(number, "more than one thing") == 1)
    assert (first.has_it(), second.has_it()) == (None, None)
    line.twilio.says(number, f"N{second.code}")
    line.twilio.says(number, "yes")
    until(lambda: first.has_it() == people[number])


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
