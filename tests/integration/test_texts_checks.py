"""What the setup page is told of account, sender, addresses and registration, by Twilio's own client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from respite.messaging.gateway import Check
from respite.messaging.twilio_gateway import TwilioGateway
from tests.places import settings_for
from tests.twilio.companion import FakeTwilio

PUBLIC = "https://texts.example.org"
OURS = f"{PUBLIC}/webhooks/twilio/inbound"
WELL = f"{OURS}#rc=5&rp=all"
SERVICE = "MG" + "0f" * 16
TOLL_FREE = "+18335550100"

Ask = Callable[..., dict[str, Check]]


@pytest.fixture
def ask(twilio: FakeTwilio, key_file: Path) -> Ask:
    """Ask about the fake's own number, or with `service` about its Messaging Service."""
    twilio.control(inbound_url=WELL, number={"sms_fallback_url": OURS}, service={"fallback_url": OURS})

    def asked(public_url: str = PUBLIC, **changed: str | None) -> dict[str, Check]:
        given: dict[str, object] = {
            "twilio_account_sid": twilio.account,
            "twilio_auth_token": twilio.token,
            "twilio_from": twilio.number,
            "twilio_api_url": twilio.url,
            "public_url": public_url,
        }
        settings = settings_for("sqlite://", key_file, **(given | changed))
        found = TwilioGateway(settings).checks(f"{public_url}/webhooks/twilio/inbound")
        assert len({check.name for check in found}) == len(found)
        return {check.name: check for check in found}

    return asked


@pytest.fixture
def ask_service(twilio: FakeTwilio, ask: Ask) -> Ask:
    twilio.control(service={"sid": SERVICE})
    return lambda **changed: ask(**({"twilio_from": None, "twilio_messaging_service_sid": SERVICE} | changed))


def well(found: dict[str, Check]) -> dict[str, bool | None]:
    return {name: check.ok for name, check in found.items()}


def test_a_number_by_itself_that_is_set_up_well(ask: Ask) -> None:
    assert well(ask()) == {
        "account": True,
        "reachable": True,
        "sender": True,
        "inbound": True,
        "retries": True,
        "fallback": True,
        "ten-dlc": None,  # a campaign belongs to a Messaging Service
    }


def test_a_messaging_service_that_is_set_up_well(ask_service: Ask) -> None:
    assert well(ask_service()) == {
        "account": True,
        "reachable": True,
        "sender": True,
        "inbound": True,
        "retries": True,
        "fallback": True,
        "ten-dlc": True,
        "opt-out": None,  # nothing at Twilio says it
    }


# -- the account -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "ok"), [({"status": "suspended"}, False), ({"status": "closed"}, False), ({"type": "Trial"}, False)]
)
def test_an_account_that_cannot_serve_a_house(
    twilio: FakeTwilio,
    ask: Ask,
    told: dict[str, str],
    ok: bool,
) -> None:
    twilio.control(account=told)
    check = ask()["account"]
    assert check.ok is ok
    assert check.facts.items() >= {name: value.lower() for name, value in told.items()}.items()


def test_a_wrong_token_is_said_and_nothing_else_is_asked(ask: Ask) -> None:
    found = ask(twilio_auth_token="another token")
    assert (found["account"].ok, found["account"].facts) == (False, {"code": "20003"})
    assert {found[name].ok for name in ("sender", "inbound", "fallback", "ten-dlc")} == {None}


def test_a_provider_that_does_not_answer_is_no_fault_of_the_account(twilio: FakeTwilio, ask: Ask) -> None:
    twilio.control(listening=False)
    assert well(ask()) == {
        "account": None,
        "reachable": True,
        "sender": None,
        "inbound": None,
        "fallback": None,
        "ten-dlc": None,
    }


# -- the sender --------------------------------------------------------------------------------------------------


def test_a_number_that_the_account_does_not_have(ask: Ask) -> None:
    found = ask(twilio_from="+12065550199")
    assert found["sender"].ok is False
    assert "inbound" not in found


def test_a_number_that_cannot_text(twilio: FakeTwilio, ask: Ask) -> None:
    twilio.control(number={"capabilities": {"voice": True, "sms": False}})
    assert (ask()["sender"].ok, ask()["sender"].facts) == (False, {"status": "no-sms"})


def test_a_service_that_is_not_there(ask_service: Ask) -> None:
    found = ask_service(twilio_messaging_service_sid="MG" + "1" * 32)
    assert (found["sender"].ok, found["sender"].facts) == (False, {"status": "no-service"})


