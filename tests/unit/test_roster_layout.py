"""How the roster's rows are laid out: bars never overlap and cover exactly the nights that somebody has."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from respite.board.roster import Free, Run, free_counts, free_doors, nights_free_from, pieces, window

FIRST = date(2026, 11, 22)
offsets = st.integers(-5, 40)
taken_nights = st.dictionaries(offsets.map(lambda n: FIRST + timedelta(days=n)), st.sampled_from("abc"), max_size=40)
counts = st.integers(1, 30)


@given(taken_nights, counts)
def test_a_row_is_its_nights_side_by_side_without_gap_or_overlap(taken: dict[date, str], count: int) -> None:
    column = 0
    for piece in pieces(window(FIRST, count), taken):
        assert piece.column == column
        column += piece.span if isinstance(piece, Run) else 1
    assert column == count


@given(taken_nights, counts)
def test_bars_cover_exactly_the_nights_that_are_claimed_each_under_its_own(taken: dict[date, str], count: int) -> None:
    nights = window(FIRST, count)
    covered = {
        nights[column]: piece.claim
        for piece in pieces(nights, taken)
        if isinstance(piece, Run)
        for column in range(piece.column, piece.column + piece.span)
    }
    assert covered == {night: claim for night, claim in taken.items() if night in nights}


@given(taken_nights, counts)
def test_neighbouring_bars_belong_to_different_claims(taken: dict[date, str], count: int) -> None:
    for one, two in pairwise(pieces(window(FIRST, count), taken)):
        if isinstance(one, Run) and isinstance(two, Run):
            assert one.claim != two.claim


@given(taken_nights, counts)
def test_a_bar_goes_on_beyond_the_window_exactly_where_its_claim_does(taken: dict[date, str], count: int) -> None:
    nights = window(FIRST, count)
    for piece in pieces(nights, taken):
        if isinstance(piece, Run):
            assert piece.began_before == (taken.get(nights[piece.column] - timedelta(days=1)) == piece.claim)
            after = nights[piece.column + piece.span - 1] + timedelta(days=1)
            assert piece.goes_on == (taken.get(after) == piece.claim)


@given(st.lists(taken_nights, max_size=6), counts)
def test_free_counts_are_the_free_pieces_of_each_column(doors: list[dict[date, str]], count: int) -> None:
    nights = window(FIRST, count)
    drawn = Counter(piece.column for taken in doors for piece in pieces(nights, taken) if isinstance(piece, Free))
    assert free_counts(nights, doors) == tuple(drawn[column] for column in range(count))


@given(taken_nights, counts)
def test_free_nights_in_a_row_end_at_the_first_that_somebody_has(taken: dict[date, str], most: int) -> None:
    free = nights_free_from(FIRST, taken.__contains__, most)
    assert not any(night in taken for night in window(FIRST, free))
    assert free == most or FIRST + timedelta(days=free) in taken


@given(st.lists(taken_nights, max_size=6), counts)
def test_a_door_is_free_for_nights_that_are_free_pieces_there(doors: list[dict[date, str]], count: int) -> None:
    nights = window(FIRST, count)
    free = {place for place, taken in enumerate(doors) if all(isinstance(p, Free) for p in pieces(nights, taken))}
    assert free_doors(nights, doors) == free


def test_two_stays_that_touch_are_two_bars_and_one_that_leaves_lets_the_next_begin() -> None:
    taken = {FIRST: "sam", FIRST + timedelta(days=1): "sam", FIRST + timedelta(days=2): "kim"}
    assert pieces(window(FIRST, 4), taken) == (
        Run("sam", 0, 2, began_before=False, goes_on=False),
        Run("kim", 2, 1, began_before=False, goes_on=False),
        Free(3),
    )
