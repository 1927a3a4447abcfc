"""The handoff: given, taken by name, by text or without a giver; nothing is lost between two shifts."""

from __future__ import annotations

import random
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Stay, Undoable
from respite.guests.policy.offers import How
from respite.guests.service.arriving import welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.notes import make_note, pass_on
from respite.guests.service.offering import offer_bed, say_yes, take_back
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.texting import Reconfirmed
from respite.guests.service.undo import undo
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.waiting_own import put_me_back, take_me_off
from respite.handoff.errors import GivenMeanwhile, NobodyTakes, NotYours
from respite.handoff.models import Handoff, LogEntry
from respite.handoff.names import named
from respite.handoff.policy import Happened
from respite.handoff.queries import standing, told_log, version_now
from respite.handoff.service.entries import take_off, write_entry
from respite.handoff.service.forgetting import forget_old
from respite.handoff.service.giving import Given, give
from respite.handoff.service.taking import take, take_again
from respite.handoff.views.log_words import line_words
from respite.houses.models import Bed
from respite.messaging.models import Correspondent, Message
from respite.messaging.purposes import Purpose
from respite.promises.models import Promise
from respite.promises.policy import NO_HURRY, Kind, Outcome, Way
from respite.promises.service.acts import Wanted, keep, open_again
from respite.promises.service.acts import give as give_word
from respite.staffing.models import ShiftStep
from respite.staffing.views.cover import DONE
from tests.boards import browser, session_of
from tests.texts_in import rows
from tests.watches import MINUTE, TEN, Night

WORDS = "Please look at the boiler. Ida in Cedar room slept well."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def newest() -> Handoff:
    return max(rows(Handoff), key=lambda each: each.log_until)


def gives(night: Night, name: str = "ana", *, at: int = 0, last: Handoff | None = None, **said: object) -> Handoff:
    given = Given(**said)  # type: ignore[arg-type]
    return give(night.people[name], night.house.id, given, last_seen=last.id if last else None, now=TEN + at * MINUTE)


def takes(night: Night, *names: str, at: int = 0, last: Handoff | None = None) -> Handoff:
    people = [night.people[name].id for name in names]
    return take(
        night.people[names[0]], night.house.id, people, last_seen=last.id if last else None, now=TEN + at * MINUTE
    )


def writes(night: Night, words: str, name: str = "ana", at: int = 0) -> LogEntry:
    return write_entry(night.people[name], night.house.id, words, now=TEN + at * MINUTE)


def undoes(night: Night, at: int) -> None:
    """Ana takes back what she did last."""
    kept = max(rows(Undoable, Undoable.undone_at.is_(None)), key=lambda each: each.at)
    undo(night.ana, kept.id, now=TEN + at * MINUTE)


def draft(night: Night, at: int = 0) -> list[Happened]:
    """What the page tells: from the oldest handoff that waits, or from the last one."""
    stands = standing(db.session(), night.house.id, TEN + at * MINUTE)
    found = told_log(db.session(), night.house.id, stands.log_from).events
    db.session.rollback()
    return found


def test_it_is_given_and_taken_by_name_and_time(night: Night) -> None:
    given = gives(night, words=WORDS)
    assert (given.given_by, given.taken_at) == (night.ana.id, None)
    takes(night, "ben", "dee", at=5, last=given)
    (kept,) = rows(Handoff)
    assert kept.words == WORDS
    assert {(each.person_id, each.at, each.how) for each in kept.taken} == {
        (night.ben.id, TEN + 5 * MINUTE, "page"), (night.dee.id, TEN + 5 * MINUTE, "page")
    }  # fmt: skip
    take_again(night.cleo, kept.id, [night.cleo.id], now=TEN + 9 * MINUTE)
    assert [each.at for each in newest().taken][-1] == TEN + 9 * MINUTE


def test_how_they_are_doing_is_gone_once_it_is_taken(night: Night) -> None:
    given = gives(night, feelings="Tired, and glad of the quiet", would_talk=True)
    assert (newest().feelings, newest().would_talk) == ("Tired, and glad of the quiet", True)
    takes(night, "ben", at=5, last=given)
    kept = newest()
    assert (kept.feelings_sealed, kept.would_talk) == (None, None)


