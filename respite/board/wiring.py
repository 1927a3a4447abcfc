"""The edge of board."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_socketio import SocketIO

from respite.accounts.api import register
from respite.accounts.signals import access_changed
from respite.audit.queries import EventLog
from respite.board import company, nav, paper, public, roster_views, views
from respite.board.api import availability, nights, now
from respite.board.clinical import wire_clinical
from respite.board.queries import Kept
from respite.board.sockets import BoardNamespace
from respite.board.watchers import NAMESPACE, Watchers
from respite.core.jobs import HOUR, every
from respite.core.realtime.relay import Relay
from respite.core.realtime.server import below
from respite.core.realtime.transport import Seats
from respite.guests.service.erasing import also_erase
from respite.guests.views import stay

#: Importing them puts their pages on the one blueprint.
PAGES = (views, roster_views, company, paper)


def wire(app: Flask) -> None:
    wire_clinical()
    app.extensions["respite.boards"] = Kept()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(public.shared)
    app.context_processor(nav.nav_items)
    for each in (now.api, nights.api, availability.api):
        register(app, each)
    if company.section not in stay.sections:
        stay.sections.append(company.section)
    if company.forget_guest not in also_erase:
        also_erase.append(company.forget_guest)
    every(HOUR, "forget whom guests who left liked to sit with", company.forget_those_who_left)
    _wire_sockets(app)


def _wire_sockets(app: Flask) -> None:
    server: SocketIO = app.extensions["socketio"]
    watchers = Watchers(server)

    def emit(event: str, payload: dict[str, Any], stream: str) -> None:
        # Each process has a relay of its own, so the message queue must not carry this to the others too.
        below(server).emit(event, payload, namespace=NAMESPACE, to=stream, ignore_queue=True)

    relay = Relay(app, EventLog(), watchers, emit)
    server.on_namespace(BoardNamespace(watchers, relay))
    app.extensions["respite.watchers"] = watchers
    app.extensions["respite.relay"] = relay
    if _look_again not in access_changed:
        access_changed.append(_look_again)
    seats: Seats = app.extensions["respite.seats"]
    seats.opened = relay.start


def _look_again(_mark: str) -> None:
    """Somebody's access changed in this process: their sockets close now instead of within the second."""
    relay: Relay = current_app.extensions["respite.relay"]
    relay.look_now()
