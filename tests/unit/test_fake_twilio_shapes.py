"""The fake Twilio's shapes and signatures, against Twilio's own description, validator and segments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from twilio.request_validator import RequestValidator

from respite.messaging.policy.segments import count
from tests.twilio.callbacks import Overrides, signature
from tests.twilio.faults import plan_from
from tests.twilio.line import Line
from tests.twilio.resources import Resources
from tests.twilio.rows import segments_of
from tests.twilio.still import PHONE, SERVICE, still_line, text

SPEC = Path(__file__).resolve().parents[3] / "shared" / "data" / "twilio" / "twilio_api_v2010.json"


@pytest.fixture
def line() -> Line:
    return still_line()


def test_the_signature_is_the_one_that_twilios_own_validator_wants() -> None:
    form = {"Body": "¿Sí? 💚 a&b=c", "From": PHONE, "Empty": ""}
    signed = signature("secret", "https://texts.example/in?a=1#rc=5&rp=all", form)
    assert RequestValidator("secret").validate("https://texts.example/in?a=1", form, signed)
    assert not RequestValidator("other").validate("https://texts.example/in?a=1", form, signed)


def test_overrides_of_a_callbacks_address() -> None:
    assert Overrides.of("https://x.example/s") == Overrides(5, 15, 1, frozenset({"ct"}))
    assert Overrides.of("https://x.example/s#rc=9&rp=all&rt=2000") == Overrides(
        5, 2, 5, frozenset({"ct", "rt", "4xx", "5xx"})
    )


BODIES = ("a" * 160, "a" * 161, "a" * 306, "a" * 307, "€" * 80, "€" * 81, "á" * 70, "á" * 71, "💚" * 35, "💚" * 36)


@pytest.mark.parametrize("body", [*BODIES, "💚" * 67, "a" * 152 + "€" + "a" * 152, "Hola, ¿qué tal?", "[a]~" * 30])
def test_the_fake_and_the_house_count_segments_alike(body: str) -> None:
    assert segments_of(body) == count(body).segments


def conforms(spec: dict[str, Any], schema: str, shown: Any) -> None:
    """Every field of the schema is there, none besides, and each is as the schema says."""
    assert set(shown) == set(spec["components"]["schemas"][schema]["properties"])
    root = {"$ref": f"#/components/schemas/{schema}", "components": spec["components"]}
    assert not [error.message for error in OAS30Validator(root).iter_errors(shown)]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    if not SPEC.exists():
        pytest.skip("Twilio's OpenAPI description is not beside this checkout")
    return dict(json.loads(SPEC.read_text(encoding="utf-8")))


def test_shapes_are_those_of_twilios_own_description(line: Line, spec: dict[str, Any]) -> None:
    message, account = "api.v2010.account.message", "api.v2010.account"
    sid = line.create(text(line)).answer.json()["sid"]
    conforms(spec, message, line.fetch(sid).json())
    line.advance(1)
    conforms(spec, message, line.fetch(sid).json())
    line.plan = plan_from([{"after": 0, "status": "failed", "error_code": 30003}]) or ()
    conforms(spec, message, line.fetch(line.create(text(line)).answer.json()["sid"]).json())
    conforms(spec, message, line.fetch(line.says(PHONE, "Hi", media=("https://api.example/m",)).sid).json())
    served = still_line(service=SERVICE)
    form = {"To": PHONE, "Body": "Hello", "MessagingServiceSid": SERVICE}
    conforms(spec, message, served.create(form).answer.json())
    resources = Resources(line, None, "https://texts.example/in")
    conforms(spec, account, resources.account_page().json())
    conforms(spec, f"{account}.incoming_phone_number", resources.numbers_page({}).json()["incoming_phone_numbers"][0])
    listing = spec["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["get"]["responses"]["200"]
    wanted = listing["content"]["application/json"]["schema"]["properties"]
    assert set(line.page({})) == set(wanted)


def test_a_shape_that_is_wrong_is_seen(line: Line, spec: dict[str, Any]) -> None:
    shown = line.create(text(line)).answer.json()
    for wrong in (shown | {"num_segments": 1}, shown | {"sid": "SM1"}, shown | {"status": "on its way"}):
        with pytest.raises(AssertionError):
            conforms(spec, "api.v2010.account.message", wrong)
