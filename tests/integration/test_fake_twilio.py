"""The fake Twilio in its own process, as the official client and a house's web server meet it."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.twilio.companion import FakeTwilio
from tests.twilio.official import client_of
from tests.twilio.receiver import Receiver, receiving
from tests.twilio.still import SERVICE

PUBLIC = "https://texts.example"
STATUS = PUBLIC + "/webhooks/twilio/status/1"


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeTwilio]:
    twilio = FakeTwilio(tmp_path_factory.mktemp("twilio"), service=SERVICE)
    try:
        yield twilio.start()
    finally:
        twilio.stop()


@pytest.fixture
def house(fake: FakeTwilio) -> Iterator[Receiver]:
    with receiving() as house:
        fake.house(house.url, PUBLIC)
        yield house


@pytest.fixture
def client(fake: FakeTwilio) -> Iterator[Client]:
    with client_of(fake) as client:
        yield client


@pytest.fixture
def phone(request: pytest.FixtureRequest) -> str:
    """A number of this test's own."""
    return f"+1720{zlib.crc32(request.node.nodeid.encode()) % 10**7:07}"


def send(client: Client, to: str, body: str = "Hello", **more: Any) -> Any:
    return client.messages.create(to=to, body=body, messaging_service_sid=SERVICE, status_callback=STATUS, **more)


def test_the_official_client_creates_fetches_lists_redacts(fake: FakeTwilio, client: Client, phone: str) -> None:
    made = send(client, phone, "One ¿sí? 💚")
    assert (made.status, made.from_, made.num_segments, made.body) == ("accepted", None, "0", "One ¿sí? 💚")
    send(client, phone, "Two")
    assert [each.body for each in client.messages.list(to=phone, page_size=1)] == ["Two", "One ¿sí? 💚"]
    fake.moves(1)
    found = client.messages(made.sid).fetch()
    assert (found.status, found.from_, found.direction) == ("delivered", fake.number, "outbound-api")
    assert client.messages(made.sid).update(body="").body == ""
    assert client.messages(made.sid).delete()
    assert [each["body"] for each in fake.accepted(to=phone)] == ["One ¿sí? 💚", "Two"]
    assert [post["http"] for post in fake.posts(to=phone)] == [201, 201]


def test_a_wrong_token_is_told_and_makes_nothing(fake: FakeTwilio, phone: str) -> None:
    with client_of(fake, "guessed") as client:
        with pytest.raises(TwilioRestException) as told:
            send(client, phone)
        assert (told.value.status, told.value.code) == (401, 20003)
        with pytest.raises(TwilioException):
            client.messages.list(to=phone)
    assert [post["http"] for post in fake.posts(to=phone)] == [401]
    assert not fake.accepted(to=phone)


@pytest.mark.parametrize(
    ("rule", "taken", "raises"),
    [
        ({"answer": "created-cut"}, "now", json.JSONDecodeError),
        ({"answer": "created-broken"}, "now", requests.exceptions.ChunkedEncodingError),
        ({"answer": "page"}, "now", json.JSONDecodeError),
        ({"answer": "error", "http": 429, "retry_after": 7}, "never", TwilioRestException),
        ({"answer": "error", "http": 400, "code": 21614}, "never", TwilioRestException),
        ({"answer": "error", "accept": "now"}, "now", TwilioRestException),
        ({"answer": "error-page", "http": 503}, "never", TwilioRestException),
        ({"answer": "problem", "http": 403, "code": 20003}, "never", TwilioException),
        ({"answer": "reset", "accept": "now"}, "now", requests.exceptions.ConnectionError),
        ({"answer": "reset-before"}, "never", requests.exceptions.ConnectionError),
        ({"answer": "hang", "hang": 0.1}, "now", requests.exceptions.ConnectionError),
        ({"answer": "hang", "hang": 0.1, "accept": 600}, "later", requests.exceptions.ConnectionError),
    ],
)
def test_each_fault_as_the_official_client_sees_it(
    fake: FakeTwilio, client: Client, phone: str, rule: dict[str, Any], taken: str, raises: type[Exception]
) -> None:
    fake.fails(**rule)
    with pytest.raises(raises) as told:
        send(client, phone)
    if "http" in rule:
        assert getattr(told.value, "status", None) == rule["http"]
    if not rule["answer"].startswith("reset"):  # a reset may look like an end to a client that reads late
        assert "Connection reset by peer" not in str(told.value)
    assert len(fake.accepted(to=phone)) == (taken == "now")
    fake.moves(600)
    assert len(fake.accepted(to=phone)) == (taken != "never")
    assert send(client, phone, "afterwards").status == "accepted"


