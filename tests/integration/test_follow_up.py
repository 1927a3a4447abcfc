"""What follows a stay: exactly what a guest chose, in their hours, once, and never in a heap."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.due import Due, due_rows, next_due_at, run
from respite.core.errors import Invalid, StaleVersion
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import Asks, Step
from respite.followup.queries import plan_now, plan_of_stay, rows_of_stay
from respite.followup.service.plans import change_plan
from respite.guests.models import Stay, Undoable
from respite.guests.service.arriving import welcome_new
from respite.guests.service.died import say_died, say_lives
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known, Named
from respite.guests.service.texting import Reconfirmed, change_wishes, give_consent, take_consent_back
from respite.guests.service.undo import undo
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.service.details import change_house
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.policy.states import State as TextState
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes
from respite.promises.models import Promise
from respite.promises.service.acts import keep, open_again
from respite.resources.connections.models import Connection
from respite.resources.connections.policy import Category
from respite.resources.connections.service.telling import Offered, offer
from tests.places import SUNDAY
from tests.texts_in import SAM, says

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Robin leaves at 10:00 in Denver on a Monday.
MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TEXTS = Reconfirmed(number=SAM, answers={Purpose.FOLLOW_UP: True})


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def dana(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id)


@pytest.fixture
def robin(juniper: House) -> Stay:
    return welcome_new(COMMAND, juniper.id, who=Named("Robin"), nights=2, now=SUNDAY)


def rows(stay: Stay) -> dict[str, FollowUp]:
    db.session.rollback()
    found = db.session.scalars(sa.select(FollowUp).where(FollowUp.stay_id == stay.id).order_by(FollowUp.after)).all()
    db.session.rollback()
    return {row.window: row for row in found}


def ways(stay: Stay) -> dict[str, tuple[str, str, str | None]]:
    return {window: (row.way, row.state, row.came) for window, row in rows(stay).items()}


def planned(stay: Stay, window: str) -> datetime:
    at = rows(stay)[window].planned_at
    assert at is not None
    return at


def due() -> list[Due]:
    db.session.rollback()
    found = list(db.session.scalars(sa.select(Due).where(Due.kind.startswith("followup"))))
    db.session.rollback()
    return found


def promises() -> list[Promise]:
    db.session.rollback()
    found = list(db.session.scalars(sa.select(Promise).order_by(Promise.made_at)))
    db.session.rollback()
    return found


def undoable() -> uuid.UUID:
    found = db.session.scalars(sa.select(Undoable.id).order_by(Undoable.at.desc())).first()
    db.session.rollback()
    assert found is not None
    return found


def moved_house(house: House, zone: str) -> None:
    change_house(
        COMMAND,
        house.id,
        name="Juniper House",
        kind="both",
        timezone=zone,
        language="en",
        phone=None,
        shares_availability=False,
        now=MONDAY,
    )


def events() -> Counter[str]:
    db.session.rollback()
    found = Counter(db.session.scalars(sa.select(Event.kind).where(Event.kind.startswith("followup."))))
    db.session.rollback()
    return found


def distinct(kind: str) -> int:
    """As figures count: a step once, however often it was said."""
    subjects = set(db.session.scalars(sa.select(Event.subject).where(Event.kind == kind)))
    db.session.rollback()
    return len(subjects)


def texts(*purposes: str) -> list[Message]:
    db.session.rollback()
    wanted = sa.select(Message).where(Message.purpose.in_(purposes or ("follow-up",))).order_by(Message.made_at)
    found = list(db.session.scalars(wanted))
    db.session.rollback()
    return found


def walk(until: datetime, heard: Callable[[Message, datetime], None] | None = None) -> None:
    """Everything that is due until then, each at its own time; a text that was written arrives at once."""
    for _step in range(2000):
        at = next_due_at()
        if at is None or at > until:
            return
        for row in due_rows(at):
            assert run(row, at)
        _arrive(at, heard)
    raise AssertionError("it never settles")


def _arrive(at: datetime, heard: Callable[[Message, datetime], None] | None) -> None:
    with transaction() as session:
        waiting = session.scalars(
            sa.select(Message).where(Message.state.in_(("queued", "scheduled")), Message.next_at <= at)
        ).all()
        for text in waiting:
            text.state, text.next_at, text.posted_at, text.ended_at = TextState.DELIVERED, None, at, at
    for text in waiting:
        if heard is not None and text.purpose == Purpose.FOLLOW_UP:
            heard(text, at)


def test_what_they_chose_leaves_once_each_in_their_hours_and_is_quiet_after_three(
    juniper: House, dana: Actor, robin: Stay
) -> None:
    """A text, a text, a call asked for by text, and nothing more: of the three nobody was answered."""
    leave(dana, robin.id, follow_up=True, texts=TEXTS, now=MONDAY)
    assert {window: way for window, (way, *_rest) in ways(robin).items()} == dict.fromkeys(
        ("h48", "d7", "d30", "d90"), "text"
    )
    walk(MONDAY + 120 * DAY)
    sent = texts()
    assert [text.template for text in sent] == ["follow-up-1", "follow-up-2", "follow-up-call"]
    for text, days in zip(sent, (2, 7, 30), strict=True):
        assert abs(text.made_at - (MONDAY + days * DAY)) <= timedelta(minutes=40)
        assert text.body is not None
        assert "STOP" in text.body or text.template == "follow-up-2"
    assert ways(robin)["d90"] == ("text", "over", "quiet")
    assert [row.reached_at is not None for row in rows(robin).values()] == [True, True, True, False]
    assert not db.session.scalars(sa.select(Due).where(Due.kind.startswith("followup"))).all()


def test_what_it_hangs_on_moves_it_and_ends_it(juniper: House, dana: Actor, robin: Stay) -> None:
    guest_id = robin.guest_id
    assert guest_id is not None
    left = leave(dana, robin.id, follow_up=True, texts=TEXTS, later={"d30": "call", "d90": "none"}, now=MONDAY)
    assert {window: (way, state) for window, (way, state, _came) in ways(robin).items()} == {
        "h48": ("text", "planned"),
        "d7": ("text", "planned"),
        "d30": ("call", "planned"),
        "d90": ("none", "over"),
    }

    # Their hours are others, then their zone: each is moved into them, on the same local day.
    wishes = Wishes(safe_to_text=True, language="en", hours_from=clock_time(15), hours_until=clock_time(18))
    change_wishes(dana, guest_id, wishes, now=MONDAY)
    assert {local(planned(robin, window), "America/Denver").hour for window in ("h48", "d7", "d30")} <= {15, 16}
    east = replace(wishes, timezone="America/New_York")
    change_wishes(dana, guest_id, east, now=MONDAY)
    at = local(planned(robin, "h48"), "America/New_York")
    assert (at.day, at.hour in (15, 16)) == (25, True)
    change_wishes(dana, guest_id, replace(wishes, hours_from=clock_time(9), hours_until=clock_time(20)), now=MONDAY)
    moved_house(juniper, "Pacific/Honolulu")
    opens = MONDAY + 2 * DAY + 2 * HOUR
    assert opens <= planned(robin, "h48") <= opens + 80 * MINUTE
    moved_house(juniper, "America/Denver")

    # The leaving is taken back, and said again with its right time: nothing is left of the first.
    undo(dana, undoable(), now=MONDAY)
    assert ways(robin) == {}
    assert not due()
    leave(dana, robin.id, follow_up=True, texts=TEXTS, at=MONDAY - 3 * HOUR, now=MONDAY)
    assert planned(robin, "d7") == pytest.approx(MONDAY + 7 * DAY - 20 * MINUTE, abs=41 * MINUTE)

    # The yes is taken back: all ends. Said again, what is still ahead stands again; STOP ends what is due.
    take_consent_back(dana, guest_id, Purpose.FOLLOW_UP, now=MONDAY)
    assert {came for _way, _state, came in ways(robin).values()} == {Came.NO_YES}
    assert not due()
    give_consent(dana, guest_id, "follow-up", SAM, "phone", now=MONDAY + 5 * DAY)
    assert [state for _way, state, _came in ways(robin).values()] == ["over", "planned", "planned", "planned"]
    walk(MONDAY + 8 * DAY)
    says("STOP", at=MONDAY + 9 * DAY)
    walk(MONDAY + 100 * DAY)
    assert [text.template for text in texts()] == ["follow-up-1"]
    assert ways(robin)["d30"] == ("text", "over", "stopped")

    # Everything of it goes with the guest, and the figures stay.
    counted = events()
    erase_guest(dana, guest_id, now=MONDAY + 101 * DAY)
    assert rows(left) == {}
    assert not due()
    assert events() == counted
    assert counted["followup.window.offered"] >= 4


def test_what_comes_back_a_call_and_being_in_a_house_again(juniper: House, dana: Actor, robin: Stay) -> None:
    guest_id = robin.guest_id
    assert guest_id is not None
    leave(
        dana,
        robin.id,
        follow_up=True,
        texts=TEXTS,
        later=dict.fromkeys(("h48", "d30"), "text") | {"d7": "call", "d90": "call"},
        now=MONDAY,
    )
    walk(MONDAY + 3 * DAY)
    came = says("It goes, thank you", at=MONDAY + 3 * DAY)
    assert came.seen_at is None, "a person reads it"
    assert ways(robin)["h48"] == ("text", "answered", None)

    # The call is a promise of whoever went through it with them, a day ahead, due in their hours.
    walk(MONDAY + 7 * DAY - HOUR)
    promise = promises()[0]
    assert (promise.owner_id, promise.kind, promise.way, promise.subject_id) == (dana.id, "callback", "call", guest_id)
    assert promise.due_at == pytest.approx(MONDAY + 7 * DAY, abs=41 * MINUTE)
    keep(dana, promise.id, "no-answer", now=MONDAY + 7 * DAY)
    assert ways(robin)["d7"] == ("call", "over", "no-answer")
    open_again(dana, promise.id, now=MONDAY + 7 * DAY)
    keep(dana, promise.id, "reached", now=MONDAY + 7 * DAY)
    assert ways(robin)["d7"] == ("call", "answered", None)

    # They are back when the next is due: it rests, and goes on when they left without choosing anew.
    again = welcome_new(COMMAND, juniper.id, who=Known(guest_id), nights=3, now=MONDAY + 29 * DAY)
    walk(MONDAY + 32 * DAY)
    assert len(texts()) == 1
    leave(dana, again.id, now=MONDAY + 32 * DAY)
    assert ways(again) == {}
    walk(MONDAY + 34 * DAY)
    asked = texts()[-1]
    assert asked.template == "follow-up-call"
    assert asked.body is not None
    assert says("y", at=MONDAY + 34 * DAY).seen_at is not None
    assert says(re.findall(r"Y\d+", asked.body)[0], at=MONDAY + 34 * DAY).seen_at is not None, "said twice, done once"
    assert len(promises()) == 2
    assert promises()[-1].due_at is not None

    # No to more of it, said of a third stay, ends what the first still had by text; a call goes on as they chose.
    third = welcome_new(COMMAND, juniper.id, who=Known(guest_id), nights=1, now=MONDAY + 40 * DAY)
    leave(dana, third.id, follow_up=False, now=MONDAY + 40 * DAY)
    assert ways(robin)["d90"] == ("call", "planned", None)
    walk(MONDAY + 100 * DAY)
    assert len(texts()) == 2
    assert len(promises()) == 3
    assert {"offered": 8, "agreed": 4, "asked": 4, "reached": 3, "answered": 3}.items() <= {
        kind.rpartition(".")[2]: distinct(kind) for kind in events()
    }.items()


def test_a_week_without_a_clock_sends_one_thing_and_a_plan_is_kept_by_who_chose_from_it(
    juniper: House, dana: Actor, robin: Stay
) -> None:
    close = [Step(48), Step(60), Step(72), Step(96), Step(2000, on=False)]
    assert change_plan(dana, juniper.id, close, number_seen=0, now=SUNDAY) == 1
    with pytest.raises(StaleVersion):
        change_plan(dana, juniper.id, [Step(48)], number_seen=0, now=SUNDAY)
    with pytest.raises(Invalid) as wrong:
        change_plan(dana, juniper.id, [Step(1), Step(48), Step(48)], now=SUNDAY)
    assert set(wrong.value.fields) == {"after-0", "after-2"}
    leave(dana, robin.id, follow_up=True, texts=TEXTS, now=MONDAY)
    assert list(ways(robin)) == ["h48", "h60", "h72", "d4"]
    assert change_plan(dana, juniper.id, [Step(48)], now=MONDAY) == 2
    assert plan_of_stay(db.session(), juniper.id, rows_of_stay(db.session(), robin.id)).number == 1
    assert plan_now(db.session(), juniper.id).steps == (Step(48),)
    db.session.rollback()

    # Nobody looks for almost four days; all four are due at once when somebody does.
    back = MONDAY + 3 * DAY + 22 * HOUR
    for _look in range(40):
        for row in due_rows(back):
            assert run(row, back)
        _arrive(back, None)
        back += HOUR
    sent = [text.made_at for text in texts()]
    assert len(sent) >= 2
    assert all(later - before >= 22 * HOUR for before, later in pairwise(sent))
    assert {came for _way, state, came in ways(robin).values() if state == State.OVER} == {Came.MISSED}


def test_what_they_wanted_is_asked_after_and_their_own_word_closes_it(juniper: House, dana: Actor, robin: Stay) -> None:
    guest_id = robin.guest_id
    assert guest_id is not None
    yes = Reconfirmed(number=SAM, answers={Purpose.FOLLOW_UP: True, Purpose.CONNECTIONS: True})
    for place in ("The pantry", "The library", "The garden"):
        offer(dana, guest_id, Offered(Category.FOOD, place=place), wanted=True, now=MONDAY)
    leave(dana, robin.id, follow_up=True, texts=yes, later={"d30": "none", "d90": "none"}, now=MONDAY)
    walk(MONDAY + 12 * DAY)
    asked = texts("connections")
    assert [text.template for text in asked] == ["connection-asked"] * 2
    assert all("pantry" not in (text.body or "") and "library" not in (text.body or "") for text in asked)
    assert asked[1].made_at - asked[0].made_at == DAY
    words = [re.findall(r"[YNX]\d+", text.body or "") for text in asked]
    assert says(words[0][0], at=MONDAY + 12 * DAY).seen_at is not None
    assert says(words[1][2], at=MONDAY + 12 * DAY).seen_at is not None
    states = dict(db.session.execute(sa.select(Connection.id, Connection.state)).all())
    db.session.rollback()
    assert sorted(states.values()) == ["connected", "dropped", "wanted"]
    assert ways(robin)["d7"] == ("text", "answered", None)


def test_who_is_in_the_house_again_is_asked_there_and_not_by_text(juniper: House, dana: Actor, robin: Stay) -> None:
    guest_id = robin.guest_id
    assert guest_id is not None
    yes = Reconfirmed(number=SAM, answers={Purpose.FOLLOW_UP: True, Purpose.CONNECTIONS: True})
    offer(dana, guest_id, Offered(Category.FOOD, place="The pantry"), wanted=True, now=MONDAY)
    leave(dana, robin.id, follow_up=True, texts=yes, later={"d30": "none", "d90": "none"}, now=MONDAY)
    walk(MONDAY + 7 * DAY + 3 * HOUR)
    assert ways(robin)["d7"] == ("text", "asked", None)
    welcome_new(COMMAND, juniper.id, who=Known(guest_id), nights=5, now=MONDAY + 7 * DAY + 3 * HOUR)
    walk(MONDAY + 12 * DAY)
    assert texts("connections") == []
    assert events()["connection.guest.asked"] == 0


def replies() -> list[str | None]:
    """What told them when they are called."""
    db.session.rollback()
    told = sa.select(Message).where(Message.template == "follow-up-call-yes").order_by(Message.made_at)
    found = [text.body for text in db.session.scalars(told)]
    db.session.rollback()
    return found


def test_their_last_word_counts_and_what_never_reached_them_is_no_silence(
    juniper: House, dana: Actor, robin: Stay
) -> None:
    guest_id = robin.guest_id
    assert guest_id is not None
    change_plan(dana, juniper.id, [Step(48), Step(7 * 24), Step(30 * 24), Step(60 * 24, Asks.CALL)], now=SUNDAY)
    leave(dana, robin.id, follow_up=True, texts=TEXTS, later={"h48": "call"}, now=MONDAY)

    # It was said by mistake that they died: the call that was promised is promised again.
    walk(MONDAY + 30 * HOUR)
    say_died(dana, guest_id, now=MONDAY + 30 * HOUR)
    assert [each.state for each in promises()] == ["let-go"]
    say_lives(dana, guest_id, now=MONDAY + 31 * HOUR)
    walk(MONDAY + 32 * HOUR)
    assert [each.state for each in promises()] == ["let-go", "open"]

    # A text is not safe for a day.
    wishes = Wishes(safe_to_text=False, language="en", hours_from=clock_time(9), hours_until=clock_time(20))
    change_wishes(dana, guest_id, wishes, now=MONDAY + 2 * DAY)
    assert {came for window, (_way, _state, came) in ways(robin).items() if window != "h48"} == {Came.NO_YES}
    change_wishes(dana, guest_id, replace(wishes, safe_to_text=True), now=MONDAY + 3 * DAY)
    assert [ways(robin)[window][1] for window in ("d7", "d30", "d60")] == ["planned"] * 3

    # What they write before a text has left answers nothing.
    at = planned(robin, "d7")
    for row in due_rows(at):
        assert run(row, at)
    says("Is the garden open?", at=at)
    assert ways(robin)["d7"] == ("text", "asked", None)

    # Another stay ends by mistake, and with it what this one had: taken back, that goes on.
    again = welcome_new(COMMAND, juniper.id, who=Known(guest_id), nights=3, now=MONDAY + 20 * DAY)
    leave(dana, again.id, follow_up=True, texts=TEXTS, now=MONDAY + 20 * DAY)
    assert ways(robin)["d30"] == ("text", "over", Came.NEWER)
    undo(dana, undoable(), now=MONDAY + 20 * DAY)
    assert ways(robin)["d30"] == ("text", "planned", None)
    leave(dana, again.id, now=MONDAY + 20 * DAY)

    # Nobody called them, so two are not three, and they are asked whether they would like a call.
    walk(MONDAY + 61 * DAY)
    asked = texts()[-1]
    assert asked.template == "follow-up-call"
    code = re.findall(r"Y(\d+)", asked.body or "")[0]
    since = len(promises())
    for minutes in (0, 50):
        says(f"Y{code}", at=MONDAY + 61 * DAY + minutes * MINUTE)
    assert len(promises()) == since + 1
    assert len(set(replies())) == 1, "they are told when the call is, however often they say it"
    says(f"N{code}", at=MONDAY + 61 * DAY + HOUR)
    assert promises()[-1].state == "let-go"
    says(f"Y{code}", at=MONDAY + 61 * DAY + 2 * HOUR)
    assert [each.state for each in promises()[since:]] == ["let-go", "open"]
