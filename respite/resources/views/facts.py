"""One service with all that is known of it, in the reader's words."""

from __future__ import annotations

from typing import Any

from respite.core.clock import house_now
from respite.core.times import day_and_month
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.resources.finding.cards import Card
from respite.resources.views.words import card_facts, phone_facts, place_line, special_words, week_words


def all_facts(card: Card, house: House) -> dict[str, Any]:
    """All that is told of one service, on its page, a sheet or a card."""
    service, organization, now = card.service, card.organization, house_now()
    today = local(now, house.timezone).date()
    return {
        **card_facts(card, None, house, now),
        "description": service.description,
        "organization": organization.name,
        "organization_about": organization.description,
        "alert": service.alert,
        "link": _web(service.url) or _web(organization.website),
        "email": service.email or organization.email,
        "phones": [phone_facts(each) for each in card.phones],
        "week": week_words(card, today),
        "special": special_words(card, today),
        "places": [
            {
                "name": place.location.name,
                "line": place_line(place),
                "transport": place.location.transportation,
                "access": [each.description for each in place.access if each.description],
            }
            for place in card.places
        ],
        "how": service.application_process,
        "whom": service.eligibility_description,
        "cost": service.fees_description or "; ".join(each.option for each in card.costs if each.option) or None,
        "documents": [each.document for each in card.documents if each.document],
        "interpreters": service.interpretation_services,
        "assured": day_and_month(service.assured_date, year=True) if service.assured_date else None,
    }


def _web(told: str | None) -> str | None:
    """An address that a browser opens, and nothing else that a source may have written there."""
    link = (told or "").strip()
    if link.startswith("www."):
        link = f"https://{link}"
    return link if link.startswith(("https://", "http://")) else None
