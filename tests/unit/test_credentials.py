"""What California and Colorado ask, as vectors; how hours add up; when a credential runs out and can be renewed."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from respite.staffing.policy.credentials import (
    Done,
    Hours,
    Part,
    RuleSet,
    expires,
    from_body,
    may_take_exam,
    months_after,
    progress,
    reminders,
    rules_on,
    spans_of_training,
    to_body,
    window_opens,
    worked_long_enough,
)
from respite.staffing.policy.shipped_credentials import shipped

DAY = date(2026, 3, 2)
ENGLISH = {each.slug: each.rules for each in shipped("en")}
CALIFORNIA, COLORADO = ENGLISH["california-cpss"], ENGLISH["colorado-cpfs"]
HOURS = st.integers(1, 400).map(lambda quarters: quarters * 15)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
DONE = st.builds(Done, minutes=HOURS, day=DAYS, category=st.sampled_from(["", "Ethics", "Advocacy"]), in_group=...)


def hours(count: float, category: str = "", *, in_group: bool = False, day: date = DAY) -> Done:
    return Done(int(count * 60), day, category, in_group)


def test_california_asks_eighty_hours_and_the_exam_after_them() -> None:
    assert progress(CALIFORNIA.initial, [hours(79)]).left == 60  # "1 hour to go"
    assert progress(CALIFORNIA.initial, [hours(79), hours(1)]).complete
    assert not may_take_exam(CALIFORNIA, [hours(79)], DAY)
    assert may_take_exam(CALIFORNIA, [hours(80)], DAY)
    assert not may_take_exam(CALIFORNIA, [hours(80)], DAY - timedelta(days=1))  # those hours came later
    assert may_take_exam(COLORADO, [], DAY)  # says nothing of their order


def test_california_renews_with_twenty_hours_six_of_them_law_and_ethics() -> None:
    asked = CALIFORNIA.renewal
    assert progress(asked, [hours(20)]).left == 6 * 60
    assert progress(asked, [hours(14), hours(6, "Law and ethics")]).complete
    assert progress(asked, [hours(6, "Law and ethics")]).left == 14 * 60
    assert progress(asked, [hours(16), hours(3, "Law and ethics")]).left == 3 * 60
    assert progress(asked, [hours(9, "Law and ethics"), hours(10)]).left == 60


def test_california_lasts_two_years_and_is_renewed_within_ninety_days() -> None:
    last = expires(CALIFORNIA, date(2026, 3, 2))
    assert last == date(2028, 3, 2)
    assert window_opens(CALIFORNIA, last) == last - timedelta(days=90)
    assert expires(CALIFORNIA, date(2028, 1, 10), last) == date(2030, 3, 2)  # early: it goes on from there
    assert expires(CALIFORNIA, date(2028, 3, 3), last) == date(2030, 3, 3)
    assert expires(CALIFORNIA, date(2024, 2, 29)) == date(2026, 2, 28)


def test_colorado_asks_sixty_hours_in_four_fields_and_fourteen_more() -> None:
    fields = [hours(10, "Advocacy"), hours(10, "Mentoring and education"), hours(10, "Recovery and wellness")]
    ethics = hours(16, "Ethics")
    found = progress(COLORADO.initial, [*fields, ethics])
    assert (found.needed, found.counted, found.left) == (60 * 60, 46 * 60, 14 * 60)
    assert progress(COLORADO.initial, [*fields, ethics, hours(14)]).complete
    assert progress(COLORADO.initial, [*fields, ethics, hours(14, "Ethics")]).complete
    assert progress(COLORADO.initial, [*fields, hours(15, "Ethics"), hours(40)]).left == 60
    assert (COLORADO.experience, COLORADO.experience_months, COLORADO.supervision) == (500 * 60, 6, Hours(25 * 60))


def test_colorado_of_2016_counts_at_most_half_of_the_supervision_in_a_group() -> None:
    asked = ENGLISH["colorado-cpfs-2016"].supervision
    found = progress(asked, [hours(40, in_group=True), hours(20)])
    assert (found.counted, found.over_group, found.left) == (45 * 60, 15 * 60, 5 * 60)
    assert progress(asked, [hours(25, in_group=True), hours(25)]).complete
    assert progress(asked, [hours(50)]).complete


def test_work_counts_when_it_went_over_so_many_months() -> None:
    assert worked_long_enough(COLORADO, [date(2025, 9, 2), DAY], DAY)
    assert not worked_long_enough(COLORADO, [date(2025, 9, 3)], DAY)
    assert not worked_long_enough(COLORADO, [], DAY)
    assert worked_long_enough(CALIFORNIA, [], DAY)


def test_what_is_shipped_reads_the_same_in_both_languages() -> None:
    english, spanish = shipped("en"), shipped("es")
    assert [(e.slug, e.kind, e.rules.initial.minutes) for e in english] == [
        (s.slug, s.kind, s.rules.initial.minutes) for s in spanish
    ]
    assert all(e.name != s.name for e, s in zip(english, spanish, strict=True))


@given(st.lists(DONE, max_size=20))
def test_hours_to_go_are_enough_and_none_too_many(done: list[Done]) -> None:
    """Whoever does exactly what is left, where it is missing, is done; with a quarter of an hour less they are not."""
    asked = Hours(3600, (Part("Ethics", 960), Part("Advocacy", 600)), group_most=1200)
    found = progress(asked, done)
    assert found.counted + found.over_group == sum(each.minutes for each in done)
    missing = [Done(part.left, DAY, part.name) for part in found.parts if part.left]
    rest = found.left - sum(each.minutes for each in missing)
    more = [*missing, *([Done(rest, DAY)] if rest else [])]
    assert progress(asked, [*done, *more]).complete
    if more:
        short = [*more[:-1], Done(more[-1].minutes - 15, DAY, more[-1].category)]
        assert progress(asked, [*done, *short]).left == 15


@given(DAYS, st.integers(1, 48), st.booleans())
def test_a_term_ends_in_the_month_that_the_rules_say(issued: date, months: int, month_end: bool) -> None:
    last = expires(RuleSet(valid_months=months, month_end=month_end), issued)
    assert last is not None
    assert (last.year * 12 + last.month) - (issued.year * 12 + issued.month) == months
    if month_end:
        assert (last + timedelta(days=1)).day == 1
    else:
        assert last == months_after(issued, months)
        assert last.day <= issued.day


@given(DAYS)
def test_reminders_come_ninety_sixty_and_thirty_days_before(last: date) -> None:
    assert [(days, (last - day).days) for days, day in reminders(last)] == [(90, 90), (60, 60), (30, 30)]


@given(
    st.builds(
        RuleSet,
        initial=st.builds(Hours, HOURS, st.just((Part("Ethics", 60),)), st.none() | HOURS),
        experience=HOURS,
        exam=st.text(max_size=8),
        hours_before_exam=st.booleans(),
        valid_months=st.none() | st.integers(1, 60),
        month_end=st.booleans(),
        window_days=st.none() | st.integers(0, 365),
        needed_by=st.just(("peer",)),
    )
)
def test_rules_are_read_as_they_were_stored(rules: RuleSet) -> None:
    assert from_body(to_body(rules)) == rules


@given(st.lists(DONE, max_size=20), st.integers(1, 24))
def test_a_training_is_held_only_from_days_whose_hours_completed_it(done: list[Done], months: int) -> None:
    rules = RuleSet(initial=Hours(600), valid_months=months)
    spans = spans_of_training([(date(2020, 1, 1), None, rules)], done)
    assert len(spans) <= sum(each.minutes for each in done) // 600
    for first, until in spans:
        assert until == months_after(first, months)
        assert sum(each.minutes for each in done if each.day <= first) >= 600


def test_a_day_has_the_rules_of_its_version() -> None:
    old, new = RuleSet(experience=1), RuleSet(experience=2)
    versions = [(date(2026, 1, 1), date(2026, 6, 1), old), (date(2026, 6, 1), date(2026, 9, 1), new)]
    assert rules_on(versions, date(2026, 5, 31)) is old
    assert rules_on(versions, date(2026, 6, 1)) is new
    assert rules_on(versions, date(2026, 9, 1)) is None  # let go
    assert rules_on(versions, date(2025, 1, 1)) is old  # written down late
    assert rules_on([], DAY) is None
