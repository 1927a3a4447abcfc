"""How a connection goes, against an oracle that knows no table of what follows what; and what is said of a place."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from respite.resources.connections.policy import DoesNotFollow, Said, Stands, State, Who, in_order, may_follow, stands
from respite.resources.connections.trust import LEAST_IN_NUMBERS, LEAST_IN_WORDS, came_of_it
from tests.places import SUNDAY

MINUTE = timedelta(minutes=1)
said = st.lists(st.tuples(st.sampled_from(list(State)), st.sampled_from(list(Who)), st.integers(0, 3)), max_size=9)


def as_said(drawn: list[tuple[State, Who, int]]) -> list[Said]:
    return [Said(state, who, SUNDAY + MINUTE * minute, n) for n, (state, who, minute) in enumerate(drawn)]


def wanted_now(so_far: list[Said]) -> bool:
    """The guest's last word about whether they want it."""
    words = (State.WANTED, State.NOT_WANTED, State.DROPPED, State.NOT_A_FIT)
    last = [each.state for each in so_far if each.state in words]
    return bool(last) and last[-1] == State.WANTED


def first_against(ordered: list[Said]) -> Said | None:
    try:
        stands(ordered)
    except DoesNotFollow as against:
        return against.said
    return None


@given(said)
def test_what_holds_of_every_connection(drawn: list[tuple[State, Who, int]]) -> None:
    ordered = in_order(as_said(drawn))
    against = first_against(ordered)
    if against is not None:
        stood = stands(ordered[: ordered.index(against)])
        whose = may_follow(stood.state, stood.by).get(against.state, ()) if stood is not None else ()
        assert against.who not in whose
        assert stood is not None or (against.state, against.who) != (State.OFFERED, Who.HOUSE)
        return
    found = stands(ordered)
    if found is None:
        assert not drawn
        return
    assert [n for n, each in enumerate(ordered) if each.state == State.OFFERED] == [0]
    for number, each in enumerate(ordered):
        if each.state in (State.CONTACT, State.REACHED, State.CONNECTED, State.NOT_A_FIT):
            assert wanted_now(ordered[:number]) or ordered[number - 1].state == State.CONNECTED
        if each.state == State.CONNECTED:
            assert each.who in (Who.GUEST, Who.SERVICE)
        if each.state in (State.WANTED, State.NOT_WANTED, State.DROPPED):
            assert each.who == Who.GUEST
    assert found.state == ordered[-1].state
    assert found.wanted == any(each.state == State.WANTED for each in ordered)
    ending = itertools.takewhile(lambda each: each.state == State.CONNECTED, reversed(ordered))
    assert found.by == {each.who for each in ending}


def test_there_is_a_way_to_each_end_and_what_is_offered_can_be_said() -> None:
    reached, ahead = {State.OFFERED}, [(Said(State.OFFERED, Who.HOUSE, SUNDAY, 0),)]
    while ahead:
        so_far = ahead.pop()
        stood = stands(so_far)
        assert isinstance(stood, Stands)
        for state, whose in may_follow(stood.state, stood.by).items():
            for who in whose:
                longer = (*so_far, Said(state, who, SUNDAY, len(so_far)))
                assert stands(longer) is not None
                if state not in reached:
                    reached.add(state)
                    ahead.append(longer)
    assert reached == set(State)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 24).map(lambda each: uuid.UUID(int=each))),
            st.sampled_from((State.CONNECTED, State.NOT_A_FIT, State.CONTACT)),
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_what_is_said_of_a_place_tells_of_nobody(rows: list[tuple[uuid.UUID | None, State]], inside: bool) -> None:
    given_rows = [(guest, str(state), "full" if state == State.NOT_A_FIT else None) for guest, state in rows]
    told = came_of_it(given_rows, in_the_house=inside)
    people = {guest for guest, _state in rows}
    if told is None:
        return
    assert len(people) >= LEAST_IN_WORDS
    if told.tried is None:
        assert (inside, told.connected, any(told.reasons.values())) == (True, None, False)
        return
    connected = {guest for guest, state in rows if state == State.CONNECTED}
    assert told.often is None
    assert len(people) >= LEAST_IN_NUMBERS
    assert (told.tried, told.connected) == (len(rows), sum(state == State.CONNECTED for _g, state in rows))
    for part in (connected, people - connected):
        assert not part or len(part) >= LEAST_IN_NUMBERS
    assert all(number is None or number >= LEAST_IN_NUMBERS for number in told.reasons.values())
