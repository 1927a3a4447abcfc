"""What the provider tells us: only with its signature, never lost by us, and never an error for what it says."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from respite.core.clock import StillClock, machine_now
from respite.core.db import db
from respite.core.errors import Busy
from respite.factory import create_app
from respite.houses.models import House
from respite.messaging import webhooks
from respite.messaging.gateway import LineDown, Seen, gateway
from respite.messaging.models import Inbound, Mark, ProviderEvent
from respite.messaging.service import incoming, statuses
from tests.places import TEMPLATES, empty_postgres, settings_for
from tests.texts_in import SAM, alerts, new_sid, rows, stops

TOKEN, OLD_TOKEN = "a token that only tests know", "the token before it"
PUBLIC = "https://texts.example"
INBOUND = "/webhooks/twilio/inbound"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def app(database_url: str, key_file: Path, clock: StillClock) -> Iterator[Flask]:
    """A house that Twilio knows; nothing answers where its API should be."""
    settings = settings_for(
        database_url,
        key_file,
        mode="production",
        public_url=PUBLIC,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token=TOKEN,
        twilio_previous_auth_token=OLD_TOKEN,
        twilio_from="+13035550100",
        twilio_api_url="http://127.0.0.1:1",
    )
    app = create_app(settings, house_clock=clock)
    app.config.update(TESTING=True)
    app.jinja_env.bytecode_cache = TEMPLATES
    if database_url.startswith("postgresql"):
        empty_postgres(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def line(app: Flask) -> FlaskClient:
    return app.test_client()


def form_of(body: str = "Hello", **more: str) -> dict[str, str]:
    return {
        "MessageSid": new_sid(), "AccountSid": "AC" + "0" * 32, "From": SAM, "To": "+13035550100", "Body": body,
        "NumMedia": "0", "NumSegments": "1", "FromCity": "DENVER", **more,
    }  # fmt: skip


def post(
    line: FlaskClient,
    form: Mapping[str, str],
    path: str = INBOUND,
    *,
    token: str = TOKEN,
    signed_for: str | None = None,
    **headers: str,
) -> TestResponse:
    """Post it as Twilio does; `signed_for` is another address that the signature is over, "" none at all."""
    with_signature = {name.replace("_", "-"): value for name, value in headers.items()}
    if signed_for != "":
        address = signed_for or PUBLIC + path
        with_signature["X-Twilio-Signature"] = RequestValidator(token).compute_signature(address, form)
    body = urlencode(list(form.items(multi=True)) if isinstance(form, MultiDict) else form)
    return line.post(path, data=body, content_type="application/x-www-form-urlencoded", headers=with_signature)


def status_path() -> str:
    return f"/webhooks/twilio/status/{uuid.uuid4()}"


def mark(name: str) -> Mark | None:
    found = rows(Mark, Mark.name == name)
    return found[0] if found else None


def test_a_signed_text_is_kept_and_answered_without_a_word(line: FlaskClient, juniper: House) -> None:
    answer = post(line, form_of("Hello", MediaUrl0="https://api.twilio.com/x", NumMedia="1"))
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.get_data(as_text=True).endswith("<Response></Response>")
    [inbound] = rows(Inbound)
    assert (inbound.body, inbound.media, inbound.via) == ("Hello", 1, "webhook")
    assert abs(inbound.sent_at - machine_now()) < timedelta(minutes=5)
    [event] = rows(ProviderEvent)
    assert "api.twilio.com" in event.raw
    assert "DENVER" not in event.raw, "where a phone is at home is kept nowhere"
    heard = mark("webhook")
    assert heard is not None
    assert heard.count == 1


@pytest.mark.parametrize("path", [INBOUND, "/webhooks/twilio/status/12345678-1234-4234-8234-123456789012"])
def test_without_the_right_signature_nothing_is_kept(
    line: FlaskClient, juniper: House, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    form = form_of("quetzal-canary", MessageStatus="delivered")
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
    refused = [
        post(line, form, path, signed_for=""),
        post(line, form, path, token="forged"),
        post(line, form, path, signed_for="https://elsewhere.example" + path),
        post(line, form, path, signed_for=PUBLIC + path + "?more=1"),
        post(line, form, path, signed_for="http://texts.example" + path),
        line.post(path, data={**form, "Body": "another"}, headers={"X-Twilio-Signature": signature}),
        line.post(path, data={**form, "More": ""}, headers={"X-Twilio-Signature": signature}),
        line.post(path, data=form, headers={"X-Twilio-Signature": "é\u00ff=="}),
        line.post(path, json=form, headers={"X-Twilio-Signature": signature}),
    ]
    assert {each.status_code for each in refused} == {403}
    assert {each.get_data() for each in refused} == {b""}
    assert (rows(Inbound), rows(ProviderEvent), mark("webhook")) == ([], [], None)
    counted = mark("webhook-refused")
    assert counted is not None
    waiting = line.application.extensions["respite.webhooks-counted"].waiting
    assert counted.count + waiting.get("webhook-refused", 0) == len(refused)
    said = capfd.readouterr()
    assert "canary" not in said.out + said.err
    assert SAM not in said.out + said.err


def test_forged_calls_are_counted_without_a_write_for_each(app: Flask) -> None:
    counted = webhooks.Counted()
    assert [counted.another("x") for _ in range(4)] == [1, 0, 0, 0]
    counted.written["x"] = float("-inf")
    assert counted.another("x") == 4
    assert counted.another("y") == 1


def test_both_tokens_are_taken_while_one_follows_the_other(line: FlaskClient, juniper: House) -> None:
    assert post(line, form_of(), token=OLD_TOKEN).status_code == 200
    assert post(line, form_of(), token=TOKEN).status_code == 200
    assert post(line, form_of(), token="the one before that").status_code == 403


def test_behind_a_proxy_the_public_address_counts(line: FlaskClient, juniper: House) -> None:
    """Whatever host, scheme or port the request shows: Twilio signed the address that it was given."""
    headers = {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert post(line, form_of(), **headers).status_code == 200
    assert post(line, form_of(), INBOUND + "?from=here&b=%C3%A9").status_code == 200
    assert post(line, form_of(), signed_for=f"{PUBLIC}:443{INBOUND}").status_code == 200


def test_a_fragment_in_the_configured_address_is_no_part_of_it(app: Flask) -> None:
    with app.test_request_context(INBOUND, environ_overrides={"RAW_URI": f"{INBOUND}?a=1#rc=5&rp=all"}):
        assert webhooks.address() == f"{PUBLIC}{INBOUND}?a=1"
    with app.test_request_context(INBOUND, environ_overrides={"RAW_URI": f"http://10.0.0.7:80{INBOUND}?a=1"}):
        assert webhooks.address() == f"{PUBLIC}{INBOUND}?a=1"


def test_a_browsers_own_walls_do_not_stand_in_the_way(line: FlaskClient, app: Flask, juniper: House) -> None:
    """And only here: another page's form is still refused everywhere else."""
    app.config["WTF_CSRF_ENABLED"] = True
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert post(line, form_of(), **foreign).status_code == 200
    assert post(line, {"MessageSid": new_sid()}, status_path(), **foreign).status_code == 204
    assert line.post("/sign-in", data={}, headers=foreign).status_code == 400
    assert line.post("/sign-out").status_code == 400


