"""Finding in the directory: by words in two languages and with typos, by need, hours, distance and cost."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.core.db import db, transaction
from respite.houses.policy.house_time import instant_of
from respite.resources.finding.index import refresh
from respite.resources.finding.places import place_named
from respite.resources.finding.search import Answer, Wanted, When, Why, search
from respite.resources.models import Location, Service, ServiceAtLocation
from tests.directories import DENVER, Directory, names, shut, weekly
from tests.places import SUNDAY

ZONE = "America/Denver"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def directory(app: Flask) -> Directory:
    return Directory()


def ask(now: datetime = SUNDAY, **wanted: object) -> Answer:
    db.session.rollback()
    return search(db.session(), Wanted(**wanted), now=now, zone=ZONE)  # type: ignore[arg-type]


def found(now: datetime = SUNDAY, **wanted: object) -> list[str]:
    return names(each.service_id for each in ask(now, **wanted).found)


def test_words_with_typos_and_accents_in_english_and_in_spanish(directory: Directory) -> None:
    directory.plant("Elm Street Food Pantry", description="Groceries for families")
    directory.plant("Comedor San José", description="Comida caliente")
    directory.plant("Tenant Lawyers", description="Representation when there is an eviction")
    directory.plant("Albergue Nuevo Día")
    directory.plant("Night Shelter of the Plains")
    directory.plant("Dentist on Wheels")
    directory.plant("Peer Recovery Café", peer_run=True)
    for typed, expected in (
        ("food pantry", {"Elm Street Food Pantry"}),
        ("FOOD", {"Elm Street Food Pantry", "Comedor San José"}),
        ("comida", {"Comedor San José", "Elm Street Food Pantry"}),
        ("pantri", {"Elm Street Food Pantry"}),
        ("fod pantry", {"Elm Street Food Pantry"}),
        ("san jose", {"Comedor San José"}),
        ("SAN JOSÉ", {"Comedor San José"}),
        ("abogado", {"Tenant Lawyers"}),
        ("abogdao", {"Tenant Lawyers"}),
        ("lawyer eviction", {"Tenant Lawyers"}),
        ("desalojo", {"Tenant Lawyers"}),
        ("¿dónde puedo dormir?", {"Albergue Nuevo Día", "Night Shelter of the Plains"}),
        ("sheltr", {"Albergue Nuevo Día", "Night Shelter of the Plains"}),
        ("refugios", {"Albergue Nuevo Día", "Night Shelter of the Plains"}),
        ("dentista", {"Dentist on Wheels"}),
        ("recuperación", {"Peer Recovery Café"}),
        ("families", {"Elm Street Food Pantry"}),
        ("familia", {"Elm Street Food Pantry"}),
        ("zyxwvut", set()),
    ):
        assert set(found(words=typed)) == expected, typed
    assert found(words="food")[0] == "Elm Street Food Pantry"  # the word itself in the name comes first
    assert next(each.why for each in ask(words="eviction").found) == Why.SAYS_SO
    some = ask(words="dentist unicorn")
    assert some.some_words
    assert names(each.service_id for each in some.found) == ["Dentist on Wheels"]


def test_each_filter_finds_what_was_planted_for_it_and_nothing_else(directory: Directory) -> None:
    directory.term("Care", code="C1")
    directory.term("Support Network", under="Care", code="C1-2")
    directory.term("Work", code="W1")
    everything = {
        "need": ("work", directory.plant("Job Club", terms=["Work"])),
        "category": ("Support Network", directory.plant("Sewing Circle", terms=["Support Network"])),
        "language": ("es", directory.plant("Casa Abierta", languages=["spa"])),
        "free": (True, directory.plant("Haircuts", fees_description="Free to everyone")),
        "peer_run": (True, directory.plant("Our House", peer_run=True)),
    }
    directory.plant("Plain", fees_description="$20, sliding scale", languages=["English"])
    directory.plant("Not any more", peer_run=True, fees_description="Free", status="inactive", terms=["Work"])
    for filters, (value, planted) in everything.items():
        assert [each.service_id for each in ask(**{filters: value}).found] == [planted], filters
    sewing = [everything["category"][1]]
    for said in ("support network", "C1-2", "Care", "C1", str(directory.terms["Care"])):
        assert [each.service_id for each in ask(category=said).found] == sewing, said
    assert not ask(category="no such thing").total
    assert ask(peer_run=True, free=True).total == 0
    assert ask().total == 6


def test_the_way_is_measured_from_a_point_a_zip_code_or_a_town_of_the_directory_itself(directory: Directory) -> None:
    north, east = DENVER
    directory.plant("Far Pantry", at=(north + 0.5, east), town="Longmont", postal_code="80501")
    directory.plant("Near Pantry", at=(north + 0.01, east))
    directory.plant("Pantry without a place")
    directory.plant("Beacon", at=(44.0, -103.0), town="Longmont", state="SD", postal_code="57701", description="pantry")
    directory.plant("Lamp", at=(north + 0.52, east), town="Longmont", postal_code="80501-1234")
    session = db.session()
    downtown = place_named(session, "80203")
    assert downtown is not None
    assert (round(downtown.latitude, 2), round(downtown.longitude, 2)) == (round(north + 0.01, 2), round(east, 2))
    answer = ask(words="pantry", near=downtown)
    assert names(each.service_id for each in answer.found) == [
        "Near Pantry",
        "Far Pantry",
        "Pantry without a place",  # where it is nobody knows: after those of the same meaning
        "Beacon",
    ]
    miles = [each.miles for each in answer.found]
    assert miles[0] == pytest.approx(0, abs=0.01)
    assert miles[1] == pytest.approx(0.49 * 69.09, abs=0.1)  # a degree of latitude is 69.09 miles on this globe
    assert miles[2] is None
    assert found(words="pantry", near=downtown, within=10.0) == ["Near Pantry"]
    longmont = place_named(session, "longmónt")
    assert longmont is not None
    assert longmont.latitude == pytest.approx(north + 0.51, abs=0.001)
    south_dakota = place_named(session, "Longmont, SD")
    assert south_dakota is not None
    assert south_dakota.latitude == pytest.approx(44.0)
    assert place_named(session, "Longmomt").name == "Longmont"  # type: ignore[union-attr]
    assert place_named(session, "39.7, -104.9").latitude == 39.7  # type: ignore[union-attr]
    for nowhere in ("99999", "Atlantis", "", "95, 200"):
        assert place_named(session, nowhere) is None


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A time on a wall in Denver."""
    return instant_of(datetime(2026, month, day, hour, minute), ZONE)


