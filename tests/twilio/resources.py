"""What the setup page looks at: the account, its number, its Messaging Service with the 10DLC campaign,
and the verification of a number that is free to call.

Shapes: account and number as in Twilio's OpenAPI of 2010-04-01; service, its numbers and Usa2p as twilio-python 9 reads
them. A test changes any field over the control address, so that each thing may be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.twilio import answers
from tests.twilio.answers import Answer
from tests.twilio.line import Line
from tests.twilio.rows import VERSION, iso, rfc2822

NAMES = ("account", "number", "service", "campaign", "toll_free")


def _sid(prefix: str, line: Line, about: str) -> str:
    return f"{prefix}{line.chance('resource', about).getrandbits(128):032x}"


class Resources:
    def __init__(self, line: Line, service: str | None, inbound_url: str) -> None:
        self.line = line
        at = line.clock()
        account, self.number_sid = line.account, _sid("PN", line, "number")
        uri = f"/{VERSION}/Accounts/{account}"
        self.account: dict[str, Any] = {
            "sid": account, "owner_account_sid": account, "friendly_name": "Maple House", "status": "active",
            "type": "Full", "auth_token": "", "date_created": rfc2822(at), "date_updated": rfc2822(at),
            "uri": f"{uri}.json", "subresource_uris": {"messages": f"{uri}/Messages.json"},
        }  # fmt: skip
        self.number: dict[str, Any] = {
            "account_sid": account, "address_requirements": "none", "address_sid": None, "api_version": VERSION,
            "beta": False, "bundle_sid": None,
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "date_created": rfc2822(at), "date_updated": rfc2822(at), "emergency_address_sid": None,
            "emergency_address_status": "unregistered", "emergency_status": "Inactive",
            "friendly_name": line.number, "identity_sid": None, "origin": "twilio", "phone_number": line.number,
            "sid": self.number_sid, "sms_application_sid": None, "sms_fallback_method": "POST", "sms_fallback_url": "",
            "sms_method": "POST", "sms_url": inbound_url, "status": "in-use", "status_callback": "",
            "status_callback_method": "POST", "trunk_sid": None, "type": "local",
            "uri": f"{uri}/IncomingPhoneNumbers/{self.number_sid}.json", "voice_application_sid": None,
            "voice_caller_id_lookup": False, "voice_fallback_method": "POST", "voice_fallback_url": "",
            "voice_method": "POST", "voice_receive_mode": "voice", "voice_url": "",
        }  # fmt: skip
        self.service: dict[str, Any] = {
            "sid": service, "account_sid": account, "friendly_name": "Maple House texts", "date_created": iso(at),
            "date_updated": iso(at), "inbound_request_url": inbound_url, "inbound_method": "POST",
            "fallback_url": None, "fallback_method": "POST", "status_callback": None, "sticky_sender": True,
            "mms_converter": True, "smart_encoding": False, "scan_message_content": "inherit",
            "fallback_to_long_code": False, "area_code_geomatch": False, "synchronous_validation": False,
            "validity_period": 36000, "url": f"https://messaging.twilio.com/v1/Services/{service}", "links": {},
            "usecase": "undeclared", "us_app_to_person_registered": True, "use_inbound_webhook_on_number": False,
        }  # fmt: skip
        self.campaign: dict[str, Any] = {
            "sid": _sid("QE", line, "campaign"), "account_sid": account,
            "brand_registration_sid": _sid("BN", line, "brand"), "messaging_service_sid": service,
            "description": "Texts that people asked for: check-ins, open shifts for staff, answers to what they wrote.",
            "message_samples": ["Maple House: how are you doing? Reply any time. Reply STOP to end texts."] * 2,
            "us_app_to_person_usecase": "CHARITY", "has_embedded_links": True, "has_embedded_phone": True,
            "subscriber_opt_in": True, "age_gated": False, "direct_lending": False, "campaign_status": "VERIFIED",
            "campaign_id": "C123456", "is_externally_registered": False, "rate_limits": {},
            "message_flow": "A peer asks in person and writes down each yes. A public page says what is sent and when.",
            "opt_in_message": "Maple House: you asked for check-in texts. Reply HELP for help, STOP to end.",
            "opt_out_message": "Maple House: you will get no more texts from us. Reply START to come back.",
            "help_message": "Maple House: call 206-555-0100. Reply STOP to end texts.",
            "opt_in_keywords": ["START"], "opt_out_keywords": ["STOP"], "help_keywords": ["HELP"],
            "date_created": iso(at), "date_updated": iso(at), "url": "", "mock": False, "errors": [],
            "privacy_policy_url": None, "terms_and_conditions_url": None,
        }  # fmt: skip

        self.toll_free: dict[str, Any] = {
            "sid": _sid("HH", line, "toll-free"), "account_sid": account, "status": "TWILIO_APPROVED",
            "tollfree_phone_number_sid": self.number_sid, "date_created": iso(at), "date_updated": iso(at),
            "business_name": "Maple House", "rejection_reason": None, "error_code": None, "url": "",
        }  # fmt: skip

    def change(self, name: str, told: Mapping[str, Any]) -> None:
        """Raises KeyError for a field that Twilio does not have."""
        resource: dict[str, Any] = getattr(self, name)
        for field in told:
            if field not in resource:
                raise KeyError(field)
        resource |= told
        # What is shown is also what sends and is texted.
        self.line.service, self.line.number = self.service["sid"], self.number["phone_number"]

    def inbound_url(self) -> str:
        """Where texts that come in are posted to."""
        through_service = self.line.service and not self.service["use_inbound_webhook_on_number"]
        return str((self.service["inbound_request_url"] if through_service else self.number["sms_url"]) or "")

    def fallback_url(self) -> str:
        """Where they are posted to when that failed."""
        through_service = self.line.service and not self.service["use_inbound_webhook_on_number"]
        return str((self.service["fallback_url"] if through_service else self.number["sms_fallback_url"]) or "")

    def account_page(self) -> Answer:
        return answers.as_json(200, self.account)

    def numbers_page(self, query: Mapping[str, str]) -> Answer:
        found = [self.number] if query.get("PhoneNumber", self.line.number) == self.number["phone_number"] else []
        uri = f"/{VERSION}/Accounts/{self.line.account}/IncomingPhoneNumbers.json?PageSize=50&Page=0"
        told = {
            "end": 0, "first_page_uri": uri, "next_page_uri": None, "page": 0, "page_size": 50,
            "previous_page_uri": None, "start": 0, "uri": uri, "incoming_phone_numbers": found,
        }  # fmt: skip
        return answers.as_json(200, told)

    def number_page(self, sid: str) -> Answer:
        return answers.as_json(200, self.number) if sid == self.number_sid else answers.error(404, 20404)

    def service_page(self, sid: str, part: str) -> Answer:
        """The service itself, or with `part` its numbers or its campaigns."""
        if sid != self.service["sid"]:
            return answers.error(404, 20404)
        if not part:
            return answers.as_json(200, self.service)
        if part == "PhoneNumbers":
            in_service = {
                "sid": self.number_sid, "account_sid": self.line.account, "service_sid": sid,
                "date_created": self.service["date_created"], "date_updated": self.service["date_updated"],
                "phone_number": self.line.number, "country_code": "US", "capabilities": ["SMS", "MMS"], "url": "",
            }  # fmt: skip
            return self._list("phone_numbers", sid, part, [in_service])
        if part == "Compliance/Usa2p":
            return self._list("compliance", sid, part, [self.campaign] if self.campaign["campaign_status"] else [])
        return answers.error(404, 20404)

    def toll_free_page(self, query: Mapping[str, str]) -> Answer:
        asked = query.get("TollfreePhoneNumberSid", self.number_sid) == self.toll_free["tollfree_phone_number_sid"]
        found = [self.toll_free] if asked and self.toll_free["status"] else []
        return self._paged("verifications", "Tollfree/Verifications", found)

    def _list(self, key: str, sid: str, part: str, found: list[dict[str, Any]]) -> Answer:
        return self._paged(key, f"Services/{sid}/{part}", found)

    @staticmethod
    def _paged(key: str, path: str, found: list[dict[str, Any]]) -> Answer:
        url = f"https://messaging.twilio.com/v1/{path}?PageSize=50&Page=0"
        meta = {
            "page": 0, "page_size": 50, "first_page_url": url, "previous_page_url": None, "url": url,
            "next_page_url": None, "key": key,
        }  # fmt: skip
        return answers.as_json(200, {key: found, "meta": meta})
