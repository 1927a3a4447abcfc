"""Scenario 41 of docs/texting-scenarios.md: whatever happens, no word, name or number stands where it has no business.

Every module of the scenarios looks through its own logs and addresses when it ends (`tests/texting.py`); here the
server logs all it can, errors are provoked, and their pages are looked through too.
"""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
import requests
import sqlalchemy as sa

from respite.accounts.models import Membership, Person
from respite.accounts.passwords import hashed
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging import jobs
from respite.messaging.models import Thread
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import checks
from respite.messaging.service.ground import number_mark
from tests.canaries import Canaries
from tests.pages import DrawnForm, forms_in
from tests.people import PASSWORD
from tests.texting import Line
from tests.texting_world import INBOUND, STATUS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("texts d41")]

#: What an access log may hold, and more than it has unless told to.
EVERYTHING = '%(h)s "%(r)s" %(s)s "%(f)s" "%(a)s" "%({x-twilio-signature}i)s" "%({location}o)s"'
HARD = (
    {"answer": "error", "http": 500},
    {"answer": "error", "http": 400, "code": 21211},
    {"answer": "error", "http": 400, "code": 99999},
    {"answer": "error", "http": 429},
    {"answer": "problem", "http": 400, "code": 21612},
    {"answer": "error-page"},
    {"answer": "created-cut"},
    {"answer": "created-broken"},
    {"answer": "page"},
    {"answer": "reset", "accept": "now"},
    {"plan": [{"after": 0, "status": "undelivered", "error_code": 30003}]},
    {"plan": [{"after": 0, "status": "failed", "error_code": 30005}]},
)


def test_a_canary_is_found_however_it_is_written() -> None:
    canaries = Canaries()
    word, number = canaries.word(), canaries.number("303")
    a, b, c = number[2:5], number[5:8], number[8:]
    assert canaries.in_any(["all is well", f"+1{a}555{c}"]) == set()
    assert canaries.in_text(f"Hello {word.title()}!") == {word}
    marks = (f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"To=%2B1{a}{b}{c}&", f"+1%20{a}%20{b}%20{c}")
    for written in (number, *marks):
        assert canaries.in_text(written) == {number}, written


@dataclass
class Somebody:
    """A person before a browser without scripts, on the served product. Every error page they met is kept."""

    url: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def sees(self, path: str) -> requests.Response:
        return self._kept(self.session.get(self.url + path, timeout=60))

    def sends(self, form: DrawnForm, **typed: str) -> requests.Response:
        fields = {**form.fields.to_dict(), **typed}
        return self._kept(self.session.post(self.url + form.action, data=fields, timeout=60, allow_redirects=False))

    def form(self, path: str, action: str) -> DrawnForm:
        drawn = forms_in(self.sees(path).text, path)
        return next(form for form in drawn if form.action == action and form.method == "post")

    def _kept(self, answer: requests.Response) -> requests.Response:
        if answer.status_code >= 400:
            self.errors.append(f"{answer.url} {answer.status_code} {answer.headers} {answer.text}")
        return answer


@pytest.fixture
def luis(line: Line) -> Somebody:
    email = "luis@example.org"
    with transaction() as session:
        person = Person(email=email, name="Luis", password_hash=hashed(PASSWORD), made_at=machine_now())
        session.add(person)
        session.flush()
        session.add(
            Membership(person_id=person.id, house_id=line.house_id, role=Role.COORDINATOR, began_at=machine_now())
        )
    somebody = Somebody(line.server.url)
    came_in = somebody.sends(somebody.form("/sign-in", "/sign-in"), email=email, password=PASSWORD)
    assert came_in.status_code == 303, came_in.text
    return somebody


def where_it_is_midday() -> str:
    """The zone whose clock is nearest to two in the afternoon: nobody can move the clock of a real house."""
    zones = ("Pacific/Honolulu", "America/Denver", "America/Noronha", "Europe/Berlin", "Asia/Karachi", "Asia/Tokyo")
    return min(zones, key=lambda zone: abs(machine_now().astimezone(ZoneInfo(zone)).hour - 14))