def test_a_receiver_who_never_comes_loses_nothing(night: Night) -> None:
    """Two shifts hand over to nobody; the third takes both, with the log of both."""
    writes(night, "The boiler is off", at=1)
    first = gives(night, words="one", at=2)
    writes(night, "It is on again", "ben", at=3)
    second = gives(night, "ben", words="two", at=4, last=first)
    stands = standing(db.session(), night.house.id, TEN)
    assert [each.id for each in stands.waiting] == [first.id, second.id]
    db.session.rollback()
    entries = [event.subject for event in draft(night) if event.kind == "handoff.entry.written"]
    assert len(entries) == 2
    takes(night, "cleo", at=9, last=second)
    assert all(len(each.taken) == 1 for each in rows(Handoff))


def test_nobody_is_stuck_because_somebody_left_early(night: Night) -> None:
    writes(night, "The key is with Sam")
    taken = takes(night, "ben", at=3)
    assert (taken.given_by, len(taken.taken)) == (None, 1)
    assert "handoff.entry.written" in [event.kind for event in draft(night, 3)]


def test_what_comes_after_it_was_taken_is_newer_than_what_they_saw(night: Night) -> None:
    writes(night, "before")
    given = gives(night, at=1)
    takes(night, "ben", at=2, last=given)
    writes(night, "after, and before their shift began", at=3)
    (seen,) = [each.log_seen for each in newest().taken]
    entries = [event for event in draft(night, 4) if event.kind == "handoff.entry.written"]
    assert [event.version > seen for event in entries] == [False, True]
    later = gives(night, "ben", at=60, last=given)
    assert (later.log_from, later.log_until >= entries[-1].version) == (given.log_until, True)


def test_a_colleague_s_handoff_is_read_before_another_is_given_or_taken(night: Night) -> None:
    given = gives(night)
    with pytest.raises(GivenMeanwhile):
        gives(night, "ben", at=1)
    with pytest.raises(GivenMeanwhile):
        takes(night, "cleo", at=1)
    assert [each.id for each in rows(Handoff)] == [given.id]


def test_only_those_who_keep_beds_here_take_it(night: Night) -> None:
    given = gives(night)
    night.joins("vol", Role.VOLUNTEER)
    for people in ([], [night.vol.id], [uuid.uuid4()]):
        with pytest.raises(NobodyTakes):
            take(night.ben, night.house.id, people, last_seen=given.id, now=TEN)
    with pytest.raises(NotFound):
        give(night.vol, night.house.id, Given(), last_seen=given.id, now=TEN)


def test_what_was_taken_back_is_not_told(night: Night) -> None:
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    welcome_new(night.ana, night.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=TEN)
    assert "guest.stay.began" in [event.kind for event in draft(night)]
    (kept,) = rows(Undoable)
    undo(night.ana, kept.id, now=TEN + MINUTE)
    assert [event.kind for event in draft(night) if event.kind.startswith(("guest.stay", "guest.act"))] == []


def test_what_came_with_an_act_is_taken_back_with_it(night: Night) -> None:
    """A bed saved for somebody who waits, with a promise to call them; a yes to an offer; from a chair to a bed."""
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    waits = add_waiting(night.ana, night.house.id, who=Named("Ida", "+13035550190"), asked=Asked(nights=1), now=TEN)
    call_back = Wanted(kind=Kind.CALLBACK, way=Way.CALL, subject=("waiting", waits.id))
    give_word(night.ana, night.house.id, call_back, now=TEN)
    before = [event.kind for event in draft(night)]
    save_bed(night.ana, night.house.id, waiting_id=waits.id, bed_id=bed.id, nights=1, now=TEN + MINUTE)
    undoes(night, 2)
    assert [event.kind for event in draft(night)] == before
    offer = offer_bed(night.ana, night.house.id, bed_id=bed.id, waiting_id=waits.id, how=How.CALL, now=TEN + 3 * MINUTE)
    before = [event.kind for event in draft(night)]
    say_yes(night.ana, offer.id, now=TEN + 4 * MINUTE)
    undoes(night, 5)
    assert [event.kind for event in draft(night)] == before
    take_back(night.ana, offer.id, now=TEN + 6 * MINUTE)
    undoes(night, 7)
    assert [event.kind for event in draft(night)] == before


def test_who_is_back_on_the_list_is_called_back_as_promised(night: Night) -> None:
    waits = add_waiting(night.ana, night.house.id, who=Named("Ida", "+13035550190"), asked=Asked(nights=1), now=TEN)
    call_back = Wanted(kind=Kind.CALLBACK, way=Way.CALL, subject=("waiting", waits.id), owner_id=night.ana.id)
    promise = give_word(night.ana, night.house.id, call_back, now=TEN)
    before, ida = [event.kind for event in draft(night)], Actor(ActorKind.GUEST, waits.guest_id)
    take_me_off(ida, waits.guest_id, now=TEN + MINUTE)
    put_me_back(ida, waits.guest_id, now=TEN + 2 * MINUTE)
    (kept,) = rows(Promise, Promise.id == promise.id)
    assert (kept.state, kept.owner_id) == ("open", night.ana.id)
    assert [event.kind for event in draft(night)] == before


