"""Two hundred peers answer one offer in the same second, against the server a house runs: one has it, all are told."""

from __future__ import annotations

import html
import json
import shutil
import threading
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from respite.accounts.models import ApiToken
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.clock import house_now, machine_now
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.messaging.models import Message, ReplyCode
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.staffing import events
from respite.staffing.errors import ShiftFilled
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import Answer, OfferState
from respite.staffing.service import offers
from respite.staffing.service.shifts import settle
from tests.texting import Line
from tests.texting_world import until
from tests.twilio.callbacks import signature
from tests.visitors import PATIENCE_SECONDS, Heard, Visitor, ask

PEERS = 200
YOURS, FILLED = "shift-yours", "shift-filled"

# A served house may hold forty of PostgreSQL's hundred connections: two at once beside other tests are too many.
ONE_AT_A_TIME = [pytest.mark.postgres, pytest.mark.xdist_group("many connections")]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=ONE_AT_A_TIME)])
def line_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgres")
        return url
    path = tmp_path_factory.mktemp("offer") / "house.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@dataclass(frozen=True)
class Said:
    """What somebody sends, and the number they have; everything is made before, so that all are sent in one second."""

    how: str  # text, program, tap
    person_id: uuid.UUID
    number: str
    path: str
    body: str
    headers: dict[str, str]
    visitor: Visitor | None = None


class Crowd:
    """Peers who were all asked for one shift, and what each of them is going to say."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.people = [(line.peer(number := line.number(), Purpose.SHIFTS, Purpose.DUTY), number) for _ in range(PEERS)]
        self.token = new_token()
        now = house_now()
        with transaction() as session:
            session.add(
                ApiToken(
                    house_id=line.house_id, role=Role.COORDINATOR, name="race", token_hash=digest(self.token),
                    made_at=machine_now(),
                )
            )  # fmt: skip
            shift = Shift(
                house_id=line.house_id, kind="floor", starts_at=now + timedelta(minutes=90),
                ends_at=now + timedelta(hours=7), published_at=now,
            )  # fmt: skip
            session.add(shift)
            settle(session, shift, None, events.SHIFT_SET, line.dana, now)
        self.shift_id = shift.id
        self.offer_id = offers.start(line.dana, shift.id, now=now).id

    def text(self, person_id: uuid.UUID, number: str, body: str) -> Said:
        """As Twilio posts it, with its signature."""
        path, sid = "/webhooks/twilio/inbound", f"SM{uuid.uuid4().hex}"
        form = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": self.line.twilio.account, "From": number,
            "To": self.line.twilio.number, "Body": body, "NumMedia": "0", "NumSegments": "1",
        }  # fmt: skip
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(self.line.twilio.token, self.line.server.url + path, form),
        }
        return Said("text", person_id, number, path, urlencode(form), headers)

    def program(self, person_id: uuid.UUID, number: str) -> Said:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps({"person_id": str(person_id)})
        return Said("program", person_id, number, f"/api/v1/shifts/{self.shift_id}/claim", body, headers)

    def tap(self, person_id: uuid.UUID, number: str) -> Said:
        """On their own page, with the form as it was drawn for them."""
        visitor = Visitor(self.line.server.url, person_id)
        letter = visitor.fill("/me", f"/shifts/{self.shift_id}/take")
        return Said("tap", person_id, number, letter.path, letter.body, letter.headers, visitor)

    def at_once(self, said: list[Said]) -> list[Heard]:
        gate = threading.Barrier(len(said), timeout=PATIENCE_SECONDS)
        heard: dict[int, Heard] = {}

        def say(place: int) -> None:
            gate.wait()
            each = said[place]
            heard[place] = ask(self.line.server.url, "POST", each.path, each.body, each.headers)

        threads = [threading.Thread(target=say, args=(place,), daemon=True) for place in range(len(said))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=PATIENCE_SECONDS * 2)
        return [heard[place] for place in range(len(said))]

    def everybody_says(self, code: int) -> list[Said]:
        """Six of eight text (one of them the word alone), one claims by a program, one taps."""
        by = [lambda *who: self.text(*who, f"Y{code}")] * 5
        by += [lambda *who: self.text(*who, "yes"), self.program, self.tap]
        return [by[place % len(by)](*who) for place, who in enumerate(self.people)]


def test_of_two_hundred_at_once_one_has_it_and_all_are_told(line: Line) -> None:
    crowd = Crowd(line)
    asked = sa.select(sa.func.count()).select_from(OfferAsked).where(OfferAsked.offer_id == crowd.offer_id)
    until(lambda: line.read(lambda: db.session.scalar(asked)) == PEERS, "all are asked together", seconds=150)
    number = sa.select(ReplyCode.number).where(ReplyCode.subject_id == crowd.offer_id)
    said = crowd.everybody_says(line.read(lambda: db.session.scalar(number)) or 0)
    heard = crowd.at_once(said)

    assert Counter(each.status // 100 for each in heard)[5] == 0
    holder = line.read(lambda: db.session.get_one(Shift, crowd.shift_id).person_id)
    assert holder in {each.person_id for each in said}
    offer = line.read(lambda: db.session.get_one(ShiftOffer, crowd.offer_id))
    assert (offer.state, offer.taken_by) == (OfferState.TAKEN, holder)
    yes = sa.select(OfferAsked.person_id).where(OfferAsked.offer_id == offer.id, OfferAsked.answer == Answer.YES)
    assert line.read(lambda: list(db.session.scalars(yes))) == [holder]

    told = {each.person_id: what_was_said(crowd, each, heard[place]) for place, each in enumerate(said)}
    assert told == {each.person_id: YOURS if each.person_id == holder else FILLED for each in said}
    replies = sa.select(Message).where(Message.template.in_((YOURS, FILLED)), Message.answers_id.is_not(None))
    texts = {(each.number, each.body) for each in line.read(lambda: list(db.session.scalars(replies)))}
    assert len(texts) == len([each for each in said if each.how == "text"])
    until(lambda: texts <= {(each["to"], each["body"]) for each in line.twilio.accepted()}, "all left", seconds=120)
    assert list(line.read(lambda: list(broken_links()))) == []


def what_was_said(crowd: Crowd, said: Said, heard: Heard) -> str | None:
    """What somebody was told: by a text, by the program's answer, or on the page that follows a tap."""
    if said.how == "program":
        rule = str(json.loads(heard.body).get("type", "")).rpartition("/")[2]
        return {200: YOURS, 409: rule}.get(heard.status)
    if said.visitor is not None:
        page = said.visitor.sent(heard).body
        return YOURS if "is yours." in page else FILLED if str(ShiftFilled.sentence) in html.unescape(page) else None
    answers = sa.select(Message.template).where(
        Message.number_index == number_mark(said.number), Message.purpose == Purpose.AUTOMATIC
    )
    found = crowd.line.read(lambda: list(db.session.scalars(answers)))
    return found[0] if len(found) == 1 else None