def test_retry_after_and_twilios_time_are_in_the_headers(fake: FakeTwilio, phone: str) -> None:
    fake.fails(answer="error", http=429, retry_after=7)
    address = f"{fake.url}/2010-04-01/Accounts/{fake.account}/Messages.json"
    before = fake.moves(7 * 24 * 3600)
    said = requests.post(address, {"To": phone, "Body": "x"}, auth=(fake.account, fake.token), timeout=5)
    assert said.headers["Retry-After"] == "7"
    assert abs(parsedate_to_datetime(said.headers["Date"]).timestamp() - before) < 5
    fake.moves(-7 * 24 * 3600)


def test_the_list_may_fail_while_the_rest_works(fake: FakeTwilio, client: Client, phone: str) -> None:
    fake.fails(on="list", answer="error", http=503, times=1)
    with pytest.raises(TwilioException):
        client.messages.list(to=phone)
    assert client.messages.list(to=phone) == []


def test_sixty_four_calls_hang_and_others_are_served(fake: FakeTwilio, client: Client, phone: str) -> None:
    fake.fails(to=phone, answer="hang", hang=1.0, times=64)
    address = f"{fake.url}/2010-04-01/Accounts/{fake.account}/Messages.json"
    form = {"To": phone, "Body": "x", "MessagingServiceSid": SERVICE}

    def hang(_: int) -> str:
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.post(address, form, auth=(fake.account, fake.token), timeout=30)
        return "hung"

    with ThreadPoolExecutor(64) as pool:
        hanging = pool.map(hang, range(64))
        while len(fake.posts(to=phone)) < 64:
            time.sleep(0.02)
        assert [post["end"] for post in fake.posts(to=phone)].count(None) > 0
        assert len(client.messages.list(to=phone)) == 64
        assert list(hanging) == ["hung"] * 64
    assert len(fake.accepted(to=phone)) == 64


def test_callbacks_are_signed_for_the_public_address(
    fake: FakeTwilio, client: Client, house: Receiver, phone: str
) -> None:
    sid = send(client, phone).sid
    fake.quiet()
    mine = [each for each in house.got if each[1]["MessageSid"] == sid]  # an earlier text may still be telling
    assert sorted(form["MessageStatus"] for _, form, _ in mine) == ["delivered", "queued", "sent"]
    for path, form, headers in mine:
        assert path == "/webhooks/twilio/status/1"
        assert RequestValidator(fake.token).validate(STATUS, form, headers["X-Twilio-Signature"])
        assert not RequestValidator(fake.token).validate(house.url + path, form, headers["X-Twilio-Signature"])
    fake.control(auth_token="a new one", also_accepts=[fake.token])
    assert [each["http"] for each in fake.calls_back(sid, "delivered", times=5, error_code=30005)] == [200] * 5
    _, form, headers = house.got[-1]
    assert form["ErrorCode"] == "30005"
    assert RequestValidator("a new one").validate(STATUS, form, headers["X-Twilio-Signature"])
    fake.control(auth_token=fake.token, also_accepts=[])
    fake.calls_back(sid, "sent", signed_for=None)
    assert "X-Twilio-Signature" not in house.got[-1][2]


def test_a_callback_is_tried_again_as_its_address_asks(
    fake: FakeTwilio, client: Client, house: Receiver, phone: str
) -> None:
    fake.control(retry_pause=0.01, plan=[])
    sid = send(client, phone).sid
    fake.quiet()
    house.got.clear()  # what an earlier text was still telling
    house.answers = [503, 503, 503]
    fake.calls_back(sid, "delivered", url=STATUS + "#rc=2&rp=all")
    assert len(house.got) == 3
    repeats = [headers.get("I-Twilio-Idempotency-Token") for _, _, headers in house.got]
    assert repeats[0] is None
    assert repeats[1] == repeats[2]
    assert repeats[2]
    house.answers = [503]
    fake.calls_back(sid, "delivered", url=STATUS)
    assert len(house.got) == 4  # by itself only what could not be reached is tried again
    fake.control(deliver_to="http://127.0.0.1:1")
    told = fake.calls_back(sid, "delivered", url=STATUS)[0]
    assert (told["failed"], told["attempt"]) == ("ct", 1)
    fake.control(retry_pause=0.05, plan=None)


