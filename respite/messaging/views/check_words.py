"""What was found at the provider, in words: what it is about, how it stands, and the one thing to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.messaging.gateway import Check

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One check as it is shown. `state` is fine, mend or unknown; `copy` is an address to put in at the provider."""

    title: str
    state: str
    said: str
    to_do: str = ""
    copy: str = ""


TITLES: dict[str, Any] = {
    "account": _l("The account"),
    "reachable": _l("Our public address"),
    "sender": _l("The number we send from"),
    "inbound": _l("Where texts to us go"),
    "retries": _l("Whether it tries again"),
    "fallback": _l("A second way in"),
    "ten-dlc": _l("Registered with the telephone companies"),
    "toll-free": _l("The number is verified"),
    "opt-out": _l("Who answers STOP and HELP"),
}


def in_words(check: Check) -> Found:
    title = str(TITLES[check.name])
    if check.ok is None and check.name != "opt-out" and "status" not in check.facts:
        return Found(title, "unknown", _("This could not be found out just now."), _("Please look again later."))
    said, to_do = _WORDS[check.name](check.ok, check.facts)
    copy = check.facts.get("wanted", "") if check.ok is False else ""
    return Found(title, {True: "fine", False: "mend", None: "unknown"}[check.ok], said, to_do, copy)


def _account(ok: bool | None, facts: Facts) -> tuple[str, str]:
    if ok:
        return _("It is there, paid for and active."), ""
    if facts.get("type") == "trial":
        return (
            _("It is a trial account: it texts only numbers that you confirmed there, with words of its own before."),
            _("Upgrade it at Twilio before people rely on it."),
        )
    if "status" in facts:
        return _("Twilio has closed or suspended it."), _("Open it at Twilio and see what it asks for.")
    return (
        _("Twilio does not know this account with this token."),
        _("Compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN with the account’s first page at Twilio, and start again."),
    )


def _reachable(ok: bool | None, facts: Facts) -> tuple[str, str]:
    if ok:
        return _("Twilio can call %(address)s to say what became of a text.", address=facts["address"]), ""
    return (
        _("Nobody outside can open %(address)s, so we would not hear what became of a text.", address=facts["address"]),
        _("Set PUBLIC_URL to the address of the house that begins with https:// and opens from anywhere."),
    )


def _sender(ok: bool | None, facts: Facts) -> tuple[str, str]:
    if ok:
        return _("It belongs to the account and can send texts."), ""
    return {
        "none": (
            _("The account has no such number."),
            _("Compare TWILIO_FROM with Phone Numbers at Twilio: plus sign, country, number, no spaces."),
        ),
        "no-sms": (
            _("It can be called, but it sends no texts."),
            _("Buy one at Twilio that shows SMS among what it can do, and put it in."),
        ),
        "no-service": (
            _("The account has no such messaging service."),
            _("Compare TWILIO_MESSAGING_SERVICE_SID with Messaging, Services at Twilio."),
        ),
        "no-numbers": (
            _("The messaging service has no number yet."),
            _("Add the house’s number to its Sender Pool at Twilio."),
        ),
    }[facts["status"]]


def _inbound(ok: bool | None, facts: Facts) -> tuple[str, str]:
    if ok:
        return _("What people text comes to this house."), ""
    paste = _("At “A message comes in” choose Webhook and HTTP POST, and put in:")
    return {
        "nowhere": (_("What people text goes nowhere: nobody would read it."), paste),
        "elsewhere": (
            _("What people text goes somewhere else: %(address)s", address=facts.get("address", "")),
            paste,
        ),
        "method": (_("It comes to us in a way we cannot read (HTTP GET)."), paste),
        "application": (
            _("A TwiML application takes what people text, so our address is not called."),
            " ".join((_("Take the application off the number."), paste)),
        ),
    }.get(facts.get("status", "nowhere"), ("", paste))


def _retries(ok: bool | None, _facts: Facts) -> tuple[str, str]:
    if ok:
        return _("When we do not answer, Twilio tries five more times."), ""
    return (
        _("When we do not answer at once, Twilio gives up and the text would be found minutes later."),
        _("The end of the address tells it to try five times (rc=5) whatever went wrong (rp=all). Put in all of it:"),
    )


def _fallback(ok: bool | None, _facts: Facts) -> tuple[str, str]:
    if ok:
        return _("When the first way fails, the same address is called once more."), ""
    return (
        _("When the first way fails there is no second one. The text would be found minutes later."),
        _("At “Primary handler fails” choose Webhook and HTTP POST, and put in:"),
    )


def _ten_dlc(ok: bool | None, facts: Facts) -> tuple[str, str]:
    status = facts.get("status", "")
    if ok:
        return (
            (_("A number like this needs no registration."), "")
            if status == "not-needed"
            else (_("Its campaign is approved."), "")
        )
    register = _(
        "Register a brand and a campaign at Twilio, under Messaging, Regulatory Compliance. Words for it are below."
    )
    wait = _(
        "Nothing to do but wait: this takes ten to fifteen working days. Texts to the United States fail until then."
    )
    known = {
        "none": (_("There is no campaign yet, so telephone companies in the United States carry no text."), register),
        "pending": (_("The campaign is handed in."), wait),
        "in_progress": (_("The campaign is being looked at."), wait),
        "failed": (
            _("The campaign was turned down."),
            _("Twilio shows why. Often it is not clear how people agree: use the words below and hand it in again."),
        ),
        "suspended": (_("The campaign is suspended."), _("Open it at Twilio and see what it asks for.")),
        "no-service": (
            _("A campaign belongs to a messaging service, and we send from a number by itself."),
            _("At Twilio put the number into a messaging service, and set TWILIO_MESSAGING_SERVICE_SID to its name."),
        ),
    }
    return known.get(
        status, (_("Twilio calls it “%(status)s”.", status=status), _("Open it at Twilio and see what that means."))
    )


def _toll_free(ok: bool | None, facts: Facts) -> tuple[str, str]:
    if ok:
        return _("A number that is free to call needs no campaign, and this one is verified."), ""
    known = {
        "none": (
            _("A number that is free to call has to be verified before telephone companies carry its texts."),
            _("Hand in the verification at Twilio, with the number. Words for it are below."),
        ),
        "twilio_rejected": (
            _("The verification was turned down."),
            _("Twilio shows why. Use the words below and hand it in again."),
        ),
    }
    return known.get(facts.get("status", ""), (_("The verification is being looked at."), _("Nothing to do but wait.")))


def _opt_out(_ok: bool | None, _facts: Facts) -> tuple[str, str]:
    return (
        _("Twilio does not say whether Advanced Opt-Out is on. Where it is, Twilio answers STOP and HELP itself."),
        _("If it is on, put the words below into its texts for HELP and STOP: they name 988 and the house’s number."),
    )


_WORDS: dict[str, Callable[[bool | None, Facts], tuple[str, str]]] = {
    "account": _account,
    "reachable": _reachable,
    "sender": _sender,
    "inbound": _inbound,
    "retries": _retries,
    "fallback": _fallback,
    "ten-dlc": _ten_dlc,
    "toll-free": _toll_free,
    "opt-out": _opt_out,
}