# -- where incoming texts go -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"sms_url": ""}, "nowhere"),
        ({"sms_url": "https://demo.twilio.com/welcome/sms/reply/"}, "elsewhere"),
        ({"sms_url": OURS + "/"}, "elsewhere"),  # the signature would be over another address
        ({"sms_url": OURS.replace("https", "http")}, "elsewhere"),
        ({"sms_method": "GET"}, "method"),
        ({"sms_application_sid": "AP" + "0" * 32}, "application"),
    ],
)
def test_incoming_texts_that_do_not_come_to_us(
    twilio: FakeTwilio,
    ask: Ask,
    told: dict[str, str],
    status: str,
) -> None:
    twilio.control(number=told)
    check = ask()["inbound"]
    assert (check.ok, check.facts["status"], check.facts["wanted"]) == (False, status, WELL)
    assert "retries" not in ask(), "there is one thing to do"


def test_an_address_is_shown_without_what_would_give_something_away(twilio: FakeTwilio, ask: Ask) -> None:
    twilio.control(number={"sms_url": "https://jo:secret@old.example.org:8443/sms?key=secret"})
    assert ask()["inbound"].facts["address"] == "https://old.example.org:8443/sms"


@pytest.mark.parametrize("ending", ["", "#rc=1&rp=all", "#rc=5", "#rc=5&rp=ct,rt", "#rc=50&rp=all"])
def test_an_address_that_gives_up_early(twilio: FakeTwilio, ask: Ask, ending: str) -> None:
    twilio.control(number={"sms_url": OURS + ending})
    found = ask()
    assert (found["inbound"].ok, found["retries"].ok) == (True, False)


@pytest.mark.parametrize("ending", ["#rp=all&rc=5", "#ct=3000&rc=5&rp=4xx,all"])
def test_an_address_that_perseveres_in_other_words(twilio: FakeTwilio, ask: Ask, ending: str) -> None:
    twilio.control(number={"sms_url": OURS.replace("example.org", "EXAMPLE.org:443") + ending})
    found = ask()
    assert (found["inbound"].ok, found["retries"].ok) == (True, True)


def test_no_second_way(twilio: FakeTwilio, ask: Ask) -> None:
    twilio.control(number={"sms_fallback_url": ""})
    assert ask()["fallback"].ok is False


def test_a_service_that_leaves_it_to_its_numbers(twilio: FakeTwilio, ask_service: Ask) -> None:
    twilio.control(service={"use_inbound_webhook_on_number": True, "inbound_request_url": "https://old.example.org"})
    assert ask_service()["inbound"].ok is True
    twilio.control(number={"sms_url": "https://old.example.org/sms"})
    assert ask_service()["inbound"].ok is False


# -- the registration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "ok"),
    [("VERIFIED", True), ("IN_PROGRESS", False), ("PENDING", False), ("FAILED", False), ("SUSPENDED", False),
     ("", False), ("SOMETHING_NEW", None)],
)  # fmt: skip
def test_a_campaign(twilio: FakeTwilio, ask_service: Ask, status: str, ok: bool | None) -> None:
    twilio.control(campaign={"campaign_status": status})
    check = ask_service()["ten-dlc"]
    assert (check.ok, check.facts["status"]) == (ok, status.lower() or "none")


@pytest.mark.parametrize(
    ("status", "ok"), [("TWILIO_APPROVED", True), ("IN_REVIEW", False), ("TWILIO_REJECTED", False), ("", False)]
)
def test_a_number_that_is_free_to_call_is_verified_instead(
    twilio: FakeTwilio,
    ask: Ask,
    status: str,
    ok: bool,
) -> None:
    twilio.control(number={"phone_number": TOLL_FREE}, toll_free={"status": status})
    found = ask(twilio_from=TOLL_FREE)
    assert "ten-dlc" not in found
    assert found["toll-free"].ok is ok


def test_a_number_from_elsewhere_needs_no_campaign(twilio: FakeTwilio, ask: Ask) -> None:
    twilio.control(number={"phone_number": "+34911235555"})
    assert ask(twilio_from="+34911235555")["ten-dlc"].ok is True


# -- whether anybody can call us ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://respite.example.org", True),
        ("http://respite.example.org", False),
        ("https://127.0.0.1:5000", False),
        ("https://192.168.1.4", False),
        ("https://house", False),
        ("https://house.local", False),
        ("https://8.8.8.8", True),
    ],
)
def test_an_address_that_the_provider_can_reach(ask: Ask, address: str, ok: bool) -> None:
    assert ask(public_url=address)["reachable"].ok is ok


def test_no_secret_and_no_whole_number_is_among_the_facts(twilio: FakeTwilio, ask: Ask, ask_service: Ask) -> None:
    told = str([ask(), ask_service()])
    assert twilio.token not in told
    assert twilio.number not in told
