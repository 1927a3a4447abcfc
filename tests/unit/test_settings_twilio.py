"""What the settings of a number for texts must be; a wrong one is named before anything is sent with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from respite.core.settings import WrongSetting, from_environ

ACCOUNT = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+13035550100",
}
SERVICE = "MG" + "a1" * 16


@pytest.mark.parametrize(
    "given", ["3035550100", "+0035550100", "+1 303 555 0100", "+130355501001234567", "Respite", "+", "+1٣٠٣٥٥٥٠١٠٠"]
)
def test_the_sender_is_a_number_in_international_form(given: str) -> None:
    with pytest.raises(WrongSetting, match="TWILIO_FROM: must be a number in international form"):
        from_environ(ACCOUNT | {"TWILIO_FROM": given})


@pytest.mark.parametrize("given", ["MG", "PN" + "0" * 32, "MG" + "0" * 31, "MG" + "0" * 33, "MG" + "z" * 32])
def test_a_messaging_service_is_named_by_its_34_characters(given: str) -> None:
    with pytest.raises(WrongSetting, match="TWILIO_MESSAGING_SERVICE_SID: must be the 34 characters"):
        from_environ(ACCOUNT | {"TWILIO_MESSAGING_SERVICE_SID": given})


def test_an_account_needs_something_to_send_from() -> None:
    alone = {name: value for name, value in ACCOUNT.items() if name != "TWILIO_FROM"}
    with pytest.raises(WrongSetting, match="TWILIO_FROM: or TWILIO_MESSAGING_SERVICE_SID is needed"):
        from_environ(alone)
    assert from_environ(alone | {"TWILIO_MESSAGING_SERVICE_SID": SERVICE}).twilio_messaging_service_sid == SERVICE
    assert from_environ(ACCOUNT).twilio_from == "+13035550100"


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID"])
def test_half_an_account_is_not_taken_for_none(name: str) -> None:
    given = {"TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+13035550100", "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    with pytest.raises(WrongSetting, match=f"TWILIO_ACCOUNT_SID: is needed together with {name}"):
        from_environ({name: given[name]})


def test_a_real_house_may_do_without_texts(tmp_path: Path, key_file: Path) -> None:
    read = from_environ(
        {
            "RESPITE_MODE": "production",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'house.db'}",
            "SECRET_KEY": "s" * 64,
            "RESPITE_KEYS": str(key_file),
            "PUBLIC_URL": "https://respite.example.org",
        }
    )
    assert (read.twilio_account_sid, read.twilio_from) == (None, None)
