"""About whom the house can offer a bed: each rule with its number and versions, changed and taken away."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.bed_rules import KINDS, bed_rules_ever, no_sentence, question_of
from respite.houses.models import BedRule, House
from respite.houses.policy.bed_rules import LONGEST_NO, LONGEST_WORDS, OLDEST, RuleKind, RuleWords
from respite.houses.queries import names_of, rules_now
from respite.houses.rule_words import LABELS, in_words
from respite.houses.service.bed_rules import add_bed_rule, change_bed_rule, end_bed_rule
from respite.houses.views import blueprint
from respite.houses.views.words import moment_words

WORDS = ("words_en", "words_es", "no_en", "no_es")
#: What of the house's rules the nights rule is made of.
COMING = ("longest_stay", "return_kind", "return_nights", "return_days")


@blueprint.route("/houses/<slug>/settings/bed-rules", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def bed_rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _add(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.route("/houses/<slug>/settings/bed-rules/<int:number>", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def bed_rule(house: House, number: int) -> ResponseReturnValue:
    versions = _versions(house).get(number)
    if not versions:
        raise NotFound
    if request.method == "POST":
        return or_redraw(lambda: _change(house, versions[0]), lambda refusal: _draw_one(house, number, refusal))
    return _draw_one(house, number)


@blueprint.post("/houses/<slug>/settings/bed-rules/<int:number>/end")
@for_house(May.SET_RULES)
def bed_rule_end(house: House, number: int) -> ResponseReturnValue:
    house_id, home = house.id, _home(house)
    form = Form(request.form)
    seen = form.version()
    form.done()

    def act() -> Answer:
        end_bed_rule(acting(), house_id, number, edition_seen=seen, now=house_now())
        return done(home, _("The house does not have rule %(number)s any more.", number=number))

    return act_form(acting(), act)


def _versions(house: House) -> dict[int, list[BedRule]]:
    found: dict[int, list[BedRule]] = {}
    for rule in bed_rules_ever(db.session(), house.id):
        found.setdefault(rule.number, []).append(rule)
    return found


def _draw(house: House, refusal: Refusal | None = None) -> str:
    rules = rules_now(db.session(), house.id)
    newest = [versions[0] for versions in _versions(house).values()]
    coming = {str(LABELS[name]) for name in COMING}
    return drawn(
        "houses/bed_rules.html",
        house=house,
        rules=rules,
        nights=[(label, words) for label, words in in_words(rules, house) if label in coming],
        stands=[_told(rule) for rule in newest if rule.ended_at is None],
        ended=[_told(rule) for rule in newest if rule.ended_at is not None],
        kinds=list(KINDS.items()),
        form=shown({"kind": RuleKind.AREA, "least_age": "18", **dict.fromkeys(WORDS, "")}, refusal),
        longest=LONGEST_WORDS,
        longest_no=LONGEST_NO,
        oldest=OLDEST,
    )


def _draw_one(house: House, number: int, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    versions = _versions(house)[number]
    newest = versions[0]
    names = names_of(session, {each.made_by for each in versions})
    stands = {"least_age": newest.least_age or "", **{name: getattr(newest, name) for name in WORDS}}
    return drawn(
        "houses/bed_rule.html",
        house=house,
        rule=newest,
        kind=KINDS[RuleKind(newest.kind)],
        history=[
            {**_told(each), "when": moment_words(each.made_at, house, now), "who": names.get(each.made_by, "")}
            for each in versions
        ],
        form=shown(stands, refusal),
        longest=LONGEST_WORDS,
        longest_no=LONGEST_NO,
        oldest=OLDEST,
    )


def _told(rule: BedRule) -> dict[str, Any]:
    return {
        "number": rule.number,
        "edition": rule.edition,
        "kind": KINDS[RuleKind(rule.kind)],
        "question": question_of(rule),
        "no": no_sentence(rule),
    }


def _add(house: House) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, _home(house)
    wanted = _read(form, form.choice("kind", RuleKind))
    form.done()

    def act() -> Answer:
        rule = add_bed_rule(acting(), house_id, wanted, now=house_now())
        return done(home, _("Kept as rule %(number)s.", number=rule.number))

    return act_form(acting(), act)


def _change(house: House, newest: BedRule) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, _home(house)
    number, wanted, seen = newest.number, _read(form, newest.kind), form.version()
    form.done()

    def act() -> Answer:
        rule = change_bed_rule(acting(), house_id, number, wanted, edition_seen=seen, now=house_now())
        kept = _("Rule %(number)s is kept as version %(edition)s.", number=number, edition=rule.edition)
        return done(home, kept if rule.edition != seen else _("Nothing was different."))

    return act_form(acting(), act)


def _read(form: Form, kind: str) -> RuleWords:
    """What the fields say; the age counts where the rule is about one."""
    words = {
        name: form.text(name, most=LONGEST_WORDS if name.startswith("words") else LONGEST_NO, needed=False)
        for name in WORDS
    }
    age = form.whole_number("least_age", least=1, most=OLDEST) if kind == RuleKind.AGE else None
    if kind == RuleKind.AGE:
        words |= {"words_en": "", "words_es": ""}
    return RuleWords(kind=kind, least_age=age, **words)


def _home(house: House) -> str:
    return url_for("houses.bed_rules", slug=house.slug)