def test_what_is_open_now_or_tonight_by_the_clock_on_its_own_wall(directory: Directory) -> None:
    directory.plant(
        "Office", hours=[weekly("MO,TU,WE,TH,FR", (9, 0), (17, 0)), shut(date(2026, 11, 26), date(2026, 11, 26))]
    )
    directory.plant("Night Line", hours=[weekly("FR,SA", (20, 0), (6, 0))])
    directory.plant("Always", hours=[weekly("MO,TU,WE,TH,FR,SA,SU", (0, 0), (0, 0))])
    directory.plant("In New York", hours=[weekly("MO", (9, 0), (17, 0), timezone=-5.0)])
    directory.plant("Our zone in winter and in summer", hours=[weekly("MO", (9, 0), (10, 0), timezone=-6.0)])
    directory.plant(
        "Second Tuesdays",
        hours=[
            {"freq": "MONTHLY", "byday": "2TU", "dtstart": date(2026, 1, 1), "opens_at": time(9), "closes_at": time(12)}
        ],
    )
    directory.plant(
        "Christmas hours",
        hours=[
            weekly("TH,FR", (9, 0), (17, 0)),
            {
                "valid_from": date(2026, 12, 24),
                "valid_to": date(2026, 12, 24),
                "opens_at": time(20),
                "closes_at": time(21),
            },
        ],
    )
    directory.plant("Nobody knows")
    for moment, when, expected in (
        (at(23, 9), When.NOW, {"Office", "Always", "In New York", "Our zone in winter and in summer"}),
        (at(23, 7, 30), When.NOW, {"Always", "In New York"}),
        (at(23, 16, 59), When.NOW, {"Office", "Always"}),
        (at(23, 17), When.NOW, {"Always"}),
        (at(26, 10), When.NOW, {"Always", "Christmas hours"}),  # Thanksgiving: the office is shut
        (at(27, 12), When.NOW, {"Office", "Always", "Christmas hours"}),
        (at(28, 5, 59), When.NOW, {"Night Line", "Always"}),
        (at(28, 6), When.NOW, {"Always"}),
        (at(29, 5, 59), When.NOW, {"Night Line", "Always"}),
        (at(30, 5), When.NOW, {"Always"}),
        (at(10, 10), When.NOW, {"Office", "Always", "Second Tuesdays"}),
        (at(17, 10), When.NOW, {"Office", "Always"}),
        (at(24, 10, month=12), When.NOW, {"Office", "Always"}),
        (at(24, 20, month=12), When.NOW, {"Always", "Christmas hours"}),
        (at(23, 12), When.TONIGHT, {"Always"}),
        (at(27, 12), When.TONIGHT, {"Night Line", "Always"}),
        (at(28, 3), When.TONIGHT, {"Night Line", "Always"}),
        (at(30, 3), When.TONIGHT, {"Always"}),
    ):
        assert set(found(moment, when=when)) == expected, (moment, when)


def test_many_that_were_just_loaded_are_not_gone_through_once_for_each(directory: Directory) -> None:
    """PostgreSQL has counted nothing of what was loaded in the same transaction; its plans must be good without."""
    many, source = 600, directory.source.id
    with transaction() as session:
        organization = directory.organization(session, "Front Range Help")
        services, places, ats = ([uuid.uuid4() for _each in range(many)] for _kind in range(3))

        def put(model: type, ids: list[uuid.UUID], *facts: dict[str, object]) -> None:
            listed = {"source_id": source, "changed_at": SUNDAY, "gone_at": None}
            rows = [
                {"id": own, "external_id": str(own), **listed, **each} for own, each in zip(ids, facts, strict=True)
            ]
            session.execute(sa.insert(model), rows)

        service = {"organization_id": organization, "name": "Pantry", "status": "active", "version": 1}
        put(Service, services, *[service | {"peer_run": False}] * many)
        put(Location, places, *[{"location_type": "physical", "latitude": 39.7, "longitude": -104.9}] * many)
        put(
            ServiceAtLocation,
            ats,
            *({"service_id": a, "location_id": b} for a, b in zip(services, places, strict=True)),
        )
        assert refresh(session, services) == many
        if session.get_bind().dialect.name == "postgresql":
            seen = (
                "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
                " WHERE relname LIKE 'directory%'"
            )
            read = {name: count for name, count in session.execute(sa.text(seen)) if count > 20 * many}
            assert not read
    assert ask(words="pantry").total == many
