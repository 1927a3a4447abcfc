"""The words of a house's texts: its name in them, its hours, its extra words, and each template in both languages."""

from __future__ import annotations

from dataclasses import dataclass
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
from respite.houses.models import House
from respite.messaging.models import Wording
from respite.messaging.policy.templates import SHIPPED, TEMPLATES
from respite.messaging.service import wordings
from respite.messaging.service.ground import LONGEST_BRAND, brand_of, texts_of
from respite.messaging.views.routes import blueprint
from respite.messaging.views.template_words import FIELDS, GROUPS, NAMES, count_words, fault_words

LONGEST = 1000  # letters that are taken in, so that too long a text is said to be, and not cut


@dataclass(frozen=True, slots=True)
class Seen:
    """A wording as it would look, what it costs, and what stands in its way."""

    words: str
    count: str
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a template on its page. `typed` is what stands in the field."""

    language: str
    typed: str
    number: int
    own: bool
    shipped: str
    seen: Seen


@blueprint.route("/houses/<slug>/texts/words", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def words(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _set_house_texts(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session = db.session()
    texts = texts_of(session, house.id)
    own = wordings.all_words(session, house.id)
    stands = {
        "brand": brand_of(session, house),
        "reply_hours": texts.reply_hours if texts is not None else wordings.REPLY_HOURS,
        "danger_words": "\n".join(texts.danger_words) if texts is not None else "",
    }
    return drawn(
        "messaging/words.html",
        house=house,
        form=shown(stands, refusal),
        version=texts.version if texts is not None else 0,
        chosen=texts is not None,
        groups=[
            (heading, [_line(house, name, words, own) for name, words in each if name in TEMPLATES])
            for heading, each in GROUPS
        ],
    )


def _line(house: House, name: str, title: Any, own: dict[tuple[str, str], Wording]) -> dict[str, Any]:
    """A template in the list: how it looks in the house's own language, and where the house has words of its own."""
    session, language = db.session(), house.language
    look = wordings.judge(session, house.id, name, language, wordings.words_for(session, house.id, name, language)[0])
    changed = [each for each in wordings.LANGUAGES if (row := own.get((name, each))) is not None and row.words]
    return {"name": name, "title": title, "words": look.words, "faults": bool(look.faults), "changed": changed}


def _set_house_texts(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    brand = form.text("brand", most=LONGEST_BRAND)
    reply_hours = form.text("reply_hours", most=wordings.LONGEST_HOURS)
    danger_words = form.text("danger_words", most=3000, needed=False, lines=True).splitlines()
    seen = form.version()
    form.done()

    def act() -> Answer:
        wordings.set_house_texts(
            acting(),
            house_id,
            brand=brand,
            reply_hours=reply_hours,
            danger_words=danger_words,
            version_seen=seen,
            now=house_now(),
        )
        return done(url_for("messaging.words", slug=slug), _("Texts are signed and read like that from now on."))

    return act_form(acting(), act)


@blueprint.route("/houses/<slug>/texts/words/<template>", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def one_template(house: House, template: str) -> ResponseReturnValue:
    _must_be(template)
    if request.method == "POST" and "look" not in request.form:
        return or_redraw(lambda: _set_words(house, template), lambda refusal: _draw_one(house, template, refusal))
    return _draw_one(house, template)


@blueprint.post("/houses/<slug>/texts/words/<template>/look")
@for_house(May.SET_RULES)
def look_at_words(house: House, template: str) -> ResponseReturnValue:
    """How typed words would look, for a page that shows it while somebody types."""
    _must_be(template)
    language, typed = _language(), _typed()
    return drawn("messaging/_seen.html", seen=_seen(house, template, language, typed))


@blueprint.post("/houses/<slug>/texts/words/<template>/shipped")
@for_house(May.SET_RULES)
def shipped_words(house: House, template: str) -> ResponseReturnValue:
    _must_be(template)
    form, house_id, page = Form(request.form), house.id, _page(house, template)
    language, seen = form.choice("language", wordings.LANGUAGES), form.version()
    form.done()

    def act() -> Answer:
        before = wordings.words_for(db.session(), house_id, template, language)[0]
        number = wordings.shipped_again(acting(), house_id, template, language, number_seen=seen, now=house_now())
        said = _("It says again what came with Respite.")
        return done(page, said, page, language=language, words=before, version=number)

    return act_form(acting(), act)


def _set_words(house: House, template: str) -> ResponseReturnValue:
    form, house_id, page = Form(request.form), house.id, _page(house, template)
    language, seen = form.choice("language", wordings.LANGUAGES), form.version()
    typed = form.text("words", most=LONGEST, lines=True)
    form.done()

    def act() -> Answer:
        before, stood = wordings.words_for(db.session(), house_id, template, language)
        number = wordings.set_words(acting(), house_id, template, language, typed, number_seen=seen, now=house_now())
        if number == stood:
            return done(page, _("Nothing was different."))
        said = _("Texts from now on say it like that. Those that wait keep the words they were made of.")
        return done(page, said, page, language=language, words=before, version=number)

    return act_form(acting(), act)


def _draw_one(house: House, template: str, refusal: Refusal | None = None) -> str:
    known = TEMPLATES[template]
    sides = [_side(house, template, language) for language in wordings.LANGUAGES]
    return drawn(
        "messaging/template.html",
        house=house,
        name=template,
        title=NAMES.get(template, template),
        sides=sides,
        refused=refusal,
        error=getattr(refusal, "fields", {}).get("words"),
        fields=[
            (f"{{{field}}}" if field in known.given else f"[{{{field}}}]", words)
            for field, words in FIELDS.items()
            if field in known.fields
        ],
        some_empty=known.fields > known.given,
        stays=known.says,
        longest=LONGEST,
    )


def _side(house: House, template: str, language: str) -> Side:
    """What stands, or after a refusal or a look what was typed."""
    session = db.session()
    stands, in_use = wordings.words_for(session, house.id, template, language)
    newest = wordings.newest(session, house.id, template, language)
    typed = _typed() if request.method == "POST" and request.form.get("language") == language else stands
    return Side(
        language=language,
        typed=typed,
        number=newest.number if newest is not None else 0,
        own=in_use != 0,
        shipped=SHIPPED[template][language],
        seen=_seen(house, template, language, typed),
    )


def _seen(house: House, template: str, language: str, typed: str) -> Seen:
    look = wordings.judge(db.session(), house.id, template, language, typed)
    return Seen(look.words, count_words(look.counted), [fault_words(fault) for fault in look.faults])


def _typed() -> str:
    return request.form.get("words", "")[:LONGEST].replace("\r\n", "\n")


def _language() -> str:
    language = request.form.get("language", "")
    if language not in wordings.LANGUAGES:
        raise NotFound
    return language


def _must_be(template: str) -> None:
    if template not in TEMPLATES:
        raise NotFound


def _page(house: House, template: str) -> str:
    return url_for("messaging.one_template", slug=house.slug, template=template)