def test_the_same_call_again_does_nothing(line: FlaskClient, juniper: House) -> None:
    form = form_of("STOP")
    again = {"I_Twilio_Idempotency_Token": "x"}
    assert [post(line, form, **headers).status_code for headers in ({}, {}, again)] == [200] * 3
    assert len(rows(Inbound)) == len(stops()) == len(alerts()) == 1


def test_strange_forms_are_taken_in(line: FlaskClient, juniper: House) -> None:
    twice = MultiDict([("MessageSid", "SM1"), ("MessageSid", "SM2"), ("From", SAM), ("Body", "b"), ("Body", "a")])
    strange: list[Mapping[str, str]] = [
        twice,
        {},
        {"MessageSid": "SM\0nul", "Body": "a\0b", "From": "\0", "OptOutType": "\0STOP", "NumMedia": "-1"},
        {"MessageSid": "x" * 5000, "Body": "y" * 5000, "From": "z" * 5000, "NumMedia": "9" * 50},
        {"SmsSid": "SM3", "From": SAM},
        form_of("💚" * 1600, OptOutType="SOMETHING"),
        {"MessageSid": "SM4", "Body": "\u202e\ufffd", "From": "+1"},
    ]
    assert [post(line, each).status_code for each in strange] == [200] * len(strange)
    kept = {each.sid: each.body for each in rows(Inbound)}
    assert (kept["SM1"], kept["SMnul"], kept["SM3"]) == ("b", "ab", "")
    assert len(kept) == len(strange) - 1


def test_strange_statuses_are_taken_in(line: FlaskClient, juniper: House) -> None:
    strange: list[Mapping[str, str]] = [
        {},
        {"MessageSid": new_sid(), "MessageStatus": "delivered"},
        {"MessageSid": new_sid(), "MessageStatus": "vanished\0", "ErrorCode": "x" * 90},
        {"MessageSid": "y" * 900, "MessageStatus": "z" * 900, "ErrorCode": "99999999999999999999"},
        MultiDict([("MessageSid", "SM1"), ("MessageStatus", "sent"), ("MessageStatus", "delivered")]),
    ]
    assert [post(line, each, status_path()).status_code for each in strange] == [204] * len(strange)
    assert len(rows(ProviderEvent)) == len(strange)
    assert {each.made_of_it for each in rows(ProviderEvent)} == {"nobodys"}
    assert post(line, strange[1], "/webhooks/twilio/status/not-an-id").status_code == 404


def test_the_same_status_five_times_at_once_is_one_event(line: FlaskClient, juniper: House) -> None:
    form, path = {"MessageSid": new_sid(), "MessageStatus": "delivered"}, status_path()
    assert {post(line, form, path).status_code for _ in range(5)} == {204}
    assert len(rows(ProviderEvent)) == 1