def test_of_what_is_not_told_the_taking_back_is_not_told(night: Night) -> None:
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    stay = welcome_new(night.ana, night.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=TEN)
    note = make_note(night.ana, stay.id, "A towel", now=TEN + MINUTE)
    before = [event.kind for event in draft(night)]
    pass_on(night.ana, note.id, now=TEN + 2 * MINUTE)
    undoes(night, 3)
    assert [event.kind for event in draft(night)] == before


def test_somebody_who_did_not_leave_after_all_is_not_told_as_gone(night: Night) -> None:
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    who = Named("Ida", "+13035550190")
    stay = welcome_new(night.ana, night.house.id, who=who, nights=2, bed_id=bed.id, now=TEN)
    texts = Reconfirmed("+13035550190", {Purpose.STAY: True})
    leave(night.ana, stay.id, texts=texts, now=TEN + MINUTE)
    undoes(night, 2)
    assert [event.kind for event in draft(night)] == ["guest.stay.began"]


def test_what_was_told_already_and_is_taken_back_is_said(night: Night) -> None:
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    welcome_new(night.ana, night.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=TEN)
    given = gives(night, at=1)
    takes(night, "ben", at=2, last=given)
    (kept,) = rows(Undoable)
    undo(night.ana, kept.id, now=TEN + 3 * MINUTE)
    second = gives(night, "ben", at=4, last=given)
    told = told_log(db.session(), night.house.id, second.log_from, second.log_until).events
    db.session.rollback()
    assert [event.kind for event in told if event.kind.startswith("guest.act")] == ["guest.act.undone"]


def test_what_was_opened_again_is_not_told_as_done(night: Night) -> None:
    wanted = Wanted("Call the plumber", when=NO_HURRY)
    promise = give_word(night.ana, night.house.id, wanted, now=TEN)
    keep(night.ana, promise.id, now=TEN + MINUTE)
    open_again(night.ana, promise.id, now=TEN + 2 * MINUTE)
    assert [event.kind for event in draft(night, 3) if event.kind.startswith("promise.")] == []
    keep(night.ana, promise.id, now=TEN + 4 * MINUTE)
    assert [event.kind for event in draft(night, 5) if event.kind.startswith("promise.")] == ["promise.word.kept"]
    given = gives(night, at=6)
    open_again(night.ana, promise.id, now=TEN + 7 * MINUTE)
    later = gives(night, at=8, last=given)
    told = told_log(db.session(), night.house.id, later.log_from, later.log_until).events
    db.session.rollback()
    assert [event.kind for event in told] == ["promise.word.open-again"]


def test_a_callback_that_reached_nobody_is_not_told_as_done(night: Night) -> None:
    wanted = Wanted(kind=Kind.CALLBACK, way=Way.CALL)
    promise = give_word(night.ana, night.house.id, wanted, now=TEN)
    keep(night.ana, promise.id, Outcome.NO_ANSWER, now=TEN + MINUTE)
    with current_app.test_request_context():
        told = named(db.session(), night.house.id, draft(night, 2))
        assert [line_words(each) for each in told] == ["No answer: Call them back"]
        db.session.rollback()


# -- the log ---------------------------------------------------------------------------------------------------------


def test_a_line_that_is_entered_late_hides_nothing_before_it(night: Night) -> None:
    writes(night, "The boiler is off")
    write_entry(night.ana, night.house.id, "A tile fell", at=TEN - timedelta(hours=30), now=TEN + MINUTE)
    assert [event.kind for event in draft(night, 2)] == ["handoff.entry.written"] * 2


def test_the_log_goes_back_a_week_where_no_handoff_was_given_for_longer(night: Night) -> None:
    """The names of those who came and left long ago are not read by whoever is on now."""
    takes(night, "ben", last=gives(night))
    for day in (1, 20):
        write_entry(night.ana, night.house.id, "Soup", now=TEN + timedelta(days=day))
    later = give(night.ana, night.house.id, Given(), last_seen=newest().id, now=TEN + timedelta(days=20, hours=1))
    told = told_log(db.session(), night.house.id, later.log_from, later.log_until).events
    db.session.rollback()
    assert [event.at for event in told if event.kind == "handoff.entry.written"] == [TEN + timedelta(days=20)]


