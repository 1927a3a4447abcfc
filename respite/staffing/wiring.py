"""The edge of staffing."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.accounts.service import people
from respite.messaging.service import questions, reading
from respite.staffing import api, cli, cli_fill, cli_take_in, facts, models, unseen
from respite.staffing.choosing_wiring import wire_choosing
from respite.staffing.credentials_wiring import wire_credentials
from respite.staffing.offer_wiring import wire_offers
from respite.staffing.pattern_wiring import wire_patterns
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.service import duty_ends, shifts, texting
from respite.staffing.swap_wiring import wire_swaps
from respite.staffing.views import (
    availability,
    blueprint,
    colleagues,
    details,
    duty,
    feed,
    night,
    offers,
    own,
    paging,
    peer,
    peer_words,
    rosters,
    seats,
    week,
)
from respite.staffing.watch_wiring import wire_watch

#: Importing them puts their pages on the one blueprint.
PAGES = (
    availability, colleagues, details, duty, feed, night, offers, own, paging, peer, peer_words, rosters, seats, week,
)  # fmt: skip

__all__ = ["cli_fill", "cli_take_in", "facts", "models", "shifts", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    register(app, api.api)
    app.cli.add_command(cli.commands)
    wire_credentials()
    if texting.answers_nothing not in questions.answers_nothing:
        questions.answers_nothing.append(texting.answers_nothing)
    if duty_ends.left not in people.duty_ended:
        people.duty_ended.append(duty_ends.left)
    if asked_to_read not in reading.who_next:
        reading.who_next.append(asked_to_read)
    wire_watch()
    wire_offers()
    wire_swaps()
    wire_patterns()
    wire_choosing()
