"""What stands at Twilio, for whoever sets the number up. Each check asks by itself; one that fails is "not known".

Every function is given Twilio's own client, which only `twilio_gateway` makes. Facts are words of Twilio or addresses,
never a token and never a whole number. Sources: the API's pages on accounts, incoming-phone-numbers, Messaging
Services and Usa2p; `docs/texting.md` explains each check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import phonenumbers

from respite.core.settings import Settings
from respite.messaging.gateway import Check
from respite.messaging.policy.addresses import PERSEVERE, is_nearby, perseveres, same_place, shown_address

MOST_NUMBERS = 10
_NOTHING = frozenset({401, 403, 404})  # the provider said no; anything else says nothing


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a question was answered with: something, a plain no with its HTTP status and code, or not at all."""

    found: Any = None
    status: int | None = None
    code: int | None = None

    @property
    def refused(self) -> bool:
        return self.status in _NOTHING

    @property
    def silent(self) -> bool:
        return self.found is None and not self.refused


@dataclass(frozen=True, slots=True)
class _Line:
    """Where one number's incoming texts go."""

    url: str
    method: str
    fallback: str
    application: bool  # a TwiML application is set there, and then the address is not used


def all_checks(client: Any, settings: Settings, inbound_url: str) -> list[Check]:
    """Every check, in the order of setting up. Where the account cannot be asked, nothing else is tried."""
    account = _ask(lambda: client.api.v2010.accounts(settings.twilio_account_sid).fetch())
    first = [_account(account), reachable(settings)]
    if account.found is None:
        return [*first, *(Check(name, None) for name in ("sender", "inbound", "fallback", "ten-dlc"))]
    if settings.twilio_messaging_service_sid is not None:
        return first + _through_a_service(client, settings.twilio_messaging_service_sid, inbound_url)
    return first + _from_a_number(client, settings.twilio_from or "", inbound_url)


def reachable(settings: Settings) -> Check:
    """Whether the provider can call us at all; asked of the settings alone."""
    url = urlsplit(settings.public_url)
    return Check(
        "reachable", url.scheme == "https" and not is_nearby(url.hostname or ""), {"address": settings.public_url}
    )


def _account(heard: _Heard) -> Check:
    if heard.found is None:
        return Check("account", False if heard.refused else None, _code(heard))
    status, kind = _word(heard.found.status), _word(heard.found.type)
    return Check("account", status == "active" and kind != "trial", {"status": status, "type": kind})


def _from_a_number(client: Any, number: str, inbound_url: str) -> list[Check]:
    heard = _ask(lambda: client.incoming_phone_numbers.list(phone_number=number, limit=1))
    if heard.silent:
        return [Check("sender", None), Check("inbound", None), Check("fallback", None), Check("ten-dlc", None)]
    if not heard.found:
        return [Check("sender", False, {"status": "none"})]
    ours = heard.found[0]
    sends = any(name.lower() == "sms" and able for name, able in dict(ours.capabilities or {}).items())
    registered = _toll_free(client, ours.sid) if _is_toll_free(number) else _alone(number)
    return [
        Check("sender", sends, {"status": "found" if sends else "no-sms"}),
        *_inbound([_line_of(ours)], inbound_url),
        registered,
    ]


def _through_a_service(client: Any, sid: str, inbound_url: str) -> list[Check]:
    service = _ask(lambda: client.messaging.v1.services(sid).fetch())
    if service.silent:
        return [Check("sender", None), Check("inbound", None), Check("fallback", None), Check("ten-dlc", None)]
    if service.found is None:
        return [Check("sender", False, {"status": "no-service"})]
    numbers = _ask(lambda: client.messaging.v1.services(sid).phone_numbers.list(limit=MOST_NUMBERS))
    lines = _lines(client, service.found, numbers)
    return [
        _pool(numbers),
        *([Check("inbound", None), Check("fallback", None)] if lines is None else _inbound(lines, inbound_url)),
        _campaign(client, sid, numbers),
        Check("opt-out", None),
    ]


def _pool(numbers: _Heard) -> Check:
    if numbers.found is None:
        return Check("sender", None)
    able = [each for each in numbers.found if "SMS" in (each.capabilities or ())]
    status = "found" if able else "no-sms" if numbers.found else "no-numbers"
    return Check("sender", bool(able), {"status": status})