def test_a_line_is_kept_with_the_time_it_happened(night: Night) -> None:
    earlier = TEN - timedelta(hours=3)
    write_entry(night.ana, night.house.id, " The bus stop moved ", at=earlier, now=TEN)
    (entry,) = rows(LogEntry)
    assert (entry.words, entry.at, entry.written_at) == ("The bus stop moved", earlier, TEN)


@pytest.mark.parametrize(
    ("words", "ago", "field"),
    [("", 0, "words"), ("x" * 281, 0, "words"), ("a", -1, "at"), ("a", 49 * 60, "at")],
)
def test_a_line_has_words_and_a_time_that_was(night: Night, words: str, ago: int, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        write_entry(night.ana, night.house.id, words, at=TEN - ago * MINUTE, now=TEN)
    assert list(wrong.value.fields or ()) == [field]
    assert rows(LogEntry) == []


def test_whoever_wrote_a_line_takes_it_off_within_the_hour(night: Night) -> None:
    entry = writes(night, "Wrong house")
    with pytest.raises(NotYours):
        take_off(night.ben, entry.id, now=TEN + MINUTE)
    with pytest.raises(NotYours):
        take_off(night.ana, entry.id, now=TEN + 61 * MINUTE)
    take_off(night.ana, entry.id, now=TEN + 59 * MINUTE)
    assert rows(LogEntry) == []


def test_after_a_week_the_words_go_and_the_place_in_the_log_stays(night: Night) -> None:
    writes(night, "old")
    first = gives(night, words="one")
    takes(night, "ben", last=first)
    second = gives(night, "ben", words="two", at=60, last=first)
    takes(night, "ana", at=61, last=second)
    assert forget_old(TEN + timedelta(days=7) - MINUTE) == 0
    assert forget_old(TEN + timedelta(days=8)) == 3
    assert rows(LogEntry) == []
    (kept,) = rows(Handoff)
    assert (kept.id, kept.words_sealed, kept.log_until) == (second.id, None, second.log_until)
    assert (kept.given_by, kept.taken, kept.forgotten) == (None, [], True)
    assert forget_old(TEN + timedelta(days=9)) == 0


def test_a_log_that_is_cut_says_so(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("respite.handoff.queries.MOST_TOLD", 2)
    for at in range(2):
        writes(night, f"line {at}", at=at)
    assert not told_log(db.session(), night.house.id, version_before(night, 2)).cut
    writes(night, "line 2", at=2)
    told = told_log(db.session(), night.house.id, version_before(night, 3))
    assert (len(told.events), told.cut) == (2, True)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    page = browser(app, session=session_of(night.house, Role.PEER)).get(f"/houses/{night.house.slug}/handoff")
    assert "What is older is not shown here" in page.text


def version_before(night: Night, lines: int) -> int:
    """The version of the log before the last lines."""
    return version_now(db.session(), night.house.id) - lines


def test_what_nobody_took_stays_until_somebody_does(night: Night) -> None:
    gives(night, words="one")
    forget_old(TEN + timedelta(days=30))
    assert newest().words == "one"
    takes(night, "ben", at=31 * 24 * 60, last=newest())
    forget_old(TEN + timedelta(days=31, hours=23))
    assert newest().words == "one", "whoever took it reads it still"
    forget_old(TEN + timedelta(days=32, hours=1))
    assert newest().words is None


def test_of_many_that_nobody_took_the_first_waits_too(night: Night) -> None:
    last = first = gives(night, feelings="Tired")
    for at in range(1, 32):
        last = gives(night, at=at, last=last)
    takes(night, "ben", at=40, last=last)
    (kept,) = rows(Handoff, Handoff.id == first.id)
    assert ([each.person_id for each in kept.taken], kept.feelings) == ([night.ben.id], None)


# -- to the phone of whoever is on call ------------------------------------------------------------------------------


def test_nobody_s_phone_rings_unless_the_giver_says_so(night: Night) -> None:
    gives(night)
    night.goes_by(TEN, TEN + 60 * MINUTE, 10 * MINUTE)
    assert night.texts("handoff") == []


SAYS = {
    "en": r"Juniper House: something waits for you to read\. {link} Reply Y\d+ when you have it\.",
    "es": r"Juniper House: hay algo para leer\. {link} Responde Y\d+ cuando lo tengas\.",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_whatever_is_handed_over_the_text_holds_a_link_and_nothing_of_it(night: Night, language: str) -> None:
    """Names, rooms, health words and initials by chance, in the giver's words and around them: the text is the same."""
    with transaction() as session:
        for person in session.scalars(sa.select(Correspondent).where(Correspondent.house_id == night.house.id)):
            person.language = language
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    welcome_new(night.ana, night.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=TEN)
    chance, last = random.Random(language), None
    pieces = ("Ida", "I.", bed.name, "insulin", "psych ward", "room 3", "Ana", "overdose", "habitación", "crisis", "\n")
    for _handoff in range(12):
        words = " ".join(chance.choices(pieces, k=chance.randint(0, 9)))
        last = gives(night, words=words, feelings=words[:200], last=last, to_on_call=True)
    bodies = [message.body for message in rows(Message, Message.template == "handoff")]
    assert len(bodies) == 12
    says = SAYS[language].format(link=r"\S+/houses/juniper-house/handoff")
    assert [body for body in bodies if not re.fullmatch(says, body)] == []


def test_one_character_says_got_it_and_nobody_else_is_asked(night: Night) -> None:
    gives(night, to_on_call=True)
    assert night.texts("handoff") == [("cleo", "handoff")]
    night.says("cleo", "Y", TEN + 2 * MINUTE)
    (taken,) = newest().taken
    assert (taken.person_id, taken.how, taken.at) == (night.cleo.id, "text", TEN + 2 * MINUTE)
    night.goes_by(TEN + 3 * MINUTE, TEN + 60 * MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff")]


def test_got_it_by_text_takes_what_waited_before_it_too(night: Night) -> None:
    """Nobody came for the first; whoever has the second has both, and what was given since waits still."""
    first = gives(night, words="one")
    second = gives(night, "ben", at=1, last=first, words="two", to_on_call=True)
    third = gives(night, "ana", at=2, last=second, words="three")
    night.says("cleo", f"Y{night.code('cleo')}", TEN + 3 * MINUTE)
    taken = {each.words: [row.person_id for row in each.taken] for each in rows(Handoff)}
    assert taken == {"one": [night.cleo.id], "two": [night.cleo.id], "three": []}
    assert [each.id for each in standing(db.session(), night.house.id, TEN).waiting] == [third.id]
    db.session.rollback()


def test_where_they_do_not_answer_the_next_is_asked_and_then_the_leads_once(night: Night) -> None:
    given = gives(night, to_on_call=True)
    night.goes_by(TEN, TEN + 90 * MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff"), ("dee", "handoff"), ("eli", "handoff")]
    takes(night, "dee", at=91, last=given)
    night.says("cleo", f"Y{night.code('cleo')}", TEN + 92 * MINUTE)  # late, and has it too
    assert {each.person_id for each in newest().taken} == {night.dee.id, night.cleo.id}


def test_asking_for_it_is_no_step_of_a_house_that_is_short(night: Night) -> None:
    given = gives(night, to_on_call=True)
    night.goes_by(TEN, TEN + 90 * MINUTE)
    asked = {row.step for row in rows(ShiftStep, ShiftStep.about_id == given.id)}
    assert asked
    assert asked.isdisjoint(DONE)


def test_a_lead_who_gave_it_is_not_asked_to_take_it(night: Night) -> None:
    gives(night, "eli", to_on_call=True)
    night.goes_by(TEN, TEN + 90 * MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff"), ("dee", "handoff")]


def test_whoever_gives_it_and_is_on_call_themselves_is_asked_before_a_lead_is(night: Night) -> None:
    gives(night, "cleo", to_on_call=True)
    assert night.texts("handoff") == [("cleo", "handoff")]


def test_not_me_asks_the_next_at_once(night: Night) -> None:
    gives(night, to_on_call=True)
    night.says("cleo", f"N{night.code('cleo')}", TEN + MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff"), ("dee", "handoff")]


def test_not_me_said_twice_or_late_wakes_nobody_more(night: Night) -> None:
    gives(night, to_on_call=True)
    code = night.code("cleo")
    night.says("cleo", f"N{code}", TEN + MINUTE)
    night.says("cleo", f"N{code}", TEN + 2 * MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff"), ("dee", "handoff")]


def test_taken_on_the_page_no_phone_rings_any_more(night: Night) -> None:
    given = gives(night, to_on_call=True)
    takes(night, "ben", at=1, last=given)
    night.goes_by(TEN + 2 * MINUTE, TEN + 60 * MINUTE)
    assert night.texts("handoff") == [("cleo", "handoff")]


def test_a_stay_has_no_more_rows_for_it(night: Night) -> None:
    """Who is here is read as it stands; nothing of a guest is copied into a handoff."""
    (bed,) = rows(Bed, Bed.house_id == night.house.id)
    welcome_new(night.ana, night.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=TEN)
    gives(night)
    assert rows(Stay)
    assert newest().words_sealed is None
