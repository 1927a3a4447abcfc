"""The fields that several forms share: what to call somebody, who comes along, how long a bed stays saved."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _

from respite.core.db import db
from respite.core.forms import Form
from respite.core.phones import phone
from respite.guests.models import QUESTIONS, CompanionKind, Written
from respite.guests.queries import BeenHere, been_here
from respite.guests.service.companions import MOST_OF_A_KIND
from respite.guests.service.conversation import LONGEST_ANSWER, Talk
from respite.guests.service.people import LONGEST_NAME, Known, Named, Nameless, Who
from respite.guests.views.wording import companion_label
from respite.houses.models import HouseRules

NEW = "new"
SAVED_MINUTES = (60, 120, 240, 480, 1440)


class AskWho(Exception):
    """Somebody of that name has been here: a person says whether it is them, and nothing is done before."""

    def __init__(self, name: str, known: list[BeenHere]) -> None:
        super().__init__(len(known))
        self.name = name
        self.known = known


def who_is_it(form: Form, house_id: uuid.UUID, rules: HouseRules) -> Who:
    """Who the form is about. Raises AskWho for a name the house knows, unless a number or an answer tells them apart.

    Read inside the act, behind its key: the second tap of a form that made somebody known is still one act.
    """
    name = form.text("name", most=LONGEST_NAME, needed=False)
    number = phone(form, "phone")
    if not name:
        if rules.nameless_stays and form.flag("nameless"):
            return Nameless()
        form.say("name", _("Any chosen name is fine."))
    if form.wrong:
        return Nameless()  # a stand-in: the form is refused before anybody reads it
    known = been_here(db.session(), house_id, name)
    answer = form.sent.get("who", "")
    chosen = next((each for each in known if str(each.id) == answer), None)
    if chosen is not None:
        return Known(chosen.id, number)
    if known and answer != NEW and not any(number and each.phone == number for each in known):
        raise AskWho(name, known)
    return Named(name, phone=number, pronouns=form.text("pronouns", most=30, needed=False) or None)


def kinds_taken(rules: HouseRules) -> list[tuple[str, str, str | None]]:
    """The kinds of companion this house takes: field, label, and a word where somebody is to be asked first."""
    rule_of = {
        CompanionKind.CHILD: rules.child,
        CompanionKind.SUPPORT_PERSON: rules.support_person,
        CompanionKind.ANIMAL: rules.animal,
    }
    return [
        (
            f"with-{kind}",
            companion_label(kind),
            _("The house asks to talk about this first.") if rule == "ask" else None,
        )
        for kind, rule in rule_of.items()
        if rule != "no"
    ]


def companions(form: Form) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in CompanionKind:
        number = form.whole_number(f"with-{kind}", least=0, most=MOST_OF_A_KIND, needed=False)
        if number:
            found[str(kind)] = number
    return found


def talk_in(form: Form) -> Talk:
    """What the fields of `guests/_conversation_fields.html` say."""
    words = {name: form.text(name, most=LONGEST_ANSWER, needed=False, lines=True) for name in QUESTIONS}
    return Talk(words, form.choice("written", Written, needed=False) or Written.TOGETHER)


def talk_now(form: Form) -> Talk | None:
    """The conversation, where it was had just now as part of another form."""
    return talk_in(form) if form.flag("talked") else None
