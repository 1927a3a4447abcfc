"""Casa Enebro: a smaller house that speaks Spanish."""

from __future__ import annotations

from datetime import timedelta

from respite.activities.policy import OpenTo
from respite.cli.demo.handing_over import hands_over
from respite.cli.demo.house_life import Group, agrees_on, has_on, offers_to
from respite.cli.demo.peers import Says, introduce
from respite.cli.demo.story import HALF_HOUR, HOUR, Story
from respite.cli.demo.telling import Teller, Turn
from respite.cli.demo.texting import Texter
from respite.guests.models import Reach, WallChoice
from respite.guests.service import staying
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked as Waits
from respite.houses.policy.bed_rules import RuleWords
from respite.messaging.purposes import Purpose
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.policy.shifts import ShiftKind

NAME = "Casa Enebro"
ZONE = "America/Phoenix"
DOORS = ("Sauce", "Álamo", "Salvia", "Cedro")
TAGS = {"Sauce": ("ground floor",), "Salvia": ("quiet",)}
CHAIRS = 2
OPENED_DAYS_AGO = 9


TITLES = ("Peer specialist", "Acompañante")
MAY_SHARE = ("a parent", "came from another country", "stayed here too")
PEERS = {
    "Marisol": Says(title="Peer specialist", phone="480 555 0151", languages=("en", "es"), texts="es"),
    "Beto": Says(title="Acompañante", phone="480 555 0152", languages=("es",), texts="es", shares=("a parent",)),
    "Inés": Says(title="Acompañante", phone="480 555 0153", languages=("es",), texts="es", hours=36),
    "Luis": Says(title="Acompañante", phone="303 555 0152", languages=("en", "es"), texts="es"),
}


def tell(story: Story) -> None:
    teller = Teller(story, lead="Marisol")
    _the_house(teller)
    _guests(teller)
    _around(teller)
    _texts(teller)
    hands_over(teller, teller.moment.on(-1, "21:50"), "La olla queda en remojo hasta la mañana.", by="Inés", to="Beto")


def _the_house(teller: Teller) -> None:
    on = teller.moment.on
    teller.describe(on(-OPENED_DAYS_AGO, "09:20"), TAGS)
    teller.door_card(
        on(-OPENED_DAYS_AGO, "09:22"),
        "Nobody comes in without an order of a judge. Somebody who stays here may call whom they want.",
        "Nadie entra sin orden de un juez. Quien se queda aquí puede llamar a quien quiera.",
        "480 555 0101",
    )
    at = on(-2, "10:00")
    teller.gathering(
        at, "meal", "Sopa a las seis", "en la cocina, para todos", from_day=0, days=7, clock=("18:00", "19:00")
    )
    teller.gathering(
        at, "activity", "Tarde de dibujo", "en el patio, con Inés", from_day=0, days=7, clock=("16:00", "17:30")
    )
    breakfast = Group("Desayuno con vecinos", "en la cocina", None, 2, ("09:00", "10:30"), OpenTo.BOTH, came_last=6)
    has_on(teller, at, (breakfast,))
    offers_to(teller, on(-OPENED_DAYS_AGO, "09:24"), (RuleWords("age", least_age=18),))
    agrees_on(teller, on(-OPENED_DAYS_AGO, "09:26"))
    teller.few_people_until(on(-OPENED_DAYS_AGO, "09:30"), 8)
    for day in range(-1, 8):
        teller.shifts(
            on(-OPENED_DAYS_AGO, "09:40"),
            day,
            (
                Turn(ShiftKind.FLOOR, "08:00", "20:00", ("Inés",)),
                Turn(ShiftKind.FLOOR, "20:00", "08:00", ("Beto",)),
                Turn(ShiftKind.ON_CALL, "08:00", "08:00", ("Marisol",)),
            ),
        )
    teller.patterns(on(-1, "10:20"), 8, starters(Starter.TWO, ("Día", "Noche")))


def _guests(teller: Teller) -> None:
    moment, story = teller.moment, teller.story
    on = moment.on
    teller.stayed(Named("Abril", phone="480 555 0121", pronouns="ella"), "Sauce", days=(-7, -3))
    teller.left_line(on(-3, "10:20"), "Aquí volví a dormir. Ojalá tú también.")
    teller.came(on(-2, "17:10"), Named("Lucía", phone="480 555 0119", pronouns="ella"), "Sauce", nights=5)
    teller.settled(on(-1, "11:10"), "Lucía", "1")
    teller.noted(on(-1, "11:15"), "Lucía", "Prefiere el té sin azúcar.")
    story.tell(
        on(-1, "11:20"),
        lambda now: staying.choose_for_wall(
            teller.hand(now), story.made["guest Lucía"], WallChoice.PICTURE, "🐢", now=now
        ),
    )
    gone = moment.just_left()
    teller.came(on(-4, "15:40"), Named("Teo", phone="520 555 0133"), "Cedro", nights=4 + moment.days_from_tonight(gone))
    teller.left(gone, "Teo", follow_up=True)
    called = moment.ago(minutes=30).replace(second=0, microsecond=0)
    keeps_until = moment.round_from(moment.now + timedelta(hours=2, minutes=45), HALF_HOUR)
    teller.saved(
        called,
        Named("Nico"),
        "Salvia",
        first=0,
        nights=3,
        minutes=int((keeps_until - called) / timedelta(minutes=1)),
        coming=f"hacia las {moment.hour_of(moment.round_from(moment.now + HOUR, HOUR))}:00",
    )
    teller.saved(on(-1, "16:00"), Named("Iris", pronouns="ella"), "Álamo", first=4, nights=3, confirmed=True)


def _around(teller: Teller) -> None:
    moment = teller.moment
    teller.waits(
        moment.on(-1, "12:30"), Named("Mar", phone="480 555 0148"), Waits("una semana completa", reach=Reach.CALL)
    )
    teller.visits(moment.ago(minutes=45), Named("Julia"), 0)
    teller.promised(moment.on(-1, "11:30"), "Comprar té de manzanilla para Lucía", to="Lucía")
    late = moment.round_from(moment.ago(hours=1, minutes=40), HALF_HOUR)
    teller.promised(moment.ago(hours=3), "Buscar los lentes que dejó Teo", by=late)


def _texts(teller: Teller) -> None:
    texter, on = Texter(teller, by="Inés", read="de 9 a 21"), teller.moment.on
    texter.house_phone(on(-OPENED_DAYS_AGO, "09:25"), "480 555 0100")
    introduce(teller, on(-OPENED_DAYS_AGO, "09:50"), TITLES, MAY_SHARE, PEERS)
    for name, number, left_at in (
        ("Abril", "480 555 0121", on(-3, "10:40")),
        ("Teo", "520 555 0133", teller.moment.just_left()),
    ):
        texter.agreed(left_at, name, number, Purpose.FOLLOW_UP)
    texter.wrote(on(-1, "19:05"), "480 555 0121", "Gracias. Hoy salí a caminar un rato 🌤")