def _lines(client: Any, service: Any, numbers: _Heard) -> Sequence[_Line] | None:
    """Where incoming texts go: where the service says, or where each of its numbers says. None: not known."""
    if not service.use_inbound_webhook_on_number:
        return [
            _Line(service.inbound_request_url or "", service.inbound_method or "", service.fallback_url or "", False)
        ]
    if numbers.found is None:
        return None
    asked = [_ask(client.incoming_phone_numbers(each.sid).fetch) for each in numbers.found]
    if any(each.found is None for each in asked):
        return None
    return [_line_of(each.found) for each in asked]


def _line_of(number: Any) -> _Line:
    return _Line(
        number.sms_url or "", number.sms_method or "", number.sms_fallback_url or "", bool(number.sms_application_sid)
    )


def _inbound(lines: Sequence[_Line], inbound_url: str) -> list[Check]:
    """Whether incoming texts come to us, are tried again, and have a second way; told of the first line astray."""
    wanted = inbound_url.partition("#")[0]
    astray = next((line for line in lines if not _comes_to(line, wanted)), None)
    told = {"wanted": wanted + PERSEVERE}
    checks = [
        Check("inbound", bool(lines) and astray is None, told | ({} if astray is None else _astray(astray, wanted)))
    ]
    if checks[0].ok:
        checks.append(Check("retries", all(perseveres(line.url) for line in lines), told))
    second = all(same_place(line.fallback, wanted) for line in lines)
    return [*checks, Check("fallback", bool(lines) and second, told)]


def _comes_to(line: _Line, wanted: str) -> bool:
    return not line.application and same_place(line.url, wanted) and line.method.upper() == "POST"


def _astray(line: _Line, wanted: str) -> dict[str, str]:
    if line.application:
        return {"status": "application"}
    if same_place(line.url, wanted):
        return {"status": "method"}
    return {"status": "elsewhere" if line.url else "nowhere", "address": shown_address(line.url)}


def _campaign(client: Any, sid: str, numbers: _Heard) -> Check:
    """The service's 10DLC campaign. Numbers that are free to call are verified one by one instead."""
    pool = [] if numbers.found is None else [each.phone_number or "" for each in numbers.found]
    if pool and all(_is_toll_free(each) for each in pool):
        return _toll_free(client, numbers.found[0].sid)
    if pool and not any(_is_ten_digit(each) for each in pool):
        return Check("ten-dlc", True, {"status": "not-needed"})
    heard = _ask(lambda: client.messaging.v1.services(sid).us_app_to_person.list(limit=20))
    if heard.found is None:
        return Check("ten-dlc", None)
    statuses = [_word(each.campaign_status) for each in heard.found]
    if not statuses:
        return Check("ten-dlc", False, {"status": "none"})
    best = "verified" if "verified" in statuses else statuses[0]
    known = {"verified": True, "pending": False, "in_progress": False, "failed": False, "suspended": False}
    return Check("ten-dlc", known.get(best), {"status": best})


def _alone(number: str) -> Check:
    """A campaign belongs to a Messaging Service, so nothing can be read of one for a number by itself."""
    if not _is_ten_digit(number):
        return Check("ten-dlc", True, {"status": "not-needed"})
    return Check("ten-dlc", None, {"status": "no-service"})


def _toll_free(client: Any, number_sid: str) -> Check:
    heard = _ask(lambda: client.messaging.v1.tollfree_verifications.list(tollfree_phone_number_sid=number_sid, limit=5))
    if heard.found is None:
        return Check("toll-free", None)
    statuses = [_word(each.status) for each in heard.found]
    best = "twilio_approved" if "twilio_approved" in statuses else next(iter(statuses), "none")
    known = {
        "twilio_approved": True,
        "pending_review": False,
        "in_review": False,
        "twilio_rejected": False,
        "none": False,
    }
    return Check("toll-free", known.get(best), {"status": best})


def _ask(question: Callable[[], Any]) -> _Heard:
    """Ask once. Whatever goes wrong is an answer of its own: nothing here may end in an error page."""
    try:
        return _Heard(question())
    except Exception as error:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        return _Heard(status=status if isinstance(status, int) else None, code=code if isinstance(code, int) else None)


def _code(heard: _Heard) -> dict[str, str]:
    return {} if heard.code is None else {"code": str(heard.code)}


def _word(raw: Any) -> str:
    """A word of Twilio's lists, as it may stand among facts."""
    return str(raw or "").lower()[:30]


def _is_toll_free(number: str) -> bool:
    return _kind(number) == phonenumbers.PhoneNumberType.TOLL_FREE


def _is_ten_digit(number: str) -> bool:
    """A number of the North American plan that carriers know by its campaign."""
    return number.startswith("+1") and len(number) == 12 and not _is_toll_free(number)


def _kind(number: str) -> int | None:
    try:
        return phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
