"""What each role may do in its house. Deny by default: what is not listed is refused."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    PEER = "peer"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    VOLUNTEER = "volunteer"
    BOARD_READER = "board-reader"
    CLINICAL_ON_CALL = "clinical-on-call"
    DISPLAY = "display"
    STEPPED_BACK = "stepped-back"  # works here, and has no duty and no guests until they are back


class May(StrEnum):
    ENTER = "enter"  # be let into the house's pages at all
    SEE_BOARD = "see-board"  # doors and their states
    SEE_GUESTS = "see-guests"  # who is behind a door, and what they asked to pass on
    KEEP_BEDS = "keep-beds"  # save, welcome, move, leave, ready, visits
    CLOSE_BEDS = "close-beds"
    DECIDE_STAYS = "decide-stays"  # what a house rule leaves to a coordinator
    SET_RULES = "set-rules"
    MANAGE_PEOPLE = "manage-people"
    PAIR_SCREENS = "pair-screens"
    SEE_SHIFTS = "see-shifts"
    KEEP_SHIFTS = "keep-shifts"
    KEEP_CREDENTIALS = "keep-credentials"  # who holds what, what is missing, hours of supervision
    KEEP_TEXTS = "keep-texts"  # read what came in, answer it, keep what somebody agreed to
    KEEP_DIRECTORY = "keep-directory"  # load and give out who else there is; of the installation, not of one house
    READ_FIGURES = "read-figures"  # as they are told to others: no count of people from 1 to 10
    READ_WHOLE_FIGURES = "read-whole-figures"  # with small counts of people too, for the house alone
    RELEASE_FIGURES = "release-figures"  # tell a funder one total
    ANSWER_PAGES = "answer-pages"  # see what one is paged about, while it is open, and nothing else
    KEEP_OWN = "keep-own"  # what concerns oneself at work: how to be texted, wishes, when one can be there


_FLOOR = {
    May.ENTER,
    May.SEE_BOARD,
    May.SEE_GUESTS,
    May.KEEP_BEDS,
    May.SEE_SHIFTS,
    May.KEEP_TEXTS,
    May.KEEP_OWN,
}
_LEAD = _FLOOR | {
    May.CLOSE_BEDS,
    May.DECIDE_STAYS,
    May.SET_RULES,
    May.MANAGE_PEOPLE,
    May.PAIR_SCREENS,
    May.KEEP_SHIFTS,
    May.KEEP_CREDENTIALS,
    May.READ_FIGURES,
    May.KEEP_DIRECTORY,
    May.READ_WHOLE_FIGURES,
}

RIGHTS: dict[Role, frozenset[May]] = {
    Role.PEER: frozenset(_FLOOR),
    Role.COORDINATOR: frozenset(_LEAD),
    Role.SUPERVISOR: frozenset(_FLOOR | {May.CLOSE_BEDS, May.DECIDE_STAYS, May.KEEP_CREDENTIALS}),
    Role.DIRECTOR: frozenset(_LEAD | {May.RELEASE_FIGURES}),
    Role.VOLUNTEER: frozenset({May.ENTER, May.SEE_BOARD, May.SEE_SHIFTS, May.KEEP_OWN}),
    Role.BOARD_READER: frozenset({May.ENTER, May.READ_FIGURES}),
    Role.CLINICAL_ON_CALL: frozenset({May.ENTER, May.KEEP_OWN, May.ANSWER_PAGES}),
    Role.DISPLAY: frozenset({May.SEE_BOARD}),
    Role.STEPPED_BACK: frozenset({May.KEEP_OWN}),
}
