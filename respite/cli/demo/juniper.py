"""Juniper House: six doors, four chairs, and a guest in every state a guest can be in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from respite.activities.policy import OpenTo
from respite.cli.demo.credentials import tell_credentials
from respite.cli.demo.handing_over import hands_over, logs
from respite.cli.demo.hard_moment import something_broke
from respite.cli.demo.house_life import Group, agrees_on, has_on, offers_to
from respite.cli.demo.peers import Says, introduce
from respite.cli.demo.story import HALF_HOUR, HOUR, Moment, Story
from respite.cli.demo.telling import Teller, Turn
from respite.cli.demo.texting import Texter
from respite.guests.models import Reach, WallChoice
from respite.guests.service import moving, staying
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked as Waits
from respite.houses.policy.bed_rules import RuleWords
from respite.messaging.purposes import Purpose
from respite.promises.policy import Way
from respite.staffing.policy.company import How
from respite.staffing.policy.patterns import Asked, Starter, starters
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.service.company import wish_company

NAME = "Juniper House"
ZONE = "America/Denver"
DOORS = ("Willow", "Aspen", "Sage", "Cedar", "Lark", "Fern")
TAGS = {"Willow": ("ground floor", "step-free"), "Sage": ("quiet",)}
CHAIRS = 4
OPENED_DAYS_AGO = 13

SAM = Named("Sam", phone="303 555 0142", pronouns="they")
ROSA = Named("Rosa", pronouns="she")
JO = Named("Jo", phone="303 555 0117")
IMANI = Named("Imani", phone="720 555 0134", pronouns="she")
MIKA = Named("Mika", phone="970 555 0128", pronouns="they")


TITLES = ("Peer specialist", "Peer companion", "Recovery guide")
MAY_SHARE = ("veteran", "new mother", "a parent", "stayed here too", "lost somebody", "came from another country")
PEERS = {
    "Dana": Says(title="Peer specialist", phone="303 555 0151", pronouns="she", shares=("stayed here too",)),
    "Luis": Says(
        title="Peer specialist",
        phone="303 555 0152",
        languages=("en", "es"),
        texts="es",
        hours=24,
        shares=("veteran", "came from another country"),
    ),
    "Priya": Says(title="Peer companion", phone="303 555 0153", pronouns="she", hours=32, shares=("new mother",)),
    "Mei": Says(title="Peer specialist", phone="303 555 0154", languages=("en", "zh"), hours=40, nights=2),
    "Tom": Says(
        title="Recovery guide", phone="303 555 0155", pronouns="he", languages=("en", "ase"), shares=("a parent",)
    ),
    "Ana": Says(title="Peer companion", phone="303 555 0156", languages=("en", "es"), texts="es", nights=3),
}


GROUPS = (
    Group("Writing together", "kitchen table", "Mei", 1, ("16:00", "17:00"), came_last=4),
    Group("Coffee with neighbours", "kitchen", "Priya", 2, ("10:00", "12:00"), OpenTo.BOTH, came_last=9),
)
RULES = (
    RuleWords("age", least_age=18),
    RuleWords("area", words_en="Juniper County", words_es="el condado de Juniper"),
)


def tell(story: Story) -> None:
    teller = Teller(story, lead="Dana")
    _the_house(teller)
    _shifts(teller)
    tell_credentials(teller, teller.moment.on(-OPENED_DAYS_AGO, "10:10"))
    _earlier(teller)
    _here(teller)
    _saved(teller)
    _around(teller)
    _promises(teller)
    something_broke(
        teller,
        teller.moment.on(-2, "21:15"),
        "Rosa",
        "I was half asleep and thought somebody was at my door. I am all right. A note would have helped.",
        {
            2: "The hall window broke in the wind. Two of us swept up the glass.",
            20: "A guest stood in the hall and said, “What was that?” We showed the window and made tea.",
            45: "A board is over the window.",
        },
    )
    _texts(teller)
    _handoff(teller)


def _the_house(teller: Teller) -> None:
    on = teller.moment.on
    teller.describe(on(-OPENED_DAYS_AGO, "09:20"), TAGS)
    teller.door_card(
        on(-OPENED_DAYS_AGO, "09:22"),
        "Police come in with a judge’s order, or when somebody in the house called them.",
        "La policía entra con orden de un juez, o si alguien de la casa la llamó.",
        "303 555 0101",
    )
    at = on(-2, "10:00")
    teller.gathering(
        at, "meal", "Soup at six", "in the kitchen, all welcome", from_day=0, days=7, clock=("18:00", "19:00")
    )
    teller.gathering(at, "activity", "Guitar circle", "porch, with Tom", from_day=0, days=2, clock=("19:00", "20:30"))
    teller.gathering(at, "activity", "Quiet walk", "from the gate", from_day=0, days=7, clock=("08:30", "09:15"))
    has_on(teller, at, GROUPS)
    offers_to(teller, on(-OPENED_DAYS_AGO, "09:24"), RULES)
    agrees_on(teller, on(-OPENED_DAYS_AGO, "09:26"))
    teller.close(on(-1, "11:10"), "Fern", days=(-1, 3), reason="Window being mended.")


def _shifts(teller: Teller) -> None:
    at = teller.moment.on(-OPENED_DAYS_AGO, "09:40")
    teller.few_people_until(teller.moment.on(-OPENED_DAYS_AGO, "09:30"), 8)
    for day in range(-2, 8):
        near = -1 <= day <= 1
        teller.shifts(
            at,
            day,
            (
                Turn(ShiftKind.FLOOR, "07:00", "15:00", ("Dana", "Luis") if near else ("Priya", "Luis")),
                Turn(ShiftKind.FLOOR, "15:00", "23:00", ("Mei", "Tom")),
                Turn(ShiftKind.FLOOR, "23:00", "07:00", ("Ana", None)),
                Turn(ShiftKind.ON_CALL, "07:00", "07:00", ("Priya",) if near else ("Dana",)),
            ),
        )
    days = starters(Starter.THREE, ("Day", "Evening", "Night"))
    on_call = Asked(name="On call", kind=ShiftKind.ON_CALL, begins=time(7), ends=time(7), seats=1)
    teller.patterns(teller.moment.on(-1, "10:20"), 8, (*days, on_call))


def _earlier(teller: Teller) -> None:
    """Stays that are over, and a bed that was saved for somebody who did not come."""
    on = teller.moment.on
    teller.stayed(Named("Bo", phone="303 555 0121"), "Lark", days=(-12, -6))
    teller.stayed(IMANI, "Sage", days=(-10, -4), clock=("17:10", "11:00"))
    teller.stayed(Named("Ro", phone="303 555 0127"), "Willow", days=(-9, -3), clock=("19:45", "09:50"))
    teller.stayed(MIKA, "Aspen", days=(-8, -3), clock=("14:05", "12:15"))
    teller.stayed(Named("Noa", phone="303 555 0129"), "Fern", days=(-6, -1), clock=("20:30", "10:05"))
    teller.came(on(-7, "16:20"), Named("Del", phone="808 555 0134", pronouns="he"), "Cedar", nights=6)
    teller.left(on(-2, "13:30"), "Del", sooner=True)
    teller.ready(on(-2, "15:10"), "Cedar")
    teller.saved(on(-4, "16:00"), Named("Pat"), "Sage", first=-4, nights=2, coming="in the evening")
    teller.left_line(on(-3, "09:55"), "The third night I slept. You might too.")
    for days, begin, end in (
        (-6, "13:00", "16:40"),
        (-5, "19:10", "22:30"),
        (-2, "09:15", "12:00"),
        (-1, "16:30", "18:10"),
    ):
        teller.visits(on(days, begin), None, 0, until=on(days, end))
    _just_left(teller)


def _just_left(teller: Teller) -> None:
    moment = teller.moment
    gone = moment.just_left()
    theo = Named("Theo", phone="719 555 0145", pronouns="he")
    teller.came(moment.on(-5, "18:15"), theo, "Lark", nights=5 + moment.days_from_tonight(gone))
    teller.settled(moment.on(-4, "11:30"), "Theo", "2")
    teller.left(gone, "Theo", follow_up=True)


def _here(teller: Teller) -> None:
    moment, story = teller.moment, teller.story
    on = moment.on
    teller.saved(on(-2, "11:05"), SAM, "Willow", first=-2, nights=6, coming="by car, after lunch")
    teller.welcomed(on(-2, "14:40"), "Sam")
    teller.settled(on(-1, "10:30"), "Sam", "4")
    teller.noted(on(-1, "10:40"), "Sam", "Please knock softly, I sleep in the afternoon.", passed_on=on(-1, "15:05"))
    teller.noted(on(-1, "20:10"), "Sam", "Would like to borrow the guitar when it is free.")
    story.tell(
        on(-1, "19:40"),
        lambda now: staying.wish_check_in(teller.hand(now), story.made["Sam"], "at 8 pm", now=now),
    )
    story.tell(
        moment.ago(minutes=50),
        lambda now: staying.go_out(teller.hand(now), story.made["Sam"], back_about=_back_about(moment), now=now),
    )
    came = on(-3, "14:00")
    teller.visits(came, ROSA, 1)
    teller.went_on(on(-3, "17:45"), came, "Rosa", "Sage", nights=4)
    teller.settled(on(-2, "12:20"), "Rosa", "7")
    teller.noted(on(-2, "20:30"), "Rosa", "The small lamp in the hall may stay on at night.", passed_on=on(-2, "22:50"))
    story.tell(
        on(-2, "12:25"),
        lambda now: staying.choose_for_wall(
            teller.hand(now), story.made["guest Rosa"], WallChoice.PICTURE, "🌻", now=now
        ),
    )
    story.tell(
        on(-2, "12:30"),
        lambda now: wish_company(
            teller.lead, story.house_id, story.made["guest Rosa"], story.people["Luis"].id, How.WITH, now=now
        ),
    )
    story.tell(on(-1, "13:15"), lambda now: moving.extend(teller.lead, story.made["Rosa"], 1, now=now))


def _back_about(moment: Moment) -> datetime:
    """About two and a half hours from now by day, sooner at night."""
    by_day = 7 <= moment.hour_of(moment.now) < 19
    return moment.round_from(moment.now + (2 * HOUR if by_day else HALF_HOUR), HOUR)


def _saved(teller: Teller) -> None:
    moment = teller.moment
    called = moment.ago(minutes=55).replace(second=0, microsecond=0)
    keeps_until = moment.round_from(moment.now + timedelta(hours=2, minutes=45), HALF_HOUR)
    comes = moment.round_from(moment.now + HOUR, HOUR)
    how = "by bus" if 6 <= moment.hour_of(comes) < 22 else "by taxi"
    teller.saved(
        called,
        JO,
        "Cedar",
        first=0,
        nights=5,
        minutes=int((keeps_until - called) / timedelta(minutes=1)),
        coming=f"{how} about {moment.hour_of(comes) % 12 or 12}",
    )
    on = moment.on
    teller.saved(on(-1, "12:40"), Named("Kim"), "Sage", first=3, nights=7, confirmed=True)
    teller.saved(on(-1, "17:30"), Named("Noor"), "Lark", first=2, nights=3, companions={"animal": 1}, confirmed=True)
    teller.saved(on(-1, "18:20"), Named("Al", phone="720 555 0163"), "Aspen", first=5, nights=4, confirmed=True)
    teller.saved(on(-1, "18:45"), Named("Robin", pronouns="he"), "Willow", first=9, nights=5, confirmed=True)
    teller.saved(on(-1, "19:15"), Named("Casey"), "Cedar", first=14, nights=3, confirmed=True)


def _around(teller: Teller) -> None:
    """Who is waiting, and who sits in the living room."""
    moment = teller.moment
    teller.waits(moment.on(-5, "11:00"), Named("Kim"), Waits("a full week"))
    teller.waited(moment.on(-1, "12:45"), "Kim")
    ida = Waits("a full week", reach=Reach.CALL, answer_from=time(9), answer_until=time(20))
    teller.waits(moment.on(-2, "15:10"), Named("Ida", phone="303 555 0147"), ida)
    teller.waits(moment.on(-1, "10:30"), Named("Wes"), Waits("ground floor", 2, reach=Reach.WILL_CALL))
    bea = Waits("any night", reach=Reach.TEXT)
    teller.waits(moment.ago(hours=3, minutes=12), Named("Bea", phone="720 555 0148"), bea)
    teller.calls_back(moment.ago(minutes=15), "Ida", Way.CALL)
    teller.calls_back(moment.on(-1, "10:35"), "Wes", Way.THEIRS, moment.on(1, "16:00"))
    teller.visits(moment.ago(hours=1, minutes=25), Named("Gil"), 0)
    teller.visits(moment.ago(minutes=35), None, 2)


def _promises(teller: Teller) -> None:
    on, moment = teller.moment.on, teller.moment
    teller.promised(on(-1, "20:12"), "Ask Tom for the guitar", to="Sam")
    teller.promised(on(-1, "13:20"), "A ride to the clinic for Sam", to="Sam", by=on(1, "09:00"), owner=True)
    late = moment.round_from(moment.ago(hours=1, minutes=50), HALF_HOUR)
    teller.promised(moment.ago(hours=4), "Look for Theo's blue scarf", by=late)
    teller.promised(moment.ago(hours=5), "Order lamp oil for the porch")


def _texts(teller: Teller) -> None:
    """Who said yes to texts when they left, what came back, and one of each thing that a person has to see."""
    texter, on = Texter(teller, by="Mei", read="9a-9p"), teller.moment.on
    texter.house_phone(on(-OPENED_DAYS_AGO, "09:25"), "303 555 0100")
    introduce(teller, on(-OPENED_DAYS_AGO, "09:50"), TITLES, MAY_SHARE, PEERS)
    for name, number, left_at in (
        ("Bo", "303 555 0121", on(-6, "10:40")),
        ("Ro", "303 555 0127", on(-3, "09:50")),
        ("Mika", "970 555 0128", on(-3, "12:15")),
        ("Noa", "303 555 0129", on(-1, "10:05")),
        ("Theo", "719 555 0145", teller.moment.just_left()),
    ):
        texter.agreed(left_at, name, number, Purpose.FOLLOW_UP)
    # The rest of what waited for Bo is called back.
    texter.wrote(on(-3, "15:20"), "303 555 0121", "Stop")
    texter.taken(on(-3, "15:23"), "303 555 0121")
    texter.wrote(on(-1, "13:32"), "970 555 0128", "thank you. today was ok")
    texter.answered(on(-1, "13:50"), "970 555 0128", "Good to hear from you, Mika. The kettle is on when you call. Mei")
    texter.wrote(on(-1, "18:40"), "303 555 0127", "slept two nights in a row! please tell Mei the tea worked")
    texter.wrote(on(-1, "20:15"), "719 555 0186", "Hi, a friend gave me this number. Is there room this week?")
    # Mornings only, and a number from Hawaii: the house cannot know which hour is a fit one.
    texter.agreed(on(-2, "13:30"), "Del", "808 555 0134", Purpose.FOLLOW_UP)
    texter.mornings_only(on(-2, "13:30"), "Del")
    texter.agreed(on(-4, "11:00"), "Imani", "720 555 0134", Purpose.CARING)
    texter.caring(on(-1, "15:20"), "Imani", "caring-first")
    texter.caring(on(-1, "15:21"), "Imani", "caring-1", days=7)
    texter.caring(on(-1, "15:22"), "Imani", "caring-2", days=21)


def _handoff(teller: Teller) -> None:
    on, ago = teller.moment.on, teller.moment.ago
    logs(teller, ((on(-1, "21:40"), "A new bulb for the porch light lies in the hall."),))
    words = "The soup pot soaks until the morning. The back door sticks: lift it a little."
    hands_over(teller, on(-1, "22:52"), words, by="Mei", to="Ana")
    logs(teller, ((ago(hours=2, minutes=20), "The boiler is looked after on Tuesday at ten."),))
