"""Texts: is there a line, does anything keep them waiting, does anything wait for a person."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import SQLAlchemyError

from respite.cli.checks.finding import Finding, fine, in_utc, look, mend
from respite.core.clock import house_now, machine_now
from respite.core.db import db
from respite.core.settings import Settings
from respite.messaging.gateway import gateway, is_set_up
from respite.messaging.standing import SWEPT, Standing, standing


def check(settings: Settings) -> Iterator[Finding]:
    try:
        found = standing(db.session(), house_now())
    except SQLAlchemyError:
        return  # what is wrong with the database was said
    finally:
        db.session.rollback()
    yield _line(settings)
    yield from _paused(found)
    yield from _open_ends(found)
    if is_set_up() and gateway().tells_statuses:
        yield _swept(found)


def _line(settings: Settings) -> Finding:
    if settings.twilio_account_sid is not None:
        return fine(_("Texts leave through Twilio."))
    if settings.demo:
        return fine(_("Texts go to the page of phones, as in any demo house."))
    return look(
        _("No number for texts is set up, so none leave."), _("Set one up when the house wants it (docs/texting.md).")
    )


def _paused(found: Standing) -> Iterator[Finding]:
    if found.provider_paused:
        yield mend(
            _("No text leaves: the provider took none."),
            _("Open a house’s texts: it says why, and has the button that lets them go on."),
        )
    paused = sum(found.paused.values())
    if paused:
        yield look(
            ngettext("Texts are paused in one place.", "Texts are paused in %(num)s places.", paused),
            _("Open the house’s texts to let them go on."),
        )


def _open_ends(found: Standing) -> Iterator[Finding]:
    if is_set_up() and not found.provider_paused and found.due_too_long(house_now()):
        yield mend(
            _("Texts that are due do not leave."), _("Does the server run? systemctl status respite, in demo make run")
        )
    if found.unknown_too_long(machine_now()):
        yield look(
            _("Of a text it is not known for more than ten minutes whether it left."),
            _("It is asked about by itself. If this stays, does the provider answer at all?"),
        )
    if found.undecided:
        yield look(
            ngettext("One text waits for a person.", "%(num)s texts wait for a person.", found.undecided),
            _("Open the house’s texts and decide: once more, by telephone, or not at all."),
        )


def _swept(found: Standing) -> Finding:
    swept = found.marks.get(SWEPT)
    if swept is None:
        return look(_("Nobody has looked for missed texts yet."), _("Start the server; it looks by itself."))
    if found.swept_too_long_ago(machine_now()):
        return mend(
            _("Missed texts were looked for last at %(at)s.", at=in_utc(swept)),
            _("Does the server run, and does the provider answer? journalctl -u respite -n 50"),
        )
    return fine(_("Missed texts are looked for."))
