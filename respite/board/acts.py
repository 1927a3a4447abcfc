"""The acts a card offers. They belong to lower features; a card shows those that exist and the viewer may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from respite.accounts.roles import May
from respite.board.rows import Board, Door, Notice, Seat
from respite.board.sight import Sight
from respite.core.web import guard_of
from respite.guests.policy.stay_states import BedState


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: a link, or a form with a button (`posts`)."""

    endpoint: str
    url: str
    label: str
    posts: bool
    main: bool = False
    version: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acts:
    shown: tuple[Act, ...]
    more: tuple[Act, ...]


def door_acts(board: Board, door: Door, sight: Sight) -> Acts:
    """What stands on a door's card, and what waits under "More"."""
    facts = {
        "slug": board.house.slug,
        "bed_id": door.id,
        "stay_id": door.stay_id,
        "closure_id": door.closure_id,
    }
    make = _Maker(facts, sight)
    stay, bed = door.stay_version, door.version
    if door.state == BedState.FREE:
        make.add("guests.save_form", _("Save this bed"), main=True)
        make.hide("guests.arrive_form", _("Somebody is here"))
        make.hide("houses.close_form", _("Close this door"), May.CLOSE_BEDS)
    elif door.offered:
        make.add("guests.waiting_page", _("Who is asked"), main=True)
        make.add("guests.let_go", _("Free bed"), version=stay)
    elif door.state == BedState.HELD:
        make.add("guests.welcome", _("Welcome"), main=True, version=stay)
        make.add("guests.longer", _("Longer"), version=stay)
        make.add("guests.let_go", _("Free bed"), version=stay)
        make.hide("guests.confirm", _("Surely coming"), version=stay)
        make.hide("guests.move_form", _("Another door"))
        make.hide("guests.stay_page", _("About this stay"))
    elif door.state == BedState.OCCUPIED:
        if not door.nameless:
            make.add("guests.note_form", _("Note"))
            make.add("guests.promise_form", _("Promise"))
        make.add("guests.leave_form", _("Leaving"))
        if door.out:
            make.hide("guests.back", _("Back in the house"), version=stay)
        else:
            make.hide("guests.out", _("Out and back"), version=stay)
        make.hide("guests.extend_form", _("Stay longer"))
        make.hide("guests.move_form", _("Another door"))
        make.hide("guests.stay_page", _("About this stay"))
    elif door.state == BedState.READYING:
        make.add("houses.ready", _("Ready"), main=True, version=bed)
        make.hide("houses.close_form", _("Close this door"), May.CLOSE_BEDS)
    else:
        make.add("houses.open_again", _("Open again"), May.CLOSE_BEDS, version=door.closure_version)
    return make.acts()


def seat_acts(board: Board, seat: Seat, sight: Sight) -> Acts:
    make = _Maker({"slug": board.house.slug, "chair_id": seat.id, "visit_id": seat.visit_id}, sight)
    if seat.visit_id is None:
        make.add("guests.visit_form", _("Welcome"), query={"chair_id": seat.id})
    else:
        make.add("guests.visit_end", _("Leaving"), version=seat.visit_version)
        make.hide("guests.visit_on", _("On to a bed"))
    return make.acts()


def notice_acts(board: Board, notice: Notice, sight: Sight) -> Acts:
    make = _Maker({"slug": board.house.slug, "stay_id": notice.subject, "visit_id": notice.subject}, sight)
    if notice.kind == "no-door":
        make.add("guests.move_form", _("Find a door"), main=True)
    elif notice.kind == "offer":
        make.add("guests.waiting_page", _("Who is asked"))
    elif notice.kind == "call":
        make.add("guests.call_made", _("I called"), main=True, version=notice.version)
    else:
        make.add("guests.visit_on", _("On to a bed"))
        make.add("guests.notice_seen", _("Seen"), version=notice.version, fields={"minutes": notice.minutes})
    return make.acts()


class _Maker:
    def __init__(self, facts: dict[str, Any], sight: Sight) -> None:
        self._facts = facts
        self._sight = sight
        self._shown: list[Act] = []
        self._more: list[Act] = []

    def add(self, endpoint: str, label: str, right: May = May.KEEP_BEDS, **more: Any) -> None:
        self._put(self._shown, endpoint, label, right, more)

    def hide(self, endpoint: str, label: str, right: May = May.KEEP_BEDS, **more: Any) -> None:
        self._put(self._more, endpoint, label, right, more)

    def _put(self, where: list[Act], endpoint: str, label: str, right: May, more: dict[str, Any]) -> None:
        if not self._sight.may(right):
            return
        found = address(endpoint, self._facts, more.pop("query", {}))
        if found is not None:
            url, posts = found
            where.append(Act(endpoint, url, label, posts, **more))

    def acts(self) -> Acts:
        return Acts(tuple(self._shown), tuple(self._more))


def address(endpoint: str, facts: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> tuple[str, bool] | None:
    """Where an endpoint is, with those of the facts that its address asks for, and whether it only takes forms.

    None where there is no such endpoint, or it asks for something that is not there.
    """
    view = current_app.view_functions.get(endpoint)
    if view is None or guard_of(view) is None:
        return None
    rule = next(current_app.url_map.iter_rules(endpoint))
    values: dict[str, Any] = {name: facts.get(name) for name in rule.arguments}
    if None in values.values():
        return None
    return url_for(endpoint, **values, **(query or {})), "GET" not in (rule.methods or ())
