"""The edge of concerns."""

from __future__ import annotations

from flask import Flask

from respite.concerns import events, models, service, unseen
from respite.concerns.views import blueprint
from respite.core.clock import house_now
from respite.core.facts import leave_out
from respite.core.jobs import HOUR, every
from respite.guests.service.erasing import also_erase
from respite.guests.service.on_file import also_keeps

__all__ = ["events", "models", "unseen", "wire"]

_ON_ITS_OWN_PAGE = "told to one person and no part of the record; the guest reads it on a page of its own"
leave_out({"concern.words_sealed": _ON_ITS_OWN_PAGE, "concern.answer_sealed": _ON_ITS_OWN_PAGE})


def forget_old() -> int:
    return service.forget_old(house_now())


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "forget the words of what guests told a year ago", forget_old)
    if service.forget_guest not in also_erase:
        also_erase.append(service.forget_guest)
    if service.keeps_on_file not in also_keeps:
        also_keeps.append(service.keeps_on_file)
