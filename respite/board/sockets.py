"""The `/board` namespace: watch a house, and hear which parts to look at again.

Neither `before_request` nor a view's guard runs for a socket, so every event states its own: the viewer is
read again from the database for each.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_socketio import join_room

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.service import last_version
from respite.board.viewers import Viewer, actor_now, arriving
from respite.board.watchers import NAMESPACE, Watchers
from respite.core.errors import Invalid, NotFound
from respite.core.realtime.relay import Relay
from respite.core.realtime.server import GuardedNamespace, find_seat, guarded
from respite.houses.access import house_for

LONGEST_SLUG = 60


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid


def _comes_in(_namespace: BoardNamespace, auth: Any = None) -> Viewer:
    find_seat()
    viewer = arriving(auth)
    if viewer is None or actor_now(viewer) is None:
        raise NotFound(_("Please sign in first, or pair this screen."))
    return viewer


def _is_still(namespace: BoardNamespace, *_arguments: Any) -> Actor:
    viewer = namespace.watchers.viewer(_sid())
    actor = actor_now(viewer) if viewer else None
    if actor is None:
        raise NotFound(_("Please sign in first, or pair this screen."))
    return actor


class BoardNamespace(GuardedNamespace):
    def __init__(self, watchers: Watchers, relay: Relay) -> None:
        super().__init__(NAMESPACE)
        self.watchers = watchers
        self.relay = relay

    @guarded("board:connect", _comes_in)
    def on_connect(self, viewer: Viewer, _auth: Any = None) -> None:
        self.watchers.come(_sid(), viewer)

    @guarded("board:watch", _is_still)
    def on_watch(self, actor: Actor, wish: Any = None, *_more: Any) -> dict[str, Any]:
        slug = wish.get("house") if isinstance(wish, dict) else None
        if not isinstance(slug, str) or not 0 < len(slug) <= LONGEST_SLUG:
            raise Invalid(_('Say which house to watch, such as {"house": "juniper-house"}.'))
        house = house_for(actor, slug, May.SEE_BOARD)
        # First in the room, then the version: what is committed in between is announced, never missed.
        join_room(str(house.id))
        self.watchers.look_at(_sid(), house)
        version = last_version(house.id)
        self.relay.tell_from(str(house.id), version)
        return {"version": version}

    def on_disconnect(self, _reason: Any = None) -> None:
        self.watchers.go(_sid())
