"""What the house could not offer, who was in touch, and how long an answer took: by month, naming nobody."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.guests.figures import FEWEST_TOLD, Month, months_of
from respite.guests.models import ContactKind, NoBed
from respite.guests.views.contact_words import kind_words, reason_words
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import month_of
from respite.houses.access import for_house
from respite.houses.models import House


@blueprint.get("/houses/<slug>/could-not-offer")
@for_house(May.READ_FIGURES)
def could_not_offer(house: House) -> ResponseReturnValue:
    found = _found(house)
    return render_template(
        "guests/could_not_offer.html",
        house=house,
        months=[_shown(month) for month in found if not month.is_empty],
        reasons=[(str(each), reason_words(each)) for each in NoBed],
        kinds=[(str(each), kind_words(each)) for each in ContactKind],
        file=url_for("guests.could_not_offer_file", slug=house.slug),
        back=url_for("guests.contacts", slug=house.slug) if acting().may(May.KEEP_BEDS, house.id) else None,
    )


@blueprint.get("/houses/<slug>/could-not-offer.csv")
@for_house(May.READ_FIGURES)
def could_not_offer_file(house: House) -> ResponseReturnValue:
    """One line for each month."""
    slug, found = house.slug, _found(house)
    end_read()
    answer = Response(csv_file(lines(found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-could-not-offer-{found[0].first:%Y-%m}.csv"'
    return answer


def _found(house: House) -> list[Month]:
    """To whoever may read only what is told to others, a middle or a longest of few times is not told."""
    found = months_of(db.session(), house, house_now())
    if not acting().may(May.READ_WHOLE_FIGURES, house.id):
        for month in found:
            month.waits = month.waits if len(month.waits) >= FEWEST_TOLD else []
            month.minutes = month.minutes if len(month.minutes) >= FEWEST_TOLD else []
    return found


def lines(found: list[Month]) -> list[tuple[object, ...]]:
    head = (
        _("Month"),
        *(_("In touch: %(kind)s", kind=kind_words(each)) for each in ContactKind),
        _("Asked for a bed"),
        _("Beds saved from the list"),
        *(_("Could not offer: %(reason)s", reason=reason_words(each)) for each in NoBed),
        _("Answers"),
        _("Hours to the answer, median"),
        _("Hours to the answer, longest"),
        _("Officers or drivers asked about"),
        _("Minutes until they could leave, longest"),
    )
    return [
        head,
        *(
            (
                f"{month.first:%Y-%m}",
                *(month.contacts[each] for each in ContactKind),
                month.requests,
                month.saved,
                *(month.not_offered[each] for each in NoBed),
                len(month.waits),
                _number(month.median_wait),
                _number(month.longest_wait),
                len(month.minutes),
                max(month.minutes, default=""),
            )
            for month in found
        ),
    ]


def _number(hours: float | None) -> float | str:
    return "" if hours is None else round(hours, 2)


def _shown(month: Month) -> dict[str, object]:
    return {
        "name": month_of(month.first),
        "contacts": month.contacts,
        "in_touch": month.contacts.total(),
        "requests": month.requests,
        "saved": month.saved,
        "not_offered": month.not_offered,
        "not_in_all": month.not_offered.total(),
        "answers": len(month.waits),
        "median": hours_words(month.median_wait),
        "longest": hours_words(month.longest_wait),
    }


def hours_words(hours: float | None) -> str | None:
    """ "3 h 12 min"; nothing where nothing was answered."""
    if hours is None:
        return None
    whole, minutes = divmod(round(hours * 60), 60)
    return _("%(hours)s h %(minutes)s min", hours=whole, minutes=minutes)
