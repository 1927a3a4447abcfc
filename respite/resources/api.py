"""The directory for programs: what is offered, found as on the page, in the names of Open Referral HSDS."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from respite.accounts.api import ApiBlueprint
from respite.core.api.fields import Choice, Day, Flag, Schema, Text, Uuid, Whole
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Invalid
from respite.core.forms import Unusable, as_flag, as_whole_number
from respite.houses.models import House
from respite.resources.finding.cards import Card, Place, cards_of
from respite.resources.finding.languages import code_of, language_name
from respite.resources.finding.needs import NEEDS
from respite.resources.finding.places import place_named
from respite.resources.finding.search import ON_A_PAGE, Found, Wanted, When, Why, search
from respite.resources.guards import reads_directory
from respite.resources.policy import Trust

Facts = dict[str, Any]

LONGEST_QUERY, LONGEST_NAME = 200, 120
MOST_OFFSET, MOST_LIMIT = 100_000, 100
WHY = {Why.NAMED: "name", Why.OF_THIS_KIND: "kind", Why.SAYS_SO: "text"}

api = ApiBlueprint("resources", "The directory: organisations outside the house, and what they offer")


class _Number(Whole):
    """A whole number as an address carries it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        try:
            return as_whole_number(str(value), least=self.least, most=self.most)
        except Unusable as unusable:
            raise ma.ValidationError(str(unusable)) from unusable


class _YesNo(Flag):
    """`true` or `false` as an address carries it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        try:
            return as_flag(str(value))
        except Unusable as unusable:
            raise ma.ValidationError(str(unusable)) from unusable


class WhichServices(Schema):
    query = Text(most=LONGEST_QUERY, metadata={"description": "Words, in English or Spanish; typos are read over."})
    category = Text(
        most=LONGEST_NAME,
        metadata={"description": "A taxonomy term by id, code or name, with all below it; or a need."},
    )
    need = Choice(list(NEEDS))
    open = Choice(list(When), metadata={"description": "Open now, or at some time tonight."})
    near = Text(
        most=LONGEST_NAME, metadata={"description": "A ZIP code or town of the directory, or a point in degrees."}
    )
    within = _Number(least=1, most=3000, metadata={"description": "Miles from `near`."})
    language = Text(most=LONGEST_NAME, metadata={"description": "A language that is spoken there: `es`, `Spanish`."})
    free = _YesNo(load_default=False)
    peer_run = _YesNo(load_default=False)
    offset = _Number(least=0, most=MOST_OFFSET, load_default=0)
    limit = _Number(least=1, most=MOST_LIMIT, load_default=ON_A_PAGE)


class _OrganizationShown(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True)


class _PhoneShown(Schema):
    number = ma.fields.String(required=True)
    extension = ma.fields.String(required=True, allow_none=True)
    type = ma.fields.String(required=True, allow_none=True)


class _LanguageShown(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class _LocationShown(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    latitude = ma.fields.Float(required=True, allow_none=True)
    longitude = ma.fields.Float(required=True, allow_none=True)
    address_1 = ma.fields.String(required=True, allow_none=True)
    city = ma.fields.String(required=True, allow_none=True)
    state_province = ma.fields.String(required=True, allow_none=True)
    postal_code = ma.fields.String(required=True, allow_none=True)


class ServiceFound(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True)
    alternate_name = ma.fields.String(required=True, allow_none=True)
    description = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True)
    eligibility_description = ma.fields.String(required=True, allow_none=True)
    application_process = ma.fields.String(required=True, allow_none=True)
    fees_description = ma.fields.String(required=True, allow_none=True)
    assured_date = Day(required=True, allow_none=True)
    organization = ma.fields.Nested(_OrganizationShown, required=True)
    phones = ma.fields.List(ma.fields.Nested(_PhoneShown), required=True)
    languages = ma.fields.List(ma.fields.Nested(_LanguageShown), required=True)
    locations = ma.fields.List(ma.fields.Nested(_LocationShown), required=True)
    free = ma.fields.Boolean(required=True)
    peer_run = ma.fields.Boolean(required=True)
    open_now = ma.fields.Boolean(
        required=True, allow_none=True, metadata={"description": "null where its hours are not known."}
    )
    distance_miles = ma.fields.Float(required=True, allow_none=True)
    found_in = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(list(WHY.values())),
        metadata={"description": "Where the words stand: its name, what it is filed under, or what it tells."},
    )
    trust = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([str(each) for each in Trust]),
        metadata={"description": "Tell nobody of a service that is stale or not checked without saying so."},
    )
    checked_on = Day(required=True, allow_none=True)


class ServicesFound(Schema):
    total = Whole(required=True)
    services = ma.fields.List(ma.fields.Nested(ServiceFound), required=True)


@api.operation("GET", "/resources/services", reads_directory, asks=WhichServices, gives=ServicesFound)
def find_services(asked: Facts, house: House) -> Facts:
    """What is offered and fits, best first."""
    session, now, zone = db.session(), house_now(), house.timezone
    near = place_named(session, asked["near"]) if asked["near"] else None
    if asked["near"] and near is None:
        raise Invalid(fields={"near": _("The directory has nothing there. Please try a ZIP code or a town near by.")})
    language = code_of(asked["language"]) if asked["language"] else None
    if asked["language"] and language is None:
        raise Invalid(fields={"language": _("This is no language that is known here.")})
    wanted = Wanted(
        words=asked["query"] or "",
        need=asked["need"],
        category=asked["category"] or None,
        when=When(asked["open"]) if asked["open"] else None,
        language=language,
        free=asked["free"],
        peer_run=asked["peer_run"],
        near=near,
        within=asked["within"],
    )
    answer = search(session, wanted, now=now, zone=zone, offset=asked["offset"], limit=asked["limit"])
    how = {each.service_id: each for each in answer.found}
    cards = cards_of(session, list(how), now, zone)
    return {"total": answer.total, "services": [_facts(card, how[card.service.id], now, zone) for card in cards]}


def _facts(card: Card, found: Found, now: datetime, zone: str) -> Facts:
    service = card.service
    return {
        **{name: getattr(service, name) for name in ServiceFound().fields if hasattr(service, name)},
        "organization": {"id": card.organization.id, "name": card.organization.name},
        "phones": [{"number": p.dialled or p.number, "extension": p.extension, "type": p.type} for p in card.phones],
        "languages": [{"code": code, "name": language_name(code)} for code in card.languages],
        "locations": [_place_facts(place) for place in card.places],
        "free": card.free,
        "open_now": card.closing(now, zone) is not None if card.hours else None,
        "distance_miles": None if found.miles is None else round(found.miles, 1),
        "found_in": WHY[found.why],
        "trust": card.trust,
        "checked_on": card.checked_on,
    }


def _place_facts(place: Place) -> Facts:
    address, location = place.address, place.location
    return {
        "id": location.id,
        "name": location.name,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "address_1": address.address_1 if address else None,
        "city": address.city if address else None,
        "state_province": address.state_province if address else None,
        "postal_code": address.postal_code if address else None,
    }
