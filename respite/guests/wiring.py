"""The edge of guests: its pages, what runs when due, and that saved beds let their nights go when others want them."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.core.jobs import HOUR, MINUTE, every
from respite.guests import (
    agreement_facts,
    apart_facts,
    ask_facts,
    earlier_facts,
    facts,
    jobs,
    kept_from_facts,
    models,
    promise_facts,
    together_facts,
    unseen,
)
from respite.guests.api import consents, stays, visits
from respite.guests.service import (
    agreements,
    apart,
    asks,
    bed_fit,
    conversation,
    died,
    earlier,
    from_texts,
    kept_from,
    leading,
    offer_ends,
    offer_replies,
    on_file,
    promised,
    rule_answers,
    texting,
    together,
    transfers,
)
from respite.guests.service.erasing import also_erase
from respite.guests.service.forgotten_again import look_at_the_list, stays_forgotten
from respite.guests.service.furniture import somebody_in
from respite.guests.service.ground import let_go_what_ran_out
from respite.guests.service.undo import forget_old, goes_with_a_guest
from respite.guests.service.yes_answers import forget_old as forget_old_asks
from respite.guests.views import agreements as agreement_views
from respite.guests.views import apart as apart_view
from respite.guests.views import blueprint, left_behind, stay
from respite.guests.views import from_texts as thread_promises
from respite.guests.views import kept_from as kept_from_view
from respite.guests.views import together as stays_together
from respite.houses.service import claims, furnishing
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service.correspondents import number_given, number_known
from respite.messaging.service.questions import answers
from respite.messaging.views import thread_shown
from respite.promises import subjects

__all__ = [
    "agreement_facts",
    "apart_facts",
    "ask_facts",
    "earlier_facts",
    "facts",
    "jobs",
    "kept_from_facts",
    "models",
    "promise_facts",
    "together_facts",
    "unseen",
    "wire",
]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "forget what can no longer be undone", forget_old)
    every(MINUTE, "forget again whom a backup brought back", look_at_the_list)
    register(app, stays.api)
    register(app, visits.api)
    register(app, consents.api)
    if let_go_what_ran_out not in claims.let_go_what_ran_out:
        claims.let_go_what_ran_out.append(let_go_what_ran_out)
    if somebody_in not in furnishing.in_use:
        furnishing.in_use.append(somebody_in)
    if texting.forget not in also_erase:
        also_erase.append(texting.forget)
    if promised.forget not in also_erase:
        also_erase.append(promised.forget)
    for taken_away in (also_erase, goes_with_a_guest):
        for each in (apart.forget, kept_from.forget):
            if each not in taken_away:
                taken_away.append(each)
    every(HOUR, "forget what needed a yes for days that are over", forget_old_asks)
    if together.forget not in also_erase:
        also_erase.append(together.forget)
    for section in (stays_together.section, left_behind.section, apart_view.section, kept_from_view.section):
        if section not in stay.sections:
            stay.sections.append(section)
    subjects.known[promised.GUEST] = promised.guests_named
    subjects.known[promised.WAITING] = promised.waiting_named
    subjects.guests_of[promised.GUEST] = promised.guests_of_guest
    subjects.guests_of[promised.WAITING] = promised.guests_of_waiting
    subjects.guests_of[from_texts.THREAD] = from_texts.guests_of_thread
    subjects.known[from_texts.THREAD] = from_texts.threads_named
    if from_texts.is_theirs not in number_known:
        number_known.append(from_texts.is_theirs)
    if thread_promises.section not in thread_shown.sections:
        thread_shown.sections.append(thread_promises.section)
    if offer_ends.forget not in also_erase:
        also_erase.append(offer_ends.forget)
    answers(
        offer_ends.BED_OFFER, offer_replies.offer_answered, offer_replies.open_questions, of=CorrespondentKind.GUEST
    )
    for taken_away in (also_erase, goes_with_a_guest):
        for each in (agreements.forget, asks.forget, died.forget, leading.forget, stays_forgotten):
            if each not in taken_away:
                taken_away.append(each)
    if agreement_views.on_the_welcome not in stays_together.on_the_welcome:
        stays_together.on_the_welcome.append(agreement_views.on_the_welcome)
    if earlier.forget not in goes_with_a_guest:
        goes_with_a_guest.append(earlier.forget)
    if conversation.forget not in also_erase:
        also_erase.append(conversation.forget)
    if conversation.keeps_on_file not in on_file.also_keeps:
        on_file.also_keeps.append(conversation.keeps_on_file)
    if bed_fit.forget not in also_erase:
        also_erase.append(bed_fit.forget)
    if bed_fit.forget not in goes_with_a_guest:
        goes_with_a_guest.append(bed_fit.forget)
    if rule_answers.keeps_on_file not in on_file.also_keeps:
        on_file.also_keeps.append(rule_answers.keeps_on_file)
    for taken_away in (also_erase, goes_with_a_guest):
        if transfers.forget not in taken_away:
            taken_away.append(transfers.forget)
    if texting.follow not in number_given:
        number_given.append(texting.follow)