def test_a_person_texts_and_an_outage_hides_it(fake: FakeTwilio, client: Client, house: Receiver, phone: str) -> None:
    fake.says(phone, "Hola 💚", sid="SM" + "1" * 32, at=time.time() - 7200, media=["https://api.example/m"])
    path, form, headers = house.got[-1]
    assert (path, form["MessageSid"], form["NumMedia"]) == ("/webhooks/twilio/inbound", "SM" + "1" * 32, "1")
    assert (form["From"], form["To"], form["MessagingServiceSid"]) == (phone, fake.number, SERVICE)
    assert RequestValidator(fake.token).validate(PUBLIC + path, form, headers["X-Twilio-Signature"])
    fake.control(outage=True, opt_out="advanced")
    fake.says(phone, "STOP")
    fake.control(outage=False)
    assert len(house.got) == 1
    assert [each.body for each in client.messages.list(from_=phone)] == ["STOP", "Hola 💚"]
    with pytest.raises(TwilioRestException) as told:
        send(client, phone)
    assert told.value.code == 21610
    assert [each["body"][:8] for each in fake.accepted(to=phone, by="twilio")] == ["You have"]
    fake.calls_back("SM" + "1" * 32)
    assert house.got[-1][1]["Body"] == "Hola 💚"
    fake.control(opt_out="default")


def test_where_the_first_address_fails_the_second_is_tried(fake: FakeTwilio, house: Receiver, phone: str) -> None:
    fake.control(inbound_url=PUBLIC + "/in", service={"fallback_url": PUBLIC + "/again"})
    house.answers = [500]
    fake.says(phone, "Hello?")
    assert [(path, form.get("ErrorCode")) for path, form, _ in house.got] == [("/in", None), ("/again", "11200")]
    assert RequestValidator(fake.token).validate(
        PUBLIC + "/again", house.got[1][1], house.got[1][2]["X-Twilio-Signature"]
    )
    fake.control(service={"fallback_url": None})


def test_the_line_may_be_cut_and_comes_back_with_all_it_knew(fake: FakeTwilio, client: Client, phone: str) -> None:
    send(client, phone)
    fake.control(listening=False)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.messages.list(to=phone)
    fake.control(listening=True)
    assert len(client.messages.list(to=phone)) == 1


def test_what_a_setup_page_looks_at(fake: FakeTwilio, client: Client, house: Receiver) -> None:
    assert client.api.v2010.accounts(fake.account).fetch().status == "active"
    number = client.incoming_phone_numbers.list(phone_number=fake.number)[0]
    assert (number.sms_url, number.sms_method) == (PUBLIC + "/webhooks/twilio/inbound#rc=5&rp=all", "POST")
    assert number.capabilities["sms"]
    assert client.incoming_phone_numbers.list(phone_number="+13035550000") == []
    service = client.messaging.v1.services(SERVICE)
    assert service.fetch().inbound_request_url == number.sms_url
    assert [each.phone_number for each in service.phone_numbers.list()] == [fake.number]
    assert [each.campaign_status for each in service.us_app_to_person.list()] == ["VERIFIED"]
    fake.control(account={"status": "suspended"}, campaign={"campaign_status": "FAILED"}, number={"sms_method": "GET"})
    assert client.api.v2010.accounts(fake.account).fetch().status == "suspended"
    assert service.us_app_to_person.list()[0].campaign_status == "FAILED"
    with pytest.raises(AssertionError, match="sms_adress"):
        fake.control(number={"sms_adress": ""})
    with pytest.raises(AssertionError, match="clok"):
        fake.control(clok=5)


def test_what_was_taken_stands_in_a_file_when_the_process_is_killed(tmp_path: Path, phone: str) -> None:
    fake = FakeTwilio(tmp_path)
    fake.start()
    with client_of(fake) as client:
        client.messages.create(to=phone, from_=fake.number, body="Hello")
    fake.kill()
    lines = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(each["to"], each["body"]) for each in lines if each["event"] == "accepted"] == [(phone, "Hello")]
    assert [each["http"] for each in lines if each["event"] == "post"] == [201]


def test_a_number_that_changes_hands_sends_no_more(twilio: FakeTwilio, phone: str) -> None:
    with client_of(twilio) as client:
        client.messages.create(to=phone, from_=twilio.number, body="Hello")
        twilio.control(number={"phone_number": "+13035550177"}, service={"sid": SERVICE})
        with pytest.raises(TwilioRestException) as told:
            client.messages.create(to=phone, from_=twilio.number, body="Hello")
        assert told.value.code == 21606
        assert send(client, phone).status == "accepted"
    twilio.quiet()
    assert [each["from"] for each in twilio.accepted(to=phone)] == [twilio.number, "+13035550177"]


def test_the_settings_are_those_of_the_house(twilio: FakeTwilio) -> None:
    assert set(twilio.settings()) == {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL", "TWILIO_FROM"}
    assert twilio.ledger()["accepted"] == []