def everything_goes_wrong(line: Line, address: str) -> None:
    """Texts out that meet every fault, texts in of every kind, and forgeries."""
    numbers = [line.number() for _ in HARD]
    for to, fault in zip(numbers, HARD, strict=True):
        line.twilio.fails(to=to, **fault)
    people = [line.guest(to, Purpose.FOLLOW_UP, timezone=where_it_is_midday()) for to in numbers]
    texts = [
        line.write(to, purpose=Purpose.FOLLOW_UP, correspondent_id=person, now=machine_now())
        for to, person in zip(numbers, people, strict=True)
    ]
    for each in texts:
        line.stands(each, *(state for state in State if state not in (State.SCHEDULED, State.SENDING)), tries=1)
    for body in ("Hello", "STOP", "please stop texting me", "help me", "I want to die", "wrong number", "x" * 1500):
        number = line.number()
        said = line.twilio.says(number, body if body == "STOP" else line.words(body), media=["https://media.example/1"])
        for how in ({"token": "guessed"}, {"signed_for": None}):
            line.twilio.calls_back(said["sid"], "received", **how)
    line.twilio.calls_back("", form={"From": line.number(), "Body": line.words()}, url=address + INBOUND)
    strange = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "levitating", "To": line.number()}
    line.twilio.calls_back("", form=strange, url=f"{address}{STATUS}{uuid.uuid4()}")
    for fault in ({"answer": "error", "http": 503}, {"answer": "created-cut"}, {"answer": "reset"}):
        line.twilio.fails(on="list", **fault)
        jobs.find_out()
        jobs.list_incoming()
    line.settles()
    jobs.find_out()
    checks.compare_ledgers(house_now())
    line.twilio.quiet()


def everything_written_down(line: Line) -> list[str]:
    runner = line.app.test_cli_runner()
    told = [runner.invoke(args=args).output for args in (["messages", "status"], ["doctor"], ["audit", "verify"])]
    events = line.read(lambda: [f"{each.kind} {each.data}" for each in db.session.scalars(sa.select(Event))])
    database = line.database.removeprefix("sqlite:///")
    with open(database, "rb") as sealed:
        return [*line.said(), *told, *events, sealed.read().decode("latin-1")]


def test_in_a_real_house_that_logs_all_it_can(line: Line) -> None:
    """Production writes down more than demo mode does; a proxy and the access log stand before it."""
    outside = "https://texts.example"
    with line.another_world(
        RESPITE_MODE="production",
        PUBLIC_URL=outside,
        TRUSTED_PROXIES="1",
        GUNICORN_CMD_ARGS=f"--access-logfile - --access-logformat '{EVERYTHING}'",
    ):
        line.twilio.house(line.server.url, outside, inbound_path=INBOUND)
        everything_goes_wrong(line, outside)
    line.twilio.house(line.server.url, inbound_path=INBOUND)
    found = everything_written_down(line)
    assert any('"POST /webhooks/twilio/inbound' in each for each in found), "the access log is among it"
    assert any('"level": "info"' in each or '"level":"info"' in each for each in found), "and the log of a real house"
    assert line.canaries.in_any(found) == set()


def test_error_pages_hold_nothing_of_what_was_typed(line: Line, luis: Somebody) -> None:
    to, words = line.number(), line.words("I hear you")
    line.twilio.says(to, line.words("Hello"))
    slug = line.read(lambda: db.session.get_one(House, line.house_id)).slug
    mark = sa.select(Thread.id).where(Thread.number_index == number_mark(to))
    thread = line.read(lambda: db.session.scalar(mark))
    inbox, path = f"/houses/{slug}/texts", f"/houses/{slug}/texts/{thread}"
    for seen in (inbox, path, f"{inbox}/setup", f"{inbox}/words", f"/api/v1/houses/{slug}/messages"):
        luis.sees(seen)
    luis.sees(f"{inbox}/{uuid.uuid4()}")
    reply = luis.form(path, f"{path}/reply")
    luis.sends(DrawnForm(reply.action, "post"), words=words)  # without the secret of its page
    with line.full_disk():
        assert luis.sends(reply, words=words).status_code >= 500
    database = sqlite3.connect(line.database.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    database.execute("ALTER TABLE message RENAME TO gone")
    try:
        assert luis.sends(reply, words=words).status_code >= 500
        line.twilio.says(line.number(), line.words("Is anybody there"))
    finally:
        database.execute("ALTER TABLE gone RENAME TO message")
        database.close()
    assert luis.sends(reply, words=words).status_code == 303
    assert len(luis.errors) >= 4
    assert line.canaries.in_any([*luis.errors, *everything_written_down(line)]) == set()
