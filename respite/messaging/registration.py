"""Words for registering the number with the telephone companies, ready to be copied.

They are in English whatever the page's language, since they are read in the United States by whoever reviews a 10DLC
campaign or a toll-free verification. Limits are Twilio's: description 40 to 4096 characters, message flow 40 to 2048,
two to five samples of 20 to 1024, HELP, STOP and opt-in texts of 20 to 320.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.messaging.examples import HOUSE_PHONE, examples
from respite.messaging.policy.consent_words import sentence
from respite.messaging.policy.templates import render
from respite.messaging.purposes import MOST_A_DAY, MOST_A_WEEK, Purpose
from respite.messaging.service.gate import own_hosts
from respite.messaging.service.wordings import house_fields, words_for

SAMPLES = ("consent-confirmed", "follow-up-1", "connection", "shift-open", "answer-help")
PRIVACY = (
    "Mobile numbers, and that somebody agreed to texts, are not shared with or sold to anybody for their own use. "
    "Texts can be ended at any time with STOP."
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a registration asks for, as this house would answer it."""

    description: str
    flow: str
    samples: tuple[str, ...]
    opt_in: str
    opt_out: str
    help: str
    privacy: str = PRIVACY


def campaign(session: Session, house: House) -> Campaign:
    """The house's own words wherever it has its own."""
    fields = {name: each for name, each in house_fields(session, house.id).items() if each}
    brand, phone = fields["brand"], fields.get("house_phone", HOUSE_PHONE)
    return Campaign(
        description=_description(brand),
        flow=_flow(brand, phone),
        samples=tuple(_filled(session, house, name, fields) for name in SAMPLES),
        opt_in=_filled(session, house, "consent-confirmed", fields),
        opt_out=_filled(session, house, "answer-stopped", fields),
        help=_filled(session, house, "answer-help", fields),
    )


def _filled(session: Session, house: House, template: str, fields: dict[str, str]) -> str:
    words, _number = words_for(session, house.id, template, "en")
    return render(words, examples("en", own_hosts()[0]) | fields)


def _description(brand: str) -> str:
    return (
        f"{brand} is a small house run by a non-profit organization. It texts people who know the house and said yes "
        "to that: to ask how they are doing, with a kind word, with places they asked about, and to answer what they "
        "write. It texts its own staff about shifts. Nothing is sold or advertised, and there are no loans. Nobody "
        f"gets more than {MOST_A_DAY} text a day and {MOST_A_WEEK} a week that they did not ask for that day."
    )


def _flow(brand: str, phone: str) -> str:
    return (
        f"A member of staff of {brand} asks in person or by telephone, separately for each kind of text, and reads "
        f'this out: "{sentence(Purpose.FOLLOW_UP, "en", brand)}" '
        "The yes is written down with the number, the day, the way it was given and who asked, and is confirmed by a "
        "text. Staff agree to texts about shifts in the same way. They all end texts with STOP, by telling staff, or "
        f"by calling {phone}."
    )
