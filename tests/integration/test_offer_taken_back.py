"""An offer that is taken back is told to whoever was told of it: by text, or by a call that somebody is to make."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db, transaction
from respite.guests.models import BedOffer, Undoable
from respite.guests.policy.offers import How
from respite.guests.service import undo
from respite.guests.service.conversation import Talk, write_conversation
from respite.guests.service.offering import say_not_now, say_yes, take_back
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from respite.messaging.models import Consent, Message
from respite.messaging.policy.states import State
from respite.promises.models import Promise
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import MINUTE, Line


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=2, chairs=0, now=SUNDAY
    )


@pytest.fixture
def line(house: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(house, actor_in)


def arrives(state: State = State.DELIVERED) -> None:
    with transaction() as session:
        session.execute(sa.update(Message).values(state=state, next_at=None))


def told(line: Line) -> list[tuple[str, str]]:
    return [(name, template) for name, template, _state in line.texted() if template != "bed-offered"]


def test_who_was_asked_by_text_reads_that_it_is_taken_back(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    arrives()
    take_back(line.dana, offer.id, now=SUNDAY + MINUTE)
    assert told(line) == [("Ana", "bed-taken-back")]
    assert rows(Promise) == []
    text = rows(Message, Message.template == "bed-taken-back")[0].body
    assert "not free after all" in text
    assert "You keep your place" in text
    take_back(line.dana, offer.id, now=SUNDAY + 2 * MINUTE)
    assert len(told(line)) == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED, State.SUPPRESSED])
def test_who_never_read_it_hears_nothing(line: Line, state: State) -> None:
    offer = line.offers(line.waits("Ana"))
    arrives(state)
    take_back(line.dana, offer.id, now=SUNDAY + MINUTE)
    assert (told(line), rows(Promise)) == ([], [])


def test_who_was_to_be_called_is_promised_a_call_and_undo_takes_it_along(line: Line) -> None:
    ana = line.waits("Ana")
    offer = line.offers(ana, how=How.CALL)
    take_back(line.dana, offer.id, now=SUNDAY + MINUTE)
    assert [(row.kind, row.way, row.subject_id) for row in rows(Promise)] == [("callback", "call", ana.id)]
    last = db.session.scalar(sa.select(Undoable.id).order_by(Undoable.at.desc()).limit(1))
    assert last is not None
    db.session.rollback()
    undo.undo(line.dana, last, now=SUNDAY + 2 * MINUTE)
    assert rows(Promise) == []
    assert [row.ended_at for row in rows(BedOffer)] == [None]


def test_who_may_not_be_texted_any_more_is_called(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    arrives()
    with transaction() as session:
        session.execute(sa.update(Consent).values(ended_at=SUNDAY))
    take_back(line.dana, offer.id, now=SUNDAY + MINUTE)
    assert told(line) == []
    assert [row.way for row in rows(Promise)] == ["call"]


def test_a_bed_saved_for_another_on_purpose_tells_too(line: Line) -> None:
    line.offers(line.waits("Ana"))
    arrives()
    save_bed(
        line.dana,
        line.house_id,
        who=Named("Wes"),
        nights=1,
        bed_id=line.beds[0],
        over_offer=True,
        now=SUNDAY + MINUTE,
    )
    assert told(line) == [("Ana", "bed-taken-back")]


def test_their_own_no_tells_nobody(line: Line) -> None:
    offer = line.offers(line.waits("Ana"), how=How.CALL)
    say_not_now(line.dana, offer.id, now=SUNDAY + MINUTE)
    assert (told(line), rows(Promise)) == ([], [])


# -- a yes invites to the conversation ---------------------------------------------------------------------------------


def test_a_yes_invites_to_the_conversation_where_the_house_has_it_first(line: Line) -> None:
    change_rules(COMMAND, line.house_id, {"conversation_first": True}, number_seen=None, now=SUNDAY)
    ana, bea = line.waits("Ana"), line.waits("Bea")
    say_yes(line.dana, line.offers(ana, how=How.CALL).id, now=SUNDAY + MINUTE)
    assert [(row.words, row.way, row.subject_id) for row in rows(Promise)] == [
        ("The conversation before the first night", "call", ana.guest_id)
    ]
    assert bea.guest_id is not None
    write_conversation(line.dana, bea.guest_id, Talk({"helps": "Tea."}), now=SUNDAY)
    say_yes(line.dana, line.offers(bea, bed=1, how=How.CALL).id, now=SUNDAY + MINUTE)
    assert len(rows(Promise)) == 1


def test_a_house_without_that_rule_invites_nobody(line: Line) -> None:
    say_yes(line.dana, line.offers(line.waits("Ana"), how=How.CALL).id, now=SUNDAY + MINUTE)
    assert rows(Promise) == []
