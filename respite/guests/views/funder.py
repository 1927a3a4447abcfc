"""What a funder asks: the house writes it, a peer hands it over, the guest alone answers, and leads read counts."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.languages import in_language
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.models import FunderQuestion
from respite.guests.policy.funder import FEWEST, LONGEST_QUESTION, Told, by_year
from respite.guests.service import funder
from respite.guests.views.answering import came_from, desk
from respite.guests.views.parting import PER_ADDRESS
from respite.guests.views.routes import blueprint
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local

LONGEST_LIST = 1100


@blueprint.get("/houses/<slug>/funder-questions")
@for_house(May.KEEP_BEDS)
def funder_hand_over(house: House) -> ResponseReturnValue:
    """A peer's page: the questions as a link for this device, and as a square for the guest's own."""
    asked = any(row.asked for row in funder.questions_of(db.session(), house.id))
    path = url_for("guests.funder_questions", token=funder.hand_over(house.id)) if asked else None
    address = current_app.config["PUBLIC_URL"] + (path or "")
    return render_template(
        "guests/funder_hand_over.html",
        house=house,
        path=path,
        qr=segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#2b2925", light="#fffdf8"),
        back=came_from(desk(house)),
    )


@blueprint.get("/funder/<token>")
@limiter.limit(PER_ADDRESS)
def funder_questions(token: str) -> ResponseReturnValue:
    asked = [row for row in funder.questions_of(db.session(), funder.house_of(token)) if row.asked]
    if not asked:
        raise NotFound
    return render_template("guests/funder.html", questions=[_in_their_language(row) for row in asked])


@blueprint.post("/funder/<token>")
@limiter.limit(PER_ADDRESS)
def funder_answered(token: str) -> ResponseReturnValue:
    form, chosen = Form(request.form), {}
    for row in funder.questions_of(db.session(), funder.house_of(token)):
        choice = form.choice(f"q-{row.id}", [str(n) for n in range(len(row.choices))], needed=False)
        if choice:
            chosen[row.id] = int(choice)
    form.done()
    end_read()
    funder.answer(token, chosen, now=house_now())
    return redirect(url_for("guests.parting_thanks"), 303)


@blueprint.route("/houses/<slug>/settings/funder-questions", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def funder_settings(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _ask(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.post("/funder-questions/<uuid:question_id>/resting")
@for_row(FunderQuestion, "question", May.SET_RULES)
def funder_resting(question: FunderQuestion) -> ResponseReturnValue:
    form, question_id = Form(request.form), question.id
    home = url_for("guests.funder_settings", slug=db.session.get_one(House, question.house_id).slug)
    rests = form.flag("rests")
    form.done()

    def act() -> Answer:
        funder.rest_question(acting(), question_id, rests, now=house_now())
        return done(home, _("It is not asked any more.") if rests else _("It is asked again."))

    return act_form(acting(), act)


@blueprint.get("/houses/<slug>/funder-figures")
@for_house(May.READ_FIGURES)
def funder_figures(house: House) -> ResponseReturnValue:
    return drawn(
        "guests/funder_figures.html",
        house=house,
        questions=_figures(house),
        fewest=FEWEST,
        file=url_for("guests.funder_figures_file", slug=house.slug),
        back=url_for("houses.settings", slug=house.slug) if acting().may(May.KEEP_BEDS, house.id) else None,
    )


@blueprint.get("/houses/<slug>/funder-figures.csv")
@for_house(May.READ_FIGURES)
def funder_figures_file(house: House) -> ResponseReturnValue:
    """A line for each choice of each question in each year, with what is too small to tell left out as on the page."""
    slug, found = house.slug, _figures(house)
    end_read()
    small = _("%(most)s or fewer", most=FEWEST - 1)
    head = (_("Year"), _("Question"), _("Choice"), _("Count"), _("Answers in all"))
    lines = [
        (each.year, question, choice, small if n is None else n, _("not told") if each.total is None else each.total)
        for question, choices, years in found
        for each in years
        for choice, n in zip(choices, each.counts, strict=True)
    ]
    answer = Response(csv_file([head, *lines]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-funder.csv"'
    return answer


def _draw(house: House, refusal: Refusal | None = None) -> str:
    rows = funder.questions_of(db.session(), house.id)
    return drawn(
        "guests/funder_settings.html",
        house=house,
        questions=[(row.id, row.asked, *_both(row)) for row in rows],
        form=shown({}, refusal),
        longest=LONGEST_QUESTION,
        longest_list=LONGEST_LIST,
    )


def _ask(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted: dict[str, Any] = {name: form.text(name, most=LONGEST_QUESTION) for name in ("words_en", "words_es")} | {
        name: form.text(name, most=LONGEST_LIST, lines=True).splitlines() for name in ("choices_en", "choices_es")
    }
    form.done()

    def act() -> Answer:
        funder.ask_question(acting(), house_id, **wanted, now=house_now())
        return done(url_for("guests.funder_settings", slug=slug), _("It is asked from now on, apart from all else."))

    return act_form(acting(), act)


def _both(row: FunderQuestion) -> tuple[str, str, list[list[str]]]:
    return row.words_en, row.words_es, row.choices


def _in_their_language(row: FunderQuestion) -> tuple[uuid.UUID, str, list[tuple[str, str]]]:
    choices = [(str(n), in_language(*pair)) for n, pair in enumerate(row.choices)]
    return row.id, in_language(row.words_en, row.words_es), choices


def _figures(house: House) -> list[tuple[str, list[str], list[Told]]]:
    today, found = local(house_now(), house.timezone).date(), []
    for row in funder.questions_of(db.session(), house.id):
        _id, question, choices = _in_their_language(row)
        answers = funder.answers_to(db.session(), row.id)
        found.append((question, [words for _n, words in choices], by_year(answers, len(choices), today)))
    return found