def test_what_is_too_large_is_not_read(line: FlaskClient, juniper: House) -> None:
    assert post(line, form_of("x" * 70_000)).status_code == 413
    assert (rows(Inbound), mark("webhook-refused")) == ([], None)


@pytest.mark.parametrize(
    "error", [Busy(), OperationalError("", {}, Exception("the server closed the connection")), PoolTimeout()]
)
def test_what_cannot_be_kept_now_is_sent_again(
    line: FlaskClient, juniper: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def falls(*_args: Any, **_more: Any) -> None:
        raise error

    form = form_of("STOP")
    with monkeypatch.context() as patch:
        patch.setattr(incoming, "_heard", falls)
        patch.setattr(statuses, "_heard", falls)
        for answer in (post(line, form), post(line, {"MessageSid": "SM1"}, status_path())):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert (rows(Inbound), mark("webhook")) == ([], None)
    assert post(line, form).status_code == 200
    assert len(rows(Inbound)) == len(stops()) == 1


def test_while_the_database_is_locked_it_is_sent_again_soon(
    app: Flask, line: FlaskClient, juniper: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scenario 20: Twilio would hang up long before our usual patience ends, and each call would keep its thread."""
    monkeypatch.setattr(webhooks, "PATIENCE_SECONDS", 1)
    form = form_of("STOP")
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as another:
        another.exec_driver_sql("ROLLBACK" if sqlite else "SELECT 1")
        another.exec_driver_sql("BEGIN EXCLUSIVE" if sqlite else "SELECT id FROM stream FOR UPDATE")
        began = time.monotonic()
        assert post(line, form).status_code == 503
        assert time.monotonic() - began < 20
        another.rollback()
    assert post(line, form).status_code == 200
    assert len(rows(Inbound)) == len(stops()) == 1
    with db.engine.connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout" if sqlite else "SHOW lock_timeout").scalar()
    assert str(waits) in ("60000", "1min"), "everybody else waits as long as before"


def test_before_the_first_house_is_opened_it_is_sent_again(line: FlaskClient) -> None:
    assert post(line, form_of()).status_code == 503


def test_nobody_to_carry_texts_is_nobody_to_sign(app: Flask, line: FlaskClient) -> None:
    app.extensions["respite.gateway"] = None
    assert post(line, form_of()).status_code == 403


class Clocked:
    """Twilio as it tells when a text was sent."""

    ahead: timedelta | None = None

    def __init__(self, app: Flask) -> None:
        self.behind = gateway()
        self.times: dict[str, Any] = {}
        self.down = False
        app.extensions["respite.gateway"] = self

    def signed(self, *args: Any) -> bool:
        return self.behind.signed(*args)

    def fetch(self, sid: str) -> Seen | None:
        if self.down:
            raise LineDown
        at = self.times.get(sid)
        return at and Seen(sid, "", SAM, "", "received", None, outbound=False, made_at=at)


def test_a_start_that_was_late_on_its_way_does_not_undo_a_newer_stop(
    app: Flask, line: FlaskClient, juniper: House
) -> None:
    twilio, noon = Clocked(app), machine_now().replace(microsecond=0) - timedelta(hours=3)
    stop, start = form_of("STOP"), form_of("START")
    twilio.times = {stop["MessageSid"]: noon, start["MessageSid"]: noon - timedelta(minutes=1)}
    post(line, stop)
    assert post(line, start).status_code == 200
    assert [each.said_at for each in stops()] == [noon], "by the provider's clock"
    later = form_of("START")
    twilio.times[later["MessageSid"]] = noon + timedelta(seconds=1)
    post(line, later)
    assert stops() == []


def test_stop_and_start_in_one_second_count_in_the_order_they_came(
    app: Flask, line: FlaskClient, juniper: House
) -> None:
    twilio, noon = Clocked(app), machine_now().replace(microsecond=0) - timedelta(hours=3)
    stop, start = form_of("STOP"), form_of("START")
    twilio.times = {stop["MessageSid"]: noon, start["MessageSid"]: noon}
    post(line, stop)
    post(line, start, I_Twilio_Idempotency_Token="it came before and was not kept")
    assert len(stops()) == 1
    another = form_of("START")
    twilio.times[another["MessageSid"]] = noon
    post(line, another)
    assert stops() == []


def test_when_the_provider_does_not_say_the_first_delivery_is_believed(
    app: Flask, line: FlaskClient, juniper: House
) -> None:
    twilio = Clocked(app)
    post(line, form_of("STOP"))
    twilio.down = True
    start = form_of("START")
    held_up = post(line, start, I_Twilio_Idempotency_Token="x")
    assert (held_up.status_code, len(stops())) == (503, 1)
    assert post(line, form_of("START")).status_code == 200
    assert stops() == []


def test_a_machine_whose_clock_is_wrong_goes_by_the_providers(app: Flask, line: FlaskClient, juniper: House) -> None:
    Clocked(app).ahead = timedelta(minutes=-10)
    post(line, form_of())
    [inbound] = rows(Inbound)
    assert timedelta(minutes=9) < machine_now() - inbound.sent_at < timedelta(minutes=11)
